"""Workflows of several calls, written once and offered twice: blocking on `Capital`, awaitable on `AsyncCapital`.

A workflow is a generator method. It never sends anything itself; it yields steps, and a driver carries them out:

    @workflow
    def close_all(self) -> Steps[int]:
        book = yield from ask(lambda api: api.positions.all())
        for each in book.positions:
            yield from ask(lambda api: api.positions.close(each.position.deal_id))
        return len(book.positions)

The lambdas are written against the synchronous `Api`, whose signatures `AsyncApi` shares; the asynchronous driver hands
them an `AsyncApi` and awaits what comes back. The class on which the decorated method is looked up decides which of the
two it is: an ordinary method on a `Blocking`, one to be awaited on an `Awaiting`, and so the type checker sees it too.

A walk is a workflow that gives many things on its way (`give`) instead of one at its end; it may have several calls in
flight (`begin`, `finish`), and is an iterator on one side and an asynchronous iterator on the other.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterable
from contextlib import aclosing, closing
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Never, ParamSpec, TypeVar, cast, overload

from capital_api.errors import CapitalError

from .waiting import ABANDONED, Pause, Sleep, Waitable

if TYPE_CHECKING:
    from asyncio import Task
    from concurrent.futures import Future

    from capital_api import Api, AsyncApi

    from .policy import World

__all__ = [
    "Awaiting",
    "Blocking",
    "Steps",
    "Walk",
    "ask",
    "begin",
    "drain",
    "finish",
    "give",
    "pause",
    "wait_for",
    "workflow",
]

P = ParamSpec("P")
T = TypeVar("T")

MOST_IN_FLIGHT = 16
"""Calls that one walk may be told to have under way together. On a blocking client each has a thread of its own."""


class Begun(Generic[T]):
    """A call that is under way."""

    def __init__(self, call: Callable[[Api], T]) -> None:
        self.call = call
        self.answer: Future[T] | Task[T] | None = None


class _Finish:
    def __init__(self, begun: Begun[Any]) -> None:
        self.begun = begun


class _Give(Generic[T]):
    def __init__(self, things: Iterable[T]) -> None:
        self.things = things


Step = Callable[["Api"], object] | Waitable | Begun[Any] | _Finish
Steps = Generator[Step, Any, T]
"""A workflow that returns a T."""
Walk = Generator[Step | _Give[T], Any, None]
"""A workflow that gives any number of T."""


def ask(call: Callable[[Api], T]) -> Steps[T]:
    """One call of the API. Its errors are raised here, where the workflow can catch them."""
    return cast("T", (yield call))


def begin(call: Callable[[Api], T]) -> Steps[Begun[T]]:
    """Start a call and go on. One that nobody finishes is given up when the workflow ends."""
    begun = Begun(call)
    yield begun
    return begun


def finish(begun: Begun[T]) -> Steps[T]:
    """The answer to a call that was begun, or its error."""
    return cast("T", (yield _Finish(begun)))


def give(things: Iterable[T]) -> Walk[T]:
    """Hand things out, in this order. The walk goes on when the last of them was taken."""
    yield _Give(things)


def wait_for(thing: Waitable) -> Steps[None]:
    """Wait for something."""
    yield thing


def pause(seconds: float, sleep: Sleep) -> Steps[None]:
    """Let time pass."""
    if seconds > 0:
        yield from wait_for(Pause(seconds, sleep))


def drain(walk: Walk[T], take: Callable[[Iterable[T]], object]) -> Steps[None]:
    """A walk inside a workflow: whatever it gives is handed to a function."""
    try:
        step = next(walk)
        while True:
            outcome: object = None
            try:
                if isinstance(step, _Give):
                    take(cast("_Give[T]", step).things)  # type: ignore[redundant-cast]  # pyright narrows to Unknown
                else:
                    outcome = yield step
            except CapitalError as error:
                step = walk.throw(error)
            else:
                step = walk.send(outcome)
    except StopIteration:
        return
    finally:
        walk.close()


def _result(steps: Steps[T]) -> Walk[T]:
    yield from give([(yield from steps)])


class Blocking:
    """Carries workflows out on the calling thread."""

    def __init__(self, api: Api, world: World) -> None:
        self._api = api
        self._world = world

    def _run(self, steps: Steps[T]) -> T:
        with closing(self._walk(_result(steps))) as things:
            return next(things)

    def _walk(self, steps: Walk[T]) -> Generator[T, None, None]:
        abandoned = threading.Event()
        try:
            step = next(steps)
            while True:
                outcome: object = None
                try:
                    if isinstance(step, Waitable):
                        step.wait()
                    elif isinstance(step, Begun):
                        step.answer = _in_a_thread(step.call, self._api, abandoned)
                    elif isinstance(step, _Finish):
                        outcome = cast("Future[object]", step.begun.answer).result()
                    elif callable(step):
                        outcome = step(self._api)
                    else:
                        yield from step.things
                except CapitalError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration:
            return
        finally:
            steps.close()
            abandoned.set()


class Awaiting:
    """Carries workflows out in the running event loop."""

    def __init__(self, api: AsyncApi, world: World) -> None:
        self._api = api
        self._world = world

    async def _run(self, steps: Steps[T]) -> T:
        async with aclosing(self._walk(_result(steps))) as things:
            return await anext(things)

    async def _walk(self, steps: Walk[T]) -> AsyncGenerator[T, None]:
        import asyncio

        api = cast("Api", self._api)  # the same methods, each of which returns an awaitable
        tasks: set[Task[object]] = set()
        try:
            step = next(steps)
            while True:
                outcome: object = None
                try:
                    if isinstance(step, Waitable):
                        await step.wait_async()
                    elif isinstance(step, Begun):
                        step.answer = asyncio.create_task(cast("Coroutine[Any, Any, object]", step.call(api)))
                        tasks.add(step.answer)
                    elif isinstance(step, _Finish):
                        task = cast("Task[object]", step.begun.answer)
                        tasks.discard(task)
                        outcome = await task
                    elif callable(step):
                        outcome = await cast("Coroutine[Any, Any, object]", step(api))
                    else:
                        for thing in step.things:
                            yield thing
                except CapitalError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration:
            return
        finally:
            steps.close()
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.gather(*tasks, return_exceptions=True)


def _in_a_thread(call: Callable[[Api], T], api: Api, abandoned: threading.Event) -> Future[T]:
    """A call under way, which nobody need wait for: it is a read, and ends by itself.

    Whoever leaves a loop, by Ctrl-C perhaps, is not held up until the server has answered; nor is a program that ends,
    which is why these are daemons and no pool: Python waits for the threads of every pool.
    """
    from concurrent.futures import Future

    answer: Future[T] = Future()

    def run() -> None:
        ABANDONED.set(abandoned.is_set)
        try:
            answer.set_result(call(api))
        except BaseException as error:  # for the walk that waits for it, or for nobody
            answer.set_exception(error)

    threading.Thread(target=run, name="capital_ext call", daemon=True).start()
    return answer


class workflow(Generic[P, T]):
    """Makes a generator method one that runs it: blocking or awaitable, after the class it is looked up on."""

    def __init__(self, steps: Callable[Concatenate[Any, P], Steps[T]]) -> None:
        self._steps = steps
        update_wrapper(cast("Callable[..., Never]", self), steps)

    @overload
    def __get__(self, side: Blocking, owner: type | None = None) -> Callable[P, T]: ...
    @overload
    def __get__(self, side: Awaiting, owner: type | None = None) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, side: None, owner: type | None = None) -> workflow[P, T]: ...
    def __get__(
        self, side: Blocking | Awaiting | None, owner: type | None = None
    ) -> Callable[P, T] | Callable[P, Coroutine[Any, Any, T]] | workflow[P, T]:
        if side is None:
            return self

        def run(*args: P.args, **kwargs: P.kwargs) -> Any:
            return side._run(self._steps(side, *args, **kwargs))  # pyright: ignore[reportPrivateUsage]

        return update_wrapper(run, self._steps)
