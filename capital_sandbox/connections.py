"""Acting out, on real connections, the faults that leave a client without an answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, Final

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .exchange import NoAnswer
from .request_log import Outcome

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

_CONNECTION: Final = "capital_sandbox.connection"
_NO_LINGERING = struct.pack("ii", 1, 0)


class Connection(H11Protocol):
    """uvicorn's connection, which tells the application who it is, so that a fault can break it."""

    _stalled = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by asyncio."""
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, _CONNECTION: self}

    def shutdown(self) -> None:
        """Called by uvicorn when the server closes, which has no reason to wait for a stalled answer."""
        super().shutdown()
        if self._stalled:
            self.transport.abort()

    def fail(self, outcome: Outcome) -> None:
        """Break the connection, or say nothing on it any more."""
        if outcome is Outcome.STALLED:
            self._stalled = True
            return
        if outcome is Outcome.REFUSED:  # closed so, it is reset: as near to a refusal as one can come after accepting
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self.transport.abort()


class StreamConnection(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket. A handshake that was answered with another status, or that nobody waits for any more, is
    over: uvicorn itself would complain that the application has left it unfinished."""

    async def send(self, message: ASGISendEvent) -> None:
        """Called by the application."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body":  # which is sent in one piece
            self.handshake_complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        super().connection_lost(exc)
        self.handshake_complete = True


async def act_out(fault: NoAnswer, scope: Scope, receive: Receive) -> None:
    """Do to the client what a fault says, and return when it is gone."""
    connection = scope.get("state", {}).get(_CONNECTION)
    if isinstance(connection, Connection):
        connection.fail(fault.outcome)
    elif fault.outcome is not Outcome.STALLED:
        raise fault  # some other server: it knows best how to fail
    while (await receive())["type"] != "http.disconnect":
        pass


def cut(scope: Scope) -> None:
    """End the connection of a request or a WebSocket at once, whatever there is still to send on it."""
    connection = scope.get("state", {}).get(_CONNECTION)
    if isinstance(connection, Connection):
        connection.transport.abort()
