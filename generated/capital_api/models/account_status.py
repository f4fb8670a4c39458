from __future__ import annotations

from enum import StrEnum


class AccountStatus(StrEnum):
    """Whether an account may be used. ENABLED is the everyday value.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    ENABLED = "ENABLED"
    """May be used."""
    DISABLED = "DISABLED"
    """May not be used."""
    SUSPENDED_FROM_DEALING = "SUSPENDED_FROM_DEALING"
    """May not trade for the time being."""
    SUSPENDED = "SUSPENDED"
    """Suspended; its API keys are deleted."""
    BLOCKED = "BLOCKED"
    """Blocked; its API keys are deleted."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> AccountStatus:
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
