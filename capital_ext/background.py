"""What a client has going in the background: threads or tasks that end with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from .errors import InvalidInputError

__all__ = ["Background"]


class Background:
    """All that is going, until it ends or the client is closed. Thread safe."""

    def __init__(self) -> None:
        # Held while something is started and while all is given up: so it is either ended as well, or not started.
        self._lock = threading.Lock()
        self._going: dict[object, tuple[Callable[[], None], Callable[[], Any]]] | None = {}

    @contextmanager
    def starting(self, one: object, end: Callable[[], None], stop: Callable[[], Any]) -> Generator[None]:
        """Around what starts one: it will end with the client.

        Args:
            one: It.
            end: Has it end, and does not wait for that.
            stop: Ends it and waits; to be awaited on the asynchronous side.

        Raises:
            InvalidInputError: The client is closed.
        """
        with self._lock:
            if self._going is None:
                raise InvalidInputError("this client is closed; make a new one")
            yield
            self._going[one] = end, stop  # when it has started, because what is in here can be ended

    def leave(self, one: object) -> None:
        """One has ended by itself; or it has left already."""
        going = self._going
        if going is not None:
            going.pop(one, None)

    def close(self) -> list[Callable[[], Any]]:
        """Have all of it end, and nothing more start. Returns what is to be called to wait for each."""
        with self._lock:
            going, self._going = self._going or {}, None
        all_of_it = list(going.values())  # at once: one that leaves just now may still take itself out
        for end, _ in all_of_it:
            end()
        return [stop for _, stop in all_of_it]
