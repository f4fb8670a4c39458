"""All connections to the stream, as a test sees and disturbs them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from ..clock import from_milliseconds
from ..exchange import Exchange
from ..messages import Request, Response
from .endings import CUT, Ending, closed
from .frames import CandleKind
from .rules import StreamRule, StreamRules
from .session import StreamSession
from .settings import StreamSettings
from .tape import Tape

if TYPE_CHECKING:
    from ..sessions import Session
    from ..world import World
    from .subscriptions import Key

PATH = "/connect"
"""Where a client connects to."""
_POLL = 0.02
"""Real seconds between two looks at a clock that does not say when it is moved."""
_SHORTEST, _LONGEST = 0.002, 60.0
"""Real seconds to wait at least and at most: a clock that runs a thousand times faster is followed in steps."""


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One message from a client and what became of it. Holds nothing secret: no tokens, no payload."""

    at: datetime
    connection: int
    destination: str
    error_code: str | None

    def to_dict(self) -> dict[str, object]:
        """The record as JSON content."""
        return {
            "at": self.at.isoformat(),
            "stream": self.connection,
            "destination": self.destination,
            "errorCode": self.error_code,
        }


class Connection:
    """One open connection. All of it may be used from any thread."""

    def __init__(self, streams: Streams, number: int, session: StreamSession, wake: Callable[[], None]) -> None:
        self.number = number
        """Counted from 1 since the sandbox began."""
        self._streams = streams
        self._session = session
        self._wake = wake

    def __repr__(self) -> str:
        return f"<stream {self.number}: {', '.join(self.subscriptions) or 'no subscriptions'}>"

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The names of what it is subscribed to, as in acknowledgements: ``GOLD``, ``GOLD:MINUTE:classic``."""
        return tuple(str(key) for key in self._session.keys)

    @property
    def epics(self) -> tuple[str, ...]:
        """The markets that it follows."""
        return tuple(dict.fromkeys(key.epic for key in self._session.keys))

    @property
    def sent(self) -> int:
        """How many frames it was sent."""
        return self._session.sent

    @property
    def received(self) -> int:
        """How many messages it has sent."""
        return self._session.received

    @property
    def ending(self) -> Ending | None:
        """How it ended, when it has."""
        return self._session.ending

    @property
    def settled(self) -> int:
        """The instant up to which the client was given all, in epoch milliseconds."""
        return self._session.settled

    @property
    def open(self) -> bool:
        """Whether nobody has ended it or asked for it."""
        return not self._session.leaving

    def drop(self) -> None:
        """Cut the line, without a word."""
        self.close(None)

    def close(self, code: int | None = 1001, reason: str = "") -> None:
        """Close it properly, with a code of the WebSocket protocol; None cuts the line."""
        ending = CUT if code is None else closed(code, reason)
        self._do(lambda session, now: session.leave(ending, now))

    def stall(self) -> None:
        """Send nothing more, but keep the connection open."""
        self._do(lambda session, now: session.stall(now))

    def resume(self) -> None:
        """After a stall: send what was held back, and go on."""
        self._do(lambda session, now: session.resume())

    def silence(self, epic: str | None = None, *, candles: bool | None = None, kind: str | None = None) -> int:
        """Lose what subscriptions bring, while others live: one market's or all; quotes, candles or both.

        Returns how many subscriptions fell silent. A new subscription, after cancelling the old one, speaks.
        """
        wanted = _selection(epic, candles, kind)
        found: int = self._do(lambda session, now: session.mute(wanted, now))
        return found

    def speak(self, epic: str | None = None, *, candles: bool | None = None, kind: str | None = None) -> int:
        """After a silence: go on, without what was missed."""
        wanted = _selection(epic, candles, kind)
        found: int = self._do(lambda session, now: session.unmute(wanted, now))
        return found

    def send_raw(self, text: str) -> None:
        """Send any text, whether JSON or not."""
        self._do(lambda session, now: session.say(text, now))

    # The other end: for those who drive the connection.

    def feed(self, text: str) -> None:
        """What the client has sent."""
        with self._streams.lock:
            now = self._streams.now()
            destination, code = self._session.receive(text, now)
            self._streams.log.append(StreamRecord(from_milliseconds(now), self.number, destination, code))

    def take(self, most: int = 256) -> list[str]:
        """What is to be sent to the client now."""
        with self._streams.lock:
            return self._session.take(self._streams.now(), most)

    def real_seconds(self) -> float | None:
        """Real seconds to wait before there may be more to take; None to wait until woken."""
        with self._streams.lock:
            due = self._session.next_due()
        return None if due is None else self._streams.real_seconds(due)

    def gone(self, ending: Ending) -> None:
        """The client is no longer there, or not wanted any more."""
        with self._streams.lock:
            self._session.ending = self._session.ending or ending
            self._streams.forget(self)

    def notice(self, now: int) -> None:
        """Something happened to the sessions; to be called under the lock."""
        if self._session.notice(now):
            self._wake()

    def wake(self) -> None:
        """Have the driver look again."""
        self._wake()

    def speaks_for(self, session: Session) -> bool:
        """Whether it is the same customer's; to be called under the lock."""
        own = self._session.session
        return own is not None and own.customer is session.customer and not self._session.leaving

    def _do(self, action: Callable[[StreamSession, int], Any]) -> Any:
        with self._streams.lock:
            result = action(self._session, self._streams.now())
        self._wake()
        return result


class Streams:
    """The open connections, oldest first, and what can be done to all of them at once.

    What is done to one connection alone is a method of that connection: ``sandbox.streams[0].drop()``.
    """

    def __init__(self, world: World, lock: Lock, settings: StreamSettings) -> None:
        self.lock = lock
        self.log: deque[StreamRecord] = deque(maxlen=10_000)
        """The newest messages of clients, oldest first."""
        self.opened = 0
        """How many connections there have been."""
        self._world = world
        self._settings = settings
        self._tape = Tape(world.feed)
        self._connections: list[Connection] = []
        self._rules = StreamRules()
        self._refusing = 0
        self.gate: Callable[[Exchange, Callable[[], tuple[Response, str | None]]], None] = _open_gate
        """Takes an attempt to connect through the faults of calls."""
        watch = getattr(world.clock, "watch", None)
        self._watched = watch is not None
        if watch is not None:
            watch(self.wake)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._open())

    def __len__(self) -> int:
        return len(self._open())

    def __getitem__(self, index: int) -> Connection:
        return self._open()[index]

    @property
    def settings(self) -> StreamSettings:
        """The settings of all connections; change them with ``configure``."""
        return self._settings

    def configure(self, **changes: Any) -> None:
        """Change some of the settings, for open connections too."""
        self._settings = replace(self._settings, **changes)
        self.wake()

    @property
    def delay(self) -> float:
        """By how many seconds every frame is late."""
        return self._settings.delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self.configure(delay=seconds)

    def refuse(self, times: int = 1) -> None:
        """Turn away the next attempts to connect, with 503."""
        self._refusing = times

    def drop(self) -> int:
        """Cut all lines; returns how many there were."""
        return self._each(lambda connection: connection.drop())

    def close(self, code: int = 1001, reason: str = "") -> int:
        """Close all connections properly."""
        return self._each(lambda connection: connection.close(code, reason))

    def stall(self) -> int:
        """Send nothing on the connections that are open now."""
        return self._each(lambda connection: connection.stall())

    def resume(self) -> int:
        """End the stall."""
        return self._each(lambda connection: connection.resume())

    def silence(self, epic: str | None = None, *, candles: bool | None = None, kind: str | None = None) -> int:
        """Lose what subscriptions bring, as ``Connection.silence`` does; returns how many fell silent."""
        return sum(connection.silence(epic, candles=candles, kind=kind) for connection in self)

    def speak(self, epic: str | None = None, *, candles: bool | None = None, kind: str | None = None) -> int:
        """End the silence."""
        return sum(connection.speak(epic, candles=candles, kind=kind) for connection in self)

    def send_raw(self, text: str) -> int:
        """Send any text to everyone."""
        return self._each(lambda connection: connection.send_raw(text))

    # The other end: for those who drive connections.

    def shake_hands(self, request: Request) -> Response:
        """Answer an attempt to connect: 101 if it succeeds, and what has become of it otherwise.

        Raises:
            NoAnswer: A fault took the answer away.
        """
        with self.lock:
            exchange = Exchange(request, self._world.clock.now())
            self.gate(exchange, self._welcome)
            self.notice()
        return exchange.answer()

    def connect(self, wake: Callable[[], None]) -> Connection:
        """A new connection; ``wake`` is called, from any thread, when it has to be looked at again."""
        with self.lock:
            self.opened += 1
            number = self.opened
            session = StreamSession(
                self._tape,
                self._world.catalogue,
                self._world.sessions,
                lambda: self._settings,
                self._rules,
                lambda session: self._may_join(session, number),
                self.now(),
            )
            connection = Connection(self, number, session, wake)
            self._connections.append(connection)
        return connection

    def forget(self, connection: Connection) -> None:
        """Take a connection off the list; to be called under the lock."""
        if connection in self._connections:
            self._connections.remove(connection)

    def notice(self) -> None:
        """Something may have happened to the sessions; to be called under the lock."""
        if self._connections:
            now = self.now()
            for connection in self._connections:
                connection.notice(now)

    def obey(self, rule: StreamRule) -> None:
        """Put a rule into force."""
        with self.lock:
            self._rules.add(rule)
        self.wake()

    def release(self, rule: StreamRule) -> None:
        """Take a rule out of force; what it stalled or silenced goes on."""
        with self.lock:
            rule.removed = self.now()
            self._rules.forget(min((each.settled for each in self._connections), default=rule.removed))
        self.wake()

    def wake(self) -> None:
        """Have all drivers look again."""
        for connection in tuple(self._connections):
            connection.wake()

    def now(self) -> int:
        """The present in epoch milliseconds."""
        return self._world.now()

    def real_seconds(self, due: int) -> float | None:
        """Real seconds until an instant comes, in bounds; None if only a movement of the clock will bring it."""
        clock = self._world.clock
        ahead = due - self.now()
        if ahead <= 0:
            return 0.0
        if not self._watched:
            return _POLL
        speed: float = getattr(clock, "speed", 0.0)
        return min(_LONGEST, max(_SHORTEST, ahead / 1000 / speed)) if speed else None

    def _welcome(self) -> tuple[Response, str | None]:
        if self._refusing > 0:
            self._refusing -= 1
            return Response(503, {}, b""), "refused"
        return Response(101, {}, b""), None

    def _open(self) -> list[Connection]:
        return [connection for connection in tuple(self._connections) if connection.open]

    def _may_join(self, session: Session, number: int) -> bool:
        most = self._settings.most_connections
        if most is None:
            return True
        others = [each for each in self._connections if each.number != number and each.speaks_for(session)]
        return len(others) < most

    def _each(self, action: Callable[[Connection], None]) -> int:
        connections = self._open()
        for connection in connections:
            action(connection)
        return len(connections)


def _open_gate(exchange: Exchange, execute: Callable[[], tuple[Response, str | None]]) -> None:
    exchange.response, exchange.error_code = execute()


def _selection(epic: str | None, candles: bool | None, kind: str | None) -> Callable[[Key], bool]:
    wanted = None if kind is None else CandleKind(kind)

    def selects(key: Key) -> bool:
        if epic is not None and key.epic != epic:
            return False
        if candles is not None and candles is (key.candles is None):
            return False
        return wanted is None or (key.candles is not None and key.candles.kind is wanted)

    return selects
