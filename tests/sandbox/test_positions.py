"""Positions: opening, confirms, protection, netting and hedging, refusals, and the money they move."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from capital_sandbox import Limits, ManualClock, Sandbox

from .conftest import Api


def positions(api: Api) -> list[Any]:
    return [row["position"] for row in api.ok(api.get("positions"))["positions"]]


def activities(api: Api, **query: Any) -> list[tuple[str, str, str]]:
    rows = api.ok(api.get("history/activity", lastPeriod=86400, **query))["activities"]
    return [(row["source"], row["type"], row["status"]) for row in rows]


def test_round_trip(api: Api) -> None:
    before = api.market("SILVER")
    reference = api.ok(api.post("positions", epic="SILVER", direction="BUY", size=2))["dealReference"]
    assert reference.startswith("o_")
    confirm = api.ok(api.get(f"confirms/{reference}"))
    assert (confirm["dealStatus"], confirm["status"], confirm["level"]) == (
        "ACCEPTED",
        "OPEN",
        before["offer"],
    )
    assert "rejectReason" not in confirm
    [affected] = confirm["affectedDeals"]
    assert affected["status"] == "OPENED"
    deal_id = affected["dealId"]
    assert confirm["dealId"] != deal_id

    position = api.ok(api.get(f"positions/{deal_id}"))["position"]
    assert position["workingOrderId"] == confirm["dealId"]
    assert position["dealReference"] == f"p_{deal_id}"
    assert (position["size"], position["level"], position["leverage"]) == (2, before["offer"], 20)
    assert position["upl"] == pytest.approx(2 * (before["bid"] - before["offer"]))
    assert not {"stopLevel", "profitLevel", "stopDistance", "trailingStop"} & set(position)
    assert position["createdDate"] == "2026-06-10T17:00:00"
    assert position["createdDateUTC"] == "2026-06-10T14:00:00"

    api.wait(60)
    exit_level = api.market("SILVER")["bid"]
    assert api.ok(api.delete(f"positions/{deal_id}"))["dealReference"] == f"p_{deal_id}"
    assert api.refused(api.delete(f"positions/{deal_id}")) == (404, "error.not-found.dealId")
    assert api.refused(api.get(f"positions/{deal_id}")) == (404, "error.not-found.dealId")
    closed = api.ok(api.get(f"confirms/p_{deal_id}"))
    assert (closed["status"], closed["level"], closed["profitCurrency"]) == ("CLOSED", exit_level, "USD")
    assert closed["affectedDeals"] == [{"dealId": deal_id, "status": "FULLY_CLOSED"}]
    profit = round(Decimal(2) * (Decimal(str(exit_level)) - Decimal(str(before["offer"]))), 2)
    trade = api.ok(api.get("history/transactions"))["transactions"][0]
    assert (trade["transactionType"], trade["instrumentName"], trade["dealId"]) == (
        "TRADE",
        "SILVER",
        deal_id,
    )
    assert Decimal(trade["size"]) == profit == Decimal(str(closed["profit"]))
    assert trade["currency"] == "USDd"
    assert activities(api) == [("USER", "POSITION", "ACCEPTED")] * 2


def test_closing_ignores_a_size(api: Api) -> None:
    deal_id = api.open(size=5)
    api.send("DELETE", f"positions/{deal_id}", params={"size": 1})
    assert positions(api) == []


def test_confirm_is_late_and_stale() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), confirm_delay=2))
    api.login()
    reference = api.ok(api.post("positions", epic="GOLD", direction="SELL", size=1))["dealReference"]
    assert api.refused(api.get(f"confirms/{reference}")) == (404, "error.not-found.dealReference")
    [position] = positions(api)
    api.clock.advance(2)
    assert api.ok(api.get(f"confirms/{reference}"))["status"] == "OPEN"
    own = f"confirms/{position['dealReference']}"
    seen: list[str] = []
    api.put(f"positions/{position['dealId']}", profitDistance=50)
    seen.append(api.ok(api.get(own))["status"])
    api.clock.advance(2)
    seen.append(api.ok(api.get(own))["status"])
    api.delete(f"positions/{position['dealId']}")
    seen.append(api.ok(api.get(own))["status"])
    api.clock.advance(2)
    seen.append(api.ok(api.get(own))["status"])
    assert seen == ["OPEN", "AMENDED", "AMENDED", "CLOSED"]


def test_update_replaces_everything(api: Api) -> None:
    deal_id = api.open("GOLD", stopDistance=40, profitDistance=60)
    assert {"stopLevel", "profitLevel"} <= set(positions(api)[0])
    api.ok(api.put(f"positions/{deal_id}", trailingStop=True, stopDistance=50))
    [position] = positions(api)
    assert (position["trailingStop"], position["stopDistance"]) == (True, 50)
    assert "profitLevel" not in position
    api.ok(api.put(f"positions/{deal_id}"))
    assert not {"stopLevel", "profitLevel", "trailingStop", "stopDistance"} & set(positions(api)[0])
    assert api.refused(api.put("positions/unknown", stopDistance=1)) == (404, "error.not-found.dealId")
    assert activities(api, filter="type==EDIT_STOP_AND_LIMIT") == [("USER", "EDIT_STOP_AND_LIMIT", "ACCEPTED")] * 2


def test_amounts_become_levels(api: Api) -> None:
    offer = api.market("GOLD")["offer"]
    api.open("GOLD", size=2, stopAmount=100, profitAmount=50)
    [position] = positions(api)
    assert position["stopLevel"] == pytest.approx(offer - 50)
    assert position["profitLevel"] == pytest.approx(offer + 25)


@pytest.mark.parametrize(
    ("direction", "field", "factor", "code"),
    [
        ("BUY", "stopLevel", 1.001, "error.invalid.stoploss.maxvalue"),
        ("BUY", "stopLevel", 0.3, "error.invalid.stoploss.minvalue"),
        ("BUY", "profitLevel", 0.999, "error.invalid.takeprofit.minvalue"),
        ("BUY", "profitLevel", 1.7, "error.invalid.takeprofit.maxvalue"),
        ("SELL", "stopLevel", 0.999, "error.invalid.stoploss.minvalue"),
        ("SELL", "stopLevel", 1.7, "error.invalid.stoploss.maxvalue"),
        ("SELL", "profitLevel", 1.001, "error.invalid.takeprofit.maxvalue"),
        ("SELL", "profitLevel", 0.3, "error.invalid.takeprofit.minvalue"),
    ],
)
def test_bounds_are_prices_that_work(api: Api, direction: str, field: str, factor: float, code: str) -> None:
    level = api.market("SILVER")["bid"] * factor
    order: dict[str, Any] = {"epic": "SILVER", "direction": direction, "size": 1}
    status, told = api.refused(api.post("positions", **order, **{field: level}))
    head, _, bound = told.partition(": ")
    assert (status, head) == (400, code)
    assert api.post("positions", **order, **{field: float(bound)}).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"size": 0.5}, 400, "error.invalid.size.minvalue: 1"),
        ({"size": 0}, 400, "error.invalid.size.minvalue: 1"),
        ({"size": -1}, 400, "error.invalid.size.minvalue: 1"),
        ({"size": 100001}, 400, "error.invalid.size.maxvalue: 100000"),
        ({"size": 1.05}, 400, "error.invalid.size"),
        ({"size": "1"}, 400, "error.invalid.size"),
        ({"size": None}, 400, "error.null.size"),
        ({"size": True}, 400, "error.invalid.size"),
        ({"size": 1e300}, 400, "error.invalid.size"),
        ({"direction": "buy"}, 400, "error.invalid.direction"),
        ({"direction": None}, 400, "error.null.direction"),
        ({"epic": "NOPE"}, 404, "error.not-found.epic"),
        ({"guaranteedStop": True}, 400, "error.invalid.stoploss"),
        ({"trailingStop": True, "stopLevel": 50}, 400, "error.invalid.stoploss"),
        ({"trailingStop": True, "guaranteedStop": True, "stopDistance": 2}, 400, "error.invalid.stoploss"),
        ({"trailingStop": "yes"}, 400, "error.invalid.trailingStop"),
        ({"stopLevel": -5}, 400, "error.invalid.stopLevel"),
    ],
)
def test_refused_at_once(api: Api, change: dict[str, Any], status: int, code: str) -> None:
    order = {"epic": "SILVER", "direction": "BUY", "size": 1} | change
    assert api.refused(api.post("positions", **order)) == (status, code)
    assert positions(api) == []


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"epic": "SILVER", "direction": "BUY", "size": 100000}, "RC_NOT_ENOUGH_MARGIN"),
        ({"epic": "EURUSD_W", "direction": "BUY", "size": 100}, "CLOSED_MARKET"),
        ({"epic": "5CPSG", "direction": "BUY", "size": 100}, "INSTRUMENT_NOT_AVAILABLE"),
        ({"epic": "GLD", "direction": "SELL", "size": 1}, "LONG_ONLY"),
        ({"epic": "1COV", "direction": "BUY", "size": 1}, "CLOSE_ONLY"),
    ],
)
def test_refused_by_the_confirm(api: Api, order: dict[str, Any], reason: str) -> None:
    confirm = api.confirm(api.post("positions", **order))
    assert (confirm["dealStatus"], confirm["status"], confirm["rejectReason"]) == (
        "REJECTED",
        "DELETED",
        reason,
    )
    assert (confirm["affectedDeals"], confirm["level"]) == ([], 0)
    assert confirm["dealId"]
    assert positions(api) == []
    assert activities(api) == [("USER", "POSITION", "REJECTED")]


def test_unknown_fields_are_ignored(api: Api) -> None:
    api.open(timeInForce="FILL_OR_KILL", forceOpen=True, limitDistance=1)
    assert "profitLevel" not in positions(api)[0]


def test_netting_takes_the_oldest_first(api: Api) -> None:
    first = api.open(size=3)
    api.wait(1)
    second = api.open(size=2)
    reduced = api.confirm(api.post("positions", epic="SILVER", direction="SELL", size=4))
    assert (reduced["status"], reduced["affectedDeals"]) == ("PARTIALLY_CLOSED", [])
    [left] = positions(api)
    assert (left["dealId"], left["size"]) == (second, 1)
    turned = api.confirm(api.post("positions", epic="SILVER", direction="SELL", size=3))
    [opened] = turned["affectedDeals"]
    [left] = positions(api)
    assert (left["dealId"], left["direction"], left["size"]) == (opened["dealId"], "SELL", 2)
    trades = api.ok(api.get("history/transactions", type="TRADE"))["transactions"]
    assert [row["dealId"] for row in trades] == [second, second, first]


def test_what_netting_closes_is_told_under_the_reference_of_each_position(api: Api) -> None:
    first, second = api.open(size=3), api.open(size=2)
    api.wait(60)
    reduced = api.confirm(api.post("positions", epic="SILVER", direction="SELL", size=4))
    closed, part = (api.ok(api.get(f"confirms/p_{deal_id}")) for deal_id in (first, second))
    assert (closed["status"], closed["size"]) == ("CLOSED", 3)
    assert closed["affectedDeals"] == [{"dealId": first, "status": "FULLY_CLOSED"}]
    assert (part["status"], part["size"]) == ("PARTIALLY_CLOSED", 1)
    assert part["affectedDeals"] == [{"dealId": second, "status": "PARTIALLY_CLOSED"}]
    trades = api.ok(api.get("history/transactions", type="TRADE"))["transactions"]
    assert [float(row["size"]) for row in trades] == [part["profit"], closed["profit"]]
    assert reduced["profit"] == pytest.approx(part["profit"] + closed["profit"])
    assert {confirm["profitCurrency"] for confirm in (reduced, closed, part)} == {"USD"}
    assert {confirm["level"] for confirm in (reduced, closed, part)} == {api.market("SILVER")["bid"]}
    turned = api.confirm(api.post("positions", epic="SILVER", direction="SELL", size=3))
    assert turned["profit"] == api.ok(api.get(f"confirms/p_{second}"))["profit"]
    assert api.ok(api.get(f"confirms/p_{second}"))["status"] == "CLOSED"
    assert api.ok(api.get(f"confirms/p_{turned['affectedDeals'][0]['dealId']}"))["status"] == "OPEN"


def test_the_distance_of_a_trailing_stop_counts(api: Api) -> None:
    bid = api.market("GOLD")["bid"]
    asked: dict[str, Any] = {"trailingStop": True, "stopDistance": 20, "stopLevel": round(bid - 60, 2)}
    deal_id = api.open("GOLD", **asked)
    for _ in range(2):
        [position] = positions(api)
        assert (position["stopDistance"], position["stopLevel"]) == (20, pytest.approx(bid - 20))
        api.ok(api.put(f"positions/{deal_id}", **asked))


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
def test_the_nearest_stop_is_never_the_price_itself(direction: str) -> None:
    api = Api(Sandbox(clock=ManualClock(datetime(2026, 6, 10, 1, 0, tzinfo=UTC)), limits=Limits.off()))
    api.login()
    market, order = api.market("7203"), {"epic": "7203", "direction": direction, "size": 1}
    price, tick = (market["bid"], -0.5) if direction == "BUY" else (market["offer"], 0.5)
    for field in ("stopLevel", "profitLevel"):
        _, _, bound = api.refused(api.post("positions", **order, **{field: price}))[1].partition(": ")
        assert float(bound) == price + (tick if field == "stopLevel" else -tick)
        assert api.confirm(api.post("positions", **order, **{field: float(bound)}))["dealStatus"] == "ACCEPTED"
        away = price * (0.1 if field == "stopLevel" else 1.9) if direction == "BUY" else price * 1.9
        if direction == "BUY" or field == "stopLevel":
            _, _, bound = api.refused(api.post("positions", **order, **{field: away}))[1].partition(": ")
            assert abs(float(bound) - price) <= price * 0.6
    near = api.post("positions", **order, stopDistance=0.2)
    assert api.refused(near)[1].startswith("error.invalid.stoploss.")


def test_a_closed_market_guarantees_nothing(api: Api) -> None:
    """The last price is hours old: a promise measured from it would be worth money."""
    deal_id = api.open("AAPL")
    kept = api.open("AAPL", guaranteedStop=True, stopDistance=5)
    stop = api.ok(api.get(f"positions/{kept}"))["position"]["stopLevel"]
    api.wait(10 * 3600 + 60)
    assert api.market("AAPL")["marketStatus"] == "CLOSED"
    refused = api.confirm(api.put(f"positions/{deal_id}", guaranteedStop=True, stopDistance=5))
    assert (refused["dealStatus"], refused["rejectReason"]) == ("REJECTED", "CLOSED_MARKET")
    assert not api.ok(api.get(f"positions/{deal_id}"))["position"]["guaranteedStop"]
    again = api.put(f"positions/{kept}", guaranteedStop=True, stopLevel=stop, profitDistance=20)
    assert api.confirm(again)["dealStatus"] == "ACCEPTED"
    assert api.confirm(api.put(f"positions/{deal_id}", stopDistance=5))["dealStatus"] == "ACCEPTED"


def test_hedging_keeps_both_sides_and_bars_guaranteed_stops(api: Api) -> None:
    api.ok(api.put("accounts/preferences", hedgingMode=True))
    api.open(size=2)
    api.open(size=2, direction="SELL")
    assert [position["direction"] for position in positions(api)] == ["BUY", "SELL"]
    order = {"epic": "SILVER", "direction": "BUY", "size": 1, "guaranteedStop": True, "stopDistance": 2}
    assert api.confirm(api.post("positions", **order))["rejectReason"] == "HEDGING_MODE_GSL"
    deal_id = positions(api)[0]["dealId"]
    edit = api.confirm(api.put(f"positions/{deal_id}", guaranteedStop=True, stopDistance=2))
    assert (edit["dealStatus"], edit["rejectReason"]) == ("REJECTED", "HEDGING_MODE_GSL")
    assert not positions(api)[0]["guaranteedStop"]
    rows = api.ok(api.get("history/activity", detailed=True))["activities"]
    assert (rows[0]["type"], rows[0]["status"], rows[0]["details"]["size"]) == ("EDIT_STOP_AND_LIMIT", "REJECTED", 0)


def test_margin_follows_the_leverage(api: Api) -> None:
    def available() -> float:
        return float(api.ok(api.get("accounts"))["accounts"][0]["balance"]["available"])

    start = available()
    api.ok(api.put("accounts/preferences", leverages={"COMMODITIES": 10}))
    api.open("GOLD", size=1)
    snapshot = api.market("GOLD")
    assert start - available() == pytest.approx(snapshot["bid"] / 10 + snapshot["offer"] - snapshot["bid"], abs=0.02)
    assert positions(api)[0]["leverage"] == 10


@pytest.mark.parametrize(("direction", "source"), [("BUY", "SL"), ("BUY", "TP"), ("SELL", "SL"), ("SELL", "TP")])
def test_stops_and_targets_fire_on_their_tick(api: Api, direction: str, source: str) -> None:
    way = {"SL": "stopDistance", "TP": "profitDistance"}[source]
    deal_id = api.open("BTCUSD", direction, 0.01, **{way: 500})
    [position] = positions(api)
    level = position["stopLevel" if source == "SL" else "profitLevel"]
    for _ in range(100):
        api.wait(3000)
        if not positions(api):
            break
    closed = api.ok(api.get(f"confirms/p_{deal_id}"))
    assert closed["status"] == "CLOSED"
    past_the_level = (level - closed["level"]) * (1 if (direction == "BUY") is (source == "SL") else -1)
    assert past_the_level >= 0
    # The very first tick beyond the level is the one that fired: no minute before it went so far.
    minute = closed["date"][:16] + ":00"
    bars = api.ok(
        api.get("prices/BTCUSD", max=1000, **{"from": "2026-06-10T14:01:00", "to": minute})
        if minute < "2026-06-11T06:00:00"
        else api.get("prices/BTCUSD", max=500, to=minute)
    )["prices"]
    side, extreme = (
        ("bid" if direction == "BUY" else "ask"),
        ("lowPrice" if past_the_level >= 0 else "highPrice"),
    )
    falling = (direction == "BUY") is (source == "SL")
    extreme = "lowPrice" if falling else "highPrice"
    reached = [bar[extreme][side] <= level if falling else bar[extreme][side] >= level for bar in bars]
    assert reached[-1]
    assert not any(reached[:-1])
    row = api.ok(api.get("history/activity", lastPeriod=86400, dealId=deal_id))["activities"]
    assert not row or row[0]["source"] == source


def test_guaranteed_stop_closes_at_its_level(api: Api) -> None:
    deal_id = api.open("BTCUSD", size=0.01, guaranteedStop=True, stopDistance=2000)
    level = positions(api)[0]["stopLevel"]
    for _ in range(300):
        api.wait(3000)
        if not positions(api):
            break
    assert api.ok(api.get(f"confirms/p_{deal_id}"))["level"] == level


def test_the_result_does_not_depend_on_who_looks() -> None:
    """One look after two days finds what a look every minute found. ``test_margin`` shows it of the close-out."""
    told: list[Any] = []
    for step in (60, 599):
        api = Api(Sandbox(clock=ManualClock(), limits=Limits.off()))
        api.login()
        api.open("BTCUSD", size=0.01, trailingStop=True, stopDistance=900)
        api.open("GOLD", "SELL", trailingStop=True, stopDistance=25)
        api.open("SILVER", stopDistance=1, profitDistance=1)
        end = api.clock.now() + timedelta(days=1)
        while api.clock.now() < end:
            api.clock.advance(min(timedelta(seconds=step), end - api.clock.now()))
            api.get("ping")
        told.append(api.ok(api.get("history/transactions", lastPeriod=200000)))
        told.append(api.ok(api.get("positions")))
        told.append(api.ok(api.get("accounts")))
    assert told[:3] == told[3:]
    assert len(told[0]["transactions"]) > 3


def test_close_out_saves_what_is_left(api: Api) -> None:
    available = api.ok(api.get("accounts"))["accounts"][0]["balance"]["available"]
    deal_id = api.open("OIL_CRUDE", "SELL", int(0.99 * available * 20 / api.market("OIL_CRUDE")["offer"]))
    spare = api.ok(api.get("accounts"))["accounts"][0]["balance"]["available"]
    api.ok(api.post("accounts/topUp", amount=-spare))
    for _ in range(200):
        api.wait(3600)
        if not positions(api):
            break
    rows = api.ok(api.get("history/transactions", lastPeriod=10_000_000))["transactions"]
    assert any(row["transactionType"] == "TRADE" for row in rows)
    assert not positions(api)
    confirm = api.ok(api.get(f"confirms/p_{deal_id}"))
    day = {"from": f"{confirm['date'][:10]}T00:00:00", "dealId": deal_id, "filter": "source==CLOSE_OUT"}
    assert [row["dateUTC"] for row in api.ok(api.get("history/activity", **day))["activities"]] == [confirm["date"]]
    assert api.ok(api.get("accounts"))["accounts"][0]["balance"]["balance"] >= 0


def test_the_overnight_fee(api: Api) -> None:
    api.open("GOLD", size=1)
    api.wait(7 * 3600)
    [fee] = api.ok(api.get("history/transactions", lastPeriod=7200, type="SWAP"))["transactions"]
    assert fee["dateUtc"] == "2026-06-10T21:00:00"
    assert float(fee["size"]) == pytest.approx(-0.000199715 * api.market("GOLD")["bid"], abs=0.01)
    assert fee["note"] == "Overnight fee"


def test_a_closed_market_refuses_to_close(api: Api) -> None:
    deal_id = api.open("AAPL")
    api.wait(10 * 3600 + 60)
    assert api.market("AAPL")["marketStatus"] == "CLOSED"
    refused = api.confirm(api.delete(f"positions/{deal_id}"))
    assert (refused["dealStatus"], refused["rejectReason"]) == ("REJECTED", "CLOSED_MARKET")
    assert [position["dealId"] for position in positions(api)] == [deal_id]
    api.wait(8 * 3600)
    assert api.confirm(api.delete(f"positions/{deal_id}"))["status"] == "CLOSED"


def test_profit_is_booked_in_the_currency_of_the_account(api: Api) -> None:
    eur = api.ok(api.get("accounts"))["accounts"][1]["accountId"]
    api.ok(api.put("session", accountId=eur))
    deal_id = api.open("USDJPY", size=100_000)
    bought = positions(api)[0]["level"]
    api.wait(600)
    sold = api.confirm(api.delete(f"positions/{deal_id}"))
    assert sold["profitCurrency"] == "EUR"
    assert sold["profit"] == pytest.approx((sold["level"] - bought) * 100_000 * 0.0069 / 1.15, abs=0.01)
    [trade] = api.ok(api.get("history/transactions", type="TRADE", lastPeriod=60))["transactions"]
    assert trade["currency"] == "EURd"
    assert api.ok(api.get("accounts"))["accounts"][0]["balance"]["balance"] == 10_000


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
def test_a_trailing_stop_follows_and_never_turns_back(api: Api, direction: str) -> None:
    api.open("BTCUSD", direction, 0.01, trailingStop=True, stopDistance=2500)
    sign = 1 if direction == "BUY" else -1
    stops = [positions(api)[0]["stopLevel"]]
    for _ in range(60):
        api.wait(300)
        if not positions(api):
            break
        stops.append(positions(api)[0]["stopLevel"])
        bars = api.ok(api.get("prices/BTCUSD", max=1000, **{"from": "2026-06-10T14:00:00"}))["prices"]
        best = max(sign * bar["highPrice" if sign > 0 else "lowPrice"]["bid" if sign > 0 else "ask"] for bar in bars)
        assert sign * stops[-1] == pytest.approx(best - 2500)
    assert all(sign * (after - before) >= 0 for before, after in pairwise(stops))
    assert len(set(stops)) > 3
