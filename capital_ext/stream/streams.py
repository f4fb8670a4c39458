"""The stream as its users have it: `Stream` for threads, `AsyncStream` for tasks, and their subscriptions."""

from __future__ import annotations

import threading
import time
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from inspect import iscoroutinefunction
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias, TypeVar

from capital_api import wire
from capital_api.models.candle_kind import CandleKind
from capital_api.models.resolution import Resolution

from ..background import Background
from ..errors import CapitalError, InvalidInputError
from ..history.candle import Candle
from ..history.spans import instant
from ..logs import log
from ..workflow import Awaiting, Blocking, Steps
from .board import Board, Order
from .connection import Connection
from .events import Notice, Quote, StreamEvent, Topic
from .inbox import Inbox
from .lifelines import keep_connected, look_after
from .taking import AsyncEvents, Events

if TYPE_CHECKING:
    from asyncio import Task

    from capital_api import Api, AsyncApi

    from ..history.histories import ResolutionName

__all__ = ["AsyncStream", "AsyncSubscription", "Stream", "Subscription"]

E = TypeVar("E", Quote, Candle)
E_co = TypeVar("E_co", Quote, Candle, covariant=True)
Q = TypeVar("Q")
C = TypeVar("C")

STOP_SECONDS = 5.0
"""For so long a thread is waited for that is in the middle of a call. After that it ends by itself."""

KindName: TypeAlias = Literal["classic", "heikin-ashi"]


class _Streaming(Generic[Q, C]):
    """What both kinds of stream can do."""

    _board: Board

    def quotes(self, *epics: str) -> Q:
        """Subscribe to the prices of markets.

            silver = stream.quotes("SILVER")
            others = stream.quotes("GOLD", "US100")

        Returns at once. Each change of a price comes as a `Quote`; one that arrives after a newer one, or twice, is
        left out. What was missed while the line was down is told as a `Gap`.

        Args:
            *epics: Epics of the markets, upper case; any number. More than forty go over several connections.

        Returns:
            The subscription. Iterate over it to have its events apart; otherwise they come with all others, when you
            iterate over the stream. ``unsubscribe()`` ends it.

        Raises:
            InvalidInputError: No epic, an empty one, or the stream is closed.
        """
        return self._quotes(self._order([Topic(epic) for epic in _epics(epics)], None))

    def candles(
        self,
        *epics: str,
        resolution: Resolution | ResolutionName = "MINUTE",
        kind: CandleKind | KindName = "classic",
        after: Candle | datetime | None = None,
    ) -> C:
        """Subscribe to the candles of markets.

            for event in stream.candles("SILVER", resolution="MINUTE_5"):
                if isinstance(event, Candle):
                    print(event.time, event.mid.close)

        Returns at once. Each candle comes as a `Candle` when it is over: bid and ask in one, each once, in order of
        time. The first is the one that is forming now. Those that were missed while the line was down, or that were
        lost on the way, are fetched with ``GET /prices`` and come before newer ones.

        Averaged candles are not in the history: there they are made from the plain ones by the same rule, and can
        differ from the server's in the last digits.

        Args:
            *epics: Epics of the markets, upper case; any number. More than forty go over several connections.
            resolution: Length of the candles. It has to be named, as all that is not an epic.
            kind: ``classic`` for plain prices, ``heikin-ashi`` for averaged ones.
            after: Begin with the candles that follow this one, or that began after this aware datetime, from the
                history, and go on with the live ones: so that a history read before has no hole at its end. For long
                times read ``capital.candles`` first.

        Returns:
            The subscription. Iterate over it to have its events apart; otherwise they come with all others, when you
            iterate over the stream. ``unsubscribe()`` ends it.

        Raises:
            InvalidInputError: No epic, an empty one, no such resolution or kind; ``after`` is naive, of another market,
                or comes when the same is subscribed to already; or the stream is closed.
        """
        length, type_ = wire.choice(resolution, "resolution", Resolution), wire.choice(kind, "kind", CandleKind)
        if mistaken := next((epic for epic in epics[1:] if epic in Resolution.__members__), None):
            raise InvalidInputError(f"{mistaken} is a length of candles: say resolution={mistaken!r}")
        topics = [Topic(epic, length, type_) for epic in _epics(epics)]
        if isinstance(after, Candle) and [(after.epic, after.resolution)] != [(t.epic, t.resolution) for t in topics]:
            raise InvalidInputError(f"after is a candle of {after.epic} {after.resolution}, not of {topics}")
        begun = after.time if isinstance(after, Candle) else after
        return self._candles(self._order(topics, None if begun is None else instant(begun, "after")))

    @property
    def dropped(self) -> int:
        """Quotes that were left out because nobody took them in time: of what comes by iterating over the stream."""
        return self._board.inbox.dropped

    @property
    def odd_frames(self) -> int:
        """Frames that could not be read, and were passed over."""
        return self._board.odd_frames

    @property
    def outdated_quotes(self) -> int:
        """Quotes that came after newer ones, or twice, and were left out."""
        return self._board.outdated_quotes

    @property
    def connected(self) -> bool:
        """Whether all connections that are needed are open."""
        return bool(self._board.connections) and all(each.ending is None for each in self._board.connections)

    @property
    def closed(self) -> bool:
        """Whether it has ended, by ``close``, with its client, or because no session can be had any more."""
        return self._board.closed

    def _order(self, topics: list[Topic], after: datetime | None) -> Order:
        self._see_where_it_runs()
        return self._board.order(tuple(dict.fromkeys(topics)), after)

    @abstractmethod
    def _quotes(self, order: Order) -> Q: ...

    @abstractmethod
    def _candles(self, order: Order) -> C: ...

    def _see_where_it_runs(self) -> None:
        """Whether subscribing is possible from here."""

    def _inbox(self) -> Inbox:
        return self._board.inbox

    def _end(self) -> None:
        self._board.end()

    def _stumbled(self, error: Exception) -> None:
        """A mistake in this library: better a loud end than silence."""
        log.error("the stream stopped", exc_info=error)
        self._board.end(CapitalError(f"the stream stopped: {type(error).__name__}"))

    def __repr__(self) -> str:
        board = self._board
        state = "closed" if board.closed else f"{len(board.connections)} connections"
        return f"<{type(self).__name__} {state}: {', '.join(map(str, board.topics())) or 'no subscriptions'}>"


class _Handle:
    """What both kinds of subscription can do."""

    def __init__(self, board: Board, order: Order) -> None:
        self._board = board
        self._order = order

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What was subscribed to."""
        return self._order.topics

    @property
    def epics(self) -> tuple[str, ...]:
        """The markets."""
        return tuple(dict.fromkeys(topic.epic for topic in self._order.topics))

    @property
    def active(self) -> bool:
        """Whether anything can still come: False after ``unsubscribe``, and when the server refused all of it."""
        return self._order.active and not self._board.closed

    @property
    def live(self) -> bool:
        """Whether the server has taken all of it, and nothing of it is stale. False until the first acknowledgement."""
        return self._board.is_live(self._order)

    @property
    def dropped(self) -> int:
        """Quotes that were left out because nobody took them in time; shared with all that is taken together."""
        return self._order.inbox.dropped

    def unsubscribe(self) -> None:
        """End it. Returns at once; what waits can still be taken."""
        self._board.cancel(self._order)

    def _inbox(self) -> Inbox:
        inbox = self._order.inbox
        return self._board.claim(self._order) if inbox is self._board.inbox else inbox

    def __repr__(self) -> str:
        state = "" if self.active else " ended"
        return f"<{type(self).__name__}{state}: {', '.join(map(str, self._order.topics))}>"


class Subscription(_Handle, Events["E_co | Notice"], Generic[E_co]):
    """One subscription. Iterate over it, and its events come here, and no longer with those of the stream.

    A refusal by the server is raised here, as `SubscriptionRefusedError`.
    """

    def __init__(self, board: Board, order: Order, start: Callable[[Callable[[], object], str], None]) -> None:
        super().__init__(board, order)
        self._start = start

    def for_each(self, do: Callable[[E_co | Notice], object]) -> Self:
        """Have a function called with each event, on a thread of its own that ends with the subscription.

        A slow function makes its own events wait, and no others. An error in it is logged, and the next event is
        passed to it all the same; an error of the subscription ends it, and is logged.

            stream.quotes("SILVER").for_each(print)

        Args:
            do: Takes one event; no coroutine function, those are for `AsyncCapital`.

        Returns:
            This subscription.

        Raises:
            InvalidInputError: It is no function, or a coroutine function.
        """
        _require_function(do)
        if iscoroutinefunction(do):
            raise InvalidInputError("a coroutine function needs an event loop: use AsyncCapital")
        self._inbox()
        self._start(lambda: self._call(do), "callback")
        return self

    def _call(self, do: Callable[[E_co | Notice], object]) -> None:
        while True:
            try:
                event = self._next(None)
            except CapitalError as error:
                log.error("%r: %s", self, error)
                if not self.active:
                    return
                continue
            if event is None:
                return
            try:
                do(event)
            except Exception:
                log.exception("%r: the function that takes its events failed", self)


class AsyncSubscription(_Handle, AsyncEvents["E_co | Notice"], Generic[E_co]):
    """One subscription. Iterate over it, and its events come here, and no longer with those of the stream.

    A refusal by the server is raised here, as `SubscriptionRefusedError`.
    """

    def __init__(
        self, board: Board, order: Order, start: Callable[[Coroutine[object, object, object], str], None]
    ) -> None:
        super().__init__(board, order)
        self._start = start

    def for_each(self, do: Callable[[E_co | Notice], Awaitable[object] | object]) -> Self:
        """Have a function called with each event, in a task of its own that ends with the subscription.

        What it returns is awaited, where it can be. An error in it is logged, and the next event is passed to it all
        the same; an error of the subscription ends it, and is logged.

        Args:
            do: Takes one event; may be a coroutine function.

        Returns:
            This subscription.

        Raises:
            InvalidInputError: It is no function.
        """
        _require_function(do)
        self._inbox()
        self._start(self._call(do), "callback")
        return self

    async def _call(self, do: Callable[[E_co | Notice], Awaitable[object] | object]) -> None:
        while True:
            try:
                event = await self._next(None)
            except CapitalError as error:
                log.error("%r: %s", self, error)
                if not self.active:
                    return
                continue
            if event is None:
                return
            try:
                answer = do(event)
                if isinstance(answer, Awaitable):
                    await answer
            except Exception:
                log.exception("%r: the function that takes its events failed", self)


class Stream(_Streaming[Subscription[Quote], Subscription[Candle]], Events[StreamEvent], Blocking):
    """Live prices. Thread safe: subscribe, iterate and close from any thread.

    Iterate over it for the events of all subscriptions that are not iterated over by themselves. It ends when the
    stream is closed, and raises the error that ended it if there was one.
    """

    def __init__(self, api: Api, board: Board, background: Background) -> None:
        Blocking.__init__(self, api, board.world)
        self._board = board
        self._background = background
        self._threads: list[threading.Thread] = []
        self._closers: set[threading.Thread] = set()
        board.open_connection = self._open
        with background.starting(self, self._end, self.close):
            self._start(lambda: self._keep(look_after(board)), "errands")

    def close(self) -> None:
        """End it, and wait until its threads have ended: at once, or when a call that is under way was answered.

        A thread in the middle of a call is not waited for longer than five seconds. May be called from any thread, and
        more than once.
        """
        self._end()
        self._background.leave(self)
        self._closers.add(threading.current_thread())
        until = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            if thread not in self._closers:  # one of them may be a callback that waits here as well
                thread.join(max(until - time.monotonic(), 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, connection: Connection) -> None:
        self._start(lambda: self._keep(keep_connected(self._board, connection)), f"connection-{connection.number}")

    def _keep(self, lifeline: Steps[None]) -> None:
        try:
            self._run(lifeline)
        except Exception as error:
            self._stumbled(error)

    def _start(self, run: Callable[[], object], name: str) -> None:
        thread = threading.Thread(target=run, name=f"capital_ext-stream-{name}", daemon=True)
        with self._board.lock:
            self._threads = [*(other for other in self._threads if other.is_alive()), thread]
            thread.start()

    def _quotes(self, order: Order) -> Subscription[Quote]:
        return Subscription(self._board, order, self._start)

    def _candles(self, order: Order) -> Subscription[Candle]:
        return Subscription(self._board, order, self._start)


class AsyncStream(_Streaming[AsyncSubscription[Quote], AsyncSubscription[Candle]], AsyncEvents[StreamEvent], Awaiting):
    """Live prices, for the tasks of one event loop.

    Iterate over it for the events of all subscriptions that are not iterated over by themselves. It ends when the
    stream is closed, and raises the error that ended it if there was one.
    """

    def __init__(self, api: AsyncApi, board: Board, background: Background) -> None:
        import asyncio

        Awaiting.__init__(self, api, board.world)
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise InvalidInputError("a stream runs in tasks: open it inside the event loop") from None
        self._board = board
        self._background = background
        self._tasks: set[Task[Any]] = set()
        board.open_connection = self._open
        with background.starting(self, self._end, self.aclose):
            self._start(self._keep(look_after(board)), "errands")

    async def aclose(self) -> None:
        """End it, and wait until its tasks have ended. Calls that are under way are given up."""
        import asyncio

        self._end()
        self._background.leave(self)
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        while pending := [task for task in tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def _see_where_it_runs(self) -> None:
        import asyncio

        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is not self._loop:
            raise InvalidInputError("subscribe inside the event loop that the stream was opened in")

    def _open(self, connection: Connection) -> None:
        self._start(self._keep(keep_connected(self._board, connection)), f"connection-{connection.number}")

    async def _keep(self, lifeline: Steps[None]) -> None:
        try:
            await self._run(lifeline)
        except Exception as error:
            self._stumbled(error)

    def _start(self, run: Coroutine[object, object, object], name: str) -> None:
        import asyncio

        task = asyncio.create_task(run, name=f"capital_ext-stream-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _quotes(self, order: Order) -> AsyncSubscription[Quote]:
        return AsyncSubscription(self._board, order, self._start)

    def _candles(self, order: Order) -> AsyncSubscription[Candle]:
        return AsyncSubscription(self._board, order, self._start)


def _epics(epics: tuple[str, ...]) -> list[str]:
    if not epics:
        raise InvalidInputError("say which markets: at least one epic")
    return [wire.segment(epic, "epic").strip() for epic in epics]


def _require_function(do: object) -> None:
    if not callable(do):
        raise InvalidInputError(f"for_each takes a function, not {do!r}")
