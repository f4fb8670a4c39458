"""Live prices against a bare loop of `websockets` and `json.loads`: frames a second, added latency, memory.

Both read the same frames with the same options, by turns, on one core; the server has a process and, if there is one,
a core of its own, and outpaces them. Target: at least 0.6 times the frames a second of the bare loop, and memory that
does not grow with the frames that a slow consumer lets pass. ``python -m benchmarks.stream --help`` says what can be
chosen.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from statistics import median, quantiles
from typing import Any, TypeAlias, cast

import httpx
import websockets.asyncio.client
import websockets.asyncio.server
import websockets.sync.client
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from capital_ext import AsyncCapital, Capital, Quota
from capital_ext.stream.events import Quote
from capital_ext.stream.inbox import Overflow
from capital_ext.stream.sockets import _OPTIONS as OPTIONS  # pyright: ignore[reportPrivateUsage]
from capital_ext.stream.streams import AsyncStream, Stream

from .answers import CREDENTIALS, TOKENS
from .measuring import memory, process
from .server import fixed_answers

EPICS = ("SILVER", "GOLD", "BTCUSD", "US100", "OIL_CRUDE", "EURUSD", "TSLA", "DE40", "NATURALGAS", "ETHUSD")
BEGINNING = 1_773_325_338
"""The first second of the quotes, of ten digits as all that follow."""
LIMIT = 2000
"""Quotes that may wait for the slow consumer."""
PAUSE = 0.005
"""Seconds that it rests after each event."""

_Payload: TypeAlias = Mapping[str, Any]
_Reading: TypeAlias = Callable[[str, int], "Iterator[_Payload] | AsyncIterator[_Payload]"]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300_000, help="how many pass by the slow consumer (300,000)")
    parser.add_argument("--sprint", type=int, default=20_000, help="how many in each round for the speed (20,000)")
    parser.add_argument("--rate", type=int, default=2000, help="how many a second for the latency (2,000)")
    parser.add_argument("--rounds", type=int, default=9, help="how many rounds for speed and latency (9)")
    options = parser.parse_args(arguments)
    with process("stream", "serve") as (_, answers), _on_one_core():
        address = f"ws://127.0.0.1:{int(answers.readline())}"
        _memory(address, options.frames)  # first: what others leave behind would hide its growth
        _speed(address, options.sprint, options.rounds)
        _latency(address, options.rate, options.rounds)


@contextmanager
def _on_one_core() -> Generator[None]:
    """Keep this thread, and those that it starts, on the first core, where the platform can."""
    if sys.platform != "linux":
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


# What is measured.


def _speed(address: str, frames: int, rounds: int) -> None:
    """Print frames a second. Those of CPU time count: they are what a core does that others leave alone."""
    frames = frames // 1000 * 1000  # the server writes by the thousand
    cpu: dict[str, list[float]] = {name: [] for name in READINGS}
    wall: dict[str, list[float]] = {name: [] for name in READINGS}
    for name, reading in _by_turns(rounds):
        count, computed, passed = _timed(reading(f"{address}/{frames}/0", frames))
        assert count == frames, f"{name}: {frames - count} of {frames} frames are missing"
        cpu[name].append(computed / count)
        wall[name].append(passed / count)
    print(f"Frames a second of CPU time, medians of {rounds} x {frames:,}, each of which came (target: x 0.60)")
    for bare, ours in PAIRS:
        for name in (bare, ours):
            print(f"  {name:<32} {1 / median(cpu[name]):8,.0f} ({1 / median(wall[name]):8,.0f} by the clock)")
        ratios = sorted(of / value for value, of in zip(cpu[ours], cpu[bare], strict=True))
        best = min(cpu[bare]) / min(cpu[ours])
        print(f"    x {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), of the best rounds x {best:.2f}")


def _latency(address: str, rate: int, rounds: int) -> None:
    """Print how long it takes from the server's writing a frame until the consumer has it."""
    frames = rate  # a second of them
    late: dict[str, list[tuple[float, float]]] = {name: [] for name in READINGS}
    for name, reading in _by_turns(rounds):
        delays = _delays(reading(f"{address}/{frames}/{rate}", frames))
        assert len(delays) == frames, f"{name}: {frames - len(delays)} of {frames} frames are missing"
        hundredths = quantiles(delays, n=100)
        late[name].append((hundredths[49] / 1000, hundredths[98] / 1000))
    print(f"Microseconds from the server to the consumer at {rate:,} frames/s, {rounds} x {frames:,}")
    for bare, ours in PAIRS:
        for name in (bare, ours):
            half, most = (median(each) for each in zip(*late[name], strict=True))
            print(f"  {name:<32} p50 {half:7.0f}   p99 {most:7.0f}")
        pairs = list(zip(late[ours], late[bare], strict=True))
        half, most = (median(mine[i] - of[i] for mine, of in pairs) for i in (0, 1))
        print(f"    added: p50 {half:+.0f}, p99 {most:+.0f}")


def _memory(address: str, frames: int) -> None:
    """Print how much memory this process has while frames pass by a consumer that is too slow for them."""
    print(f"MB of memory at each tenth of {frames:,} frames; the consumer rests {PAUSE * 1000:.0f} ms after each event")
    more = f"{address}/{frames + LIMIT + 1000}/0"  # those that wait at the end are not counted
    for name in ("Capital", "AsyncCapital"):
        tenths = _slow(more, frames) if name == "Capital" else asyncio.run(_slow_async(more, frames))
        growth = tenths.samples[-1] - tenths.samples[0]
        figures = " ".join(f"{sample / 1e6:.1f}" for sample in tenths.samples)
        print(f"  {name:<14} {figures}   {growth / 1e6:+.1f}   {tenths.taken:,} taken", flush=True)


def _by_turns(rounds: int) -> Iterator[tuple[str, _Reading]]:
    """All the readings, so many times. Nobody is always first."""
    order = list(READINGS.items())
    for _ in range(rounds):
        order.append(order.pop(0))
        for each in order:
            gc.collect()
            yield each


def _timed(payloads: Iterator[_Payload] | AsyncIterator[_Payload]) -> tuple[int, float, float]:
    """How many there are, and the seconds of CPU and of the clock from the first to the end."""

    async def timed_async(payloads: AsyncIterator[_Payload]) -> tuple[int, float, float]:
        count, cpu, wall = 0, 0.0, 0.0
        async for _ in payloads:
            if not count:
                cpu, wall = time.process_time(), time.perf_counter()
            count += 1
        return count, time.process_time() - cpu, time.perf_counter() - wall

    if isinstance(payloads, AsyncIterator):
        return asyncio.run(timed_async(payloads))
    count, cpu, wall = 0, 0.0, 0.0
    for _ in payloads:
        if not count:
            cpu, wall = time.process_time(), time.perf_counter()
        count += 1
    return count, time.process_time() - cpu, time.perf_counter() - wall


def _delays(payloads: Iterator[_Payload] | AsyncIterator[_Payload]) -> list[int]:
    """Nanoseconds that each was under way."""

    async def delays_async(payloads: AsyncIterator[_Payload]) -> list[int]:
        return [time.monotonic_ns() - payload["sent"] async for payload in payloads]

    if isinstance(payloads, AsyncIterator):
        return asyncio.run(delays_async(payloads))
    return [time.monotonic_ns() - payload["sent"] for payload in payloads]


class _Tenths:
    """Memory, whenever a tenth of the frames has passed."""

    def __init__(self, frames: int) -> None:
        self.samples: list[float] = []
        self.taken = 0
        self._frames = frames

    def over(self, dropped: int) -> bool:
        """One event was taken, and so many were left out until now: whether all have passed."""
        self.taken += 1
        if (self.taken + dropped) * 10 >= self._frames * (len(self.samples) + 1):
            self.samples.append(memory())
        return len(self.samples) == 10


def _slow(address: str, frames: int) -> _Tenths:
    """Take one event after the other, each time with a rest, until so many frames have passed."""
    tenths = _Tenths(frames)
    with _stream(address, "latest", LIMIT) as stream:
        for _ in stream:
            if tenths.over(stream.dropped):
                return tenths
            time.sleep(PAUSE)
    raise AssertionError("the stream ended too early")


async def _slow_async(address: str, frames: int) -> _Tenths:
    """The same in a task."""
    tenths = _Tenths(frames)
    async with _stream_async(address, "latest", LIMIT) as stream:
        async for _ in stream:
            if tenths.over(stream.dropped):
                return tenths
            await asyncio.sleep(PAUSE)
    raise AssertionError("the stream ended too early")


# The four ways to read payloads until the server hangs up.


def _bare(address: str, frames: int) -> Generator[_Payload]:
    """What anybody would write who has only a socket."""
    connect = cast("Callable[..., websockets.sync.client.ClientConnection]", websockets.sync.client.connect)
    with connect(f"{address}/connect", **OPTIONS) as socket:
        socket.send(_SUBSCRIBE)
        socket.recv()
        with suppress(ConnectionClosed):
            while True:
                yield json.loads(socket.recv())["payload"]


def _ours(address: str, frames: int) -> Generator[_Payload]:
    """A stream in which all of the frames may wait, so that none is left out."""
    with _stream(address, "raise", frames) as stream:
        for event in stream:
            if not isinstance(event, Quote):  # the notice that the line is lost
                return
            yield event.raw


async def _bare_async(address: str, frames: int) -> AsyncGenerator[_Payload]:
    """The bare loop in a task."""
    async with websockets.asyncio.client.connect(f"{address}/connect", **OPTIONS) as socket:
        await socket.send(_SUBSCRIBE)
        await socket.recv()
        with suppress(ConnectionClosed):
            while True:
                yield json.loads(await socket.recv())["payload"]


async def _ours_async(address: str, frames: int) -> AsyncGenerator[_Payload]:
    """The stream in a task."""
    async with _stream_async(address, "raise", frames) as stream:
        async for event in stream:
            if not isinstance(event, Quote):
                return
            yield event.raw


READINGS: Mapping[str, _Reading] = {
    "websockets.sync + json.loads": _bare,
    "Capital.stream()": _ours,
    "websockets.asyncio + json.loads": _bare_async,
    "AsyncCapital.stream()": _ours_async,
}
PAIRS = (
    ("websockets.asyncio + json.loads", "AsyncCapital.stream()"),
    ("websockets.sync + json.loads", "Capital.stream()"),
)
_SUBSCRIBE = json.dumps({"destination": "marketData.subscribe", "correlationId": "1", "payload": {"epics": EPICS}})


@contextmanager
def _stream(address: str, overflow: Overflow, limit: int) -> Generator[Stream]:
    """A stream from this address: everything but its frames is answered in this process."""
    with (
        Capital(CREDENTIALS, base_url="http://127.0.0.1", transport=_calls(address), quota=Quota.off()) as capital,
        capital.stream(overflow=overflow, limit=limit) as stream,
    ):
        stream.quotes(*EPICS)
        yield stream


@asynccontextmanager
async def _stream_async(address: str, overflow: Overflow, limit: int) -> AsyncGenerator[AsyncStream]:
    """The same for tasks."""
    async with (
        AsyncCapital(CREDENTIALS, base_url="http://127.0.0.1", transport=_calls(address), quota=Quota.off()) as capital,
        capital.stream(overflow=overflow, limit=limit) as stream,
    ):
        stream.quotes(*EPICS)
        yield stream


def _calls(address: str) -> httpx.MockTransport:
    """Answers the calls that a stream makes."""
    key, _, market = _fixed_answers()
    session = {"clientId": "1", "accountId": "1", "timezoneOffset": 0, "currency": "USD", "streamEndpoint": address}
    known = {
        "/api/v1/session/encryptionKey": key,
        "/api/v1/session": json.dumps(session).encode(),
        "/api/v1/time": b'{"serverTime":2000000000000}',  # later than any quote: those of the future are refused
        "/api/v1/ping": b'{"status":"OK"}',
    }
    return httpx.MockTransport(
        lambda request: httpx.Response(200, headers=TOKENS, content=known.get(request.url.path, market))
    )


_fixed_answers = cache(fixed_answers)


# The server's side. A path says how many frames are wanted, and how many a second: /60000/0/connect, 0 for no waiting.


def serve() -> None:
    """Serve frames until this process is ended, on the cores that the clients leave free."""
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[1:] or cores)
    asyncio.run(_serve())


async def _serve() -> None:
    """Print the port, and serve."""
    async with websockets.asyncio.server.serve(
        _talk, "127.0.0.1", 0, compression=None, ping_interval=None, close_timeout=60, write_limit=1_000_000
    ) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await server.serve_forever()


async def _talk(socket: websockets.asyncio.server.ServerConnection) -> None:
    """Acknowledge whatever is said, and after a subscription send the frames."""
    assert socket.request
    _, frames, rate, _ = socket.request.path.split("/")
    async with asyncio.TaskGroup() as tasks:
        async for message in socket:
            said = json.loads(message)
            subscriptions = dict.fromkeys(said.get("payload", {}).get("epics", ()), "PROCESSED")
            answer = {"status": "OK", "destination": said["destination"], "correlationId": said["correlationId"]}
            await socket.send(json.dumps(answer | {"payload": {"subscriptions": subscriptions}}))
            if said["destination"] == "marketData.subscribe":
                tasks.create_task(_march(socket, int(frames), int(rate)) if int(rate) else _rush(socket, int(frames)))


async def _rush(socket: websockets.asyncio.server.ServerConnection, frames: int) -> None:
    """Write as fast as the other side takes it: a thousand frames at once, and for the next only the second changes."""
    thousand = b"".join(_frame(number) for number in range(1000))
    with suppress(ConnectionError):  # it has seen enough
        for second in range(BEGINNING, BEGINNING + frames // 1000):
            socket.transport.write(thousand.replace(b"%d" % BEGINNING, b"%d" % second))
            await socket.drain()
            if socket.transport.is_closing():
                return
    await socket.close()


async def _march(socket: websockets.asyncio.server.ServerConnection, frames: int, rate: int) -> None:
    """Write each frame at its moment, with that moment in it. Spins, for a nap may be longer than the wait."""
    began = time.monotonic()
    for number in range(frames):
        while time.monotonic() < began + number / rate:  # noqa: ASYNC110
            await asyncio.sleep(0)
        socket.transport.write(_frame(number, sent=time.monotonic_ns()))
    await socket.close()


def _frame(number: int, **more: int) -> bytes:
    """A frame with a quote, each a millisecond after the one before."""
    payload = {
        "epic": EPICS[number % len(EPICS)],
        "product": "CFD",
        "bid": round(2310.2 + number % 97 / 10, 1),
        "bidQty": 1200.0,
        "ofr": round(2310.6 + number % 97 / 10, 1),
        "ofrQty": 1150.0,
        "timestamp": BEGINNING * 1000 + number,
    }
    content = {"status": "OK", "destination": "quote", "payload": payload | more}
    return Frame(Opcode.TEXT, json.dumps(content, separators=(",", ":")).encode()).serialize(mask=False)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main()
