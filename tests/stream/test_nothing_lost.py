"""Every candle once and in order, whatever happens to its frames."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from capital_ext import Candle, Gap, Reconnected
from capital_ext.stream.events import Topic

from .truth import averages, history, without_volume
from .world import Live, Making, candles_in, minute

HOUR = timedelta(hours=1)


def all_minutes(one: Live, epic: str = "SILVER", length: timedelta = timedelta(minutes=10)) -> list[Candle]:
    return history(one.sandbox, epic, "MINUTE", minute("14:00"), length)


def test_candles_missed_while_the_line_was_down_come_first(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    one.a(Candle)
    one.sandbox.streams.refuse(4)
    one.sandbox.streams.drop()
    one.a(Reconnected)
    one.pass_by(600, step=10)
    assert one.sandbox.streams.opened == 2
    found = without_volume(candles_in(one.events))
    assert found[:10] == all_minutes(one)
    assert not [event for event in one.events if isinstance(event, Gap)]


def test_a_line_lost_before_the_first_candle(one: Live) -> None:
    one.clock.advance(30)
    one.candles("SILVER")
    one.live()
    one.sandbox.streams.refuse(4)  # some fifteen seconds
    one.clock.advance(20)
    one.sandbox.streams.drop()
    one.pass_by(570, step=10)
    assert without_volume(candles_in(one.events))[:9] == all_minutes(one)[:9]


@pytest.mark.parametrize("hours", [-5, 7])
def test_times_are_the_servers_whatever_this_machine_thinks(make: Making, hours: int) -> None:
    one = make(local=timedelta(hours=hours))
    one.candles("SILVER")
    one.quotes("SILVER")
    one.live()
    one.a(Candle)
    dropped = one.clock.now()
    one.sandbox.streams.refuse(5)
    one.sandbox.streams.drop()
    back = one.a(Reconnected)
    gap = one.a(Gap)
    one.pass_by(540, step=5)
    assert dropped < back.at <= dropped + timedelta(seconds=100)
    assert dropped - timedelta(minutes=1) < gap.start <= dropped < gap.end <= dropped + timedelta(seconds=100)
    assert without_volume(candles_in(one.events))[:10] == all_minutes(one)
    assert one.sandbox.streams.opened == 2


def test_without_filling_a_gap_is_told(make: Making) -> None:
    one = make(options={"fill": False})
    one.candles("SILVER")
    one.live()
    first = one.a(Candle)
    one.sandbox.streams.refuse(7)
    one.sandbox.streams.drop()
    gap = one.a(Gap)
    assert gap.topic == Topic("SILVER", first.resolution, first.kind)
    assert gap.start == first.time + timedelta(minutes=1)
    after = one.a(Candle)
    assert gap.end - timedelta(minutes=1) < after.time <= gap.end
    one.pass_by(120, step=10)
    assert one.sent("GET", "/prices/SILVER") == 0
    times = [candle.time for candle in candles_in(one.events)]
    assert times == sorted(set(times))
    assert sum(isinstance(event, Gap) for event in one.events) == 1


def test_without_filling_a_lost_candle_is_a_gap(make: Making) -> None:
    one = make(options={"fill": False})
    one.candles("SILVER")
    one.live()
    first = one.a(Candle)
    one.faults.lose("SILVER", "ohlc.event", times=2)
    gap = one.a(Gap)
    assert (gap.start, gap.end) == (first.time + timedelta(minutes=1), first.time + timedelta(minutes=2))
    assert one.a(Candle).time == gap.end


def test_a_history_that_fails_is_a_gap_and_the_live_ones_go_on(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    first = one.a(Candle)
    rule = one.sandbox.faults.answer(400, "GET", "/prices/SILVER", body={"errorCode": "error.invalid.from"})
    one.faults.lose("SILVER", "ohlc.event", times=2)
    gap = one.a(Gap)
    assert rule.hits == 2  # when it was overdue, and when the next one had come
    assert (gap.start, gap.end) == (first.time + timedelta(minutes=1), first.time + timedelta(minutes=2))
    times = [one.a(Candle).time for _ in range(2)]
    assert times == [gap.end, gap.end + timedelta(minutes=1)]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_lost_frames_are_found_in_the_history(one: Live, lost: int) -> None:
    one.candles("SILVER")
    one.live()
    one.a(Candle)
    one.faults.lose("SILVER", "ohlc.event", times=lost)
    one.pass_by(540, step=10)
    assert without_volume(candles_in(one.events)) == all_minutes(one)


def test_doubled_frames_are_one_candle(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    one.faults.duplicate("SILVER", "ohlc.event")
    one.pass_by(600, step=10)
    assert candles_in(one.events) == all_minutes(one)


@pytest.mark.parametrize("late", [5, 90])
def test_late_frames_do_no_harm(one: Live, late: float) -> None:
    one.candles("SILVER")
    one.live()
    one.faults.late(late, "SILVER", "ohlc.event", every=3)
    one.pass_by(720, step=5)
    found = without_volume(candles_in(one.events))
    assert found[:10] == all_minutes(one)


def test_a_line_cut_between_the_two_sides_of_a_candle(one: Live) -> None:
    one.candles("SILVER")
    one.live()
    one.a(Candle)
    rule = one.faults.drop("SILVER", "ohlc.event", after=1, times=1)
    one.pass_by(540, step=10)
    assert rule.hits == 1
    assert without_volume(candles_in(one.events)) == all_minutes(one)


def test_the_history_is_not_asked_when_nothing_is_missing(one: Live) -> None:
    one.candles("SILVER", "BTCUSD")
    one.live()
    one.pass_by(605, step=5)
    one.sandbox.streams.drop()
    one.a(Reconnected)
    one.pass_by(30)
    assert one.sent("GET", "/prices/SILVER") == one.sent("GET", "/prices/BTCUSD") == 0


def test_a_holed_history_of_a_closed_market_is_looked_up_once(one: Live) -> None:
    one.clock.advance(timedelta(hours=6, minutes=55))
    one.candles("EURUSD")
    one.live()
    one.pass_by(7500, step=30)  # it closes at 20:59:50 or so, and opens again
    times = [candle.time for candle in candles_in(one.events)]
    made = history(one.sandbox, "EURUSD", "MINUTE", minute("20:55"), timedelta(hours=3))
    assert times == [candle.time for candle in made if candle.time <= times[-1]]
    assert len(times) > 60


@pytest.mark.parametrize("resolution", ["MINUTE", "MINUTE_5"])
def test_averaged_candles_go_on_after_a_loss(one: Live, resolution: Any) -> None:
    one.candles("SILVER", resolution=resolution, kind="heikin-ashi")
    other = one.sandbox.stream()
    one.live()
    one.a(Candle, within=900, step=10)
    one.sandbox.streams[0].drop()
    one.sandbox.streams.refuse(6)
    one.pass_by(1800, step=20)
    found = candles_in(one.events)
    truth = averages(one.sandbox, "SILVER", resolution, minute("14:00"), len(found))
    other.close()
    assert [candle.time for candle in found] == [time for time, _ in truth]
    for candle, (_, prices) in zip(found, truth, strict=True):
        assert (candle.bid.open, candle.bid.high, candle.bid.low, candle.bid.close) == pytest.approx(prices, abs=2e-5)


def test_long_candles_are_not_lost_either(one: Live) -> None:
    one.candles("BTCUSD", resolution="DAY")
    one.candles("BTCUSD", resolution="HOUR_4")
    one.live()
    start = one.clock.now()
    for _ in range(11):
        one.pass_by(5 * 3600, step=240)
        one.sandbox.streams.drop()
    for resolution, least in ("DAY", 2), ("HOUR_4", 13):
        found = [candle for candle in without_volume(candles_in(one.events)) if candle.resolution == resolution]
        made = history(one.sandbox, "BTCUSD", resolution, found[0].time, timedelta(days=4))
        assert len(found) >= least
        assert found == made[: len(found)]
        assert found[0].time <= start < found[1].time
