"""Reaching a sandbox from httpx inside one process, with no socket in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .messages import Request, Response

if TYPE_CHECKING:
    from .sandbox import Sandbox


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Serves both kinds of httpx client; give it as ``transport=`` together with any ``base_url``."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request of an ``httpx.Client``."""
        return _from_sandbox(self._sandbox.handle(_to_sandbox(request, request.read())))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request of an ``httpx.AsyncClient``."""
        return _from_sandbox(self._sandbox.handle(_to_sandbox(request, await request.aread())))


def _to_sandbox(request: httpx.Request, body: bytes) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, body)


def _from_sandbox(response: Response) -> httpx.Response:
    return httpx.Response(response.status, headers=dict(response.headers), content=response.body)
