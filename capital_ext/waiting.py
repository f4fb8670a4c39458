"""What a session waits for: a moment, somebody else's login, a turn. Each can be waited for by threads and by tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress

from attrs import frozen

from .errors import LoginError

__all__ = ["Bell", "Flight", "Pause", "Sleep"]


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
            async with asyncio.timeout(
                self._patience
            ):  # wait_for would, in Python 3.11, lose a cancellation now and then
                return await asyncio.wrap_future(self._future)
        except TimeoutError:
            return self._stuck()

    def _stuck(self) -> LoginError:
        self.stuck = True
        return LoginError(f"another caller's login made no progress for {self._patience:g} seconds; call again")


class Bell:
    """Rings at most once, for one thread or task that waits for it. It may be waited for in vain: then look again."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._future: Future[None] = Future()
        self._future.set_running_or_notify_cancel()  # as above

    def ring(self) -> None:
        """End the wait, or the one to come."""
        self._future.set_result(None)

    def wait(self) -> None:
        with suppress(TimeoutError):
            self._future.result(self._patience)

    async def wait_async(self) -> None:
        import asyncio

        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await asyncio.wrap_future(self._future)
