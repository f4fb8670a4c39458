"""The stream as an ASGI WebSocket."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from ..connections import cut
from .session import SLOW, Ending
from .streams import Connection, Streams

PATH = "/connect"
LONGEST_MESSAGE = 65_536
"""Bytes of one message from a client."""
_HUNG_UP = Ending(1000, "closed by the client")


async def serve(streams: Streams, scope: Scope, receive: Receive, send: Send) -> None:
    """One connection, from the handshake to its end."""
    await receive()  # the client's wish to connect
    if scope["path"] != PATH:
        await _turn_away(scope, send, 404)
        return
    if not streams.admits():
        await _turn_away(scope, send, 503)
        return
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the server has stopped in the meantime
            loop.call_soon_threadsafe(woken.set)

    connection = streams.connect(wake)
    listener: asyncio.Task[None] | None = None
    try:
        await send({"type": "websocket.accept"})
        listener = asyncio.create_task(_listen(connection, receive, woken))
        await _talk(connection, send, woken, streams.settings.patience)
        ending = connection.ending
        if ending is SLOW:
            cut(scope)  # without waiting for it to take what was sent already
        elif ending is not None and ending.code is not None and not listener.done():
            await send({"type": "websocket.close", "code": ending.code, "reason": ending.reason})
    except OSError:  # the client is gone
        pass
    finally:
        # Returning without a close frame cuts the line.
        connection.gone(_HUNG_UP)
        if listener is not None:
            listener.cancel()


async def _listen(connection: Connection, receive: Receive, woken: asyncio.Event) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            connection.gone(_HUNG_UP)
            woken.set()
            return
        text = message.get("text")
        connection.feed(message["bytes"].decode(errors="replace") if text is None else text)
        woken.set()


async def _talk(connection: Connection, send: Send, woken: asyncio.Event, patience: float) -> None:
    while True:
        woken.clear()
        frames = connection.take()
        try:
            async with asyncio.timeout(patience):
                for frame in frames:
                    await send({"type": "websocket.send", "text": frame})
        except TimeoutError:
            connection.gone(SLOW)
        if connection.ending is not None:
            return
        pause = 0.0 if frames else connection.real_seconds()
        if pause == 0:
            await asyncio.sleep(0)  # sending alone lets nobody else have a turn
            continue
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await woken.wait()


async def _turn_away(scope: Scope, send: Send, status: int) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})  # becomes 403
        return
    await send({"type": "websocket.http.response.start", "status": status, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})
