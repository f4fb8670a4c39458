"""Finding markets: one by its epic, many by theirs, some by a text, all of them by the category tree."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from attrs import field, frozen

from capital_api import Api, Unset, models
from capital_api.wire import number, segment, text, texts

from .auth import CapitalAuth
from .errors import AuthenticationError, CapitalError, LoginError, NotFoundError, NotSentError
from .logs import log
from .market_sheet import MarketSheet, MarketSheets
from .policy import World
from .rows import Walking, walk
from .tables import Column, Holds, Table
from .workflow import Begun, Steps, Walk, ask, begin, finish, give, workflow

if TYPE_CHECKING:
    from capital_api.models import Market

__all__ = ["MarketLookup", "SheetCache"]

EPICS_PER_CALL = 50
"""The API takes no more."""
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

_Key = tuple[str | None, str]


@frozen
class SheetCache:
    """The markets fetched lately, by account and epic: sizes and distances can differ from account to account.

    Safe to use from threads and tasks; it is held for no longer than a look-up takes.
    """

    clock: Callable[[], float]
    size: int = 1000
    """Markets that are kept; then the one that was not asked for for the longest time goes."""
    _sheets: OrderedDict[_Key, tuple[float, MarketSheet]] = field(
        factory=OrderedDict[_Key, tuple[float, MarketSheet]], init=False, repr=False
    )
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def find(self, account: str | None, epic: str, max_age: float) -> MarketSheet | None:
        """A sheet that is not older than so many seconds."""
        with self._lock:
            at, sheet = self._sheets.get((account, epic), (0.0, None))
            if sheet is None or self.clock() - at > max_age:
                return None
            self._sheets.move_to_end((account, epic))
            return sheet

    def keep(self, account: str | None, sheets: Iterable[MarketSheet], at: float) -> None:
        """Keep sheets that were asked for at an instant of the clock."""
        with self._lock:
            for sheet in sheets:
                self._sheets[account, sheet.epic] = at, sheet
                self._sheets.move_to_end((account, sheet.epic))
            while len(self._sheets) > self.size:
                self._sheets.popitem(last=False)


class MarketLookup:
    """What a client offers to find markets."""

    auth: CapitalAuth
    _world: World
    _sheets: SheetCache

    @workflow
    def market(self, epic: str, *, max_age: float = 0) -> Steps[MarketSheet]:
        """One market with its prices, hours and rules.

            silver = capital.market("SILVER")
            if silver.is_open():
                size = silver.round_size(1.27)

        The prices are those of the moment, unless ``max_age`` allows older ones: then a sheet that was fetched for this
        account lately, by ``market`` or ``load_markets`` of this client, is given again without a call. Hours and rules
        hardly ever change; look at ``fetched_at`` before you use prices of such a sheet.

        Calls ``GET /markets/{epic}``.

        Args:
            epic: Key of the market, upper case.
            max_age: Seconds that the sheet may be old; 0 always fetches a new one.

        Raises:
            NotFoundError: No market has this epic. ``find`` looks by name.
            InvalidInputError: ``epic`` is empty, or ``max_age`` negative.
            CapitalError: The call failed.
        """
        epic = segment(epic, "epic").strip()
        account, at = self.auth.active_account_id, self._world.clock()
        if number(max_age, "max_age", minimum=0) and (kept := self._sheets.find(account, epic, max_age)):
            return kept
        sheet = MarketSheet.of((yield from ask(lambda api: api.markets.get(epic))), self._world.now)
        self._keep(account, [sheet], at)
        return sheet

    @workflow
    def load_markets(self, epics: str | Sequence[str]) -> Steps[MarketSheets]:
        """Many markets with their prices, hours and rules, in as few calls as can be.

            sheets = capital.load_markets(["GOLD", "SILVER", "SILVR"])
            print(sheets["GOLD"].bid, sheets.missing)  # ... ('SILVR',)

        The API says nothing about an epic that no market has, it leaves it out; so look at ``missing``. ``market`` with
        a ``max_age`` finds all of them without a call afterwards.

        Calls ``GET /markets?epics=`` once for fifty of them. Should an answer to many be a 404, its halves are asked
        for on their own until it is clear which epics are meant.

        Args:
            epics: Keys of the markets, or one text with commas. One that comes twice is asked for once.

        Returns:
            A ``dict`` of the markets by epic, in the order of ``epics``, with the unknown ones in ``missing``.

        Raises:
            InvalidInputError: One of them is empty. Nothing was sent.
            CapitalError: A call failed.
        """
        wanted = tuple(dict.fromkeys(epic.strip() for epic in texts(epics, "epics", commas=True)))
        account, found = self.auth.active_account_id, dict[str, MarketSheet]()
        chunks = deque(wanted[start : start + EPICS_PER_CALL] for start in range(0, len(wanted), EPICS_PER_CALL))
        while chunks:
            chunk, at = chunks.popleft(), self._world.clock()
            try:
                answer = yield from ask(partial(_details, chunk))
            except NotFoundError:
                half = len(chunk) // 2
                if half:
                    chunks.extendleft((chunk[half:], chunk[:half]))
                continue
            sheets = [MarketSheet.of(details, self._world.now) for details in answer.market_details or []]
            self._keep(account, sheets, at)
            found.update((sheet.epic, sheet) for sheet in sheets)
        return MarketSheets(
            (found[epic] for epic in wanted if epic in found), (epic for epic in wanted if epic not in found)
        )

    @workflow
    def find(self, search: str) -> Steps[list[Market]]:
        """Markets by a text, the best match first.

            for market in capital.find("silver"):
                print(market.epic, market.instrument_name, market.bid)

        First the one whose epic it is, then those whose name or symbol it is, then those whose name, symbol or epic
        begins with it, then those with a word that does, then the rest; among equals those that can be dealt in now go
        first, then it is the server's order. Letter case does not matter.

        Calls ``GET /markets?searchTerm=``.

        Args:
            search: A part of a market's name, symbol or epic.

        Returns:
            The rows of the API, with prices and without rules: ``market(row.epic)`` has those. Empty where none match.

        Raises:
            InvalidInputError: ``search`` is empty.
            CapitalError: The call failed.
        """
        wanted = text(search, "search").strip()
        answer = yield from ask(lambda api: api.markets.search(search_term=wanted))
        return sorted(answer.markets or [], key=lambda market: (_rank(market, wanted.casefold()), _is_idle(market)))

    @walk
    def iter_markets(self) -> Walking[Market]:
        """All markets of the category tree, each epic once, as the API comes to them.

            for market in capital.iter_markets():
                print(market.epic, market.instrument_name)
            frame = capital.iter_markets().to_polars()

        It takes hundreds of calls. ``markets.search()`` without arguments gives all markets in one answer of several
        megabytes, but not only those that are shown in a category.

        The tree may change during the walk, and is not trusted. A category that is met again is not read again, and
        none deeper than sixteen levels. One that has gone (404) is left out. One that can't be read, after the usual
        retries, is tried once more at the end; if it still can't, its error is raised **after all other markets were
        given**, with a note that names the categories that are missing. Five in a row that can't be read end the walk
        at once, as do a refused login and a missing connection. A category with more than 500 markets is cut short by
        the API; that is logged.

        Calls ``GET /marketnavigation`` and ``GET /marketnavigation/{nodeId}``, up to four at the same time.

        Raises:
            CapitalError: While iterating: see above.
        """
        return Walking(_walk_tree, _COLUMNS)

    def _keep(self, account: str | None, sheets: Iterable[MarketSheet], at: float) -> None:
        now_on = self.auth.active_account_id
        if account in (None, now_on):  # else somebody switched meanwhile, and it is not certain whose rules these are
            self._sheets.keep(now_on, sheets, at)


def _details(epics: Sequence[str], api: Api) -> models.MarketSearchResult:
    return api.markets.search(epics=epics)


def _category(node_id: str, api: Api) -> models.Category:
    return api.markets.category(node_id, limit=MARKETS_PER_CALL)


def _rank(market: Market, wanted: str) -> int:
    epic, names = market.epic.casefold(), [market.instrument_name.casefold(), (market.symbol or "").casefold()]
    if epic == wanted:
        return 0
    if wanted in names:
        return 1
    if any(each.startswith(wanted) for each in (epic, *names)):
        return 2
    return 3 if any(word.startswith(wanted) for each in names for word in each.split()) else 4


def _is_idle(market: Market) -> bool:
    modes = models.MarketMode
    looked_at_only = {modes.VIEW_ONLY, modes.VIEW_AND_REQUEST, modes.CLOSED_FOR_CORPORATE_ACTION}
    return market.market_status != models.MarketStatus.TRADEABLE or not looked_at_only.isdisjoint(
        market.market_modes or ()
    )


@frozen
class _Node:
    id: str
    depth: int
    again: bool = False
    """Whether it was tried before."""


def _walk_tree() -> Walk[Market]:
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


_COLUMNS: Table[Market] = Table(
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
