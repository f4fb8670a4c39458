from __future__ import annotations

from enum import StrEnum


class MarketMode(StrEnum):
    """What may be done in a market. REGULAR means everything.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    REGULAR = "REGULAR"
    """All deals."""
    VIEW_ONLY = "VIEW_ONLY"
    """Prices only, no deals."""
    LONG_ONLY = "LONG_ONLY"
    """Only long positions can be opened."""
    CLOSE_ONLY = "CLOSE_ONLY"
    """Positions can be closed but not opened."""
    CLOSED_FOR_CORPORATE_ACTION = "CLOSED_FOR_CORPORATE_ACTION"
    """Closed while a corporate action is carried out."""
    HOLIDAY = "HOLIDAY"
    """Closed for a holiday."""
    VIEW_AND_REQUEST = "VIEW_AND_REQUEST"
    UNKNOWN = "UNKNOWN"

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> MarketMode:
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
