"""Prices: one truth for quotes, candles and days, whatever the seed; and the rules of GET /prices."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from capital_sandbox.candles import FINER, MINUTE_MS, Bar, Resolution, fold
from capital_sandbox.catalogue import Catalogue, Instrument
from capital_sandbox.clock import DEFAULT_START, to_milliseconds
from capital_sandbox.feed import Feed
from capital_sandbox.generated_prices import GeneratedPrices
from capital_sandbox.hours import WeeklyHours
from capital_sandbox.stream.frames import CandleKind
from capital_sandbox.stream.tape import Tape

from .conftest import Api

CATALOGUE = Catalogue.default()
NOW = to_milliseconds(DEFAULT_START)


def closed_between(instrument: Instrument, resolution: Resolution, before: int, after: int) -> bool:
    """Whether there is a closed stretch between the trading in two candles."""
    last = instrument.hours.last_open(resolution.start(before + 1) - 1)
    return instrument.hours.next_open(resolution.start(after)) > last + 1


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
        for before, number in pairwise(bars):
            if not closed_between(instrument, finer, before, number):
                assert bars[before].close == bars[number].open
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
        for before, (a, b) in enumerate(pairwise(weeks), start=2900):
            if a and b and not closed_between(instrument, Resolution.WEEK, before, before + 1):
                assert a.close == b.open
        assert all(instrument.start_ticks / 8 < bar.close < instrument.start_ticks * 8 for bar in bars)


@pytest.mark.parametrize(
    ("epic", "resolution", "most"),
    [
        ("AAPL", Resolution.DAY, 0.05),
        ("AAPL", Resolution.WEEK, 0.05),
        ("GOLD", Resolution.DAY, 0.05),  # over the weekend
        ("EURUSD", Resolution.HOUR, 0.02),  # over five minutes in the evening
    ],
)
def test_prices_are_off_when_a_market_opens_again(epic: str, resolution: Resolution, most: float) -> None:
    source, instrument = GeneratedPrices(3), CATALOGUE[epic]
    last = resolution.candle_at(NOW)
    bars = {number: bar for number in range(last - 1000, last) if (bar := source.bar(instrument, resolution, number))}
    pairs = [pair for pair in pairwise(bars) if closed_between(instrument, resolution, *pair)]
    jumps = [bars[after].open / bars[before].close - 1 for before, after in pairs]
    assert len(jumps) > 10
    assert sum(jump != 0 for jump in jumps) > 0.8 * len(jumps)
    assert max(map(abs, jumps)) < most
    assert min(jumps) < 0 < max(jumps)


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


@pytest.mark.parametrize(
    ("epic", "resolution", "to"),
    [
        ("AAPL", "DAY", "2026-06-09T00:00:00"),  # opens at 08:00
        ("EURUSD", "HOUR", "2026-06-09T21:00:00"),  # at 21:05
        ("USDTRY", "MINUTE", "2026-06-09T21:10:00"),  # at 21:10:05
        ("EURUSD", "WEEK", "2026-06-01T00:00:00"),
        ("GOLD", "HOUR", "2026-06-09T23:30:00"),  # within a candle: the edge is no beginning
    ],
)
def test_the_last_candle_may_begin_before_the_market_opens(api: Api, epic: str, resolution: str, to: str) -> None:
    query: dict[str, object] = {"resolution": resolution, "to": to, "max": 3}
    newest = api.ok(api.get(f"prices/{epic}", **query))["prices"]
    since = newest[0]["snapshotTimeUTC"]
    assert newest == api.ok(api.get(f"prices/{epic}", **query | {"max": 1000, "from": since}))["prices"]
    assert newest[-1]["snapshotTimeUTC"] == to.replace(":30:", ":00:")


def test_a_candle_that_has_begun_in_a_closed_market_is_not_there_yet(api: Api) -> None:
    api.clock.advance(timedelta(hours=16))  # 06:00 on the next day; Apple opens at 08:00

    def last() -> str:
        return str(api.ok(api.get("prices/AAPL", resolution="DAY", max=1))["prices"][0]["snapshotTimeUTC"])

    api.login()
    assert last() == "2026-06-10T00:00:00"
    api.wait(2 * 3600 + 60)
    assert last() == "2026-06-11T00:00:00"


def test_averaged_candles_are_those_of_their_day() -> None:
    source, apple = GeneratedPrices(1), CATALOGUE["AAPL"]
    tape, day = Tape(Feed(source)), Resolution.DAY.candle_at(NOW) - 1
    bar = source.bar(apple, Resolution.DAY, day)
    assert bar is not None
    told = json.loads(tape.candles(apple, Resolution.DAY, CandleKind.HEIKIN_ASHI, day)[0])["payload"]
    assert told["c"] == pytest.approx(sum(bar[:4]) / 4 * float(apple.tick), abs=0.01)
    assert (told["h"], told["l"]) == (
        max(float(apple.level(bar.high)), told["o"], told["c"]),
        min(float(apple.level(bar.low)), told["o"], told["c"]),
    )


@pytest.mark.parametrize("resolution", list(Resolution))
@pytest.mark.parametrize("epic", ["AAPL", "EURUSD", "USDTRY", "US500"])
def test_both_ways_see_the_same_up_to_any_candle(epic: str, resolution: Resolution) -> None:
    feed, instrument = Feed(GeneratedPrices(1)), CATALOGUE[epic]
    back = list(islice(feed.backwards(instrument, resolution, NOW, NOW), 40))[::-1]
    assert back == list(islice(feed.forwards(instrument, resolution, back[0].start, NOW), 40))
    for count, candle in enumerate(back[30:], start=31):
        assert list(islice(feed.backwards(instrument, resolution, candle.start, NOW), count))[::-1] == back[:count]


@pytest.mark.parametrize(
    ("resolution", "first"),
    [
        ("WEEK", "1991-01-07"),
        ("DAY", "1991-01-01"),
        ("HOUR_4", "1991-01-01"),
        ("HOUR", "1991-01-01"),
        ("MINUTE_30", "2024-02-11"),
        ("MINUTE_5", "2024-02-11"),
        ("MINUTE", "2024-02-11"),
    ],
)
def test_history_has_one_end_however_it_is_asked_for(api: Api, resolution: str, first: str) -> None:
    length = next(each.length for each in Resolution if each == resolution)
    told = api.ok(api.get("prices/SILVER", resolution=resolution, max=2, **{"from": "1980-01-01T00:00:00"}))["prices"]
    start = datetime.fromisoformat(told[0]["snapshotTimeUTC"])
    assert f"{start:%Y-%m-%d}" == first
    assert (
        api.ok(api.get("prices/SILVER", resolution=resolution, max=2, to=f"{start:%Y-%m-%dT%H:%M:%S}"))["prices"]
        == told[:1]
    )
    before = start - timedelta(milliseconds=length)
    edges = {"to": f"{start - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}", "resolution": resolution}
    for query in (edges, edges | {"from": f"{before:%Y-%m-%dT%H:%M:%S}"}):
        assert api.refused(api.get("prices/SILVER", **query)) == (404, "error.prices.not-found")


def test_minutes_grow_old(api: Api) -> None:
    query = {"from": "2024-02-20T10:00:00", "to": "2024-02-20T10:05:00"}
    assert len(api.ok(api.get("prices/SILVER", **query))["prices"]) == 6
    api.clock.advance(timedelta(days=30))
    api.login()
    assert api.refused(api.get("prices/SILVER", **query)) == (404, "error.prices.not-found")
    assert api.ok(api.get("prices/SILVER", resolution="HOUR", **query))["prices"]
