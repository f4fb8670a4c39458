"""Orders that wait for a price: creating, changing, cancelling, and what happens when the price comes."""

from dataclasses import dataclass, replace
from decimal import Decimal

from .accounts import Account
from .activity import order_row
from .catalogue import Instrument
from .confirms import Confirm
from .currencies import convert
from .dealing import Dealing, check_obligation, check_size
from .deals import Direction, Order, ProtectionRequest
from .execution import NOT_DEALT, Execution, Ticket
from .feed import Feed, NoPrices
from .identifiers import Identifiers
from .protection import MIN_DISTANCE, resolve
from .refusals import Refusal


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An update of a working order. None keeps what is there; the two flags are always set anew."""

    level: Decimal | None
    good_till: int | None
    cancel_good_till: bool
    protection: ProtectionRequest


class WorkingOrders:
    """The desk for orders that wait."""

    def __init__(self, feed: Feed, identifiers: Identifiers, execution: Execution, dealing: Dealing) -> None:
        self._feed = feed
        self._identifiers = identifiers
        self._execution = execution
        self._dealing = dealing

    def create(
        self,
        account: Account,
        instrument: Instrument,
        direction: Direction,
        size: Decimal,
        level: Decimal,
        kind: str,
        good_till: int | None,
        request: ProtectionRequest,
        now: int,
    ) -> str:
        """Place an order; returns its deal reference."""
        check_size(instrument, size)
        order = Order(
            deal_id=self._identifiers.deal(),
            reference=self._identifiers.order_reference(),
            instrument=instrument,
            direction=direction,
            size=size,
            level=instrument.on_grid(level),
            kind=kind,
            created=now,
            leverage=account.preferences.leverages[instrument.type],
            good_till=good_till,
            protection=request,
        )
        reason = self._objection(account, order, now)
        if reason is None:
            account.orders[order.deal_id] = order
            self._tell(account, order, "OPEN", "CREATED", now)
        else:
            self._tell(account, order, "DELETED", "REJECTED", now, reason=reason)
        return order.reference

    def change(self, account: Account, deal_id: str, change: OrderChange, now: int) -> str:
        """Move an order. What the request leaves out stays, except the flags, which fall back to false."""
        order = _find(account, deal_id)
        good_till = None if change.cancel_good_till else order.good_till
        changed = replace(
            order,
            level=order.level if change.level is None else order.instrument.on_grid(change.level),
            good_till=good_till if change.good_till is None else change.good_till,
            protection=_merge(order.protection, change.protection),
        )
        reason = self._objection(account, changed, now)
        if reason is None:
            account.orders[deal_id] = changed
            self._tell(account, changed, "AMENDED", "MODIFIED", now)
        else:
            self._tell(account, order, "DELETED", "MODIFY_REJECT", now, reason=reason)
        return order.reference

    def cancel(self, account: Account, deal_id: str, now: int) -> str:
        """Take an order back. The answer reuses the reference of its creation."""
        order = _find(account, deal_id)
        self.remove(account, order, "USER", "CANCELLED", now)
        return order.reference

    def remove(self, account: Account, order: Order, source: str, status: str, now: int) -> None:
        """An order ends without being filled: cancelled or expired."""
        del account.orders[order.deal_id]
        self._tell(account, order, "DELETED", status, now, source=source)

    def trigger(self, account: Account, order: Order, level: Decimal, now: int) -> None:
        """The price has come: the order becomes a position, or is refused after all."""
        del account.orders[order.deal_id]
        try:
            protection = resolve(
                order.protection,
                order.instrument,
                order.direction,
                order.size,
                opened=level,
                price=order.direction.exit(self._feed.quote(order.instrument, now)),
                rate=convert(Decimal(1), account.currency, order.instrument.currency),
            )
        except Refusal:
            # Filled at another price than its level, after a jump, or at another spread: the stop, which would
            # have been right for the level, is on the wrong side of the price or out of its range.
            self._tell(account, order, "DELETED", "REJECTED", now, source="SYSTEM", reason="INVALID_PRICE")
            return
        ticket = Ticket(
            order_id=order.deal_id,
            instrument=order.instrument,
            direction=order.direction,
            size=order.size,
            leverage=order.leverage,
            protection=protection,
            source="SYSTEM",
            working_order_id=order.deal_id,
        )
        reason = self._execution.objection(account, ticket, level, now)
        if reason is not None:
            self._tell(account, order, "DELETED", "REJECTED", now, source="SYSTEM", reason=reason)
            return
        fill = self._execution.fill(account, ticket, level, now)
        self._dealing.confirm_fill(account, order.reference, ticket, level, fill, now)
        account.activity.append(order_row(order, now, "SYSTEM", "EXECUTED"))

    def _objection(self, account: Account, order: Order, now: int) -> str | None:
        """Why an order cannot be placed or changed although nothing is wrong with it, in the words of the confirm."""
        instrument = order.instrument
        try:
            self._check(account, order, now)
        except NoPrices:
            return "RC_NO_RATES"
        if NOT_DEALT.intersection(instrument.modes) or (instrument.expires is not None and now >= instrument.expires):
            return "INSTRUMENT_NOT_AVAILABLE"
        return "HEDGING_MODE_GSL" if order.protection.guaranteed and account.preferences.hedging else None

    def _check(self, account: Account, order: Order, now: int) -> None:
        """Refuse levels that the market has already passed, and impossible stops."""
        if not self._execution.only_reduces(account, order.instrument, order.direction, order.size):
            check_obligation(account, order.protection)
        if order.level <= 0:
            raise Refusal(400, "error.invalid.level")
        sign, quote = order.direction.sign, self._feed.quote(order.instrument, now)
        price = order.direction.entry(quote)
        cheaper = (price - order.level) * sign > 0
        if order.kind == "LIMIT" and not cheaper:
            raise Refusal(400, "error.validation.limit.price")
        nearest = price * (100 + sign * MIN_DISTANCE) / 100
        if order.kind == "STOP" and (order.level - nearest) * sign < 0:
            raise Refusal(400, "error.validation.stop.price")
        if order.good_till is not None and order.good_till <= now:
            raise Refusal(400, "error.not-in-future.goodTillDate")
        rate = convert(Decimal(1), account.currency, order.instrument.currency)
        resolve(
            order.protection,
            order.instrument,
            order.direction,
            order.size,
            opened=order.level,
            price=order.level - sign * (quote.offer - quote.bid),  # where it would close again, once it is filled
            rate=rate,
        )

    def _tell(
        self,
        account: Account,
        order: Order,
        status: str,
        activity: str,
        now: int,
        *,
        source: str = "USER",
        reason: str | None = None,
    ) -> None:
        """Write an event of an order into the confirms and the diary."""
        happened = {"OPEN": "OPENED"}.get(status, status)
        confirm = Confirm(
            # Measured: the confirm of a cancelled order repeats the date of its creation.
            date=order.created if status == "DELETED" and reason is None else now,
            status=status,
            epic=order.instrument.epic,
            reference=order.reference,
            deal_id=order.deal_id,
            direction=order.direction,
            size=order.size,
            level=Decimal(0) if reason else order.level,
            affected=() if reason else ((order.deal_id, happened),),
            guaranteed=order.protection.guaranteed,
            trailing=order.protection.trailing,
            stop_level=order.protection.stop_level,
            profit_level=order.protection.profit_level,
            reject_reason=reason,
        )
        account.confirms.add(now, confirm)
        account.activity.append(order_row(order, now, source, activity))


def _find(account: Account, deal_id: str) -> Order:
    if deal_id not in account.orders:
        raise Refusal(404, "error.not-found.dealId")
    return account.orders[deal_id]


def _merge(old: ProtectionRequest, new: ProtectionRequest) -> ProtectionRequest:
    """Keep the stop, the profit, or both, where the new request does not mention them."""
    stop, profit = (new if new.has_stop else old), (new if new.has_profit else old)
    return ProtectionRequest(
        guaranteed=new.guaranteed,
        trailing=new.trailing,
        stop_level=stop.stop_level,
        stop_distance=stop.stop_distance,
        stop_amount=stop.stop_amount,
        profit_level=profit.profit_level,
        profit_distance=profit.profit_distance,
        profit_amount=profit.profit_amount,
    )
