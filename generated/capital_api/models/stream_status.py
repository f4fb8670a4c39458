from __future__ import annotations

from enum import StrEnum


class StreamStatus(StrEnum):
    """Whether a frame is good news.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    OK = "OK"
    """All is well."""
    ERROR = "ERROR"
    """A frame of yours was refused."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> StreamStatus:
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
