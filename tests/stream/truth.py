"""What the sandbox made, read from its history by a client of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from capital_ext import Candle, Capital, Credentials, Quota
from capital_sandbox import Sandbox


def history(sandbox: Sandbox, epic: str, resolution: Any, start: datetime, length: timedelta) -> list[Candle]:
    """All candles that began within a time and are over, as a stream has them: without volume."""
    known = sandbox.credentials
    with Capital(
        Credentials(known.api_key, known.identifier, known.password),
        base_url="http://sandbox",
        transport=sandbox.transport(),
        quota=Quota.off(),
    ) as capital:
        return without_volume(capital.candles(epic, resolution, start, start + length))


def without_volume(candles: Iterable[Candle]) -> list[Candle]:
    """Candles as the stream has them. Those that were missed and fetched have a volume."""
    return [evolve(candle, volume=None) for candle in candles]
