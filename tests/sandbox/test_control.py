"""Driving a running sandbox over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, get_type_hints

import httpx
import pytest

from capital_sandbox import (
    DEFAULT_START,
    Faults,
    Limits,
    ManualClock,
    RealClock,
    Request,
    Sandbox,
    StreamSettings,
    durations,
)
from capital_sandbox.control import Control, drive
from capital_sandbox.fault_specs import FAULTS, add_rule, parse_rule
from capital_sandbox.rules import Often
from capital_sandbox.stream import StreamClosed, Streams
from capital_sandbox.stream.faults import StreamFaults
from capital_sandbox.stream_specs import ACTIONS, SETTINGS, settings

from .driving import Stage


@pytest.fixture
def served() -> Iterator[tuple[Sandbox, httpx.Client]]:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as http:
        yield sandbox, http


def ok(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def wrong(response: httpx.Response, status: int) -> str:
    assert response.status_code == status, response.text
    assert list(response.json()) == ["error"]
    return str(response.json()["error"])


def test_the_clock_of_a_running_server(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    assert ok(http.get("/_sandbox/clock")) == {"now": DEFAULT_START.isoformat(), "speed": 0}
    assert ok(http.post("/_sandbox/clock", json={"advance": 90.5}))["now"] == "2026-06-10T14:01:30.500000+00:00"
    assert http.get("/api/v1/time").json()["serverTime"] == 1781100090500
    for impossible in (
        {"advance": -1},
        {"advance": 1e300},
        {"advance": "1"},
        {"advance": True},
        {"advance": 5, "speed": -1},
        {"advance": -5, "speed": 1},
        {"speed": "fast"},
        {},
    ):
        wrong(http.post("/_sandbox/clock", json=impossible), 400)
    assert ok(http.get("/_sandbox/clock")) == {"now": "2026-06-10T14:01:30.500000+00:00", "speed": 0}
    assert ok(http.post("/_sandbox/clock", json={"speed": 1e6}))["speed"] == 1e6
    before = sandbox.clock.now()
    assert ok(http.post("/_sandbox/clock", json={"speed": 0}))["speed"] == 0
    standing = sandbox.clock.now()
    assert standing > before
    assert ok(http.get("/_sandbox/clock"))["now"] == standing.isoformat()


def test_a_clock_of_ones_own_has_no_speed() -> None:
    class Mine:
        def now(self) -> datetime:
            return DEFAULT_START

        def advance(self, by: timedelta | float) -> datetime:
            raise ValueError("time cannot be moved")

    with Sandbox(clock=Mine()).serve() as server, httpx.Client(base_url=server.url) as http:
        assert ok(http.get("/_sandbox/clock"))["speed"] is None
        assert wrong(http.post("/_sandbox/clock", json={"speed": 2}), 400) == "this clock has no speed"
        assert wrong(http.post("/_sandbox/clock", json={"advance": 2}), 400) == "time cannot be moved"


def test_faults(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    spec = {"fault": "answer", "status": 418, "body": {"errorCode": "x"}, "method": "GET", "path": "/time", "times": 1}
    made = ok(http.post("/_sandbox/faults", json=spec | {"every": None}))
    assert made.items() >= (spec | {"id": 1, "hits": 0, "every": 1}).items()
    assert http.get("/api/v1/time").json() == {"errorCode": "x"}
    assert http.get("/api/v1/time").status_code == 200
    [rule] = ok(http.get("/_sandbox/faults"))["faults"]
    assert (rule["seen"], rule["hits"]) == (2, 1)
    ok(http.post("/_sandbox/faults", json={"fault": "refuse", "path": "/ping"}))
    assert ok(http.request("DELETE", "/_sandbox/faults/1"))["fault"] == "answer"
    assert "no fault 1" in wrong(http.request("DELETE", "/_sandbox/faults/1"), 404)
    assert [rule.effect.name for rule in sandbox.faults] == ["refuse"]
    assert ok(http.delete("/_sandbox/faults")) == {"faults": []}
    assert len(sandbox.faults) == 0


def test_the_important_fault_from_another_program() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with sandbox.serve() as server:
        stage = Stage("http", sandbox, server.url)
        spec = {"fault": "drop_after", "method": "POST", "path": "/positions", "times": 1}
        ok(httpx.post(f"{server.url}/_sandbox/faults", json=spec))
        with stage.capital, pytest.raises(Exception, match="It may have been executed"):
            stage.order()
        query = {"method": "POST", "path": "/positions"}
        [record] = ok(httpx.get(f"{server.url}/_sandbox/requests", params=query))["requests"]
        assert record == {
            "at": sandbox.clock.now().isoformat(),
            "method": "POST",
            "path": "/api/v1/positions",
            "status": None,
            "executed": True,
            "errorCode": None,
            "outcome": "answer lost",
            "fault": "drop_after",
        }


def test_a_fault_about_everything_leaves_the_control_alone(served: tuple[Sandbox, httpx.Client]) -> None:
    _, http = served
    ok(http.post("/_sandbox/faults", json={"fault": "server_error", "kind": "html"}))
    assert http.get("/api/v1/time").status_code == 502
    assert ok(http.delete("/_sandbox/faults")) == {"faults": []}
    assert http.get("/api/v1/time").status_code == 200


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, "fault is one of refuse, drop_before"),
        ({"fault": "clear"}, "fault is one of"),
        ({"fault": ["refuse"]}, "fault is one of"),
        ({"fault": "refuse", "status": 500}, "refuse has no status"),
        ({"fault": "refuse", "where": "x"}, "refuse has no where"),
        ({"fault": "answer"}, "answer needs status"),
        ({"fault": "add_field", "place": "a"}, "add_field needs value"),
        ({"fault": "answer", "status": "500"}, "status is not a whole number"),
        ({"fault": "answer", "status": 5000}, "status is a number from 200 to 599"),
        ({"fault": "answer", "status": 500, "body": [1]}, "body is not a string, an object or null"),
        ({"fault": "server_error", "kind": "xml"}, "kind is one of json, html, empty, java"),
        ({"fault": "refuse", "method": 1}, "method is not a string"),
        ({"fault": "refuse", "method": "get"}, "a method is in capitals"),
        ({"fault": "refuse", "times": True}, "times is not a whole number"),
        ({"fault": "refuse", "times": 0}, "times is 1 or more"),
        ({"fault": "refuse", "since": "soon"}, "Invalid isoformat"),
        ({"fault": "stall", "executed": 1}, "executed is not true or false"),
        ({"fault": "truncate", "keep": "half"}, "keep is not a number"),
        ({"fault": "refuse", "every": "soon"}, "'soon' is no duration, as 500ms, 60s, 5m or 1h"),
        ({"fault": "refuse", "after": 1.5}, "after is not a whole number or a duration"),
        ({"fault": "refuse", "after": f"{'9' * 30}h"}, "is too long"),
        ({"fault": "drop"}, "fault is one of"),
        ({"fault": "stream"}, "fault is one of"),
        ({"fault": "stream.drop", "path": "/time"}, "stream.drop has no path"),
        ({"fault": "stream.drop", "epic": "GOLD", "every": "1m"}, "at an instant there is none"),
        ({"fault": "stream.send"}, "stream.send needs text"),
        ({"fault": "stream.late", "seconds": -1}, "seconds are a thousandth or more"),
        ({"fault": "refuse", "since": "soon"}, "since is a time, as 2026-06-10T14:00"),
        ({"fault": "refuse", "until": "2026-13-10"}, "until is a time, as 2026-06-10T14:00"),
        ({"fault": "refuse", "since": "2026-06-10T15:00", "until": "2026-06-10T14:00"}, "until is after since"),
        ({"fault": "refuse", "method": "GETT"}, "method is one of GET, POST, PUT, DELETE"),
        ({"fault": "refuse", "path": ""}, "path names something, as /positions"),
        ({"fault": "stream.drop", "epic": ""}, "epic names a market, as GOLD"),
        ({"fault": "answer", "status": 204, "body": "x"}, "an answer with status 204 has no body"),
    ],
)
def test_rules_that_make_no_sense(served: tuple[Sandbox, httpx.Client], spec: object, message: str) -> None:
    sandbox, http = served
    assert message in wrong(http.post("/_sandbox/faults", json=spec), 400)
    assert len(sandbox.faults) == 0


def test_every_fault_can_be_had_as_data(sandbox: Sandbox) -> None:
    """The table of names and arguments is what the methods of `Faults` and of its ``stream`` say."""
    methods = {
        prefix + name: method
        for prefix, kind in (("", Faults), ("stream.", StreamFaults))
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and name not in ("clear", "carry_out")
    }
    assert methods.keys() == FAULTS.keys()
    for name, method in methods.items():
        own = {parameter for parameter in inspect.signature(method).parameters if parameter not in ("self", "when")}
        assert set(FAULTS[name]) == own | get_type_hints(Often).keys()
    needed: dict[str, dict[str, Any]] = {
        "answer": {"status": 500},
        "add_field": {"place": "a", "value": 1},
        "stream.send": {"text": "#ping"},
    }
    for name in FAULTS:
        extra = needed.get(name, {"place": "a"} if "place" in FAULTS[name] else {})
        rule = add_rule(sandbox.faults, {"fault": name, **extra, "times": 2, "since": "2026-06-10T14:00"})
        told = rule.to_dict()
        assert told["fault"] == name
        assert told.items() >= {**extra, "times": 2, "since": "2026-06-10T14:00:00+00:00", "every": 1}.items()
        assert set(FAULTS[name]) <= told.keys()


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("drop_after POST /positions times=1", {"method": "POST", "path": "/positions", "times": 1}),
        ("drop_after", {}),
        ("drop_after probability=0.1 since=2026-06-10", {"probability": 0.1, "since": "2026-06-10"}),
        ("drop_after /a=b where=/x", None),
        ("drop_after 'POST'", {"method": "POST"}),
        ('{"fault": "drop_after", "times": 2}', {"times": 2}),
        ("drop_after post", None),
        ("drop_after body='{\"a\": 1}'", {"body": {"a": 1}}),
        ("drop_after body='<b>'", {"body": "<b>"}),
        ("drop_after place=1", {"place": "1"}),
        ("drop_after 'unclosed", None),
        ("drop_after GET POST /positions", None),
        ("drop_after /positions /accounts", None),
        ("drop_after GET method=POST", None),
        ("drop_after times=1 times=2", None),
        ("stream.drop GOLD SILVER", None),
        ("drop_after every=60s after=2", {"every": "60s", "after": 2}),
        ("{", None),
    ],
)
def test_rules_as_the_command_line_has_them(text: str, spec: dict[str, object] | None) -> None:
    if spec is None:
        with pytest.raises(ValueError):
            parse_rule(text)
    else:
        assert parse_rule(text) == {"fault": "drop_after", **spec}


def test_the_log(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    paths = ["time", "ping", "time", "nothing"]
    for path in paths:
        http.get(f"/api/v1/{path}")
    requests = ok(http.get("/_sandbox/requests"))["requests"]
    assert [request["path"].removeprefix("/api/v1/") for request in requests] == paths
    codes = [request["errorCode"] for request in requests]
    assert codes == [None, "error.null.client.token", None, "error.not-found"]
    assert len(ok(http.get("/_sandbox/requests?path=/time"))["requests"]) == 2
    assert ok(http.get("/_sandbox/requests?method=POST"))["requests"] == []
    assert ok(http.get("/_sandbox/requests?limit=1"))["requests"] == requests[-1:]
    for limit in ("0", "-1", "x", ""):
        wrong(http.get(f"/_sandbox/requests?limit={limit}"), 400)
    assert ok(http.delete("/_sandbox/requests")) == {"requests": []}
    assert len(sandbox.requests) == 0


def test_sessions_and_state(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    stage = Stage("http", sandbox, str(http.base_url))
    with stage.capital:
        stage.order()
        assert ok(http.post("/_sandbox/sessions/expire")) == {"ended": 1}
        assert ok(http.post("/_sandbox/sessions/expire")) == {"ended": 0}
        stage.order()
    state = ok(http.get("/_sandbox/state"))
    assert [request["status"] for request in state["requests"][:4]] == [200, 200, 200, 401]
    told = http.get("/_sandbox/state").text
    assert sandbox.credentials.password not in told
    assert sandbox.credentials.api_key not in told


def test_streams(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    assert ok(http.get("/_sandbox/streams")).items() >= {"streams": [], "opened": 0}.items()
    stream = sandbox.stream()
    assert ok(http.get("/_sandbox/streams"))["streams"][0].items() >= {"id": 1, "subscriptions": [], "sent": 0}.items()
    assert ok(http.post("/_sandbox/streams", json={"do": "stall"})) == {"affected": 1}
    sandbox.clock.advance(1)  # what was due at the instant of the stall still comes
    stream.send({"destination": "ping", "correlationId": "1"})
    assert stream.receive() is None
    sandbox.faults.clear()
    assert "error.null.client.token" in (stream.receive() or "")
    assert ok(http.post("/_sandbox/streams", json={"do": "silence", "epic": "GOLD"})) == {"affected": 0}
    assert ok(http.post("/_sandbox/streams", json={"do": "drop"})) == {"affected": 1}
    with pytest.raises(StreamClosed):
        stream.receive()


def test_a_fault_of_the_stream_from_another_program(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    stream = sandbox.stream()
    made = ok(http.post("/_sandbox/faults", json={"fault": "stream.drop", "every": "1m", "times": 2}))
    assert made.items() >= {"id": 1, "epic": None, "every": "60s", "after": 0, "hits": 0}.items()
    ok(http.post("/_sandbox/clock", json={"advance": 59.999}))
    assert stream.receive() is None
    ok(http.post("/_sandbox/clock", json={"advance": 0.001}))
    with pytest.raises(StreamClosed):
        stream.receive()
    [rule] = ok(http.get("/_sandbox/faults"))["faults"]
    assert rule["hits"] == 1
    assert ok(http.delete("/_sandbox/faults/1"))["fault"] == "stream.drop"
    stream = sandbox.stream()
    ok(http.post("/_sandbox/clock", json={"advance": 300}))
    assert stream.receive() is None


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("stream.drop every=60s times=2", {"fault": "stream.drop", "every": "60s", "times": 2}),
        ("stream.silence GOLD seconds=5", {"fault": "stream.silence", "epic": "GOLD", "seconds": 5}),
        ("stream.late epic=x destination=quote", {"fault": "stream.late", "epic": "x", "destination": "quote"}),
        ("stream.send text='#ping'", {"fault": "stream.send", "text": "#ping"}),
    ],
)
def test_rules_of_the_stream_as_the_command_line_has_them(sandbox: Sandbox, text: str, spec: dict[str, object]) -> None:
    assert parse_rule(text) == spec
    told = add_rule(sandbox.faults, parse_rule(text)).to_dict()
    again = add_rule(
        sandbox.faults, {name: value for name, value in told.items() if name not in ("id", "seen", "hits")}
    )
    assert again.to_dict() == {**told, "id": 2}


@pytest.mark.parametrize(
    ("text", "length", "told"),
    [
        ("500ms", timedelta(milliseconds=500), "0.5s"),
        ("60s", timedelta(minutes=1), "60s"),
        ("1.5m", timedelta(seconds=90), "90s"),
        ("1000h", timedelta(hours=1000), "3600000s"),
    ],
)
def test_durations(text: str, length: timedelta, told: str) -> None:
    assert durations.duration(text) == length
    assert durations.told(length) == told
    for wrong in ("", "60", "-1s", "1 s", "1d", "s", "1e3s"):
        with pytest.raises(ValueError, match="no duration"):
            durations.duration(wrong)


def test_the_stream_over_http_is_that_of_python(sandbox: Sandbox) -> None:
    """The tables of actions and settings are what `Streams` and `StreamSettings` have."""
    driving = ("shake_hands", "connect", "forget", "notice", "obey", "release", "wake", "now", "real_seconds")
    methods = {name for name, _ in inspect.getmembers(Streams, inspect.isfunction) if not name.startswith("_")}
    assert methods - set(driving) == ACTIONS.keys()
    for name, arguments in ACTIONS.items():
        expected = {"changes"} if name == "configure" else arguments.keys()
        assert inspect.signature(getattr(Streams, name)).parameters.keys() - {"self"} == expected
    assert list(SETTINGS) == [field.name for field in fields(StreamSettings)]
    every = {name: getattr(sandbox.streams.settings, name) for name in SETTINGS}
    assert settings(every) == every


def test_what_is_done_to_streams(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    one, other = sandbox.stream(), sandbox.stream()

    def do(**spec: object) -> int:
        affected: int = ok(http.post("/_sandbox/streams", json=spec))["affected"]
        return affected

    assert do(do="send_raw", text="#ping") == 2
    assert do(do="send_raw", text="#pong", id=2) == 1
    assert (list(one), list(other)) == (["#ping"], ["#ping", "#pong"])
    assert do(do="close", code=1012, reason="service restart", id=1) == 1
    with pytest.raises(StreamClosed, match="1012 service restart"):
        one.receive()
    assert do(do="silence", epic="GOLD", candles=True, kind="heikin-ashi", id=None) == 0
    assert do(do="refuse", times=2) == 0
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            sandbox.stream()
    assert do(do="configure", edge_drop=60, idle_drop=None, errors="payload") == 1
    told = ok(http.get("/_sandbox/streams"))
    assert (told["opened"], [each["id"] for each in told["streams"]]) == (2, [2])
    assert told["settings"].items() >= {"edge_drop": 60, "idle_drop": None, "errors": "payload", "delay": 0}.items()
    other.send("nonsense")
    assert '"payload":{"errorCode":"error.invalid.body"}' in (other.receive() or "")
    assert ok(http.get("/_sandbox/streams/messages")) == {
        "messages": [
            {"at": DEFAULT_START.isoformat(), "stream": 2, "destination": "", "errorCode": "error.invalid.body"}
        ]
    }
    assert ok(http.delete("/_sandbox/streams/messages")) == {"messages": []}
    sandbox.clock.advance(60)
    with pytest.raises(StreamClosed):
        other.receive()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"do": "explode"}, "do is one of drop, close"),
        ({}, "do is one of drop, close"),
        ({"do": ["drop"]}, "do is one of drop, close"),
        ({"do": "drop", "epic": "GOLD"}, "drop has no epic; it has nothing"),
        ({"do": "drop", "id": 7}, "there is no connection 7"),
        ({"do": "silence", "epic": 1}, "epic is not a string"),
        ({"do": "silence", "kind": "renko"}, "renko"),
        ({"do": "close", "code": 1006}, "code is one that a WebSocket can be closed with"),
        ({"do": "send_raw"}, "send_raw needs text"),
        ({"do": "send_raw", "text": {}}, "text is not a string"),
        ({"do": "refuse", "id": 1}, "refuse is about all connections"),
        ({"do": "configure", "edge": 60}, "the stream has no edge"),
        ({"do": "configure", "delay": None}, "delay is not a number"),
        ({"do": "configure", "delay": -1}, "delay cannot be negative"),
        ({"do": "configure", "errors": "bottom"}, "bottom"),
    ],
)
def test_what_cannot_be_done_to_streams(served: tuple[Sandbox, httpx.Client], spec: object, message: str) -> None:
    sandbox, http = served
    stream, before = sandbox.stream(), sandbox.streams.settings
    assert message in wrong(http.post("/_sandbox/streams", json=spec), 400)
    assert stream.receive() is None
    assert sandbox.streams.settings == before


def test_it_is_neither_remembered_nor_limited() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits())
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as http:
        for _ in range(30):
            ok(http.get("/_sandbox/clock"))
    assert len(sandbox.requests) == 0


def test_what_is_not_there(served: tuple[Sandbox, httpx.Client]) -> None:
    _, http = served
    paths = ok(http.get("/_sandbox"))["paths"]
    assert paths["/_sandbox/clock"] == ["GET", "POST"]
    assert ok(http.get("/_sandbox/")) == {"paths": paths}
    assert "GET /_sandbox says what there is" in wrong(http.get("/_sandbox/nothing"), 404)
    wrong(http.get("/_sandbox/faults/x"), 404)
    wrong(http.get("/_sandbox/faults/1/2"), 404)
    assert wrong(http.put("/_sandbox/clock"), 405) == "/_sandbox/clock takes GET and POST"
    assert wrong(http.post("/_sandbox/clock", content=b"{"), 400) == "the body is not JSON"
    assert wrong(http.post("/_sandbox/clock", content=b"[1]"), 400) == "the body is not a JSON object"
    assert wrong(http.post("/_sandbox/clock", content=b'{"advance": NaN}'), 400) == "the body is not JSON"
    assert wrong(http.post("/_sandbox/clock", content=b"[" * 100_000), 400) == "the body is not JSON"
    assert http.get("/_sandboxes").json() == {"errorCode": "error.not-found"}  # not ours: the API's


def test_only_a_server_has_it(sandbox: Sandbox) -> None:
    assert sandbox.handle(Request("GET", "/_sandbox/clock")).status == 404


def test_pages_of_others_and_names_of_others_are_kept_out(served: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, http = served
    own = str(http.base_url).rstrip("/")
    for origin in ("https://evil.example", "null", own.replace("127.0.0.1", "localhost"), "http://[bad"):
        assert http.delete("/_sandbox/faults", headers={"Origin": origin}).status_code in (400, 403)
    ok(http.delete("/_sandbox/faults", headers={"Origin": own}))
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert "--control" in wrong(http.get("/_sandbox/clock", headers=rebound), 403)
    ok(http.get("/_sandbox/clock", headers={"Host": "localhost:1"}))
    assert drive(sandbox, Request("GET", "/_sandbox", "", {"host": "box:1"}), Control.ANYONE).status == 200


@pytest.mark.parametrize(
    ("host", "wanted", "expected"),
    [
        ("127.0.0.1", None, Control.LOCAL),
        ("::1", None, Control.LOCAL),
        ("localhost", None, Control.LOCAL),
        ("0.0.0.0", None, Control.OFF),  # every interface
        ("example.com", None, Control.OFF),
        ("127.0.0.1", False, Control.OFF),
        ("127.0.0.1", True, Control.ANYONE),
        ("0.0.0.0", True, Control.ANYONE),
    ],
)
def test_who_may_drive(host: str, wanted: bool | None, expected: Control) -> None:
    assert Control.of(host, wanted) is expected


def test_on_other_interfaces_it_is_off_unless_asked_for() -> None:
    sandbox = Sandbox(clock=ManualClock())
    with sandbox.serve("0.0.0.0") as server:
        url = f"http://127.0.0.1:{server.port}"
        assert "--control switches it on" in wrong(httpx.get(f"{url}/_sandbox/clock"), 403)
        assert httpx.get(f"{url}/api/v1/time").status_code == 200
    with sandbox.serve("0.0.0.0", control=True) as server:
        ok(httpx.get(f"http://127.0.0.1:{server.port}/_sandbox/clock"))
    with sandbox.serve(control=False) as server:
        wrong(httpx.get(f"{server.url}/_sandbox/clock"), 403)


def test_speeds() -> None:
    clock = RealClock(0, DEFAULT_START)
    assert clock.now() == DEFAULT_START
    clock.speed = 1e6
    assert clock.now() > DEFAULT_START
    for impossible in (-1.0, float("nan"), float("inf"), 1.1e6, 1e200):
        with pytest.raises(ValueError, match="speed"):
            clock.speed = impossible
        with pytest.raises(ValueError, match="speed"):
            RealClock(impossible)
    assert clock.speed == 1e6
    with pytest.raises(ValueError, match="negative"):
        ManualClock().advance(-1)


def test_a_clock_tells_when_it_was_moved() -> None:
    clock = ManualClock()
    told: list[datetime] = []
    clock.watch(lambda: told.append(clock.now()))
    clock.advance(1)
    clock.speed = 0
    assert told == [DEFAULT_START + timedelta(seconds=1)] * 2
