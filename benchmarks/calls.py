"""CPU per call: the facade and the low-level function against bare httpx, on loopback HTTP and on a mock transport.

Target: the facade costs at most 1.25 times bare httpx on loopback HTTP.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import httpx

from capital_api.api.markets import markets_get
from capital_ext import Capital, Quota

from .answers import CREDENTIALS, TOKENS
from .measuring import cpu_seconds, report
from .server import fixed_answers

PATH = "/api/v1/markets/SILVER"


@contextmanager
def served() -> Generator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-m", f"{__package__}.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def mocked() -> httpx.MockTransport:
    key, login, market = fixed_answers()
    known = {"/api/v1/session/encryptionKey": key, "/api/v1/session": login}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=TOKENS, content=known.get(request.url.path, market))

    return httpx.MockTransport(answer)


def compare(
    title: str, base_url: str, transport: httpx.BaseTransport | None = None, *, rounds: int = 60, calls: int = 100
) -> None:
    with (
        httpx.Client(base_url=base_url, transport=transport) as bare,
        Capital(CREDENTIALS, base_url=base_url, transport=transport, quota=Quota.off()) as capital,
    ):
        candidates = {
            "httpx.Client.get(...).json()": lambda: bare.get(PATH).json(),
            "markets_get.sync(client=...)": lambda: markets_get.sync("SILVER", client=capital.client),
            "capital.markets.get(...)": lambda: capital.markets.get("SILVER"),
        }
        report(title, cpu_seconds(candidates, rounds=rounds, calls=calls))


def main() -> None:
    with served() as address:
        compare("CPU per call, loopback HTTP (target for the facade: x 1.25)", address)
    compare("CPU per call, mock transport", "http://mock.invalid", mocked())


if __name__ == "__main__":
    main()
