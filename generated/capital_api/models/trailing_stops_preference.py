from __future__ import annotations

from enum import StrEnum


class TrailingStopsPreference(StrEnum):
    """Whether a market takes trailing stops. Only NOT_AVAILABLE has been seen, also where they work; the session's
    `trailingStopsEnabled` decides.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    AVAILABLE = "AVAILABLE"
    """Trailing stops are possible. Never seen."""
    NOT_AVAILABLE = "NOT_AVAILABLE"
    """What every market says, also where trailing stops work."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> TrailingStopsPreference:
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
