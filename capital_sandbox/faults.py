"""Faults of calls, by rule: which calls they meet, how often, and when. What they do is in `effects`.

Those of the stream are in `stream.faults`; both are listed and removed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Unpack

from . import effects
from .clock import to_milliseconds
from .effects import Body, Effect, ServerErrorKind
from .exchange import Exchange
from .messages import Request, Response
from .paths import matches
from .request_log import Outcome
from .rules import Often, Rule, Turns
from .sessions import Sessions
from .stream import Streams
from .stream.effects import StreamEffect
from .stream.faults import StreamFaults
from .stream.rules import Frames, StreamRule

__all__ = ["Calls", "Faults", "Rule", "When"]


_METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT")


class When(Often, total=False):
    """Which calls, how often and when; see `Often`."""

    where: Callable[[Request], bool] | None
    """Only calls for which this is true. It must not call the sandbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls(Turns):
    """The calls that a rule is about; see `When`."""

    method: str | None = None
    path: str | None = None
    where: Callable[[Request], bool] | None = None

    def __post_init__(self) -> None:
        Turns.__post_init__(self)  # without super(): that does not work in a dataclass with slots
        if self.method is not None and not (self.method.isalpha() and self.method.isupper()):
            raise ValueError(f"a method is in capitals, as GET: {self.method!r}")
        if self.method not in (None, *_METHODS):
            raise ValueError(f"method is one of {', '.join(_METHODS)}")
        if self.path is not None and not self.path.strip("/ "):
            raise ValueError("path names something, as /positions; leave it out for all calls")
        if self.path is not None and self.path.split()[0] in _METHODS:
            raise ValueError(f"path is one path, as /positions, and the method stands apart: {self.path!r}")

    def include(self, request: Request) -> bool:
        """Whether a call is one of them."""
        return (
            self.method in (None, request.method)
            and matches(self.path, request.path)
            and (self.where is None or self.where(request))
        )

    def to_dict(self) -> dict[str, object]:
        """Which calls, how often and when, as JSON content."""
        told: dict[str, object] = {"method": self.method, "path": self.path}
        if self.where is not None:
            told["where"] = f"<function {getattr(self.where, '__name__', type(self.where).__name__).strip('<>')}>"
        return {**told, **self.turns()}

    def __str__(self) -> str:
        return " ".join(text for text in (self.method, self.path) if text) or "any call"


class CallRule(Rule):
    """A fault of calls in force."""

    def __init__(
        self, number: int, effect: Effect, calls: Calls, *, seed: int, made: int, remove: Callable[[Rule], None]
    ) -> None:
        super().__init__(number, effect, calls, calls, seed=seed, made=made, remove=remove)
        self.early = effect.early
        """Whether it strikes before a call is executed."""
        self._act, self._calls = effect.act, calls

    def strike(self, exchange: Exchange) -> None:
        """Do to a call what the rule says, if it is one of its calls and their turn."""
        at = to_milliseconds(exchange.at)
        if not (self._in_time(at) and self._calls.include(exchange.request)):
            return
        self.seen += 1
        if self._due(at) and self._act(exchange):
            self._count(at)
            exchange.faults.append(self.effect.name)


class Faults:
    """What goes wrong, one short method for each fault; each returns its `Rule`.

    All take a method and a path, which may leave ``/api/v1`` out and use ``*`` for one part and ``**`` for
    any number: ``("DELETE", "/positions/*")``. Left out, the rule is about every call: logins, and the handshake
    of the stream, ``("GET", "/connect")``. The keywords of `When` say how often and when. Rules act in the order
    in which they were added, and a rule does not see a call that another one ended before it.
    """

    def __init__(self, sessions: Sessions, streams: Streams, seed: int) -> None:
        self.stream = StreamFaults(self._add, self._add_to_stream)
        """What goes wrong on the stream, by rules as well: ``stream.drop(every=timedelta(minutes=1))``."""
        self._streams = streams
        streams.gate = self.carry_out
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
        return self._add(effects.hold_back("late_activity", seconds), "GET", "/history/activity", when)

    def late_transactions(self, seconds: float = 61, **when: Unpack[When]) -> Rule:
        """The same for the rows of the transaction history."""
        return self._add(effects.hold_back("late_transactions", seconds), "GET", "/history/transactions", when)

    def duplicate_rows(self, method: str | None = "GET", path: str | None = "/history/*", **when: Unpack[When]) -> Rule:
        """Every row of an answer's list comes twice; by default in both histories."""
        return self._add(effects.repeat(), method, path, when)

    # --- all of them --------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Nothing goes wrong any more; streams that were stalled or silenced go on."""
        for rule in self:
            rule.remove()
        self._streams.resume()
        self._streams.speak()

    def __iter__(self) -> Iterator[Rule]:
        return iter(tuple(self._rules))

    def __len__(self) -> int:
        return len(self._rules)

    def carry_out(self, exchange: Exchange, execute: Callable[[], tuple[Response, str | None]]) -> None:
        """Take a call through all rules, and execute it in between unless one of them ends it."""
        rules = [rule for rule in self if isinstance(rule, CallRule)]
        for rule in rules:
            if rule.early and not exchange.over:
                rule.strike(exchange)
        if not exchange.over:
            exchange.response, exchange.error_code = execute()
            exchange.executed = exchange.error_code is None
        for rule in rules:
            if not rule.early and exchange.response is not None:
                rule.strike(exchange)

    def _add(self, effect: Effect, method: str | None, path: str | None, when: When) -> Rule:
        calls = Calls(method=method, path=path, **when)
        rule = CallRule(self._next(), effect, calls, seed=self._seed, made=self._streams.now(), remove=self._drop)
        self._rules.append(rule)
        return rule

    def _add_to_stream(self, effect: StreamEffect, frames: Frames) -> Rule:
        rule = StreamRule(self._next(), effect, frames, seed=self._seed, made=self._streams.now(), remove=self._drop)
        self._streams.obey(rule)
        self._rules.append(rule)
        return rule

    def _next(self) -> int:
        self._made += 1
        return self._made

    def _drop(self, rule: Rule) -> None:
        if rule not in self._rules:
            return
        self._rules.remove(rule)
        if isinstance(rule, StreamRule):
            self._streams.release(rule)
