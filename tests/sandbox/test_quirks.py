"""The oddities of the real service, one test for each; and every error code, by doing what causes it.

``SHOWN`` says for each numbered quirk which test shows it here. The rest is in ``docs/sandbox-quirks.md``, with the
reason why the sandbox does not have it.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from capital_sandbox import Credentials, Limits, ManualClock, Sandbox

from .conftest import Api
from .streaming import Watcher

NOT_MODELLED_LIST = Path(__file__).parents[2] / "docs" / "sandbox-quirks.md"

SHOWN = {
    1: "test_a_success_only_says_queued",
    2: "test_a_refused_deal_has_an_id_and_nothing_else",
    3: "test_an_open_confirm_names_the_order_first",
    4: "test_references_are_used_again",
    5: "test_no_confirm_yet_but_a_position",
    6: "test_an_update_replaces_on_positions_and_keeps_on_orders",
    7: "test_part_of_a_position_is_closed_by_the_opposite",
    8: "test_hedging_decides_what_an_opposite_order_does",
    9: "test_amounts_cannot_be_read_back",
    10: "test_bounds_are_prices_that_drift",
    11: "test_the_grid_of_sizes_is_not_the_grid_of_prices",
    12: "test_sizes_start_where_their_kind_of_market_says",
    13: "test_distances_are_percentages",
    14: "test_the_margin_factor_is_not_the_margin",
    15: "test_opening_hours_in_all_spellings",
    16: "test_one_local_time_without_a_twin",
    17: "test_one_thing_has_several_names",
    18: "test_the_size_of_a_transaction_is_money",
    19: "test_activity_is_read_day_by_day",
    20: "test_windows_of_candles",
    22: "test_pauses_and_weekends",
    23: "test_one_budget_for_all_sessions",
    24: "test_the_preferred_account_is_not_the_active_one",
    25: "test_the_list_of_all_markets_is_huge",
    26: "test_epics_of_all_kinds",
    27: "test_trailing_stops_work_though_the_market_denies_it",
    29: "test_a_limit_through_the_market_is_refused",
    30: "test_incidents",
    31: "test_numbers_beyond_double_precision",
    32: "test_changes_of_different_bases",
    33: "test_demo_fills_repeat_and_demo_orders_are_counted",
    34: "test_the_stream_repeats_tokens_in_errors",
    36: "test_an_expiry_goes_in_once_and_comes_out_twice",
    37: "test_a_level_of_nought",
    38: "test_market_orders_are_orders_too",
    39: "test_histories_do_not_say_that_there_is_more",
}
NOT_MODELLED = {21, 28, 35, 40}


def test_every_quirk_is_accounted_for() -> None:
    assert SHOWN.keys() | NOT_MODELLED == set(range(1, 41))
    assert not SHOWN.keys() & NOT_MODELLED
    assert all(callable(globals().get(name)) for name in SHOWN.values())
    assert len(set(SHOWN.values())) == len(SHOWN)
    text = NOT_MODELLED_LIST.read_text(encoding="utf-8")
    reasons = {int(number): reason for number, reason in re.findall(r"^- Row (\d+)\. (.+)", text, re.MULTILINE)}
    assert reasons.keys() == NOT_MODELLED
    assert all(len(reason) > 40 for reason in reasons.values())


# Deals and their confirms

SILVER: dict[str, Any] = {"epic": "SILVER", "direction": "BUY", "size": 1}


def positions(api: Api) -> list[Any]:
    return [row["position"] for row in api.ok(api.get("positions"))["positions"]]


def waiting(api: Api) -> list[Any]:
    return [row["workingOrderData"] for row in api.ok(api.get("workingorders"))["workingOrders"]]


def place(api: Api, **more: Any) -> httpx.Response:
    level = api.market("SILVER")["bid"] * 0.97
    return api.post("workingorders", **SILVER | {"type": "LIMIT", "level": round(level, 3)} | more)


def test_a_success_only_says_queued(api: Api) -> None:
    answer = api.post("positions", **SILVER | {"size": 100_000})
    assert answer.status_code == 200
    assert answer.json().keys() == {"dealReference"}
    assert api.confirm(answer)["dealStatus"] == "REJECTED"
    assert positions(api) == []


def test_a_refused_deal_has_an_id_and_nothing_else(api: Api) -> None:
    confirm = api.confirm(api.post("positions", **SILVER | {"size": 100_000}))
    assert confirm["dealId"]
    assert (confirm["status"], confirm["affectedDeals"], confirm["level"]) == ("DELETED", [], 0)
    assert confirm["rejectReason"] == "RC_NOT_ENOUGH_MARGIN"
    assert "reason" not in confirm


def test_an_open_confirm_names_the_order_first(api: Api) -> None:
    confirm = api.confirm(api.post("positions", **SILVER))
    [affected] = confirm["affectedDeals"]
    assert api.refused(api.delete(f"positions/{confirm['dealId']}")) == (404, "error.not-found.dealId")
    assert api.delete(f"positions/{affected['dealId']}").status_code == 200


def test_references_are_used_again() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), confirm_delay=1))
    api.login()
    api.post("positions", **SILVER)
    api.clock.advance(1)
    [position] = positions(api)
    closing = api.ok(api.delete(f"positions/{position['dealId']}"))["dealReference"]
    assert closing == position["dealReference"] == f"p_{position['dealId']}"
    stale = api.ok(api.get(f"confirms/{closing}"))
    assert stale["status"] == "OPEN"
    api.clock.advance(1)
    fresh = api.ok(api.get(f"confirms/{closing}"))
    assert fresh["status"] == "CLOSED"
    assert fresh["date"] > stale["date"]

    created = api.ok(place(api))
    api.clock.advance(1)
    before = api.ok(api.get(f"confirms/{created['dealReference']}"))
    api.clock.advance(60)
    assert api.ok(api.delete(f"workingorders/{before['dealId']}")) == created
    api.clock.advance(1)
    after = api.ok(api.get(f"confirms/{created['dealReference']}"))
    assert (before["status"], after["status"]) == ("OPEN", "DELETED")
    assert after["date"] == before["date"]  # the cancellation repeats the date of the creation


def test_no_confirm_yet_but_a_position() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), confirm_delay=5))
    api.login()
    reference = api.ok(api.post("positions", **SILVER))["dealReference"]
    not_yet = api.refused(api.get(f"confirms/{reference}"))
    assert not_yet == api.refused(api.get("confirms/o_unknown")) == (404, "error.not-found.dealReference")
    [position] = positions(api)
    [row] = api.ok(api.get("history/activity", detailed=True))["activities"]
    assert row["details"]["dealReference"] == position["dealReference"]
    assert row["dateUTC"] == position["createdDateUTC"]


def test_an_update_replaces_on_positions_and_keeps_on_orders(api: Api) -> None:
    deal_id = api.open("GOLD", stopDistance=80, guaranteedStop=True, profitDistance=50)
    api.ok(api.put(f"positions/{deal_id}", profitDistance=60))
    [position] = positions(api)
    assert "stopLevel" not in position
    assert (position["guaranteedStop"], "profitLevel" in position) == (False, True)
    place(api, stopDistance=2, guaranteedStop=True, profitDistance=3)
    [order] = waiting(api)
    api.ok(api.put(f"workingorders/{order['dealId']}", profitDistance=4))
    [changed] = waiting(api)
    assert changed == order | {"profitDistance": 4, "guaranteedStop": False}


def test_part_of_a_position_is_closed_by_the_opposite(api: Api) -> None:
    oldest, youngest = api.open(size=3), api.open(size=3)
    reduced = api.confirm(api.post("positions", **SILVER | {"direction": "SELL", "size": 2}))
    assert (reduced["status"], reduced["affectedDeals"]) == ("PARTIALLY_CLOSED", [])
    assert [(row["dealId"], row["size"]) for row in positions(api)] == [(oldest, 1), (youngest, 3)]
    api.send("DELETE", f"positions/{youngest}", params={"size": 1})
    assert [(row["dealId"], row["size"]) for row in positions(api)] == [(oldest, 1)]


def test_hedging_decides_what_an_opposite_order_does(api: Api) -> None:
    api.open()
    api.post("positions", **SILVER | {"direction": "SELL"})
    assert positions(api) == []
    api.ok(api.put("accounts/preferences", hedgingMode=True))
    api.open()
    api.open(direction="SELL")
    assert len(positions(api)) == 2
    guaranteed = api.post("positions", **SILVER, guaranteedStop=True, stopDistance=2)
    assert api.confirm(guaranteed)["rejectReason"] == "HEDGING_MODE_GSL"


def test_amounts_cannot_be_read_back(api: Api) -> None:
    api.open("GOLD", stopAmount=50, profitAmount=40)
    [position] = positions(api)
    assert {"stopLevel", "profitLevel"} <= position.keys()
    place(api, stopAmount=1, profitAmount=1)
    [order] = waiting(api)
    assert not [name for name in (*position, *order) if name.endswith("Amount")]
    assert not {"stopLevel", "stopDistance", "profitLevel", "profitDistance"} & order.keys()


def test_bounds_are_prices_that_drift(api: Api) -> None:
    bounds: list[float] = []
    for _ in range(2):
        order = SILVER | {"stopLevel": api.market("SILVER")["offer"]}
        code, _, bound = api.refused(api.post("positions", **order))[1].partition(": ")
        assert code == "error.invalid.stoploss.maxvalue"
        assert api.post("positions", **SILVER | {"stopLevel": float(bound)}).status_code == 200
        bounds.append(float(bound))
        api.wait(600)
    assert bounds[0] != bounds[1]
    assert bounds[0] == pytest.approx(bounds[1], rel=0.05)


# Markets


def rules(api: Api, epic: str) -> Any:
    return api.ok(api.get(f"markets/{epic}"))["dealingRules"]


def test_the_grid_of_sizes_is_not_the_grid_of_prices(api: Api) -> None:
    euro = rules(api, "EURUSD")
    assert (euro["minSizeIncrement"]["value"], euro["minStepDistance"]["value"]) == (100, 0.00001)
    off = api.post("positions", epic="EURUSD", direction="BUY", size=150)
    assert api.refused(off) == (400, "error.invalid.size")
    api.open("EURUSD", size=200)
    api.open("BTCUSD", size=0.0123)  # three steps of 0.0001 cannot be told apart in binary fractions


def test_sizes_start_where_their_kind_of_market_says(api: Api) -> None:
    lowest = {epic: rules(api, epic)["minDealSize"]["value"] for epic in ("EURUSD", "NATURALGAS", "US500", "US100")}
    assert lowest == {"EURUSD": 100, "NATURALGAS": 10, "US500": 0.1, "US100": 0.01}
    for epic, size in lowest.items():
        small = api.post("positions", epic=epic, direction="BUY", size=size / 10)
        assert api.refused(small) == (400, f"error.invalid.size.minvalue: {size}")


def test_distances_are_percentages(api: Api) -> None:
    for epic in ("GOLD", "EURUSD", "AAPL", "BTCUSD"):
        percentages = {name for name, rule in rules(api, epic).items() if "PERCENTAGE" in str(rule)}
        assert percentages == {"minGuaranteedStopDistance", "minStopOrProfitDistance", "maxStopOrProfitDistance"}
    price, rule = api.market("GOLD")["bid"], rules(api, "GOLD")["minGuaranteedStopDistance"]["value"]
    order: dict[str, Any] = {"epic": "GOLD", "direction": "BUY", "size": 1, "guaranteedStop": True}
    near, far = (api.post("positions", **order, stopDistance=price * rule / 100 * share) for share in (0.99, 1.01))
    assert (near.status_code, far.status_code) == (400, 200)


def test_the_margin_factor_is_not_the_margin(api: Api) -> None:
    instrument = api.ok(api.get("markets/GOLD"))["instrument"]
    assert (instrument["marginFactor"], instrument["marginFactorUnit"]) == (100, "PERCENTAGE")
    api.open("GOLD")
    assert positions(api)[0]["leverage"] == 20


def test_opening_hours_in_all_spellings(api: Api) -> None:
    def hours(epic: str) -> Any:
        return api.ok(api.get(f"markets/{epic}"))["instrument"]["openingHours"]

    assert hours("EURUSD")["mon"] == ["00:00 - 20:59:50", "21:05 - 00:00"]
    assert hours("USDSEK")["sun"] == ["21:10:05 - 00:00"]
    assert (hours("AAPL")["sat"], hours("EURUSD")["sat"]) == (["-"], [])
    assert {hours(epic)["zone"] for epic in ("EURUSD", "AAPL", "7203")} == {"UTC"}
    api.wait(6 * 3600 + 59 * 60 + 49.999)
    assert api.market("EURUSD")["marketStatus"] == "TRADEABLE"
    api.wait(0.001)
    assert api.market("EURUSD")["marketStatus"] == "CLOSED"


def test_one_local_time_without_a_twin(api: Api) -> None:
    [listed] = api.ok(api.get("markets", searchTerm="Bitcoin/USD"))["markets"]
    snapshot = api.market("BTCUSD")
    assert "updateTimeUTC" not in snapshot
    assert snapshot["updateTime"] == listed["updateTime"] != listed["updateTimeUTC"]
    assert int(listed["updateTime"][11:13]) - int(listed["updateTimeUTC"][11:13]) == 3


def test_one_thing_has_several_names(api: Api) -> None:
    api.open()
    place(api)
    [row] = api.ok(api.get("history/activity", filter="type==POSITION"))["activities"]
    [money] = api.ok(api.get("history/transactions"))["transactions"]
    assert "dateUTC" in row
    assert "dateUtc" in money
    [open_now], [pending] = api.ok(api.get("positions"))["positions"], api.ok(api.get("workingorders"))["workingOrders"]
    assert open_now.keys() == {"position", "market"}
    assert pending.keys() == {"workingOrderData", "marketData"}
    candle = api.ok(api.get("prices/SILVER", max=1))["prices"][0]
    assert candle["closePrice"].keys() == {"bid", "ask"}
    assert {"bid", "offer"} <= open_now["market"].keys()
    assert api.ok(api.get("markets", epics="GOLD")).keys() == {"marketDetails"}
    assert api.ok(api.get("markets", searchTerm="gold")).keys() == {"markets"}
    api.post("watchlists", name="mine")
    assert "deleteable" in api.ok(api.get("watchlists"))["watchlists"][0]
    watcher = Watcher(api)
    watcher.ask("marketData.subscribe", epics=["SILVER"])
    api.clock.advance(60)
    quotes = [frame["payload"] for frame in watcher.frames() if frame["destination"] == "quote"]
    assert {"bid", "ofr"} <= quotes[0].keys()


def test_the_size_of_a_transaction_is_money(api: Api) -> None:
    deal_id = api.open("GOLD", size=2)
    api.delete(f"positions/{deal_id}")
    [trade] = api.ok(api.get("history/transactions", type="TRADE"))["transactions"]
    assert isinstance(trade["size"], str)
    assert float(trade["size"]) < 0  # the spread, not the two ounces
    assert (trade["currency"], trade["instrumentName"]) == ("USDd", "GOLD")


def test_activity_is_read_day_by_day(api: Api) -> None:
    window = {"from": "2026-06-08T14:00:00", "to": "2026-06-09T14:00:01"}
    assert api.refused(api.get("history/activity", **window)) == (400, "error.invalid.daterange")
    deal_id = api.open()
    api.delete(f"positions/{deal_id}")
    rows = api.ok(api.get("history/activity", lastPeriod=86_400))["activities"]
    assert [row["dealId"] for row in rows] == [deal_id] * 2
    assert not {"id", "activityId", "size", "level", "direction"} & rows[0].keys()
    late = api.sandbox.faults.late_activity(61)
    assert api.ok(api.get("history/activity"))["activities"] == []
    api.clock.advance(61)
    assert api.ok(api.get("history/activity"))["activities"] == rows
    late.remove()


def test_windows_of_candles(api: Api) -> None:
    window = {"from": "2026-06-10T10:00:00", "to": "2026-06-10T10:10:00"}
    assert api.refused(api.get("prices/SILVER", **window)) == (400, "error.invalid.max.daterange")  # of ten by default
    assert len(api.ok(api.get("prices/SILVER", **window, max=11))["prices"]) == 11
    weekend = {"from": "2026-06-06T10:00:00", "to": "2026-06-06T10:05:00"}
    assert api.refused(api.get("prices/SILVER", **weekend)) == (404, "error.prices.not-found")
    api.clock.advance(20)
    forming = api.ok(api.get("prices/SILVER", max=1))["prices"][0]
    api.clock.advance(39.999)
    complete = api.ok(api.get("prices/SILVER", max=1))["prices"][0]
    assert forming["snapshotTimeUTC"] == complete["snapshotTimeUTC"]
    assert forming["openPrice"] == complete["openPrice"]
    assert forming["lastTradedVolume"] < complete["lastTradedVolume"]


def test_pauses_and_weekends(api: Api) -> None:
    def is_open(epic: str) -> bool:
        return bool(api.market(epic)["marketStatus"] == "TRADEABLE")

    api.wait(7 * 3600 + 60)
    assert not any(map(is_open, ("EURUSD", "OIL_CRUDE", "BTCUSD", "US500")))  # 21:01 UTC
    api.wait(4 * 60)
    assert is_open("EURUSD")
    assert is_open("BTCUSD")
    api.wait(2.5 * 86_400)  # Saturday
    assert not any(map(is_open, ("EURUSD", "GOLD", "AAPL", "US100")))
    assert all(map(is_open, ("BTCUSD", "EURUSD_W", "US100_W", "DE40_W")))


def test_the_preferred_account_is_not_the_active_one(api: Api) -> None:
    usd, eur = api.ok(api.get("accounts"))["accounts"]
    api.ok(api.put("session", accountId=eur["accountId"]))
    assert api.ok(api.get("session"))["accountId"] == eur["accountId"]
    assert [row["preferred"] for row in api.ok(api.get("accounts"))["accounts"]] == [True, False]
    assert api.login().json()["currentAccountId"] == usd["accountId"]


def test_the_list_of_all_markets_is_huge() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), markets=3000))
    api.http.event_hooks = {}
    api.login()
    everything = api.get("markets")
    assert len(everything.content) > 1_000_000
    epics = [market["epic"] for market in everything.json()["markets"]]
    assert len(epics) == len(set(epics)) == 3000
    seen: list[str] = []
    for root in api.ok(api.get("marketnavigation"))["nodes"]:
        for node in api.ok(api.get(f"marketnavigation/{root['id']}"))["nodes"]:
            seen += [market["epic"] for market in api.ok(api.get(f"marketnavigation/{node['id']}"))["markets"]]
    assert set(seen) == set(epics)
    assert len(seen) > len(epics)


@pytest.mark.parametrize("epic", ["5CPSG", "1COV", "0700", "BRK.B", "BP.", "RR-", "US500-DEC27", "EURUSD_W", "2800-HK"])
def test_epics_of_all_kinds(api: Api, epic: str) -> None:
    encoded = "".join(f"%{ord(letter):02X}" for letter in epic)
    for path in (epic, encoded):
        assert api.ok(api.get(f"markets/{path}"))["instrument"]["epic"] == epic
    # A comma separates epics however it is spelled.
    for query in (f"epics={epic},GOLD", f"epics={encoded}%2CGOLD"):
        details = api.ok(api.get(f"markets?{query}"))["marketDetails"]
        assert [each["instrument"]["epic"] for each in details] == [epic, "GOLD"]


def test_trailing_stops_work_though_the_market_denies_it(api: Api) -> None:
    assert api.login().json()["trailingStopsEnabled"] is True
    assert rules(api, "GOLD")["trailingStopsPreference"] == "NOT_AVAILABLE"
    without = api.post("positions", **SILVER, trailingStop=True, stopLevel=30)
    assert api.refused(without) == (400, "error.invalid.stoploss")
    api.open(trailingStop=True, stopDistance=1)
    assert (positions(api)[0]["trailingStop"], positions(api)[0]["stopDistance"]) == (True, 1)


def test_a_limit_through_the_market_is_refused(api: Api) -> None:
    offer = api.market("SILVER")["offer"]
    for level in (offer, offer + 1):
        order = SILVER | {"type": "LIMIT", "level": level}
        assert api.refused(api.post("workingorders", **order)) == (400, "error.validation.limit.price")
    api.ok(api.post("workingorders", **SILVER | {"type": "LIMIT", "level": round(offer - 0.001, 3)}))


def test_numbers_beyond_double_precision(api: Api) -> None:
    numbers = [market["instrumentId"] for market in api.ok(api.get("markets"))["markets"]]
    assert any(int(float(number)) != number for number in numbers)
    assert max(numbers) < 2**63


def test_changes_of_different_bases(api: Api) -> None:
    signs: set[bool] = set()
    outside = False
    for _ in range(30):
        for market in api.ok(api.get("markets"))["markets"]:
            if "netChange" in market and market["netChange"] and market["percentageChange"]:
                signs.add((market["netChange"] > 0) is (market["percentageChange"] > 0))
                outside |= not market["low"] <= market["bid"] <= market["high"]
        api.clock.advance(97)
    assert signs == {True, False}
    assert outside


def test_an_expiry_goes_in_once_and_comes_out_twice(api: Api) -> None:
    zoned = place(api, goodTillDate="2026-06-12T08:00:00Z")
    assert api.refused(zoned) == (400, "error.invalid.daterange")
    api.ok(place(api, goodTillDate="2026-06-12T08:00:00"))
    [order] = waiting(api)
    assert order["timeInForce"] == "GOOD_TILL_DATE"
    assert (order["goodTillDateUTC"][:19], order["goodTillDate"][:19]) == ("2026-06-12T08:00:00", "2026-06-12T11:00:00")


def test_a_level_of_nought(api: Api) -> None:
    refused = api.confirm(api.post("positions", epic="5CPSG", direction="BUY", size=100))
    assert refused["level"] == 0
    assert api.confirm(api.post("positions", **SILVER))["level"] == positions(api)[0]["level"]

    silent = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), confirm_levels=False))
    silent.login()
    offer = silent.market("SILVER")["offer"]
    accepted = silent.confirm(silent.post("positions", **SILVER))
    assert (accepted["dealStatus"], accepted["level"]) == ("ACCEPTED", 0)
    [position] = positions(silent)
    assert position["level"] == offer
    own = f"confirms/{position['dealReference']}"
    assert silent.ok(silent.get(own))["level"] == 0
    silent.delete(f"positions/{position['dealId']}")
    assert silent.ok(silent.get(own))["level"] == silent.market("SILVER")["bid"]


def test_market_orders_are_orders_too(api: Api) -> None:
    confirm = api.confirm(api.post("positions", **SILVER))
    assert positions(api)[0]["workingOrderId"] == confirm["dealId"] != positions(api)[0]["dealId"]


def test_histories_do_not_say_that_there_is_more(api: Api) -> None:
    for _ in range(120):
        api.ok(api.post("accounts/topUp", amount=1))
    history = api.ok(api.get("history/transactions"))
    assert history.keys() == {"transactions"}
    assert len(history["transactions"]) == 100
    assert api.ok(api.get("history/activity")).keys() == {"activities"}


# The service as a whole


def test_one_budget_for_all_sessions() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits())
    first, second = Api(sandbox), Api(sandbox)
    first.login()
    sandbox_clock = first.clock
    sandbox_clock.advance(1)
    second.login()
    sandbox_clock.advance(1)
    answers = [(first, second)[at % 2].get("positions") for at in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].json() == {"errorCode": "error.too-many.requests"}
    assert "Retry-After" not in answers[-1].headers


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("json", 503, "application/json"),
        ("html", 502, "text/html"),
        ("empty", 504, ""),
        ("java", 500, "application/json"),
    ],
)
def test_incidents(api: Api, kind: Any, status: int, content_type: str) -> None:
    api.http.event_hooks = {}
    api.sandbox.faults.server_error(kind, "GET", "/positions", times=1)
    answer = api.get("positions")
    assert answer.status_code == status
    assert answer.headers.get("Content-Type", "").startswith(content_type)
    if kind == "java":
        assert answer.json()["errorCode"].startswith("java.")
    assert api.get("positions").status_code == 200


def test_demo_fills_repeat_and_demo_orders_are_counted() -> None:
    told: list[Any] = []
    apis = [
        Api(Sandbox(clock=ManualClock(), limits=Limits(requests_per_second=None, deals_per_100_ms=None))) for _ in "12"
    ]
    for api in apis:
        api.http.event_hooks = {}
        api.login()
        levels = [api.confirm(api.post("positions", **SILVER | {"direction": way}))["level"] for way in ("BUY", "SELL")]
        told.append((levels, api.market("SILVER")))
    assert told[0] == told[1]
    api = apis[0]
    answers = [api.post("positions", **SILVER | {"size": 0.5}).status_code for _ in range(998)]  # even what is refused
    assert set(answers) == {400}
    assert api.refused(place(api)) == (429, "error.too-many.requests")
    api.wait(3600)
    assert place(api).status_code == 200


def test_the_stream_repeats_tokens_in_errors(api: Api) -> None:
    watcher = Watcher(api)
    message = {
        "destination": "marketData.subscribe",
        "correlationId": "1",
        **watcher.tokens,
        "payload": {"epics": ["NO"]},
    }
    frame = watcher.raw(message)
    assert frame["status"] == "ERROR"
    assert all(token in str(frame) for token in watcher.tokens.values())


# Every error code

Act = Callable[[Api], httpx.Response]
_HOUR = "2026-06-10T13:00:00"


def anonymous(method: str, path: str, **options: Any) -> Act:
    """A request without the tokens of a session."""

    def act(api: Api) -> httpx.Response:
        with httpx.Client(transport=api.sandbox.transport(), base_url="http://sandbox") as http:
            return http.request(method, f"/api/v1/{path}", **options)

    return act


def login(key: str = "", **more: Any) -> Act:
    """A login with the sandbox's credentials, but for what is said."""

    def act(api: Api) -> httpx.Response:
        mine = api.sandbox.credentials
        body = {"identifier": mine.identifier, "password": mine.password, **more}
        return anonymous("POST", "session", json=body, headers={"X-CAP-API-KEY": key or mine.api_key})(api)

    return act


def as_customer(act: Act, **kind: Any) -> Act:
    """The same, but by a customer of another kind."""

    def other(api: Api) -> httpx.Response:
        credentials = Credentials("other-key", "other@example.com", "other-password")
        api.sandbox.add_customer(credentials, **kind)
        body = {"identifier": credentials.identifier, "password": credentials.password}
        answer = anonymous("POST", "session", json=body, headers={"X-CAP-API-KEY": credentials.api_key})(api)
        if answer.status_code != 200:
            return answer
        for name in ("CST", "X-SECURITY-TOKEN"):
            api.http.headers[name] = answer.headers[name]
        return act(api)

    return other


def broken(act: Act, **fault: Any) -> Act:
    """The same, while something is broken."""

    def under_a_fault(api: Api) -> httpx.Response:
        api.http.event_hooks = {}
        if "kind" in fault:
            api.sandbox.faults.server_error(fault["kind"])
        else:
            api.sandbox.faults.answer(fault["status"], body={"errorCode": fault["code"]})
        return act(api)

    return under_a_fault


def too_often(api: Api) -> httpx.Response:
    other = Api(Sandbox(clock=ManualClock()))
    other.login()
    return other.login()


def again(api: Api) -> httpx.Response:
    return api.put("session", accountId=api.ok(api.get("session"))["accountId"])


def after_expiry(api: Api) -> httpx.Response:
    api.clock.advance(timedelta(minutes=10))
    return api.get("ping")


def get(path: str, **query: Any) -> Act:
    return lambda api: api.get(path, **query)


def deal(**change: Any) -> Act:
    return lambda api: api.post("positions", **SILVER | change)


def order(share: float, kind: str, **change: Any) -> Act:
    def act(api: Api) -> httpx.Response:
        level = round(api.market("SILVER")["bid"] * share, 3)
        return api.post("workingorders", **SILVER | {"type": kind, "level": level} | change)

    return act


def top_up(amount: float) -> Act:
    return lambda api: api.post("accounts/topUp", amount=amount)


CODES: dict[str, tuple[int, Act]] = {
    "error.null.api.key": (400, anonymous("GET", "session/encryptionKey")),
    "error.invalid.api.key": (401, login("no-such-key")),
    "error.invalid.details": (401, login(password="wrong")),
    "error.null.accountId": (401, as_customer(get("ping"), deposits={})),
    "error.null.client.token": (400, anonymous("GET", "positions")),
    "error.invalid.session.token": (401, after_expiry),
    "error.too-many.requests": (429, too_often),
    "error.invalid.accountId": (400, lambda api: api.put("session", accountId="1")),
    "error.not-different.accountId": (400, again),
    "error.invalid.leverage.value": (400, lambda api: api.put("accounts/preferences", leverages={"SHARES": 7})),
    "error.invalid.account": (400, as_customer(top_up(10), live=True)),
    "error.invalid.amount": (400, top_up(400_001)),
    "error.account.limit.reached": (400, top_up(99_999)),
    "error.invalid.from": (400, get("history/activity", **{"from": "2026-06-10"})),
    "error.invalid.to": (400, get("prices/GOLD", to=f"{_HOUR}Z")),
    "error.invalid.daterange": (400, get("history/activity", **{"from": "2030-01-01T00:00:00"})),
    "error.invalid.max": (400, get("prices/GOLD", max=1001)),
    "error.invalid.max.daterange": (400, get("prices/GOLD", **{"from": _HOUR, "to": "2026-06-10T13:30:00"})),
    "error.invalid.resolution": (400, get("prices/GOLD", resolution="MINUTE_3")),
    "error.prices.not-found": (404, get("prices/GOLD", to="1985-01-01T00:00:00")),
    "error.invalid.limit": (400, get("marketnavigation/hierarchy_v1.commons.new", limit=0)),
    "error.null.searchTerm": (400, get("markets", searchTerm="")),
    "error.null.epic": (400, get("markets", epics="")),
    "error.not-found.epic": (404, get("markets/NOPE")),
    "error.not-found.dealId": (404, get("positions/00000000-0000-0000-0000-000000000000")),
    "error.not-found.dealReference": (404, get("confirms/o_1")),
    "error.invalid.stoploss.minvalue": (400, deal(stopLevel=1)),
    "error.invalid.stoploss.maxvalue": (400, deal(stopLevel=1000)),
    "error.invalid.takeprofit.minvalue": (400, deal(profitLevel=1)),
    "error.invalid.takeprofit.maxvalue": (400, deal(profitLevel=1000)),
    "error.invalid.stoploss": (400, deal(guaranteedStop=True)),
    "error.invalid.size": (400, deal(size=1.05)),
    "error.invalid.size.minvalue": (400, deal(size=0.1)),
    "error.invalid.size.maxvalue": (400, deal(size=200_000)),
    "error.not-in-future.goodTillDate": (400, order(0.9, "LIMIT", goodTillDate=_HOUR)),
    "error.validation.limit.price": (400, order(1.1, "LIMIT")),
    "error.validation.stop.price": (400, order(0.9, "STOP")),
    "error.vallidation.guaranteed-stop-loss.required": (400, as_customer(deal(), guaranteed_stops_required=True)),
    "error.size.createwatchlistrequest.name": (400, lambda api: api.post("watchlists", name="x" * 21)),
    "error.invalid.watchlist": (404, get("watchlists/1")),
    "error.not-found.watchlist": (404, lambda api: api.delete("watchlists/1")),
    "error.not-found": (404, anonymous("GET", "no/such/path")),
    # Only while something is broken.
    "java.util.concurrent.TimeoutException": (500, broken(get("positions"), kind="java")),
    "error.service.unavailable": (503, broken(get("positions"), kind="json")),
    "error.internal": (500, broken(get("positions"), status=500, code="error.internal")),
}


@pytest.mark.parametrize("code", CODES)
def test_every_error_code_can_be_met(api: Api, code: str) -> None:
    status, act = CODES[code]
    answer = act(api)
    told, _, value = answer.json()["errorCode"].partition(": ")
    assert (answer.status_code, told) == (status, code)
    assert bool(value) is code.endswith(("minvalue", "maxvalue"))
    assert not value or float(value) > 0


def test_an_error_code_of_the_stream(api: Api) -> None:
    watcher = Watcher(api)
    frame = watcher.raw({"destination": "marketData.subscribe", **watcher.tokens, "payload": {"epics": ["NOPE"]}})
    assert "error.invalid.epic" in (frame.get("errorCode"), frame.get("payload", {}).get("errorCode"))


def test_codes_without_a_cause_are_listed() -> None:
    text = NOT_MODELLED_LIST.read_text(encoding="utf-8")
    listed = re.findall(r"^- `(error\.[\w.-]+)`", text, re.MULTILINE)
    assert listed == ["error.security.client-token-missing", "error.validation.margin"]
    assert not CODES.keys() & set(listed)


def test_an_obligation_to_guaranteed_stops(api: Api) -> None:
    """Opening, updating and ordering are refused without one; an update has to repeat it."""

    def act(other: Api) -> httpx.Response:
        deal_id = other.open("GOLD", guaranteedStop=True, stopDistance=80)
        code = "error.vallidation.guaranteed-stop-loss.required"
        for refused in (
            other.put(f"positions/{deal_id}", stopDistance=90),
            other.post("workingorders", epic="GOLD", direction="BUY", size=1, type="LIMIT", level=2900),
        ):
            assert other.refused(refused) == (400, code)
        return other.put(f"positions/{deal_id}", guaranteedStop=True, stopDistance=90)

    assert as_customer(act, guaranteed_stops_required=True)(api).status_code == 200
