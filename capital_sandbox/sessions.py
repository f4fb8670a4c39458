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


class Sessions:
    """All sessions that are alive. Any number per customer: a new login ends none of the older ones."""

    def __init__(self, cap: int | None = None) -> None:
        self._cap = cap
        self._sessions: dict[str, Session] = {}

    def create(self, customer: Customer, now: int) -> Session:
        """Log a customer in, onto the preferred account."""
        self._sweep(now)
        # Random, not seeded: a token has to be unguessable even where everything else is repeatable.
        session = Session(customer, customer.preferred, token_urlsafe(18), token_hex(20), now, now)
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

    def knows(self, session: Session) -> bool:
        """Whether nobody has closed a session."""
        return self._sessions.get(session.client_token) is session

    def ends(self, session: Session) -> int:
        """When a session ends by itself if it is not used again."""
        idle = session.used + IDLE_LIMIT
        return idle if self._cap is None else min(idle, session.created + self._cap)

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
        self._sessions.pop(session.client_token, None)

    def close_token(self, client_token: str) -> bool:
        """End the session of a client token; returns whether there was one."""
        return self._sessions.pop(client_token, None) is not None

    def alive(self, now: int) -> list[Session]:
        """All sessions that can still be used."""
        return [session for session in self._sessions.values() if not self._dead(session, now)]

    def close_all(self) -> int:
        """End every session at once, as an incident would; returns how many there were."""
        count = len(self._sessions)
        self._sessions.clear()
        return count

    def _dead(self, session: Session, now: int) -> bool:
        return now >= self.ends(session)

    def _sweep(self, now: int) -> None:
        for session in [session for session in self._sessions.values() if self._dead(session, now)]:
            del self._sessions[session.client_token]
