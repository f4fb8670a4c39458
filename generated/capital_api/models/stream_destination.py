from __future__ import annotations

from enum import StrEnum


class StreamDestination(StrEnum):
    """What a stream frame is, or which frame of yours it answers.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    MARKET_DATA_SUBSCRIBE = "marketData.subscribe"
    """Subscribe to prices."""
    MARKET_DATA_UNSUBSCRIBE = "marketData.unsubscribe"
    """Stop prices."""
    CANDLES_SUBSCRIBE = "OHLCMarketData.subscribe"
    """Subscribe to candles."""
    CANDLES_UNSUBSCRIBE = "OHLCMarketData.unsubscribe"
    """Stop candles."""
    PING = "ping"
    """Keep the stream alive."""
    QUOTE = "quote"
    """A new price."""
    CANDLE = "ohlc.event"
    """A candle that has closed."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> StreamDestination:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not a valid {cls.__name__}")
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether this version knows the value."""
        return self._value_ in type(self)._value2member_map_
