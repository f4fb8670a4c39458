"""What is sent again, what a lost answer is called, and what is logged. Every facade call passes through here.

The rule is about money: a read may be sent again; a write only when it is certain that it was not executed, which is
after a connection that was never made, a login that got no answer, and a 429. (A 401 that names a dead session is
handled by the session, one layer down.) Anything else that goes wrong with a write is an `OutcomeUnknownError`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from datetime import datetime, timezone
from typing import Any, cast

import httpx
from attrs import field, frozen

from capital_api import Client
from capital_api.calls import AsyncCall, Call, finish
from capital_api.errors import ApiError, CapitalError, RateLimitError, ResponseParseError, ServerError

from .auth import LOGIN_MARK
from .blotter import Blotter, Ticket
from .errors import InvalidInputError, LoginError, NotSentError, OutcomeUnknownError, TransportError
from .logs import log, log_exchange
from .waiting import ABANDONED, Pause, Sleep

__all__ = ["Retries", "World", "async_policy", "sync_policy"]

_NEVER_CONNECTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# RuntimeError: a connection that belongs to an event loop which is gone.
_NO_ANSWER = (httpx.RequestError, httpx.InvalidURL, RuntimeError, OSError, UnicodeError)
_SECRET_HEADERS = ("CST", "X-SECURITY-TOKEN", "X-CAP-API-KEY")
_READS = frozenset({"get", "head"})


@frozen
class Retries:
    """How often and for how long a call is sent again, where that is safe.

    Args:
        attempts: Requests in all, the first included; 1 for no retries.
        first_wait: Seconds before the second one. Each further wait is twice as long, give or take a fifth.
        longest_wait: Seconds that no single wait exceeds.
        total: Seconds from the start of the call after which nothing is sent again.
    """

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 8.0
    total: float = 30.0

    def __attrs_post_init__(self) -> None:
        if self.attempts < 1:
            raise InvalidInputError(f"attempts counts the first request too, so it is at least 1, not {self.attempts}")

    def wait(self, attempt: int, error: CapitalError, luck: float) -> float:
        """Seconds to wait after the given attempt (1 is the first). ``luck`` is from 0 to 1."""
        # A 429 is about a budget for each second: anything shorter would meet it again.
        first = max(self.first_wait, 1.25) if isinstance(error, RateLimitError) else self.first_wait
        return min(first * 2.0 ** (attempt - 1) * (0.8 + 0.4 * luck), self.longest_wait)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@frozen
class World:
    """Time and chance, as a call meets them. Tests bring their own."""

    sleep: Sleep = field(factory=Sleep)
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    luck: Callable[[], float] = random.random
    real: Callable[[float], float] = float
    """How many real seconds to wait at most until so many have passed on this clock. A wait that something else can
    end, such as a message, is over then, and looks at the clock again."""


class _Send:
    """A step: send the request now."""


_SEND = _Send()
_Steps = Generator[_Send | Pause, Any, Any]
_Parse = Callable[..., Any]


def _steps(
    client: Client,
    retries: Retries,
    world: World,
    blotter: Blotter,
    kwargs: dict[str, Any],
    parse: _Parse,
    ok: tuple[int, ...],
) -> _Steps:
    is_read = kwargs["method"] in _READS
    started = world.clock()
    for attempt in range(1, retries.attempts + 1):
        sent_at, timer = world.now(), time.perf_counter()
        ticket = None if is_read else blotter.write(kwargs, sent_at)
        outcome: httpx.Response | Exception = yield _SEND
        try:
            if isinstance(outcome, Exception):
                raise _failure(kwargs, outcome, sent_at) from outcome
            blotter.hear(outcome.headers.get("Date"))
            answer = _answer(client, kwargs, outcome, parse, ok, timer)
            if ticket:
                ticket.queued(answer)
            return answer
        except (OutcomeUnknownError, ResponseParseError) as error:
            _note_loss(blotter, ticket, error)
            raise
        except (ApiError, NotSentError, LoginError, TransportError) as error:
            if isinstance(error, ApiError) and error.executed is None and not is_read:
                unclear = _unclear(kwargs, error, sent_at)
                _note_loss(blotter, ticket, unclear)
                raise unclear from error
            if ticket:
                ticket.over = True
            wait = retries.wait(attempt, error, world.luck())
            late = world.clock() - started + wait > retries.total
            if attempt == retries.attempts or late or ABANDONED.get()() or not _may_go_again(error, is_read):
                raise
            log.info("%s %s: %s; again in %.1f s", *_what(kwargs), type(error).__name__, wait)
        yield Pause(wait, world.sleep)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _note_loss(blotter: Blotter, ticket: Ticket | None, error: CapitalError) -> None:
    blotter.lost(ticket)
    if ticket is not None and isinstance(error, OutcomeUnknownError):
        error.account_id = ticket.account_id


def _may_go_again(error: CapitalError, is_read: bool) -> bool:
    certainly_not_executed = isinstance(error, (NotSentError, LoginError, RateLimitError))
    return certainly_not_executed or (is_read and isinstance(error, (TransportError, ServerError)))


def _answer(
    client: Client, kwargs: dict[str, Any], response: httpx.Response, parse: _Parse, ok: tuple[int, ...], timer: float
) -> Any:
    error_code: str | None = None
    try:
        return finish(client, response, parse, ok)
    except ApiError as error:
        error_code = error.error_code
        raise
    finally:
        log_exchange(*_what(kwargs), response.status_code, error_code, timer)


def _failure(kwargs: dict[str, Any], error: Exception, sent_at: datetime) -> CapitalError:
    """The error for a request without an answer. It names the exception, whose text may hold more than it should."""
    method, path = _what(kwargs)
    name = type(error).__name__
    if request := _request_of(error):
        for header in _SECRET_HEADERS:
            request.headers.pop(header, None)  # the error is kept as the cause of ours, and it keeps its request
    log.info("%s %s: %s", method, path, name)
    if isinstance(error, httpx.InvalidURL):
        return InvalidInputError(f"{method} {path[:100]}: no address can hold this ({error}). Nothing was sent.")
    if isinstance(error, _NEVER_CONNECTED):
        return NotSentError(f"{method} {path}: no connection ({name}). Nothing was sent; sending it again is safe.")
    if _was_login(error):
        return LoginError(f"{method} {path}: the login before it got no answer ({name}). Your request was not sent.")
    if kwargs["method"] in _READS:
        return TransportError(f"{method} {path}: no answer ({name}). Reading again is safe.")
    return OutcomeUnknownError(method, path, reason=f"no answer ({name})", sent=_body(kwargs), sent_at=sent_at)


def _unclear(kwargs: dict[str, Any], error: ApiError, sent_at: datetime) -> OutcomeUnknownError:
    """The error for a write whose answer does not say whether it was executed, such as any 5xx."""
    code = f" {error.error_code}" if error.error_code else ""
    return OutcomeUnknownError(
        error.method,
        error.path,
        reason=f"the answer was {error.status_code}{code}",
        sent=_body(kwargs),
        sent_at=sent_at,
        status_code=error.status_code,
        error_code=error.error_code,
        content=error.content,
    )


def _was_login(error: Exception) -> bool:
    request = _request_of(error)
    return request is not None and LOGIN_MARK in request.extensions


def _request_of(error: Exception) -> httpx.Request | None:
    request: object = getattr(error, "_request", None)  # the public property raises where there is none
    return request if isinstance(request, httpx.Request) else None


def _body(kwargs: dict[str, Any]) -> dict[str, object] | None:
    return None if kwargs["url"].endswith("/session") else cast("dict[str, object] | None", kwargs.get("json"))


def _what(kwargs: dict[str, Any]) -> tuple[str, str]:
    return kwargs["method"].upper(), kwargs["url"]


def _closed(kwargs: dict[str, Any]) -> NotSentError:
    return NotSentError(f"{' '.join(_what(kwargs))}: this client is closed; make a new one. Nothing was sent.")


def sync_policy(
    client: Client, retries: Retries = Retries(), world: World = World(), blotter: Blotter | None = None
) -> Call:
    """The `Call` of `Capital`: carries the steps out on this thread."""
    deals = blotter or Blotter()

    def call(kwargs: dict[str, Any], parse: _Parse, *, ok: tuple[int, ...]) -> Any:
        http = client.get_httpx_client()
        steps = _steps(client, retries, world, deals, kwargs, parse, ok)
        try:
            step = next(steps)
            while True:
                if isinstance(step, Pause):
                    step.wait()
                    step = next(steps)
                    continue
                if http.is_closed:
                    raise _closed(kwargs)
                try:
                    outcome: httpx.Response | Exception = http.request(**kwargs)
                except _NO_ANSWER as error:
                    outcome = error
                step = steps.send(outcome)
        except StopIteration as end:
            return end.value

    return call


def async_policy(
    client: Client, retries: Retries = Retries(), world: World = World(), blotter: Blotter | None = None
) -> AsyncCall:
    """The `AsyncCall` of `AsyncCapital`: carries the steps out in the running event loop."""
    deals = blotter or Blotter()

    async def call(kwargs: dict[str, Any], parse: _Parse, *, ok: tuple[int, ...]) -> Any:
        http = client.get_async_httpx_client()
        steps = _steps(client, retries, world, deals, kwargs, parse, ok)
        try:
            step = next(steps)
            while True:
                if isinstance(step, Pause):
                    await step.wait_async()
                    step = next(steps)
                    continue
                if http.is_closed:
                    raise _closed(kwargs)
                try:
                    outcome: httpx.Response | Exception = await http.request(**kwargs)
                except _NO_ANSWER as error:
                    outcome = error
                step = steps.send(outcome)
        except StopIteration as end:
            return end.value

    return call
