"""The columns of each kind of row: candles, activities, transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from capital_api.types import Unset

from ..tables import Column, Holds, Table
from .candle import Candle

if TYPE_CHECKING:
    from capital_api.models.activity import Activity
    from capital_api.models.transaction import Transaction

__all__ = ["ACTIVITIES", "CANDLES", "TRANSACTIONS"]

T = TypeVar("T")


def _of_candles() -> Iterator[Column[Candle]]:
    yield Column("epic", Holds.TEXT, lambda candle: candle.epic)
    yield Column("resolution", Holds.TEXT, lambda candle: candle.resolution.value)
    yield Column("time", Holds.TIME, lambda candle: candle.time)
    for side in ("bid", "ask", "mid"):
        for corner in ("open", "high", "low", "close"):
            yield Column(f"{side}_{corner}", Holds.NUMBER, _price(side, corner))
    yield Column("volume", Holds.NUMBER, lambda candle: candle.volume)
    yield Column("complete", Holds.FLAG, lambda candle: candle.complete)


def _price(side: str, corner: str) -> Callable[[Candle], float]:
    if side != "mid":
        return attrgetter(f"{side}.{corner}")
    bid, ask = attrgetter(f"bid.{corner}"), attrgetter(f"ask.{corner}")
    return lambda candle: (bid(candle) + ask(candle)) / 2


def _given(value: T | Unset) -> T | None:
    return None if isinstance(value, Unset) else value


def _detail(name: str) -> Callable[[Activity], Any]:
    return lambda row: None if isinstance(row.details, Unset) else _given(getattr(row.details, name))


CANDLES = Table(tuple(_of_candles()))

ACTIVITIES: Table[Activity] = Table(
    (
        Column("date_utc", Holds.TIME, lambda row: row.date_utc),
        Column("epic", Holds.TEXT, lambda row: row.epic),
        Column("deal_id", Holds.TEXT, lambda row: row.deal_id),
        Column("source", Holds.TEXT, lambda row: row.source.value),
        Column("type", Holds.TEXT, lambda row: row.type_.value),
        Column("status", Holds.TEXT, lambda row: row.status.value),
        Column("deal_reference", Holds.TEXT, _detail("deal_reference")),
        Column("market_name", Holds.TEXT, _detail("market_name")),
        Column("currency", Holds.TEXT, _detail("currency")),
        Column("size", Holds.NUMBER, _detail("size")),
        Column("direction", Holds.TEXT, _detail("direction")),
        Column("level", Holds.NUMBER, _detail("level")),
        Column("guaranteed_stop", Holds.FLAG, _detail("guaranteed_stop")),
        Column("working_order_id", Holds.TEXT, _detail("working_order_id")),
    )
)

TRANSACTIONS: Table[Transaction] = Table(
    (
        Column("date_utc", Holds.TIME, lambda row: row.date_utc),
        Column("transaction_type", Holds.TEXT, lambda row: row.transaction_type.value),
        Column("reference", Holds.TEXT, lambda row: row.reference),
        Column("size", Holds.NUMBER, lambda row: row.size),  # text on the wire; a number is what a table is wanted for
        Column("currency", Holds.TEXT, lambda row: row.currency),
        Column("instrument_name", Holds.TEXT, lambda row: _given(row.instrument_name)),
        Column("note", Holds.TEXT, lambda row: _given(row.note)),
        Column("status", Holds.TEXT, lambda row: _given(row.status)),
        Column("deal_id", Holds.TEXT, lambda row: _given(row.deal_id)),
    )
)
