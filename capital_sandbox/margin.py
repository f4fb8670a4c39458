"""Finding the first tick at which the money of an account no longer carries its margin.

As with stops, a stretch whose worst prices still leave enough is passed over with one look; only where it gets
tight are single ticks weighed. So the answer is exact, and does not depend on when somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .accounts import Account
from .candles import FINER, Bar, Resolution
from .catalogue import Instrument
from .deals import Direction
from .feed import Feed

CLOSE_OUT_RATIO = Decimal("0.5")
"""Positions are closed when the balance falls below this share of the margin."""

_ROUNDING = 0.05
"""More than cents and binary fractions can make of the difference between a rough sum and an exact one."""


@dataclass(slots=True)
class _Exposure:
    """How much of an account hangs on the prices of one market: money per unit of price, on either side."""

    instrument: Instrument
    bid: float = 0.0
    """What long positions gain with the bid, beyond the margin that they then need: never negative."""
    offer: float = 0.0
    """The same for short positions and the offer: never positive."""

    def least(self, low: float, high: float, spread: float) -> float:
        """The worst that bids between two prices do, at a fixed spread."""
        together = self.bid + self.offer
        return together * (low if together > 0 else high) + self.offer * spread

    def worst(self, bar: Bar) -> float:
        """The worst that the prices of a bar do."""
        tick = float(self.instrument.tick)
        if bar.ask is not None:
            return (self.bid * bar.low + self.offer * bar.ask.high) * tick
        return self.least(bar.low * tick, bar.high * tick, self.instrument.spread * tick)


class MarginWatch:
    """Says when an account has to be closed out."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def is_short(self, account: Account, now: int) -> bool:
        """Whether the balance does not carry the margin."""
        balance = account.balance(self._feed, now)
        return balance.balance < balance.margin * CLOSE_OUT_RATIO

    def first_short(self, account: Account, after: int, before: int) -> int | None:
        """The first tick with ``after < time < before`` at which it does not, if all deals stay as they are."""
        if not account.positions or before <= after + 1:
            return None
        exposures, rest = _exposures(account)
        source = self._feed.source

        def search(resolution: Resolution, index: int) -> int | None:
            start = resolution.start(index)
            end = start + resolution.length
            if end <= after + 1 or start >= before:
                return None
            bars = [(each, source.bar(each.instrument, resolution, index)) for each in exposures]
            if all(bar is None for _, bar in bars):
                return None
            if rest + sum(self._worst(each, bar, max(start, after)) for each, bar in bars) > _ROUNDING:
                return None
            if resolution is Resolution.MINUTE:
                return self._first_tick(account, (each.instrument for each in exposures), index, after, before)
            finer = FINER[resolution]
            first = finer.candle_at(start)
            for part in range(first, first + resolution.length // finer.length):
                found = search(finer, part)
                if found is not None:
                    return found
            return None

        for week in range(Resolution.WEEK.candle_at(after), Resolution.WEEK.candle_at(before) + 1):
            found = search(Resolution.WEEK, week)
            if found is not None:
                return found
        return None

    def _worst(self, exposure: _Exposure, bar: Bar | None, seen: int) -> float:
        """The worst that a market does in a stretch, of whose prices the one at ``seen`` is the first."""
        instrument = exposure.instrument
        if bar is not None and self._feed.source.hours(instrument).is_open(seen):
            return exposure.worst(bar)
        # The market begins the stretch closed: until it opens, the last price from before it counts.
        quote = self._feed.quote(instrument, seen)
        last = exposure.least(float(quote.bid), float(quote.bid), float(quote.offer - quote.bid))
        return last if bar is None else min(last, exposure.worst(bar))

    def _first_tick(
        self, account: Account, instruments: Iterable[Instrument], minute: int, after: int, before: int
    ) -> int | None:
        ticks = (tick for instrument in instruments for tick in self._feed.source.ticks(instrument, minute))
        for time in sorted({tick.time for tick in ticks if after < tick.time < before}):
            if self.is_short(account, time):
                return time
        return None


def _exposures(account: Account) -> tuple[list[_Exposure], float]:
    """What hangs on each market, and what is left when all prices are nought."""
    exposures: dict[str, _Exposure] = {}
    rest = float(account.ledger.deposit)
    for position in account.positions.values():
        instrument, sign = position.instrument, position.direction.sign
        exposure = exposures.setdefault(instrument.epic, _Exposure(instrument))
        worth = float(account.money(position.size, instrument.currency))
        # A guaranteed stop may make it better than this, never worse.
        slope = worth * (sign - float(CLOSE_OUT_RATIO) / position.leverage)
        if position.direction is Direction.BUY:
            exposure.bid += slope
        else:
            exposure.offer += slope
        rest -= sign * worth * float(position.level)
    return list(exposures.values()), rest
