"""What became of a deal: `Deal`, or `NotExecuted` for one that was looked up and never happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import field, frozen

from capital_api import Unset

if TYPE_CHECKING:
    from capital_api.models import AffectedDeal, Confirmation, Direction, PositionStatus

__all__ = ["Deal", "NotExecuted"]


@frozen(kw_only=True)
class Deal:
    """A deal that was done: a position or working order that was opened, changed or ended."""

    deal_reference: str | None
    """What the deal was queued under; None for one that was looked up without it."""
    epic: str
    """The market."""
    direction: Direction
    """Of the deal: a close tells the direction of its position, as the API does."""
    size: float
    """In units of the instrument."""
    level: float | None
    """The price of the fill, or of the working order; None when the deal was done and the API did not tell at what."""
    order_id: str | None = None
    """The working order, or the order behind a position that was opened."""
    position_id: str | None = None
    """The position that was opened, changed or closed: what ``amend`` and ``close`` take. None for a working order that
    waits, and for an order that only reduced other positions."""
    affected: tuple[AffectedDeal, ...] = ()
    """Every position that the deal touched, with what happened to it. The API leaves it empty for an order that only
    reduced positions."""
    profit: float | None = None
    """Realised profit or loss of a close, in ``profit_currency``; None when the API told none."""
    profit_currency: str | None = None
    """Such as ``USD``."""
    status: PositionStatus | None = None
    """What became of the position or working order."""
    at: datetime | None = None
    """When, in UTC by the server's clock. The end of a working order repeats the time of its creation."""
    confirm: Confirmation | None = field(default=None, repr=False)
    """The confirmation as it came; None for a deal that was looked up without one."""

    @classmethod
    def told(
        cls,
        confirm: Confirmation,
        *,
        order_id: str | None = None,
        position_id: str | None = None,
        level: float | None = None,
    ) -> Deal:
        """A deal as its confirmation tells it. A level of 0 there means: not told."""
        return cls(
            deal_reference=confirm.deal_reference,
            epic=confirm.epic,
            direction=confirm.direction,
            size=confirm.size,
            level=confirm.level or level or None,
            order_id=order_id,
            position_id=position_id,
            affected=tuple(confirm.affected_deals),
            profit=None if isinstance(confirm.profit, Unset) else confirm.profit,
            profit_currency=confirm.profit_currency or None,
            status=confirm.status or None,
            at=confirm.date,
            confirm=confirm,
        )


@frozen(kw_only=True)
class NotExecuted:
    """A deal whose answer was lost, and which was not executed: sending it again is safe."""

    reason: str | None = None
    """Why the API refused it, such as ``RC_NOT_ENOUGH_MARGIN``; None when the deal left no trace at all."""
    explanation: str = "it left no trace in positions, working orders and activity"
    """What was found, in words."""
