"""The walk over candles: which windows are asked for, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from capital_api.models.resolution import Resolution

from ..errors import NotFoundError
from ..logs import log
from ..server_time import server_time
from ..workflow import Begun, Steps, Walk, begin, finish, give
from .ahead import Ahead
from .candle import Candle, length_of, received
from .progress import progress_bar
from .spans import Span
from .windows import SECOND, Window, ceiling, floor, tile

if TYPE_CHECKING:
    from capital_api import Api
    from capital_api.models.candle_list import CandleList

__all__ = ["Series", "walk_candles"]

MOST_CANDLES = 1000
MOST_STEPS = MOST_CANDLES - 1
"""How many steps the two edges of a window may be apart. Closed hours count like open ones."""
FEW_WINDOWS = 12
"""So few are simply asked for. More are worth a look at where there is anything at all; and so many in a row without a
candle are taken for the time before the history, which ends somewhere in the past, and not for a hole in it."""
EARLIEST = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""Nothing is asked for before this. The oldest candle that was ever seen is a day of 1991."""
NO_CANDLES = "error.prices.not-found"

# Where to find out when there was trading: for minutes in candles of an hour, for others in days. They say it better
# than the market's openingHours, which are those of this week: they move with the change of the clocks and know no
# holidays. How far back the finer candles go they don't say.
_MAP_OF = {resolution: Resolution.DAY for resolution in Resolution if length_of(resolution) < timedelta(days=1)}
_MAP_OF[Resolution.MINUTE] = Resolution.HOUR
# Days begin with the session and have 23 to 25 hours; one more on either side costs nothing and misses nothing.
_MARGIN = {Resolution.HOUR: timedelta(), Resolution.DAY: timedelta(days=1)}
_MAPS_IN_FLIGHT = 2  # one is enough for dozens of windows, so the next one is there in time
_CHANGE_OF_CLOCKS = timedelta(hours=1)


@frozen
class Series:
    """One market's candles of one resolution."""

    epic: str
    resolution: Resolution

    @property
    def length(self) -> timedelta:
        """How much time a candle takes, as a rule."""
        return length_of(self.resolution)

    @property
    def longest(self) -> timedelta:
        """The longest window that the API answers."""
        return MOST_STEPS * self.length

    @property
    def settling(self) -> timedelta:
        """How long after its beginning a candle is over for certain, whatever the clocks did."""
        return self.length + (_CHANGE_OF_CLOCKS if self.length >= timedelta(days=1) else timedelta())

    def within(self, window: Window) -> Callable[[Api], CandleList]:
        """The call for a window."""
        first, last = window
        return lambda api: api.prices.history(
            self.epic, resolution=self.resolution, max_=MOST_CANDLES, from_=first, to=last
        )

    def candles(self, answer: CandleList, window: Window) -> list[Candle]:
        """The candles of an answer, whatever the server put into it: in order, inside the window, each once."""
        found = {row.snapshot_time_utc: row for row in answer.prices if window[0] <= row.snapshot_time_utc <= window[1]}
        return [received(found[time], self.epic, self.resolution) for time in sorted(found)]


def walk_candles(series: Series, asked: Span, *, forming: bool, in_flight: int, progress: bool | None) -> Walk[Candle]:
    """All candles that begin within the span, oldest first. Without ``forming``, only those that are over."""
    with progress_bar(f"{series.epic} {series.resolution}", progress) as advance:
        now = yield from server_time()
        start, end = asked.at(now)
        # A candle is over when another one follows, and otherwise by the server's clock: so where the span ends in the
        # present, candles are read up to the present, even if those beyond the end are only looked at.
        last = floor(now) if end + series.settling > now else ceiling(end) - SECOND
        first = ceiling(max(start, EARLIEST))
        reader = _Reader(series, first, last, in_flight)
        undecided: Candle | None = None
        while reader.left:
            over: list[Candle] = []
            for candle in (yield from reader.next()):
                if undecided is not None:
                    over.append(undecided)
                    undecided = None
                if candle.time + series.settling <= now:
                    over.append(candle)
                else:
                    undecided = candle
            advance((reader.reached - first) / max(last - first, SECOND))
            yield from give([candle for candle in over if candle.time < end])
        if undecided is not None and forming and undecided.time < end:
            yield from give([evolve(undecided, complete=False)])


class _Reader:
    """Reads the candles that begin from ``first`` to ``last``, both included, window by window and in order."""

    def __init__(self, series: Series, first: datetime, last: datetime, in_flight: int) -> None:
        self.reached = first
        """All up to here has been read."""
        self._series = series
        self._first = first
        self._last = last
        self._in_flight = in_flight
        self._windows: list[Window] = []
        self._ahead = Ahead(self._windows, series.within)
        self._map: _Reader | None = None
        """What the rest of the windows is to be drawn from."""
        drawn_from = _MAP_OF.get(series.resolution)
        self._searching = drawn_from is not None and last - first > FEW_WINDOWS * series.longest
        """Whether all windows up to here may lie before the beginning of the history, with many more behind them."""
        if drawn_from is not None and self._searching:
            scale = Series(series.epic, drawn_from)
            before = scale.length + _MARGIN[drawn_from]
            self._map = _Reader(scale, first - before, last, min(_MAPS_IN_FLIGHT, in_flight))
        else:
            self._cover([(first, last)])

    @property
    def left(self) -> bool:
        """Whether there may be more."""
        return self._map is not None or self._ahead.left

    def next(self) -> Steps[list[Candle]]:
        """The candles of the next window."""
        while self._map is not None and len(self._windows) - self._ahead.position < self._in_flight:
            yield from self._draw(self._map)
        if not self._ahead.left:
            return []
        # While nothing was found, nothing is begun that a search may show to be superfluous.
        most = min(self._in_flight, FEW_WINDOWS - self._ahead.done) if self._searching else self._in_flight
        window, begun = yield from self._ahead.next(most)
        candles = yield from self._finished(window, begun)
        if candles:
            self._searching = False
        elif self._searching and self._ahead.done >= FEW_WINDOWS:
            self._searching = False
            yield from self._skip_to_the_beginning()
        self.reached = window[1]
        return candles

    def _cover(self, stretches: list[Window]) -> None:
        tile(self._windows, stretches, self._series.longest, self._last)

    def _draw(self, scale: _Reader) -> Steps[None]:
        """Add the windows for one more part of the map."""
        length, margin = scale._series.length, _MARGIN[scale._series.resolution]
        traded = [(each.time - margin, each.time + length + margin - SECOND) for each in (yield from scale.next())]
        inside = [(max(begin, self._first), min(end, self._last)) for begin, end in traded]
        self._cover([(begin, end) for begin, end in inside if begin <= end])
        if not scale.left:
            self._map = None

    def _finished(self, window: Window, begun: Begun[CandleList]) -> Steps[list[Candle]]:
        try:
            answer = yield from finish(begun)
        except NotFoundError as error:
            if error.error_code != NO_CANDLES:
                raise
            return []
        return self._series.candles(answer, window)

    def _skip_to_the_beginning(self) -> Steps[None]:
        """Find the beginning of the history by halving what is left, and go on there.

        That works because the map leaves out what was never traded. What is found may be the end of a hole: so it is
        the beginning only if the windows before it are empty as well, and otherwise the search goes on before the hole.
        """
        while self._map is not None:
            yield from self._draw(self._map)
        empty = set(range(self._ahead.position))
        place, beginning = len(self._windows), None
        while place != beginning:
            beginning = yield from self._halved(place, empty)
            place = yield from self._before_a_hole(beginning, empty)
        self._ahead.position = place
        self._windows[place:] = [self._windows[each] for each in range(place, len(self._windows)) if each not in empty]
        left_out = place - sum(each < place for each in empty)
        if left_out:
            log.warning(
                "%s %s: the history seems to %s, since %d windows before have no candles; %d others were not asked for",
                self._series.epic,
                self._series.resolution,
                f"begin at {self._windows[place][0]:%F %T}Z" if self._ahead.left else "be empty",
                place - left_out,
                left_out,
            )

    def _halved(self, filled: int, empty: set[int]) -> Steps[int]:
        """Where the windows with candles begin, if there is no hole between them and this one, which has some."""
        low = self._ahead.position
        while low < filled:
            middle = (low + filled) // 2
            if (yield from self._is_empty(middle, empty)):
                low = middle + 1
            else:
                filled = middle
        return filled

    def _before_a_hole(self, filled: int, empty: set[int]) -> Steps[int]:
        """The last window with candles before this one, or this one if that is too far away for a hole."""
        for place in range(filled - 1, filled - 1 - FEW_WINDOWS, -1):
            if not (yield from self._is_empty(place, empty)):
                return place
        return filled

    def _is_empty(self, place: int, empty: set[int]) -> Steps[bool]:
        """Whether a window has no candles. It is noted, so as not to be asked for twice."""
        if place not in empty:
            window = self._windows[place]
            begun = yield from begin(self._series.within(window))
            if not (yield from self._finished(window, begun)):
                empty.add(place)
        return place in empty
