"""Each race between a deal and its confirmation by name, over real HTTP, on both clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx
import pytest

from capital_ext import (
    Capital,
    Deal,
    DealRejectedError,
    InvalidInputError,
    NotExecuted,
    NotFoundError,
    OutcomeUnknownError,
)
from capital_ext.models import AffectedDealStatus, PositionStatus
from capital_sandbox.faults import Faults
from capital_sandbox.messages import Request

from .world import KINDS, Making, Side, beside, makes


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "http")


NOT_YET = {"errorCode": "error.not-found.dealReference"}


def silver(**more: Any) -> Callable[[Capital], Deal]:
    return lambda capital: capital.deals.open("SILVER", "BUY", 10, **more)


def limit(**more: Any) -> Callable[[Capital], Deal]:
    return lambda capital: capital.deals.place("SILVER", "BUY", 10, 50.0, "LIMIT", **more)


def amending(position_id: str, **change: Any) -> Callable[[Capital], Deal]:
    return lambda capital: capital.deals.amend(position_id, **change)


def revising(order_id: str, **change: Any) -> Callable[[Capital], Deal]:
    return lambda capital: capital.deals.revise(order_id, **change)


def opened(one: Side, **more: Any) -> str:
    position_id = one.do(silver(**more)).position_id
    assert position_id is not None
    return position_id


def placed(one: Side, **more: Any) -> str:
    order_id = one.do(limit(**more)).order_id
    assert order_id is not None
    return order_id


def is_confirm(request: httpx.Request) -> bool:
    return "/confirms/" in request.url.path


# --- the confirmation ---


def test_a_confirmation_that_is_not_there_yet_is_waited_for(make: Making) -> None:
    one = make(confirm_delay=2)
    deal = one.do(silver())
    assert deal.position_id == one.account.positions[0].deal_id
    assert one.sent("GET", "/confirms/*") > 2
    assert one.sent("POST", "/positions") == 1


def test_a_close_is_not_confirmed_by_the_opening(make: Making) -> None:
    one = make(confirm_delay=2)
    position_id = opened(one)
    before = one.clock.now()
    deal = one.do(lambda capital: capital.deals.close(position_id))
    assert (deal.status, deal.at, deal.position_id) == (PositionStatus.CLOSED, before, position_id)
    assert deal.profit is not None
    assert deal.profit_currency == "USD"


def test_two_amendments_in_a_row_have_each_their_own_confirmation(make: Making) -> None:
    one = make(confirm_delay=2)
    position_id = opened(one)
    for stop in (51.0, 51.5):
        sent = one.clock.now()
        deal = one.do(amending(position_id, stop_level=stop))
        assert (deal.status, deal.at) == (PositionStatus.AMENDED, sent)
        assert deal.confirm is not None
        assert deal.confirm.stop_level == stop


def test_two_revisions_in_a_row_have_each_their_own_confirmation(make: Making) -> None:
    one = make(confirm_delay=2)
    order_id = placed(one)
    for level in (50.5, 51.0):
        sent = one.clock.now()
        deal = one.do(revising(order_id, level=level))
        assert (deal.status, deal.at, deal.level) == (PositionStatus.AMENDED, sent, level)


def test_a_revision_of_somebody_elses_order_waits_for_the_list_and_not_for_the_creation(make: Making) -> None:
    one = make(confirm_delay=2)
    one.do(lambda capital: capital.orders.create(**ORDER))
    (order,) = one.account.orders
    one.clock.advance(3)
    sent = one.clock.now()
    deal = one.do(lambda capital: capital.deals.revise(order.deal_id, level=51))
    assert (deal.at, deal.level, deal.status) == (sent, 51, PositionStatus.AMENDED)


ORDER: dict[str, Any] = {"epic": "SILVER", "direction": "BUY", "size": 10, "level": 50.0, "type_": "LIMIT"}


def test_a_cancel_is_not_confirmed_by_the_placing(make: Making) -> None:
    one = make(confirm_delay=2)
    order_id = placed(one)
    deal = one.do(lambda capital: capital.deals.cancel(order_id))
    assert deal.status == PositionStatus.DELETED
    assert one.account.orders == ()


def test_a_refusal_of_the_change_before_is_not_that_of_the_cancel(make: Making) -> None:
    """A refused change is told with the status DELETED, under the reference that the cancel is told under too."""
    one = make(confirm_delay=3)
    order_id = placed(one)
    one.do(lambda capital: capital.accounts.update_preferences(hedging_mode=True))
    with pytest.raises(DealRejectedError, match="HEDGING_MODE_GSL"):
        one.do(lambda capital: capital.deals.revise(order_id, stop_level=40, guaranteed_stop=True))
    assert one.do(lambda capital: capital.deals.cancel(order_id)).status == PositionStatus.DELETED
    assert one.account.orders == ()


def test_a_refusal_that_is_the_end_of_somebody_elses_change_is_not_ours(make: Making) -> None:
    """Nothing is known of the reference beforehand: the order is from another program, and so is its refused change."""
    one = make(confirm_delay=3)
    one.do(lambda capital: capital.orders.create(**ORDER))
    (order,) = one.account.orders
    one.do(lambda capital: capital.accounts.update_preferences(hedging_mode=True))
    with beside(one) as other:
        other.do(lambda capital: capital.orders.update(order.deal_id, guaranteed_stop=True, stop_level=40))
    one.clock.advance(4)
    assert one.do(lambda capital: capital.deals.cancel(order.deal_id)).status == PositionStatus.DELETED


def test_a_close_is_not_confirmed_by_an_opening_that_is_told_late(make: Making) -> None:
    """Nothing is told under the reference when the close is sent, and then the event before it."""
    one = make(confirm_delay=2)
    one.do(lambda capital: capital.positions.open(epic="SILVER", direction="BUY", size=10))
    one.clock.advance(1.3)
    (position,) = one.account.positions
    deal = one.do(lambda capital: capital.deals.close(position.deal_id))
    assert deal.status == PositionStatus.CLOSED


def test_a_cancel_is_not_confirmed_by_a_placing_that_is_told_late(make: Making) -> None:
    one = make(confirm_delay=2)
    one.do(lambda capital: capital.orders.create(**ORDER))
    one.clock.advance(1.3)
    (order,) = one.account.orders
    deal = one.do(lambda capital: capital.deals.cancel(order.deal_id))
    assert deal.status == PositionStatus.DELETED


def test_a_revision_is_not_confirmed_by_one_of_another_program(make: Making) -> None:
    """Theirs was accepted and is told first, ours is refused: the list of orders says that nothing has changed."""
    one = make(confirm_delay=3)
    with beside(one) as other:
        other.do(lambda capital: capital.orders.create(**ORDER))
        (order,) = one.account.orders
        other.do(lambda capital: capital.orders.update(order.deal_id, stop_level=45))
    one.do(lambda capital: capital.accounts.update_preferences(hedging_mode=True))
    one.clock.advance(2)
    with pytest.raises(DealRejectedError, match="HEDGING_MODE_GSL"):
        one.do(revising(order.deal_id, stop_level=40, guaranteed_stop=True))


def test_a_refusal_of_somebody_elses_change_is_not_that_of_the_close(make: Making) -> None:
    """It stands for longer than anybody waits for another word, but the position is gone."""
    one = make(confirm_delay=3)
    position_id = opened(one)
    hedging(one)
    with beside(one) as other:
        other.do(lambda capital: capital.positions.update(position_id, **GUARANTEED))
    one.clock.advance(1.5)
    assert one.do(lambda capital: capital.deals.close(position_id)).status == PositionStatus.CLOSED


@pytest.mark.parametrize("kind", ["amend", "revise", "revise unseen", "close", "cancel"])
def test_a_refusal_of_the_change_before_is_not_ours(make: Making, kind: str) -> None:
    """The change was sent by this client, and nobody has read what became of it."""
    one = make(confirm_delay=4)
    target = target_of(one, kind.split()[0])
    hedging(one)
    if kind in ("amend", "close"):
        one.do(lambda capital: capital.positions.update(target, **GUARANTEED))
    else:
        one.do(lambda capital: capital.orders.update(target, **GUARANTEED))
    one.clock.advance(2.5)
    acts: dict[str, Callable[[Capital], Any]] = {
        "amend": amending(target, stop_level=45),
        "revise": revising(target, stop_level=45),
        "revise unseen": revising(target, level=50),
        "close": lambda capital: capital.deals.close(target),
        "cancel": lambda capital: capital.deals.cancel(target),
    }
    assert isinstance(one.do(acts[kind]), Deal)


def ending_after(one: Side, path: str, end: Callable[[Capital], object]) -> None:
    """Something is ended by another program as soon as it was changed."""

    def meanwhile(request: httpx.Request, answer: dict[str, Any]) -> None:
        if request.method == "PUT" and path in request.url.path:
            with ThreadPoolExecutor(1) as threads, beside(one, "sync") as other:
                threads.submit(other.do, end).result()

    one.wire.rewrite = meanwhile


@pytest.mark.parametrize("delay", [0, 2])
@pytest.mark.parametrize("method", ["amend", "revise"])
def test_what_ends_while_it_is_changed_is_told_soon(make: Making, method: str, delay: float) -> None:
    """Whether the change was made before cannot be seen in the confirmation of the end, but in the activity."""
    one = make(confirm_delay=delay)
    target = target_of(one, method)
    one.clock.advance(3)
    if method == "amend":
        ending_after(one, "/positions/", lambda capital: capital.positions.close(target))
    else:
        ending_after(one, "/workingorders/", lambda capital: capital.orders.cancel(target))
    started = one.clock.now()
    error = one.lose(METHODS[method][2](target, {}))
    assert "before it was confirmed" in str(error)
    assert (one.clock.now() - started).total_seconds() < delay + 2.5
    deal = one.resolve(error)
    assert (deal.status, deal.position_id or deal.order_id) == (PositionStatus.AMENDED, target)


@pytest.mark.parametrize("method", ["amend", "revise"])
def test_a_change_that_is_refused_because_it_came_too_late_is_a_refusal(make: Making, method: str) -> None:
    """The end is told first, and then that the change was refused."""
    one = make()
    target = target_of(one, method)
    hedging(one)
    seen: list[Any] = []

    def tell(request: httpx.Request, content: dict[str, Any]) -> dict[str, Any] | None:
        if is_confirm(request) and content["dealStatus"] == "REJECTED":
            seen.append(content)
            if len(seen) == 1:
                return {**content, "dealStatus": "ACCEPTED", "status": "CLOSED" if method == "amend" else "DELETED"}
        return None

    one.wire.rewrite = tell
    with pytest.raises(DealRejectedError, match="HEDGING_MODE_GSL"):
        one.do((amending if method == "amend" else revising)(target, **GUARANTEED))


def test_a_refusal_that_settles_into_an_acceptance_was_not_ours(make: Making) -> None:
    """Under a reused reference a refusal is believed only when it stands."""
    one = make()
    position_id = opened(one)
    seen: list[bool] = []

    def refuse_at_first(request: httpx.Request, content: dict[str, Any]) -> dict[str, Any] | None:
        if is_confirm(request) and content["status"] == "CLOSED" and not seen:
            seen.append(True)
            return {**content, "dealStatus": "REJECTED", "status": "DELETED", "rejectReason": "RISK_CHECK"}
        return None

    one.wire.rewrite = refuse_at_first
    assert one.do(lambda capital: capital.deals.close(position_id)).status == PositionStatus.CLOSED
    assert seen


# --- what the confirmation does not tell ---


def test_the_price_is_fetched_where_the_confirmation_says_0(make: Making) -> None:
    one = make(confirm_levels=False)
    before = opened(one)
    one.clock.advance(600)
    deal = one.do(silver())
    (position,) = (each for each in one.account.positions if each.deal_id != before)
    assert (deal.position_id, deal.level) == (position.deal_id, float(position.level))
    assert deal.confirm is not None
    assert deal.confirm.level == 0


def test_no_affected_deals_at_all_and_the_position_is_found_by_its_order(make: Making) -> None:
    one = make()
    before = opened(one)
    one.wire.rewrite = lambda request, content: (
        {**content, "affectedDeals": [], "level": 0} if is_confirm(request) else None
    )
    deal = one.do(silver())
    (position,) = (each for each in one.account.positions if each.deal_id != before)
    assert (deal.position_id, deal.level) == (position.deal_id, float(position.level))


def test_the_position_is_the_affected_deal_and_not_the_order(make: Making) -> None:
    one = make()
    deal = one.do(silver())
    assert deal.position_id == one.account.positions[0].deal_id != deal.order_id
    assert deal.confirm is not None
    assert deal.confirm.deal_id == deal.order_id
    assert [(each.deal_id, each.status) for each in deal.affected] == [(deal.position_id, AffectedDealStatus.OPENED)]
    one.do(lambda capital: capital.deals.close(str(deal.position_id)))  # it is what close takes


def test_the_position_is_the_one_that_was_opened_whatever_else_was_affected(make: Making) -> None:
    one = make()
    closed = {"dealId": "00000000-0000-0000-0000-000000000000", "status": "FULLY_CLOSED"}
    one.wire.rewrite = lambda request, content: (
        {**content, "affectedDeals": [closed, *content["affectedDeals"]]} if is_confirm(request) else None
    )
    assert one.do(silver()).position_id == one.account.positions[0].deal_id


@pytest.mark.parametrize(("size", "left"), [(10, []), (4, [("BUY", 6)]), (25, [("SELL", 15)])])
def test_netting_in_full_in_part_and_with_a_remainder_that_opens(make: Making, size: float, left: list[Any]) -> None:
    one = make()
    opened(one)
    deal = one.do(lambda capital: capital.deals.open("SILVER", "SELL", size))
    positions = one.account.positions
    assert [(str(each.direction), float(each.size)) for each in positions] == left
    assert deal.position_id == (positions[0].deal_id if size == 25 else None)
    assert deal.profit is not None
    assert deal.level is not None
    assert one.sent("POST", "/positions") == 2
    assert one.sent("GET", "/positions") == 0  # all of it was told


def test_a_failing_look_for_the_price_does_not_hide_the_deal(make: Making) -> None:
    one = make(confirm_levels=False)
    one.faults.server_error("json", "GET", "/positions")
    deal = one.do(silver())
    assert (deal.position_id, deal.level) == (one.account.positions[0].deal_id, None)


# --- trouble while following ---


TROUBLES: dict[str, Callable[[Faults], object]] = {
    "5xx": lambda faults: faults.server_error("html", "GET", "/confirms/*", times=7),
    "dropped": lambda faults: faults.drop_before("GET", "/confirms/*", times=7),
    "cut short": lambda faults: faults.truncate("GET", "/confirms/*", times=2),
    "html": lambda faults: faults.answer(200, "GET", "/confirms/*", body="<html>", times=2),
    "429": lambda faults: faults.too_many_requests("GET", "/confirms/*", times=4),
    "session": lambda faults: faults.kill_sessions("GET", "/confirms/*", times=1),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_read_that_fails_does_not_end_the_watch(make: Making, trouble: str) -> None:
    one = make()
    TROUBLES[trouble](one.faults)
    assert one.do(silver(timeout=60)).position_id == one.account.positions[0].deal_id
    assert one.sent("POST", "/positions") == 1


@pytest.mark.parametrize("told", ["done", "refused", "not at all"])
def test_a_list_that_cannot_be_read_says_nothing_about_a_revision(make: Making, told: str) -> None:
    one = make()
    order_id = placed(one)
    if told == "refused":
        hedging(one)
    sent = len(one.sandbox.requests.matching("PUT"))

    def afterwards(_: Request) -> bool:
        return len(one.sandbox.requests.matching("PUT")) > sent

    one.faults.server_error("json", "GET", "/workingorders", where=afterwards)
    if told == "not at all":
        one.faults.answer(404, "GET", "/confirms/*", body=NOT_YET, where=afterwards)
    error = one.lose(revising(order_id, **(GUARANTEED if told == "refused" else {"level": 51})))
    assert error.executed is None
    one.faults.clear()
    assert isinstance(one.resolve(error), NotExecuted if told == "refused" else Deal)


@pytest.mark.parametrize("method", ["close", "cancel"])
def test_a_refusal_of_an_end_is_not_believed_when_looking_fails(make: Making, method: str) -> None:
    one = make()
    target = target_of(one, method)

    def refuse(request: httpx.Request, content: dict[str, Any]) -> dict[str, Any] | None:
        if is_confirm(request) and content["status"] in ("CLOSED", "DELETED"):
            return {**content, "dealStatus": "REJECTED", "status": "DELETED", "rejectReason": "RISK_CHECK"}
        return None

    one.wire.rewrite = refuse
    one.faults.server_error("json", "GET", "/positions/*" if method == "close" else "/workingorders")
    error = one.lose(METHODS[method][2](target, {}))
    assert "RISK_CHECK" in str(error)


def target_of(one: Side, method: str) -> str:
    return opened(one) if method in ("close", "amend") else placed(one) if method in ("revise", "cancel") else ""


METHODS: dict[str, tuple[str, str, Callable[[str, Any], Callable[[Capital], Any]]]] = {
    "open": ("POST", "/positions", lambda _, more: silver(**more)),
    "close": ("DELETE", "/positions/*", lambda target, more: lambda capital: capital.deals.close(target, **more)),
    "amend": (
        "PUT",
        "/positions/*",
        lambda target, more: lambda capital: capital.deals.amend(target, stop_level=51, **more),
    ),
    "place": ("POST", "/workingorders", lambda _, more: limit(**more)),
    "revise": (
        "PUT",
        "/workingorders/*",
        lambda target, more: lambda capital: capital.deals.revise(target, level=51, **more),
    ),
    "cancel": ("DELETE", "/workingorders/*", lambda target, more: lambda capital: capital.deals.cancel(target, **more)),
}
every_method = pytest.mark.parametrize("method", METHODS)


@every_method
def test_time_runs_out_and_nothing_is_sent_twice(make: Making, method: str) -> None:
    one = make()
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    sent = one.sent(verb, path)
    one.faults.answer(404, "GET", "/confirms/*", body=NOT_YET)
    started = one.clock.now()
    error = one.lose(act(target, {"timeout": 5}))
    assert 5 <= (one.clock.now() - started).total_seconds() < 8
    assert error.deal_reference is not None
    assert error.account_id == one.account.account_id
    assert (error.method, error.executed) == (verb, None)
    assert one.sent(verb, path) == sent + 1
    one.faults.clear()
    deal = one.resolve(error)
    assert isinstance(deal, Deal)
    assert deal.deal_reference in (error.deal_reference, None)
    assert one.sent(verb, path) == sent + 1


@every_method
def test_an_answer_that_cannot_be_read_is_an_unknown_outcome(make: Making, method: str) -> None:
    one = make()
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    sent = one.sent(verb, path)
    one.faults.truncate(verb, path, times=1)
    error = one.lose(act(target, {}))
    assert error.status_code == 200
    assert error.deal_reference is None
    assert isinstance(one.resolve(error), Deal)
    assert one.sent(verb, path) == sent + 1


@pytest.mark.parametrize("body", [{}, {"dealReference": None}, {"dealReference": 7}, [1], "OK"])
def test_an_answer_without_a_reference_is_an_unknown_outcome(make: Making, body: Any) -> None:
    one = make()
    text = body if isinstance(body, str) else json.dumps(body)
    one.faults.answer(200, "POST", "/positions", body=text, executed=True, times=1)
    started = one.clock.now()
    error = one.lose(silver())
    assert one.clock.now() == started  # nothing is waited for under a name that nobody knows
    deal = one.resolve(error)
    assert deal.position_id == one.account.positions[0].deal_id
    assert one.sent("POST", "/positions") == 1


# --- refusals ---


def closed_market(one: Side) -> None:
    one.clock.advance(3 * 86400)  # Saturday


def hedging(one: Side) -> None:
    one.do(lambda capital: capital.accounts.update_preferences(hedging_mode=True))


GUARANTEED: dict[str, Any] = {"guaranteed_stop": True, "stop_level": 40}

REFUSALS: dict[str, tuple[str, Callable[[Side], None] | None, Callable[[str], Callable[[Capital], Any]], str]] = {
    "open without margin": (
        "",
        None,
        lambda _: lambda c: c.deals.open("SILVER", "BUY", 100_000),
        "RC_NOT_ENOUGH_MARGIN",
    ),
    "open when closed": ("", closed_market, lambda _: silver(), "CLOSED_MARKET"),
    "open guaranteed with hedging": ("", hedging, lambda _: silver(**GUARANTEED), "HEDGING_MODE_GSL"),
    "close when closed": ("position", closed_market, lambda target: lambda c: c.deals.close(target), "CLOSED_MARKET"),
    "amend guaranteed with hedging": (
        "position",
        hedging,
        lambda target: lambda c: c.deals.amend(target, **GUARANTEED),
        "HEDGING_MODE_GSL",
    ),
    "place guaranteed with hedging": ("", hedging, lambda _: limit(**GUARANTEED), "HEDGING_MODE_GSL"),
    "revise guaranteed with hedging": (
        "order",
        hedging,
        lambda target: lambda c: c.deals.revise(target, **GUARANTEED),
        "HEDGING_MODE_GSL",
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("delay", [0, 2])
def test_a_refusal_says_why(make: Making, refusal: str, delay: float) -> None:
    kind, prepare, act, reason = REFUSALS[refusal]
    one = make(confirm_delay=delay)
    target = opened(one) if kind == "position" else placed(one) if kind == "order" else ""
    before = one.account
    if prepare:
        prepare(one)
    with pytest.raises(DealRejectedError) as caught:
        one.do(act(target))
    assert caught.value.reason == reason
    assert caught.value.epic == "SILVER"
    assert caught.value.executed is False
    assert [each.deal_id for each in one.account.positions] == [each.deal_id for each in before.positions]
    assert [each.deal_id for each in one.account.orders] == [each.deal_id for each in before.orders]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"rejectReason": "RISK_CHECK", "reason": "OTHER"}, "RISK_CHECK"),
        ({"reason": "OTHER"}, "OTHER"),  # so it was called until 2023
        ({}, None),
    ],
)
def test_the_reason_of_a_refusal_in_all_its_forms(make: Making, told: dict[str, str], reason: str | None) -> None:
    one = make()
    refused: dict[str, Any] = {"dealStatus": "REJECTED", "status": "DELETED", "affectedDeals": [], "level": 0}
    one.wire.rewrite = lambda request, content: {**content, **refused, **told} if is_confirm(request) else None
    with pytest.raises(DealRejectedError, match=reason or "no reason given") as caught:
        one.do(silver())
    assert caught.value.reason == reason


@pytest.mark.parametrize("method", ["close", "amend", "cancel"])
def test_what_is_not_there_is_not_found(make: Making, method: str) -> None:
    with pytest.raises(NotFoundError):
        make().do(METHODS[method][2]("00000000-0000-0000-0000-000000000000", {}))


IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "two stops": {"stop_level": 50, "stop_distance": 2},
    "two profits": {"profit_level": 60, "profit_amount": 2},
    "guaranteed and trailing": {"guaranteed_stop": True, "trailing_stop": True, "stop_distance": 2},
    "guaranteed without a stop": {"guaranteed_stop": True},
    "trailing without a distance": {"trailing_stop": True, "stop_level": 50},
    "nothing": {},
    "not a number": {"stop_level": float("nan")},
}


@pytest.mark.parametrize("change", IMPOSSIBLE)
@pytest.mark.parametrize("kind", ["amend", "revise"])
def test_what_does_not_go_together_is_refused_before_anything_is_sent(make: Making, kind: str, change: str) -> None:
    one = make()
    target = opened(one) if kind == "amend" else placed(one)
    with pytest.raises(InvalidInputError) as caught:
        one.do((amending if kind == "amend" else revising)(target, **IMPOSSIBLE[change]))
    assert "\n" not in str(caught.value)
    assert one.sent("PUT", "/**") == 0


def test_a_revision_cannot_remove_and_says_so(make: Making) -> None:
    one = make()
    target = placed(one, stop_level=45)
    with pytest.raises(InvalidInputError, match="stop_level: the API can't remove it"):
        one.do(lambda capital: capital.deals.revise(target, stop_level=None))
    assert one.sent("PUT", "/**") == 0


def test_a_plain_update_just_before_does_not_confirm_an_amendment(make: Making) -> None:
    """Its confirmation, which comes late, speaks of another event under the same reference."""
    one = make(confirm_delay=2)
    position_id = opened(one)
    hedging(one)
    one.do(lambda capital: capital.positions.update(position_id, stop_level=50))
    one.clock.advance(0.7)  # so that the first confirmation is read while the second is not there yet
    with pytest.raises(DealRejectedError):
        one.do(lambda capital: capital.deals.amend(position_id, **GUARANTEED))


def test_unknown_is_never_an_empty_reference(make: Making) -> None:
    one = make()
    one.faults.drop_after("POST", "/positions", times=1)
    with pytest.raises(OutcomeUnknownError) as caught:
        one.do(silver())
    assert caught.value.deal_reference is None
    assert cast("Any", caught.value.sent)["epic"] == "SILVER"
