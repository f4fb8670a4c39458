"""What a user writes about markets and accounts. Never run: both checkers accept every line and know every type."""

from __future__ import annotations

import datetime
from typing import assert_type

from capital_api.models import Account, InstrumentType, Market, MarketDetails, MarketMode, MarketStatus
from capital_ext import AsyncCapital, Capital
from capital_ext.active_account import AccountInUse, AccountSwitch
from capital_ext.deals.problems import Problem, Proposal, find_problems
from capital_ext.errors import LoginError
from capital_ext.keep_alive import AsyncKeepAlive, KeepAlive
from capital_ext.markets.hours import TradingHours
from capital_ext.markets.rules import MarketRules
from capital_ext.markets.sheet import MarketSheet, MarketSheets
from capital_ext.rows import AsyncRows, Rows

NOW = datetime.datetime.now(datetime.timezone.utc)


def looking_markets_up(capital: Capital) -> None:
    silver = capital.market("SILVER")
    assert_type(silver, MarketSheet)
    assert_type(capital.market("SILVER", max_age=3600), MarketSheet)
    sheets = capital.load_markets(["GOLD", "SILVER"])
    assert_type(sheets, MarketSheets)
    assert_type(sheets["GOLD"], MarketSheet)
    assert_type(sheets.get("GOLD"), MarketSheet | None)
    assert_type(sheets.missing, tuple[str, ...])
    capital.load_markets("GOLD,SILVER")
    assert_type(capital.find("silver"), list[Market])
    assert_type(capital.iter_markets(), Rows[Market])
    for market in capital.iter_markets():
        assert_type(market, Market)


def reading_a_sheet(silver: MarketSheet) -> None:
    assert_type(silver.epic, str)
    assert_type(silver.type, InstrumentType)
    assert_type(silver.status, MarketStatus)
    assert_type(silver.modes, tuple[MarketMode, ...])
    assert_type(silver.bid, float | None)
    assert_type(silver.fetched_at, datetime.datetime)
    assert_type(silver.details, MarketDetails)
    assert_type(silver.hours, TradingHours)
    assert_type(silver.rules, MarketRules)
    assert_type(silver.is_open(), bool | None)
    assert_type(silver.next_open(NOW), datetime.datetime | None)
    assert_type(silver.next_close(), datetime.datetime | None)
    assert_type(silver.round_size(1.27, up=True), float)
    assert_type(silver.round_price(36.50049), float)
    problems = find_problems(Proposal(direction="BUY", size=1, stop_distance=0.5), silver, hedging_mode=False, at=NOW)
    assert_type(problems, tuple[Problem, ...])
    assert_type(problems[0].nearest, float | None)
    Proposal(direction="SELL", size=1, type_="LIMIT", level=40, good_till_date=NOW, guaranteed_stop=True, stop_level=41)


def changing_accounts(capital: Capital) -> None:
    assert_type(capital.account, str | None)
    used = capital.use_account("EUR")
    assert_type(used, AccountInUse)
    assert_type(used.account, Account)
    with capital.use_account(id_or_name="EUR") as account:
        assert_type(account, Account)
    assert_type(capital.ping(), float)
    with capital.keep_alive(every=300) as heart:
        assert_type(heart, KeepAlive)
        assert_type(heart.running, bool)
        assert_type(heart.error, LoginError | None)
    capital.keep_alive().stop()


async def all_of_it_awaited(capital: AsyncCapital) -> None:
    assert_type(await capital.market("SILVER", max_age=60), MarketSheet)
    assert_type(await capital.load_markets(["GOLD"]), MarketSheets)
    assert_type(await capital.find("silver"), list[Market])
    assert_type(capital.iter_markets(), AsyncRows[Market])
    async for market in capital.iter_markets():
        assert_type(market, Market)
    assert_type(capital.use_account("EUR"), AccountSwitch)
    assert_type(await capital.use_account("EUR"), Account)
    async with capital.use_account("EUR") as account:
        assert_type(account, Account)
    assert_type(await capital.ping(), float)
    async with capital.keep_alive(every=300) as heart:
        assert_type(heart, AsyncKeepAlive)
    await capital.keep_alive().stop()


def mistakes(capital: Capital, waiting: AsyncCapital, silver: MarketSheet) -> None:
    capital.market()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    capital.market("SILVER", 60)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    capital.use_account()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    capital.keep_alive(480)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    silver.bid = 1.0  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    silver.is_open(datetime.date(2026, 1, 1))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Proposal(direction="LONG", size=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with waiting.use_account("EUR"):  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
        pass
