"""How a session is opened: both logins, what is sent where, and what happens when the server says no."""

from __future__ import annotations

import asyncio
import base64
import json

import httpx
import pytest

from capital_ext import CapitalAuth, Credentials, InvalidInputError, LoginError, encrypt_password

from .world import BASE, PASSWORD, Server, Time, client, decrypt, public_key, refused, rsa_key, session


def test_encrypt_password_is_what_the_private_key_reads() -> None:
    ciphertext = encrypt_password(PASSWORD, public_key(rsa_key()), 1700000000000)
    assert decrypt(ciphertext) == f"{PASSWORD}|1700000000000"
    assert len(base64.b64decode(ciphertext)) == 256
    assert ciphertext != encrypt_password(PASSWORD, public_key(rsa_key()), 1700000000000)  # PKCS#1 v1.5 pads randomly


@pytest.mark.parametrize(
    ("password", "key", "says"),
    [
        ("x" * 170, "right", "too long"),
        ("x", base64.b64encode(b"nothing").decode(), "not a DER public key"),
        ("x", "%%%", "not a DER public key"),
    ],
)
def test_encrypt_password_refuses_what_it_cannot_do(password: str, key: str, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as caught:
        encrypt_password(password, public_key(rsa_key()) if key == "right" else key, 1700000000000)
    assert password not in str(caught.value) or password == "x"


def test_the_longest_password_that_fits_is_encrypted() -> None:
    assert decrypt(encrypt_password("x" * 169, public_key(rsa_key()), 1700000000000)).startswith("xxx")


def test_the_encrypted_login_is_the_default() -> None:
    server = Server()
    with client(session(), server) as http:
        assert http.get("/api/v1/markets").status_code == 200
    assert server.log == ["GET /session/encryptionKey", "POST /session", "GET /markets"]
    body = json.loads(server.sent_bodies[1])
    assert decrypt(body.pop("password")) == f"{PASSWORD}|1700000000000"
    assert body == {"identifier": "me@example.test", "encryptedPassword": True}


def test_the_plain_login() -> None:
    server = Server()
    with client(session(encrypt_password=False), server) as http:
        http.get("/api/v1/markets")
    assert server.log == ["POST /session", "GET /markets"]
    assert json.loads(server.sent_bodies[0]) == {
        "identifier": "me@example.test",
        "password": PASSWORD,
        "encryptedPassword": False,
    }


def test_the_key_goes_to_the_login_and_the_tokens_to_everything_else() -> None:
    server = Server()
    with client(session(), server) as http:
        http.get("/api/v1/markets")
    key, login, markets = server.seen
    assert key.headers["x-cap-api-key"] == login.headers["x-cap-api-key"] == "KEY-SECRET"
    assert "cst" not in key.headers
    assert "cst" not in login.headers
    assert (markets.headers["cst"], markets.headers["x-security-token"]) == ("cst1", "xst1")
    assert "x-cap-api-key" not in markets.headers


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/api/v1/markets",
        "http://api.test/api/v1/markets",
        "https://api.test:8443/api/v1/markets",
        "https://sub.api.test/api/v1/markets",
        "https://elsewhere.test/api/v1/session",
    ],
)
def test_no_other_origin_gets_anything(url: str) -> None:
    server = Server()
    with client(session(), server) as http:
        http.get("/api/v1/markets")
        http.get(url)
        http.put(url, json={"accountId": "second"})
    for request in server.seen[3:]:
        assert not {"cst", "x-security-token", "x-cap-api-key"} & set(request.headers)
    assert len(server.seen) == 5  # and no login was made for it


def test_the_default_port_is_the_same_origin() -> None:
    server = Server()
    with client(session(base_url="https://api.test:443"), server) as http:
        http.get("https://api.test/api/v1/markets")
    assert server.seen[-1].headers["cst"] == "cst1"


@pytest.mark.parametrize("base_url", ["https://api.test/api/v1", "https://api.test/api/v1/", "https://api.test/"])
def test_a_base_url_with_the_api_path_is_understood(base_url: str) -> None:
    server = Server()
    with client(session(base_url=base_url), server) as http:
        http.get("/api/v1/markets")
    assert server.log[:2] == ["GET /session/encryptionKey", "POST /session"]


def test_a_base_url_behind_a_prefix() -> None:
    server = Server()
    paths: list[str] = []

    def gateway(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        request.url = request.url.copy_with(path=request.url.path.removeprefix("/gateway"))
        return server(request)

    auth = session(base_url="https://api.test/gateway")
    with httpx.Client(base_url="https://api.test/gateway", auth=auth, transport=httpx.MockTransport(gateway)) as http:
        http.get("/api/v1/markets")
    assert paths == [f"/gateway/api/v1{path}" for path in ("/session/encryptionKey", "/session", "/markets")]


@pytest.mark.parametrize("base_url", ["", "api.test", "ftp://api.test", "https://me:secret@api.test", "https://h/?q=1"])
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(InvalidInputError, match="base_url"):
        CapitalAuth(Credentials("k", "i", "p"), base_url=base_url)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/time"), ("GET", "/session/encryptionKey"), ("POST", "/session")]
)
def test_calls_without_a_session_never_carry_tokens(method: str, path: str) -> None:
    server = Server()
    stale = {"CST": "old", "X-SECURITY-TOKEN": "old"}
    with client(session(), server) as http:
        http.get("/api/v1/markets")
        before = len(server.seen)
        http.request(method, "/api/v1" + path, headers=stale)
    (request,) = server.seen[before:]
    assert not {"cst", "x-security-token"} & set(request.headers)
    assert ("x-cap-api-key" in request.headers) == (path != "/time")


def test_time_needs_no_login() -> None:
    server = Server()
    with client(session(), server) as http:
        http.get("/api/v1/time")
    assert server.log == ["GET /time"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "error.invalid.details"),
        (401, "error.invalid.api.key"),
        (401, "error.null.accountId"),
        (400, "error.null.api.key"),
    ],
)
def test_a_refused_login_names_its_code_and_says_that_nothing_was_sent(status: int, code: str) -> None:
    server = Server()
    server.login_answers = [refused(status, code)]
    with client(session(), server) as http, pytest.raises(LoginError, match="was not sent") as caught:
        http.post("/api/v1/positions", json={"size": 1})
    assert (caught.value.status_code, caught.value.error_code, caught.value.executed) == (status, code, False)
    assert code in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert "KEY-SECRET" not in str(caught.value)
    assert server.calls("POST", "/positions") == []


def test_a_refused_password_is_not_tried_again_for_a_while() -> None:
    server, time = Server(), Time()
    server.login_answers = [refused(401, "error.invalid.details")]
    with client(session(time=time), server) as http:
        for _ in range(5):
            with pytest.raises(LoginError, match=r"error\.invalid\.details"):
                http.get("/api/v1/markets")
        assert server.logins == 1
        time.now += 31
        assert http.get("/api/v1/markets").status_code == 200


def test_a_busy_login_waits_and_tries_again() -> None:
    server, time = Server(), Time()
    server.login_answers = [refused(429, "error.too-many.requests"), httpx.Response(503, html="<h1>no</h1>")]
    with client(session(time=time), server) as http:
        assert http.get("/api/v1/markets").status_code == 200
    assert server.logins == 3
    assert time.waits == [1.0, 2.0]


def test_a_busy_login_is_given_up_after_a_while() -> None:
    server, time = Server(), Time()
    server.login_answers = [refused(429, "error.too-many.requests")] * 20
    with client(session(time=time), server) as http, pytest.raises(LoginError) as caught:
        http.get("/api/v1/markets")
    assert server.logins == 4
    assert (caught.value.status_code, caught.value.error_code) == (429, "error.too-many.requests")
    assert sum(time.waits) < 10


def test_a_login_that_was_only_busy_is_tried_again_by_the_next_caller() -> None:
    server, time = Server(), Time()
    server.login_answers = [httpx.Response(503)] * 4
    with client(session(time=time), server) as http:
        with pytest.raises(LoginError):
            http.get("/api/v1/markets")
        assert http.get("/api/v1/markets").status_code == 200


def test_a_busy_key_fetch_waits_too() -> None:
    server, time = Server(), Time()
    busy = [httpx.Response(429)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("encryptionKey") and busy:
            return busy.pop()
        return server(request)

    with client(session(time=time), answer) as http:
        assert http.get("/api/v1/markets").status_code == 200
    assert time.waits == [1.0]


def test_one_login_a_second_for_a_key_over_all_its_clients() -> None:
    server, time = Server(), Time()
    for _ in range(3):
        with client(session(time=time), server) as http:
            http.get("/api/v1/markets")
    assert server.logins == 3
    assert time.waits == [1.0, 1.0]
    with client(session(key="ANOTHER", time=time), server) as http:
        http.get("/api/v1/markets")
    assert len(time.waits) == 2


def test_a_login_made_by_hand_takes_its_turn_too() -> None:
    server, time = Server(), Time()
    with client(session(key="BY-HAND", time=time), server) as http:
        http.get("/api/v1/markets")
        http.post("/api/v1/session", json={"identifier": "i", "password": "p"})
    assert time.waits == [1.0]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={}),
        httpx.Response(200, json={"encryptionKey": "AAAA", "timeStamp": 1}),
        httpx.Response(200, json={"encryptionKey": 5, "timeStamp": 1}),
        httpx.Response(200, html="<h1>hello</h1>"),
        httpx.Response(200, json=[1]),
        httpx.Response(404),
    ],
)
def test_an_unusable_encryption_key_is_a_login_error(answer: httpx.Response) -> None:
    def odd(request: httpx.Request) -> httpx.Response:
        return httpx.Response(answer.status_code, content=answer.content)

    with client(session(), odd) as http, pytest.raises(LoginError) as caught:
        http.get("/api/v1/markets")
    assert PASSWORD not in str(caught.value)


def test_a_login_without_tokens_is_a_login_error() -> None:
    server = Server()
    server.login_answers = [httpx.Response(200, json={})]
    with client(session(), server) as http, pytest.raises(LoginError, match="without tokens"):
        http.get("/api/v1/markets")


def test_login_requests_inherit_the_callers_timeout() -> None:
    server = Server()
    with client(session(account_id="second"), server, timeout=3.25) as http:
        http.get("/api/v1/markets", timeout=1.75)
    assert len(server.seen) == 4
    assert {r.extensions["timeout"]["read"] for r in server.seen} == {1.75}


def test_history_carries_no_login_request() -> None:
    server = Server()
    with client(session(account_id="second"), server) as http:
        assert http.get("/api/v1/markets").history == []
        server.expire()
        assert http.get("/api/v1/markets").history == []


def test_history_keeps_redirects() -> None:
    server = Server()
    server.next_answers = [httpx.Response(302, headers={"location": "/api/v1/markets/SILVER"})]
    with client(session(), server) as http:
        response = http.get("/api/v1/markets", follow_redirects=True)
    assert [r.status_code for r in response.history] == [302]


def test_no_secret_in_any_repr() -> None:
    server = Server()
    auth = session()
    with client(auth, server) as http:
        response = http.get("/api/v1/markets")
        shown = repr((auth, vars(auth), http, response, response.request))
    for secret in ("KEY-SECRET", PASSWORD, "cst1", "xst1"):
        assert secret not in shown


def test_everything_once_more_in_asyncio() -> None:
    server, time = Server(), Time()
    server.login_answers = [refused(429, "error.too-many.requests")]

    async def main() -> list[str]:
        auth = session(account_id="second", time=time)
        async with httpx.AsyncClient(base_url=BASE, auth=auth, transport=httpx.MockTransport(server.aio)) as http:
            first = await http.get("/api/v1/markets")
            server.expire()
            second = await http.post("/api/v1/positions", json={"size": 1})
            assert first.history == second.history == []
            return [first.json()["account"], second.json()["account"]]

    assert asyncio.run(main()) == ["second", "second"]
    assert server.logins == 3  # one of them refused with 429
    assert time.waits == [1.0, 1.0]  # after the 429, and between the first session's login and the second's
