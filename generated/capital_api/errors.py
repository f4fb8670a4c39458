"""What a call can raise. Every error says what happened, carries the machine's code, and answers: was it executed?"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

__all__ = [
    "ApiError",
    "AuthenticationError",
    "BadRequestError",
    "CapitalError",
    "InvalidInputError",
    "NotFoundError",
    "RateLimitError",
    "ResponseParseError",
    "ServerError",
    "UnexpectedStatus",
]


class UnexpectedStatus(Exception):
    """An undocumented status, from a low-level function whose client has ``raise_on_unexpected_status`` set."""

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(f"unexpected status {status_code}")


class CapitalError(Exception):
    """The root of everything that a call can raise.

    No instance ever holds a header, a token, a password or the body of a login.
    """

    executed: bool | None = False
    """Whether the server carried the request out: True, False, or None when nobody can tell without looking."""

    def __reduce__(
        self,
    ) -> tuple[Callable[..., CapitalError], tuple[type[CapitalError], object, dict[str, object]]]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[CapitalError], args: tuple[object, ...], state: dict[str, object]) -> CapitalError:
    """Rebuild an error that was pickled, so that it survives a process pool."""
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InvalidInputError(CapitalError, ValueError):
    """An argument that the API could not accept. Nothing was sent; correct it and call again."""


class ApiError(CapitalError):
    """The server answered, and the answer was not a success."""

    def __init__(
        self,
        method: str,
        path: str,
        status_code: int,
        error_code: str | None,
        value: float | None,
        content: bytes,
    ) -> None:
        self.method = method
        """HTTP method of the request, in upper case."""
        self.path = path
        """Path of the request, without its query."""
        self.status_code = status_code
        """HTTP status of the answer."""
        self.error_code = error_code
        """The API's own code, such as ``error.not-found.epic``; None when the body had none."""
        self.value = value
        """The number behind the code, such as the nearest level allowed in ``error.invalid.stoploss.minvalue: 17.146``."""
        self.content = content
        """The body as it came, for codes that are not in the documentation. Empty for ``/session``."""
        refused = status_code in _BY_STATUS or (400 <= status_code < 500 and error_code is not None)
        self.executed = False if refused else None
        code = error_code or "no error code"
        text = f"{method} {path}: {status_code} {code}" + (f" ({value:g})" if value is not None else "")
        advice = ERROR_CODES.get(error_code or "")
        super().__init__(f"{text}. {advice}" if advice else text)


class BadRequestError(ApiError):
    """400: the API refused the input. ``error_code`` says what, ``value`` the bound where there is one."""


class AuthenticationError(ApiError):
    """401 or 403: the API did not accept the session, even after a new login."""


class NotFoundError(ApiError):
    """404: nothing has this epic, deal id, deal reference or watchlist id, or there are no candles in the window."""


class RateLimitError(ApiError):
    """429: more than ten requests a second for the user, or one login a second for the key. Wait, then try again."""


class ServerError(ApiError):
    """5xx: the API, or something in front of it, failed. Whether a write was executed is not known."""


class ResponseParseError(CapitalError):
    """A success whose body did not have the documented shape. It happened; ``content`` is what came back."""

    executed = True

    def __init__(self, method: str, path: str, status_code: int, content: bytes, problem: str) -> None:
        self.method = method
        """HTTP method of the request, in upper case."""
        self.path = path
        """Path of the request, without its query."""
        self.status_code = status_code
        """HTTP status of the answer, a success."""
        self.content = content
        """The body as it came. Empty for ``/session``."""
        advice = "" if method == "GET" else " It was executed: do not send it again."
        super().__init__(
            f"{method} {path}: the server answered {status_code}, but the body could not be read ({problem}). "
            f"It is kept in .content.{advice}"
        )


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFoundError,
    429: RateLimitError,
}


def api_error(method: str, path: str, status_code: int, content: bytes, body: object) -> ApiError:
    """The error that stands for an answer which is no success. ``body`` is the decoded JSON, or None."""
    error_code, value = split_code(
        cast("dict[str, object]", body).get("errorCode") if isinstance(body, dict) else None
    )
    kind = _BY_STATUS.get(status_code, ServerError if status_code >= 500 else ApiError)
    return kind(method, path, status_code, error_code, value, content)


def split_code(code: object) -> tuple[str | None, float | None]:
    """The code and the number behind it: ``"error.invalid.stoploss.minvalue: 17.146"`` carries both."""
    if not isinstance(code, str):
        return None, None
    head, _, tail = code.partition(": ")
    try:
        return head, float(tail) if tail else None
    except ValueError:
        return head, None


ERROR_CODES: dict[str, str] = {
    "error.null.client.token": "The request carried no session.",
    "error.invalid.session.token": "The session has ended. The client logs in again by itself, so a new session was refused as well.",
    "error.too-many.requests": "More than ten requests a second for the user, or one login a second for the key, counted over all programs. Wait and try again.",
    "error.invalid.daterange": "The dates do not fit: from after to, in the future, wider than the call allows, or with a zone.",
    "error.not-found.dealId": "Nothing has this id in the active account, or not any more: it was closed, filled, cancelled, or has expired.",
    "error.not-found.epic": "No market has this epic. Epics are upper case; markets.search finds them.",
    "error.vallidation.guaranteed-stop-loss.required": "This account must use a guaranteed stop: send guaranteedStop true, on every update as well.",
    "error.null.api.key": "The API key header is missing.",
    "error.invalid.api.key": "The key is unknown here, or belongs to the other environment.",
    "error.invalid.details": "The identifier or the key's custom password is wrong, or the password belongs to another key.",
    "error.null.accountId": "This login has no account in this environment, for example a live key on demo.",
    "error.invalid.accountId": "This login has no such account.",
    "error.not-different.accountId": "The account is active already. Take it as success.",
    "error.invalid.leverage.value": "The leverage is not among those available for the group.",
    "error.invalid.account": "The active account is not a demo account.",
    "error.invalid.amount": "The amount is outside -400000 to 400000.",
    "error.account.limit.reached": "The balance would exceed 100 000.",
    "error.invalid.from": "`from` is malformed or carries a zone.",
    "error.invalid.to": "`to` is malformed or carries a zone.",
    "error.invalid.stoploss.minvalue": "The stop lies below the lowest level allowed now; that price follows the colon.",
    "error.invalid.stoploss.maxvalue": "The stop lies above the highest level allowed now; that price follows the colon.",
    "error.invalid.stoploss": "The stop is not possible; no bound is given (reported, not documented).",
    "error.invalid.takeprofit.minvalue": "The profit target lies below the lowest level allowed now; that price follows the colon.",
    "error.invalid.takeprofit.maxvalue": "The profit target lies above the highest level allowed now; that price follows the colon.",
    "error.invalid.size": "The size is not a multiple of the market's `minSizeIncrement`.",
    "error.invalid.size.minvalue": "The size is below the market's `minDealSize`; the bound follows the colon.",
    "error.invalid.size.maxvalue": "The size is above the market's `maxDealSize`; the bound follows the colon.",
    "error.validation.limit.price": "A limit order's level is already reached: a buy needs a level below the market, a sell above it.",
    "error.validation.stop.price": "A stop order's level is already passed or too near: a buy needs a level above the market, a sell below it.",
    "error.not-in-future.goodTillDate": "`goodTillDate` is not in the future.",
    "error.not-found.dealReference": "Not confirmed yet, or the reference is unknown or too old. The answer is the same for all three.",
    "error.invalid.limit": "`limit` is 0 or above 500.",
    "error.null.searchTerm": "`searchTerm` is empty.",
    "error.null.epic": "`epics` is empty.",
    "error.invalid.resolution": "The resolution is unknown.",
    "error.invalid.max": "`max` is above 1000.",
    "error.invalid.max.daterange": "The range holds more than `max` - 1 steps of the resolution. Raise `max` or shorten the range.",
    "error.prices.not-found": "No candle in this window: a weekend, closed hours, or before the history begins. It does not mean that the epic is unknown.",
    "error.size.createwatchlistrequest.name": "The name is empty or longer than 20 characters.",
    "error.invalid.watchlist": "No watchlist has this id.",
    "error.not-found.watchlist": "No watchlist has this id.",
}
"""What each documented error code means, and what to do about it."""
