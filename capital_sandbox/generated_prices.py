"""Endless prices out of a seed, the same in every process and at every resolution.

Prices are made from the top down. A slow noise gives each week its open, high, low and close. A week is
then divided into days, a day into four-hour candles, and so on down to minutes and ticks, each division
drawn from a generator seeded with the name of what is divided. So any candle of any year is reached in a
few steps, nothing has to be stored, and a coarse candle is exactly the sum of its finer ones. Where a market
was closed in between, a candle does not open where the one before closed, but some way off.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from random import Random

from .candles import COARSER, FINER, MINUTE_MS, Bar, PriceSource, Resolution, Tick
from .catalogue import Instrument
from .hours import WeeklyHours

_OCTAVES = 7  # noise from one week to 64 weeks: levels wander, but stay near where the catalogue starts them
_VOLUME_PER_MINUTE = 120
_FEWEST_TICKS, _MOST_TICKS = 4, 16
_JUMP = 0.15
"""How far a price is off after a closed stretch as long as a candle, as a share of the range of the candle above."""


class GeneratedPrices(PriceSource):
    """A ``PriceSource`` of invented prices with a realistic volatility for each instrument."""

    def __init__(self, seed: int = 1, *, cache_size: int = 12_000) -> None:
        self._seed = seed
        self._week = lru_cache(cache_size)(self._make_week)
        # The fine candles are those that new ones come of all the time: few are asked for again.
        self._coarse = lru_cache(cache_size)(self._divide)
        self._fine = lru_cache(cache_size // 4)(self._divide)
        self._ticks = lru_cache(cache_size // 4)(self._make_ticks)

    def bar(self, instrument: Instrument, resolution: Resolution, index: int) -> Bar | None:
        """The complete bar of a candle, or None when the market is closed for all of it."""
        course = instrument.course
        if course is not None:
            bar = self.bar(course.of, resolution, index)
            if bar is None:
                return None
            first, high, low, last = (course.price(price) for price in (bar.open, bar.high, bar.low, bar.close))
            return Bar(first, high, low, last, bar.volume)
        if resolution is Resolution.WEEK:
            return self._week(instrument, index)
        parent = COARSER[resolution]
        count = parent.length // resolution.length
        parts = self._coarse if parent.length >= Resolution.HOUR.length else self._fine
        return parts(instrument, parent, index // count)[index % count]

    def ticks(self, instrument: Instrument, minute: int) -> Sequence[Tick]:
        """The ticks inside one minute, oldest first."""
        course = instrument.course
        if course is not None:
            return [Tick(tick.time, course.price(tick.bid)) for tick in self.ticks(course.of, minute)]
        return self._ticks(instrument, minute)

    def _random(self, *name: object) -> Random:
        text = "/".join(str(part) for part in (self._seed, *name))
        return Random(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big"))  # noqa: S311

    def _make_week(self, instrument: Instrument, index: int) -> Bar | None:
        start = Resolution.WEEK.start(index)
        minutes = instrument.hours.open_between(start, start + Resolution.WEEK.length) // MINUTE_MS
        if not minutes:
            return None
        first, last = self._level(instrument, index), self._level(instrument, index + 1)
        if not (instrument.hours.is_open(start) and instrument.hours.is_open(start - 1)):
            jump = self._random(instrument.epic, "jump", index).gauss(0, 0.5 * instrument.volatility)
            first = max(10, round(first * math.exp(jump)))
        random = self._random(instrument.epic, "week", index)
        reach = instrument.volatility * math.sqrt(5) * 0.5
        high = round(max(first, last) * math.exp(abs(random.gauss(0, reach))))
        low = max(1, round(min(first, last) * math.exp(-abs(random.gauss(0, reach)))))
        return Bar(first, high, low, last, round(minutes * _VOLUME_PER_MINUTE * random.uniform(0.7, 1.3)))

    def _level(self, instrument: Instrument, week: int) -> int:
        """The price at the beginning of a week, from noise that can be read at any week directly."""
        weekly = instrument.volatility * math.sqrt(5)
        wander = 0.0
        for octave in range(_OCTAVES):
            period = 1 << octave
            step, within = divmod(week, period)
            left = self._random(instrument.epic, "noise", octave, step).gauss(0, 1)
            right = self._random(instrument.epic, "noise", octave, step + 1).gauss(0, 1)
            share = within / period
            wander += 0.5 * weekly * math.sqrt(period) * (left * (1 - share) + right * share)
        return max(10, round(instrument.start_ticks * math.exp(max(-1.5, min(1.5, wander)))))

    def _divide(self, instrument: Instrument, resolution: Resolution, index: int) -> tuple[Bar | None, ...]:
        """The bars of the next finer resolution inside one candle, None where the market is closed."""
        whole = self.bar(instrument, resolution, index)
        finer = FINER[resolution]
        count = resolution.length // finer.length
        if whole is None:
            return (None,) * count
        start = resolution.start(index)
        edges = range(start, start + resolution.length + 1, finer.length)
        weights = [instrument.hours.open_between(left, right) for left, right in pairwise(edges)]
        opens = [edge for edge, weight in zip(edges, weights, strict=False) if weight]
        jumps = _jumps(instrument.hours, opens, finer.length)
        if any(jumps):
            # Drawn from a generator of their own: the prices between the jumps stay what they were without.
            random = self._random(instrument.epic, "jump", resolution, index)
            jumps = [jump and random.gauss(0, jump * (whole.high - whole.low)) for jump in jumps]
        random = self._random(instrument.epic, resolution, index)
        bars = iter(_split(whole, [w for w in weights if w], jumps, random))
        return tuple(next(bars) if weight else None for weight in weights)

    def _make_ticks(self, instrument: Instrument, minute: int) -> tuple[Tick, ...]:
        bar = self.bar(instrument, Resolution.MINUTE, minute)
        start = Resolution.MINUTE.start(minute)
        part = instrument.hours.open_part(start, start + MINUTE_MS)
        if bar is None or part is None:
            return ()
        random = self._random(instrument.epic, "ticks", minute)
        count = random.randint(_FEWEST_TICKS, _MOST_TICKS)
        prices = bridge(bar, count - 1, random)
        top, bottom = random.sample(range(1, count - 1), 2)
        prices[top], prices[bottom] = bar.high, bar.low
        opening, closing = part
        later = sorted(random.sample(range(opening + 1, closing), count - 1))
        return tuple(Tick(time, bid) for time, bid in zip([opening, *later], prices, strict=True))


def bridge(bar: Bar, steps: int, random: Random) -> list[int]:
    """A random path of ``steps`` steps from open to close that never leaves the bar's range."""
    deviation = (bar.high - bar.low) / (1.6 * math.sqrt(steps))
    walk = [0.0]
    for _ in range(steps):
        walk.append(walk[-1] + random.gauss(0, deviation))
    drift = (bar.close - bar.open - walk[-1]) / steps
    inner = [round(bar.open + walk[at] + drift * at) for at in range(1, steps)]
    return [bar.open, *(max(bar.low, min(bar.high, price)) for price in inner), bar.close]


def _jumps(hours: WeeklyHours, starts: Sequence[int], length: int) -> list[float]:
    """How far, as a share of the range above, each candle's open tends to be off from the close before."""
    jumps = [0.0] * len(starts)
    for at, (before, start) in enumerate(pairwise(starts), start=1):
        closed = hours.next_open(start) - hours.last_open(before + length - 1) - 1
        jumps[at] = _JUMP * math.sqrt(min(1, closed / length))
    return jumps


def _split(whole: Bar, weights: Sequence[int], jumps: Sequence[float], random: Random) -> list[Bar]:
    """Divide a bar into one per weight, so that they fold into exactly the whole; ``jumps`` part the open of each
    from the close of the one before."""
    count = len(weights)
    if count == 1:
        return [whole]
    points = bridge(whole, count, random)
    opens = [max(whole.low, min(whole.high, point + round(jump))) for point, jump in zip(points, jumps, strict=False)]
    paths = list(zip(opens, points[1:], strict=True))
    reach = (whole.high - whole.low) / (2.5 * math.sqrt(count))
    highs = [min(whole.high, max(pair) + round(abs(random.gauss(0, reach)))) for pair in paths]
    lows = [max(whole.low, min(pair) - round(abs(random.gauss(0, reach)))) for pair in paths]
    highs[highs.index(max(highs))] = whole.high
    lows[lows.index(min(lows))] = whole.low
    volumes = _share_out(whole.volume, [weight * random.uniform(0.7, 1.3) for weight in weights])
    return [Bar(*values) for values in zip(opens, highs, lows, points[1:], volumes, strict=True)]


def _share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Divide a whole number in proportion to weights, without losing any of it."""
    everything = sum(weights)
    shares: list[int] = []
    passed, given = 0.0, 0
    for weight in weights:
        passed += weight
        upto = round(total * passed / everything)
        shares.append(upto - given)
        given = upto
    return shares
