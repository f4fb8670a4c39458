"""Secrets stay secret: not in a repr, a log line at any level, an exception, or the locals of our frames."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import capital_api
import capital_ext
from capital_api import models
from capital_api.api.general import general_ping
from capital_api.api.session import session_create
from capital_ext import AsyncCapital, Capital, CapitalAuth, CapitalError, Credentials, LoginError, Quota, Retries
from capital_ext.waiting import Sleep
from capital_sandbox import Credentials as SandboxCredentials
from capital_sandbox import Request, Response, Sandbox

from .kit import Watcher, a_sandbox, login_of, still, watched

KEY, PASSWORD = "api-key-7Qx9", "pass-word-Zk4!"
OURS = (Path(capital_ext.__file__).parent, Path(capital_api.__file__).parent)


def secretive() -> Sandbox:
    return a_sandbox(SandboxCredentials(KEY, "me@example.com", PASSWORD))


def find_secrets(text: str, server: Watcher) -> list[str]:
    """Which secrets a text shows, cut ones included."""
    secrets = {KEY, PASSWORD} | server.secrets()
    return [secret for secret in secrets if secret in text or (len(secret) > 40 and secret[:24] in text)]


@contextmanager
def everything_logged() -> Generator[list[str]]:
    """Every record of every logger at DEBUG, formatted."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record) + f" {record.args!r} {record.msg!r}")

    keeper = Keeper()
    level = logging.root.level
    logging.root.addHandler(keeper)
    logging.root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        logging.root.removeHandler(keeper)
        logging.root.setLevel(level)


def busy_life(capital: Capital, sandbox: Sandbox) -> None:
    """A login, calls, a switch, refusals, and a logout."""
    capital.general.ping()
    capital.session.switch(account_id=capital.accounts.all().accounts[1].account_id)
    capital.positions.open(direction="BUY", epic="SILVER", size=1)
    with pytest.raises(CapitalError):
        capital.markets.get("NOSUCH")
    with pytest.raises(CapitalError):
        capital.session.switch(account_id="1")
    general_ping.sync_detailed(client=capital.client)
    capital.session.encryption_key()
    capital.close(log_out=True)


async def busy_async_life(capital: AsyncCapital) -> None:
    await capital.general.ping()
    await capital.session.switch(account_id=(await capital.accounts.all()).accounts[1].account_id)
    with pytest.raises(CapitalError):
        await capital.markets.get("NOSUCH")
    await capital.aclose(log_out=True)


def test_no_log_line_shows_a_secret() -> None:
    sandbox = secretive()
    with watched(sandbox.handle) as server, everything_logged() as lines:
        busy_life(Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()), sandbox)
    text = "\n".join(lines)
    assert "/api/v1/positions" in text  # it did log
    assert "httpcore.http11" in text or "receive_response_headers" in text
    assert find_secrets(text, server) == []


def test_no_log_line_of_the_async_client_shows_a_secret() -> None:
    sandbox = secretive()
    with watched(sandbox.handle) as server, everything_logged() as lines:
        asyncio.run(busy_async_life(AsyncCapital(login_of(sandbox), base_url=server.url, quota=Quota.off())))
    text = "\n".join(lines)
    assert "receive_response_headers" in text
    assert find_secrets(text, server) == []


def test_no_log_line_of_the_session_on_its_own_shows_a_secret() -> None:
    sandbox = secretive()
    with watched(sandbox.handle) as server, everything_logged() as lines:
        auth = CapitalAuth(login_of(sandbox), base_url=server.url, quota=Quota.off(), encrypt_password=False)
        with httpx.Client(auth=auth, base_url=server.url) as http:
            assert http.get("/api/v1/ping").status_code == 200
    assert PASSWORD in server.secrets()  # it was sent in plain, as asked
    assert find_secrets("\n".join(lines), server) == []


def test_our_own_log_says_what_happened() -> None:
    sandbox = secretive()
    with watched(sandbox.handle) as server, everything_logged() as lines:
        busy_life(Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()), sandbox)
    ours = [line for line in lines if "/api/v1/" in line and " -> " in line]
    assert any(line.startswith("POST /api/v1/session -> 200 in ") for line in ours)
    assert any(line.startswith("GET /api/v1/markets/NOSUCH -> 404 error.not-found.epic in ") for line in ours)


def test_no_repr_shows_a_secret() -> None:
    """cli: repr(app.config) prints password and key; stock generated client: headers and tokens."""
    sandbox = secretive()
    credentials = login_of(sandbox)
    with watched(sandbox.handle) as server, Capital(credentials, base_url=server.url, quota=Quota.off()) as capital:
        capital.general.ping()
        http = capital.client.get_httpx_client()
        things: list[object] = [
            credentials,
            [credentials],
            {"c": credentials},
            copy.copy(credentials),
            pickle.loads(pickle.dumps(credentials)),
            capital,
            capital.auth,
            capital.client,
            http,
            http.auth,
            capital.positions,
            models.LoginRequest("me", PASSWORD),
        ]
        for thing in things:
            for text in (repr(thing), str(thing), f"{thing}"):
                assert find_secrets(text, server) == [], type(thing)


def test_a_detailed_answer_of_the_low_level_shows_no_token() -> None:
    """Stock generated client: the repr of a detailed response shows its headers, both tokens among them."""
    sandbox = secretive()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()) as capital,
    ):
        answer = general_ping.sync_detailed(client=capital.client)
        assert answer.headers["CST"]  # they are there for who wants them
        assert find_secrets(repr(answer), server) == []


# --- exceptions


def shown(error: BaseException) -> str:
    """All that an exception can show: itself, its attributes, its traceback, and the locals of our own frames."""
    rich = traceback.TracebackException.from_exception(error, capture_locals=True)
    parts = [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
    pending: list[traceback.TracebackException | None] = [rich]
    while pending:
        each = pending.pop()
        if each is None:
            continue
        pending += [each.__cause__, each.__context__]
        ours = [frame for frame in each.stack if Path(frame.filename).is_relative_to(OURS[0])]
        ours += [frame for frame in each.stack if Path(frame.filename).is_relative_to(OURS[1])]
        parts += [f"{frame.filename}:{frame.name}: {frame.locals}" for frame in ours]
    return "\n".join(parts)


def failing(server: Watcher, sandbox: Sandbox, **answers: Response) -> None:
    """Let the server answer some paths otherwise."""

    def handle(request: Request) -> Response:
        for name, response in answers.items():
            method, _, path = name.partition("_")
            if request.method == method and request.path.endswith(path):
                return response
        return sandbox.handle(request)

    server.handle = handle


def test_a_call_that_fails_shows_no_secret() -> None:
    sandbox = secretive()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off(), world=still()) as capital,
    ):
        capital.general.ping()
        assert len(server.secrets()) == 4  # the key, the ciphertext, two tokens
        calls: list[Callable[[], object]] = [
            lambda: capital.markets.get("NOSUCH"),
            lambda: capital.positions.open(direction="BUY", epic="NOSUCH", size=1),
            lambda: capital.session.switch(account_id="1"),
            lambda: capital.prices.history("GOLD"),
            lambda: capital.positions.close("1"),
            lambda: capital.session.close(),
        ]
        torn, broken = Response(200, {}, b"<html>"), Response(500, {}, b"<html>")
        failing(server, sandbox, GET_GOLD=broken, DELETE_1=broken, DELETE_session=torn)
        for call in calls:
            with pytest.raises(CapitalError) as caught:
                call()
            assert find_secrets(shown(caught.value), server) == []


def test_a_refused_login_shows_no_secret() -> None:
    """The password, plain or encrypted, must not stay in a local variable of a frame that raises."""
    sandbox = secretive()
    wrong = Credentials(KEY, "me@example.com", PASSWORD + "-wrong")
    with (
        watched(sandbox.handle) as server,
        Capital(wrong, base_url=server.url, quota=Quota.off(), world=still()) as capital,
    ):
        with pytest.raises(LoginError) as caught:
            capital.general.ping()
        assert find_secrets(shown(caught.value), server) == []
        with pytest.raises(LoginError) as caught:  # told again from memory
            capital.general.ping()
        assert find_secrets(shown(caught.value), server) == []


def test_a_refused_plain_login_shows_no_secret() -> None:
    sandbox = secretive()
    wrong = Credentials(KEY, "me@example.com", PASSWORD + "-wrong")
    with watched(sandbox.handle) as server:
        auth = CapitalAuth(wrong, base_url=server.url, quota=Quota.off(), encrypt_password=False)
        with httpx.Client(auth=auth, base_url=server.url) as http:
            with pytest.raises(LoginError) as caught:
                http.get("/api/v1/ping")
            assert find_secrets(shown(caught.value), server) == []


BAD_KEY = json.dumps({"encryptionKey": "bm8ga2V5", "timeStamp": 1773325338473}).encode()
LOGIN_FAILURES: dict[str, dict[str, Response]] = {
    "no tokens": {"POST_session": Response(200, {}, b"{}")},
    "html": {"POST_session": Response(502, {}, b"<html>")},
    "echo": {"POST_session": Response(401, {}, b'{"errorCode": "error.invalid.details", "password": "echo-of-it"}')},
    "bad key": {"GET_encryptionKey": Response(200, {}, BAD_KEY)},
    "no key": {"GET_encryptionKey": Response(200, {}, b"[]")},
    "key refused": {"GET_encryptionKey": Response(401, {}, b'{"errorCode": "error.invalid.api.key"}')},
    "account refused": {"PUT_session": Response(400, {}, b'{"errorCode": "error.invalid.accountId"}')},
}


@pytest.mark.parametrize("case", LOGIN_FAILURES)
def test_no_failure_of_a_login_shows_a_secret(case: str) -> None:
    sandbox = secretive()
    with watched(sandbox.handle) as server:
        failing(server, sandbox, **LOGIN_FAILURES[case])
        quick = Sleep(sync=lambda _: None)
        auth = CapitalAuth(login_of(sandbox), base_url=server.url, quota=Quota.off(), account_id="1", sleep=quick)
        with httpx.Client(auth=auth, base_url=server.url) as http, pytest.raises(LoginError) as caught:
            http.get("/api/v1/ping")
        text = shown(caught.value)
        assert find_secrets(text, server) == []
        assert "echo-of-it" not in text


def test_a_login_without_an_answer_shows_no_secret() -> None:
    sandbox = secretive()
    bodies: list[bytes] = []

    def hang_up(request: Request) -> Response:
        if request.method == "POST":
            bodies.append(request.body)
            raise ConnectionAbortedError
        return sandbox.handle(request)

    once = Retries(attempts=1)
    with (
        watched(hang_up) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off(), retries=once) as capital,
    ):
        with pytest.raises(LoginError, match="no answer") as caught:
            capital.general.ping()
        text = shown(caught.value)
        assert find_secrets(text, server) == []
        [body] = bodies
        assert json.loads(body)["password"] not in text


def test_a_refused_login_by_hand_shows_no_secret() -> None:
    """`session.create(password=...)`: the caller's own frame has it; the error must not."""
    sandbox = secretive()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off(), world=still()) as capital,
    ):
        wrong = PASSWORD + "-wrong"
        with pytest.raises(CapitalError) as caught:
            capital.session.create(identifier="me@example.com", password=wrong)
        error = caught.value
        text = "\n".join([str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))])
        assert find_secrets(text, server) == []


def test_an_unclear_login_by_hand_keeps_no_secret() -> None:
    sandbox = secretive()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off(), world=still()) as capital,
    ):
        failing(server, sandbox, POST_session=Response(503, {}, b"try later"))
        with pytest.raises(CapitalError) as caught:
            capital.session.create(identifier="me@example.com", password=PASSWORD)
        error = caught.value
        assert len(server.called("POST", "/session")) == 1
        assert find_secrets(str(error) + repr(error) + repr(vars(error)), server) == []


def test_a_login_at_the_low_level_shows_no_secret() -> None:
    sandbox = secretive()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()) as capital,
    ):
        body = models.LoginRequest("me@example.com", PASSWORD)
        answer = session_create.sync(client=capital.client, body=body)
        assert isinstance(answer, models.LoginResult)
        assert find_secrets(repr(answer) + repr(body), server) == []


def test_errors_survive_pickling_without_secrets() -> None:
    sandbox = secretive()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()) as capital,
    ):
        with pytest.raises(CapitalError) as caught:
            capital.markets.get("NOSUCH")
        twin = pickle.loads(pickle.dumps(caught.value))
        assert type(twin) is type(caught.value)
        assert str(twin) == str(caught.value)
        assert vars(twin) == vars(caught.value)
        assert find_secrets(pickle.dumps(caught.value).decode("latin-1"), server) == []


def test_nothing_goes_to_another_address() -> None:
    """A redirect is not followed, and another host gets neither key nor tokens."""
    sandbox = secretive()
    elsewhere = a_sandbox()
    with watched(sandbox.handle) as server, watched(elsewhere.handle) as other:
        with Capital(login_of(sandbox), base_url=server.url, quota=Quota.off(), world=still()) as capital:
            capital.general.ping()
            failing(server, sandbox, GET_ping=Response(302, {"Location": f"{other.url}/api/v1/ping"}, b""))
            with pytest.raises(CapitalError, match="302"):
                capital.general.ping()
            assert other.exchanges == []
            capital.client.get_httpx_client().get(f"{other.url}/api/v1/ping")
        [exchange] = other.exchanges
        assert not {"cst", "x-security-token", "x-cap-api-key"} & set(exchange.headers)
