from __future__ import annotations

from enum import StrEnum


class ActivityStatus(StrEnum):
    """How an activity ended.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    ACCEPTED = "ACCEPTED"
    """Done."""
    CREATED = "CREATED"
    """A working order was created."""
    EXECUTED = "EXECUTED"
    """A working order was filled."""
    EXPIRED = "EXPIRED"
    """A working order reached its expiry."""
    REJECTED = "REJECTED"
    """Refused."""
    MODIFIED = "MODIFIED"
    """Changed."""
    MODIFY_REJECT = "MODIFY_REJECT"
    """A change was refused."""
    CANCELLED = "CANCELLED"
    """Cancelled."""
    CANCEL_REJECT = "CANCEL_REJECT"
    """A cancelling was refused."""
    UNKNOWN = "UNKNOWN"

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> ActivityStatus:
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
