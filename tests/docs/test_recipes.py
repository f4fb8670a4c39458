"""Each recipe runs as it stands in the document, over HTTP on a sandbox, and passes the type checkers.

A test is named for its recipe. Time is the sandbox's: where a client would wait, it moves.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import capital_ext

from .clients import at_the_sandbox
from .kitchen import REAL_TIME, Kitchen
from .pages import Page, slug
from .snippets import CHECKERS

PAGE = Page("docs/recipes.md", "from capital_ext import Capital\n\ncapital = Capital()")
SATURDAY = datetime(2026, 6, 13, 9, tzinfo=timezone.utc)


def test_every_recipe_has_a_test() -> None:
    assert len(PAGE.tests) > 15
    assert PAGE.without_test(globals()) == set()


def test_every_link_leads_somewhere() -> None:
    assert {slug(title) for title in PAGE.tests.values()} - PAGE.links() == {"recipes"}
    assert PAGE.dead_links() == set()


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_recipes_pass_the_type_checkers(checker: str, tmp_path: Path) -> None:
    PAGE.check_types(checker, tmp_path)


# --- deals ------------------------------------------------------------------------------------------------------------


def test_recipes(kitchen: Kitchen) -> None:
    (seconds,) = kitchen.cook()
    assert 0 <= float(seconds) < 10


def test_open_with_a_stop_and_close(kitchen: Kitchen) -> None:
    bought, result = kitchen.cook()
    assert bought.startswith("bought at ")
    assert result.startswith("result: -")  # the spread
    assert result.endswith(" USD")
    assert kitchen.positions() == []


def test_place_revise_and_cancel_a_working_order(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datetime.datetime", at_the_sandbox(kitchen.sandbox))
    kitchen.cook()
    changes = ("POST", "/workingorders"), ("PUT", "/workingorders/*"), ("DELETE", "/workingorders/*")
    assert [kitchen.sent(*change) for change in changes] == [1, 1, 1]
    assert kitchen.capital.orders.all().working_orders == []


def test_move_only_the_stop(kitchen: Kitchen) -> None:
    level = kitchen.capital.deals.open("SILVER", "BUY", 10, stop_distance=10, profit_level=80).level
    while float(str(kitchen.capital.market("SILVER").bid)) <= float(str(level)):
        kitchen.pass_time(timedelta(minutes=5))
    kitchen.cook()
    (position,) = kitchen.positions()
    assert (position.stop_level, position.profit_level) == (level, 80)


def test_check_before_sending(kitchen: Kitchen) -> None:
    too_small, too_far = kitchen.cook()
    assert too_small == "size: 0.33 is below the minimum of 1 - try 1.0"
    assert too_far.startswith("stop_distance: the stop is too far: ")
    (position,) = kitchen.positions()
    assert position.size == 12.3


def test_the_answer_was_lost(kitchen: Kitchen) -> None:
    assert kitchen.cook()[0].startswith("executed at ")
    kitchen.sandbox.faults.drop_after("POST", "/positions", times=1)
    assert kitchen.cook()[0].startswith("executed at ")
    kitchen.pass_time(timedelta(minutes=5))
    kitchen.sandbox.faults.drop_before("POST", "/positions", times=1)
    assert kitchen.cook()[0].startswith("not executed, it may be sent again: ")
    assert len(kitchen.positions()) == 2


def test_the_same_in_one_go(kitchen: Kitchen) -> None:
    kitchen.sandbox.faults.drop_after("POST", "/positions", times=1)
    (opened,) = kitchen.cook()
    (position,) = kitchen.positions()
    assert opened == f"open: {position.deal_id}"
    kitchen.pass_time(timedelta(minutes=5))
    kitchen.sandbox.faults.drop_before("POST", "/positions", times=1)
    assert kitchen.cook() == ["nothing was opened: None"]


# --- histories --------------------------------------------------------------------------------------------------------


def test_a_year_of_candles_as_a_table(kitchen: Kitchen) -> None:
    pytest.importorskip("polars")
    pytest.importorskip("pandas")
    kitchen.cook()
    frame, prices = kitchen.names["frame"], kitchen.names["prices"]
    assert frame.height == len(prices) > 5_000
    assert frame["time"].item(0) == datetime(2025, 6, 1, 23, tzinfo=timezone.utc)  # a Sunday night


def test_a_file_for_each_month_resumable(kitchen: Kitchen) -> None:
    pytest.importorskip("pyarrow")
    first = kitchen.cook()
    assert len(first) == 12
    assert first[0].startswith("SILVER-2025-06.parquet ")
    assert all(int(line.split()[1]) > 1_500 for line in first)
    Path("SILVER-2026-02.parquet").unlink()
    assert kitchen.cook() == [line for line in first if "2026-02" in line]


def test_only_what_is_new(kitchen: Kitchen) -> None:
    polars = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    kitchen.cook()
    frame = polars.read_parquet("SILVER.parquet")
    assert frame.height == frame["time"].n_unique() > 1_500
    assert frame["time"].is_sorted()


def test_the_last_month(kitchen: Kitchen) -> None:
    (highest,) = kitchen.cook()
    assert float(highest) > float(str(kitchen.capital.market("SILVER").offer)) * 0.9


def test_profit_and_fees_of_a_year(kitchen: Kitchen) -> None:
    deal = kitchen.capital.deals.open("SILVER", "BUY", 10)
    kitchen.pass_time(timedelta(days=1))
    kitchen.capital.deals.close(str(deal.position_id))
    kitchen.pass_time(timedelta(minutes=5))
    kinds = {line.split()[0] for line in kitchen.cook()}
    assert {"SWAP", "TRADE"} <= kinds


def test_what_happened_to_my_deals(kitchen: Kitchen) -> None:
    kitchen.capital.deals.open("SILVER", "BUY", 10)
    kitchen.pass_time(timedelta(minutes=5))
    (opened,) = kitchen.cook()
    assert "SILVER POSITION ACCEPTED" in opened


# --- live prices ------------------------------------------------------------------------------------------------------


def test_a_moving_average_that_is_warm_at_once(kitchen: Kitchen) -> None:
    times = [line[11:16] for line in kitchen.cook()]
    assert times[:11] == [f"13:{minute}" for minute in range(49, 60)]
    assert times[11:] in (["14:00", "14:01"], ["14:00", "14:01", "14:02"])


def test_write_quotes_to_a_csv_file(kitchen: Kitchen) -> None:
    assert kitchen.cook() == []
    head, *rows = Path("quotes.csv").read_text().splitlines()
    assert head == "time,epic,bid,offer"
    assert {row.split(",")[1] for row in rows} == {"SILVER", "GOLD"}
    kitchen.sandbox.faults.stream.drop(destination="quote", after=2, times=1)
    stale, live, *gaps = kitchen.cook()
    assert stale.startswith("not complete: disconnected since ")
    assert live.startswith("not complete: live again at ")
    assert len(gaps) == 2


def test_buy_when_the_price_is_reached(kitchen: Kitchen) -> None:
    (bought,) = kitchen.cook()
    (position,) = kitchen.positions()
    assert bought.endswith(f"bought at {position.level}")


def test_stop_when_prices_are_old(kitchen: Kitchen) -> None:
    kitchen.capital.deals.place("SILVER", "BUY", 10, 39.5, "LIMIT")
    kitchen.sandbox.faults.stream.drop(destination="quote", after=2, times=1)
    *quotes, stale = kitchen.cook()
    assert len(quotes) == 2
    assert stale.startswith("old since 2026-06-10 14:0")
    assert kitchen.capital.orders.all().working_orders == []


# --- quota, accounts and markets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kitchen", [REAL_TIME], indirect=True)
def test_one_budget_for_many_threads(kitchen: Kitchen) -> None:
    assert [line.split()[0] for line in kitchen.cook()] == ["SILVER", "GOLD", "BTCUSD", "DE40", "EURUSD", "US500"]


@pytest.mark.parametrize("kitchen", [REAL_TIME], indirect=True)
def test_two_processes(kitchen: Kitchen) -> None:
    (bid,) = kitchen.cook()
    assert float(bid) > 0


def test_a_bulk_job_beside_trading(kitchen: Kitchen) -> None:
    (line,) = kitchen.cook()
    level, counts = line.split(" ", 1)
    assert float(level) > 0
    rows = [len(Path(f"{epic}.csv").read_text().splitlines()) - 1 for epic in ("SILVER", "GOLD")]
    assert counts == str(rows)
    assert min(rows) > 5_000


def test_two_accounts(kitchen: Kitchen) -> None:
    ids = {row.account_name: row.account_id for row in kitchen.capital.accounts.all().accounts}
    euros, both = kitchen.cook()
    assert euros == "5000 0"
    assert both == f"{ids['USD']} {ids['EUR']}"
    assert kitchen.positions() == []
    with kitchen.capital.use_account("EUR"):
        assert len(kitchen.positions()) == 1


def test_keep_the_session_alive(kitchen: Kitchen) -> None:
    assert kitchen.cook() == ["True"]
    assert not kitchen.names["heart"].running


def test_find_markets(kitchen: Kitchen) -> None:
    *found, sheet, count = kitchen.cook()
    assert found[0].startswith("SILVER Silver ")
    assert sheet.endswith("missing: ('SILVR',)")
    assert int(count) > 3


@pytest.mark.parametrize("kitchen", [SATURDAY], indirect=True)
def test_wait_until_a_market_opens(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", kitchen.sandbox.clock.advance)
    assert kitchen.cook()[0].startswith("DE40 is open until 2026-06-1")
    assert SATURDAY + timedelta(days=1) < kitchen.sandbox.clock.now() < SATURDAY + timedelta(days=3)
    assert kitchen.sent("GET", "/markets/DE40") == 2


def test_with_asyncio(kitchen: Kitchen) -> None:
    kitchen.cook()

    async def run() -> None:
        async with capital_ext.AsyncCapital() as capital:
            await kitchen.names["main"](capital)

    asyncio.run(run())
    assert (kitchen.sent("POST", "/positions"), kitchen.sent("DELETE", "/positions/*")) == (1, 1)
