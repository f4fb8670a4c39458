"""A revision is followed by its confirmation and by the list of orders: one test for each way in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from capital_ext import Deal, DealRejectedError, InvalidInputError, OutcomeUnknownError
from capital_ext.models import PositionStatus

from .test_races import GUARANTEED, ORDER, hedging, is_confirm, limit, placed, revising
from .world import KINDS, Making, Side, beside, makes

Answer = dict[str, Any]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


def of_another(one: Side) -> str:
    """An order of another program, of whose reference nothing is known."""
    with beside(one) as other:
        other.do(lambda capital: capital.orders.create(**ORDER))
    (order,) = one.account.orders
    return order.deal_id


def after_the_change(
    one: Side,
    *,
    confirm: Callable[[Answer], Answer] | None = None,
    rows: Callable[[list[Any]], list[Any]] | None = None,
) -> None:
    """What is told from the change on: other confirmations, or another list."""

    def tell(request: httpx.Request, answer: Answer) -> Answer | None:
        if not one.executed("PUT", "/workingorders/*"):
            return None
        if confirm and is_confirm(request):
            return confirm(answer)
        if rows and request.url.path.endswith("/workingorders"):
            return {"workingOrders": rows(answer["workingOrders"])}
        return None

    one.wire.rewrite = tell


def test_of_several_orders_the_one_is_revised(make: Making) -> None:
    one = make()
    first, second = placed(one), placed(one, stop_level=40, profit_level=70)
    assert one.do(revising(second, stop_level=41)).order_id == second
    rows = {row.working_order_data.deal_id: row.working_order_data for row in orders(one)}
    assert (rows[second].stop_level, rows[second].profit_level) == (41, 70)
    assert not rows[first].stop_level


def orders(one: Side) -> list[Any]:
    return list(one.do(lambda capital: capital.orders.all()).working_orders)


def test_an_order_that_is_not_there_cannot_be_revised(make: Making) -> None:
    one = make()
    with pytest.raises(InvalidInputError, match="no working order"):
        one.do(revising("00000000-0000-0000-0000-000000000000", level=51))


def test_an_order_that_is_filled_at_once_tells_its_position_and_one_that_waits_none(make: Making) -> None:
    one = make()
    assert one.do(limit()).position_id is None
    opened = {"dealId": "00000000-0000-0000-0000-000000000000", "status": "OPENED"}
    one.wire.rewrite = lambda request, answer: {**answer, "affectedDeals": [opened]} if is_confirm(request) else None
    assert one.do(limit()).position_id == opened["dealId"]


def test_an_expiry_is_set_kept_and_taken_away(make: Making) -> None:
    one = make(confirm_delay=1)
    until = one.clock.now() + timedelta(days=1)
    order_id = placed(one)
    for change, told in (
        ({"good_till_date": until}, until),
        ({"level": 49.0}, until),
        ({"good_till_date": None}, None),
        ({"good_till_date": None}, None),
    ):
        assert isinstance(one.do(revising(order_id, **change)), Deal)
        assert (orders(one)[0].working_order_data.good_till_date_utc or None) == told


def test_a_new_expiry_has_to_show(make: Making) -> None:
    one = make()
    order_id = placed(one)
    before = orders(one)

    def as_before(rows: list[Any]) -> list[Any]:
        return [row.to_dict() for row in before]

    after_the_change(one, rows=as_before)
    with pytest.raises(OutcomeUnknownError):
        one.do(revising(order_id, good_till_date=one.clock.now() + timedelta(days=1), timeout=5))


def test_a_refusal_of_another_programs_change_is_not_ours_when_the_list_shows_ours(make: Making) -> None:
    """It stands for longer than anybody waits for another word."""
    one = make(confirm_delay=3)
    order_id = of_another(one)
    hedging(one)
    with beside(one) as other:
        other.do(lambda capital: capital.orders.update(order_id, **GUARANTEED))
    one.clock.advance(1.5)
    sent = one.clock.now()
    deal = one.do(revising(order_id, level=51))
    assert (deal.at, deal.level) == (sent, 51)


def test_a_refused_change_of_an_order_that_has_ended_since(make: Making) -> None:
    one = make()
    order_id = placed(one)
    hedging(one)
    after_the_change(one, rows=lambda _: [])
    with pytest.raises(DealRejectedError):
        one.do(revising(order_id, **GUARANTEED))


def test_an_acceptance_of_another_programs_change_is_not_ours(make: Making) -> None:
    """Theirs is told first, when the list shows ours already: it is to another level."""
    one = make(confirm_delay=3)
    order_id = of_another(one)
    with beside(one) as other:
        other.do(lambda capital: capital.orders.update(order_id, level=50.5))
    one.wire.date = None  # so that no date tells that it is older
    one.clock.advance(1.5)
    sent = one.clock.now()
    deal = one.do(revising(order_id, level=51))
    assert (deal.at, deal.level) == (sent, 51)


@pytest.mark.parametrize("heard", [True, False])
def test_a_service_that_goes_on_to_say_open(make: Making, heard: bool) -> None:
    """The list shows the change: for an order of our own that will do, for another's after a moment without more."""
    one = make()
    order_id = placed(one) if heard else of_another(one)
    one.clock.advance(3)
    after_the_change(one, confirm=lambda answer: {**answer, "status": "OPEN"})
    started = one.clock.now()
    deal = one.do(revising(order_id, level=51))
    assert (deal.level, deal.status) == (51, PositionStatus.OPEN)
    assert (one.clock.now() - started < timedelta(seconds=1)) is heard
    assert one.clock.now() - started < timedelta(seconds=4)


def test_an_order_that_is_filled_right_after_its_change_is_not_waited_for(make: Making) -> None:
    """Whether it was filled at the new level or at the old one nobody can tell from the list."""
    one = make()
    order_id = placed(one)
    after_the_change(one, rows=lambda _: [])
    started = one.clock.now()
    with pytest.raises(OutcomeUnknownError):
        one.do(revising(order_id, level=51))
    assert one.clock.now() - started < timedelta(seconds=2)
