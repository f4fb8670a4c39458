"""The sandbox under load: requests a second on one core, and its memory over many of them.

The server has a process of its own, and what counts is the time that this process computes. The memory is looked at
without sockets, in a process of its own as well. ``python -m benchmarks.sandbox_load --help`` says what can be chosen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import cycle
from typing import IO

from capital_sandbox import Limits, ManualClock, Request, Sandbox

from .measuring import memory, process

_Call = tuple[str, str, bytes]


def _order(epic: str, direction: str, size: float) -> _Call:
    return "POST", "/api/v1/positions", json.dumps({"epic": epic, "direction": direction, "size": size}).encode()


_READS: dict[str, _Call] = {
    "ping": ("GET", "/api/v1/ping", b""),
    "accounts": ("GET", "/api/v1/accounts", b""),
    "positions, three open": ("GET", "/api/v1/positions", b""),
    "market": ("GET", "/api/v1/markets/SILVER", b""),
    "ten candles": ("GET", "/api/v1/prices/SILVER?resolution=MINUTE&max=10", b""),
    "refused: no such market": ("GET", "/api/v1/markets/NOPE", b""),
}
_ORDERS = [_order("EURUSD", "BUY", 100), _order("EURUSD", "SELL", 100)]
"""The second closes what the first opened."""
_CALLS: dict[str, list[_Call]] = {name: [call] for name, call in _READS.items()} | {
    "order, opens and closes": _ORDERS,
    "the page's look at the state": [("GET", "/_sandbox/state", b"")],
}
_HELD = [_order("GOLD", "BUY", 0.01), _order("SILVER", "SELL", 1), _order("BTCUSD", "BUY", 0.001)]
_LIFE = 50
"""Requests between two moves of the clock while the memory is looked at."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="how long each call is repeated (2)")
    parser.add_argument("--connections", type=int, default=8, help="how many clients ask at the same time (8)")
    parser.add_argument("--requests", type=int, default=50_000, help="requests while memory is looked at (50,000)")
    parser.add_argument("--no-deals", action="store_true", help="no deals among them, whose history is kept")
    parser.add_argument("--profile", action="store_true", help="show instead where the time of a request goes")
    options = parser.parse_args(arguments)
    if options.profile:
        profile()
        return
    if options.seconds:
        with process("sandbox_load", "serve") as (send, answers):
            asyncio.run(_speed(options.connections, options.seconds, send, answers))
    if options.requests:
        with process("sandbox_load", "live", str(options.requests), "0" if options.no_deals else "1") as (_, answers):
            for line in answers:
                print(line, end="")


# Requests a second.


async def _speed(connections: int, seconds: float, send: IO[str], answers: IO[str]) -> None:
    hello = json.loads(answers.readline())

    def cpu() -> float:
        send.write("\n")
        send.flush()
        return float(answers.readline())

    print(f"requests a second on one core, {connections} connections")
    for name, calls in _CALLS.items():
        count = [0]
        requests = [_bytes(call, hello["tokens"]) for call in calls]
        clients = [await _Client.connect(hello["port"], requests, count) for _ in range(connections)]
        started, began = cpu(), time.perf_counter()
        await asyncio.sleep(seconds)
        used, passed = cpu() - started, time.perf_counter() - began
        for client in clients:
            client.transport.abort()
        print(
            f"  {name:<32} {count[0] / used:7,.0f}   {used / count[0] * 1e6:6.0f} µs   ({count[0] / passed:,.0f} seen)"
        )


def _bytes(call: _Call, tokens: dict[str, str]) -> bytes:
    method, path, body = call
    headers = {"Host": "localhost", "Content-Length": str(len(body)), **tokens}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class _Client(asyncio.Protocol):
    """As little of an HTTP client as can repeat requests: the next goes out when an answer is complete."""

    def __init__(self, requests: Sequence[bytes], count: list[int]) -> None:
        self._requests = cycle(requests)
        self._count = count
        self._data = b""

    @classmethod
    async def connect(cls, port: int, requests: Sequence[bytes], count: list[int]) -> _Client:
        make = partial(cls, requests, count)
        _, client = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", port)
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, found, body = self._data.partition(b"\r\n\r\n")
        if not found:
            return
        length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
        if len(body) < int(length):
            return
        assert not head.startswith(b"HTTP/1.1 5"), head
        self._count[0] += 1
        self._data = b""
        self.transport.write(next(self._requests))


def serve() -> None:
    """Serve a sandbox; after each line of the standard input say how long this process has computed."""
    sandbox, tokens = _opened()
    with sandbox.serve() as server:
        print(json.dumps({"port": server.port, "tokens": tokens}), flush=True)
        for _ in sys.stdin:
            print(time.process_time(), flush=True)


# Memory.


def live(requests: int, deals: int) -> None:
    """Send many requests of all kinds while time goes on, with so many deals at each move; say how memory goes."""
    sandbox, tokens = _opened()
    reads = [_request(call, tokens) for call in _READS.values()]
    orders = [_request(call, tokens) for call in _ORDERS]
    print(f"memory over {requests:,} requests, {requests // _LIFE * deals:,} deals opened and closed among them")
    began, interval = time.process_time(), max(1, requests // 8)
    for number in range(requests):
        if number % interval == 0:
            print(f"  after {number:9,} {memory() / 1e6:8.1f} MB", flush=True)
        if number % _LIFE == 0:
            sandbox.clock.advance(30)
        if number % _LIFE < len(orders) * deals:
            sandbox.handle(orders[number % _LIFE % len(orders)])
        else:
            sandbox.handle(reads[number % len(reads)])
    seconds = time.process_time() - began
    print(f"  after {requests:9,} {memory() / 1e6:8.1f} MB")
    print(f"  {requests / seconds:,.0f} requests/s without sockets; {len(sandbox.requests):,} are remembered")
    account = sandbox.state.account
    assert len(account.positions) == len(_HELD), "every deal was closed again"
    print(f"  {len(account.equity)} points of the equity curve over {account.equity[-1].time - account.equity[0].time}")


def profile(repeat: int = 400) -> None:
    """Where the time of a request goes."""
    import cProfile
    import pstats

    sandbox, tokens = _opened()
    requests = [_request(call, tokens) for call in (*_READS.values(), *_ORDERS)]
    with cProfile.Profile() as profiler:
        for _ in range(repeat):
            for request in requests:
                sandbox.handle(request)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def _opened() -> tuple[Sandbox, dict[str, str]]:
    """A sandbox with three positions, and the tokens of a session."""
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    known = sandbox.credentials
    body = json.dumps({"identifier": known.identifier, "password": known.password}).encode()
    login = sandbox.handle(Request("POST", "/api/v1/session", headers={"x-cap-api-key": known.api_key}, body=body))
    tokens = {name: login.headers[name] for name in ("CST", "X-SECURITY-TOKEN")}
    for call in _HELD:
        assert sandbox.handle(_request(call, tokens)).status == 200
    return sandbox, tokens


def _request(call: _Call, tokens: dict[str, str]) -> Request:
    method, target, body = call
    path, _, query = target.partition("?")
    return Request(method, path, query, {name.lower(): value for name, value in tokens.items()}, body)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["live", requests, deals]:
            live(int(requests), int(deals))
        case _:
            main()
