"""Who shares a budget with whom, what counts as what, and that nobody can hold up the others for ever."""

from __future__ import annotations

import asyncio
import gc
import itertools
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from capital_ext import CapitalAuth, Credentials, InvalidInputError, Quota, RateLimitError
from capital_ext.auth import TURN
from capital_ext.quota import kind_of
from capital_ext.waiting import Sleep

from .kit import ORDER, Server, Stage, VirtualTime, client, new_address, ping, run


def test_all_clients_of_a_user_share_one_budget_blocking_or_not() -> None:
    stage = Stage()
    with stage.capital() as capital:
        for _ in range(9):
            capital.general.ping()
        assert stage.time.waits == []  # ten requests, the login among them
        with stage.http(Credentials("another-key", "ME@example.test", "other password")) as http:
            ping(http)  # two more
        assert stage.time.waits == [1.02]
        for _ in range(4):
            asyncio.run(stage.ping())
    logins = stage.server.times("POST /session")
    assert [b - a for a, b in itertools.pairwise(logins[2:])] == pytest.approx([1.02] * 3)
    assert stage.server.refused == []


def test_what_a_client_sent_counts_after_it_was_closed() -> None:
    stage = Stage()
    for _ in range(3):
        with stage.http() as http:
            ping(http)
        del http
        gc.collect()
    assert stage.server.gaps("POST /session") == pytest.approx([1.02] * 2)


def test_the_state_of_a_user_goes_in_the_end() -> None:
    def sent() -> weakref.ref[object]:
        stage = Stage()
        with stage.http() as http:
            ping(http)
            budget: Any = http.auth
            return weakref.ref(budget._budget)

    budget = sent()
    for number in range(20):
        CapitalAuth(Credentials("k", f"user{number}", "p"), base_url="https://others.example.test")
    gc.collect()
    assert budget() is None


def test_other_users_and_other_addresses_have_budgets_of_their_own() -> None:
    stage = Stage()
    stage.server.most = 100
    with stage.http() as mine, stage.http(Credentials("key", "you@example.test", "password")) as yours:
        for http in (mine, yours):
            for _ in range(6):
                ping(http)
        stage.base_url = new_address()
        with stage.http() as elsewhere:
            for _ in range(6):
                ping(elsewhere)
    assert stage.time.waits == []


def test_where_quotas_differ_the_strictest_holds_for_all() -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time, most=5)
        address = new_address()
        quotas = [Quota(), Quota(calls_per_second=7), Quota(calls_per_second=None), Quota(jitter=0)]
        clients = [client(loop, server, base_url=address, quota=quota) for quota in quotas]
        five = client(loop, server, base_url=address, quota=Quota(calls_per_second=5))  # though it sends nothing itself
        await asyncio.gather(*(each.general.time() for each in clients * 12))
        await asyncio.gather(*(each.prices.history("SILVER") for each in clients * 12))
        await five.aclose()
        return server

    server = run(main)
    assert server.refused == []
    assert server.seen[-1].at < (4 * 24 + 4) / 5 * 1.05  # and with their logins, all of it


def test_each_setting_is_the_strictest_there_is() -> None:
    stage = Stage()
    quotas = [Quota(calls_per_second=5, jitter=0), Quota(trades_per_second=2, jitter=0.05)]
    quotas.append(Quota(None, None, logins_per_second=0.5))
    clients = [stage.http(quota=quota) for quota in quotas]
    for http in clients:
        ping(http)
    assert stage.server.gaps("POST /session") == pytest.approx([2.05] * 2)
    stage.time.now += 10
    stage.server.seen.clear()
    for number in range(6):
        clients[number % 3].get("/api/v1/ping")
    assert stage.server.gaps("GET /ping") == pytest.approx([0, 0, 0, 0, 1.05])
    for number in range(4):
        clients[number % 3].post("/api/v1/positions", json=ORDER)
    assert stage.server.gaps("POST /positions") == pytest.approx([0.55] * 3)


def test_what_was_sent_before_a_stricter_quota_came_counts() -> None:
    stage = Stage()
    with stage.http() as http:
        for _ in range(8):
            http.get("/api/v1/time")
        stage.time.now += 0.6
        with stage.http(quota=Quota(calls_per_second=5)) as careful:
            careful.get("/api/v1/time")
            http.get("/api/v1/time")
    assert stage.time.waits == pytest.approx([0.42])


def test_a_login_before_a_stricter_quota_came_counts() -> None:
    stage = Stage()
    with stage.http() as http, stage.http(Credentials("other", "me@example.test", "password")) as other:
        ping(http)
        with stage.http(quota=Quota(calls_per_second=9)) as careful:
            ping(other)  # another key
            ping(careful)
    assert stage.server.gaps("POST /session") == pytest.approx([0, 1.02])


@pytest.mark.parametrize(
    ("unlimited", "path", "waits"),
    [
        (Quota(calls_per_second=None), "ping", [1.02]),
        (Quota(calls_per_second=None, trades_per_second=None), "positions", [1.02]),
    ],
)
def test_what_was_sent_without_a_limit_counts_when_a_client_with_one_comes(
    unlimited: Quota, path: str, waits: list[float]
) -> None:
    stage = Stage()
    with stage.http(quota=unlimited) as http:
        ping(http)
        stage.time.now += 10
        stage.server.seen.clear()
        for _ in range(10):
            http.get("/api/v1/ping")
        assert stage.time.waits == []
        with stage.http():
            for _ in range(8):
                http.request("POST" if path == "positions" else "GET", f"/api/v1/{path}", json=ORDER)
    assert stage.server.refused == []
    assert stage.time.waits[: len(waits)] == pytest.approx(waits)


def test_a_trade_and_a_login_without_a_limit_count_when_a_client_with_one_comes() -> None:
    stage = Stage()
    with stage.http(quota=Quota(trades_per_second=None, logins_per_second=None)) as http:
        http.post("/api/v1/positions", json=ORDER)
        with stage.http() as careful:
            http.post("/api/v1/positions", json=ORDER)
            ping(careful)
    assert stage.server.gaps("POST /positions") == pytest.approx([0.12])
    assert stage.server.gaps("POST /session") == pytest.approx([1.02])


def test_what_was_sent_after_a_limit_was_gone_counts_when_one_is_back() -> None:
    stage = Stage()
    with stage.http(quota=Quota(calls_per_second=None)) as http:
        careful = stage.auth()
        ping(http)
        del careful
        gc.collect()
        stage.time.now += 10
        for _ in range(10):
            http.get("/api/v1/ping")
        with stage.http():
            http.get("/api/v1/ping")
    assert stage.server.refused == []


def test_who_waits_already_goes_by_a_stricter_quota_that_comes() -> None:
    stage = Stage()
    stage.server.most = 3
    joined: list[CapitalAuth] = []

    def meanwhile(seconds: float) -> None:
        joined.append(stage.auth(quota=Quota(calls_per_second=2)))
        stage.time.sleep(seconds)

    with stage.http(quota=Quota(calls_per_second=3), sleep=Sleep(sync=meanwhile)) as http:
        for _ in range(9):
            http.get("/api/v1/time")
    assert [round(at - stage.server.seen[0].at, 2) for at in stage.server.times("GET")] == [
        *[0, 0, 0],
        *[1.02, 1.02],
        *[2.04, 2.04],
        *[3.06, 3.06],
    ]


def test_a_quota_is_over_with_the_client_that_had_it() -> None:
    stage = Stage()
    careful = stage.auth(quota=Quota(calls_per_second=1))
    with stage.http() as http:
        for _ in range(2):
            http.get("/api/v1/time")
        assert stage.time.waits == [1.02]
        del careful
        gc.collect()
        for _ in range(9):
            http.get("/api/v1/time")
        assert stage.time.waits == [1.02]
        http.get("/api/v1/time")  # the first one since counts, whoever was there then
    assert stage.time.waits == [1.02, 1.02]
    assert stage.server.refused == []


def test_a_client_without_limits_is_neither_held_up_nor_counted() -> None:
    stage = Stage()
    stage.server.most = 100
    with stage.http() as http, stage.http(quota=Quota.off()) as unlimited:
        for _ in range(20):
            unlimited.get("/api/v1/time")
        for _ in range(10):
            http.get("/api/v1/time")
    assert stage.time.waits == []


@pytest.mark.parametrize("rate", [9.99, 6.5, 2.5, 1.01])
def test_no_second_has_more_than_a_broken_rate_says(rate: float) -> None:
    stage = Stage()
    stage.server.most = int(rate) + 1
    with stage.http(quota=Quota(calls_per_second=rate)) as http:
        for _ in range(60):
            http.get("/api/v1/time")
    assert stage.server.refused == []
    took = stage.server.seen[-1].at - stage.server.seen[0].at
    assert took <= 60 / rate * 1.05


def test_off_is_off_for_logins_and_after_a_429_too() -> None:
    stage = Stage()
    stage.server.most = 10_000
    for _ in range(3):
        with stage.http(quota=Quota.off()) as http:
            for _ in range(50):
                assert http.post("/api/v1/positions", json=ORDER).status_code == 200
            stage.server.busy = 1
            assert http.get("/api/v1/ping").status_code == 429
            ping(http)
    assert stage.time.waits == []
    assert Quota.off().is_off
    assert not Quota(calls_per_second=None, trades_per_second=None).is_off


@pytest.mark.parametrize(
    ("settings", "path", "gap"),
    [
        (Quota(calls_per_second=None), "positions", 0.12),
        (Quota(trades_per_second=2, jitter=0), "positions", 0.5),
        (Quota(trades_per_second=None), "positions", 0.0),
        (Quota(calls_per_second=0.5, jitter=0), "ping", 2.0),
        (Quota(calls_per_second=2.5, trades_per_second=None, jitter=0), "prices/SILVER", 0.4),
    ],
)
def test_each_rate_can_be_set(settings: Quota, path: str, gap: float) -> None:
    stage = Stage()
    with stage.http(quota=settings) as http:
        ping(http)
        stage.time.now += 10
        stage.server.seen.clear()
        for _ in range(4):
            http.request("POST" if path == "positions" else "GET", f"/api/v1/{path}")
    assert stage.server.gaps(f"{'POST' if path == 'positions' else 'GET'} /{path}") == pytest.approx([gap] * 3)


@pytest.mark.parametrize(
    "wrong",
    [{"calls_per_second": 0}, {"trades_per_second": -1}, {"logins_per_second": float("nan")}, {"jitter": -0.1}],
)
def test_a_quota_that_is_none_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidInputError, match=next(iter(wrong))):
        Quota(**wrong)


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/positions", "trade"),
        ("PUT", "/positions/deal", "trade"),
        ("DELETE", "/workingorders/deal", "trade"),
        ("GET", "/positions", "call"),
        ("GET", "/confirms/o_1", "call"),
        ("GET", "/ping", "call"),
        ("GET", "/session", "session"),
        ("PUT", "/session", "session"),
        ("GET", "/session/encryptionKey", "session"),
        ("POST", "/session", "login"),
        ("GET", "/markets/SILVER", "call"),
        ("GET", "/markets", "data"),
        ("GET", "/marketnavigation", "data"),
        ("GET", "/marketnavigation/commons", "data"),
        ("GET", "/prices/SILVER", "data"),
        ("GET", "/history/activity", "call"),
        ("GET", "/history/activity?from=2026-06-10T14:00:00", "call"),
        ("GET", "/history/activity?from=2026-06-10T14%3A00%3A00&to=2026-06-10T15%3A00%3A00&dealId=d", "call"),
        ("GET", "/history/activity?from=2026-06-10T14%3A00%3A00&to=2026-06-10T15%3A00%3A01&dealId=d", "data"),
        ("GET", "/history/activity?from=2026-06-09T14%3A00%3A00&to=2026-06-10T14%3A00%3A00", "data"),
        ("GET", "/history/activity?from=today&to=tomorrow", "call"),
        ("GET", "/history/activity?from=2026-06-10T14:00:00&to=2026-06-11T14:00:00Z", "call"),
        ("GET", "/history/transactions", "data"),
        ("GET", "/clientsentiment/SILVER", "data"),
        ("GET", "/watchlists", "call"),
        ("POST", "/watchlists", "call"),
        ("GET", "", "call"),
    ],
)
def test_what_counts_as_what(method: str, path: str, kind: str) -> None:
    path, _, query = path.partition("?")
    assert kind_of(method, path, query) == kind


def test_requests_to_anybody_else_take_no_turn() -> None:
    stage = Stage()
    with stage.http() as http:
        for _ in range(30):
            http.get("https://elsewhere.test/api/v1/ping")
    assert stage.time.waits == []


def test_the_repetition_of_a_call_takes_a_turn_of_its_own() -> None:
    stage = Stage()
    with stage.capital() as capital:
        for number in range(12):
            stage.server.dead = {f"cst{number}"}  # each call finds its session ended, logs in and goes again
            capital.general.ping()
    assert stage.server.refused == []
    assert len(stage.server.seen) == 2 + 3 * 11


def test_the_repetition_of_a_call_counts_from_when_it_was_sent() -> None:
    stage = Stage()
    traced: list[object] = []

    def note(request: httpx.Request) -> httpx.Response:
        traced.append(request.extensions["trace"].__self__)
        assert traced[-1] is request.extensions[TURN]
        return stage.server(request)

    with httpx.Client(auth=stage.auth(), base_url=stage.base_url, transport=httpx.MockTransport(note)) as http:
        ping(http)
        stage.server.dead = {"cst1"}
        ping(http)
    assert stage.server.log == ["POST /session", "GET /ping", "GET /ping", "POST /session", "GET /ping"]
    assert len({id(turn) for turn in traced}) == 5


def test_a_429_reaches_the_caller_only_when_the_policy_gives_up() -> None:
    stage = Stage()
    with stage.capital() as capital:
        capital.general.ping()
        stage.server.busy = 2
        capital.general.ping()
        stage.server.busy = 3
        with pytest.raises(RateLimitError):
            capital.general.ping()


def test_pyrate_limiter_is_loaded_when_something_is_sent() -> None:
    script = """
import sys
from capital_ext import Capital, Credentials
Capital(Credentials("k", "i", "p")).close()
assert "pyrate_limiter" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_several_loops_and_threads_take_turns() -> None:
    stage = Stage()

    async def many() -> None:
        await asyncio.gather(*(stage.ping() for _ in range(3)))

    def some() -> None:
        with stage.http() as http:
            for _ in range(5):
                ping(http)

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(some) for _ in range(4)] + [pool.submit(asyncio.run, many()) for _ in range(4)]
        for future in futures:
            future.result(20)
    assert stage.server.refused == []
    assert len(stage.server.seen) == 4 * 6 + 12 * 2
