"""Driving a running sandbox over HTTP, for programs in other languages: what lies under ``/_sandbox``.

It is on a server only, no part of the API, and neither remembered nor limited. Answers are JSON; an error is
``{"error": "..."}`` in words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Never, cast
from urllib.parse import urlsplit

from . import stream_specs
from .clock import RealClock, possible_speed
from .fault_specs import add_rule
from .messages import Request, Response

if TYPE_CHECKING:
    from .sandbox import Sandbox

PREFIX = "/_sandbox"


class Control(Enum):
    """Who may drive a server's sandbox."""

    OFF = "nobody"
    LOCAL = "programs on this machine"
    ANYONE = "anyone who can reach it"

    @classmethod
    def of(cls, host: str, wanted: bool | None) -> Control:
        """What a server on an interface allows: only the loopback interface allows it unasked."""
        if wanted is None:
            return cls.LOCAL if is_loopback(host) else cls.OFF
        return cls.ANYONE if wanted else cls.OFF


class _Wrong(Exception):
    """A request that cannot be served, and why."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


_Handler = Callable[["_Control", Mapping[str, str]], object]


@dataclass(frozen=True, slots=True)
class _Control:
    """One request, and the sandbox that it is about."""

    sandbox: Sandbox
    request: Request

    def content(self) -> Mapping[str, Any]:
        """The JSON object in the body; an empty body is an empty object."""
        try:
            content: Any = json.loads(self.request.body or b"{}", parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise _Wrong(400, "the body is not JSON") from None
        if not isinstance(content, dict):
            raise _Wrong(400, "the body is not a JSON object")
        return cast("dict[str, Any]", content)

    def number(self, name: str) -> float | None:
        """An optional number of the body."""
        value = self.content().get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise _Wrong(400, f"{name} is not a number")
        return value


def is_control(path: str) -> bool:
    """Whether a path belongs here and not to the API."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def drive(sandbox: Sandbox, request: Request, allowed: Control) -> Response:
    """Answer a request for a path under ``/_sandbox``."""
    try:
        _admit(request, allowed)
        status, content = 200, _find(request)(_Control(sandbox, request), request.parameters)
    except _Wrong as wrong:
        status, content = wrong.status, {"error": str(wrong)}
    except (ValueError, TypeError, OverflowError) as error:  # what the sandbox says to impossible arguments
        status, content = 400, {"error": str(error)}
    return _answer(status, content)


def is_loopback(host: str) -> bool:
    """Whether an interface or a host name is this machine and nobody else."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _admit(request: Request, allowed: Control) -> None:
    """Let in who may drive. Web pages of others may not: a browser on this machine would do what they ask of it."""
    if allowed is Control.OFF:
        raise _Wrong(403, "driving this sandbox over HTTP is switched off; --control switches it on")
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if (origin is not None and urlsplit(origin).netloc != host) or (allowed is Control.LOCAL and not is_loopback(name)):
        raise _Wrong(403, "this sandbox is driven by programs on its own machine; --control lets others in")


def _find(request: Request) -> _Handler:
    _, *parts = request.segments
    name = "/".join(parts)
    if len(parts) == 2 and parts[0] == "faults" and parts[1].isdecimal():
        name = "faults/{id}"
    methods = _ROUTES.get(name)
    if methods is None:
        raise _Wrong(404, f"there is nothing at {request.path}; GET {PREFIX} says what there is")
    if request.method not in methods:
        raise _Wrong(405, f"{request.path} takes {' and '.join(methods)}")
    return methods[request.method]


def _overview(control: _Control, query: Mapping[str, str]) -> object:
    return {"paths": {f"{PREFIX}/{name}".rstrip("/"): [*methods] for name, methods in _ROUTES.items()}}


def _requests(control: _Control, query: Mapping[str, str]) -> object:
    records = control.sandbox.requests.matching(query.get("method"), query.get("path"))
    if "limit" in query:
        records = records[-_count(query["limit"]) :]
    return {"requests": [record.to_dict() for record in records]}


def _forget_requests(control: _Control, query: Mapping[str, str]) -> object:
    control.sandbox.requests.clear()
    return _requests(control, query)


def _faults(control: _Control, query: Mapping[str, str]) -> object:
    return {"faults": [rule.to_dict() for rule in control.sandbox.faults]}


def _add_fault(control: _Control, query: Mapping[str, str]) -> object:
    return add_rule(control.sandbox.faults, control.content()).to_dict()


def _clear_faults(control: _Control, query: Mapping[str, str]) -> object:
    control.sandbox.faults.clear()
    return _faults(control, query)


def _remove_fault(control: _Control, query: Mapping[str, str]) -> object:
    number = int(control.request.segments[-1])
    for rule in control.sandbox.faults:
        if rule.number == number:
            rule.remove()
            return rule.to_dict()
    raise _Wrong(404, f"there is no fault {number}")


def _clock(control: _Control, query: Mapping[str, str]) -> object:
    clock = control.sandbox.clock
    return {"now": clock.now().isoformat(), "speed": clock.speed if isinstance(clock, RealClock) else None}


def _move_clock(control: _Control, query: Mapping[str, str]) -> object:
    clock = control.sandbox.clock
    speed, seconds = control.number("speed"), control.number("advance")
    if speed is None and seconds is None:
        raise _Wrong(400, "say how many seconds to advance, or the new speed")
    if speed is not None:
        if not isinstance(clock, RealClock):
            raise _Wrong(400, "this clock has no speed")
        possible_speed(speed)  # refused before anything is moved
    if seconds is not None:
        clock.advance(seconds)
    if speed is not None and isinstance(clock, RealClock):
        clock.speed = speed
    return _clock(control, query)


def _expire_sessions(control: _Control, query: Mapping[str, str]) -> object:
    return {"ended": control.sandbox.expire_sessions()}


def _streams(control: _Control, query: Mapping[str, str]) -> object:
    streams = control.sandbox.streams
    return {
        "streams": [
            {"id": each.number, "subscriptions": each.subscriptions, "sent": each.sent, "received": each.received}
            for each in streams
        ],
        "opened": streams.opened,
        "settings": stream_specs.told(streams.settings),
    }


def _disturb_streams(control: _Control, query: Mapping[str, str]) -> object:
    return {"affected": stream_specs.act(control.sandbox.streams, control.content())}


def _messages(control: _Control, query: Mapping[str, str]) -> object:
    return {"messages": [record.to_dict() for record in tuple(control.sandbox.streams.log)]}


def _forget_messages(control: _Control, query: Mapping[str, str]) -> object:
    control.sandbox.streams.log.clear()
    return _messages(control, query)


def _state(control: _Control, query: Mapping[str, str]) -> object:
    return control.sandbox.state.to_dict()


_ROUTES: Mapping[str, Mapping[str, _Handler]] = {
    "": {"GET": _overview},
    "requests": {"GET": _requests, "DELETE": _forget_requests},
    "faults": {"GET": _faults, "POST": _add_fault, "DELETE": _clear_faults},
    "faults/{id}": {"DELETE": _remove_fault},
    "clock": {"GET": _clock, "POST": _move_clock},
    "sessions/expire": {"POST": _expire_sessions},
    "streams": {"GET": _streams, "POST": _disturb_streams},
    "streams/messages": {"GET": _messages, "DELETE": _forget_messages},
    "state": {"GET": _state},
}


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def _count(text: str) -> int:
    if not (text.isdecimal() and 0 < len(text) < 10 and int(text)):
        raise _Wrong(400, "limit is a number from 1 upwards")
    return int(text)


def _answer(status: int, content: object) -> Response:
    body = json.dumps(content).encode()
    return Response(status, {"Content-Type": "application/json", "Cache-Control": "no-store"}, body)
