"""``capital.watchlists``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.add_to_watchlist_request import AddToWatchlistRequest
from ...models.create_watchlist_request import CreateWatchlistRequest
from ...types import UNSET
from . import (
    watchlists_add,
    watchlists_all,
    watchlists_create,
    watchlists_delete,
    watchlists_get,
    watchlists_remove,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.created_watchlist import CreatedWatchlist
    from ...models.status_result import StatusResult
    from ...models.watchlist_list import WatchlistList
    from ...models.watchlist_markets import WatchlistMarkets

__all__ = ["AsyncWatchlistsApi", "WatchlistsApi"]


class WatchlistsApi:
    """Named lists of markets, kept on the server."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def all(
        self,
    ) -> WatchlistList:
        """Get all watchlists.

        Names and ids only; `get()` returns the markets of one.

        ``GET /api/v1/watchlists``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "WatchlistList",
            self._call(
                watchlists_all._get_kwargs(),
                watchlists_all._parse_response,
                ok=(200,),
            ),
        )

    def create(
        self,
        *,
        name: str,
        epics: str | Sequence[str] | None = None,
    ) -> CreatedWatchlist:
        """Create a watchlist.

        Epics that cannot be added do not fail the call: the list is created without them, and `status` says
        so. The client never sends it twice unless the first one certainly was not executed; repeating it
        can create a second list.

        ``POST /api/v1/watchlists``

        Args:
            name: Name of the list, 1 to 20 characters.
            epics: Markets to put on the list. Without them it starts empty.

        Raises:
            BadRequestError: ``error.size.createwatchlistrequest.name``: The name is empty or longer than 20
                characters.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "CreatedWatchlist",
            self._call(
                watchlists_create._get_kwargs(
                    body=CreateWatchlistRequest(
                        name=wire.text(name, "name", minimum=1, maximum=20),
                        epics=UNSET if epics is None else wire.texts(epics, "epics"),
                    ),
                ),
                watchlists_create._parse_response,
                ok=(200,),
            ),
        )

    def get(
        self,
        watchlist_id: str,
    ) -> WatchlistMarkets:
        """Get the markets of a watchlist.

        The name is not part of the answer; `all()` has it.

        ``GET /api/v1/watchlists/{watchlistId}``

        Args:
            watchlist_id: Id of the watchlist.

        Raises:
            NotFoundError: ``error.invalid.watchlist``: No watchlist has this id.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "WatchlistMarkets",
            self._call(
                watchlists_get._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                ),
                watchlists_get._parse_response,
                ok=(200,),
            ),
        )

    def add(
        self,
        watchlist_id: str,
        *,
        epic: str,
    ) -> StatusResult:
        """Add one market to a watchlist.

        One market per call. The client never sends it twice unless the first one certainly was not
        executed.

        ``PUT /api/v1/watchlists/{watchlistId}``

        Args:
            watchlist_id: Id of the watchlist.
            epic: Epic of the market, upper case.

        Raises:
            NotFoundError: ``error.not-found.epic``: No market has this epic. Epics are upper case.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            self._call(
                watchlists_add._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                    body=AddToWatchlistRequest(
                        epic=wire.text(epic, "epic", minimum=1),
                    ),
                ),
                watchlists_add._parse_response,
                ok=(200,),
            ),
        )

    def delete(
        self,
        watchlist_id: str,
    ) -> StatusResult:
        """Delete a watchlist.

        The whole list. The client never sends it twice unless the first one certainly was not executed;
        repeating it after success gives 404.

        ``DELETE /api/v1/watchlists/{watchlistId}``

        Args:
            watchlist_id: Id of the watchlist.

        Raises:
            NotFoundError: ``error.not-found.watchlist``: No watchlist has this id.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            self._call(
                watchlists_delete._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                ),
                watchlists_delete._parse_response,
                ok=(200,),
            ),
        )

    def remove(
        self,
        watchlist_id: str,
        epic: str,
    ) -> StatusResult:
        """Remove one market from a watchlist.

        One market per call; the list itself stays. The client never sends it twice unless the first one
        certainly was not executed.

        ``DELETE /api/v1/watchlists/{watchlistId}/{epic}``

        Args:
            watchlist_id: Id of the watchlist.
            epic: Epic of the market to remove, upper case.

        Raises:
            NotFoundError: ``error.not-found.epic``: The market does not exist or is not on the list.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            self._call(
                watchlists_remove._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                    epic=wire.segment(epic, "epic"),
                ),
                watchlists_remove._parse_response,
                ok=(200,),
            ),
        )


class AsyncWatchlistsApi:
    """Named lists of markets, kept on the server."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def all(
        self,
    ) -> WatchlistList:
        """Get all watchlists.

        Names and ids only; `get()` returns the markets of one.

        ``GET /api/v1/watchlists``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "WatchlistList",
            await self._call(
                watchlists_all._get_kwargs(),
                watchlists_all._parse_response,
                ok=(200,),
            ),
        )

    async def create(
        self,
        *,
        name: str,
        epics: str | Sequence[str] | None = None,
    ) -> CreatedWatchlist:
        """Create a watchlist.

        Epics that cannot be added do not fail the call: the list is created without them, and `status` says
        so. The client never sends it twice unless the first one certainly was not executed; repeating it
        can create a second list.

        ``POST /api/v1/watchlists``

        Args:
            name: Name of the list, 1 to 20 characters.
            epics: Markets to put on the list. Without them it starts empty.

        Raises:
            BadRequestError: ``error.size.createwatchlistrequest.name``: The name is empty or longer than 20
                characters.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "CreatedWatchlist",
            await self._call(
                watchlists_create._get_kwargs(
                    body=CreateWatchlistRequest(
                        name=wire.text(name, "name", minimum=1, maximum=20),
                        epics=UNSET if epics is None else wire.texts(epics, "epics"),
                    ),
                ),
                watchlists_create._parse_response,
                ok=(200,),
            ),
        )

    async def get(
        self,
        watchlist_id: str,
    ) -> WatchlistMarkets:
        """Get the markets of a watchlist.

        The name is not part of the answer; `all()` has it.

        ``GET /api/v1/watchlists/{watchlistId}``

        Args:
            watchlist_id: Id of the watchlist.

        Raises:
            NotFoundError: ``error.invalid.watchlist``: No watchlist has this id.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "WatchlistMarkets",
            await self._call(
                watchlists_get._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                ),
                watchlists_get._parse_response,
                ok=(200,),
            ),
        )

    async def add(
        self,
        watchlist_id: str,
        *,
        epic: str,
    ) -> StatusResult:
        """Add one market to a watchlist.

        One market per call. The client never sends it twice unless the first one certainly was not
        executed.

        ``PUT /api/v1/watchlists/{watchlistId}``

        Args:
            watchlist_id: Id of the watchlist.
            epic: Epic of the market, upper case.

        Raises:
            NotFoundError: ``error.not-found.epic``: No market has this epic. Epics are upper case.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            await self._call(
                watchlists_add._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                    body=AddToWatchlistRequest(
                        epic=wire.text(epic, "epic", minimum=1),
                    ),
                ),
                watchlists_add._parse_response,
                ok=(200,),
            ),
        )

    async def delete(
        self,
        watchlist_id: str,
    ) -> StatusResult:
        """Delete a watchlist.

        The whole list. The client never sends it twice unless the first one certainly was not executed;
        repeating it after success gives 404.

        ``DELETE /api/v1/watchlists/{watchlistId}``

        Args:
            watchlist_id: Id of the watchlist.

        Raises:
            NotFoundError: ``error.not-found.watchlist``: No watchlist has this id.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            await self._call(
                watchlists_delete._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                ),
                watchlists_delete._parse_response,
                ok=(200,),
            ),
        )

    async def remove(
        self,
        watchlist_id: str,
        epic: str,
    ) -> StatusResult:
        """Remove one market from a watchlist.

        One market per call; the list itself stays. The client never sends it twice unless the first one
        certainly was not executed.

        ``DELETE /api/v1/watchlists/{watchlistId}/{epic}``

        Args:
            watchlist_id: Id of the watchlist.
            epic: Epic of the market to remove, upper case.

        Raises:
            NotFoundError: ``error.not-found.epic``: The market does not exist or is not on the list.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            await self._call(
                watchlists_remove._get_kwargs(
                    watchlist_id=wire.segment(watchlist_id, "watchlist_id"),
                    epic=wire.segment(epic, "epic"),
                ),
                watchlists_remove._parse_response,
                ok=(200,),
            ),
        )
