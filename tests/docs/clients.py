"""`Capital()` and `AsyncCapital()` as a document writes them, on a sandbox over HTTP in place of the demo API."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

import pytest
from attrs import evolve

import capital_ext
from capital_ext import AsyncCapital, Capital, Quota
from capital_sandbox import Sandbox
from tests.markets.clients import stage, world_of

STEP, SMALL_STEP, EVERY = 0.5, 0.05, 0.004
"""Seconds of the sandbox, and without a stream there, that pass in so many real ones while somebody waits."""


def passing(sandbox: Sandbox) -> Callable[[float], float]:
    """How long to wait really, where something else may end the wait: a moment, in which the sandbox's clock moves."""
    lock, last = threading.Lock(), time.monotonic()

    def real(seconds: float) -> float:
        nonlocal last
        with lock:
            if seconds > 0 and time.monotonic() - last >= EVERY:
                sandbox.clock.advance(min(seconds, STEP if sandbox.streams else SMALL_STEP))
                last = time.monotonic()
        return min(max(seconds, 0), EVERY)

    return real


def clients_on(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, *, real_time: bool = False) -> None:
    """Until the test is over: credentials in the environment, and both clients on this sandbox.

    Where a client would wait, the sandbox's clock moves, and there is no quota; or else time and quota are as ever.
    """
    stage().sandbox, known = sandbox, sandbox.credentials
    options: dict[str, Any] = {"base_url": stage().server.url}
    if not real_time:
        options |= {"world": evolve(world_of(sandbox), real=passing(sandbox)), "quota": Quota.off()}

    class Blocking(Capital):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **options | more)

        @classmethod
        def sandbox(cls, sandbox: Sandbox | None = None) -> Self:
            return cls()

    class Awaiting(AsyncCapital):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **options | more)

        @classmethod
        def sandbox(cls, sandbox: Sandbox | None = None) -> Self:
            return cls()

    monkeypatch.setattr(capital_ext, "Capital", Blocking)
    monkeypatch.setattr(capital_ext, "AsyncCapital", Awaiting)
    monkeypatch.setenv("CAPITAL_API_KEY", known.api_key)
    monkeypatch.setenv("CAPITAL_IDENTIFIER", known.identifier)
    monkeypatch.setenv("CAPITAL_PASSWORD", known.password)


def at_the_sandbox(sandbox: Sandbox) -> type[datetime]:
    """``datetime`` with the sandbox's present."""

    class SandboxTime(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return sandbox.clock.now()

    return SandboxTime
