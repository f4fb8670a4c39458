"""Reaching a sandbox from httpx inside one process, with no socket in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .dates import dated
from .exchange import NoAnswer
from .messages import Request
from .request_log import Outcome

if TYPE_CHECKING:
    from .sandbox import Sandbox


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Serves both kinds of httpx client; give it as ``transport=`` together with any ``base_url``."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request of an ``httpx.Client``."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request of an ``httpx.AsyncClient``."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            response = self._sandbox.handle(Request(request.method, path, query, headers, body))
        except NoAnswer as fault:
            raise _error(fault.outcome, request) from None
        headers = dated(response, self._sandbox.clock.now())
        return httpx.Response(response.status, headers=headers, content=response.body)


def _error(outcome: Outcome, request: httpx.Request) -> httpx.TransportError:
    """What httpx raises when the same happens on a socket."""
    if outcome is Outcome.REFUSED:
        return httpx.ConnectError("Connection refused", request=request)
    if outcome is Outcome.STALLED:
        return httpx.ReadTimeout("timed out", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
