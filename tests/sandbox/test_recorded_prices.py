"""Prices out of a file: what was recorded is what is told, on both sides of the spread and at every resolution."""

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.candles import FINER, MINUTE_MS, Bar, Resolution, fold
from capital_sandbox.catalogue import Catalogue
from capital_sandbox.clock import to_milliseconds
from capital_sandbox.recorded_prices import load

from .conftest import Api

GOLD = Catalogue.default()["GOLD"]
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
Row = dict[str, Any]


def candles(step: timedelta, count: int, *, missing: Sequence[int] = (), start: datetime = START) -> list[Row]:
    """Invented candles whose spread is never the same twice."""
    random = Random("recording")
    rows: list[Row] = []
    level = 332_000
    for at in range(count):
        first, last = level, level + random.randint(-90, 90)
        level = last
        if at in missing:
            continue
        bid = (first, max(first, last) + random.randint(0, 40), min(first, last) - random.randint(0, 40), last)
        ask = [price + random.randint(5, 60) for price in bid]
        ask[1], ask[2] = max(ask), min(*ask, bid[2] + 1)
        names = ("open", "high", "low", "close")
        prices = {f"bid_{name}": price / 100 for name, price in zip(names, bid, strict=True)}
        prices |= {f"ask_{name}": price / 100 for name, price in zip(names, ask, strict=True)}
        ask[2] = max(ask[2], bid[2])
        rows.append({"time": f"{start + at * step:%Y-%m-%dT%H:%M:%S}", **prices, "volume": random.randint(1, 500)})
    return rows


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def sandbox_on(path: Path, **options: Any) -> Api:
    prices = load(path, **options)
    api = Api(Sandbox(prices=prices, clock=ManualClock(prices.start), limits=Limits.off()))
    api.login()
    return api


@pytest.mark.parametrize(
    ("step", "count", "missing"),
    [
        (timedelta(minutes=1), 300, [17, 18, 40]),
        (timedelta(minutes=5), 100, [3]),
        (timedelta(hours=1), 60, [20, 21]),
        (timedelta(hours=4), 24, []),
        (timedelta(days=1), 6, [5]),
    ],
)
def test_everything_adds_up_to_the_recording(tmp_path: Path, step: timedelta, count: int, missing: list[int]) -> None:
    start = START.replace(hour=0)
    rows = candles(step, count, missing=missing, start=start)
    prices = load(write(tmp_path / "GOLD.csv", rows))
    again = load(write(tmp_path / "GOLD.csv", rows))
    [length] = [each for each in Resolution if each.length == step / timedelta(milliseconds=1)]
    assert (prices.start, prices.end) == (start, start + count * step if count - 1 not in missing else start + 5 * step)
    for row in rows:
        index = length.candle_at(to_milliseconds(datetime.fromisoformat(row["time"]).replace(tzinfo=UTC)))
        bar = prices.bar(GOLD, length, index)
        assert bar is not None
        assert bar.ask is not None
        for side, told in (("bid", bar), ("ask", bar.ask)):
            recorded = [round(row[f"{side}_{corner}"] * 100) for corner in ("open", "high", "low", "close")]
            assert list(told[:4]) == recorded
        assert bar.volume == row["volume"]
        minutes = range(
            Resolution.MINUTE.candle_at(length.start(index)), Resolution.MINUTE.candle_at(length.start(index + 1))
        )
        ticks = [tick for minute in minutes for tick in prices.ticks(GOLD, minute)]
        assert ticks == [tick for minute in minutes for tick in again.ticks(GOLD, minute)]
        times = [tick.time for tick in ticks]
        assert times == sorted(set(times))
        bids, asks = [tick.bid for tick in ticks], [tick.offer(GOLD) for tick in ticks]
        assert (bids[0], max(bids), min(bids), bids[-1]) == bar[:4]
        assert (asks[0], max(asks), min(asks), asks[-1]) == bar.ask[:4]
        assert all(ask >= bid for bid, ask in zip(bids, asks, strict=True))
        assert all(prices.hours(GOLD).is_open(time) for time in times)
    for resolution in list(Resolution)[1:]:
        end = resolution.candle_at(to_milliseconds(prices.end))
        for index in range(
            resolution.candle_at(to_milliseconds(start)), min(end, resolution.candle_at(to_milliseconds(start)) + 8)
        ):
            finer = FINER[resolution]
            inside = range(finer.candle_at(resolution.start(index)), finer.candle_at(resolution.start(index + 1)))
            parts = [bar for part in inside if (bar := prices.bar(GOLD, finer, part)) is not None]
            assert prices.bar(GOLD, resolution, index) == (fold(parts) if parts else None)


def test_the_api_tells_what_was_recorded(tmp_path: Path) -> None:
    rows = candles(timedelta(minutes=1), 180, missing=[60, 61, 62])
    api = sandbox_on(write(tmp_path / "GOLD.csv", rows))
    assert api.market("GOLD")["marketStatus"] == "TRADEABLE"
    api.wait(180 * 60)
    told = api.ok(api.get("prices/GOLD", max=1000))["prices"]
    assert len(told) == 177
    for row, candle in zip(rows, told, strict=True):
        assert candle["snapshotTimeUTC"] == row["time"]
        for corner in ("open", "high", "low", "close"):
            assert candle[f"{corner}Price"] == {side: row[f"{side}_{corner}"] for side in ("bid", "ask")}
    gap = {"from": "2026-03-02T09:00:00", "to": "2026-03-02T09:02:00", "max": 10}
    assert api.refused(api.get("prices/GOLD", **gap)) == (404, "error.prices.not-found")
    # After the end the market is closed and stands at its last price.
    snapshot = api.market("GOLD")
    assert snapshot["marketStatus"] == "CLOSED"
    assert (snapshot["bid"], snapshot["offer"]) == (rows[-1]["bid_close"], rows[-1]["ask_close"])
    refused = api.confirm(api.post("positions", epic="GOLD", direction="BUY", size=1))
    assert refused["rejectReason"] == "CLOSED_MARKET"
    assert api.market("SILVER")["marketStatus"] == "TRADEABLE"  # not recorded, hence generated


def test_dealing_follows_both_sides(tmp_path: Path) -> None:
    rows = candles(timedelta(minutes=1), 240)
    api = sandbox_on(write(tmp_path / "GOLD.csv", rows))
    bought, sold = api.open("GOLD", "BUY", 1), None
    levels = {row["position"]["dealId"]: row["position"]["level"] for row in api.ok(api.get("positions"))["positions"]}
    assert levels[bought] == rows[0]["ask_open"]
    api.ok(api.put("accounts/preferences", hedgingMode=True))
    sold = api.open("GOLD", "SELL", 1, stopDistance=2)
    [stop] = [
        row["position"]["stopLevel"]
        for row in api.ok(api.get("positions"))["positions"]
        if row["position"]["dealId"] == sold
    ]
    fired = next(at for at, row in enumerate(rows) if row["ask_high"] >= stop)
    api.wait(fired * 60 - 1)
    assert api.get(f"positions/{sold}").status_code == 200
    api.wait(61)
    assert api.refused(api.get(f"positions/{sold}")) == (404, "error.not-found.dealId")
    closed = api.ok(api.get(f"confirms/p_{sold}"))
    assert stop <= closed["level"] <= rows[fired]["ask_high"]


def test_a_gap_may_cost_more_than_there_is(tmp_path: Path) -> None:
    """Generated prices leap little, and only while a market is closed; recorded ones by any amount, and then nobody
    owes anything in the end."""
    rows = candles(timedelta(minutes=1), 5)
    crash = candles(timedelta(minutes=1), 5, start=START + timedelta(hours=3))
    rows += [
        {name: round(value * 0.8, 2) if isinstance(value, float) else value for name, value in row.items()}
        for row in crash
    ]
    api = sandbox_on(write(tmp_path / "GOLD.csv", rows))
    deal_id = api.open("GOLD", "BUY", 50, stopDistance=100)
    api.wait(3 * 3600)
    closed = api.ok(api.get(f"confirms/p_{deal_id}"))
    assert closed["level"] == rows[5]["bid_open"]  # the stop was jumped over
    booked = api.ok(api.get("history/transactions", lastPeriod=60))["transactions"]
    assert [row["transactionType"] for row in booked] == ["NEGATIVE_BALANCE_PROTECTION", "TRADE"]
    assert float(booked[1]["size"]) == closed["profit"] < -10_000
    account = api.ok(api.get("accounts"))["accounts"][0]["balance"]
    assert account["balance"] == account["deposit"] == account["available"] == 0


def test_close_out_comes_at_half_of_the_margin(tmp_path: Path) -> None:
    rows: list[Row] = []
    for at in range(100):  # down by a dollar a minute
        corners = {"open": 3000.0 - at, "high": 3000.0 - at, "low": 2999.0 - at, "close": 2999.0 - at}
        rows.append({"time": f"{START + timedelta(minutes=at):%Y-%m-%dT%H:%M:%S}", **corners})
    api = sandbox_on(write(tmp_path / "GOLD.csv", rows), spread=0.5)
    spare = 3000.5 * 50 / 20 + 200  # what fifty ounces bind, and little more
    api.ok(api.post("accounts/topUp", amount=-round(10_000 - spare, 2)))
    deal_id = api.open("GOLD", "BUY", 50)
    shares: list[float] = []
    for _ in range(99 * 6):
        figures = api.ok(api.get("accounts"))["accounts"][0]["balance"]
        if figures["available"] == figures["balance"]:
            break
        shares.append(figures["balance"] / (figures["balance"] - figures["available"]))
        api.clock.advance(10)
    assert 0.5 <= min(shares) < 0.51
    assert api.ok(api.get(f"confirms/p_{deal_id}"))["status"] == "CLOSED"
    [row] = api.ok(api.get("history/activity", lastPeriod=10))["activities"]
    assert row["source"] == "CLOSE_OUT"


def test_before_the_recording_there_are_no_prices(tmp_path: Path) -> None:
    prices = load(write(tmp_path / "GOLD.csv", candles(timedelta(minutes=1), 10)))
    api = Api(Sandbox(prices=prices, clock=ManualClock(prices.start - timedelta(days=1)), limits=Limits.off()))
    api.login()
    assert not {"bid", "offer", "high"} & set(api.market("GOLD"))
    [listed] = [row for row in api.ok(api.get("markets"))["markets"] if row["epic"] == "GOLD"]
    assert "bid" not in listed
    assert listed["marketStatus"] == "CLOSED"
    assert api.refused(api.get("prices/GOLD")) == (404, "error.prices.not-found")
    order: dict[str, Any] = {"epic": "GOLD", "direction": "BUY", "size": 1}
    assert api.confirm(api.post("positions", **order))["rejectReason"] == "RC_NO_RATES"
    waiting = api.post("workingorders", **order, type="LIMIT", level=3000)
    assert api.confirm(waiting)["rejectReason"] == "RC_NO_RATES"
    for root in api.ok(api.get("marketnavigation"))["nodes"]:
        for node in api.ok(api.get(f"marketnavigation/{root['id']}"))["nodes"]:
            api.ok(api.get(f"marketnavigation/{node['id']}"))
    assert api.sandbox.state


def test_spellings_of_time_and_mid_prices(tmp_path: Path) -> None:
    seconds = int(START.timestamp())
    times = [
        seconds * 1000,
        f"{seconds + 60}",
        "2026-03-02T10:02:00+02:00",
        "2026-03-02 08:03:00",
        "2026-03-02T08:04:00Z",
    ]
    rows = [{"Time": time, "Open": 100.0, "High": 101.0, "Low": 99.0, "Close": 100.5} for time in times]
    minute = Resolution.MINUTE.candle_at(to_milliseconds(START))
    named = load(write(tmp_path / "anything.csv", rows), epic="GOLD", spread=0.5)
    for at in range(len(rows)):
        bar = named.bar(GOLD, Resolution.MINUTE, minute + at)
        assert bar is not None
        assert (bar[:4], bar.offer(GOLD)[:4]) == ((9975, 10075, 9875, 10025), (10025, 10125, 9925, 10075))
    own = load(write(tmp_path / "GOLD.csv", rows)).bar(GOLD, Resolution.MINUTE, minute)
    assert own is not None
    assert own[:4] == (9985, 10085, 9885, 10035)
    assert own.offer(GOLD).open - own.open == GOLD.spread


def test_several_markets(tmp_path: Path) -> None:
    gold = [{"epic": "GOLD", **row} for row in candles(timedelta(minutes=1), 5)]
    silver = [{"epic": "SILVER", **row} for row in candles(timedelta(hours=1), 5)]
    both = load(write(tmp_path / "history.csv", [*gold, *silver]))
    assert both.epics == ("GOLD", "SILVER")
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "GOLD.csv", gold)
    write(folder / "9XY.Z.csv", candles(timedelta(minutes=1), 5))
    mapped = load({"GOLD": folder / "9XY.Z.csv"})
    assert mapped.epics == ("GOLD",)
    # A market that the catalogue does not know becomes one.
    api = sandbox_on(folder)
    assert api.ok(api.get("markets/9XY.Z"))["snapshot"]["bid"] == 3320
    api.open("9XY.Z", size=0.1)


def test_days_of_a_session_are_moved_to_midnight(tmp_path: Path) -> None:
    rows = candles(timedelta(days=1), 5, start=datetime(2026, 3, 1, 22, 0, tzinfo=UTC))
    rows[-1]["time"] = "2026-03-05T21:00:00"  # the clocks have changed
    prices = load(write(tmp_path / "GOLD.csv", rows))
    assert prices.start == datetime(2026, 3, 2, tzinfo=UTC)
    assert prices.end == datetime(2026, 3, 7, tzinfo=UTC)
    weeks = load(
        write(tmp_path / "GOLD.csv", candles(timedelta(days=7), 3, start=datetime(2026, 3, 1, 22, tzinfo=UTC)))
    )
    assert weeks.start == datetime(2026, 3, 2, tzinfo=UTC)
    bar = weeks.bar(GOLD, Resolution.DAY, Resolution.DAY.candle_at(to_milliseconds(weeks.start)))
    assert isinstance(bar, Bar)


def test_a_gap_is_closed(tmp_path: Path) -> None:
    prices = load(write(tmp_path / "GOLD.csv", candles(timedelta(minutes=1), 10, missing=[3, 4])))
    hours, start = prices.hours(GOLD), to_milliseconds(START)
    assert hours.is_open(start + 3 * MINUTE_MS - 1)
    assert not hours.is_open(start + 3 * MINUTE_MS)
    assert hours.last_open(start + 4 * MINUTE_MS) == start + 3 * MINUTE_MS - 1
    assert hours.next_open(start + 4 * MINUTE_MS) == start + 5 * MINUTE_MS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bid_high": 1}, "open and close have to be between low and high"),
        ({"bid_open": "much"}, "bid_open is 'much', not a price"),
        ({"bid_open": -1}, "bid_open is '-1', not a price"),
        ({"ask_open": 3300, "ask_low": 3300}, "the ask is below the bid"),
        ({"time": "yesterday"}, "'yesterday' is not a time"),
        ({"time": "2026-03-02T08:02:00"}, "two candles at 2026-03-02T08:02:00"),
        ({"time": "2026-03-02T08:01:30"}, "of none of the API's resolutions"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, change: Row, message: str) -> None:
    rows = candles(timedelta(minutes=1), 5)
    rows[1] |= change
    with pytest.raises(ValueError, match=message) as error:
        load(write(tmp_path / "GOLD.csv", rows))
    assert "GOLD" in str(error.value)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("date,open,high,low,close", "GOLD.csv lacks the column time; it has 'date', 'open', 'high', 'low', 'close'"),
        ("time,o,h,l,c", "lacks the columns open, high, low, close; it has 'time', 'o', 'h', 'l', 'c'"),
        ("time,bid_open,bid_high,bid_low,bid_close", "lacks the columns ask_open, ask_high, ask_low, ask_close; it"),
        ("timestamp;open;high;low;close", "lacks the columns time, open, high, low, close; it has 'timestamp;open"),
        ("time,open,high,low", "lacks the column close; it has"),
    ],
)
def test_a_missing_column_is_named_and_so_are_those_that_are_there(tmp_path: Path, header: str, message: str) -> None:
    (tmp_path / "GOLD.csv").write_text(f"{header}\n{','.join('1' * len(header.split(',')))}\n")
    with pytest.raises(ValueError) as error:
        load(tmp_path / "GOLD.csv")
    assert message in str(error.value)


def test_a_sandbox_reads_the_file_itself(tmp_path: Path) -> None:
    rows = candles(timedelta(minutes=1), 30)
    path = write(tmp_path / "GOLD.csv", rows)
    clock = ManualClock(load(path).start)
    for prices in (path, str(path), {"GOLD": path}, tmp_path, load(path)):
        api = Api(Sandbox(prices=prices, clock=clock, limits=Limits.off()))
        api.login()
        assert api.market("GOLD")["bid"] == rows[0]["bid_open"]
        assert api.market("SILVER")["marketStatus"] == "TRADEABLE"


@pytest.mark.parametrize("prices", [7, object(), [1, 2], b"GOLD.csv", Catalogue.default()["GOLD"]])
def test_what_is_no_source_of_prices_is_refused_at_once(prices: Any) -> None:
    with pytest.raises(TypeError, match=r"prices is a file, a recording or a PriceSource; .* has no bar"):
        Sandbox(prices=prices)
    with pytest.raises(FileNotFoundError):
        Sandbox(prices="nowhere.csv")


def test_no_candles(tmp_path: Path) -> None:
    (tmp_path / "GOLD.csv").write_text("time,open,high,low,close\n")
    with pytest.raises(ValueError, match="there are no candles"):
        load(tmp_path / "GOLD.csv")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "SILVER.csv")


def test_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    polars = pytest.importorskip("polars")
    rows = candles(timedelta(minutes=1), 30)
    typed = [row | {"time": datetime.fromisoformat(row["time"])} for row in rows]
    polars.DataFrame(typed).write_parquet(tmp_path / "GOLD.parquet")
    read, same = load(tmp_path / "GOLD.parquet"), load(write(tmp_path / "GOLD.csv", rows))
    first = Resolution.MINUTE.candle_at(to_milliseconds(START))
    assert [read.bar(GOLD, Resolution.MINUTE, first + at) for at in range(30)] == [
        same.bar(GOLD, Resolution.MINUTE, first + at) for at in range(30)
    ]
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)  # which another test may have imported
    with pytest.raises(ImportError, match="a Parquet file needs polars or pyarrow: pip install polars"):
        load(tmp_path / "GOLD.parquet")
