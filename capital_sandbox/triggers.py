"""Finding the first tick that sets something off, without looking at every tick.

A candle whose range stays clear of all levels cannot hold that tick, so whole weeks are passed over with one
look and only the minutes that matter are read. Offers are bids plus a constant spread, hence every level can
be watched as a bid.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .candles import FINER, Bar, PriceSource, Resolution, Tick
from .catalogue import Instrument
from .deals import Direction, Order, Position


@dataclass(slots=True)
class Watch:
    """Two bids, in ticks, that one deal waits for; a trailing stop moves one of them."""

    deal: Position | Order
    below: int | None = None
    above: int | None = None
    trail: int = 0
    """How far a trailing level stays behind: positive follows rising prices with ``below``, negative
    follows falling ones with ``above``."""

    def ignores(self, bar: Bar) -> bool:
        """Whether no tick of such a bar could fire, in whatever order its prices came."""
        below, above = self._after(bar.high, bar.low)
        return (below is None or bar.low > below) and (above is None or bar.high < above)

    def moves(self, bar: Bar) -> bool:
        """Whether a bar would pull a trailing level."""
        return self._after(bar.high, bar.low) != (self.below, self.above)

    def fires(self, bid: int) -> bool:
        """Whether a price sets the deal off; if not, a trailing level follows it."""
        if (self.below is not None and bid <= self.below) or (self.above is not None and bid >= self.above):
            return True
        self.follow(bid, bid)
        return False

    def follow(self, high: int, low: int) -> None:
        """Pull a trailing level after prices that have passed."""
        self.below, self.above = self._after(high, low)

    def _after(self, high: int, low: int) -> tuple[int | None, int | None]:
        if self.trail > 0 and self.below is not None:
            return max(self.below, high - self.trail), self.above
        if self.trail < 0 and self.above is not None:
            return self.below, min(self.above, low - self.trail)
        return self.below, self.above


def watch_position(position: Position) -> Watch | None:
    """What an open position waits for: its stop and its profit level."""
    stop, profit = position.protection.stop_level, position.protection.profit_level
    if stop is None and profit is None:
        return None
    instrument = position.instrument
    spread = 0 if position.direction is Direction.BUY else instrument.spread
    low, high = (stop, profit) if position.direction is Direction.BUY else (profit, stop)
    below = None if low is None else int(low / instrument.tick) - spread
    above = None if high is None else int(high / instrument.tick) - spread
    distance = position.protection.trailing_distance
    trail = 0 if distance is None else int(distance / instrument.tick) * position.direction.sign
    return Watch(position, below, above, trail)


def watch_order(order: Order) -> Watch:
    """What a working order waits for: its level, from the side on which the market is not yet."""
    spread = order.instrument.spread if order.direction is Direction.BUY else 0
    bid = int(order.level / order.instrument.tick) - spread
    falling = (order.kind == "LIMIT") is (order.direction is Direction.BUY)
    return Watch(order, below=bid) if falling else Watch(order, above=bid)


def first_hit(
    source: PriceSource, instrument: Instrument, watches: Sequence[Watch], after: int, until: int
) -> tuple[Tick, Watch] | None:
    """The first tick with ``after < time <= until`` that fires one of the watches.

    Trailing levels are moved along up to that tick, or up to ``until``.
    """

    def search(resolution: Resolution, index: int) -> tuple[Tick, Watch] | None:
        start = resolution.start(index)
        end = start + resolution.length
        if start > until or end <= after + 1:
            return None
        bar = source.bar(instrument, resolution, index)
        if bar is None:
            return None
        if all(watch.ignores(bar) for watch in watches):
            if start > after and end <= until + 1:
                for watch in watches:
                    watch.follow(bar.high, bar.low)
                return None
            if not any(watch.moves(bar) for watch in watches):
                return None
        if resolution is Resolution.MINUTE:
            return _fire(source.ticks(instrument, index), watches, after, until)
        finer = FINER[resolution]
        first = finer.candle_at(start)
        for part in range(first, first + resolution.length // finer.length):
            hit = search(finer, part)
            if hit is not None:
                return hit
        return None

    for week in range(Resolution.WEEK.candle_at(after), Resolution.WEEK.candle_at(until) + 1):
        hit = search(Resolution.WEEK, week)
        if hit is not None:
            return hit
    return None


def _fire(ticks: Sequence[Tick], watches: Sequence[Watch], after: int, until: int) -> tuple[Tick, Watch] | None:
    for tick in ticks:
        if after < tick.time <= until:
            # Every watch sees the tick before any is reported: a trailing level must not miss it.
            fired = [watch for watch in watches if watch.fires(tick.bid)]
            if fired:
                return tick, fired[0]
    return None
