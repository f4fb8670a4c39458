"""The diary of an account, and the small query language that reads it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .catalogue import Instrument
from .deals import Direction, Order, Position
from .refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One row: something that was done to a deal, by whom, and how it ended."""

    time: int
    instrument: Instrument
    deal_id: str
    source: str
    type: str
    status: str
    reference: str
    direction: Direction
    size: Decimal
    level: Decimal
    guaranteed: bool = False
    working_order_id: str | None = None


def position_row(
    position: Position,
    now: int,
    *,
    level: Decimal,
    source: str = "USER",
    type: str = "POSITION",
    status: str = "ACCEPTED",
    size: Decimal | None = None,
    direction: Direction | None = None,
    working_order_id: str | None = None,
) -> Activity:
    """Something that happened to a position; by default to all of it and in its own direction."""
    return Activity(
        time=now,
        instrument=position.instrument,
        deal_id=position.deal_id,
        source=source,
        type=type,
        status=status,
        reference=position.reference,
        direction=direction or position.direction,
        size=position.size if size is None else size,
        level=level,
        guaranteed=position.protection.guaranteed,
        working_order_id=working_order_id,
    )


def order_row(order: Order, now: int, source: str, status: str) -> Activity:
    """Something that happened to a working order."""
    return Activity(
        time=now,
        instrument=order.instrument,
        deal_id=order.deal_id,
        source=source,
        type="WORKING_ORDER",
        status=status,
        reference=order.reference,
        direction=order.direction,
        size=order.size,
        level=order.level,
        guaranteed=order.protection.guaranteed,
    )


_CONDITION = re.compile(r"(epic|source|status|type)(==|!=)([^;=!]+)")


def parse_filter(text: str) -> Callable[[Activity], bool]:
    """Read a FIQL filter such as ``source!=DEALER;type!=POSITION;epic==OIL_CRUDE,GOLD``.

    A semicolon means and, a comma lists alternatives.
    """
    conditions: list[tuple[str, bool, frozenset[str]]] = []
    for part in text.split(";") if text else ():
        match = _CONDITION.fullmatch(part.strip())
        if match is None:
            raise Refusal(400, "error.invalid.filter")
        field, operator, values = match.groups()
        conditions.append((field, operator == "==", frozenset(value.strip() for value in values.split(","))))
    return lambda row: all((_value(row, field) in values) is wanted for field, wanted, values in conditions)


def _value(row: Activity, field: str) -> str:
    return {"epic": row.instrument.epic, "source": row.source, "status": row.status, "type": row.type}[field]
