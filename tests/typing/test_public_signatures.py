"""No public signature of ``capital_ext`` says Any: an editor always has something to show."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import capital_ext
from capital_api import Api
from capital_ext import AsyncCapital, Capital

PUBLIC = [name for name in capital_ext.__all__ if name not in ("UNSET", "Unset", "models")]
# What httpx asks of an auth flow, and what Python asks of pickling: nobody calls these by hand.
SPECIAL = {"__init__", "__enter__", "__aenter__"}
CALLED_BY_OTHERS = {"sync_auth_flow", "async_auth_flow", "__reduce__"}
TAGS = [name for name, member in vars(Api).items() if hasattr(member, "attrname")]


def signature_of(name: str, member: Any) -> Iterator[tuple[str, object]]:
    """Every annotation of a function, a property or a class, as it stands in the source."""
    member = getattr(member, "__func__", member)  # of a class method
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


@pytest.mark.parametrize("name", PUBLIC)
def test_no_public_signature_says_any(name: str) -> None:
    checked = list(signature_of(name, getattr(capital_ext, name)))
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
    seen = {where for name in PUBLIC for where, _ in signature_of(name, getattr(capital_ext, name))}
    assert {"Capital.__init__(transport)", "Capital.close(log_out)", "AsyncCapital.__aenter__ ->"} <= seen
    assert {"ApiError.__init__(value)", "CapitalAuth.account_id ->", "Credentials.from_env(environ)"} <= seen
    assert {"encrypt_password(timestamp)", "Retries.attempts", "CapitalError.executed"} <= seen
    assert len(TAGS) == 11
    assert set(TAGS) <= set(dir(Capital)) & set(dir(AsyncCapital))


def test_everything_public_has_a_docstring() -> None:
    for name in PUBLIC:
        member = getattr(capital_ext, name)
        assert len(inspect.getdoc(member) or "") > 30, name
        own: dict[str, Any] = dict(vars(member)) if inspect.isclass(member) else {}
        for key, inner in own.items():
            if not key.startswith("_") and (inspect.isfunction(inner) or isinstance(inner, property)):
                described: str | None = inspect.getdoc(inner)
                assert described, f"{name}.{key}"


def test_the_types_of_the_answers_can_be_imported_from_where_the_documentation_says() -> None:
    assert "``capital_ext.models``" in (capital_ext.__doc__ or "")
    assert importlib.import_module("capital_ext.models").Direction is capital_ext.models.Direction


def test_the_packages_are_marked_as_typed() -> None:
    from importlib.resources import files

    for package in ("capital_ext", "capital_api", "capital_sandbox"):
        assert (files(package) / "py.typed").is_file()
