"""When a market is open: the weekly timetable that the API prints, in a form to ask questions of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import cast

from attrs import frozen

from capital_api import models
from capital_api.wire import aware

from ..errors import InvalidInputError

__all__ = ["TradingHours"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UTC_NAMES = frozenset({"UTC", "GMT", "Z", "Etc/UTC"})
DAY_SECONDS = 86_400
HORIZON_DAYS = 23
"""How far the next session is looked for. A week shows every range once; the hour that a clock change skips can swallow
the only break or the only session of a week, twice at worst."""

_RANGE = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*-\s*(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)

_Ranges = tuple[tuple[int, int], ...]


@frozen
class TradingHours:
    """The weekly timetable of a market. It knows nothing of holidays, halts and expiries: the status does, for now.

    A session is on from its start up to, and not including, its end. Sessions that touch, as at midnight, are one.
    All questions take aware datetimes of any zone; all answers are in UTC:

        hours = capital.market("EURUSD").hours
        if not hours.is_open(now):
            print("opens", hours.next_open(now), "and closes", hours.next_close(now))
    """

    unreadable: tuple[str, ...]
    """What could not be read, word for word. With anything in here nothing is guessed: every answer is None."""
    zone: str
    """The time zone that the timetable is in, as the API names it; ``UTC`` in every answer seen."""
    _week: tuple[_Ranges, ...]
    _tz: tzinfo

    @classmethod
    def of(cls, hours: models.OpeningHours) -> TradingHours:
        """Read a timetable. Never fails: what cannot be read is kept in ``unreadable``."""
        unreadable: list[str] = []
        week = tuple(_ranges(getattr(hours, day), day, unreadable) for day in DAYS)
        zone = _zone(hours.zone)
        if zone is None:
            unreadable.append(f"zone: {hours.zone!r}")
        return cls(tuple(unreadable), str(hours.zone), week, zone or timezone.utc)

    @property
    def known(self) -> bool:
        """Whether the timetable could be read. If not, every answer is None."""
        return not self.unreadable

    def is_open(self, at: datetime) -> bool | None:
        """Whether the market is open at an instant, by its timetable.

        Args:
            at: An aware datetime.

        Returns:
            None, which is false in a condition, where the timetable could not be read.

        Raises:
            InvalidInputError: ``at`` has no time zone.
        """
        at = _instant(at)
        if not self.known:
            return None
        session = self._session(at)
        return session is not None and session[0] <= at

    def next_open(self, at: datetime) -> datetime | None:
        """The first open instant at or after ``at``; ``at`` itself while the market is open.

        Args:
            at: An aware datetime.

        Returns:
            In UTC. None where the market never opens, or the timetable could not be read (see ``known``).

        Raises:
            InvalidInputError: ``at`` has no time zone.
        """
        at = _instant(at)
        session = self._session(at) if self.known else None
        return None if session is None else max(session[0], at)

    def next_close(self, at: datetime) -> datetime | None:
        """The end of the session that is on, or else of the next one: of the one that ``next_open`` tells the start of.

        Args:
            at: An aware datetime.

        Returns:
            In UTC. None where the market never opens, or never closes, or the timetable could not be read.

        Raises:
            InvalidInputError: ``at`` has no time zone.
        """
        at = _instant(at)
        session = self._session(at) if self.known else None
        return None if session is None else session[1]

    def _session(self, at: datetime) -> tuple[datetime, datetime | None] | None:
        """Start and end of the session that is on or comes next. No end: it goes on for ever."""
        start: datetime | None = None
        end = at
        for opens, closes in self._stretches(at.astimezone(self._tz).date()):
            if closes <= at:
                continue
            if start is None:
                start, end = opens, closes
            elif opens <= end:
                start, end = min(start, opens), max(end, closes)
            else:
                return start, end
        return None if start is None else (start, None)  # without a break up to the horizon

    def _stretches(self, today: date) -> Iterator[tuple[datetime, datetime]]:
        """The ranges from a day on, in UTC, in order. None reaches into the next day."""
        for days in range(HORIZON_DAYS):
            day = today + timedelta(days=days)
            for start, end in self._week[day.weekday()]:
                opens, closes = self._moment(day, start), self._moment(day, end)
                if opens < closes:  # not where a change of the clocks has swallowed it
                    yield opens, closes

    def _moment(self, day: date, second: int) -> datetime:
        """A time of day as an instant. One that the clocks show twice is the first of the two."""
        days, rest = divmod(second, DAY_SECONDS)
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._tz) + timedelta(days=days)
        return (midnight + timedelta(seconds=rest)).astimezone(timezone.utc)


def _instant(at: datetime) -> datetime:
    at = aware(at, "at").astimezone(timezone.utc)
    if not 2 <= at.year <= 9998:  # the days around it must exist too
        raise InvalidInputError(f"at is too far out to have trading hours: {at!r}")
    return at


def _ranges(entries: object, day: str, unreadable: list[str]) -> _Ranges:
    """The ranges of one day in seconds since midnight, in order; what cannot be read is added to ``unreadable``."""
    if not isinstance(entries, list):
        unreadable.append(f"{day}: {entries!r}")
        return ()
    found: list[tuple[int, int]] = []
    for entry in cast("list[object]", entries):
        if isinstance(entry, str) and entry.strip() in ("", "-"):
            continue  # how a closed day is written, when it is not an empty list
        if read := _range(entry):
            found.append(read)
        else:
            unreadable.append(f"{day}: {entry!r}")
    return tuple(sorted(found))


def _range(entry: object) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(entry.strip()) if isinstance(entry, str) else None
    if match is None:
        return None
    numbers = [int(number or 0) for number in match.groups()]
    start, end = _second(*numbers[:3]), _second(*numbers[3:])
    if start is None or end is None:
        return None
    end = end or DAY_SECONDS  # an end of 00:00 is midnight
    return (start, end) if start < end else None  # over midnight, or a mistake? No guess is made about money


def _second(hour: int, minute: int, second: int) -> int | None:
    since_midnight = (hour * 60 + minute) * 60 + second
    return since_midnight if minute < 60 and second < 60 and since_midnight <= DAY_SECONDS else None


def _zone(name: object) -> tzinfo | None:
    if not isinstance(name, str):
        return None
    if name in UTC_NAMES:
        return timezone.utc
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown here, no name, a folder of names
        return None
