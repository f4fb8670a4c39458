"""What another program does to the same position or order is not taken for a deal of ours, nor the other way round."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from capital_ext import Capital, Deal, DealRejectedError, NotExecuted, OutcomeUnknownError
from capital_ext.models import PositionStatus

from .test_races import GUARANTEED, amending, hedging, limit, opened, placed, revising
from .world import KINDS, Act, Making, Side, beside, makes, twin

NOT_TO_THIS = "it was changed, but not to this"
AS_ASKED = "as it was asked to be"


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


@pytest.fixture
def one(make: Making) -> Side:
    return make()


def by_another(one: Side, act: Act) -> None:
    """Another program does something, whatever becomes of it."""
    with beside(one) as other:
        other.do(act)


def right_after(one: Side, act: Act, *, method: str = "PUT", path: str = "/positions/", gap: float = 0.2) -> None:
    """Another program does something as soon as a request of ours has been carried out."""
    done: list[None] = []

    def then(request: httpx.Request, answer: dict[str, Any]) -> None:
        if request.method == method and path in request.url.path and not done:
            done.append(None)
            one.clock.advance(gap)
            with ThreadPoolExecutor(1) as threads, beside(one, "sync") as other:
                threads.submit(other.do, act).result()

    one.wire.rewrite = then


def stop_and_profit(one: Side) -> tuple[Any, Any]:
    (position,) = one.account.positions
    return position.stop_level, position.profit_level


def updating(position_id: str, **change: Any) -> Callable[[Capital], Any]:
    """The plain call: it waits for nothing, and so meets no refusal."""
    return lambda capital: capital.positions.update(position_id, **change)


# --- a change that was lost, and one of another program ---


@pytest.mark.parametrize(
    ("asked", "theirs"),
    [
        ({"stop_level": 40}, {"profit_level": 62}),
        ({"stop_level": 50}, {"stop_level": None}),
        ({"stop_level": None}, {"profit_level": 62}),
        ({"stop_distance": 5}, {"stop_level": None}),
        ({"stop_distance": 5, "trailing_stop": True}, {"profit_level": 62}),
        ({"profit_amount": 20}, {"stop_level": 47}),
    ],
)
@pytest.mark.parametrize("since", ["", "changed since", "changed since without looking"])
def test_a_change_of_another_program_is_not_the_lost_one(
    one: Side, asked: dict[str, Any], theirs: dict[str, Any], since: str
) -> None:
    position_id = opened(one, stop_level=45)
    one.clock.advance(60)
    one.faults.drop_before("PUT", "/positions/*", times=1)
    lost = one.lose(amending(position_id, **asked))
    one.clock.advance(3)
    by_another(one, amending(position_id, **theirs))
    one.clock.advance(3)
    if since == "changed since":
        one.do(amending(position_id, profit_level=80))
    if since == "changed since without looking":  # then ours is of no more consequence, and theirs is all that is told
        one.do(updating(position_id, stop_level=46))
        assert isinstance(one.resolve(lost), Deal)
        return
    with pytest.raises(OutcomeUnknownError, match=NOT_TO_THIS):
        one.resolve(lost)


@pytest.mark.parametrize(
    ("asked", "theirs"),
    [
        ({"level": 39}, {"profit_level": 62}),
        ({"stop_level": 30}, {"level": 41}),
        ({"stop_distance": 5}, {"level": 41}),
        ({"good_till_date": timedelta(days=1)}, {"level": 41}),
    ],
)
def test_a_revision_of_another_program_is_not_the_lost_one(
    one: Side, asked: dict[str, Any], theirs: dict[str, Any]
) -> None:
    order_id = placed(one)
    one.clock.advance(60)
    one.faults.drop_before("PUT", "/workingorders/*", times=1)
    dated = {name: one.clock.now() + value if name == "good_till_date" else value for name, value in asked.items()}
    lost = one.lose(revising(order_id, **dated))
    one.clock.advance(3)
    by_another(one, revising(order_id, **theirs))
    with pytest.raises(OutcomeUnknownError, match=NOT_TO_THIS):
        one.resolve(lost)


def test_with_resolve_the_stop_that_another_program_removed_is_not_said_to_stand(one: Side) -> None:
    position_id = opened(one, stop_level=40)
    one.clock.advance(60)
    one.faults.drop_before("PUT", "/positions/*", times=1)
    right_after(one, amending(position_id, stop_level=None), method="GET", path="/session", gap=0)
    lost = one.lose(amending(position_id, stop_level=50, resolve=True))
    assert lost.executed is None
    assert stop_and_profit(one) == (None, None)


CHANGES: list[dict[str, Any]] = [
    {"stop_level": 40},
    {"stop_level": 40.0004},
    {"stop_level": None},
    {"stop_distance": 5},
    {"stop_amount": 30},
    {"stop_distance": 5, "trailing_stop": True},
    {"profit_level": 62.0004},
    {"profit_distance": 5},
    {"profit_level": None, "stop_distance": 5},
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("late", [0, 61])
@pytest.mark.parametrize("since", [False, True], ids=["", "changed since"])
def test_a_change_that_was_executed_is_found(one: Side, change: dict[str, Any], late: float, since: bool) -> None:
    position_id = opened(one, stop_level=45, profit_level=70)
    one.clock.advance(60)
    one.faults.late_activity(late)
    one.faults.drop_after("PUT", "/positions/*", times=1)
    lost = one.lose(amending(position_id, **change))
    if since:
        one.clock.advance(3)
        trailing = {"stop_distance": 5} if "trailing_stop" in change else {}
        one.do(amending(position_id, profit_level=80, **trailing))
    assert one.resolve(lost).status == PositionStatus.AMENDED


# --- rows that are very late ---


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("executed", [False, True])
def test_an_amendment_that_shows_is_not_denied_however_late_its_row(
    one: Side, change: dict[str, Any], executed: bool
) -> None:
    position_id = opened(one, stop_level=45, profit_level=70)
    one.clock.advance(600)
    one.faults.late_activity(300)
    (one.faults.drop_after if executed else one.faults.drop_before)("PUT", "/positions/*", times=1)
    lost = one.lose(amending(position_id, **change))
    if executed:
        with pytest.raises(OutcomeUnknownError, match=AS_ASKED):
            one.resolve(lost)
    else:
        assert isinstance(one.resolve(lost), NotExecuted)


@pytest.mark.parametrize("change", [{"level": 39}, {"level": 39.0004}, {"stop_level": 30}, {"stop_distance": 5}])
@pytest.mark.parametrize("executed", [False, True])
def test_a_revision_that_shows_is_not_denied_however_late_its_row(
    one: Side, change: dict[str, Any], executed: bool
) -> None:
    order_id = placed(one)
    one.clock.advance(600)
    one.faults.late_activity(300)
    (one.faults.drop_after if executed else one.faults.drop_before)("PUT", "/workingorders/*", times=1)
    lost = one.lose(revising(order_id, **change))
    if executed:
        with pytest.raises(OutcomeUnknownError, match=AS_ASKED):
            one.resolve(lost)
    else:
        assert isinstance(one.resolve(lost), NotExecuted)


def test_what_was_so_before_is_no_sign_that_it_was_done(one: Side) -> None:
    position_id = opened(one, stop_level=45)
    one.clock.advance(600)
    one.faults.drop_before("PUT", "/positions/*", times=1)
    assert one.resolve(one.lose(amending(position_id, stop_level=45))) == NotExecuted()


def test_what_a_later_change_of_ours_explains_is_no_sign_that_it_was_done(one: Side) -> None:
    position_id = opened(one)
    one.clock.advance(600)
    one.faults.drop_before("PUT", "/positions/*", times=1)
    lost = one.lose(amending(position_id, stop_level=45))
    one.clock.advance(3)
    with twin(one) as other:
        other.do(updating(position_id, stop_level=45))
    assert one.resolve(lost) == NotExecuted()


# --- a confirmation under the same reference ---


@pytest.mark.parametrize("delay", [0, 2])
def test_a_refusal_of_another_program_is_not_ours(make: Making, delay: float) -> None:
    one = make(confirm_delay=delay)
    position_id = opened(one)
    hedging(one)
    one.clock.advance(60)
    right_after(one, updating(position_id, **GUARANTEED))
    deal = one.do(amending(position_id, profit_level=62))
    assert (deal.status, deal.position_id, deal.size) == (PositionStatus.AMENDED, position_id, 10)
    assert stop_and_profit(one) == (None, 62)


@pytest.mark.parametrize("delay", [0, 2])
def test_an_acceptance_of_another_program_is_not_ours(make: Making, delay: float) -> None:
    one = make(confirm_delay=delay)
    position_id = opened(one)
    hedging(one)
    one.clock.advance(60)
    right_after(one, updating(position_id, profit_level=62))
    lost = one.lose(amending(position_id, **GUARANTEED))
    assert NOT_TO_THIS in str(lost)
    assert stop_and_profit(one) == (None, 62)
    one.wire.rewrite = None
    with pytest.raises(OutcomeUnknownError):
        one.resolve(lost)


def test_what_another_program_overwrote_at_once_is_not_said_to_stand(one: Side) -> None:
    position_id = opened(one)
    one.clock.advance(60)
    right_after(one, updating(position_id, stop_level=49))
    assert NOT_TO_THIS in str(one.lose(amending(position_id, stop_level=40)))


def test_a_refusal_with_a_change_of_another_program_beside_it_is_not_said_to_have_changed_nothing(one: Side) -> None:
    position_id = opened(one)
    one.clock.advance(60)

    def refused(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if request.method == "PUT":
            with ThreadPoolExecutor(1) as threads, beside(one, "sync") as other:
                threads.submit(other.do, updating(position_id, profit_level=70)).result()
        if "/confirms/" in request.url.path and answer["status"] == "AMENDED":
            return {**answer, "dealStatus": "REJECTED", "status": "DELETED", "rejectReason": "RISK_CHECK"}
        return None

    one.wire.rewrite = refused
    assert NOT_TO_THIS in str(one.lose(amending(position_id, stop_level=40)))


@pytest.mark.parametrize("refused", [False, True])
def test_the_confirmation_stands_where_the_position_cannot_be_read(one: Side, refused: bool) -> None:
    position_id = opened(one)
    if refused:
        hedging(one)
    one.faults.server_error("json", "GET", "/positions/*", where=lambda _: one.executed("PUT", "/positions/*") > 0)
    if refused:
        with pytest.raises(DealRejectedError):
            one.do(amending(position_id, **GUARANTEED))
    else:
        assert one.do(amending(position_id, stop_level=40)).status == PositionStatus.AMENDED


def test_a_position_that_shows_its_change_a_moment_later_is_read_again(one: Side) -> None:
    position_id = opened(one)
    seen: list[dict[str, Any]] = []

    def late(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if request.method != "GET" or "/positions/" not in request.url.path:
            return None
        seen.append(answer)
        return seen[0] if len(seen) <= 3 else None

    one.wire.rewrite = late
    assert one.do(amending(position_id, stop_level=40)).status == PositionStatus.AMENDED
    assert len(seen) == 4


# --- what was opened or placed, and by whom ---


@pytest.mark.parametrize(
    ("asked", "theirs"),
    [
        ({"stop_distance": 2}, {}),
        ({}, {"stop_distance": 2}),
        ({"stop_level": 40}, {"stop_level": 41}),
        ({"profit_level": 62}, {}),
    ],
)
def test_an_order_with_another_stop_is_not_the_lost_one(
    one: Side, asked: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one.clock.advance(60)
    one.faults.drop_before("POST", "/workingorders", times=1)
    lost = one.lose(limit(**asked))
    one.clock.advance(3)
    by_another(one, limit(**theirs))
    with pytest.raises(OutcomeUnknownError, match="not what was asked for"):
        one.resolve(lost)


@pytest.mark.parametrize(
    ("asked", "theirs"),
    [({"stop_distance": 2}, {}), ({}, {"stop_distance": 2}), ({"stop_level": 40}, {"stop_level": 41})],
)
def test_a_position_with_another_stop_is_not_the_lost_one(
    one: Side, asked: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one.clock.advance(60)
    one.faults.drop_before("POST", "/positions", times=1)
    lost = one.lose(lambda capital: capital.deals.open("SILVER", "BUY", 10, **asked))
    one.clock.advance(3)
    by_another(one, lambda capital: capital.deals.open("SILVER", "BUY", 10, **theirs))
    with pytest.raises(OutcomeUnknownError, match="not what was asked for"):
        one.resolve(lost)


@pytest.mark.parametrize("asked", [{}, {"stop_level": 40.0004}, {"stop_distance": 2}, {"stop_amount": 20}])
@pytest.mark.parametrize("since", ["", "changed since", "changed since without looking"])
def test_a_position_that_was_opened_and_changed_since_is_found(one: Side, asked: dict[str, Any], since: str) -> None:
    one.faults.drop_after("POST", "/positions", times=1)
    lost = one.lose(lambda capital: capital.deals.open("SILVER", "BUY", 10, **asked))
    (position,) = one.account.positions
    one.clock.advance(3)
    if since == "changed since":
        one.do(amending(position.deal_id, stop_level=47))
    elif since:
        one.do(updating(position.deal_id, stop_level=47))
    assert one.resolve(lost).position_id == position.deal_id


@pytest.mark.parametrize("asked", [{}, {"stop_level": 40.0004}, {"stop_distance": 2}, {"stop_amount": 20}])
def test_an_order_that_was_placed_and_moved_since_is_found(one: Side, asked: dict[str, Any]) -> None:
    one.faults.drop_after("POST", "/workingorders", times=1)
    lost = one.lose(limit(**asked))
    (order,) = one.account.orders
    one.clock.advance(3)
    one.do(revising(order.deal_id, level=49))
    assert one.resolve(lost).order_id == order.deal_id
