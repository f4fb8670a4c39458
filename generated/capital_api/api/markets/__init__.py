"""``capital.markets``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...types import UNSET
from . import markets_categories, markets_category, markets_get, markets_search

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.category import Category
    from ...models.category_list import CategoryList
    from ...models.market_details import MarketDetails
    from ...models.market_search_result import MarketSearchResult

__all__ = ["AsyncMarketsApi", "MarketsApi"]


class MarketsApi:
    """Markets: search, details, dealing rules, and the category tree.

    A market is known by its *epic*, an upper-case code such as `GOLD` or `US100`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def categories(
        self,
    ) -> CategoryList:
        """Get the top categories of markets.

        The roots of the category tree. Walking the whole tree takes hundreds of calls and meets the same
        market many times; `search()` without arguments returns all markets at once.

        ``GET /api/v1/marketnavigation``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "CategoryList",
            self._call(
                markets_categories._get_kwargs(),
                markets_categories._parse_response,
                ok=(200,),
            ),
        )

    def category(
        self,
        node_id: str,
        *,
        limit: int | None = None,
    ) -> Category:
        """Get the subcategories or the markets of a category.

        An inner node has `nodes`, a leaf has `markets`; the other of the two may be empty or absent.

        ``GET /api/v1/marketnavigation/{nodeId}``

        Args:
            node_id: Id of the category, as `categories()` and this call return it.
            limit: How many markets to return at most, 1 to 500. The server takes 500 when nothing is given.

        Raises:
            BadRequestError: ``error.invalid.limit``: `limit` is 0 or above 500.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "Category",
            self._call(
                markets_category._get_kwargs(
                    node_id=wire.segment(node_id, "node_id"),
                    limit=UNSET if limit is None else wire.whole(limit, "limit", minimum=1, maximum=500),
                ),
                markets_category._parse_response,
                ok=(200,),
            ),
        )

    def search(
        self,
        *,
        search_term: str | None = None,
        epics: str | Sequence[str] | None = None,
    ) -> MarketSearchResult:
        """Find markets by text or by epic.

        A text fills `markets`; epics fill `marketDetails`, with dealing rules and opening hours. If both
        are given the text wins. With neither the answer holds all markets: thousands of rows and several
        megabytes. No match is an empty list.

        ``GET /api/v1/markets``

        Args:
            search_term: Text to look for, such as a part of a market's name. Wins over `epics`.
            epics: Epics to look up, at most 50. Sent as one list with commas.

        Raises:
            BadRequestError: ``error.null.searchTerm``: `searchTerm` is empty.
            BadRequestError: ``error.null.epic``: `epics` is empty.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "MarketSearchResult",
            self._call(
                markets_search._get_kwargs(
                    search_term=UNSET
                    if search_term is None
                    else wire.text(search_term, "search_term", minimum=1),
                    epics=UNSET
                    if epics is None
                    else wire.texts(epics, "epics", minimum=1, maximum=50, commas=True),
                ),
                markets_search._parse_response,
                ok=(200,),
            ),
        )

    def get(
        self,
        epic: str,
    ) -> MarketDetails:
        """Get one market with its dealing rules and prices.

        The instrument, the rules for sizes and distances, and a snapshot of the prices. For many markets at
        once use `search()` with epics.

        ``GET /api/v1/markets/{epic}``

        Args:
            epic: Epic of the market, upper case.

        Raises:
            NotFoundError: ``error.not-found.epic``: No market has this epic. Epics are upper case.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "MarketDetails",
            self._call(
                markets_get._get_kwargs(
                    epic=wire.segment(epic, "epic"),
                ),
                markets_get._parse_response,
                ok=(200,),
            ),
        )


class AsyncMarketsApi:
    """Markets: search, details, dealing rules, and the category tree.

    A market is known by its *epic*, an upper-case code such as `GOLD` or `US100`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def categories(
        self,
    ) -> CategoryList:
        """Get the top categories of markets.

        The roots of the category tree. Walking the whole tree takes hundreds of calls and meets the same
        market many times; `search()` without arguments returns all markets at once.

        ``GET /api/v1/marketnavigation``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "CategoryList",
            await self._call(
                markets_categories._get_kwargs(),
                markets_categories._parse_response,
                ok=(200,),
            ),
        )

    async def category(
        self,
        node_id: str,
        *,
        limit: int | None = None,
    ) -> Category:
        """Get the subcategories or the markets of a category.

        An inner node has `nodes`, a leaf has `markets`; the other of the two may be empty or absent.

        ``GET /api/v1/marketnavigation/{nodeId}``

        Args:
            node_id: Id of the category, as `categories()` and this call return it.
            limit: How many markets to return at most, 1 to 500. The server takes 500 when nothing is given.

        Raises:
            BadRequestError: ``error.invalid.limit``: `limit` is 0 or above 500.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "Category",
            await self._call(
                markets_category._get_kwargs(
                    node_id=wire.segment(node_id, "node_id"),
                    limit=UNSET if limit is None else wire.whole(limit, "limit", minimum=1, maximum=500),
                ),
                markets_category._parse_response,
                ok=(200,),
            ),
        )

    async def search(
        self,
        *,
        search_term: str | None = None,
        epics: str | Sequence[str] | None = None,
    ) -> MarketSearchResult:
        """Find markets by text or by epic.

        A text fills `markets`; epics fill `marketDetails`, with dealing rules and opening hours. If both
        are given the text wins. With neither the answer holds all markets: thousands of rows and several
        megabytes. No match is an empty list.

        ``GET /api/v1/markets``

        Args:
            search_term: Text to look for, such as a part of a market's name. Wins over `epics`.
            epics: Epics to look up, at most 50. Sent as one list with commas.

        Raises:
            BadRequestError: ``error.null.searchTerm``: `searchTerm` is empty.
            BadRequestError: ``error.null.epic``: `epics` is empty.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "MarketSearchResult",
            await self._call(
                markets_search._get_kwargs(
                    search_term=UNSET
                    if search_term is None
                    else wire.text(search_term, "search_term", minimum=1),
                    epics=UNSET
                    if epics is None
                    else wire.texts(epics, "epics", minimum=1, maximum=50, commas=True),
                ),
                markets_search._parse_response,
                ok=(200,),
            ),
        )

    async def get(
        self,
        epic: str,
    ) -> MarketDetails:
        """Get one market with its dealing rules and prices.

        The instrument, the rules for sizes and distances, and a snapshot of the prices. For many markets at
        once use `search()` with epics.

        ``GET /api/v1/markets/{epic}``

        Args:
            epic: Epic of the market, upper case.

        Raises:
            NotFoundError: ``error.not-found.epic``: No market has this epic. Epics are upper case.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "MarketDetails",
            await self._call(
                markets_get._get_kwargs(
                    epic=wire.segment(epic, "epic"),
                ),
                markets_get._parse_response,
                ok=(200,),
            ),
        )
