"""A sandbox on a clock that stands still, and a client whose every answer is held against the spec."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import jsonschema
import pytest
import yaml

from capital_sandbox import Limits, ManualClock, Sandbox

SPEC = Path(__file__).parents[2] / "spec" / "capital-openapi.yaml"


@cache
def spec() -> Any:
    return yaml.load(SPEC.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def validator(name: str) -> Callable[[object], None]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": spec()["components"]}
    return cast("Callable[[object], None]", jsonschema.Draft202012Validator(schema).validate)  # pyright: ignore[reportUnknownMemberType]


def operation_of(method: str, path: str) -> tuple[str, str] | None:
    """The operationId and the schema of its success, for a request."""
    parts = path.split("/")
    best: tuple[int, str, str] | None = None
    for template, operations in spec()["paths"].items():
        pattern = template.split("/")
        if method.lower() not in operations or len(pattern) != len(parts):
            continue
        if all(want == got or want.startswith("{") for want, got in zip(pattern, parts, strict=True)):
            operation = operations[method.lower()]
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            found = (template.count("{"), operation["operationId"], schema.split("/")[-1])
            best = found if best is None or found < best else best
    return None if best is None else best[1:]


def check(response: httpx.Response) -> None:
    """Hold an answer against the spec."""
    assert response.status_code < 500
    response.read()
    content = json.loads(response.content)
    if response.status_code != 200:
        validator("ErrorBody")(content)
        return
    operation = operation_of(response.request.method, response.request.url.raw_path.decode().split("?")[0])
    assert operation is not None
    validator(operation[1])(content)


class Api:
    """A minimal client: keeps the newest tokens, and prefixes paths."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(
            transport=sandbox.transport(), base_url="http://sandbox", event_hooks={"response": [check]}
        )

    def login(self) -> httpx.Response:
        credentials = self.sandbox.credentials
        self.http.headers.pop("CST", None)
        response = self.http.post(
            "/api/v1/session",
            json={"identifier": credentials.identifier, "password": credentials.password},
            headers={"X-CAP-API-KEY": credentials.api_key},
        )
        self._keep(response)
        return response

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.send("GET", path, params=query or None)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.send("POST", path, json=body)

    def put(self, path: str, **body: Any) -> httpx.Response:
        return self.send("PUT", path, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = self.http.request(method, f"/api/v1/{path}", **options)
        self._keep(response)
        return response

    def ok(self, response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()

    def refused(self, response: httpx.Response) -> tuple[int, str]:
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["errorCode"]

    def confirm(self, response: httpx.Response) -> Any:
        """The confirm of a deal that was just queued."""
        return self.ok(self.get(f"confirms/{self.ok(response)['dealReference']}"))

    def open(self, epic: str = "SILVER", direction: str = "BUY", size: float = 1, **more: Any) -> str:
        """Open a position; returns its deal id."""
        confirm = self.confirm(self.post("positions", epic=epic, direction=direction, size=size, **more))
        assert confirm["dealStatus"] == "ACCEPTED", confirm
        return str(confirm["affectedDeals"][0]["dealId"])

    def market(self, epic: str) -> Any:
        return self.ok(self.get(f"markets/{epic}"))["snapshot"]

    def wait(self, seconds: float) -> None:
        """Let time pass without the session dying of idleness."""
        while seconds > 0:
            step = min(seconds, 500)
            self.clock.advance(step)
            self.get("ping")
            seconds -= step

    @property
    def clock(self) -> ManualClock:
        assert isinstance(self.sandbox.clock, ManualClock)
        return self.sandbox.clock

    def _keep(self, response: httpx.Response) -> None:
        for name in ("CST", "X-SECURITY-TOKEN"):
            if name in response.headers:
                self.http.headers[name] = response.headers[name]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(clock=ManualClock(), limits=Limits.off())


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    api = Api(sandbox)
    api.login()
    yield api
    api.http.close()
