from __future__ import annotations

from enum import StrEnum


class PositionStatus(StrEnum):
    """What became of a position or order. A refused deal also shows DELETED: look at the deal status first.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    OPEN = "OPEN"
    """The position is open, or the order is waiting."""
    AMENDED = "AMENDED"
    """It was changed."""
    PARTIALLY_CLOSED = "PARTIALLY_CLOSED"
    """A part of the position was closed."""
    CLOSED = "CLOSED"
    """The position was closed."""
    DELETED = "DELETED"
    """The order was cancelled, or the deal was refused."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> PositionStatus:
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
