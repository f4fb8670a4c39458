"""The stream over real WebSockets, as the clients of the ``websockets`` package see it."""

import asyncio
import gc
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from weakref import ref

import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from capital_sandbox import DEFAULT_START, Limits, ManualClock, RealClock, Sandbox, StreamSettings
from capital_sandbox.server import Server

from .conftest import Api
from .streaming import Frame, message, read, tokens, wait_for


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[Server]:
    with sandbox.serve() as server:
        yield server


@pytest.fixture
def url(api: Api, server: Server) -> str:
    """The address as a client finds it: from the login, with ``connect`` appended."""
    return stream_url(api, server)


def stream_url(api: Api, server: Server) -> str:
    api.http.headers["Host"] = f"127.0.0.1:{server.port}"
    host = str(api.ok(api.get("session"))["streamEndpoint"])
    assert host == f"ws://127.0.0.1:{server.port}/"
    return host + "connect"


def say(socket: ClientConnection, api: Api, destination: str, **payload: Any) -> Frame:
    socket.send(message(destination, 1, tokens(api), payload or None))
    return receive(socket)


def receive(socket: ClientConnection) -> Frame:
    text = socket.recv(timeout=20)
    assert isinstance(text, str)
    return read(text)


def until(socket: ClientConnection, instant: int) -> list[Frame]:
    """The quotes up to one that is as late as an instant."""
    frames = [receive(socket)]
    while frames[-1]["payload"]["timestamp"] < instant:
        frames.append(receive(socket))
    return frames


def test_quotes_come_when_the_clock_is_moved(api: Api, url: str) -> None:
    with connect(url) as socket:
        assert say(socket, api, "marketData.subscribe", epics=["GOLD"])["status"] == "OK"
        for minute in (1, 2, 3):
            api.clock.advance(60)
            frames = until(socket, 1781100000000 + minute * 60_000)
            assert {frame["payload"]["epic"] for frame in frames} == {"GOLD"}
        with pytest.raises(TimeoutError):  # and no more than that
            socket.recv(timeout=0)
        [connection] = api.sandbox.streams
        assert connection.epics == ("GOLD",)
    # The server has noticed by the time that its answer to the closing frame was here.
    assert len(api.sandbox.streams) == 0


def test_a_socket_and_memory_tell_the_same(api: Api, url: str) -> None:
    direct = api.sandbox.stream()
    with connect(url) as socket:
        subscribe = message("marketData.subscribe", 1, tokens(api), {"epics": ["GOLD", "BTCUSD", "EURUSD"]})
        direct.send(subscribe)
        socket.send(subscribe)
        assert socket.recv(timeout=20) == direct.receive()
        api.clock.advance(600)
        expected = list(direct)
        assert len(expected) > 100
        assert [socket.recv(timeout=20) for _ in expected] == expected


def test_async_clients(api: Api, url: str) -> None:
    async def watch(epic: str) -> list[int]:
        async with connect_async(url) as socket:
            await socket.send(message("OHLCMarketData.subscribe", 1, tokens(api), {"epics": [epic]}))
            assert read(str(await socket.recv()))["status"] == "OK"
            ready.append(epic)
            if len(ready) == 20:
                api.clock.advance(300)
            frames = [read(str(await socket.recv())) for _ in range(10)]
            assert {frame["payload"]["epic"] for frame in frames} == {epic}
            return [frame["payload"]["t"] for frame in frames]

    async def watch_all() -> list[list[int]]:
        return await asyncio.wait_for(asyncio.gather(*(watch(epic) for epic in ["GOLD", "SILVER"] * 10)), 30)

    ready: list[str] = []
    minutes = [1781100000000 + minute * 60_000 for minute in range(5) for _ in "ba"]
    assert asyncio.run(watch_all()) == [minutes] * 20


def test_a_fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand times faster: minutes in no time, in order, and nothing is missing."""
    monkeypatch.setattr("capital_sandbox.sessions.IDLE_LIMIT", 10**9)  # it would end in 0.6 s
    clock = RealClock(1000, DEFAULT_START)
    sandbox = Sandbox(clock=clock, limits=Limits.off(), stream=StreamSettings(idle_drop=None))
    api = Api(sandbox)
    api.login()
    # Without a limit to its queue: this client takes ten seconds to close when there are frames left to read.
    with sandbox.serve() as server, connect(stream_url(api, server), max_queue=None) as socket:
        say(socket, api, "OHLCMarketData.subscribe", epics=["BTCUSD"])
        socket.send(message("marketData.subscribe", 2, tokens(api), {"epics": ["GOLD", "EURUSD", "BTCUSD"]}))
        frames: list[Frame] = []
        candles: list[int] = []
        while len(candles) < 12:
            frame = receive(socket)
            frames.append(frame["payload"])
            if "priceType" in frame["payload"]:
                candles.append(frame["payload"]["t"])
        times = [p["timestamp"] if "timestamp" in p else p["t"] + 60_000 for p in frames if "epic" in p]
        assert times == sorted(times)
        assert candles == [candles[0] + 60_000 * (number // 2) for number in range(12)]
        clock.speed = 0
        clock.advance(3600)  # a clock that stands can be moved as well
        while receive(socket)["payload"].get("t", 0) < candles[-1] + 3600_000 - 120_000:
            pass


def test_wrong_addresses(server: Server, api: Api) -> None:
    for path, status in (("/", 404), ("/connect/", 404), ("/api/v1/ping", 404)):
        with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{server.port}{path}"):
            pass
        assert refused.value.response.status_code == status
    api.sandbox.streams.refuse()
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{server.port}/connect"):
        pass
    assert refused.value.response.status_code == 503
    assert len(api.sandbox.streams) == 0


def closing(socket: ClientConnection) -> int | None:
    """How a connection ends, as the client sees it: None without a closing frame."""
    while True:
        try:
            socket.recv(timeout=20)
        except ConnectionClosed as closed:
            return None if closed.rcvd is None else closed.rcvd.code


def test_ways_to_end(api: Api, url: str) -> None:
    streams = api.sandbox.streams
    with connect(url) as socket:
        say(socket, api, "ping")
        streams.drop()
        assert closing(socket) is None
    with connect(url) as socket:
        say(socket, api, "ping")
        streams.close(1012, "service restart")
        assert closing(socket) == 1012
    with connect(url) as socket:
        say(socket, api, "ping")
        api.clock.advance(300)
        api.get("ping")
        api.clock.advance(300)
        assert closing(socket) == 1000
    with connect(url) as socket:
        say(socket, api, "ping")
        api.sandbox.expire_sessions()
        assert receive(socket) == {"status": "ERROR", "errorCode": "error.invalid.session.token"}
        assert closing(socket) == 1008
    assert len(streams) == 0


def test_connections_that_ended_are_forgotten(api: Api, url: str) -> None:
    with connect(url) as socket:
        say(socket, api, "ping")
        connection = ref(api.sandbox.streams[0])
        api.sandbox.streams.drop()
        assert closing(socket) is None
    wait_for(lambda: gc.collect() >= 0 and connection() is None)


def test_settings_reach_open_connections(api: Api, url: str) -> None:
    api.sandbox.streams.delay = 3600
    with connect(url) as socket:
        socket.send(message("ping", 1, tokens(api), None))
        wait_for(lambda: api.sandbox.streams[0].received == 1)
        api.sandbox.streams.delay = 0
        assert receive(socket)["destination"] == "ping"


def test_stalls_and_odd_frames(api: Api, url: str) -> None:
    with connect(url) as socket:
        say(socket, api, "marketData.subscribe", epics=["GOLD"])
        api.sandbox.streams.send_raw("#ping")
        assert socket.recv(timeout=20) == "#ping"
        api.sandbox.streams.stall()
        api.clock.advance(60)
        api.sandbox.streams.send_raw("late")
        api.sandbox.streams.resume()
        assert until(socket, 1781100060000)
        assert socket.recv(timeout=20) == "late"
        # Bytes are read as text.
        socket.send(message("ping", 3, tokens(api), None).encode())
        assert receive(socket)["correlationId"] == "3"
        socket.send(b"\xff\xfe")
        assert receive(socket)["errorCode"] == "error.invalid.body"
        socket.send("x" * 70_000)
        assert closing(socket) == 1009


def test_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock jumps by days, the client takes nothing: no frame is made that cannot be sent."""
    monkeypatch.setattr("capital_sandbox.sessions.IDLE_LIMIT", 10**12)
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off(), stream=StreamSettings(patience=0.05, idle_drop=None))
    api = Api(sandbox)
    api.login()
    with (
        sandbox.serve() as server,
        connect(stream_url(api, server), max_queue=1) as socket,
        connect(stream_url(api, server)) as other,
    ):
        say(socket, api, "marketData.subscribe", epics=["BTCUSD", "ETHUSD", "GOLD", "SILVER"])
        say(other, api, "ping")
        slow, lively = sandbox.streams
        api.clock.advance(5 * 86_400)
        wait_for(lambda: not slow.open)
        assert slow.ending is not None
        assert slow.ending.reason == "the client does not read"
        assert slow.sent < 40_000
        # The others never noticed.
        assert say(other, api, "ping")["status"] == "OK"
        assert lively.open
        assert closing(socket) is None


def test_a_handshake_that_fails_is_no_error_of_the_server(
    capfd: pytest.CaptureFixture[str], sandbox: Sandbox, api: Api, server: Server
) -> None:
    url = stream_url(api, server)
    for path in ("", "connec", "connect/", "api/v1/ping"):
        with pytest.raises(InvalidStatus) as wrong, connect(url.removesuffix("connect") + path):
            pass
        assert wrong.value.response.status_code == 404
    sandbox.faults.stream.refuse(503, times=1)
    with pytest.raises(InvalidStatus) as refused, connect(url):
        pass
    assert refused.value.response.status_code == 503
    for fault in (sandbox.faults.refuse, sandbox.faults.drop_after, sandbox.faults.stall):
        fault("GET", "/connect", times=1)
        with pytest.raises((OSError, InvalidMessage, TimeoutError)), connect(url, open_timeout=0.3):
            pass
    server.close()
    assert capfd.readouterr().err == ""


def test_the_server_stops_under_open_streams(sandbox: Sandbox, api: Api) -> None:
    before = set(threading.enumerate())  # another module's server may be running
    with ExitStack() as stack:
        with sandbox.serve() as server:
            socket = stack.enter_context(connect(stream_url(api, server)))
            say(socket, api, "marketData.subscribe", epics=["GOLD"])
        assert closing(socket) == 1012
        assert "capital-sandbox" not in {thread.name for thread in set(threading.enumerate()) - before}
        assert len(sandbox.streams) == 0
        api.clock.advance(60)  # wakes nobody who is gone


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.stream_load import main

    main(["--connections", "3", "--frames", "300"])
    assert "frames/s" in capsys.readouterr().out


def test_frames_are_ascii_json(api: Api, url: str) -> None:
    with connect(url) as socket:
        socket.send(json.dumps({"destination": "ping", **tokens(api), "correlationId": "\ud800ü"}))
        text = socket.recv(timeout=20)
        assert isinstance(text, str)
        assert text.isascii()
        assert json.loads(text)["correlationId"] == "\ud800ü"
