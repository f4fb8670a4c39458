"""What the tests of this folder share: the specification, and clients on a transport that writes down what is sent."""

from __future__ import annotations

import asyncio
import base64
import functools
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import yaml
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from capital_api import Api, AsyncApi, Client
from capital_ext import AsyncCapital, Capital, CapitalError, Credentials, Quota
from capital_ext.policy import World
from capital_ext.waiting import Sleep

SPEC_FILE = Path(__file__).parents[2] / "spec" / "capital-openapi.yaml"
METHODS = ("get", "post", "put", "delete")

_numbers = itertools.count(1)


@functools.cache
def spec() -> dict[str, Any]:
    """The document that everything generated comes from."""
    document: dict[str, Any] = yaml.load(SPEC_FILE.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


class Operation(NamedTuple):
    """One operation of the specification."""

    id: str
    tag: str
    method: str
    path: str
    raw: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of its facade method."""
        return self.id.removeprefix(f"{self.tag}_")

    @property
    def result(self) -> str:
        """The name of the model of its success."""
        schema: dict[str, str] = self.raw["responses"]["200"]["content"]["application/json"]["schema"]
        return schema["$ref"].rsplit("/", 1)[-1]

    @property
    def body(self) -> dict[str, Any]:
        """The schema of its request body; empty when it has none."""
        if "requestBody" not in self.raw:
            return {}
        schema: dict[str, str] = self.raw["requestBody"]["content"]["application/json"]["schema"]
        return schemas()[schema["$ref"].rsplit("/", 1)[-1]]


@functools.cache
def operations() -> tuple[Operation, ...]:
    """Every operation, in the order of the document."""
    return tuple(
        Operation(operation["operationId"], operation["tags"][0], method.upper(), path, operation)
        for path, item in spec()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    )


def schemas() -> dict[str, dict[str, Any]]:
    """The component schemas by name."""
    found: dict[str, dict[str, Any]] = spec()["components"]["schemas"]
    return found


def new_address() -> str:
    """An address that no other client uses."""
    return f"https://api-{next(_numbers)}.example.test"


def credentials() -> Credentials:
    """Somebody."""
    return Credentials("test-api-key", "trader@example.com", "test-password")


@functools.cache
def encryption_key() -> str:
    """A public key as the API hands it out."""
    key = generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def reply(body: object, status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    """Answers every call with one body: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _: httpx.Response(status, content=content, headers={"Content-Type": "application/json"})


class Wire:
    """A server in a function: it answers a login by itself, everything else as told, and keeps all requests."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._handle)

    @property
    def calls(self) -> list[httpx.Request]:
        """The requests that were no part of a login."""
        return [request for request in self.requests if "X-CAP-API-KEY" not in request.headers]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if "X-CAP-API-KEY" in request.headers and request.url.path.endswith("/encryptionKey"):
            return httpx.Response(200, json={"encryptionKey": encryption_key(), "timeStamp": 1773325338473})
        if "X-CAP-API-KEY" in request.headers and request.method == "POST":
            return httpx.Response(200, json={}, headers={"CST": "cst-1", "X-SECURITY-TOKEN": "token-1"})
        return self.answer(request)


async def _no_time(_: float) -> None:
    return None


def still() -> World:
    """A world in which waiting takes no time."""
    return World(sleep=Sleep(sync=lambda _: None, aio=_no_time), luck=lambda: 0.5)


def capital(wire: Wire) -> Capital:
    """A whole client on the transport."""
    return Capital(credentials(), base_url=new_address(), transport=wire.transport, quota=Quota.off(), world=still())


def async_capital(wire: Wire) -> AsyncCapital:
    """The same, asynchronous."""
    return AsyncCapital(
        credentials(), base_url=new_address(), transport=wire.transport, quota=Quota.off(), world=still()
    )


def bare(wire: Wire) -> Api:
    """The generated facade alone on the transport, without session and policy."""
    return Api(Client(base_url="https://api.example.test", httpx_args={"transport": wire.transport}))


def async_bare(wire: Wire) -> AsyncApi:
    """The same, asynchronous."""
    return AsyncApi(Client(base_url="https://api.example.test", httpx_args={"transport": wire.transport}))


class Outcome(NamedTuple):
    """What a call came to."""

    value: Any
    error: CapitalError | None


def attempt(wire: Wire, tag: str, name: str, /, *args: object, **kwargs: object) -> Outcome:
    """One facade call by both clients, which must come to the same. Anything but a `CapitalError` passes through."""
    with capital(wire) as client:
        try:
            sync = Outcome(getattr(getattr(client, tag), name)(*args, **kwargs), None)
        except CapitalError as error:
            sync = Outcome(None, error)

    async def main() -> Outcome:
        async with async_capital(wire) as other:
            try:
                return Outcome(await getattr(getattr(other, tag), name)(*args, **kwargs), None)
            except CapitalError as error:
                return Outcome(None, error)

    asynchronous = asyncio.run(main())
    assert type(asynchronous.value) is type(sync.value)
    assert type(asynchronous.error) is type(sync.error)
    assert str(asynchronous.error) == str(sync.error)
    return sync


def kinds(schema: dict[str, Any]) -> list[str]:
    """The JSON types that a schema allows."""
    declared: str | list[str] = schema.get("type", [])
    return [declared] if isinstance(declared, str) else declared


def sample(schema: dict[str, Any]) -> Any:
    """A JSON value that fits a schema, with every property there is."""
    if "$ref" in schema:
        return sample(schemas()[schema["$ref"].rsplit("/", 1)[-1]])
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = kinds(schema)[0]
    if kind == "object":
        extra = schema.get("additionalProperties")
        filled = {name: sample(inner) for name, inner in schema.get("properties", {}).items()}
        return filled | ({"SOMETHING": sample(extra)} if extra else {})
    if kind == "array":
        return [sample(schema["items"]), sample(schema["items"])]
    if kind == "string":
        return "2026-03-12T14:22:18.473" if schema.get("format") == "date-time" else "some text"
    values: dict[str, Any] = {"number": 17.25, "integer": 7, "boolean": True}
    return values[kind]
