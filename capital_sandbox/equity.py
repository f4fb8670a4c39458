"""How the balance of an account went, in a number of points that stays small however long it goes on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from .candles import MINUTE_MS

_MOST_POINTS = 480
_MOST_STOPS = 120
_FIRST_STEP = 1000
_HOUR_MS = 60 * MINUTE_MS


class EquityPoint(NamedTuple):
    """The balance at an instant (epoch milliseconds)."""

    time: int
    balance: Decimal


class EquityCurve:
    """The series of an account. When it is full every other point goes, and new ones come as far apart as the rest."""

    def __init__(self) -> None:
        self._points: list[EquityPoint] = []
        self._step = _FIRST_STEP

    def is_due(self, now: int) -> bool:
        """Whether it is time for another point: working out a balance at every request would cost too much."""
        return not self._points or now - self._points[-1].time >= self._step

    def add(self, now: int, balance: Decimal) -> None:
        """Append a point."""
        self._points.append(EquityPoint(now, balance))
        if len(self._points) > _MOST_POINTS:
            self._points = self._points[::2]
            self._step = max(self._step, 2 * (now - self._points[0].time) // _MOST_POINTS)

    def until(self, now: int, balance: Decimal) -> tuple[EquityPoint, ...]:
        """The whole series, ending with the present."""
        return (*(point for point in self._points if point.time < now), EquityPoint(now, balance))


def stops(start: int, end: int) -> Iterator[int]:
    """Instants on the way at which to look at an account, when much time passes at once.

    They are full hours, and only for the curve: what happens on an account is exact to the tick and does not
    depend on when somebody looks, so that stopping there changes nothing of it.
    """
    step = max(1, (end - start) // _HOUR_MS // _MOST_STOPS) * _HOUR_MS
    yield from range(-(-(start + 1) // step) * step, end, step)
