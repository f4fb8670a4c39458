"""The WebSocket, for threads and for tasks: two steps, to connect and to talk until it is over.

This is all that is there twice. What is said, and what is made of what is heard, is the connection's matter.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any, cast

import httpx

from ..errors import NotSentError
from ..extras import extra
from .connection import Connection
from .wake import Nap

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.client import ClientConnection as AsyncSocket
    from websockets.sync.client import ClientConnection as Socket

__all__ = ["Connecting", "Talking", "require_websockets"]

CONNECT_WITHIN = 10.0
CLOSE_WITHIN = 1.0
"""Seconds that the end of a connection waits for the other side's: nobody needs it."""
IN_A_ROW = 50
"""Frames that are taken before other tasks have their turn."""

_silent = logging.Logger("capital_ext.websockets", logging.CRITICAL + 1)  # noqa: LOG001
"""websockets logs every frame at DEBUG, and ours hold the session's tokens: it gets a logger of no hierarchy, that says
nothing."""

_OPTIONS: dict[str, Any] = {
    "open_timeout": CONNECT_WITHIN,
    "close_timeout": CLOSE_WITHIN,
    "ping_interval": None,  # the API has pings of its own
    "compression": None,  # frames are small and many
    "max_queue": 64,
    "logger": _silent,
}


class Connecting:
    """A step: get a socket to an address. Raises NotSentError when there is none to be had."""

    def __init__(self, address: str) -> None:
        self.socket: Socket | AsyncSocket | None = None
        """What came of it."""
        self._address = address
        self._begun: Socket | None = None

    def wait(self) -> None:
        """On a thread."""
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import ClientConnection, connect

        def begin(*args: Any, **kwargs: Any) -> ClientConnection:
            self._begun = ClientConnection(*args, **kwargs)
            try:
                self._require_same_place(self._begun)
            except OSError:
                self._begun.socket.close()
                raise
            return self._begun

        options: dict[str, Any] = {**_OPTIONS, "create_connection": begin}
        try:
            # Talking closes what is entered here.
            self.socket = cast("Any", connect(self._address, **options)).__enter__()
        except (OSError, WebSocketException, ValueError, ImportError) as error:
            raise _no_connection(error) from None

    def give_up(self) -> None:
        """Don't wait any longer for a server that does not answer. For threads; a task is cancelled."""
        begun = self._begun
        if begun is not None and self.socket is None:
            with suppress(OSError):
                begun.socket.shutdown(SHUT_RDWR)

    async def wait_async(self) -> None:
        """In a task."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        class ConnectHere(connect):
            def process_redirect(self, exc: Exception) -> Exception:
                return exc  # as below

        try:
            self.socket = await ConnectHere(self._address, **_OPTIONS)
        except (OSError, WebSocketException, ValueError, ImportError) as error:
            raise _no_connection(error) from None

    def _require_same_place(self, begun: Socket) -> None:
        """The library follows redirects. The tokens don't."""
        told, wanted = begun.protocol.uri, httpx.URL(self._address)
        if (told.host, told.port) != (wanted.host, wanted.port or (443 if wanted.scheme == "wss" else 80)):
            raise ConnectionRefusedError("redirected to another host")


class Talking:
    """A step: bring frames in and take messages out until the connection is over.

    One half listens, the other speaks; the end of either is the end of both.
    """

    def __init__(self, connection: Connection, connected: Connecting, real: Callable[[float], float]) -> None:
        self._connection = connection
        self._socket: Any = connected.socket
        self._real = real
        self._mistake: Exception | None = None

    def wait(self) -> None:
        """On a thread; a second one speaks."""
        import threading

        speaker = threading.Thread(target=self._speak, name=f"{threading.current_thread().name}-speaker", daemon=True)
        speaker.start()
        try:
            self._listen()
        finally:
            self._connection.lost("the listener stopped")
            self._socket.close()
            speaker.join()
        if self._mistake is not None:
            raise self._mistake

    def _listen(self) -> None:
        from websockets.exceptions import WebSocketException

        hear, receive = self._connection.hear, self._socket.recv
        try:
            while True:
                hear(receive())
        except (OSError, WebSocketException) as error:
            self._connection.lost(_ending(error))

    def _speak(self) -> None:
        from websockets.exceptions import WebSocketException

        try:
            while (texts := self._connection.say()) is not None:
                for text in texts:
                    self._socket.send(text)
                self._nap().wait()
        except (OSError, WebSocketException):
            pass  # the listener meets the same, and says so
        except Exception as error:  # of this library: raised where the listener ends
            self._mistake = error
        finally:
            self._socket.close()

    async def wait_async(self) -> None:
        """In a task; a second one speaks."""
        import asyncio

        listener = asyncio.current_task()
        name = listener.get_name() if listener else "capital_ext-stream"
        speaker = asyncio.create_task(self._speak_async(), name=f"{name}-speaker")
        try:
            await self._listen_async()
        finally:
            self._connection.lost("the listener stopped")
            speaker.cancel()
            await asyncio.gather(speaker, return_exceptions=True)
            await self._socket.close()
        if self._mistake is not None:
            raise self._mistake

    async def _listen_async(self) -> None:
        import asyncio

        from websockets.exceptions import WebSocketException

        hear, receive = self._connection.hear, self._socket.recv
        try:
            while True:
                for _ in range(IN_A_ROW):
                    hear(await receive())
                await asyncio.sleep(0)  # while frames are there already, receiving lets nobody else have a turn
        except (OSError, WebSocketException) as error:
            self._connection.lost(_ending(error))

    async def _speak_async(self) -> None:
        from websockets.exceptions import WebSocketException

        try:
            while (texts := self._connection.say()) is not None:
                for text in texts:
                    await self._socket.send(text)
                await self._nap().wait_async()
        except (OSError, WebSocketException):
            pass  # as above
        except Exception as error:
            self._mistake = error
        finally:
            await self._socket.close()

    def _nap(self) -> Nap:
        return Nap(self._connection.wake, self._real(self._connection.next_look()))


def require_websockets() -> None:
    """See that the library is there before anything is begun.

    Raises:
        InvalidInputError: It is not installed.
    """
    with extra("websockets", "stream"):
        import websockets  # noqa: F401  # pyright: ignore[reportUnusedImport]


def _no_connection(error: Exception) -> NotSentError:
    status = getattr(getattr(error, "response", None), "status_code", None)
    told = f"answered with {status}" if isinstance(status, int) else type(error).__name__
    return NotSentError(f"the stream could not be connected ({told})")


def _ending(error: Exception) -> str:
    """How it ended, in words. A close frame's reason is the server's to choose, so it is not repeated."""
    received = getattr(error, "rcvd", None)
    return type(error).__name__ if received is None else f"closed with {received.code}"
