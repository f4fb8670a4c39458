"""Whether a position or working order is what a deal asked for: what is there is compared with what was sent.

A row of the activity says that something was changed, and not to what; and what is told under the reference of a
position may be about the change of another program. The thing itself tells. Not all of it: where a stop has come to
that was sent as a distance from a moving price, or as an amount of money, cannot be foreseen. Of such a stop it can be
seen that there is one, and, if it was read before, that it has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isclose
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from capital_api.models import OpenPosition
from capital_api.wire import utc_seconds

from ..errors import NotFoundError
from ..workflow import Steps, ask
from .ticks import half_a_tick, rounds_to

if TYPE_CHECKING:
    from datetime import datetime

    from capital_api.models import Market, WorkingOrder

    from ..blotter import Ticket

__all__ = ["FLAGS", "NOT_TO_THIS", "Seen", "is_as_asked", "may_be_done", "see"]

NEAR = 1e-2
"""Levels that differ by more than such a part of them are not the same one rounded: nobody need ask for the tick."""
FLAGS = frozenset({"guaranteedStop", "trailingStop"})
"""They are sent with every change, or fall back to false."""

NOT_TO_THIS = "it was changed, but not to this; another program may have changed it as well. Look at it"

Close = Callable[[float, float], bool]


@frozen(kw_only=True)
class Seen:
    """What a position or working order showed when it was read, of all that can be asked for."""

    epic: str
    market: Market | None = field(eq=False, repr=False)
    guaranteed: bool
    trailing: bool
    stop_level: float | None
    stop_distance: float | None
    profit_level: float | None
    profit_distance: float | None
    level: float | None = None
    """Of a working order; so is the next."""
    until: datetime | None = None

    @classmethod
    def of(cls, row: OpenPosition | WorkingOrder) -> Seen:
        """From a row of the API."""
        order = None if isinstance(row, OpenPosition) else row.working_order_data
        data = row.position if isinstance(row, OpenPosition) else row.working_order_data
        market = row.market if isinstance(row, OpenPosition) else row.market_data
        return cls(
            epic=order.epic if order else market.epic,
            market=market,
            guaranteed=bool(data.guaranteed_stop),
            trailing=bool(data.trailing_stop),
            stop_level=data.stop_level or None,
            # A recording shows the distance of a stop below the market as a negative number.
            stop_distance=abs(data.stop_distance) if data.stop_distance else None,
            profit_level=data.profit_level or None,
            profit_distance=abs(data.profit_distance) if data.profit_distance else None,
            level=order.order_level if order else None,
            until=order.good_till_date_utc or None if order else None,
        )

    def place(self, what: Literal["stop", "profit"]) -> tuple[float | None, float | None]:
        """Where its stop or profit target is: the level and the distance, as far as they are told."""
        if what == "profit":
            return self.profit_level, self.profit_distance
        return self.stop_level, self.stop_distance

    def shows(self) -> tuple[object, ...]:
        """What does not change by itself, as a stop that trails does, and the distance of one that does not."""
        stop = self.stop_distance if self.trailing or self.stop_level is None else self.stop_level
        return self.guaranteed, self.trailing, stop, self.profit_level or self.profit_distance, self.level, self.until


def see(ticket: Ticket, target: str) -> Steps[Seen | None]:
    """A position or working order that a deal was about, as it is now; None when it has ended."""
    if ticket.is_position:
        try:
            return Seen.of((yield from ask(lambda api: api.positions.get(target))))
        except NotFoundError:
            return None
    book = yield from ask(lambda api: api.orders.all())
    return next((Seen.of(row) for row in book.working_orders if row.working_order_data.deal_id == target), None)


def is_as_asked(ticket: Ticket, seen: Seen, later: frozenset[str] = frozenset()) -> Steps[bool | None]:
    """Whether it is what a deal asked for; None where that can't be told.

    Args:
        ticket: The deal.
        seen: What there is.
        later: Fields that were sent anew since then, of which it tells nothing.
    """

    def compared(close: Close) -> bool | None:
        parts = list(_parts(ticket, seen, later, close))
        return False if False in parts else None if None in parts else True

    exactly = compared(lambda asked, told: rounds_to(asked, told, 0.0))
    if exactly is not False or compared(lambda asked, told: isclose(asked, told, rel_tol=NEAR)) is False:
        return exactly
    by = yield from half_a_tick(seen.epic, seen.market)
    # Without a tick it may be what was asked for, rounded, and may be not.
    return compared(lambda asked, told: rounds_to(asked, told, by)) if by else None


def may_be_done(ticket: Ticket, seen: Seen, later: frozenset[str] = frozenset()) -> Steps[bool]:
    """Whether it may be like that because of this change: it is as asked, and was not so before, for all that is known.

    What can't be told counts as done only where something has changed at all.
    """
    if (yield from is_as_asked(ticket, seen, later)) is False:
        return False
    before = ticket.before
    if before is None:
        return True
    return seen.shows() != before.shows() and (yield from is_as_asked(ticket, before, later)) is not True


def _parts(ticket: Ticket, seen: Seen, later: frozenset[str], close: Close) -> Iterator[bool | None]:
    for what in ("stop", "profit"):
        if not any(name.startswith(what) for name in later):
            yield _part(ticket, seen, what, close)
    if not later:
        yield (ticket.asked("guaranteedStop") is True) == seen.guaranteed
        yield (ticket.asked("trailingStop") is True) == seen.trailing
    if "level" not in later and ticket.asked("level") and seen.level:
        yield close(_number(ticket.asked("level")), seen.level)
    if not {"goodTillDate", "timeInForce"} & later:
        if ticket.asked("goodTillDate"):
            yield seen.until is not None and utc_seconds(seen.until) == ticket.asked("goodTillDate")
        elif ticket.asked("timeInForce") == "GOOD_TILL_CANCELLED":
            yield seen.until is None


def _part(ticket: Ticket, seen: Seen, what: Literal["stop", "profit"], close: Close) -> bool | None:
    """The same of the stop, or of the profit target."""
    level, distance, amount = (ticket.asked(f"{what}{kind}") for kind in ("Level", "Distance", "Amount"))
    stands, away = seen.place(what)
    if not (level or distance or amount):  # an update of an order keeps what it does not mention
        return (ticket.method == "PUT" and not ticket.is_position) or (stands is None and away is None)
    if amount and not (level or distance) and not ticket.is_position:
        return None  # nobody knows how an order that waits would show it
    if stands is None and away is None:
        return False
    if level and not (what == "stop" and seen.trailing):
        return None if stands is None else close(_number(level), stands)
    if distance and away is not None:
        if close(_number(distance), away):
            return True
        if seen.trailing or not ticket.is_position:
            return False
    # A distance counts from the price of that moment, and an amount becomes a level: that it is another one says much.
    was = ticket.before.place(what)[0] if ticket.before else None
    return True if ticket.before and stands != was else None


def _number(value: object) -> float:
    return float(str(value))
