"""Sessions: two tokens that stand for a customer and the account that is active."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex, token_urlsafe

from .accounts import Account, Customer
from .refusals import Refusal

IDLE_LIMIT = 10 * 60 * 1000
"""A session ends this many milliseconds after its last use."""


@dataclass(slots=True, eq=False)
class Session:
    """One login. The client token stays; the security token changes with the account."""

    customer: Customer
    account: Account
    client_token: str
    security_token: str
    created: int
    used: int
    streamed: int
    """When a stream was heard last that speaks for it. By this streams live on, and no other call does."""
    closed: bool = False
    """Whether somebody has ended it, before its time."""


class Sessions:
    """All sessions that are alive. Any number per customer: a new login ends none of the older ones."""

    def __init__(self, cap: int | None = None) -> None:
        self._cap = cap
        self._sessions: dict[str, Session] = {}

    def create(self, customer: Customer, now: int) -> Session:
        """Log a customer in, onto the preferred account."""
        self._sweep(now)
        # Random, not seeded: a token has to be unguessable even where everything else is repeatable.
        session = Session(customer, customer.preferred, token_urlsafe(18), token_hex(20), now, now, now)
        self._sessions[session.client_token] = session
        return session

    def authenticate(self, headers: Mapping[str, str], now: int) -> Session:
        """The session that a request belongs to; using it makes it live on."""
        client, security = headers.get("cst"), headers.get("x-security-token")
        if not client or not security:
            raise Refusal(400, "error.null.client.token")
        session = self.find(client, security, now)
        if session is None:
            raise Refusal(401, "error.invalid.session.token")
        session.used = now
        return session

    def find(self, client_token: str, security_token: str, now: int) -> Session | None:
        """The living session of two tokens, without using it."""
        session = self._sessions.get(client_token)
        if session is None or session.security_token != security_token or self._dead(session, now):
            return None
        return session

    def ends(self, session: Session) -> int:
        """When a session ends by itself if it is not used again."""
        return self._capped(session, session.used + IDLE_LIMIT)

    def leaves_streams(self, session: Session) -> int:
        """When a session ends for the streams that speak for it: a ping on one of them is a use there."""
        return self._capped(session, max(session.used, session.streamed) + IDLE_LIMIT)

    def switch(self, session: Session, account_id: str) -> None:
        """Make another account the active one, for this session only; the old security token dies."""
        account = session.customer.accounts.get(account_id)
        if account is None:
            raise Refusal(400, "error.invalid.accountId")
        if account is session.account:
            raise Refusal(400, "error.not-different.accountId")
        session.account = account
        session.security_token = token_hex(20)

    def close(self, session: Session) -> None:
        """Log out."""
        self.close_token(session.client_token)

    def close_token(self, client_token: str) -> bool:
        """End the session of a client token; returns whether there was one."""
        session = self._sessions.pop(client_token, None)
        if session is not None:
            session.closed = True
        return session is not None

    def alive(self, now: int) -> list[Session]:
        """All sessions that can still be used."""
        return [session for session in self._sessions.values() if not self._dead(session, now)]

    def close_all(self) -> int:
        """End every session at once, as an incident would; returns how many there were."""
        return sum(self.close_token(client_token) for client_token in tuple(self._sessions))

    def _capped(self, session: Session, end: int) -> int:
        return end if self._cap is None else min(end, session.created + self._cap)

    def _dead(self, session: Session, now: int) -> bool:
        return now >= self.ends(session)

    def _sweep(self, now: int) -> None:
        for session in [each for each in self._sessions.values() if now >= self.leaves_streams(each)]:
            del self._sessions[session.client_token]
