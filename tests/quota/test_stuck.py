"""Nobody can hold up the others for ever: not by leaving in the middle, and not by never coming."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from capital_ext import Quota, budget
from capital_ext.waiting import Sleep

from .kit import Stage

ONE = Quota(calls_per_second=1, jitter=0)


class Hang:
    """A way to wait that does not come back before it is let go, and stops its event loop."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reached, self.go = threading.Event(), threading.Event()

    def sync(self, seconds: float) -> None:
        self.reached.set()
        assert self.go.wait(20)
        self.stage.time.sleep(seconds)

    async def aio(self, seconds: float) -> None:
        for _ in range(20):  # everybody else gets as far as the line
            await asyncio.sleep(0)
        self.sync(seconds)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "OVERDUE_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", ["thread", "task"])
def test_a_waiter_that_is_stuck_is_passed_over_and_its_event_loop_with_it(kind: str) -> None:
    stage = Stage()
    hang = Hang(stage)
    sleep = Sleep(hang.sync, hang.aio)

    def stuck() -> None:
        with stage.http(quota=ONE, sleep=sleep) as http:
            http.get("/api/v1/time")

    async def stuck_tasks() -> None:
        async with stage.async_http(quota=ONE, sleep=sleep) as http:
            await asyncio.gather(*(http.get("/api/v1/time") for _ in range(100)))

    with stage.http(quota=ONE) as http, ThreadPoolExecutor(2) as pool:
        http.get("/api/v1/time")
        late = pool.submit(stuck) if kind == "thread" else pool.submit(asyncio.run, stuck_tasks())
        assert hang.reached.wait(20)
        others = pool.submit(lambda: [http.get("/api/v1/time") for _ in range(3)])
        try:
            others.result(3)  # one patience for all hundred together, not one for each
            assert stage.server.gaps("GET") == pytest.approx([1.0] * 3)
        finally:
            hang.go.set()
        late.result(20)  # it comes after all, and finds its place again
    assert len(stage.server.seen) == (5 if kind == "thread" else 104)
    assert min(stage.server.gaps("GET")) > 0.999


@pytest.mark.usefixtures("impatient")
def test_a_blocking_call_inside_an_event_loop_passes_over_the_tasks_that_it_stops() -> None:
    stage = Stage()

    async def long(seconds: float) -> None:
        await asyncio.sleep(0.01)
        stage.time.sleep(seconds)

    async def main() -> None:
        async with stage.async_http(quota=ONE, sleep=Sleep(aio=long)) as http:
            await http.get("/api/v1/time")
            waiting = [asyncio.ensure_future(http.get("/api/v1/time")) for _ in range(3)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            with stage.http(quota=ONE) as blocking:
                blocking.get("/api/v1/time")
            await asyncio.gather(*waiting)

    asyncio.run(main())
    assert stage.server.gaps("GET") == pytest.approx([1.0] * 4)


def test_a_waiter_whose_wait_fails_leaves_the_line() -> None:
    stage = Stage()

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    with stage.http(quota=ONE) as http, stage.http(quota=ONE, sleep=Sleep(sync=interrupt)) as hasty:
        http.get("/api/v1/time")
        with pytest.raises(KeyboardInterrupt):
            hasty.get("/api/v1/time")
        http.get("/api/v1/time")
    assert stage.time.waits == [1.0]


def test_a_loop_that_ends_takes_its_waiters_out_of_the_line() -> None:
    stage = Stage()

    async def for_ever(seconds: float) -> None:
        await asyncio.Event().wait()

    async def abandoned() -> None:
        async with stage.async_http(quota=ONE, sleep=Sleep(aio=for_ever)) as http:
            tasks = [asyncio.ensure_future(http.get("/api/v1/time")) for _ in range(5)]
            for _ in range(20):
                await asyncio.sleep(0)
            assert sum(task.done() for task in tasks) == 1

    asyncio.run(abandoned())
    with stage.http(quota=ONE) as http:
        http.get("/api/v1/time")
    assert stage.time.waits == [1.0]


def test_a_forgotten_call_is_taken_out_of_the_line_even_where_the_line_is_locked() -> None:
    """The garbage collector can end it at any moment, in the middle of another call of the same thread."""
    stage = Stage()
    auth = stage.auth(quota=ONE)
    shared = auth._budget  # pyright: ignore[reportPrivateUsage]
    assert shared is not None
    with stage.http(quota=ONE) as http:
        http.get("/api/v1/time")
        forgotten = shared.turn("call", 0, stage.time.ways)
        next(forgotten)
        with shared._lock:  # pyright: ignore[reportPrivateUsage]
            forgotten.close()
        http.get("/api/v1/time")
    assert stage.time.waits == [1.0]
