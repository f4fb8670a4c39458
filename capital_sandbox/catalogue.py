"""The instruments of the sandbox, read from ``instruments.csv`` beside this file.

A new market is one more line there. Levels, spreads and sizes look like the real ones of mid 2026; they are
invented.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources import files
from zlib import crc32

from .clock import to_milliseconds
from .hours import DAY_MS, EndingHours, WeeklyHours


def _week(monday_to_thursday: list[str], friday: list[str], saturday: list[str], sunday: list[str]) -> WeeklyHours:
    return WeeklyHours([monday_to_thursday] * 4 + [friday, saturday, sunday])


# The forms in which the real API prints hours, on purpose: seconds, "-" for closed, [] for closed.
TIMETABLES = {
    "metals": _week(["00:00 - 21:59", "23:05 - 00:00"], ["00:00 - 21:59"], [], ["23:05 - 00:00"]),
    "energy": _week(["00:00 - 21:00", "22:00 - 00:00"], ["00:00 - 21:00"], ["-"], ["22:00 - 00:00"]),
    "forex": _week(["00:00 - 20:59:50", "21:05 - 00:00"], ["00:00 - 20:59:50"], [], ["21:05 - 00:00"]),
    "forex_late": _week(["00:00 - 20:59:50", "21:10:05 - 00:00"], ["00:00 - 20:59:50"], [], ["21:10:05 - 00:00"]),
    "softs": _week(["08:45 - 17:30"], ["08:45 - 17:30"], [], []),
    "grains": _week(["00:00 - 12:45", "13:30 - 18:20"], ["00:00 - 12:45", "13:30 - 18:20"], ["-"], ["-"]),
    "index": _week(["00:00 - 20:00", "20:30 - 21:00", "22:00 - 00:00"], ["00:00 - 20:00"], [], ["22:00 - 00:00"]),
    "us_shares": _week(["08:00 - 00:00"], ["08:00 - 21:00"], ["-"], ["-"]),
    "us_regular": _week(["13:30 - 20:00"], ["13:30 - 20:00"], ["-"], ["-"]),
    "eu_index": _week(["06:00 - 20:00"], ["06:00 - 20:00"], [], []),
    "hk_index": _week(["01:15 - 04:30", "05:00 - 08:30", "09:15 - 19:00"], ["01:15 - 04:30", "05:00 - 08:30"], [], []),
    "jp_shares": _week(["00:00 - 02:30", "03:30 - 06:30"], ["00:00 - 02:30", "03:30 - 06:30"], ["-"], ["-"]),
    "hk_shares": _week(["01:30 - 04:00", "05:00 - 08:00"], ["01:30 - 04:00", "05:00 - 08:00"], [], []),
    "eu_shares": _week(["07:00 - 15:30"], ["07:00 - 15:30"], ["-"], ["-"]),
    "sg_shares": _week(["01:00 - 04:00", "05:00 - 09:00"], ["01:00 - 04:00", "05:00 - 09:00"], [], []),
    "crypto": _week(["00:00 - 21:00", "21:05 - 00:00"], *([["00:00 - 21:00", "21:05 - 00:00"]] * 3)),
    "weekend": _week([], ["22:00 - 00:00"], ["00:00 - 00:00"], ["00:00 - 20:45"]),
}


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Whose generated prices a market follows, and how: ``shift + factor * price``, in ticks."""

    of: "Instrument"
    factor: int
    shift: int

    def price(self, price: int) -> int:
        """A price of the other market as one of this."""
        return self.shift + self.factor * price


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """One market: what it is called, how finely it is quoted and dealt, and when it trades."""

    epic: str
    symbol: str
    name: str
    type: str
    currency: str
    country: str | None
    """None where the API leaves the country out; it may also be empty."""
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
    expires: int | None = None
    """When a future ends: the close of its last day's session, at which what is open in it is settled."""
    course: Course | None = None
    """None for a market with generated prices of its own."""

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

    def extended(self, instruments: Iterable[Instrument]) -> "Catalogue":
        """This catalogue and more."""
        return Catalogue(self._instruments | {instrument.epic: instrument for instrument in instruments})

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
    hours, expires = TIMETABLES[row["hours"]], None
    if row["expiry"] != "-":
        expires = _last_close(hours, datetime.fromisoformat(row["expiry"]).replace(tzinfo=UTC))
        hours = EndingHours(hours, expires)
    return Instrument(
        epic=row["epic"],
        symbol=row["symbol"],
        name=row["name"],
        type=row["type"],
        currency=row["currency"],
        country={"": None, "-": ""}.get(row["country"], row["country"]),
        start=Decimal(row["price"]),
        tick=Decimal(row["tick"]),
        pip_position=int(row["pip"]),
        spread=int(row["spread"]),
        min_size=Decimal(row["min_size"]),
        max_size=Decimal(row["max_size"]),
        size_step=Decimal(row["step"]),
        volatility=float(row["daily_volatility"]),
        hours=hours,
        expiry=row["expiry"],
        modes=tuple(row["modes"].split()),
        guaranteed_stop=row["guaranteed_stop"] == "yes",
        shows_range=row["shows_range"] == "yes",
        groups=tuple(row["groups"].split()),
        expires=expires,
    )


def _last_close(hours: WeeklyHours, day: datetime) -> int:
    """When the session closes that is open on the afternoon of a day."""
    noon = to_milliseconds(day + timedelta(hours=12))
    session = hours.open_part(noon, noon + DAY_MS // 2)
    return hours.last_open(noon) + 1 if session is None else session[1]
