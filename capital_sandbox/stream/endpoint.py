"""The stream as an ASGI WebSocket."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import Receive, Scope, Send

from ..connections import cut
from ..exchange import NoAnswer
from ..messages import Request, Response
from ..request_log import Outcome
from .endings import HUNG_UP, SLOW
from .streams import PATH, Connection, Streams

LONGEST_MESSAGE = 65_536
"""Bytes of one message from a client."""


async def serve(streams: Streams, scope: Scope, receive: Receive, send: Send) -> None:
    """One connection, from the handshake to its end."""
    await receive()  # the client's wish to connect
    if scope["path"] != PATH:
        await _turn_away(scope, send, Response(404, {}, b""))
        return
    try:
        answer = streams.shake_hands(_request(scope))
    except NoAnswer as fault:
        if fault.outcome is not Outcome.STALLED:
            cut(scope)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    if answer.status != 101:
        await _turn_away(scope, send, answer)
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
        connection.gone(HUNG_UP)
        if listener is not None:
            listener.cancel()


async def _listen(connection: Connection, receive: Receive, woken: asyncio.Event) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            connection.gone(HUNG_UP)
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


def _request(scope: Scope) -> Request:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    texts = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    return Request("GET", scope["path"], scope["query_string"].decode("latin-1"), texts)


async def _turn_away(scope: Scope, send: Send, answer: Response) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})  # becomes 403
        return
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "websocket.http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": answer.body})
