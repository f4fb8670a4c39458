"""Each fault, in-process and over a socket, and what the real client makes of it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import httpx
import pytest

from capital_ext import (
    UNSET,
    AuthenticationError,
    BadRequestError,
    LoginError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseParseError,
    ServerError,
    TransportError,
)
from capital_sandbox import (
    DEFAULT_START,
    Credentials,
    Limits,
    ManualClock,
    NoAnswer,
    Outcome,
    Request,
    Rule,
    Sandbox,
)
from capital_sandbox.effects import ServerErrorKind

from .conftest import Api
from .driving import ORDER, Stage, Way, stage_for

POST_POSITIONS = ("POST", "/positions")
TIME = Request("GET", "/api/v1/time")


@pytest.fixture(params=["process", "http"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    way: Way = request.param
    with stage_for(way) as stage:
        yield stage


# --- no answer ------------------------------------------------------------------------------------------------


def test_executed_but_the_answer_is_lost(stage: Stage) -> None:
    rule = stage.faults.drop_after(*POST_POSITIONS, times=1)
    with pytest.raises(OutcomeUnknownError) as caught:
        stage.order()
    assert caught.value.executed is None
    assert stage.open == 1
    assert rule.hits == 1
    [record] = stage.sandbox.requests.executed("POST", "/api/v1/positions")
    assert (record.outcome, record.status, record.executed, record.fault) == (Outcome.LOST, None, True, "drop_after")
    [position] = stage.capital.positions.all().positions  # what a trader does next, and it shows the order
    assert position.market.epic == "SILVER"
    assert stage.order()
    assert stage.open == 2


def test_dropped_before_it_was_executed(stage: Stage) -> None:
    stage.faults.drop_before(*POST_POSITIONS, times=1)
    with pytest.raises(OutcomeUnknownError):
        stage.order()
    assert stage.open == 0
    assert stage.sandbox.requests.executed(*POST_POSITIONS) == []
    [record] = stage.sandbox.requests.matching(*POST_POSITIONS)
    assert (record.outcome, record.status) == (Outcome.DROPPED, None)


def test_a_refused_connection_in_process_is_tried_again_and_then_was_not_sent() -> None:
    with stage_for("process") as stage:
        rule = stage.faults.refuse(*POST_POSITIONS)
        with pytest.raises(NotSentError) as caught:
            stage.order()
        assert (rule.hits, stage.open, caught.value.executed) == (3, 0, False)
        rule.remove()
        stage.faults.refuse(*POST_POSITIONS, times=2)
        stage.order()
        assert stage.open == 1
        assert len(stage.sandbox.requests.executed(*POST_POSITIONS)) == 1


def test_a_refused_connection_over_a_socket_was_made_first() -> None:
    """So a client can't know that nothing was sent; the real thing is a server that is closed."""
    with stage_for("http") as stage:
        rule = stage.faults.refuse(*POST_POSITIONS)
        with pytest.raises(OutcomeUnknownError) as caught:
            stage.order()
        assert (rule.hits, stage.open) == (1, 0)
        assert isinstance(caught.value.__cause__, httpx.ReadError)  # reset, not just ended
        assert [record.outcome for record in stage.sandbox.requests] == [Outcome.REFUSED]
        rule.remove()
    with stage.sandbox.serve() as server:
        again = Stage("http", stage.sandbox, server.url)
    with again.capital, pytest.raises(NotSentError):
        again.order()
    with stage.sandbox.serve(port=server.port):
        back = Stage("http", stage.sandbox, server.url)
        back.order()
        back.capital.close()
    assert stage.open == 1


@pytest.mark.parametrize("executed", [False, True])
def test_a_stall_ends_with_the_clients_patience(stage: Stage, executed: bool) -> None:
    stage.faults.stall(*POST_POSITIONS, executed=executed, times=1)
    with pytest.raises(OutcomeUnknownError, match="ReadTimeout"):
        stage.order()
    assert stage.open == executed
    [record] = stage.sandbox.requests
    assert (record.outcome, record.executed) == (Outcome.STALLED, executed)
    assert stage.order()


@pytest.mark.parametrize("fault", ["refuse", "drop_before", "drop_after", "stall"])
def test_a_read_survives_two_and_not_three(stage: Stage, fault: str) -> None:
    make: Callable[..., Rule] = getattr(stage.faults, fault)
    rule = make("GET", "/positions", times=2)
    assert stage.capital.positions.all().positions == []
    assert rule.hits == 2
    stage.faults.clear()
    rule = make("GET", "/positions")
    with pytest.raises((TransportError, NotSentError)) as caught:
        stage.capital.positions.all()
    assert type(caught.value) is (NotSentError if (fault, stage.way) == ("refuse", "process") else TransportError)
    assert rule.hits == 3


@pytest.mark.parametrize("fault", ["refuse", "drop_before", "drop_after", "stall"])
def test_the_asynchronous_client_meets_the_same(stage: Stage, fault: str) -> None:
    make: Callable[..., Rule] = getattr(stage.faults, fault)
    make(*POST_POSITIONS)
    kind = NotSentError if (fault, stage.way) == ("refuse", "process") else OutcomeUnknownError
    with pytest.raises(kind):
        stage.run(lambda capital: capital.positions.open(**ORDER))
    assert stage.open == (fault == "drop_after")


def test_a_login_without_an_answer(stage: Stage) -> None:
    stage.sandbox.expire_sessions()
    rule = stage.faults.drop_after("POST", "/session")
    with pytest.raises(LoginError):
        stage.order()
    assert (rule.hits, stage.open) == (3, 0)
    rule.remove()
    stage.order()
    assert stage.open == 1


def test_a_server_does_not_wait_for_what_it_stalled() -> None:
    sandbox = Sandbox(clock=ManualClock())
    arrived = threading.Event()

    def arrives(request: Request) -> bool:
        arrived.set()
        return True

    sandbox.faults.stall(where=arrives)
    server = sandbox.serve()
    with ThreadPoolExecutor(1) as others:
        call = others.submit(httpx.get, f"{server.url}/api/v1/time", timeout=10)
        assert arrived.wait(10)
        started = time.monotonic()
        server.close()
        assert isinstance(call.exception(10), httpx.RemoteProtocolError)
    assert time.monotonic() - started < 0.9  # uvicorn's own patience is a second


def test_other_servers_and_direct_calls_get_the_exception(sandbox: Sandbox) -> None:
    sandbox.faults.drop_after("GET", "/time")

    async def ask() -> None:
        transport = httpx.ASGITransport(sandbox.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            await http.get("/api/v1/time")

    with pytest.raises(NoAnswer, match="answer lost"):
        asyncio.run(ask())
    with pytest.raises(NoAnswer) as caught:
        sandbox.handle(TIME)
    assert caught.value.outcome is Outcome.LOST


# --- another answer -------------------------------------------------------------------------------------------


def test_too_many_requests_is_waited_out(stage: Stage) -> None:
    rule = stage.faults.too_many_requests(*POST_POSITIONS, times=2)
    before = stage.sandbox.clock.now()
    stage.order()
    assert (rule.hits, stage.open) == (2, 1)
    assert stage.sandbox.clock.now() > before
    records = stage.sandbox.requests.matching(*POST_POSITIONS)
    assert [(record.status, record.executed) for record in records] == [(429, False), (429, False), (200, True)]
    stage.faults.too_many_requests(*POST_POSITIONS)
    with pytest.raises(RateLimitError) as caught:
        stage.order()
    assert (caught.value.error_code, caught.value.executed) == ("error.too-many.requests", False)
    assert stage.open == 1


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize(
    ("kind", "status", "code", "start"),
    [
        ("json", 503, "error.service.unavailable", b"{"),
        ("html", 502, None, b"<html>"),
        ("empty", 504, None, b""),
        ("java", 500, "java.util.concurrent.TimeoutException", b"{"),
    ],
)
def test_server_errors(
    stage: Stage, kind: ServerErrorKind, status: int, code: str | None, start: bytes, executed: bool
) -> None:
    rule = stage.faults.server_error(kind, executed=executed)
    with pytest.raises(OutcomeUnknownError) as caught:
        stage.order()
    error = caught.value
    assert (error.status_code, error.error_code, stage.open) == (status, code, executed)
    assert error.content.startswith(start)
    assert bool(error.content) == bool(start)
    [record] = stage.sandbox.requests
    assert (record.status, record.executed, record.error_code) == (status, executed, code)
    with pytest.raises(ServerError):
        stage.capital.positions.all()
    assert rule.hits == 4


def test_any_answer(stage: Stage) -> None:
    code = "error.invalid.stoploss.minvalue"
    stage.faults.answer(400, *POST_POSITIONS, body={"errorCode": f"{code}: 17.146"}, times=1)
    with pytest.raises(BadRequestError) as caught:
        stage.order()
    assert (caught.value.error_code, caught.value.value, stage.open) == (code, 17.146, 0)
    stage.faults.answer(200, "GET", "/ping", body=b"\xff", times=1)
    with pytest.raises(ResponseParseError) as unreadable:
        stage.capital.general.ping()
    assert unreadable.value.content == b"\xff"
    stage.faults.answer(200, "GET", "/ping", body="what?", times=1)
    with stage.http() as http:
        assert http.get("/api/v1/ping").headers["Content-Type"] == "text/plain;charset=UTF-8"


# --- a damaged answer -----------------------------------------------------------------------------------------


def test_a_truncated_answer(stage: Stage) -> None:
    stage.faults.truncate(*POST_POSITIONS, times=1)
    with pytest.raises(ResponseParseError) as caught:
        stage.order()
    assert (caught.value.executed, stage.open) == (True, 1)
    assert caught.value.content.startswith(b'{"dealReference":"o_')
    with pytest.raises(ValueError, match=r"delimiter|Unterminated"):
        json.loads(caught.value.content)
    stage.faults.truncate("GET", "/positions", keep=0)
    with pytest.raises(ResponseParseError) as emptied:
        stage.capital.positions.all()
    assert emptied.value.content == b""


def test_unknown_values_fields_and_nulls_reach_the_client(stage: Stage) -> None:
    stage.order()
    stage.order()
    where = ("GET", "/positions")
    stage.faults.unknown_value("positions.*.market.marketStatus", *where, value="ON_THE_MOON")
    stage.faults.add_field("positions.0.position.luck", 7, *where)
    stage.faults.null("positions.*.market.high", *where)
    first, second = stage.capital.positions.all().positions
    assert [row.market.market_status for row in (first, second)] == ["ON_THE_MOON"] * 2
    assert not first.market.market_status.is_known
    assert first.position.additional_properties["luck"] == 7
    assert "luck" not in second.position.additional_properties
    assert first.market.high is UNSET
    stage.faults.null("positions.1.position", *where)
    with pytest.raises(ResponseParseError):
        stage.capital.positions.all()


def test_a_place_that_an_answer_does_not_have_is_no_hit(sandbox: Sandbox, api: Api) -> None:
    rules = [
        sandbox.faults.null("nothing", "GET", "/ping"),
        sandbox.faults.unknown_value("status.deeper", "GET", "/ping"),
        sandbox.faults.add_field("a.b", 1, "GET", "/ping"),
        sandbox.faults.add_field("b", 1, "GET", "/positions/none"),  # an error: left alone
        sandbox.faults.add_field("fresh", {"deep": [1]}, "GET", "/ping"),
    ]
    assert api.ok(api.get("ping")) == {"status": "OK", "fresh": {"deep": [1]}}
    assert api.refused(api.get("positions/none")) == (404, "error.not-found.dealId")
    assert [(rule.seen, rule.hits) for rule in rules] == [(1, 0), (1, 0), (1, 0), (1, 0), (1, 1)]


# --- sessions and histories -----------------------------------------------------------------------------------


def test_a_session_that_dies_under_an_order(stage: Stage) -> None:
    rule = stage.faults.kill_session(*POST_POSITIONS, times=1)
    stage.order()
    assert (rule.hits, stage.open) == (1, 1)
    seen = [(record.method, record.path.rsplit("/", 1)[1], record.status) for record in stage.sandbox.requests]
    assert seen == [
        ("POST", "positions", 401),
        ("GET", "encryptionKey", 200),
        ("POST", "session", 200),
        ("POST", "positions", 200),
    ]
    stage.faults.kill_sessions(*POST_POSITIONS)
    with pytest.raises(AuthenticationError):
        stage.order()
    assert stage.open == 1


def test_one_session_or_all(sandbox: Sandbox) -> None:
    one, other = Api(sandbox), Api(sandbox)
    one.login()
    other.login()
    sandbox.faults.kill_session("GET", "/accounts", times=1)
    assert one.refused(one.get("accounts")) == (401, "error.invalid.session.token")
    other.ok(other.get("accounts"))
    one.login()
    rule = sandbox.faults.kill_sessions("GET", "/accounts", times=1)
    assert one.refused(one.get("accounts"))[0] == 401
    assert other.refused(other.get("accounts"))[0] == 401
    assert rule.hits == 1
    sandbox.expire_sessions()
    nobody = sandbox.faults.kill_sessions("GET", "/time")
    hits(sandbox, 1)
    assert (nobody.seen, nobody.hits) == (1, 0)  # there was none to kill


def test_late_activity(stage: Stage) -> None:
    stage.order()
    rule = stage.faults.late_activity()
    happened = stage.sandbox.clock.now()
    assert stage.capital.history.activity().activities == []
    assert rule.hits == 1
    stage.sandbox.clock.advance(60.9)
    assert stage.capital.history.activity().activities == []
    stage.sandbox.clock.advance(0.1)
    [row] = stage.capital.history.activity().activities
    assert row.date_utc == happened
    assert rule.hits == 2


def test_late_transactions(stage: Stage) -> None:
    stage.faults.late_transactions(30)
    happened = stage.sandbox.clock.now()
    assert stage.capital.history.transactions().transactions == []
    stage.sandbox.clock.advance(29.9)
    assert stage.capital.history.transactions().transactions == []
    stage.sandbox.clock.advance(0.1)
    [deposit] = stage.capital.history.transactions().transactions
    assert deposit.date_utc == happened
    stage.order()
    assert len(stage.capital.history.activity().activities) == 1  # that is another fault


def test_duplicate_rows(stage: Stage) -> None:
    stage.order()
    stage.faults.duplicate_rows()
    one, same = stage.capital.history.activity().activities
    assert one == same
    deposit, again = stage.capital.history.transactions().transactions
    assert deposit == again


# --- which calls, how often, when -----------------------------------------------------------------------------


def hits(sandbox: Sandbox, calls: int, request: Request = TIME) -> str:
    """Which of so many calls went wrong."""
    seen = ""
    for _ in range(calls):
        seen += "x" if sandbox.handle(request).status == 503 else "."
    return seen


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, "xxxxxxxx"),
        ({"times": 2}, "xx......"),
        ({"every": 3}, "x..x..x."),
        ({"after": 2}, "..xxxxxx"),
        ({"after": 1, "every": 2, "times": 2}, ".x.x...."),
        ({"probability": 0}, "........"),
    ],
)
def test_how_often(sandbox: Sandbox, when: Any, expected: str) -> None:
    rule = sandbox.faults.server_error(**when)
    assert hits(sandbox, 8) == expected
    assert (rule.seen, rule.hits) == (8, expected.count("x"))


def test_chance_is_decided_by_the_seed() -> None:
    def lives(seed: int) -> list[str]:
        sandbox = Sandbox(seed=seed, clock=ManualClock())
        sandbox.faults.server_error(probability=0.3)
        return [hits(sandbox, 200)]

    assert lives(1) == lives(1) != lives(2)
    assert 40 <= lives(1)[0].count("x") <= 80


def test_when(sandbox: Sandbox) -> None:
    rule = sandbox.faults.server_error(
        since=DEFAULT_START + timedelta(seconds=10), until=DEFAULT_START + timedelta(seconds=20)
    )
    seen = ""
    for _ in range(5):
        seen += hits(sandbox, 1)
        sandbox.clock.advance(5)
    assert seen == "..xx."
    assert rule.seen == 2


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"after": timedelta(seconds=10)}, "..xxxxxx"),
        ({"every": timedelta(seconds=15)}, "x..x..x."),
        ({"after": timedelta(seconds=10), "every": 2}, "..x.x.x."),
        ({"after": 1, "every": timedelta(seconds=10), "times": 3}, ".x.x.x.."),
    ],
)
def test_how_often_by_the_clock(sandbox: Sandbox, when: Any, expected: str) -> None:
    sandbox.faults.server_error(**when)
    seen = ""
    for _ in expected:
        seen += hits(sandbox, 1)
        sandbox.clock.advance(5)
    assert seen == expected


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        (None, None, "xxxx"),
        ("GET", None, "xx.x"),
        (None, "/positions", "x.x."),
        (None, "/api/v1/positions", "x.x."),
        ("GET", "positions/", "x..."),
        (None, "/positions/*", ".x.."),
        (None, "/positions/{dealId}", ".x.."),
        (None, "/**", "xxxx"),
        (None, "/*", "x.x."),
        (None, "/posit*", "x.x."),
        (None, "/watchlists/**", "...x"),
        (None, "/watchlists/1/A.B", "...."),
        (None, "/watchlists/1/AxB", "...x"),
    ],
)
def test_which(sandbox: Sandbox, method: str | None, path: str | None, expected: str) -> None:
    sandbox.faults.server_error("json", method, path)
    requests = [("GET", "positions"), ("GET", "positions/1-2.3"), ("POST", "positions"), ("GET", "watchlists/1/AxB")]
    assert "".join(hits(sandbox, 1, Request(verb, f"/api/v1/{what}")) for verb, what in requests) == expected


def test_a_predicate_sees_the_request(sandbox: Sandbox) -> None:
    sandbox.faults.server_error(where=lambda request: request.parameters.get("epics") == "GOLD")
    assert hits(sandbox, 1, Request("GET", "/api/v1/markets", "epics=GOLD")) == "x"
    assert hits(sandbox, 1, Request("GET", "/api/v1/markets", "epics=SILVER")) == "."


def test_rules_take_turns_in_their_order(sandbox: Sandbox) -> None:
    first = sandbox.faults.too_many_requests("GET", "/time", times=1)
    second = sandbox.faults.server_error("json", "GET", "/time", times=1)
    sandbox.faults.truncate(times=1)
    answers = [sandbox.handle(TIME) for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 503, 200]
    assert (first.seen, second.seen) == (3, 2)
    assert [record.fault for record in sandbox.requests] == ["too_many_requests, truncate", "server_error", None]


def test_removing_and_clearing(sandbox: Sandbox) -> None:
    rule, other = sandbox.faults.server_error(), sandbox.faults.answer(418)
    assert list(sandbox.faults) == [rule, other]
    assert hits(sandbox, 2) == "xx"
    rule.remove()
    rule.remove()
    assert sandbox.handle(TIME).status == 418
    assert (rule.hits, len(sandbox.faults)) == (2, 1)
    sandbox.faults.clear()
    assert sandbox.handle(TIME).status == 200
    assert repr(other) == "<answer any call: 1 hits>"
    assert repr(sandbox.faults.refuse("GET", "/time")) == "<refuse GET /time: 0 hits>"


def test_impossible_rules_are_refused_at_once(sandbox: Sandbox) -> None:
    faults = sandbox.faults
    kind: Any = "xml"
    naive = datetime(2026, 6, 10)
    soon, later = DEFAULT_START + timedelta(hours=1), DEFAULT_START + timedelta(hours=2)
    impossible: list[Callable[[], object]] = [
        lambda: faults.refuse("get"),
        lambda: faults.refuse(times=0),
        lambda: faults.refuse(every=0),
        lambda: faults.refuse(after=-1),
        lambda: faults.refuse(every=timedelta(0)),
        lambda: faults.refuse(probability=1.5),
        lambda: faults.refuse(since=naive),
        lambda: faults.answer(99),
        lambda: faults.truncate(keep=1),
        lambda: faults.server_error(kind),
        lambda: faults.null("a..b"),
        lambda: faults.late_activity(-1),
        lambda: faults.late_transactions(-1),
        lambda: faults.answer(204, body="x"),
        lambda: faults.answer(304, body={}),
        lambda: faults.refuse("GETT"),
        lambda: faults.refuse("GET", ""),
        lambda: faults.refuse("GET", "/"),
        lambda: faults.refuse(since=later, until=soon),
        lambda: faults.refuse(since=soon, until=soon),
        lambda: faults.stream.drop("", times=1),
        lambda: faults.stream.drop(since=later, until=soon),
    ]
    for make in impossible:
        with pytest.raises(ValueError):
            make()
    with pytest.raises(TypeError):
        faults.add_field("a", object())
    assert len(faults) == 0


def test_answers_without_a_body(sandbox: Sandbox) -> None:
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as http:
        for status in (204, 304):
            sandbox.faults.answer(status, "GET", "/time", times=1)
            assert http.get("/api/v1/time").status_code == status
            assert http.get("/api/v1/time").status_code == 200


def lucky(request: Request) -> bool:
    return request.query == "luck"


def test_a_condition_is_told_by_its_name(sandbox: Sandbox) -> None:
    rule = sandbox.faults.refuse("GET", where=lucky)
    assert rule.to_dict()["where"] == "<function lucky>"
    assert "where" not in sandbox.faults.refuse("GET").to_dict()
    fault, _ = sandbox.state.faults
    assert fault.details["where"] == "<function lucky>"
    assert sandbox.faults.refuse(where=partial(lucky)).to_dict()["where"] == "<function partial>"


# --- the log --------------------------------------------------------------------------------------------------


def test_the_log_tells_what_arrived_and_keeps_no_secret(sandbox: Sandbox, api: Api) -> None:
    api.open()
    api.refused(api.post("positions", epic="NOTHING", direction="BUY", size=1))
    assert len(sandbox.requests.matching("POST", "/positions")) == 2
    [order] = sandbox.requests.executed("POST", "/api/v1/positions")
    assert (order.status, order.error_code, order.outcome, order.fault) == (200, None, Outcome.ANSWERED, None)
    sandbox.handle(Request("GET", "/api/v1/" + "x" * 100_000))
    told = repr(list(sandbox.requests)) + json.dumps([record.to_dict() for record in sandbox.requests])
    known = sandbox.credentials
    for secret in (known.password, known.api_key, known.identifier, api.http.headers["CST"]):
        assert secret not in told
    assert len(told) < 10_000


def test_faults_are_per_sandbox() -> None:
    one, other = (Sandbox(clock=ManualClock(), limits=Limits.off()) for _ in range(2))
    one.faults.server_error()
    assert (one.handle(TIME).status, other.handle(TIME).status) == (503, 200)


def test_a_clock_is_moved_whichever_it_is() -> None:
    assert Sandbox().clock.advance(3600) > datetime.now(timezone.utc) + timedelta(minutes=59)
    assert Sandbox(clock=ManualClock()).clock.advance(timedelta(hours=1)) == DEFAULT_START + timedelta(hours=1)
    assert Credentials("a", "b", "c").api_key == "a"
