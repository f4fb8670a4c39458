"""Looking markets up, over HTTP: one, many, by text, and all of them by the category tree."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from capital_api.models import DealingRuleUnit, MarketMode, MarketStatus
from capital_ext.errors import CapitalError, InvalidInputError, LoginError, NotFoundError, ServerError
from capital_ext.markets.cache import SheetCache
from capital_ext.markets.lookup import EPICS_PER_CALL
from capital_ext.markets.sheet import MarketSheet, MarketSheets
from capital_sandbox import Sandbox
from capital_sandbox.faults import Faults
from capital_sandbox.messages import Request

from .clients import Side, new_sandbox, side_on

TREE = "/marketnavigation/{nodeId}"


# --- one market -------------------------------------------------------------------------------------------------------


def test_a_market(side: Side) -> None:
    sheet: MarketSheet = side.do(lambda capital: capital.market("EURUSD"))
    assert (sheet.epic, sheet.name, sheet.type, sheet.currency) == ("EURUSD", "EUR/USD", "CURRENCIES", "USD")
    assert (sheet.status, sheet.modes) == (MarketStatus.TRADEABLE, (MarketMode.REGULAR,))
    assert sheet.bid is not None
    assert sheet.offer is not None
    assert sheet.bid < sheet.offer
    assert sheet.fetched_at == side.sandbox.clock.now()
    assert sheet.details.instrument.name == "EUR/USD"
    today = sheet.fetched_at.replace(hour=0, minute=0, second=0)
    assert sheet.is_open()
    assert sheet.next_open() == sheet.fetched_at
    assert sheet.next_close() == today.replace(hour=20, minute=59, second=50)
    assert sheet.is_open(today.replace(hour=21)) is False
    side.sandbox.clock.advance(timedelta(hours=7))
    assert sheet.is_open() is False  # by the clock of the client, which has gone on
    assert sheet.next_open() == today.replace(hour=21, minute=5)
    assert (sheet.round_size(1234), sheet.round_size(1234, up=True), sheet.round_price(1.142506)) == (
        1200,
        1300,
        1.14251,
    )
    assert side.calls() == ["GET /markets/EURUSD"]
    assert "details" not in repr(sheet)
    assert len({sheet, sheet}) == 1


@pytest.mark.parametrize("epic", ["5CPSG", "BRK.B", "US500-DEC27", "EURUSD_W", "CL.Z27", "SI", "RR-", "BP.", "0700"])
def test_awkward_markets(side: Side, epic: str) -> None:
    sheet: MarketSheet = side.do(lambda capital: capital.market(epic))
    assert sheet.epic == epic
    assert sheet.hours.known
    assert sheet.rules.price_step is not None
    assert sheet.rules.min_distance is not None
    assert sheet.rules.min_distance.unit == DealingRuleUnit.PERCENTAGE


def test_every_market_of_the_catalogue_opens_and_closes_as_it_says(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        sheets = side.do(lambda capital: capital.load_markets(list(sandbox.world.catalogue)))
        assert set(sheets) == set(sandbox.world.catalogue)
        for _ in range(12):  # a week in odd steps, so that every status is met
            sandbox.clock.advance(timedelta(hours=14, minutes=17, seconds=5))
            for row in side.do(lambda capital: capital.markets.search()).markets:
                if row.expiry == "-" or row.expiry > "2026-07":
                    assert sheets[row.epic].is_open() is (row.market_status == MarketStatus.TRADEABLE), row.epic


def test_an_unknown_epic(side: Side) -> None:
    with pytest.raises(NotFoundError) as caught:
        side.do(lambda capital: capital.market("NOPE", max_age=60))
    assert caught.value.error_code == "error.not-found.epic"


@pytest.mark.parametrize("bad", [{"epic": " "}, {"epic": "GOLD", "max_age": -1}, {"epic": "GOLD", "max_age": "1"}])
def test_bad_input_sends_nothing(side: Side, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        side.do(lambda capital: capital.market(**bad))
    assert len(side.sandbox.requests) == 0


def test_hours_that_nobody_can_read_leave_the_market_usable(side: Side) -> None:
    side.sandbox.faults.unknown_value("instrument.openingHours.wed.0", "GET", "/markets/*", value="around noon")
    side.sandbox.faults.unknown_value("dealingRules.minDealSize.value", "GET", "/markets/*", value="some")
    sheet: MarketSheet = side.do(lambda capital: capital.market("GOLD"))
    assert (sheet.is_open(), sheet.next_open(), sheet.hours.unreadable) == (None, None, ("wed: 'around noon'",))
    assert sheet.rules.min_size is None
    assert sheet.bid is not None


# --- kept for as long as said -----------------------------------------------------------------------------------------


def test_a_market_is_kept_for_as_long_as_said(side: Side) -> None:
    first = side.do(lambda capital: capital.market("GOLD"))
    side.sandbox.clock.advance(60)
    assert side.do(lambda capital: capital.market("GOLD", max_age=60)) is first
    side.sandbox.clock.advance(1)
    second = side.do(lambda capital: capital.market("GOLD", max_age=60))
    assert second is not first
    assert second.fetched_at == first.fetched_at + timedelta(seconds=61)
    assert side.do(lambda capital: capital.market("GOLD")) is not second  # nothing said: a new one
    side.do(lambda capital: capital.market("SILVER", max_age=60))
    assert side.calls() == ["GET /markets/GOLD"] * 3 + ["GET /markets/SILVER"]


def test_another_account_has_rules_of_its_own(side: Side) -> None:
    dollars = side.do(lambda capital: capital.market("GOLD"))
    side.do(lambda capital: capital.use_account("EUR"))
    euros = side.do(lambda capital: capital.market("GOLD", max_age=1000))
    assert euros is not dollars
    side.do(lambda capital: capital.use_account("USD"))
    assert side.do(lambda capital: capital.market("GOLD", max_age=1000)) is dollars


def test_a_switch_while_the_answer_was_on_its_way(side: Side) -> None:
    side.do(lambda capital: capital.ping())
    account = side.capital.account

    def switched(_: Request) -> bool:
        side.capital.auth._account = "another"  # as if somebody's switch had been answered meanwhile
        return False

    side.sandbox.faults.drop_after("GET", "/markets/GOLD", where=switched)
    first = side.do(lambda capital: capital.market("GOLD"))
    side.sandbox.faults.clear()
    for each in ("another", account):
        side.capital.auth._account = each
        assert side.do(lambda capital: capital.market("GOLD", max_age=1000)) is not first


def test_what_is_kept_is_bounded_and_the_longest_unused_goes_first() -> None:
    sandbox = new_sandbox()
    with side_on("sync", sandbox) as side:
        gold, silver, copper = side.do(lambda c: c.load_markets("GOLD,SILVER,COPPER")).values()
    cache = SheetCache(lambda: 10.0, size=2)
    cache.keep("1", [gold, silver], 10.0)
    assert cache.find("1", "GOLD", 0) is gold
    cache.keep("1", [copper], 10.0)
    assert [cache.find("1", epic, 0) for epic in ("GOLD", "SILVER", "COPPER")] == [gold, None, copper]
    assert cache.find("2", "GOLD", 0) is None


def test_threads_share_what_is_kept(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        epics = list(sandbox.world.catalogue)[:8]
        side.do(lambda capital: capital.load_markets(epics))
        errors: list[BaseException] = []

        def read(number: int) -> None:
            try:
                for turn in range(40):
                    epic = epics[(number + turn) % len(epics)]
                    assert side.capital.market(epic, max_age=1000).epic == epic
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert side.calls() == ["GET /markets"]


# --- many -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (50, 1), (51, 2), (100, 2)])
def test_many_markets_in_chunks_of_fifty(side: Side, count: int, calls: int) -> None:
    epics = sorted(side.sandbox.world.catalogue)[:count]
    sheets = side.do(lambda capital: capital.load_markets([*epics, *epics[:3]]))
    assert list(sheets) == epics
    assert sheets.missing == ()
    assert side.calls() == ["GET /markets"] * calls


def test_unknown_epics_among_many_are_missing(side: Side) -> None:
    sheets: MarketSheets = side.do(lambda capital: capital.load_markets("SILVR, GOLD,BRK.B ,gold"))
    assert (list(sheets), sheets.missing) == (["GOLD", "BRK.B"], ("SILVR", "gold"))
    assert dict(sheets) == sheets
    with pytest.raises(KeyError, match="no market has the epic 'SILVR'"):
        sheets["SILVR"]
    with pytest.raises(KeyError, match="'SILVER' was not asked for"):
        sheets["SILVER"]
    assert sheets.get("SILVR") is None
    assert side.do(lambda capital: capital.market("GOLD", max_age=1)) is sheets["GOLD"]


def test_a_server_that_answers_404_to_many(side: Side) -> None:
    """Not seen: unknown epics were left out. But then it must not take the known ones with it."""
    unknown = {"NOPE", "GOLDD"}
    asked: list[list[str]] = []

    def has_unknown(request: Request) -> bool:
        asked.append(request.parameters["epics"].split(","))
        return not unknown.isdisjoint(asked[-1])

    side.sandbox.faults.answer(404, "GET", "/markets", body={"errorCode": "error.not-found.epic"}, where=has_unknown)
    epics = ["GOLD", "NOPE", *sorted(side.sandbox.world.catalogue)[:58], "GOLDD"]
    sheets = side.do(lambda capital: capital.load_markets(epics))
    assert sheets.missing == ("NOPE", "GOLDD")
    assert list(sheets) == [epic for epic in dict.fromkeys(epics) if epic not in unknown]
    assert len(asked) < 25
    assert max(len(chunk) for chunk in asked) == EPICS_PER_CALL


@pytest.mark.parametrize("nothing", [[], ()])
def test_no_epics_no_call(side: Side, nothing: Any) -> None:
    assert side.do(lambda capital: capital.load_markets(nothing)) == {}
    assert len(side.sandbox.requests) == 0


@pytest.mark.parametrize("bad", ["", [""], ["GOLD", " "], [7], 7, ["A,B"]])
def test_epics_that_are_none(side: Side, bad: Any) -> None:
    with pytest.raises(InvalidInputError):
        side.do(lambda capital: capital.load_markets(bad))
    assert len(side.sandbox.requests) == 0


def test_an_error_in_the_second_chunk_is_raised(side: Side) -> None:
    side.sandbox.faults.server_error("html", "GET", "/markets", after=1)
    with pytest.raises(ServerError):
        side.do(lambda capital: capital.load_markets(sorted(side.sandbox.world.catalogue)[:60]))


# --- by text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "more"),
    [
        ("silver", ["SILVER"], {"5CPSG"}),
        ("si", ["SI", "SILVER", "SIE"], {"5CPSG"}),
        ("Gold", ["GOLD"], {"GC-Q26", "GLD"}),
        ("us 500", ["US500"], {"US500-DEC27"}),
        ("EUR/USD", ["EURUSD"], {"EURUSD_W"}),
        ("bitcoin", ["BTCUSD", "BTCEUR", "BTC-PERP"], {"ETHBTC"}),
        (" brk.b ", ["BRK.B"], set[str]()),
        ("zzz", [], set[str]()),
    ],
)
def test_the_best_match_comes_first(side: Side, text: str, first: list[str], more: set[str]) -> None:
    found = [market.epic for market in side.do(lambda capital: capital.find(text))]
    assert found[: len(first)] == first
    assert more <= set(found)


def test_among_equals_those_that_can_be_dealt_in_go_first(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        rows = side.do(lambda capital: capital.find("weekend"))
        assert {row.market_status for row in rows} == {MarketStatus.CLOSED}  # it is Wednesday
        found = side.do(lambda capital: capital.find("usd"))
        begins = [row for row in found if row.epic.startswith("USD") or row.instrument_name.startswith("USD")]
        assert found[: len(begins)] == begins
        words = side.do(lambda capital: capital.find("corp"))
        idle = [row.market_status == "CLOSED" or MarketMode.VIEW_ONLY in row.market_modes for row in words]
        assert idle == sorted(idle)
        assert {row.epic for row in words[-3:]} == {"7203", "SI", "NKLA"}  # night in Japan, and two to look at only


@pytest.mark.parametrize("bad", ["", "  ", 7, None])
def test_a_text_that_says_nothing(side: Side, bad: Any) -> None:
    with pytest.raises(InvalidInputError):
        side.do(lambda capital: capital.find(bad))
    assert len(side.sandbox.requests) == 0


# --- the category tree ------------------------------------------------------------------------------------------------


def walk(side: Side) -> list[str]:
    return [market.epic for market in side.all(lambda capital: capital.iter_markets())]


def answers(side: Side, node: str, body: dict[str, Any], **when: Any) -> None:
    side.sandbox.faults.answer(200, "GET", f"/marketnavigation/{node}", body=body, **when)


def test_all_markets_of_the_tree_each_once(side: Side) -> None:
    epics = walk(side)
    assert len(epics) == len(set(epics))
    assert set(epics) == set(side.sandbox.world.catalogue)
    assert len(side.calls()) == len(set(side.calls()))


def test_the_order_is_the_same_on_both_sides() -> None:
    orders: list[list[str]] = []
    for kind in ("sync", "async"):
        with side_on(kind, new_sandbox()) as side:
            orders.append(walk(side))
    assert orders[0] == orders[1]


def test_a_walk_that_is_left_early_asks_no_further(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        for _ in side.capital.iter_markets():
            break
        assert len(side.calls()) < 14


def test_as_a_table(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        frame = side.capital.iter_markets().to_polars()
        silver = frame.filter(frame["epic"] == "SILVER").row(0, named=True)
        assert (silver["name"], silver["type"], silver["status"]) == ("Silver", "COMMODITIES", "TRADEABLE")
        assert (silver["symbol"], silver["expiry"], silver["tick_size"]) == ("Silver", "-", 0.001)
        assert silver["offer"] > silver["bid"]
        odd = frame.filter(frame["epic"] == "SI").row(0, named=True)
        assert (odd["high"], odd["percentage_change"]) == (None, None)


def test_a_category_that_has_gone_is_left_out(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "capital_ext")
    side.sandbox.faults.answer(404, "GET", "/marketnavigation/*.metals", body={"errorCode": "error.not-found"})
    epics = walk(side)
    assert not {"COPPER", "PLATINUM", "ALUMINUM"} & set(epics)
    assert {"CORN", "PALLADIUM"} <= set(epics)
    assert "hierarchy_v1.commodities.metals has gone" in caplog.text


def test_cycles_and_twins_end(side: Side) -> None:
    metals = "hierarchy_v1.commodities.metals"
    groups = ["hierarchy_v1.commodities_group", metals, "hierarchy_v1.commons_group"]
    answers(side, metals, {"nodes": [{"id": each, "name": "again"} for each in groups]})
    epics = walk(side)
    assert len(epics) == len(set(epics)) > 90
    assert len(side.calls()) == len(set(side.calls()))


def test_a_tree_without_a_floor_ends(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    for depth in range(40):
        answers(
            side, "deep" * depth or "hierarchy_v1.commons_group", {"nodes": [{"id": "deep" * (depth + 1), "name": ""}]}
        )
    assert "GOLD" in walk(side)
    assert 12 < len([call for call in side.calls() if "deep" in call]) < 20
    assert "deeper than 16 levels" in caplog.text


@pytest.mark.parametrize("kind", ["html", "java"])
def test_a_category_that_fails_for_a_while_is_read_in_the_end(side: Side, kind: Any) -> None:
    side.sandbox.faults.server_error(kind, "GET", "/marketnavigation/*.commons.weekend", times=2)
    assert set(walk(side)) == set(side.sandbox.world.catalogue)


US_SHARES = ("GET", "/marketnavigation/*.shares.us")
BREAKS: dict[str, Callable[[Faults], object]] = {
    "error": lambda faults: faults.server_error("html", *US_SHARES),
    "no answer": lambda faults: faults.drop_before(*US_SHARES),
    "half an answer": lambda faults: faults.truncate(*US_SHARES),
}


@pytest.mark.parametrize("breaks", list(BREAKS))
def test_a_category_that_cannot_be_read_costs_its_markets_and_no_others(side: Side, breaks: str) -> None:
    BREAKS[breaks](side.sandbox.faults)
    rows: list[str] = []
    with pytest.raises(CapitalError) as caught:
        collect(side, lambda market: rows.append(market.epic))
    assert caught.value.__notes__ == [
        "all markets were given but those of categories that could not be read: hierarchy_v1.shares.us"
    ]
    missing = set(side.sandbox.world.catalogue) - set(rows)
    assert {side.sandbox.world.catalogue[epic].country for epic in missing} == {"United States of America"}
    assert len(missing) > 5
    assert {"SAP", "BTCUSD", "7203"} <= set(rows)  # what comes before it, and after


def collect(side: Side, keep: Callable[[Any], None]) -> None:
    async def collected() -> None:
        async for market in side.capital.iter_markets():
            keep(market)

    if side.is_async:
        side.runner.run(collected())
        return
    for market in side.capital.iter_markets():
        keep(market)


def test_when_nothing_can_be_read_it_ends(side: Side) -> None:
    side.sandbox.faults.server_error("json", "GET", TREE)
    with pytest.raises(ServerError) as caught:
        walk(side)
    assert caught.value.__notes__[0].startswith("5 categories in a row could not be read")
    assert len(side.calls()) < 25


def test_without_a_session_it_ends_at_once(side: Side) -> None:
    side.do(lambda capital: capital.ping())
    side.sandbox.faults.kill_sessions("GET", TREE, after=3)
    side.sandbox.faults.answer(401, "POST", "/session", body={"errorCode": "error.invalid.details"})
    with pytest.raises(LoginError) as caught:
        walk(side)
    assert not hasattr(caught.value, "__notes__")  # it is about no category


def test_markets_that_do_not_fit_into_one_answer_are_told_of(caplog: pytest.LogCaptureFixture) -> None:
    with side_on("sync", new_sandbox()) as side:
        rows = [market.to_dict() for market in side.do(lambda capital: capital.markets.search()).markets]
        many = [row | {"epic": f"E{number}"} for number, row in enumerate(rows * 6)][:500]
        answers(side, "hierarchy_v1.commons.most_traded", {"nodes": [], "markets": many})
        assert "E499" in walk(side)
    assert "hierarchy_v1.commons.most_traded holds more markets than the API gives" in caplog.text
