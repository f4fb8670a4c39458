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
class Reduction:
    """A position that was closed by an opposite order, or part of one."""

    position: Position
    size: Decimal
    """How much of it was closed."""
    profit: Decimal

    @property
    def whole(self) -> bool:
        """Whether nothing of the position is left."""
        return not self.position.size


@dataclass(frozen=True, slots=True)
class Fill:
    """What an execution did."""

    status: str
    affected: tuple[tuple[str, str], ...]
    position: Position | None
    """The position that was opened; None when the order only reduced what was there."""
    reductions: tuple[Reduction, ...] = ()


class Execution:
    """Fills orders against the book of an account."""

    def __init__(self, feed: Feed, identifiers: Identifiers) -> None:
        self._feed = feed
        self._identifiers = identifiers

    def objection(self, account: Account, ticket: Ticket, level: Decimal, now: int) -> str | None:
        """Why an order cannot be executed, in the words of the confirm's ``rejectReason``; None when it can."""
        instrument = ticket.instrument
        reduced = self._reduced(account, instrument, ticket.direction, ticket.size)
        added = ticket.size - sum((part for _, part in reduced), Decimal(0))
        for mode in instrument.modes:
            if mode in NOT_DEALT:
                return "INSTRUMENT_NOT_AVAILABLE"
            if added and (mode == "CLOSE_ONLY" or (mode == "LONG_ONLY" and ticket.direction is Direction.SELL)):
                return mode
        if instrument.expires is not None and now >= instrument.expires:
            return "INSTRUMENT_NOT_AVAILABLE"
        if not self._feed.is_open(instrument, now):
            return "CLOSED_MARKET"
        if ticket.protection.guaranteed and account.preferences.hedging:
            return "HEDGING_MODE_GSL"
        if not added:
            return None  # whoever wants less exposure needs no money for it, however little there is
        if account.guaranteed_stops_required and not ticket.protection.guaranteed:
            return "REQUIRED_GSL"
        needed = account.money(added * level, instrument.currency) / ticket.leverage
        freed = sum(
            (account.margin(position, self._feed, now) * part / position.size for position, part in reduced), Decimal(0)
        )
        if needed > account.balance(self._feed, now).available + freed:
            return "RC_NOT_ENOUGH_MARGIN"
        return None

    def only_reduces(self, account: Account, instrument: Instrument, direction: Direction, size: Decimal) -> bool:
        """Whether an order would open nothing: on a netting account the opposite positions take all of it."""
        return sum((part for _, part in self._reduced(account, instrument, direction, size)), Decimal(0)) == size

    def fill(self, account: Account, ticket: Ticket, level: Decimal, now: int) -> Fill:
        """Execute at a level. On a netting account the oldest opposite positions are reduced first."""
        left = ticket.size
        reductions: list[Reduction] = []
        for position, part in self._reduced(account, ticket.instrument, ticket.direction, ticket.size):
            profit = self.settle(account, position, part, level, ticket.source, now)
            reductions.append(Reduction(position, part, profit))
            left -= part
        if not left:
            # The real confirm of a mere reduction lists no deals: a client has to look at its positions.
            whole = reductions[-1].whole
            return Fill("CLOSED" if whole else "PARTIALLY_CLOSED", (), None, tuple(reductions))
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
        return Fill("OPEN", ((position.deal_id, "OPENED"),), position, tuple(reductions))

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

    def _reduced(
        self, account: Account, instrument: Instrument, direction: Direction, size: Decimal
    ) -> list[tuple[Position, Decimal]]:
        """The positions that an order would reduce, oldest first, and each by how much. With hedging, none."""
        if account.preferences.hedging:
            return []
        reduced: list[tuple[Position, Decimal]] = []
        for position in account.positions.values():
            if position.instrument is instrument and position.direction is not direction and size:
                part = min(size, position.size)
                reduced.append((position, part))
                size -= part
        return reduced
