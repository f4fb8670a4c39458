"""One truth: what the stream says is what the REST API says, to the last digit."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.candles import Bar, Resolution
from capital_sandbox.recorded_prices import load
from capital_sandbox.stream.tape import heikin_ashi

from .conftest import Api
from .streaming import Frame, Watcher, world
from .test_recorded_prices import candles as recorded
from .test_recorded_prices import write

FRIDAY = datetime(2026, 6, 12, 19, 30, 17, tzinfo=UTC)
Prices = tuple[Any, ...]


@pytest.fixture(autouse=True)
def lasting_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about prices: hours pass between two calls."""
    monkeypatch.setattr("capital_sandbox.sessions.IDLE_LIMIT", 10**12)


def rest(api: Api, epic: str, resolution: str, start: datetime, end: datetime) -> dict[int, dict[str, Prices]]:
    """The candles of GET /prices, as prices by begin and side."""
    window = {"from": start.strftime("%Y-%m-%dT%H:%M:%S"), "to": end.strftime("%Y-%m-%dT%H:%M:%S")}
    response = api.get(f"prices/{epic}", resolution=resolution, max=1000, **window)
    if response.status_code == 404:
        return {}
    return {
        int(datetime.fromisoformat(candle["snapshotTimeUTC"]).replace(tzinfo=UTC).timestamp()) * 1000: {
            side: tuple(candle[f"{name}Price"][side] for name in ("open", "high", "low", "close"))
            for side in ("bid", "ask")
        }
        for candle in api.ok(response)["prices"]
    }


def gathered(quotes: Iterable[Frame], length: int) -> dict[int, dict[str, Prices]]:
    """Quotes made into candles."""
    seen: defaultdict[int, list[Frame]] = defaultdict(list)
    for quote in quotes:
        seen[quote["timestamp"] // length * length].append(quote)
    return {
        start: {
            side: (prices[0], max(prices), min(prices), prices[-1])
            for side, name in (("bid", "bid"), ("ask", "ofr"))
            for prices in [[quote[name] for quote in quotes]]
        }
        for start, quotes in seen.items()
    }


def told(candles: Iterable[Frame]) -> dict[int, dict[str, Prices]]:
    """Candles of the stream in the same form."""
    found: defaultdict[int, dict[str, Prices]] = defaultdict(dict)
    for candle in candles:
        assert candle["priceType"] not in found[candle["t"]]
        found[candle["t"]][candle["priceType"]] = tuple(candle[name] for name in "ohlc")
    return dict(found)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("epic", ["EURUSD", "SILVER", "BTCUSD", "5CPSG", "EURUSD_W"])
def test_quotes_and_candles_are_those_of_rest(epic: str, seed: int) -> None:
    """From Friday evening over the night: the weekday markets close, the weekend ones open."""
    resolutions = ["MINUTE", "MINUTE_5", "MINUTE_15", "MINUTE_30", "HOUR", "HOUR_4"]
    clock = ManualClock(FRIDAY)
    api = world(seed=seed, clock=clock, idle_drop=None)
    watcher = Watcher(api)
    watcher.quotes(epic)
    watcher.candles(epic, resolutions=resolutions)
    frames: list[Frame] = []
    for _ in range(9):
        api.clock.advance(3600)
        frames += watcher.frames()
    quotes = [frame["payload"] for frame in frames if frame["destination"] == "quote"]
    assert all(a["timestamp"] < b["timestamp"] for a, b in pairwise(quotes))
    assert all(FRIDAY.timestamp() * 1000 < quote["timestamp"] <= clock.now().timestamp() * 1000 for quote in quotes)
    for name in resolutions:
        length = Resolution(name).length
        now = clock.now()
        truth = rest(api, epic, name, FRIDAY.replace(minute=0, hour=16, second=0), now)
        # Of the candle at the beginning the quotes show only a part; the one at the end has not closed.
        first = (int(FRIDAY.timestamp() * 1000) // length + 1) * length
        last = int(now.timestamp() * 1000) // length * length
        whole = {start: candle for start, candle in truth.items() if first <= start < last}
        assert {start: c for start, c in gathered(quotes, length).items() if first <= start < last} == whole
        candles = [f["payload"] for f in frames if f["payload"].get("resolution") == name]
        closed = {start: candle for start, candle in truth.items() if first - length <= start < last}
        assert told(candles) == closed
        assert list(told(candles)) == sorted(closed)


def test_a_recording_is_streamed_as_it_is_told(tmp_path: Path) -> None:
    """With a spread that is never the same, and with gaps."""
    prices = load(write(tmp_path / "GOLD.csv", recorded(timedelta(minutes=1), 120, missing=[17, 18, 40])))
    api = Api(Sandbox(prices=prices, clock=ManualClock(prices.start), limits=Limits.off()))
    api.login()
    watcher = Watcher(api)
    watcher.quotes("GOLD")
    watcher.candles("GOLD", resolutions=["MINUTE", "MINUTE_15"])
    frames: list[Frame] = []
    for _ in range(13):
        api.clock.advance(599)
        frames += watcher.frames()
        watcher.ask("ping")
    start = prices.start
    for name, count in (("MINUTE", 117), ("MINUTE_15", 8)):
        truth = rest(api, "GOLD", name, start, start + timedelta(hours=2))
        assert len(truth) == count
        assert told(f["payload"] for f in frames if f["payload"].get("resolution") == name) == truth
        quotes = [frame["payload"] for frame in frames if frame["destination"] == "quote"]
        first = int(start.timestamp() * 1000)  # a tick at the very instant of the subscription is not seen
        seen = gathered(quotes, Resolution(name).length)
        assert {at: c for at, c in seen.items() if at > first} == {at: c for at, c in truth.items() if at > first}


def test_long_candles_are_those_of_rest() -> None:
    api = world(seed=5, clock=ManualClock(FRIDAY), idle_drop=None)
    watcher = Watcher(api)
    watcher.candles("GOLD", "BTCUSD", resolutions=["DAY", "WEEK"])
    api.clock.advance(16 * 86_400)
    frames = list(watcher.payloads())
    now = api.clock.now()
    for epic, days in (("GOLD", 13), ("BTCUSD", 16)):
        for name, count in (("DAY", days), ("WEEK", 2)):
            candles = told(f for f in frames if f["epic"] == epic and f["resolution"] == name)
            length = Resolution(name).length
            truth = rest(api, epic, name, datetime(2026, 6, 8, tzinfo=UTC), now)
            closed = {
                start: candle
                for start, candle in truth.items()
                if FRIDAY.timestamp() * 1000 < start + length <= now.timestamp() * 1000
            }
            assert candles == closed
            assert len(candles) == count


def test_a_candle_comes_when_it_closes_and_before_what_follows() -> None:
    api = world()
    watcher = Watcher(api)
    watcher.quotes("GOLD")
    watcher.candles("GOLD", resolutions=["MINUTE_5", "MINUTE"])
    api.clock.advance(299.999)
    before = list(watcher.payloads())
    assert [p["resolution"] for p in before if "resolution" in p] == ["MINUTE"] * 8
    api.clock.advance(0.001)
    after = list(watcher.payloads())
    names = [payload.get("resolution", "quote") for payload in after]
    assert sorted(names[:4]) == ["MINUTE", "MINUTE", "MINUTE_5", "MINUTE_5"]
    assert names[4:] == ["quote"]
    assert [payload["priceType"] for payload in after[:4]] == ["bid", "ask"] * 2
    assert after[4]["timestamp"] == 1781100300000


def test_everything_comes_in_the_order_of_time() -> None:
    api = world(idle_drop=None)
    watcher = Watcher(api)
    epics = ["GOLD", "SILVER", "EURUSD", "BTCUSD", "US500"]
    watcher.quotes(*epics)
    watcher.candles(*epics)
    api.clock.advance(900)
    moments = [p["timestamp"] if "timestamp" in p else p["t"] + 60_000 for p in watcher.payloads()]
    assert moments == sorted(moments)
    assert len(moments) > 15 * 5 * 6


def test_slices_of_time_make_no_difference() -> None:
    """What comes does not depend on how often somebody looks."""
    seen: list[list[Frame]] = []
    for steps in (1, 7, 200):
        api = world(seed=3)
        watcher = Watcher(api)
        watcher.quotes("GOLD", "EURUSD")
        watcher.candles("GOLD", type="heikin-ashi")
        frames: list[Frame] = []
        for step in range(steps):
            api.clock.advance((300_000 * (step + 1) // steps - 300_000 * step // steps) / 1000)
            frames += watcher.frames()
        seen.append(frames)
    assert seen[0] == seen[1] == seen[2] != []


def test_nothing_comes_from_a_closed_market() -> None:
    api = world(clock=ManualClock(datetime(2026, 6, 12, 21, 58, 0, tzinfo=UTC)), idle_drop=None)
    watcher = Watcher(api)
    watcher.quotes("GOLD")
    watcher.candles("GOLD", resolutions=["MINUTE", "HOUR"])
    api.clock.advance(240)
    friday = list(watcher.payloads())
    closing = datetime(2026, 6, 12, 21, 59, tzinfo=UTC).timestamp() * 1000
    assert friday
    assert all((payload.get("timestamp") or payload["t"]) < closing for payload in friday)
    api.clock.advance(49 * 3600 - 300)
    assert watcher.frames() == []
    api.clock.advance(600)
    opening = datetime(2026, 6, 14, 23, 5, tzinfo=UTC).timestamp() * 1000
    [first, *_] = watcher.payloads()
    assert first["timestamp"] == opening


def test_heikin_ashi_as_it_is_defined() -> None:
    bars = [Bar(10, 14, 8, 12, 0), Bar(12, 20, 12, 18, 0), Bar(18, 19, 5, 6, 0)]
    assert heikin_ashi(bars[:1]) == (11, 14, 8, 11)
    assert heikin_ashi(bars[:2]) == (11, 20, 11, 15.5)
    assert heikin_ashi(bars) == (13.25, 19, 5, 12)
    # High and low take in the averages, which may lie outside of the candle itself.
    gap = [Bar(100, 100, 100, 100, 0), Bar(10, 12, 8, 11, 0)]
    assert heikin_ashi(gap) == (100, 100, 8, 10.25)


@pytest.mark.parametrize("epic", ["EURUSD", "GOLD"])
def test_heikin_ashi_is_made_of_the_classic_candles(epic: str) -> None:
    api = world(idle_drop=None, clock=ManualClock(datetime(2026, 6, 12, 20, 30, tzinfo=UTC)))
    watcher = Watcher(api)
    watcher.candles(epic, type="classic")
    watcher.candles(epic, type="heikin-ashi")
    api.clock.advance(51 * 3600)  # over the weekend
    payloads = list(watcher.payloads())
    kinds = {kind: told(p for p in payloads if p["type"] == kind) for kind in ("classic", "heikin-ashi")}
    assert list(kinds["classic"]) == list(kinds["heikin-ashi"])
    tick = float(api.sandbox.world.catalogue[epic].tick)
    for side in ("bid", "ask"):
        pairs = [(kinds["classic"][at][side], kinds["heikin-ashi"][at][side]) for at in kinds["classic"]]
        assert len(pairs) > 50
        for (_, (o, _, _, c)), ((co, ch, cl, cc), (ho, hh, hl, hc)) in pairwise(pairs):
            assert ho == pytest.approx((o + c) / 2, abs=tick / 50)
            assert hc == pytest.approx((co + ch + cl + cc) / 4, abs=tick / 50)
            assert hh == pytest.approx(max(ch, ho, hc), abs=tick / 50)
            assert hl == pytest.approx(min(cl, ho, hc), abs=tick / 50)


def test_heikin_ashi_is_the_same_for_everybody() -> None:
    """However long somebody has been watching."""
    api = world(idle_drop=None)
    early = Watcher(api)
    early.candles("SILVER", type="heikin-ashi")
    api.clock.advance(7200)
    early.frames()
    late = Watcher(api)
    late.candles("SILVER", type="heikin-ashi")
    api.clock.advance(300)
    assert early.frames() == late.frames() != []
