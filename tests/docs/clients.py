"""`Capital()` and `AsyncCapital()` as a document writes them, on a sandbox over HTTP in place of the demo API."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

import capital_ext
from capital_ext import AsyncCapital, Capital, Quota
from capital_sandbox import Sandbox
from tests.markets.clients import stage, world_of

STEP, EVERY = 0.5, 0.004
"""Seconds of the sandbox that pass in so many real ones while somebody waits for what may come before his time."""


def passing(sandbox: Sandbox) -> Callable[[float], float]:
    """How long to wait really, where something else may end the wait: a moment, in which the sandbox's clock moves."""
    lock, last = threading.Lock(), time.monotonic()

    def real(seconds: float) -> float:
        nonlocal last
        with lock:
            if seconds > 0 and time.monotonic() - last >= EVERY:
                sandbox.clock.advance(min(seconds, STEP))
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

    class Awaiting(AsyncCapital):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **options | more)

    monkeypatch.setattr(capital_ext, "Capital", Blocking)
    monkeypatch.setattr(capital_ext, "AsyncCapital", Awaiting)
    monkeypatch.setenv("CAPITAL_API_KEY", known.api_key)
    monkeypatch.setenv("CAPITAL_IDENTIFIER", known.identifier)
    monkeypatch.setenv("CAPITAL_PASSWORD", known.password)
