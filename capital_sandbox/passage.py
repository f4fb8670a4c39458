"""The passage of time on an account: everything that happens by itself between two requests, in order."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from .accounts import Account
from .activity import position_row
from .candles import Tick
from .catalogue import Instrument
from .currencies import cents
from .dealing import Dealing
from .deals import Direction, Order, Position
from .feed import Feed
from .hours import DAY_MS
from .triggers import Watch, first_hit, watch_order, watch_position
from .working_orders import WorkingOrders

HOUR_MS = 3_600_000
SWAP_TIME = 21 * HOUR_MS
"""Overnight fees are charged at 21:00 UTC."""
OVERNIGHT_LONG, OVERNIGHT_SHORT = Decimal("-0.0199715"), Decimal("0.0117515")
"""Percent of a position's value per night; what is negative is paid."""
CLOSE_OUT_RATIO = Decimal("0.5")
"""Positions are closed when the balance falls below this share of the margin."""

_Event = tuple[int, int, Callable[[], None]]
"""When, in which order within that instant, and what."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """The next tick of a market that sets something off."""

    tick: Tick
    watch: Watch


class Passage:
    """Brings an account from the instant it was last looked at to the present.

    Nothing runs in the background: each request first lets the missed time pass, event by event. Margin is
    checked every hour, after each event and at each look; all the rest is exact to the tick.
    """

    def __init__(self, feed: Feed, dealing: Dealing, orders: WorkingOrders) -> None:
        self._feed = feed
        self._dealing = dealing
        self._orders = orders

    def advance(self, account: Account, now: int) -> None:
        """Let everything happen that happens up to and including ``now``."""
        hits: dict[str, _Hit | None] = {}
        searched: dict[str, int] = {}
        while account.positions or account.orders:
            for epic, watches in _watches(account).items():
                if epic not in hits:
                    hits[epic] = self._search(watches, searched.get(epic, account.processed), now)
            instant, happen = self._next_event(account, [hit for hit in hits.values() if hit], now)
            if instant > now:
                break
            happen()
            account.processed = max(account.processed, instant)
            self._close_out(account, instant)
            # A hit on a deal that is gone is void. The search resumes at its tick, not after it: one tick
            # may set off several deals, and a position just opened may be stopped by the same one.
            for epic, hit in list(hits.items()):
                if hit is not None and not _alive(account, hit.watch.deal):
                    del hits[epic]
                    searched[epic] = hit.tick.time - 1
        account.processed = max(account.processed, now)
        self._close_out(account, now)

    def _search(self, watches: list[Watch], after: int, until: int) -> _Hit | None:
        found = first_hit(self._feed.source, watches[0].deal.instrument, watches, after, until)
        for watch in watches:
            if isinstance(watch.deal, Position) and watch.trail:
                _keep_trail(watch.deal, watch)
        return None if found is None else _Hit(*found)

    def _next_event(self, account: Account, hits: list[_Hit], now: int) -> tuple[int, Callable[[], None]]:
        """The earliest thing to come: an expiry before a full hour before a tick of the same instant."""
        events: list[_Event] = [(now + 1, 9, lambda: None)]
        events += [
            (order.good_till, 0, partial(self._expire, account, order))
            for order in account.orders.values()
            if order.good_till is not None
        ]
        deals: list[Position | Order] = [*account.positions.values(), *account.orders.values()]
        dealt = dict.fromkeys(deal.instrument for deal in deals)
        events += [
            (instrument.expires, 0, partial(self._end, account, instrument))
            for instrument in dealt
            if instrument.expires is not None
        ]
        if account.positions:
            hour = (account.processed // HOUR_MS + 1) * HOUR_MS
            events.append((hour, 1, partial(self._strike, account, hour)))
        events += [(hit.tick.time, 2, partial(self._trigger, account, hit)) for hit in hits]
        instant, _, happen = min(events, key=lambda event: event[:2])
        return instant, happen

    def _expire(self, account: Account, order: Order) -> None:
        self._orders.remove(account, order, "SYSTEM", "EXPIRED", order.good_till or 0)

    def _end(self, account: Account, instrument: Instrument) -> None:
        """The end of a future: what is open is settled at its last price, what waits is gone."""
        now = instrument.expires or 0
        for order in [order for order in account.orders.values() if order.instrument is instrument]:
            self._orders.remove(account, order, "SYSTEM", "EXPIRED", now)
        for position in [each for each in account.positions.values() if each.instrument is instrument]:
            level = position.direction.exit(self._feed.quote(instrument, now))
            self._dealing.finish(account, position, level, "SYSTEM", now)

    def _trigger(self, account: Account, hit: _Hit) -> None:
        deal, instant, price = hit.watch.deal, hit.tick.time, hit.watch.price(hit.tick)
        quote = self._feed.quote(deal.instrument, instant)
        if isinstance(deal, Order):
            self._orders.trigger(account, deal, deal.direction.entry(quote), instant)
            return
        level = deal.direction.exit(quote)
        below, above = hit.watch.below, hit.watch.above
        fell, rose = below is not None and price <= below, above is not None and price >= above
        stopped = fell if deal.direction is Direction.BUY else rose
        if stopped and deal.protection.guaranteed and deal.protection.stop_level is not None:
            level = deal.protection.stop_level
        self._dealing.finish(account, deal, level, "SL" if stopped else "TP", instant)

    def _strike(self, account: Account, hour: int) -> None:
        """A full hour: at one of them, the overnight fee."""
        if hour % DAY_MS != SWAP_TIME:
            return
        for position in account.positions.values():
            level = position.direction.exit(self._feed.quote(position.instrument, hour))
            rate = OVERNIGHT_LONG if position.direction is Direction.BUY else OVERNIGHT_SHORT
            value = account.money(position.size * level, position.instrument.currency)
            fee = cents(value * rate / 100)
            if fee:
                epic, deal_id = position.instrument.epic, position.deal_id
                account.ledger.book(hour, "SWAP", "Overnight fee", fee, epic=epic, deal_id=deal_id)
                row = position_row(position, hour, level=level, source="SYSTEM", type="SWAP")
                account.activity.append(row)

    def _close_out(self, account: Account, now: int) -> None:
        """Close the worst position, again and again, while the balance does not carry the margin."""
        while account.positions:
            balance = account.balance(self._feed, now)
            open_now = [p for p in account.positions.values() if self._feed.is_open(p.instrument, now)]
            if balance.balance >= balance.margin * CLOSE_OUT_RATIO or not open_now:
                return
            worst = min(open_now, key=lambda position: account.open_profit(position, self._feed, now))
            level = worst.direction.exit(self._feed.quote(worst.instrument, now))
            self._dealing.finish(account, worst, level, "CLOSE_OUT", now)
        if account.ledger.deposit < 0:
            note = "Negative balance protection"
            account.ledger.book(now, "NEGATIVE_BALANCE_PROTECTION", note, -account.ledger.deposit)


def _watches(account: Account) -> dict[str, list[Watch]]:
    """What every deal of an account waits for, by market."""
    watches: dict[str, list[Watch]] = {}
    for position in account.positions.values():
        watch = watch_position(position)
        if watch is not None:
            watches.setdefault(position.instrument.epic, []).append(watch)
    for order in account.orders.values():
        watches.setdefault(order.instrument.epic, []).append(watch_order(order))
    return watches


def _alive(account: Account, deal: Position | Order) -> bool:
    return deal.deal_id in account.positions or deal.deal_id in account.orders


def _keep_trail(position: Position, watch: Watch) -> None:
    """Write the place that a trailing stop has reached back to its position."""
    price = watch.below if position.direction is Direction.BUY else watch.above
    if price is not None:
        position.protection.stop_level = position.instrument.level(price)
