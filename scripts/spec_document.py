"""Writes the OpenAPI document for machines: as a Jinja module, so that the templates see what the generator's parser
drops, or as JSON, which travels in the package.

usage: python scripts/spec_document.py jinja|json SPEC
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "post", "put", "delete", "patch")


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its id, with its method, its path and its parameters by name."""
    found: dict[str, dict[str, Any]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                resolved = [resolve(document, parameter) for parameter in parameters]
                found[operation["operationId"]] = {
                    "method": method,
                    "path": path,
                    "operation": operation,
                    "parameters": {p["name"]: {**p, **described(p)} for p in resolved},
                }
    return found


def described(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter's description may stand in its schema, where the generator looks for it, or beside it."""
    return {"description": parameter.get("description") or parameter["schema"].get("description", "")}


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """The component that a reference names; anything else as it is."""
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def main() -> None:
    form, path = sys.argv[1:]
    document = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    if form == "json":
        print(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
        return
    # A Python literal of strings, numbers, lists and dicts is a Jinja literal as well.
    print("{% set document =", ascii(document), "%}")
    print("{% set operations =", ascii(operations(document)), "%}")
    print("{% set generator_version =", ascii(version("openapi-python-client")), "%}")


if __name__ == "__main__":
    main()
