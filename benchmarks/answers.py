"""Real-looking answers, as the bytes that a server sends: made by the sandbox, then fixed."""

from __future__ import annotations

import json
from typing import Any

from capital_ext import Capital, Credentials, Quota
from capital_sandbox import ManualClock, Sandbox

CREDENTIALS = Credentials("key", "somebody@example.com", "password")
TOKENS = {"CST": "c" * 24, "X-SECURITY-TOKEN": "x" * 32}


def from_sandbox(path: str, **query: str | int) -> bytes:
    """The body with which the sandbox answers a GET."""
    sandbox = Sandbox(clock=ManualClock())
    known = sandbox.credentials
    with Capital(
        Credentials(known.api_key, known.identifier, known.password),
        base_url="http://sandbox.invalid",
        transport=sandbox.transport(),
        quota=Quota.off(),
    ) as capital:
        return capital.client.get_httpx_client().get(f"/api/v1{path}", params=query).raise_for_status().content


def many_markets(count: int) -> bytes:
    """A list of so many markets, each with an epic of its own."""
    markets: list[dict[str, Any]] = json.loads(from_sandbox("/markets"))["markets"]
    several = [market | {"epic": f"{market['epic']}{turn}"} for turn in range(count) for market in markets][:count]
    return json.dumps({"markets": several}).encode()
