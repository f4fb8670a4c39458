"""The walk over the category tree."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from attrs import frozen

from capital_api import Api, Unset, models
from capital_api.models import Market

from ..errors import AuthenticationError, CapitalError, LoginError, NotFoundError, NotSentError
from ..logs import log
from ..tables import Column, Holds, Table
from ..workflow import Begun, Walk, ask, begin, finish, give

__all__ = ["COLUMNS", "walk_tree"]

MARKETS_PER_CALL = 500
"""The API gives no more markets of one category, and has no second page."""
IN_FLIGHT = 4
"""Categories that are asked for at the same time."""
DEEPEST = 16
"""Levels of categories that are followed. The tree has three."""
MOST_FAILURES = 5
"""So many categories in a row that can't be read are no longer about categories."""

_NOTHING_WORKS = (LoginError, NotSentError, AuthenticationError)

T = TypeVar("T")


@frozen
class _Node:
    id: str
    depth: int
    again: bool = False
    """Whether it was tried before."""


def walk_tree() -> Walk[Market]:
    roots = yield from ask(lambda api: api.markets.categories())
    queue = deque(_Node(root.id, 1) for root in roots.nodes)
    met, epics = {node.id for node in queue}, set[str]()
    ahead: deque[tuple[_Node, Begun[models.Category]]] = deque()
    failed: list[tuple[_Node, CapitalError]] = []
    unread: list[tuple[_Node, CapitalError]] = []
    in_a_row = 0
    while queue or ahead or failed:
        if not queue and not ahead:
            queue.extend(_Node(node.id, node.depth, again=True) for node, _ in failed)
            failed.clear()
        while queue and len(ahead) < IN_FLIGHT:
            node = queue.popleft()
            ahead.append((node, (yield from begin(partial(_category, node.id)))))
        node, begun = ahead.popleft()
        try:
            category = yield from finish(begun)
        except NotFoundError:
            log.info("category %s has gone", node.id)
            continue
        except _NOTHING_WORKS:
            raise
        except CapitalError as error:
            (unread if node.again else failed).append((node, error))
            in_a_row += 1
            if in_a_row == MOST_FAILURES:
                error.add_note(f"{MOST_FAILURES} categories in a row could not be read; this was {node.id}")
                raise
            continue
        in_a_row = 0
        markets = category.markets or []
        if len(markets) >= MARKETS_PER_CALL:
            log.warning("category %s holds more markets than the API gives", node.id)
        yield from give(_unmet(markets, lambda market: market.epic, epics))
        inner = _unmet(category.nodes or [], lambda node: node.id, met)
        if inner and node.depth == DEEPEST:
            log.warning("the categories below %s are not followed: they are deeper than %d levels", node.id, DEEPEST)
        else:
            queue.extend(_Node(each.id, node.depth + 1) for each in inner)
    if unread:
        names = ", ".join(node.id for node, _ in unread)
        failure = unread[0][1]
        failure.add_note(f"all markets were given but those of categories that could not be read: {names}")
        raise failure


def _category(node_id: str, api: Api) -> models.Category:
    return api.markets.category(node_id, limit=MARKETS_PER_CALL)


def _unmet(things: Iterable[T], key: Callable[[T], str], met: set[str]) -> list[T]:
    """Those that are not met yet, and from now on are."""
    fresh: list[T] = []
    for thing in things:
        if key(thing) not in met:
            met.add(key(thing))
            fresh.append(thing)
    return fresh


def _given(value: float | Unset) -> float | None:
    return None if isinstance(value, Unset) else value


COLUMNS: Table[Market] = Table(
    (
        Column("epic", Holds.TEXT, lambda market: market.epic),
        Column("name", Holds.TEXT, lambda market: market.instrument_name),
        Column("type", Holds.TEXT, lambda market: market.instrument_type.value),
        Column("status", Holds.TEXT, lambda market: market.market_status.value),
        Column("bid", Holds.NUMBER, lambda market: _given(market.bid)),
        Column("offer", Holds.NUMBER, lambda market: _given(market.offer)),
        Column("high", Holds.NUMBER, lambda market: _given(market.high)),
        Column("low", Holds.NUMBER, lambda market: _given(market.low)),
        Column("percentage_change", Holds.NUMBER, lambda market: _given(market.percentage_change)),
        Column("symbol", Holds.TEXT, lambda market: market.symbol or None),
        Column("expiry", Holds.TEXT, lambda market: market.expiry or None),
        Column("tick_size", Holds.NUMBER, lambda market: _given(market.tick_size)),
    )
)
