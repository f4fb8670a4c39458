"""A candle with both sides of the spread, the same class from the history and from the stream."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from capital_api.models.candle_kind import CandleKind
from capital_api.models.resolution import Resolution
from capital_api.types import Unset

if TYPE_CHECKING:
    from capital_api.models.candle import Candle as ReceivedCandle

__all__ = ["Candle", "Ohlc", "length_of"]

_LENGTH = {
    Resolution.MINUTE: timedelta(minutes=1),
    Resolution.MINUTE_5: timedelta(minutes=5),
    Resolution.MINUTE_15: timedelta(minutes=15),
    Resolution.MINUTE_30: timedelta(minutes=30),
    Resolution.HOUR: timedelta(hours=1),
    Resolution.HOUR_4: timedelta(hours=4),
    Resolution.DAY: timedelta(days=1),
    Resolution.WEEK: timedelta(weeks=1),
}


@frozen
class Ohlc:
    """First, highest, lowest and last price of a stretch of time."""

    open: float
    high: float
    low: float
    close: float


@frozen
class Candle:
    """The prices of one market over one step of a resolution."""

    epic: str
    """The market."""
    resolution: Resolution
    """How long the candle is."""
    time: datetime
    """When it begins, aware UTC. Candles of a day or a week begin with the market's session, not at midnight."""
    bid: Ohlc
    """Prices at which you sell."""
    ask: Ohlc
    """Prices at which you buy."""
    volume: float | None = None
    """Activity within the candle; what it counts is not documented. None where there is none, as on the stream."""
    complete: bool = True
    """False while the candle is still forming: its high, low and close may change."""
    kind: CandleKind = CandleKind.CLASSIC
    """Plain prices, or averaged ones, which only the stream has."""

    @property
    def mid(self) -> Ohlc:
        """Half way between bid and ask, corner by corner.

        Its high is between the highest bid and the highest ask, which need not have been quoted together.
        """
        bid, ask = self.bid, self.ask
        return Ohlc(
            (bid.open + ask.open) / 2, (bid.high + ask.high) / 2, (bid.low + ask.low) / 2, (bid.close + ask.close) / 2
        )


def length_of(resolution: Resolution) -> timedelta:
    """How much time a candle takes, as a rule: around a change of the clocks a day has 23 or 25 hours."""
    return _LENGTH[resolution]


def received(row: ReceivedCandle, epic: str, resolution: Resolution) -> Candle:
    """A candle as ``GET /prices`` gave it."""
    first, high, low, last = row.open_price, row.high_price, row.low_price, row.close_price
    volume = row.last_traded_volume
    return Candle(
        epic,
        resolution,
        row.snapshot_time_utc,
        Ohlc(first.bid, high.bid, low.bid, last.bid),
        Ohlc(first.ask, high.ask, low.ask, last.ask),
        None if isinstance(volume, Unset) else volume,
    )
