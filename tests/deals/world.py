"""A sandbox whose time is moved by those who wait, and the two clients on it, driven in the same words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal, TypeVar, cast

import httpx
import pytest

from capital_ext import AsyncCapital, Capital, Credentials, OutcomeUnknownError, Quota
from capital_ext.policy import World
from capital_ext.waiting import Sleep
from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.state import AccountState

T = TypeVar("T")
Kind = Literal["sync", "async"]
Way = Literal["process", "http"]
KINDS: tuple[Kind, ...] = ("sync", "async")
Act = Callable[[Capital], Any]
"""Something to do with a client."""
Rewrite = Callable[[httpx.Request, dict[str, Any]], dict[str, Any] | None]

POSITIONS = "/positions"
ORDERS = "/workingorders"


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The line to the sandbox: dates answers as it is told, and can rewrite what they say."""

    def __init__(self, inner: Any, now: Callable[[], datetime]) -> None:
        self.inner = inner
        self.now = now
        self.date: timedelta | None = timedelta(0)
        """By how much the ``Date`` of answers is wrong; None for none at all."""
        self.rewrite: Rewrite | None = None
        """Given a request and the JSON of its answer: another JSON, or None to leave it."""
        self.meanwhile: Callable[[httpx.Request], Any] | None = None
        """Something to call with the client while a request is on its way."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.meanwhile:
            self.meanwhile(request)
        response: httpx.Response = self.inner.handle_request(request)
        response.read()
        return self.told(request, response)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # so that tasks meet one another between any two requests
        called = self.meanwhile and self.meanwhile(request)
        if called:
            await called
        response: httpx.Response = await self.inner.handle_async_request(request)
        await response.aread()
        return self.told(request, response)

    def told(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        headers = [
            (name, value) for name, value in response.headers.multi_items() if name not in ("date", "content-length")
        ]
        if self.date is not None:
            headers.append(("Date", format_datetime(self.now() + self.date, usegmt=True)))
        content = response.content
        if self.rewrite is not None and response.status_code == 200:
            other = self.rewrite(request, json.loads(content))
            content = content if other is None else json.dumps(other).encode()
        return httpx.Response(response.status_code, headers=headers, content=content)

    def close(self) -> None:
        if isinstance(self.inner, httpx.HTTPTransport):
            self.inner.close()

    async def aclose(self) -> None:
        if isinstance(self.inner, httpx.AsyncHTTPTransport):
            await self.inner.aclose()


class Side:
    """One client, synchronous or not, and the sandbox that it is on."""

    def __init__(
        self,
        kind: Kind,
        sandbox: Sandbox,
        url: str | None,
        *,
        local: timedelta = timedelta(0),
        world: World | None = None,
        timeout: float = 15,
    ) -> None:
        self.kind: Kind = kind
        self.sandbox = sandbox
        self.url = url
        self.faults = sandbox.faults
        self.clock = sandbox.clock
        self.waited: list[float] = []
        known = sandbox.credentials
        self.local = local
        """By how much this machine's clock is wrong."""
        self.hurry = 0.0
        """Seconds that pass whenever somebody looks at the clock."""
        self.world = world or World(
            sleep=Sleep(self._sleep, self._sleep_async), clock=self._seconds, now=self._now, luck=lambda: 0.5
        )
        self.wire = Wire(self._inner(), sandbox.clock.now)
        self._runner = asyncio.Runner() if kind == "async" else None
        arguments: dict[str, Any] = {
            "base_url": url or "http://sandbox",
            "timeout": timeout,
            "transport": self.wire,
            "world": self.world,
            "quota": Quota.off(),
        }
        credentials = Credentials(known.api_key, known.identifier, known.password)
        self.capital: Capital | AsyncCapital
        self.capital = Capital(credentials, **arguments) if kind == "sync" else AsyncCapital(credentials, **arguments)

    def _inner(self) -> Any:
        if self.url is None:
            return self.sandbox.transport()
        return httpx.HTTPTransport() if self.kind == "sync" else httpx.AsyncHTTPTransport()

    def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.advance(seconds)

    async def _sleep_async(self, seconds: float) -> None:
        self._sleep(seconds)
        await asyncio.sleep(0)

    def _seconds(self) -> float:
        if self.hurry:
            self.clock.advance(self.hurry)
        return self.clock.now().timestamp()

    def _now(self) -> datetime:
        return self.clock.now() + self.local

    def do(self, act: Callable[[Capital], T]) -> T:
        """Call something. It is written against `Capital`, whose methods `AsyncCapital` shares."""
        if self._runner is None:
            return act(cast("Capital", self.capital))

        async def awaited() -> T:
            answer: T = await cast("Any", act(cast("Capital", self.capital)))
            return answer

        return self._runner.run(awaited())

    def all_at_once(self, acts: list[Callable[[Capital], T]]) -> list[T | BaseException]:
        """Call many things at the same time, in threads or in tasks."""
        if self._runner is None:
            from concurrent.futures import ThreadPoolExecutor

            def guarded(act: Callable[[Capital], T]) -> T | BaseException:
                try:
                    return act(cast("Capital", self.capital))
                except Exception as error:
                    return error

            with ThreadPoolExecutor(len(acts)) as threads:
                return list(threads.map(guarded, acts))

        async def gathered() -> list[T | BaseException]:
            calls = [cast("Any", act(cast("Capital", self.capital))) for act in acts]
            answers: list[T | BaseException] = await asyncio.gather(*calls, return_exceptions=True)
            return answers

        return self._runner.run(gathered())

    def lose(self, act: Callable[[Capital], object]) -> OutcomeUnknownError:
        """Do something whose outcome is lost."""
        with pytest.raises(OutcomeUnknownError) as caught:
            self.do(act)
        return caught.value

    def resolve(self, error: OutcomeUnknownError) -> Any:
        return self.do(lambda capital: capital.deals.resolve(error))

    # --- the truth, without asking over the wire ---

    @property
    def account(self) -> AccountState:
        return self.sandbox.state.account

    def sent(self, method: str, path: str) -> int:
        """How many such requests arrived, carried out or not."""
        return len(self.sandbox.requests.matching(method, path))

    def executed(self, method: str, path: str) -> int:
        return len(self.sandbox.requests.executed(method, path))

    def close(self) -> None:
        if self._runner is None:
            cast("Capital", self.capital).close()
        else:
            self._runner.run(cast("AsyncCapital", self.capital).aclose())
            self._runner.close()


Making = Callable[..., Side]
"""Makes a client on a sandbox of its own, with these settings; it is closed after the test."""


def makes(kind: Kind, way: Way) -> Generator[Making]:
    """What a fixture needs to offer `Making`."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Side:
            return stack.enter_context(side(kind, way, **settings))

        yield make


def beside(one: Side, kind: Kind | None = None) -> closing[Side]:
    """Another program on the same account."""
    return closing(Side(kind or one.kind, one.sandbox, one.url))


def twin(one: Side, kind: Kind | None = None) -> closing[Side]:
    """Another client of the same user in the same program."""
    return closing(Side(kind or one.kind, one.sandbox, one.url, world=one.world))


@contextmanager
def side(
    kind: Kind = "sync",
    way: Way = "process",
    *,
    local: timedelta = timedelta(0),
    timeout: float = 15,
    sandbox: Sandbox | None = None,
    **settings: Any,
) -> Generator[Side]:
    """A client on a sandbox of its own, or on one that is there already.

    Only a stall over a socket ever takes the timeout, in real seconds: then it had better be short.
    """
    box = sandbox or Sandbox(clock=ManualClock(), limits=Limits.off(), **settings)
    server = box.serve() if way == "http" else None
    one = Side(kind, box, server.url if server else None, local=local, timeout=timeout)
    try:
        yield one
    finally:
        one.close()
        if server:
            server.close()
