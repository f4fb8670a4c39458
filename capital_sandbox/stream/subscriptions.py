"""What a connection has subscribed to, as sources of frames that are read in the order of time."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ..candles import Resolution
from ..catalogue import Instrument
from .frames import CandleKind
from .tape import Tape


@dataclass(frozen=True, slots=True)
class Candles:
    """Which candles of a market."""

    resolution: Resolution
    kind: CandleKind


@dataclass(frozen=True, slots=True)
class Key:
    """One subscription: quotes, or candles of one resolution and kind."""

    epic: str
    candles: Candles | None = None

    def __str__(self) -> str:
        if self.candles is None:
            return self.epic
        return f"{self.epic}:{self.candles.resolution}:{self.candles.kind}"


class Source(ABC):
    """The frames of one subscription, one instant after the other.

    It begins after the instant of its subscription, and ends with that of its cancellation. What a test has
    muted is passed over: it is lost, not late.
    """

    rank: int
    """Who comes first at the same instant: a candle closes before the next price is made."""
    time: int
    """When there is something to ``pop``, though it may turn out to be nothing."""

    def __init__(self, key: Key, instrument: Instrument, tape: Tape) -> None:
        self.key = key
        self.until: int | None = None
        self._instrument = instrument
        self._tape = tape
        self._hours = tape.hours(instrument)
        self._muted: list[tuple[int, int | None]] = []

    @abstractmethod
    def pop(self) -> tuple[str, ...]:
        """The frames of ``time``, which moves on."""

    def mute(self, now: int) -> None:
        """Lose everything after ``now``."""
        if not self._muted or self._muted[-1][1] is not None:
            self._muted.append((now, None))

    def unmute(self, now: int) -> None:
        """Let everything after ``now`` through again."""
        if self._muted and self._muted[-1][1] is None:
            self._muted[-1] = (self._muted[-1][0], now)

    def is_muted(self, instant: int) -> bool:
        """Whether what happens at an instant is lost."""
        return any(since < instant and (until is None or instant <= until) for since, until in self._muted)


class QuoteSource(Source):
    """Every tick of a market. A minute is read when it has begun, not before."""

    rank = 1

    def __init__(self, key: Key, instrument: Instrument, tape: Tape, since: int) -> None:
        super().__init__(key, instrument, tape)
        self._minute = 0
        self._frames: tuple[tuple[int, str], ...] = ()
        self._at = 0
        self._look(since + 1)
        if self.time <= since + 1:
            self._read()
            while self._at < len(self._frames) and self._frames[self._at][0] <= since:
                self._at += 1
            self._aim()

    def pop(self) -> tuple[str, ...]:
        """The next quote; nothing when a new minute has to be read first."""
        if self._at == len(self._frames):
            self._read()
            frames: tuple[str, ...] = ()
        else:
            frames = (self._frames[self._at][1],)
            self._at += 1
        self._aim()
        return frames

    def _read(self) -> None:
        self._frames, self._at = self._tape.quotes(self._instrument, self._minute), 0

    def _aim(self) -> None:
        if self._at < len(self._frames):
            self.time = self._frames[self._at][0]
        else:
            self._look(Resolution.MINUTE.start(self._minute + 1))

    def _look(self, instant: int) -> None:
        self.time = self._hours.next_open(instant)
        self._minute = Resolution.MINUTE.candle_at(self.time)


class CandleSource(Source):
    """Every candle of a market, at the instant at which it is complete."""

    rank = 0

    def __init__(self, key: Key, candles: Candles, instrument: Instrument, tape: Tape, since: int) -> None:
        super().__init__(key, instrument, tape)
        self._resolution, self._kind = candles.resolution, candles.kind
        self._index = candles.resolution.candle_at(since)
        self.time = self._resolution.start(self._index + 1)

    def pop(self) -> tuple[str, ...]:
        """Bid and ask of the candle that is complete; nothing when the market was closed for all of it."""
        frames = self._tape.candles(self._instrument, self._resolution, self._kind, self._index)
        self._index = self._resolution.candle_at(self._hours.next_open(self.time))
        self.time = self._resolution.start(self._index + 1)
        return frames


def source_of(key: Key, instrument: Instrument, tape: Tape, since: int) -> Source:
    """The frames of a subscription from an instant on."""
    if key.candles is None:
        return QuoteSource(key, instrument, tape, since)
    return CandleSource(key, key.candles, instrument, tape, since)
