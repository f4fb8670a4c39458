"""Fixtures for testing a strategy: a sandbox whose time stands still, and clients on it. Nothing real is waited for.

Loaded only when asked for, by ``pytest_plugins = ["capital_sandbox.pytest_plugin"]`` in a test module or in the
topmost ``conftest.py``, or by ``pytest -p capital_sandbox.pytest_plugin``.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from capital_sandbox import Limits, ManualClock, Sandbox

if TYPE_CHECKING:
    from capital_ext import AsyncCapital, Capital, CapitalAuth, Credentials, Quota
    from capital_ext.policy import World

_BASE_URL = "http://sandbox"


@pytest.fixture
def capital_sandbox() -> Sandbox:
    """A fresh Capital.com without limits. Its time moves only by ``capital_sandbox.clock.advance(seconds)``."""
    return Sandbox(clock=ManualClock(), limits=Limits.off())


@pytest.fixture
def capital(capital_sandbox: Sandbox) -> Iterator[Capital]:
    """A ``Capital`` on the sandbox of this test. Where it would wait, the sandbox's clock moves instead."""
    from capital_ext import Capital

    parts = _parts(capital_sandbox)
    with Capital(
        parts["credentials"],
        base_url=_BASE_URL,
        transport=capital_sandbox.transport(),
        quota=parts["quota"],
        world=parts["world"],
    ) as client:
        client.auth = client.client.get_httpx_client().auth = parts["auth"]
        yield client


@pytest.fixture
def async_capital(capital_sandbox: Sandbox) -> Iterator[AsyncCapital]:
    """An ``AsyncCapital`` on the sandbox of this test, for any event loop: ``asyncio.run``, pytest-asyncio, anyio."""
    from capital_ext import AsyncCapital

    parts = _parts(capital_sandbox)
    client = AsyncCapital(
        parts["credentials"],
        base_url=_BASE_URL,
        transport=capital_sandbox.transport(),
        quota=parts["quota"],
        world=parts["world"],
    )
    client.auth = client.client.get_async_httpx_client().auth = parts["auth"]
    yield client
    _finish(client.aclose())


class _Parts(TypedDict):
    credentials: Credentials
    quota: Quota
    world: World
    auth: CapitalAuth


def _parts(sandbox: Sandbox) -> _Parts:
    """What makes a client live in the sandbox's time."""
    from capital_ext import CapitalAuth, Credentials, Quota
    from capital_ext.policy import World
    from capital_ext.waiting import Sleep

    async def advance(seconds: float) -> None:
        sandbox.clock.advance(seconds)

    def seconds() -> float:
        return sandbox.clock.now().timestamp()

    known = sandbox.credentials
    credentials = Credentials(known.api_key, known.identifier, known.password)
    sleep = Sleep(sync=sandbox.clock.advance, aio=advance)
    world = World(sleep=sleep, clock=seconds, now=sandbox.clock.now, luck=lambda: 0.5)
    # With the limits of the service, calls take the time that they would take there. Without, time stands still between
    # them; only logins stay a second apart.
    unlimited = sandbox.world.limits.limits == Limits.off()
    quota = Quota(calls_per_second=None, trades_per_second=None, jitter=0) if unlimited else Quota()
    return {
        "credentials": credentials,
        "quota": quota,
        "world": world,
        "auth": CapitalAuth(credentials, base_url=_BASE_URL, quota=quota, clock=seconds, sleep=sleep),
    }


def _finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that has nothing to wait for, as on a transport without sockets; no event loop is touched."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("closing the client waits for something; use async_capital with its own transport only")
