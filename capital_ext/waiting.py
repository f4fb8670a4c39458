"""What a session waits for: a moment, or somebody else's login. Each can be waited for by threads and by tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

from attrs import field, frozen

from .errors import LoginError

__all__ = ["LOGIN_SPACING", "Flight", "LoginPace", "Pause", "Sleep"]

LOGIN_SPACING = 1.0
"""Seconds between two logins with one API key: the API allows one a second."""


async def _async_sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


@frozen
class Sleep:
    """How to let time pass. Tests put a clock here that they move themselves."""

    sync: Callable[[float], object] = time.sleep
    aio: Callable[[float], Awaitable[object]] = _async_sleep


@frozen
class Pause:
    """A step that takes time and nothing else."""

    seconds: float
    sleep: Sleep

    def wait(self) -> None:
        self.sleep.sync(self.seconds)

    async def wait_async(self) -> None:
        await self.sleep.aio(self.seconds)


class Flight:
    """A login in progress, which one caller leads and any number of others wait for.

    It holds a concurrent future, because that is the one thing that threads and tasks of any event loop can wait for.
    """

    def __init__(self, patience: float) -> None:
        self.stuck = False
        """Whether a waiter ran out of patience with the leader."""
        self._patience = patience
        self._leader = threading.get_ident()
        self._future: Future[LoginError | None] = Future()
        self._future.set_running_or_notify_cancel()  # from now on a cancelled waiter can't cancel it for the others

    def land(self, refusal: LoginError | None) -> None:
        """End it. ``refusal`` is told to every waiter; None says: look again, there may be a session now."""
        self._future.set_result(refusal)

    def wait(self) -> LoginError | None:
        if self._leader == threading.get_ident() and not self._future.done():
            # The leader is a task of this thread's event loop, or a caller further up this very stack.
            return LoginError(
                "a login is in progress on this thread, which now waits for it and so stops it for good; "
                "inside an event loop use AsyncCapital"
            )
        try:
            return self._future.result(self._patience)
        except TimeoutError:
            return self._stuck()

    async def wait_async(self) -> LoginError | None:
        import asyncio

        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._future), self._patience)
        except TimeoutError:
            return self._stuck()

    def _stuck(self) -> LoginError:
        self.stuck = True
        return LoginError(f"another caller's login made no progress for {self._patience:g} seconds; call again")


@frozen
class LoginPace:
    """Spaces the logins of one process: one a second for each key, however many clients share it."""

    _next: dict[tuple[object, ...], float] = field(factory=dict[tuple[object, ...], float], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def reserve(self, key: tuple[object, ...], now: float) -> float:
        """Take the next free place in the row of ``key``, and say how many seconds away it is."""
        with self._lock:
            at = max(now, self._next.get(key, now))
            self._next[key] = at + LOGIN_SPACING
        return at - now
