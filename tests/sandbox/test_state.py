"""`sandbox.state`: a picture of what there is."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from capital_sandbox import DEFAULT_START, Credentials, Limits, ManualClock, Request, Sandbox
from capital_sandbox.equity import EquityCurve, stops

from .conftest import Api

HOUR = 3_600_000


def test_a_new_sandbox(sandbox: Sandbox) -> None:
    state = sandbox.state
    assert state.now == DEFAULT_START
    [customer] = state.customers
    assert (customer.identifier, customer.usual, customer.sessions) == ("demo@example.com", True, 0)
    usd, eur = customer.accounts
    assert (usd.currency, usd.preferred, usd.active, usd.hedging) == ("USD", True, False, False)
    assert (eur.currency, eur.preferred, eur.balance) == ("EUR", False, Decimal(5000))
    assert state.account == usd
    assert usd.deposit == usd.balance == usd.available == 10_000
    assert usd.profit == usd.margin == 0
    assert [row.kind for row in usd.transactions] == ["DEPOSIT"]
    assert [point.balance for point in usd.equity] == [10_000]
    assert (usd.positions, usd.orders, usd.activity, state.requests, state.faults) == ((), (), (), (), ())
    assert state.settings.speed == 0
    assert state.settings.limits["requests_per_second"] is None
    assert {market.epic for market in state.markets} >= {"BTCUSD", "EURUSD", "GOLD"}


def test_deals_as_the_api_tells_them(api: Api) -> None:
    deal = api.open("GOLD", size=2, stopDistance=100, trailingStop=True)
    api.post("workingorders", epic="SILVER", direction="SELL", size=5, level=900, type="LIMIT")
    api.clock.advance(3600)
    api.login()
    state = api.sandbox.state
    [told] = api.ok(api.get("positions"))["positions"]
    [position] = state.account.positions
    assert position.deal_id == deal == told["position"]["dealId"]
    assert (position.epic, position.direction, position.size) == ("GOLD", "BUY", Decimal(2))
    assert float(position.level) == told["position"]["level"]
    assert float(position.stop_level or 0) == told["position"]["stopLevel"]
    assert position.trailing
    assert [float(position.bid), float(position.offer)] == [told["market"]["bid"], told["market"]["offer"]]
    assert position.profit == (position.bid - position.level) * 2
    [order] = state.account.orders
    assert (order.epic, order.kind, order.direction, order.level, order.good_till) == (
        "SILVER",
        "LIMIT",
        "SELL",
        Decimal(900),
        None,
    )
    [usd, _] = api.ok(api.get("accounts"))["accounts"]
    figures = {
        "balance": state.account.balance,
        "deposit": state.account.deposit,
        "profitLoss": state.account.profit,
        "available": state.account.available,
    }
    assert usd["balance"] == {name: float(value) for name, value in figures.items()}
    assert [(row.type, row.status) for row in state.account.activity] == [
        ("WORKING_ORDER", "CREATED"),
        ("POSITION", "ACCEPTED"),
    ]
    assert [market.epic for market in state.markets][:2] == ["GOLD", "SILVER"]


def test_requests_newest_first_and_bounded(api: Api) -> None:
    for _ in range(60):
        api.get("ping")
    api.get("markets/NOPE")
    state = api.sandbox.state
    assert len(state.requests) == 50
    assert state.requests_remembered == 62
    assert (state.requests[0].path, state.requests[0].error_code) == ("/api/v1/markets/NOPE", "error.not-found.epic")
    assert state.requests[0] == list(api.sandbox.requests)[-1]


def test_sessions_and_the_account_in_use(api: Api) -> None:
    [_, eur] = api.ok(api.get("accounts"))["accounts"]
    api.ok(api.put("session", accountId=eur["accountId"]))
    [customer] = api.sandbox.state.customers
    assert customer.sessions == 1
    assert [account.active for account in customer.accounts] == [False, True]
    api.clock.advance(600)
    [customer] = api.sandbox.state.customers
    assert customer.sessions == 0
    assert not any(account.active for account in customer.accounts)


def test_faults(api: Api) -> None:
    api.sandbox.faults.too_many_requests("GET", "/ping", times=3)
    api.get("ping")
    api.get("accounts")
    [fault] = api.sandbox.state.faults
    assert (fault.name, fault.method, fault.path) == ("too_many_requests", "GET", "/ping")
    assert (fault.seen, fault.hits, fault.times) == (1, 1, 3)


def test_everything_that_was_said_about_a_fault(api: Api) -> None:
    faults = api.sandbox.faults
    body = {"error_code": "a.b", "someField": None}
    faults.answer(418, "GET", "/ping", body=body, every=3, after=timedelta(minutes=1), probability=0.5)
    faults.null("snapshot.bid", since=DEFAULT_START, until=DEFAULT_START + timedelta(hours=1))
    faults.stream.late(7, "GOLD", "quote", times=2)
    answer, null, late = api.sandbox.state.faults
    assert [fault.number for fault in (answer, null, late)] == [1, 2, 3]
    assert (answer.details["status"], answer.details["body"], answer.details["every"]) == (418, body, 3)
    assert (answer.details["after"], answer.details["probability"]) == ("60s", 0.5)
    assert null.details["place"] == "snapshot.bid"
    assert (null.details["since"], null.details["until"]) == ("2026-06-10T14:00:00+00:00", "2026-06-10T15:00:00+00:00")
    assert (late.name, late.method, late.path, late.times) == ("stream.late", "quote", "GOLD", 2)
    assert late.details["seconds"] == 7
    told = api.sandbox.state.to_dict()["faults"]
    assert told[0]["details"]["body"] == body  # its names are not translated
    for rule, content in zip(faults, told, strict=True):
        given = rule.to_dict().values()
        assert all(value in (*content.values(), *content["details"].values()) for value in given)


def test_other_customers() -> None:
    sandbox = Sandbox(clock=ManualClock(), credentials=Credentials("my-key", "me@example.com", "mine"))
    sandbox.add_customer(Credentials("other-key", "other@example.com", "theirs"), {})
    first, second = sandbox.state.customers
    assert (first.identifier, first.usual, len(first.accounts)) == ("me@example.com", False, 2)
    assert (second.identifier, second.accounts) == ("other@example.com", ())


def test_nothing_secret_and_nothing_that_json_does_not_know(api: Api) -> None:
    api.open()
    api.post("workingorders", epic="SILVER", direction="SELL", size=5, level=900, type="LIMIT")
    api.sandbox.faults.late_activity(5)
    content = api.sandbox.state.to_dict()
    told = json.dumps(content, allow_nan=False)
    credentials = api.sandbox.credentials
    for secret in (credentials.api_key, credentials.password, api.http.headers["CST"]):
        assert secret not in told
        assert secret not in repr(api.sandbox.state)
    assert api.http.headers["X-SECURITY-TOKEN"] not in told
    assert content["now"] == "2026-06-10T14:00:00.000Z"
    [position] = content["customers"][0]["accounts"][0]["positions"]
    assert position["dealId"].startswith("006011e7")
    assert position["stopLevel"] is None
    limits = content["settings"]["limits"]
    assert set(limits.values()) == {None}
    assert {"loginsPerSecond", "dealsPer100Ms", "topUpsPerDay"} <= limits.keys()


def test_a_picture_does_not_change(api: Api) -> None:
    state = api.sandbox.state
    before = state.to_dict()
    api.open()
    api.clock.advance(86_400)
    assert state.to_dict() == before
    with pytest.raises(dataclasses.FrozenInstanceError):
        state.account.balance = Decimal(0)  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_looking_is_neither_remembered_nor_counted() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits())
    for _ in range(30):
        assert sandbox.state.now == DEFAULT_START
    assert len(sandbox.requests) == 0


# ------------------------------------------------------------------------------------------------------ equity


def test_the_curve_shows_the_way_and_not_only_its_end(api: Api) -> None:
    api.open("BTCUSD", size=0.05)
    api.clock.advance(timedelta(days=7))
    curve = api.sandbox.state.account.equity
    assert len(curve) > 80
    assert len({point.balance for point in curve}) > 80
    assert [point.time for point in curve] == sorted({point.time for point in curve})
    assert curve[0].time == DEFAULT_START
    assert (curve[-1].time, curve[-1].balance) == (api.clock.now(), api.sandbox.state.account.balance)


def test_it_tells_the_present_before_the_next_point_is_due(api: Api) -> None:
    api.open("GOLD", size=1)
    account = api.sandbox.state.account
    assert [point.balance for point in account.equity] == [account.balance]
    assert account.balance < 10_000  # the spread


@pytest.mark.parametrize("seed", range(4))
def test_looking_does_not_change_what_happens(seed: int) -> None:
    def life(*, look: bool) -> object:
        api = Api(Sandbox(seed=seed, clock=ManualClock(), limits=Limits.off()))
        api.login()
        for epic, size, more in (
            ("BTCUSD", 0.02, {"stopDistance": 2000, "trailingStop": True}),
            ("GOLD", 1, {"stopDistance": 40, "profitDistance": 60}),
            ("EURUSD", 8000, {}),
        ):
            api.post("positions", epic=epic, direction="BUY", size=size, **more)
        bid = api.market("SILVER")["bid"]
        api.post("workingorders", epic="SILVER", direction="BUY", size=10, level=bid * 0.98, type="LIMIT")
        for _ in range(240 if look else 1):
            api.clock.advance(timedelta(hours=240) / (240 if look else 1))
            assert api.sandbox.state.now == api.clock.now()
        account = api.sandbox.state.account
        return dataclasses.replace(account, equity=(), active=False)

    assert life(look=False) == life(look=True)


def test_the_curve_is_bounded_and_spans_everything() -> None:
    curve = EquityCurve()
    added = 0
    for second in range(100_000):
        if curve.is_due(second * 1000):
            curve.add(second * 1000, Decimal(second))
            added += 1
    points = curve.until(100_000_000, Decimal(1))
    assert len(points) <= 481
    assert added < 6000  # a point is worked out ever less often
    assert (points[0].time, points[-1].time) == (0, 100_000_000)
    gaps = [right.time - left.time for left, right in pairwise(points[:-1])]
    assert max(gaps) <= 4 * min(gaps)  # evenly spread


def test_stops_are_full_hours_on_the_way() -> None:
    assert list(stops(0, HOUR)) == []
    assert list(stops(HOUR - 1, HOUR)) == []
    assert list(stops(HOUR - 1, HOUR + 1)) == [HOUR]
    assert list(stops(5, 3 * HOUR + 5)) == [HOUR, 2 * HOUR, 3 * HOUR]
    year = list(stops(17, 365 * 24 * HOUR))
    assert 100 <= len(year) <= 125
    assert all(instant % HOUR == 0 for instant in year)


def test_much_time_at_once_costs_little_memory(api: Api) -> None:
    api.open("EURUSD", size=100)
    for _ in range(8):
        api.clock.advance(timedelta(days=30))
        assert len(api.sandbox.state.account.equity) <= 481


def test_the_request_is_not_kept(sandbox: Sandbox) -> None:
    sandbox.handle(Request("GET", "/api/v1/" + "x" * 100_000))
    [request] = sandbox.state.requests
    assert len(request.path) <= 200
