"""Waking whoever waits, be it a thread or a task, as often as needed."""

from __future__ import annotations

import threading

from attrs import frozen

from ..waiting import Bell

__all__ = ["Nap", "Wake"]


class Wake:
    """Ends the nap of one thread or task; the next one, if none is being taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung = False
        self._bell: Bell | None = None

    def ring(self) -> None:
        """End the nap."""
        with self._lock:
            self._rung = True
            bell, self._bell = self._bell, None
        if bell is not None:
            bell.ring()

    def bell(self, patience: float) -> Bell | None:
        """What to wait for; None if it has been rung since the last time."""
        with self._lock:
            if self._rung:
                self._rung = False
                return None
            self._bell = Bell(patience)
            return self._bell

    def over(self) -> None:
        """The nap is over, however it ended: it need not be rung for it any more."""
        with self._lock:
            self._bell, self._rung = None, False


@frozen
class Nap:
    """A step that takes time, unless it is ended before."""

    wake: Wake
    seconds: float
    """Real ones, at most."""

    def wait(self) -> None:
        """On a thread."""
        bell = self.wake.bell(self.seconds)
        if bell is not None:
            bell.wait()
            self.wake.over()

    async def wait_async(self) -> None:
        """In a task."""
        bell = self.wake.bell(self.seconds)
        if bell is not None:
            await bell.wait_async()
            self.wake.over()
