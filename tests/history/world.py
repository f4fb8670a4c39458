"""Walks over a sandbox that is reached over HTTP, by both kinds of client, and over a stand-in for its prices."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any, Literal
from urllib.parse import parse_qs

import httpx

from capital_ext import AsyncCapital, Capital, Credentials, Quota, Retries
from capital_ext.policy import World
from capital_ext.waiting import Sleep
from capital_sandbox import Limits, ManualClock, Sandbox
from tests.auth.world import Server

Way = Literal["sync", "async"]
WAYS: tuple[Way, Way] = ("sync", "async")
UTC = timezone.utc
NOW = datetime(2026, 6, 10, 14, tzinfo=UTC)
"""A Wednesday: where the sandbox's standing clock stands."""


async def _no_time(_: float) -> None: ...


WORLD = World(sleep=Sleep(lambda _: None, _no_time), luck=lambda: 0.5)


class Place:
    """A server and one of the two ways to walk on it."""

    def __init__(self, way: Way, base_url: str, credentials: Credentials, server: Server | None = None) -> None:
        self.way = way
        self._arguments: dict[str, Any] = {
            "credentials": credentials,
            "base_url": base_url,
            "quota": Quota.off(),
            "world": WORLD,
            "retries": Retries(attempts=2),
        }
        self._server = server
        self.capital = Capital(**self._arguments, transport=httpx.MockTransport(server) if server else None)

    def do(self, act: Callable[[Any], Any]) -> Any:
        """Something that returns at once, or is awaited."""
        if self.way == "sync":
            return act(self.capital)

        async def main() -> Any:
            transport = httpx.MockTransport(self._server.aio) if self._server else None
            async with AsyncCapital(**self._arguments, transport=transport) as capital:
                return await act(capital)

        return asyncio.run(main())

    def all(self, walk: Callable[[Any], Any]) -> Any:
        """All rows of a walk."""
        return self.some(walk, None)

    def some(self, walk: Callable[[Any], Any], count: int | None, see: Callable[[Any], None] = lambda row: None) -> Any:
        """The first rows of a walk, which is then abandoned."""

        async def take(walks: Any) -> list[Any]:
            rows: list[Any] = []
            async for row in walk(walks):
                see(row)
                rows.append(row)
                if len(rows) == count:
                    break
            return rows

        def take_now(walks: Any) -> list[Any]:
            rows: list[Any] = []
            for row in walk(walks):
                see(row)
                rows.append(row)
                if len(rows) == count:
                    break
            return rows

        return self.do(take_now if self.way == "sync" else take)


class Stage(Place):
    """A sandbox over HTTP, on which time stands still."""

    def __init__(self, way: Way, sandbox: Sandbox, base_url: str) -> None:
        known = sandbox.credentials
        super().__init__(way, base_url, Credentials(known.api_key, known.identifier, known.password))
        self.sandbox = sandbox

    def calls(self, path: str = "/prices/*") -> int:
        """How many requests of a kind there were."""
        return len(self.sandbox.requests.matching("GET", path))


@contextmanager
def staged(way: Way, sandbox: Sandbox | None = None) -> Generator[Stage]:
    """A stage, logged in, and the end of its server."""
    sandbox = sandbox or Sandbox(clock=ManualClock(NOW), limits=Limits.off())
    with sandbox.serve() as server:
        stage = Stage(way, sandbox, server.url)
        with stage.capital:
            stage.capital.general.ping()
            sandbox.requests.clear()
            yield stage


class PriceServer(Server):
    """The rules of ``GET /prices`` over candles that a test makes up: epoch seconds of their beginnings."""

    LENGTH = {"MINUTE": 60, "MINUTE_5": 300, "HOUR": 3600, "DAY": 86_400, "WEEK": 604_800}

    def __init__(self, now: datetime, candles: dict[str, Iterable[int]]) -> None:
        super().__init__()
        self.now = now
        self.candles = {resolution: sorted(starts) for resolution, starts in candles.items()}
        self.asked: Counter[str] = Counter()
        self.spoil: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = lambda rows: rows

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/time":
            return httpx.Response(200, json={"serverTime": int(self.now.timestamp() * 1000)})
        if not request.url.path.startswith("/api/v1/prices/"):
            return super().answer(request)
        query = {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}
        resolution = query["resolution"]
        self.asked[resolution] += 1
        first, last = (_seconds(query[edge]) for edge in ("from", "to"))
        if first > last or last > self.now.timestamp():
            return httpx.Response(400, json={"errorCode": "error.invalid.daterange"})
        if last - first > (int(query["max"]) - 1) * self.LENGTH[resolution]:
            return httpx.Response(400, json={"errorCode": "error.invalid.max.daterange"})
        starts = [start for start in self.candles[resolution] if first <= start <= last][: int(query["max"])]
        if not starts:
            return httpx.Response(404, json={"errorCode": "error.prices.not-found"})
        return httpx.Response(200, json={"prices": self.spoil([price_row(start) for start in starts])})


def price_row(start: int) -> dict[str, Any]:
    """A candle on the wire."""
    time = datetime.fromtimestamp(start, UTC).replace(tzinfo=None)
    prices = {f"{name}Price": {"bid": 10.0 + at, "ask": 10.5 + at} for at, name in enumerate(("open", "high"))}
    prices |= {f"{name}Price": {"bid": 9.0, "ask": 9.5} for name in ("low", "close")}
    local = (time + timedelta(hours=2)).isoformat()
    return {"snapshotTime": local, "snapshotTimeUTC": time.isoformat(), **prices, "lastTradedVolume": start % 97}


def _seconds(text: str) -> int:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text), text
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def priced(way: Way, server: PriceServer) -> Place:
    """A place on a made-up history."""
    return Place(way, f"https://{id(server)}.test", Credentials("KEY", "me@example.test", "PASSWORD"), server)


def threads(*, within: float = 0.0) -> list[str]:
    """The threads of walks that are still there, or still after some seconds: an abandoned call ends by itself."""
    deadline = time.monotonic() + within
    while True:
        there = [thread.name for thread in threading.enumerate() if thread.name.startswith("capital_ext")]
        if not there or time.monotonic() >= deadline:
            return there
        time.sleep(0.01)
