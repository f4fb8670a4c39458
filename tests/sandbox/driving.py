"""A sandbox and the real client on it, in-process or over a socket, with nothing real to wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import httpx

from capital_ext import AsyncCapital, Capital, CapitalAuth, Credentials, Quota
from capital_ext.policy import World
from capital_ext.waiting import Sleep
from capital_sandbox import Limits, ManualClock, Sandbox

T = TypeVar("T")
Way = Literal["process", "http"]
ORDER: dict[str, Any] = {"epic": "SILVER", "direction": "BUY", "size": 1}


class Stage:
    """One sandbox on which time stands still, and clients that reach it in one of the two ways."""

    def __init__(self, way: Way, sandbox: Sandbox, base_url: str) -> None:
        self.way = way
        self.sandbox = sandbox
        self.faults = sandbox.faults
        self.base_url = base_url
        known = sandbox.credentials
        self._credentials = Credentials(known.api_key, known.identifier, known.password)
        self._sleep = Sleep(sync=sandbox.clock.advance, aio=self._advance)
        self._world = World(sleep=self._sleep, clock=self._seconds, now=sandbox.clock.now, luck=lambda: 0.5)
        self._arguments: dict[str, Any] = {
            "base_url": base_url,
            "timeout": 0.3 if way == "http" else 15,  # only a stall over a socket ever comes to its end
            "transport": sandbox.transport() if way == "process" else None,
            "quota": Quota.off(),
            "world": self._world,
        }
        self.capital = Capital(self._credentials, **self._arguments)
        self.capital.auth = self.capital.client.get_httpx_client().auth = self._auth()

    def run(self, act: Callable[[AsyncCapital], Awaitable[T]]) -> T:
        """Do something with an asynchronous client in an event loop of its own."""

        async def main() -> T:
            async with AsyncCapital(self._credentials, **self._arguments) as capital:
                capital.auth = capital.client.get_async_httpx_client().auth = self._auth()
                return await act(capital)

        return asyncio.run(main())

    def order(self) -> str:
        """Send an order."""
        return self.capital.positions.open(**ORDER).deal_reference

    @property
    def open(self) -> int:
        """How many positions there are, without asking over the wire."""
        customer = self.sandbox.world.customers[self.sandbox.credentials.api_key]
        return sum(len(account.positions) for account in customer.accounts.values())

    def http(self) -> httpx.Client:
        """A bare client."""
        return httpx.Client(base_url=self.base_url, transport=self._arguments["transport"], timeout=0.3)

    def _auth(self) -> CapitalAuth:
        return CapitalAuth(
            self._credentials, base_url=self.base_url, quota=Quota.off(), clock=self._seconds, sleep=self._sleep
        )

    def _seconds(self) -> float:
        return self.sandbox.clock.now().timestamp()

    async def _advance(self, seconds: float) -> None:
        self.sandbox.clock.advance(seconds)


@contextmanager
def stage_for(way: Way) -> Generator[Stage, None, None]:
    """A stage, and the end of its server."""
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    if way == "process":
        yield from _acting(Stage(way, sandbox, "http://sandbox"))
    else:
        with sandbox.serve() as server:
            yield from _acting(Stage(way, sandbox, server.url))


def _acting(stage: Stage) -> Generator[Stage, None, None]:
    with stage.capital:
        stage.capital.general.ping()  # logged in, so that faults meet what the test sends and no login
        stage.sandbox.requests.clear()
        yield stage
