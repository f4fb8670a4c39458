"""Finding markets: one by its epic, many by theirs, some by a text, all of them by the category tree."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from capital_api import Api, models
from capital_api.wire import number, segment, text, texts

from ..auth import CapitalAuth
from ..errors import NotFoundError
from ..policy import World
from ..rows import Walking, walk
from ..workflow import Steps, ask, workflow

if TYPE_CHECKING:
    from capital_api.models import Market

    from .cache import SheetCache
    from .sheet import MarketSheet, MarketSheets

__all__ = ["MarketLookup"]

EPICS_PER_CALL = 50
"""The API takes no more."""


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
        from .sheet import MarketSheet

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
        from .sheet import MarketSheet, MarketSheets

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
        from .tree import COLUMNS, walk_tree

        return Walking(walk_tree, COLUMNS)

    def _keep(self, account: str | None, sheets: Iterable[MarketSheet], at: float) -> None:
        now_on = self.auth.active_account_id
        if account in (None, now_on):  # else somebody switched meanwhile, and it is not certain whose rules these are
            self._sheets.keep(now_on, sheets, at)


def _details(epics: Sequence[str], api: Api) -> models.MarketSearchResult:
    return api.markets.search(epics=epics)


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
