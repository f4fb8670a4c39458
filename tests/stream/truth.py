"""What the sandbox made, read from its history by a client of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from capital_ext import Candle, Capital, Credentials, Quota
from capital_ext.stream.frames import moment
from capital_sandbox import Sandbox
from capital_sandbox.candles import Resolution
from capital_sandbox.stream.frames import CandleKind
from capital_sandbox.stream.tape import Tape


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


def ticks(sandbox: Sandbox, epic: str, start: datetime, minutes: int) -> list[datetime]:
    """When there was a new price."""
    tape, instrument = _tape(sandbox), sandbox._world.catalogue[epic]  # pyright: ignore[reportPrivateUsage]
    first = Resolution.MINUTE.candle_at(_milliseconds(start))
    return [moment(time) for number in range(minutes) for time, _ in tape.quotes(instrument, first + number)]


def averages(
    sandbox: Sandbox, epic: str, resolution: str, start: datetime, count: int
) -> list[tuple[datetime, tuple[float, ...]]]:
    """Averaged candles as they are sent: when they begin, and their bid prices."""
    tape, instrument = _tape(sandbox), sandbox._world.catalogue[epic]  # pyright: ignore[reportPrivateUsage]
    length = Resolution(resolution)
    first = length.candle_at(_milliseconds(start))
    found: list[tuple[datetime, tuple[float, ...]]] = []
    for number in range(count):
        bid, _ = tape.candles(instrument, length, CandleKind.HEIKIN_ASHI, first + number)
        payload = json.loads(bid)["payload"]
        found.append((moment(payload["t"]), (payload["o"], payload["h"], payload["l"], payload["c"])))
    return found


def _tape(sandbox: Sandbox) -> Tape:
    return sandbox.streams._tape  # pyright: ignore[reportPrivateUsage]


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
