"""The walks over the activity and the transactions: each row once, the late ones too."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain, pairwise
from typing import Any

import pytest

from capital_ext import InvalidInputError, ServerError, models
from capital_ext.models import Activity, Transaction
from capital_sandbox.activity import Activity as Happened
from capital_sandbox.clock import to_milliseconds
from capital_sandbox.deals import Direction

from .world import NOW, UTC, Stage, threads

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def account(stage: Stage) -> Any:
    (customer,) = stage.sandbox.world.customers.values()
    return next(account for account in customer.accounts.values() if account.preferred)


def happens(stage: Stage, at: datetime, deal: str, **more: Any) -> None:
    """Write a row into the account's diary, as if it had happened then."""
    row: dict[str, Any] = {"source": "USER", "type": "POSITION", "status": "ACCEPTED", "size": Decimal(1), **more}
    account(stage).activity.append(
        Happened(
            time=to_milliseconds(at),
            instrument=stage.sandbox.world.catalogue["SILVER"],
            deal_id=deal,
            reference="p_" + deal,
            direction=Direction.BUY,
            level=Decimal(50),
            **row,
        )
    )


def books(stage: Stage, at: datetime, amount: str = "1.00", kind: str = "TRADE") -> None:
    """Write a transaction, as if it had been booked then."""
    account(stage).ledger.book(to_milliseconds(at), kind, "Trade closed", Decimal(amount), epic="SILVER", deal_id="d")


def ids(rows: list[Activity]) -> list[str]:
    return [row.deal_id for row in rows]


# --- activity ---------------------------------------------------------------------------------------------------------


def test_activity_of_many_days_oldest_first(stage: Stage) -> None:
    start = NOW - 40 * DAY
    moments = [start + n * timedelta(hours=7, minutes=13, seconds=1, milliseconds=7) for n in range(130)]
    for number, moment in enumerate(moments):
        happens(stage, moment, f"deal-{number}")
    rows = stage.all(lambda walks: walks.iter_activity(start, NOW))
    assert [row.date_utc for row in rows] == moments
    assert ids(rows) == [f"deal-{n}" for n in range(130)]
    assert rows[0].date_utc.tzinfo is UTC
    assert isinstance(rows[0].details, models.ActivityDetails) is False
    assert stage.calls("/history/activity") == 40
    detailed = stage.all(lambda walks: walks.iter_activity(start, NOW, detailed=True, deal_id="deal-3"))
    assert [row.details.deal_reference for row in detailed] == ["p_deal-3"]
    assert stage.all(lambda walks: walks.iter_activity(start, NOW, filter_="status==REJECTED")) == []


def test_seams_and_edges(stage: Stage) -> None:
    """What happens exactly between two days, just before and just after, is told once; the end is left out."""
    start = NOW - 3 * DAY
    near = [timedelta(milliseconds=n) for n in (-1000, -999, -500, -1, 0, 1, 500, 999, 1000)]
    moments = [start + n * DAY + each for n in range(4) for each in near if start + n * DAY + each <= NOW]
    for number, moment in enumerate(moments):
        happens(stage, moment, str(number))
    rows = stage.all(lambda walks: walks.iter_activity(start, NOW))
    assert [row.date_utc for row in rows] == [moment for moment in moments if start <= moment < NOW]
    half = start + timedelta(milliseconds=500)
    rows = stage.all(lambda walks: walks.iter_activity(half, half + DAY))
    assert [row.date_utc for row in rows] == [moment for moment in moments if half <= moment < half + DAY]


def test_spans_put_together_have_each_row_once(stage: Stage) -> None:
    for number in range(100):
        happens(stage, NOW - 5 * DAY + number * timedelta(hours=1, milliseconds=333), str(number))
    cuts = [NOW - 5 * DAY, NOW - 4 * DAY - timedelta(milliseconds=1), NOW - 2 * DAY, NOW - HOUR]
    parts: list[list[Activity]] = [stage.all(lambda walks: walks.iter_activity(a, b)) for a, b in pairwise(cuts)]  # noqa: B023
    assert list(chain(*parts)) == stage.all(lambda walks: walks.iter_activity(cuts[0], cuts[-1]))


def test_rows_of_one_instant_keep_their_order(stage: Stage) -> None:
    for kind in ("WORKING_ORDER", "POSITION", "EDIT_STOP_AND_LIMIT"):
        happens(stage, NOW - HOUR, "deal", type=kind)
    rows = stage.all(lambda walks: walks.iter_activity(last=DAY))
    assert [row.type_ for row in rows] == ["WORKING_ORDER", "POSITION", "EDIT_STOP_AND_LIMIT"]


@pytest.mark.parametrize("detailed", [False, True])
def test_activity_comes_once_though_the_server_repeats_it(stage: Stage, detailed: bool) -> None:
    for number in range(150):  # some of them at the seam of two days, and enough on one to be asked for in halves
        happens(stage, NOW - 3 * DAY + number * timedelta(minutes=24), f"deal-{number}")
    stage.sandbox.faults.duplicate_rows("GET", "/history/activity")
    assert len(stage.capital.history.activity(from_=NOW - 3 * DAY, to=NOW - 2 * DAY).activities) == 2 * 61
    rows = stage.all(lambda walks: walks.iter_activity(last=3 * DAY, detailed=detailed))
    assert ids(rows) == [f"deal-{number}" for number in range(150)]
    happens(stage, NOW - SECOND, "deal-150")
    assert ids(stage.all(lambda walks: walks.iter_activity(after=rows, detailed=detailed))) == ["deal-150"]


def test_rows_that_differ_in_anything_are_two(stage: Stage) -> None:
    """Parts of one position that are closed at one moment. Those that are alike to the letter can't be told apart."""
    for size in (1, 2, 2):
        happens(stage, NOW - HOUR, "deal", size=Decimal(size))
    rows = stage.all(lambda walks: walks.iter_activity(last=DAY, detailed=True))
    assert [row.details.size for row in rows] == [1, 2]
    assert ids(stage.all(lambda walks: walks.iter_activity(last=DAY))) == ["deal"]


def test_going_on_with_and_without_details(stage: Stage) -> None:
    """Rows with details are known to a walk without; those without come again in one with, and then have them."""
    happens(stage, NOW - HOUR, "deal")
    bare = stage.all(lambda walks: walks.iter_activity(last=DAY))
    full = stage.all(lambda walks: walks.iter_activity(last=DAY, detailed=True))
    assert stage.all(lambda walks: walks.iter_activity(after=full)) == []
    assert stage.all(lambda walks: walks.iter_activity(after=full, detailed=True)) == []
    assert stage.all(lambda walks: walks.iter_activity(after=bare, detailed=True)) == full


def test_rows_are_known_when_the_clocks_of_the_account_change(stage: Stage) -> None:
    happens(stage, NOW - HOUR, "deal")
    (row,) = stage.all(lambda walks: walks.iter_activity(last=DAY))
    row.date += HOUR
    assert stage.all(lambda walks: walks.iter_activity(after=[row])) == []


def test_rows_that_the_server_mixes_come_in_order(stage: Stage) -> None:
    for number in (3, 0, 4, 1, 2):
        happens(stage, NOW - HOUR + number * SECOND, str(number))
    assert ids(stage.all(lambda walks: walks.iter_activity(last=DAY))) == ["0", "1", "2", "3", "4"]


def test_a_late_row_that_is_older_than_the_newest_is_found(stage: Stage) -> None:
    happens(stage, NOW - HOUR, "newest")
    seen = stage.all(lambda walks: walks.iter_activity(last=DAY))
    happens(stage, NOW - HOUR - 61 * SECOND, "late")
    happens(stage, NOW - HOUR, "newest", status="EXECUTED")  # once more, at the very same instant
    more = stage.all(lambda walks: walks.iter_activity(after=seen))
    assert ids(more) == ["late", "newest"]
    assert stage.all(lambda walks: walks.iter_activity(after=[*seen, *more])) == []


def test_late_rows_are_found_by_going_on(stage: Stage) -> None:
    """Rows appear a minute after they happened: each step takes the new ones, none twice and none never."""
    stage.sandbox.faults.late_activity(61)
    seen: list[Activity] = []
    happened: list[str] = []
    happens(stage, NOW - HOUR, "first")
    seen += stage.all(lambda walks: walks.iter_activity(last=DAY))
    for step in range(16):
        now = stage.sandbox.clock.advance(17)
        happens(stage, now - 3 * SECOND, f"deal-{step}")
        if step % 4 == 0:  # and something else with it
            happens(stage, now - 3 * SECOND, f"deal-{step}", type="EDIT_STOP_AND_LIMIT")
            happened.append(f"deal-{step}")
        happened.append(f"deal-{step}")
        seen += stage.all(lambda walks: walks.iter_activity(after=seen))  # noqa: B023
    stage.sandbox.clock.advance(61)
    seen += stage.all(lambda walks: walks.iter_activity(after=seen))
    assert Counter(ids(seen)) == Counter(["first", *happened])


def test_a_day_with_very_many_rows_is_asked_for_in_parts(stage: Stage) -> None:
    for number in range(350):
        happens(stage, NOW - 10 * HOUR + number * 30 * SECOND, str(number))
    rows = stage.all(lambda walks: walks.iter_activity(last=DAY))
    assert ids(rows) == [str(number) for number in range(350)]
    assert stage.calls("/history/activity") > 3


@pytest.mark.parametrize(("count", "calls"), [(49, 1), (50, 3)])
def test_fewer_than_a_hundred_rows_may_have_been_cut_short_too(stage: Stage, count: int, calls: int) -> None:
    """About a hundred, it is said, and nobody has counted those of the activity."""
    for number in range(count):
        happens(stage, NOW - 13 * HOUR + number * timedelta(minutes=2), str(number))
        books(stage, NOW - 5 * DAY + number * timedelta(hours=2))
    assert len(stage.all(lambda walks: walks.iter_activity(last=DAY))) == count
    assert stage.calls("/history/activity") == calls
    assert len(stage.all(lambda walks: walks.iter_transactions(last=7 * DAY, type_="TRADE"))) == count
    assert stage.calls("/history/transactions") == calls


# --- transactions -----------------------------------------------------------------------------------------------------


def test_transactions_beyond_what_one_answer_holds(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The server gives the newest hundred of a window and says nothing of the others."""
    moments = [NOW - 20 * DAY + n * timedelta(minutes=9, milliseconds=1) for n in range(700)]
    for moment in moments:
        books(stage, moment)
    assert len(stage.capital.history.transactions(from_=NOW - 30 * DAY, to=NOW).transactions) == 100
    rows: list[Transaction] = stage.all(lambda walks: walks.iter_transactions(NOW - 30 * DAY, type_="TRADE"))
    assert [row.date_utc for row in rows] == moments
    assert len({row.reference for row in rows}) == 700
    with caplog.at_level(logging.WARNING):
        for _ in range(120):
            books(stage, NOW - 25 * DAY, kind="SWAP")
        assert len(stage.all(lambda walks: walks.iter_transactions(NOW - 30 * DAY, type_="SWAP"))) == 100
    assert "100 rows in one second" in caplog.text


def test_transactions_come_once_though_the_server_repeats_them(stage: Stage) -> None:
    for number in range(150):
        books(stage, NOW - 15 * DAY + number * HOUR)
    stage.sandbox.faults.duplicate_rows("GET", "/history/transactions")
    rows: list[Transaction] = stage.all(lambda walks: walks.iter_transactions(last=16 * DAY))
    assert len(rows) == len({row.reference for row in rows}) == 150
    known = rows[:-3]
    assert stage.all(lambda walks: walks.iter_transactions(after=known)) == rows[-3:]


def test_nothing_yet_to_come(stage: Stage) -> None:
    happens(stage, NOW - SECOND, "deal")
    for span in ({"start": NOW}, {"start": NOW + DAY}, {"start": "2026-01-01", "end": "2026-01-01"}):
        assert stage.all(lambda walks: walks.iter_activity(**span)) == []  # noqa: B023
        assert stage.all(lambda walks: walks.iter_transactions(**span)) == []  # noqa: B023
    assert ids(stage.all(lambda walks: walks.iter_activity(NOW - HOUR, "2027-01-01"))) == ["deal"]


BAD: list[tuple[Callable[[Any], object], str]] = [
    (lambda walks: walks.iter_activity(), "exactly one of"),
    (lambda walks: walks.iter_activity(after=[]), "after holds no rows"),
    (lambda walks: walks.iter_activity(last=DAY, deal_id=""), "deal_id"),
    (lambda walks: walks.iter_activity(last=DAY, detailed="yes"), "detailed"),
    (lambda walks: walks.iter_transactions(last=DAY, type_="GIFT"), "type_"),
    (lambda walks: walks.iter_transactions(last=DAY, in_flight=99), "in_flight"),
    (lambda walks: walks.iter_transactions(start="yesterday"), "start"),
]


@pytest.mark.parametrize(("act", "message"), BAD)
def test_bad_input_is_told_at_once(stage: Stage, act: Callable[[Any], object], message: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(message)):
        act(stage.capital)
    assert len(stage.sandbox.requests) == 0


def test_an_error_in_the_middle_ends_the_walk(stage: Stage) -> None:
    for number in range(20):
        happens(stage, NOW - 20 * DAY + number * DAY, str(number))
    stage.sandbox.faults.server_error("json", "GET", "/history/activity", after=12)
    seen: list[Activity] = []
    with pytest.raises(ServerError):
        stage.some(lambda walks: walks.iter_activity(NOW - 20 * DAY), None, seen.append)
    assert 4 <= len(seen) <= 12
    assert ids(seen) == [str(number) for number in range(len(seen))]
    assert threads(within=10) == []
