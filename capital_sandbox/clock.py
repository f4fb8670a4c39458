"""Time as a parameter: nothing in the sandbox looks at the wall clock except through one of these."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

DEFAULT_START = datetime(2026, 6, 10, 14, 0, tzinfo=UTC)
"""A Wednesday afternoon on which every weekday market of the catalogue is open."""


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The present instant, an aware datetime in UTC."""
        ...


class ManualClock:
    """A clock that stands still until it is told to move: ten minutes or a month pass at once."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        """The instant the clock stands at."""
        return self._now

    def advance(self, by: timedelta | float) -> datetime:
        """Move forward by a timedelta or a number of seconds; returns the new instant.

        Time never runs backwards: a negative step is a ValueError.
        """
        step = by if isinstance(by, timedelta) else timedelta(seconds=by)
        if step < timedelta(0):
            raise ValueError("a clock cannot be advanced by a negative amount")
        self._now += step
        return self._now


class RealClock:
    """The computer's clock, optionally sped up or started at another instant.

    With ``speed=60`` an hour of the sandbox passes in a real minute. It counts on the monotonic clock, so
    a correction of the system time does not make the market jump.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError("the speed of a clock must be positive")
        self._speed = speed
        self._origin = datetime.now(UTC) if start is None else _aware(start)
        self._started = time.monotonic()

    def now(self) -> datetime:
        """The start plus the time that has passed since, times the speed."""
        return self._origin + timedelta(seconds=(time.monotonic() - self._started) * self._speed)


def to_milliseconds(instant: datetime) -> int:
    """An aware datetime as whole milliseconds since 1970 in UTC, the unit used inside the sandbox."""
    return (instant - EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """The aware UTC datetime of a count of milliseconds since 1970."""
    return EPOCH + milliseconds * _MILLISECOND


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a clock starts at an aware datetime, for example datetime(2026, 6, 10, tzinfo=UTC)")
    return instant.astimezone(UTC)
