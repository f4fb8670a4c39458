"""Time as a parameter: nothing in the sandbox looks at the wall clock except through one of these."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isfinite
from threading import Lock
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

DEFAULT_START = datetime(2026, 6, 10, 14, 0, tzinfo=UTC)
"""A Wednesday afternoon on which every weekday market of the catalogue is open."""


class Clock(Protocol):
    """Anything that tells the time and can be moved on."""

    def now(self) -> datetime:
        """The present instant, an aware datetime in UTC."""
        ...

    def advance(self, by: timedelta | float) -> datetime:
        """Move forward by a timedelta or a number of seconds; returns the new instant."""
        ...


class RealClock:
    """The computer's clock, optionally at another speed or started at another instant.

    With ``speed=60`` an hour of the sandbox passes in a real minute; at speed 0 it stands still. It counts on
    the monotonic clock, so a correction of the system time does not make the market jump.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self._speed = possible_speed(speed)
        self._origin = datetime.now(UTC) if start is None else _aware(start)
        self._started = time.monotonic()
        self._lock = Lock()  # a server's clock may be moved while it answers
        self._watchers: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The start plus the time that has passed since, times the speed, plus what it was advanced by."""
        with self._lock:
            return self._now()

    def advance(self, by: timedelta | float) -> datetime:
        """Jump forward by a timedelta or a number of seconds; returns the new instant.

        Time never runs backwards: a negative step is a ValueError.
        """
        step = by if isinstance(by, timedelta) else timedelta(seconds=by)
        if step < timedelta(0):
            raise ValueError("a clock cannot be advanced by a negative amount")
        with self._lock:
            self._origin += step
            now = self._now()
        self._tell()
        return now

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have a function called whenever the clock has been moved or changed its speed."""
        self._watchers.append(watcher)

    @property
    def speed(self) -> float:
        """How many times faster than real time it runs; it can be changed while it does."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        speed = possible_speed(speed)
        with self._lock:
            self._origin, self._started, self._speed = self._now(), time.monotonic(), speed
        self._tell()

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    def _now(self) -> datetime:
        return self._origin + timedelta(seconds=(time.monotonic() - self._started) * self._speed)


class ManualClock(RealClock):
    """A clock that stands still until it is told to move: ten minutes or a month pass at once."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        super().__init__(0, start)


def to_milliseconds(instant: datetime) -> int:
    """An aware datetime as whole milliseconds since 1970 in UTC, the unit used inside the sandbox."""
    return (instant - EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """The aware UTC datetime of a count of milliseconds since 1970."""
    return EPOCH + milliseconds * _MILLISECOND


def possible_speed(speed: float) -> float:
    """The speed, if a clock can have it; otherwise a ValueError."""
    if not (isfinite(speed) and speed >= 0):
        raise ValueError("the speed of a clock is a number from 0 upwards")
    return speed


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a clock starts at an aware datetime, for example datetime(2026, 6, 10, tzinfo=UTC)")
    return instant.astimezone(UTC)
