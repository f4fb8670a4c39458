"""The sandbox's stream under load: frames a second to many connections, on one core, and its memory.

The server has a process of its own and a clock that is moved by hand, minute by minute; the clients only count.
``python -m benchmarks.stream_load --help`` says what can be chosen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import IO

import httpx
from websockets.frames import Frame, Opcode

from capital_sandbox import Limits, ManualClock, Sandbox, StreamSettings

from .measuring import memory, process

_Order = Callable[[str], Awaitable[dict[str, float]]]
_PONG = b'"destination":"ping"'
_HANDSHAKE = (
    "GET /connect HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=100, help="how many clients (100)")
    parser.add_argument("--epics", type=int, default=40, help="how many markets each of them follows (40)")
    parser.add_argument("--frames", type=int, default=1_000_000, help="how many frames at least, in all (1,000,000)")
    options = parser.parse_args(arguments)
    with process("stream_load", "serve") as (send, answers):
        asyncio.run(_load(options.connections, options.epics, options.frames, send, answers))


async def _load(connections: int, epics: int, frames: int, send: IO[str], answers: IO[str]) -> None:
    async def order(text: str) -> dict[str, float]:
        send.write(text + "\n")
        send.flush()
        figures: dict[str, float] = json.loads(await asyncio.to_thread(answers.readline))
        return figures

    hello = json.loads(await asyncio.to_thread(answers.readline))
    empty = await order("measure")
    clients = [await _Client.connect(hello["port"]) for _ in range(connections)]
    subscribe = {"destination": "marketData.subscribe", **hello["tokens"]}
    subscribe["payload"] = {"epics": hello["epics"][:epics]}
    for client in clients:
        client.say(subscribe)
    before = await _settled(clients, hello["tokens"], order)
    print(f"{connections} connections, {epics} markets each")
    print(f"  memory without connections {empty['memory'] / 1e6:8.1f} MB")
    start = _counted(clients)
    at_first, began = before, time.perf_counter()
    following = start + frames // 4
    while _counted(clients) - start < frames:
        await order("advance")
        before = await _settled(clients, hello["tokens"], order)
        if _counted(clients) >= following:
            print(f"  memory after {_counted(clients) - start:9,} frames {before['memory'] / 1e6:8.1f} MB")
            following = _counted(clients) + frames // 4
    seconds = time.perf_counter() - began
    count, cpu = _counted(clients) - start, before["cpu"] - at_first["cpu"]
    assert len({client.frames for client in clients}) == 1, "every client gets the same"
    print(f"  {count:,} frames in {seconds:.1f} s, {cpu:.1f} s of the server's processor")
    print(f"  {count / cpu:,.0f} frames/s on one core, {count / seconds:,.0f} frames/s with the clients' work")
    for client in clients:
        client.transport.abort()


def _counted(clients: Sequence[_Client]) -> int:
    return sum(client.frames for client in clients)


async def _settled(clients: Sequence[_Client], tokens: dict[str, str], order: _Order) -> dict[str, float]:
    """Wait until every client has everything up to now: the answer to a ping comes after it."""
    for client in clients:
        client.answered.clear()
        client.say({"destination": "ping", **tokens})
    for client in clients:
        await client.answered.wait()
    return await order("measure")


class _Client(asyncio.Protocol):
    """As little of a WebSocket client as can count frames."""

    def __init__(self) -> None:
        self.frames = 0
        self.answered = asyncio.Event()
        self._data: bytes = b""
        self._open = asyncio.Event()

    @classmethod
    async def connect(cls, port: int) -> _Client:
        _, client = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        await client._open.wait()
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(_HANDSHAKE.encode())

    def say(self, content: Mapping[str, object]) -> None:
        self.transport.write(Frame(Opcode.TEXT, json.dumps(content).encode()).serialize(mask=True))

    def data_received(self, data: bytes) -> None:
        data = self._data + data
        at = 0
        if not self._open.is_set():
            head, found, _ = data.partition(b"\r\n\r\n")
            if not found:
                self._data = data
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            at = len(head) + 4
            self._open.set()
        while at + 4 <= len(data):
            size, header = data[at + 1], 2
            if size == 126:
                size, header = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            end = at + header + size
            if end > len(data):
                break
            self.frames += 1
            if size < 200 and _PONG in data[at:end]:
                self.answered.set()
            at = end
        self._data = data[at:]


# The server's side.


def serve() -> None:
    """Serve a stream, and do what the standard input says: advance the clock, measure."""
    settings = StreamSettings(idle_drop=None, most_epics=None, patience=60)
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off(), stream=settings)
    http = httpx.Client(transport=sandbox.transport(), base_url="http://sandbox/api/v1/")
    with http, sandbox.serve() as server:
        known = sandbox.credentials
        login = http.post(
            "session",
            headers={"X-CAP-API-KEY": known.api_key},
            json={"identifier": known.identifier, "password": known.password},
        )
        tokens = {"cst": login.headers["CST"], "securityToken": login.headers["X-SECURITY-TOKEN"]}
        http.headers.update({"CST": tokens["cst"], "X-SECURITY-TOKEN": tokens["securityToken"]})
        markets, now = sandbox.world.catalogue, sandbox.world.now()
        epics = [epic for epic, instrument in markets.items() if instrument.hours.is_open(now)]
        print(json.dumps({"port": server.port, "tokens": tokens, "epics": epics}), flush=True)
        for line in sys.stdin:
            if line.strip() == "advance":
                sandbox.clock.advance(60)
                http.get("ping").raise_for_status()
            print(json.dumps({"cpu": time.process_time(), "memory": memory()}), flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main()
