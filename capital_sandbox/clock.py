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

BEGINNING = datetime(1992, 1, 1, tzinfo=UTC)
"""No clock is set to before it: prices begin a year earlier, and a day's change needs the days before."""
END = datetime(2200, 1, 1, tzinfo=UTC)
"""Here every clock stops. It is far from the last instant that dates can express, so no arithmetic overflows."""
MOST_SPEED = 1_000_000
"""Two years in a minute: at more, catching up with what has happened meanwhile takes longer than it takes to happen."""
MOST_AT_ONCE = timedelta(days=366)
"""How far a clock may be advanced in one go, since everybody waits until all that happens on the way has happened."""
_ALL_TIME = (END - BEGINNING).total_seconds()


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
        self._origin = datetime.now(UTC) if start is None else possible_start(start)
        self._started = time.monotonic()
        self._lock = Lock()  # a server's clock may be moved while it answers
        self._watchers: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The start plus the time that has passed since, times the speed, plus what it was advanced by."""
        with self._lock:
            return self._now()

    def advance(self, by: timedelta | float) -> datetime:
        """Jump forward by a timedelta or a number of seconds; returns the new instant.

        Time never runs backwards: a negative step is a ValueError, and so is one of more than a year or past
        the end of the year 2199.
        """
        step = _possible_step(by)
        with self._lock:
            if step and self._now() + step > END:
                raise ValueError(f"a clock goes no further than {END:%Y-%m-%d}, and it is {self._now():%Y-%m-%d}")
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
        passed = (time.monotonic() - self._started) * self._speed
        return min(END, self._origin + timedelta(seconds=min(passed, _ALL_TIME)))


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
    if not (isfinite(speed) and 0 <= speed <= MOST_SPEED):
        raise ValueError(f"the speed of a clock is a number from 0 to {MOST_SPEED}")
    return speed


def possible_start(instant: datetime) -> datetime:
    """The instant in UTC, if a clock can be set to it; otherwise a ValueError."""
    if instant.tzinfo is None:
        raise ValueError("a clock starts at an aware datetime, for example datetime(2026, 6, 10, tzinfo=UTC)")
    if not BEGINNING <= instant < END:
        raise ValueError(
            f"a clock starts between {BEGINNING:%Y-%m-%d} and {END:%Y-%m-%d}, not at {instant.isoformat()}"
        )
    return instant.astimezone(UTC)


def _possible_step(by: timedelta | float) -> timedelta:
    seconds = by.total_seconds() if isinstance(by, timedelta) else by
    if seconds < 0:
        raise ValueError("a clock cannot be advanced by a negative amount")
    if not seconds <= MOST_AT_ONCE.total_seconds():  # so that NaN is refused, too
        raise ValueError(f"a clock is advanced by at most {MOST_AT_ONCE.days} days at once")
    return by if isinstance(by, timedelta) else timedelta(seconds=by)
