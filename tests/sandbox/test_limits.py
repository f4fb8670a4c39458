"""Limits that are not the same for everybody."""

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
