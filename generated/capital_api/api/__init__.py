"""Every resource of the API, as attributes of one object. Generated; do not edit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..calls import AsyncCall, Call, async_call, sync_call
from ..client import Client

if TYPE_CHECKING:
    from .accounts import Accounts, AsyncAccounts
    from .confirms import AsyncConfirms, Confirms
    from .general import AsyncGeneral, General
    from .history import AsyncHistory, History
    from .markets import AsyncMarkets, Markets
    from .orders import AsyncOrders, Orders
    from .positions import AsyncPositions, Positions
    from .prices import AsyncPrices, Prices
    from .sentiment import AsyncSentiment, Sentiment
    from .session import AsyncSession, Session
    from .watchlists import AsyncWatchlists, Watchlists

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
    def general(self) -> General:
        """Server time, and a call that keeps the session alive."""
        from .general import General

        return General(self._call)

    @cached_property
    def session(self) -> Session:
        """Logging in, switching the account, logging out. The client does all of this by itself.

        Of these only `get` and `switch` are of everyday use: which account is active, and trade on another one."""
        from .session import Session

        return Session(self._call)

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of this login with their balances, leverage and hedging preferences, and demo top-ups."""
        from .accounts import Accounts

        return Accounts(self._call)

    @cached_property
    def history(self) -> History:
        """What happened: the trading activity and the transactions that moved money.

        Neither call is paged. Walk long spans in slices: at most one day for the activity, about a week for the
        transactions."""
        from .history import History

        return History(self._call)

    @cached_property
    def positions(self) -> Positions:
        """Open positions: read, open, protect, close.

        Opening, updating and closing are queued by the server; `capital.confirms.get(...)` tells how they ended."""
        from .positions import Positions

        return Positions(self._call)

    @cached_property
    def orders(self) -> Orders:
        """Working orders: limit and stop orders that wait for their price.

        Creating, updating and cancelling are queued by the server; `capital.confirms.get(...)` tells how they
        ended."""
        from .orders import Orders

        return Orders(self._call)

    @cached_property
    def confirms(self) -> Confirms:
        """How a deal ended. The only source that says whether an order was accepted or refused."""
        from .confirms import Confirms

        return Confirms(self._call)

    @cached_property
    def markets(self) -> Markets:
        """Markets: search, details, dealing rules, and the category tree.

        A market is known by its *epic*, an upper-case code such as `GOLD` or `US100`."""
        from .markets import Markets

        return Markets(self._call)

    @cached_property
    def prices(self) -> Prices:
        """Historical candles with bid and ask prices."""
        from .prices import Prices

        return Prices(self._call)

    @cached_property
    def sentiment(self) -> Sentiment:
        """Which share of the clients' open positions is long, and which is short, market by market."""
        from .sentiment import Sentiment

        return Sentiment(self._call)

    @cached_property
    def watchlists(self) -> Watchlists:
        """Named lists of markets, kept on the server."""
        from .watchlists import Watchlists

        return Watchlists(self._call)


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
    def general(self) -> AsyncGeneral:
        """Server time, and a call that keeps the session alive."""
        from .general import AsyncGeneral

        return AsyncGeneral(self._call)

    @cached_property
    def session(self) -> AsyncSession:
        """Logging in, switching the account, logging out. The client does all of this by itself.

        Of these only `get` and `switch` are of everyday use: which account is active, and trade on another one."""
        from .session import AsyncSession

        return AsyncSession(self._call)

    @cached_property
    def accounts(self) -> AsyncAccounts:
        """The accounts of this login with their balances, leverage and hedging preferences, and demo top-ups."""
        from .accounts import AsyncAccounts

        return AsyncAccounts(self._call)

    @cached_property
    def history(self) -> AsyncHistory:
        """What happened: the trading activity and the transactions that moved money.

        Neither call is paged. Walk long spans in slices: at most one day for the activity, about a week for the
        transactions."""
        from .history import AsyncHistory

        return AsyncHistory(self._call)

    @cached_property
    def positions(self) -> AsyncPositions:
        """Open positions: read, open, protect, close.

        Opening, updating and closing are queued by the server; `capital.confirms.get(...)` tells how they ended."""
        from .positions import AsyncPositions

        return AsyncPositions(self._call)

    @cached_property
    def orders(self) -> AsyncOrders:
        """Working orders: limit and stop orders that wait for their price.

        Creating, updating and cancelling are queued by the server; `capital.confirms.get(...)` tells how they
        ended."""
        from .orders import AsyncOrders

        return AsyncOrders(self._call)

    @cached_property
    def confirms(self) -> AsyncConfirms:
        """How a deal ended. The only source that says whether an order was accepted or refused."""
        from .confirms import AsyncConfirms

        return AsyncConfirms(self._call)

    @cached_property
    def markets(self) -> AsyncMarkets:
        """Markets: search, details, dealing rules, and the category tree.

        A market is known by its *epic*, an upper-case code such as `GOLD` or `US100`."""
        from .markets import AsyncMarkets

        return AsyncMarkets(self._call)

    @cached_property
    def prices(self) -> AsyncPrices:
        """Historical candles with bid and ask prices."""
        from .prices import AsyncPrices

        return AsyncPrices(self._call)

    @cached_property
    def sentiment(self) -> AsyncSentiment:
        """Which share of the clients' open positions is long, and which is short, market by market."""
        from .sentiment import AsyncSentiment

        return AsyncSentiment(self._call)

    @cached_property
    def watchlists(self) -> AsyncWatchlists:
        """Named lists of markets, kept on the server."""
        from .watchlists import AsyncWatchlists

        return AsyncWatchlists(self._call)
