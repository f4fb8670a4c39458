"""Answers as the API gives them, old and new, against the specification and through the low-level functions.

The bodies are in ``bodies/``, one file for each tag: operationId, then a name for the case, then the body. ``2022`` is
the shape from before the vendor renamed fields, ``2026`` has every optional field. They are invented; their shapes
are what has been published and recorded.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import httpx
import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate

from capital_api import Api, Client, models
from capital_api.errors import ApiError, AuthenticationError, BadRequestError, NotFoundError, RateLimitError

HERE = Path(__file__).parent
SPEC_FILE = HERE.parents[1] / "spec" / "capital-openapi.yaml"
BODIES: dict[str, dict[str, Any]] = {
    operation_id: cases
    for file in sorted((HERE / "bodies").glob("*.json"))
    for operation_id, cases in json.loads(file.read_text(encoding="utf-8")).items()
}
CASES = [(operation_id, case) for operation_id, cases in BODIES.items() for case in cases]


@functools.cache
def spec() -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(SPEC_FILE.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


def schemas() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = spec()["components"]["schemas"]
    return found


@functools.cache
def operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation | {"method": method.upper(), "path": path}
        for path, item in spec()["paths"].items()
        for method, operation in item.items()
    }


def schema_name(operation_id: str, status: str = "200") -> str:
    response: dict[str, Any] = operations()[operation_id]["responses"][status]
    if "$ref" in response:
        response = spec()["components"]["responses"][response["$ref"].rsplit("/", 1)[-1]]
    schema: dict[str, str] = response["content"]["application/json"]["schema"]
    return schema["$ref"].rsplit("/", 1)[-1]


@functools.cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": spec()["components"]})


def problems(name: str, body: Any) -> list[str]:
    check: Any = validator(name)
    return [f"{error.json_path}: {error.message[:100]}" for error in check.iter_errors(body)]


def module_of(operation_id: str) -> Any:
    tag = operations()[operation_id]["tags"][0]
    return importlib.import_module(f"capital_api.api.{tag}.{operation_id}")


def arguments(operation_id: str) -> dict[str, Any]:
    """Something for every required argument."""
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(module_of(operation_id).sync).parameters.items():
        if parameter.default is inspect.Parameter.empty and name != "client":
            body = getattr(models, str(parameter.annotation).rsplit(".", 1)[-1].strip("'<>"), None)
            given[name] = "X" if body is None else _request(body.__name__)
    return given


def _request(name: str) -> Any:
    fitting: dict[str, Any] = {"string": "X", "number": 1, "integer": 1, "boolean": True}
    required = schemas()[name].get("required", [])
    properties = {key: _resolved(schemas()[name]["properties"][key]) for key in required}
    body = {
        key: schema["enum"][0] if "enum" in schema else fitting[schema["type"]] for key, schema in properties.items()
    }
    return getattr(models, name).from_dict(body)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return schemas()[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema


def client_for(body: object, status: int = 200, kind: str = "application/json") -> Client:
    content = json.dumps(body).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content, headers={"Content-Type": kind}))
    return Client(base_url="https://api.example.test", httpx_args={"transport": transport})


def differences(expected: Any, actual: Any, where: str = "$") -> list[str]:
    """Where ``actual`` is not what came in: another value, another type of number, a field lost or invented."""
    if type(expected) is not type(actual):
        return [f"{where}: {expected!r} became {actual!r}"]
    if isinstance(expected, dict):
        old, new = cast("dict[str, Any]", expected), cast("dict[str, Any]", actual)
        rows = [f"{where}.{key}: lost" for key in old if key not in new]
        rows += [f"{where}.{key}: invented" for key in new if key not in old]
        return rows + [row for key in old if key in new for row in differences(old[key], new[key], f"{where}.{key}")]
    if isinstance(expected, list):
        first, second = cast("Sequence[Any]", expected), cast("Sequence[Any]", actual)
        rows = [] if len(first) == len(second) else [f"{where}: {len(first)} items became {len(second)}"]
        pairs = enumerate(zip(first, second, strict=False))
        return rows + [row for at, (left, right) in pairs for row in differences(left, right, f"{where}[{at}]")]
    return [] if _spelled(expected) == _spelled(actual) else [f"{where}: {expected!r} became {actual!r}"]


def _spelled(value: Any) -> Any:
    """Seconds may be written with any number of zeros behind them: it is the same instant."""
    if isinstance(value, str) and value[4:5] == value[7:8] == "-" and "T" in value and "." in value:
        return value.rstrip("0").rstrip(".")
    return value


# --- the document


def test_the_document_is_valid_openapi() -> None:
    validate(spec())


def test_every_schema_is_valid_json_schema() -> None:
    for name, schema in schemas().items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert validator(name) is not None


# --- the recordings


def test_every_operation_has_an_old_and_a_new_body() -> None:
    assert set(BODIES) == set(operations())
    assert len(BODIES) == 36
    for operation_id, cases in BODIES.items():
        assert {"2022", "2026"} <= set(cases), operation_id


@pytest.mark.parametrize(("operation_id", "case"), CASES)
def test_it_fits_the_specification(operation_id: str, case: str) -> None:
    assert problems(schema_name(operation_id), BODIES[operation_id][case]) == []


@pytest.mark.parametrize(("operation_id", "case"), CASES)
def test_it_survives_the_round_trip(operation_id: str, case: str) -> None:
    body = BODIES[operation_id][case]
    module, given = module_of(operation_id), arguments(operation_id)
    # Logging in and out are labelled as text; the rest as JSON. The label must not matter.
    for kind in ("application/json;charset=UTF-8", "text/plain;charset=UTF-8"):
        answer = module.sync_detailed(client=client_for(body, kind=kind), **given)
        assert answer.status_code == 200
        assert type(answer.parsed).__name__ == schema_name(operation_id)
        assert differences(body, answer.parsed.to_dict()) == []
        assert problems(schema_name(operation_id), answer.parsed.to_dict()) == []
    assert module.sync(client=client_for(body), **given) == answer.parsed
    assert asyncio.run(module.asyncio(client=client_for(body), **given)) == answer.parsed


def seen_in(name: str, body: Any, found: dict[str, list[set[str]]]) -> None:
    """Note which properties every object in a body has, schema by schema."""
    schema = schemas()[name]
    if schema.get("type") != "object":
        return
    there = cast("dict[str, Any]", body)
    found.setdefault(name, []).append({key for key, value in there.items() if value is not None})
    for key, inner in schema.get("properties", {}).items():
        for value in there[key] if isinstance(there.get(key), list) else [there.get(key)]:
            reference = inner.get("$ref") or inner.get("items", {}).get("$ref")
            if reference and value is not None:
                seen_in(reference.rsplit("/", 1)[-1], value, found)
    extra = schema.get("additionalProperties", {})
    for value in there.values() if "$ref" in extra else ():
        seen_in(extra["$ref"].rsplit("/", 1)[-1], value, found)


@functools.cache
def seen() -> dict[str, list[set[str]]]:
    found: dict[str, list[set[str]]] = {}
    for operation_id, case in CASES:
        seen_in(schema_name(operation_id), BODIES[operation_id][case], found)
    return found


def answered_schemas() -> list[str]:
    """Every object schema that an answer can hold."""
    pending, found = [schema_name(operation_id) for operation_id in operations()], list[str]()
    while pending:
        name = pending.pop()
        if name in found or schemas()[name].get("type") != "object":
            continue
        found.append(name)
        text = json.dumps(schemas()[name])
        pending += [part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]]
    return sorted(found)


@pytest.mark.parametrize("name", answered_schemas())
def test_the_recordings_have_every_field_and_every_optional_one_is_missing_once(name: str) -> None:
    properties = set(schemas()[name].get("properties", {}))
    required = set(schemas()[name].get("required", []))
    objects = seen()[name]
    assert set[str]().union(*objects) >= properties
    never_missing = properties.intersection(*objects) if objects else properties
    assert never_missing <= required


def test_the_specification_refuses_what_is_wrong() -> None:
    """So that the checks above mean something."""
    body = json.loads(json.dumps(BODIES["positions_get"]["2026"]))
    body["position"]["size"] = "0.25"
    assert problems("OpenPosition", body)
    del body["position"]
    assert problems("OpenPosition", body)
    assert problems("Confirmation", BODIES["confirms_get"]["2026"] | {"dealStatus": None})


def test_the_comparison_sees_what_is_lost() -> None:
    body = {"a": 1, "b": [1.0, {"c": "2022-03-21T15:42:07.100"}]}
    assert differences(body, {"a": 1, "b": [1.0, {"c": "2022-03-21T15:42:07.1"}]}) == []
    assert differences(body, {"a": 1.0, "b": [1, {"c": "2022-03-21T15:42:07.101"}]}) == [
        "$.a: 1 became 1.0",
        "$.b[0]: 1.0 became 1",
        "$.b[1].c: '2022-03-21T15:42:07.100' became '2022-03-21T15:42:07.101'",
    ]
    assert differences(body, {"a": True, "b": [1.0]}) == ["$.a: 1 became True", "$.b: 2 items became 1"]
    assert differences(body, {"b": [1.0, {}], "x": 1}) == ["$.a: lost", "$.x: invented", "$.b[1].c: lost"]


# --- errors

KINDS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    404: NotFoundError,
    429: RateLimitError,
}
ERRORS = [
    (operation_id, error["status"], error["code"])
    for operation_id, operation in operations().items()
    for error in [*operation["x-errors"], *spec()["x-errors"]]
]


@pytest.mark.parametrize(("operation_id", "status", "code"), ERRORS)
def test_a_documented_error_is_typed_at_both_levels(operation_id: str, status: int, code: str) -> None:
    bounded = code.endswith(("minvalue", "maxvalue"))
    body = {"errorCode": f"{code}: 17.146" if bounded else code}
    assert problems(schema_name(operation_id, "default"), body) == []
    given = arguments(operation_id)
    answer = module_of(operation_id).sync_detailed(client=client_for(body, status), **given)
    assert answer.status_code == status
    assert answer.parsed == models.ErrorBody(error_code=body["errorCode"])
    assert answer.parsed.to_dict() == body

    tag = operations()[operation_id]["tags"][0]
    method = getattr(getattr(Api(client_for(body, status)), tag), operation_id.removeprefix(f"{tag}_"))
    if "body" in given:
        request: dict[str, Any] = given.pop("body").to_dict()
        given |= {_facade_name(key): value for key, value in request.items()}
    with pytest.raises(KINDS[status]) as caught:
        method(**given)
    assert caught.value.error_code == code
    assert caught.value.value == (17.146 if bounded else None)
    assert caught.value.executed is False
    assert (caught.value.method, caught.value.status_code) == (operations()[operation_id]["method"], status)


def _facade_name(key: str) -> str:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)
    return f"{snake}_" if snake in ("type", "filter", "max", "from") else snake
