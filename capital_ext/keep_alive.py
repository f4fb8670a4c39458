"""Keeping the session alive while nothing else uses it: a ping now and then, from a thread or a task."""

from __future__ import annotations

import threading
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from capital_api.wire import number

from .auth import IDLE_SECONDS, MARGIN_SECONDS, CapitalAuth
from .background import Background
from .by_side import by_side
from .errors import CapitalError, InvalidInputError, LoginError
from .logs import log
from .policy import World
from .workflow import Steps, ask, workflow

if TYPE_CHECKING:
    from asyncio import Task

__all__ = ["AsyncKeepAlive", "KeepAlive", "StayingAlive"]

T = TypeVar("T")

EVERY_SECONDS = 480.0
"""The API ends a session ten minutes after its last use."""
AGAIN_SECONDS = 30.0
"""After a ping that failed."""
STOP_SECONDS = 5.0
"""For so long a ping that is under way is waited for when its thread is stopped. After that it ends by itself."""


class _Client(Protocol):
    auth: CapitalAuth
    _background: Background


class _Blocking(_Client, Protocol):
    def _run(self, steps: Steps[T]) -> T: ...


class _Awaiting(_Client, Protocol):
    def _run(self, steps: Steps[T]) -> Coroutine[object, object, T]: ...


class _Heart:
    """What thread and task have in common: when to ping, and what to make of an error."""

    def __init__(self, client: _Client, every: float) -> None:
        self.error: LoginError | None = None
        """The refused login that ended it; None while it runs, and after ``stop``."""
        self._every = number(every, "every", above=0, maximum=IDLE_SECONDS - MARGIN_SECONDS - AGAIN_SECONDS)
        self._auth = client.auth
        self._background = client._background  # pyright: ignore[reportPrivateUsage]

    def _beat(self) -> Steps[float | None]:
        """Ping if the session was not used for long enough. Seconds until the next look; None is the end."""
        idle = self._auth.idle_seconds
        if idle is not None and idle < self._every:
            return self._every - idle
        try:
            yield from ask(lambda api: api.general.ping())
        except CapitalError as error:
            if isinstance(error, LoginError) and error.is_refusal:
                self.error = error
                log.error("keep-alive ends: %s", error)
                return None
            return self._after(str(error))
        return self._every

    def _stumble(self, error: Exception) -> float:
        """Any other error is a mistake in this library. It is named, not quoted: its text may hold anything."""
        return self._after(type(error).__name__)

    def _after(self, failure: str) -> float:
        wait = min(self._every, AGAIN_SECONDS)
        log.warning("keep-alive: a ping failed, the next is in %g s: %s", wait, failure)
        return wait


class KeepAlive(_Heart):
    """A thread that keeps the session alive. It ends with ``stop``, a ``with`` block, or the client."""

    def __init__(self, client: _Blocking, every: float) -> None:
        super().__init__(client, every)
        self._client = client
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._live, name="capital_ext-keep-alive", daemon=True)
        with self._background.starting(self, self._end, self.stop):
            self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it still keeps the session alive."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop it, and wait until its thread has ended: at once, or when a ping that is under way was answered.

        After five seconds it is not waited for any more; the thread ends when the ping's own timeout is over.
        """
        self._end()
        self._background.leave(self)
        self._thread.join(STOP_SECONDS)

    def _end(self) -> None:
        """Have it end, and don't wait for that."""
        self._stopped.set()

    def _live(self) -> None:
        wait: float | None = 0.0
        while wait is not None and not self._stopped.wait(wait):
            try:
                wait = self._client._run(self._beat())  # pyright: ignore[reportPrivateUsage]
            except Exception as error:
                wait = self._stumble(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class AsyncKeepAlive(_Heart):
    """A task that keeps the session alive. It ends with ``stop``, an ``async with`` block, or the client."""

    def __init__(self, client: _Awaiting, every: float) -> None:
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise InvalidInputError("keep_alive starts a task: call it inside the event loop") from None
        super().__init__(client, every)
        self._client = client
        with self._background.starting(self, self._end, self.stop):
            self._task: Task[None] = loop.create_task(self._live(), name="capital_ext-keep-alive")

    @property
    def running(self) -> bool:
        """Whether it still keeps the session alive."""
        return not self._task.done()

    async def stop(self) -> None:
        """Stop it, and wait until its task has ended. A ping that is under way is given up."""
        import asyncio

        self._background.leave(self)
        self._end()
        if self._task.get_loop() is asyncio.get_running_loop():
            while not self._task.done():
                await asyncio.wait([self._task], timeout=0.1)
                self._task.cancel()  # more than once: Python 3.11's wait_for can lose a cancellation

    def _end(self) -> None:
        """Have it end, and don't wait for that."""
        import asyncio

        loop = self._task.get_loop()
        if loop is asyncio.get_running_loop():
            self._task.cancel()
        else:  # a task of another thread's loop
            with suppress(RuntimeError):  # which is closed, and has ended it
                loop.call_soon_threadsafe(self._task.cancel)

    async def _live(self) -> None:
        import asyncio

        wait: float | None = 0.0
        while wait is not None:
            await asyncio.sleep(wait)
            try:
                wait = await self._client._run(self._beat())  # pyright: ignore[reportPrivateUsage]
            except Exception as error:
                wait = self._stumble(error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()


def _keep_alive(client: _Blocking, *, every: float = EVERY_SECONDS) -> KeepAlive:
    """Keep the session alive in the background while nothing else uses it, until the client is closed.

        capital.keep_alive()                 # on AsyncCapital the same, without await, in the event loop

        with capital.keep_alive() as heart:  # or for a while; async with, on AsyncCapital
            print(heart.running)

    On `Capital` a daemon thread does it, on `AsyncCapital` a task of the running event loop. It need not be used: a
    session that has ended is renewed by the next call. It saves that call the login, a second or so, and keeps the
    session of a stream. Where the API ends sessions although they are used, it logs in anew at its next ping.

    A ping that fails is logged, and tried again half a minute later. Only a refused login ends it, since the same
    credentials would be refused again and might get blocked: it is logged as an error and kept in ``.error``, and every
    call that you make raises it too.

    Calls ``GET /ping`` at once unless a session is open, then each time that the session was not used for so long.

    Args:
        every: Seconds without use after which to ping, at most 540. Time is real here, also under a clock of tests.

    Returns:
        The thread (a `KeepAlive`) or task (an `AsyncKeepAlive`): ``stop()`` it, or ask it ``.running`` and ``.error``.

    Raises:
        InvalidInputError: ``every`` is 0 or less or above 540, the client is closed, or no event loop is running.
    """
    return KeepAlive(client, every)


def _keep_alive_async(client: _Awaiting, *, every: float = EVERY_SECONDS) -> AsyncKeepAlive:
    return AsyncKeepAlive(client, every)


class StayingAlive:
    """Using the session for nothing but to keep it alive."""

    _world: World
    _background: Background

    @workflow
    def ping(self) -> Steps[float]:
        """Use the session, which keeps it alive for ten more minutes, and see whether the API answers.

        Calls ``GET /ping``, after a login where no session is open.

        Returns:
            Seconds until the answer was there: a login, waiting for a turn and retries are a part of it.

        Raises:
            LoginError: The login was refused or kept failing.
            CapitalError: There was no answer, or no good one.
        """
        started = self._world.clock()
        yield from ask(lambda api: api.general.ping())
        return self._world.clock() - started

    keep_alive = by_side(_keep_alive, _keep_alive_async)
