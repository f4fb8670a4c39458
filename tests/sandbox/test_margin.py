"""Margin: what it refuses and what it must not, and the close-out, exact to the tick whoever looks."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from capital_sandbox import Credentials, Limits, ManualClock, Sandbox
from capital_sandbox.accounts import Account
from capital_sandbox.candles import Resolution
from capital_sandbox.clock import to_milliseconds
from capital_sandbox.margin import MarginWatch
from capital_sandbox.recorded_prices import load

from .conftest import Api

START = datetime(2026, 6, 10, 14, 0, tzinfo=UTC)


def positions(api: Api) -> list[Any]:
    return [row["position"] for row in api.ok(api.get("positions"))["positions"]]


def balance(api: Api) -> dict[str, float]:
    return dict(api.ok(api.get("accounts"))["accounts"][0]["balance"])


def deal(api: Api, epic: str, direction: str, size: float, **more: Any) -> Any:
    return api.confirm(api.post("positions", epic=epic, direction=direction, size=size, **more))


def closings(api: Api) -> list[tuple[str, str, float, str]]:
    rows = api.ok(api.get("history/activity", lastPeriod=86_400, detailed="true"))["activities"]
    return [
        (row["epic"], row["source"], row["details"]["level"], row["dateUTC"])
        for row in rows
        if row["source"] in ("SL", "CLOSE_OUT")
    ]


def fresh(seed: int = 1, **options: Any) -> Api:
    api = Api(Sandbox(seed=seed, clock=ManualClock(), limits=Limits.off(), **options))
    api.login()
    return api


def in_the_red() -> tuple[Api, int]:
    """A customer whose margin exceeds the balance, but not by enough to be closed out; and the size of the position."""
    api = fresh()
    size = int(9900 * 20 / api.market("SILVER")["offer"])
    api.open(size=size)
    for _ in range(100):
        if balance(api)["available"] < -50:
            return api, size
        api.wait(600)
    raise AssertionError("the price did not fall")


# What margin refuses


@pytest.mark.parametrize("share", [0.1, 1])
def test_whoever_wants_less_needs_no_money_for_it(share: float) -> None:
    api, size = in_the_red()
    reduced = deal(api, "SILVER", "SELL", int(size * share))
    assert (reduced["dealStatus"], reduced["status"]) == ("ACCEPTED", "CLOSED" if share == 1 else "PARTIALLY_CLOSED")
    assert sum(row["size"] for row in positions(api)) == size - int(size * share)
    assert deal(api, "SILVER", "BUY", size)["dealStatus"] == "REJECTED"


def test_a_working_order_can_be_the_way_out() -> None:
    api, size = in_the_red()
    level = round(api.market("SILVER")["bid"] * 0.998, 3)
    order = {"epic": "SILVER", "direction": "SELL", "size": size, "type": "STOP", "level": level}
    created = api.post("workingorders", **order)
    for _ in range(300):
        api.wait(300)
        if not api.ok(api.get("workingorders"))["workingOrders"]:
            break
    assert (api.confirm(created)["dealStatus"], positions(api)) == ("ACCEPTED", [])


def test_a_reversal_may_use_the_margin_that_it_frees(api: Api) -> None:
    size = round(8000 * 20 / api.market("GOLD")["offer"], 2)
    api.open("GOLD", size=size)
    assert balance(api)["available"] < 2000
    assert deal(api, "GOLD", "SELL", round(2.3 * size, 2))["rejectReason"] == "RC_NOT_ENOUGH_MARGIN"
    turned = deal(api, "GOLD", "SELL", 2 * size)
    assert (turned["dealStatus"], turned["status"]) == ("ACCEPTED", "OPEN")
    assert [(row["direction"], row["size"]) for row in positions(api)] == [("SELL", size)]


def test_money_that_secures_positions_cannot_be_withdrawn(api: Api) -> None:
    size = int(9000 * 20 / api.market("SILVER")["offer"])
    api.open(size=size)
    spare = balance(api)["available"]
    for amount in (spare + 0.01, 9000, balance(api)["deposit"]):
        assert api.refused(api.post("accounts/topUp", amount=-round(amount, 2))) == (400, "error.invalid.amount")
    api.ok(api.post("accounts/topUp", amount=-spare))
    assert balance(api)["available"] == 0


def test_nothing_is_to_be_withdrawn_when_less_than_nothing_is_available() -> None:
    api, _ = in_the_red()
    assert api.refused(api.post("accounts/topUp", amount=-0.01)) == (400, "error.invalid.amount")
    assert api.post("accounts/topUp", amount=0.01).status_code == 200


def test_an_obligation_to_guaranteed_stops_does_not_bar_the_way_out(api: Api) -> None:
    mine = Credentials("bound", "bound@example.com", "password")
    api.sandbox.add_customer(mine, guaranteed_stops_required=True)
    answer = api.http.post(
        "/api/v1/session",
        json={"identifier": mine.identifier, "password": mine.password},
        headers={"X-CAP-API-KEY": mine.api_key},
    )
    for name in ("CST", "X-SECURITY-TOKEN"):
        api.http.headers[name] = answer.headers[name]
    code = "error.vallidation.guaranteed-stop-loss.required"
    order: dict[str, Any] = {"epic": "GOLD", "direction": "SELL", "size": 1}
    api.open("GOLD", size=2, guaranteedStop=True, stopDistance=80)
    assert deal(api, **order)["status"] == "PARTIALLY_CLOSED"
    assert api.refused(api.post("positions", **order | {"size": 1.5})) == (400, code)
    market = api.market("GOLD")
    waiting = {**order, "type": "LIMIT", "level": round(market["bid"] + 0.5, 2)}
    created = api.post("workingorders", **waiting)
    assert api.confirm(created)["status"] == "OPEN"
    assert deal(api, **order)["status"] == "CLOSED"
    assert api.refused(api.post("workingorders", **waiting)) == (400, code)
    # What was a way out when it was placed, would now open something.
    for _ in range(50):
        api.clock.advance(60)
        api.get("ping")
    assert api.confirm(created)["rejectReason"] == "REQUIRED_GSL"


# Gaps


def flat(minutes: range, price: float, spread: float) -> list[dict[str, Any]]:
    sides = {"bid": price, "ask": price + spread}
    corners = {f"{side}_{corner}": sides[side] for side in sides for corner in ("open", "high", "low", "close")}
    return [{"time": f"{START + timedelta(minutes=at):%Y-%m-%dT%H:%M:%S}", **corners} for at in minutes]


def recording(folder: Path, **markets: Sequence[dict[str, Any]]) -> Api:
    for epic, rows in markets.items():
        with (folder / f"{epic}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    clock = ManualClock(START + timedelta(minutes=1))
    api = Api(Sandbox(clock=clock, limits=Limits.off(), prices=load(folder)))
    api.login()
    return api


@pytest.mark.parametrize("reopening", [180, 190])  # on a full hour and between two
def test_a_guaranteed_stop_pays_before_anybody_sees_the_gap(tmp_path: Path, reopening: int) -> None:
    rows = flat(range(120), 3000, 0.5) + flat(range(reopening, reopening + 60), 2800, 0.5)
    api = recording(tmp_path, GOLD=rows)
    deal_id = api.open("GOLD", size=60, guaranteedStop=True, stopLevel=2960)
    api.wait((reopening + 30) * 60)
    confirm = api.ok(api.get(f"confirms/p_{deal_id}"))
    assert (confirm["level"], confirm["profit"]) == (2960, -2430)
    assert [(source, level) for _, source, level, _ in closings(api)] == [("SL", 2960)]
    assert balance(api)["balance"] == 7570


def test_two_markets_that_gap_at_the_same_instant(tmp_path: Path) -> None:
    gold = flat(range(120), 3000, 0.5) + flat(range(190, 250), 2800, 0.5)
    silver = flat(range(120), 30, 0.01) + flat(range(190, 250), 28, 0.01)
    api = recording(tmp_path, GOLD=gold, SILVER=silver)
    api.open("SILVER", size=100, guaranteedStop=True, stopLevel=29.5)
    api.open("GOLD", size=60, guaranteedStop=True, stopLevel=2960)
    api.wait(220 * 60)
    assert {(epic, source, level) for epic, source, level, _ in closings(api)} == {
        ("SILVER", "SL", 29.5),
        ("GOLD", "SL", 2960),
    }
    assert balance(api)["balance"] == 10_000 - 100 * (30.01 - 29.5) - 60 * (3000.5 - 2960)


def test_an_order_of_the_same_instant_can_count_on_the_guarantee(tmp_path: Path) -> None:
    """It needs the money that the position would lose without its guaranteed stop."""
    gold = flat(range(120), 3000, 0.5) + flat(range(190, 250), 2800, 0.5)
    silver = flat(range(120), 30, 0.01) + flat(range(190, 250), 28, 0.01)
    api = recording(tmp_path, SILVER=silver, GOLD=gold)
    api.open("SILVER", size=1, stopLevel=20)
    order = {"epic": "SILVER", "direction": "BUY", "size": 1000, "type": "LIMIT", "level": 29}
    created = api.post("workingorders", **order)
    api.open("GOLD", size=40, guaranteedStop=True, stopLevel=2960)
    api.wait(220 * 60)
    assert api.confirm(created)["dealStatus"] == "ACCEPTED"
    assert [row["level"] for row in positions(api)] == [30.01, 28.01]


def test_without_a_guarantee_a_gap_costs_what_it_costs(tmp_path: Path) -> None:
    api = recording(tmp_path, GOLD=flat(range(120), 3000, 0.5) + flat(range(190, 250), 2800, 0.5))
    api.open("GOLD", size=60, stopLevel=2960)
    api.wait(220 * 60)
    assert [(source, level) for _, source, level, _ in closings(api)] == [("SL", 2800)]
    rows = api.ok(api.get("history/transactions", lastPeriod=86_400))["transactions"]
    assert [row["transactionType"] for row in rows] == ["NEGATIVE_BALANCE_PROTECTION", "TRADE", "DEPOSIT"]
    assert balance(api)["balance"] == 0


# The close-out


def the_account(api: Api) -> Account:
    return next(iter(api.sandbox.world.customers["sandbox-api-key"].accounts.values()))


def nearly(api: Api, spare: int) -> Decimal:
    """What to book on an account to leave it so much above the close-out."""
    figures = the_account(api).balance(api.sandbox.world.feed, to_milliseconds(api.clock.now()))
    return figures.margin / 2 + spare - figures.balance


def life(seed: int, step: float) -> tuple[list[Any], Api]:
    """Two days of a customer who has bound nearly all the money, looked at every so many seconds."""
    api = fresh(seed)
    api.http.event_hooks = {}
    direction = "BUY" if seed % 2 else "SELL"
    api.open("OIL_CRUDE", direction, int(8800 * 20 / api.market("OIL_CRUDE")["offer"]))
    api.open("US500", direction, round(900 * 20 / api.market("US500")["offer"], 1))
    trailing = api.open("SILVER", direction, 20, trailingStop=True, stopDistance=8)
    account = the_account(api)
    start, end = api.clock.now(), api.clock.now() + timedelta(days=2)
    account.ledger.book(to_milliseconds(start), "WITHDRAWAL", "So near to the end that it comes", nearly(api, 250))
    while api.clock.now() < end:
        api.clock.advance(min(timedelta(seconds=step), end - api.clock.now()))
        api.login()
    told = [api.ok(api.get(path)) for path in ("positions", "accounts", f"confirms/p_{trailing}")]
    return [*told, api.ok(api.get("history/transactions", lastPeriod=200_000))], api


def test_a_close_out_does_not_depend_on_who_looks() -> None:
    closed_out = 0
    for seed in range(1, 7):
        lives = [life(seed, step) for step in (2 * 86_400, 577, 3600)]
        told = [told for told, _ in lives]
        assert told[0] == told[1] == told[2]
        closed_out += sum(row.source == "CLOSE_OUT" for row in the_account(lives[0][1]).activity)
    assert closed_out > 3


def ticks(sandbox: Sandbox, account: Account, start: int, end: int) -> list[int]:
    """When anything changed in the markets of an account, read tick by tick."""
    minutes = range(Resolution.MINUTE.candle_at(start), Resolution.MINUTE.candle_at(end) + 1)
    source = sandbox.world.feed.source
    dealt = {position.instrument for position in account.positions.values()}
    times = {tick.time for market in dealt for minute in minutes for tick in source.ticks(market, minute)}
    return sorted(time for time in times if start < time < end)


@pytest.mark.parametrize("seed", range(8))
def test_the_first_tick_that_is_too_low_is_found(seed: int) -> None:
    """What is found without looking at every tick is what is found by looking at every tick."""
    random = Random(seed)
    api = fresh(seed, timezone_offset=0)
    hedging = seed % 2 == 1
    api.ok(api.put("accounts/preferences", hedgingMode=hedging))
    sizes = {"OIL_CRUDE": 4000.0, "AAPL": 3000.0, "US500": 2000.0, "BTCUSD": 500.0}
    for epic, money in sizes.items():
        leverage = {"AAPL": 5, "BTCUSD": 2}.get(epic, 20)
        size = round(money * leverage / api.market(epic)["offer"], 1) or 0.1
        if epic in ("OIL_CRUDE", "AAPL"):
            size = int(size)
        deal(api, epic, random.choice(["BUY", "SELL"]), size)
        if hedging and epic == "OIL_CRUDE":
            deal(api, epic, "SELL", int(size / 3))
    world, account = api.sandbox.world, the_account(api)
    now = to_milliseconds(api.clock.now())
    watch, end = MarginWatch(world.feed), now + 36 * 3_600_000
    slow = None
    while slow is None:  # nearer and nearer to the end, until it comes
        account.ledger.deposit += nearly(api, random.choice([20, 100, 250, 400]))
        slow = next((time for time in ticks(api.sandbox, account, now, end) if watch.is_short(account, time)), None)
        assert watch.first_short(account, now, end) == slow
    assert watch.first_short(account, now, slow) is None
    assert watch.first_short(account, slow - 1, end) == slow
