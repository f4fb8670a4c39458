from __future__ import annotations

from enum import StrEnum


class OrderType(StrEnum):
    """What a working order waits for. LIMIT: a better price than now, below the market for a buy and above it for a
    sell. STOP: a worse price than now, above the market for a buy and below it for a sell.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    LIMIT = "LIMIT"
    """A better price than now: below the market for a buy, above it for a sell."""
    STOP = "STOP"
    """A worse price than now: above the market for a buy, below it for a sell."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> OrderType:
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
