"""What faults do to an exchange. Which exchanges they meet is said in `faults`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Literal, TypeAlias, cast

from .exchange import Exchange, error_code
from .messages import Response
from .request_log import Outcome
from .sessions import Sessions

Body: TypeAlias = bytes | str | Mapping[str, object] | None
"""What a faulty answer carries: bytes or text as they are, a mapping as JSON, None for nothing at all."""

ServerErrorKind = Literal["json", "html", "empty", "java"]

SERVER_ERRORS: Mapping[ServerErrorKind, tuple[int, Body]] = {
    "json": (503, {"errorCode": "error.service.unavailable"}),
    "html": (502, "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"),
    "empty": (504, None),
    "java": (500, {"errorCode": "java.util.concurrent.TimeoutException"}),
}
"""The shapes in which the real service fails."""


_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_UTC_TIMES = ("dateUTC", "dateUtc")
"""When a row happened: in the activity, and in the transactions."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to do to an exchange, before or after it is executed."""

    name: str
    act: Callable[[Exchange], bool]
    """Does it; False when there was nothing that it could be done to."""
    early: bool
    """Whether it acts before execution."""
    details: Mapping[str, object] = field(default_factory=dict[str, object])
    """What it was asked for, as JSON content."""


def lose(name: str, outcome: Outcome, *, executed: bool) -> Effect:
    """No answer."""

    def act(exchange: Exchange) -> bool:
        exchange.lose(outcome)
        return True

    # Only a stall can come at either time, so only there it has to be told.
    details = {"executed": executed} if outcome is Outcome.STALLED else {}
    return Effect(name, act, early=not executed, details=details)


def answer(name: str, status: int, body: Body, *, executed: bool) -> Effect:
    """Another answer than the sandbox's own."""
    if not (isinstance(status, int) and 200 <= status <= 599):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError("status is a number from 200 to 599")
    content_type, data = _encoded(body)
    if data and status in _WITHOUT_BODY:
        raise ValueError(f"an answer with status {status} has no body")
    headers = {"Content-Type": content_type} if content_type else {}
    response = Response(status, headers, data)

    def act(exchange: Exchange) -> bool:
        exchange.response, exchange.error_code = response, error_code(body)
        return True

    shown = body.decode("latin-1") if isinstance(body, bytes) else body
    return Effect(name, act, early=not executed, details={"status": status, "body": shown, "executed": executed})


def server_error(kind: ServerErrorKind, *, executed: bool) -> Effect:
    """One of the answers of a service in trouble."""
    if kind not in SERVER_ERRORS:
        raise ValueError(f"kind is one of {', '.join(SERVER_ERRORS)}")
    status, body = SERVER_ERRORS[kind]
    effect = answer("server_error", status, body, executed=executed)
    return replace(effect, details={"kind": kind, "executed": executed})


def truncate(keep: float) -> Effect:
    """The first part of the answer's body only, labelled as if it were all of it."""
    if not 0 <= keep < 1:
        raise ValueError("keep is the share of the body that is kept, from 0 to below 1")

    def act(exchange: Exchange) -> bool:
        if not (exchange.response and exchange.response.body):
            return False
        status, headers, body = exchange.response.status, exchange.response.headers, exchange.response.body
        exchange.response = Response(status, headers, body[: int(len(body) * keep)])
        return True

    return Effect("truncate", act, early=False, details={"keep": keep})


def end_sessions(name: str, sessions: Sessions, *, own: bool) -> Effect:
    """The session of the request, or every session, is over when the request arrives."""

    def act(exchange: Exchange) -> bool:
        if own:
            return sessions.close_token(exchange.request.headers.get("cst", ""))
        return sessions.close_all() > 0

    return Effect(name, act, early=True)


def put(name: str, place: str, value: object, *, create: bool) -> Effect:
    """Another value at a place in the answer; with ``create`` a field that was not there."""
    steps = place.split(".")
    if not all(steps):
        raise ValueError("a place is the way to a field, as in positions.*.position.level")
    json.dumps(value)  # a value that JSON does not know is a TypeError here, not a surprise later

    def act(exchange: Exchange) -> bool:
        content = exchange.content()
        struck = _put(content, steps, value, create)
        if struck:
            exchange.replace(content)
        return struck

    return Effect(name, act, early=False, details={"place": place, "value": value})


def null(place: str) -> Effect:
    """Null at a place in the answer."""
    return replace(put("null", place, None, create=False), details={"place": place})


def hold_back(name: str, seconds: float) -> Effect:
    """Rows of a history that are younger than this are not there yet."""
    if seconds < 0:
        raise ValueError("seconds cannot be negative")
    youngest = timedelta(seconds=seconds)

    def act(exchange: Exchange) -> bool:
        return _edit_rows(exchange, lambda rows: [row for row in rows if exchange.at - _instant(row) >= youngest])

    return Effect(name, act, early=False, details={"seconds": seconds})


def repeat() -> Effect:
    """Every row of the lists in the answer comes twice."""

    def act(exchange: Exchange) -> bool:
        return _edit_rows(exchange, lambda rows: [row for row in rows for _ in range(2)])

    return Effect("duplicate_rows", act, early=False)


def _encoded(body: Body) -> tuple[str | None, bytes]:
    if body is None:
        return None, b""
    if isinstance(body, bytes):
        return "application/octet-stream", body
    if isinstance(body, str):
        return "text/html" if body.startswith("<") else "text/plain;charset=UTF-8", body.encode()
    return "application/json;charset=UTF-8", json.dumps(dict(body)).encode()


def _put(content: object, steps: list[str], value: object, create: bool) -> bool:
    """Put the value at every place that the steps lead to; ``*`` leads to all items. False when there is none."""
    step, *rest = steps
    parent = _children(content)
    if step == "*":
        keys = list(parent)
    else:
        keys = [step] if step in parent or (create and not rest and isinstance(content, dict)) else []
    if rest:
        struck = [_put(parent[key], rest, value, create) for key in keys]  # at all of them, not up to the first
        return any(struck)
    for key in keys:
        cast("Any", content)[key if isinstance(content, dict) else int(key)] = value
    return bool(keys)


def _children(content: object) -> dict[str, object]:
    """The items of an object by name, or of a list by number."""
    if isinstance(content, dict):
        return cast("dict[str, object]", content)
    if isinstance(content, list):
        return {str(number): item for number, item in enumerate(cast("list[object]", content))}
    return {}


def _edit_rows(exchange: Exchange, edit: Callable[[list[object]], list[object]]) -> bool:
    """Change the lists at the top of the answer; False when that makes no difference."""
    content = exchange.content()
    lists = {name: cast("list[object]", rows) for name, rows in _children(content).items() if isinstance(rows, list)}
    edited = {name: edit(rows) for name, rows in lists.items()}
    if edited == lists:
        return False
    exchange.replace({**_children(content), **edited})
    return True


def _instant(row: object) -> datetime:
    told = _children(row)
    text = next((told[name] for name in _UTC_TIMES if name in told), None)
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:  # another fault has been here
        return datetime.min.replace(tzinfo=UTC)
