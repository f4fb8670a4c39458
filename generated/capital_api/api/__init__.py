"""Every resource of the API, as attributes of one object. Generated; do not edit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..calls import AsyncCall, Call, async_call, sync_call
from ..client import Client

if TYPE_CHECKING:
    from .accounts import AccountsApi, AsyncAccountsApi
    from .confirms import AsyncConfirmsApi, ConfirmsApi
    from .general import AsyncGeneralApi, GeneralApi
    from .history import AsyncHistoryApi, HistoryApi
    from .markets import AsyncMarketsApi, MarketsApi
    from .orders import AsyncOrdersApi, OrdersApi
    from .positions import AsyncPositionsApi, PositionsApi
    from .prices import AsyncPricesApi, PricesApi
    from .sentiment import AsyncSentimentApi, SentimentApi
    from .session import AsyncSessionApi, SessionApi
    from .watchlists import AsyncWatchlistsApi, WatchlistsApi

__all__ = ["Api", "AsyncApi"]


class Api:
    """The whole API, synchronous. Each resource is imported on its first use.

    Args:
        client: Where requests go.
        call: How a request is sent and its answer read: the place for retries, rate limits and logging.
    """

    def __init__(self, client: Client, call: Call | None = None) -> None:
        self.client = client
        """The generated client, for the low-level functions under ``capital_api.api``."""
        self._call = call or sync_call(client)

    @cached_property
    def general(self) -> GeneralApi:
        """Server time, and a call that keeps the session alive."""
        from .general import GeneralApi

        return GeneralApi(self._call)

    @cached_property
    def session(self) -> SessionApi:
        """Logging in, switching the account, logging out. The client does all of this by itself.

        Of these only `get` and `switch` are of everyday use: which account is active, and trade on another one."""
        from .session import SessionApi

        return SessionApi(self._call)

    @cached_property
    def accounts(self) -> AccountsApi:
        """The accounts of this login with their balances, leverage and hedging preferences, and demo top-ups."""
        from .accounts import AccountsApi

        return AccountsApi(self._call)

    @cached_property
    def history(self) -> HistoryApi:
        """What happened: the trading activity and the transactions that moved money.

        Neither call is paged. Walk long spans in slices: at most one day for the activity, about a week for the
        transactions."""
        from .history import HistoryApi

        return HistoryApi(self._call)

    @cached_property
    def positions(self) -> PositionsApi:
        """Open positions: read, open, protect, close.

        Opening, updating and closing are queued by the server; `capital.confirms.get(...)` tells how they ended."""
        from .positions import PositionsApi

        return PositionsApi(self._call)

    @cached_property
    def orders(self) -> OrdersApi:
        """Working orders: limit and stop orders that wait for their price.

        Creating, updating and cancelling are queued by the server; `capital.confirms.get(...)` tells how they
        ended."""
        from .orders import OrdersApi

        return OrdersApi(self._call)

    @cached_property
    def confirms(self) -> ConfirmsApi:
        """How a deal ended. The only source that says whether an order was accepted or refused."""
        from .confirms import ConfirmsApi

        return ConfirmsApi(self._call)

    @cached_property
    def markets(self) -> MarketsApi:
        """Markets: search, details, dealing rules, and the category tree.

        A market is known by its *epic*, an upper-case code such as `GOLD` or `US100`."""
        from .markets import MarketsApi

        return MarketsApi(self._call)

    @cached_property
    def prices(self) -> PricesApi:
        """Historical candles with bid and ask prices."""
        from .prices import PricesApi

        return PricesApi(self._call)

    @cached_property
    def sentiment(self) -> SentimentApi:
        """Which share of the clients' open positions is long, and which is short, market by market."""
        from .sentiment import SentimentApi

        return SentimentApi(self._call)

    @cached_property
    def watchlists(self) -> WatchlistsApi:
        """Named lists of markets, kept on the server."""
        from .watchlists import WatchlistsApi

        return WatchlistsApi(self._call)


class AsyncApi:
    """The whole API, asynchronous. Each resource is imported on its first use.

    Args:
        client: Where requests go.
        call: How a request is sent and its answer read: the place for retries, rate limits and logging.
    """

    def __init__(self, client: Client, call: AsyncCall | None = None) -> None:
        self.client = client
        """The generated client, for the low-level functions under ``capital_api.api``."""
        self._call = call or async_call(client)

    @cached_property
    def general(self) -> AsyncGeneralApi:
        """Server time, and a call that keeps the session alive."""
        from .general import AsyncGeneralApi

        return AsyncGeneralApi(self._call)

    @cached_property
    def session(self) -> AsyncSessionApi:
        """Logging in, switching the account, logging out. The client does all of this by itself.

        Of these only `get` and `switch` are of everyday use: which account is active, and trade on another one."""
        from .session import AsyncSessionApi

        return AsyncSessionApi(self._call)

    @cached_property
    def accounts(self) -> AsyncAccountsApi:
        """The accounts of this login with their balances, leverage and hedging preferences, and demo top-ups."""
        from .accounts import AsyncAccountsApi

        return AsyncAccountsApi(self._call)

    @cached_property
    def history(self) -> AsyncHistoryApi:
        """What happened: the trading activity and the transactions that moved money.

        Neither call is paged. Walk long spans in slices: at most one day for the activity, about a week for the
        transactions."""
        from .history import AsyncHistoryApi

        return AsyncHistoryApi(self._call)

    @cached_property
    def positions(self) -> AsyncPositionsApi:
        """Open positions: read, open, protect, close.

        Opening, updating and closing are queued by the server; `capital.confirms.get(...)` tells how they ended."""
        from .positions import AsyncPositionsApi

        return AsyncPositionsApi(self._call)

    @cached_property
    def orders(self) -> AsyncOrdersApi:
        """Working orders: limit and stop orders that wait for their price.

        Creating, updating and cancelling are queued by the server; `capital.confirms.get(...)` tells how they
        ended."""
        from .orders import AsyncOrdersApi

        return AsyncOrdersApi(self._call)

    @cached_property
    def confirms(self) -> AsyncConfirmsApi:
        """How a deal ended. The only source that says whether an order was accepted or refused."""
        from .confirms import AsyncConfirmsApi

        return AsyncConfirmsApi(self._call)

    @cached_property
    def markets(self) -> AsyncMarketsApi:
        """Markets: search, details, dealing rules, and the category tree.

        A market is known by its *epic*, an upper-case code such as `GOLD` or `US100`."""
        from .markets import AsyncMarketsApi

        return AsyncMarketsApi(self._call)

    @cached_property
    def prices(self) -> AsyncPricesApi:
        """Historical candles with bid and ask prices."""
        from .prices import AsyncPricesApi

        return AsyncPricesApi(self._call)

    @cached_property
    def sentiment(self) -> AsyncSentimentApi:
        """Which share of the clients' open positions is long, and which is short, market by market."""
        from .sentiment import AsyncSentimentApi

        return AsyncSentimentApi(self._call)

    @cached_property
    def watchlists(self) -> AsyncWatchlistsApi:
        """Named lists of markets, kept on the server."""
        from .watchlists import AsyncWatchlistsApi

        return AsyncWatchlistsApi(self._call)
