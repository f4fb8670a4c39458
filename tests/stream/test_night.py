"""What a long night brings: outages of everything at once, servers that refuse, clocks and frames that are mad."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from capital_ext import Candle, Gap, NotSentError, Quote, Reconnected, Stale
from capital_ext.stream.sockets import Connecting
from capital_sandbox import StreamSettings

from .truth import history, without_volume
from .world import Kind, Live, Making, candles_in, live, minute, quotes_in


def test_an_outage_of_line_and_calls_together_loses_no_candle(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    one.a(Candle)
    calls = one.sandbox.faults.drop_before("GET", "/prices/SILVER", times=12)
    one.sandbox.streams.refuse(7)
    one.sandbox.streams.drop()
    one.pass_by(900, step=3)
    assert calls.hits == 12
    assert without_volume(candles_in(one.events))[:15] == history(
        one.sandbox, "SILVER", "MINUTE", minute("14:00"), timedelta(minutes=15)
    )
    assert not [event for event in one.events if isinstance(event, Gap)]


def test_a_history_that_is_gone_for_long_is_given_up(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    one.a(Candle)
    one.sandbox.faults.server_error("json", "GET", "/prices/SILVER")
    one.faults.lose("SILVER", "ohlc.event", times=2)
    gap = one.a(Gap, within=3000, step=5)
    assert (gap.start, gap.end) == (minute("14:01"), minute("14:02"))
    one.pass_by(120, step=5)
    times = [candle.time for candle in candles_in(one.events)]
    assert times == sorted(set(times))
    assert minute("14:02") in times


def test_a_connection_that_was_let_in_once_is_never_given_up(make: Making) -> None:
    one = make()
    silver = one.quotes("SILVER")
    one.live()
    one.sandbox.streams.configure(most_connections=0)
    one.sandbox.streams.drop()
    one.pass_by(240, step=2)
    assert silver.active
    one.sandbox.streams.configure(most_connections=None)
    one.a(Reconnected)
    assert one.a(Quote)


def quote(one: Live, **more: Any) -> str:
    now = int(one.clock.now().timestamp() * 1000)
    payload = {"epic": "SILVER", "bid": 7, "ofr": 8, "timestamp": now, **more}
    return json.dumps({"status": "OK", "destination": "quote", "payload": payload})


FAR = 4_102_444_800_000  # the year 2100


@pytest.mark.parametrize(
    "frame",
    [
        '{"destination": "quote", "payload": {"epic": "SILVER", "bid": 7, "ofr": 8, "timestamp": 4102444800000}}',
        '{"destination": "quote", "payload": {"epic": "SILVER", "bid": 1e999, "ofr": 8, "timestamp": 1781100000000}}',
        '{"destination": "quote", "payload": {"epic": "SILVER", "bid": true, "ofr": 8, "timestamp": 1781100000000}}',
    ],
)
def test_a_mad_quote_harms_no_other(one: Live, frame: str) -> None:
    one.quotes("SILVER")
    one.live().send_raw(frame)
    quotes = quotes_in(one.pass_by(60))
    assert len(quotes) > 2
    assert one.stream.odd_frames == 1
    assert one.stream.outdated_quotes == 0


@pytest.mark.parametrize("time", [FAR, 253_402_300_740_000])
def test_a_mad_candle_harms_no_other(one: Live, time: int) -> None:
    one.candles("SILVER")
    connection = one.live()
    for side in "bid", "ask":
        payload: dict[str, Any] = {"resolution": "MINUTE", "epic": "SILVER", "type": "classic", "priceType": side}
        payload |= {"t": time, **dict.fromkeys("ohlc", 1.0)}
        connection.send_raw(json.dumps({"status": "OK", "destination": "ohlc.event", "payload": payload}))
    one.pass_by(180, step=5)
    assert [candle.time for candle in candles_in(one.events)] == [minute(f"14:0{number}") for number in range(3)]
    assert one.stream.odd_frames == 2


def test_a_quote_from_a_little_ahead_blocks_the_market_for_a_minute_at_most(one: Live) -> None:
    one.quotes("SILVER")
    ahead = int((one.clock.now() + timedelta(minutes=50)).timestamp() * 1000)
    one.live().send_raw(quote(one, timestamp=ahead))
    one.a(Stale)
    one.a(Reconnected)
    assert one.a(Quote).time < minute("14:10")


# --- two who want the same --------------------------------------------------------------------------------------------


def test_whoever_iterates_first_takes_nothing_from_the_other(one: Live) -> None:
    one.clock.advance(600)
    start = minute("14:00") - timedelta(seconds=60)
    both, silver = one.candles("SILVER", "GOLD", after=start), one.candles("SILVER")
    one.live()
    one.wait(lambda: len(one.stream._board.inbox) == 20)
    wanted = [minute(f"14:0{number}") for number in range(10)]
    assert [one.take(silver).time for _ in range(10)] == wanted
    found = [one.take(both) for _ in range(20)]
    for epic in "SILVER", "GOLD":
        assert [candle.time for candle in found if candle.epic == epic] == wanted


def test_a_notice_that_waits_comes_to_everybody_whom_it_concerns(one: Live) -> None:
    silver = one.quotes("SILVER")
    one.quotes("GOLD")
    one.live()
    one.sandbox.streams.drop()
    one.wait(lambda: not one.stream._board.connections[0]._feeds["SILVER"].live)
    mine, rest = one.a(Stale, silver), one.a(Stale)
    assert [str(topic) for topic in mine.topics] == ["SILVER"]
    assert [str(topic) for topic in rest.topics] == ["GOLD"]


# --- nothing grows, nothing lingers -----------------------------------------------------------------------------------


def test_waiting_in_vain_leaves_nothing_behind() -> None:
    with live("sync") as one:
        for _ in range(50):
            assert list(one.stream.during(0)) == []
        assert not one.stream._board.inbox._waiting
        for number in range(20):
            subscription = one.stream.quotes("SILVER")
            subscription.unsubscribe()
            assert list(subscription) == []
            assert len(one.stream._board._inboxes) == 1, number


def test_waiting_in_vain_in_tasks_leaves_nothing_behind() -> None:
    with live("async") as one:

        async def main() -> None:
            for _ in range(50):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.001):
                        await anext(one.stream)

        one.run(main())
        assert not one.stream._board.inbox._waiting


def test_an_iteration_ends_when_another_thread_unsubscribes() -> None:
    with live("async") as one:
        silver = one.quotes("SILVER")
        one.live()

        async def main() -> list[Any]:
            asyncio.get_running_loop().set_debug(True)
            timer = threading.Timer(0.05, silver.unsubscribe)
            timer.start()
            async with asyncio.timeout(10):
                return [event async for event in silver]

        assert one.run(main()) == []


def test_closing_ends_a_long_fetch(kind: Kind) -> None:
    with live(kind) as one:
        one.candles("SILVER", after=one.clock.now() - timedelta(days=300))
        one.wait(lambda: one.sent("GET", "/prices/SILVER") > 2)
        started = time.perf_counter()
        one.close_stream()
        assert time.perf_counter() - started < 3
        asked = one.sent("GET", "/prices/SILVER")
        for _ in range(50):
            one.let_work()
        assert one.sent("GET", "/prices/SILVER") - asked <= 2


def test_a_long_fetch_makes_nobody_else_wait(one: Live) -> None:
    one.clock.advance(600)
    one.candles("SILVER", after=one.clock.now() - timedelta(days=100))
    one.candles("GOLD", after=one.clock.now() - timedelta(minutes=5))
    waiting = one.stream._board.inbox._others
    one.wait(lambda: any(event.epic == "GOLD" for _, event in tuple(waiting)))
    assert sum(event.epic == "SILVER" for _, event in tuple(waiting)) < 50_000  # of a hundred thousand


def test_callbacks_that_close_do_not_wait_for_one_another() -> None:
    with live("sync") as one:
        started = time.perf_counter()

        def close(_: object) -> None:
            one.stream.close()

        for epic in "SILVER", "GOLD", "BTCUSD":
            one.stream.quotes(epic).for_each(close)
        one.live()
        one.clock.advance(59)
        one.wait(lambda: one.stream.closed)
        one.stream.close()
        assert time.perf_counter() - started < 9


# --- where the tokens go ----------------------------------------------------------------------------------------------


@contextmanager
def redirecting(target: str) -> Generator[str]:
    """A server that sends whoever comes to another address."""
    import socket

    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                client.recv(4096)
                client.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{server.getsockname()[1]}/connect"
    finally:
        server.close()


def test_a_redirect_is_not_followed(kind: Kind) -> None:
    import socket

    with socket.create_server(("127.0.0.2", 0)) as elsewhere:
        elsewhere.settimeout(0.5)
        with redirecting(f"ws://127.0.0.2:{elsewhere.getsockname()[1]}/connect") as address:
            connecting = Connecting(address)
            with pytest.raises(NotSentError):
                connecting.wait() if kind == "sync" else asyncio.run(connecting.wait_async())
        with suppress(TimeoutError):
            client, _ = elsewhere.accept()  # it was connected to at most, and told nothing
            with client:
                client.settimeout(0.5)
                assert client.recv(4096) == b""


def test_a_server_that_follows_fewer_connections_is_no_storm(make: Making) -> None:
    one = make(stream=StreamSettings(most_connections=0))
    one.quotes("SILVER")
    with pytest.raises(Exception, match="no more streams"):
        one.pass_by(120)
    assert one.sandbox.streams.opened == 3
