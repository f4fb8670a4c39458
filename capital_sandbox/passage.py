"""The passage of time on an account: everything that happens by itself between two requests, in order."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from .accounts import Account
from .activity import position_row
from .catalogue import Instrument
from .currencies import cents
from .dealing import Dealing
from .deals import Direction, Order, Position
from .feed import Feed
from .hours import DAY_MS
from .lookout import Hit, Lookout
from .margin import MarginWatch
from .working_orders import WorkingOrders

SWAP_TIME = 21 * 3_600_000
"""Overnight fees are charged at 21:00 UTC."""
OVERNIGHT_LONG, OVERNIGHT_SHORT = Decimal("-0.0199715"), Decimal("0.0117515")
"""Percent of a position's value per night; what is negative is paid."""

_EXPIRY, _HIT, _NIGHT, _MARGIN = range(4)
"""The order of things within an instant. A stop comes before the fee and the close-out: its position is not there
any more when these look, and a guaranteed stop has paid before anybody sees the price beyond it."""

_Event = tuple[int, int, Callable[[], None]]
"""When, in which order within that instant, and what."""


class Passage:
    """Brings an account from the instant it was last looked at to the present.

    Nothing runs in the background: each request first lets the missed time pass, event by event. All of it is
    exact to the tick, margin too, so that nothing depends on how often somebody looks.
    """

    def __init__(self, feed: Feed, dealing: Dealing, orders: WorkingOrders) -> None:
        self._feed = feed
        self._dealing = dealing
        self._orders = orders
        self._margin = MarginWatch(feed)

    def advance(self, account: Account, now: int) -> None:
        """Let everything happen that happens up to and including ``now``."""
        lookout = Lookout(self._feed.source, account, now)
        night = (account.processed - SWAP_TIME) // DAY_MS * DAY_MS + DAY_MS + SWAP_TIME
        # Margin is weighed once nothing else happens at an instant; first at the one where the account was left,
        # for what its owner did then.
        unweighed: int | None = account.processed
        while account.positions or account.orders or unweighed is not None:
            events = self._events(account, lookout.hits(), night)
            if unweighed is not None:
                events.append(self._weighing(account, lookout, unweighed))
            instant, order, happen = min(events, key=lambda event: event[:2])
            short = self._margin.first_short(account, account.processed, min(instant, now + 1))
            if short is not None:
                instant, order, happen = self._weighing(account, lookout, short)
            if instant > now:
                break
            happen()
            lookout.forget_the_void()
            account.processed = max(account.processed, instant)
            unweighed = None if order == _MARGIN else instant
            night += DAY_MS if order == _NIGHT else 0
        account.processed = max(account.processed, now)

    def _events(self, account: Account, hits: list[Hit], night: int) -> list[_Event]:
        """What is to come, but for the margin."""
        events: list[_Event] = [
            (order.good_till, _EXPIRY, partial(self._expire, account, order))
            for order in account.orders.values()
            if order.good_till is not None
        ]
        deals: list[Position | Order] = [*account.positions.values(), *account.orders.values()]
        events += [
            (instrument.expires, _EXPIRY, partial(self._end, account, instrument))
            for instrument in dict.fromkeys(deal.instrument for deal in deals)
            if instrument.expires is not None
        ]
        events += [(hit.tick.time, _HIT, partial(self._trigger, account, hit)) for hit in hits]
        events.append((night, _NIGHT, partial(self._charge, account, night)))
        return events

    def _weighing(self, account: Account, lookout: Lookout, now: int) -> _Event:
        return now, _MARGIN, partial(self._close_out, account, lookout, now)

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

    def _trigger(self, account: Account, hit: Hit) -> None:
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

    def _charge(self, account: Account, now: int) -> None:
        """The overnight fee."""
        for position in account.positions.values():
            level = position.direction.exit(self._feed.quote(position.instrument, now))
            rate = OVERNIGHT_LONG if position.direction is Direction.BUY else OVERNIGHT_SHORT
            value = account.money(position.size * level, position.instrument.currency)
            fee = cents(value * rate / 100)
            if fee:
                epic, deal_id = position.instrument.epic, position.deal_id
                account.ledger.book(now, "SWAP", "Overnight fee", fee, epic=epic, deal_id=deal_id)
                row = position_row(position, now, level=level, source="SYSTEM", type="SWAP")
                account.activity.append(row)

    def _close_out(self, account: Account, lookout: Lookout, now: int) -> None:
        """Close the worst position, again and again, while the balance does not carry the margin."""
        while account.positions and self._margin.is_short(account, now):
            open_now = [p for p in account.positions.values() if self._feed.is_open(p.instrument, now)]
            if not open_now:
                return
            worst = min(open_now, key=lambda position: account.open_profit(position, self._feed, now))
            lookout.turn_back(worst, now)
            self._dealing.finish(account, worst, account.exit_level(worst, self._feed, now), "CLOSE_OUT", now)
        if not account.positions and account.ledger.deposit < 0:
            note = "Negative balance protection"
            account.ledger.book(now, "NEGATIVE_BALANCE_PROTECTION", note, -account.ledger.deposit)
