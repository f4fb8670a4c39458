"""What comes: quotes and candles, apart and together."""

from __future__ import annotations

from datetime import timedelta, timezone

from capital_ext import Candle, Quote

from .truth import history
from .world import Live, candles_in, minute


def test_quotes_come_as_they_are_made(one: Live) -> None:
    one.quotes("SILVER", "GOLD")
    one.live()
    events = one.pass_by(60)
    quotes = [event for event in events if isinstance(event, Quote)]
    assert {quote.epic for quote in quotes} == {"SILVER", "GOLD"}
    assert [quote.time for quote in quotes] == sorted(quote.time for quote in quotes)
    for quote in quotes:
        assert quote.bid < quote.offer
        assert quote.time.tzinfo is timezone.utc
        assert quote.raw["product"] == "CFD"
        assert quote.bid_size == quote.raw["bidQty"]


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
        assert candles_in(events, epic) == made
