"""A change that the server rounds away: the list of orders shows nothing new, and the confirmation decides."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from capital_ext import Deal, DealRejectedError, OutcomeUnknownError
from capital_ext.models import PositionStatus

from .test_races import GUARANTEED, ORDER, hedging, placed, revising
from .world import KINDS, Making, Side, beside, makes


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


def rounding(one: Side, digits: int = 3, *, tick: bool = True) -> None:
    """The list shows stop and profit target rounded, as the service does, and perhaps no tick."""

    def rounded(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if not request.url.path.endswith("/workingorders"):
            return None
        for row in answer.get("workingOrders", ()):
            data = row["workingOrderData"]
            data |= {name: round(data[name], digits) for name in data if name.endswith(("Level", "Distance"))}
            if not tick:
                row["marketData"].pop("tickSize", None)
        return answer

    one.wire.rewrite = rounded


ROUNDED_AWAY: dict[str, dict[str, float]] = {
    "level": {"level": 50.0004},
    "level below": {"level": 49.99962},
    "stop": {"stop_level": 45.0004},
    "profit": {"profit_level": 69.9996},
    "all": {"level": 50.0004, "stop_level": 45.0004, "profit_level": 69.9996},
}


@pytest.mark.parametrize("change", ROUNDED_AWAY)
@pytest.mark.parametrize("tick", [True, False], ids=["", "the list has no tick"])
@pytest.mark.parametrize("delay", [0, 2])
def test_a_change_that_is_rounded_away_is_done_when_it_is_confirmed(
    make: Making, change: str, tick: bool, delay: float
) -> None:
    one = make(confirm_delay=delay)
    order_id = placed(one, stop_level=45, profit_level=70)
    rounding(one, tick=tick)
    one.clock.advance(3)
    sent = one.clock.now()
    deal = one.do(revising(order_id, **ROUNDED_AWAY[change]))
    assert (deal.status, deal.at, deal.level) == (PositionStatus.AMENDED, sent, 50.0)
    assert one.clock.now() - sent < timedelta(seconds=delay + 2)


def test_stop_and_profit_as_distances_that_are_rounded_away(make: Making) -> None:
    one = make()
    order_id = placed(one, stop_distance=5, profit_distance=20)
    rounding(one)
    one.clock.advance(3)
    assert isinstance(one.do(revising(order_id, stop_distance=5.0004, profit_distance=19.9996)), Deal)


def test_a_change_by_less_than_a_tick_that_shows_all_the_same(make: Making) -> None:
    """Not every server need round: what the list and the confirmation say counts, not what was expected."""
    one = make(confirm_delay=2)
    order_id = placed(one)

    def finer(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if not one.executed("PUT", "/workingorders/*"):
            return None
        if "/confirms/" in request.url.path and answer["status"] == "AMENDED":
            return {**answer, "level": 50.0004}
        for row in answer.get("workingOrders", ()):
            row["workingOrderData"]["orderLevel"] = 50.0004
        return answer

    one.wire.rewrite = finer
    started = one.clock.now()
    assert one.do(revising(order_id, level=50.0004)).level == 50.0004
    assert one.clock.now() - started < timedelta(seconds=4)


UNSEEN: list[dict[str, float]] = [{"level": 50.0004}, {"stop_amount": 80.0}, {"profit_amount": 80.0}, {"level": 50.0}]
unseen = pytest.mark.parametrize("change", UNSEEN, ids=str)


@unseen
def test_a_change_that_does_not_show_is_not_confirmed_by_the_creation(make: Making, change: dict[str, float]) -> None:
    """The order is another program's, so that nothing was known of its reference when the change was sent."""
    one = make(confirm_delay=2)
    with beside(one) as other:
        other.do(lambda capital: capital.orders.create(**ORDER))
    (order,) = one.account.orders
    one.clock.advance(1.5)
    sent = one.clock.now()
    deal = one.do(revising(order.deal_id, **change))
    assert (deal.status, deal.at) == (PositionStatus.AMENDED, sent)


@unseen
@pytest.mark.parametrize("just_before", [True, False])
def test_a_refusal_of_a_change_that_would_not_show(make: Making, change: dict[str, float], just_before: bool) -> None:
    """Another change of this client was accepted just before, perhaps, and nobody has read its confirmation."""
    one = make(confirm_delay=2)
    order_id = placed(one, **GUARANTEED)
    if just_before:
        one.do(lambda capital: capital.orders.update(order_id, profit_level=70, guaranteed_stop=True))
    hedging(one)  # from now on nothing guaranteed is accepted
    one.clock.advance(0.7)
    started = one.clock.now()
    with pytest.raises(DealRejectedError, match="HEDGING_MODE_GSL"):
        one.do(revising(order_id, **change))
    assert one.clock.now() - started < timedelta(seconds=6)


def test_a_change_that_must_show_and_does_not_is_not_believed(make: Making) -> None:
    """The confirmation may be that of another program's change: only rounding explains a list that stays as it was."""
    one = make()
    order_id = placed(one)

    def still(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        for row in answer.get("workingOrders", ()):
            row["workingOrderData"]["orderLevel"] = 50.0
        return answer

    one.wire.rewrite = still
    with pytest.raises(OutcomeUnknownError):
        one.do(revising(order_id, level=50.002, timeout=5))


def test_the_guaranteed_flag_always_shows(make: Making) -> None:
    """However coarse the ticks of a market are, a flag is not rounded to another."""
    one = make()
    order_id = placed(one, stop_level=40)

    def coarse(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        for row in answer.get("workingOrders", ()):
            row["marketData"]["tickSize"] = 5.0
            row["workingOrderData"]["guaranteedStop"] = False
        return answer

    one.wire.rewrite = coarse
    with pytest.raises(OutcomeUnknownError):
        one.do(revising(order_id, **GUARANTEED, timeout=5))
