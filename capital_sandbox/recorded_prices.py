"""Prices out of a file: a history of candles becomes the market.

    prices = load("history.csv")
    sandbox = Sandbox(prices=prices, clock=ManualClock(prices.start))

A row is a candle: ``time`` (ISO 8601, UTC when it names no zone, or epoch seconds or milliseconds), the two
sides ``bid_open, bid_high, bid_low, bid_close, ask_open, ask_high, ask_low, ask_close``, and if you like
``volume`` and ``epic``. With ``open, high, low, close`` alone the rows are mid prices, and the spread is the
argument of that name or the market's own.
"""

from __future__ import annotations

import csv
import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from itertools import pairwise
from os import PathLike
from pathlib import Path
from random import Random
from typing import Any

from .candles import FINER, MINUTE_MS, Bar, PriceSource, Resolution, Tick, bar_of, fold
from .catalogue import Catalogue, Instrument
from .clock import from_milliseconds, to_milliseconds
from .generated_prices import bridge
from .hours import DAWN, DAY_MS, NEVER, Hours, WeeklyHours

_CORNERS = ("open", "high", "low", "close")
_BOTH = tuple(f"{side}_{corner}" for side in ("bid", "ask") for corner in _CORNERS)
_MILLISECONDS_FROM = 10**11  # as seconds this would be the year 5138
_FEWEST_TICKS, _MOST_TICKS = 4, 12


def load(
    path: str | PathLike[str] | Mapping[str, str | PathLike[str]],
    *,
    epic: str | None = None,
    spread: float | Decimal | None = None,
    resolution: Resolution | str | None = None,
) -> RecordedPrices:
    """Read a recording: a CSV or Parquet file, a folder of them, or a mapping of epics to files.

    Args:
        path: Where the candles are. A file without a column ``epic`` holds the market it is named after.
        epic: Which market a single file without a column ``epic`` holds, if its name does not say so.
        spread: Ask minus bid, for mid prices; without it, the spread of the market's catalogue entry.
        resolution: How long a candle is; found out from the distance between the rows if it is not told.

    Raises:
        ValueError: A column is missing, or something in a file is not a candle; the message names file and row.
        ImportError: A Parquet file, and neither polars nor pyarrow is installed.
    """
    rows: dict[str, _Rows] = {}
    for file, market in _files(path, epic):
        for at, row in enumerate(_read(file), start=1):
            if at == 1:
                _check_columns(file, [*row])
            try:
                name = str(row.get("epic") or market)
                rows.setdefault(name, _Rows()).add(row)
            except ValueError as error:
                raise ValueError(f"{file}, candle {at}: {error}") from None
    if not rows:
        raise ValueError(f"there are no candles in {path}")
    length = None if resolution is None else Resolution(resolution)
    series: dict[str, _Series] = {}
    for name, read in rows.items():
        try:
            series[name] = read.series(length, None if spread is None else float(spread))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return RecordedPrices(series)


class RecordedPrices(PriceSource):
    """A ``PriceSource`` that plays a recording.

    Coarser candles are added up from the recorded ones. Finer candles and ticks are made up, always the same
    ones, so that they add up to exactly the recorded candle on both sides of the spread. Where the recording
    has no candle the market is closed. Prices are rounded to the grid of the market.
    """

    def __init__(self, series: Mapping[str, _Series], others: PriceSource | None = None) -> None:
        self._series = series
        self._others = others
        self._bars = lru_cache(50_000)(self._make_bar)
        self._minutes = lru_cache(512)(self._make_minutes)
        self._hours: dict[Instrument, RecordedHours] = {}

    @property
    def epics(self) -> tuple[str, ...]:
        """The markets that were recorded."""
        return tuple(self._series)

    @property
    def start(self) -> datetime:
        """The beginning of the first candle: a good instant to start a clock at."""
        return from_milliseconds(min(series.times[0] for series in self._series.values()))

    @property
    def end(self) -> datetime:
        """The end of the last candle."""
        return from_milliseconds(max(series.times[-1] + series.length.length for series in self._series.values()))

    def beside(self, others: PriceSource) -> RecordedPrices:
        """The same recording, with other prices for the markets that are not in it."""
        return RecordedPrices(self._series, others)

    def catalogue(self, known: Catalogue) -> Catalogue:
        """A catalogue in which every recorded market is to be found, known or not."""
        return known.extended(series.instrument(epic) for epic, series in self._series.items() if epic not in known)

    def bar(self, instrument: Instrument, resolution: Resolution, index: int) -> Bar | None:
        """The complete bar of a candle, or None when nothing of it was recorded."""
        if instrument.epic not in self._series:
            return None if self._others is None else self._others.bar(instrument, resolution, index)
        return self._bars(instrument, resolution, index)

    def ticks(self, instrument: Instrument, minute: int) -> Sequence[Tick]:
        """The ticks inside one minute, oldest first."""
        if instrument.epic not in self._series:
            return () if self._others is None else self._others.ticks(instrument, minute)
        length = self._series[instrument.epic].length
        candle = length.candle_at(Resolution.MINUTE.start(minute))
        return self._minutes(instrument, candle).get(minute, ())

    def hours(self, instrument: Instrument) -> Hours:
        """When there are prices: where there is a recorded candle, within the opening hours if it is longer."""
        if instrument.epic not in self._series:
            return RecordedHours(()) if self._others is None else self._others.hours(instrument)
        if instrument not in self._hours:
            self._hours[instrument] = RecordedHours(self._series[instrument.epic].stretches(instrument.hours))
        return self._hours[instrument]

    def _make_bar(self, instrument: Instrument, resolution: Resolution, index: int) -> Bar | None:
        series = self._series[instrument.epic]
        if resolution is series.length:
            return series.bar(instrument, index)
        start, end = resolution.start(index), resolution.start(index + 1)
        if resolution.length > series.length.length:
            if not series.has_any(start, end):
                return None
            finer = FINER[resolution]
            parts = range(finer.candle_at(start), finer.candle_at(end))
            bars = [bar for part in parts if (bar := self._bars(instrument, finer, part)) is not None]
            return fold(bars)
        candle = series.length.candle_at(start)
        whole = series.bar(instrument, candle)
        if whole is None:
            return None
        minutes = self._minutes(instrument, candle)
        inside = range(Resolution.MINUTE.candle_at(start), Resolution.MINUTE.candle_at(end))
        ticks = [tick for minute in inside for tick in minutes.get(minute, ())]
        if not ticks:
            return None
        # Volumes of the parts add up to the whole's because each is a difference of running totals.
        numbers = sorted(minutes)
        done, until = bisect_left(numbers, inside.start), bisect_left(numbers, inside.stop)
        volume = whole.volume * until // len(numbers) - whole.volume * done // len(numbers)
        ask = bar_of([tick.offer(instrument) for tick in ticks], volume)
        return bar_of([tick.bid for tick in ticks], volume, None if whole.ask is None else ask)

    def _make_minutes(self, instrument: Instrument, candle: int) -> Mapping[int, Sequence[Tick]]:
        """The ticks of a recorded candle by minute."""
        series = self._series[instrument.epic]
        bar = series.bar(instrument, candle)
        if bar is None:
            return {}
        random = Random(_seed(instrument.epic, series.length, candle))  # noqa: S311
        times = [
            time
            for opening, closing in _minute_parts(series.parts(candle, instrument.hours))
            for time in _times(opening, closing, random, few=series.length is not Resolution.MINUTE)
        ]
        minutes: dict[int, list[Tick]] = {}
        for tick in _path(bar, times, random):
            minutes.setdefault(Resolution.MINUTE.candle_at(tick.time), []).append(tick)
        return minutes


class RecordedHours:
    """The stretches of time ``[start, end)`` of which there is a recording."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in stretches:
            if self._ends and self._ends[-1] == start:
                self._ends[-1] = end
            else:
                self._starts.append(start)
                self._ends.append(end)

    def is_open(self, instant: int) -> bool:
        """Whether there are prices at an instant."""
        return self.last_open(instant) == instant

    def last_open(self, instant: int) -> int:
        """The latest recorded millisecond at or before ``instant``; ``DAWN`` before the recording."""
        at = bisect_right(self._starts, instant) - 1
        return DAWN if at < 0 else min(instant, self._ends[at] - 1)

    def next_open(self, instant: int) -> int:
        """The earliest recorded millisecond at or after ``instant``; ``NEVER`` after the recording."""
        at = bisect_right(self._ends, instant)
        return NEVER if at == len(self._ends) else max(instant, self._starts[at])


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """The candles of one market as they were read: prices as floats, not yet on the market's grid."""

    length: Resolution
    times: array[int]
    bids: tuple[array[float], ...]
    """Open, high, low and close; mid prices when there are no asks."""
    asks: tuple[array[float], ...] | None
    volumes: array[int]

    def bar(self, instrument: Instrument, index: int) -> Bar | None:
        """A recorded candle on the market's grid."""
        start = self.length.start(index)
        at = bisect_left(self.times, start)
        if at == len(self.times) or self.times[at] != start:
            return None
        volume = self.volumes[at]
        if self.asks is None:
            return _on_grid(self.bids, at, instrument, volume, shift=instrument.spread // 2)
        return _on_grid(self.bids, at, instrument, volume, ask=_on_grid(self.asks, at, instrument, volume))

    def has_any(self, start: int, end: int) -> bool:
        """Whether a candle begins in ``[start, end)``."""
        return bisect_left(self.times, start) < bisect_left(self.times, end)

    def parts(self, index: int, hours: WeeklyHours) -> Iterator[tuple[int, int]]:
        """The open stretches of a candle. One that was recorded while the market should be closed is open."""
        start, end = self.length.start(index), self.length.start(index + 1)
        found = None if self.length is Resolution.MINUTE else hours.open_part(start, end)
        if found is None:
            yield start, end
        while found is not None:
            yield found
            found = hours.open_part(found[1], end)

    def stretches(self, hours: WeeklyHours) -> Iterator[tuple[int, int]]:
        """The open stretches of all candles."""
        for time in self.times:
            yield from self.parts(self.length.candle_at(time), hours)

    def instrument(self, epic: str) -> Instrument:
        """A market for a recording of something that the catalogue does not know: a share without hours."""
        sample = [side[at] for side in self.bids for at in range(0, len(self.times), 1 + len(self.times) // 100)]
        tick = Decimal(1).scaleb(-min(8, max(_decimals(price) for price in sample)))
        first = Decimal(repr(self.bids[0][0]))
        return Instrument(
            epic=epic,
            symbol=epic,
            name=epic,
            type="SHARES",
            currency="USD",
            country=None,
            start=first,
            tick=tick,
            pip_position=0,
            spread=max(1, round(float(first / tick) * 0.0002)),
            min_size=Decimal("0.01"),
            max_size=Decimal(100_000),
            size_step=Decimal("0.01"),
            volatility=0.01,
            hours=WeeklyHours([["00:00 - 00:00"]] * 7),
            expiry="-",
            modes=("REGULAR",),
            guaranteed_stop=True,
            shows_range=True,
            groups=("recorded",),
        )


class _Rows:
    """Candles of one market while they are read."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, tuple[float, ...], int]] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """Check a row and keep it."""
        time = _time(row.get("time"))
        names = _BOTH if row.get("bid_open") not in (None, "") else _CORNERS
        prices = tuple(_price(name, row.get(name)) for name in names)
        for side in range(0, len(prices), 4):
            opening, high, low, closing = prices[side : side + 4]
            if not low <= min(opening, closing) <= max(opening, closing) <= high:
                raise ValueError("open and close have to be between low and high")
        if len(prices) == 8 and any(bid > ask for bid, ask in zip(prices[:4], prices[4:], strict=True)):
            raise ValueError("the ask is below the bid")
        self._rows.append((time, prices, int(float(row.get("volume") or 0))))

    def series(self, length: Resolution | None, spread: float | None) -> _Series:
        """All candles in order, on the grid of their resolution."""
        self._rows.sort(key=lambda row: row[0])
        times = [row[0] for row in self._rows]
        length = _resolution(times) if length is None else length
        starts = [_start(time, length) for time in times]
        for time, (before, start) in zip(times[1:], pairwise(starts), strict=True):
            if before == start:
                raise ValueError(f"two candles at {from_milliseconds(time):%Y-%m-%dT%H:%M:%S}")
        sides = len(self._rows[0][1])
        if any(len(row[1]) != sides for row in self._rows):
            raise ValueError("some candles have bid and ask, some have not")
        columns = [array("d", column) for column in zip(*(row[1] for row in self._rows), strict=True)]
        bids, asks = tuple(columns[:4]), tuple(columns[4:]) or None
        if asks is None and spread is not None:
            asks = tuple(array("d", (price + spread / 2 for price in column)) for column in bids)
            bids = tuple(array("d", (price - spread / 2 for price in column)) for column in bids)
        return _Series(length, array("q", starts), bids, asks, array("q", (row[2] for row in self._rows)))


def _files(
    path: str | PathLike[str] | Mapping[str, str | PathLike[str]], epic: str | None
) -> Iterator[tuple[Path, str]]:
    """The files of a recording, and the market of each unless its rows say another."""
    if isinstance(path, Mapping):
        yield from ((Path(file), market) for market, file in path.items())
        return
    place = Path(path)
    if place.is_dir():
        found = sorted(file for file in place.iterdir() if file.suffix.lower() in (".csv", ".parquet"))
        yield from ((file, file.stem) for file in found)
    else:
        yield place, epic or place.stem


def _read(file: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a file, by column names in lower case."""
    if file.suffix.lower() == ".parquet":
        yield from _read_parquet(file)
        return
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, skipinitialspace=True)
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        yield from reader


def _read_parquet(file: Path) -> Iterable[Mapping[str, Any]]:
    # Imported by name: neither is needed to check the types of this file.
    rows: list[dict[str, Any]]
    try:
        rows = import_module("polars").read_parquet(file).to_dicts()
    except ImportError:
        try:
            rows = import_module("pyarrow.parquet").read_table(file).to_pylist()
        except ImportError:
            raise ImportError("a Parquet file needs polars or pyarrow: pip install polars") from None
    return ({name.lower(): value for name, value in row.items()} for row in rows)


def _check_columns(file: Path, present: Sequence[str | None]) -> None:
    """Say once what is missing, rather than of the first row that its time is None."""
    mid = [name for name in _CORNERS if name not in present]
    both = [name for name in _BOTH if name not in present]
    missing = [] if "time" in present else ["time"]
    if mid and both:
        missing += both if len(both) < len(_BOTH) else mid
    if missing:
        columns = "column" if len(missing) == 1 else "columns"
        there = ", ".join(repr(name) for name in present if name is not None)
        raise ValueError(f"{file} lacks the {columns} {', '.join(missing)}; it has {there}")


def _on_grid(
    side: Sequence[array[float]],
    at: int,
    instrument: Instrument,
    volume: int,
    *,
    shift: int = 0,
    ask: Bar | None = None,
) -> Bar:
    """One side of a candle in ticks of its market, and so many lower."""
    tick = float(instrument.tick)
    first, high, low, last = (max(1, round(corner[at] / tick) - shift) for corner in side)
    return Bar(first, high, low, last, volume, ask)


def _time(value: object) -> int:
    """Epoch milliseconds of a row's time."""
    if isinstance(value, datetime):
        return to_milliseconds(value.replace(tzinfo=UTC) if value.tzinfo is None else value)
    text = str(value).strip()
    try:
        if text.lstrip("-").replace(".", "", 1).isdigit():
            number = float(text)
            return round(number if abs(number) >= _MILLISECONDS_FROM else number * 1000)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a time") from None
    return to_milliseconds(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def _price(name: str, value: object) -> float:
    try:
        price = float(str(value))
    except ValueError:
        price = math.nan
    if not 0 < price < math.inf:
        raise ValueError(f"{name} is {value!r}, not a price" if value is not None else f"there is no {name}")
    return price


def _resolution(times: Sequence[int]) -> Resolution:
    """The candle length that the distances between rows speak of."""
    nearest = min((after - before for before, after in pairwise(times) if after > before), default=MINUTE_MS)
    for resolution in Resolution:
        # Days and weeks follow the session, an hour more or less where the clocks change.
        slack = DAY_MS // 24 if resolution in (Resolution.DAY, Resolution.WEEK) else 0
        if abs(nearest - resolution.length) <= slack:
            return resolution
    raise ValueError(f"candles every {nearest / 1000:g} s are of none of the API's resolutions: say which")


def _start(time: int, length: Resolution) -> int:
    """Where a candle begins here. Days and weeks of a venue's session are moved to the nearest midnight, UTC."""
    if length in (Resolution.DAY, Resolution.WEEK):
        midnight = -(-(time - DAY_MS // 2) // DAY_MS) * DAY_MS
        return length.start(length.candle_at(midnight))
    if length.start(length.candle_at(time)) != time:
        raise ValueError(f"no {length} candle begins at {from_milliseconds(time):%Y-%m-%dT%H:%M:%S}")
    return time


def _decimals(price: float) -> int:
    exponent = Decimal(repr(price)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _seed(epic: str, length: Resolution, candle: int) -> int:
    return int.from_bytes(blake2b(f"{epic}/{length}/{candle}".encode(), digest_size=8).digest(), "big")


def _minute_parts(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Open stretches cut at full minutes."""
    for opening, closing in stretches:
        while opening < closing:
            until = min(closing, opening - opening % MINUTE_MS + MINUTE_MS)
            yield opening, until
            opening = until


def _times(opening: int, closing: int, random: Random, *, few: bool) -> list[int]:
    """The instants of the ticks in a minute, the first at its opening."""
    count = _FEWEST_TICKS if few else random.randint(_FEWEST_TICKS, _MOST_TICKS)
    room = range(opening + 1, closing)
    return [opening, *sorted(random.sample(room, min(count - 1, len(room))))]


def _path(bar: Bar, times: Sequence[int], random: Random) -> Iterator[Tick]:
    """Ticks that touch open, high, low and close of both sides, with the ask never below the bid."""
    count = len(times)
    bids = bridge(bar, count - 1, random)
    top, bottom = random.sample(range(1, count - 1), 2)
    bids[top], bids[bottom] = bar.high, bar.low
    if bar.ask is None:
        yield from (Tick(time, bid) for time, bid in zip(times, bids, strict=True))
        return
    first, last = bar.ask.open - bar.open, bar.ask.close - bar.close
    fixed = dict(
        zip((0, top, bottom, count - 1), (bar.ask.open, bar.ask.high, bar.ask.low, bar.ask.close), strict=True)
    )
    for at, (time, bid) in enumerate(zip(times, bids, strict=True)):
        spread = first + (last - first) * at // (count - 1)
        ask = min(bar.ask.high, max(bar.ask.low, bid, bid + spread))
        yield Tick(time, bid, fixed.get(at, ask))
