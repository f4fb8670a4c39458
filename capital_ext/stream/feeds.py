"""One topic: what has come of it, whether it is alive, and who is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .frames import Side, quote_of, side_of
from .sequence import Sequence

if TYPE_CHECKING:
    from ..history.candle import Candle
    from .board import Board, Order
    from .connection import Connection
    from .events import Quote, Topic
    from .inbox import Inbox

__all__ = ["CandleFeed", "Feed", "QuoteFeed"]

QUIET = 60.0
"""Seconds without a quote after which the market is looked at."""
GRACE = 20.0
"""Seconds after a candle should have come, after which the history is looked at."""
PATIENCE, LONGEST_RETRY = 900.0, 60.0
"""Seconds for which a history that can't be read is tried again, and at most between two attempts."""
LONGEST = 3600.0
"""Each further look at a market that stays quiet is after twice the time, up to this."""


class Feed(ABC):
    """One topic of a stream. Guarded by the lock of its board."""

    def __init__(self, board: Board, topic: Topic) -> None:
        self.topic = topic
        self.orders: list[Order] = []
        self.connection: Connection | None = None
        self.live = False
        """Whether the server has taken the subscription, on the connection that is open."""
        self.silent = False
        """Whether it brings nothing although the market moves."""
        self.stale_since: datetime | None = None
        """The last sign of life; None while it is alive, or was not yet."""
        self.told_until: datetime | None = None
        """All up to here was told."""
        self.look_at = 0.0
        """When it has to be looked after, by the clock."""
        self.served = 0
        """When it was looked after last, in the order of all."""
        self._board = board
        self._rest = 0.0

    def inboxes(self) -> list[Inbox]:
        """Whom to tell, each once."""
        return list({id(order.inbox): order.inbox for order in self.orders}.values())

    @abstractmethod
    def read(self, payload: Mapping[str, Any]) -> Any:
        """What a frame says, for ``hear``.

        Raises:
            KeyError, TypeError, ValueError, OverflowError, OSError: The payload is none of its kind.
        """

    @abstractmethod
    def hear(self, heard: Any) -> None:
        """A frame of it has come."""

    def go_live(self, now: datetime) -> None:
        """The server has taken the subscription, for the first time or again, by its own time."""
        self.live = True
        self.told_until = self.told_until or now

    @property
    @abstractmethod
    def first_rest(self) -> float:
        """Seconds of silence after which it is looked after."""

    def due(self) -> float | None:
        """When it has to be looked after, by the clock; None for not at all."""
        return self.look_at if self.live else None

    def rest(self, seconds: float) -> None:
        """Nothing need be looked at for so long."""
        self._rest = seconds
        self.look_at = self._board.world.clock() + seconds

    def rest_longer(self) -> None:
        """It was looked at, and is only quiet."""
        self.rest(min(2 * self._rest, LONGEST))


class QuoteFeed(Feed):
    """The quotes of a market."""

    def __init__(self, board: Board, topic: Topic) -> None:
        super().__init__(board, topic)
        self.last: Quote | None = None
        """The newest quote."""
        self.seen: tuple[float | None, float | None] | None = None
        """Bid and offer when the market was last looked at."""

    def read(self, payload: Mapping[str, Any]) -> Quote:
        """A quote."""
        return quote_of(payload)

    def hear(self, heard: Quote) -> None:
        """A quote has come. One that is older than another was late, and says nothing about now."""
        quote, last = heard, self.last
        if (
            last is not None
            and not self.silent
            and quote.time <= last.time
            and (quote.time < last.time or quote == last)
        ):
            self._board.outdated_quotes += 1
            return
        if self.silent:  # whatever it was waiting for, a time far ahead perhaps: this is what is told now
            self._board.speaks_again(self)
        self.last, self.told_until = quote, quote.time
        self.rest(QUIET)
        orders = self.orders
        for inbox in (orders[0].inbox,) if len(orders) == 1 else self.inboxes():
            inbox.put_quote(quote)

    @property
    def first_rest(self) -> float:
        """As long as a market may well be quiet."""
        return QUIET

    def go_live(self, now: datetime) -> None:
        """It is to be looked after."""
        super().go_live(now)
        if not self.silent:
            self.rest(QUIET)


class CandleFeed(Feed):
    """The candles of a market, of one resolution and kind."""

    def __init__(self, board: Board, topic: Topic, after: datetime | None) -> None:
        super().__init__(board, topic)
        self.sequence = Sequence(topic, after)
        self.fetching = False
        """Whether somebody is looking up what is missing."""
        self._again_at = self._failed_at = 0.0
        self._failures = 0

    def read(self, payload: Mapping[str, Any]) -> Side:
        """One side of a candle."""
        return side_of(payload)

    def hear(self, heard: Side) -> None:
        """One side of a candle has come."""
        if self.silent:
            self._board.speaks_again(self)
        self.sequence.frame(heard)
        self._go_on()
        self.rest_until_overdue()

    def go_live(self, now: datetime) -> None:
        """What was missed is in the history."""
        super().go_live(now)
        self.sequence.begin(now)
        self._go_on()
        self.rest_until_overdue()

    @property
    def first_rest(self) -> float:
        """Until a candle is overdue."""
        return self.sequence.length.total_seconds() + GRACE

    def due(self) -> float | None:
        """At once if something is missing."""
        if self.fetching:
            return None
        return self._again_at if self.sequence.hole is not None else super().due()

    def rest_until_overdue(self) -> None:
        """Nothing need be looked at until the next candle should have come."""
        expected = self.sequence.expected_at
        wait = 0.0 if expected is None else (expected - self._board.server_now()).total_seconds()
        self.rest(max(wait, 0.0) + GRACE)

    def patch(self, candles: Iterable[Candle]) -> None:
        """Candles were found in the history."""
        self._give(self.sequence.patched(candles))

    def mended(self) -> None:
        """All that there is was found."""
        self._failures, self._again_at = 0, 0.0
        self.sequence.mended()
        self._go_on()

    def failed(self, *, for_good: bool) -> None:
        """The history could not be read. It is tried again for a while, with all that comes meanwhile held back."""
        clock, hole = self._board.world.clock, self.sequence.hole
        self._failed_at = self._failed_at if self._failures else clock()
        self._failures += 1
        if hole is None or not hole.certain or for_good or clock() - self._failed_at > PATIENCE:
            self._failures, self._again_at = 0, 0.0
            self.skip()
            self.rest_longer()
        else:
            self._again_at = clock() + min(2.0**self._failures, LONGEST_RETRY)

    def skip(self) -> None:
        """What is missing can't be had, or is not wanted."""
        hole = self.sequence.hole
        if hole is not None and not hole.certain:
            self.sequence.hole = None
        elif hole is not None:
            start, end = self.sequence.skipped(self._board.server_now())
            if start < end:
                self._board.missed(self.topic, start, end)
        self._go_on()

    def _go_on(self) -> None:
        self._give(self.sequence.given())
        if self.sequence.hole is None or self.fetching:
            return
        if self._board.fill:
            self._board.errands.ring()
        else:
            self.skip()

    def _give(self, candles: list[Candle]) -> None:
        for candle in candles:
            self.told_until = candle.time + self.sequence.length
            for inbox in self.inboxes():
                inbox.put(candle)
