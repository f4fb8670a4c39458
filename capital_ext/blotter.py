"""The blotter: the deals that were sent, and what the server's clock showed before each.

A deal whose answer was lost has no reference to ask for. It can only be recognised among what the account did, and for
that three things have to be known: what was sent, what else was sent that looks the same, and since when to look. The
last must not depend on this machine's clock, so it is taken from the server: whatever a deal did happened after the
answer that came last before it was sent.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakValueDictionary

from attrs import define, field

from .errors import OutcomeUnknownError
from .waiting import Line, Place

if TYPE_CHECKING:
    from capital_api.models import Confirmation

    from .deal import Deal, NotExecuted
    from .deals.as_asked import Seen

__all__ = ["Blotter", "Ticket", "blotter_for"]

POSITIONS = "/api/v1/positions"
DEALING = (POSITIONS, "/api/v1/workingorders")
MOST_TICKETS = 5_000
MOMENT = timedelta(milliseconds=100)
"""The API takes no two deals within it."""
UNREAD = 5.0
"""Seconds after which a change has been confirmed, whether anybody has read it or not."""


@define(eq=False)
class Ticket:
    """One deal as it was sent: opening, changing or closing a position, or the same with a working order."""

    method: str
    path: str
    body: Mapping[str, object] | None = field(repr=False)
    account_id: str | None
    """The account that the session was on; None when that is not known."""
    heard_before: datetime | None
    """The server's clock, to the second below, in the last answer before it was sent."""
    sent_at: datetime
    heard_after: datetime | None = None
    """The server's clock in the first answer after this one had none."""
    deal_reference: str | None = None
    """What the server queued it under; None while there is no answer."""
    over: bool = False
    """Whether it is certain that it was not executed: it was refused, or never left."""
    moved: bool = False
    """Whether the session was put on another account while it was under way."""
    told: Confirmation | None = field(default=None, repr=False)
    """What its confirmation said, once it was read."""
    before: Seen | None = field(default=None, repr=False)
    """What it was to change, as it was read for it; None when nobody did."""
    verdict: Deal | NotExecuted | None = field(default=None, repr=False)
    """What became of it, when that had to be looked up."""
    claims: frozenset[str] = field(default=frozenset(), repr=False)
    """The traces on the account that are known to be its own."""

    @property
    def unanswered(self) -> bool:
        """Whether nobody knows yet if the server ever took it."""
        return self.deal_reference is None and not self.over and self.verdict is None and not self.claims

    @property
    def target(self) -> str:
        """The id that it is about, for anything but an opening."""
        return self.path.rsplit("/", 1)[1]

    @property
    def is_close(self) -> bool:
        """Whether it closes a position."""
        return self.method == "DELETE" and self.is_position

    @property
    def is_position(self) -> bool:
        """Whether it is about a position, not a working order."""
        return self.path.startswith(POSITIONS)

    def asked(self, field: str) -> object:
        """A field of what was sent; empty for one that was not."""
        return (self.body or {}).get(field, "")

    def queued(self, answer: object) -> None:
        """The server took it."""
        reference = getattr(answer, "deal_reference", None)
        self.deal_reference = reference if isinstance(reference, str) else None


_LAST: ContextVar[Ticket | None] = ContextVar("capital_ext_last_ticket", default=None)
"""The newest ticket of this thread or task: thirty may be sending at once, and each has to find its own again."""


class _Book:
    """The tickets of one user in this process, newest last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tickets: deque[Ticket] = deque(maxlen=MOST_TICKETS)
        self.lines: WeakValueDictionary[str, Line] = WeakValueDictionary()  # each is held by those who stand in it


_books: WeakValueDictionary[tuple[object, ...], _Book] = WeakValueDictionary()
_books_lock = threading.Lock()


def blotter_for(
    address: str, identifier: str, clock: Callable[[], float], account_id: Callable[[], str | None]
) -> Blotter:
    """A client's blotter. All clients of a user write in one book: else one would take another's deal for its own."""
    name = address, hash(identifier.casefold()), clock
    with _books_lock:
        book = _books.get(name)
        if book is None:
            book = _books[name] = _Book()
    return Blotter(account_id, book)


class Blotter:
    """What a client sees and writes of its user's tickets. Thread safe."""

    def __init__(self, account_id: Callable[[], str | None] = lambda: None, book: _Book | None = None) -> None:
        self._account_id = account_id
        self._heard: str | None = None
        self._book = book or _Book()  # held by its clients, and gone with the last of them
        self._lock = self._book.lock
        self._tickets = self._book.tickets
        self._waiting: list[Ticket] = []

    def hear(self, date: str | None) -> None:
        """Take note of the ``Date`` of an answer."""
        if date is None:
            return
        self._heard = date  # read when a ticket is written, which is seldom
        if self._waiting:
            with self._lock:
                for ticket in self._waiting:
                    if ticket.heard_after is None:
                        ticket.heard_after = _instant(date)
                self._waiting.clear()

    def heard(self) -> datetime | None:
        """The server's clock in the newest answer."""
        return _instant(self._heard)

    def write(self, kwargs: Mapping[str, Any], sent_at: datetime) -> Ticket | None:
        """A ticket for a request that is about to be sent; None when it is no deal."""
        method, path = kwargs["method"].upper(), kwargs["url"]
        if method == "GET" or not path.startswith(DEALING):
            return None
        body = cast("Mapping[str, object] | None", kwargs.get("json"))
        ticket = Ticket(method, path, body, self._account_id(), _instant(self._heard), sent_at)
        with self._lock:
            self._tickets.append(ticket)
        _LAST.set(ticket)
        return ticket

    def lost(self, ticket: Ticket | None) -> None:
        """It went out and there is no answer to it."""
        if ticket is not None:
            account_id = self._account_id()
            ticket.moved = ticket.account_id not in (None, account_id)
            ticket.account_id = (
                ticket.account_id or account_id
            )  # a first deal is written before the login that it needs
            with self._lock:
                self._waiting.append(ticket)

    def last(self) -> Ticket:
        """The ticket of the deal that this thread or task sent last."""
        ticket = _LAST.get()
        assert ticket is not None, "only asked for after a deal was sent"
        ticket.account_id = ticket.account_id or self._account_id()
        return ticket

    def of(self, error: OutcomeUnknownError) -> Ticket:
        """The ticket that an error is about; one made from the error, if it comes from elsewhere."""
        with self._lock:
            same = [
                ticket
                for ticket in reversed(self._tickets)
                if (ticket.method, ticket.path, ticket.sent_at) == (error.method, error.path, error.sent_at)
                and (ticket.body, ticket.deal_reference) == (error.sent, error.deal_reference)
            ]
            # Two that look alike can have been sent in one tick of the clock: what was sent is then the very object.
            same.sort(key=lambda ticket: ticket.body is not error.sent)
            if same:
                return same[0]
            ticket = Ticket(error.method, error.path, error.sent, error.account_id, None, error.sent_at)
            ticket.deal_reference = error.deal_reference
            self._tickets.append(ticket)
            return ticket

    def claim(self, ticket: Ticket, traces: frozenset[str]) -> bool:
        """Say that traces are this deal's; False when they are another's already."""
        with self._lock:
            if any(other is not ticket and other.claims & traces for other in self._tickets):
                return False
            ticket.claims = traces
            return True

    def place(self, target: str) -> Place:
        """A place in the line of those who change a position or a working order."""
        with self._lock:
            line = self._book.lines.get(target)
            if line is None:
                line = self._book.lines[target] = Line(target)
            return Place(line)

    def just_before(self, ticket: Ticket) -> float:
        """How many seconds before this another change was sent whose confirmation nobody has read; 0 for none."""
        waits = (
            (ticket.sent_at - other.sent_at).total_seconds()
            for other in self.others(ticket)
            if other.path == ticket.path and other.told is None
        )
        return max((wait for wait in waits if 0 <= wait < UNREAD), default=0.0)

    def changed_just_now(self, target: str, now: datetime) -> bool:
        """Whether the same was changed at this moment: what is told about two such changes is dated alike."""
        with self._lock:
            return any(
                ticket.method == "PUT" and ticket.target == target and abs(now - ticket.sent_at) < MOMENT
                for ticket in self._tickets
            )

    def reference_of(self, order_id: str) -> str | None:
        """What everything about a working order is told under, if this client has heard it."""
        with self._lock:
            for ticket in self._tickets:
                if ticket.deal_reference is not None and not ticket.is_position:
                    if ticket.method == "POST" and ticket.told is not None and ticket.told.deal_id == order_id:
                        return ticket.deal_reference
                    if ticket.method != "POST" and ticket.target == order_id:
                        return ticket.deal_reference
        return None

    def in_doubt(self, ticket: Ticket) -> tuple[list[Ticket], list[Ticket], frozenset[str]]:
        """The other deals that were lost, before this one and after it, and the traces that are others', at one moment.

        Others may be looked up meanwhile: one that is no longer in doubt has its traces, and the other way round.
        """
        with self._lock:
            tickets = list(self._tickets)
            at = tickets.index(ticket) if ticket in tickets else 0
            claimed = frozenset[str]().union(*(other.claims for other in tickets if other is not ticket))
            before, after = (
                [other for other in some if other.unanswered and _same_account(ticket, other)]
                for some in (tickets[:at], tickets[at + 1 :])
            )
            return before, after, claimed

    def changes_since(self, ticket: Ticket, target: str) -> list[Ticket]:
        """The changes of a position or working order that were sent after a deal, oldest first."""
        changes = [other for other in self.others(ticket) if (other.method, other.target) == ("PUT", target)]
        with self._lock:
            tickets = list(self._tickets)
        # One that was made from an error is the last of all, whenever it was sent.
        after = tickets[tickets.index(ticket) + 1 :] if ticket in tickets else []
        return [other for other in changes if other in after or other.sent_at > ticket.sent_at]

    def others(self, ticket: Ticket) -> list[Ticket]:
        """The other deals that may have left traces on the same account, oldest first."""
        with self._lock:
            return [
                other
                for other in self._tickets
                if other is not ticket and (other.deal_reference or not other.over) and _same_account(ticket, other)
            ]


def _same_account(one: Ticket, other: Ticket) -> bool:
    return one.account_id is None or other.account_id in (None, one.account_id)


def _instant(date: str | None) -> datetime | None:
    try:
        return None if date is None else parsedate_to_datetime(date).astimezone(timezone.utc)
    except ValueError:
        return None
