"""Opening, protecting and closing positions, as a customer asks for it."""

from dataclasses import replace
from decimal import Decimal

from .accounts import Account
from .activity import Activity, position_row
from .catalogue import Instrument
from .confirms import Confirm
from .currencies import convert
from .deals import Direction, Position, Protection, ProtectionRequest
from .execution import Execution, Fill, Reduction, Ticket
from .feed import Feed, NoPrices
from .identifiers import Identifiers
from .protection import resolve
from .refusals import Refusal


def check_size(instrument: Instrument, size: Decimal) -> None:
    """Refuse sizes outside the dealing rules of a market, or off its grid."""
    if size < instrument.min_size:
        raise Refusal(400, "error.invalid.size.minvalue", instrument.min_size)
    if size > instrument.max_size:
        raise Refusal(400, "error.invalid.size.maxvalue", instrument.max_size)
    if size % instrument.size_step:
        raise Refusal(400, "error.invalid.size")


def check_obligation(account: Account, request: ProtectionRequest) -> None:
    """Refuse a deal without a guaranteed stop on an account that may not do without."""
    if account.guaranteed_stops_required and not request.guaranteed:
        raise Refusal(400, "error.vallidation.guaranteed-stop-loss.required")  # with two l: so the API writes it


class Dealing:
    """The desk for positions.

    A request that is malformed is refused at once. One that is merely not possible (no margin, market
    closed) is accepted, and the refusal is told by the confirm.
    """

    def __init__(
        self, feed: Feed, identifiers: Identifiers, execution: Execution, *, confirm_levels: bool = True
    ) -> None:
        self._feed = feed
        self._identifiers = identifiers
        self._execution = execution
        self._confirm_levels = confirm_levels
        """Whether the confirm of an opening tells its level; the real service has been seen to say 0 there."""

    def open(
        self,
        account: Account,
        instrument: Instrument,
        direction: Direction,
        size: Decimal,
        request: ProtectionRequest,
        now: int,
    ) -> str:
        """Deal at the market; returns the deal reference."""
        check_size(instrument, size)
        if not self._execution.only_reduces(account, instrument, direction, size):
            check_obligation(account, request)
        leverage = account.preferences.leverages[instrument.type]
        reference = self._identifiers.order_reference()
        try:
            quote = self._feed.quote(instrument, now)
        except NoPrices:
            ticket = Ticket(self._identifiers.deal(), instrument, direction, size, leverage, Protection())
            self._reject(account, reference, ticket, "RC_NO_RATES", now)
            return reference
        level = direction.entry(quote)
        protection = resolve(
            request,
            instrument,
            direction,
            size,
            opened=level,
            price=direction.exit(quote),
            rate=convert(Decimal(1), account.currency, instrument.currency),
        )
        ticket = Ticket(self._identifiers.deal(), instrument, direction, size, leverage, protection)
        reason = self._execution.objection(account, ticket, level, now)
        if reason is None:
            fill = self._execution.fill(account, ticket, level, now)
            self.confirm_fill(account, reference, ticket, level, fill, now)
        else:
            self._reject(account, reference, ticket, reason, now)
        return reference

    def protect(self, account: Account, deal_id: str, request: ProtectionRequest, now: int) -> str:
        """Replace the whole stop and profit of a position: what is not in the request is gone."""
        position = _find(account, deal_id)
        check_obligation(account, request)
        protection = resolve(
            request,
            position.instrument,
            position.direction,
            position.size,
            opened=position.level,
            price=position.direction.exit(self._feed.quote(position.instrument, now)),
            rate=convert(Decimal(1), account.currency, position.instrument.currency),
        )
        reason = self._objection(account, position, protection, now)
        if reason is not None:
            confirm = _told(position, now, "DELETED", (), Decimal(0))
            account.confirms.add(now, replace(confirm, reject_reason=reason))
            row = position_row(
                position, now, level=position.level, type="EDIT_STOP_AND_LIMIT", status="REJECTED", size=Decimal(0)
            )
            account.activity.append(row)
            return position.reference
        position.protection = protection
        confirm = _told(position, now, "AMENDED", ((deal_id, "AMENDED"),), position.level)
        account.confirms.add(now, replace(confirm, profit_currency=account.currency))
        account.activity.append(position_row(position, now, level=position.level, type="EDIT_STOP_AND_LIMIT"))
        return position.reference

    def close(self, account: Account, deal_id: str, now: int) -> str:
        """Close all of a position at the market."""
        position = _find(account, deal_id)
        if not self._feed.is_open(position.instrument, now):
            confirm = _told(position, now, "DELETED", (), Decimal(0))
            account.confirms.add(now, replace(confirm, reject_reason="CLOSED_MARKET"))
            account.activity.append(position_row(position, now, level=Decimal(0), status="REJECTED"))
            return position.reference
        level = position.direction.exit(self._feed.quote(position.instrument, now))
        self.finish(account, position, level, "USER", now)
        return position.reference

    def finish(self, account: Account, position: Position, level: Decimal, source: str, now: int) -> None:
        """Close all of a position at a level, whoever caused it, and tell the confirm."""
        size = position.size
        profit = self._execution.settle(account, position, size, level, source, now)
        confirm = _told(position, now, "CLOSED", ((position.deal_id, "FULLY_CLOSED"),), level)
        account.confirms.add(now, replace(confirm, size=size, profit=profit, profit_currency=account.currency))

    def confirm_fill(
        self, account: Account, reference: str, ticket: Ticket, level: Decimal, fill: Fill, now: int
    ) -> None:
        """Tell an execution under the order's reference, and what became of each position under its own too."""
        told = level if self._confirm_levels or fill.position is None else Decimal(0)
        confirm = replace(_answer(reference, ticket, fill.status, told, now), affected=fill.affected)
        if fill.reductions:
            profit = sum((each.profit for each in fill.reductions), Decimal(0))
            confirm = replace(confirm, profit=profit, profit_currency=account.currency)
        account.confirms.add(now, confirm)
        for each in fill.reductions:
            self._tell_reduction(account, each, level, now)
        if fill.position is not None:
            account.confirms.add(now, _told(fill.position, now, "OPEN", fill.affected, told))

    def _tell_reduction(self, account: Account, reduction: Reduction, level: Decimal, now: int) -> None:
        """Tell what an opposite order did to a position under the reference of that position."""
        status, happened = ("CLOSED", "FULLY_CLOSED") if reduction.whole else ("PARTIALLY_CLOSED", "PARTIALLY_CLOSED")
        position = reduction.position
        confirm = _told(position, now, status, ((position.deal_id, happened),), level)
        account.confirms.add(
            now, replace(confirm, size=reduction.size, profit=reduction.profit, profit_currency=account.currency)
        )

    def _objection(self, account: Account, position: Position, protection: Protection, now: int) -> str | None:
        """Why a stop and a profit cannot be put on a position, in the words of the confirm."""
        if not protection.guaranteed:
            return None
        if account.preferences.hedging:
            return "HEDGING_MODE_GSL"
        # A promise measured from a price at which nobody deals would be worth money. What was promised before, stays.
        kept = position.protection.guaranteed and position.protection.stop_level == protection.stop_level
        return None if kept or self._feed.is_open(position.instrument, now) else "CLOSED_MARKET"

    def _reject(self, account: Account, reference: str, ticket: Ticket, reason: str, now: int) -> None:
        confirm = _answer(reference, ticket, "DELETED", Decimal(0), now)
        account.confirms.add(now, replace(confirm, reject_reason=reason))
        account.activity.append(
            Activity(
                time=now,
                instrument=ticket.instrument,
                deal_id=ticket.order_id,
                source=ticket.source,
                type="POSITION",
                status="REJECTED",
                reference=reference,
                direction=ticket.direction,
                size=ticket.size,
                level=Decimal(0),
                guaranteed=ticket.protection.guaranteed,
            )
        )


def _find(account: Account, deal_id: str) -> Position:
    if deal_id not in account.positions:
        raise Refusal(404, "error.not-found.dealId")
    return account.positions[deal_id]


def _answer(reference: str, ticket: Ticket, status: str, level: Decimal, now: int) -> Confirm:
    """What is told about an order."""
    return Confirm(
        date=now,
        status=status,
        epic=ticket.instrument.epic,
        reference=reference,
        deal_id=ticket.order_id,
        direction=ticket.direction,
        size=ticket.size,
        level=level,
        guaranteed=ticket.protection.guaranteed,
        trailing=ticket.protection.trailing,
        stop_level=ticket.protection.stop_level,
        profit_level=ticket.protection.profit_level,
    )


def _told(position: Position, now: int, status: str, affected: tuple[tuple[str, str], ...], level: Decimal) -> Confirm:
    """What is told about a position."""
    return Confirm(
        date=now,
        status=status,
        epic=position.instrument.epic,
        reference=position.reference,
        deal_id=position.deal_id,
        direction=position.direction,
        size=position.size,
        level=level,
        affected=affected,
        guaranteed=position.protection.guaranteed,
        trailing=position.protection.trailing,
        stop_level=position.protection.stop_level,
        profit_level=position.protection.profit_level,
    )
