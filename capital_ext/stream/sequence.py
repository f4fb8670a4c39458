"""The candles of one topic in their order: sides joined, doubles left out, holes found and waited for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from capital_api.models.price_type import PriceType

from ..history.candle import Candle, length_of
from .frames import Side

if TYPE_CHECKING:
    from .events import Topic

__all__ = ["Hole", "Sequence"]

MOST_HALVES = 8
"""Candles of which one side has come: more of them wait only where frames are lost, and those are fetched anyway."""
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@frozen
class Hole:
    """Candles that begin after ``after`` and before ``before`` may be missing."""

    after: datetime
    before: datetime | None
    """None: up to the present."""
    certain: bool = True
    """False where they are only overdue: it may be that there are none."""


class Sequence:
    """Puts the frames of a topic into the order of time. A candle is given when all before it are known.

    A ``hole`` has to be looked up in the history before it goes on: with ``patched`` for what was found there, and then
    ``mended``; or with ``skipped`` when that failed.
    """

    def __init__(self, topic: Topic, after: datetime | None) -> None:
        assert topic.resolution is not None
        assert topic.kind is not None
        self.length = length_of(topic.resolution)
        """How much time a candle takes, as a rule."""
        self.last: Candle | None = None
        """The last one that was given."""
        self.hole: Hole | None = None
        """What is missing; whatever comes is held until it is looked up."""
        self._epic, self._resolution, self._kind = topic.epic, topic.resolution, topic.kind
        self._reached = after  # all that begin up to here were given, do not exist, or were never wanted
        self._halves: dict[datetime, Side] = {}
        self._held: dict[datetime, Candle] = {}

    @property
    def expected_at(self) -> datetime | None:
        """When the next candle should be over; None before the subscription began."""
        return None if self._reached is None else self._reached + 2 * self.length

    def begin(self, now: datetime) -> None:
        """The subscription is in force from now on, by the server's time: for the first time, or again."""
        self._halves.clear()  # their other sides went to the connection that was lost
        if self._reached is None:
            self._reached = self._forming_since(now) - self.length  # the one that is forming is the first to be wanted
        elif self._reached + 2 * self.length <= now:
            self.open_up(certain=True)

    def open_up(self, *, certain: bool) -> None:
        """Have looked up what there is up to the present."""
        if self._reached is not None:
            self.hole = self.hole or Hole(self._reached, None, certain)

    def frame(self, side: Side) -> None:
        """One side of a candle has come."""
        time = side.time
        if self._reached is None or time <= self._reached or time in self._held:
            return  # a double; or it was late, and has been fetched meanwhile
        other = self._halves.get(time)
        if other is None or other.type == side.type:
            self._halves[time] = side
            if len(self._halves) > MOST_HALVES:
                del self._halves[min(self._halves)]
        else:
            del self._halves[time]
            self._held[time] = self._joined(side, other)

    def given(self) -> list[Candle]:
        """The candles whose turn it is. Finds the hole before the next one, if there is one."""
        found: list[Candle] = []
        while self._held and self.hole is None and self._reached is not None:
            time = min(self._held)
            if time > self._reached + self.length:
                self.hole = Hole(self._reached, time)
            else:
                found.append(self._pass(self._held.pop(time)))
        return found

    def patched(self, candles: Iterable[Candle]) -> list[Candle]:
        """Candles were looked up, oldest first: those that were not given yet, and held ones between them."""
        found: list[Candle] = []
        for candle in candles:
            found += [self._pass(self._held.pop(time)) for time in sorted(self._held) if time < candle.time]
            if self._reached is None or candle.time > self._reached:
                self._held.pop(candle.time, None)
                found.append(self._pass(candle))
        return found

    def mended_until(self, time: datetime) -> None:
        """The beginning of the hole was looked up: what begins before this time."""
        if self.hole is not None:
            self._reach(time - self.length)
            self.hole = evolve(self.hole, after=self._reached or self.hole.after)

    def mended(self) -> None:
        """All of the hole was looked up."""
        hole, self.hole = self.hole, None
        if hole is not None and hole.before is not None:  # up to the present the newest may not be in the history yet
            self._reach(hole.before - self.length)

    def skipped(self, now: datetime) -> tuple[datetime, datetime]:
        """The hole stays. Returns its edges: when the first missing candle begins, and when the next one does."""
        hole, self.hole = self.hole, None
        assert hole is not None
        end = hole.before or min(self._held, default=self._forming_since(now))
        self._reach(end - self.length)
        return hole.after + self.length, end

    def _forming_since(self, now: datetime) -> datetime:
        """When the candle begins that is forming, or just before: days and weeks begin when their market says so."""
        return now - (now - _EPOCH) % self.length if self.length < timedelta(days=1) else now

    def _reach(self, time: datetime) -> None:
        self._reached = time if self._reached is None else max(self._reached, time)

    def _pass(self, candle: Candle) -> Candle:
        self.last, self._reached = candle, candle.time
        for time in [time for time in self._halves if time <= candle.time]:
            del self._halves[time]
        return candle

    def _joined(self, one: Side, other: Side) -> Candle:
        bid, ask = (one, other) if one.type == PriceType.BID else (other, one)
        return Candle(self._epic, self._resolution, bid.time, bid.prices, ask.prices, bid.volume, kind=self._kind)
