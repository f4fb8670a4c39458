"""Faults as data, the way they come over HTTP and on the command line."""

import json
import shlex
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from .faults import Faults, Rule

_CALLS = ("method", "path", "times", "every", "after", "probability", "since", "until")
FAULTS: Mapping[str, tuple[str, ...]] = {
    "refuse": _CALLS,
    "drop_before": _CALLS,
    "drop_after": _CALLS,
    "stall": ("executed", *_CALLS),
    "answer": ("status", "body", "executed", *_CALLS),
    "too_many_requests": _CALLS,
    "server_error": ("kind", "executed", *_CALLS),
    "truncate": ("keep", *_CALLS),
    "add_field": ("place", "value", *_CALLS),
    "unknown_value": ("place", "value", *_CALLS),
    "null": ("place", *_CALLS),
    "kill_session": _CALLS,
    "kill_sessions": _CALLS,
    "late_activity": ("seconds", *_CALLS[2:]),
    "duplicate_rows": _CALLS,
}
"""Every fault and what can be said about it: the methods of `Faults` and their arguments."""

_REQUIRED = {"answer": ("status",), "add_field": ("place", "value"), "unknown_value": ("place",), "null": ("place",)}


def instant(text: str) -> datetime:
    """A time as people write it, ``2026-06-10T14:00``; without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


_IS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "text": ("a string", lambda value: isinstance(value, str)),
    "whole": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "number": ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "flag": ("true or false", lambda value: isinstance(value, bool)),
    "body": ("a string, an object or null", lambda value: value is None or isinstance(value, str | dict)),
    "any": ("", lambda value: True),
}
_KINDS: Mapping[str, str] = {
    "method": "text",
    "path": "text",
    "times": "whole",
    "every": "whole",
    "after": "whole",
    "probability": "number",
    "since": "text",
    "until": "text",
    "executed": "flag",
    "status": "whole",
    "body": "body",
    "kind": "text",
    "keep": "number",
    "place": "text",
    "value": "any",
    "seconds": "number",
}


def add_rule(faults: Faults, spec: Mapping[str, Any]) -> Rule:
    """Make the rule that a mapping describes: ``{"fault": "drop_after", "path": "/positions", "times": 1}``.

    Raises:
        ValueError: It describes none; the message says why.
    """
    name = spec.get("fault")
    arguments = {key: value for key, value in spec.items() if key != "fault" and not _left_out(key, value)}
    if not isinstance(name, str) or name not in FAULTS:
        raise ValueError(f"fault is one of {', '.join(FAULTS)}")
    for key, value in arguments.items():
        if key not in FAULTS[name]:
            raise ValueError(f"{name} has no {key}; it has {', '.join(FAULTS[name])}")
        words, fits = _IS[_KINDS[key]]
        if not fits(value):
            raise ValueError(f"{key} is not {words}")
    for key in _REQUIRED.get(name, ()):
        if key not in arguments:
            raise ValueError(f"{name} needs {key}")
    for key in ("since", "until"):
        if key in arguments:
            arguments[key] = instant(arguments[key])
    method: Callable[..., Rule] = getattr(faults, name)
    return method(**arguments)


def parse_rule(text: str) -> dict[str, Any]:
    """Read a rule as the command line has it: ``drop_after POST /positions times=1``, or JSON.

    Raises:
        ValueError: It is neither.
    """
    if text.lstrip().startswith("{"):
        return dict(json.loads(text))
    name, *words = shlex.split(text) or [""]
    spec: dict[str, Any] = {"fault": name}
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key in _KINDS:
            spec[key] = _value(key, value)
        elif word.startswith("/"):
            spec["path"] = word
        elif word.isupper():
            spec["method"] = word
        else:
            raise ValueError(f"{word!r} is neither a METHOD, nor a /path, nor something like times=1")
    return spec


def _left_out(key: str, value: object) -> bool:
    return value is None and key not in ("body", "value")


def _value(key: str, text: str) -> Any:
    if _KINDS[key] == "text":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
