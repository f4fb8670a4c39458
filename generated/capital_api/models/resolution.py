from __future__ import annotations

from enum import StrEnum


class Resolution(StrEnum):
    """Length of a candle. Four-hour candles begin at 0, 4, 8, 12, 16 and 20 o'clock UTC.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    MINUTE = "MINUTE"
    """One minute."""
    MINUTE_5 = "MINUTE_5"
    """Five minutes."""
    MINUTE_15 = "MINUTE_15"
    """Fifteen minutes."""
    MINUTE_30 = "MINUTE_30"
    """Thirty minutes."""
    HOUR = "HOUR"
    """One hour."""
    HOUR_4 = "HOUR_4"
    """Four hours, beginning at 0, 4, 8, 12, 16 and 20 o'clock UTC."""
    DAY = "DAY"
    """One day of the market's own session."""
    WEEK = "WEEK"
    """One week of the market's own sessions."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> Resolution:
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
