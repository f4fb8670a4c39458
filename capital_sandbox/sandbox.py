"""The sandbox as its users see it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from os import PathLike
from threading import Lock
from typing import TYPE_CHECKING

from .accounts import Credentials, Customer
from .bounds import CONFIRM_DELAY, MARKETS, SESSION_CAP, TIMEZONE_OFFSET, Bounds
from .candles import PriceSource
from .clock import Clock, RealClock
from .exchange import Exchange
from .faults import Faults
from .generated_prices import GeneratedPrices
from .limits import Limits
from .messages import Request, Response
from .recorded_prices import RecordedPrices, load
from .redaction import redacted
from .request_log import Outcome, RequestLog
from .stream import MemoryStream, Streams, StreamSettings
from .world import DEMO_CREDENTIALS, OPENING_DEPOSITS, Settings, World

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from .server import Server
    from .state import State
    from .transport import SandboxTransport

Recording = str | PathLike[str] | Mapping[str, str | PathLike[str]]
"""Where candles are, as `recorded_prices.load` reads them: a file, a folder, or a file for each epic."""

_log = logging.getLogger("capital_sandbox")
_CRASHED = Response(500, {"Content-Type": "application/json;charset=UTF-8"}, b'{"errorCode":"error.internal"}')


class Sandbox:
    """A whole Capital.com with play money and invented prices.

    Give it a ``ManualClock`` and time moves only when you say so; the same seed and the same calls then have
    answers with the same bodies. Tokens and the key that encrypts a password are random all the same, since they
    must not be guessed. It is safe to use from several threads.

    Args:
        seed: Decides prices and ids.
        clock: Where the time comes from; the computer's clock by default.
        limits: How often things may be done; None for ``Limits()``, which has those of the real service: ten
            requests a second among them, counted on the clock. ``Limits.off()`` has none; the forty markets of
            a stream are a matter of ``stream``.
        credentials: What the first customer logs in with.
        confirm_delay: Seconds after which a confirm can be read; before, it is 404 or tells the event before.
        confirm_levels: Whether the confirm of an opening tells its level. Where it is 0, as the real service has
            been seen to say, a program has to ask for the position.
        session_cap: Seconds after which a session ends however busy it is; None for no such end.
        timezone_offset: Hours by which account-local times are ahead of UTC.
        prices: Where prices come from, instead of being generated from the seed: a file of candles, a recording
            that was read with ``recorded_prices.load``, or a ``PriceSource`` of your own.
        markets: How many markets there are at least. The real service has some thousands; what the catalogue
            lacks is made up; 20,000 at most.
        log_size: How many requests are remembered.
        stream: How the stream behaves; ``StreamSettings`` says what can be chosen.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        limits: Limits | None = None,
        credentials: Credentials = DEMO_CREDENTIALS,
        confirm_delay: float | timedelta = 0,
        confirm_levels: bool = True,
        session_cap: float | timedelta | None = None,
        timezone_offset: int = 3,
        prices: PriceSource | Recording | None = None,
        markets: int = 0,
        log_size: int = 10_000,
        stream: StreamSettings | None = None,
    ) -> None:
        MARKETS.check("markets", markets)
        TIMEZONE_OFFSET.check("timezone_offset", timezone_offset)
        settings = Settings(
            seed=seed,
            confirm_delay=_milliseconds("confirm_delay", confirm_delay, CONFIRM_DELAY),
            session_cap=None if session_cap is None else _milliseconds("session_cap", session_cap, SESSION_CAP),
            timezone_offset=timezone_offset,
            markets=markets,
            confirm_levels=confirm_levels,
        )
        self._world = World(
            RealClock() if clock is None else clock,
            settings,
            Limits() if limits is None else limits,
            _price_source(prices, seed),
        )
        self._lock = Lock()
        self._customer = self._world.add_customer(credentials)
        self.requests = RequestLog(log_size)
        """Every request and what became of it."""
        self.streams = Streams(self._world, self._lock, StreamSettings() if stream is None else stream)
        """The open connections to the stream, and what can be done to them."""
        self.faults = Faults(self._world.sessions, self.streams, seed)
        """What goes wrong: nothing, until you say so."""

    @property
    def clock(self) -> Clock:
        """The sandbox's clock. ``advance`` moves it, whichever it is; a ``ManualClock`` moves in no other way."""
        return self._world.clock

    @property
    def credentials(self) -> Credentials:
        """What the first customer logs in with."""
        return self._customer.credentials

    @property
    def world(self) -> World:
        """The state behind the API, for tests that have to look deeper. Hold no part of it across calls."""
        return self._world

    @property
    def state(self) -> State:
        """A picture of the present: accounts, deals, prices, requests, faults. Immutable, and nothing secret in it."""
        from .state import take

        with self._lock:
            return take(self)

    def add_customer(
        self,
        credentials: Credentials,
        deposits: Mapping[str, Decimal] = OPENING_DEPOSITS,
        *,
        live: bool = False,
        guaranteed_stops_required: bool = False,
    ) -> Customer:
        """Another login, with accounts of its own.

        Args:
            credentials: What the customer logs in with.
            deposits: The money of each account by currency; the first is the preferred account. Without any
                account a login is refused, as with a key of the other environment.
            live: Pretend that the money is real: no top-up, and no limit of orders an hour.
            guaranteed_stops_required: Refuse every deal without a guaranteed stop, as for some customers.
        """
        with self._lock:
            customer = self._world.add_customer(
                credentials, deposits, live=live, guaranteed_stops_required=guaranteed_stops_required
            )
            if live:
                self._world.limits.trades_real_money(customer.client_id)
            return customer

    def expire_sessions(self) -> int:
        """End all sessions now, so that the next call meets a dead one; returns how many there were."""
        with self._lock:
            count = self._world.sessions.close_all()
            self.streams.notice()
            return count

    def handle(self, request: Request) -> Response:
        """Answer one request. Everything goes through here: the in-process transport and the real server.

        Raises:
            NoAnswer: A fault took the answer away.
        """
        from .api.dispatch import dispatch

        with self._lock:
            exchange = Exchange(request, self._world.clock.now())
            try:
                self.faults.carry_out(exchange, lambda: dispatch(self._world, request))
            except (
                Exception
            ):  # a mistake of the sandbox, or of what it was given: a price source, a condition of a fault
                exchange.response, exchange.error_code, exchange.outcome = _CRASHED, "error.internal", Outcome.ANSWERED
                _log.exception("a request made the sandbox fail")
            finally:
                self.requests.add(redacted(exchange.record(), self._world))
            self.streams.notice()
        return exchange.answer()

    def hung_up(self, request: Request) -> None:
        """Remember a request whose client went away before all of it had come. Nothing of it is executed."""
        with self._lock:
            exchange = Exchange(request, self._world.clock.now(), outcome=Outcome.HUNG_UP)
            self.requests.add(redacted(exchange.record(), self._world))

    def transport(self) -> SandboxTransport:
        """An httpx transport, sync and async, that reaches this sandbox without a socket."""
        from .transport import SandboxTransport

        return SandboxTransport(self)

    def stream(self) -> MemoryStream:
        """A connection to the stream without a socket: ``send`` messages, ``receive`` frames."""
        return MemoryStream(self.streams)

    def app(self, *, control: bool = False) -> Starlette:
        """The sandbox as an ASGI application, for a server of your own.

        It can be driven under ``/_sandbox`` if ``control`` says so, then by anyone who can reach that server.
        """
        from .control import Control
        from .server import application

        return application(self, Control.ANYONE if control else Control.OFF)

    def serve(self, host: str = "127.0.0.1", port: int = 0, *, control: bool | None = None) -> Server:
        """Start a real HTTP server in a background thread; use it as a context manager, or ``close()`` it.

        It listens on the loopback interface unless told otherwise; port 0 picks a free one. When this
        returns the server accepts connections at ``server.url``. Whether it can be driven under ``/_sandbox``
        is for ``control`` to say; None allows it on the loopback interface only.
        """
        from .server import Server

        return Server(self, host, port, control=control)


def _price_source(prices: PriceSource | Recording | None, seed: int) -> PriceSource:
    """Where the prices come from; what a recording does not have is generated."""
    if isinstance(prices, str | PathLike | Mapping):
        prices = load(prices)
    if isinstance(prices, RecordedPrices):
        return prices.beside(GeneratedPrices(seed))
    if prices is None:
        return GeneratedPrices(seed)
    missing = [name for name in ("bar", "ticks", "hours") if not callable(getattr(prices, name, None))]
    if missing:
        raise TypeError(f"prices is a file, a recording or a PriceSource; {prices!r} has no {' and no '.join(missing)}")
    return prices


def _milliseconds(name: str, duration: float | timedelta, bounds: Bounds) -> int:
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    bounds.check(name, seconds)
    return round(seconds * 1000)
