"""The session as an httpx auth flow: log in when needed, put the tokens on, survive their end, keep the account.

One generator of steps (`CapitalAuth._steps`) holds all the logic. A step is a request to send, or something to wait
for; two drivers at the end of the file carry the steps out, one for threads and one for tasks.

Three facts about httpx shape it: it closes a flow on a transport error (nothing is thrown in, so cleaning up must sit
in ``finally``), a request built by hand has no timeout unless it is given one, and every request of a flow ends up in
``response.history``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, cast

import httpx
from attrs import field, frozen

from capital_api.calls import decoded
from capital_api.errors import ERROR_CODES, split_code

from .budget import Turn, budget_for
from .credentials import Credentials
from .encryption import encrypt_password
from .errors import DEAD_SESSION, InvalidInputError, LoginError
from .logs import hide_tokens_in_transport_logs, log_exchange
from .quota import Quota, kind_of
from .waiting import Bell, Flight, Pause, Sleep

IDLE_SECONDS = 600.0
"""The API ends a session ten minutes after its last use."""
MARGIN_SECONDS = 30.0
"""A session this close to its end is not relied on any more."""
REFUSAL_SECONDS = 30.0
"""For so long a refused login is not tried again: the same credentials would be refused, and may get blocked."""
LOGIN_WAITS = (1.0, 2.0, 4.0)
"""Seconds before a login that met 429 or 5xx is tried again; after the last one it has failed."""

SAME_ACCOUNT = "error.not-different.accountId"
"""How the API refuses a switch to the account that is active already."""
NO_ACCOUNT = "error.invalid.accountId"
"""How it refuses a switch to an account that is not there."""

API = "/api/v1"
KEY, SESSION, TIME = "/session/encryptionKey", "/session", "/time"
LOGIN_MARK = "capital_ext.login"
"""Marks the requests of a login in ``request.extensions``, so that their failures can be told from the caller's."""
TURN = "capital_ext.turn"
"""Where a request has its turn, in the same place."""


@frozen
class _Tokens:
    """Both tokens of one session at one moment, and the number of the login that they come from."""

    cst: str = field(repr=False)
    security: str = field(repr=False)
    login: int

    @classmethod
    def of(cls, response: httpx.Response, login: int) -> _Tokens:
        """The pair that a login's answer carries."""
        return cls(response.headers.get("CST", ""), response.headers.get("X-SECURITY-TOKEN", ""), login)

    @property
    def complete(self) -> bool:
        return bool(self.cst and self.security)

    def rotated(self, response: httpx.Response) -> _Tokens:
        """The newest pair: what the response carries, and this one's where it carries none."""
        headers = response.headers
        cst, security = headers.get("CST", self.cst), headers.get("X-SECURITY-TOKEN", self.security)
        if cst == self.cst and security == self.security:
            return self
        return _Tokens(cst or self.cst, security or self.security, self.login)


_Step = httpx.Request | Flight | Pause | Bell
_Steps = Generator[_Step, Any, None]


class CapitalAuth(httpx.Auth):
    """Authenticates the requests of any ``httpx.Client`` or ``httpx.AsyncClient`` with a Capital.com session.

    The session is opened on the first request, through the same client, and renewed when it ends; the account that was
    chosen is made active again before an interrupted request goes out. One object can serve any number of clients,
    threads, tasks and event loops: they share one session and one login. Tokens go to the origin of ``base_url`` and
    nowhere else; leave ``follow_redirects`` off, since httpx copies these headers to wherever a redirect points.

    Args:
        credentials: Who logs in.
        base_url: Scheme, host and port of the API, such as ``Environment.DEMO.base_url``.
        account_id: The account to work on; None for the one that the login prefers.
        encrypt_password: Send the password encrypted (one more request for each login). False sends it as it is.
        quota: How often requests may be sent; what is more waits for its turn. See `Quota`.
        clock: Seconds that never go back.
        sleep: How to let time pass while a request waits for its turn.
        patience: Seconds to wait for another caller's login before giving up.

    Raises:
        InvalidInputError: ``base_url`` is no http or https address.
        LoginError: From any request that needs a session: the login was refused, kept failing, or the account could not
            be made active. The request was not sent.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str,
        account_id: str | None = None,
        encrypt_password: bool = True,
        quota: Quota = Quota(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = Sleep(),
        patience: float = 60.0,
    ) -> None:
        self._credentials = credentials
        self._base = api_address(base_url)
        self._origin = _origin(self._base)
        self._prefix = self._base.path.rstrip("/") + API
        self._encrypt = encrypt_password
        self._budget = budget_for(self, quota, str(self._base), credentials.identifier, clock)
        self._login_key = hash(credentials.api_key)
        self._clock = clock
        self._sleep = sleep
        self._patience = patience
        self._lock = threading.Lock()  # guards the fields below; held for assignments, never while anything is sent
        self._tokens: _Tokens | None = None
        self._used_at = 0.0
        self._logins = 0
        self._account = account_id
        self._landed: str | None = None  # the account that the last login began on
        self._flight: Flight | None = None
        self._refusal: tuple[float, LoginError] | None = None
        hide_tokens_in_transport_logs()

    def __repr__(self) -> str:
        return f"CapitalAuth({self._credentials!r}, base_url={str(self._base)!r}, account_id={self._account!r})"

    @property
    def account_id(self) -> str | None:
        """The account that every new login is put on: the last one chosen. None: the one that the login prefers."""
        return self._account

    @property
    def active_account_id(self) -> str | None:
        """The account that requests go to: the last one chosen, or else the one that the login prefers.

        None before the first login, and where that didn't tell and no account was chosen. Once known it stays known: a
        new login is put on the same account.
        """
        with self._lock:
            return (self._account or self._landed) if self._logins else None

    @property
    def idle_seconds(self) -> float | None:
        """For how long the session was not used; None while none is open, as far as this side can tell."""
        with self._lock:
            return None if self._usable() is None else self._clock() - self._used_at

    @property
    def stream_tokens(self) -> tuple[str, str] | None:
        """Both tokens, which every message of a stream has to carry; None while no session is open. Never log them."""
        with self._lock:
            tokens = self._usable()
            return None if tokens is None else (tokens.cst, tokens.security)

    def give_up(self, tokens: tuple[str, str]) -> None:
        """These tokens are of no use: have others, unless somebody has them already."""
        with self._lock:
            if self._tokens is not None and (self._tokens.cst, self._tokens.security) == tokens:
                self._tokens = None

    def start_over(self, account_id: str) -> None:
        """Give the session up, whatever it is on: the next request logs in, and goes to this account or nowhere."""
        with self._lock:
            self._tokens, self._account, self._refusal = None, account_id, None

    @property
    def has_session(self) -> bool:
        """Whether a session is open, as far as this side can tell."""
        with self._lock:
            return self._usable() is not None

    # --- the flow, written once ---------------------------------------------------------------------------------------

    def _steps(self, request: httpx.Request) -> _Steps:
        route = self._route(request)
        if route is None:
            yield request  # not the API: it gets nothing from us
            return
        if route in (("GET", TIME), ("GET", KEY), ("POST", SESSION)):
            yield from self._without_session(request, route)
            return
        # Asked before sending: afterwards a consumed stream can look like bytes.
        can_be_sent_again = isinstance(request.stream, httpx.ByteStream)
        for attempt in (1, 2):
            tokens, turn = yield from self._tokens_and_turn(request, route)
            _put(request, tokens)
            sent_at = self._clock()
            response = yield from self._send(request, route, tokens, turn)
            # httpx lists every request of the flow here; only redirects are the caller's business.
            response.history = [earlier for earlier in response.history if earlier.has_redirect_location]
            if not _session_is_dead(response):
                self._learn(request, route, tokens, response, sent_at)
                return
            self._drop(tokens)
            # The server refused it before doing anything, so even an order may go out again, once.
            if attempt == 2 or not can_be_sent_again:
                return

    def _without_session(self, request: httpx.Request, route: tuple[str, str]) -> _Steps:
        for name in ("CST", "X-SECURITY-TOKEN"):
            request.headers.pop(name, None)
        if route[1] != TIME:
            request.headers["X-CAP-API-KEY"] = self._credentials.api_key
        yield from self._exchange(request, (yield from self._turn(*route)))

    def _send(
        self, request: httpx.Request, route: tuple[str, str], tokens: _Tokens, turn: Turn | None
    ) -> Generator[_Step, Any, httpx.Response]:
        response: httpx.Response | None = None
        try:
            response = yield from self._exchange(request, turn)
        finally:
            # A switch or logout without a clear answer leaves a session that nobody knows the account of.
            # Forgetting it is safe: the next login goes to the account that is remembered.
            if route[1] == SESSION and route[0] != "GET" and (response is None or response.status_code >= 500):
                self._forget(tokens.login)
        assert response is not None
        return response

    def _tokens_and_turn(
        self, request: httpx.Request, route: tuple[str, str]
    ) -> Generator[_Step, Any, tuple[_Tokens, Turn | None]]:
        try:
            while True:
                yield from self._open_session(request)
                # The turn can take a while. It is not spent on a session that has ended meanwhile, and the tokens are
                # those of now.
                turn = yield from self._turn(*route, request.url.query.decode("ascii"), still=self._usable)
                with self._lock:
                    if (turn or self._budget is None) and (tokens := self._usable()):
                        return tokens, turn
        except LoginError as error:
            if route != ("PUT", SESSION) or error.error_code != NO_ACCOUNT:
                raise
        # The remembered account is gone, and this request chooses another. Nobody else gets to use this session.
        tokens = yield from self._log_in(request, share=False)
        return tokens, (yield from self._turn(*route))

    def _open_session(self, request: httpx.Request) -> Generator[_Step, Any, _Tokens]:
        """The tokens of the current session, after logging in or waiting for whoever does."""
        started, too_late = self._clock(), False
        while True:
            with self._lock:
                if tokens := self._usable():
                    return tokens
                if self._refusal and self._clock() < self._refusal[0] + REFUSAL_SECONDS:
                    raise _again(self._refusal[1])
                if too_late:
                    raise LoginError(
                        f"logins were interrupted for {self._patience:g} seconds while this request waited; call again"
                    )
                flight, leading = self._flight, self._flight is None
                if flight is None:
                    flight = self._flight = Flight(self._patience)
            if leading:
                return (yield from self._lead(request, flight))
            refusal: LoginError | None = yield flight
            if refusal is not None:
                if flight.stuck:
                    self._leave(flight)  # so that the next caller starts afresh
                raise _again(refusal)
            too_late = self._clock() > started + self._patience

    def _lead(self, request: httpx.Request, flight: Flight) -> Generator[_Step, Any, _Tokens]:
        refusal: LoginError | None = None
        try:
            return (yield from self._log_in(request))
        except LoginError as error:
            refusal = error
            if error.is_refusal:
                with self._lock:
                    self._refusal = self._clock(), error
            raise
        finally:  # reached by cancellation and transport errors too: then one of the waiters takes over
            self._leave(flight)
            flight.land(refusal)

    def _log_in(self, request: httpx.Request, *, share: bool = True) -> Generator[_Step, Any, _Tokens]:
        # No local here holds a password or a token by itself: tracebacks can show locals.
        key = (yield from self._ask(request, "GET", KEY, api_key=True)) if self._encrypt else None
        response = yield from self._ask(request, "POST", SESSION, self._login_body(key), api_key=True)
        _require_success(response, "the login")
        with self._lock:
            self._logins += 1
            tokens = _Tokens.of(response, self._logins)
            self._landed = _text(response, "currentAccountId")
        if not tokens.complete:
            raise LoginError("the login was answered without tokens", status_code=response.status_code)
        # A fresh login is on the preferred account. Nobody may use it before the chosen one is active again, which is
        # looked up anew after each switch: an answer to somebody's own switch may have arrived meanwhile.
        active: str | None = None
        while share:
            with self._lock:
                account = self._account
                if account == active:
                    self._tokens, self._used_at, self._refusal = tokens, self._clock(), None
                    break
            response = yield from self._ask(request, "PUT", SESSION, {"accountId": account}, tokens=tokens)
            if _error_code(response) != SAME_ACCOUNT:
                _require_success(response, f"logged in, but making account {account} active")
            tokens, active = tokens.rotated(response), account
        return tokens

    def _login_body(self, key: httpx.Response | None) -> dict[str, object]:
        return {
            "identifier": self._credentials.identifier,
            "password": self._credentials.password if key is None else self._ciphertext(key),
            "encryptedPassword": key is not None,
        }

    def _ciphertext(self, response: httpx.Response) -> str:
        _require_success(response, "the encryption key")
        body = decoded(response)
        fields: dict[str, object] = cast("dict[str, object]", body) if isinstance(body, dict) else {}
        key, timestamp = fields.get("encryptionKey"), fields.get("timeStamp")
        if not isinstance(key, str) or not isinstance(timestamp, int):
            raise LoginError("the server's encryption key could not be read", status_code=response.status_code)
        try:
            return encrypt_password(self._credentials.password, key, timestamp)
        except InvalidInputError as error:
            raise LoginError(f"the password could not be encrypted: {error}") from error

    def _ask(
        self,
        request: httpx.Request,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        *,
        api_key: bool = False,
        tokens: _Tokens | None = None,
    ) -> Generator[_Step, Any, httpx.Response]:
        """Send one request of a login; a server that is busy or broken is asked again, a bounded number of times."""
        for wait in (*LOGIN_WAITS, None):
            turn = yield from self._turn(method, path)
            step = self._login_request(request, method, path, body)
            if api_key:
                step.headers["X-CAP-API-KEY"] = self._credentials.api_key
            if tokens is not None:
                _put(step, tokens)
            started = time.perf_counter()
            response = yield from self._exchange(step, turn)
            log_exchange(method, step.url.path, response.status_code, _error_code(response), started)
            if wait is None or not (response.status_code == 429 or response.status_code >= 500):
                return response
            yield Pause(wait, self._sleep)
        raise AssertionError("unreachable: the last wait is None")

    def _turn(
        self, method: str, path: str, query: str = "", still: Callable[[], object] = lambda: True
    ) -> Generator[_Step, Any, Turn | None]:
        """Wait until the quota lets this request go. None without a quota, or if ``still`` did not hold any more."""
        if self._budget is None:
            return None
        return (yield from self._budget.turn(kind_of(method, path, query), self._login_key, self._sleep, still))

    def _exchange(self, request: httpx.Request, turn: Turn | None) -> Generator[_Step, Any, httpx.Response]:
        """Send a request that has had its turn."""
        if turn is not None:
            request.extensions[TURN] = turn
        response: httpx.Response = yield request
        if turn is not None and response.status_code == 429:
            turn.refused()
        return response

    def _login_request(
        self, request: httpx.Request, method: str, path: str, body: dict[str, object] | None
    ) -> httpx.Request:
        extensions: dict[str, Any] = {LOGIN_MARK: True}
        if "timeout" in request.extensions:
            extensions["timeout"] = request.extensions["timeout"]
        headers = {"Accept": "application/json"}
        if "User-Agent" in request.headers:
            headers["User-Agent"] = request.headers["User-Agent"]
        url = self._base.copy_with(path=self._prefix + path)
        return httpx.Request(method, url, json=body, headers=headers, extensions=extensions)

    # --- small decisions ----------------------------------------------------------------------------------------------

    def _route(self, request: httpx.Request) -> tuple[str, str] | None:
        """Method and path within the API, or None for a request to anybody else."""
        if _origin(request.url) != self._origin:
            return None
        return request.method.upper(), request.url.path.removeprefix(self._prefix).rstrip("/")

    def _usable(self) -> _Tokens | None:
        if self._clock() < self._used_at + IDLE_SECONDS - MARGIN_SECONDS:
            return self._tokens
        return None

    def _leave(self, flight: Flight) -> None:
        with self._lock:
            if self._flight is flight:
                self._flight = None

    def _drop(self, tokens: _Tokens) -> None:
        with self._lock:
            if self._tokens is tokens:  # if not, somebody has a newer pair; that one is kept
                self._tokens = None

    def _forget(self, login: int) -> None:
        with self._lock:
            if self._tokens is not None and self._tokens.login == login:
                self._tokens = None

    def _learn(
        self,
        request: httpx.Request,
        route: tuple[str, str],
        used: _Tokens,
        response: httpx.Response,
        sent_at: float,
    ) -> None:
        """Take from an answer what it says about the session: it is alive, its tokens, its account, its end."""
        switched = route == ("PUT", SESSION) and (response.is_success or _error_code(response) == SAME_ACCOUNT)
        closed = route == ("DELETE", SESSION) and response.is_success
        with self._lock:
            current = self._tokens
            if switched:
                self._account, self._refusal = _requested_account(request) or self._account, None
            if current is None:
                if switched and self._flight is None:
                    self._tokens, self._used_at = used.rotated(response), sent_at
                return
            if current.login != used.login:
                if switched:
                    self._tokens = None  # it was opened meanwhile, on the account of before: log in again
                return  # otherwise an echo of an older session
            if response.is_success or "X-SECURITY-TOKEN" in response.headers:  # else it may not count as a use
                self._used_at = max(self._used_at, sent_at)
            if closed:
                self._tokens = None
            elif current is used:
                self._tokens = used.rotated(response)
            elif switched:
                self._tokens = None  # two switches crossed: log in again, on the account of the one answered last

    # --- drivers ------------------------------------------------------------------------------------------------------

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by ``httpx.Client``."""
        if request.method == "PUT" and self._route(request) == ("PUT", SESSION):
            request.read()  # the account is in the body, which may be a stream
        steps = self._steps(request)
        try:
            step = next(steps)
            while True:
                if isinstance(step, httpx.Request):
                    if turn := _turn_to_trace(step):
                        step.extensions["trace"] = turn.trace
                    response = yield step
                    if step is not request or response.is_error:
                        response.read()
                    step = steps.send(response)
                else:
                    step = steps.send(step.wait())
        except StopIteration:
            return
        finally:
            steps.close()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Called by ``httpx.AsyncClient``."""
        if request.method == "PUT" and self._route(request) == ("PUT", SESSION):
            await request.aread()
        steps = self._steps(request)
        try:
            step = next(steps)
            while True:
                if isinstance(step, httpx.Request):
                    if turn := _turn_to_trace(step):
                        step.extensions["trace"] = turn.trace_async
                    response = yield step
                    if step is not request or response.is_error:
                        await response.aread()
                    step = steps.send(response)
                else:
                    step = steps.send(await step.wait_async())
        except StopIteration:
            return
        finally:
            steps.close()


def api_address(base_url: str) -> httpx.URL:
    """The address that ``/api/v1/...`` is appended to.

    Raises:
        InvalidInputError: It is no http or https address, or it has more than a host, a port and a path.
    """
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError) as error:
        raise InvalidInputError(f"base_url is no address: {base_url!r}") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query or url.fragment:
        raise InvalidInputError(f"base_url must be like https://host or https://host:port, got {base_url!r}")
    return url.copy_with(path=url.path.rstrip("/").removesuffix(API) or "/")


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


def _turn_to_trace(request: httpx.Request) -> Turn | None:
    """The turn that wants to know when this request is really sent. The caller's own trace stays where there is one."""
    trace: object = request.extensions.get("trace")
    if trace is None or isinstance(getattr(trace, "__self__", None), Turn):
        return cast("Turn | None", request.extensions.get(TURN))
    return None


def _put(request: httpx.Request, tokens: _Tokens) -> None:
    request.headers["CST"], request.headers["X-SECURITY-TOKEN"] = tokens.cst, tokens.security


def _error_code(response: httpx.Response) -> str | None:
    if not response.is_error:
        return None
    body = decoded(response)
    return split_code(cast("dict[str, object]", body).get("errorCode"))[0] if isinstance(body, dict) else None


def _session_is_dead(response: httpx.Response) -> bool:
    # The facts give 400 as well as 401 for missing tokens; either way nothing was executed.
    return response.status_code in (400, 401) and _error_code(response) in DEAD_SESSION


def _text(response: httpx.Response, name: str) -> str | None:
    body = decoded(response)
    value = cast("dict[str, object]", body).get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else None


def _requested_account(request: httpx.Request) -> str | None:
    try:
        body: object = json.loads(request.content)
    except ValueError:
        return None
    account = cast("dict[str, object]", body).get("accountId") if isinstance(body, dict) else None
    return account if isinstance(account, str) else None


def _require_success(response: httpx.Response, what: str) -> None:
    if response.status_code == 200:
        return
    code = _error_code(response)
    advice = ERROR_CODES.get(code or "", "")
    raise LoginError(
        f"{what} failed: {response.status_code} {code or 'without an error code'}. {advice} Your request was not sent.",
        status_code=response.status_code,
        error_code=code,
    )


def _again(error: LoginError) -> LoginError:
    """The same refusal for another caller: an exception object must not be raised in two places at once."""
    copy = LoginError(str(error), status_code=error.status_code, error_code=error.error_code)
    copy.__cause__ = error.__cause__
    return copy
