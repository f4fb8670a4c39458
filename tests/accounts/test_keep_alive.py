"""Pings: one, and those that a thread or a task sends while nothing else uses the session."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from capital_ext.errors import CapitalError, InvalidInputError, LoginError, ServerError
from capital_ext.keep_alive import AGAIN_SECONDS, _Heart  # pyright: ignore[reportPrivateUsage]
from capital_ext.policy import World
from capital_sandbox import Limits, RealClock, Sandbox
from capital_sandbox.messages import Request
from tests.markets.clients import Side, side_on

PING = ("GET", "/ping")
PATIENCE = 10.0
"""Seconds after which a test gives up on something that happens at once."""


@pytest.fixture(params=["sync", "async"])
def live(request: pytest.FixtureRequest) -> Iterator[Side]:
    """A client and a sandbox in real time, for what runs by itself."""
    with side_on(request.param, Sandbox(clock=RealClock(), limits=Limits.off()), World()) as side:
        yield side


class Pings:
    """Counts the pings that arrive, and lets a test wait for one."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._arrived = threading.Semaphore(0)
        sandbox.faults.drop_before(*PING, where=self._count)

    def _count(self, request: Request) -> bool:
        self._arrived.release()
        return False

    def wait(self) -> None:
        assert self._arrived.acquire(timeout=PATIENCE)

    @property
    def any(self) -> bool:
        return self._arrived.acquire(blocking=False)


def start(side: Side, **options: Any) -> Any:
    return side.do(lambda capital: capital.keep_alive(**options))


def during(side: Side, waiting: Any) -> None:
    """Wait for something, while the event loop goes on."""
    if side.is_async:
        side.runner.run(asyncio.to_thread(waiting))
    else:
        waiting()


def left_behind(side: Side) -> list[str]:
    async def tasks() -> list[str]:
        return [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    names = side.runner.run(tasks()) if side.is_async else [thread.name for thread in threading.enumerate()]
    return [name for name in names if name == "capital_ext-keep-alive"]


# --- one ping ---------------------------------------------------------------------------------------------------------


def test_a_ping_uses_the_session(side: Side) -> None:
    assert side.do(lambda capital: capital.ping()) == 0  # by the clock of the client, which stands still
    for _ in range(5):
        side.sandbox.clock.advance(500)
        assert side.do(lambda capital: capital.ping()) == 0
    assert len(side.sandbox.requests.matching("POST", "/session")) == 1


def test_a_ping_without_an_answer(side: Side) -> None:
    side.sandbox.faults.server_error("html", *PING)
    with pytest.raises(ServerError):
        side.do(lambda capital: capital.ping())


# --- when it pings, by a clock that a test moves ----------------------------------------------------------------------


def test_it_pings_when_the_session_was_not_used_for_long_enough(side: Side) -> None:
    heart = _Heart(side.capital, 480.0)

    def beat() -> Any:
        return side.do(lambda capital: capital._run(heart._beat()))  # pyright: ignore[reportPrivateUsage]

    assert beat() == 480  # no session yet: it opens one
    assert side.calls() == ["GET /ping"]
    side.sandbox.clock.advance(100)
    assert beat() == 380
    side.sandbox.clock.advance(379)
    side.do(lambda capital: capital.accounts.all())  # a use by somebody else
    side.sandbox.clock.advance(2)
    assert beat() == 478
    side.sandbox.clock.advance(478)
    assert beat() == 480
    assert side.calls() == ["GET /ping", "GET /accounts", "GET /ping"]
    side.sandbox.clock.advance(3600)  # as when a laptop has slept: the session is gone, and a new one is opened
    assert beat() == 480
    assert len(side.sandbox.requests.matching("POST", "/session")) == 2


def test_an_error_is_logged_and_it_tries_again_soon(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    heart = _Heart(side.capital, 480.0)

    def beat() -> Any:
        return side.do(lambda capital: capital._run(heart._beat()))  # pyright: ignore[reportPrivateUsage]

    faults = side.sandbox.faults
    for rule in (faults.server_error("html", *PING), faults.drop_before(*PING)):
        side.do(lambda capital: capital.accounts.all())
        side.sandbox.clock.advance(480)
        assert beat() == AGAIN_SECONDS
        assert beat() == AGAIN_SECONDS
        rule.remove()
        assert caplog.records[-1].levelno == logging.WARNING
        assert "a ping failed, the next is in 30 s: GET /api/v1/ping" in caplog.records[-1].message
        caplog.clear()
    side.sandbox.faults.answer(503, "POST", "/session")
    side.sandbox.expire_sessions()
    assert beat() == AGAIN_SECONDS  # a login that kept failing was not refused
    assert heart.error is None
    side.sandbox.faults.clear()
    assert beat() == 480


@pytest.mark.parametrize(("status", "code"), [(401, "error.invalid.details"), (400, "error.null.api.key"), (403, "")])
def test_a_refused_login_ends_it(side: Side, caplog: pytest.LogCaptureFixture, status: int, code: str) -> None:
    heart = _Heart(side.capital, 480.0)
    side.sandbox.faults.answer(status, "POST", "/session", body={"errorCode": code} if code else None)
    assert side.do(lambda capital: capital._run(heart._beat())) is None  # pyright: ignore[reportPrivateUsage]
    assert isinstance(heart.error, LoginError)
    assert heart.error.status_code == status
    assert [record.levelno for record in caplog.records if "keep-alive ends" in record.message] == [logging.ERROR]
    with pytest.raises(LoginError):  # which is how the user learns of it
        side.do(lambda capital: capital.accounts.all())


# --- by itself --------------------------------------------------------------------------------------------------------


def test_it_goes_on_by_itself_until_it_is_stopped(live: Side) -> None:
    pings = Pings(live.sandbox)
    heart = start(live, every=0.01)
    for _ in range(4):
        during(live, pings.wait)
    assert heart.running
    live.do(lambda capital: heart.stop())
    assert not heart.running
    assert heart.error is None
    assert left_behind(live) == []
    live.do(lambda capital: heart.stop())  # once more does nothing


def test_stopping_is_prompt_although_it_would_sleep_for_minutes(live: Side) -> None:
    pings = Pings(live.sandbox)
    heart = start(live)
    during(live, pings.wait)
    began = time.monotonic()
    live.do(lambda capital: heart.stop())
    assert time.monotonic() - began < 5
    assert not heart.running
    assert left_behind(live) == []


def test_it_ends_with_the_block(live: Side) -> None:
    pings = Pings(live.sandbox)
    kept: list[Any] = []

    def body(capital: Any, heart: Any) -> Any:
        kept.append(heart)
        assert heart.running
        return asyncio.to_thread(pings.wait) if live.is_async else pings.wait()

    live.within(lambda capital: capital.keep_alive(), body)
    assert not kept[0].running
    assert left_behind(live) == []


def test_it_ends_with_the_client(live: Side) -> None:
    hearts = [start(live), start(live, every=0.01)]
    live.do(lambda capital: capital.aclose() if live.is_async else capital.close())
    assert [heart.running for heart in hearts] == [False, False]
    assert left_behind(live) == []
    with pytest.raises(InvalidInputError, match="this client is closed"):
        start(live)


class Middle:
    """Closes the client, from elsewhere, in the very middle of starting something that keeps its session alive."""

    def __init__(self, live: Side) -> None:
        self._live = live
        self._closer = threading.Thread(target=self._close)
        self._closed = threading.Event()

    def _close(self) -> None:
        capital = self._live.capital
        asyncio.run(capital.aclose()) if self._live.is_async else capital.close()
        self._closed.set()

    def reached(self) -> None:
        self._closer.start()
        self._closed.wait(0.3)  # much longer than it takes, unless it has to wait

    def over(self) -> None:
        self._closer.join(PATIENCE)
        assert self._closed.is_set()


def test_what_starts_while_the_client_closes_is_stopped(live: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    middle = Middle(live)
    if live.is_async:

        def task(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
            if getattr(coroutine, "__name__", None) == "_live":
                middle.reached()
            return asyncio.Task(coroutine, loop=loop, **more)

        live.runner.get_loop().set_task_factory(task)
    else:
        right = threading.Thread.start

        def begin(thread: threading.Thread) -> None:
            if thread.name == "capital_ext-keep-alive":
                middle.reached()
            right(thread)

        monkeypatch.setattr(threading.Thread, "start", begin)
    heart = start(live)
    during(live, middle.over)
    if live.is_async:
        live.runner.run(asyncio.wait([heart._task], timeout=PATIENCE))
    assert not heart.running
    assert left_behind(live) == []


def test_nothing_starts_when_the_client_was_closed_at_the_last_moment(live: Side) -> None:
    middle = Middle(live)

    class Seconds(float):
        def __le__(self, other: float) -> bool:
            middle.reached()
            return super().__le__(other)

    with pytest.raises(InvalidInputError, match="this client is closed"):
        start(live, every=Seconds(480))
    middle.over()
    assert left_behind(live) == []


def test_a_close_that_is_given_up_has_stopped_them_all() -> None:
    with side_on("async", Sandbox(clock=RealClock(), limits=Limits.off()), World()) as live:
        hearts = [start(live) for _ in range(3)]

        async def given_up() -> None:
            closing = asyncio.create_task(live.capital.aclose())
            await asyncio.sleep(0)  # now it waits for the first of them
            closing.cancel()
            await asyncio.wait([closing, *(heart._task for heart in hearts)], timeout=PATIENCE)
            assert closing.cancelled()

        live.runner.run(given_up())
        assert [heart.running for heart in hearts] == [False] * 3


def test_a_ping_that_is_under_way_is_not_waited_for_for_ever(live: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capital_ext.keep_alive.STOP_SECONDS", 0.05)
    entered, released = threading.Event(), threading.Event()

    def ping() -> Any:
        entered.set()
        return asyncio.sleep(PATIENCE) if live.is_async else released.wait(PATIENCE)

    live.capital.general.ping = ping
    heart = start(live)
    during(live, lambda: entered.wait(PATIENCE))
    began = time.monotonic()
    live.do(lambda capital: heart.stop())
    assert time.monotonic() - began < 5
    assert heart.running is not live.is_async  # a task can be cancelled, a thread can't
    released.set()
    if not live.is_async:
        heart._thread.join(PATIENCE)
    assert not heart.running


def test_no_error_ends_it_not_even_one_of_our_own(live: Side, caplog: pytest.LogCaptureFixture) -> None:
    pings = Pings(live.sandbox)
    live.sandbox.faults.server_error("html", *PING, times=2)
    right, failures = live.capital.general.ping, iter([ZeroDivisionError("SECRET")])

    def ping() -> Any:
        for failure in failures:
            raise failure
        return right()

    live.capital.general.ping = ping
    heart = start(live, every=0.01)
    for _ in range(5):
        during(live, pings.wait)
    assert heart.running
    told = [record.message for record in caplog.records if "keep-alive" in record.message]
    assert told[0] == "keep-alive: a ping failed, the next is in 0.01 s: ZeroDivisionError"
    assert "502" in told[1]
    assert "SECRET" not in caplog.text
    live.do(lambda capital: heart.stop())


def test_a_refused_login_ends_the_thread_and_the_task(live: Side) -> None:
    live.sandbox.faults.answer(401, "POST", "/session", body={"errorCode": "error.invalid.details"})
    heart = start(live, every=0.01)
    if live.is_async:
        live.runner.run(asyncio.wait_for(heart._task, PATIENCE))
    else:
        heart._thread.join(PATIENCE)
    assert not heart.running
    assert isinstance(heart.error, CapitalError)
    live.do(lambda capital: heart.stop())


def test_stopped_from_another_loop() -> None:
    with side_on("async", Sandbox(clock=RealClock(), limits=Limits.off()), World()) as live:
        pings = Pings(live.sandbox)
        heart = start(live)
        during(live, pings.wait)
        with asyncio.Runner() as another:
            another.run(heart.stop())

        async def ended() -> None:
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(heart._task, PATIENCE)

        live.runner.run(ended())
        assert not heart.running


def test_stopped_when_its_loop_is_gone() -> None:
    with side_on("async", Sandbox(clock=RealClock(), limits=Limits.off()), World()) as live:
        with asyncio.Runner() as gone:

            async def started() -> Any:
                return live.capital.keep_alive()

            heart = gone.run(started())
        live.runner.run(heart.stop())
        assert not heart.running


@pytest.mark.parametrize("every", [0, -1, 541, float("nan"), float("inf"), "480", True])
def test_an_interval_that_keeps_nothing_alive_is_refused(side: Side, every: Any) -> None:
    with pytest.raises(InvalidInputError):
        start(side, every=every)
    assert left_behind(side) == []


def test_a_task_needs_a_loop() -> None:
    with side_on("async", Sandbox(limits=Limits.off())) as side, pytest.raises(InvalidInputError, match="event loop"):
        side.capital.keep_alive()
