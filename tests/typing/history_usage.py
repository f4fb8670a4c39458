"""What a user writes with the walks. Never run: mypy strict and pyright strict must accept every line."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from datetime import date, datetime, timedelta
from typing import assert_type

from dateutil.relativedelta import relativedelta

from capital_ext import AsyncCapital, Capital, models
from capital_ext.history.candle import Candle, Ohlc
from capital_ext.rows import AsyncRows, Rows


def walking(capital: Capital, seen: list[models.Activity]) -> None:
    rows = capital.candles("SILVER", "HOUR", "2026-01-05", date(2026, 1, 10))
    assert_type(rows, Rows[Candle])
    assert_type(iter(rows), Generator[Candle, None, None])
    for candle in capital.candles("SILVER", models.Resolution.DAY, last=relativedelta(months=3), forming=True):
        assert_type(candle.time, datetime)
        assert_type(candle.bid, Ohlc)
        assert_type(candle.mid.close, float)
        assert_type(candle.volume, float | None)
        assert_type(candle.complete, bool)
        capital.candles("SILVER", "DAY", after=candle, in_flight=4, progress=False)
    assert_type(capital.candles("SILVER", last=timedelta(days=1)).to_csv("silver.csv"), int)
    frame = capital.candles("SILVER", last=timedelta(days=1)).to_polars()
    assert_type(frame.columns, list[str])
    assert_type(capital.iter_activity(last=timedelta(days=30), detailed=True), Rows[models.Activity])
    for activity in capital.iter_activity(after=seen):
        assert_type(activity.date_utc, datetime)
    assert_type(capital.iter_transactions("2026-01-01", type_="SWAP"), Rows[models.Transaction])
    for transaction in capital.iter_transactions(last=timedelta(days=7), type_=models.TransactionType.TRADE):
        assert_type(transaction.size, str)


async def walking_async(capital: AsyncCapital) -> None:
    rows = capital.candles("SILVER", "HOUR", "2026-01-05", "2026-01-10")
    assert_type(rows, AsyncRows[Candle])
    assert_type(aiter(rows), AsyncGenerator[Candle, None])
    async for candle in rows:
        assert_type(candle, Candle)
    assert_type(await rows.to_parquet("silver.parquet"), int)
    assert_type((await rows.to_polars()).height, int)
    async for activity in capital.iter_activity(last=timedelta(days=30)):
        assert_type(activity, models.Activity)
    async for transaction in capital.iter_transactions(last=timedelta(days=30)):
        assert_type(transaction.reference, str)
