"""Events that wait for one consumer: bounded, whatever the consumer does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from copy import copy
from itertools import count
from typing import Literal, TypeAlias

from ..errors import CapitalError, SlowConsumerError
from .events import Event, Quote

__all__ = ["Inbox", "Overflow"]

Overflow: TypeAlias = Literal["latest", "oldest", "raise"]
"""What is done about quotes that nobody takes in time."""


class Inbox:
    """A line of events, oldest first. Guarded by the lock of its stream.

    Only quotes are ever left out. Candles and notices, of which there are few, wait for as long as it takes.
    """

    def __init__(self, limit: int, overflow: Overflow) -> None:
        self.dropped = 0
        """Quotes that were left out because the consumer was too slow."""
        self.ended = False
        """Whether nothing more will come."""
        self._limit = limit
        self._overflow: Overflow = overflow
        self._numbers = count()
        self._quotes: deque[tuple[int, Quote]] = deque()
        self._others: deque[tuple[int, Event | CapitalError]] = deque()
        self._failure: CapitalError | None = None
        self._untold = 0
        self._waiting: list[Callable[[], object]] = []

    def __len__(self) -> int:
        return len(self._quotes) + len(self._others)

    def put_quote(self, quote: Quote) -> None:
        """Add a quote, or make room by the rule of this inbox."""
        quotes = self._quotes
        if len(quotes) >= self._limit:
            if self._overflow == "raise":
                self.dropped += 1
                self._untold += 1
                self._ring()
                return
            self._make_room()
        quotes.append((next(self._numbers), quote))
        if self._waiting:
            self._ring()

    def put(self, event: Event | CapitalError) -> None:
        """Add anything else. An error is raised where the consumer comes upon it; what follows can be taken after."""
        self._others.append((next(self._numbers), event))
        self._ring()

    def end(self, failure: CapitalError | None = None) -> None:
        """Nothing more will come; with a failure, that is raised when all the rest was taken, and ever after."""
        self.ended, self._failure = True, failure
        self._ring()

    def take(self) -> Event | None:
        """The oldest event; None when there is none.

        Raises:
            CapitalError: What went wrong at this point.
        """
        quotes, others = self._quotes, self._others
        if self._untold:
            left_out, self._untold = self._untold, 0
            raise SlowConsumerError(left_out)
        if quotes and not (others and others[0][0] < quotes[0][0]):
            return quotes.popleft()[1]
        if others:
            event = others.popleft()[1]
            if isinstance(event, CapitalError):
                raise event
            return event
        if self._failure is not None:
            raise copy(self._failure) from self._failure.__cause__  # one object can't be raised in two places at once
        return None

    def move(self, wanted: Callable[[Event], bool], other: Inbox) -> None:
        """Hand over to another inbox, which is still empty, what belongs there."""
        mine, theirs = deque[tuple[int, Quote]](), deque[tuple[int, Quote]]()
        for item in self._quotes:
            (theirs if wanted(item[1]) else mine).append(item)
        self._quotes, other._quotes = mine, theirs
        my_others, their_others = deque[tuple[int, Event | CapitalError]](), deque[tuple[int, Event | CapitalError]]()
        for entry in self._others:
            moves = not isinstance(entry[1], CapitalError) and wanted(entry[1])
            (their_others if moves else my_others).append(entry)
        self._others, other._others = my_others, their_others
        other._numbers = count(next(self._numbers))

    def wait_with(self, ring: Callable[[], object]) -> None:
        """Have a function called once, as soon as there may be something to take."""
        self._waiting.append(ring)

    def _ring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for ring in waiting:
            ring()

    def _make_room(self) -> None:
        quotes = self._quotes
        before = len(quotes)
        if self._overflow == "latest":
            newest = {quote.epic: number for number, quote in quotes}
            kept = [item for item in quotes if newest[item[1].epic] == item[0]]
            quotes.clear()
            quotes.extend(kept)
        while len(quotes) >= self._limit:
            quotes.popleft()
        self.dropped += before - len(quotes)
