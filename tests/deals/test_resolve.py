"""What `resolve` says of a lost deal, case by case, against the book. Nothing is guessed, and nothing is sent."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

import pytest

from capital_ext import (
    Capital,
    Deal,
    InvalidInputError,
    NotExecuted,
    NotExecutedError,
    OutcomeUnknownError,
)
from capital_ext.models import PositionStatus

from .test_races import METHODS, amending, opened, revising, silver, target_of
from .world import KINDS, Act, Making, Side, beside, makes

every_method = pytest.mark.parametrize("method", METHODS)


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


@pytest.fixture
def one(make: Making) -> Side:
    return make()


def opening(size: float) -> Act:
    return lambda capital: capital.deals.open("SILVER", "BUY", size)


def placing(level: float) -> Act:
    return lambda capital: capital.deals.place("SILVER", "BUY", 10, level, "LIMIT")


def looking_up(error: OutcomeUnknownError) -> Act:
    return lambda capital: capital.deals.resolve(error)


AFTER: dict[str, Callable[[Side, str, str], object]] = {
    "connection dropped": lambda one, verb, path: one.faults.drop_after(verb, path, times=1),
    "no answer": lambda one, verb, path: one.faults.stall(verb, path, executed=True, times=1),
    "503": lambda one, verb, path: one.faults.server_error("json", verb, path, executed=True, times=1),
    "502": lambda one, verb, path: one.faults.server_error("html", verb, path, executed=True, times=1),
    "504": lambda one, verb, path: one.faults.server_error("empty", verb, path, executed=True, times=1),
    "java": lambda one, verb, path: one.faults.server_error("java", verb, path, executed=True, times=1),
}
BEFORE: dict[str, Callable[[Side, str, str], object]] = {
    "connection dropped": lambda one, verb, path: one.faults.drop_before(verb, path, times=1),
    "no answer": lambda one, verb, path: one.faults.stall(verb, path, times=1),
    "503": lambda one, verb, path: one.faults.server_error("json", verb, path, times=1),
}
DATES: dict[str, timedelta | None] = {
    "dated": timedelta(0),
    "undated": None,
    "7 h ahead": timedelta(hours=7),
    "7 h behind": timedelta(hours=-7),
}
LOCAL = {"right": timedelta(0), "a day ahead": timedelta(days=1), "an hour behind": timedelta(hours=-1)}


@every_method
@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("late", [False, True], ids=["", "late rows"])
def test_executed_and_the_answer_is_lost(make: Making, method: str, date: str, late: bool) -> None:
    one = make()
    one.wire.date = DATES[date]
    one.faults.duplicate_rows()
    if late:
        one.faults.late_activity(61)
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    one.clock.advance(3)
    sent = one.sent(verb, path)
    AFTER["connection dropped"](one, verb, path)
    deal = one.resolve(one.lose(act(target, {})))
    assert isinstance(deal, Deal)
    account = one.account
    match method:
        case "open":
            assert (deal.position_id, deal.level) == (account.positions[0].deal_id, float(account.positions[0].level))
        case "place":
            assert (deal.order_id, deal.status) == (account.orders[0].deal_id, PositionStatus.OPEN)
        case "close":
            assert (deal.position_id, deal.status) == (target, PositionStatus.CLOSED)
            assert account.positions == ()
        case "amend":
            assert (deal.position_id, deal.status) == (target, PositionStatus.AMENDED)
        case "revise":
            assert (deal.order_id, deal.status) == (target, PositionStatus.AMENDED)
        case _:
            assert (deal.order_id, deal.status) == (target, PositionStatus.DELETED)
    assert (deal.epic, deal.size) == ("SILVER", 10)
    assert one.sent(verb, path) == sent + 1


@every_method
@pytest.mark.parametrize("fault", AFTER)
def test_executed_whatever_became_of_the_answer(one: Side, method: str, fault: str) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    AFTER[fault](one, verb, path)
    assert isinstance(one.resolve(one.lose(act(target, {}))), Deal)


@every_method
@pytest.mark.parametrize("fault", BEFORE)
@pytest.mark.parametrize("local", LOCAL)
def test_not_executed(make: Making, method: str, fault: str, local: str) -> None:
    one = make(local=LOCAL[local])
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    before = one.account
    BEFORE[fault](one, verb, path)
    started = one.clock.now()
    verdict = one.resolve(one.lose(act(target, {})))
    assert isinstance(verdict, NotExecuted)
    assert (verdict.reason, verdict.explanation != "") == (None, True)
    assert timedelta(seconds=85) <= one.clock.now() - started <= timedelta(seconds=110)
    assert bare(one.account) == bare(before)


def bare(account: Any) -> list[Any]:
    """What an account holds, without what prices make of it."""
    positions = [(each.deal_id, each.size, each.stop_level, each.profit_level) for each in account.positions]
    return positions + [(each.deal_id, each.level) for each in account.orders]


@every_method
def test_in_one_go(one: Side, method: str) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    BEFORE["503"](one, verb, path)
    with pytest.raises(NotExecutedError) as caught:
        one.do(act(target, {"resolve": True}))
    assert caught.value.executed is False
    assert isinstance(caught.value.__cause__, OutcomeUnknownError)
    AFTER["503"](one, verb, path)
    assert isinstance(one.do(act(target, {"resolve": True})), Deal)


@every_method
@pytest.mark.parametrize("executed", [False, True])
def test_twice_is_the_same(one: Side, method: str, executed: bool) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    (AFTER if executed else BEFORE)["503"](one, verb, path)
    error = one.lose(act(target, {}))
    first = one.resolve(error)
    if not executed:
        one.do(act(target, {}))  # sent again, as NotExecuted says it may be
    assert one.resolve(error) == first


@every_method
@pytest.mark.parametrize("executed", [False, True])
def test_pickled_and_resolved_by_another_client(one: Side, method: str, executed: bool) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    (AFTER if executed else BEFORE)["connection dropped"](one, verb, path)
    error: OutcomeUnknownError = pickle.loads(pickle.dumps(one.lose(act(target, {}))))
    with beside(one) as other:
        verdict = other.resolve(error)
        assert isinstance(verdict, Deal if executed else NotExecuted)
        assert other.resolve(error) == verdict


def test_on_another_account_nothing_is_said(one: Side) -> None:
    accounts = one.do(lambda capital: capital.accounts.all()).accounts
    one.faults.drop_after("POST", "/positions", times=1)
    error = one.lose(silver())
    one.do(lambda capital: capital.session.switch(account_id=accounts[1].account_id))
    with pytest.raises(InvalidInputError, match="switch back"):
        one.resolve(error)
    one.do(lambda capital: capital.session.switch(account_id=accounts[0].account_id))
    assert isinstance(one.resolve(error), Deal)


def test_what_is_not_a_deal_is_refused(one: Side) -> None:
    one.faults.drop_after("PUT", "/accounts/preferences", times=1)
    error = one.lose(lambda capital: capital.accounts.update_preferences(hedging_mode=True))
    with pytest.raises(InvalidInputError, match="not a deal"):
        one.resolve(error)


# --- what else was dealt ---


def test_a_position_that_was_closed_again_by_its_stop(one: Side) -> None:
    one.faults.drop_after("POST", "/positions", times=1)
    error = one.lose(silver(stop_distance=0.02))
    for _ in range(300):
        one.clock.advance(120)
        if not one.account.positions:
            break
    assert one.account.positions == ()
    deal = one.resolve(error)
    assert isinstance(deal, Deal)
    assert deal.position_id is not None


@pytest.mark.parametrize("pause", [0, 0.5, 30])
def test_a_position_that_its_user_closed_again(one: Side, pause: float) -> None:
    """The closing that this client asked for explains the row of the closing, and not that of the opening."""
    one.faults.drop_after("POST", "/positions", times=1)
    error = one.lose(silver())
    one.clock.advance(pause)
    position_id = one.account.positions[0].deal_id
    one.do(lambda capital: capital.deals.close(position_id))
    deal = one.resolve(error)
    assert isinstance(deal, Deal)
    assert deal.position_id == position_id


def test_a_working_order_that_was_filled_before_it_was_looked_up(one: Side) -> None:
    bid = one.do(lambda capital: capital.markets.get("SILVER")).snapshot.bid
    one.faults.drop_after("POST", "/workingorders", times=1)
    error = one.lose(lambda capital: capital.deals.place("SILVER", "BUY", 10, float(str(bid)), "LIMIT"))
    for _ in range(300):
        one.clock.advance(120)
        if one.account.positions:
            break
    assert one.account.positions
    deal = one.resolve(error)
    assert isinstance(deal, Deal)
    assert deal.order_id is not None


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("gap", [0, 0.1, 7, 400])
@pytest.mark.parametrize("facade", [False, True], ids=["deals", "positions.open"])
def test_known_deals_that_look_the_same_are_told_apart(one: Side, executed: bool, gap: float, facade: bool) -> None:
    def same() -> None:
        if facade:
            one.do(lambda capital: capital.positions.open(epic="SILVER", direction="BUY", size=10))
        else:
            one.do(silver())

    same()
    one.clock.advance(gap)
    (AFTER if executed else BEFORE)["connection dropped"](one, "POST", "/positions")
    before = {each.deal_id for each in one.account.positions}
    error = one.lose(silver())
    mine = {each.deal_id for each in one.account.positions} - before
    one.clock.advance(gap)
    same()
    verdict = one.resolve(error)
    if executed:
        assert isinstance(verdict, Deal)
        assert {verdict.position_id} == mine
    else:
        assert isinstance(verdict, NotExecuted)


@pytest.mark.parametrize("gap", [0, 0.1, 20])
@pytest.mark.parametrize("executed", [(), (0,), (1,), (0, 1)], ids=["none", "first", "second", "both"])
@pytest.mark.parametrize("method", ["open", "place"])
def test_two_that_look_the_same_were_lost(one: Side, gap: float, executed: tuple[int, ...], method: str) -> None:
    verb, path, act = METHODS[method]
    errors: list[OutcomeUnknownError] = []
    for number in (0, 1):
        (AFTER if number in executed else BEFORE)["connection dropped"](one, verb, path)
        errors.append(one.lose(act("", {})))
        one.clock.advance(gap)
    if len(executed) == 1:
        for error in errors:
            with pytest.raises(OutcomeUnknownError, match="1 deals look like it, and 2 like it were lost"):
                one.resolve(error)
        return
    verdicts = [one.resolve(error) for error in errors]
    if not executed:
        assert all(isinstance(verdict, NotExecuted) for verdict in verdicts)
        return
    book = one.account.positions if method == "open" else one.account.orders
    found = [verdict.position_id if method == "open" else verdict.order_id for verdict in verdicts]
    assert found == [each.deal_id for each in book]
    assert [one.resolve(error) for error in errors] == verdicts


def test_two_lost_and_looked_up_at_once_are_not_taken_for_one(one: Side) -> None:
    one.faults.drop_after("POST", "/positions", times=2)
    errors = [one.lose(silver()) for _ in range(2)]
    verdicts = one.all_at_once([looking_up(error) for error in errors])
    assert {verdict.position_id for verdict in verdicts if isinstance(verdict, Deal)} == {
        each.deal_id for each in one.account.positions
    }


def test_a_ladder_of_orders_of_which_one_is_lost(one: Side) -> None:
    """All but their levels is the same: none of the others is taken for the one that was not placed."""
    for executed in (False, True):
        for level in (50.0, 50.02):
            one.do(placing(level))
        (AFTER if executed else BEFORE)["503"](one, "POST", "/workingorders")
        error = one.lose(placing(50.04))
        for level in (50.06, 50.08):
            one.do(placing(level))
        verdict = one.resolve(error)
        if executed:
            assert isinstance(verdict, Deal)
            assert verdict.level == 50.04
        else:
            assert verdict == NotExecuted()


@pytest.mark.parametrize("level", [50.0, 50.0004, 49.99962])
def test_a_level_that_the_server_rounds(one: Side, level: float) -> None:
    one.faults.drop_after("POST", "/workingorders", times=1)
    error = one.lose(placing(level))
    assert one.resolve(error).order_id == one.account.orders[0].deal_id


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("method", ["amend", "revise"])
@pytest.mark.parametrize("gap", [0.5, 20, 60, 200])
def test_changes_before_and_after_are_told_apart(one: Side, method: str, executed: bool, gap: float) -> None:
    verb, path, act = METHODS[method]
    target = target_of(one, method)
    change = amending if method == "amend" else revising
    one.do(change(target, profit_level=70))
    one.clock.advance(gap)
    (AFTER if executed else BEFORE)["503"](one, verb, path)
    error = one.lose(act(target, {}))
    one.clock.advance(gap)
    one.do(change(target, profit_level=71))
    assert isinstance(one.resolve(error), Deal if executed else NotExecuted)


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("size", [10, 4, 25])
@pytest.mark.parametrize("late", [False, True], ids=["", "late rows"])
def test_orders_that_net(one: Side, executed: bool, size: float, late: bool) -> None:
    for part in (6, 4):
        one.do(opening(part))
        one.clock.advance(1)
    if late:
        one.faults.late_activity(61)
    (AFTER if executed else BEFORE)["503"](one, "POST", "/positions")
    error = one.lose(lambda capital: capital.deals.open("SILVER", "SELL", size))
    verdict = one.resolve(error)
    assert isinstance(verdict, Deal) == executed
    if isinstance(verdict, Deal):
        shorts = [each.deal_id for each in one.account.positions if str(each.direction) == "SELL"]
        assert ([verdict.position_id] if verdict.position_id else []) == shorts
        assert verdict.size == size


def test_with_hedging_nothing_nets(one: Side) -> None:
    one.do(lambda capital: capital.accounts.update_preferences(hedging_mode=True))
    opened(one)
    one.faults.drop_after("POST", "/positions", times=1)
    deal = one.resolve(one.lose(lambda capital: capital.deals.open("SILVER", "SELL", 10)))
    assert deal.position_id == one.account.positions[1].deal_id


def test_a_refusal_that_was_lost_says_why(one: Side) -> None:
    one.faults.drop_after("POST", "/positions", times=1)
    verdict = one.resolve(one.lose(lambda capital: capital.deals.open("SILVER", "BUY", 100_000)))
    assert isinstance(verdict, NotExecuted)
    assert "refused" in verdict.explanation


def test_a_known_refusal_is_not_taken_for_the_lost_one(one: Side) -> None:
    from capital_ext import DealRejectedError

    huge = opening(100_000)
    with pytest.raises(DealRejectedError):
        one.do(huge)
    one.faults.drop_before("POST", "/positions", times=1)
    assert one.resolve(one.lose(huge)) == NotExecuted()


# --- what another program does ---


def test_a_trade_of_another_program_long_before_is_not_the_lost_one(one: Side) -> None:
    """This client was silent for hours; the other one traded meanwhile."""
    one.do(lambda capital: capital.general.time())
    one.clock.advance(600)
    with beside(one) as other:
        opened(other)
    one.clock.advance(3 * 3600)
    one.faults.drop_before("POST", "/positions", times=1)
    with pytest.raises(OutcomeUnknownError, match="can't be told"):
        one.resolve(one.lose(silver()))


def test_a_trade_of_another_program_at_the_same_time_is_not_guessed_about(one: Side) -> None:
    one.faults.drop_after("POST", "/positions", times=1)
    error = one.lose(silver())
    with beside(one) as other:
        opened(other)
    with pytest.raises(OutcomeUnknownError, match="can't be told"):
        one.resolve(error)


@pytest.mark.parametrize("size", [4, 10])
def test_what_may_be_a_part_of_it_is_not_ignored(one: Side, size: float) -> None:
    """A fill in parts has not been seen; if there is one, nobody is told that the order was not executed."""
    one.faults.drop_before("POST", "/positions", times=1)
    error = one.lose(silver())
    with beside(one) as other:
        other.do(lambda capital: capital.deals.open("SILVER", "BUY", size / 2))
    with pytest.raises(OutcomeUnknownError, match="may be a part of it"):
        one.resolve(error)


def test_two_closings_were_lost_and_one_of_them_was_executed(one: Side) -> None:
    position_id = opened(one)

    def close(capital: Capital) -> Deal:
        return capital.deals.close(position_id)

    one.faults.drop_before("DELETE", "/positions/*", times=1)
    first = one.lose(close)
    one.faults.drop_after("DELETE", "/positions/*", times=1)
    second = one.lose(close)
    for error in (first, second):
        with pytest.raises(OutcomeUnknownError, match="two closings"):
            one.resolve(error)


def test_a_reduction_shortly_before_is_not_taken_for_the_closing(one: Side) -> None:
    """Its row is there already while that of the closing is still to come."""
    position_id = opened(one)
    one.faults.late_activity(61)
    one.do(lambda capital: capital.deals.open("SILVER", "SELL", 4))
    one.clock.advance(30)
    one.faults.drop_after("DELETE", "/positions/*", times=1)
    deal = one.resolve(one.lose(lambda capital: capital.deals.close(position_id)))
    assert isinstance(deal, Deal)
    assert (deal.position_id, deal.size) == (position_id, 6)


def test_a_close_that_an_opposite_order_anticipated(one: Side) -> None:
    position_id = opened(one)
    one.faults.drop_before("DELETE", "/positions/*", times=1)
    error = one.lose(lambda capital: capital.deals.close(position_id))
    one.clock.advance(1)
    one.do(lambda capital: capital.deals.open("SILVER", "SELL", 10))
    verdict = one.resolve(error)
    assert isinstance(verdict, NotExecuted)
    assert "another deal closed" in verdict.explanation


def test_a_close_that_the_stop_anticipated(one: Side) -> None:
    position_id = opened(one, stop_distance=0.02)
    one.faults.drop_before("DELETE", "/positions/*", times=1)
    error = one.lose(lambda capital: capital.deals.close(position_id))
    for _ in range(300):
        one.clock.advance(120)
        if not one.account.positions:
            break
    verdict = one.resolve(error)
    assert isinstance(verdict, NotExecuted)
    assert "SL" in verdict.explanation


def test_a_cancel_that_the_fill_anticipated(one: Side) -> None:
    bid = one.do(lambda capital: capital.markets.get("SILVER")).snapshot.bid
    order = one.do(lambda capital: capital.deals.place("SILVER", "BUY", 10, float(str(bid)), "LIMIT"))
    one.faults.drop_before("DELETE", "/workingorders/*", times=1)
    error = one.lose(lambda capital: capital.deals.cancel(str(order.order_id)))
    for _ in range(300):
        one.clock.advance(120)
        if one.account.positions:
            break
    verdict = one.resolve(error)
    assert isinstance(verdict, NotExecuted)
    assert "executed" in verdict.explanation


def test_many_rows_are_read_to_the_last(one: Side) -> None:
    """An answer that could have been cut short is asked for again in halves."""

    def fifty_at_most(request: Any, content: dict[str, Any]) -> dict[str, Any] | None:
        if request.url.path.endswith("/history/activity"):
            return {"activities": content["activities"][:50]}
        return None

    one.wire.rewrite = fifty_at_most
    one.faults.drop_after("POST", "/positions", times=1)
    error = one.lose(silver())
    mine = one.account.positions[0].deal_id
    for _ in range(60):  # the newest fifty of these are all that one answer holds
        one.clock.advance(1.5)
        one.do(lambda capital: capital.deals.open("SILVER", "BUY", 1))
    assert one.resolve(error).position_id == mine


def test_a_clock_of_the_server_that_stands_still_is_not_waited_for_for_ever(make: Making) -> None:
    one = make()
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    async def sleep_async(seconds: float) -> None:
        sleep(seconds)

    from capital_ext.policy import World
    from capital_ext.waiting import Sleep

    world = World(sleep=Sleep(sleep, sleep_async), clock=lambda: passed[0], now=one.clock.now)
    one.capital.deals._world = world  # pyright: ignore[reportPrivateUsage]
    one.faults.drop_before("POST", "/positions", times=1)
    with pytest.raises(OutcomeUnknownError, match="clock does not move"):
        one.resolve(one.lose(silver()))
    assert passed[0] < 300


def test_nothing_but_reads_is_sent(one: Side) -> None:
    one.faults.drop_before("POST", "/positions", times=1)
    error = one.lose(silver())
    one.sandbox.requests.clear()
    one.resolve(error)
    assert {record.method for record in one.sandbox.requests} == {"GET"}
