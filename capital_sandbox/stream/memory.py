"""A connection to the stream without a socket."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from threading import Event
from types import TracebackType
from typing import Any

from ..exchange import NoAnswer
from ..messages import Request
from ..request_log import Outcome
from .endings import HUNG_UP, Ending
from .streams import PATH, Connection, Streams


class StreamClosed(Exception):
    """The connection has ended, and all its frames were read. ``code`` is None if it was cut."""

    def __init__(self, ending: Ending) -> None:
        self.code = ending.code
        super().__init__(f"{'' if ending.code is None else ending.code} {ending.reason}".strip())


class MemoryStream:
    """What a WebSocket client would have in its hands: ``send`` and ``receive``.

    Raises:
        ConnectionRefusedError: The handshake was answered with another status than 101, or a fault refused it.
        ConnectionResetError: A fault broke the line.
        TimeoutError: A fault left the handshake without an answer.
    """

    def __init__(self, streams: Streams) -> None:
        _connect(streams)
        self._woken = Event()
        self._waiting: deque[str] = deque()
        self.connection: Connection = streams.connect(self._woken.set)
        """The other end of it."""

    def send(self, message: str | Mapping[str, Any]) -> None:
        """Say something, as text or as what becomes JSON."""
        if self.connection.ending is not None:
            raise StreamClosed(self.connection.ending)
        self.connection.feed(message if isinstance(message, str) else json.dumps(message))

    def receive(self, timeout: float | None = 0.0) -> str | None:
        """The next frame; None when none has come within so many real seconds, with None waits for ever.

        ``StreamClosed`` tells the end.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            self._woken.clear()
            if not self._waiting:
                self._waiting.extend(self.connection.take(1))
            if self._waiting:
                return self._waiting.popleft()
            ending = self.connection.ending
            if ending is not None:
                self.connection.gone(ending)
                raise StreamClosed(ending)
            pause = self.connection.real_seconds()
            if pause == 0:
                continue
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return None
            self._woken.wait(min((each for each in (pause, left) if each is not None), default=None))

    def __iter__(self) -> Iterator[str]:
        """The frames that are due now; ends at the end of the connection as well."""
        while True:
            try:
                frame = self.receive()
            except StreamClosed:
                return
            if frame is None:
                return
            yield frame

    def close(self) -> None:
        """Hang up."""
        self.connection.gone(HUNG_UP)

    def __enter__(self) -> MemoryStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_FAILURES: Mapping[Outcome, type[OSError]] = {
    Outcome.REFUSED: ConnectionRefusedError,
    Outcome.DROPPED: ConnectionResetError,
    Outcome.LOST: ConnectionResetError,
    Outcome.STALLED: TimeoutError,
}


def _connect(streams: Streams) -> None:
    try:
        response = streams.shake_hands(Request("GET", PATH))
    except NoAnswer as fault:
        raise _FAILURES[fault.outcome](str(fault)) from None
    if response.status != 101:
        raise ConnectionRefusedError(f"the handshake was answered with {response.status}")
