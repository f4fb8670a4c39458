from __future__ import annotations

from enum import StrEnum


class ActivityType(StrEnum):
    """What an activity is about.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    POSITION = "POSITION"
    """A position was opened or closed."""
    WORKING_ORDER = "WORKING_ORDER"
    """A working order was created, changed, filled or cancelled."""
    EDIT_STOP_AND_LIMIT = "EDIT_STOP_AND_LIMIT"
    """A stop or profit target was changed."""
    SWAP = "SWAP"
    """An overnight fee."""
    SYSTEM = "SYSTEM"
    """An event of the system."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> ActivityType:
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
