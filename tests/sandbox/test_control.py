"""Driving a running sandbox over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, get_type_hints

import httpx
import pytest

from capital_sandbox import DEFAULT_START, Faults, Limits, ManualClock, RealClock, Request, Sandbox
from capital_sandbox.control import Control, drive
from capital_sandbox.fault_specs import FAULTS, add_rule, parse_rule
from capital_sandbox.faults import When
from capital_sandbox.stream import StreamClosed

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
    ],
)
def test_rules_that_make_no_sense(served: tuple[Sandbox, httpx.Client], spec: object, message: str) -> None:
    sandbox, http = served
    assert message in wrong(http.post("/_sandbox/faults", json=spec), 400)
    assert len(sandbox.faults) == 0


def test_every_fault_can_be_had_as_data(sandbox: Sandbox) -> None:
    """The table of names and arguments is what the methods of `Faults` say."""
    common = {"method", "path", *get_type_hints(When)} - {"where"}
    methods = {
        name: method
        for name, method in inspect.getmembers(Faults, inspect.isfunction)
        if not name.startswith("_") and name not in ("clear", "carry_out")
    }
    assert methods.keys() == FAULTS.keys()
    for name, method in methods.items():
        own = {parameter for parameter in inspect.signature(method).parameters if parameter not in ("self", "when")}
        missing = {"method", "path"} if name == "late_activity" else set[str]()
        assert set(FAULTS[name]) == (own | common) - missing
    needed: dict[str, dict[str, Any]] = {"answer": {"status": 500}, "add_field": {"place": "a", "value": 1}}
    for name in FAULTS:
        extra = needed.get(name, {"place": "a"} if "place" in FAULTS[name] else {})
        rule = add_rule(sandbox.faults, {"fault": name, **extra, "times": 2, "since": "2026-06-10T14:00"})
        told = rule.to_dict()
        assert told["fault"] == name
        assert told.items() >= {**extra, "times": 2, "since": "2026-06-10T14:00:00+00:00"}.items()
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
    assert ok(http.get("/_sandbox/streams")) == {"streams": []}
    stream = sandbox.stream()
    assert sandbox.faults.streams is sandbox.streams
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
    for impossible in ({"do": "explode"}, {}, {"do": ["drop"]}, {"do": "silence", "epic": 1}):
        assert "do is one of drop, close" in wrong(http.post("/_sandbox/streams", json=impossible), 400)


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
    clock.speed = 1e9
    assert clock.now() > DEFAULT_START
    for impossible in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="speed"):
            clock.speed = impossible
        with pytest.raises(ValueError, match="speed"):
            RealClock(impossible)
    assert clock.speed == 1e9
    with pytest.raises(ValueError, match="negative"):
        ManualClock().advance(-1)


def test_a_clock_tells_when_it_was_moved() -> None:
    clock = ManualClock()
    told: list[datetime] = []
    clock.watch(lambda: told.append(clock.now()))
    clock.advance(1)
    clock.speed = 0
    assert told == [DEFAULT_START + timedelta(seconds=1)] * 2
