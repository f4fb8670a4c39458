"""`Capital` and `AsyncCapital`: the generated API on a session, with the call policy."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import httpx

from capital_api import Api, AsyncApi, Client

from .active_account import ActiveAccount
from .auth import CapitalAuth, api_address
from .background import Background
from .blotter import blotter_for
from .credentials import Credentials, Environment
from .errors import InvalidInputError
from .history.histories import Histories
from .keep_alive import StayingAlive
from .live_prices import LivePrices
from .markets.lookup import MarketLookup
from .policy import Retries, World, async_policy, sync_policy
from .quota import Quota
from .workflow import Awaiting, Blocking

if TYPE_CHECKING:
    from capital_sandbox import Sandbox

    from .deals.desk import AsyncDeals, Deals

__all__ = ["AsyncCapital", "Capital"]

DEFAULT_TIMEOUT = httpx.Timeout(15.0, connect=5.0)

TransportT = TypeVar("TransportT")


class _Connected(Generic[TransportT]):
    """What both clients are made of: an address, a session for it, and the generated client that sends through both."""

    auth: CapitalAuth
    """The session. Further httpx clients can be given it; they then share the login."""
    base_url: str
    """Scheme and host of the API that this client talks to."""

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        environment: Environment = Environment.DEMO,
        base_url: str | None = None,
        account_id: str | None = None,
        timeout: httpx.Timeout | float = DEFAULT_TIMEOUT,
        transport: TransportT | None = None,
        retries: Retries = Retries(),
        quota: Quota = Quota(),
        world: World = World(),
    ) -> None:
        """Make a client. Nothing is sent yet: the first call that needs a session opens one.

        Args:
            credentials: Who logs in; None reads the environment variables ``CAPITAL_API_KEY``, ``CAPITAL_IDENTIFIER``
                and ``CAPITAL_PASSWORD``.
            environment: ``Environment.DEMO`` or ``Environment.LIVE``. Live is chosen here, in code, and nowhere else.
            base_url: Another address of the API, such as a sandbox's; takes the place of the environment's.
            account_id: The account to work on, one of ``accounts.all()``; None for the one that the login prefers.
                ``session.switch`` changes it. It is kept over every new login.
            timeout: Seconds for each phase of a request, or an ``httpx.Timeout``. By default 5 to connect and 15 for
                each of writing, waiting for the answer, and waiting for a free connection.
            transport: An httpx transport in place of the network, for tests.
            retries: How often a call is sent again where that is safe: reads, and writes that certainly were not
                executed.
            quota: How often requests may be sent; what is more waits for its turn. One budget for all clients of a user
                in this process. ``Quota.off()`` for none.
            world: Time and chance, for tests.

        Raises:
            InvalidInputError: Credentials are missing or malformed, or ``base_url`` is no address.
        """
        from .markets.cache import SheetCache

        address = api_address(base_url or environment.base_url)
        if (
            address.host.rstrip(".") == api_address(Environment.LIVE.base_url).host
            and environment is not Environment.LIVE
        ):
            raise InvalidInputError("base_url is the live API: say environment=Environment.LIVE if you mean real money")
        self.base_url = str(address).rstrip("/")
        credentials = credentials or Credentials.from_env()
        self.auth = CapitalAuth(
            credentials,
            base_url=self.base_url,
            account_id=account_id,
            quota=quota,
            clock=world.clock,
            sleep=world.sleep,
        )
        self._world = world
        auth = self.auth
        self._blotter = blotter_for(self.base_url, credentials.identifier, world.clock, lambda: auth.active_account_id)
        self._sheets = SheetCache(world.clock)
        self._background = Background()
        self._where = environment.name if base_url is None else "custom address"
        self._owned = ExitStack()
        arguments: dict[str, Any] = {"auth": self.auth}
        if transport is not None:
            arguments["transport"] = transport
        limit = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(timeout)
        self._start(Client(base_url=self.base_url, timeout=limit, httpx_args=arguments), retries, world)

    def _start(self, client: Client, retries: Retries, world: World) -> None:
        """Become the generated API on this client."""
        raise AssertionError("Capital and AsyncCapital each have their own")

    @classmethod
    def sandbox(cls, sandbox: Sandbox | None = None) -> Self:
        """A client on a Capital.com of its own, on this machine: no account, no network, play money.

        A real HTTP server is started on the loopback interface and stopped when the client is closed. It behaves like
        the API: a login, two accounts, markets, moving prices, a book. Needs the extra ``capital-ext[sandbox]``.

        Args:
            sandbox: The world to serve, for one with its own clock or seed; None for a fresh one.

        Raises:
            InvalidInputError: The extra is not installed.
        """
        from capital_sandbox import Sandbox

        world = sandbox or Sandbox()
        try:
            server = world.serve()
        except ImportError as error:
            raise InvalidInputError("the sandbox's server is an extra: pip install 'capital-ext[sandbox]'") from error
        known = world.credentials
        self = cls(Credentials(known.api_key, known.identifier, known.password), base_url=server.url)
        self._owned.callback(server.close)
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._where} {self.base_url} account_id={self.auth.account_id!r}>"


class Capital(
    _Connected[httpx.BaseTransport], Histories, MarketLookup, ActiveAccount, StayingAlive, LivePrices, Blocking, Api
):
    """The Capital.com API, synchronous. Thread safe: one object serves any number of threads.

    The session takes care of itself: it is opened by the first call that needs one, renewed when it ends, and put back
    on the chosen account. Every resource of the API is an attribute, every operation a method of it:

        with Capital() as capital:  # credentials from the environment; the demo environment
            silver = capital.markets.get("SILVER")
            print(silver.snapshot.bid, silver.snapshot.offer)
    """

    def _start(self, client: Client, retries: Retries, world: World) -> None:
        Blocking.__init__(self, self, world)
        Api.__init__(self, client, sync_policy(client, retries, world, self._blotter))
        client.get_httpx_client()  # made now, because the generated client makes it unguarded on first use

    @cached_property
    def deals(self) -> Deals:
        """Trading with the outcome known: open, close, amend, place, revise, cancel, and resolve what was lost."""
        from .deals.desk import Deals

        return Deals(self, self._world, self._blotter)

    def close(self, *, log_out: bool = False) -> None:
        """Close the connections. The object can't be used afterwards.

        Args:
            log_out: End the session at the server too. Otherwise it ends by itself, ten minutes after its last use.

        Raises:
            CapitalError: Logging out failed. The connections are closed all the same.
        """
        try:
            for stop in self._background.close():
                stop()
            if log_out and self.auth.has_session:
                self.session.close()
        finally:
            self.client.get_httpx_client().close()
            self._owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncCapital(
    _Connected[httpx.AsyncBaseTransport],
    Histories,
    MarketLookup,
    ActiveAccount,
    StayingAlive,
    LivePrices,
    Awaiting,
    AsyncApi,
):
    """The Capital.com API, asynchronous. One object serves any number of tasks.

    Everything is as in `Capital`, with ``await``, ``async with`` and ``async for``:

        async with AsyncCapital() as capital:
            silver = await capital.markets.get("SILVER")
    """

    def _start(self, client: Client, retries: Retries, world: World) -> None:
        Awaiting.__init__(self, self, world)
        AsyncApi.__init__(self, client, async_policy(client, retries, world, self._blotter))
        client.get_async_httpx_client()  # as above

    @cached_property
    def deals(self) -> AsyncDeals:
        """Trading with the outcome known: open, close, amend, place, revise, cancel, and resolve what was lost."""
        from .deals.desk import AsyncDeals

        return AsyncDeals(self, self._world, self._blotter)

    async def aclose(self, *, log_out: bool = False) -> None:
        """Close the connections, as ``Capital.close`` does.

        Args:
            log_out: End the session at the server too. Otherwise it ends by itself, ten minutes after its last use.

        Raises:
            CapitalError: Logging out failed. The connections are closed all the same.
        """
        try:
            for stop in self._background.close():
                await stop()
            if log_out and self.auth.has_session:
                await self.session.close()
        finally:
            await self.client.get_async_httpx_client().aclose()
            self._owned.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
