"""The instruments of the sandbox, read from ``instruments.csv`` beside this file.

A new market is one more line there. Levels, spreads and sizes look like the real ones of mid 2026; they are
invented.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources import files
from zlib import crc32

from .hours import WeeklyHours


def _week(monday_to_thursday: list[str], friday: list[str], saturday: list[str], sunday: list[str]) -> WeeklyHours:
    return WeeklyHours([monday_to_thursday] * 4 + [friday, saturday, sunday])


# The forms in which the real API prints hours, on purpose: seconds, "-" for closed, [] for closed.
TIMETABLES = {
    "metals": _week(["00:00 - 21:59", "23:05 - 00:00"], ["00:00 - 21:59"], [], ["23:05 - 00:00"]),
    "energy": _week(["00:00 - 21:00", "22:00 - 00:00"], ["00:00 - 21:00"], ["-"], ["22:00 - 00:00"]),
    "forex": _week(["00:00 - 20:59:50", "21:05 - 00:00"], ["00:00 - 20:59:50"], [], ["21:05 - 00:00"]),
    "index": _week(["00:00 - 20:00", "20:30 - 21:00", "22:00 - 00:00"], ["00:00 - 20:00"], [], ["22:00 - 00:00"]),
    "us_shares": _week(["08:00 - 00:00"], ["08:00 - 21:00"], ["-"], ["-"]),
    "eu_shares": _week(["07:00 - 15:30"], ["07:00 - 15:30"], ["-"], ["-"]),
    "sg_shares": _week(["01:00 - 04:00", "05:00 - 09:00"], ["01:00 - 04:00", "05:00 - 09:00"], [], []),
    "crypto": _week(["00:00 - 21:00", "21:05 - 00:00"], *([["00:00 - 21:00", "21:05 - 00:00"]] * 3)),
    "weekend": _week([], ["22:00 - 00:00"], ["00:00 - 00:00"], ["00:00 - 20:45"]),
}


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """One market: what it is called, how finely it is quoted and dealt, and when it trades."""

    epic: str
    symbol: str
    name: str
    type: str
    currency: str
    country: str
    start: Decimal
    tick: Decimal
    pip_position: int
    spread: int
    """Offer minus bid, in ticks; constant, so that bid and offer candles have one shape."""
    min_size: Decimal
    max_size: Decimal
    size_step: Decimal
    volatility: float
    """Standard deviation of a day's return."""
    hours: WeeklyHours
    expiry: str
    modes: tuple[str, ...]
    guaranteed_stop: bool
    shows_range: bool
    """False for the odd markets whose listings carry no high, low and changes."""
    groups: tuple[str, ...]

    @property
    def start_ticks(self) -> int:
        """The level around which generated prices wander, in ticks."""
        return int(self.start / self.tick)

    @property
    def number(self) -> int:
        """The API's ``instrumentId``: above 2**53 for some, like the real ones, which breaks JavaScript."""
        return crc32(self.epic.encode()) * 6_000_011

    def level(self, ticks: int) -> Decimal:
        """A price in the instrument's currency."""
        return ticks * self.tick

    def on_grid(self, level: Decimal) -> Decimal:
        """The nearest price that the instrument can be quoted at."""
        return (level / self.tick).quantize(Decimal(1), ROUND_HALF_EVEN) * self.tick


class Catalogue(Mapping[str, Instrument]):
    """All instruments by epic, in the order of the file. Epics are case sensitive, as they are in the API."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = dict(instruments)

    @classmethod
    def default(cls) -> "Catalogue":
        """The catalogue that comes with the package."""
        text = files("capital_sandbox").joinpath("instruments.csv").read_text(encoding="utf-8")
        return cls({row["epic"]: _instrument(row) for row in csv.DictReader(text.splitlines())})

    def __getitem__(self, epic: str) -> Instrument:
        return self._instruments[epic]

    def __iter__(self) -> Iterator[str]:
        return iter(self._instruments)

    def __len__(self) -> int:
        return len(self._instruments)

    def search(self, term: str) -> list[Instrument]:
        """Instruments whose name, symbol or epic contains the term, whatever the case."""
        wanted = term.strip().casefold()
        return [
            instrument
            for instrument in self.values()
            if any(wanted in text.casefold() for text in (instrument.name, instrument.symbol, instrument.epic))
        ]


def _instrument(row: Mapping[str, str]) -> Instrument:
    return Instrument(
        epic=row["epic"],
        symbol=row["symbol"],
        name=row["name"],
        type=row["type"],
        currency=row["currency"],
        country=row["country"],
        start=Decimal(row["price"]),
        tick=Decimal(row["tick"]),
        pip_position=int(row["pip"]),
        spread=int(row["spread"]),
        min_size=Decimal(row["min_size"]),
        max_size=Decimal(row["max_size"]),
        size_step=Decimal(row["step"]),
        volatility=float(row["daily_volatility"]),
        hours=TIMETABLES[row["hours"]],
        expiry=row["expiry"],
        modes=tuple(row["modes"].split()),
        guaranteed_stop=row["guaranteed_stop"] == "yes",
        shows_range=row["shows_range"] == "yes",
        groups=tuple(row["groups"].split()),
    )
