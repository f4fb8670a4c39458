"""Prices: one truth for quotes, candles and days, whatever the seed; and the rules of GET /prices."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from capital_sandbox.candles import FINER, MINUTE_MS, Bar, Resolution, fold
from capital_sandbox.catalogue import Catalogue
from capital_sandbox.clock import DEFAULT_START, to_milliseconds
from capital_sandbox.feed import Feed
from capital_sandbox.generated_prices import GeneratedPrices
from capital_sandbox.hours import WeeklyHours

from .conftest import Api

CATALOGUE = Catalogue.default()
NOW = to_milliseconds(DEFAULT_START)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("epic", ["EURUSD", "SILVER", "AAPL", "BTCUSD", "5CPSG", "EURUSD_W", "US500"])
def test_every_candle_is_the_sum_of_its_parts(seed: int, epic: str) -> None:
    source, instrument = GeneratedPrices(seed), CATALOGUE[epic]
    week = Resolution.WEEK.candle_at(NOW) - 3 * seed
    path = [(Resolution.WEEK, week)]
    while path:
        resolution, index = path.pop()
        whole = source.bar(instrument, resolution, index)
        assert whole is not None
        assert 0 < whole.low <= min(whole.open, whole.close) <= max(whole.open, whole.close) <= whole.high
        if resolution is Resolution.MINUTE:
            ticks = source.ticks(instrument, index)
            bids = [tick.bid for tick in ticks]
            assert (bids[0], max(bids), min(bids), bids[-1]) == whole[:4]
            assert all(a.time < b.time for a, b in pairwise(ticks))
            assert all(instrument.hours.is_open(tick.time) for tick in ticks)
            continue
        finer = FINER[resolution]
        first = finer.candle_at(resolution.start(index))
        numbers = range(first, first + resolution.length // finer.length)
        bars = {number: bar for number in numbers if (bar := source.bar(instrument, finer, number))}
        assert fold(list(bars.values())) == whole
        assert all(a.close == b.open for a, b in pairwise(bars.values()))
        for number in numbers:
            start = finer.start(number)
            assert (number in bars) is bool(instrument.hours.open_between(start, start + finer.length))
        # All parts of the first division, then one way down, a different one for each seed.
        ways = list(bars)
        path += [(finer, number) for number in (ways if resolution is Resolution.WEEK else [ways[seed % len(ways)]])]


def test_weeks_join_and_stay_sensible() -> None:
    source = GeneratedPrices(7)
    for instrument in CATALOGUE.values():
        weeks = [source.bar(instrument, Resolution.WEEK, index) for index in range(2900, 3000)]
        bars = [week for week in weeks if week]
        until = 3000 if instrument.expires is None else Resolution.WEEK.candle_at(instrument.expires - 1) + 1
        assert len(bars) == min(3000, until) - 2900
        assert all(a.close == b.open for a, b in pairwise(bars))
        assert all(instrument.start_ticks / 8 < bar.close < instrument.start_ticks * 8 for bar in bars)


def test_same_seed_same_prices_and_another_seed_others() -> None:
    gold = CATALOGUE["GOLD"]
    minute = Resolution.MINUTE.candle_at(NOW)
    first, again, other = (GeneratedPrices(seed).ticks(gold, minute) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("resolution", list(Resolution))
def test_forming_candle_is_what_was_seen(resolution: Resolution) -> None:
    source, instrument = GeneratedPrices(3), CATALOGUE["SILVER"]
    feed = Feed(source)
    now = NOW + 34 * MINUTE_MS + 21_987
    start = resolution.start(resolution.candle_at(now))
    seen = [
        tick.bid
        for minute in range(Resolution.MINUTE.candle_at(start), Resolution.MINUTE.candle_at(now) + 1)
        for tick in source.ticks(instrument, minute)
        if tick.time <= now
    ]
    forming = feed.bar(instrument, resolution, resolution.candle_at(now), now)
    assert isinstance(forming, Bar)
    assert forming[:4] == (seen[0], max(seen), min(seen), seen[-1])
    assert feed.quote(instrument, now).bid == instrument.level(forming.close)


@pytest.mark.parametrize("resolution", list(Resolution))
def test_forwards_and_backwards_agree(resolution: Resolution) -> None:
    feed, instrument = Feed(GeneratedPrices(1)), CATALOGUE["US500"]
    back = list(islice(feed.backwards(instrument, resolution, NOW, NOW), 60))[::-1]
    assert list(feed.forwards(instrument, resolution, back[0].start, NOW)) == back


def test_hours() -> None:
    hours = WeeklyHours([["00:00 - 20:59:50", "21:05 - 00:00"]] + [["00:00 - 00:00"]] * 2 + [["-"]] + [[]] * 3)
    monday = to_milliseconds(datetime(2026, 6, 8, tzinfo=UTC))
    closing = monday + ((20 * 60 + 59) * 60 + 50) * 1000
    assert hours.is_open(monday)
    assert hours.is_open(closing - 1)
    assert not hours.is_open(closing)
    assert hours.last_open(closing + 5) == closing - 1
    assert hours.next_open(closing) == monday + (21 * 60 + 5) * MINUTE_MS
    friday = monday + 4 * 24 * 60 * MINUTE_MS
    assert hours.next_open(friday) == monday + 7 * 24 * 60 * MINUTE_MS
    assert hours.last_open(friday) == monday + 3 * 24 * 60 * MINUTE_MS - 1


def test_default_window(api: Api) -> None:
    api.clock.advance(30)
    content = api.ok(api.get("prices/SILVER"))
    assert len(content["prices"]) == 10
    assert content["instrumentType"] == "COMMODITIES"
    last = content["prices"][-1]
    assert (last["snapshotTimeUTC"], last["snapshotTime"]) == ("2026-06-10T14:00:00", "2026-06-10T17:00:00")
    snapshot = api.market("SILVER")
    assert last["closePrice"] == {"bid": snapshot["bid"], "ask": snapshot["offer"]}
    api.clock.advance(29.999)
    day = api.ok(api.get("prices/SILVER", resolution="DAY", max=1))["prices"][0]
    api.clock.advance(0.001)
    snapshot = api.market("SILVER")
    assert (day["highPrice"]["bid"], day["lowPrice"]["bid"]) == (snapshot["high"], snapshot["low"])


def test_windows(api: Api) -> None:
    def starts(**query: object) -> list[str]:
        prices = api.ok(api.get("prices/SILVER", **query))["prices"]
        return [candle["snapshotTimeUTC"][-8:] for candle in prices]

    assert starts(**{"from": "2026-06-10T10:00:30", "max": 3}) == ["10:01:00", "10:02:00", "10:03:00"]
    edges = {"from": "2026-06-10T10:00:00", "to": "2026-06-10T10:02:00"}
    assert starts(**edges, max=3) == ["10:00:00", "10:01:00", "10:02:00"]
    assert api.refused(api.get("prices/SILVER", **edges, max=2)) == (400, "error.invalid.max.daterange")
    assert starts(to="2026-06-10T10:02:00", max=2) == ["10:01:00", "10:02:00"]
    # Over the weekend candles are missing, but their time counts.
    hours = {"resolution": "HOUR", "from": "2026-06-05T20:00:00", "to": "2026-06-08T00:00:00"}
    assert starts(**hours, max=53) == ["20:00:00", "21:00:00", "23:00:00", "00:00:00"]
    assert api.refused(api.get("prices/SILVER", **hours, max=52)) == (400, "error.invalid.max.daterange")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"max": 1001}, 400, "error.invalid.max"),
        ({"max": 0}, 400, "error.invalid.max"),
        ({"max": "ten"}, 400, "error.invalid.max"),
        ({"resolution": "MINUTE_2"}, 400, "error.invalid.resolution"),
        ({"from": "2026-06-10T10:00:00Z"}, 400, "error.invalid.from"),
        ({"from": "2026-06-10"}, 400, "error.invalid.from"),
        ({"to": "2026-06-10T10:00:00+00:00"}, 400, "error.invalid.to"),
        ({"to": "1781000000"}, 400, "error.invalid.to"),
        ({"from": "2026-06-10T11:00:00", "to": "2026-06-10T10:00:00"}, 400, "error.invalid.daterange"),
        ({"to": "2026-06-10T14:00:01"}, 400, "error.invalid.daterange"),
        ({"from": "2026-06-06T10:00:00", "to": "2026-06-06T10:05:00"}, 404, "error.prices.not-found"),
        ({"from": "1980-01-01T00:00:00", "to": "1980-01-01T00:05:00"}, 404, "error.prices.not-found"),
    ],
)
def test_refused_windows(api: Api, query: dict[str, object], status: int, code: str) -> None:
    assert api.refused(api.get("prices/SILVER", **query)) == (status, code)
    assert api.refused(api.get("prices/silver", **query)) == (404, "error.not-found.epic")


def test_a_thousand_candles(api: Api) -> None:
    prices = api.ok(api.get("prices/BTCUSD", max=1000, **{"from": "2024-02-29T00:00:00"}))["prices"]
    assert len(prices) == 1000
    first, last = (datetime.fromisoformat(prices[at]["snapshotTimeUTC"]) for at in (0, -1))
    assert last - first == timedelta(minutes=999)
    # Even crypto pauses for five minutes in the evening.
    evening = api.ok(api.get("prices/BTCUSD", max=3, **{"from": "2024-02-29T20:58:00"}))["prices"]
    assert [candle["snapshotTimeUTC"][-8:] for candle in evening] == ["20:58:00", "20:59:00", "21:05:00"]
