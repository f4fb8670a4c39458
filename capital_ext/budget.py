"""The budget: everything that one user sends, shared by all his clients in this process, and who sends next.

The API counts requests per user, logins per key and trades apart, and answers 429 to what is too much. Here every
request waits for its turn instead, whoever sends it: calls, their retries and logins, of threads and of tasks. The
windows are counted by pyrate-limiter's bucket, on our clock; what this file adds are the turns. Callers of a kind wait
in a line. There are two lanes: trades, and whatever else is small and urgent, go before market data, which is sent
evenly spaced; so the next place that becomes free, at most about a tenth of a second away, is the trade's, however many
candles wait. A login goes before both: everybody else is waiting for it.

Nobody runs in the background. The caller whose turn is next sleeps until it comes, takes it, and calls the one after.
"""

from __future__ import annotations

import itertools
import threading
import time
from bisect import insort
from collections import deque
from collections.abc import Callable, Generator
from functools import reduce
from weakref import WeakKeyDictionary, WeakValueDictionary

from attrs import define, field

from .quota import Kind, Quota
from .waiting import Bell, Pause, Sleep

__all__ = ["Budget", "Turn", "budget_for"]

OVERDUE_SECONDS = 1.0
"""Who was called, and for so long does not come, is passed over: its thread or event loop is stuck."""
MICROSECONDS = 1_000_000
"""Moments are whole microseconds of the clock. The bucket calls its unit milliseconds, and works with any."""
UNLIMITED = 1_000_000_000
"""More turns than a window ever counts."""

_SENT = frozenset({"http11.send_request_headers.complete", "http2.send_request_headers.complete"})
"""The events of httpx that say: the request is on its way."""
_LANES: dict[Kind, int] = {"login": 0, "session": 0, "trade": 1, "call": 1, "data": 2}
"""Which goes first. Whoever renews a session goes before those whose requests are worth nothing without it."""


class _Window:
    """At most ``limit`` turns in any ``seconds``."""

    def __init__(self, limit: int, seconds: float, forgiven: float = 0.0) -> None:
        from pyrate_limiter import InMemoryBucket, Rate, RateItem  # it takes long to import

        self._limit = limit
        self._length = max(2, round(seconds * MICROSECONDS))
        self._forgiven = round(forgiven * MICROSECONDS)
        self._bucket = InMemoryBucket([Rate(limit, self._length - 1)])  # which counts both ends
        self._item = RateItem

    def spaced(self) -> _Window:
        """The same rate, one by one. A turn taken less than one place late counts from when it was due."""
        spacing = self._length / MICROSECONDS / self._limit
        return _Window(1, spacing, forgiven=spacing)

    def remember(self, other: _Window) -> None:
        """Count what another one has counted."""
        self._bucket.items = [self._item("turn", each.timestamp) for each in other._bucket.items]

    def free_at(self, now: int) -> int:
        """The first moment from now on that has room for one more."""
        turns = self._bucket.items
        return now if len(turns) < self._limit else max(now, turns[-self._limit].timestamp + self._length)

    def take(self, now: int) -> None:
        # Whoever woke late does not hand its delay on to all who follow.
        earliest = now - self._forgiven
        due = self.free_at(earliest)
        at = due if due > earliest else now
        self._bucket.leak(at)
        if not self._bucket.put(self._item("turn", at)):
            raise AssertionError("a turn was taken before its time")

    def move(self, at: int, to: int) -> None:
        """Count a turn from later on than it was taken; but even spacing is about turns."""
        for item in self._bucket.items:
            if item.timestamp == at and not self._forgiven:
                item.timestamp = to
                self._bucket.items.sort(key=lambda each: each.timestamp)
                break


@define(eq=False)
class _Ticket:
    """A caller in a line."""

    number: int
    thread: int = field(factory=threading.get_ident)
    in_line: bool = False
    gone: bool = False
    bell: Bell | None = None
    """What it waits for while it is not the next."""
    expected: float = float("inf")
    """The moment of the computer's clock by which it should have come for its turn."""


@define(eq=False)
class _Line:
    """The callers of one kind, first come first served, and the windows that all have to have room for them."""

    kind: Kind
    windows: tuple[_Window, ...]
    """Those of all lines, and then its own."""
    tickets: list[_Ticket] = field(factory=list[_Ticket])

    def free_at(self, now: int) -> int:
        for window in self.windows:
            now = window.free_at(now)
        return now

    def take(self, now: int) -> None:
        for window in self.windows:
            window.take(now)


@define(eq=False)
class Turn:
    """The leave to send one request."""

    budget: Budget
    line: _Line
    at: int

    def refused(self) -> None:
        """The request was answered with 429."""
        self.budget.refused(self)

    def trace(self, event: str, info: object) -> None:
        """What httpx calls a request's ``trace`` extension: told of each event, this waits for the one of sending."""
        if event in _SENT:
            self.budget.sent(self)

    async def trace_async(self, event: str, info: object) -> None:
        """The same for ``httpx.AsyncClient``."""
        self.trace(event, info)


class Budget:
    """What one user has sent lately, and who waits for a turn."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._quotas: WeakKeyDictionary[object, Quota] = WeakKeyDictionary()  # those of all clients that there are
        self._members = 0  # for how many of them this is the strictest:
        self._quota = Quota.off()
        self._lock = threading.Lock()  # never held while anything is waited for
        self._numbers = itertools.count()
        self._lines: dict[Kind | int, _Line] = {}  # logins have one for each key
        self._calls: tuple[_Window, ...] | None = None
        self._pause: tuple[int, int] | None = None  # the last one after a 429: from, to

    def join(self, client: object, quota: Quota) -> None:
        """Have a client whose quota counts for as long as it exists."""
        with self._lock:
            self._quotas[client] = quota
            self._agree()

    def turn(
        self, kind: Kind, login_key: int, sleep: Sleep, still: Callable[[], object] = lambda: True
    ) -> Generator[Pause | Bell, object, Turn | None]:
        """Wait for a turn, and take it.

        Closing this generator gives the turn up; so does ``still``, asked when the turn has come, by something false.
        Then it returns None.
        """
        line = self._lines.get(login_key if kind == "login" else kind) or self._open(kind, login_key)
        with self._lock:
            now = self._now()
            if self._nobody_waits() and self._free_at(line, now) <= now:
                line.take(now)
                return Turn(self, line, now)
        return (yield from self._wait(line, sleep, still))

    def sent(self, turn: Turn) -> None:
        """A request is on its way only now: its thread was late, or had to connect first. It counts from here."""
        with self._lock:
            now = self._now()
            for window in turn.line.windows:
                window.move(turn.at, now)
            turn.at = now

    def refused(self, turn: Turn) -> None:
        """A request was answered with 429. Everybody pauses, once."""
        with self._lock:
            # Those sent before the pause are refused for the same reason: they don't make it longer.
            if self._pause is None or turn.at > self._pause[0]:
                now = self._now()
                # After a second without a request, of whatever the server has counted nothing is left.
                self._pause = now, now + round((1 + self._quota.jitter) * MICROSECONDS)

    # --- waiting ------------------------------------------------------------------------------------------------------

    def _wait(
        self, line: _Line, sleep: Sleep, still: Callable[[], object]
    ) -> Generator[Pause | Bell, object, Turn | None]:
        ticket = _Ticket(next(self._numbers))
        try:
            while True:
                step = self._look(ticket, line, sleep, still)
                if step is None or isinstance(step, Turn):
                    return step
                yield step
        finally:
            self._leave(ticket)

    def _nobody_waits(self) -> bool:
        for line in self._lines.values():  # noqa: SIM110 - each call passes here, and this is quicker
            if line.tickets:
                return False
        return True

    def _look(
        self, ticket: _Ticket, line: _Line, sleep: Sleep, still: Callable[[], object]
    ) -> Pause | Bell | Turn | None:
        """Take the turn if it has come; otherwise what to wait for before looking again."""
        with self._lock:
            now = self._now()
            if len(self._quotas) != self._members:  # nobody says when a client is gone
                self._agree()
            ticket.bell, ticket.expected = None, float("inf")
            if not ticket.in_line:
                insort(line.tickets, ticket, key=lambda each: each.number)
                ticket.in_line = True
            following, at = self._next(now, ticket)
            if following is not ticket:
                self._call(following)
                ticket.bell = Bell(OVERDUE_SECONDS)
                return ticket.bell
            if at > now:
                seconds = (at - now) / MICROSECONDS
                ticket.expected = time.monotonic() + seconds + OVERDUE_SECONDS
                return Pause(seconds, sleep)
            if not still():
                return None
            line.take(now)
            line.tickets.remove(ticket)
            ticket.gone = True
            self._call(self._next(now)[0])
            return Turn(self, line, now)

    def _leave(self, ticket: _Ticket) -> None:
        if ticket.gone:
            return
        ticket.gone = True
        # Not waited for long: the garbage collector may end a forgotten call while this very thread has the lock. Then
        # nobody is called, and the next one finds out by itself.
        if self._lock.acquire(timeout=0.05):
            try:
                self._call(self._next(self._now())[0])
            finally:
                self._lock.release()

    def _next(self, now: int, asking: _Ticket | None = None) -> tuple[_Ticket | None, int]:
        """Whose turn is next, and when it comes: the earliest; of several then, the prompt lane first, then by age."""
        best: tuple[int, int, int] | None = None
        following: _Ticket | None = None
        for line in self._lines.values():
            self._pass_over_the_stuck(line, asking)
            if line.tickets:
                first = line.tickets[0]
                rank = self._free_at(line, now), _LANES[line.kind], first.number
                if best is None or rank < best:
                    best, following = rank, first
        return following, best[0] if best else now

    def _pass_over_the_stuck(self, line: _Line, asking: _Ticket | None) -> None:
        while line.tickets and (line.tickets[0].gone or line.tickets[0].expected < time.monotonic()):
            first = line.tickets.pop(0)
            if first.gone:
                continue
            # If its event loop is stuck, so are all its other tasks: they are not waited for one by one. Whoever comes
            # after all finds its place again by its number.
            first.in_line = False
            for other in [each for each in line.tickets if each.thread == first.thread and each is not asking]:
                line.tickets.remove(other)
                other.in_line = False

    @staticmethod
    def _call(ticket: _Ticket | None) -> None:
        """Tell a waiting caller to look, unless it is about to do so anyway."""
        if ticket and ticket.bell:
            ticket.bell.ring()
            ticket.bell, ticket.expected = None, time.monotonic() + OVERDUE_SECONDS

    # --- windows ------------------------------------------------------------------------------------------------------

    def _open(self, kind: Kind, login_key: int) -> _Line:
        """The line for a kind of request, new where there is none yet."""
        with self._lock:
            if self._calls is None:
                self._calls = _windows(self._quota.calls_per_second, self._quota.jitter)
            name = login_key if kind == "login" else kind
            return self._lines.setdefault(name, _Line(kind, self._calls + self._own(kind)))

    def _own(self, kind: Kind) -> tuple[_Window, ...]:
        """The windows that only the lines of a kind have."""
        quota = self._quota
        if kind == "login":
            return _windows(quota.logins_per_second, quota.jitter)
        if kind == "trade":
            rate = quota.trades_per_second
            return _windows(rate, quota.jitter) if rate is None else (_Window(1, 1 / rate + quota.jitter),)
        if kind == "data" and self._calls and quota.calls_per_second is not None:
            return (self._calls[0].spaced(),)
        return ()

    def _agree(self) -> None:
        """Go by the strictest quota of all clients. What was sent under another one counts all the same."""
        quotas = list(self._quotas.values())
        self._members, quota = len(quotas), reduce(_both, quotas)
        if quota == self._quota:
            return
        self._quota, before = quota, self._calls
        if before is None:
            return
        self._calls = _counting_on(before, _windows(quota.calls_per_second, quota.jitter))
        for line in self._lines.values():
            line.windows = self._calls + _counting_on(line.windows[len(before) :], self._own(line.kind))

    def _free_at(self, line: _Line, now: int) -> int:
        return line.free_at(now if self._pause is None else max(now, self._pause[1]))

    def _now(self) -> int:
        return round(self._clock() * MICROSECONDS)


def _windows(rate: float | None, jitter: float) -> tuple[_Window, ...]:
    """A rate as a window of about a second, or as the time between two where it is less than one a second."""
    if rate is None:  # nobody is held up, but it is counted: a client that comes may have a limit
        return (_Window(UNLIMITED, 1 + jitter),)
    limit = max(1, int(rate))
    windows = (_Window(limit, limit / rate + jitter),)
    # At a rate like 9.5 that window is shorter than a second, and two of them must not find room in one.
    return windows if limit >= rate else (*windows, _Window(limit + 1, 1 + jitter))


def _both(one: Quota, other: Quota) -> Quota:
    """The quota of those who keep both."""
    return Quota(
        _lower(one.calls_per_second, other.calls_per_second),
        _lower(one.trades_per_second, other.trades_per_second),
        _lower(one.logins_per_second, other.logins_per_second),
        max(one.jitter, other.jitter),
    )


def _lower(one: float | None, other: float | None) -> float | None:
    return min((rate for rate in (one, other) if rate is not None), default=None)


def _counting_on(before: tuple[_Window, ...], after: tuple[_Window, ...]) -> tuple[_Window, ...]:
    """New windows that count what those did which they replace, of which the last one looks back furthest."""
    for window in after if before else ():
        window.remember(before[-1])
    return after


_budgets: WeakValueDictionary[tuple[object, ...], Budget] = WeakValueDictionary()
_latest: deque[Budget] = deque(maxlen=16)
"""Kept for a while after their last client is gone: the next one, a moment later, has to know what was sent."""
_budgets_lock = threading.Lock()


def budget_for(
    client: object, quota: Quota, address: str, identifier: str, clock: Callable[[], float]
) -> Budget | None:
    """The budget that all clients of this user share, this one now as well, or None if there are no limits for it."""
    if quota.is_off:
        return None
    name = address, hash(identifier.casefold()), clock
    with _budgets_lock:
        budget = _budgets.get(name)
        if budget is None:
            budget = _budgets[name] = Budget(clock)
        _latest.append(budget)
    budget.join(client, quota)
    return budget
