"""The sandbox against its specification: whatever can be sent, every answer is one that the document describes.

Requests are made up from the schemas, valid ones and invalid ones, and sent to a running sandbox with the tokens
of a real session. What comes back has to have a documented shape and media type, or to be a refusal that the
specification lists for this very operation, and is never a 5xx. What is invalid is refused.

``PROBE_EXAMPLES=500 PROBE_SEED=7 pytest tests/sandbox/test_schemathesis.py`` looks longer and elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import ValidationError

from capital_sandbox import Limits, ManualClock, Request, Response, Sandbox
from capital_sandbox.dealing import Dealing
from capital_sandbox.messages import Fields

from .refusals import UNDOCUMENTED, described, refusals

pytest.importorskip("schemathesis", reason="checked on the Python that has the development tools")

from schemathesis.core.failures import FailureGroup

from .probing import OPERATIONS, Customer

ORDERS = (
    "POST /api/v1/positions",
    "PUT /api/v1/positions/{dealId}",
    "POST /api/v1/workingorders",
    "PUT /api/v1/workingorders/{dealId}",
)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with sandbox.serve() as server:
        yield sandbox, server.url


@pytest.fixture
def customer(served: tuple[Sandbox, str]) -> Iterator[Customer]:
    customer = Customer(*served)
    yield customer
    customer.close()


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_documented(customer: Customer, label: str) -> None:
    operation = OPERATIONS[label]
    assert customer.probe(operation) > 1
    assert 200 in customer.statuses
    assert operation.body or operation.path_parameters or operation.query or customer.statuses <= {200, 404}
    assert customer.statuses & {400, 404} or not described(label)["x-errors"]


@pytest.mark.parametrize("label", ORDERS)
def test_odd_numbers_in_orders(customer: Customer, served: tuple[Sandbox, str], label: str) -> None:
    assert customer.probe_orders(label) > 200
    customer.look_around()
    for _ in range(3):
        served[0].clock.advance(500)
        customer.refresh()
        customer.look_around()


def test_all_operations_are_sent() -> None:
    assert len(OPERATIONS) == 36
    assert UNDOCUMENTED.keys() < OPERATIONS.keys()
    assert all(refusals(label) for label in OPERATIONS)


# --- that it would be noticed ---------------------------------------------------------------------------------


Change = dict[str, Any]
"""Status, media type and body of an answer, as far as they become others."""


def broken(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, change: Change, *, success: bool) -> None:
    """Have every success changed, or every refusal."""
    right = sandbox.handle

    def handle(request: Request) -> Response:
        response = right(request)
        if (response.status == 200) is not success:
            return response
        headers = {**response.headers, "Content-Type": change.get("type", response.headers["Content-Type"])}
        old, new = change.get("body", (b"", b""))
        return Response(change.get("status", response.status), headers, response.body.replace(old, new))

    monkeypatch.setattr(sandbox, "handle", handle)


def noticed(attempt: Callable[[], object]) -> None:
    with pytest.raises((AssertionError, ValidationError, FailureGroup)):
        attempt()


@pytest.mark.parametrize(
    ("success", "change"),
    [
        (False, {"status": 418}),
        (False, {"status": 409}),
        (False, {"body": (b"error.", b"error.banana.")}),
        (False, {"body": (b"not-found.epic", b"not-found.dealReference")}),
        (False, {"body": (b"errorCode", b"error")}),
        (False, {"type": "text/html"}),
        (True, {"status": 201}),
        (True, {"type": "application/xml"}),
        (True, {"body": (b'"epic":', b'"epik":')}),
    ],
    ids=str,
)
def test_a_wrong_answer_is_noticed(
    monkeypatch: pytest.MonkeyPatch, customer: Customer, served: tuple[Sandbox, str], success: bool, change: Change
) -> None:
    broken(monkeypatch, served[0], change, success=success)
    noticed(lambda: customer.probe_edges(OPERATIONS["GET /api/v1/markets/{epic}"]))


@pytest.mark.parametrize("change", [{"type": "text/html"}, {"body": (b"clientId", b"client")}], ids=str)
def test_a_wrong_login_is_noticed(
    monkeypatch: pytest.MonkeyPatch, customer: Customer, served: tuple[Sandbox, str], change: Change
) -> None:
    broken(monkeypatch, served[0], change, success=True)
    noticed(lambda: customer.probe_edges(OPERATIONS["POST /api/v1/session"]))


@pytest.mark.parametrize("label", ["POST /api/v1/watchlists", "PUT /api/v1/session", "POST /api/v1/positions"])
def test_a_number_accepted_as_a_text_is_noticed(
    monkeypatch: pytest.MonkeyPatch, customer: Customer, label: str
) -> None:
    def lenient(fields: Fields, name: str, default: str | None = None) -> str:
        found = {"name": "x", "epic": "GOLD", "direction": "BUY", "accountId": customer.accounts[-1]}.get(name, "")
        value: Any = fields._content.get(name, default)  # pyright: ignore[reportPrivateUsage]
        return value if isinstance(value, str) and value else found

    monkeypatch.setattr(Fields, "text", lenient)
    noticed(lambda: customer.probe_edges(OPERATIONS[label]))


@pytest.mark.parametrize("size", [-6, 4])
def test_a_crash_at_one_number_is_noticed(monkeypatch: pytest.MonkeyPatch, customer: Customer, size: int) -> None:
    right = Dealing.open

    def fragile(*arguments: Any) -> str:
        if arguments[4] == size:
            raise ZeroDivisionError
        return right(*arguments)

    monkeypatch.setattr(Dealing, "open", fragile)
    noticed(lambda: customer.probe_orders("POST /api/v1/positions"))
