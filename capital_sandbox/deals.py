"""Positions, working orders and what protects them."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .catalogue import Instrument
from .feed import Quote


class Direction(StrEnum):
    """The side of a deal."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """+1 when a rising price earns, -1 when it costs."""
        return 1 if self is Direction.BUY else -1

    @property
    def opposite(self) -> "Direction":
        """The side that closes this one."""
        return Direction.SELL if self is Direction.BUY else Direction.BUY

    def entry(self, quote: Quote) -> Decimal:
        """The price at which this side opens: buyers pay the offer."""
        return quote.offer if self is Direction.BUY else quote.bid

    def exit(self, quote: Quote) -> Decimal:
        """The price at which this side closes again."""
        return quote.bid if self is Direction.BUY else quote.offer


@dataclass(frozen=True, slots=True)
class ProtectionRequest:
    """A stop and a profit as asked for: by level, by distance, or by an amount of money."""

    guaranteed: bool = False
    trailing: bool = False
    stop_level: Decimal | None = None
    stop_distance: Decimal | None = None
    stop_amount: Decimal | None = None
    profit_level: Decimal | None = None
    profit_distance: Decimal | None = None
    profit_amount: Decimal | None = None

    @property
    def has_stop(self) -> bool:
        """Whether any of the three ways to ask for a stop was used."""
        return not self.stop_level is self.stop_distance is self.stop_amount is None

    @property
    def has_profit(self) -> bool:
        """Whether any of the three ways to ask for a profit level was used."""
        return not self.profit_level is self.profit_distance is self.profit_amount is None


@dataclass(slots=True)
class Protection:
    """A stop and a profit in force on a position, as price levels."""

    stop_level: Decimal | None = None
    profit_level: Decimal | None = None
    guaranteed: bool = False
    trailing_distance: Decimal | None = None
    """How far a trailing stop stays behind the best price; None for a stop that stands still."""

    @property
    def trailing(self) -> bool:
        """Whether the stop follows the price."""
        return self.trailing_distance is not None


@dataclass(slots=True, eq=False, kw_only=True)
class Position:
    """An open deal."""

    deal_id: str
    order_id: str
    """The id of the order that opened it; market orders have one too."""
    instrument: Instrument
    direction: Direction
    size: Decimal
    level: Decimal
    created: int
    leverage: int
    protection: Protection = field(default_factory=Protection)

    @property
    def reference(self) -> str:
        """The deal reference of every later event of this position: the same one each time."""
        return f"p_{self.deal_id}"

    def profit_at(self, level: Decimal, size: Decimal | None = None) -> Decimal:
        """What closing at a level earns, in the instrument's currency."""
        return (level - self.level) * (self.size if size is None else size) * self.direction.sign


@dataclass(slots=True, eq=False, kw_only=True)
class Order:
    """A working order: a LIMIT waits for a better price than the market's, a STOP for a worse one."""

    deal_id: str
    reference: str
    instrument: Instrument
    direction: Direction
    size: Decimal
    level: Decimal
    kind: str
    created: int
    leverage: int
    good_till: int | None
    protection: ProtectionRequest
