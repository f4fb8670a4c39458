"""The sandbox over real HTTP: Starlette on uvicorn, in a background thread."""

from __future__ import annotations

import socket
from dataclasses import replace
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.types import Receive, Scope, Send

from .connections import Connection, StreamConnection, act_out
from .control import PREFIX, Control, drive, is_control, is_loopback
from .dates import dated
from .exchange import NoAnswer
from .messages import Request
from .page import is_page, show
from .stream import endpoint as stream

if TYPE_CHECKING:
    from .sandbox import Sandbox


STATE = f"{PREFIX}/state"
"""What the page shows."""


def application(sandbox: Sandbox, control: Control = Control.OFF) -> Starlette:
    """An ASGI application without routes of its own: what a path and a method mean is for the sandbox to say."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await stream.serve(sandbox.streams, scope, receive, send)
            return
        http = HttpRequest(scope, receive)
        request = _request(http)
        try:
            request = replace(request, body=await http.body())
        except ClientDisconnect:
            if not (is_page(request) or is_control(request.path)):
                sandbox.hung_up(request)
            return
        try:
            # Not in a thread pool: requests take turns anyway, and a call is shorter than the change of threads.
            if is_page(request):
                response = show(request)
            elif is_control(request.path):
                response = drive(sandbox, request, _allowed(scope, request, control))
            else:
                response = sandbox.handle(request)
        except NoAnswer as fault:
            await act_out(fault, scope, receive)
            return
        headers = dated(response, sandbox.clock.now())
        await HttpResponse(response.body, response.status, headers)(scope, receive, send)

    app = Starlette()
    app.router.default = answer
    return app


class Server:
    """A running server. Its thread ends with ``close``, or with the ``with`` block."""

    def __init__(self, sandbox: Sandbox, host: str, port: int, *, control: bool | None = None) -> None:
        # Bound here and not by uvicorn: the port is known at once, and a taken one raises here.
        self._socket = _listen(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self.control = Control.of(host, control)
        """Who may drive the sandbox over HTTP."""
        config = uvicorn.Config(
            application(sandbox, self.control),
            http=Connection,
            log_level="error",
            access_log=False,
            date_header=False,  # the date of an answer is the sandbox's, not this machine's
            lifespan="off",
            ws=StreamConnection,
            ws_max_size=stream.LONGEST_MESSAGE,
            ws_per_message_deflate=False,
            ws_ping_interval=None,  # silence is for the sandbox's clock to judge
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="capital-sandbox", daemon=True)
        # A listening socket queues connections before uvicorn takes them: there is nothing to wait for.
        self._thread.start()

    @property
    def url(self) -> str:
        """The origin to give a client as its base URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def close(self) -> None:
        """Stop serving and wait for the thread to end."""
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._socket.close()

    def wait(self) -> None:
        """Block until the server ends, for running in the foreground."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _request(http: HttpRequest) -> Request:
    """What has come before the body."""
    raw_path: bytes = http.scope.get("raw_path") or http.url.path.encode()
    return Request(
        http.method,
        raw_path.decode("latin-1"),
        http.scope["query_string"].decode("latin-1"),
        {name.lower(): value for name, value in http.headers.items()},
    )


def _allowed(scope: Scope, request: Request, control: Control) -> Control:
    """Who may send a request under ``/_sandbox``: where nobody may drive, this machine may look, as the page does."""
    peer: tuple[str, int] | None = scope.get("client")
    looks = request.method == "GET" and request.path == STATE
    if control is Control.OFF and looks and peer is not None and is_loopback(peer[0]):
        return Control.LOCAL
    return control


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # proto 0 would keep Nagle on
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError):  # the latter for a port that cannot be
        listener.close()
        raise
    return listener
