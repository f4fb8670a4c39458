"""The generated surface: every operation is there, sync and async alike, documented, with one success type."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest

from capital_api import Api, AsyncApi, models
from capital_ext import AsyncCapital, Capital

from .kit import Operation, operations

TABLE = {
    "general": ["time", "ping"],
    "session": ["encryption_key", "create", "get", "switch", "close"],
    "accounts": ["all", "preferences", "update_preferences", "top_up"],
    "history": ["activity", "transactions"],
    "positions": ["all", "get", "open", "update", "close"],
    "orders": ["all", "create", "update", "cancel"],
    "confirms": ["get"],
    "markets": ["search", "get", "categories", "category"],
    "prices": ["history"],
    "sentiment": ["all", "get"],
    "watchlists": ["all", "get", "create", "add", "remove", "delete"],
}
ERRORS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "AuthenticationError",
    404: "NotFoundError",
    429: "RateLimitError",
}

each_operation = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)


def resource(tag: str, prefix: str = "") -> type[Any]:
    found: type[Any] = getattr(importlib.import_module(f"capital_api.api.{tag}"), f"{prefix}{tag.title()}Api")
    return found


def methods(kind: type[Any]) -> dict[str, Any]:
    return {name: member for name, member in vars(kind).items() if not name.startswith("_")}


def facade(operation: Operation) -> Any:
    return methods(resource(operation.tag))[operation.name]


def async_facade(operation: Operation) -> Any:
    return methods(resource(operation.tag, "Async"))[operation.name]


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def argument_names(operation: Operation) -> dict[str, bool]:
    """The arguments that the specification asks for, and whether each must be given. Python's own words end in _."""
    given = {raw["name"]: raw.get("required", False) for raw in operation.raw.get("parameters", [])}
    required = operation.body.get("required", [])
    given |= {name: name in required for name in operation.body.get("properties", {})}
    words = {"from": "from_", "type": "type_", "max": "max_", "filter": "filter_"}
    return {words.get(name, snake(name)): needed for name, needed in given.items()}


def test_there_are_36_operations_and_they_have_their_names() -> None:
    found: dict[str, list[str]] = {}
    for operation in operations():
        found.setdefault(operation.tag, []).append(operation.name)
    assert {tag: sorted(names) for tag, names in found.items()} == {tag: sorted(names) for tag, names in TABLE.items()}
    assert len(operations()) == 36


@pytest.mark.parametrize("prefix", ["", "Async"])
def test_the_facade_has_exactly_the_operations(prefix: str) -> None:
    found = {tag: sorted(methods(resource(tag, prefix))) for tag in TABLE}
    assert found == {tag: sorted(names) for tag, names in TABLE.items()}


@pytest.mark.parametrize(("api", "client", "prefix"), [(Api, Capital, ""), (AsyncApi, AsyncCapital, "Async")])
def test_every_resource_is_a_documented_attribute_of_both_clients(api: Any, client: Any, prefix: str) -> None:
    members: dict[str, Any] = dict(api.__dict__)
    assert set(TABLE) == {name for name, member in members.items() if hasattr(member, "attrname")}
    for tag in TABLE:
        attribute = inspect.getattr_static(client, tag)
        assert attribute is members[tag]
        assert len(attribute.__doc__) > 20
        assert inspect.signature(attribute.func).return_annotation == f"{prefix}{tag.title()}Api"


@each_operation
def test_sync_and_async_are_the_same_but_for_await(operation: Operation) -> None:
    sync, asynchronous = facade(operation), async_facade(operation)
    assert inspect.signature(sync) == inspect.signature(asynchronous)
    assert sync.__doc__ == asynchronous.__doc__
    assert not inspect.iscoroutinefunction(sync)
    assert inspect.iscoroutinefunction(asynchronous)


@each_operation
def test_it_returns_one_model_and_never_none(operation: Operation) -> None:
    annotation = inspect.signature(facade(operation)).return_annotation
    assert annotation == operation.result
    assert inspect.isclass(getattr(models, annotation))


@each_operation
def test_its_arguments_are_those_of_the_specification(operation: Operation) -> None:
    parameters = dict(inspect.signature(facade(operation)).parameters)
    del parameters["self"]
    expected = argument_names(operation)
    assert set(parameters) == set(expected)
    in_path = [snake(name) for name in re.findall(r"\{(\w+)\}", operation.path)]
    for name, parameter in parameters.items():
        # What is in the path may be given by position, in its order there; all the rest only by name.
        by_position = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert by_position is (name in in_path)
        assert (parameter.default is inspect.Parameter.empty) is expected[name]
        assert parameter.default in (inspect.Parameter.empty, None)
        assert parameter.annotation.endswith("| None") is not expected[name]
        assert "Any" not in parameter.annotation
        assert "Unset" not in parameter.annotation
    assert [name for name in parameters if name in in_path] == in_path


@each_operation
def test_its_docstring_says_what_is_called_with_what_and_what_can_go_wrong(operation: Operation) -> None:
    text = inspect.getdoc(facade(operation)) or ""
    flat = " ".join(text.split())
    assert text.startswith(operation.raw["summary"].strip())
    assert " ".join(operation.raw["description"].split()) in flat
    assert f"``{operation.method} {operation.path}``" in text
    head, _, raises = text.partition("Raises:\n")
    arguments = argument_names(operation)
    assert ("\nArgs:\n" in head) is bool(arguments)
    for name in arguments:
        assert re.search(rf"^    {name}: \S.{{9}}", head, re.MULTILINE), name
    for error in operation.raw["x-errors"]:
        kind = ERRORS[error["status"]]
        when = " ".join(error["when"].split())
        assert f"{kind}: ``{error['code']}``: {when}" in " ".join(raises.split())
    assert "CapitalError: " in raises


@each_operation
def test_the_four_low_level_functions_are_there(operation: Operation) -> None:
    module = importlib.import_module(f"capital_api.api.{operation.tag}.{operation.id}")
    for name in ("sync", "sync_detailed", "asyncio", "asyncio_detailed"):
        function = getattr(module, name)
        assert inspect.iscoroutinefunction(function) is name.startswith("asyncio")
        assert inspect.signature(function).parameters["client"].kind is inspect.Parameter.KEYWORD_ONLY
    arguments = set(inspect.signature(module.sync).parameters) - {"client", "body"}
    assert arguments <= set(argument_names(operation))
