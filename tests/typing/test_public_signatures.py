"""No public signature of ``capital_ext`` says Any: an editor always has something to show."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

import capital_ext
from capital_api import Api
from capital_ext import AsyncCapital, Capital
from capital_ext.active_account import AccountInUse, AccountSwitch
from capital_ext.by_side import by_side
from capital_ext.deals import AsyncDeals, Deals
from capital_ext.deals.problems import Problem, Proposal
from capital_ext.history.candle import Candle, Ohlc
from capital_ext.keep_alive import AsyncKeepAlive, KeepAlive
from capital_ext.markets.hours import TradingHours
from capital_ext.markets.rules import Distance, MarketRules
from capital_ext.markets.sheet import MarketSheet, MarketSheets
from capital_ext.rows import AsyncRows, Rows, walk
from capital_ext.workflow import workflow

PUBLIC = [name for name in capital_ext.__all__ if name not in ("UNSET", "Unset", "models")]
# What the clients hand out without its being exported.
HANDED_OUT = [
    *(AccountInUse, AccountSwitch, AsyncKeepAlive, KeepAlive, Candle, Ohlc, Deals, AsyncDeals, Problem, Proposal),
    *(TradingHours, MarketRules, Distance, MarketSheet, MarketSheets, Rows, AsyncRows),
]
SUBJECTS: dict[str, Any] = {
    **{name: getattr(capital_ext, name) for name in PUBLIC},
    **{kind.__name__: kind for kind in HANDED_OUT},
}
# What httpx asks of an auth flow, and what Python asks of pickling: nobody calls these by hand.
SPECIAL = {"__init__", "__enter__", "__aenter__"}
CALLED_BY_OTHERS = {"sync_auth_flow", "async_auth_flow", "__reduce__"}
TAGS = [name for name, member in vars(Api).items() if hasattr(member, "attrname")]


def signature_of(name: str, member: Any) -> Iterator[tuple[str, object]]:
    """Every annotation of a function, a property or a class, as it stands in the source."""
    member = getattr(member, "__func__", member)  # of a class method
    member = getattr(member, "__wrapped__", member)  # of a workflow or a walk
    member = getattr(member, "_blocking", member)  # of one that differs from side to side
    if isinstance(member, property):
        member = member.fget
    if hasattr(member, "attrname"):  # a cached property
        member = member.func
    if inspect.isclass(member):
        for key, value in inspect.get_annotations(member).items():
            if not key.startswith("_"):
                yield f"{name}.{key}", value
        own: dict[str, Any] = dict(vars(member))
        for key, inner in own.items():
            if (not key.startswith("_") or key in SPECIAL) and key not in CALLED_BY_OTHERS:
                yield from signature_of(f"{name}.{key}", inner)
        for base in member.__bases__:
            if base.__module__.startswith("capital_ext"):
                yield from signature_of(name, base)
    elif inspect.isfunction(member) and not getattr(member, "__attrs_post_init__", False):
        signature = inspect.signature(member)
        for key, parameter in signature.parameters.items():
            if key not in ("self", "cls"):
                yield f"{name}({key})", parameter.annotation
        yield f"{name} ->", signature.return_annotation


def names_in(annotation: object) -> set[str]:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", repr(annotation))
    return {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("name", SUBJECTS)
def test_no_public_signature_says_any(name: str) -> None:
    checked = list(signature_of(name, SUBJECTS[name]))
    for where, annotation in checked:
        assert annotation is not inspect.Parameter.empty, where
        assert "Any" not in names_in(annotation), where


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_no_operation_says_any(tag: str, prefix: str) -> None:
    kind = getattr(importlib.import_module(f"capital_api.api.{tag}"), f"{prefix}{tag.title()}Api")
    checked = [row for row in signature_of(kind.__name__, kind) if "__init__" not in row[0]]
    assert checked
    for where, annotation in checked:
        assert annotation is not inspect.Parameter.empty, where
        assert not names_in(annotation) & {"Any", "object", "Unset"}, where


def test_this_looks_everywhere() -> None:
    seen = {where for name, subject in SUBJECTS.items() for where, _ in signature_of(name, subject)}
    assert {"Capital.__init__(transport)", "Capital.close(log_out)", "AsyncCapital.__aenter__ ->"} <= seen
    assert {"ApiError.__init__(value)", "CapitalAuth.account_id ->", "Credentials.from_env(environ)"} <= seen
    assert {"encrypt_password(timestamp)", "Retries.attempts", "CapitalError.executed"} <= seen
    assert {"Deals.open(stop_level)", "AsyncCapital.candles(after)", "Capital.use_account(id_or_name)"} <= seen
    assert {"Capital.market ->", "Capital.keep_alive(every)", "AsyncRows.to_parquet(path)"} <= seen
    assert len(TAGS) == 11
    assert set(TAGS) <= set(dir(Capital)) & set(dir(AsyncCapital))


def members_of(subject: object) -> Iterator[tuple[str, Any]]:
    """What is public in a class and in its bases of this library."""
    for kind in subject.__mro__ if inspect.isclass(subject) else ():
        if kind.__module__.startswith("capital_ext"):
            yield from ((key, inner) for key, inner in vars(kind).items() if not key.startswith("_"))


def test_everything_public_has_a_docstring() -> None:
    for name, subject in SUBJECTS.items():
        assert len(inspect.getdoc(subject) or "") > 30, name
        for key, inner in members_of(subject):
            if inspect.isfunction(inner) or isinstance(inner, property) or is_written_once(inner):
                assert inner.__doc__, f"{name}.{key}"


def is_written_once(member: object) -> bool:
    """Whether it is a method that is written once for both clients."""
    return isinstance(member, workflow | walk | by_side)


def test_every_argument_of_what_takes_several_calls_is_described() -> None:
    found = 0
    for name in ("Capital", "Deals"):
        for key, member in members_of(SUBJECTS[name]):
            if is_written_once(member):
                found += 1
                function = getattr(member, "__wrapped__", getattr(member, "_blocking", None))
                assert function is not None
                described = set(re.findall(r"^ +(\w+): ", function.__doc__ or "", re.MULTILINE))
                assert set(list(inspect.signature(function).parameters)[1:]) <= described, f"{name}.{key}"
                assert "Calls" in function.__doc__, f"{name}.{key}"
                assert "Raises:" in function.__doc__, f"{name}.{key}"
    assert found > 15


def test_the_types_of_the_answers_can_be_imported_from_where_the_documentation_says() -> None:
    assert "``capital_ext.models``" in (capital_ext.__doc__ or "")
    assert importlib.import_module("capital_ext.models").Direction is capital_ext.models.Direction


def test_the_packages_are_marked_as_typed() -> None:
    from importlib.resources import files

    for package in ("capital_ext", "capital_api", "capital_sandbox"):
        assert (files(package) / "py.typed").is_file()
