"""What keeps a wrong verdict from being said, and a deal from being sent half-heartedly: one test for each guard."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any, cast

import httpx
import pytest

from capital_ext import (
    AsyncCapital,
    Capital,
    Credentials,
    Deal,
    InvalidInputError,
    NotExecuted,
    OutcomeUnknownError,
    Quota,
)
from capital_ext.policy import World
from capital_ext.waiting import Sleep

from .test_races import METHODS, amending, opened, placed, revising, target_of
from .world import KINDS, Act, Making, Side, makes


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
    known = one.sandbox.credentials
    world = World(sleep=Sleep(one._sleep, one._sleep_async), clock=one._seconds, now=one._now)  # pyright: ignore[reportPrivateUsage]
    maker: Any = Capital if one.kind == "sync" else AsyncCapital
    other = maker(
        Credentials(known.api_key, known.identifier, known.password),
        base_url="http://sandbox",
        transport=one.sandbox.transport(),
        world=world,
        quota=Quota.off(),
    )
    act = opening()
    if one.kind == "sync":
        act(cast("Capital", other))
    else:
        one.do(lambda _: act(cast("Capital", other)))
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
