"""The blotter: the deals that this client sent, and what the server's clock showed before each.

A deal whose answer was lost has no reference to ask for. It can only be recognised among what the account did, and for
that three things have to be known: what was sent, what else was sent that looks the same, and since when to look. The
last must not depend on this machine's clock, so it is taken from the server: whatever a deal did happened after the
answer that came last before it was sent.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, cast

from attrs import define, field

from .errors import OutcomeUnknownError, ResponseParseError

__all__ = ["Blotter", "Ticket"]

DEALING = ("/api/v1/positions", "/api/v1/workingorders")
MOST_TICKETS = 5_000


@define(eq=False)
class Ticket:
    """One deal as it was sent: opening, changing or closing a position, or the same with a working order."""

    method: str
    path: str
    body: Mapping[str, object] | None = field(repr=False)
    account_id: str | None
    """The account that the session was on."""
    heard_before: datetime | None
    """The server's clock, to the second below, in the last answer before it was sent."""
    sent_at: datetime
    heard_after: datetime | None = None
    """The server's clock in the first answer after this one had none."""
    deal_reference: str | None = None
    """What the server queued it under; None while there is no answer."""
    over: bool = False
    """Whether it is known what became of it: it was refused, or looked up."""
    ids: frozenset[str] = frozenset()
    """What it opened, when that had to be looked up."""
    answer: object = field(default=None, repr=False)

    @property
    def unanswered(self) -> bool:
        """Whether nobody knows yet if the server ever took it."""
        return self.deal_reference is None and not self.over

    def queued(self, answer: object) -> None:
        """The server took it."""
        reference = getattr(answer, "deal_reference", None)
        self.answer, self.deal_reference = answer, reference if isinstance(reference, str) else None


class Blotter:
    """The tickets of one client, newest last. Thread safe."""

    def __init__(self, account_id: Callable[[], str | None] = lambda: None) -> None:
        self._account_id = account_id
        self._heard: str | None = None
        self._lock = threading.Lock()
        self._tickets: deque[Ticket] = deque(maxlen=MOST_TICKETS)
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
        return ticket

    def lost(self, ticket: Ticket | None) -> None:
        """It went out and there is no answer to it."""
        if ticket is not None:
            with self._lock:
                self._waiting.append(ticket)

    def answered(self, answer: object) -> Ticket:
        """The ticket that this very answer belongs to."""
        with self._lock:
            return next(ticket for ticket in reversed(self._tickets) if ticket.answer is answer)

    def of(self, error: OutcomeUnknownError) -> Ticket:
        """The ticket that an error is about; one made from the error, if it comes from elsewhere."""
        with self._lock:
            for ticket in reversed(self._tickets):
                if (ticket.method, ticket.path, ticket.sent_at) == (error.method, error.path, error.sent_at):
                    return ticket
        return Ticket(
            error.method,
            error.path,
            error.sent,
            self._account_id(),
            None,
            error.sent_at,
            deal_reference=error.deal_reference,
        )

    def unreadable(self, error: ResponseParseError) -> Ticket:
        """The ticket whose answer this was."""
        with self._lock:
            return next(
                ticket
                for ticket in reversed(self._tickets)
                if (ticket.method, ticket.path) == (error.method, error.path) and ticket.unanswered
            )

    def beside(self, ticket: Ticket) -> list[Ticket]:
        """The other deals that leave the same traces, newest last, but for those that were refused."""
        with self._lock:
            return [
                other
                for other in self._tickets
                if other is not ticket
                and (other.method, other.path, other.account_id) == (ticket.method, ticket.path, ticket.account_id)
                and (ticket.method != "POST" or other.body == ticket.body)
                and (other.ids or other.deal_reference or not other.over)
            ]

    def closings(self) -> list[Ticket]:
        """Every closing of a position."""
        with self._lock:
            return [
                ticket for ticket in self._tickets if ticket.method == "DELETE" and ticket.path.startswith(DEALING[0])
            ]


def _instant(date: str | None) -> datetime | None:
    try:
        return None if date is None else parsedate_to_datetime(date).astimezone(timezone.utc)
    except ValueError:
        return None
