"""The session's whole life: both logins, tokens, expiry, switching, limits."""

from base64 import b64decode, b64encode
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from capital_sandbox import Credentials, Limits, ManualClock, Sandbox

from .conftest import Api


def encrypted(key: str, password: str, timestamp: int) -> str:
    public = load_der_public_key(b64decode(key))
    assert isinstance(public, RSAPublicKey)
    assert public.key_size == 2048
    return b64encode(public.encrypt(b64encode(f"{password}|{timestamp}".encode()), PKCS1v15())).decode()


def log_in(api: Api, key: str | None = None, **body: object) -> httpx.Response:
    credentials = api.sandbox.credentials
    content = {"identifier": credentials.identifier, "password": credentials.password, **body}
    headers = {} if key == "" else {"X-CAP-API-KEY": key or credentials.api_key}
    with httpx.Client(transport=api.sandbox.transport(), base_url="http://sandbox") as fresh:
        return fresh.post("/api/v1/session", json=content, headers=headers)


def test_login_answer(api: Api) -> None:
    response = api.login()
    assert response.headers["content-type"].startswith("text/plain")
    content = response.json()
    preferred = [account for account in content["accounts"] if account["preferred"]]
    assert [content["currentAccountId"]] == [account["accountId"] for account in preferred]
    assert content["streamingHost"].endswith("/")
    assert {account["currency"] for account in content["accounts"]} == {"USD", "EUR"}
    assert response.headers["CST"]
    assert response.headers["X-SECURITY-TOKEN"]


def test_encrypted_login(api: Api) -> None:
    with httpx.Client(transport=api.sandbox.transport(), base_url="http://sandbox") as fresh:
        key = fresh.get("/api/v1/session/encryptionKey", headers={"X-CAP-API-KEY": api.sandbox.credentials.api_key})
    assert "CST" not in key.headers
    secret, stamp = key.json()["encryptionKey"], key.json()["timeStamp"]
    password = api.sandbox.credentials.password
    good = encrypted(secret, password, stamp)
    assert log_in(api, password=good, encryptedPassword=True).status_code == 200
    for bad in (
        encrypted(secret, password, stamp + 1),
        encrypted(secret, password + "x", stamp),
        "bm90IGVuY3J5cHRlZA==",
        "not base64",
        password,
    ):
        refused = log_in(api, password=bad, encryptedPassword=True)
        assert (refused.status_code, refused.json()["errorCode"]) == (401, "error.invalid.details")
    api.clock.advance(timedelta(minutes=11))
    assert log_in(api, password=good, encryptedPassword=True).status_code == 401


@pytest.mark.parametrize(
    ("key", "body", "status", "code"),
    [
        ("", {}, 400, "error.null.api.key"),
        ("another", {}, 401, "error.invalid.api.key"),
        (None, {"password": "wrong"}, 401, "error.invalid.details"),
        (None, {"identifier": "somebody@example.com"}, 401, "error.invalid.details"),
        (None, {"password": None}, 401, "error.invalid.details"),
        (None, {"password": 5}, 400, "error.invalid.password"),
    ],
)
def test_refused_logins(api: Api, key: str | None, body: dict[str, object], status: int, code: str) -> None:
    response = log_in(api, key, **body)
    assert (response.status_code, response.json()["errorCode"]) == (status, code)
    assert "CST" not in response.headers


def test_dead_tokens_on_a_login(api: Api) -> None:
    credentials = api.sandbox.credentials
    api.sandbox.expire_sessions()
    body = {"identifier": credentials.identifier, "password": credentials.password}
    response = api.http.post("/api/v1/session", json=body, headers={"X-CAP-API-KEY": credentials.api_key})
    assert api.refused(response) == (401, "error.invalid.session.token")


def test_tokens_are_needed_and_echoed(api: Api) -> None:
    assert api.get("positions/unknown").headers["CST"] == api.http.headers["CST"]
    assert "CST" not in api.get("marketnavigation/x", limit=0).headers
    assert "CST" not in api.post("watchlists", name="").headers
    assert "CST" not in api.get("time").headers
    token = api.http.headers.pop("X-SECURITY-TOKEN")
    assert api.refused(api.get("ping")) == (400, "error.null.client.token")
    api.http.headers["X-SECURITY-TOKEN"] = token + "0"
    assert api.refused(api.get("ping")) == (401, "error.invalid.session.token")


def test_idle_expiry_slides(api: Api) -> None:
    for _ in range(20):
        api.clock.advance(timedelta(minutes=9, seconds=59))
        assert api.get("ping").status_code == 200
    api.clock.advance(timedelta(minutes=10))
    assert api.refused(api.get("ping")) == (401, "error.invalid.session.token")
    api.login()
    assert api.get("ping").status_code == 200


def test_hard_cap() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), session_cap=timedelta(hours=1)))
    api.login()
    api.wait(3599)
    assert api.get("ping").status_code == 200
    api.clock.advance(1)
    assert api.refused(api.get("ping")) == (401, "error.invalid.session.token")


def test_old_sessions_live_on(api: Api) -> None:
    old = dict(api.http.headers)
    api.login()
    assert api.http.headers["CST"] != old["cst"]
    tokens = {"CST": old["cst"], "X-SECURITY-TOKEN": old["x-security-token"]}
    assert api.http.get("/api/v1/ping", headers=tokens).status_code == 200


def test_switch(api: Api) -> None:
    accounts = {account["currency"]: account["accountId"] for account in api.ok(api.get("accounts"))["accounts"]}
    before = api.http.headers["X-SECURITY-TOKEN"]
    assert api.refused(api.put("session", accountId="1")) == (400, "error.invalid.accountId")
    assert api.refused(api.put("session", accountId=accounts["USD"])) == (
        400,
        "error.not-different.accountId",
    )
    assert api.http.headers["X-SECURITY-TOKEN"] == before
    assert api.put("session", accountId=accounts["EUR"]).status_code == 200
    assert api.http.headers["X-SECURITY-TOKEN"] != before
    assert api.ok(api.get("session"))["accountId"] == accounts["EUR"]
    stale = api.http.get("/api/v1/ping", headers={"X-SECURITY-TOKEN": before})
    assert api.refused(stale) == (401, "error.invalid.session.token")
    # A new login is back on the preferred account.
    assert api.login().json()["currentAccountId"] == accounts["USD"]


def test_log_out(api: Api) -> None:
    response = api.delete("session")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.json() == {"status": "SUCCESS"}
    assert api.refused(api.get("ping")) == (401, "error.invalid.session.token")


def test_one_login_a_second_is_the_default() -> None:
    clock = ManualClock()
    api = Api(Sandbox(clock=clock))
    assert log_in(api).status_code == 200
    refused = log_in(api)
    assert (refused.status_code, refused.json()["errorCode"]) == (429, "error.too-many.requests")
    clock.advance(1)
    assert log_in(api).status_code == 200


def test_all_limits() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits()))
    api.login()
    assert [api.get("ping").status_code for _ in range(11)] == [200] * 10 + [429]
    api.clock.advance(1)
    order = {"epic": "SILVER", "direction": "BUY", "size": 1}
    assert api.post("positions", **order).status_code == 200
    assert api.refused(api.post("positions", **order)) == (429, "error.too-many.requests")
    api.clock.advance(0.1)
    assert api.post("positions", **order).status_code == 200


def test_customers_are_strangers(api: Api) -> None:
    api.sandbox.add_customer(Credentials("second-key", "second@example.com", "second"))
    other = log_in(api, "second-key", identifier="second@example.com", password="second")
    tokens = {name: other.headers[name] for name in ("CST", "X-SECURITY-TOKEN")}
    deal_id = api.open()
    mine = api.ok(api.get("accounts"))["accounts"][0]["accountId"]
    for path in (f"positions/{deal_id}", f"confirms/p_{deal_id}"):
        assert api.http.get(f"/api/v1/{path}", headers=tokens).status_code == 404
    assert api.http.get("/api/v1/positions", headers=tokens).json() == {"positions": []}
    stolen = api.http.put("/api/v1/session", headers=tokens, json={"accountId": mine})
    assert api.refused(stolen) == (400, "error.invalid.accountId")
    mixed = api.http.get("/api/v1/ping", headers={"CST": tokens["CST"]})
    assert api.refused(mixed) == (401, "error.invalid.session.token")
    # A key with another customer's password, as measured on the real service.
    assert log_in(api, "second-key").json()["errorCode"] == "error.invalid.details"


def test_requests_are_remembered_without_secrets(api: Api) -> None:
    api.sandbox.requests.clear()
    api.post("positions", epic="SILVER", direction="BUY", size=1)
    api.get("markets/NOPE")
    told = [(r.method, r.path, r.status, r.executed, r.error_code) for r in api.sandbox.requests]
    assert told == [
        ("POST", "/api/v1/positions", 200, True, None),
        ("GET", "/api/v1/markets/NOPE", 404, False, "error.not-found.epic"),
    ]
    text = repr(list(api.sandbox.requests)) + repr(api.sandbox.credentials)
    secrets = (
        api.http.headers["CST"],
        api.http.headers["X-SECURITY-TOKEN"],
        api.sandbox.credentials.password,
    )
    assert not any(secret in text for secret in secrets)
