"""The market as frames: made once, sent to every connection that wants them."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from ..candles import Bar, Resolution
from ..catalogue import Instrument
from ..feed import Feed
from ..hours import Hours
from .frames import CandleKind, candle, classic, quote

_MEMORY = 64
"""So many candles are averaged into a Heikin-Ashi open: each halves the weight of those before it, and what lies
further back is less than any rounding."""


class Tape:
    """The frames of past and future; who reads it decides how far it is the present."""

    def __init__(self, feed: Feed, cache_size: int = 2048) -> None:
        self._feed = feed
        self.quotes = lru_cache(cache_size)(self._quotes)
        """The quotes of a minute with their times, oldest first: ``quotes(instrument, minute)``."""
        self.candles = lru_cache(cache_size)(self._candles)
        """The two frames of a candle, or none if there is no such: ``candles(instrument, resolution, kind, index)``."""

    def hours(self, instrument: Instrument) -> Hours:
        """When there are prices."""
        return self._feed.source.hours(instrument)

    def _quotes(self, instrument: Instrument, minute: int) -> tuple[tuple[int, str], ...]:
        return tuple((tick.time, quote(instrument, tick)) for tick in self._feed.source.ticks(instrument, minute))

    def _candles(self, instrument: Instrument, resolution: Resolution, kind: CandleKind, index: int) -> tuple[str, ...]:
        bar = self._feed.source.bar(instrument, resolution, index)
        if bar is None:
            return ()
        start = resolution.start(index)
        if kind is CandleKind.CLASSIC:
            sides = (classic(instrument, bar), classic(instrument, bar.offer(instrument)))
        else:
            end = start + resolution.length
            bars = [each.bar for each in islice(self._feed.backwards(instrument, resolution, start, end), _MEMORY)]
            bars.reverse()
            sides = (
                _averaged(instrument, bars),
                _averaged(instrument, [each.offer(instrument) for each in bars]),
            )
        return tuple(
            candle(instrument, resolution, kind, side, start, prices)
            for side, prices in zip(("bid", "ask"), sides, strict=True)
        )


def heikin_ashi(bars: Sequence[Bar]) -> tuple[float, float, float, float]:
    """The averaged open, high, low and close of the last of several candles, in ticks.

    The close is the mean of the candle's four prices; the open is the middle of the averaged candle before,
    and that of the first one the middle of its own open and close.
    """
    first, last = bars[0], bars[-1]
    opened = (first.open + first.close) / 2
    closed = _mean(first)
    for bar in bars[1:]:
        opened, closed = (opened + closed) / 2, _mean(bar)
    return opened, max(last.high, opened, closed), min(last.low, opened, closed), closed


def _averaged(instrument: Instrument, bars: Sequence[Bar]) -> tuple[float, ...]:
    """Averages lie between the ticks: they are rounded to two more digits than prices have."""
    digits = 2 - int(instrument.tick.normalize().as_tuple().exponent)
    return tuple(round(price * float(instrument.tick), digits) for price in heikin_ashi(bars))


def _mean(bar: Bar) -> float:
    return (bar.open + bar.high + bar.low + bar.close) / 4
