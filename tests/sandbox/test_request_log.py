"""What the log keeps of a request: always a row, never a secret."""

from __future__ import annotations

import logging
import socket
import time
from urllib.parse import quote

import httpx
import pytest

from capital_sandbox import Credentials, Limits, ManualClock, Outcome, Request, Sandbox
from capital_sandbox.server import Server

from .conftest import Api

CREDENTIALS = Credentials("my-own-key", "me@example.com", "pass word/7")


@pytest.fixture
def own() -> Api:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), credentials=CREDENTIALS))
    api.login()
    return api


def raw(server: Server, text: str) -> bytes:
    """What a server says to bytes that no client library would send."""
    with socket.create_connection((server.host, server.port), timeout=5) as line:
        line.sendall(text.encode())
        return line.recv(65_536)


# --- secrets --------------------------------------------------------------------------------------------------


def test_secrets_in_a_path_are_not_kept(own: Api) -> None:
    tokens = [own.http.headers[name] for name in ("CST", "X-SECURITY-TOKEN")]
    for secret in (*tokens, CREDENTIALS.api_key, CREDENTIALS.password):
        for path in (secret, f"markets/x{secret}y", quote(secret, safe=""), f"watchlists/{secret}/GOLD"):
            own.sandbox.handle(Request("GET", f"/api/v1/{path}"))
            own.sandbox.handle(Request(f"GET{secret}", "/api/v1/ping"))
    own.sandbox.handle(Request("GET", "/api/v1/" + "".join(f"%{ord(letter):02x}" for letter in CREDENTIALS.api_key)))
    kept = repr(list(own.sandbox.requests)) + repr(own.sandbox.state)
    for secret in (*tokens, CREDENTIALS.api_key, CREDENTIALS.password, quote(CREDENTIALS.password), "%6d%79"):
        assert secret not in kept
    assert own.sandbox.requests.matching("GET", "/watchlists/*/GOLD")[0].path == "/api/v1/watchlists/***/GOLD"
    assert own.sandbox.requests.matching("***", "/ping")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/api/v1/ping?token=abc", "/api/v1/ping"),
        ("/api/v1/ping%3Ftoken=abc", "/api/v1/ping"),
        ("/api/v1/ping%3ftoken=abc", "/api/v1/ping"),
        ("/api/v1/ping#token=abc", "/api/v1/ping"),
        ("/api/v1/ping%23token=abc", "/api/v1/ping"),
        ("http://me:abc@localhost:8123/api/v1/ping", "/api/v1/ping"),
        ("http://me:abc@localhost:8123", ""),
        ("/api/v1/markets/BRK.B", "/api/v1/markets/BRK.B"),
        ("/api/v1/" + "x" * 1000, "/api/v1/" + "x" * 191 + "…"),
    ],
)
def test_a_path_is_a_path_and_nothing_else(sandbox: Sandbox, path: str, kept: str) -> None:
    sandbox.handle(Request("GET", path))
    [record] = sandbox.requests
    assert record.path == kept


def test_methods_are_bounded(sandbox: Sandbox) -> None:
    for method in ("GET", "PROPFIND", "X" * 5000):
        sandbox.handle(Request(method, "/api/v1/time"))
    assert [record.method for record in sandbox.requests] == ["GET", "PROPFIND", "X" * 39 + "…"]


def test_what_every_path_has_is_kept_whatever_the_password_is() -> None:
    sandbox = Sandbox(clock=ManualClock(), credentials=Credentials("api", "me", "positions"))
    sandbox.handle(Request("DELETE", "/api/v1/positions/positions-7"))
    sandbox.handle(Request("DELETE", "/api/v1/positions"))
    assert [record.path for record in sandbox.requests] == ["/api/v1/positions/***", "/api/v1/positions"]


def test_userinfo_on_the_wire(sandbox: Sandbox) -> None:
    with sandbox.serve() as server:
        raw(
            server,
            f"GET http://me:abc@{server.host}/api/v1/time?x=abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
    assert "abc" not in repr(list(sandbox.requests))


# --- requests that go wrong -----------------------------------------------------------------------------------


def test_a_request_that_makes_the_sandbox_fail_is_remembered(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("not your fault")

    monkeypatch.setattr(api.sandbox.world.feed, "quote", fail)
    with caplog.at_level(logging.ERROR, "capital_sandbox"):
        answer = api.sandbox.handle(Request("GET", "/api/v1/markets/GOLD", headers=dict(api.http.headers)))
    assert (answer.status, answer.body) == (500, b'{"errorCode":"error.internal"}')
    assert answer.headers["Content-Type"].startswith("application/json")
    record = list(api.sandbox.requests)[-1]
    assert (record.path, record.status, record.error_code) == ("/api/v1/markets/GOLD", 500, "error.internal")
    assert not record.executed
    assert "ZeroDivisionError: not your fault" in caplog.text
    assert api.get("ping").status_code == 200  # and the next one finds the door open


def test_over_http_it_is_json_too(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: object) -> bool:
        raise ZeroDivisionError

    sandbox.faults.drop_before("GET", "/time", where=fail)
    with sandbox.serve() as server, caplog.at_level(logging.ERROR, "capital_sandbox"):
        answer = httpx.get(f"{server.url}/api/v1/time")
    assert (answer.status_code, answer.json()) == (500, {"errorCode": "error.internal"})
    assert len(sandbox.requests) == 1


def test_an_order_of_which_half_has_come(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    with sandbox.serve() as server:
        for path in ("/api/v1/positions", "/_sandbox/clock"):
            with socket.create_connection((server.host, server.port), timeout=5) as line:
                line.sendall(f'POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{"epic":'.encode())
        give_up = time.monotonic() + 5
        while not len(sandbox.requests) and time.monotonic() < give_up:
            time.sleep(0.01)
        assert httpx.get(f"{server.url}/api/v1/time").status_code == 200
    record, _ = sandbox.requests
    assert (record.method, record.path, record.outcome) == ("POST", "/api/v1/positions", Outcome.HUNG_UP)
    assert (record.executed, record.status) == (False, None)
    assert "Traceback" not in capfd.readouterr().err
