"""The markets: all kinds, the awkward ones, futures that end, and thousands more."""

import time
from typing import Any

import pytest

from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.candles import FINER, MINUTE_MS, Resolution, fold
from capital_sandbox.catalogue import Catalogue
from capital_sandbox.clock import DEFAULT_START, to_milliseconds
from capital_sandbox.currencies import IN_DOLLARS
from capital_sandbox.generated_markets import generated_markets
from capital_sandbox.generated_prices import GeneratedPrices
from capital_sandbox.hours import NEVER

from .conftest import Api

CATALOGUE = Catalogue.default()
NOW = to_milliseconds(DEFAULT_START)


def test_about_a_hundred_of_all_kinds() -> None:
    assert len(CATALOGUE) >= 100
    kinds = [instrument.type for instrument in CATALOGUE.values()]
    assert all(kinds.count(kind) >= 10 for kind in set(kinds))
    assert len(set(kinds)) == 5
    assert {instrument.currency for instrument in CATALOGUE.values()} <= IN_DOLLARS.keys()
    modes = {mode for instrument in CATALOGUE.values() for mode in instrument.modes or ("",)}
    assert {"", "REGULAR", "VIEW_ONLY", "LONG_ONLY", "CLOSE_ONLY", "CLOSED_FOR_CORPORATE_ACTION"} <= modes
    assert {None, "", "Germany"} <= {instrument.country for instrument in CATALOGUE.values()}
    assert [epic for epic in CATALOGUE if epic[0].isdigit()]
    assert [epic for epic in CATALOGUE if epic.endswith("_W")]
    assert sum(not instrument.shows_range for instrument in CATALOGUE.values()) >= 4
    for instrument in CATALOGUE.values():
        assert instrument.start % instrument.tick == 0, instrument.epic
        assert instrument.min_size % instrument.size_step == 0, instrument.epic
        assert instrument.start_ticks > 100, instrument.epic
        assert instrument.groups, instrument.epic


def test_country_is_given_empty_or_absent(api: Api) -> None:
    def country(epic: str) -> Any:
        return api.ok(api.get(f"markets/{epic}"))["instrument"].get("country", "absent")

    assert [country(epic) for epic in ("SAP", "EU50", "GOLD")] == ["Germany", "", "absent"]


@pytest.mark.parametrize(
    ("epic", "reason"),
    [
        ("2800-HK", "INSTRUMENT_NOT_AVAILABLE"),
        ("BTC-PERP", "INSTRUMENT_NOT_AVAILABLE"),
        ("USDTRY", "CLOSE_ONLY"),
        ("GME", "LONG_ONLY"),
    ],
)
def test_markets_that_are_not_dealt_as_others(api: Api, epic: str, reason: str) -> None:
    api.ok(api.put("accounts/preferences", leverages={"SHARES": 5}))
    size = api.ok(api.get(f"markets/{epic}"))["dealingRules"]["minDealSize"]["value"]
    assert api.confirm(api.post("positions", epic=epic, direction="SELL", size=size))["rejectReason"] == reason


def test_no_modes_are_no_obstacle(api: Api) -> None:
    assert api.market("COCOA")["marketModes"] == []
    api.open("COCOA", size=0.1)


def test_a_future_ends() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off()))
    api.login()
    deal_id = api.open("CL.N26", size=2)
    [opened] = api.ok(api.get("positions"))["positions"]
    assert opened["market"]["expiry"] == "2026-06-22"
    waiting = api.post("workingorders", epic="CL.N26", direction="BUY", size=1, type="LIMIT", level=30)
    spot = api.open("OIL_CRUDE", size=1)
    # 2026-06-22 is a Monday; the last session closes at 21:00.
    while api.clock.now().strftime("%m-%dT%H") < "06-22T20":
        api.wait(3600)
    assert api.get(f"positions/{deal_id}").status_code == 200
    api.wait(3600)
    last = api.market("CL.N26")
    assert last["marketStatus"] == "CLOSED"
    assert api.refused(api.get(f"positions/{deal_id}")) == (404, "error.not-found.dealId")
    assert [row["position"]["dealId"] for row in api.ok(api.get("positions"))["positions"]] == [spot]
    assert api.ok(api.get("workingorders")) == {"workingOrders": []}
    closed = api.ok(api.get(f"confirms/p_{deal_id}"))
    assert (closed["status"], closed["level"], closed["date"]) == ("CLOSED", last["bid"], "2026-06-22T21:00:00")
    assert api.confirm(waiting)["status"] == "DELETED"
    rows = api.ok(api.get("history/activity", lastPeriod=7200, filter="epic==CL.N26"))["activities"]
    assert {(row["type"], row["source"], row["status"]) for row in rows} == {
        ("WORKING_ORDER", "SYSTEM", "EXPIRED"),
        ("POSITION", "SYSTEM", "ACCEPTED"),
    }
    [trade] = api.ok(api.get("history/transactions", lastPeriod=7200, type="TRADE"))["transactions"]
    assert (trade["dealId"], trade["dateUtc"]) == (deal_id, "2026-06-22T21:00:00")
    # For ever: there is neither a price nor a deal any more.
    api.wait(86_400)
    assert api.market("CL.N26") == last | {"percentageChange": api.market("CL.N26")["percentageChange"]}
    late: dict[str, Any] = {"epic": "CL.N26", "direction": "BUY", "size": 1}
    assert api.confirm(api.post("positions", **late))["rejectReason"] == "INSTRUMENT_NOT_AVAILABLE"
    order = api.post("workingorders", **late, type="LIMIT", level=30)
    assert api.confirm(order)["rejectReason"] == "INSTRUMENT_NOT_AVAILABLE"
    newest = api.ok(api.get("prices/CL.N26", max=1))["prices"][0]
    assert newest["snapshotTimeUTC"] == "2026-06-22T20:59:00"


def test_the_last_week_of_a_future_adds_up() -> None:
    source, future = GeneratedPrices(1), CATALOGUE["CL.N26"]
    assert future.expires is not None
    week = Resolution.WEEK.candle_at(future.expires - 1)
    whole = source.bar(future, Resolution.WEEK, week)
    days = [source.bar(future, Resolution.DAY, 7 * week + day) for day in range(7)]
    assert whole == fold([day for day in days if day])
    assert source.bar(future, Resolution.WEEK, week + 1) is None
    assert source.ticks(future, Resolution.MINUTE.candle_at(future.expires)) == ()
    last = source.ticks(future, Resolution.MINUTE.candle_at(future.expires - 1))
    assert future.expires - MINUTE_MS <= last[0].time <= last[-1].time < future.expires
    assert future.hours.next_open(future.expires) == NEVER
    assert future.hours.last_open(future.expires + 10**10) == future.expires - 1


def test_more_markets_are_always_the_same_and_priced_like_others() -> None:
    more = list(generated_markets(CATALOGUE, 500))
    assert [each.epic for each in more] == [each.epic for each in generated_markets(CATALOGUE, 500)]
    assert len({each.epic for each in more} | CATALOGUE.keys()) == 500 + len(CATALOGUE)
    source = GeneratedPrices(1)
    for instrument in more[:20]:
        index = Resolution.HOUR.candle_at(instrument.hours.last_open(NOW))
        whole = source.bar(instrument, Resolution.HOUR, index)
        parts = [source.bar(instrument, FINER[Resolution.HOUR], 2 * index + at) for at in range(2)]
        assert whole == fold([part for part in parts if part])
        minute = Resolution.MINUTE.candle_at(instrument.hours.last_open(NOW))
        bids = [tick.bid for tick in source.ticks(instrument, minute)]
        bar = source.bar(instrument, Resolution.MINUTE, minute)
        assert bar is not None
        assert (bids[0], max(bids), min(bids), bids[-1]) == bar[:4]


def test_three_thousand_markets_are_listed_in_no_time() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), markets=3000))
    api.http.event_hooks = {}
    api.login()
    started = time.perf_counter()
    content = api.ok(api.get("markets"))
    assert time.perf_counter() - started < 5  # half a second on a machine that has nothing else to do
    assert len(content["markets"]) == 3000
    made_up = [row["epic"] for row in content["markets"] if row["epic"] not in CATALOGUE]
    for epic in made_up[:5]:
        details = api.ok(api.get(f"markets/{epic}"))
        [listed] = [row for row in content["markets"] if row["epic"] == epic]
        assert (details["snapshot"]["bid"], details["snapshot"]["offer"]) == (listed["bid"], listed["offer"])
        assert api.ok(api.get(f"prices/{epic}", max=1))["prices"][0]["closePrice"]["bid"] == listed["bid"]


def test_fewer_than_the_catalogue_is_the_catalogue() -> None:
    assert len(Sandbox(clock=ManualClock(), markets=5).world.catalogue) == len(CATALOGUE)
