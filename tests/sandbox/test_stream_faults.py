"""What a test can do to open connections."""

import gc
from weakref import ref

import pytest

from capital_sandbox import ManualClock
from capital_sandbox.stream import StreamClosed

from .conftest import Api
from .streaming import Watcher, world

START = 1781100000000


@pytest.fixture
def watcher(api: Api) -> Watcher:
    watcher = Watcher(api)
    watcher.quotes("GOLD", "SILVER")
    return watcher


def ended(watcher: Watcher) -> int | None:
    """The close code with which a connection has ended."""
    with pytest.raises(StreamClosed) as closed:
        watcher.stream.receive()
    return closed.value.code


def stamps(watcher: Watcher) -> set[int]:
    return {(payload["timestamp"] - START) // 60_000 for payload in watcher.payloads()}


def test_they_are_listed(watcher: Watcher) -> None:
    streams = watcher.api.sandbox.streams
    other = Watcher(watcher.api)
    other.candles("GOLD", resolutions=["HOUR"])
    watcher.api.clock.advance(60)
    sent = len(watcher.frames())
    assert sent > 0
    assert len(streams) == 2
    assert [each.epics for each in streams] == [("GOLD", "SILVER"), ("GOLD",)]
    assert streams[1].subscriptions == ("GOLD:HOUR:classic",)
    assert (streams[0].received, streams[0].sent) == (1, sent + 1)
    assert "GOLD, SILVER" in repr(streams[0])
    other.stream.close()
    assert [each.number for each in streams] == [1]
    assert streams.opened == 2


def test_drop(watcher: Watcher) -> None:
    other = Watcher(watcher.api)
    watcher.api.clock.advance(60)
    assert watcher.api.sandbox.streams.drop() == 2
    assert len(watcher.api.sandbox.streams) == 0
    watcher.api.clock.advance(60)
    # What was due at the time still comes, then nothing.
    assert stamps(watcher) == {0, 1}
    assert ended(watcher) is None
    assert ended(other) is None


def test_drop_one(watcher: Watcher) -> None:
    other = Watcher(watcher.api)
    watcher.api.sandbox.streams[0].drop()
    assert ended(watcher) is None
    assert other.ask("ping")["status"] == "OK"


def test_close(watcher: Watcher) -> None:
    assert watcher.api.sandbox.streams.close(1012, "service restart") == 1
    assert ended(watcher) == 1012


def test_stall_and_resume(watcher: Watcher) -> None:
    streams = watcher.api.sandbox.streams
    watcher.api.clock.advance(60)
    assert streams.stall() == 1
    watcher.say("ping")
    watcher.api.clock.advance(120)
    assert stamps(watcher) == {0, 1}
    assert watcher.stream.connection.open
    fresh = Watcher(watcher.api)
    assert fresh.ask("ping")["status"] == "OK"
    # Late, but complete and in order.
    streams.resume()
    frames = watcher.frames()
    assert {(f["payload"]["timestamp"] - START) // 60_000 for f in frames if f["destination"] == "quote"} == {1, 2, 3}
    assert [frame["destination"] for frame in frames].count("ping") == 1


def test_a_stalled_connection_can_be_dropped(watcher: Watcher) -> None:
    watcher.api.sandbox.streams.stall()
    watcher.api.clock.advance(60)
    watcher.api.sandbox.streams.drop()
    assert watcher.frames() == []
    assert ended(watcher) is None


def test_silence_of_one_market(watcher: Watcher) -> None:
    streams = watcher.api.sandbox.streams
    watcher.candles("GOLD")
    watcher.candles("GOLD", type="heikin-ashi")
    watcher.api.clock.advance(60)
    assert streams.silence("GOLD") == 3
    assert streams.silence("US500") == 0
    watcher.api.clock.advance(60)
    silent = list(watcher.payloads())
    at_first = {p["epic"] for p in silent if p.get("timestamp", 0) <= START + 60_000}
    assert at_first == {"GOLD", "SILVER"}
    assert {p["epic"] for p in silent if p.get("timestamp", 0) > START + 60_000} == {"SILVER"}
    assert {p["t"] for p in silent if "t" in p} == {START}
    assert watcher.stream.connection.epics == ("GOLD", "SILVER")
    # What was missed is lost.
    assert streams.speak("GOLD") == 3
    watcher.api.clock.advance(120)
    heard = list(watcher.payloads())
    assert {p["t"] for p in heard if "t" in p} == {START + 120_000, START + 180_000}
    assert {p["epic"] for p in heard if "timestamp" in p} == {"GOLD", "SILVER"}


def test_what_was_lost_stays_lost_however_late_somebody_looks(watcher: Watcher) -> None:
    streams = watcher.api.sandbox.streams
    watcher.api.clock.advance(60)
    streams.silence()
    watcher.api.clock.advance(60)
    streams.speak()
    watcher.api.clock.advance(60)
    times = [payload["timestamp"] - START for payload in watcher.payloads()]
    assert [time for time in times if 60_000 < time <= 120_000] == []
    assert {time // 60_000 for time in times} == {0, 1, 2, 3}
    assert min(time for time in times if time > 60_000) > 120_000


def test_an_answer_is_found_behind_much_that_is_lost(watcher: Watcher) -> None:
    watcher.quotes(*list(watcher.api.sandbox.world.catalogue)[:38])
    watcher.api.sandbox.streams.silence()
    watcher.api.clock.advance(590)
    watcher.say("ping")
    text = watcher.stream.receive()
    assert text is not None
    assert '"ping"' in text


def test_connections_that_ended_are_forgotten(watcher: Watcher) -> None:
    connection = ref(watcher.stream.connection)
    watcher.api.sandbox.streams.drop()
    assert ended(watcher) is None
    del watcher.stream
    gc.collect()
    assert connection() is None


def test_silence_of_candles_or_quotes(watcher: Watcher) -> None:
    streams = watcher.api.sandbox.streams
    watcher.candles("GOLD")
    watcher.candles("GOLD", type="heikin-ashi")
    assert streams.silence(kind="heikin-ashi") == 1
    watcher.api.clock.advance(60)
    assert {p.get("type") for p in watcher.payloads()} == {None, "classic"}
    assert streams.silence(candles=True) == 2
    watcher.api.clock.advance(60)
    assert {p.get("type") for p in watcher.payloads()} == {None}
    assert streams.silence(candles=False) == 2
    watcher.api.clock.advance(60)
    assert watcher.frames() == []
    assert streams.speak() == 4
    watcher.api.clock.advance(60)
    assert {p.get("type") for p in watcher.payloads()} == {None, "classic", "heikin-ashi"}


def test_a_new_subscription_speaks_again(watcher: Watcher) -> None:
    watcher.api.sandbox.streams.silence("GOLD")
    watcher.quotes("GOLD")
    watcher.api.clock.advance(60)
    assert {p["epic"] for p in watcher.payloads()} == {"SILVER"}
    watcher.ask("marketData.unsubscribe", epics=["GOLD"])
    watcher.quotes("GOLD")
    watcher.api.clock.advance(60)
    assert {p["epic"] for p in watcher.payloads()} == {"GOLD", "SILVER"}


def test_raw_text(watcher: Watcher) -> None:
    assert watcher.api.sandbox.streams.send_raw("#ping") == 1
    watcher.api.sandbox.streams[0].send_raw("<html>502 Bad Gateway</html>")
    assert list(watcher.stream) == ["#ping", "<html>502 Bad Gateway</html>"]


def test_delay(watcher: Watcher) -> None:
    streams = watcher.api.sandbox.streams
    watcher.api.clock.advance(60)
    watcher.frames()
    streams.delay = 20
    assert streams.delay == 20
    watcher.say("ping")
    watcher.api.clock.advance(19.999)
    assert watcher.frames() == []
    watcher.api.clock.advance(0.001)
    assert [frame["destination"] for frame in watcher.frames()] == ["ping"]
    watcher.api.clock.advance(100)
    late = [payload["timestamp"] for payload in watcher.payloads()]
    assert START + 60_000 < max(late) <= START + 160_000
    streams.delay = 0
    assert min(payload["timestamp"] for payload in watcher.payloads()) > START + 160_000


def test_refused_connections(api: Api) -> None:
    api.sandbox.streams.refuse(2)
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            api.sandbox.stream()
    assert Watcher(api).ask("ping")["status"] == "OK"
    assert api.sandbox.streams.opened == 1


def test_settings_can_be_changed_while_it_runs() -> None:
    watcher = Watcher(world(clock=ManualClock()))
    streams = watcher.api.sandbox.streams
    assert streams.settings.edge_drop is None
    streams.configure(edge_drop=60)
    watcher.api.clock.advance(60)
    assert ended(watcher) is None
    with pytest.raises(TypeError):
        streams.configure(edge=60)
    for wrong in ({"delay": -1}, {"errors": "bottom"}, {"edge_drop": -1}):
        with pytest.raises(ValueError):
            streams.configure(**wrong)
    streams.configure(errors="payload")
    assert "errorCode" in Watcher(watcher.api).ask("marketData.subscribe", epics=["NOPE"])["payload"]
