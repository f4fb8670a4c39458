"""Each part of the page about live prices runs as it stands there, over HTTP and a WebSocket on a sandbox.

A test is named for its heading. The sandbox's time moves while the stream or its consumer waits: a minute takes half a
second.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from capital_ext import Capital
from capital_ext.stream import connection, feeds, lifelines

from .clients import at_the_sandbox
from .kitchen import Kitchen
from .pages import Page, slug
from .snippets import CHECKERS

PAGE = Page("docs/stream.md", "from capital_ext import Capital\n\ncapital = Capital()\nstream = capital.stream()")


@pytest.fixture(autouse=True)
def stream(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the page takes for granted beside a client."""
    if "kitchen" not in request.fixturenames:
        yield
        return
    kitchen: Kitchen = request.getfixturevalue("kitchen")
    capital: Capital = kitchen.capital
    with capital.stream() as opened:
        kitchen.names["stream"] = opened
        yield


def test_every_heading_has_a_test() -> None:
    assert len(PAGE.tests) > 10
    assert PAGE.without_test(globals()) == set()


def test_every_link_leads_somewhere() -> None:
    assert {slug(title) for title in PAGE.code} - PAGE.links() == {"live-prices"}
    assert PAGE.dead_links() == set()


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_page_passes_the_type_checkers(checker: str, tmp_path: Path) -> None:
    PAGE.check_types(checker, tmp_path)


# --- taking -----------------------------------------------------------------------------------------------------------


def test_live_prices(kitchen: Kitchen) -> None:
    lines = kitchen.cook()
    assert lines
    assert all(line.startswith(("Quote(epic='SILVER'", "Quote(epic='GOLD'")) for line in lines)


def test_quotes(kitchen: Kitchen) -> None:
    lines = kitchen.cook()
    assert len(lines) > 1
    for line in lines:
        assert re.fullmatch(r"14:\d\d:\d\d\.\d{6} sell at 5[\d.]+, buy at 5[\d.]+, spread 0\.\d{3}", line)


def test_candles(kitchen: Kitchen) -> None:
    lines = kitchen.cook()
    for epic in ("SILVER", "GOLD"):
        assert [line.split()[0] for line in lines if epic in line] == ["14:00", "14:01"]


def test_one_loop_for_all(kitchen: Kitchen) -> None:
    lines = kitchen.cook()
    assert {" ".join(line.split()[:2]) for line in lines} == {"quote SILVER", "quote GOLD", "candle SILVER"}


def test_a_loop_for_each(kitchen: Kitchen) -> None:
    (counts,) = kitchen.cook()
    assert [int(count) > 0 for count in counts.split()] == [True, True]
    assert kitchen.sandbox.streams.opened == 1


def test_a_function_for_each_event(kitchen: Kitchen) -> None:
    lines = kitchen.cook()
    (over,) = [line for line in lines if line.startswith("when the minute was over: Quote(epic='SILVER'")]
    others = [line for line in lines if line != over]
    assert others
    assert all(line.startswith("Quote(epic='GOLD'") for line in others)


def test_for_a_while(kitchen: Kitchen) -> None:
    started = kitchen.sandbox.clock.now()
    lines = kitchen.cook()
    assert len(lines) == 3
    assert float(lines[-1].rsplit(" ", 1)[1]) > 0
    assert timedelta(seconds=60) <= kitchen.sandbox.clock.now() - started < timedelta(seconds=80)


def test_with_asyncio(kitchen: Kitchen) -> None:
    kitchen.names["stream"].close()
    kitchen.cook()
    asyncio.run(kitchen.names["main"]())
    *_, averages = kitchen.printed()
    assert re.fullmatch(r"\[5\d\.\d+, \d{4}\.\d+\]", averages)


def test_unsubscribe_and_close(kitchen: Kitchen) -> None:
    *enough, end = kitchen.cook()
    assert all(line.startswith("enough: Quote(epic='SILVER'") for line in enough)
    assert 1 <= len(enough) < 4
    assert end == "False True <Stream 1 connections: GOLD>"


# --- relying on it ----------------------------------------------------------------------------------------------------


def test_history_then_live(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datetime.datetime", at_the_sandbox(kitchen.sandbox))
    times = [line[11:16] for line in kitchen.cook()]
    assert times[:59] == [f"13:{minute:02}" for minute in range(1, 60)]
    assert times[59:] in (["14:00"], ["14:00", "14:01"])


@pytest.mark.parametrize("fault", ["none", "drop", "silence"])
def test_when_prices_are_old(kitchen: Kitchen, fault: str) -> None:
    if fault == "drop":
        kitchen.sandbox.faults.stream.drop(destination="quote", after=2, times=1)
    elif fault == "silence":
        kitchen.sandbox.faults.stream.silence("SILVER", seconds=80, after=2, times=1)
    lines = kitchen.cook()
    told = [line.split(":")[0] for line in lines[:-1]]
    kinds = {"none": [], "drop": ["disconnected", "live again"], "silence": ["silent", "live again"]}[fault]
    assert told[:2] == kinds
    markets = {"none": [], "drop": ["SILVER", "GOLD"], "silence": ["SILVER"]}[fault]
    assert told[2:] == [f"missed of {market}" for market in markets]
    assert "'GOLD': Quote(" in lines[-1]


def test_slow_consumers(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", kitchen.sandbox.clock.advance)
    (line,) = kitchen.cook()
    assert re.fullmatch(r"too slow: [1-9]\d* quotes were left out: .+ [1-9]\d*", line)


def test_errors(kitchen: Kitchen) -> None:
    lines = kitchen.cook()
    (refused,) = [line for line in lines if line.startswith("the stream refused SILVR: ")]
    assert "capital.find looks by name" in refused
    assert len([line for line in lines if line.startswith("SILVER 5")]) == 3


# --- knowing it -------------------------------------------------------------------------------------------------------


def test_accounts_and_sessions(kitchen: Kitchen) -> None:
    kinds = [line.split()[0] for line in kitchen.cook()]
    assert [kind for kind in kinds if kind != "quote"] == ["disconnected", "live", "gap"]
    assert kinds[-1] == "quote"
    assert kitchen.sent("POST", "/session") == 1


def test_the_numbers_are_those_of_the_code() -> None:
    text = PAGE.text
    for sentence, seconds in {
        f"every {connection.PING_EVERY:g} seconds": 30,
        f"within {connection.ANSWER_WITHIN:g} seconds": 15,
        f"after {lifelines.FIRST_WAIT:g} second, then 2, 4, 8 … up to {lifelines.LONGEST_WAIT:g}": 1,
        f"After {lifelines.HEALTHY:g} good seconds": 30,
        f"after {feeds.QUIET:g} seconds without a quote": 60,
        f"when one is {feeds.GRACE:g} seconds late": 20,
    }.items():
        assert sentence in text, seconds
    assert (lifelines.KEEP_ALIVE, feeds.LONGEST, connection.LOOK_EVERY) == (8 * 60, 3600, 1)
