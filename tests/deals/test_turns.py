"""Changes of one position or order go one after another within a process, and whoever holds one up holds up nobody."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any, cast

import httpx
import pytest

from capital_ext import (
    UNSET,
    BadRequestError,
    CapitalError,
    Deal,
    DealRejectedError,
    NotSentError,
    OutcomeUnknownError,
)
from capital_ext.models import Position, PositionStatus, WorkingOrderData

from .test_races import GUARANTEED, NOT_YET, amending, hedging, opened, placed, revising
from .world import KINDS, Act, Kind, Making, Side, makes, side, twin

AT_MOST = 20
"""Real seconds after which a test has failed."""

CHANGES: dict[str, tuple[str, Callable[..., str], Callable[..., Act]]] = {
    "amend": ("/positions/*", opened, amending),
    "revise": ("/workingorders/*", placed, revising),
}
both_changes = pytest.mark.parametrize("method", CHANGES)
PAIRS: list[tuple[Kind, Kind]] = [(first, second) for first in KINDS for second in KINDS]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


@pytest.fixture(params=PAIRS, ids=[f"{first}, {second}" for first, second in PAIRS])
def pair(request: pytest.FixtureRequest) -> Generator[tuple[Side, Side]]:
    """Two clients of one user in one process, on threads of their own."""
    first, second = request.param
    with side(first) as one, twin(one, second) as other:
        yield one, other


def protected(one: Side, target: str) -> tuple[object, object]:
    """Stop and profit target of a position or an order."""
    deals: list[Position | WorkingOrderData] = []
    deals += (row.position for row in one.do(lambda capital: capital.positions.all()).positions)
    deals += (row.working_order_data for row in one.do(lambda capital: capital.orders.all()).working_orders)
    (deal,) = [each for each in deals if each.deal_id == target]
    return deal.stop_level, deal.profit_level


class Gate:
    """Holds back the answers to some requests, and with them their callers."""

    def __init__(self, method: str, path: str, *sides: Side) -> None:
        self.method, self.path = method, path
        self.reached, self.open = threading.Event(), threading.Event()
        for one in sides:
            one.wire.rewrite = self

    def __call__(self, request: httpx.Request, answer: dict[str, Any]) -> None:
        if request.method == self.method and self.path in request.url.path:
            self.reached.set()
            assert self.open.wait(AT_MOST)


@contextmanager
def held(one: Side, act: Act, method: str = "PUT", path: str = "/") -> Generator[tuple[Future[Any], Gate]]:
    """Something that is under way on another thread, until its gate is opened."""
    with ThreadPoolExecutor(1) as threads:
        gate = Gate(method, path, one)
        future = threads.submit(one.do, act)
        assert gate.reached.wait(AT_MOST)
        try:
            yield future, gate
        finally:
            gate.open.set()


def in_a_thread(one: Side, act: Act) -> Any:
    """Do something that must not wait for long."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(one.do, act).result(AT_MOST)


async def until_sent(one: Side) -> None:
    for _ in range(100_000):
        if one.sent("PUT", "/**"):
            return
        await asyncio.sleep(0)
    raise AssertionError("nothing was sent")


# --- one after the other ---


@both_changes
def test_two_changes_at_once_keep_what_the_other_has_changed(pair: tuple[Side, Side], method: str) -> None:
    one, other = pair
    path, target_of, change = CHANGES[method]
    target = target_of(one, stop_level=40, profit_level=70)
    meeting = threading.Barrier(2)

    def meet(request: httpx.Request, answer: dict[str, Any]) -> None:
        """Both have read before one of them sends, if they can."""
        if request.method == "GET" and "confirms" not in request.url.path:
            with suppress(threading.BrokenBarrierError):
                meeting.wait(0.2)

    one.wire.rewrite = other.wire.rewrite = meet
    with ThreadPoolExecutor(2) as threads:
        stop = threads.submit(one.do, change(target, stop_level=45))
        profit = threads.submit(other.do, change(target, profit_level=75))
        assert isinstance(stop.result(AT_MOST), Deal)
        assert isinstance(profit.result(AT_MOST), Deal)
    assert protected(one, target) == (45, 75)
    assert one.executed("PUT", path) == 2


@both_changes
@pytest.mark.parametrize("delay", [0, 2])
def test_of_many_at_once_each_has_its_own_confirmation(make: Making, method: str, delay: float) -> None:
    one = make(confirm_delay=delay)
    _, target_of, change = CHANGES[method]
    target = target_of(one, stop_level=40, profit_level=70)
    changes = [{"stop_level": 41.0 + number} for number in range(4)] + [
        {"profit_level": 71.0 + number} for number in range(4)
    ]
    deals = one.all_at_once([change(target, timeout=60, **each) for each in changes])
    for each, deal in zip(changes, deals, strict=True):
        assert isinstance(deal, Deal)
        assert deal.confirm is not None
        assert (
            each.items()
            <= {
                "stop_level": deal.confirm.stop_level,
                "profit_level": deal.confirm.profit_level,
            }.items()
        )


@both_changes
def test_a_refusal_is_told_to_whom_it_is_meant_for(make: Making, method: str) -> None:
    one = make(confirm_delay=2)
    _, target_of, change = CHANGES[method]
    target = target_of(one, profit_level=70)
    hedging(one)
    outcomes = one.all_at_once(
        [change(target, profit_level=71), change(target, **GUARANTEED), change(target, profit_level=72)]
    )
    assert [type(outcome) for outcome in outcomes] == [Deal, DealRejectedError, Deal]
    assert protected(one, target) == (UNSET, 72)


@both_changes
def test_first_come_first_served(method: str) -> None:
    with side("async") as one:
        _, target_of, change = CHANGES[method]
        target = target_of(one)
        sent: list[float] = []

        def note(request: httpx.Request, answer: dict[str, Any]) -> None:
            if request.method == "PUT":
                sent.append(json.loads(request.content)["stopLevel"])

        one.wire.rewrite = note
        stops = [44.0, 42.0, 43.0, 41.0, 45.0]
        one.all_at_once([change(target, stop_level=stop) for stop in stops])
        assert sent == stops


@both_changes
def test_another_one_is_not_held_up(pair: tuple[Side, Side], method: str) -> None:
    one, other = pair
    _, target_of, change = CHANGES[method]
    target, another = target_of(one), target_of(one)
    with held(one, change(target, stop_level=40)):
        assert isinstance(in_a_thread(other, change(another, stop_level=40)), Deal)


def test_a_close_does_not_wait_for_a_change(pair: tuple[Side, Side]) -> None:
    one, other = pair
    position_id = opened(one)
    with held(one, amending(position_id, stop_level=40)) as (change, _):
        closed = in_a_thread(other, lambda capital: capital.deals.close(position_id))
        assert (closed.status, one.account.positions) == (PositionStatus.CLOSED, ())
        assert not change.done()
    with pytest.raises(OutcomeUnknownError, match="closed before it was confirmed"):
        change.result(AT_MOST)


def test_a_cancel_does_not_wait_for_a_change(pair: tuple[Side, Side]) -> None:
    one, other = pair
    order_id = placed(one)
    with held(one, revising(order_id, level=49)) as (change, _):
        ended = in_a_thread(other, lambda capital: capital.deals.cancel(order_id))
        assert (ended.status, one.account.orders) == (PositionStatus.DELETED, ())
        assert not change.done()
    with pytest.raises(OutcomeUnknownError, match="deleted before it was confirmed"):
        change.result(AT_MOST)


# --- nobody waits for ever ---


@both_changes
@pytest.mark.parametrize("patience", [0, 5])
def test_patience_ends_with_the_timeout_and_nothing_is_sent(
    pair: tuple[Side, Side], method: str, patience: float
) -> None:
    one, other = pair
    path, target_of, change = CHANGES[method]
    target = target_of(one)
    with held(one, change(target, stop_level=40)) as (first, _), ThreadPoolExecutor(1) as threads:
        started = one.clock.now()
        second = threads.submit(other.do, change(target, stop_level=41, timeout=patience))
        while not second.done() and (one.clock.now() - started).total_seconds() < 60:
            wait([second], 0.05)
            one.clock.advance(1 if patience else 0)
        with pytest.raises(NotSentError, match=rf"not done within {patience} seconds\. Nothing was sent") as caught:
            second.result(AT_MOST)
        assert caught.value.executed is False
        assert (one.clock.now() - started).total_seconds() >= patience
    first.result(AT_MOST)
    assert one.sent("PUT", path) == 1


def test_a_turn_that_comes_too_late_is_not_taken() -> None:
    """Nobody is surprised by a change that they had given up."""
    with side("async") as one:
        position_id = opened(one)
        one.faults.answer(404, "GET", "/confirms/*", body=NOT_YET)
        first, second = one.all_at_once(
            [amending(position_id, stop_level=40, timeout=30), amending(position_id, stop_level=41, timeout=5)]
        )
        assert isinstance(first, OutcomeUnknownError)
        assert isinstance(second, NotSentError)
        assert one.sent("PUT", "/positions/*") == 1


@both_changes
def test_a_blocking_call_does_not_wait_for_a_task_of_its_own_thread(method: str) -> None:
    with side("async") as one, twin(one, "sync") as blocking:
        path, target_of, change = CHANGES[method]
        target = target_of(one)
        one.faults.answer(404, "GET", "/confirms/*", body=NOT_YET)

        async def main() -> Deal:
            act = cast("Any", change(target, stop_level=40, timeout=10_000))
            task = asyncio.create_task(act(one.capital))
            await until_sent(one)
            one.hurry = 0.5
            with pytest.raises(NotSentError, match="in progress on this thread"):
                blocking.do(change(target, stop_level=41))
            one.hurry = 0
            one.faults.clear()
            deal: Deal = await task
            return deal

        with asyncio.Runner() as runner:
            assert isinstance(runner.run(main()), Deal)
        assert one.sent("PUT", path) == 1


# --- given up, however it ends ---


class Stop(BaseException):
    """Like an interrupt from the keyboard, but one that an event loop survives."""


def stop_at(one: Side, method: str, path: str) -> None:
    def stop(request: httpx.Request, answer: dict[str, Any]) -> None:
        if request.method == method and path in request.url.path:
            raise Stop

    one.wire.rewrite = stop


def refuse_at_once(one: Side) -> None:
    one.faults.answer(400, "PUT", body={"errorCode": "error.invalid.stoploss.minvalue: 3"}, times=1)


ENDINGS: dict[str, tuple[Callable[[Side], object], dict[str, Any], type[BaseException]]] = {
    "refused at once": (refuse_at_once, {"stop_level": 40}, BadRequestError),
    "rejected": (hedging, GUARANTEED, DealRejectedError),
    "lost": (lambda one: one.faults.drop_after("PUT", times=1), {"stop_level": 40}, OutcomeUnknownError),
    "not readable": (lambda one: one.faults.truncate("GET", times=1), {"stop_level": 40}, CapitalError),
    "stopped while reading": (lambda one: stop_at(one, "GET", "/"), {"stop_level": 40}, Stop),
    "stopped while sending": (lambda one: stop_at(one, "PUT", "/"), {"stop_level": 40}, Stop),
    "stopped while following": (lambda one: stop_at(one, "GET", "/confirms"), {"stop_level": 40}, Stop),
}


@both_changes
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_turn_is_given_up_however_it_ends(make: Making, method: str, ending: str) -> None:
    one = make()
    _, target_of, change = CHANGES[method]
    target = target_of(one)
    prepare, asked, error = ENDINGS[ending]
    prepare(one)
    with pytest.raises(error):
        one.do(change(target, **asked))
    one.faults.clear()
    one.wire.rewrite = None
    one.clock.advance(10)
    assert isinstance(in_a_thread(one, change(target, profit_level=70, timeout=0.5)), Deal)


def test_a_cancelled_task_gives_its_turn_up_and_its_place_in_the_line() -> None:
    with side("async") as one:
        position_id = opened(one)
        one.faults.answer(404, "GET", "/confirms/*", body=NOT_YET)

        async def main() -> Any:
            acts = [cast("Any", amending(position_id, stop_level=40 + number, timeout=10_000)) for number in range(3)]
            first, second, third = tasks = [asyncio.create_task(act(one.capital)) for act in acts]
            await until_sent(one)
            second.cancel()
            await asyncio.wait([second])
            assert not third.done()
            assert one.sent("PUT", "/positions/*") == 1
            one.faults.clear()
            first.cancel()
            await asyncio.wait(tasks)
            return third.result()

        with asyncio.Runner() as runner:
            deal = runner.run(main())
        assert deal.confirm.stop_level == 42
        assert one.sent("PUT", "/positions/*") == 2


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_task_that_its_loop_forgot_gives_its_turn_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.unraisablehook", id)  # pytest's keeps what it is told of, and all behind it
    with side("sync") as one, twin(one, "async") as forgetful:
        position_id = opened(one)
        one.faults.answer(404, "GET", "/confirms/*", body=NOT_YET)
        loop = asyncio.new_event_loop()

        async def begin() -> None:
            act = cast("Any", amending(position_id, stop_level=40, timeout=10_000))
            tasks.append(asyncio.create_task(act(forgetful.capital)))
            await until_sent(one)

        tasks: list[Any] = []
        loop.run_until_complete(begin())
        loop.close()
        one.faults.clear()
        with pytest.raises(NotSentError):
            in_a_thread(one, lambda capital: capital.deals.amend(position_id, stop_level=41, timeout=0))
        tasks.clear()
        gc.collect()
        assert isinstance(in_a_thread(one, amending(position_id, stop_level=41, timeout=0.5)), Deal)


def test_a_turn_is_free_while_a_lost_change_is_looked_up(pair: tuple[Side, Side]) -> None:
    one, other = pair
    position_id = opened(one)
    one.faults.drop_after("PUT", "/positions/*", times=1)
    with held(one, amending(position_id, stop_level=40, resolve=True), "GET", "/history/") as (change, _):
        assert isinstance(in_a_thread(other, amending(position_id, profit_level=70, timeout=0.5)), Deal)
    assert isinstance(change.result(AT_MOST), Deal)
