"""Faults of the stream by rule: which frames they meet, at which instants they strike, and for how long."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from capital_sandbox import DEFAULT_START, Limits, RealClock, Request, Rule, Sandbox
from capital_sandbox.stream import StreamClosed
from capital_sandbox.stream.faults import StreamFaults

from .conftest import Api
from .streaming import Frame, Watcher, message, read, tokens, wait_for, world

START = 1781100000000
SECOND = timedelta(seconds=1)


@pytest.fixture
def watcher(api: Api) -> Watcher:
    watcher = Watcher(api)
    watcher.quotes("GOLD", "SILVER")
    return watcher


@pytest.fixture
def faults(api: Api) -> StreamFaults:
    return api.sandbox.faults.stream


def ended(watcher: Watcher) -> int | None:
    """The close code with which a connection has ended."""
    with pytest.raises(StreamClosed) as closed:
        watcher.stream.receive()
    return closed.value.code


def texts(watcher: Watcher, seconds: float = 60) -> list[str]:
    """What comes in so much time."""
    watcher.api.clock.advance(seconds)
    return list(watcher.stream)


def expected(seconds: float = 60, *epics: str) -> list[str]:
    """What comes in that time where nothing goes wrong."""
    watcher = Watcher(world())
    watcher.quotes(*(epics or ("GOLD", "SILVER")))
    return texts(watcher, seconds)


def times(frames: list[str]) -> list[float]:
    """The seconds since the start at which prices were made."""
    return [(json.loads(text)["payload"]["timestamp"] - START) / 1000 for text in frames]


# --- counted by frames ----------------------------------------------------------------------------------------


def test_a_line_that_breaks_after_so_many_frames(watcher: Watcher, faults: StreamFaults) -> None:
    rule = faults.drop(after=3, times=1)
    assert texts(watcher) == expected()[:3]
    assert ended(watcher) is None
    assert (rule.seen, rule.hits) == (4, 1)
    again = Watcher(watcher.api)
    again.quotes("GOLD")
    assert len(texts(again)) > 5
    assert rule.hits == 1


def test_a_connection_that_is_closed_with_a_code(watcher: Watcher, faults: StreamFaults) -> None:
    faults.close(1012, destination="ping", reason="service restart", times=1)
    watcher.say("ping")
    assert ended(watcher) == 1012


@pytest.mark.parametrize(
    ("when", "lost"),
    [
        ({}, "xxxxxxxxxxxxx"),
        ({"times": 2}, "xx..........."),
        ({"every": 3}, "x..x..x..x..x"),
        ({"after": 4}, "....xxxxxxxxx"),
        ({"after": 1, "every": 2, "times": 2}, ".x.x........."),
    ],
)
def test_how_often(watcher: Watcher, faults: StreamFaults, when: Any, lost: str) -> None:
    whole = expected()
    rule = faults.lose(**when)
    assert texts(watcher) == [text for text, sign in zip(whole, lost, strict=True) if sign == "."]
    assert (rule.seen, rule.hits) == (len(lost), lost.count("x"))


def test_chance_is_decided_by_the_seed() -> None:
    def life(seed: int) -> list[bool]:
        watcher = Watcher(world(seed=seed))
        watcher.quotes("GOLD")
        watcher.api.sandbox.faults.stream.duplicate(probability=0.3)
        frames = texts(watcher, 590)
        return [frames.count(text) == 2 for text in dict.fromkeys(frames)]

    assert life(1) == life(1) != life(2)
    assert 0.15 < sum(life(1)) / len(life(1)) < 0.45


def test_which_frames(watcher: Watcher, faults: StreamFaults) -> None:
    watcher.candles("GOLD")
    faults.lose("GOLD", "quote")
    faults.lose(destination="ping")
    watcher.say("ping")
    watcher.api.clock.advance(60)
    frames = watcher.frames()
    seen = {(frame["destination"], frame["payload"]["epic"]) for frame in frames}
    assert seen == {("quote", "SILVER"), ("ohlc.event", "GOLD")}
    assert watcher.candles("SILVER") == ["SILVER:MINUTE:classic"]


def test_both_sides_of_a_candle_are_frames(watcher: Watcher, faults: StreamFaults) -> None:
    watcher.candles("GOLD")
    faults.stall("GOLD", "ohlc.event", after=1, seconds=5, times=1)
    assert [json.loads(text)["payload"]["priceType"] for text in texts(watcher) if "ohlc" in text] == ["bid"]
    assert json.loads(texts(watcher, 5)[0])["payload"]["priceType"] == "ask"


def test_when(watcher: Watcher, faults: StreamFaults) -> None:
    faults.lose(since=DEFAULT_START + 10 * SECOND, until=DEFAULT_START + 20 * SECOND)
    whole = expected()
    assert texts(watcher) == [text for text, at in zip(whole, times(whole), strict=True) if not 10 <= at < 20]


def test_at_most_one_in_so_much_time(watcher: Watcher, faults: StreamFaults) -> None:
    rule = faults.duplicate(after=10 * SECOND, every=20 * SECOND)
    frames = texts(watcher)
    struck = [at for text, at in zip(frames, times(frames), strict=True) if frames.count(text) == 2][::2]
    assert rule.hits == len(struck) >= 2
    assert struck[0] >= 10
    assert all(later - earlier >= 20 for earlier, later in pairwise(struck))
    assert rule.seen == len([at for at in times(expected()) if at >= 10])


def test_frames_twice_and_out_of_order(watcher: Watcher, faults: StreamFaults) -> None:
    whole = expected()
    faults.late(seconds=20, times=1)
    faults.duplicate(after=1, times=1)
    frames = texts(watcher)
    assert frames[:2] == [whole[1], whole[1]]
    assert sorted(frames) == sorted([*whole, whole[1]])
    position = frames.index(whole[0])
    assert times(frames)[position - 1] < times(whole)[0] + 20 <= times(frames)[position + 1]


def test_a_late_frame_comes_when_nothing_else_does(watcher: Watcher, faults: StreamFaults) -> None:
    watcher.ask("marketData.unsubscribe", epics=["GOLD", "SILVER"])
    faults.late(7, destination="ping")
    watcher.say("ping")
    assert texts(watcher, 6.999) == []
    assert [json.loads(text)["destination"] for text in texts(watcher, 0.001)] == ["ping"]


def test_an_odd_frame_before_another_one(watcher: Watcher, faults: StreamFaults) -> None:
    whole = expected()
    faults.send("<html>502 Bad Gateway</html>", "SILVER", times=1)
    frames = texts(watcher)
    position = frames.index("<html>502 Bad Gateway</html>")
    assert '"SILVER"' in frames[position + 1]
    assert frames[:position] + frames[position + 1 :] == whole


def test_a_frame_that_is_struck_by_a_stall_comes_afterwards(watcher: Watcher, faults: StreamFaults) -> None:
    whole = expected(120)
    faults.stall(after=5, times=1, seconds=30)
    assert texts(watcher, times(whole)[5]) == whole[:5]
    watcher.say("ping")
    assert texts(watcher, 29.999) == []
    frames = texts(watcher, 120 - times(whole)[5] - 29.999)
    assert [text for text in frames if "ping" not in text] == whole[5:]
    assert len(frames) == len(whole) - 5 + 1


def test_rules_take_turns(watcher: Watcher, faults: StreamFaults) -> None:
    lost, seen = faults.lose("GOLD"), faults.duplicate()
    whole = expected()
    silver = [text for text in whole if '"SILVER"' in text]
    assert texts(watcher) == [text for text in silver for _ in range(2)]
    assert (lost.hits, seen.seen) == (len(whole) - len(silver), len(silver))


# --- at instants of the clock ---------------------------------------------------------------------------------


def test_a_stream_that_drops_every_minute(api: Api, faults: StreamFaults) -> None:
    rule = faults.drop(every=timedelta(minutes=1), times=2)
    for _ in range(2):
        one, other = Watcher(api), Watcher(api)  # nobody has subscribed to anything: no frame is needed
        api.clock.advance(59.999)
        assert one.ask("ping")["status"] == "OK"
        api.clock.advance(0.001)
        assert (ended(one), ended(other)) == (None, None)
    assert (rule.seen, rule.hits) == (2, 2)  # instants, not connections
    watcher = Watcher(api)
    api.clock.advance(300)
    assert watcher.ask("ping")["status"] == "OK"


def test_what_was_due_before_the_drop_still_comes(watcher: Watcher, faults: StreamFaults) -> None:
    """However late somebody looks: the instants of the frames decide."""
    faults.drop(after=30 * SECOND)
    assert texts(watcher, 300) == [text for text in expected() if times([text])[0] <= 30]
    assert ended(watcher) is None
    later = Watcher(watcher.api)  # it strikes once, not everyone who comes after
    assert later.ask("ping")["status"] == "OK"


def test_since_and_until_of_a_schedule(api: Api, faults: StreamFaults) -> None:
    faults.send("tick", every=10 * SECOND, since=DEFAULT_START + 30 * SECOND, until=DEFAULT_START + 60 * SECOND)
    faults.send("past", every=25 * SECOND, since=DEFAULT_START - 3601 * SECOND)
    watcher = Watcher(api)
    seen = [(second, text) for second in range(0, 80, 5) for text in texts(watcher, 5 if second else 0)]
    assert seen == [(25, "past"), (40, "tick"), (50, "tick"), (50, "past"), (75, "past")]


def test_a_stall_every_minute_for_ten_seconds(watcher: Watcher, faults: StreamFaults) -> None:
    whole = expected(180)
    faults.stall(every=60 * SECOND, seconds=10)
    frames = texts(watcher)
    assert texts(watcher, 9.999) == []
    frames += texts(watcher, 0.001)
    assert times(frames)[-1] > 60
    frames += texts(watcher, 50)
    assert texts(watcher, 9.999) == []
    frames += texts(watcher, 50.001)
    assert frames == whole


def test_a_silence_of_one_market_every_minute(watcher: Watcher, faults: StreamFaults) -> None:
    faults.silence("GOLD", "quote", every=60 * SECOND, seconds=20)
    frames = texts(watcher, 170)
    whole = expected(170)
    lost = [text for text in whole if '"GOLD"' in text and any(60 * n < times([text])[0] < 60 * n + 20 for n in (1, 2))]
    assert lost
    assert frames == [text for text in whole if text not in lost]
    assert watcher.ask("ping")["status"] == "OK"


def test_a_silence_from_an_instant_on(watcher: Watcher, faults: StreamFaults) -> None:
    faults.silence("GOLD", after=30 * SECOND)
    assert {json.loads(t)["payload"]["epic"] for t in texts(watcher, 120) if times([t])[0] > 30} == {"SILVER"}
    later = Watcher(watcher.api)
    later.quotes("GOLD")
    assert texts(later)  # it was not there at that instant


def test_two_lives_are_the_same() -> None:
    def life() -> list[str]:
        watcher = Watcher(world())
        watcher.quotes("GOLD", "SILVER")
        stream = watcher.api.sandbox.faults.stream
        stream.stall(every=40 * SECOND, seconds=5)
        stream.late(3, every=4)
        stream.duplicate(probability=0.2)
        stream.send("odd", after=7 * SECOND, every=11 * SECOND)
        return texts(watcher, 300)

    assert life() == life()
    assert life().count("odd") == 27


def test_what_is_sent_at_once_meets_no_rule(watcher: Watcher, faults: StreamFaults) -> None:
    rule = faults.lose()
    watcher.api.sandbox.streams.send_raw("#ping")
    assert list(watcher.stream) == ["#ping"]
    assert rule.seen == 0


def test_sent_texts_keep_the_edge_open() -> None:
    watcher = Watcher(world(edge_drop=60))
    watcher.api.sandbox.faults.stream.send("odd", every=50 * SECOND, times=3)
    assert texts(watcher, 209.999) == ["odd"] * 3
    assert texts(watcher, 0.001) == []
    assert not watcher.stream.connection.open


def test_drivers_know_when_to_look_again() -> None:
    sandbox = Sandbox(clock=RealClock(0.001, DEFAULT_START), limits=Limits.off())
    stream = sandbox.stream()
    assert stream.connection.real_seconds() == 60  # at most
    sandbox.faults.stream.send("odd", after=timedelta(milliseconds=50))
    assert 40 < (stream.connection.real_seconds() or 0) <= 50
    sandbox.faults.stream.late(0.03)
    stream.send("nonsense")
    assert stream.receive() is None
    assert 20 < (stream.connection.real_seconds() or 0) <= 30
    sandbox.faults.clear()
    sandbox.faults.stream.stall(seconds=0.02)
    stream.send("nonsense")
    assert stream.receive() is None
    assert 10 < (stream.connection.real_seconds() or 0) <= 20


def test_the_delay_of_the_settings_comes_on_top() -> None:
    watcher = Watcher(world(delay=20))
    watcher.api.sandbox.faults.stream.drop(after=30 * SECOND)
    watcher.api.clock.advance(49.999)
    assert watcher.frames() == []
    assert watcher.stream.connection.open
    watcher.api.clock.advance(0.001)
    assert ended(watcher) is None


# --- the end of a rule ----------------------------------------------------------------------------------------


def test_a_stall_without_end_lasts_as_long_as_its_rule(watcher: Watcher, faults: StreamFaults) -> None:
    whole = expected(300)
    rule = faults.stall(after=2, times=1)
    assert texts(watcher, 120) == whole[:2]
    rule.remove()
    assert len(watcher.api.sandbox.faults) == 0
    assert list(watcher.stream) + texts(watcher, 180) == whole[2:]
    faults.stall(after=SECOND, until=watcher.api.clock.now() + 10 * SECOND)
    assert len(texts(watcher, 9.999)) == len([at for at in times(expected(302)) if 300 < at <= 301])
    assert texts(watcher, 0.001)


def test_a_silence_lasts_as_long_as_its_rule(watcher: Watcher, faults: StreamFaults) -> None:
    whole = expected(120)
    rule = faults.silence("GOLD")
    assert [text for text in texts(watcher) if '"GOLD"' in text] == []
    rule.remove()
    assert texts(watcher) == [text for text in whole if times([text])[0] > 60]


def test_what_was_due_before_a_rule_was_made_or_removed(watcher: Watcher, faults: StreamFaults) -> None:
    watcher.api.clock.advance(60)
    rule = faults.lose()
    watcher.api.clock.advance(60)
    rule.remove()
    watcher.api.clock.advance(60)
    whole = expected(180)
    assert list(watcher.stream) == [text for text in whole if not 60 < times([text])[0] <= 120]


def test_rules_that_ended_are_forgotten(watcher: Watcher, faults: StreamFaults) -> None:
    def found() -> Any:
        return watcher.api.sandbox.streams._rules  # pyright: ignore[reportPrivateUsage] - there is nothing else to see

    rule = faults.lose()
    watcher.api.clock.advance(60)
    rule.remove()
    assert found()  # there is somebody who has not got that far
    assert watcher.frames() == []
    faults.lose().remove()
    assert not found()


def test_clearing_ends_them_all(watcher: Watcher, faults: StreamFaults) -> None:
    faults.stall(after=3, times=1)
    faults.silence("SILVER")
    faults.drop(every=300 * SECOND)
    assert texts(watcher) == [text for text in expected()[:3] if '"GOLD"' in text]
    watcher.api.sandbox.faults.clear()
    assert len(watcher.api.sandbox.faults) == 0
    watcher.frames()
    assert {
        payload["epic"] for payload in map(json.loads, texts(watcher, 400)) for payload in [payload["payload"]]
    } == {
        "GOLD",
        "SILVER",
    }


def test_they_are_listed_with_the_others(api: Api, faults: StreamFaults) -> None:
    call = api.sandbox.faults.refuse("GET", "/ping")
    stream = faults.late(5, "GOLD", "quote", every=2, times=3)
    assert list(api.sandbox.faults) == [call, stream]
    assert [rule.number for rule in api.sandbox.faults] == [1, 2]
    assert repr(stream) == "<stream.late quote GOLD: 0 hits>"
    assert repr(faults.drop(after=SECOND)) == "<stream.drop any frame: 0 hits>"
    _, late, drop = api.sandbox.state.faults
    assert (late.name, late.method, late.path, late.times, drop.path) == ("stream.late", "quote", "GOLD", 3, None)


def test_impossible_rules_are_refused_at_once(sandbox: Sandbox) -> None:
    stream = sandbox.faults.stream
    impossible: list[Callable[[], Rule]] = [
        lambda: stream.drop(destination="quotes"),
        lambda: stream.drop(times=0),
        lambda: stream.drop(every=timedelta(0)),
        lambda: stream.drop(after=timedelta(microseconds=1)),
        lambda: stream.drop(after=-1),
        lambda: stream.drop(after=SECOND, every=2),
        lambda: stream.drop(after=2, every=SECOND),
        lambda: stream.drop(every=SECOND, probability=0.5),
        lambda: stream.drop("GOLD", every=SECOND),
        lambda: stream.send("x", destination="quote", after=SECOND),
        lambda: stream.stall(seconds=0),
        lambda: stream.silence(seconds=float("nan")),
        lambda: stream.late(float("inf")),
        lambda: stream.close(1006),
        lambda: stream.close(7),
        lambda: stream.close(reason="x" * 124),
        lambda: stream.refuse(200),
        lambda: stream.refuse(599),
    ]
    for make in impossible:
        with pytest.raises(ValueError):
            make()
    assert len(sandbox.faults) == 0
    assert not sandbox.streams._rules  # pyright: ignore[reportPrivateUsage]


# --- the handshake --------------------------------------------------------------------------------------------


def test_faults_of_calls_meet_the_handshake(api: Api) -> None:
    sandbox = api.sandbox
    rules = [
        sandbox.faults.stream.refuse(429, times=1),
        sandbox.faults.server_error("html", "GET", "/connect", times=1),
        sandbox.faults.refuse(path="/connect", times=1),
        sandbox.faults.drop_before("GET", times=1),
        sandbox.faults.stall(times=1),
    ]
    failures = [
        ConnectionRefusedError,
        ConnectionRefusedError,
        ConnectionRefusedError,
        ConnectionResetError,
        TimeoutError,
    ]
    for failure, told in zip(failures, ("429", "502", "refused", "dropped", "no answer"), strict=True):
        with pytest.raises(failure, match=told):
            sandbox.stream()
    assert [rule.hits for rule in rules] == [1, 1, 1, 1, 1]
    assert Watcher(api).ask("ping")["status"] == "OK"
    assert sandbox.streams.opened == 1
    sandbox.faults.kill_sessions("GET", "/connect")
    first, second = sandbox.streams[0], Watcher(api)
    assert "error.invalid.session.token" in first.take()[0]  # told at once, not when it is heard of again
    assert second.ask("ping")["errorCode"] == "error.invalid.session.token"


# --- over real sockets ----------------------------------------------------------------------------------------


@pytest.fixture
def served(api: Api) -> Iterator[tuple[str, httpx.Client]]:
    with api.sandbox.serve() as server, httpx.Client(base_url=server.url) as http:
        yield f"ws://127.0.0.1:{server.port}/connect", http


def say(socket: ClientConnection, api: Api, destination: str, **payload: Any) -> Frame:
    socket.send(message(destination, 1, tokens(api), payload or None))
    return read(str(socket.recv(timeout=20)))


def closing(socket: ClientConnection) -> int | None:
    """How a connection ends, as the client sees it: None without a closing frame."""
    while True:
        try:
            socket.recv(timeout=20)
        except ConnectionClosed as closed:
            return None if closed.rcvd is None else closed.rcvd.code


def test_instants_wake_the_server(api: Api, served: tuple[str, httpx.Client]) -> None:
    url, http = served
    stream = api.sandbox.faults.stream
    with connect(url) as socket:
        say(socket, api, "ping")
        stream.send("#odd", after=SECOND)
        stream.close(1012, after=2 * SECOND)
        http.post("/_sandbox/clock", json={"advance": 1})
        assert socket.recv(timeout=20) == "#odd"
        http.post("/_sandbox/clock", json={"advance": 1})
        assert closing(socket) == 1012
    with connect(url) as socket:
        say(socket, api, "ping")
        stream.drop(every=60 * SECOND)
        api.clock.advance(60)
        assert closing(socket) is None


def test_a_clock_that_runs_by_itself_brings_them(served: tuple[str, httpx.Client], api: Api) -> None:
    url, http = served
    with connect(url) as socket:
        say(socket, api, "ping")
        http.post("/_sandbox/faults", json={"fault": "stream.send", "text": "odd", "every": "30s", "times": 2})
        http.post("/_sandbox/clock", json={"speed": 1000})
        assert [socket.recv(timeout=20) for _ in range(2)] == ["odd", "odd"]


def test_drivers_are_woken_by_rules(sandbox: Sandbox) -> None:
    woken = threading.Event()
    sandbox.streams.connect(woken.set)
    rule = sandbox.faults.stream.drop(after=SECOND)
    assert woken.is_set()
    woken.clear()
    rule.remove()
    assert woken.is_set()


def test_a_removed_rule_wakes_the_server(api: Api, served: tuple[str, httpx.Client]) -> None:
    url, http = served
    with connect(url) as socket:
        say(socket, api, "marketData.subscribe", epics=["GOLD"])
        made = http.post("/_sandbox/faults", json={"fault": "stream.stall"}).json()
        [rule] = api.sandbox.faults
        socket.send(message("ping", 2, tokens(api), None))
        wait_for(lambda: rule.hits == 1)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0)
        http.delete(f"/_sandbox/faults/{made['id']}")
        assert read(str(socket.recv(timeout=20)))["destination"] == "ping"


def test_handshakes_over_sockets(api: Api, served: tuple[str, httpx.Client]) -> None:
    url, _ = served
    faults = api.sandbox.faults
    faults.stream.refuse(403, times=1)
    faults.server_error("html", "GET", "/connect", times=1)
    for status, kind, body in ((403, "text/plain", b""), (502, "text/html", b"Bad Gateway")):
        with pytest.raises(InvalidStatus) as refused, connect(url):
            pass
        response = refused.value.response
        assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (status, kind)
        assert body in (response.body or b"")
    for broken in (faults.refuse, faults.drop_before, faults.drop_after):
        broken("GET", "/connect", times=1)
        with pytest.raises((InvalidMessage, ConnectionResetError)), connect(url):
            pass
    faults.stall("GET", "/connect", times=1)
    with pytest.raises(TimeoutError), connect(url, open_timeout=0.2):
        pass
    with connect(url) as socket:
        assert say(socket, api, "ping")["status"] == "OK"
    assert api.sandbox.streams.opened == 1


def test_a_server_does_not_wait_for_a_handshake_that_it_stalled(sandbox: Sandbox) -> None:
    arrived = threading.Event()

    def arrives(request: Request) -> bool:
        arrived.set()
        return True

    sandbox.faults.stall("GET", "/connect", where=arrives)
    server = sandbox.serve()
    with ThreadPoolExecutor(1) as others:
        attempt = others.submit(connect, f"ws://127.0.0.1:{server.port}/connect", open_timeout=20)
        assert arrived.wait(10)
        started = time.monotonic()
        server.close()
        assert isinstance(attempt.exception(20), InvalidStatus | InvalidMessage)
    assert time.monotonic() - started < 0.9  # uvicorn's own patience is a second
