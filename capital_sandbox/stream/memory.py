"""A connection to the stream without a socket."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from threading import Event
from types import TracebackType
from typing import Any

from .session import Ending
from .streams import Connection, Streams


class StreamClosed(Exception):
    """The connection has ended, and all its frames were read. ``code`` is None if it was cut."""

    def __init__(self, ending: Ending) -> None:
        self.code = ending.code
        super().__init__(f"{'cut' if ending.code is None else ending.code} {ending.reason}".strip())


class MemoryStream:
    """What a WebSocket client would have in its hands: ``send`` and ``receive``."""

    def __init__(self, streams: Streams) -> None:
        if not streams.admits():
            raise ConnectionRefusedError("the sandbox refuses to be connected to")
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
        self.connection.gone(Ending(1000, "closed by the client"))

    def __enter__(self) -> MemoryStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
