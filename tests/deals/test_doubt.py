"""What keeps a wrong verdict from being said, and a deal from being sent half-heartedly: one test for each guard."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import httpx
import pytest

from capital_ext import (
    Capital,
    Deal,
    InvalidInputError,
    NotExecuted,
    OutcomeUnknownError,
)
from capital_ext.blotter import Blotter

from .test_races import METHODS, ORDER, amending, opened, placed, revising, target_of
from .world import KINDS, Act, Making, Side, makes, twin


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


@pytest.fixture
def one(make: Making) -> Side:
    return make()


def opening(size: float = 10) -> Act:
    return lambda capital: capital.deals.open("SILVER", "BUY", size)


def test_an_open_position_without_a_row_is_not_denied(one: Side) -> None:
    one.faults.late_activity(300)
    one.faults.drop_after("POST", "/positions", times=1)
    lost = one.lose(opening())
    with pytest.raises(OutcomeUnknownError, match="no row of the activity tells"):
        one.resolve(lost)
    assert len(one.account.positions) == 1


@pytest.mark.parametrize("stripped", ["details", "direction", "size"])
def test_a_row_that_does_not_say_what_was_dealt_is_not_overlooked(one: Side, stripped: str) -> None:
    def strip(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if not request.url.path.endswith("/history/activity"):
            return None
        for row in answer["activities"]:
            (row if stripped == "details" else row.get("details", {})).pop(stripped, None)
        return answer

    one.wire.rewrite = strip
    one.faults.drop_after("POST", "/positions", times=1)
    lost = one.lose(opening())
    one.do(lambda capital: capital.positions.close(one.account.positions[0].deal_id))  # so that no position tells
    with pytest.raises(OutcomeUnknownError, match="can't be told"):
        one.resolve(lost)


def test_an_amendment_that_shows_without_a_row_is_not_denied(one: Side) -> None:
    position_id = opened(one)
    one.clock.advance(600)
    one.faults.late_activity(300)
    one.faults.drop_after("PUT", "/positions/*", times=1)
    lost = one.lose(amending(position_id, stop_level=50.0))
    with pytest.raises(OutcomeUnknownError, match="as it was asked to be"):
        one.resolve(lost)


def test_a_deal_of_another_client_of_the_user_is_not_taken_for_the_lost_one(one: Side) -> None:
    with twin(one) as other:
        other.do(opening())
    one.clock.advance(5)
    one.faults.drop_before("POST", "/positions", times=1)
    assert isinstance(one.resolve(one.lose(opening())), NotExecuted)
    assert len(one.account.positions) == 1


@pytest.mark.parametrize("timeout", [None, "5", float("nan"), -1])
@pytest.mark.parametrize("method", METHODS)
def test_a_timeout_that_is_none_is_refused_before_anything_is_sent(one: Side, method: str, timeout: Any) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    before = one.sent(verb, path)
    with pytest.raises(InvalidInputError, match="timeout"):
        one.do(act(target, {"timeout": timeout}))
    assert one.sent(verb, path) == before


def test_a_position_is_closed_although_what_was_told_before_cannot_be_read(one: Side) -> None:
    position_id = opened(one)
    one.faults.server_error("json", "GET", "/confirms/*", times=3)
    closed = one.do(lambda capital: capital.deals.close(position_id))
    assert (closed.position_id, one.account.positions) == (position_id, ())


def test_an_expiry_is_compared_as_it_is_sent(one: Side) -> None:
    until = one.clock.now() + timedelta(days=1, microseconds=5)
    order_id = placed(one, good_till_date=until)
    assert isinstance(one.do(revising(order_id, good_till_date=until)), Deal)


@pytest.mark.parametrize("method", ["amend", "revise"])
def test_the_same_change_twice_in_one_moment_is_confirmed_twice(one: Side, method: str) -> None:
    """What is told about two changes of one moment is the same to the letter, so they are kept apart."""
    act = METHODS[method][2](target_of(one, method), {})
    assert [type(one.do(act)) for _ in range(2)] == [Deal, Deal]


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("method", ["amend", "revise"])
def test_a_change_that_is_lost_a_moment_after_another_can_be_told_from_it(
    one: Side, method: str, executed: bool
) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    one.do(act(target, {}) if executed else (amending if method == "amend" else revising)(target, profit_level=70))
    (one.faults.drop_after if executed else one.faults.drop_before)(verb, path, times=1)
    assert isinstance(one.resolve(one.lose(act(target, {}))), Deal if executed else NotExecuted)


@pytest.mark.parametrize("method", METHODS)
def test_a_look_that_fails_does_not_make_a_lost_deal_one_that_was_not_executed(one: Side, method: str) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    one.faults.drop_after(verb, path, times=1)
    one.faults.server_error("json", "GET", "/time")
    error = one.lose(act(target, {"resolve": True}))
    assert (error.method, error.executed) == (verb, None)
    one.faults.clear()
    assert isinstance(one.resolve(error), Deal)


@pytest.mark.parametrize("executed", [False, True])
def test_nothing_is_said_of_a_deal_under_which_the_account_was_switched(one: Side, executed: bool) -> None:
    """It went out with the tokens of one of the two accounts, and nobody can say of which."""
    here, there = (account.account_id for account in one.do(lambda capital: capital.accounts.all()).accounts)

    def switching(capital: Capital) -> Any:
        return capital.session.switch(account_id=there)

    def switch(request: httpx.Request) -> Any:
        if request.method == "POST" and request.url.path.endswith("/positions"):
            one.wire.meanwhile = None
            return switching(cast("Capital", one.capital))
        return None

    one.wire.meanwhile = switch
    (one.faults.drop_after if executed else one.faults.drop_before)("POST", "/positions", times=1)
    lost = one.lose(opening())
    assert lost.account_id == here
    one.do(lambda capital: capital.session.switch(account_id=here))
    with pytest.raises(OutcomeUnknownError, match="the account was switched while it was under way"):
        one.resolve(lost)


BY_THE_FACADE: dict[str, Callable[[str], Act]] = {
    "open": lambda _: lambda capital: capital.positions.open(epic="SILVER", direction="BUY", size=10),
    "place": lambda _: lambda capital: capital.orders.create(**ORDER),
    "amend": lambda target: lambda capital: capital.positions.update(target, stop_level=51),
    "revise": lambda target: lambda capital: capital.orders.update(target, level=51),
}


@pytest.mark.parametrize("facade", [False, True], ids=["deals", "facade"])
@pytest.mark.parametrize("during", ["/history/activity", "/positions", "/workingorders"])
@pytest.mark.parametrize("method", BY_THE_FACADE)
def test_what_is_done_while_a_deal_is_looked_up_is_not_taken_for_it(
    one: Side, method: str, during: str, facade: bool
) -> None:
    """Another thread sends the same between two reads of the look, and what it leaves is in the second one."""
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    one.clock.advance(600)
    one.faults.drop_before(verb, path, times=1)
    lost = one.lose(act(target, {}))
    one.clock.advance(3)
    beside: list[Any] = []

    def meanwhile(request: httpx.Request) -> None:
        if request.method == "GET" and request.url.path.endswith(during) and not beside:
            beside.append(None)
            same = BY_THE_FACADE[method](target) if facade else act(target, {})
            with ThreadPoolExecutor(1) as threads, twin(one, "sync") as other:
                threads.submit(other.do, same).result()

    one.wire.meanwhile = meanwhile
    try:
        assert isinstance(one.resolve(lost), NotExecuted)
    except OutcomeUnknownError as doubt:
        assert "as it was asked to be" in str(doubt)  # noqa: PT017
        assert method == "amend"


def test_a_trace_is_one_deals_only() -> None:
    blotter = Blotter()
    sent_at = datetime(2026, 6, 10, tzinfo=timezone.utc)
    first, second = (blotter.write({"method": "post", "url": "/api/v1/positions"}, sent_at) for _ in range(2))
    assert first
    assert second
    assert blotter.claim(first, frozenset({"a", "b"}))
    assert not blotter.claim(second, frozenset({"b", "c"}))
    assert blotter.claim(second, frozenset({"c"}))
    assert blotter.claim(first, frozenset({"a", "b"}))
    assert (set(first.claims), set(second.claims)) == ({"a", "b"}, {"c"})
