"""What a call can raise: the server's answers (from ``capital_api``) and what can go wrong on the way to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from capital_api.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    CapitalError,
    InvalidInputError,
    NotFoundError,
    RateLimitError,
    ResponseParseError,
    ServerError,
)

if TYPE_CHECKING:
    from .stream.events import Topic

__all__ = [
    "ApiError",
    "AuthenticationError",
    "BadRequestError",
    "CapitalError",
    "DealRejectedError",
    "InvalidInputError",
    "LoginError",
    "NotExecutedError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "RateLimitError",
    "ResponseParseError",
    "ServerError",
    "SlowConsumerError",
    "SubscriptionRefusedError",
    "TransportError",
]


DEAD_SESSION = frozenset(
    {"error.invalid.session.token", "error.null.client.token", "error.security.client-token-missing"}
)
"""The codes of a 401 that mean: this session is over. The request was not executed."""


class LoginError(CapitalError):
    """No session could be opened, or not on the chosen account. The request that needed it was not sent."""

    def __init__(self, message: str, *, status_code: int | None = None, error_code: str | None = None) -> None:
        self.status_code = status_code
        """HTTP status of the refusal; None when there was no answer."""
        self.error_code = error_code
        """The API's own code, such as ``error.invalid.details``; None when there was none."""
        super().__init__(message)

    @property
    def is_refusal(self) -> bool:
        """Whether the same credentials would be refused again, and might get blocked."""
        return self.status_code in (400, 401, 403) and self.error_code not in DEAD_SESSION


class NotSentError(CapitalError):
    """No connection could be made: nothing left this machine. Sending it again is safe."""


class TransportError(CapitalError):
    """A read failed on the way, after its retries. Nothing was changed by it; reading again is safe."""


class OutcomeUnknownError(CapitalError):
    """A write left this machine and no clear answer came back. It may or may not have been executed.

    Do not send it again before you have looked. For a deal ``capital.deals.resolve(error)`` looks; for anything else
    read back what it should have changed.
    """

    executed = None

    def __init__(
        self,
        method: str,
        path: str,
        *,
        reason: str,
        sent: Mapping[str, object] | None,
        sent_at: datetime,
        status_code: int | None = None,
        error_code: str | None = None,
        content: bytes = b"",
        deal_reference: str | None = None,
        account_id: str | None = None,
    ) -> None:
        self.method = method
        """HTTP method of the write, in upper case."""
        self.path = path
        """Path of the write."""
        self.sent = sent
        """The JSON body as it was sent; None when it had none, and for ``/session``."""
        self.sent_at = sent_at
        """When it was sent, aware UTC, by this machine's clock."""
        self.status_code = status_code
        """HTTP status of the unclear answer; None when there was no answer."""
        self.error_code = error_code
        """The code in the unclear answer, if there was one."""
        self.content = content
        """The body of the unclear answer."""
        self.deal_reference = deal_reference
        """What the deal was queued under, when that much is known."""
        self.account_id = account_id
        """The account that it was sent on, when that is known."""
        hint = "; capital.deals.resolve(error) does that" if self.is_deal else ""
        super().__init__(
            f"{method} {path}: {reason}. It may have been executed: look at positions, working orders and activity "
            f"before sending it again{hint}."
        )

    @property
    def is_deal(self) -> bool:
        """Whether it is about a position or a working order, so that ``capital.deals.resolve`` can look it up."""
        return "/positions" in self.path or "/workingorders" in self.path


class NotExecutedError(CapitalError):
    """A deal whose answer was lost turned out not to have been executed. Sending it again is safe."""

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        self.reason = reason
        """The API's reason, when the deal was received and refused; None when it left no trace."""
        super().__init__(message)


class DealRejectedError(CapitalError):
    """The deal was queued and then refused: its confirmation says no. Nothing was opened, changed or closed."""

    def __init__(self, deal_reference: str, reason: str | None, *, epic: str | None = None) -> None:
        self.deal_reference = deal_reference
        """The reference whose confirmation says so."""
        self.reason = reason
        """The API's reason, such as ``RC_NOT_ENOUGH_MARGIN``; None when it gave none."""
        self.epic = epic
        """The market of the deal."""
        super().__init__(f"deal {deal_reference} was rejected: {reason or 'no reason given'}")


class SubscriptionRefusedError(CapitalError):
    """The server does not take a subscription of a stream. The stream's other subscriptions go on.

    Raised where events are taken; iterate again for the rest.
    """

    def __init__(self, topic: Topic, error_code: str | None) -> None:
        self.topic = topic
        """What was subscribed to: epic, and for candles their resolution and kind."""
        self.error_code = error_code
        """The server's own code; None when it gave none."""
        super().__init__(
            f"the stream refused {topic}: {error_code or 'no reason given'}.{_ADVICE.get(error_code or '', '')}"
        )


class SlowConsumerError(CapitalError):
    """Quotes came faster than they were taken, and some were left out. Iterate again for those that wait.

    Only with ``overflow="raise"``.
    """

    def __init__(self, dropped: int) -> None:
        self.dropped = dropped
        """How many were left out since the last time."""
        super().__init__(f"{dropped} quotes were left out: they came faster than they were taken")


_ADVICE = {
    "error.invalid.epic": " No market has this epic; capital.find looks by name.",
    "error.not-found.epic": " No market has this epic; capital.find looks by name.",
    "error.too-many.epics": " The server follows no more markets for this session; unsubscribe from others.",
    "error.too-many.requests": " The server lets this user open no more streams; close others, here or elsewhere.",
}
