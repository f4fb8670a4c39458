"""The sandbox against its specification: whatever can be sent, every answer is one that the document describes.

Requests are made up from the schemas, valid ones and invalid ones, and sent to a running sandbox with the tokens
of a real session. What comes back has to have a documented status and shape, and is never a 5xx.
"""

from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from capital_sandbox import Limits, ManualClock, Sandbox

from .conftest import spec

schemathesis = pytest.importorskip("schemathesis", reason="checked on the Python that has the development tools")
EXAMPLES = 30


def with_naive_times(node: Any) -> Any:
    """The document with its times as they are on the wire. The format ``date-time`` stands for times with a zone
    and is the nearest that OpenAPI has; here the real shape is checked in its place, and nothing else is changed."""
    if isinstance(node, list):
        return list(map(with_naive_times, cast("Any", node)))
    if not isinstance(node, dict):
        return node
    content = {key: with_naive_times(value) for key, value in cast("dict[str, Any]", node).items()}
    if content.get("format") == "date-time":
        del content["format"]
        content["pattern"] = r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$"
    return content


SCHEMA: Any = schemathesis.openapi.from_dict(with_naive_times(spec()))
VALID, INVALID = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
OPERATIONS: list[Any] = [each.ok() for each in SCHEMA.get_all_operations()]
# What takes no input, or any text at all in its path, has no invalid one.
CASES: list[Any] = [
    *((operation, VALID) for operation in OPERATIONS),
    *((operation, INVALID) for operation in OPERATIONS if operation.body or operation.query),
]
CHECKS: list[Any] = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.CHECKS.get_one("status_code_conformance"),
    schemathesis.checks.CHECKS.get_one("response_headers_conformance"),
    schemathesis.checks.CHECKS.get_one("response_schema_conformance"),
]


class Customer:
    """A session on a running sandbox, made anew when it is gone."""

    def __init__(self, sandbox: Sandbox, url: str) -> None:
        self.sandbox = sandbox
        self.url = url
        self.http = httpx.Client(base_url=url)
        self.ids: dict[str, list[str]] = {}
        self.tokens: dict[str, str] = {}
        self.login()

    def login(self) -> None:
        """A session, and something of everything that has an id."""
        mine = self.sandbox.credentials
        body = {"identifier": mine.identifier, "password": mine.password}
        answer = self.http.post("/api/v1/session", json=body, headers={"X-CAP-API-KEY": mine.api_key})
        self.keep(answer)
        order: dict[str, object] = {"epic": "SILVER", "direction": "BUY", "size": 1}
        opened = self.http.post("/api/v1/positions", json=order, headers=self.tokens).json()["dealReference"]
        self.http.post("/api/v1/workingorders", json=order | {"type": "LIMIT", "level": 20}, headers=self.tokens)
        epics = ["SILVER", "BRK.B", "CL.N26", "7203"]
        named = {"name": "one", "epics": epics}
        listed = self.http.post("/api/v1/watchlists", json=named, headers=self.tokens).json()
        positions = self.http.get("/api/v1/positions", headers=self.tokens).json()["positions"]
        orders = self.http.get("/api/v1/workingorders", headers=self.tokens).json()["workingOrders"]
        deals = [row["position"]["dealId"] for row in positions[-3:]]
        self.ids = {
            "dealId": [*deals, *(row["workingOrderData"]["dealId"] for row in orders[-3:])],
            "dealReference": [opened],
            "epic": epics,
            "marketId": ["GOLD"],
            "nodeId": ["hierarchy_v1.commons_group", "hierarchy_v1.commons.most_traded"],
            "watchlistId": [listed["watchlistId"]],
            "accountId": list(self.sandbox.world.customers[mine.api_key].accounts),
        }

    def keep(self, answer: Any) -> None:
        """The newest tokens."""
        for name in ("CST", "X-SECURITY-TOKEN"):
            if name in answer.headers:
                self.tokens[name] = answer.headers[name]

    def refresh(self) -> None:
        """Log in again if the session is gone."""
        if self.http.get("/api/v1/ping", headers=self.tokens).status_code != 200:
            self.login()


@pytest.fixture(scope="module")
def customer() -> Iterator[Customer]:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with sandbox.serve() as server:
        customer = Customer(sandbox, server.url)
        yield customer
        customer.http.close()


@pytest.mark.parametrize(
    ("operation", "mode"), CASES, ids=[f"{operation.label} {mode.value}" for operation, mode in CASES]
)
def test_every_answer_is_documented(customer: Customer, operation: Any, mode: Any) -> None:
    ends_sessions = operation.label in ("DELETE /api/v1/session", "PUT /api/v1/session")
    customer.refresh()

    @seed(20260610)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(data=st.data(), case=operation.as_strategy(generation_mode=mode))
    def send(data: st.DataObject, case: Any) -> None:
        # Ids that exist are not found by chance.
        for part in (case.path_parameters, case.body):
            given_names = cast("dict[str, Any]", part) if isinstance(part, dict) else {}
            for name in customer.ids.keys() & given_names.keys():
                if isinstance(given_names[name], str) and data.draw(st.booleans()):
                    given_names[name] = data.draw(st.sampled_from(customer.ids[name]))
        headers = {"X-CAP-API-KEY": customer.sandbox.credentials.api_key, **customer.tokens}
        if operation.label == "POST /api/v1/session":
            headers = {"X-CAP-API-KEY": customer.sandbox.credentials.api_key}
        answer = case.call(base_url=customer.url, headers=headers)
        if answer.status_code == 200 or ends_sessions:
            customer.keep(answer)
        case.validate_response(answer, checks=CHECKS)
        if ends_sessions:
            customer.refresh()

    send()


def test_all_operations_are_sent() -> None:
    assert len(OPERATIONS) == 36
