"""A working order that another program has placed and changed: what is told about it first is old news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from capital_ext import Deal, DealRejectedError, OutcomeUnknownError
from capital_ext.models import PositionStatus

from .test_races import GUARANTEED, hedging, limit, revising
from .world import KINDS, Making, Side, beside, makes

UNSEEN: dict[str, dict[str, Any]] = {
    "an amount": {"stop_amount": 20},
    "a level that is rounded": {"level": 49.0004},
    "the level that it has": {"level": 49},
}
"""Changes of which the list of orders need not show anything."""


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Iterator[Making]:
    yield from makes(request.param, "process")


def changed_an_hour_ago(one: Side, *, refused: bool = False) -> str:
    with beside(one) as other:
        order_id = str(other.do(limit()).order_id)
        other.do(revising(order_id, level=49))
        if refused:
            hedging(other)
            with pytest.raises(DealRejectedError):
                other.do(revising(order_id, **GUARANTEED))
            other.do(lambda capital: capital.accounts.update_preferences(hedging_mode=False))
    one.clock.advance(3600)
    return order_id


def with_old_dates(one: Side) -> None:
    """Every confirmation repeats the date of the creation."""
    created = f"{one.clock.now() - timedelta(hours=1):%FT%T}.000"

    def rewrite(request: httpx.Request, content: dict[str, Any]) -> dict[str, Any] | None:
        return {**content, "date": created} if "/confirms/" in request.url.path else None

    one.wire.rewrite = rewrite


@pytest.mark.parametrize("change", UNSEEN)
@pytest.mark.parametrize("delay", [0, 2])
def test_a_revision_is_not_confirmed_by_one_an_hour_before(make: Making, change: str, delay: float) -> None:
    one = make(confirm_delay=delay)
    order_id = changed_an_hour_ago(one)
    sent = one.clock.now()
    deal = one.do(revising(order_id, **UNSEEN[change]))
    assert deal.status == PositionStatus.AMENDED
    assert deal.at is not None
    assert deal.at >= sent


@pytest.mark.parametrize("change", UNSEEN)
def test_a_refusal_is_not_hidden_by_an_acceptance_an_hour_before(make: Making, change: str) -> None:
    one = make(confirm_delay=2)
    order_id = changed_an_hour_ago(one)
    hedging(one)
    stop: dict[str, Any] = {"guaranteed_stop": True, "stop_amount": 20}
    with pytest.raises(DealRejectedError, match="HEDGING_MODE_GSL"):
        one.do(revising(order_id, **{**UNSEEN[change], **stop}))


@pytest.mark.parametrize("change", [*UNSEEN.values(), {"level": 51}])
def test_a_refusal_an_hour_before_is_not_that_of_a_revision(make: Making, change: dict[str, Any]) -> None:
    one = make(confirm_delay=2)
    order_id = changed_an_hour_ago(one, refused=True)
    assert one.do(revising(order_id, **change)).status == PositionStatus.AMENDED


def test_a_confirmation_with_an_old_date_will_do_where_the_list_shows_the_change(make: Making) -> None:
    one = make()
    order_id = changed_an_hour_ago(one)
    with_old_dates(one)
    started = one.clock.now()
    deal = one.do(revising(order_id, level=51))
    assert (deal.status, deal.level) == (PositionStatus.AMENDED, 51)
    assert (one.clock.now() - started).total_seconds() < 5


def test_a_confirmation_with_an_old_date_is_not_guessed_to_be_ours_where_nothing_shows(make: Making) -> None:
    one = make()
    order_id = changed_an_hour_ago(one)
    with_old_dates(one)
    with pytest.raises(OutcomeUnknownError) as caught:
        one.do(revising(order_id, level=49))
    assert isinstance(one.resolve(caught.value), Deal)


@pytest.mark.parametrize("wrong", [timedelta(minutes=-10), timedelta(minutes=10), None])
def test_the_dates_of_answers_may_be_those_of_another_clock(make: Making, wrong: timedelta | None) -> None:
    one = make()
    order_id = changed_an_hour_ago(one)
    one.wire.date = wrong
    assert one.do(revising(order_id, stop_amount=20)).status == PositionStatus.AMENDED
