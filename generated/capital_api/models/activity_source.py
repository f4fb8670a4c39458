from __future__ import annotations

from enum import StrEnum


class ActivitySource(StrEnum):
    """Who or what caused an activity: USER for the client, SL for the stop, TP for the profit target, CLOSE_OUT for
    a forced closing, DEALER and SYSTEM for the vendor's side.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    CLOSE_OUT = "CLOSE_OUT"
    """A forced closing."""
    DEALER = "DEALER"
    """A dealer of the vendor."""
    SL = "SL"
    """The stop loss."""
    SYSTEM = "SYSTEM"
    """The system."""
    TP = "TP"
    """The profit target."""
    USER = "USER"
    """The client."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> ActivitySource:
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
