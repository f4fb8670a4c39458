"""The protocol of one connection, without any I/O.

``receive`` takes what the client said, ``take`` gives what the client gets, and ``next_due`` tells when there will
be more. Time comes from outside. Nothing is made in advance: frames come into being when they are taken, in the
order of the instants that they belong to, so a client that is slow, or a clock that jumps a month, costs no memory
and loses nothing.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from itertools import count

from ..catalogue import Catalogue
from ..hours import NEVER
from ..refusals import Refusal
from ..sessions import Session, Sessions
from . import frames, inbound
from .delivery import Delivery, Frame, Spell
from .endings import CUT, EXPIRED, IDLE, SLOW, Ending
from .rules import StreamRules
from .settings import ErrorPlace, StreamSettings
from .subscriptions import Key, Source, source_of
from .tape import Tape

_MOST_STEPS = 2000


@dataclass(slots=True, eq=False)
class _Binding:
    """The session that a connection speaks for, by the security token that was valid at the time."""

    session: Session
    security_token: str
    ended: int = NEVER
    """When the session was found closed before its time."""
    silent: int = NEVER
    """When the session went to another account: no prices after this."""

    def has(self, client_token: str, security_token: str) -> bool:
        """Whether tokens are the ones of this binding, and still good."""
        session = self.session
        known = (session.client_token, session.security_token) == (client_token, security_token)
        return known and security_token == self.security_token and not session.closed


@dataclass(frozen=True, slots=True)
class _Saying:
    """Something to send beside the prices."""

    time: int
    text: str
    destination: str | None = None
    """Of the message that it answers; None for what a test had sent."""
    binding: _Binding | None = None
    """On whose behalf, if that message was accepted."""


class StreamSession:
    """One connection."""

    def __init__(
        self,
        tape: Tape,
        catalogue: Catalogue,
        sessions: Sessions,
        settings: Callable[[], StreamSettings],
        rules: StreamRules,
        may_join: Callable[[Session], bool],
        now: int,
    ) -> None:
        self.ending: Ending | None = None
        """Set when all is over."""
        self.sent = self.received = 0
        self.settled = now
        """The instant up to which all was taken."""
        self._tape = tape
        self._catalogue = catalogue
        self._sessions = sessions
        self._settings = settings
        self._rules = rules
        self._may_join = may_join
        self._active: dict[Key, Source] = {}
        self._heap: list[tuple[int, int, int, Source]] = []
        self._numbers = count()
        self._errors = 0
        self._sayings: deque[_Saying] = deque()
        self._newest: _Binding | None = None
        # From here on: as of the instant up to which frames were taken, which may lag behind the present.
        self._binding: _Binding | None = None
        self._silent = NEVER
        self._heard = self._last = now
        self._stalled: int | None = None
        self._passing = 0
        self._leaving: tuple[int, Ending] | None = None
        # What rules do to it.
        self._ready: deque[Frame] = deque()
        self._late: list[tuple[int, int, str]] = []
        self._silences: list[Spell] = []
        self._pause: tuple[int, Spell] | None = None
        self._struck = now

    @property
    def keys(self) -> tuple[Key, ...]:
        """What is subscribed to."""
        return tuple(self._active)

    @property
    def session(self) -> Session | None:
        """Whose tokens came with the last message that was accepted."""
        return None if self._newest is None else self._newest.session

    @property
    def leaving(self) -> bool:
        """Whether the end has come or been asked for."""
        return self.ending is not None or self._leaving is not None

    def receive(self, text: str, now: int) -> tuple[str, str | None]:
        """Take a message; its answer is for ``take`` to give. Returns the destination and the code of a refusal."""
        if self.leaving:
            return "", None
        self.received += 1
        message: frames.Message = {}
        binding = None
        code = None
        try:
            message = inbound.parse(text)
            binding = self._admit(message, now)
            command = inbound.command(message, self._catalogue, self._settings().most_epics)
            answer = frames.acknowledgement(message, self._obey(command, now))
            self._newest = binding
            binding.session.streamed = now
        except Refusal as refusal:
            code, binding = refusal.code, None
            answer = self._error(message, code)
        told = message.get("destination")
        destination = told if isinstance(told, str) else ""
        self._say(_Saying(now, answer, destination, binding))
        return destination, code

    def take(self, now: int, most: int = 256) -> list[str]:
        """The next frames that are due, some ``most`` at a time; empty when there is nothing for now."""
        found: list[str] = []
        if self.ending is not None:
            return found
        horizon, ruled = self._horizon(now), bool(self._rules)
        steps = 0
        while len(found) < most and steps < _MOST_STEPS and self.ending is None:
            steps += 1
            if ruled:  # one may have stalled the connection in the step before
                horizon = self._horizon(now)
            end, ending = self._end()
            said, price = self._said(), self._priced()
            strike = self._rules.next(self._struck) if ruled else NEVER
            until = min(horizon, end, said, strike)
            if self._late and self._late[0][0] <= min(until, price):
                self._catch_up(found)
            elif price <= until:
                self._price(found)
            elif said <= until:
                self._utter(found)
            elif strike <= until:
                self._strike(found, strike)
            elif end <= until:
                self._finish(found, ending)
            else:
                self.settled = horizon
                if self._leaving is not None:
                    self.ending = self._leaving[1]
                break
        self.sent += len(found)
        return found

    def next_due(self) -> int | None:
        """The instant from which ``take`` may have something; None when not even time will bring it."""
        if self._leaving is not None:
            return self._leaving[0]
        due = min(self._end()[0], self._said(), self._priced(), self._rules.next(self._struck))
        if self._late:
            due = min(due, self._late[0][0])
        if self._pause is not None and due > self._pause[0]:
            due = max(due, self._pause[1].ends)
        due += self._delay()
        return None if self._stalled is not None and due > self._stalled else due

    def notice(self, now: int) -> bool:
        """Look whether a session was closed, or went to another account, since; True if that matters here."""
        changed = False
        for binding in {self._binding, self._newest, *(saying.binding for saying in self._sayings)}:
            if binding is None:
                continue
            if binding.ended == NEVER and binding.session.closed:
                binding.ended, changed = now, True
            if binding.silent == NEVER and binding.session.security_token != binding.security_token:
                binding.silent, changed = now, True
        return changed

    def say(self, text: str, now: int) -> None:
        """Send anything, JSON or not."""
        self._say(_Saying(now, text))

    def leave(self, ending: Ending, now: int) -> None:
        """End after what is due now; what is held back is lost."""
        if not self.leaving:
            self._leaving = (now, ending)

    def stall(self, now: int) -> None:
        """Send nothing of what happens after ``now``, for the time being."""
        if self._stalled is None:
            self._stalled = now
            self._passing = len(self._sayings)

    def resume(self) -> None:
        """Go on, with all that has been held back."""
        self._stalled = None

    def mute(self, wanted: Callable[[Key], bool], now: int) -> int:
        """Lose what some subscriptions bring from now on; returns how many they are."""
        found = [source for key, source in self._active.items() if wanted(key)]
        for source in found:
            source.mute(now)
        return len(found)

    def unmute(self, wanted: Callable[[Key], bool], now: int) -> int:
        """Let them through again."""
        found = [source for key, source in self._active.items() if wanted(key)]
        for source in found:
            source.unmute(now)
        return len(found)

    def _admit(self, message: frames.Message, now: int) -> _Binding:
        """Whose message it is. Being heard here makes the session live on for its streams, not for other calls."""
        client, security = inbound.tokens(message)
        newest = self._newest
        if newest is not None and newest.has(client, security) and now < self._sessions.leaves_streams(newest.session):
            return newest
        session = self._sessions.find(client, security, now)
        if session is None:
            raise Refusal(401, "error.invalid.session.token")
        if not self._may_join(session):
            raise Refusal(429, "error.too-many.requests")
        return _Binding(session, security)

    def _obey(self, command: inbound.Command, now: int) -> list[str] | None:
        """Do it; returns the names of the subscriptions that it was about."""
        if command.verb is inbound.Verb.PING:
            return None
        keys = command.keys
        if command.verb is inbound.Verb.SUBSCRIBE:
            most = self._settings().most_epics
            epics = {key.epic for key in self._active} | {key.epic for key in keys}
            if most is not None and len(epics) > most:
                raise Refusal(400, "error.too-many.epics")
            for key in keys:
                self._subscribe(key, now)
        else:
            if command.sweeping:
                keys = tuple(key for key in keys if key in self._active)
            for key in keys:
                source = self._active.pop(key, None)
                if source is not None:
                    source.until = now
        return [str(key) for key in keys]

    def _subscribe(self, key: Key, now: int) -> None:
        if key not in self._active:
            source = source_of(key, self._catalogue[key.epic], self._tape, now)
            self._active[key] = source
            heappush(self._heap, (source.time, source.rank, next(self._numbers), source))

    def _error(self, message: frames.Message, code: str) -> str:
        place = self._settings().errors
        self._errors += 1
        in_payload = place is ErrorPlace.PAYLOAD or (place is ErrorPlace.ALTERNATE and self._errors % 2 == 0)
        try:
            return frames.error(message, code, in_payload)
        except RecursionError:  # deep enough to be read, too deep to be repeated
            return frames.error({}, code, in_payload)

    def _say(self, saying: _Saying) -> None:
        if len(self._sayings) >= self._settings().most_waiting:
            self._sayings.clear()
            self._leaving = (saying.time, SLOW)
        elif not self.leaving:
            self._sayings.append(saying)

    def _delay(self) -> int:
        return round(self._settings().delay * 1000)

    def _horizon(self, now: int) -> int:
        """The instant up to which the client may know."""
        if self._leaving is not None:
            now = min(now, self._leaving[0])
        if self._stalled is not None:
            now = min(now, self._stalled)
        horizon = now - self._delay()
        if self._pause is not None:
            since, spell = self._pause
            if horizon < spell.ends:
                return min(horizon, since)
            self._pause = None
        return horizon

    def _end(self) -> tuple[int, Ending]:
        """When the connection ends if nothing happens, and how."""
        settings = self._settings()
        end, ending = NEVER, CUT
        if settings.idle_drop is not None:
            end, ending = self._heard + round(settings.idle_drop * 1000), IDLE
        if self._binding is not None:
            expiry = min(self._binding.ended, self._sessions.leaves_streams(self._binding.session))
            if expiry <= end:
                end, ending = expiry, EXPIRED
        if settings.edge_drop is not None:
            edge = self._last + round(settings.edge_drop * 1000)
            if edge < end:
                end, ending = edge, CUT
        return end, ending

    def _priced(self) -> int:
        """The instant of the next price."""
        if self._ready:
            return self._ready[0].time
        return self._heap[0][0] if self._heap else NEVER

    def _price(self, found: list[str]) -> None:
        """Send the next price; one that rules have to look at in two steps."""
        if self._ready:
            self._deliver(found, self._ready.popleft())
            return
        time, _, number, source = self._heap[0]
        if source.until is not None and time > source.until:
            heappop(self._heap)
            return
        texts = source.pop()
        heapreplace(self._heap, (source.time, source.rank, number, source))
        if not texts or time > self._silent_from() or source.is_muted(time):
            return
        if self._rules:
            destination = "quote" if source.key.candles is None else "ohlc.event"
            self._ready += (Frame(time, text, destination, source.key.epic) for text in texts)
        else:
            found += texts
            self._last = time

    def _said(self) -> int:
        """The instant of the next thing to send beside the prices. What was said during a stall waits for its end."""
        if not self._sayings or (self._stalled is not None and self._passing <= 0):
            return NEVER
        return self._sayings[0].time

    def _silent_from(self) -> int:
        return self._silent if self._binding is None else min(self._silent, self._binding.silent)

    def _utter(self, found: list[str]) -> None:
        saying = self._sayings.popleft()
        self._passing -= 1
        if saying.binding is not None:
            # Once silent, always silent: after a switch of the account a client has to connect again.
            self._silent = self._silent_from()
            self._binding = saying.binding
            self._heard = saying.time
        if self._rules and saying.destination is not None:
            self._deliver(found, Frame(saying.time, saying.text, saying.destination))
        else:
            found.append(saying.text)
            self._last = saying.time

    def _deliver(self, found: list[str], frame: Frame) -> None:
        """Send a frame, unless a rule has it otherwise."""
        if any(spell.silences(frame) for spell in self._silences):
            return
        delivery = self._rules.meet(frame)
        self._obey_rules(found, delivery)
        if delivery.ending is not None:
            return
        due = frame.time + delivery.late
        for _ in range(delivery.copies):
            if delivery.late or delivery.stall is not None:
                heappush(self._late, (due, next(self._numbers), frame.text))
            else:
                found.append(frame.text)
                self._last = frame.time

    def _strike(self, found: list[str], instant: int) -> None:
        """Have rules strike that need no frame."""
        self._struck = instant
        self._obey_rules(found, self._rules.strike(instant))

    def _obey_rules(self, found: list[str], delivery: Delivery) -> None:
        """Do to the connection what rules have decided."""
        if delivery.before:
            found += delivery.before
            self._last = delivery.time
        self.ending = delivery.ending
        if delivery.silence is not None:
            self._silences = [spell for spell in self._silences if spell.ends > delivery.time]
            self._silences.append(delivery.silence)
        if delivery.stall is not None:
            # A frame that is struck waits itself; at an instant without one, what belongs to it has been sent.
            self._pause = (delivery.time - (delivery.frame is not None), delivery.stall)

    def _catch_up(self, found: list[str]) -> None:
        """Send the next frame that was held back."""
        time, _, text = heappop(self._late)
        found.append(text)
        self._last = time

    def _finish(self, found: list[str], ending: Ending) -> None:
        if ending is EXPIRED and not self._settings().silent_expiry:
            found.append(self._error({}, "error.invalid.session.token"))
        self.ending = ending
