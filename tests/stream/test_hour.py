"""An hour of trading with everything that can happen to a stream, and every candle once and in order."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from capital_ext import Candle, Gap

from .truth import history, ticks, without_volume
from .world import Live, candles_in, minute, quotes_in

HOUR = timedelta(hours=1)


def test_an_hour_of_drops_expiries_silence_and_stalls(one: Live) -> None:
    one.candles("SILVER", "BTCUSD")
    one.candles("GOLD", resolution="MINUTE_5")
    one.quotes("SILVER", "US100")
    one.live()
    one.clock.advance(7)  # so that not all happens on the stroke of a minute
    started = one.clock.now()
    faults = one.faults
    drops = faults.drop(every=timedelta(minutes=1))
    one.pass_by(15, step=3)
    stalls = faults.stall(every=timedelta(minutes=13), seconds=70)
    one.pass_by(15, step=3)
    silence = faults.silence("BTCUSD", "ohlc.event", every=timedelta(minutes=17), seconds=200)
    lost = faults.lose("SILVER", "ohlc.event", every=7)
    doubled = faults.duplicate(every=9)
    odd = faults.send("#ping", every=timedelta(seconds=45))
    for _ in range(6):
        one.pass_by(600, step=3)
        one.sandbox.expire_sessions()
    one.sandbox.faults.clear()
    one.pass_by(180, step=3)

    assert one.sent("POST", "/session") == 7
    assert drops.hits >= 55
    assert all(rule.hits for rule in (stalls, silence, lost, doubled, odd))
    assert one.sandbox.streams.opened >= 50
    for epic, resolution in ("SILVER", "MINUTE"), ("BTCUSD", "MINUTE"), ("GOLD", "MINUTE_5"):
        made = history(one.sandbox, epic, resolution, minute("14:00"), HOUR)
        found = without_volume(candles_in(one.events, epic))
        assert [candle.time for candle in found] == sorted({candle.time for candle in found})
        assert found[: len(made)] == made
    for epic in ("SILVER", "US100"):
        quotes = quotes_in(one.events, epic)
        assert [quote.time for quote in quotes] == sorted({quote.time for quote in quotes})
        gaps = [event for event in one.events if isinstance(event, Gap) and event.topic.epic == epic]
        # Whatever the sandbox quoted was given, or lies within a gap.
        given = {quote.time for quote in quotes}
        for time in ticks(one.sandbox, epic, minute("14:00"), 61):
            if started <= time < started + HOUR and time not in given:
                assert any(gap.start <= time <= gap.end for gap in gaps), (epic, time)
        assert all(earlier.end <= later.start for earlier, later in pairwise(gaps))
    assert not [event for event in one.events if isinstance(event, Gap) and event.topic.resolution is not None]
    assert not [event for event in one.events if isinstance(event, Candle) and not event.complete]
