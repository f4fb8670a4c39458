"""The protocol of the stream, without sockets: what is asked, answered, refused, and how it ends."""

import json
from typing import Any

import pytest

from capital_sandbox import DEFAULT_START, Limits, ManualClock, RealClock, Sandbox, StreamSettings
from capital_sandbox.stream import ErrorPlace, StreamClosed

from .conftest import Api
from .streaming import Frame, Watcher, code, read, world

DEAD = "error.invalid.session.token"


@pytest.fixture
def watcher(api: Api) -> Watcher:
    return Watcher(api)


def kinds(frames: list[Frame]) -> set[str]:
    return {frame["destination"] for frame in frames}


def test_answers_have_the_documented_shapes(watcher: Watcher) -> None:
    assert watcher.ask("marketData.subscribe", epics=["OIL_CRUDE"]) == {
        "status": "OK",
        "destination": "marketData.subscribe",
        "correlationId": "1",
        "payload": {"subscriptions": {"OIL_CRUDE": "PROCESSED"}},
    }
    frame = watcher.ask("OHLCMarketData.subscribe", epics=["OIL_CRUDE", "AAPL"], resolutions=["MINUTE_5"])
    assert frame["correlationId"] == "2"
    assert frame["payload"]["subscriptions"] == {
        "OIL_CRUDE:MINUTE_5:classic": "PROCESSED",
        "AAPL:MINUTE_5:classic": "PROCESSED",
    }
    assert watcher.ask("ping") == {"status": "OK", "destination": "ping", "correlationId": "3", "payload": {}}
    watcher.api.clock.advance(300)
    frames = watcher.frames()
    quote = next(frame for frame in frames if frame["destination"] == "quote")
    assert quote.keys() == {"status", "destination", "payload"}
    assert list(quote["payload"]) == ["epic", "product", "bid", "bidQty", "ofr", "ofrQty", "timestamp"]
    assert quote["payload"]["product"] == "CFD"
    candle = next(frame for frame in frames if frame["destination"] == "ohlc.event")
    assert candle.keys() == quote.keys()
    assert set(candle["payload"]) == {"resolution", "epic", "type", "priceType", "t", "o", "h", "l", "c"}


def test_defaults_of_candles(watcher: Watcher) -> None:
    assert watcher.candles("GOLD") == ["GOLD:MINUTE:classic"]
    assert watcher.candles("GOLD", resolutions=["HOUR", "DAY"], type="heikin-ashi") == [
        "GOLD:HOUR:heikin-ashi",
        "GOLD:DAY:heikin-ashi",
    ]


def test_quotes_stop_when_unsubscribed(watcher: Watcher) -> None:
    watcher.quotes("GOLD", "SILVER")
    watcher.api.clock.advance(60)
    assert {payload["epic"] for payload in watcher.payloads()} == {"GOLD", "SILVER"}
    watcher.api.clock.advance(60)
    # What happened before the cancellation still comes, and before its acknowledgement.
    watcher.say("marketData.unsubscribe", epics=["GOLD"])
    *before, answer = watcher.frames()
    assert {frame["payload"]["epic"] for frame in before} == {"GOLD", "SILVER"}
    assert answer["payload"]["subscriptions"] == {"GOLD": "PROCESSED"}
    watcher.api.clock.advance(60)
    assert {payload["epic"] for payload in watcher.payloads()} == {"SILVER"}
    assert watcher.stream.connection.epics == ("SILVER",)


def test_what_is_subscribed_twice_comes_once(watcher: Watcher) -> None:
    watcher.quotes("GOLD", "GOLD")
    watcher.quotes("GOLD")
    watcher.candles("GOLD")
    watcher.candles("GOLD", resolutions=["MINUTE", "MINUTE"])
    watcher.api.clock.advance(120)
    seen = [json.dumps(payload) for payload in watcher.payloads()]
    assert len(seen) == len(set(seen)) > 8


@pytest.mark.parametrize(
    ("payload", "stopped"),
    [
        ({}, {"GOLD:MINUTE:classic", "GOLD:MINUTE_5:classic", "GOLD:MINUTE:heikin-ashi"}),
        ({"resolutions": ["MINUTE"]}, {"GOLD:MINUTE:classic", "GOLD:MINUTE:heikin-ashi"}),
        ({"types": ["heikin-ashi"]}, {"GOLD:MINUTE:heikin-ashi"}),
        ({"resolutions": ["MINUTE_5"], "types": ["classic"]}, {"GOLD:MINUTE_5:classic"}),
        ({"resolutions": ["WEEK"], "types": ["classic"]}, {"GOLD:WEEK:classic"}),
        ({"resolutions": ["WEEK"]}, set[str]()),
    ],
)
def test_unsubscribing_candles(watcher: Watcher, payload: dict[str, Any], stopped: set[str]) -> None:
    every = watcher.candles("GOLD", resolutions=["MINUTE", "MINUTE_5"])
    every += watcher.candles("GOLD", type="heikin-ashi") + watcher.candles("SILVER") + watcher.quotes("GOLD")
    frame = watcher.ask("OHLCMarketData.unsubscribe", epics=["GOLD"], **payload)
    assert set(frame["payload"]["subscriptions"]) == stopped
    assert set(watcher.stream.connection.subscriptions) == set(every) - stopped


@pytest.mark.parametrize(
    ("destination", "payload", "expected"),
    [
        ("marketData.subscribe", {"epics": []}, "error.null.epics"),
        ("marketData.subscribe", {}, "error.null.epics"),
        ("marketData.subscribe", None, "error.null.payload"),
        ("marketData.subscribe", ["GOLD"], "error.invalid.payload"),
        ("marketData.subscribe", {"epics": "GOLD"}, "error.invalid.epics"),
        ("marketData.subscribe", {"epics": [1]}, "error.invalid.epics"),
        ("marketData.subscribe", {"epics": ["GOLD", "gold"]}, "error.invalid.epic"),
        ("marketData.unsubscribe", {"epics": ["NOPE"]}, "error.invalid.epic"),
        ("OHLCMarketData.subscribe", {"epics": ["NOPE"]}, "error.invalid.epic"),
        ("OHLCMarketData.subscribe", {"epics": ["GOLD"], "resolutions": ["MINUTE_2"]}, "error.invalid.resolution"),
        ("OHLCMarketData.subscribe", {"epics": ["GOLD"], "resolutions": "MINUTE"}, "error.invalid.resolutions"),
        ("OHLCMarketData.subscribe", {"epics": ["GOLD"], "type": "renko"}, "error.invalid.type"),
        ("OHLCMarketData.subscribe", {"epics": ["GOLD"], "type": 1}, "error.invalid.type"),
        ("OHLCMarketData.unsubscribe", {"epics": ["GOLD"], "types": ["renko"]}, "error.invalid.type"),
        ("OHLCMarketData.unsubscribe", {"epics": ["GOLD"], "resolutions": [""]}, "error.invalid.resolution"),
        ("trade.event", {"epics": ["GOLD"]}, "error.invalid.destination"),
        ("marketData", {"epics": ["GOLD"]}, "error.invalid.destination"),
        ("marketData.resubscribe", {"epics": ["GOLD"]}, "error.invalid.destination"),
        (7, None, "error.invalid.destination"),
        (None, None, "error.invalid.destination"),
    ],
)
def test_refused(watcher: Watcher, destination: Any, payload: Any, expected: str) -> None:
    request = {"destination": destination, "correlationId": "9", **watcher.tokens, "payload": payload}
    frame = watcher.raw({name: value for name, value in request.items() if value is not None})
    assert code(frame) == expected
    assert frame["correlationId"] == "9"
    # The whole message is refused, its good parts as well; and the connection lives on.
    assert watcher.stream.connection.subscriptions == ()
    assert watcher.ask("ping")["status"] == "OK"
    assert [record.error_code for record in watcher.api.sandbox.streams.log] == [expected, None]


@pytest.mark.parametrize(
    "text", ["", "#ping", "null", "[]", "7", "{", '{"a": NaN}', '{"a": 1e999}', "[" * 100_000, "9" * 5000, "\ud800"]
)
def test_not_a_message(watcher: Watcher, text: str) -> None:
    frame = watcher.raw(text)
    assert frame == {"status": "ERROR", "errorCode": "error.invalid.body"}
    assert watcher.ask("ping")["status"] == "OK"


def test_odd_things_can_be_repeated(watcher: Watcher) -> None:
    """What JSON can hold and text cannot, and what is nested deeper than it can be written."""
    deep: Any = {}
    for _ in range(400):
        deep = {"a": [deep]}
    for payload in ({"epics": ["\ud800"]}, {"epics": ["NOPE"], "more": deep}):
        frame = watcher.raw({"destination": "marketData.subscribe", **watcher.tokens, "payload": payload})
        assert code(frame) == "error.invalid.epic"
    text = json.dumps({"destination": "x", **watcher.tokens, "correlationId": 7})
    assert watcher.raw(text)["correlationId"] == "7"
    for odd in ("[7]", "true", "1.5", "{}", "null"):
        assert "correlationId" not in watcher.raw(text.replace("7}", odd + "}"))
    nested = text.replace("7}", '7, "payload": {"a": ' + "[" * 900 + "]" * 900 + "}}")
    assert code(watcher.raw(nested)) in ("error.invalid.destination", "error.invalid.body")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (ErrorPlace.TOP, ["top", "top", "top"]),
        (ErrorPlace.PAYLOAD, ["payload", "payload", "payload"]),
        (ErrorPlace.ALTERNATE, ["top", "payload", "top"]),
    ],
)
def test_the_code_is_in_either_place_and_the_request_comes_back(place: ErrorPlace, expected: list[str]) -> None:
    watcher = Watcher(world(errors=place))
    seen: list[str] = []
    for _ in expected:
        frame = watcher.ask("marketData.subscribe", epics=["NOPE"])
        top = "errorCode" in frame
        assert top != ("errorCode" in frame["payload"])
        seen.append("top" if top else "payload")
        holder = frame if top else frame["payload"]
        assert {name: holder[name] for name in ("cst", "securityToken")} == watcher.tokens
        assert frame["payload"]["epics"] == ["NOPE"]
        assert frame["destination"] == "marketData.subscribe"
    assert seen == expected


def test_at_most_forty_instruments(watcher: Watcher) -> None:
    epics = list(watcher.api.sandbox.world.catalogue)
    assert len(epics) > 41
    assert code(watcher.raw(subscription(watcher, epics[:41]))) == "error.too-many.epics"
    assert watcher.stream.connection.subscriptions == ()
    unsubscribe = {**subscription(watcher, epics[:41]), "destination": "marketData.unsubscribe"}
    assert code(watcher.raw(unsubscribe)) == "error.too-many.epics"
    watcher.quotes(*epics[:30])
    # Candles of the same markets are no further instruments.
    watcher.candles(*epics[20:40], resolutions=["MINUTE", "DAY"])
    assert len(watcher.stream.connection.epics) == 40
    frame = watcher.ask("marketData.subscribe", epics=[epics[0], epics[40]])
    assert code(frame) == "error.too-many.epics"
    watcher.ask("OHLCMarketData.unsubscribe", epics=[epics[39]])
    assert watcher.quotes(epics[40]) == [epics[40]]
    another = Watcher(watcher.api)
    assert len(another.quotes(*epics[:40])) == 40


def test_the_limit_can_be_lifted() -> None:
    watcher = Watcher(world(most_epics=None))
    epics = list(watcher.api.sandbox.world.catalogue)[:60]
    watcher.raw(subscription(watcher, epics))
    assert len(watcher.stream.connection.epics) == 60


def subscription(watcher: Watcher, epics: list[str]) -> Frame:
    return {"destination": "marketData.subscribe", **watcher.tokens, "payload": {"epics": epics}}


def test_tokens_are_wanted_in_every_message(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    good = watcher.tokens
    other = Api(watcher.api.sandbox)
    other.login()
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({}, "error.null.client.token"),
        ({"cst": good["cst"]}, "error.null.client.token"),
        ({**good, "cst": ""}, "error.null.client.token"),
        ({**good, "securityToken": 5}, "error.null.client.token"),
        ({**good, "cst": "x"}, DEAD),
        ({**good, "securityToken": "x"}, DEAD),
        ({**good, "cst": other.http.headers["CST"]}, DEAD),
    ]
    for wrong, expected in wrongs:
        for destination in ("ping", "marketData.subscribe", "nonsense"):
            frame = watcher.raw({"destination": destination, **wrong, "payload": {"epics": ["SILVER"]}})
            assert code(frame) == expected
    assert watcher.stream.connection.subscriptions == ("GOLD",)


def test_nothing_without_tokens(api: Api) -> None:
    watcher = Watcher(api)
    watcher.tokens = {"cst": "x", "securityToken": "y"}
    assert code(watcher.ask("marketData.subscribe", epics=["GOLD"])) == DEAD
    api.clock.advance(300)
    assert watcher.frames() == []


def test_messages_do_not_keep_the_session_alive(watcher: Watcher) -> None:
    """Whether they do on the real service is not proven; a client must not count on it. The stream lives by them."""
    watcher.quotes("GOLD")
    for _ in range(2):
        watcher.api.clock.advance(299)
        assert watcher.ask("ping")["status"] == "OK"
    watcher.api.clock.advance(3)
    assert watcher.api.refused(watcher.api.get("ping")) == (401, DEAD)
    assert kinds(watcher.frames()) == {"quote"}
    watcher.api.clock.advance(600)
    frames = watcher.frames()
    assert kinds(frames[:-1]) == {"quote"}
    assert frames[-1] == {"status": "ERROR", "errorCode": DEAD}
    assert frames[-2]["payload"]["timestamp"] <= 1781100000000 + 598_000 + 600_000
    with pytest.raises(StreamClosed) as closed:
        watcher.stream.receive()
    assert closed.value.code == 1008
    with pytest.raises(StreamClosed):
        watcher.stream.send("{}")
    assert watcher.api.refused(watcher.api.get("ping")) == (401, DEAD)
    assert len(watcher.api.sandbox.streams) == 0


def test_rest_calls_keep_the_session_of_the_stream_alive(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    for _ in range(8):
        watcher.api.clock.advance(500)
        watcher.api.get("ping")
        assert watcher.ask("ping")["status"] == "OK"


def test_a_stream_that_pings_lives_on_without_any_other_call(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    for _ in range(3):
        watcher.api.clock.advance(500)
        assert kinds(watcher.frames()) == {"quote"}
        assert watcher.ask("ping")["status"] == "OK"
    # The other calls were not kept alive by it, and with their tokens no new connection begins.
    assert watcher.api.get("ping").status_code == 401
    assert code(Watcher(watcher.api).ask("ping")) == DEAD
    again = Api(watcher.api.sandbox)
    again.login()  # which clears away what has ended
    watcher.api.clock.advance(500)
    assert watcher.quotes("SILVER") == ["SILVER"]
    watcher.api.sandbox.expire_sessions()
    assert code(watcher.frames()[-1]) == DEAD


def test_a_stream_that_nobody_drops_ends_with_its_session() -> None:
    watcher = Watcher(world(idle_drop=None))
    watcher.quotes("GOLD")
    watcher.api.clock.advance(400)
    assert watcher.ask("ping")["status"] == "OK"
    watcher.api.clock.advance(599.999)
    assert kinds(watcher.frames()) == {"quote"}
    watcher.api.clock.advance(0.001)
    assert code(watcher.frames()[-1]) == DEAD


def test_a_session_that_may_only_live_so_long_takes_the_stream_with_it() -> None:
    api = Api(Sandbox(clock=ManualClock(), limits=Limits.off(), session_cap=900))
    api.login()
    watcher = Watcher(api)
    watcher.ask("ping")
    for seconds in (500, 399.999):
        api.clock.advance(seconds)
        api.get("ping")
        assert watcher.ask("ping")["status"] == "OK"
    api.clock.advance(0.001)
    assert code(watcher.frames()[-1]) == DEAD


def test_a_stream_that_says_nothing_is_closed(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    watcher.api.clock.advance(300)
    # A refused message is no sign of life.
    watcher.raw({"destination": "ping", "cst": "x", "securityToken": "y"})
    watcher.raw({"destination": "nonsense", **watcher.tokens})
    watcher.api.get("ping")
    watcher.api.clock.advance(299.999)
    assert kinds(watcher.frames()) == {"quote"}
    watcher.api.clock.advance(0.001)
    assert all(frame["status"] == "OK" for frame in watcher.frames())
    with pytest.raises(StreamClosed) as closed:
        watcher.stream.receive()
    assert closed.value.code == 1000
    # The session lives: only the connection was idle.
    assert watcher.api.get("ping").status_code == 200


def test_a_silent_connection_is_closed_too(api: Api) -> None:
    watcher = Watcher(api)
    api.clock.advance(600)
    with pytest.raises(StreamClosed):
        watcher.stream.receive()


def test_the_edge_drops_what_is_quiet() -> None:
    watcher = Watcher(world(edge_drop=90))
    watcher.candles("GOLD")
    watcher.api.clock.advance(89)
    watcher.ask("ping")
    watcher.api.clock.advance(179 - 89)
    assert kinds(watcher.frames()) == {"ohlc.event"}  # at 120 s
    watcher.ask("OHLCMarketData.unsubscribe", epics=["GOLD"])
    watcher.api.clock.advance(89.999)
    assert watcher.frames() == []
    watcher.api.clock.advance(1)
    assert watcher.frames() == []
    with pytest.raises(StreamClosed) as closed:
        watcher.stream.receive()
    assert closed.value.code is None


def test_logging_out_ends_the_stream(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    watcher.api.clock.advance(60)
    watcher.api.delete("session")
    # The clock moves on before the client looks; it gets what was due when the session ended, and no more.
    logged_out = 1781100060000
    watcher.api.clock.advance(60)
    frames = watcher.frames()
    assert frames[-1] == {"status": "ERROR", "errorCode": DEAD}
    assert {frame["payload"]["timestamp"] <= logged_out for frame in frames[:-1]} == {True}


@pytest.mark.parametrize("silent", [True, False])
def test_expired_sessions(silent: bool) -> None:
    watcher = Watcher(world(silent_expiry=silent))
    unbound = Watcher(watcher.api)
    watcher.quotes("GOLD")
    watcher.api.sandbox.expire_sessions()
    assert [code(frame) for frame in watcher.frames()] == ([] if silent else [DEAD])
    assert watcher.stream.connection.ending is not None
    assert unbound.frames() == []
    assert unbound.stream.connection.open


def test_new_tokens_after_a_new_login_take_over(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    watcher.api.clock.advance(400)
    again = Api(watcher.api.sandbox)
    again.login()
    watcher.tokens = {"cst": again.http.headers["CST"], "securityToken": again.http.headers["X-SECURITY-TOKEN"]}
    assert watcher.ask("ping")["status"] == "OK"
    watcher.api.clock.advance(400)  # the first session is dead by now
    assert kinds(watcher.frames()) == {"quote"}
    watcher.api.clock.advance(200)
    assert code(watcher.frames()[-1]) == DEAD


def test_a_switch_of_the_account_silences_the_stream(watcher: Watcher) -> None:
    api = watcher.api
    watcher.quotes("GOLD")
    api.clock.advance(60)
    before = watcher.tokens
    _, euro = (account["accountId"] for account in api.ok(api.get("accounts"))["accounts"])
    api.put("session", accountId=euro)
    api.clock.advance(60)
    frames = watcher.frames()
    assert frames
    assert max(frame["payload"]["timestamp"] for frame in frames) <= 1781100060000
    assert code(watcher.ask("ping")) == DEAD
    watcher.tokens = {"cst": before["cst"], "securityToken": api.http.headers["X-SECURITY-TOKEN"]}
    # It is acknowledged, but prices come on a new connection only.
    assert watcher.quotes("SILVER") == ["SILVER"]
    api.clock.advance(60)
    assert watcher.frames() == []
    assert watcher.stream.connection.open
    fresh = Watcher(api)
    fresh.quotes("GOLD")
    api.clock.advance(60)
    assert kinds(fresh.frames()) == {"quote"}


def test_parallel_streams(watcher: Watcher) -> None:
    other = Watcher(watcher.api)
    for each in (watcher, other):
        each.quotes("GOLD")
    watcher.api.clock.advance(120)
    assert watcher.frames() == other.frames() != []


def test_parallel_streams_can_be_limited() -> None:
    api = world(most_connections=1)
    first, second = Watcher(api), Watcher(api)
    assert first.ask("ping")["status"] == "OK"
    assert code(second.ask("ping")) == "error.too-many.requests"
    assert first.ask("ping")["status"] == "OK"
    first.stream.close()
    assert second.ask("ping")["status"] == "OK"


def test_a_client_that_does_not_read_is_cut_off() -> None:
    watcher = Watcher(world(most_waiting=20))
    watcher.quotes("GOLD")
    for _ in range(20):
        watcher.say("ping")
    assert watcher.stream.connection.open
    watcher.say("ping")
    assert not watcher.stream.connection.open
    with pytest.raises(StreamClosed) as closed:
        watcher.stream.receive()
    assert closed.value.code is None


def test_nothing_is_made_in_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month passes: it costs nothing until it is read, and reading a part of it makes only that part."""
    monkeypatch.setattr("capital_sandbox.sessions.IDLE_LIMIT", 10**12)
    api = world(idle_drop=None)
    watcher = Watcher(api)
    watcher.quotes("BTCUSD")
    api.clock.advance(30 * 86_400)
    for _ in range(100):
        assert watcher.stream.receive() is not None
    assert watcher.stream.connection.sent <= 102


def test_the_log_knows_no_secrets(watcher: Watcher) -> None:
    watcher.quotes("GOLD")
    watcher.ask("ping")
    streams = watcher.api.sandbox.streams
    assert [(record.connection, record.destination, record.error_code) for record in streams.log] == [
        (1, "marketData.subscribe", None),
        (1, "ping", None),
    ]
    text = repr([streams.log, list(streams), watcher.stream.connection])
    assert not any(token in text for token in watcher.tokens.values())


def test_real_time_passes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capital_sandbox.sessions.IDLE_LIMIT", 10**9)
    sandbox = Sandbox(clock=RealClock(1000, DEFAULT_START), limits=Limits.off(), stream=StreamSettings(idle_drop=None))
    api = Api(sandbox)
    api.login()
    watcher = Watcher(api)
    watcher.say("marketData.subscribe", epics=["GOLD"])
    stamps: list[int] = []
    while len(stamps) < 30:
        text = watcher.stream.receive(timeout=10)
        assert text is not None
        frame = read(text)
        if frame["destination"] == "quote":
            stamps.append(frame["payload"]["timestamp"])
    assert stamps == sorted(set(stamps))
