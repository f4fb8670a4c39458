"""What a price series is made of: resolutions, bars, ticks, and where they may come from."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from .catalogue import Instrument
from .hours import MONDAY_MS

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

    The ask is the bid plus the instrument's constant spread, so one bar gives both sides.
    """

    open: int
    high: int
    low: int
    close: int
    volume: int


class Tick(NamedTuple):
    """A change of the quote: epoch milliseconds and the bid in whole ticks."""

    time: int
    bid: int


class PriceSource(Protocol):
    """A history of finished prices, past and future; the sandbox decides how much of it is already visible.

    An implementation must be consistent: the bars of one resolution are the aggregates of the next finer
    one, and minute bars are the aggregates of their ticks. The first tick of a minute is at its first open
    millisecond. Where a market is closed there is no bar (None) and there are no ticks.
    """

    def bar(self, instrument: Instrument, resolution: Resolution, index: int) -> Bar | None:
        """The complete bar of a candle, or None when the market is closed for all of it."""
        ...

    def ticks(self, instrument: Instrument, minute: int) -> Sequence[Tick]:
        """The ticks inside one minute, oldest first."""
        ...


def fold(bars: Sequence[Bar]) -> Bar:
    """Several consecutive bars as one."""
    return Bar(
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
    )
