"""Frames that nobody expects, and subscriptions that are refused."""

from __future__ import annotations

import json

import pytest

from capital_ext import Candle, Quote, SubscriptionRefusedError
from capital_sandbox import StreamSettings

from .world import Live, Making, candles_in, quotes_in

ODD = [
    "#ping",
    "<html>502 Bad Gateway</html>",
    "",
    "null",
    "[1, 2]",
    "NaN",
    '"quote"',
    '{"destination": "quote"}',
    '{"destination": "quote", "payload": null}',
    '{"destination": "quote", "payload": []}',
    '{"destination": "quote", "payload": {"epic": ["SILVER"]}}',
    '{"destination": "quote", "payload": {"epic": "SILVER"}}',
    '{"destination": "quote", "payload": {"epic": "SILVER", "bid": "7", "ofr": 8, "timestamp": 1781100000000}}',
    '{"destination": "quote", "payload": {"epic": "SILVER", "bid": null, "ofr": 8, "timestamp": 1781100000000}}',
    '{"destination": "quote", "payload": {"epic": "SILVER", "bid": NaN, "ofr": 8, "timestamp": 1781100000000}}',
    '{"destination": "quote", "payload": {"epic": "SILVER", "bid": 7, "ofr": 8, "timestamp": 1e99}}',
    '{"destination": "quote", "payload": {"epic": "SILVER", "bid": 7, "ofr": 8, "timestamp": "now"}}',
    '{"destination": "quote", "payload": {"epic": "NEVER_ASKED_FOR", "bid": 7, "ofr": 8, "timestamp": 1}}',
    '{"destination": "ohlc.event", "payload": {"epic": "SILVER", "resolution": "MINUTE", "type": "classic"}}',
    '{"destination": "ohlc.event", "payload": {"epic": "SILVER", "resolution": {}, "type": "classic", "t": "x"}}',
    '{"destination": "ohlc.event"}',
    '{"destination": "ohlc.event", "payload": {"epic": "SILVER", "resolution": "MINUTE", "type": "classic",'
    ' "priceType": "bid", "t": 1781100000000, "o": "1", "h": 2, "l": 1, "c": 1}}',
    '{"destination": "quote", "payload": {"epic": "SILVER", "bid": 7, "ofr": 8, "timestamp": 99999999999999999}}',
    '{"destination": "trade.event", "payload": {"deal": 1}}',
    '{"status": "OK"}',
    '{"status": "ERROR"}',
    '{"status": "ERROR", "destination": 7, "correlationId": {}, "payload": "?", "errorCode": 500}',
    '{"status": "OK", "destination": "marketData.subscribe", "correlationId": "999", "payload": {"subscriptions": 1}}',
    "[" * 100_000,
]


@pytest.mark.parametrize("frame", ODD, ids=lambda frame: frame[:60])
def test_odd_frames_are_passed_over(one: Live, frame: str) -> None:
    one.quotes("SILVER")
    one.candles("SILVER")
    connection = one.live()
    connection.send_raw(frame)
    one.pass_by(70, step=5)
    assert one.sandbox.streams.opened == 1
    assert quotes_in(one.events)
    assert len(candles_in(one.events)) == 1


def test_odd_frames_are_counted(one: Live) -> None:
    one.quotes("SILVER")
    connection = one.live()
    connection.send_raw("#ping")
    connection.send_raw('{"destination": "quote", "payload": {"epic": "SILVER"}}')
    one.wait(lambda: one.stream.odd_frames == 2)


def test_unknown_fields_are_kept(one: Live) -> None:
    one.quotes("SILVER")
    connection = one.live()
    payload = {"epic": "SILVER", "bid": 7, "ofr": 8.5, "timestamp": 1781100000123, "mood": "calm"}
    connection.send_raw(json.dumps({"destination": "quote", "payload": payload}))
    quote = one.until(lambda event: isinstance(event, Quote) and event.bid == 7)
    assert quote.raw["mood"] == "calm"
    assert (quote.bid_size, quote.offer_size) == (None, None)
    assert quote.time.microsecond == 123_000


def test_a_quote_that_is_late_or_comes_twice_is_left_out(one: Live) -> None:
    one.quotes("SILVER")
    one.live()
    one.faults.duplicate("SILVER", "quote", times=3)
    one.pass_by(60)
    one.faults.late(30, "SILVER", "quote", times=2)
    quotes = quotes_in(one.pass_by(120))
    assert [quote.time for quote in quotes] == sorted({quote.time for quote in quotes})
    assert one.stream.outdated_quotes == 5


def test_a_volume_is_taken_along(one: Live) -> None:
    one.candles("SILVER")
    connection = one.live()
    start = int(one.clock.now().timestamp() * 1000)
    for side, price in ("bid", 5.0), ("ask", 6.0):
        payload = {"resolution": "MINUTE", "epic": "SILVER", "type": "classic", "priceType": side, "t": start}
        payload |= dict.fromkeys("ohlc", price) | {"lastTradedVolume": 12}
        connection.send_raw(json.dumps({"status": "OK", "destination": "ohlc.event", "payload": payload}))
    candle = one.a(Candle)
    assert (candle.volume, candle.bid.open, candle.ask.close) == (12, 5.0, 6.0)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["top", "payload"])
def test_a_refused_market_is_named_and_the_others_go_on(make: Making, place: str) -> None:
    one = make(stream=StreamSettings(errors=place))  # type: ignore[arg-type]
    subscription = one.quotes("SILVER", "NOPE", "GOLD")
    with pytest.raises(SubscriptionRefusedError) as caught:
        one.a(Quote)
    assert str(caught.value.topic) == "NOPE"
    assert caught.value.error_code == "error.invalid.epic"
    assert "NOPE" in str(caught.value)
    assert caught.value.executed is False
    one.pass_by(60)
    assert {quote.epic for quote in quotes_in(one.events)} == {"SILVER", "GOLD"}
    assert subscription.active
    assert one.sandbox.streams.opened == 1


def test_a_subscription_of_which_nothing_is_left_ends(one: Live) -> None:
    gold, nope = one.quotes("GOLD"), one.candles("NOPE")
    with pytest.raises(SubscriptionRefusedError):
        one.a(Candle, nope)
    assert one.take(nope) is None
    assert not nope.active
    assert gold.active
    assert one.a(Quote).epic == "GOLD"


def test_a_refusal_that_came_before_is_raised_where_the_subscription_is_iterated_over(one: Live) -> None:
    gold, nope = one.quotes("GOLD"), one.quotes("NOPE")
    one.wait(lambda: not nope.active)
    with pytest.raises(SubscriptionRefusedError):
        one.take(nope)
    assert one.take(nope) is None
    one.wait(lambda: gold.live)
    assert isinstance(one.next(), Quote)


def test_an_acknowledgement_can_hold_a_refusal(one: Live) -> None:
    one.faults.lose(destination="marketData.subscribe", times=1)
    one.quotes("SILVER", "GOLD")
    one.wait(lambda: one.sandbox.streams and one.sandbox.streams[0].received)
    told = {"SILVER": "PROCESSED", "GOLD": "NOT_AVAILABLE"}
    answer = {"status": "OK", "destination": "marketData.subscribe", "correlationId": "1"}
    one.sandbox.streams[0].send_raw(json.dumps({**answer, "payload": {"subscriptions": told}}))
    with pytest.raises(SubscriptionRefusedError) as caught:
        one.pass_by(10)
    assert (str(caught.value.topic), caught.value.error_code) == ("GOLD", "NOT_AVAILABLE")


def next_refusal(one: Live) -> SubscriptionRefusedError:
    with pytest.raises(SubscriptionRefusedError) as caught:
        one.pass_by(600)
    return caught.value


def epics(one: Live, count: int) -> list[str]:
    return list(one.sandbox._world.catalogue)[:count]  # pyright: ignore[reportPrivateUsage]


def test_more_than_forty_markets_go_over_several_connections(make: Making) -> None:
    one = make(markets=100)
    one.quotes(*epics(one, 95))
    one.live()
    assert sorted(len(each.epics) for each in one.sandbox.streams) == [15, 40, 40]
    one.pass_by(60, step=5)
    assert len({quote.epic for quote in quotes_in(one.events)}) > 60


def test_candles_of_a_market_go_where_its_quotes_are(make: Making) -> None:
    one = make(markets=100)
    names = epics(one, 45)
    one.quotes(*names)
    one.candles(*names, resolution="MINUTE_5")
    one.live()
    assert sorted(len(each.epics) for each in one.sandbox.streams) == [5, 40]


def test_where_the_server_lets_in_no_second_connection_it_is_an_error_of_those_only(make: Making) -> None:
    one = make(markets=100, stream=StreamSettings(most_connections=1))
    names = epics(one, 42)
    one.quotes(*names)
    refused = [next_refusal(one) for _ in range(2)]
    assert {error.error_code for error in refused} == {"error.too-many.requests"}
    assert "no more streams" in str(refused[0])
    assert refused[0].topic != refused[1].topic
    assert len(one.live().epics) == 40
    one.pass_by(60, step=5)
    assert len({quote.epic for quote in quotes_in(one.events)}) > 20


def test_where_the_server_follows_fewer_markets_the_rest_is_refused(make: Making) -> None:
    one = make(stream=StreamSettings(most_epics=2))
    one.quotes("SILVER", "GOLD", "BTCUSD")
    with pytest.raises(SubscriptionRefusedError) as caught:
        one.pass_by(30)
    assert caught.value.error_code == "error.too-many.epics"
    one.live()
    assert len(one.sandbox.streams[0].epics) == 2
