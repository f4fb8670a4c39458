"""From bytes to models: 3,000 markets and 1,000 candles, against ``json.loads`` alone."""

from __future__ import annotations

import json

from capital_ext import models

from .answers import from_sandbox, many_markets
from .measuring import cpu_seconds, report


def main() -> None:
    markets = many_markets(3000)
    candles = from_sandbox("/prices/SILVER", resolution="MINUTE", max=1000)
    assert len(models.MarketSearchResult.from_dict(json.loads(markets)).markets or []) == 3000
    assert len(models.CandleList.from_dict(json.loads(candles)).prices) == 1000
    rows = {
        f"3,000 markets, {len(markets) / 1e6:.1f} MB": {
            "json.loads": lambda: json.loads(markets),
            "json.loads and MarketSearchResult": lambda: models.MarketSearchResult.from_dict(json.loads(markets)),
        },
        f"1,000 candles, {len(candles) / 1e6:.1f} MB": {
            "json.loads": lambda: json.loads(candles),
            "json.loads and CandleList": lambda: models.CandleList.from_dict(json.loads(candles)),
        },
    }
    for title, candidates in rows.items():
        report(title, cpu_seconds(candidates, rounds=9, calls=3), unit="ms", scale=1e3)


if __name__ == "__main__":
    main()
