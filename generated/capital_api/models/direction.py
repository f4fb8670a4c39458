from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Side of a trade: BUY or SELL.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    BUY = "BUY"
    """Buy, or go long."""
    SELL = "SELL"
    """Sell, or go short."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> Direction:
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
