"""What a call waits for: a moment, somebody else's login, a turn. Each can be waited for by threads and by tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from contextvars import ContextVar
from itertools import takewhile
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from attrs import frozen

from .errors import LoginError, NotSentError

__all__ = ["ABANDONED", "Bell", "Flight", "Line", "Pause", "Place", "Sleep", "Waitable"]

LOOK_AGAIN = 0.1
"""Seconds between two looks of those who stand in a line: their patience is counted on a clock that may be another."""


def _never() -> bool:
    return False


ABANDONED: ContextVar[Callable[[], bool]] = ContextVar("capital_ext_abandoned", default=_never)
"""Whether nobody waits any longer for the answer to the call of this thread. Then it is not sent again."""


async def _async_sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


@runtime_checkable
class Waitable(Protocol):
    """What threads and tasks can wait for."""

    def wait(self) -> object:
        """On a thread."""
        ...

    async def wait_async(self) -> object:
        """In a task of any event loop."""
        ...


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
    """Rings once, for one thread or task that waits for it. It may be waited for in vain: then look again."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._future: Future[None] = Future()
        self._future.set_running_or_notify_cancel()  # as above

    def ring(self) -> None:
        """End the wait, or the one to come."""
        with suppress(InvalidStateError):  # it was rung before
            self._future.set_result(None)

    def wait(self) -> None:
        with suppress(TimeoutError):
            self._future.result(self._patience)

    async def wait_async(self) -> None:
        import asyncio

        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await asyncio.wrap_future(self._future)


class Line:
    """Those who want to do the same, which has to be done by one after the other: first come, first served."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.places: list[Place] = []


class Place(Bell):
    """A place in a line, from the beginning of a ``with`` block to its end. It rings when it has become the first.

    There is no lock here, and every step is a single one of a list: the garbage collector may end a forgotten call,
    which gives its place up, while this very thread is in the middle of another one.
    """

    def __init__(self, line: Line) -> None:
        super().__init__(LOOK_AGAIN)
        self._line = line
        self._thread = threading.get_ident()

    def __enter__(self) -> Self:
        self._line.places.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        places = self._line.places
        places.remove(self)
        with suppress(IndexError):  # nobody is left
            places[0].ring()

    @property
    def is_first(self) -> bool:
        """Whether its turn has come."""
        return self._line.places[0] is self

    def wait(self) -> None:
        ahead = takewhile(lambda place: place is not self, tuple(self._line.places))
        if any(place._thread == self._thread for place in ahead):
            # They are tasks of this thread's event loop, or a caller further up this very stack.
            raise NotSentError(
                f"{self._line.what}: another change of it is in progress on this thread, which would stop it for good "
                "by waiting for it; inside an event loop use AsyncCapital. Nothing was sent."
            )
        super().wait()
