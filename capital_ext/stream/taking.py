"""Taking events one by one: waiting for the next on a thread, or in a task."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

from capital_api import wire

from .board import Board
from .inbox import Inbox

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

__all__ = ["AsyncEvents", "Events"]

E_co = TypeVar("E_co", covariant=True)


class _Taking(ABC):
    _board: Board

    @abstractmethod
    def _inbox(self) -> Inbox:
        """Where the events wait."""

    def _take(self) -> object:
        """An event that is there already. Most are, and each is worth saving what waiting takes."""
        with self._board.lock:
            return self._inbox().take()

    def _until(self, seconds: float) -> float:
        return self._board.world.clock() + wire.number(seconds, "seconds", minimum=0)

    def _left(self, until: float | None) -> float | None:
        """Real seconds to wait at most; None for any time. 0 or less: it is over."""
        return None if until is None else self._board.world.real(until - self._board.world.clock())


class Events(_Taking, Generic[E_co]):
    """Events to iterate over. Several threads may share them; each event comes to one of them."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> E_co:
        event = self._take()
        if event is None:
            event = self._next(None)
        if event is None:
            raise StopIteration
        return cast("E_co", event)

    def during(self, seconds: float) -> Iterator[E_co]:
        """Iterate for so many seconds, whether anything comes or not.

            for event in stream.during(10):
                print(event)

        Args:
            seconds: From the first step on.

        Raises:
            InvalidInputError: ``seconds`` is negative.
            CapitalError: As in any iteration.
        """
        until = self._until(seconds)
        while (event := self._next(until)) is not None:
            yield event

    def _next(self, until: float | None) -> E_co | None:
        inbox, lock = self._inbox(), self._board.lock
        while True:
            with lock:
                event = inbox.take()
                if event is not None or inbox.ended:
                    return cast("E_co | None", event)
                waiting = threading.Lock()
                waiting.acquire()
                ring = waiting.release
                inbox.wait_with(ring)
            try:
                left = self._left(until)
                if left is not None and left <= 0:
                    return None
                waiting.acquire(timeout=-1 if left is None else left)
            finally:
                with lock:
                    inbox.forget(ring)


class AsyncEvents(_Taking, Generic[E_co]):
    """Events to iterate over with ``async for``. Several tasks may share them; each event comes to one of them."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E_co:
        event = self._take()
        if event is None:
            event = await self._next(None)
        if event is None:
            raise StopAsyncIteration
        return cast("E_co", event)

    async def during(self, seconds: float) -> AsyncIterator[E_co]:
        """Iterate for so many seconds, whether anything comes or not.

            async for event in stream.during(10):
                print(event)

        Args:
            seconds: From the first step on.

        Raises:
            InvalidInputError: ``seconds`` is negative.
            CapitalError: As in any iteration.
        """
        until = self._until(seconds)
        while (event := await self._next(until)) is not None:
            yield event

    async def _next(self, until: float | None) -> E_co | None:
        import asyncio

        inbox, loop, here = self._inbox(), asyncio.get_running_loop(), threading.get_ident()
        while True:
            with self._board.lock:
                event = inbox.take()
                if event is not None or inbox.ended:
                    return cast("E_co | None", event)
                waiting: asyncio.Future[None] = loop.create_future()
                ring = partial(_wake, loop, here, waiting)
                inbox.wait_with(ring)
            try:
                left = self._left(until)
                if left is not None and left <= 0:
                    return None
                await asyncio.wait([waiting], timeout=left)
            finally:
                with self._board.lock:
                    inbox.forget(ring)


def _wake(loop: AbstractEventLoop, thread: int, waiting: Future[None]) -> None:
    if thread != threading.get_ident():  # unsubscribed or closed elsewhere
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(_wake, loop, thread, waiting)
    elif not waiting.done():
        waiting.set_result(None)
