"""The walk over candles: all of them, in order, each once, whatever the market and the server do."""

from __future__ import annotations

import asyncio
import csv
import gc
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing, closing
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from capital_ext import (
    AsyncCapital,
    Capital,
    Credentials,
    InvalidInputError,
    NotFoundError,
    NotSentError,
    Quota,
    ServerError,
)
from capital_ext.history import candles
from capital_ext.history.candle import Candle, Ohlc
from capital_ext.models import Resolution
from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.recorded_prices import load

from .world import NOW, UTC, PriceServer, Stage, Way, price_row, priced, staged, threads

LENGTHS = {
    "MINUTE": 1,
    "MINUTE_5": 5,
    "MINUTE_15": 15,
    "MINUTE_30": 30,
    "HOUR": 60,
    "HOUR_4": 240,
    "DAY": 1440,
    "WEEK": 10080,
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def times(rows: list[Candle]) -> list[datetime]:
    return [row.time for row in rows]


def single(stage: Stage, epic: str, resolution: str, start: datetime, end: datetime) -> list[datetime]:
    """The candles of ``[start, end)`` by calls for one small window after the other."""
    found: list[datetime] = []
    step = 200 * timedelta(minutes=LENGTHS[resolution])
    while start < end:
        last = min(start + step, end) - timedelta(seconds=1)
        try:
            answer = stage.capital.prices.history(
                epic, resolution=Resolution(resolution), max_=1000, from_=start, to=last
            )
            found += [row.snapshot_time_utc for row in answer.prices]
        except NotFoundError:
            pass
        start = last + timedelta(seconds=1)
    return found


# --- everything, once, in order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("resolution", LENGTHS)
def test_every_resolution_in_many_small_windows(stage: Stage, resolution: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)
    start = NOW - 157 * timedelta(minutes=LENGTHS[resolution]) - timedelta(seconds=17.5)
    end = NOW - timedelta(minutes=2 * LENGTHS[resolution])
    rows = stage.all(lambda walks: walks.candles("SILVER", resolution, start, end))
    assert times(rows) == single(stage, "SILVER", resolution, start + timedelta(seconds=0.5), end)
    assert len(rows) > 80
    assert all(isinstance(row, Candle) and row.complete and row.resolution == resolution for row in rows)


def test_windows_of_the_largest_size_and_their_seams(stage: Stage) -> None:
    end = datetime(2026, 6, 1, tzinfo=UTC)
    start = end - timedelta(hours=2500)
    rows = stage.all(lambda walks: walks.candles("BTCUSD", "HOUR", start, end))
    assert times(rows) == [start + at * HOUR for at in range(2500)]
    assert stage.calls() == 3
    assert stage.calls("/time") == 1


def test_a_candle_is_what_the_server_said(stage: Stage) -> None:
    (row,) = stage.all(lambda walks: walks.candles("SILVER", "HOUR", "2026-06-10T10:00Z", "2026-06-10T11:00Z"))
    (said,) = stage.capital.prices.history(
        "SILVER", resolution="HOUR", from_=NOW - 4 * HOUR, to=NOW - 4 * HOUR, max_=1
    ).prices
    assert row == Candle(
        "SILVER",
        Resolution.HOUR,
        NOW - 4 * HOUR,
        Ohlc(said.open_price.bid, said.high_price.bid, said.low_price.bid, said.close_price.bid),
        Ohlc(said.open_price.ask, said.high_price.ask, said.low_price.ask, said.close_price.ask),
        said.last_traded_volume or None,
    )
    assert row.mid.high == (row.bid.high + row.ask.high) / 2
    assert row.bid.low <= row.mid.low <= row.ask.low


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A share of New York in the month in which the clocks change, with a holiday, a halt and silent minutes."""
    path = tmp_path_factory.mktemp("recording") / "XYZ.csv"
    rows: list[list[object]] = []
    for day in (datetime(2026, 2, 23, tzinfo=UTC) + n * DAY for n in range(35)):
        if day.weekday() > 4 or day.date() == date(2026, 3, 17):
            continue
        opening = day + timedelta(hours=14.5 if day < datetime(2026, 3, 8, tzinfo=UTC) else 13.5)
        for minute in range(390):
            if minute % 41 == 40 or (day.day == 11 and minute < 200):
                continue
            price = 100 + (minute % 50) / 100
            rows.append(
                [
                    (opening + timedelta(minutes=minute)).isoformat(),
                    *(price, price + 1, price - 1, price),
                    *(price + 0.1, price + 1.1, price - 0.9, price + 0.1),
                ]
            )
    with path.open("w", newline="") as file:
        names = [f"{side}_{corner}" for side in ("bid", "ask") for corner in ("open", "high", "low", "close")]
        csv.writer(file).writerows([["time", *names], *rows])
    return path


@pytest.fixture
def recorded(way: Way, recording: Path) -> Iterator[Stage]:
    sandbox = Sandbox(prices=load(recording), clock=ManualClock(NOW), limits=Limits.off())
    with staged(way, sandbox) as one:
        yield one


def test_a_month_with_holes_and_a_change_of_clocks(recorded: Stage, recording: Path) -> None:
    with recording.open() as file:
        expected = [datetime.fromisoformat(row["time"]) for row in csv.DictReader(file)]
    rows = recorded.all(lambda walks: walks.candles("XYZ", "MINUTE", "2026-02-20", "2026-04-01"))
    assert times(rows) == expected
    days = len({time.date() for time in expected})
    assert recorded.calls() == days + 1  # one window for each session, and a map


@pytest.mark.parametrize("start", ["2026-03-03T15:20Z", "2026-03-03T14:31:30Z", "2026-03-03T20:59Z"])
def test_a_start_in_the_middle_of_a_session(recorded: Stage, recording: Path, start: str) -> None:
    with recording.open() as file:
        expected = [datetime.fromisoformat(row["time"]) for row in csv.DictReader(file)]
    rows = recorded.all(lambda walks: walks.candles("XYZ", "MINUTE", start, "2026-03-21"))
    end = datetime(2026, 3, 21, tzinfo=UTC)
    assert times(rows) == [time for time in expected if datetime.fromisoformat(start) <= time < end]


def test_a_start_long_before_the_history_costs_little(recorded: Stage, recording: Path) -> None:
    with recording.open() as file:
        count = sum(1 for _ in csv.DictReader(file))
    for resolution in ("MINUTE", "MINUTE_5", "HOUR", "DAY"):
        recorded.sandbox.requests.clear()
        rows = recorded.all(lambda walks: walks.candles("XYZ", resolution, "0001-01-01", NOW))  # noqa: B023
        assert len(rows) == {"MINUTE": count, "MINUTE_5": len(rows), "HOUR": len(rows), "DAY": 24}[resolution]
        assert rows[0].time.date() == date(2026, 2, 23)
        assert recorded.calls() < 60, resolution


@pytest.mark.parametrize("begins", [100, 101, 377, 1100])
def test_finer_candles_begin_later_than_the_map_says(way: Way, begins: int) -> None:
    now = datetime(2026, 6, 10, tzinfo=UTC)
    today = int(now.timestamp())
    hours = range(today - 9_000 * 3600, today, 3600)
    fine = range(today - begins * 3600, today, 300)
    server = PriceServer(now, {"MINUTE_5": fine, "HOUR": hours, "DAY": range(today - 375 * 86_400, today, 86_400)})
    place = priced(way, server)
    rows = place.all(lambda walks: walks.candles("X", "MINUTE_5", "2024-01-01"))
    assert [row.time.timestamp() for row in rows] == list(fine)
    windows = begins * 12 / 1000
    assert server.asked["MINUTE_5"] < windows + 12 + 12 + 8  # empty ones on both sides, and the halvings
    assert server.asked["DAY"] == 1


WINDOW = 9 * 300 + 1
"""Seconds from one small window of five minutes to the next."""
BEGINS = 1_700_000_000 // 86_400 * 86_400
"""A history of days, and in the tests below of five minutes, from here on."""


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)


def with_holes(*holes: range) -> PriceServer:
    """Four hundred windows, as a year of minutes has, some without candles; and days that show trading all the time."""
    end = BEGINS + 400 * WINDOW
    empty = [(BEGINS + each.start * WINDOW, BEGINS + each.stop * WINDOW) for each in holes]
    fine = [time for time in range(BEGINS, end, 300) if not any(first <= time < last for first, last in empty)]
    days = range(BEGINS - 86_400, end, 86_400)
    return PriceServer(datetime.fromtimestamp(end - 1, UTC), {"MINUTE_5": fine, "DAY": days})


def since(server: PriceServer, way: Way) -> list[float]:
    """The candles of a walk that starts with the first of the windows."""
    begin = datetime.fromtimestamp(BEGINS, UTC)
    rows = priced(way, server).all(lambda walks: walks.candles("X", "MINUTE_5", begin, forming=True))
    return [row.time.timestamp() for row in rows]


@pytest.mark.usefixtures("small_windows")
@pytest.mark.parametrize(
    "holes",
    [
        [range(11)],
        [range(40), range(200, 211)],  # the second is where halving looks first
        [range(12), range(205, 207)],
        [range(20), range(206, 217)],
        [range(13), range(97, 108), range(198, 209)],
        [range(40), range(41, 52), range(53, 64), range(65, 76), range(389, 400)],
    ],
)
def test_a_hole_is_not_taken_for_the_time_before_the_history(
    way: Way, holes: list[range], caplog: pytest.LogCaptureFixture
) -> None:
    server = with_holes(*holes)
    assert since(server, way) == server.candles["MINUTE_5"]
    assert server.asked["MINUTE_5"] + server.asked["DAY"] <= 1.1 * 400
    assert ("begin at" in caplog.text) is (holes[0].stop > 24)  # else there is none that was not looked at


@pytest.mark.usefixtures("small_windows")
def test_what_is_left_out_is_told(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    """Twelve empty windows cannot be told from the time before the history, and a user has to know."""
    server = with_holes(range(14), range(197, 209))  # where halving looks first
    rows = since(server, way)
    first = BEGINS + 209 * WINDOW
    assert rows == [time for time in server.candles["MINUTE_5"] if time >= first]
    begin = datetime.fromtimestamp(first, UTC)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("capital_ext", "WARNING")
    told = re.fullmatch(
        rf"X MINUTE_5: the history seems to begin at {begin:%F %T}Z, since (\d+) windows before have no candles; "
        r"(\d+) others were not asked for",
        record.message,
    )
    assert told
    assert told.groups() == ("24", "185")  # the first twelve, and those of the hole
    assert server.asked["MINUTE_5"] == 400 - 185 + 7  # the halvings that found something; what is empty is asked once


@pytest.mark.usefixtures("small_windows")
def test_a_history_that_is_not_there_at_all_is_told(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    server = with_holes(range(400))
    assert since(server, way) == []
    assert server.asked["MINUTE_5"] < 35
    assert "X MINUTE_5: the history seems to be empty, since" in caplog.text


@pytest.mark.usefixtures("small_windows")
def test_a_span_of_few_windows_is_asked_for_in_full(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    server = with_holes(range(11), range(12, 400))
    begin, end = (datetime.fromtimestamp(BEGINS + after, UTC) for after in (0, 12 * 9 * 300 + 1))
    rows = priced(way, server).all(lambda walks: walks.candles("X", "MINUTE_5", begin, end))
    assert [row.time.timestamp() for row in rows] == server.candles["MINUTE_5"]
    assert (server.asked["MINUTE_5"], server.asked["DAY"]) == (12, 0)
    assert caplog.text == ""


def test_a_history_that_ended_is_found_too(way: Way) -> None:
    """A future that expired: nothing before, nothing after, and the middle of the span is empty."""
    now = datetime(2026, 6, 10, tzinfo=UTC)
    days = [int(datetime(2021, 3, 1, tzinfo=UTC).timestamp()) + day * 86_400 for day in range(20)]
    server = PriceServer(now, {"HOUR": [day + 3600 * hour for day in days for hour in range(8)], "DAY": days})
    rows = priced(way, server).all(lambda walks: walks.candles("X", "HOUR", "2000-01-01"))
    assert [int(row.time.timestamp()) for row in rows] == server.candles["HOUR"]
    assert server.asked["HOUR"] <= 3


def test_days_that_begin_with_the_session(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 22:00 UTC in winter and 21:00 in summer, so that two days of a year have 23 and 25 hours."""
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    begins = [
        first + day * DAY + timedelta(hours=21 if 70 <= (first + day * DAY).timetuple().tm_yday < 305 else 22)
        for day in range(800)
    ]
    server = PriceServer(NOW, {"DAY": [int(time.timestamp()) for time in begins]})
    place = priced(way, server)
    assert times(place.all(lambda walks: walks.candles("X", "DAY", "2023-12-01"))) == begins
    assert times(place.all(lambda walks: walks.candles("X", "DAY", begins[100], begins[300]))) == begins[100:300]


def test_a_map_of_days_that_begin_with_the_session(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a day is called and when it begins and ends is the venue's affair: hours beyond its 24 are found too."""
    monkeypatch.setattr(candles, "MOST_CANDLES", 2)
    monkeypatch.setattr(candles, "MOST_STEPS", 1)
    begin = datetime(2026, 5, 10, 22, tzinfo=UTC)
    hours = [
        int((begin + week * 7 * DAY + day * DAY + hour * HOUR).timestamp())
        for week in range(3)
        for day in range(5)
        for hour in range(28 if day == 4 else 23)
    ]
    days = [int((begin + week * 7 * DAY + day * DAY).timestamp()) for week in range(3) for day in range(5)]
    server = PriceServer(NOW, {"HOUR": hours, "DAY": days})
    rows = priced(way, server).all(lambda walks: walks.candles("X", "HOUR", "2026-05-01", "2026-06-01"))
    assert [int(row.time.timestamp()) for row in rows] == hours


def test_a_server_that_repeats_mixes_and_exceeds(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)
    hours = range(int((NOW - 95 * HOUR).timestamp()), int(NOW.timestamp()), 3600)
    server = PriceServer(NOW, {"HOUR": hours, "DAY": []})
    server.spoil = lambda rows: [*rows[::-1], *rows, price_row(hours[0]), price_row(hours[-1])]
    rows = priced(way, server).all(lambda walks: walks.candles("X", "HOUR", NOW - 95 * HOUR, NOW))
    assert [row.time.timestamp() for row in rows] == list(hours)


# --- which span -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "first", "count"),
    [
        ({"start": "2026-06-09", "end": date(2026, 6, 10)}, "2026-06-09T00:00", 23),
        ({"start": "9 Jun 2026 10:00Z", "end": "2026-06-09T12:00+00:00"}, "2026-06-09T10:00", 2),
        ({"start": "2026-06-09T12:00+02:00", "end": "2026-06-09T14:00+02:00"}, "2026-06-09T10:00", 2),
        ({"start": "2026-06-09T10:00:00.001Z", "end": "2026-06-09T12:00:00.001Z"}, "2026-06-09T11:00", 2),
        ({"last": timedelta(hours=3)}, "2026-06-10T11:00", 3),
        ({"last": relativedelta(months=1), "end": "2026-06-09T01:00Z"}, "2026-05-10T23:00", 485),
        ({"after": NOW - 3 * HOUR}, "2026-06-10T12:00", 2),
        ({"start": "2026-06-10T12:00Z", "end": "2027-01-01"}, "2026-06-10T12:00", 2),
        ({"start": "2026-06-06", "end": "2026-06-07"}, None, 0),  # a Saturday
        ({"start": "2026-06-10", "end": "2026-06-10"}, None, 0),
        ({"start": "2026-06-11", "end": "2026-06-12"}, None, 0),  # the future
        ({"after": datetime(2026, 7, 1, tzinfo=UTC)}, None, 0),
    ],
)
def test_spans(stage: Stage, span: dict[str, Any], first: str | None, count: int) -> None:
    rows = stage.all(lambda walks: walks.candles("SILVER", "HOUR", **span))
    assert len(rows) == count
    if first:
        assert rows[0].time == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert all(a.time < b.time for a, b in pairwise(rows))


def test_each_iteration_starts_anew(way: Way) -> None:
    with staged(way) as stage:
        rows = stage.capital.candles("SILVER", "MINUTE", last=timedelta(minutes=5))
        assert [row.time.minute for row in rows] == [55, 56, 57, 58, 59]
        stage.sandbox.clock.advance(60)
        assert [row.time.minute for row in rows] == [56, 57, 58, 59, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "exactly one of start=, last= and after="),
        ({"start": "2026-01-01", "last": HOUR}, "exactly one"),
        ({"start": datetime(2026, 1, 1)}, "has no time zone"),
        ({"start": "2026-01-02", "end": "2026-01-01"}, "start is after end"),
        ({"start": "03/04/2026"}, "more than one day"),
        ({"start": 1767225600}, "must be a datetime"),
        ({"last": -HOUR}, "positive"),
        ({"last": relativedelta(years=9000)}, "before the calendar begins"),
        ({"last": 5}, "timedelta or a relativedelta"),
        ({"last": HOUR, "in_flight": 0}, "in_flight"),
        ({"last": HOUR, "in_flight": 17}, "in_flight"),
        ({"last": HOUR, "resolution": "MINUTE_2"}, "resolution"),
        ({"last": HOUR, "epic": ""}, "epic"),
        ({"last": HOUR, "forming": "no"}, "forming"),
        ({"last": HOUR, "progress": "no"}, "progress"),
        ({"after": Candle("GOLD", Resolution.MINUTE, NOW, Ohlc(1, 1, 1, 1), Ohlc(1, 1, 1, 1))}, "a candle of GOLD"),
    ],
)
def test_bad_input_is_told_at_once(stage: Stage, arguments: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"epic": "SILVER", **arguments}
    with pytest.raises(InvalidInputError, match=re.escape(message)):
        stage.capital.candles(**given)
    assert len(stage.sandbox.requests) == 0


def test_no_such_market(stage: Stage) -> None:
    with pytest.raises(NotFoundError) as caught:
        stage.all(lambda walks: walks.candles("NOPE", "HOUR", last=DAY))
    assert caught.value.error_code == "error.not-found.epic"


# --- the candle that is forming ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("resolution", LENGTHS)
def test_the_forming_candle_is_left_out_unless_asked_for(stage: Stage, resolution: str) -> None:
    stage.sandbox.clock.advance(30)
    length = timedelta(minutes=LENGTHS[resolution])
    over = stage.all(lambda walks: walks.candles("BTCUSD", resolution, last=5 * length))
    seen = stage.all(lambda walks: walks.candles("BTCUSD", resolution, last=5 * length, forming=True))
    assert seen[:-1] == over
    assert [row.complete for row in seen] == [True] * (len(seen) - 1) + [False]
    assert seen[-1].time <= NOW < seen[-1].time + length


def test_a_candle_is_over_with_its_last_second(stage: Stage) -> None:
    stage.sandbox.clock.advance(59.999)
    assert stage.all(lambda walks: walks.candles("SILVER", last=timedelta(minutes=2)))[-1].time == NOW - HOUR / 60
    stage.sandbox.clock.advance(0.001)
    assert stage.all(lambda walks: walks.candles("SILVER", last=timedelta(minutes=2)))[-1].time == NOW


def test_a_day_is_over_when_the_next_has_begun_or_when_it_must_be(way: Way) -> None:
    begins = [datetime(2026, 6, day, 21, tzinfo=UTC) for day in (2, 3, 4, 7)]
    server = PriceServer(NOW, {"DAY": [int(time.timestamp()) for time in begins]})
    place = priced(way, server)

    def over(now: datetime, **more: Any) -> int:
        server.now = now
        return len(place.all(lambda walks: walks.candles("X", "DAY", "2026-06-01", **more)))

    friday = datetime(2026, 6, 5, 21, tzinfo=UTC)
    server.candles["DAY"] = server.candles["DAY"][:3]
    assert over(friday - timedelta(seconds=1)) == 2
    assert over(friday + timedelta(minutes=59)) == 2  # it could be a day of 25 hours
    assert over(friday + HOUR) == 3
    assert over(friday + timedelta(minutes=5), forming=True) == 3
    server.candles["DAY"] = [int(time.timestamp()) for time in begins[:2]]
    thursday = datetime(2026, 6, 4, 20, tzinfo=UTC)
    assert over(thursday) == 1  # 23 hours old: no
    server.candles["DAY"] = [int(time.timestamp()) for time in (*begins[:2], thursday)]
    assert over(thursday + timedelta(minutes=1)) == 2  # a day of 23 hours, for the next one is here
    # Also when the span ends before the next one, which is then looked at and not given; nor is one after the end.
    assert over(thursday + timedelta(minutes=1), end=thursday) == 2
    assert over(thursday + timedelta(minutes=1), end=begins[1]) == 1


# --- going on ---------------------------------------------------------------------------------------------------------


def test_going_on_after_the_last_one_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)
    whole = stage.all(lambda walks: walks.candles("SILVER", "HOUR", "2026-06-01", "2026-06-09"))
    for count in (1, 10, 11, 57):
        begun = stage.some(lambda walks: walks.candles("SILVER", "HOUR", "2026-06-01", "2026-06-09"), count)
        rest = stage.all(lambda walks: walks.candles("SILVER", "HOUR", after=begun[-1], end="2026-06-09"))  # noqa: B023
        assert begun + rest == whole


def test_a_forming_candle_comes_again(stage: Stage) -> None:
    stage.sandbox.clock.advance(30)
    (forming,) = stage.all(lambda walks: walks.candles("SILVER", start=NOW, forming=True))
    stage.sandbox.clock.advance(60)
    again, next_one = stage.all(lambda walks: walks.candles("SILVER", after=forming, forming=True))
    assert (again.time, again.complete, next_one.complete) == (forming.time, True, False)
    assert [next_one.time] == times(stage.all(lambda walks: walks.candles("SILVER", after=again, forming=True)))


def test_what_came_before_an_error_was_given(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)
    whole = stage.all(lambda walks: walks.candles("BTCUSD", "HOUR", "2026-06-01", "2026-06-05"))
    stage.sandbox.faults.server_error("html", "GET", "/prices/*", after=4)
    seen: list[Candle] = []
    with pytest.raises(ServerError):
        stage.some(lambda walks: walks.candles("BTCUSD", "HOUR", "2026-06-01", "2026-06-05"), None, seen.append)
    assert seen == whole[: len(seen)]
    assert 10 <= len(seen) <= 40
    assert threads(within=10) == []
    stage.sandbox.faults.clear()
    assert seen + stage.all(lambda walks: walks.candles("BTCUSD", "HOUR", after=seen[-1], end="2026-06-05")) == whole


# --- in flight --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_flight", [1, 3, 16])
def test_no_more_windows_are_held_than_may_be_in_flight(
    stage: Stage, in_flight: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candles, "MOST_CANDLES", 10)
    monkeypatch.setattr(candles, "MOST_STEPS", 9)
    monkeypatch.setattr(candles, "FEW_WINDOWS", 1000)  # no map, so that all calls are windows of the walk
    taken = 0

    def see(_: Candle) -> None:
        nonlocal taken
        taken += 1
        behind = max(0, taken - 10 + 8) // 9  # the first window holds ten, any other one nine
        assert stage.calls() <= behind + in_flight

    rows = stage.some(
        lambda walks: walks.candles("BTCUSD", "HOUR", "2026-05-01", "2026-06-01", in_flight=in_flight), None, see
    )
    assert len(rows) == 31 * 24


def test_leaving_a_loop_leaves_no_thread() -> None:
    with staged("sync") as stage:
        for _ in stage.capital.candles("BTCUSD", "DAY", "2018-01-01"):
            assert threads() != []
            break
        assert threads(within=10) == []
        with closing(iter(stage.capital.candles("BTCUSD", "DAY", "2018-01-01"))) as rows:
            next(rows)
        assert threads(within=10) == []


def only_the_first_is_answered(stage: Stage) -> Capital:
    """All windows but the first of "2026-06-05" stall; and a client that does not wait for long."""
    stage.sandbox.faults.stall(
        "GET", "/prices/*", where=lambda request: request.parameters["from"] != "2026-06-05T00:00:00"
    )
    known = stage.sandbox.credentials
    return Capital(
        Credentials(known.api_key, known.identifier, known.password),
        base_url=stage.capital.base_url,
        quota=Quota.off(),
        timeout=4,
    )


def test_leaving_a_loop_waits_for_no_answer(stage: Stage) -> None:
    only_the_first_is_answered(stage)
    started = time.monotonic()
    assert len(stage.some(lambda walks: walks.candles("BTCUSD", "MINUTE", "2026-06-05"), 1)) == 1
    assert time.monotonic() - started < 5  # and not the fifteen seconds of a timeout, twice
    stage.capital.close()
    assert time.monotonic() - started < 5
    with pytest.raises(NotSentError):
        stage.capital.general.ping()


def test_a_call_that_was_abandoned_is_not_sent_again() -> None:
    with staged("sync") as stage, only_the_first_is_answered(stage) as capital:
        for _ in capital.candles("BTCUSD", "MINUTE", "2026-06-05"):
            break
        assert threads() != []
        assert threads(within=20) == []
        assert stage.calls() == 8


def test_a_program_that_ends_waits_for_no_answer() -> None:
    program = """
import sys
from capital_ext import Capital, Credentials, Quota
capital = Capital(Credentials(*sys.argv[2:]), base_url=sys.argv[1], quota=Quota.off())
next(iter(capital.candles("BTCUSD", "MINUTE", "2026-06-05")))
"""
    with staged("sync") as stage:
        only_the_first_is_answered(stage).close()
        known = stage.sandbox.credentials
        arguments = [stage.capital.base_url, known.api_key, known.identifier, known.password]
        started = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, *arguments], check=True, capture_output=True, text=True
        )
        assert time.monotonic() - started < 12
    assert (ended.stdout, ended.stderr) == ("", "")


def test_leaving_a_loop_leaves_no_task() -> None:
    with staged("async") as stage:

        async def leave(walks: AsyncCapital) -> None:
            async for _ in walks.candles("BTCUSD", "DAY", "2018-01-01"):
                assert len(asyncio.all_tasks()) > 1
                break
            gc.collect()
            for _ in range(1000):
                await asyncio.sleep(0)
            async with aclosing(aiter(walks.candles("BTCUSD", "DAY", "2018-01-01"))) as rows:
                await anext(rows)
            assert len(asyncio.all_tasks()) == 1

        stage.do(leave)
        assert threads(within=10) == []
