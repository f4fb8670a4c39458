"""The sandbox as its users see it."""

from __future__ import annotations

from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from .accounts import Credentials, Customer
from .candles import PriceSource
from .clock import Clock, RealClock, from_milliseconds
from .generated_prices import GeneratedPrices
from .limits import Limits
from .messages import Request, Response
from .request_log import RequestLog, RequestRecord
from .world import DEMO_CREDENTIALS, Settings, World

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from .server import Server
    from .transport import SandboxTransport


class Sandbox:
    """A whole Capital.com with play money and invented prices.

    Give it a ``ManualClock`` and time moves only when you say so; the same seed and the same calls then give
    the same answers. It is safe to use from several threads.

    Args:
        seed: Decides prices and ids.
        clock: Where the time comes from; the computer's clock by default.
        limits: How often things may be done, one login a second by default. ``Limits()`` has all limits of
            the real service, ``Limits.off()`` none.
        credentials: What the first customer logs in with.
        confirm_delay: Seconds after which a confirm can be read; before, it is 404 or tells the event before.
        session_cap: Seconds after which a session ends however busy it is; None for no such end.
        timezone_offset: Hours by which account-local times are ahead of UTC.
        prices: Where prices come from, instead of being generated from the seed.
        log_size: How many requests are remembered.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        limits: Limits | None = None,
        credentials: Credentials = DEMO_CREDENTIALS,
        confirm_delay: float | timedelta = 0,
        session_cap: float | timedelta | None = None,
        timezone_offset: int = 3,
        prices: PriceSource | None = None,
        log_size: int = 10_000,
    ) -> None:
        settings = Settings(
            seed=seed,
            confirm_delay=_milliseconds(confirm_delay),
            session_cap=None if session_cap is None else _milliseconds(session_cap),
            timezone_offset=timezone_offset,
        )
        self._world = World(
            RealClock() if clock is None else clock,
            settings,
            Limits.logins_only() if limits is None else limits,
            GeneratedPrices(seed) if prices is None else prices,
        )
        self._lock = Lock()
        self._customer = self._world.add_customer(credentials)
        self.requests = RequestLog(log_size)
        """Every request and what became of it."""

    @property
    def clock(self) -> Clock:
        """The sandbox's clock; with a ``ManualClock``, move it with ``advance``."""
        return self._world.clock

    @property
    def credentials(self) -> Credentials:
        """What the first customer logs in with."""
        return self._customer.credentials

    @property
    def world(self) -> World:
        """The state behind the API, for tests that have to look deeper. Hold no part of it across calls."""
        return self._world

    def add_customer(self, credentials: Credentials) -> Customer:
        """Another login, with accounts of its own."""
        with self._lock:
            return self._world.add_customer(credentials)

    def expire_sessions(self) -> int:
        """End all sessions now, so that the next call meets a dead one; returns how many there were."""
        with self._lock:
            return self._world.sessions.close_all()

    def handle(self, request: Request) -> Response:
        """Answer one request. Everything goes through here: the in-process transport and the real server."""
        from .api.dispatch import dispatch

        with self._lock:
            response, error_code = dispatch(self._world, request)
            self.requests.add(
                RequestRecord(
                    from_milliseconds(self._world.now()),
                    request.method,
                    request.path,
                    response.status,
                    executed=error_code is None,
                    error_code=error_code,
                )
            )
        return response

    def transport(self) -> SandboxTransport:
        """An httpx transport, sync and async, that reaches this sandbox without a socket."""
        from .transport import SandboxTransport

        return SandboxTransport(self)

    def app(self) -> Starlette:
        """The sandbox as an ASGI application."""
        from .server import application

        return application(self)

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Server:
        """Start a real HTTP server in a background thread; use it as a context manager, or ``close()`` it.

        It listens on the loopback interface unless told otherwise; port 0 picks a free one. When this
        returns the server accepts connections at ``server.url``.
        """
        from .server import Server

        return Server(self, host, port)


def _milliseconds(duration: float | timedelta) -> int:
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    return round(seconds * 1000)
