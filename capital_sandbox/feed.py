"""What can be seen of the prices at an instant: quotes, the day so far, candles with the last still forming."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .candles import FINER, MINUTE_MS, Bar, PriceSource, Resolution, Tick, bar_of, fold
from .catalogue import Instrument
from .hours import DAY_MS

HISTORY_START = 662_688_000_000
"""1991-01-01: the sandbox tells nothing older, as the real service has an end to its history too."""
MINUTES_TOLD = 850 * DAY_MS
"""Candles shorter than an hour are told for some two years, as the real service does; longer ones for ever. How long
it keeps hours is not known."""


def oldest(resolution: Resolution, now: int) -> int:
    """The instant before which no candle of a resolution begins that is still told."""
    if resolution.length < Resolution.HOUR.length:
        return max(HISTORY_START, now - MINUTES_TOLD)
    return HISTORY_START


class NoPrices(LookupError):
    """There has not been a price of this market yet: it is before the beginning of a recording."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Bid and offer at an instant, and when they last changed (epoch milliseconds)."""

    time: int
    bid: Decimal
    offer: Decimal


@dataclass(frozen=True, slots=True)
class DayRange:
    """How the day that an instant belongs to has gone so far, in bid prices.

    As on the real service the figures are of different kinds: high and low lag by up to a minute, so that the
    bid may be outside of them; the change counts from the close of the day before, the percentage from the
    price of 24 hours ago, so that their signs may differ.
    """

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
        tick = self._last_tick(instrument, now)
        return Quote(tick.time, instrument.level(tick.bid), instrument.level(tick.offer(instrument)))

    def is_open(self, instrument: Instrument, now: int) -> bool:
        """Whether a market trades."""
        return self.source.hours(instrument).is_open(now)

    def day(self, instrument: Instrument, now: int) -> DayRange:
        """High, low and change of the last day on which the market was open."""
        last = self._last_tick(instrument, now)
        index = Resolution.DAY.candle_at(last.time)
        full = now - now % MINUTE_MS - 1
        today = self.bar(instrument, Resolution.DAY, index, full) or self.bar(instrument, Resolution.DAY, index, now)
        if today is None:
            raise NoPrices(instrument.epic)
        before = self._close_of(instrument, Resolution.DAY, Resolution.DAY.start(index) - 1, today.open)
        yesterday = self._close_of(instrument, Resolution.HOUR, now - DAY_MS - Resolution.HOUR.length, before)
        percentage = round(Decimal(100 * (last.bid - yesterday)) / yesterday, 4)
        level = instrument.level
        return DayRange(level(today.high), level(today.low), level(last.bid - before), percentage)

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
        hours, first = self.source.hours(instrument), oldest(resolution, now)
        # The market may open only in the course of the candle that ``before`` is in: that candle counts by its end.
        end = resolution.start(resolution.candle_at(before) + 1)
        instant = hours.last_open(min(end - 1, now))
        while (start := resolution.start(index := resolution.candle_at(instant))) >= first:
            bar = self.bar(instrument, resolution, index, now)
            if bar is not None:
                yield Candle(start, bar)
            instant = hours.last_open(start - 1)

    def forwards(self, instrument: Instrument, resolution: Resolution, after: int, now: int) -> Iterator[Candle]:
        """Candles that begin at or after ``after``, oldest first, up to the one still forming."""
        begin = max(after, oldest(resolution, now))
        first = resolution.start(-(-(begin - resolution.start(0)) // resolution.length))
        hours = self.source.hours(instrument)
        instant = hours.next_open(first)
        while instant <= now:
            index = resolution.candle_at(instant)
            bar = self.bar(instrument, resolution, index, now)
            if bar is not None:
                yield Candle(resolution.start(index), bar)
            instant = hours.next_open(resolution.start(index + 1))

    def _last_tick(self, instrument: Instrument, now: int) -> Tick:
        instant = self.source.hours(instrument).last_open(now)
        if instant >= HISTORY_START:
            for tick in reversed(self.source.ticks(instrument, Resolution.MINUTE.candle_at(instant))):
                if tick.time <= now:
                    return tick
        raise NoPrices(instrument.epic)

    def _close_of(self, instrument: Instrument, resolution: Resolution, before: int, otherwise: int) -> int:
        """The last bid of the candle that the market was in at or before an instant."""
        instant = self.source.hours(instrument).last_open(before)
        bar = None
        if instant >= HISTORY_START:
            bar = self.source.bar(instrument, resolution, resolution.candle_at(instant))
        return otherwise if bar is None else bar.close

    def _forming_minute(self, instrument: Instrument, index: int, now: int) -> Bar | None:
        ticks = self.source.ticks(instrument, index)
        seen = [tick for tick in ticks if tick.time <= now]
        whole = self.source.bar(instrument, Resolution.MINUTE, index)
        if not seen or whole is None:
            return None
        volume = whole.volume * len(seen) // len(ticks)
        offers = None if whole.ask is None else bar_of([tick.offer(instrument) for tick in seen], volume)
        return bar_of([tick.bid for tick in seen], volume, offers)
