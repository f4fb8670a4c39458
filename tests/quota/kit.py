"""An event loop in which waiting takes no time, and a server that refuses what is more than ten in any second."""

from __future__ import annotations

import asyncio
import itertools
import random
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, TypeVar

import httpx

from capital_ext import AsyncCapital, Capital, CapitalAuth, Credentials, Retries
from capital_ext.policy import World
from capital_ext.quota import Quota
from capital_ext.waiting import Sleep
from tests.auth.world import Time

T = TypeVar("T")
_numbers = itertools.count(1)
ME = Credentials("key", "me@example.test", "password")
ORDER: dict[str, Any] = {"epic": "SILVER", "direction": "BUY", "size": 1}


class _NoWaiting(selectors.DefaultSelector):
    loop: VirtualTime

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0 if timeout is not None else 5)
        if not ready and timeout:
            self.loop.now += timeout
        return ready


class VirtualTime(asyncio.SelectorEventLoop):
    """When nobody has anything to do, it is at once as late as the first of those who sleep wants it to be."""

    def __init__(self) -> None:
        self.now = 0.0
        selector = _NoWaiting()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.now


def run(act: Callable[[VirtualTime], Coroutine[Any, Any, T]]) -> T:
    """Run it in an event loop with a time of its own."""
    loop = VirtualTime()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(act(loop))


class Arrival(NamedTuple):
    """One request, when it reached the server."""

    at: float
    what: str


class Server:
    """Answers everything, and counts as the API does. What it refuses is in ``refused``."""

    def __init__(self, clock: Callable[[], float], *, jitter: float = 0.0, back: float = 0.0, most: int = 10) -> None:
        self.clock = clock
        self.jitter = jitter
        self.back = back
        self.most = most
        self.luck = random.Random(4)
        self.seen: list[Arrival] = []
        self.refused: list[Arrival] = []
        self.dead: set[str] = set()
        """The sessions that have ended."""
        self.logins = 0
        self.busy = 0
        """How many of the next requests are refused whatever was sent before."""
        self.connecting = 0.0
        """Seconds that it takes to connect, before a request can be sent. No time if there are no connections."""
        self.leaving = 0.0
        """Seconds that every request needs to leave this machine."""
        self.idle = 0
        """How many connections there are that nobody uses."""

    @property
    def log(self) -> list[str]:
        return [arrival.what for arrival in self.seen]

    def times(self, what: str) -> list[float]:
        return [arrival.at for arrival in self.seen if arrival.what.startswith(what)]

    def gaps(self, what: str) -> list[float]:
        return [after - before for before, after in itertools.pairwise(self.times(what))]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        arrival = Arrival(self.clock(), f"{request.method} {path}")
        lately = [each for each in self.seen if arrival.at - each.at < 1 - 1e-9]
        self.seen.append(arrival)
        if self.busy or len(lately) >= self.most:
            self.busy = max(0, self.busy - 1)
            self.refused.append(arrival)
            return httpx.Response(429, json={"errorCode": "error.too-many.requests"})
        if path == "/session" and request.method == "POST":
            self.logins += 1
            return httpx.Response(200, json={}, headers={"CST": f"cst{self.logins}", "X-SECURITY-TOKEN": "xst"})
        if request.headers.get("CST") in self.dead:
            return httpx.Response(401, json={"errorCode": "error.invalid.session.token"})
        body: dict[str, Any] = {"status": "OK", "positions": [], "prices": [], "dealReference": "o_1"}
        body |= {"workingOrders": [], "accounts": [], "instrumentType": "COMMODITIES"}
        body |= {"activities": [], "serverTime": 1_781_100_000_000}
        return httpx.Response(200, json=body)

    async def aio(self, request: httpx.Request) -> httpx.Response:
        if self.connecting or self.leaving:
            if self.idle:
                self.idle -= 1
            else:
                await asyncio.sleep(self.connecting)
            await asyncio.sleep(self.leaving)
            await request.extensions["trace"]("http11.send_request_headers.complete", {})
        if self.jitter:
            await asyncio.sleep(self.luck.uniform(0, self.jitter))
        answer = self(request)
        if self.back:
            await asyncio.sleep(self.back)
        if self.connecting:
            self.idle += 1
        return answer


def new_address() -> str:
    return f"https://quota-{next(_numbers)}.example.test"


def client(
    loop: VirtualTime, server: Server, *, base_url: str, late: float = 0.0, quota: Quota = Quota()
) -> AsyncCapital:
    """A client in the loop's time, which tries nothing twice. Its timers wake ``late`` seconds late."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds + late)

    capital = AsyncCapital(
        ME,
        base_url=base_url,
        transport=httpx.MockTransport(server.aio),
        retries=Retries(attempts=1),
        quota=quota,
        world=World(clock=loop.time, sleep=Sleep(aio=sleep)),
    )
    # The encrypted login takes a key that can be read, and one request more: nothing that matters here.
    capital.auth._encrypt = False  # pyright: ignore[reportPrivateUsage]
    return capital


async def logged_in(
    loop: VirtualTime, server: Server, base_url: str | None = None, *, late: float = 0.0
) -> AsyncCapital:
    """A client whose session is open, long enough ago for the quota to have forgotten it."""
    capital = client(loop, server, base_url=base_url or new_address(), late=late)
    await capital.general.ping()
    await asyncio.sleep(10)
    server.seen.clear()
    return capital


class Stage:
    """One server, one clock that waiting moves, and clients of every sort."""

    def __init__(self) -> None:
        self.time = Time()
        self.server = Server(self.time.clock)
        self.base_url = new_address()

    def auth(self, credentials: Credentials = ME, quota: Quota = Quota(), sleep: Sleep | None = None) -> CapitalAuth:
        return CapitalAuth(
            credentials,
            base_url=self.base_url,
            encrypt_password=False,
            quota=quota,
            clock=self.time.clock,
            sleep=sleep or self.time.ways,
        )

    def http(self, credentials: Credentials = ME, quota: Quota = Quota(), sleep: Sleep | None = None) -> httpx.Client:
        auth = self.auth(credentials, quota, sleep)
        return httpx.Client(base_url=self.base_url, auth=auth, transport=httpx.MockTransport(self.server))

    def async_http(self, quota: Quota = Quota(), sleep: Sleep | None = None) -> httpx.AsyncClient:
        auth = self.auth(quota=quota, sleep=sleep)
        return httpx.AsyncClient(base_url=self.base_url, auth=auth, transport=httpx.MockTransport(self.server.aio))

    def capital(self, quota: Quota = Quota()) -> Capital:
        transport = httpx.MockTransport(self.server)
        capital = Capital(ME, base_url=self.base_url, transport=transport, quota=quota, world=self.world)
        capital.auth._encrypt = False  # pyright: ignore[reportPrivateUsage]
        return capital

    async def ping(self) -> None:
        transport = httpx.MockTransport(self.server.aio)
        capital = AsyncCapital(ME, base_url=self.base_url + "/", transport=transport, world=self.world)
        capital.auth._encrypt = False  # pyright: ignore[reportPrivateUsage]
        async with capital:
            await capital.general.ping()

    @property
    def world(self) -> World:
        return World(sleep=self.time.ways, clock=self.time.clock)


def ping(http: httpx.Client) -> None:
    assert http.get("/api/v1/ping").status_code == 200
