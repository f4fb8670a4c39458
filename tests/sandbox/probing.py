"""Sending requests that schemathesis made up to a running sandbox, and judging what comes back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import httpx
import jsonschema
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks, openapi

from capital_sandbox import Credentials, Sandbox

from .conftest import spec, validator
from .refusals import body_schema, described, refusals

EXAMPLES = int(os.environ.get("PROBE_EXAMPLES", "20"))
SEED = int(os.environ.get("PROBE_SEED", "20260610"))
"""The same requests at every run, so that a red one tells of a change; other numbers look elsewhere."""

TEXT_PLAIN = ("POST /api/v1/session", "DELETE /api/v1/session")
"""Their successes are JSON under this label, on the real service too: the specification says so in words."""


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


SCHEMA: Any = openapi.from_dict(with_naive_times(spec()))
VALID, INVALID = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
OPERATIONS: dict[str, Any] = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}

_check = cast("Callable[[str], Any]", checks.CHECKS.get_one)  # pyright: ignore[reportUnknownMemberType]
CHECKS: list[Any] = [
    _check("not_a_server_error"),
    _check("status_code_conformance"),
    _check("response_headers_conformance"),
    _check("response_schema_conformance"),
]
REJECTION = _check("negative_data_rejection")


NUMBERS: list[Any] = [
    *range(-9, 10),
    *(0.5, -0.5, 0.1 + 0.2, 1.005, -0.0, 15.5, 55, 55.98, 56, 1e-5, 1e-12, 5e-324, 1e-400),
    *(10_000, 1e6, 99_999_999.99, 2**53 + 1, 1e12, 1e13, 10**30, 1e300, -1e300, -(10**12)),
    *("1", "", True, [1], {"value": 1}),
]
"""What is sent where a number belongs; silver costs about 56."""
PLAUSIBLE: list[Any] = [0.01, 0.5, 1, 2, 3.7, 15, 40, 50, 54, 55.9, 56.1, 58, 70, 90, 250, 5000]
"""Numbers that may well go together."""


def numbers(label: str) -> Iterator[str]:
    """The fields of a body that are numbers."""
    schema = spec()["components"]["schemas"][body_schema(label)]
    yield from (name for name, field in schema["properties"].items() if field.get("type") == "number")


class Customer:
    """A login of its own on a running sandbox, with something of everything that has an id."""

    def __init__(self, sandbox: Sandbox, url: str) -> None:
        number = len(sandbox.world.customers)
        self.credentials = Credentials(f"key-{number}", f"{number}@example.com", "secret")
        self.accounts = [*sandbox.add_customer(self.credentials).accounts]
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/api/v1")
        self.session = requests.Session()
        self.ids: dict[str, list[str]] = {}
        self.tokens: dict[str, str] = {}
        self.statuses: set[int] = set()
        """All that were seen: where one is not among them, nothing was said about answers with it."""
        self.login()

    def login(self) -> None:
        """A session, and new ids."""
        mine, send = self.credentials, self.http.post
        body = {"identifier": mine.identifier, "password": mine.password}
        self.keep(send("session", json=body, headers={"X-CAP-API-KEY": mine.api_key}))
        order: dict[str, object] = {"epic": "SILVER", "direction": "BUY", "size": 1}
        opened = send("positions", json=order, headers=self.tokens).json()["dealReference"]
        send("workingorders", json=order | {"type": "LIMIT", "level": 20}, headers=self.tokens)
        epics = ["SILVER", "BRK.B", "CL.N26", "7203"]
        listed = send("watchlists", json={"name": "one", "epics": epics}, headers=self.tokens).json()
        positions = self.http.get("positions", headers=self.tokens).json()["positions"]
        orders = self.http.get("workingorders", headers=self.tokens).json()["workingOrders"]
        self.ids = {
            "dealId": [row["position"]["dealId"] for row in positions[-3:]]
            + [row["workingOrderData"]["dealId"] for row in orders[-3:]],
            "dealReference": [opened],
            "epic": epics,
            "marketId": ["GOLD"],
            "nodeId": ["hierarchy_v1.commons_group", "hierarchy_v1.commons.most_traded"],
            "watchlistId": [listed["watchlistId"]],
            "accountId": self.accounts,
            "identifier": [mine.identifier],
            "password": [mine.password],
        }

    def keep(self, answer: Any) -> None:
        """The newest tokens."""
        for name in ("CST", "X-SECURITY-TOKEN"):
            if name in answer.headers:
                self.tokens[name] = answer.headers[name]

    def refresh(self) -> None:
        """Log in again if the session is gone."""
        if self.http.get("ping", headers=self.tokens).status_code != 200:
            self.login()

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()
        self.session.close()

    def try_out(self, case: Any) -> None:
        """Send a request and judge the answer."""
        label: str = case.operation.label
        headers = {"X-CAP-API-KEY": self.credentials.api_key}
        if label != "POST /api/v1/session":
            headers |= self.tokens
        answer = case.call(base_url=self.url, headers=headers, session=self.session)
        ends_session = label in ("DELETE /api/v1/session", "PUT /api/v1/session")
        if answer.status_code == 200 or ends_session:
            self.keep(answer)
        judge(case, answer)
        self.statuses.add(answer.status_code)
        if ends_session:
            self.refresh()

    def probe(self, operation: Any) -> int:
        """Try everything that schemathesis has for an operation; returns how many requests that were."""
        return self.probe_edges(operation) + self.probe_at_random(operation)

    def probe_orders(self, label: str) -> int:
        """Orders that are right but for their numbers, which are odd one at a time, then together."""
        operation, [count, names] = OPERATIONS[label], (0, [*numbers(label)])
        for name in names:
            for number in NUMBERS:
                count += 1
                self.order(operation, count, {name: number})

        @given(st.dictionaries(st.sampled_from(names), st.sampled_from(PLAUSIBLE), min_size=1), st.integers(0, 11))
        def send(odd: dict[str, Any], turn: int) -> None:
            self.order(operation, turn, odd)

        many(send, 3 * EXAMPLES)()
        return count + 3 * EXAMPLES

    def order(self, operation: Any, turn: int, odd: dict[str, Any]) -> None:
        """One order; the turn says in which direction, of which type, and with which kind of stop."""
        body: dict[str, Any] = {}
        if operation.label.startswith("POST"):
            body = {"epic": "SILVER", "direction": ("BUY", "SELL")[turn % 2], "size": 1}
            if "workingorders" in operation.label:
                body |= {"type": ("LIMIT", "STOP")[turn // 2 % 2], "level": (20, 90)[turn // 4 % 2]}
        body |= odd | ({}, {"trailingStop": True}, {"guaranteedStop": True})[turn % 3]
        deals = self.ids["dealId"]
        path = {"dealId": deals[turn % len(deals)]} if "{dealId}" in operation.label else {}
        self.try_out(operation.Case(body=body, path_parameters=path, media_type="application/json"))

    def look_around(self) -> None:
        """Read everything that orders leave behind: nothing of it may have been spoilt."""
        for path in ("positions", "workingorders", "accounts", "history/activity", "history/transactions"):
            answer = self.http.get(path, headers=self.tokens)
            assert answer.status_code == 200, answer.text
            schema = described(f"GET /api/v1/{path}")["responses"]["200"]["content"]["application/json"]["schema"]
            validator(schema["$ref"].split("/")[-1])(answer.json())

    def probe_edges(self, operation: Any) -> int:
        """Each value of each field at and beyond its bounds, one at a time."""
        count, example = 0, None
        config = SCHEMA.config.generation_for(operation=operation, phase="coverage")
        for case in SCHEMA.iter_coverage_cases(operation, generation_modes=[VALID, INVALID], generation_config=config):
            count += 1
            for name, known in self.ids.items():
                if count % 2 and case.meta.generation.mode == VALID and name in (case.path_parameters or ()):
                    case.path_parameters[name] = known[count % len(known)]
            body = fields_of(case)
            self.try_out(case)
            if body is not None:
                example = body if example is None else example
                self.try_out(self.sharpened(operation, body, example, count))
        return count

    def sharpened(self, operation: Any, body: Mapping[str, Any], example: Mapping[str, Any], turn: int) -> Any:
        """A request with what is peculiar about a body, and nothing else that could be the reason of a refusal: what
        may be left out is, as an example with all its fields has three kinds of stops, and ids exist."""
        known = {name: values[turn % len(values)] for name, values in self.ids.items()}
        required = spec()["components"]["schemas"][body_schema(operation.label)].get("required", ())
        peculiar = {name: value for name, value in body.items() if name not in example or value != example[name]}
        usual = {name: known.get(name, example[name]) for name in required if name in body}
        path = {each.name: known[each.name] for each in operation.path_parameters}
        return operation.Case(body=usual | peculiar, path_parameters=path, media_type="application/json")

    def probe_at_random(self, operation: Any) -> int:
        """Random values in all fields at once, and ids that exist among them, for they are not found by chance."""
        # What takes no input, or any text at all in its path, has no invalid one.
        modes = [VALID, INVALID] if operation.body or operation.query else [VALID]
        count = 0

        def send(data: st.DataObject, case: Any) -> None:
            nonlocal count
            # What was made invalid stays so.
            for part in (case.path_parameters, case.body) if case.meta.generation.mode == VALID else ():
                named = cast("dict[str, Any]", part) if isinstance(part, dict) else {}
                for name in self.ids.keys() & named.keys():
                    if isinstance(named[name], str) and data.draw(st.booleans()):
                        named[name] = data.draw(st.sampled_from(self.ids[name]))
            self.try_out(case)
            count += 1

        for mode in modes:
            many(given(data=st.data(), case=operation.as_strategy(generation_mode=mode))(send))()
        return count


def many(test: Callable[..., None], examples: int = EXAMPLES) -> Callable[[], None]:
    """A property as it is tested here: always the same examples, and no time lost with making a failure smaller."""
    configured = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    return cast("Callable[[], None]", seed(SEED)(configured(test)))


def judge(case: Any, answer: Any) -> None:
    """Hold an answer against the document: what schemathesis looks at, and what it cannot know."""
    label: str = case.operation.label
    kind = answer.headers["content-type"][0].split(";")[0]
    if case.method != case.operation.method.upper():  # a method that the path does not have
        assert (answer.status_code, code(answer)) == (404, "error.not-found")
        return
    excused = EXCUSES.get(label, _never)(case)
    unchecked = excused or case.meta is None or null_is_left_out(case)
    case.validate_response(answer, checks=CHECKS if unchecked else [*CHECKS, REJECTION])
    if answer.status_code == 200:
        assert kind == ("text/plain" if label in TEXT_PLAIN else "application/json")
        schema = described(label)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        validator(schema.split("/")[-1])(answer.json())  # also where the label keeps schemathesis from looking
        assert excused or body_is_valid(case), f"accepted, but not described: {case.body}"
    else:
        assert kind == "application/json"
        assert (answer.status_code, code(answer)) in refusals(label), f"{answer.status_code} {answer.text}"


def code(answer: Any) -> str:
    """The error code without its value."""
    content: dict[str, Any] = answer.json()
    assert content.keys() == {"errorCode"}
    return str(content["errorCode"]).partition(": ")[0]


def body_is_valid(case: Any) -> bool:
    """Whether the specification allows a body. Fields that it does not know are allowed: the API ignores them."""
    schema = body_schema(case.operation.label)
    if schema is None:
        return True
    try:
        validator(schema)(_without_nulls(case))
    except jsonschema.ValidationError:
        return False
    return True


def null_is_left_out(case: Any) -> bool:
    """The one thing that is accepted although the specification does not have it: null where nothing is required.
    It is what many a serializer makes of a field that was not set, and read as that."""
    return _without_nulls(case) != case.body and body_is_valid(case)


def _without_nulls(case: Any) -> Any:
    body = fields_of(case)
    if body is None:
        return case.body
    required = spec()["components"]["schemas"][body_schema(case.operation.label)].get("required", ())
    return {name: value for name, value in body.items() if value is not None or name in required}


def fields_of(case: Any) -> dict[str, Any] | None:
    """The body of a request if it is an object."""
    return dict(case.body) if isinstance(case.body, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _never(_: Any) -> bool:
    return False


def _items(value: Any) -> list[Any]:
    return list(cast("Any", value)) if isinstance(value, list) else []


def _with_a_range(case: Any) -> bool:
    """With an edge of a range, the documentation says, nobody looks at the period."""
    return "lastPeriod" in case.query and ("from" in case.query or "to" in case.query)


EXCUSES: Mapping[str, Callable[[Any], bool]] = {
    "GET /api/v1/markets": lambda case: "searchTerm" in case.query,  # then, the facts say, nobody looks at epics
    "GET /api/v1/history/activity": _with_a_range,
    "GET /api/v1/history/transactions": _with_a_range,
    # An empty epic is one that no market has: it is left out, and the answer's status says so.
    "POST /api/v1/watchlists": lambda case: "" in _items((fields_of(case) or {}).get("epics")),
}
"""What is answered although the specification does not have it."""
