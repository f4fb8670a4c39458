"""A year of minutes: how long `capital.candles` takes and how many requests it makes, at three latencies.

The sandbox has a process and real sockets of its own, the real clock and the real limits, and every answer is late by
the latency. What it answers is computed before, in a walk that isn't measured: on a machine with two cores the time in
which it computes candles would be counted as ours. Targets: at most 1.05 times a tenth of a second for each request, no
429, and at most 1.1 times the requests that windows of 1,000 minutes over the market's open hours need.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Self, cast

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from capital_ext import Capital, Credentials, Quota
from capital_sandbox import Limits, Sandbox
from capital_sandbox.catalogue import Catalogue
from capital_sandbox.clock import to_milliseconds
from capital_sandbox.limits import LimitKeeper
from capital_sandbox.refusals import Refusal

LATENCIES = (0.05, 0.15, 0.3)
WINDOW_MS = 1000 * 60_000


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epic", default="SILVER", help="the market (SILVER)")
    parser.add_argument("--days", type=int, default=365, help="how many days up to yesterday (365)")
    parser.add_argument("--latency", type=float, nargs="*", default=LATENCIES, help="seconds (0.05 0.15 0.3)")
    options = parser.parse_args(arguments)
    end = datetime.now(timezone.utc).date() - timedelta(days=1)
    start = end - timedelta(days=options.days)
    needed = windows_needed(options.epic, start, end)
    print(f"{options.days} days of minutes of {options.epic}; windows over its open hours: {needed}")
    known = Sandbox().credentials
    credentials = Credentials(known.api_key, known.identifier, known.password)
    with Server() as server:
        with Capital(credentials, base_url=server.address, quota=Quota.off()) as capital:
            expected = sum(1 for _ in capital.candles(options.epic, "MINUTE", start, end))
        for latency in options.latency:
            server.start(latency)
            with Capital(credentials, base_url=server.address) as capital:
                capital.general.ping()  # a program that fetches a year is logged in
                time.sleep(2)
                server.requests()
                began, computed = time.perf_counter(), time.process_time()
                candles = sum(1 for _ in capital.candles(options.epic, "MINUTE", start, end))
                seconds, cpu = time.perf_counter() - began, time.process_time() - computed
            assert candles == expected
            report(latency, server.requests(), needed, seconds, cpu)


def report(latency: float, statuses: Counter[str], needed: int, seconds: float, cpu: float) -> None:
    """Print how a walk went."""
    sent = sum(statuses.values())
    print(
        f"  {latency * 1000:3.0f} ms: {sent} requests (x {sent / needed:.3f}; target 1.1), "
        f"{statuses['429']} refused (target 0), {seconds:.1f} s, {cpu:.1f} of them computing "
        f"(x {seconds / (sent / 10):.3f} of {sent / 10:.1f} s; target 1.05)",
        flush=True,
    )


def windows_needed(epic: str, start: date, end: date) -> int:
    """How many windows of 1,000 minutes it takes to cover the hours in which the market is open."""
    hours = Catalogue.default()[epic].hours
    count, at, until = 0, _midnight(start), _midnight(end)
    while (at := hours.next_open(at)) < until:
        at += WINDOW_MS
        count += 1
    return count


def _midnight(day: date) -> int:
    return to_milliseconds(datetime(day.year, day.month, day.day, tzinfo=timezone.utc))


# The server.


class Server:
    """A sandbox in a process of its own."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.history", "serve"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = f"http://127.0.0.1:{self._line()}"
        return self

    def __exit__(self, *error: object) -> None:
        with self._process as process:
            process.terminate()

    def start(self, latency: float) -> None:
        """From now on be late, and refuse what is too much."""
        self._say(latency)

    def requests(self) -> Counter[str]:
        """What was asked since the last look, by status."""
        return Counter(self._say(None))

    def _say(self, what: object) -> dict[str, int]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return cast("dict[str, int]", json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


class Late:
    """The sandbox with a way to it and back, and its limits at the gate, where the real service counts too."""

    def __init__(self) -> None:
        self._sandbox = Sandbox(limits=Limits.off())
        self._app = self._sandbox.app()
        self._gate = LimitKeeper(Limits())
        self._computed: dict[bytes, list[Message]] = {}
        self._statuses: Counter[int] = Counter()
        self._latency: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep((self._latency or 0) / 2)
        messages = await self._answer(scope, receive)
        self._statuses[messages[0]["status"]] += 1
        await asyncio.sleep((self._latency or 0) / 2)
        for message in messages:
            await send(message)

    async def _answer(self, scope: Scope, receive: Receive) -> list[Message]:
        if self._latency is not None:
            try:
                self._gate.request("everybody", to_milliseconds(self._sandbox.clock.now()))
            except Refusal:
                return [
                    {"type": "http.response.start", "status": 429, "headers": []},
                    {"type": "http.response.body", "body": b'{"errorCode":"error.too-many.requests"}'},
                ]
        target = scope["raw_path"] + b"?" + scope["query_string"]
        if target in self._computed:
            return self._computed[target]
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        if b"/prices/" in target:
            self._computed[target] = messages
        return messages

    def obey(self) -> None:
        """Do what the standard input says."""
        for line in sys.stdin:
            latency = json.loads(line)
            if latency is not None:
                self._latency = latency
            print(json.dumps(self._statuses), flush=True)
            self._statuses.clear()


def serve() -> None:
    """Serve a sandbox until this process is ended."""
    late = Late()
    threading.Thread(target=late.obey, daemon=True).start()
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(late, log_level="error", access_log=False, lifespan="off")).run([listening])


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main()
