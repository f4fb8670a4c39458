"""Positions, working orders and confirms."""

from capital_api import models

from ..deals import Direction, ProtectionRequest
from ..messages import Fields
from ..refusals import Refusal
from ..working_orders import OrderChange
from . import deal_models
from .calls import Call, naive_utc


def all_positions(call: Call) -> models.PositionList:
    """``GET /positions``."""
    positions = call.account.positions.values()
    return models.PositionList(positions=[deal_models.open_position(call, position) for position in positions])


def position(call: Call) -> models.OpenPosition:
    """``GET /positions/{dealId}``."""
    found = call.account.positions.get(call.arguments["dealId"])
    if found is None:
        raise Refusal(404, "error.not-found.dealId")
    return deal_models.open_position(call, found)


def open_position(call: Call) -> models.DealReference:
    """``POST /positions``: 200 says queued, not executed. It counts for the limits whatever becomes of it."""
    call.world.limits.deal(call.customer.client_id, call.account.account_id, call.now)
    fields = call.request.fields()
    instrument = call.instrument(fields.text("epic"))
    direction = fields.choice("direction", Direction)
    size, request = fields.number("size"), _protection(fields)
    reference = call.world.dealing.open(call.account, instrument, direction, size, request, call.now)
    return models.DealReference(deal_reference=reference)


def update_position(call: Call) -> models.DealReference:
    """``PUT /positions/{dealId}``: replaces the whole protection."""
    request = _protection(call.request.fields())
    reference = call.world.dealing.protect(call.account, call.arguments["dealId"], request, call.now)
    return models.DealReference(deal_reference=reference)


def close_position(call: Call) -> models.DealReference:
    """``DELETE /positions/{dealId}``: closes all of it, whatever size somebody may send along."""
    reference = call.world.dealing.close(call.account, call.arguments["dealId"], call.now)
    return models.DealReference(deal_reference=reference)


def all_orders(call: Call) -> models.WorkingOrderList:
    """``GET /workingorders``."""
    orders = call.account.orders.values()
    return models.WorkingOrderList(working_orders=[deal_models.working_order(call, order) for order in orders])


def create_order(call: Call) -> models.DealReference:
    """``POST /workingorders``. It counts for the limits whatever becomes of it."""
    call.world.limits.deal(call.customer.client_id, call.account.account_id, call.now)
    fields = call.request.fields()
    instrument = call.instrument(fields.text("epic"))
    direction = fields.choice("direction", Direction)
    kind = fields.choice("type", models.OrderType)
    if not kind.is_known:
        raise Refusal(400, "error.invalid.type")
    size, level = fields.number("size"), fields.number("level")
    good_till, request = _good_till(fields), _protection(fields)
    reference = call.world.orders.create(
        call.account, instrument, direction, size, level, kind.value, good_till, request, call.now
    )
    return models.DealReference(deal_reference=reference)


def update_order(call: Call) -> models.DealReference:
    """``PUT /workingorders/{dealId}``: keeps what is left out, but for the two flags."""
    fields = call.request.fields()
    change = OrderChange(
        level=fields.positive("level"),
        good_till=_good_till(fields),
        cancel_good_till=fields.text("timeInForce", "") == "GOOD_TILL_CANCELLED",
        protection=_protection(fields),
    )
    reference = call.world.orders.change(call.account, call.arguments["dealId"], change, call.now)
    return models.DealReference(deal_reference=reference)


def cancel_order(call: Call) -> models.DealReference:
    """``DELETE /workingorders/{dealId}``."""
    reference = call.world.orders.cancel(call.account, call.arguments["dealId"], call.now)
    return models.DealReference(deal_reference=reference)


def confirm(call: Call) -> models.Confirmation:
    """``GET /confirms/{dealReference}``: 404 also means not yet."""
    reference = call.arguments["dealReference"]
    for account in call.customer.accounts.values():
        found = account.confirms.latest(reference, call.now)
        if found is not None:
            return deal_models.confirmation(call, found)
    raise Refusal(404, "error.not-found.dealReference")


def _protection(fields: Fields) -> ProtectionRequest:
    return ProtectionRequest(
        guaranteed=fields.flag("guaranteedStop"),
        trailing=fields.flag("trailingStop"),
        stop_level=fields.positive("stopLevel"),
        stop_distance=fields.positive("stopDistance"),
        stop_amount=fields.positive("stopAmount"),
        profit_level=fields.positive("profitLevel"),
        profit_distance=fields.positive("profitDistance"),
        profit_amount=fields.positive("profitAmount"),
    )


def _good_till(fields: Fields) -> int | None:
    if not fields.has("goodTillDate"):
        return None
    return naive_utc(fields.text("goodTillDate"), "error.invalid.daterange")
