"""One connection of a stream, without any I/O: what is said on it, what is heard, and when it is over.

Whoever has the socket calls ``open`` when it is there, ``hear`` with every frame, ``say`` whenever it is woken or
``next_look`` has come, and ``lost`` when it is gone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from attrs import define, frozen

from ..errors import DEAD_SESSION
from ..logs import log
from .events import Topic
from .frames import Tokens, error_code, mark_of, message, read, refusals, subscribe
from .wake import Wake

if TYPE_CHECKING:
    from .board import Board
    from .feeds import Feed

__all__ = ["Connection"]

PING_EVERY = 30.0
"""Seconds. The API wants one in ten minutes; a proxy before it was seen to cut lines that were idle for a minute."""
ANSWER_WITHIN = 15.0
"""Seconds in which a subscription is acknowledged, and in which a ping is followed by any frame at all."""
LOOK_EVERY = 1.0
"""Seconds between two looks at the session: with an account switch its stream falls silent at once."""
TOLERANCE = timedelta(hours=1)
"""What is dated later than this from now is a mistake: what is dated right would look late after it."""
TOO_MANY = "error.too-many.requests"
"""How the server refuses one connection more."""
MOST_REFUSALS = 3


@frozen
class _Message:
    destination: str
    topics: tuple[Topic, ...] = ()
    payload: Mapping[str, Any] | None = None

    @property
    def subscribes(self) -> bool:
        return self.destination.endswith(".subscribe")


@define
class _Asked:
    """A message that was said and not answered yet."""

    message: _Message
    until: float


class Connection:
    """What goes over one connection. Guarded by the lock of its board."""

    def __init__(self, board: Board, number: int) -> None:
        self.number = number
        """Counted from 1 within the stream, for logs."""
        self.wanted = True
        """Whether anybody wants something of it."""
        self.session_refused = False
        """Whether it ended because the server did not take the tokens."""
        self.welcome = False
        """Whether the server has taken a subscription on it, now or before."""
        self.ending: str | None = "not connected"
        """Why it is over; None while it is open."""
        self.wake = Wake()
        """Rung when there is something to say."""
        self.stop_connecting: Callable[[], object] = lambda: None
        """Gives up an attempt to connect that is under way."""
        self.paused = Wake()
        """Rung when it makes no sense to wait any longer before connecting again."""
        self._board = board
        self._feeds: dict[str, Feed] = {}
        self._tokens: Tokens = ("", "")
        self._outbox: deque[_Message] = deque()
        self._asked: dict[str, _Asked] = {}
        self._marks = count(1)
        self.heard = self.said = 0
        """How many frames have come and gone since it was opened."""
        self._heard_at = self._pinged_at = self._ping_at = 0.0
        self._too_many = 0
        self._no_later = board.server_now()

    def epics(self) -> set[str]:
        """The markets that it carries."""
        return {feed.topic.epic for feed in self._feeds.values()}

    def topics(self) -> list[Topic]:
        """What is subscribed to over it."""
        return [feed.topic for feed in self._feeds.values()]

    # --- what it carries ----------------------------------------------------------------------------------------------

    def add(self, feed: Feed) -> None:
        """Carry one more topic."""
        feed.connection = self
        self._feeds[str(feed.topic)] = feed
        if self.ending is None:
            self._subscribe([feed.topic])

    def remove(self, feed: Feed, *, tell: bool) -> None:
        """Carry a topic no longer, and with the last one end. ``tell``: the server too, if it has it."""
        feed.connection = None
        del self._feeds[str(feed.topic)]
        if not self._feeds:
            self.hang_up("nothing is subscribed to any more")
        elif tell and self.ending is None:
            self._say(subscribe([feed.topic], stop=True))

    def subscribe_again(self, topic: Topic) -> None:
        """Subscribe anew to a topic that fell silent: a new subscription may speak where the old one does not."""
        if self.ending is None:
            self._say(subscribe([topic], stop=True))
            self._subscribe([topic])

    def hang_up(self, why: str) -> None:
        """It is not wanted any more."""
        self.wanted = False
        self.end(why)
        self.paused.ring()
        self.stop_connecting()

    def end(self, why: str) -> None:
        """It is over."""
        if self.ending is None:
            self.ending = why
        self.wake.ring()

    # --- the socket's side --------------------------------------------------------------------------------------------

    def open(self, tokens: Tokens) -> None:
        """It is connected: subscribe to all that it carries."""
        with self._board.lock:
            now = self._board.world.clock()
            self.ending = None if self.wanted else "closed"
            self.session_refused = False
            self.heard = self.said = 0
            self._tokens = tokens
            self._heard_at, self._ping_at = now, now + PING_EVERY
            self._outbox.clear()
            self._asked.clear()
            self._subscribe(self.topics())

    def say(self) -> list[str] | None:
        """The messages that are due, with the tokens in them; None when it is over."""
        with self._board.lock:
            self._look()
            self._latest()
            if self.ending is not None:
                return None
            now, texts = self._board.world.clock(), list[str]()
            while self._outbox:
                each, mark = self._outbox.popleft(), str(next(self._marks))
                if each.destination != "ping":
                    self._asked[mark] = _Asked(each, now + ANSWER_WITHIN)
                self.said += 1
                texts.append(message(each.destination, mark, self._tokens, each.payload))
            return texts

    def next_look(self) -> float:
        """In how many seconds ``say`` is to be called, at the latest."""
        with self._board.lock:
            dues = [self._ping_at, *(asked.until for asked in self._asked.values())]
            if self._heard_at < self._pinged_at:
                dues.append(self._pinged_at + ANSWER_WITHIN)
            return min(LOOK_EVERY, max(min(dues) - self._board.world.clock(), 0.0))

    def hear(self, text: str | bytes) -> None:
        """Take a frame. Whatever it is, it shows that the connection lives."""
        frame = read(text)
        board = self._board
        with board.lock:
            self._heard_at = board.world.clock()
            self.heard += 1
            if self.ending is not None:
                return
            if frame is None:
                board.odd_frames += 1
                return
            destination = frame.get("destination")
            if frame.get("status") == "ERROR":
                self._refused(frame)
            elif destination == "quote" or destination == "ohlc.event":
                self._hear_of(destination, frame.get("payload"))
            else:
                self._answered(frame)

    def lost(self, why: str) -> None:
        """The socket is gone."""
        with self._board.lock:
            self.ending = self.ending or why
            self._tokens = ("", "")
            self._outbox.clear()
            self._asked.clear()
            if self.wanted:
                self._board.went_down(self.topics())

    # --- inside -------------------------------------------------------------------------------------------------------

    def _hear_of(self, destination: str, payload: Any) -> None:
        try:
            name = payload["epic"]
            if destination != "quote":
                name = f"{name}:{payload['resolution']}:{payload['type']}"
            feed = self._feeds.get(name)
            heard = None if feed is None else feed.read(payload)
            if heard is not None and heard.time > self._no_later and heard.time > self._latest():
                raise ValueError
        except (KeyError, TypeError, ValueError, OverflowError, OSError):  # OSError: of a time that no calendar has
            self._board.odd_frames += 1
            return
        if feed is not None:  # if not, it was on its way when it was unsubscribed
            feed.hear(heard)

    def _latest(self) -> datetime:
        """Until when something may be dated. Reckoned now and then, since it is asked for with every frame."""
        self._no_later = self._board.server_now() + TOLERANCE
        return self._no_later

    def _look(self) -> None:
        now = self._board.world.clock()
        if self._heard_at < self._pinged_at <= now - ANSWER_WITHIN:
            self.end("silent")
        elif any(asked.until <= now for asked in self._asked.values()):
            self.end("a message was not answered")
        elif (tokens := self._board.auth.stream_tokens) is not None and tokens != self._tokens:
            self.end("another session or account")
        elif now >= self._ping_at:
            self._pinged_at, self._ping_at = now, now + PING_EVERY
            self._outbox.append(_Message("ping"))

    def _subscribe(self, topics: Sequence[Topic]) -> None:
        self._say(subscribe(topics))

    def _say(self, messages: Any) -> None:
        self._outbox.extend(_Message(*each) for each in messages)
        self.wake.ring()

    def _answered(self, frame: Mapping[str, Any]) -> None:
        asked = self._asked.pop(mark_of(frame) or "", None)
        if asked is None or not asked.message.subscribes:
            return
        self._too_many = 0
        if not self.welcome:
            self.welcome = True
            self._board.next_connection()
        refused = refusals(frame)
        topics = [topic for topic in asked.message.topics if str(topic) in self._feeds]
        self._board.went_live([topic for topic in topics if str(topic) not in refused])
        for topic in topics:
            if str(topic) in refused:
                self._board.refused(topic, refused[str(topic)])

    def _refused(self, frame: Mapping[str, Any]) -> None:
        """A message was refused; which one it does not always say. The frame repeats its tokens: it is never logged."""
        code = error_code(frame)
        if code in DEAD_SESSION:
            self.session_refused = True
            self.end("the session has ended")
            return
        mark = mark_of(frame)
        if mark is None:
            mark = next((m for m, a in self._asked.items() if a.message.destination == frame.get("destination")), None)
        asked = self._asked.pop(mark or "", None)
        if code == TOO_MANY:
            self._too_many += 1
            if self._too_many >= MOST_REFUSALS and not self.welcome:
                self._board.give_up(self, code)
            else:
                self.end("too many requests or connections")
        elif asked is None or not asked.message.subscribes:
            log.info("stream connection %d: %s", self.number, code)
        elif len(asked.message.topics) == 1:
            self._board.refused(asked.message.topics[0], code)
        else:  # one of them is to blame: ask for each by itself
            for topic in asked.message.topics:
                if str(topic) in self._feeds:
                    self._subscribe([topic])
