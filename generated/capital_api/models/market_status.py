from __future__ import annotations

from enum import StrEnum


class MarketStatus(StrEnum):
    """Whether a market can be traded now. TRADEABLE and CLOSED are in everyday use; the other values are declared by
    the vendor but have not been seen.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    TRADEABLE = "TRADEABLE"
    """Open for trading."""
    CLOSED = "CLOSED"
    """Closed, as at night or at the weekend."""
    EDITS_ONLY = "EDITS_ONLY"
    """Deals can be changed but not opened."""
    OFFLINE = "OFFLINE"
    """Not available."""
    ON_AUCTION = "ON_AUCTION"
    """In an auction."""
    ON_AUCTION_NO_EDITS = "ON_AUCTION_NO_EDITS"
    """In an auction, and deals cannot be changed."""
    SUSPENDED = "SUSPENDED"
    """Trading is suspended."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> MarketStatus:
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
