"""What comes: quotes and candles, apart and together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest

from capital_ext import Candle, Gap, InvalidInputError, Ohlc, Quote, Reconnected, Stale
from capital_ext.models import Resolution

from .truth import history, without_volume
from .world import Live, Making, candles_in, minute, quotes_in

OHLC = Ohlc(1, 1, 1, 1)


def test_quotes_come_as_they_are_made(one: Live) -> None:
    one.quotes("SILVER", "GOLD")
    one.live()
    quotes = quotes_in(one.pass_by(60))
    assert {quote.epic for quote in quotes} == {"SILVER", "GOLD"}
    assert [quote.time for quote in quotes] == sorted(quote.time for quote in quotes)
    for quote in quotes:
        assert quote.bid < quote.offer
        assert quote.time.tzinfo is timezone.utc
        assert quote.raw["product"] == "CFD"
        assert quote.bid_size == quote.raw["bidQty"]
        assert quote.mid == (quote.bid + quote.offer) / 2
        assert quote.spread == quote.offer - quote.bid


def test_a_candle_is_both_sides_in_one(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    candle = one.a(Candle)
    assert (candle.epic, str(candle.resolution), str(candle.kind)) == ("SILVER", "MINUTE", "classic")
    assert candle.time == minute("14:00")
    assert candle.bid.close < candle.ask.close
    assert candle.complete


def test_candles_are_those_of_the_history(one: Live) -> None:
    one.candles("SILVER", "BTCUSD")
    one.live()
    events = one.pass_by(600, step=20)
    for epic in ("SILVER", "BTCUSD"):
        made = history(one.sandbox, epic, "MINUTE", minute("14:00"), timedelta(minutes=10))
        assert len(made) == 10
        assert without_volume(candles_in(events, epic)) == made


def test_two_resolutions_of_one_market(one: Live) -> None:
    one.candles("SILVER")
    one.candles("SILVER", resolution="MINUTE_5")
    one.live()
    candles = candles_in(one.pass_by(600, step=20))
    assert sum(str(candle.resolution) == "MINUTE" for candle in candles) == 10
    assert sum(str(candle.resolution) == "MINUTE_5" for candle in candles) == 2


def test_averaged_candles_are_told_apart(one: Live) -> None:
    one.candles("SILVER", kind="heikin-ashi")
    one.candles("SILVER")
    one.live()
    candles = candles_in(one.pass_by(180, step=20))
    averaged = [candle for candle in candles if candle.kind == "heikin-ashi"]
    plain = [candle for candle in candles if candle.kind == "classic"]
    assert len(averaged) == len(plain) == 3
    for one_, other in zip(averaged, plain, strict=True):
        assert one_.time == other.time
        assert one_.bid.close == pytest.approx(
            (other.bid.open + other.bid.high + other.bid.low + other.bid.close) / 4, abs=1e-4
        )


def test_a_subscription_by_itself_takes_its_events_out_of_the_stream(one: Live) -> None:
    silver = one.quotes("SILVER")
    one.quotes("GOLD")
    one.live()
    own = [one.a(Quote, silver) for _ in range(5)]
    assert {quote.epic for quote in own} == {"SILVER"}
    assert {quote.epic for quote in quotes_in(one.pass_by(60))} == {"GOLD"}


def test_what_waited_before_comes_with_the_subscription(one: Live) -> None:
    silver = one.quotes("SILVER")
    one.quotes("GOLD")
    one.live()
    one.clock.advance(59)
    one.wait(lambda: {quote.epic for _, quote in one.stream._board.inbox._quotes} == {"SILVER", "GOLD"})
    first = one.take(silver)
    assert isinstance(first, Quote)
    assert first.epic == "SILVER"
    assert first.time < minute("14:01")
    assert {quote.epic for quote in quotes_in(one.pass_by(30))} == {"GOLD"}


def test_two_subscriptions_to_the_same_both_have_it_and_the_server_is_asked_once(one: Live) -> None:
    silver, again = one.quotes("SILVER"), one.quotes("SILVER")
    connection = one.live()
    assert connection.received == 1
    first = one.a(Quote, silver)
    assert one.take(again) == first
    one.do(silver.unsubscribe)
    assert one.a(Quote, again)
    assert connection.subscriptions == ("SILVER",)


def test_unsubscribing_ends_one_and_no_other(one: Live) -> None:
    silver, gold = one.quotes("SILVER"), one.quotes("GOLD")
    connection = one.live()
    one.take(silver)
    one.do(silver.unsubscribe)
    one.wait(lambda: connection.subscriptions == ("GOLD",))
    assert not silver.active
    assert gold.active
    assert {quote.epic for quote in quotes_in(one.pass_by(60))} == {"GOLD"}
    one.do(gold.unsubscribe)
    one.wait(lambda: not one.sandbox.streams)  # nothing is left to be connected for
    bitcoin = one.quotes("BTCUSD")
    assert one.a(Quote, bitcoin).epic == "BTCUSD"


def test_iteration_over_an_ended_subscription_ends(one: Live) -> None:
    silver = one.quotes("SILVER")
    one.live()
    one.a(Quote, silver)
    one.do(silver.unsubscribe)
    while one.take(silver) is not None:
        pass
    assert silver._inbox().ended


def test_a_history_and_a_stream_feed_one_function(make: Making) -> None:
    one = make()
    one.clock.advance(600)
    read = history(one.sandbox, "SILVER", "MINUTE", minute("14:00"), timedelta(minutes=10))
    one.clock.advance(185)
    one.candles("SILVER", after=read[-1])
    one.live()
    events = one.pass_by(180, step=5)
    assert [candle.time for candle in candles_in(events)] == [minute(f"14:{number}") for number in range(10, 16)]
    assert [*read, *without_volume(candles_in(events))] == history(
        one.sandbox, "SILVER", "MINUTE", minute("14:00"), timedelta(minutes=16)
    )


async def a_coroutine_function(_: object) -> None:
    """Never awaited by a thread."""


IMPOSSIBLE: list[Callable[[Any], object]] = [
    lambda stream: stream.quotes(),
    lambda stream: stream.quotes(""),
    lambda stream: stream.quotes(7),
    lambda stream: stream.candles("SILVER", resolution="MINUTE_7"),
    lambda stream: stream.candles("SILVER", kind="renko"),
    lambda stream: stream.candles("SILVER", "HOUR"),
    lambda stream: stream.quotes("SILVER").for_each(None),
    lambda stream: stream.quotes("SILVER").for_each(a_coroutine_function),
    lambda stream: stream.candles("SILVER", after=minute("14:00").replace(tzinfo=None)),
    lambda stream: stream.candles("SILVER", after=Candle("GOLD", Resolution.MINUTE, minute("14:00"), OHLC, OHLC)),
    lambda stream: next(stream.during(-1)),
]


@pytest.mark.parametrize("wrong", IMPOSSIBLE)
def test_what_can_not_be_is_refused_at_once(wrong: Any) -> None:
    from .world import live

    with live("sync") as one, pytest.raises(InvalidInputError):
        wrong(one.stream)


def test_candles_that_come_already_can_not_begin_anew(one: Live) -> None:
    one.candles("SILVER")
    with pytest.raises(InvalidInputError, match="SILVER:MINUTE:classic"):
        one.candles("SILVER", after=minute("13:00"))
    assert one.a(Candle)


def test_whether_a_subscription_is_live_can_be_asked(one: Live) -> None:
    silver = one.quotes("SILVER")
    assert not silver.live
    one.wait(lambda: silver.live)
    one.sandbox.streams.drop()
    one.wait(lambda: not silver.live)
    one.a(Reconnected)
    assert silver.live
    one.do(silver.unsubscribe)
    assert not silver.live


def test_notices_read_well(one: Live) -> None:
    one.quotes("SILVER", "GOLD")
    one.live()
    one.sandbox.streams.drop()
    assert str(one.a(Stale)) == "disconnected since 2026-06-10 14:00:00 UTC: SILVER, GOLD"
    assert str(one.a(Reconnected)).endswith(" UTC: SILVER, GOLD")
    assert str(one.a(Gap)).startswith("gap in SILVER from 2026-06-10 14:00:00 to 2026-06-10 14:0")


def test_options_are_checked_before_anything_is_begun(one: Live) -> None:
    for wrong in ({"overflow": "newest"}, {"limit": 0}, {"fill": 1}):
        with pytest.raises(InvalidInputError):
            one.do(lambda wrong=wrong: one.capital.stream(**wrong))  # type: ignore[misc]
