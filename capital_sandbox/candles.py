"""What a price series is made of: resolutions, bars, ticks, and where they may come from."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from .catalogue import Instrument
from .hours import MONDAY_MS, Hours

MINUTE_MS = 60_000


class Resolution(StrEnum):
    """The eight candle lengths of the API, finest first."""

    MINUTE = "MINUTE"
    MINUTE_5 = "MINUTE_5"
    MINUTE_15 = "MINUTE_15"
    MINUTE_30 = "MINUTE_30"
    HOUR = "HOUR"
    HOUR_4 = "HOUR_4"
    DAY = "DAY"
    WEEK = "WEEK"

    @property
    def length(self) -> int:
        """Milliseconds of calendar time in one candle."""
        return _LENGTH[self]

    def candle_at(self, instant: int) -> int:
        """The number of the candle that an instant falls into."""
        return (instant - MONDAY_MS) // _LENGTH[self]

    def start(self, index: int) -> int:
        """The instant at which a candle begins."""
        return MONDAY_MS + index * _LENGTH[self]


_LENGTH = {
    resolution: minutes * MINUTE_MS
    for resolution, minutes in zip(Resolution, (1, 5, 15, 30, 60, 240, 1440, 10080), strict=True)
}

COARSER = dict(zip(list(Resolution)[:-1], list(Resolution)[1:], strict=True))
"""The resolution whose candles each resolution divides."""

FINER = {coarse: fine for fine, coarse in COARSER.items()}
"""The resolution that each resolution is divided into; a minute is divided into ticks."""


class Bar(NamedTuple):
    """Open, high, low and close of the bid in whole ticks of the instrument, and a traded volume.

    The offer is the bid plus the instrument's spread, so one bar gives both sides; where the spread varies,
    as it does in a recording, the bar carries a second one.
    """

    open: int
    high: int
    low: int
    close: int
    volume: int
    ask: "Bar | None" = None

    def offer(self, instrument: Instrument) -> "Bar":
        """The same bar on the other side of the spread."""
        if self.ask is not None:
            return self.ask
        bid_open, high, low, close, volume, _ = self
        spread = instrument.spread
        return Bar(bid_open + spread, high + spread, low + spread, close + spread, volume)


class Tick(NamedTuple):
    """A change of the quote: epoch milliseconds, the bid in whole ticks, and the offer where the spread varies."""

    time: int
    bid: int
    ask: int | None = None

    def offer(self, instrument: Instrument) -> int:
        """The offer in whole ticks."""
        return self.bid + instrument.spread if self.ask is None else self.ask


class PriceSource(Protocol):
    """A history of finished prices, past and future; the sandbox decides how much of it is already visible.

    An implementation must be consistent: the bars of one resolution are the aggregates of the next finer
    one, and minute bars are the aggregates of their ticks. The first tick of a minute is at its first open
    millisecond. Where a market is closed there is no bar (None) and there are no ticks. Derive from this
    class to inherit what has a default.
    """

    def bar(self, instrument: Instrument, resolution: Resolution, index: int) -> Bar | None:
        """The complete bar of a candle, or None when the market is closed for all of it."""
        ...

    def ticks(self, instrument: Instrument, minute: int) -> Sequence[Tick]:
        """The ticks inside one minute, oldest first."""
        ...

    def hours(self, instrument: Instrument) -> Hours:
        """When there are prices: by default in the market's opening hours."""
        return instrument.hours


def bar_of(prices: Sequence[int], volume: int, ask: Bar | None = None) -> Bar:
    """The bar of the prices that it saw."""
    return Bar(prices[0], max(prices), min(prices), prices[-1], volume, ask)


def fold(bars: Sequence[Bar]) -> Bar:
    """Several consecutive bars as one."""
    asks = [bar.ask for bar in bars if bar.ask is not None]
    return Bar(
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
        fold(asks) if asks else None,
    )
