"""Which refusals a call may get: what the specification lists for it, and a few more, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from .conftest import spec

COMMON = ("error.null.client.token", "error.invalid.session.token", "error.too-many.requests")
"""Codes of the specification's table of errors that every operation can give."""

_EPIC, _WATCHLIST = (404, "error.not-found.epic"), (404, "error.not-found.watchlist")
UNDOCUMENTED: Mapping[str, tuple[int, str]] = {
    # The API documents this answer to an unknown epic for markets, sentiment and watchlists; others are not known.
    "POST /api/v1/positions": _EPIC,
    "POST /api/v1/workingorders": _EPIC,
    "GET /api/v1/prices/{epic}": _EPIC,
    # What the activity says to dates that do not fit. Of the transactions it is known only that there are 400s.
    "GET /api/v1/history/transactions": (400, "error.invalid.daterange"),
    # And this one for the deletion of a watchlist.
    "PUT /api/v1/watchlists/{watchlistId}": _WATCHLIST,
    "DELETE /api/v1/watchlists/{watchlistId}/{epic}": _WATCHLIST,
    # An unknown category: nothing is documented or recorded, so it follows the pattern of the others.
    "GET /api/v1/marketnavigation/{nodeId}": (404, "error.not-found.nodeId"),
}
"""Codes that neither the documentation nor a recording has for a call, and why the sandbox gives them."""


@cache
def refusals(label: str) -> frozenset[tuple[int, str]]:
    """Status and code of every refusal that an operation, as ``GET /api/v1/ping``, may answer with."""
    operation = described(label)
    shared = [row for row in spec()["x-errors"] if row["code"] in COMMON]
    assert len(shared) == len(COMMON)
    listed = {(row["status"], row["code"]) for row in (*shared, *operation["x-errors"])}
    if label in UNDOCUMENTED:
        assert UNDOCUMENTED[label] not in listed  # documented by now: the exception is one no more
        listed.add(UNDOCUMENTED[label])
    return frozenset((*listed, *_malformed(label)))


def described(label: str) -> Any:
    """An operation in the specification."""
    method, path = label.split()
    return spec()["paths"][path][method.lower()]


def body_schema(label: str) -> str | None:
    """The name of the schema that describes what is sent."""
    content = described(label).get("requestBody", {}).get("content", {})
    return str(content["application/json"]["schema"]["$ref"]).split("/")[-1] if content else None


def _malformed(label: str) -> Iterator[tuple[int, str]]:
    """A field or a parameter that is missing or of the wrong type. The API documents such codes for some
    (``error.null.epic``, ``error.invalid.from``); the sandbox follows their pattern for the others."""
    names = [str(each["name"]) for each in described(label).get("parameters", ()) if each["in"] == "query"]
    schema = body_schema(label)
    if schema is not None:
        yield 400, "error.invalid.body"
        fields = [*spec()["components"]["schemas"][schema]["properties"]]
        yield from ((400, f"error.null.{name}") for name in fields)
        names += fields
    yield from ((400, f"error.invalid.{name}") for name in names)
