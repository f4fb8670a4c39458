"""A stream on a sandbox whose time goes on when nothing comes, synchronous or not, driven in the same words."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from capital_ext import AsyncCapital, AsyncStream, Capital, Credentials, Quota
from capital_ext.history.candle import Candle
from capital_ext.policy import World
from capital_ext.stream.events import Quote, StreamEvent
from capital_ext.waiting import Sleep
from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.stream.streams import Connection

T = TypeVar("T")
Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")

PATIENCE = 2.0
"""Real seconds in which what is under way must have arrived; time goes on without it then."""
A_WHILE = 20.0
"""Real seconds after which a test has failed that waits for something."""


class Live:
    """One client with one stream, and the sandbox that it is on."""

    def __init__(
        self,
        kind: Kind,
        sandbox: Sandbox,
        url: str,
        *,
        local: timedelta = timedelta(0),
        luck: float = 0.5,
        **options: Any,
    ) -> None:
        self.kind: Kind = kind
        self.sandbox = sandbox
        self.clock = sandbox.clock
        self.faults = sandbox.faults.stream
        self.pauses: list[float] = []
        self.events: list[StreamEvent] = []
        """All that was taken."""
        self._looked: dict[str, datetime] = {}
        self._local = local
        known = sandbox.credentials
        credentials = Credentials(known.api_key, known.identifier, known.password)
        world = World(
            sleep=Sleep(self._sleep, self._sleep_async),
            clock=lambda: self.clock.now().timestamp(),
            now=lambda: self.clock.now() + self._local,
            luck=lambda: luck,
            real=self._real,
        )
        arguments: dict[str, Any] = {"base_url": url, "world": world, "quota": Quota.off()}
        self._runner = asyncio.Runner() if kind == "async" else None
        self.capital: Any
        self.stream: Any
        if self._runner is None:
            self.capital = Capital(credentials, **arguments)
            self.stream = self.capital.stream(**options)
        else:
            self.capital = AsyncCapital(credentials, **arguments)
            self.stream = self._runner.run(self._opened(options))

    async def _opened(self, options: dict[str, Any]) -> AsyncStream:
        return cast("AsyncStream", self.capital.stream(**options))

    # --- subscribing, in the event loop where there is one ---

    def do(self, act: Callable[[], T]) -> T:
        """Call something of the stream, which returns at once."""
        if self._runner is None:
            return act()

        async def called() -> T:
            return act()

        return self._runner.run(called())

    def quotes(self, *epics: str) -> Any:
        return self.do(lambda: self.stream.quotes(*epics))

    def candles(self, *epics: str, **more: Any) -> Any:
        return self.do(lambda: self.stream.candles(*epics, **more))

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something in the event loop of an asynchronous one."""
        assert self._runner is not None
        return self._runner.run(coroutine)

    def call(self, act: Callable[[Any], Any]) -> Any:
        """Call the API with the client of the stream."""
        if self._runner is None:
            return act(self.capital)

        async def awaited() -> Any:
            return await act(self.capital)

        return self._runner.run(awaited())

    # --- taking events; time goes on while there are none ---

    def take(self, source: Any = None) -> Any:
        """The next event if one comes without time going on. Errors are raised."""
        source = source or self.stream
        inbox, lock, until = source._inbox(), source._board.lock, time.perf_counter() + PATIENCE
        while True:
            with lock:
                event = inbox.take()
            if event is not None or inbox.ended or self._is_calm() or time.perf_counter() > until:
                return event
            self.let_work()

    def let_work(self) -> None:
        """A moment of real time for threads or tasks."""
        if self._runner is None:
            threading.Event().wait(0.001)
        else:
            self._runner.run(asyncio.sleep(0.001))

    def _is_calm(self) -> bool:
        """Whether nothing is under way at this moment, so that only time can bring more."""
        board, far, now = self.stream._board, list(self.sandbox.streams), self.clock.now().timestamp()
        with board.lock:
            near: list[Any] = list(board.connections)
            for each in near:
                name = f"connection-{each.number}"
                if each.ending is not None:
                    if each.paused._bell is None or not self._has_looked(name):  # it connects, or should
                        return False
                elif each._outbox or each.wake._bell is None or not self._has_looked(f"{name}-speaker"):
                    return False
            if any((due := feed.due()) is not None and due <= now for feed in board._feeds.values()):
                return False
            talking = [each for each in near if each.ending is None]
            heard, said = sum(each.heard for each in talking), sum(each.said for each in talking)
            resting = board.closed or (board.errands._bell is not None and self._has_looked("errands"))
        arrived = len(talking) == len(far) and said == sum(each.received for each in far)
        return (
            resting and arrived and heard == sum(each.sent for each in far) and all(_has_said_all(each) for each in far)
        )

    def next(self, source: Any = None, *, within: float = 600, step: float = 1) -> StreamEvent:
        """The next event, for which time goes on in steps."""
        passed = 0.0
        while True:
            event: StreamEvent | None = self.take(source)
            if event is not None:
                self.events.append(event)
                return event
            assert passed < within, f"nothing came within {within} s: {self.stream}"
            self.clock.advance(step)
            passed += step

    def until(
        self, wanted: Callable[[StreamEvent], bool], source: Any = None, *, within: float = 600, step: float = 1
    ) -> Any:
        """The first event that is wanted; those before it are in ``events``."""
        end = self.clock.now() + timedelta(seconds=within)
        while True:
            event = self.next(source, within=within, step=step)
            if wanted(event):
                return event
            assert self.clock.now() < end, f"only others came within {within} s: {self.events[-3:]}"

    def a(self, kind: type[T], source: Any = None, *, within: float = 600, step: float = 1) -> T:
        """The next event of a kind."""
        return cast("T", self.until(lambda event: isinstance(event, kind), source, within=within, step=step))

    def pass_by(self, seconds: float, step: float = 1) -> list[StreamEvent]:
        """Let time go on, and take what comes."""
        end, found = self.clock.now() + timedelta(seconds=seconds), list[StreamEvent]()
        while True:
            event = self.take()
            if event is not None:
                found.append(event)
            elif self.clock.now() >= end:
                self.events += found
                return found
            else:
                self.clock.advance(step)

    def wait(self, until: Callable[[], object]) -> None:
        """Let the stream work, without taking anything, until something is so."""
        last = time.perf_counter() + A_WHILE
        while not until():
            assert time.perf_counter() < last, "it never came to be"
            self.let_work()

    def live(self) -> Connection:
        """The sandbox's end of the connection, as soon as all is subscribed to."""
        wanted = {str(topic) for topic in self.stream._board.topics()}
        self.wait(lambda: {name for each in self.sandbox.streams for name in each.subscriptions} >= wanted)
        self.wait(lambda: all(feed.live for feed in self.stream._board._feeds.values()))
        return self.sandbox.streams[0]

    # --- the truth, without asking over the wire ---

    def sent(self, method: str, path: str) -> int:
        """How many such requests arrived."""
        return len(self.sandbox.requests.matching(method, path))

    def close(self) -> None:
        self.close_stream()
        if self._runner is None:
            self.capital.close()
        else:
            self._runner.run(self.capital.aclose())
            self._runner.close()

    def close_stream(self) -> None:
        if self._runner is None:
            self.stream.close()
        else:
            self._runner.run(self.stream.aclose())

    def _has_looked(self, name: str) -> bool:
        """Whether a thread or task has looked at the clock since it was moved."""
        return self._looked.get(f"capital_ext-stream-{name}") == self.clock.now()

    def _real(self, seconds: float) -> float:
        """Time stands still until a test moves it: look at it now and then."""
        self.pauses.append(seconds)
        if self._runner is None:
            self._looked[threading.current_thread().name] = self.clock.now()
        elif task := asyncio.current_task():
            self._looked[task.get_name()] = self.clock.now()
        return min(max(seconds, 0.0), 0.005)

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)

    async def _sleep_async(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await asyncio.sleep(0)


@contextmanager
def live(
    kind: Kind,
    *,
    options: dict[str, Any] | None = None,
    local: timedelta = timedelta(0),
    luck: float = 0.5,
    **settings: Any,
) -> Generator[Live]:
    """A stream on a sandbox of its own."""
    settings.setdefault("clock", ManualClock())
    sandbox = Sandbox(limits=Limits.off(), **settings)
    with sandbox.serve() as server:
        one = Live(kind, sandbox, server.url, local=local, luck=luck, **(options or {}))
        try:
            yield one
        finally:
            one.close()


def _has_said_all(connection: Connection) -> bool:
    """Whether the sandbox has no more to say at this moment."""
    left = connection.real_seconds()
    return left is None or left > 0


Making = Callable[..., Live]


def quotes_in(events: Iterable[StreamEvent], epic: str | None = None) -> list[Quote]:
    return [event for event in events if isinstance(event, Quote) and epic in (None, event.epic)]


def candles_in(events: Iterable[StreamEvent], epic: str | None = None) -> list[Candle]:
    return [event for event in events if isinstance(event, Candle) and epic in (None, event.epic)]


def minute(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-06-10T{text}:00+00:00")
