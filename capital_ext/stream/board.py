"""The state of a stream: who wants what, over which connections it comes, and what has to be looked up meanwhile.

Nothing in here sends, receives or waits. Connections bring frames in and take messages out; consumers take events; and
one worker at a time does what takes calls of the API (`errand`). All of it goes on at once, in threads or in tasks,
under one lock that is never held while anything is waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from attrs import evolve

from ..auth import CapitalAuth
from ..errors import CapitalError, InvalidInputError, SubscriptionRefusedError
from ..logs import log
from .connection import Connection
from .events import Gap, Quote, Reconnected, Stale, StreamEvent, Topic
from .feeds import CandleFeed, Feed, QuoteFeed
from .frames import MOST_EPICS
from .inbox import Inbox, Overflow
from .wake import Wake

if TYPE_CHECKING:
    from typing import Literal

    from ..policy import World

__all__ = ["Board", "Order"]


class Order:
    """One call of ``quotes`` or ``candles``: its topics, and where their events go."""

    def __init__(self, topics: tuple[Topic, ...], inbox: Inbox) -> None:
        self.topics = topics
        self.inbox = inbox
        self.active = True


class Board:
    """All of it, for one stream."""

    def __init__(
        self, auth: CapitalAuth, base_url: str, world: World, *, limit: int, overflow: Overflow, fill: bool
    ) -> None:
        self.lock = threading.RLock()
        self.auth = auth
        self.base_url = base_url
        self.world = world
        self.fill = fill
        """Whether candles that were missed are fetched from the history."""
        self.inbox = Inbox(limit, overflow)
        """Of the stream as a whole: what nobody takes from a subscription of its own."""
        self.connections: list[Connection] = []
        self.closed = False
        self.failure: CapitalError | None = None
        self.odd_frames = 0
        """Frames that could not be read."""
        self.outdated_quotes = 0
        """Quotes that came twice, or after newer ones."""
        self._told: tuple[datetime, float] | None = None  # the server's time, and what our clock showed then
        self._doubt = timedelta()
        self.errands = Wake()
        """Rung when there may be something to look up."""
        self.open_connection: Callable[[Connection], object] = lambda connection: None
        """Starts a connection that is needed."""
        self._limit = limit
        self._overflow: Overflow = overflow
        self._feeds: dict[Topic, Feed] = {}
        self._served = count(1)
        self._inboxes: list[Inbox] = [self.inbox]

    # --- consumers ----------------------------------------------------------------------------------------------------

    def order(self, topics: tuple[Topic, ...], after: datetime | None) -> Order:
        """Subscribe to topics, for the stream's own inbox.

        Raises:
            InvalidInputError: It is closed; or candles are to begin earlier that are on their way already.
        """
        with self.lock:
            if self.closed:
                raise InvalidInputError("this stream is closed; open a new one")
            if after is not None and (there := next((topic for topic in topics if topic in self._feeds), None)):
                raise InvalidInputError(f"{there} is subscribed to already, and can't begin anew: leave out after=")
            order = Order(topics, self.inbox)
            for topic in topics:
                feed = self._feeds.get(topic)
                if feed is None:
                    feed = self._feeds[topic] = self._new_feed(topic, after)
                    self._place(feed)
                feed.orders.append(order)
            return order

    def claim(self, order: Order) -> Inbox:
        """Give an order an inbox of its own, with what waits for it already."""
        with self.lock:
            if order.inbox is not self.inbox:
                return order.inbox
            inbox = Inbox(self._limit, self._overflow)
            wanted = frozenset(order.topics)
            elsewhere = frozenset(
                topic
                for topic in wanted
                if (feed := self._feeds.get(topic)) is not None
                and any(other is not order and other.inbox is self.inbox for other in feed.orders)
            )
            self.inbox.share(
                inbox,
                lambda event: _part(event, lambda topic: topic in wanted),
                lambda event: _part(event, lambda topic: topic not in wanted or topic in elsewhere),
            )
            order.inbox = inbox
            if self.closed or not order.active:
                inbox.end(self.failure)
            else:
                self._inboxes.append(inbox)
            return inbox

    def cancel(self, order: Order) -> None:
        """End an order. What nobody else wants is unsubscribed."""
        with self.lock:
            if not order.active:
                return
            order.active = False
            for topic in order.topics:
                feed = self._feeds.get(topic)
                if feed is not None and order in feed.orders:
                    feed.orders.remove(order)
                    if not feed.orders:
                        self._remove(feed)
            if order.inbox is not self.inbox:
                order.inbox.end()
                self._inboxes.remove(order.inbox)

    def is_live(self, order: Order) -> bool:
        """Whether all of an order is in force and up to date."""
        with self.lock:
            feeds = [self._feeds.get(topic) for topic in order.topics]
            return order.active and all(feed and feed.live and feed.stale_since is None for feed in feeds)

    def end(self, failure: CapitalError | None = None) -> None:
        """Nothing more is wanted, or nothing more can be had."""
        with self.lock:
            if self.closed:
                return
            self.closed, self.failure = True, failure
            for inbox in self._inboxes:
                inbox.end(failure)
            for connection in self.connections:
                connection.hang_up("closed")
            self.errands.ring()

    def tell(self, topics: Iterable[Topic], event_for: Callable[[tuple[Topic, ...]], StreamEvent]) -> None:
        """Tell all who want some of these topics what concerns them, each once."""
        concerned: dict[int, tuple[Inbox, list[Topic]]] = {}
        for topic in topics:
            feed = self._feeds.get(topic)
            for inbox in feed.inboxes() if feed else ():
                concerned.setdefault(id(inbox), (inbox, []))[1].append(topic)
        for inbox, some in concerned.values():
            inbox.put(event_for(tuple(some)))

    def topics(self) -> tuple[Topic, ...]:
        """What is subscribed to."""
        return tuple(self._feeds)

    # --- connections --------------------------------------------------------------------------------------------------

    def turn_of(self, connection: Connection) -> bool:
        """Whether it may be opened: one after the other, lest the server lets in the last rather than the first."""
        first = next((each for each in self.connections if each.wanted and not each.welcome), None)
        return connection.welcome or first is connection

    def next_connection(self) -> None:
        """One was let in, or is not wanted any more."""
        for each in self.connections:
            each.paused.ring()

    def went_live(self, topics: Sequence[Topic]) -> None:
        """The server has taken these subscriptions."""
        now = self.server_now()
        feeds = [feed for topic in topics if (feed := self._feeds.get(topic)) is not None]
        self._welcome([feed for feed in feeds if not feed.silent], now)
        for feed in feeds:
            feed.go_live(now)
        self.errands.ring()

    def went_down(self, topics: Sequence[Topic]) -> None:
        """Their connection is lost."""
        feeds = [feed for topic in topics if (feed := self._feeds.get(topic)) is not None]
        self._warn([feed for feed in feeds if feed.live], "disconnected")
        for feed in feeds:
            feed.live = feed.silent = False

    def not_connected(self, topics: Sequence[Topic]) -> None:
        """There is no connection to be had for them at present."""
        with self.lock:
            self._warn([feed for topic in topics if (feed := self._feeds.get(topic)) is not None], "disconnected")

    def went_silent(self, feed: Feed) -> None:
        """The market moves, and nothing comes of it."""
        self._warn([feed], "silent")
        feed.silent = True

    def speaks_again(self, feed: Feed) -> None:
        """A frame has come of what was silent."""
        feed.silent = False
        self._welcome([feed], self.server_now())

    def _warn(self, feeds: Sequence[Feed], reason: Literal["disconnected", "silent"]) -> None:
        """Say what is out of date, to those to whom it is news."""
        now = self.server_now()
        news = [feed for feed in feeds if feed.stale_since is None]
        for feed in news:
            feed.stale_since = feed.told_until or now
        since = {feed.topic: feed.stale_since or now for feed in news}
        self.tell(since, lambda some: Stale(some, reason, min(since[topic] for topic in some)))

    def _welcome(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Say what is up to date again, and what was missed for good."""
        since = {feed.topic: feed.stale_since for feed in feeds if feed.stale_since is not None}
        self.tell(since, lambda some: Reconnected(some, min(since[topic] for topic in some), now))
        latest = now + self._doubt  # a gap may be told too long, but not too short
        for feed in feeds:
            start, feed.stale_since = feed.stale_since, None
            if start is not None and feed.topic.resolution is None:  # candles are in the history, quotes are not
                self.missed(feed.topic, start, latest)
                feed.told_until = latest

    def refused(self, topic: Topic, error_code: str | None) -> None:
        """The server does not take this subscription. Its consumers are told; all others go on."""
        feed = self._feeds.get(topic)
        if feed is None:
            return
        log.info("the stream refused %s: %s", topic, error_code)
        for inbox in feed.inboxes():
            inbox.put(SubscriptionRefusedError(topic, error_code))
        orders = list(feed.orders)
        feed.orders.clear()
        self._remove(feed, asked=False)
        for order in orders:
            if not any(self._wanted_by(order)):
                order.active = False
                if order.inbox is not self.inbox:
                    order.inbox.end()
                    self._inboxes.remove(order.inbox)

    def give_up(self, connection: Connection, error_code: str | None) -> None:
        """The server does not let this connection in."""
        for topic in connection.topics():
            self.refused(topic, error_code)

    def missed(self, topic: Topic, start: datetime, end: datetime) -> None:
        """Something of a topic is lost for good."""
        self.tell([topic], lambda _: Gap(topic, start, end))

    # --- looking things up --------------------------------------------------------------------------------------------

    def next_errand(self) -> tuple[Feed | None, float | None]:
        """The feed that has to be looked after now and waits for it the longest; else the seconds until one has to be.

        None for never.
        """
        with self.lock:
            now = self.world.clock()
            dues = [(due, feed) for feed in self._feeds.values() if (due := feed.due()) is not None]
            waiting = [feed for due, feed in dues if due <= now]
            if waiting:
                feed = min(waiting, key=lambda feed: feed.served)
                feed.served = next(self._served)
                return feed, None
            return None, min((due - now for due, _ in dues), default=None)

    def again(self, feed: Feed) -> None:
        """Subscribe anew to a topic that fell silent."""
        if feed.connection is not None:
            feed.connection.subscribe_again(feed.topic)

    def server_now(self) -> datetime:
        """The server's time; it may be later by ``_doubt``."""
        if self._told is None:
            return self.world.now()
        told, at = self._told
        return told + timedelta(seconds=self.world.clock() - at)  # not by the time of this machine, which can be set

    def set_clock(self, told: datetime, before: float, after: float) -> None:
        """What time it was at the server at some moment between two of our clock."""
        self._told, self._doubt = (told, after), timedelta(seconds=after - before)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _new_feed(self, topic: Topic, after: datetime | None) -> Feed:
        if topic.resolution is None:
            return QuoteFeed(self, topic)
        return CandleFeed(self, topic, after)

    def _place(self, feed: Feed) -> None:
        """Find a connection for a topic: one that has its market already, or room for one more."""
        epic = feed.topic.epic
        places = [each for each in self.connections if each.wanted]
        connection = next((each for each in places if epic in each.epics()), None) or next(
            (each for each in places if len(each.epics()) < MOST_EPICS), None
        )
        if connection is not None:
            connection.add(feed)
            return
        connection = Connection(self, sum(each.wanted for each in self.connections) + 1)
        self.connections.append(connection)
        connection.add(feed)
        self.open_connection(connection)

    def _remove(self, feed: Feed, *, asked: bool = True) -> None:
        del self._feeds[feed.topic]
        connection = feed.connection
        if connection is not None:
            connection.remove(feed, tell=asked)
            if not connection.wanted and connection in self.connections:
                self.connections.remove(connection)
                self.next_connection()

    def _wanted_by(self, order: Order) -> Iterable[bool]:
        return ((feed := self._feeds.get(topic)) is not None and order in feed.orders for topic in order.topics)


def _part(event: StreamEvent | CapitalError, wanted: Callable[[Topic], bool]) -> StreamEvent | CapitalError | None:
    """What of an event is about topics that are wanted; None if nothing is."""
    if isinstance(event, (Stale, Reconnected)):
        topics = tuple(filter(wanted, event.topics))
        return evolve(event, topics=topics) if topics else None
    if isinstance(event, Quote):
        topic = Topic(event.epic)
    elif isinstance(event, (Gap, SubscriptionRefusedError)):
        topic = event.topic
    elif isinstance(event, CapitalError):
        return None
    else:
        topic = Topic(event.epic, event.resolution, event.kind)
    return event if wanted(topic) else None
