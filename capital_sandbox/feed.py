"""What can be seen of the prices at an instant: quotes, the day so far, candles with the last still forming."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .candles import FINER, Bar, PriceSource, Resolution, fold
from .catalogue import Instrument

HISTORY_START = 662_688_000_000
"""1991-01-01: the sandbox tells nothing older, as the real service has an end to its history too."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Bid and offer at an instant, and when they last changed (epoch milliseconds)."""

    time: int
    bid: Decimal
    offer: Decimal


@dataclass(frozen=True, slots=True)
class DayRange:
    """How the day that an instant belongs to has gone so far, in bid prices."""

    high: Decimal
    low: Decimal
    change: Decimal
    percentage: Decimal


@dataclass(frozen=True, slots=True)
class Candle:
    """A bar and the instant at which it begins."""

    start: int
    bar: Bar


class Feed:
    """Reads a price source as far as the present, never beyond it."""

    def __init__(self, source: PriceSource) -> None:
        self.source = source

    def quote(self, instrument: Instrument, now: int) -> Quote:
        """The last quote at or before ``now``; on a closed market the one it closed with."""
        time, bid = self._last_tick(instrument, now)
        level = instrument.level(bid)
        return Quote(time, level, level + instrument.level(instrument.spread))

    def day(self, instrument: Instrument, now: int) -> DayRange:
        """High, low and change since the close of the day before."""
        index = Resolution.DAY.candle_at(instrument.hours.last_open(now))
        today = self.bar(instrument, Resolution.DAY, index, now)
        if today is None:
            raise LookupError(f"no prices of {instrument.epic} at {now}")
        # A day opens where the day before it closed, so the change since then is the change since the open.
        change = instrument.level(today.close - today.open)
        percentage = round(100 * change / instrument.level(today.open), 4)
        return DayRange(instrument.level(today.high), instrument.level(today.low), change, percentage)

    def bar(self, instrument: Instrument, resolution: Resolution, index: int, now: int) -> Bar | None:
        """A candle as it stands at ``now``: complete, forming, or None when it has not begun or never trades."""
        start = resolution.start(index)
        if start > now:
            return None
        if start + resolution.length <= now:
            return self.source.bar(instrument, resolution, index)
        if resolution is Resolution.MINUTE:
            return self._forming_minute(instrument, index, now)
        finer = FINER[resolution]
        parts = range(finer.candle_at(start), finer.candle_at(now) + 1)
        bars = [bar for part in parts if (bar := self.bar(instrument, finer, part, now)) is not None]
        return fold(bars) if bars else None

    def backwards(self, instrument: Instrument, resolution: Resolution, before: int, now: int) -> Iterator[Candle]:
        """Candles that begin at or before ``before``, newest first; closed stretches are skipped."""
        instant = instrument.hours.last_open(min(before, now))
        while instant >= HISTORY_START:
            index = resolution.candle_at(instant)
            start = resolution.start(index)
            bar = self.bar(instrument, resolution, index, now)
            if bar is not None and start <= before:
                yield Candle(start, bar)
            instant = instrument.hours.last_open(start - 1)

    def forwards(self, instrument: Instrument, resolution: Resolution, after: int, now: int) -> Iterator[Candle]:
        """Candles that begin at or after ``after``, oldest first, up to the one still forming."""
        first = resolution.start(-(-(max(after, HISTORY_START) - resolution.start(0)) // resolution.length))
        instant = instrument.hours.next_open(first)
        while instant <= now:
            index = resolution.candle_at(instant)
            bar = self.bar(instrument, resolution, index, now)
            if bar is not None:
                yield Candle(resolution.start(index), bar)
            instant = instrument.hours.next_open(resolution.start(index + 1))

    def _last_tick(self, instrument: Instrument, now: int) -> tuple[int, int]:
        instant = instrument.hours.last_open(now)
        for tick in reversed(self.source.ticks(instrument, Resolution.MINUTE.candle_at(instant))):
            if tick.time <= now:
                return tick.time, tick.bid
        raise LookupError(f"no prices of {instrument.epic} at {now}")

    def _forming_minute(self, instrument: Instrument, index: int, now: int) -> Bar | None:
        ticks = self.source.ticks(instrument, index)
        seen = [tick.bid for tick in ticks if tick.time <= now]
        whole = self.source.bar(instrument, Resolution.MINUTE, index)
        if not seen or whole is None:
            return None
        volume = whole.volume * len(seen) // len(ticks)
        return Bar(seen[0], max(seen), min(seen), seen[-1], volume)
