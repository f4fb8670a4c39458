"""Finding the first tick that sets something off, without looking at every tick.

A candle whose range stays clear of all levels cannot hold that tick, so whole weeks are passed over with one
look and only the minutes that matter are read. What closes a long position or opens a short one is the bid;
the others watch the offer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .candles import FINER, Bar, PriceSource, Resolution, Tick
from .catalogue import Instrument
from .deals import Direction, Order, Position


@dataclass(slots=True)
class Watch:
    """Two prices, in ticks, that one deal waits for; a trailing stop moves one of them."""

    deal: Position | Order
    on_offer: bool
    """Whether it is the offer that is watched, not the bid."""
    below: int | None = None
    above: int | None = None
    trail: int = 0
    """How far a trailing level stays behind: positive follows rising prices with ``below``, negative
    follows falling ones with ``above``."""

    def side(self, bar: Bar) -> Bar:
        """The side of a bar that is watched."""
        return bar.offer(self.deal.instrument) if self.on_offer else bar

    def ignores(self, bar: Bar) -> bool:
        """Whether no tick of such a bar could fire, in whatever order its prices came."""
        bar = self.side(bar)
        below, above = self._after(bar.high, bar.low)
        return (below is None or bar.low > below) and (above is None or bar.high < above)

    def moves(self, bar: Bar) -> bool:
        """Whether a bar would pull a trailing level."""
        if not self.trail:
            return False
        bar = self.side(bar)
        return self._after(bar.high, bar.low) != (self.below, self.above)

    def fires(self, tick: Tick) -> bool:
        """Whether a price sets the deal off; if not, a trailing level follows it."""
        price = self.price(tick)
        if (self.below is not None and price <= self.below) or (self.above is not None and price >= self.above):
            return True
        self.below, self.above = self._after(price, price)
        return False

    def price(self, tick: Tick) -> int:
        """The side of a tick that is watched."""
        return tick.offer(self.deal.instrument) if self.on_offer else tick.bid

    def follow(self, bar: Bar) -> None:
        """Pull a trailing level after prices that have passed."""
        if self.trail:
            bar = self.side(bar)
            self.below, self.above = self._after(bar.high, bar.low)

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
    short = position.direction is Direction.SELL
    low, high = (profit, stop) if short else (stop, profit)
    below = None if low is None else int(low / instrument.tick)
    above = None if high is None else int(high / instrument.tick)
    distance = position.protection.trailing_distance
    trail = 0 if distance is None else int(distance / instrument.tick) * position.direction.sign
    return Watch(position, short, below, above, trail)


def watch_order(order: Order) -> Watch:
    """What a working order waits for: its level, from the side on which the market is not yet."""
    buys = order.direction is Direction.BUY
    price = int(order.level / order.instrument.tick)
    falling = (order.kind == "LIMIT") is buys
    return Watch(order, buys, below=price) if falling else Watch(order, buys, above=price)


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
                    watch.follow(bar)
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
            fired = [watch for watch in watches if watch.fires(tick)]
            if fired:
                return tick, fired[0]
    return None
