"""Events that wait for one consumer: bounded, whatever the consumer does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from itertools import count
from typing import Literal, TypeAlias

from ..errors import CapitalError, SlowConsumerError
from .events import Quote, StreamEvent

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
        self._others: deque[tuple[int, StreamEvent | CapitalError]] = deque()
        self._failure: CapitalError | None = None
        self._left_out: tuple[int, int] | None = None  # where in the line, and how many
        self._waiting: list[Callable[[], object]] = []

    def __len__(self) -> int:
        return len(self._quotes) + len(self._others)

    def put_quote(self, quote: Quote) -> None:
        """Add a quote, or make room by the rule of this inbox."""
        quotes = self._quotes
        if len(quotes) >= self._limit:
            if self._overflow == "raise":
                self.dropped += 1
                at, left_out = self._left_out or (next(self._numbers), 0)
                self._left_out = at, left_out + 1
                self._ring()
                return
            self._make_room()
        quotes.append((next(self._numbers), quote))
        if self._waiting:
            self._ring()

    def put(self, event: StreamEvent | CapitalError) -> None:
        """Add anything else. An error is raised where the consumer comes upon it; what follows can be taken after."""
        self._others.append((next(self._numbers), event))
        self._ring()

    def end(self, failure: CapitalError | None = None) -> None:
        """Nothing more will come; with a failure, that is raised when all the rest was taken, and ever after."""
        self.ended, self._failure = True, failure
        self._ring()

    def take(self) -> StreamEvent | None:
        """The oldest event; None when there is none.

        Raises:
            CapitalError: What went wrong at this point.
        """
        quotes, others = self._quotes, self._others
        other = others[0][0] if others else None
        if self._left_out is not None and not (quotes and quotes[0][0] < self._left_out[0]):
            at, left_out = self._left_out
            if other is None or at < other:
                self._left_out = None
                raise SlowConsumerError(left_out)
        if quotes and (other is None or quotes[0][0] < other):
            return quotes.popleft()[1]
        if others:
            event = others.popleft()[1]
            if isinstance(event, CapitalError):
                raise event
            return event
        if self._failure is not None:
            # One object can't be raised in two places at once.
            raise copy(self._failure) from self._failure.__cause__
        return None

    def share(
        self,
        other: Inbox,
        theirs: Callable[[StreamEvent | CapitalError], StreamEvent | CapitalError | None],
        mine: Callable[[StreamEvent | CapitalError], StreamEvent | CapitalError | None],
    ) -> None:
        """Give another inbox, which is still empty, its part of what waits, and keep what is left."""
        quotes, others = self._quotes, self._others
        other._quotes = deque((number, quote) for number, quote in quotes if theirs(quote))
        self._quotes = deque((number, quote) for number, quote in quotes if mine(quote))
        other._others = deque((number, part) for number, event in others if (part := theirs(event)) is not None)
        self._others = deque((number, part) for number, event in others if (part := mine(event)) is not None)
        other._numbers = count(next(self._numbers))

    def wait_with(self, ring: Callable[[], object]) -> None:
        """Have a function called once, as soon as there may be something to take."""
        self._waiting.append(ring)

    def forget(self, ring: Callable[[], object]) -> None:
        """Nobody waits there any more."""
        with suppress(ValueError):  # it was called
            self._waiting.remove(ring)

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
