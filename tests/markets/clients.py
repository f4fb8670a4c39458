"""Both kinds of client on a sandbox over real HTTP, so that one test speaks about both."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, cast

from capital_ext import AsyncCapital, Capital, Credentials, Quota, Retries
from capital_ext.policy import World
from capital_ext.waiting import Sleep
from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.server import Server


def new_sandbox(start: datetime | None = None) -> Sandbox:
    return Sandbox(clock=ManualClock(start) if start else ManualClock(), limits=Limits.off())


def world_of(sandbox: Sandbox) -> World:
    """The sandbox's time: where a client would wait, it moves."""

    async def advance(seconds: float) -> None:
        sandbox.clock.advance(seconds)

    return World(
        sleep=Sleep(sandbox.clock.advance, advance),
        clock=lambda: sandbox.clock.now().timestamp(),
        now=sandbox.clock.now,
        luck=lambda: 0.5,
    )


class Side:
    """A client, and how to have its workflows carried out: at once, or by an event loop."""

    def __init__(self, kind: str, sandbox: Sandbox, url: str, world: World) -> None:
        known = sandbox.credentials
        options: dict[str, Any] = {
            "credentials": Credentials(known.api_key, known.identifier, known.password),
            "base_url": url,
            "world": world,
            "quota": Quota.off(),
            "retries": Retries(attempts=2),
        }
        self.is_async = kind == "async"
        self.sandbox = sandbox
        self.runner = asyncio.Runner()
        self.capital: Any = AsyncCapital(**options) if self.is_async else Capital(**options)

    def do(self, call: Callable[[Any], Any]) -> Any:
        """What a method returns, or raises."""

        async def awaited() -> Any:
            outcome = call(self.capital)
            return await outcome if inspect.isawaitable(outcome) else outcome

        return self.runner.run(awaited()) if self.is_async else call(self.capital)

    def all(self, call: Callable[[Any], Any]) -> list[Any]:
        """Everything that a walk gives."""

        async def collected() -> list[Any]:
            return [row async for row in call(self.capital)]

        return self.runner.run(collected()) if self.is_async else list(call(self.capital))

    def within(self, manager: Callable[[Any], Any], body: Callable[[Any, Any], Any]) -> Any:
        """What a body does inside a ``with`` or ``async with``. The body gets the client and what was entered."""

        async def entered() -> Any:
            async with manager(self.capital) as thing:
                outcome = body(self.capital, thing)
                return await outcome if inspect.isawaitable(outcome) else outcome

        if self.is_async:
            return self.runner.run(entered())
        with manager(self.capital) as thing:
            return body(self.capital, thing)

    def calls(self) -> list[str]:
        """What the client sent, logins left out."""
        asked = (f"{each.method} {each.path.removeprefix('/api/v1')}" for each in self.sandbox.requests)
        return [each for each in asked if each not in ("GET /session/encryptionKey", "POST /session")]

    def close(self) -> None:
        self.do(lambda capital: capital.aclose() if self.is_async else capital.close())
        self.runner.close()


class Stage:
    """The sandbox that the one server of all tests serves now: to start and end a server takes longer than a test."""

    def __init__(self) -> None:
        self.sandbox = new_sandbox()
        self.server = Server(cast("Sandbox", self), "127.0.0.1", 0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sandbox, name)


@cache
def stage() -> Stage:
    return Stage()


@contextmanager
def side_on(kind: str, sandbox: Sandbox, world: World | None = None) -> Generator[Side]:
    """A client that lives in the sandbox's time, or in another one."""
    stage().sandbox = sandbox
    side = Side(kind, sandbox, stage().server.url, world or world_of(sandbox))
    try:
        yield side
    finally:
        side.close()
