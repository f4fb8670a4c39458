"""Durations as people write them: ``500ms``, ``60s``, ``5m``, ``1h``."""

import re
from datetime import timedelta

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SHAPE = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


def duration(text: str) -> timedelta:
    """The duration that a text like ``60s`` stands for.

    Raises:
        ValueError: It stands for none.
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no duration, as 500ms, 60s, 5m or 1h")
    number, unit = found.groups()
    try:
        return timedelta(seconds=float(number) * _SECONDS[unit])
    except OverflowError:
        raise ValueError(f"{text!r} is too long") from None


def told(length: timedelta) -> str:
    """A duration as such a text, in seconds: ``60s``."""
    return f"{length.total_seconds():f}".rstrip("0").rstrip(".") + "s"


def milliseconds(length: timedelta) -> int:
    """A duration in the unit that is used inside the sandbox."""
    return length // timedelta(milliseconds=1)
