"""Limits that are not the same for everybody."""

from typing import Any

import pytest

from capital_sandbox import Credentials, Limits, ManualClock, Sandbox

from .conftest import Api


def orders_of_an_hour(*, live: bool) -> list[int]:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits(None, None, None, deals_per_hour=3, top_ups_per_day=None))
    mine = Credentials("my-key", "me@example.com", "secret")
    sandbox.add_customer(mine, live=live)
    api = Api(sandbox)
    body = {"identifier": mine.identifier, "password": mine.password}
    answer = api.http.post("/api/v1/session", json=body, headers={"X-CAP-API-KEY": mine.api_key})
    api.http.headers.update({name: answer.headers[name] for name in ("CST", "X-SECURITY-TOKEN")})
    order = {"epic": "SILVER", "direction": "BUY", "size": 1}
    return [api.post("positions", **order).status_code for _ in range(5)]


def test_the_orders_an_hour_are_limited_on_demo_accounts_only() -> None:
    assert orders_of_an_hour(live=False) == [200, 200, 200, 429, 429]
    assert orders_of_an_hour(live=True) == [200] * 5


def test_the_key_for_a_login_is_a_call_of_its_user() -> None:
    api = Api(Sandbox(clock=ManualClock()))
    mine = {"X-CAP-API-KEY": api.sandbox.credentials.api_key}
    keys = [api.http.get("/api/v1/session/encryptionKey", headers=mine) for _ in range(11)]
    assert [answer.status_code for answer in keys] == [200] * 10 + [429]
    api.login()
    assert api.refused(api.get("ping")) == (429, "error.too-many.requests")
    api.clock.advance(1)
    assert api.get("ping").status_code == 200
    assert api.http.get("/api/v1/session/encryptionKey", headers=mine).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"epic": "SILVER", "direction": "BUY", "size": 1}, 200),
        ({"epic": "SILVER", "direction": "BUY", "size": 0.001}, 400),
        ({"epic": "NOPE", "direction": "BUY", "size": 1}, 404),
        ({"epic": "SILVER", "direction": "UP", "size": 1}, 400),
        ({}, 400),
    ],
)
@pytest.mark.parametrize("path", ["positions", "workingorders"])
def test_every_order_counts_whatever_becomes_of_it(path: str, body: dict[str, Any], status: int) -> None:
    api = Api(Sandbox(clock=ManualClock()))
    api.login()
    waiting: dict[str, Any] = {"type": "LIMIT", "level": 20} if path == "workingorders" and body else {}
    order: dict[str, Any] = {"epic": "GOLD", "direction": "BUY", "size": 1}
    assert api.post(path, **body, **waiting).status_code == status
    assert api.refused(api.post("positions", **order)) == (429, "error.too-many.requests")
    api.clock.advance(0.1)
    assert api.post("positions", **order).status_code == 200


def test_without_limits_the_forty_markets_of_a_stream_stay() -> None:
    sandbox = Sandbox(limits=Limits.off())
    assert sandbox.streams.settings.most_epics == 40
