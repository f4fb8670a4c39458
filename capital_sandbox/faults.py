"""Faults by rule: which calls they meet, how often, and when. What they do is in `effects`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypedDict, Unpack

from . import effects
from .effects import Body, Effect, ServerErrorKind
from .exchange import Exchange
from .messages import Request, Response
from .paths import matches
from .request_log import Outcome
from .sessions import Sessions
from .stream import Streams


class When(TypedDict, total=False):
    """How often and when a rule strikes. Every fault takes these as keywords."""

    times: int | None
    """Strike so many times, then never again; None for no end."""
    every: int
    """Strike at one call of so many: 3 is the first, the fourth, the seventh."""
    after: int
    """Let so many calls pass first."""
    probability: float
    """Strike with this probability, by dice that the sandbox's seed decides."""
    since: datetime | None
    """Not before this instant of the sandbox's clock."""
    until: datetime | None
    """Not from this instant of the sandbox's clock on."""
    where: Callable[[Request], bool] | None
    """Only calls for which this is true. It must not call the sandbox."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that a rule is about; see `When`."""

    method: str | None = None
    path: str | None = None
    times: int | None = None
    every: int = 1
    after: int = 0
    probability: float = 1.0
    since: datetime | None = None
    until: datetime | None = None
    where: Callable[[Request], bool] | None = None

    def __post_init__(self) -> None:
        if self.method is not None and not (self.method.isalpha() and self.method.isupper()):
            raise ValueError(f"a method is in capitals, as GET: {self.method!r}")
        if self.times is not None and self.times < 1:
            raise ValueError("times is 1 or more")
        if self.every < 1 or self.after < 0:
            raise ValueError("every is 1 or more, after is 0 or more")
        if not 0 <= self.probability <= 1:
            raise ValueError("probability is from 0 to 1")
        if any(instant is not None and instant.tzinfo is None for instant in (self.since, self.until)):
            raise ValueError("since and until are aware datetimes")

    def include(self, exchange: Exchange) -> bool:
        """Whether a call is one of them, at this time."""
        request = exchange.request
        return (
            self.method in (None, request.method)
            and matches(self.path, request.path)
            and (self.since is None or exchange.at >= self.since)
            and (self.until is None or exchange.at < self.until)
            and (self.where is None or self.where(request))
        )


class Rule:
    """A fault in force."""

    def __init__(self, number: int, effect: Effect, calls: Calls, seed: int, remove: Callable[[Rule], None]) -> None:
        self.number = number
        self.effect = effect
        self.calls = calls
        self.seen = 0
        """How many calls it was about."""
        self.hits = 0
        """How many of these it has struck."""
        self._dice = Random(f"fault/{seed}/{number}")  # noqa: S311
        self._remove = remove

    def remove(self) -> None:
        """Take it out of force; its ``hits`` can still be read."""
        self._remove(self)

    def strike(self, exchange: Exchange) -> None:
        """Do to a call what the rule says, if it is one of its calls and their turn."""
        if not self.calls.include(exchange):
            return
        self.seen += 1
        if self._due() and self.effect.act(exchange):
            self.hits += 1
            exchange.faults.append(self.effect.name)

    def to_dict(self) -> dict[str, object]:
        """The rule as JSON content."""
        calls = self.calls
        return {
            "id": self.number,
            "fault": self.effect.name,
            **self.effect.details,
            "method": calls.method,
            "path": calls.path,
            "times": calls.times,
            "every": calls.every,
            "after": calls.after,
            "probability": calls.probability,
            "since": calls.since and calls.since.isoformat(),
            "until": calls.until and calls.until.isoformat(),
            "seen": self.seen,
            "hits": self.hits,
        }

    def __repr__(self) -> str:
        which = " ".join(text for text in (self.calls.method, self.calls.path) if text)
        return f"<{self.effect.name} {which or 'any call'}: {self.hits} hits>"

    def _due(self) -> bool:
        if self.calls.times is not None and self.hits >= self.calls.times:
            return False
        turn = self.seen - self.calls.after - 1
        if turn < 0 or turn % self.calls.every:
            return False
        return self.calls.probability == 1 or self._dice.random() < self.calls.probability


class Faults:
    """What goes wrong, one short method for each fault; each returns its `Rule`.

    All take a method and a path, which may leave ``/api/v1`` out and use ``*`` for one part and ``**`` for
    any number: ``("DELETE", "/positions/*")``. Left out, the rule is about every call, logins included. The
    keywords of `When` say how often and when. Rules act in the order in which they were added, and a rule
    does not see a call that another one ended before it.
    """

    def __init__(self, sessions: Sessions, streams: Streams, seed: int) -> None:
        self.streams = streams
        """The stream's connections: ``drop()``, ``stall()``, ``silence("GOLD")`` and more, done at once."""
        self._sessions = sessions
        self._seed = seed
        self._rules: list[Rule] = []
        self._made = 0

    # --- no answer ----------------------------------------------------------------------------------------

    def refuse(self, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """There is no connection. In-process as if nobody listened; a real server resets the connection."""
        return self._add(effects.lose("refuse", Outcome.REFUSED, executed=False), method, path, when)

    def drop_before(self, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """The connection breaks, and nothing was executed."""
        return self._add(effects.lose("drop_before", Outcome.DROPPED, executed=False), method, path, when)

    def drop_after(self, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """The connection breaks when everything was executed: the client is not told, and cannot know."""
        return self._add(effects.lose("drop_after", Outcome.LOST, executed=True), method, path, when)

    def stall(
        self, method: str | None = None, path: str | None = None, *, executed: bool = False, **when: Unpack[When]
    ) -> Rule:
        """No answer, ever. In-process it is the client's timeout at once."""
        return self._add(effects.lose("stall", Outcome.STALLED, executed=executed), method, path, when)

    # --- another answer -----------------------------------------------------------------------------------

    def answer(
        self,
        status: int,
        method: str | None = None,
        path: str | None = None,
        *,
        body: Body = None,
        executed: bool = False,
        **when: Unpack[When],
    ) -> Rule:
        """Any answer: bytes or text as they are, a mapping as JSON; instead of executing the call, or after it."""
        return self._add(effects.answer("answer", status, body, executed=executed), method, path, when)

    def too_many_requests(self, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """429, as if the budget were spent."""
        body = {"errorCode": "error.too-many.requests"}
        return self._add(effects.answer("too_many_requests", 429, body, executed=False), method, path, when)

    def server_error(
        self,
        kind: ServerErrorKind = "json",
        method: str | None = None,
        path: str | None = None,
        *,
        executed: bool = False,
        **when: Unpack[When],
    ) -> Rule:
        """A 5xx: 503 with JSON, 502 with HTML, 504 with nothing, or 500 with a Java class name as its code."""
        return self._add(effects.server_error(kind, executed=executed), method, path, when)

    # --- a damaged answer ---------------------------------------------------------------------------------

    def truncate(
        self, method: str | None = None, path: str | None = None, *, keep: float = 0.5, **when: Unpack[When]
    ) -> Rule:
        """The answer's body ends after this share of it."""
        return self._add(effects.truncate(keep), method, path, when)

    def add_field(
        self, place: str, value: object, method: str | None = None, path: str | None = None, **when: Unpack[When]
    ) -> Rule:
        """A field that nobody knows: ``add_field("positions.*.position.luck", 7, "GET", "/positions")``."""
        return self._add(effects.put("add_field", place, value, create=True), method, path, when)

    def unknown_value(
        self,
        place: str,
        method: str | None = None,
        path: str | None = None,
        *,
        value: object = "SOMETHING_NEW",
        **when: Unpack[When],
    ) -> Rule:
        """A value that nobody knows in a field that is there: ``unknown_value("snapshot.marketStatus")``."""
        return self._add(effects.put("unknown_value", place, value, create=False), method, path, when)

    def null(self, place: str, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """Null in a field that is there."""
        return self._add(effects.null(place), method, path, when)

    # --- sessions and histories ---------------------------------------------------------------------------

    def kill_session(self, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """The session that the call came by is over."""
        return self._add(effects.end_sessions("kill_session", self._sessions, own=True), method, path, when)

    def kill_sessions(self, method: str | None = None, path: str | None = None, **when: Unpack[When]) -> Rule:
        """All sessions are over. For once and at once there is ``sandbox.expire_sessions()``."""
        return self._add(effects.end_sessions("kill_sessions", self._sessions, own=False), method, path, when)

    def late_activity(self, seconds: float = 61, **when: Unpack[When]) -> Rule:
        """Rows appear in the activity history only so long after they happened, with their true times."""
        return self._add(effects.hold_back(seconds), "GET", "/history/activity", when)

    def duplicate_rows(self, method: str | None = "GET", path: str | None = "/history/*", **when: Unpack[When]) -> Rule:
        """Every row of an answer's list comes twice; by default in both histories."""
        return self._add(effects.repeat(), method, path, when)

    # --- all of them --------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Nothing goes wrong any more; streams that were stalled or silenced go on."""
        self._rules.clear()
        self.streams.resume()
        self.streams.speak()

    def __iter__(self) -> Iterator[Rule]:
        return iter(tuple(self._rules))

    def __len__(self) -> int:
        return len(self._rules)

    def carry_out(self, exchange: Exchange, execute: Callable[[], tuple[Response, str | None]]) -> None:
        """Take a call through all rules, and execute it in between unless one of them ends it."""
        for rule in self:
            if rule.effect.early and not exchange.over:
                rule.strike(exchange)
        if not exchange.over:
            exchange.response, exchange.error_code = execute()
            exchange.executed = exchange.error_code is None
        for rule in self:
            if not rule.effect.early and exchange.response is not None:
                rule.strike(exchange)

    def _add(self, effect: Effect, method: str | None, path: str | None, when: When) -> Rule:
        self._made += 1
        rule = Rule(self._made, effect, Calls(method, path, **when), self._seed, self._drop)
        self._rules.append(rule)
        return rule

    def _drop(self, rule: Rule) -> None:
        if rule in self._rules:
            self._rules.remove(rule)
