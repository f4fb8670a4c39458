"""The examples in the docstrings run, as they stand there."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import Any

import pytest

from capital_ext.active_account import ActiveAccount
from capital_ext.deal_problems import Proposal, find_problems
from capital_ext.hours import TradingHours
from capital_ext.keep_alive import StayingAlive
from capital_ext.market_lookup import MarketLookup
from capital_ext.market_rules import MarketRules

from .clients import new_sandbox, side_on

EXAMPLES: dict[str, tuple[Any, list[str]]] = {
    "hours": (TradingHours, []),
    "round_size": (MarketRules.round_size, []),
    "round_price": (MarketRules.round_price, []),
    "find_problems": (find_problems, ["size: 0.33 is below the minimum of 1", "stop_distance: the stop is too far:"]),
    "market": (inspect.getattr_static(MarketLookup, "market"), []),
    "load_markets": (inspect.getattr_static(MarketLookup, "load_markets"), ["32", "('SILVR',)"]),
    "find": (inspect.getattr_static(MarketLookup, "find"), ["SILVER Silver"]),
    "iter_markets": (inspect.getattr_static(MarketLookup, "iter_markets"), ["GOLD Gold"]),
    "use_account": (inspect.getattr_static(ActiveAccount, "use_account"), ["5000"]),
    "keep_alive": (inspect.getattr_static(StayingAlive, "keep_alive"), ["True"]),
}


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    subject, expected = EXAMPLES[name]
    before_arguments = re.split(r"\n(?:Args|Returns|Raises):", inspect.getdoc(subject) or "")[0]
    examples = re.findall(r"\n\n((?:    .*(?:\n|$)|\n)+)", before_arguments)
    assert examples
    with side_on("sync", new_sandbox()) as side:
        gold = side.capital.market("GOLD")
        known: dict[str, Any] = {
            "capital": side.capital,
            "now": side.sandbox.clock.now(),
            "rules": side.capital.market("SILVER").rules,
            "find_problems": find_problems,
            "Proposal": Proposal,
        }
        for example in examples:
            exec(textwrap.dedent(example), known)
        assert gold.is_open()
    printed = capsys.readouterr().out
    for text in expected:
        assert text in printed
