"""Which of an account's deals the prices set off next, kept up to date while one thing after the other happens."""

from dataclasses import dataclass
from decimal import Decimal

from .accounts import Account
from .candles import PriceSource, Tick
from .deals import Direction, Order, Position
from .triggers import Watch, first_hit, watch_order, watch_position


@dataclass(frozen=True, slots=True)
class Hit:
    """The next tick of a market that sets something off."""

    tick: Tick
    watch: Watch


class Lookout:
    """Looks ahead over one stretch of time, and pulls trailing stops along."""

    def __init__(self, source: PriceSource, account: Account, until: int) -> None:
        self._source = source
        self._account = account
        self._until = until
        self._hits: dict[str, Hit | None] = {}
        self._searched: dict[str, int] = {}
        self._trails: dict[str, tuple[int, Decimal | None]] = {}
        """Since when each trailing stop was pulled, and where it stood before."""

    def hits(self) -> list[Hit]:
        """The next hit of each market that has one."""
        for epic, watches in self._watches().items():
            if epic not in self._hits:
                self._hits[epic] = self._search(watches, self._searched.get(epic, self._account.processed))
        return [hit for hit in self._hits.values() if hit is not None]

    def forget_the_void(self) -> None:
        """Look again where a hit was on a deal that is gone.

        The search resumes at its tick, not after it: one tick may set off several deals, and a position just
        opened may be stopped by the same one.
        """
        for epic, hit in list(self._hits.items()):
            if hit is not None and not self._alive(hit.watch.deal):
                del self._hits[epic]
                self._searched[epic] = hit.tick.time - 1

    def turn_back(self, position: Position, instant: int) -> None:
        """Put a trailing stop where it was at an instant, for a position that ends before its market's next hit."""
        if position.deal_id in self._trails:
            since, position.protection.stop_level = self._trails[position.deal_id]
            watch = watch_position(position)
            if watch is not None:
                first_hit(self._source, position.instrument, [watch], since, instant)
                _keep_trail(position, watch)

    def _search(self, watches: list[Watch], after: int) -> Hit | None:
        trailing = [(watch.deal, watch) for watch in watches if isinstance(watch.deal, Position) and watch.trail]
        for position, _ in trailing:
            self._trails.setdefault(position.deal_id, (after, position.protection.stop_level))
        found = first_hit(self._source, watches[0].deal.instrument, watches, after, self._until)
        for position, watch in trailing:
            _keep_trail(position, watch)
        return None if found is None else Hit(*found)

    def _watches(self) -> dict[str, list[Watch]]:
        """What every deal waits for, by market."""
        watches: dict[str, list[Watch]] = {}
        for position in self._account.positions.values():
            watch = watch_position(position)
            if watch is not None:
                watches.setdefault(position.instrument.epic, []).append(watch)
        for order in self._account.orders.values():
            watches.setdefault(order.instrument.epic, []).append(watch_order(order))
        return watches

    def _alive(self, deal: Position | Order) -> bool:
        return deal.deal_id in self._account.positions or deal.deal_id in self._account.orders


def _keep_trail(position: Position, watch: Watch) -> None:
    """Write the place that a trailing stop has reached back to its position."""
    price = watch.below if position.direction is Direction.BUY else watch.above
    if price is not None:
        position.protection.stop_level = position.instrument.level(price)
