from __future__ import annotations

from enum import StrEnum


class MarketOrderPreference(StrEnum):
    """Whether a market takes market orders.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    AVAILABLE_DEFAULT_ON = "AVAILABLE_DEFAULT_ON"
    """Market orders are possible, and the default."""
    AVAILABLE_DEFAULT_OFF = "AVAILABLE_DEFAULT_OFF"
    """Market orders are possible, but not the default."""
    NOT_AVAILABLE = "NOT_AVAILABLE"
    """No market orders."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> MarketOrderPreference:
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
