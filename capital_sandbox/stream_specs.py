"""What is done to the stream at once, and its settings, as data: as they come over HTTP and on the command line."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .arguments import checked, read, split
from .stream import Connection, Streams, StreamSettings

_SUBSCRIPTIONS = {"epic": "text", "candles": "flag", "kind": "text"}
SETTINGS: Mapping[str, str] = {
    "errors": "text",
    "most_epics": "whole",
    "most_connections": "whole",
    "idle_drop": "number",
    "edge_drop": "number",
    "silent_expiry": "flag",
    "delay": "number",
    "most_waiting": "whole",
    "patience": "number",
}
"""The fields of `StreamSettings` and what they are."""
_OPTIONAL = ("most_epics", "most_connections", "idle_drop", "edge_drop")

ACTIONS: Mapping[str, Mapping[str, str]] = {
    "drop": {},
    "close": {"code": "whole", "reason": "text"},
    "stall": {},
    "resume": {},
    "silence": _SUBSCRIPTIONS,
    "speak": _SUBSCRIPTIONS,
    "send_raw": {"text": "text"},
    "refuse": {"times": "whole"},
    "configure": SETTINGS,
}
"""What can be done to all connections, the methods of `Streams`, and their arguments."""
_OF_ALL = ("refuse", "configure")


def act(streams: Streams, spec: Mapping[str, Any]) -> int:
    """Do what a mapping describes: ``{"do": "silence", "epic": "GOLD"}``, with ``"id": 1`` to one connection only.

    Returns how many connections, or subscriptions, it was done to.

    Raises:
        ValueError: It describes nothing that can be done; the message says why.
    """
    name = spec.get("do")
    if not isinstance(name, str) or name not in ACTIONS:
        raise ValueError(f"do is one of {', '.join(ACTIONS)}")
    given = {key: value for key, value in spec.items() if key not in ("do", "id")}
    if name == "configure":
        streams.configure(**settings(given))
        return len(streams)
    arguments = checked(name, {key: value for key, value in given.items() if value is not None}, ACTIONS[name])
    if name == "send_raw" and not arguments:
        raise ValueError("send_raw needs text")
    target: Streams | Connection = streams
    if spec.get("id") is not None:
        if name in _OF_ALL:
            raise ValueError(f"{name} is about all connections: it has no id")
        target = _connection(streams, spec["id"])
    done: int | None = getattr(target, name)(**arguments)
    if done is None:  # one connection does not count itself, and a refusal is yet to come
        return 0 if target is streams else 1
    return done


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the stream, checked; null is none.

    Raises:
        ValueError: There is one that is not known, or that cannot be so.
    """
    off = {name: None for name, value in given.items() if value is None and name in _OPTIONAL}
    found = checked("the stream", {name: value for name, value in given.items() if name not in off}, SETTINGS)
    return {**found, **off}


def parse_settings(text: str) -> dict[str, Any]:
    """Read settings as the command line has them: ``edge_drop=60 idle_drop=null``.

    Raises:
        ValueError: They are not written so, or there are no such settings.
    """
    given: dict[str, Any] = {}
    for word in split(text):
        name, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"{word!r} is not a setting, as edge_drop=60")
        given[name] = read(value, SETTINGS.get(name, "any"))
    return settings(given)


def told(present: StreamSettings) -> dict[str, object]:
    """The settings as JSON content."""
    return asdict(present)


def _connection(streams: Streams, number: object) -> Connection:
    for connection in streams:
        if connection.number == number:
            return connection
    raise ValueError(f"there is no connection {number}")
