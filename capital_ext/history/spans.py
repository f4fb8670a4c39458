"""Spans of time as people give them, made into aware UTC instants, with nothing guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from itertools import product
from typing import TYPE_CHECKING, TypeAlias, cast

from attrs import frozen

from capital_api import wire

from ..errors import InvalidInputError

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta

__all__ = ["Duration", "Moment", "Span", "instant", "span"]

Moment: TypeAlias = "datetime | date | str"
"""An aware datetime, a date (its midnight in UTC), or a text that says a date and, with its zone, perhaps a time."""
Duration: TypeAlias = "timedelta | relativedelta"
"""A length of time, such as ``timedelta(hours=6)``, or a calendar span, such as ``relativedelta(months=3)``."""

# A part that is missing in the text shows as a difference between the two readings.
_BLANKS = datetime(2000, 1, 1), datetime(2003, 2, 2, 1)
_ADVICE = "write it like 2026-01-05 or 2026-01-05T14:00Z"
_YEAR_FIRST = re.compile(r"\s*\d{4}[-/.]\d")
_FULL_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFTED_NAME = re.compile(r"(z|utc|gmt)\s*[-+]\s*\d", re.IGNORECASE)  # +3 means the opposite to some
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})", re.IGNORECASE)


@frozen
class Span:
    """From ``start`` up to, and without, ``end``. What is open is closed when the server's time is known."""

    start: datetime | None
    end: datetime | None
    """None for now."""
    last: Duration | None = None
    """Counted back from the end, in place of ``start``."""

    def at(self, now: datetime) -> tuple[datetime, datetime]:
        """Both edges, aware UTC.

        Raises:
            InvalidInputError: ``last`` reaches to before the calendar begins, or is not positive.
        """
        end = now if self.end is None else self.end
        return (_before(end, self.last) if self.start is None else self.start), end


def span(start: Moment | None, end: Moment | None, last: Duration | None, begin: datetime | None = None) -> Span:
    """The span that was asked for.

    Args:
        start: Its first instant.
        end: The instant at which it is over; None for now.
        last: Its length up to the end, in place of ``start``.
        begin: Where an earlier walk stopped, in place of both.

    Raises:
        InvalidInputError: Not exactly one beginning was given, an edge cannot be understood, or it ends before it
            begins.
    """
    if [start, last, begin].count(None) != 2:
        raise InvalidInputError("say where to begin with exactly one of start=, last= and after=")
    first = begin if start is None else instant(start, "start")
    until = None if end is None else instant(end, "end")
    asked = Span(first, until, last)
    if first is not None and until is not None and first > until and begin is None:
        raise InvalidInputError(f"start is after end: {first.isoformat()} > {until.isoformat()}")
    if last is not None:
        asked.at(datetime.now(timezone.utc))
    return asked


def instant(value: Moment, name: str) -> datetime:
    """An aware UTC datetime.

    Raises:
        InvalidInputError: It has no time zone, or it is a text that is incomplete or can be read in two ways.
    """
    if isinstance(value, str):
        value = _read(value, name)
    elif type(value) is date:
        value = datetime.combine(value, time(), timezone.utc)
    moment = wire.aware(cast("datetime", value), name).astimezone(timezone.utc)
    # A subclass such as pandas.Timestamp would carry nanoseconds into the query.
    return datetime.combine(moment.date(), moment.time(), timezone.utc)


def _before(end: datetime, last: Duration | None) -> datetime:
    if not isinstance(last, timedelta):
        from dateutil.relativedelta import relativedelta

        if not isinstance(last, relativedelta):
            raise InvalidInputError(f"last must be a timedelta or a relativedelta, got {last!r}")
    try:
        start = end - last
    except (OverflowError, ValueError):
        raise InvalidInputError(f"last reaches to before the calendar begins: {last!r}") from None
    if start >= end:
        raise InvalidInputError(f"last must be a positive length of time, got {last!r}")
    return start


def _read(text: str, name: str) -> datetime:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        return datetime.combine(day, time(), timezone.utc)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = _read_loosely(text, name)
    if moment.tzinfo is None:
        raise InvalidInputError(f"{name} has a time but no zone: {text!r}. Add one, such as the Z in 2026-01-05T14:00Z")
    return moment


def _read_loosely(text: str, name: str) -> datetime:
    """What dateutil reads, if it is whole and there is one way to read it."""
    from dateutil.parser import parse

    # Otherwise dateutil takes what is missing from today, and 03/04 by the custom of one country.
    orders = [(False, True)] if _YEAR_FIRST.match(text) else list(product((False, True), repeat=2))
    try:
        readings = [
            [parse(text, default=blank, dayfirst=day, yearfirst=year, tzinfos=_zone) for day, year in orders]
            for blank in _BLANKS
        ]
    except (ValueError, OverflowError, TypeError):  # TypeError: what some malformed texts make of the parser
        raise InvalidInputError(f"{name} is not a date that can be understood: {text!r}; {_ADVICE}") from None
    (first, *others), (filled, *_) = readings
    if first.date() != filled.date() or not _FULL_YEAR.search(text):
        raise InvalidInputError(f"{name} is not a complete date: {text!r}; {_ADVICE}")
    if any(other != first for other in others):
        raise InvalidInputError(f"{name} can be read as more than one day: {text!r}; {_ADVICE}")
    weekday = _WEEKDAY.search(text)
    if _SHIFTED_NAME.search(text) or (weekday and weekday[1].lower() != _WEEKDAYS[first.weekday()]):
        raise InvalidInputError(f"{name} contradicts itself: {text!r}; {_ADVICE}")
    only_a_day = first.time() != filled.time()
    return first.replace(tzinfo=first.tzinfo or timezone.utc) if only_a_day else first


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a text: UTC or an offset. Other names mean different things in different places."""
    if not name and offset is None:
        return None
    if name and (offset or name.upper() not in ("Z", "UTC", "GMT")):
        raise ValueError("no such zone")
    return timezone(timedelta(seconds=offset or 0))
