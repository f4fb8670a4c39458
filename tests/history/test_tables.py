"""Rows as tables: what the columns hold, and files that are whole or not there."""

from __future__ import annotations

import csv
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import polars
import pytest

from capital_ext import InvalidInputError, ServerError, tables
from capital_ext.history.candle import Candle
from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.recorded_prices import load

from .test_account import books, happens
from .world import NOW, Stage, Way, staged

pandas: Any = import_module("pandas")
pyarrow: Any = import_module("pyarrow")
parquet: Any = import_module("pyarrow.parquet")

PRICES = [f"{side}_{corner}" for side in ("bid", "ask", "mid") for corner in ("open", "high", "low", "close")]
COLUMNS = ["epic", "resolution", "time", *PRICES, "volume", "complete"]


def walk(walks: Any) -> Any:
    return walks.candles("SILVER", "HOUR", "2026-06-01", "2026-06-05")


def nothing(walks: Any) -> Any:
    return walks.candles("SILVER", "HOUR", "2026-06-06", "2026-06-07")


def test_pandas(stage: Stage) -> None:
    rows: list[Candle] = stage.all(walk)
    frame = stage.do(lambda walks: walk(walks).to_pandas())
    assert list(frame.columns) == COLUMNS
    assert str(frame["time"].dtype) == "datetime64[us, UTC]"
    assert [time.to_pydatetime() for time in frame["time"]] == [row.time for row in rows]
    assert {str(frame[name].dtype) for name in (*PRICES, "volume")} == {"float64"}
    assert list(frame["bid_low"]) == [row.bid.low for row in rows]
    assert list(frame["ask_high"]) == [row.ask.high for row in rows]
    assert list(frame["mid_close"]) == [row.mid.close for row in rows]
    assert set(frame["epic"]) == {"SILVER"}
    assert frame["complete"].all()
    empty = stage.do(lambda walks: nothing(walks).to_pandas())
    assert len(empty) == 0
    assert (empty.dtypes == frame.dtypes).all()


def test_polars_and_arrow(stage: Stage) -> None:
    rows: list[Candle] = stage.all(walk)
    frame: polars.DataFrame = stage.do(lambda walks: walk(walks).to_polars())
    assert frame.columns == COLUMNS
    assert frame["time"].dtype == polars.Datetime("us", "UTC")
    assert frame["time"].to_list() == [row.time for row in rows]
    assert frame["volume"].dtype == frame["mid_open"].dtype == polars.Float64
    assert frame["mid_open"].to_list() == [row.mid.open for row in rows]
    assert stage.do(lambda walks: nothing(walks).to_polars()).schema == frame.schema
    table = stage.do(lambda walks: walk(walks).to_arrow())
    assert table.schema.field("time").type == pyarrow.timestamp("us", "UTC")
    assert table.schema.field("bid_open").type == pyarrow.float64()
    assert polars.DataFrame(table).equals(frame)
    assert stage.do(lambda walks: nothing(walks).to_arrow()).schema == table.schema


def test_nothing_is_nothing_in_every_form(stage: Stage) -> None:
    """Without details the columns are there and hold nothing; with them they have the types they always have."""
    happens(stage, NOW.replace(hour=3, microsecond=250_000), "deal", status="REJECTED")
    for detailed in (False, True):

        def rows(walks: Any, detailed: bool = detailed) -> Any:
            return walks.iter_activity(last=timedelta(days=1), detailed=detailed)

        (row,) = stage.do(lambda walks: rows(walks).to_polars()).to_dicts()
        assert row["date_utc"] == NOW.replace(hour=3, microsecond=250_000)
        assert (row["deal_id"], row["status"], row["type"]) == ("deal", "REJECTED", "POSITION")
        assert row["size"] == (1 if detailed else None)
        assert row["direction"] == ("BUY" if detailed else None)
        assert row["guaranteed_stop"] == (False if detailed else None)
        assert stage.do(lambda walks: rows(walks).to_arrow()).to_pylist() == [row]
        frame = stage.do(lambda walks: rows(walks).to_pandas())
        assert pandas.isna(frame["level"][0]) is not detailed
        assert pandas.isna(frame["direction"][0]) is not detailed
        assert [str(frame[name].dtype) for name in ("size", "guaranteed_stop")] == ["float64", "boolean"]


def test_money_is_a_number_in_a_table(stage: Stage) -> None:
    books(stage, NOW.replace(hour=3), "-80.43")
    rows: Callable[[Any], Any] = lambda walks: walks.iter_transactions("2026-06-10")  # noqa: E731
    assert [row.size for row in stage.all(rows)] == ["-80.43"]
    frame = stage.do(lambda walks: rows(walks).to_pandas())
    assert list(frame["size"]) == [-80.43]
    assert list(frame["instrument_name"]) == ["SILVER"]
    assert str(frame["date_utc"].dtype) == "datetime64[us, UTC]"


def test_csv_and_back_again(stage: Stage, way: Way, tmp_path: Path) -> None:
    """What was written is what a sandbox can play: the same candles come out of it."""
    path = tmp_path / "silver.csv"
    rows: list[Candle] = stage.all(walk)
    assert stage.do(lambda walks: walk(walks).to_csv(path)) == len(rows)
    with path.open(newline="") as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == COLUMNS
    assert [datetime.fromisoformat(row["time"]) for row in read] == [row.time for row in rows]
    assert [float(row["mid_high"]) for row in read] == [row.mid.high for row in rows]
    sandbox = Sandbox(prices=load(path), clock=ManualClock(NOW), limits=Limits.off())
    with staged(way, sandbox) as again:
        assert again.all(walk) == rows
    assert stage.do(lambda walks: nothing(walks).to_csv(str(path))) == 0
    assert path.read_text() == ",".join(COLUMNS) + "\n"
    assert list(tmp_path.iterdir()) == [path]


def test_parquet_in_groups(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_ROWS_OF_A_GROUP", 10)
    path = tmp_path / "silver.parquet"
    assert stage.do(lambda walks: walk(walks).to_parquet(path)) == len(stage.all(walk))
    assert parquet.ParquetFile(path).metadata.num_row_groups >= 5
    assert parquet.read_table(path).equals(stage.do(lambda walks: walk(walks).to_arrow()))
    assert stage.do(lambda walks: nothing(walks).to_parquet(path)) == 0
    assert parquet.read_table(path).schema == stage.do(lambda walks: walk(walks).to_arrow()).schema


@pytest.mark.parametrize("form", ["to_csv", "to_parquet"])
def test_a_walk_that_fails_leaves_no_half_a_file(stage: Stage, form: str, tmp_path: Path) -> None:
    path = tmp_path / "silver"
    path.write_text("what was there")
    stage.sandbox.faults.server_error("json", "GET", "/prices/*", after=1)
    with pytest.raises(ServerError):
        stage.do(lambda walks: getattr(walks.candles("SILVER", "HOUR", "2025-01-01", "2026-06-01"), form)(path))
    assert [file.name for file in tmp_path.iterdir()] == ["silver"]
    assert path.read_text() == "what was there"


@pytest.mark.parametrize("form", ["to_csv", "to_parquet"])
def test_a_file_that_cannot_be_is_told_before_anything_is_sent(stage: Stage, form: str, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "silver.csv"):
        with pytest.raises(InvalidInputError, match=r"silver\.csv|folder"):
            stage.do(lambda walks: getattr(walk(walks), form)(path))  # noqa: B023
    assert len(stage.sandbox.requests) == 0
    assert list(tmp_path.iterdir()) == []


MISSING = """
    import asyncio, sys
    for name in ("pandas", "polars", "pyarrow", "rich"):
        sys.modules[name] = None
    import httpx
    from capital_ext import AsyncCapital, Capital, Credentials, InvalidInputError

    def unused(request):
        raise AssertionError("something was sent")

    def walk(kind, **more):
        client = kind(Credentials("KEY", "me@example.test", "PASSWORD"), transport=httpx.MockTransport(unused))
        return client.candles("X", start="2026-01-01", **more)

    for form, *arguments in (["to_pandas"], ["to_polars"], ["to_arrow"], ["to_parquet", "x"]):
        try:
            getattr(walk(Capital), form)(*arguments)
        except InvalidInputError as error:
            print(error)
        try:
            asyncio.run(getattr(walk(AsyncCapital), form)(*arguments))
        except InvalidInputError as error:
            print(error)
    try:
        next(iter(walk(Capital, progress=True)))
    except InvalidInputError as error:
        print(error)
"""


def test_a_missing_extra_is_one_clear_line() -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(MISSING)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        *["pandas is an extra: pip install 'capital-ext[pandas]'"] * 2,
        *["polars is an extra: pip install 'capital-ext[polars]'"] * 2,
        *["pyarrow is an extra: pip install 'capital-ext[arrow]'"] * 4,
        "rich is an extra: pip install 'capital-ext[progress]'",
    ]


def test_nothing_heavy_is_imported_until_it_is_used() -> None:
    code = (
        "import sys, httpx; b = set(sys.modules); import capital_ext.history.histories; print(*(set(sys.modules) - b))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    added = {name.partition(".")[0] for name in done.stdout.split()}
    assert added & {"pandas", "polars", "pyarrow", "rich", "dateutil", "asyncio", "numpy"} == set()
    assert "capital_ext" in added
