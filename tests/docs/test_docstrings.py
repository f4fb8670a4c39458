"""The examples in the docstrings of ``capital_ext`` run as they stand there, over HTTP on a sandbox.

They are found, not listed: an example is what is indented in a docstring, before its arguments.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import capital_ext
from capital_ext import Candle, Deal, NotExecuted, OutcomeUnknownError, Subscription, models
from capital_ext.deals.problems import Proposal, find_problems
from capital_ext.policy import World
from capital_ext.workflow import Blocking, Steps, ask, workflow
from capital_sandbox import Sandbox
from tests.markets.clients import new_sandbox

from .clients import clients_on
from .snippets import ROOT

START = datetime(2026, 1, 28, 14, tzinfo=timezone.utc)  # a Wednesday; the examples speak of that winter


def docstrings(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    """All of a file, by what they are about."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield name, ast.get_docstring(node) or ""
        for child in ast.iter_child_nodes(node):
            yield from docstrings(child, f"{name}.{getattr(child, 'name', '')}")


def example_of(docstring: str) -> str:
    before = re.split(r"^(?:Args|Returns|Raises):$", docstring, flags=re.MULTILINE)[0]
    return textwrap.dedent("".join(re.findall(r"\n\n((?:    .*(?:\n|$)|\n)+)", before))).strip()


EXAMPLES = {
    name: example_of(text)
    for path in sorted((ROOT / "capital_ext").rglob("*.py"))
    for name, text in docstrings(ast.parse(path.read_text(encoding="utf-8")), path.stem)
    if example_of(text)
}
EXTRAS = {
    "histories.Histories.candles": "pandas",
    "lookup.MarketLookup.iter_markets": "polars",
}
PRINTED = {
    "active_account._use": "5000",
    "problems.find_problems": "stop_distance: the stop is too far:",
    "desk._Workflows.check": "size: 0.33 is below the minimum of 1",
    "histories.Histories.candles": "2026-01-09 21:00:00+00:00 ",
    "histories.Histories.iter_activity": "2026-01-28 14:00:00+00:00 SILVER POSITION ACCEPTED",
    "keep_alive._keep_alive": "True",
    "live_prices._stream": "Quote(epic=",
    "lookup.MarketLookup.find": "SILVER Silver",
    "lookup.MarketLookup.iter_markets": "GOLD Gold",
    "lookup.MarketLookup.load_markets": "('SILVR',)",
    "streams._Streaming.candles": "2026-02-04 14:00:00+00:00 ",
    "taking.AsyncEvents.during": "Quote(epic='SILVER'",
    "taking.Events.during": "Quote(epic='SILVER'",
}
ANSWERED = {
    "client.AsyncCapital": ("silver", models.MarketDetails),
    "client.Capital": ("silver", models.MarketDetails),
    "positions.PositionDeals.close": ("profit", float),
    "positions.PositionDeals.open": ("deal", Deal),
    "desk._Workflows.resolve": ("deal", Deal),
    "hours.TradingHours": ("hours", object),
    "lookup.MarketLookup.market": ("size", float),
    "streams._Streaming.quotes": ("others", Subscription),
    "streams.Subscription.for_each": ("stream", capital_ext.Stream),
}


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    sandbox = new_sandbox(START)
    clients_on(sandbox, monkeypatch)
    return sandbox


@pytest.fixture
def names(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """What an example takes for granted: a client, a position that has seen a night, an order."""
    with capital_ext.Capital() as capital:
        deal = capital.deals.open("SILVER", "BUY", 10, stop_level=30, profit_level=70)
        order = capital.deals.place("SILVER", "BUY", 10, 39, "LIMIT")
        sandbox.clock.advance(timedelta(days=7))
        yield {
            "AsyncCapital": capital_ext.AsyncCapital,
            "Candle": Candle,
            "Capital": capital_ext.Capital,
            "OutcomeUnknownError": OutcomeUnknownError,
            "Proposal": Proposal,
            "Steps": Steps,
            "ask": ask,
            "capital": capital,
            "deal": deal,
            "find_problems": find_problems,
            "now": sandbox.clock.now(),
            "order": order,
            "rules": capital.market("SILVER").rules,
            "timedelta": timedelta,
            "workflow": workflow,
        }


def run(name: str, names: dict[str, Any]) -> None:
    code = compile(EXAMPLES[name], name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if re.search(r"\bstream\.", EXAMPLES[name]):
        run_on_stream(name, lambda: eval(code, names), names)
        return
    awaited = eval(code, names)
    if inspect.iscoroutine(awaited):
        asyncio.run(awaited)


def run_on_stream(name: str, execute: Callable[[], Any], names: dict[str, Any]) -> None:
    """An example that takes a stream for granted. Many go on for ever: the stream is closed when they have printed."""
    if "Async" in name:

        async def main() -> None:
            async with capital_ext.AsyncCapital() as capital, capital.stream() as stream:
                stream.quotes("SILVER")
                names["stream"] = stream
                await execute()

        asyncio.run(main())
        return

    def print_and_close(*values: object) -> None:
        print(*values)
        names["stream"].close()

    with names["capital"].stream() as stream:
        names |= {"stream": stream, "print": print_and_close}
        if "during" in name:
            stream.quotes("SILVER")
        execute()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_runs(name: str, names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name])
    run(name, names)
    assert PRINTED.get(name, "") in capsys.readouterr().out
    answer, kind = ANSWERED.get(name, ("capital", object))
    assert isinstance(names[answer], kind)


def test_the_public_methods_have_examples() -> None:
    deals = {f"desk._Workflows.{method}" for method in ("check", "resolve")}
    deals |= {f"positions.PositionDeals.{method}" for method in ("open", "close", "amend")}
    deals |= {f"orders.OrderDeals.{method}" for method in ("place", "revise")}
    walks = {f"histories.Histories.{method}" for method in ("candles", "iter_activity", "iter_transactions")}
    lookups = {f"lookup.MarketLookup.{method}" for method in ("market", "load_markets", "find", "iter_markets")}
    clients = {"__init__", "client.Capital", "client.AsyncCapital", "active_account._use", "keep_alive._keep_alive"}
    prices = {"live_prices._stream", "streams._Streaming.quotes", "streams._Streaming.candles"}
    prices |= {"streams.Subscription.for_each", "taking.Events.during", "taking.AsyncEvents.during"}
    assert deals | walks | lookups | clients | prices <= set(EXAMPLES)
    assert PRINTED.keys() | ANSWERED.keys() | EXTRAS.keys() <= EXAMPLES.keys()


def test_an_amended_position_ends_with_what_the_example_says(names: dict[str, Any]) -> None:
    run("positions.PositionDeals.amend", names)
    (row,) = names["capital"].positions.all().positions
    assert (row.position.trailing_stop, row.position.stop_distance) == (True, 1)


def test_a_revised_order_ends_with_what_the_example_says(names: dict[str, Any]) -> None:
    run("orders.OrderDeals.revise", names)
    (row,) = names["capital"].orders.all().working_orders
    assert row.working_order_data.order_level == 39.2


@pytest.mark.parametrize("executed", [True, False])
def test_a_lost_answer_is_resolved_as_the_example_says(executed: bool, sandbox: Sandbox, names: dict[str, Any]) -> None:
    faults = sandbox.faults
    (faults.drop_after if executed else faults.drop_before)("POST", "/positions", times=1)
    run("desk._Workflows.resolve", names)
    assert isinstance(names["deal"], Deal if executed else NotExecuted)


def test_the_fees_of_the_example_are_those_of_the_night(names: dict[str, Any]) -> None:
    run("histories.Histories.iter_transactions", names)
    assert names["fees"] < 0


def test_the_rounding_examples_say_what_comes_out(names: dict[str, Any]) -> None:
    for name in ("rules.MarketRules.round_size", "rules.MarketRules.round_price"):
        code, _, comment = EXAMPLES[name].partition("  # ")
        assert str(eval(code, names)) == comment.split(",")[0]


def test_the_workflow_of_the_example_closes_everything(names: dict[str, Any]) -> None:
    run("workflow", names)
    everything: Any = type("Everything", (Blocking,), {"close_all": names["close_all"]})(names["capital"], World())
    assert everything.close_all() == 1
    assert names["capital"].positions.all().positions == []
