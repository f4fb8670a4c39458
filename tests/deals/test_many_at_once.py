"""Thirty threads or tasks trade on one client while answers are lost: each order arrives once and is found again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from capital_ext import Capital, Deal, NotExecuted, OutcomeUnknownError

from .test_resolve import looking_up
from .world import KINDS, Kind, Side, Way, side

THIRTY = range(30)


def sized(number: int) -> float:
    return round(20 + number / 10, 1)  # so that no two of them together are a third


def opening(number: int) -> Callable[[Capital], Deal]:
    return lambda capital: capital.deals.open("SILVER", "BUY", sized(number))


def settled(one: Side, act: Callable[[int], Callable[[Capital], Deal]], outcomes: list[Any]) -> list[Deal]:
    """What is lost is looked up, and what was not executed is sent again, until all is done."""
    deals: list[Deal] = []
    for number, outcome in enumerate(outcomes):
        while not isinstance(outcome, Deal):
            if isinstance(outcome, OutcomeUnknownError):
                outcome = one.resolve(outcome)
                continue
            assert isinstance(outcome, NotExecuted), outcome
            try:
                outcome = one.do(act(number))
            except OutcomeUnknownError as error:
                outcome = error
        deals.append(outcome)
    return deals


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["process", "http"])
def test_thirty_open_and_close(kind: Kind, way: Way) -> None:
    with side(kind, way, seed=5) as one:
        for verb, path in (("POST", "/positions"), ("DELETE", "/positions/*")):
            one.faults.drop_before(verb, path, probability=0.15)
            one.faults.drop_after(verb, path, probability=0.15)
            one.faults.truncate(verb, path, probability=0.1)
        deals = settled(one, opening, one.all_at_once([opening(number) for number in THIRTY]))
        book = {each.deal_id: float(each.size) for each in one.account.positions}
        assert {str(deal.position_id): deal.size for deal in deals} == book
        assert sorted(book.values()) == pytest.approx([sized(number) for number in THIRTY])
        ids = [str(deal.position_id) for deal in deals]
        assert one.executed("POST", "/positions") == len(THIRTY)

        def closing(number: int) -> Callable[[Capital], Deal]:
            return lambda capital: capital.deals.close(ids[number])

        closed = settled(one, closing, one.all_at_once([closing(number) for number in THIRTY]))
        assert [deal.position_id for deal in closed] == ids
        assert one.account.positions == ()
        assert one.executed("DELETE", "/positions/*") == len(THIRTY)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unreadable_answer_is_that_of_its_own_order(kind: Kind) -> None:
    """Thirty are under way at once, and each error carries what its own caller sent."""
    with side(kind, "http") as one:
        one.faults.truncate("POST", "/positions")
        errors = one.all_at_once([opening(number) for number in THIRTY])
        assert [error.sent["size"] for error in errors if isinstance(error, OutcomeUnknownError) and error.sent] == [
            sized(number) for number in THIRTY
        ]
        lost = [error for error in errors if isinstance(error, OutcomeUnknownError)]
        found = one.all_at_once([looking_up(error) for error in lost])
        assert {each.deal_id for each in one.account.positions} == {
            deal.position_id for deal in found if isinstance(deal, Deal)
        }
