"""What speaks against a deal before it is sent: everything at once, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Literal

from attrs import field, frozen

from capital_api.models import Direction, MarketMode, MarketStatus, OrderType
from capital_api.wire import aware, choice, flag

from ..errors import InvalidInputError
from ..markets.rules import EXACT, Distance, decimal_of, on_grid
from ..markets.sheet import MarketSheet

__all__ = ["Problem", "Proposal", "find_problems"]

NO_DEALS = frozenset(
    {
        MarketMode.VIEW_ONLY,
        MarketMode.VIEW_AND_REQUEST,
        MarketMode.CLOSED_FOR_CORPORATE_ACTION,
        MarketMode.HOLIDAY,
    }
)
NO_ORDERS = frozenset(
    {MarketStatus.EDITS_ONLY, MarketStatus.OFFLINE, MarketStatus.ON_AUCTION_NO_EDITS, MarketStatus.SUSPENDED}
)
"""Statuses that rule out a new working order as well. A market that is merely closed takes orders that wait."""


@frozen
class Problem:
    """One thing that speaks against a deal."""

    field: str
    """The argument that it is about, such as ``size`` or ``stop_level``; ``market`` where no argument would help."""
    message: str
    """What is wrong, in words."""
    nearest: float | None = None
    """The nearest value of ``field`` that would do; None where there is none to name."""

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def _direction(value: Direction | Literal["BUY", "SELL"]) -> Direction:
    return choice(value, "direction", Direction)


def _order_type(value: OrderType | Literal["LIMIT", "STOP"] | None) -> OrderType | None:
    return None if value is None else choice(value, "type_", OrderType)


@frozen(kw_only=True)
class Proposal:
    """A deal that has not been sent, in the words of ``positions.open`` and ``orders.create``.

    Args:
        direction: ``BUY`` or ``SELL``.
        size: In units of the instrument.
        type_: ``LIMIT`` or ``STOP`` for a working order; None to deal at the market.
        level: Price that a working order waits for.
        good_till_date: When a working order expires, aware; None for never.
        guaranteed_stop: Whether the stop is to be guaranteed.
        trailing_stop: Whether the stop is to follow the price.
        stop_level: Price at which to close with a loss.
        stop_distance: The same, in points from the price.
        stop_amount: The same, as an amount of money in the account's currency.
        profit_level: Price at which to close with a profit.
        profit_distance: The same, in points from the price.
        profit_amount: The same, as an amount of money in the account's currency.

    Raises:
        InvalidInputError: A value is none of its kind: no finite number, no such direction, a naive datetime.
    """

    direction: Direction = field(converter=_direction)
    size: float
    type_: OrderType | None = field(default=None, converter=_order_type)
    level: float | None = None
    good_till_date: datetime | None = None
    guaranteed_stop: bool = False
    trailing_stop: bool = False
    stop_level: float | None = None
    stop_distance: float | None = None
    stop_amount: float | None = None
    profit_level: float | None = None
    profit_distance: float | None = None
    profit_amount: float | None = None

    def __attrs_post_init__(self) -> None:
        decimal_of(self.size, "size")
        for name in ("level", *STOPS, *PROFITS):
            self.given(name)
        for name in ("guaranteed_stop", "trailing_stop"):
            flag(getattr(self, name), name)
        if self.good_till_date is not None:
            aware(self.good_till_date, "good_till_date")

    def given(self, name: str) -> Decimal | None:
        """The exact value of a number; None where it was not given."""
        value: float | None = getattr(self, name)
        return None if value is None else decimal_of(value, name)

    @property
    def buys(self) -> bool:
        """Whether it is a BUY."""
        return self.direction == Direction.BUY


STOPS = ("stop_level", "stop_distance", "stop_amount")
PROFITS = ("profit_level", "profit_distance", "profit_amount")


def find_problems(
    proposal: Proposal, market: MarketSheet, *, hedging_mode: bool | None = None, at: datetime | None = None
) -> tuple[Problem, ...]:
    """Everything that the market's rules, state and prices have against a deal. Nothing is sent.

        market = capital.market("SILVER")
        for problem in find_problems(Proposal(direction="BUY", size=0.33, stop_distance=50), market):
            print(problem)  # size: 0.33 is below the minimum of 1 ...

    That nothing is found means that nothing can be known from here: the server still decides about margin, and about
    bounds that move with the price. Left out is every check whose rule or price the market did not tell; that of
    ``stop_amount`` and ``profit_amount`` against the distances, which takes a rate of exchange; and whether a
    CLOSE_ONLY market would take the deal because it closes a position. A status or mode that this version does not
    know is no problem. Distances count from the price at which the deal would close as soon as it is made: the bid of a
    BUY, and for a working order its level less the spread. Their bounds are taken on the grid of the market's prices,
    where the API names them.

    Args:
        proposal: The deal.
        market: The market as it was fetched. Its prices are compared with, so it should be fresh.
        hedging_mode: The account's, from ``accounts.preferences()``; None leaves out what depends on it.
        at: When the deal would be made, aware; whether the market is open then is asked of its timetable. None is the
            moment at which it was fetched, and its status says whether it is open.

    Returns:
        The problems, those of the market first, then by field. Empty when nothing was found.

    Raises:
        InvalidInputError: ``at`` has no time zone.
    """
    if at is not None:
        aware(at, "at")
    return (
        *_market(proposal, market, at),
        *_size(proposal, market),
        *_order(proposal, market, at or market.fetched_at),
        *_flags(proposal, market, hedging_mode),
        *_protection("stop", STOPS, proposal, market),
        *_protection("profit", PROFITS, proposal, market),
    )


def _market(proposal: Proposal, market: MarketSheet, at: datetime | None) -> Iterator[Problem]:
    status = market.status
    if status in (MarketStatus.TRADEABLE, MarketStatus.CLOSED) and at is not None:
        is_open = market.hours.is_open(at)
        if is_open is not None:
            status = MarketStatus.TRADEABLE if is_open else MarketStatus.CLOSED
    if status.is_known and status != MarketStatus.TRADEABLE and (proposal.type_ is None or status in NO_ORDERS):
        opens = market.next_open(at or market.fetched_at) if status == MarketStatus.CLOSED else None
        when = f"; its next session begins {opens:%Y-%m-%d %H:%M} UTC" if opens and opens != at else ""
        yield Problem("market", f"{market.epic} is {_words(status)}{when}")
    for mode in market.modes:
        if mode in NO_DEALS:
            yield Problem("market", f"{market.epic} is {_words(mode)}: no deals are made")
        elif mode == MarketMode.CLOSE_ONLY:
            yield Problem("market", f"{market.epic} is close only: positions can be closed, not opened")
        elif mode == MarketMode.LONG_ONLY and not proposal.buys:
            yield Problem("direction", f"{market.epic} is long only: it can be sold only to close a long position")


def _size(proposal: Proposal, market: MarketSheet) -> Iterator[Problem]:
    size, rules = decimal_of(proposal.size, "size"), market.rules
    smallest = on_grid(rules.min_size or Decimal(0), rules.size_step, ROUND_CEILING) or rules.size_step
    if size <= 0 or (rules.min_size is not None and size < rules.min_size):
        least = f"is below the minimum of {_plain(rules.min_size)}" if rules.min_size else "is not more than 0"
        yield Problem("size", f"{_plain(size)} {least}", _float(smallest))
        return
    if rules.max_size is not None and size > rules.max_size:
        largest = on_grid(rules.max_size, rules.size_step, ROUND_FLOOR)
        yield Problem("size", f"{_plain(size)} is above the maximum of {_plain(rules.max_size)}", float(largest))
    down = on_grid(size, rules.size_step, ROUND_FLOOR)
    if down != size and rules.size_step is not None:
        message = f"{_plain(size)} is no multiple of {_plain(rules.size_step)}, the step of sizes"
        yield Problem("size", message, float(max(down, smallest or down)))


def _order(proposal: Proposal, market: MarketSheet, now: datetime) -> Iterator[Problem]:
    level, expiry, type_ = proposal.given("level"), proposal.good_till_date, proposal.type_
    if type_ is None:
        if level is not None:
            yield Problem("level", "a deal at the market has none; a working order needs type_ LIMIT or STOP")
        if expiry is not None:
            yield Problem("good_till_date", "only a working order expires")
        return
    if expiry is not None and expiry.replace(microsecond=0) <= now:  # it is sent in whole seconds
        yield Problem("good_till_date", f"{expiry.isoformat()} is not in the future")
    if level is None:
        yield Problem("level", f"a {type_.value} order needs one")
        return
    yield from _off_grid("level", level, market)
    if level <= 0:
        yield Problem("level", f"{_plain(level)} is not more than 0")
    price, called = _entry(proposal, market)
    if price is None:
        return
    up = proposal.buys is (type_ == OrderType.STOP)  # on which side of the price it has to wait
    step, distance = market.rules.price_step, market.rules.min_distance if type_ == OrderType.STOP else None
    near = None if distance is None else _bound(price, distance, market, up=up, inwards=True)
    level = on_grid(level, step, ROUND_HALF_EVEN)
    if level == price or (level > price) is not up or (near is not None and level != near and (level > near) is not up):
        if near is None and step is not None:
            near = EXACT.add(price, step) if up else EXACT.subtract(price, step)
        where = f"must be {'above' if up else 'below'} the {called} of {_plain(price)}"
        least = "" if distance is None else f", by {distance} or more"
        yield Problem("level", f"the level of a {type_.value} {proposal.direction.value} {where}{least}", _float(near))


def _flags(proposal: Proposal, market: MarketSheet, hedging_mode: bool | None) -> Iterator[Problem]:
    if proposal.guaranteed_stop:
        if market.rules.guaranteed_stop_allowed is False:
            yield Problem("guaranteed_stop", f"{market.epic} has no guaranteed stops")
        if proposal.trailing_stop:
            yield Problem("guaranteed_stop", "a stop is guaranteed or trailing, not both")
        if hedging_mode:
            yield Problem("guaranteed_stop", "there are no guaranteed stops on an account with hedging on")
        if all(proposal.given(name) is None for name in STOPS):
            yield Problem("guaranteed_stop", f"it needs one of {', '.join(STOPS)}")
    if proposal.trailing_stop and proposal.stop_distance is None:
        yield Problem("trailing_stop", "it needs stop_distance")


def _protection(kind: str, names: tuple[str, ...], proposal: Proposal, market: MarketSheet) -> Iterator[Problem]:
    """A stop or a profit target: one field, more than 0, on the right side, neither too near nor too far."""
    given = {name: value for name in names if (value := proposal.given(name)) is not None}
    if len(given) > 1:
        yield Problem(next(reversed(given)), f"give one of {', '.join(given)}: they say the same thing")
    for name, value in given.items():
        if value <= 0:
            yield Problem(name, f"{_plain(value)} is not more than 0")
        elif not name.endswith("_amount"):
            yield from _off_grid(name, value, market)
            yield from _placed(kind, name, value, proposal, market)


def _placed(kind: str, name: str, value: Decimal, proposal: Proposal, market: MarketSheet) -> Iterator[Problem]:
    price, called = _exit(proposal, market)
    if price is None:
        return
    up = proposal.buys is (kind == "profit")
    level = value
    if name.endswith("_distance"):
        level = EXACT.add(price, value) if up else EXACT.subtract(price, value)
    level = on_grid(level, market.rules.price_step, ROUND_HALF_EVEN)
    near, far = _bounds(kind, up, price, proposal, market)
    what = "the guaranteed stop" if kind == "stop" and proposal.guaranteed_stop else f"the {kind}"
    of = f"of a {proposal.direction.value}"
    from_price = f"the {called} of {_plain(price)}"
    if level == price or (level > price) is not up:
        side = "above" if up else "below"
        yield Problem(name, f"{what} {of} must be {side} {from_price}", _nearest(name, near, price))
    elif near is not None and level != near and (level > near) is not up:
        least = market.rules.min_guaranteed_distance if what != f"the {kind}" else market.rules.min_distance
        message = f"{what} is too near: it must be at {_plain(near)} or farther from {from_price} (at least {least})"
        yield Problem(name, message, _nearest(name, near, price))
    elif far is not None and level != far and (level > far) is up:
        most = market.rules.max_distance
        message = f"{what} is too far: it must be at {_plain(far)} or nearer to {from_price} (at most {most})"
        yield Problem(name, message, _nearest(name, far, price))


def _bounds(
    kind: str, up: bool, price: Decimal, proposal: Proposal, market: MarketSheet
) -> tuple[Decimal | None, Decimal | None]:
    """The levels between which it may lie: the near one and the far one."""
    rules = market.rules
    nearest = rules.min_guaranteed_distance if kind == "stop" and proposal.guaranteed_stop else rules.min_distance
    near = None if nearest is None else _bound(price, nearest, market, up=up, inwards=True)
    far = None if rules.max_distance is None else _bound(price, rules.max_distance, market, up=up, inwards=False)
    return near, far


def _bound(price: Decimal, distance: Distance, market: MarketSheet, *, up: bool, inwards: bool) -> Decimal | None:
    """The level at a distance, on the grid: the first that is allowed, or the last. None where it can't be told."""
    points = distance.points(price)
    if points is None:
        return None
    level = EXACT.add(price, points) if up else EXACT.subtract(price, points)
    return on_grid(level, market.rules.price_step, ROUND_CEILING if up is inwards else ROUND_FLOOR)


def _nearest(name: str, bound: Decimal | None, price: Decimal) -> float | None:
    if bound is None:
        return None
    return float(EXACT.abs(EXACT.subtract(bound, price)) if name.endswith("_distance") else bound)


def _off_grid(name: str, value: Decimal, market: MarketSheet) -> Iterator[Problem]:
    step = market.rules.price_step
    nearest = on_grid(value, step, ROUND_HALF_EVEN)
    if nearest != value and step is not None:
        yield Problem(name, f"{_plain(value)} is no multiple of {_plain(step)}, the step of prices", float(nearest))


def _entry(proposal: Proposal, market: MarketSheet) -> tuple[Decimal | None, str]:
    """The price at which a deal opens now, and what it is called."""
    return _price(market.offer, "offer") if proposal.buys else _price(market.bid, "bid")


def _exit(proposal: Proposal, market: MarketSheet) -> tuple[Decimal | None, str]:
    """The price that distances count from: the one at which the deal would close, as soon as it is made."""
    bid, offer = _price(market.bid, "bid")[0], _price(market.offer, "offer")[0]
    level = proposal.given("level")
    if proposal.type_ is None:
        return (bid, "bid") if proposal.buys else (offer, "offer")
    if level is None or bid is None or offer is None:
        return level, "level"
    spread = EXACT.subtract(offer, bid)
    closing = EXACT.subtract(level, spread) if proposal.buys else EXACT.add(level, spread)
    return closing, "closing price"


def _price(value: float | None, called: str) -> tuple[Decimal | None, str]:
    try:
        return None if value is None else decimal_of(value, called), called
    except InvalidInputError:  # a body of another shape: the check is left out
        return None, called


def _words(value: MarketStatus | MarketMode) -> str:
    return value.value.lower().replace("_", " ")


def _plain(value: Decimal) -> str:
    """Without an exponent or trailing zeros."""
    return f"{value.normalize(EXACT):f}"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
