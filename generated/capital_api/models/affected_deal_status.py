from __future__ import annotations

from enum import StrEnum


class AffectedDealStatus(StrEnum):
    """What a deal did to a position.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    OPENED = "OPENED"
    """It was opened."""
    AMENDED = "AMENDED"
    """It was changed."""
    PARTIALLY_CLOSED = "PARTIALLY_CLOSED"
    """A part of it was closed."""
    FULLY_CLOSED = "FULLY_CLOSED"
    """It was closed."""
    DELETED = "DELETED"
    """It was deleted, as a cancelled order is."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> AffectedDealStatus:
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
