"""What a user writes with ``deals``. Never run: both checkers must accept every line, and know every type."""

from __future__ import annotations

import datetime
from typing import assert_type

from capital_ext import (
    UNSET,
    AsyncCapital,
    Capital,
    Deal,
    DealRejectedError,
    NotExecuted,
    NotExecutedError,
    OutcomeUnknownError,
    models,
)
from capital_ext.models import Direction, OrderType

NOW = datetime.datetime.now(datetime.timezone.utc)


def trading(capital: Capital) -> None:
    deal = capital.deals.open("SILVER", "BUY", 10, stop_distance=0.5, profit_amount=20, timeout=5, resolve=True)
    assert_type(deal, Deal)
    assert_type(deal.position_id, str | None)
    assert_type(deal.level, float | None)
    assert_type(deal.direction, Direction)
    assert_type(deal.affected, tuple[models.AffectedDeal, ...])
    assert_type(deal.profit, float | None)
    assert_type(deal.at, datetime.datetime | None)
    assert_type(deal.confirm, models.Confirmation | None)
    assert_type(capital.deals.open("SILVER", Direction.SELL, 10), Deal)
    if deal.position_id is not None:
        assert_type(capital.deals.amend(deal.position_id, stop_level=39.8, profit_level=None), Deal)
        assert_type(capital.deals.amend(deal.position_id, stop_level=UNSET, trailing_stop=True, stop_distance=1), Deal)
        assert_type(capital.deals.close(deal.position_id, timeout=3), Deal)
    order = capital.deals.place("SILVER", "BUY", 10, 39.5, "LIMIT", good_till_date=NOW)
    assert_type(order, Deal)
    assert_type(capital.deals.place("SILVER", Direction.BUY, 10, 39.5, OrderType.STOP), Deal)
    if order.order_id is not None:
        assert_type(capital.deals.revise(order.order_id, level=39.2, good_till_date=None), Deal)
        assert_type(capital.deals.cancel(order.order_id), Deal)


def when_it_goes_wrong(capital: Capital) -> None:
    try:
        capital.deals.open("SILVER", "BUY", 10)
    except DealRejectedError as error:
        assert_type(error.reason, str | None)
        assert_type(error.epic, str | None)
    except NotExecutedError as error:
        assert_type(error.reason, str | None)
    except OutcomeUnknownError as error:
        assert_type(error.deal_reference, str | None)
        assert_type(error.sent_at, datetime.datetime)
        verdict = capital.deals.resolve(error)
        assert_type(verdict, Deal | NotExecuted)
        if isinstance(verdict, NotExecuted):
            assert_type(verdict.reason, str | None)
            assert_type(verdict.explanation, str)
        else:
            assert_type(verdict, Deal)


async def the_same_with_await(capital: AsyncCapital, lost: OutcomeUnknownError) -> None:
    assert_type(await capital.deals.open("SILVER", "SELL", 10), Deal)
    assert_type(await capital.deals.close("id"), Deal)
    assert_type(await capital.deals.amend("id", stop_level=None), Deal)
    assert_type(await capital.deals.place("SILVER", "SELL", 10, 60, "LIMIT"), Deal)
    assert_type(await capital.deals.revise("id", level=61), Deal)
    assert_type(await capital.deals.cancel("id"), Deal)
    assert_type(await capital.deals.resolve(lost), Deal | NotExecuted)
