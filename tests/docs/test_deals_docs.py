"""The examples in the docstrings of `deals` run as they stand there, against a sandbox."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from capital_ext import Capital, Deal, NotExecuted, OutcomeUnknownError
from capital_ext.deals import Deals
from capital_sandbox import Sandbox

pytest_plugins = ["capital_sandbox.pytest_plugin"]

METHODS = ("open", "close", "amend", "place", "revise", "cancel", "resolve")


def code_of(method: str) -> str:
    """Every line that is indented further than its paragraph."""
    lines = (getattr(Deals, method).__doc__ or "").split("Args:")[0].splitlines()[1:]
    return dedent("\n".join(line for line in lines if line.startswith(" " * 12)))


@pytest.fixture
def names(capital: Capital) -> dict[str, Any]:
    silver = capital.markets.get("SILVER").snapshot
    assert float(str(silver.bid)) > 42
    deal = capital.deals.open("SILVER", "BUY", 10, stop_level=38, profit_level=80)
    order = capital.deals.place("SILVER", "BUY", 10, 39, "LIMIT")
    return {"capital": capital, "deal": deal, "order": order, "OutcomeUnknownError": OutcomeUnknownError}


@pytest.mark.parametrize("method", [method for method in METHODS if code_of(method)])
def test_the_examples_run(method: str, names: dict[str, Any]) -> None:
    code = code_of(method)
    if method == "close":
        code = "profit = " + code.split("profit = ")[1]
    exec(compile(code, f"Deals.{method}", "exec"), names)
    if method == "close":
        assert isinstance(names["profit"], float)


def test_there_is_an_example_for_all_that_need_one() -> None:
    assert {method for method in METHODS if code_of(method)} == set(METHODS) - {"cancel"}


def test_the_example_of_resolve_ends_in_a_verdict(capital_sandbox: Sandbox, names: dict[str, Any]) -> None:
    for executed in (True, False):
        fault = capital_sandbox.faults.drop_after if executed else capital_sandbox.faults.drop_before
        fault("POST", "/positions", times=1)
        exec(code_of("resolve"), names)
        assert isinstance(names["deal"], Deal if executed else NotExecuted)
