from __future__ import annotations

from enum import StrEnum


class DealingRuleUnit(StrEnum):
    """Unit of a limit. POINTS beside a size says nothing; PERCENTAGE is percent of the price.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    POINTS = "POINTS"
    """Points of price; beside a size it says nothing."""
    PERCENTAGE = "PERCENTAGE"
    """Percent of the price."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> DealingRuleUnit:
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
