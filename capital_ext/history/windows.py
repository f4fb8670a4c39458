"""The windows of time in which a walk asks for a long span, one call each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

__all__ = ["SECOND", "Window", "ceiling", "floor", "slices", "tile"]

Window = tuple[datetime, datetime]
"""First and last instant, aware UTC and whole seconds, both included: the way the API has it."""

SECOND = timedelta(seconds=1)


def floor(moment: datetime) -> datetime:
    """The whole second at or before it."""
    return moment.replace(microsecond=0)


def ceiling(moment: datetime) -> datetime:
    """The whole second at or after it."""
    return floor(moment) if moment.microsecond == 0 else floor(moment) + SECOND


def tile(windows: list[Window], stretches: Iterable[Window], longest: timedelta, until: datetime) -> None:
    """Add the fewest windows that cover these stretches as well, each instant of them exactly once.

    A window begins where something is left to cover and is as long as may be, whatever it spans, but not beyond
    ``until``. The next one begins a second after its end, not a candle: so none is lost between two windows wherever
    the market's candles begin.
    """
    for first, last in stretches:
        if windows:
            first = max(first, windows[-1][1] + SECOND)
        while first <= last:
            windows.append((first, min(first + longest, until)))
            first += longest + SECOND


def slices(first: datetime, last: datetime, longest: timedelta) -> list[Window]:
    """Windows that touch: the end of one is the beginning of the next. The last one may be a single instant."""
    windows = [(first, min(last, first + longest))]
    while windows[-1][1] < last:
        begin = windows[-1][1]
        windows.append((begin, min(last, begin + longest)))
    return windows
