"""Positions, orders, confirms and history as generated models."""

from decimal import Decimal

from capital_api import models

from ..activity import Activity
from ..confirms import Confirm
from ..deals import Order, Position
from ..ledger import Transaction
from ..refusals import plain
from .calls import Call
from .market_models import market
from .numbers import number

_POINT_FOUR = Decimal("0.0001")


def open_position(call: Call, position: Position) -> models.OpenPosition:
    """A position with its market."""
    protection = position.protection
    data = models.Position(
        contract_size=1,
        created_date=call.local(position.created),
        created_date_utc=call.utc(position.created),
        deal_id=position.deal_id,
        deal_reference=position.reference,
        working_order_id=position.order_id,
        size=number(position.size),
        leverage=position.leverage,
        # In the account's currency, to four decimals.
        upl=number(call.account.open_profit(position, call.world.feed, call.now).quantize(_POINT_FOUR)),
        direction=models.Direction(position.direction),
        level=number(position.level),
        currency=position.instrument.currency,
        guaranteed_stop=protection.guaranteed,
    )
    # What is not set is absent, never null.
    if protection.stop_level is not None:
        data.stop_level = number(protection.stop_level)
    if protection.profit_level is not None:
        data.profit_level = number(protection.profit_level)
    if protection.trailing_distance is not None:
        data.trailing_stop = True
        data.stop_distance = number(protection.trailing_distance)
    return models.OpenPosition(position=data, market=market(call, position.instrument))


def working_order(call: Call, order: Order) -> models.WorkingOrder:
    """A working order with its market, here called ``marketData``."""
    request = order.protection
    data = models.WorkingOrderData(
        deal_id=order.deal_id,
        direction=models.Direction(order.direction),
        epic=order.instrument.epic,
        order_size=number(order.size),
        leverage=order.leverage,
        order_level=number(order.level),
        time_in_force=models.TimeInForce.GOOD_TILL_CANCELLED,
        created_date=call.local(order.created),
        created_date_utc=call.utc(order.created),
        guaranteed_stop=request.guaranteed,
        order_type=models.OrderType(order.kind),
        trailing_stop=request.trailing,
        currency_code=order.instrument.currency,
    )
    if order.good_till is not None:
        data.time_in_force = models.TimeInForce.GOOD_TILL_DATE
        data.good_till_date = call.local(order.good_till)
        data.good_till_date_utc = call.utc(order.good_till)
    # Amounts cannot be read back: the real service shows only levels and distances.
    if request.stop_level is not None and not request.trailing:
        data.stop_level = number(request.stop_level)
    elif request.stop_distance is not None:
        data.stop_distance = number(request.stop_distance)
    if request.profit_level is not None:
        data.profit_level = number(request.profit_level)
    elif request.profit_distance is not None:
        data.profit_distance = number(request.profit_distance)
    return models.WorkingOrder(working_order_data=data, market_data=market(call, order.instrument))


def confirmation(call: Call, confirm: Confirm) -> models.Confirmation:
    """The outcome of a deal. Its only date is UTC, though its name does not say so."""
    rejected = confirm.reject_reason is not None
    result = models.Confirmation(
        date=call.utc(confirm.date),
        status=models.PositionStatus(confirm.status),
        deal_status=models.DealStatus.REJECTED if rejected else models.DealStatus.ACCEPTED,
        epic=confirm.epic,
        deal_reference=confirm.reference,
        deal_id=confirm.deal_id,
        affected_deals=[
            models.AffectedDeal(deal_id, models.AffectedDealStatus(status)) for deal_id, status in confirm.affected
        ],
        level=number(confirm.level),
        size=number(confirm.size),
        direction=models.Direction(confirm.direction),
        guaranteed_stop=confirm.guaranteed,
        trailing_stop=confirm.trailing,
    )
    if confirm.reject_reason is not None:
        result.reject_reason = models.RejectReason(confirm.reject_reason)
    if confirm.stop_level is not None:
        result.stop_level = number(confirm.stop_level)
    if confirm.profit_level is not None:
        result.profit_level = number(confirm.profit_level)
    if confirm.profit is not None:
        result.profit = number(confirm.profit)
    if confirm.profit_currency is not None:
        result.profit_currency = confirm.profit_currency
    return result


def activity(call: Call, row: Activity, *, detailed: bool) -> models.Activity:
    """A row of the activity history."""
    result = models.Activity(
        date=call.local(row.time),
        date_utc=call.utc(row.time),
        epic=row.instrument.epic,
        deal_id=row.deal_id,
        source=models.ActivitySource(row.source),
        type_=models.ActivityType(row.type),
        status=models.ActivityStatus(row.status),
    )
    if detailed:
        result.details = models.ActivityDetails(
            deal_reference=row.reference,
            market_name=row.instrument.name,
            currency=row.instrument.currency,
            size=number(row.size),
            direction=models.Direction(row.direction),
            level=number(row.level),
            guaranteed_stop=row.guaranteed,
        )
        if row.working_order_id is not None:
            result.details.working_order_id = row.working_order_id
    return result


def transaction(call: Call, row: Transaction) -> models.Transaction:
    """A row of the transaction history: ``size`` is signed money in a string."""
    result = models.Transaction(
        date=call.local(row.time),
        date_utc=call.utc(row.time),
        transaction_type=models.TransactionType(row.kind),
        note=row.note,
        reference=row.reference,
        size=_money(row.amount),
        # Demo accounts mark their currency as play money.
        currency=call.account.currency if call.customer.live else f"{call.account.currency}d",
        status="PROCESSED",
    )
    if row.epic is not None:
        result.instrument_name = row.epic
    if row.deal_id is not None and row.kind == "TRADE":
        result.deal_id = row.deal_id
    return result


def _money(amount: Decimal) -> str:
    text = plain(amount)
    return text if "." in text else f"{text}.0"
