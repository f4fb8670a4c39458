from __future__ import annotations

from enum import StrEnum


class TimeInForce(StrEnum):
    """How long a working order waits: until it is cancelled, or until its `goodTillDate`.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    GOOD_TILL_CANCELLED = "GOOD_TILL_CANCELLED"
    """Waits until it is filled or cancelled."""
    GOOD_TILL_DATE = "GOOD_TILL_DATE"
    """Expires at its `goodTillDate`."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> TimeInForce:
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
