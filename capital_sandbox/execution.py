"""Executing deals: the one place where positions appear, shrink and vanish, and profit is booked."""

from dataclasses import dataclass
from decimal import Decimal

from .accounts import Account
from .activity import position_row
from .catalogue import Instrument
from .currencies import cents
from .deals import Direction, Position, Protection
from .feed import Feed
from .identifiers import Identifiers

NOT_DEALT = {"VIEW_ONLY", "VIEW_AND_REQUEST", "CLOSED_FOR_CORPORATE_ACTION"}
"""Modes in which a market can only be looked at."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An order ready to be executed: everything but the price."""

    order_id: str
    instrument: Instrument
    direction: Direction
    size: Decimal
    leverage: int
    protection: Protection
    source: str = "USER"
    working_order_id: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """What an execution did."""

    status: str
    affected: tuple[tuple[str, str], ...]
    position: Position | None
    """The position that was opened; None when the order only reduced what was there."""


class Execution:
    """Fills orders against the book of an account."""

    def __init__(self, feed: Feed, identifiers: Identifiers) -> None:
        self._feed = feed
        self._identifiers = identifiers

    def objection(self, account: Account, ticket: Ticket, level: Decimal, now: int) -> str | None:
        """Why an order cannot be executed, in the words of the confirm's ``rejectReason``; None when it can."""
        instrument = ticket.instrument
        for mode in instrument.modes:
            if mode in NOT_DEALT:
                return "INSTRUMENT_NOT_AVAILABLE"
            closes = self._opposite(account, ticket) >= ticket.size
            if not closes and (mode == "CLOSE_ONLY" or (mode == "LONG_ONLY" and ticket.direction is Direction.SELL)):
                return mode
        if instrument.expires is not None and now >= instrument.expires:
            return "INSTRUMENT_NOT_AVAILABLE"
        if not self._feed.is_open(instrument, now):
            return "CLOSED_MARKET"
        if ticket.protection.guaranteed and account.preferences.hedging:
            return "HEDGING_MODE_GSL"
        added = max(Decimal(0), ticket.size - self._opposite(account, ticket))
        needed = account.money(added * level, instrument.currency) / ticket.leverage
        if needed > account.balance(self._feed, now).available:
            return "RC_NOT_ENOUGH_MARGIN"
        return None

    def fill(self, account: Account, ticket: Ticket, level: Decimal, now: int) -> Fill:
        """Execute at a level. On a netting account the oldest opposite positions are reduced first."""
        left = ticket.size
        touched: Position | None = None
        if not account.preferences.hedging:
            for position in self._against(account, ticket):
                if not left:
                    break
                part = min(left, position.size)
                self.settle(account, position, part, level, ticket.source, now)
                left -= part
                touched = position
        if not left:
            # The real confirm of a mere reduction lists no deals: a client has to look at its positions.
            return Fill("PARTIALLY_CLOSED" if touched and touched.size else "CLOSED", (), None)
        position = Position(
            deal_id=self._identifiers.deal(),
            order_id=ticket.order_id,
            instrument=ticket.instrument,
            direction=ticket.direction,
            size=left,
            level=level,
            created=now,
            leverage=ticket.leverage,
            protection=ticket.protection,
        )
        account.positions[position.deal_id] = position
        account.activity.append(
            position_row(position, now, level=level, source=ticket.source, working_order_id=ticket.working_order_id)
        )
        return Fill("OPEN", ((position.deal_id, "OPENED"),), position)

    def settle(
        self, account: Account, position: Position, size: Decimal, level: Decimal, source: str, now: int
    ) -> Decimal:
        """Close a position or part of it at a level: book the profit, write the diary. Returns the profit."""
        instrument = position.instrument
        profit = cents(account.money(position.profit_at(level, size), instrument.currency))
        note = "Trade closed" if size == position.size else "Trade partially closed"
        account.ledger.book(now, "TRADE", note, profit, epic=instrument.epic, deal_id=position.deal_id)
        trade = position.direction.opposite
        account.activity.append(position_row(position, now, level=level, source=source, size=size, direction=trade))
        position.size -= size
        if not position.size:
            del account.positions[position.deal_id]
        return profit

    def _against(self, account: Account, ticket: Ticket) -> list[Position]:
        """The positions that an order would reduce, oldest first."""
        return [
            position
            for position in account.positions.values()
            if position.instrument is ticket.instrument and position.direction is not ticket.direction
        ]

    def _opposite(self, account: Account, ticket: Ticket) -> Decimal:
        if account.preferences.hedging:
            return Decimal(0)
        return sum((position.size for position in self._against(account, ticket)), Decimal(0))
