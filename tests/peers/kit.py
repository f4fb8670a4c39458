"""What the tests here share: a real HTTP server on loopback that watches, in front of a sandbox."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, NamedTuple

import httpx

from capital_ext import AsyncCapital, Capital, Credentials, Quota
from capital_ext.policy import World
from capital_ext.waiting import Sleep
from capital_sandbox import Credentials as SandboxCredentials
from capital_sandbox import Limits, ManualClock, Request, Response, Sandbox

_numbers = itertools.count(1)

SECRET_HEADERS = ("cst", "x-security-token", "x-cap-api-key")


class Exchange(NamedTuple):
    """One request as it arrived, and what was answered."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    status: int
    sent_back: dict[str, str]


class Watcher:
    """Everything that reached a server: connections, requests, and each secret that passed."""

    def __init__(self, handle: Callable[[Request], Response]) -> None:
        self.handle = handle
        self.connections = 0
        self.exchanges: list[Exchange] = []
        self.lock = Lock()
        self.url = ""

    def called(self, method: str | None = None, path: str = "") -> list[Exchange]:
        return [each for each in self.exchanges if method in (None, each.method) and path in each.target]

    def secrets(self) -> set[str]:
        """Every key, token, password and ciphertext that went over the wire in either direction."""
        found: set[str] = set()
        for exchange in self.exchanges:
            for headers in (exchange.headers, exchange.sent_back):
                found |= {value for name, value in headers.items() if name.lower() in SECRET_HEADERS and value}
            if exchange.target.endswith("/session") and exchange.method == "POST":
                found.add(json.loads(exchange.body)["password"])
        return found


@contextmanager
def watched(handle: Callable[[Request], Response]) -> Generator[Watcher]:
    """A real server with keep-alive that counts its connections."""
    watcher = Watcher(handle)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            with watcher.lock:
                watcher.connections += 1

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            path, _, query = self.path.partition("?")
            response = watcher.handle(Request(self.command, path, query, headers, body))
            with watcher.lock:
                watcher.exchanges.append(
                    Exchange(self.command, self.path, headers, body, response.status, dict(response.headers))
                )
            self.send_response_only(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            return None

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            return None  # a handler that hangs up on purpose

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    watcher.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield watcher
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_sandbox(credentials: SandboxCredentials | None = None) -> Sandbox:
    known = SandboxCredentials("peer-key", "peer@example.com", "peer-password") if credentials is None else credentials
    return Sandbox(clock=ManualClock(), limits=Limits.off(), credentials=known)


def login_of(sandbox: Sandbox) -> Credentials:
    known = sandbox.credentials
    return Credentials(known.api_key, known.identifier, known.password)


async def _no_time(_: float) -> None:
    return None


def still() -> World:
    """A world in which waiting takes no time."""
    return World(sleep=Sleep(sync=lambda _: None, aio=_no_time), luck=lambda: 0.5)


def new_address() -> str:
    """An address that no other client uses."""
    return f"https://peer-{next(_numbers)}.example.test"


def inside(sandbox: Sandbox, **more: Any) -> Capital:
    """A client on the sandbox, without a socket."""
    options: dict[str, Any] = {"base_url": new_address(), "transport": sandbox.transport(), "world": still()} | more
    return Capital(login_of(sandbox), quota=Quota.off(), **options)


def async_inside(sandbox: Sandbox) -> AsyncCapital:
    options: dict[str, Any] = {"base_url": new_address(), "transport": sandbox.transport(), "world": still()}
    return AsyncCapital(login_of(sandbox), quota=Quota.off(), **options)


class Interceptor(httpx.BaseTransport):
    """A sandbox's transport that keeps the requests, and can answer some of them itself."""

    def __init__(
        self, sandbox: Sandbox, instead: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
    ) -> None:
        self.inner = sandbox.transport()
        self.instead = instead
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self.instead(request) or self.inner.handle_request(request)

    def sent(self, method: str, path: str = "") -> list[httpx.Request]:
        return [each for each in self.requests if each.method == method and path in each.url.path]


def open_position(capital: Capital, epic: str = "SILVER", **more: Any) -> str:
    """Open a position; returns its deal id."""
    arguments: dict[str, Any] = {"direction": "BUY", "epic": epic, "size": 1} | more
    confirmation = capital.confirms.get(capital.positions.open(**arguments).deal_reference)
    assert confirmation.deal_status == "ACCEPTED"
    return confirmation.affected_deals[0].deal_id
