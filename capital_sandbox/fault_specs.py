"""Faults as data, the way they come over HTTP and on the command line."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from .arguments import checked, read, split
from .faults import Faults, Rule

_OFTEN = ("times", "every", "after", "probability", "since", "until")
_CALLS = ("method", "path", *_OFTEN)
_FRAMES = ("epic", "destination", *_OFTEN)
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
    "late_activity": ("seconds", *_OFTEN),
    "late_transactions": ("seconds", *_OFTEN),
    "duplicate_rows": _CALLS,
    "stream.refuse": ("status", *_OFTEN),
    "stream.drop": _FRAMES,
    "stream.close": ("code", "reason", *_FRAMES),
    "stream.stall": ("seconds", *_FRAMES),
    "stream.silence": ("seconds", *_FRAMES),
    "stream.lose": _FRAMES,
    "stream.duplicate": _FRAMES,
    "stream.late": ("seconds", *_FRAMES),
    "stream.send": ("text", *_FRAMES),
}
"""Every fault and what can be said about it: the methods of `Faults` and of its ``stream``, and their arguments."""

_NAMED = ("method", "path", "epic")
"""What a rule is about: of these it has one, or leaves it out."""
_REQUIRED = {
    "answer": ("status",),
    "add_field": ("place", "value"),
    "unknown_value": ("place",),
    "null": ("place",),
    "stream.send": ("text",),
}


def instant(text: str) -> datetime:
    """A time as people write it, ``2026-06-10T14:00``; without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


_KINDS: Mapping[str, str] = {
    "method": "text",
    "path": "text",
    "epic": "text",
    "destination": "text",
    "times": "whole",
    "every": "turns",
    "after": "turns",
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
    "code": "whole",
    "reason": "text",
    "text": "text",
}


def add_rule(faults: Faults, spec: Mapping[str, Any]) -> Rule:
    """Make the rule that a mapping describes: ``{"fault": "drop_after", "path": "/positions", "times": 1}``.

    Raises:
        ValueError: It describes none; the message says why.
    """
    fault = spec.get("fault")
    if not isinstance(fault, str) or fault not in FAULTS:
        raise ValueError(f"fault is one of {', '.join(FAULTS)}")
    given = {key: value for key, value in spec.items() if key != "fault" and not _left_out(key, value)}
    arguments = checked(fault, given, {key: _KINDS[key] for key in FAULTS[fault]})
    for key in _REQUIRED.get(fault, ()):
        if key not in arguments:
            raise ValueError(f"{fault} needs {key}")
    for key in ("since", "until"):
        if key in arguments:
            arguments[key] = _instant(key, arguments[key])
    place, _, name = fault.rpartition(".")
    method: Callable[..., Rule] = getattr(faults.stream if place else faults, name)
    return method(**arguments)


def parse_rule(text: str) -> dict[str, Any]:
    """Read a rule as the command line has it: ``drop_after POST /positions times=1``, or JSON.

    A word in capitals is the method; in a fault of the stream it is the market: ``stream.silence GOLD every=60s``.

    Raises:
        ValueError: It is neither.
    """
    if text.lstrip().startswith("{"):
        try:
            return dict(json.loads(text))
        except ValueError as error:
            raise ValueError(f"not JSON: {error}") from None
    name, *words = split(text) or [""]
    spec: dict[str, Any] = {"fault": name}
    for word in words:
        key, value = _argument(word, "epic" if name.startswith("stream.") else "method")
        if key in spec:
            both = f"two {key}s, {spec[key]} and {value}" if key in _NAMED else f"{key} is said twice"
            raise ValueError(f"{both}: a rule has one; give another --fault, or leave it out for all")
        spec[key] = value
    return spec


def _argument(word: str, capitals: str) -> tuple[str, Any]:
    """What a word of a rule says; one in capitals is a method, or an epic."""
    key, equals, value = word.partition("=")
    if equals and key in _KINDS:
        return key, read(value, _KINDS[key])
    if word.startswith("/"):
        return "path", word
    if word.isupper():
        return capitals, word
    raise ValueError(f"{word!r} is neither a METHOD or an EPIC, nor a /path, nor something like times=1")


def _instant(key: str, text: str) -> datetime:
    try:
        return instant(text)
    except ValueError as error:
        raise ValueError(f"{key} is a time, as 2026-06-10T14:00, not {text!r}: {error}") from None


def _left_out(key: str, value: object) -> bool:
    return value is None and key not in ("body", "value")
