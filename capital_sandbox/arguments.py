"""Arguments that come as data, over HTTP or on the command line, and what they have to be."""

import json
import shlex
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Never

from .durations import duration


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_IS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "text": ("a string", lambda value: isinstance(value, str)),
    "whole": ("a whole number", _is_whole),
    "turns": ("a whole number or a duration, as 60s", lambda value: _is_whole(value) or isinstance(value, str)),
    "number": ("a number", _is_number),
    "flag": ("true or false", lambda value: isinstance(value, bool)),
    "body": ("a string, an object or null", lambda value: value is None or isinstance(value, str | dict)),
    "any": ("", lambda value: True),
}
"""The kinds of arguments, in words, and what is one."""


def checked(of: str, arguments: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of something, each of the kind that it has to be; durations have become timedeltas.

    Args:
        of: What they are for, as it is called in messages.
        arguments: What has come.
        kinds: What can come, by name.

    Raises:
        ValueError: There is one that it does not have, or that is of another kind.
    """
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        if name not in kinds:
            raise ValueError(f"{of} has no {name}; it has {', '.join(kinds) or 'nothing'}")
        kind, fits = _IS[kinds[name]]
        if not fits(value):
            raise ValueError(f"{name} is not {kind}")
        found[name] = duration(value) if kinds[name] == "turns" and isinstance(value, str) else value
    return found


def read(text: str, kind: str) -> Any:
    """The value that a text stands for: JSON, or itself."""
    if kind == "text":
        return text
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError:
        return text


def split(text: str) -> list[str]:
    """The words of a text, which may be quoted as in a shell.

    Raises:
        ValueError: A quotation has no end.
    """
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError(f"a quotation mark is not closed, or nothing follows a backslash: {text}") from None


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")
