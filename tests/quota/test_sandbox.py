"""The whole of it in real time, over HTTP, against a server that counts."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from capital_ext import AsyncCapital, Capital, CapitalAuth, Credentials, Quota
from capital_ext.budget import Budget, Turn
from capital_sandbox import Limits, Sandbox

from .kit import ORDER

CALLS = 60
# The server shares this process and this machine with whatever else is tested now, and is later than any network.
QUOTA = Quota(jitter=0.05)
ANOTHER = Quota(jitter=0.05, trades_per_second=9)
"""Of a client of the same user: they share a budget all the same."""


def test_sixty_calls_of_threads_and_tasks_meet_no_429() -> None:
    runs: list[tuple[Counter[int | None], float]] = []
    for _ in range(5):  # in real time a machine can stand still for a moment, but not five times in a row
        statuses, took = sixty_calls()
        runs.append((statuses, took))
        if statuses == {200: CALLS + 2 * 2} and took <= CALLS / 10 * 1.05 + 1:  # with two logins
            return
    raise AssertionError(runs)


def sixty_calls() -> tuple[Counter[int | None], float]:
    """What was answered, and how long it took."""
    sandbox = Sandbox()
    known = sandbox.credentials
    credentials = Credentials(known.api_key, known.identifier, known.password)

    async def tasks(url: str) -> None:
        async with AsyncCapital(credentials, base_url=url, quota=ANOTHER) as capital:
            calls = (capital.general.ping, capital.markets.search, capital.accounts.all)
            await asyncio.gather(*(calls[number % 3]() for number in range(30)))

    with (
        sandbox.serve() as server,
        Capital(credentials, base_url=server.url, quota=QUOTA) as capital,
        ThreadPoolExecutor(31) as pool,
    ):
        started = time.monotonic()
        loop = pool.submit(lambda: asyncio.run(tasks(server.url)))
        pings = [pool.submit(capital.general.ping) for _ in range(25)]
        trades = [pool.submit(lambda: capital.positions.open(**ORDER)) for _ in range(5)]
        loop.result(30)
        assert all(each.result(30) for each in pings)
        assert all(each.result(30) for each in trades)
        took = time.monotonic() - started
    return Counter(request.status for request in sandbox.requests), took


@pytest.mark.parametrize("own_trace", [False, True])
def test_httpx_tells_when_a_request_is_really_sent(own_trace: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(limits=Limits.off())
    known = sandbox.credentials
    credentials = Credentials(known.api_key, known.identifier, known.password)
    sent: list[Turn] = []

    def note(_: Budget, turn: Turn) -> None:
        sent.append(turn)

    monkeypatch.setattr(Budget, "sent", note)
    events: list[str] = []

    async def trace_async(event: str, info: object) -> None:
        events.append(event)

    def trace(event: str, info: object) -> None:
        events.append(event)

    async def awaited(url: str) -> None:
        auth = CapitalAuth(credentials, base_url=url, quota=QUOTA)
        async with httpx.AsyncClient(auth=auth, base_url=url) as http:
            extensions = {"trace": trace_async} if own_trace else {}
            assert (await http.get("/api/v1/ping", extensions=extensions)).status_code == 200

    with sandbox.serve() as server:
        with httpx.Client(auth=CapitalAuth(credentials, base_url=server.url, quota=QUOTA), base_url=server.url) as http:
            extensions = {"trace": trace} if own_trace else {}
            assert http.get("/api/v1/ping", extensions=extensions).status_code == 200
            assert len({id(turn) for turn in sent}) == len(sent) == (2 if own_trace else 3)
        sent.clear()
        asyncio.run(awaited(server.url))
        assert len({id(turn) for turn in sent}) == len(sent) == (2 if own_trace else 3)
    assert bool(events) is own_trace  # the caller's own stays, and that request counts from its turn
