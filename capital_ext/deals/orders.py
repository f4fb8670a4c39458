"""Working orders: place, revise, cancel. Each is sent, then followed to its confirmation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import evolve

from capital_api import UNSET, Unset
from capital_api.models import PositionStatus

from ..blotter import Ticket
from ..deal import Deal
from ..errors import CapitalError, DealRejectedError, InvalidInputError, OutcomeUnknownError
from ..server_time import server_time
from ..workflow import Steps, ask, workflow
from .confirming import follow, follow_end, told_now, unconfirmed
from .protection import Change, Protection
from .sending import BUY_OR_SELL, TIMEOUT, Sending, opened, require_a_change
from .ticks import half_a_tick, rounds_to

if TYPE_CHECKING:
    from capital_api.models import Confirmation, Direction, OrderType, WorkingOrder, WorkingOrderData

__all__ = ["OrderDeals"]

LAGGING = 2.0
"""Seconds that the confirmation of a changed order is waited for when the list shows the change already."""
DATE_ERROR = timedelta(seconds=1)
"""By so much the date of a deal may be behind that of an answer before it: those are told in whole seconds."""


class OrderDeals(Sending):
    """Deals that wait for a price."""

    @workflow
    def place(
        self,
        epic: str,
        direction: Direction | BUY_OR_SELL,
        size: float,
        level: float,
        type_: OrderType | Literal["LIMIT", "STOP"],
        *,
        good_till_date: datetime | None = None,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
        timeout: float = TIMEOUT,
        resolve: bool = False,
    ) -> Steps[Deal]:
        """Place a working order, and wait until it stands.

        It becomes a position when the market reaches ``level``: a LIMIT at a better price than now, a STOP at a worse
        one. Should it be filled before its confirmation is read, ``position_id`` is there as well.

            order = capital.deals.place("SILVER", "BUY", 10, 39.5, "LIMIT")
            print(order.order_id)

        Calls ``POST /workingorders``, then ``GET /confirms`` until it speaks.

        Args:
            epic: Market to trade, upper case.
            direction: ``BUY`` to go long, ``SELL`` to go short.
            size: In units of the instrument.
            level: Price at which it becomes a position.
            type_: ``LIMIT`` or ``STOP``.
            good_till_date: Aware; when the order is withdrawn. None for never.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of the three stop fields; not together
                with ``trailing_stop``, and not on an account with hedging on.
            trailing_stop: Let the stop follow the price. Needs ``stop_distance``.
            stop_level: Price at which to close with a loss. Give one of the three.
            stop_distance: The same as a distance from the opening price, in points of price.
            stop_amount: The same as a loss, in money.
            profit_level: Price at which to close with a profit. Give one of the three.
            profit_distance: The same as a distance from the opening price, in points of price.
            profit_amount: The same as a profit, in money.
            timeout: Seconds to wait for the confirmation.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            DealRejectedError: The confirmation says no, and why. Nothing was placed.
            OutcomeUnknownError: The answer was lost, or no confirmation came in time. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was placed.
            InvalidInputError: An argument is impossible. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            ticket = yield from self._send(
                lambda api: api.orders.create(
                    direction=direction,
                    epic=epic,
                    size=size,
                    level=level,
                    type_=type_,
                    good_till_date=good_till_date,
                    guaranteed_stop=guaranteed_stop,
                    trailing_stop=trailing_stop,
                    stop_level=stop_level,
                    stop_distance=stop_distance,
                    stop_amount=stop_amount,
                    profit_level=profit_level,
                    profit_distance=profit_distance,
                    profit_amount=profit_amount,
                )
            )
            confirm = yield from follow(ticket, self._world, timeout=timeout, is_it=lambda _: True)
            position_id = opened(confirm)
            filled = position_id if position_id != confirm.deal_id else None
            return Deal.told(confirm, order_id=confirm.deal_id, position_id=filled)

        return (yield from self._certain(steps(), timeout, resolve))

    @workflow
    def revise(
        self,
        order_id: str,
        *,
        level: float | None = None,
        good_till_date: datetime | Unset | None = UNSET,
        guaranteed_stop: bool | Unset = UNSET,
        trailing_stop: bool | Unset = UNSET,
        stop_level: Change = UNSET,
        stop_distance: Change = UNSET,
        stop_amount: Change = UNSET,
        profit_level: Change = UNSET,
        profit_distance: Change = UNSET,
        profit_amount: Change = UNSET,
        timeout: float = TIMEOUT,
        resolve: bool = False,
    ) -> Steps[Deal]:
        """Change a working order, keep the rest, and wait until it is done.

        Size, direction, type and market can't be changed. The API keeps what an update does not mention, except the two
        flags of the stop, which it would switch off: so the order is read first, and its stop is sent along. It has no
        way to remove a stop or profit target from an order: cancel it and place another.

            capital.deals.revise(order.order_id, level=39.2)
            capital.deals.revise(order.order_id, good_till_date=None)  # from now on without an end

        Within this process changes of one order that are made through ``deals`` go one after another, whichever thread,
        event loop or client of the user they come from. Those by ``orders.update`` or another program do not: they
        overwrite one another.

        Calls ``GET /workingorders``, ``GET /confirms`` for what was told before if its reference is known,
        ``PUT /workingorders/{dealId}``, then ``GET /confirms`` until it speaks, and ``GET /workingorders`` to see that
        it is about this change. Where the list does not tell the market's tick, ``GET /markets/{epic}`` does.

        Args:
            order_id: ``Deal.order_id``, or ``working_order_data.deal_id`` of one of ``orders.all()``.
            level: Price at which it becomes a position.
            good_till_date: Aware; when the order is withdrawn. None for never.
            guaranteed_stop: Guarantee the stop at its exact level. Needs one of the three stop fields; not together
                with ``trailing_stop``, and not on an account with hedging on.
            trailing_stop: Let the stop follow the price. Needs ``stop_distance``.
            stop_level: Price at which to close with a loss. Give one of the three.
            stop_distance: The same as a distance from the opening price, in points of price.
            stop_amount: The same as a loss, in money.
            profit_level: Price at which to close with a profit. Give one of the three.
            profit_distance: The same as a distance from the opening price, in points of price.
            profit_amount: The same as a profit, in money.
            timeout: Seconds to wait for the confirmation, and before that as many for changes of the same order that
                are under way in this process.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            NotFoundError: The order ended while it was being changed.
            DealRejectedError: The confirmation says no, and why. Nothing was changed.
            OutcomeUnknownError: The answer was lost, no confirmation came in time, or the order has ended before it
                came. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was changed.
            NotSentError: A change that is under way was not done in time, or is on the very thread that would wait for
                it. Nothing was sent.
            InvalidInputError: Nothing to change, no such working order in the active account, or a stop or
                profit target to be removed. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            row = yield from self._row(order_id)
            if row is None:
                raise InvalidInputError(
                    f"the active account has no working order {order_id}: it was filled or cancelled, or has expired"
                )
            order = row.working_order_data
            whole = Protection.of(order).changed(
                guaranteed_stop=guaranteed_stop,
                trailing_stop=trailing_stop,
                stop_level=stop_level,
                stop_distance=stop_distance,
                stop_amount=stop_amount,
                profit_level=profit_level,
                profit_distance=profit_distance,
                profit_amount=profit_amount,
            )
            visible = yield from _shows(row, whole, level, good_till_date)
            before = yield from self._told_before(order_id)
            ticket = yield from self._send(
                lambda api: api.orders.update(
                    order_id,
                    level=level,
                    good_till_date=good_till_date or None,
                    time_in_force="GOOD_TILL_CANCELLED" if good_till_date is None else None,
                    guaranteed_stop=whole.guaranteed_stop,
                    trailing_stop=whole.trailing_stop,
                    stop_level=whole.stop_level,
                    stop_distance=whole.stop_distance,
                    stop_amount=whole.stop_amount,
                    profit_level=whole.profit_level,
                    profit_distance=whole.profit_distance,
                    profit_amount=whole.profit_amount,
                )
            )
            return (yield from self._follow_revision(ticket, order, before, visible, timeout))

        changes = {
            "stop_level": stop_level,
            "stop_distance": stop_distance,
            "stop_amount": stop_amount,
            "profit_level": profit_level,
            "profit_distance": profit_distance,
            "profit_amount": profit_amount,
        }
        if removed := [name for name, value in changes.items() if value is None]:
            raise InvalidInputError(
                f"{', '.join(removed)}: the API can't remove it from a working order; cancel and place another"
            )
        if level is None:
            require_a_change(
                good_till_date=good_till_date,
                guaranteed_stop=guaranteed_stop,
                trailing_stop=trailing_stop,
                stop_level=stop_level,
                stop_distance=stop_distance,
                stop_amount=stop_amount,
                profit_level=profit_level,
                profit_distance=profit_distance,
                profit_amount=profit_amount,
            )
        return (yield from self._certain(self._in_turn(order_id, steps(), timeout), timeout, resolve))

    @workflow
    def cancel(self, order_id: str, *, timeout: float = TIMEOUT, resolve: bool = False) -> Steps[Deal]:
        """Cancel a working order, and wait until it is gone.

        Calls ``GET /confirms`` for what was told before if its reference is known, ``DELETE /workingorders/{dealId}``,
        then ``GET /confirms`` until it says deleted: it is the reference that the order was placed under, which still
        says open for a while. A refusal there is checked with ``GET /workingorders``.

        Args:
            order_id: ``Deal.order_id``, or ``working_order_data.deal_id`` of one of ``orders.all()``.
            timeout: Seconds to wait for the confirmation.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            NotFoundError: The active account has no such order: it was filled or cancelled, or has expired.
            DealRejectedError: The confirmation says no, and why. Nothing was cancelled.
            OutcomeUnknownError: The answer was lost, or no confirmation came in time. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was cancelled.
            InvalidInputError: The id is none. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            before = yield from self._told_before(order_id)
            ticket = yield from self._send(lambda api: api.orders.cancel(order_id))
            confirm = yield from follow_end(
                ticket,
                self._world,
                timeout=timeout,
                status=PositionStatus.DELETED,
                before=before,
                standing=self._standing(ticket),
                is_there=lambda: self._still_waits(order_id),
            )
            return Deal.told(confirm, order_id=order_id)

        return (yield from self._certain(steps(), timeout, resolve))

    def _row(self, order_id: str) -> Steps[WorkingOrder | None]:
        book = yield from ask(lambda api: api.orders.all())
        return next((row for row in book.working_orders if row.working_order_data.deal_id == order_id), None)

    def _listed(self, ticket: Ticket) -> Steps[WorkingOrderData | None]:
        """What the list shows of an order that was changed. That it can't be read says nothing about the change."""
        try:
            row = yield from self._row(ticket.target)
        except CapitalError as error:
            raise unconfirmed(ticket, "the list of orders could not be read") from error
        return None if row is None else row.working_order_data

    def _still_waits(self, order_id: str) -> Steps[bool]:
        return (yield from self._row(order_id)) is not None

    def _told_before(self, order_id: str) -> Steps[Confirmation | None]:
        """What is told about a working order now, where its reference is known."""
        reference = self._blotter.reference_of(order_id)
        try:
            return None if reference is None else (yield from told_now(reference))
        except CapitalError:
            return None  # then an old refusal has to stand for a while before it is believed

    def _follow_revision(
        self, ticket: Ticket, before: WorkingOrderData, told: Confirmation | None, visible: bool, timeout: float
    ) -> Steps[Deal]:
        """Follow the confirmation until it and the list of orders show the change.

        An order is told under one reference from its creation to its end, and which it is can't be known before the
        first answer, unless this client has heard it. So what is told first may be about the change before: then the
        list is still the same, or has another level, or the status is that of a new order, or its date is from before
        this change was sent. Where the list does not tell, because the change need not show there, any other
        confirmation is believed. Of one that keeps an old date only the list can tell that it is about this change.
        """
        deadline = self._world.clock() + timeout
        heard = told is not None
        latest: Confirmation | None = None
        while True:
            try:
                told = latest = yield from follow(
                    ticket,
                    self._world,
                    timeout=deadline - self._world.clock(),
                    is_it=lambda told: told.status != PositionStatus.DELETED,
                    is_over=lambda told: told.status == PositionStatus.DELETED,
                    before=told,
                    settling=0.0 if visible else self._settling(ticket),
                    standing=self._standing(ticket),
                )
            except DealRejectedError:
                refusal, told = ticket.told, ticket.told
                if refusal is not None and not heard and (yield from self._is_old(ticket, refusal)):
                    continue
                order = yield from self._listed(ticket)
                if order is None or order == before:
                    raise
                continue  # the list shows a change: the refusal was that of one before
            except OutcomeUnknownError:
                if latest is None:
                    raise
                order = yield from self._listed(ticket)
                if order is None or order == before:
                    raise
                return evolve(Deal.told(latest, order_id=before.deal_id), level=order.order_level)
            old = not heard and (yield from self._is_old(ticket, told))
            order = yield from self._listed(ticket)
            if order is None:  # it was filled meanwhile, after this change or before it
                deadline = min(deadline, self._world.clock())
            elif order != before or not (visible or old):
                if not old and told.level == order.order_level and (heard or told.status != PositionStatus.OPEN):
                    return Deal.told(told, order_id=before.deal_id)
                deadline = min(deadline, self._world.clock() + LAGGING)

    def _is_old(self, ticket: Ticket, told: Confirmation) -> Steps[bool]:
        """Whether what is told is dated from before the deal was sent."""
        if ticket.heard_before is None or told.date >= ticket.heard_before - DATE_ERROR:
            return False
        try:
            now = yield from server_time()
        except CapitalError:
            return True
        # What dates the answers need not be what dates the deals, and may be ahead of it.
        lead = (self._blotter.heard() or now) - now
        return told.date < ticket.heard_before - DATE_ERROR - max(lead, timedelta(0))


def _to_the_second(moment: datetime | None) -> datetime | None:
    """As it is sent."""
    return moment and moment.replace(microsecond=0)


def _shows(
    row: WorkingOrder, whole: Protection, level: float | None, good_till_date: datetime | Unset | None
) -> Steps[bool]:
    """Whether a change is sure to show in the list.

    One to the same values does not, and an amount may not. Neither does a level that the server rounds to the present
    one: what shows then is up to its rounding.
    """
    order = row.working_order_data
    if whole.stop_amount is not None or whole.profit_amount is not None:
        return False
    was = order.good_till_date_utc or None
    if not isinstance(good_till_date, Unset) and _to_the_second(good_till_date) != _to_the_second(was):
        return True
    now = Protection.of(order).unchanged()
    if level in (None, order.order_level) and whole == now:
        return False
    by = yield from half_a_tick(order.epic, row.market_data)
    return not (whole.rounds_to(now, by) and (level is None or rounds_to(level, order.order_level, by)))
