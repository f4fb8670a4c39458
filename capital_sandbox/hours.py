"""Opening hours: the weekly timetable of a market, as the API prints it and as intervals to compute with."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Protocol

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MONDAY_MS = -3 * DAY_MS
"""Monday 1969-12-29 in epoch milliseconds. All weeks and candles are counted from it, so that every candle
of a coarser resolution begins together with one of each finer resolution."""
NEVER = 253_402_300_799_000
"""The end of the year 9999: when a market opens that opens no more."""
DAWN = -62_135_596_800_000
"""The beginning of the year 1: when a market was open that has not been open yet."""


class Hours(Protocol):
    """When a market is open, in epoch milliseconds."""

    def is_open(self, instant: int) -> bool:
        """Whether the market is open at an instant."""
        ...

    def last_open(self, instant: int) -> int:
        """The latest open millisecond at or before ``instant``; ``DAWN`` when there was none."""
        ...

    def next_open(self, instant: int) -> int:
        """The earliest open millisecond at or after ``instant``; ``NEVER`` when there will be none."""
        ...


class WeeklyHours:
    """The timetable of one week in UTC, repeated for ever.

    A day is a list such as ``["00:00 - 21:59", "23:05 - 00:00"]``: times may carry seconds, an end of
    ``00:00`` is midnight, and a closed day is ``[]`` or, as the API also writes it, ``["-"]``.
    """

    def __init__(self, days: Sequence[Sequence[str]]) -> None:
        if len(days) != len(DAYS):
            raise ValueError("opening hours need seven days, Monday first")
        self.days = tuple(tuple(day) for day in days)

    @cached_property
    def intervals(self) -> tuple[tuple[int, int], ...]:
        """Open stretches ``[start, end)`` in milliseconds of the week; touching ones are merged."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(self._stretches()):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return tuple(merged)

    def is_open(self, instant: int) -> bool:
        """Whether the market is open at an instant (epoch milliseconds)."""
        return self.last_open(instant) == instant

    def last_open(self, instant: int) -> int:
        """The latest open millisecond at or before ``instant``."""
        week, offset = _split(instant)
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return week - WEEK_MS + self.intervals[-1][1] - 1
        return week + min(offset, self.intervals[at][1] - 1)

    def next_open(self, instant: int) -> int:
        """The earliest open millisecond at or after ``instant``."""
        week, offset = _split(instant)
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and offset < self.intervals[at][1]:
            return instant
        if at + 1 < len(self.intervals):
            return week + self.intervals[at + 1][0]
        return week + WEEK_MS + self.intervals[0][0]

    def open_between(self, start: int, end: int) -> int:
        """How many milliseconds of ``[start, end)`` are open; the stretch must lie within one week."""
        week, offset = _split(start)
        until = end - week
        return sum(max(0, min(until, close) - max(offset, opening)) for opening, close in self.intervals)

    def open_part(self, start: int, end: int) -> tuple[int, int] | None:
        """The first open stretch inside ``[start, end)``, or None when it is closed throughout."""
        opening = self.next_open(start)
        if opening >= end:
            return None
        week, offset = _split(opening)
        closing = self.intervals[bisect_right(self._starts, offset) - 1][1]
        return opening, min(end, week + closing)

    @cached_property
    def _starts(self) -> list[int]:
        if not self.intervals:
            raise ValueError("a market that never opens has no prices")
        return [start for start, _ in self.intervals]

    def _stretches(self) -> Iterator[tuple[int, int]]:
        for number, day in enumerate(self.days):
            for text in day:
                if text != "-":
                    start, _, end = text.partition(" - ")
                    yield number * DAY_MS + _clock_time(start), number * DAY_MS + (_clock_time(end) or DAY_MS)


class EndingHours(WeeklyHours):
    """A timetable that holds until an instant, after which the market never opens again."""

    def __init__(self, weekly: WeeklyHours, end: int) -> None:
        super().__init__(weekly.days)
        self.end = end

    def last_open(self, instant: int) -> int:
        """The latest open millisecond at or before ``instant``."""
        return super().last_open(min(instant, self.end - 1))

    def next_open(self, instant: int) -> int:
        """The earliest open millisecond at or after ``instant``; ``NEVER`` after the end."""
        opening = super().next_open(instant)
        return opening if opening < self.end else NEVER

    def open_between(self, start: int, end: int) -> int:
        """How many milliseconds of ``[start, end)`` are open; the stretch must lie within one week."""
        return super().open_between(start, min(end, self.end)) if start < self.end else 0

    def open_part(self, start: int, end: int) -> tuple[int, int] | None:
        """The first open stretch inside ``[start, end)``, or None when it is closed throughout."""
        return super().open_part(start, min(end, self.end)) if start < self.end else None


def week_start(instant: int) -> int:
    """The Monday 00:00 UTC that begins the week of an instant."""
    return _split(instant)[0]


def _split(instant: int) -> tuple[int, int]:
    offset = (instant - MONDAY_MS) % WEEK_MS
    return instant - offset, offset


def _clock_time(text: str) -> int:
    hour, minute, *rest = (int(part) for part in text.split(":"))
    return ((hour * 60 + minute) * 60 + (rest[0] if rest else 0)) * 1000
