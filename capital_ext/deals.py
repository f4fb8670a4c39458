"""`capital.deals`: trading with the outcome known. Each method sends, then follows the confirmation to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

from attrs import evolve

from capital_api import UNSET, Unset
from capital_api.models import AffectedDealStatus, PositionStatus

from .blotter import MOMENT, Blotter, Ticket
from .confirming import follow, told_now
from .deal import Deal, NotExecuted
from .errors import (
    CapitalError,
    DealRejectedError,
    InvalidInputError,
    NotExecutedError,
    OutcomeUnknownError,
    ResponseParseError,
)
from .policy import World
from .protection import Change, Protection
from .resolving import resolve_deal
from .workflow import Awaiting, Blocking, Steps, ask, pause, workflow

if TYPE_CHECKING:
    from capital_api import Api, AsyncApi
    from capital_api.models import Confirmation, DealReference, Direction, OrderType, WorkingOrderData

    from .deal_problems import Problem

__all__ = ["AsyncDeals", "Deals"]

TIMEOUT = 15.0
"""Seconds that a confirmation is waited for. Mostly it is there within one."""
FILL_WAITS = (0.0, 0.5, 1.0)
"""Seconds before each look for a position whose confirmation did not tell the price."""

LAGGING = 2.0
"""Seconds that the confirmation of a changed order is waited for when the list shows the change already."""

BUY_OR_SELL = Literal["BUY", "SELL"]


class _Workflows:
    _world: World
    _blotter: Blotter

    # --- before -------------------------------------------------------------------------------------------------------

    @workflow
    def check(
        self,
        epic: str,
        direction: Direction | BUY_OR_SELL,
        size: float,
        *,
        type_: OrderType | Literal["LIMIT", "STOP"] | None = None,
        level: float | None = None,
        good_till_date: datetime | None = None,
        guaranteed_stop: bool | None = None,
        trailing_stop: bool | None = None,
        stop_level: float | None = None,
        stop_distance: float | None = None,
        stop_amount: float | None = None,
        profit_level: float | None = None,
        profit_distance: float | None = None,
        profit_amount: float | None = None,
    ) -> Steps[tuple[Problem, ...]]:
        """Everything that speaks against a deal, in words, before it is sent. Empty when nothing does.

            for problem in capital.deals.check("SILVER", "BUY", 0.33, stop_distance=50):
                print(problem)  # size: 0.33 is below the minimum of 1 ...

        It compares with the market's rules, its state and its present prices: size limits and grid, sides and distances
        of stop and profit target, guaranteed and trailing stops, the level of a working order, closed markets. What can
        only be known by trying is not in it: margin above all. ``Problem.nearest`` is a value that would do, and
        ``market(epic).round_size`` puts a size on the grid; nothing here rounds by itself.

        Calls ``GET /markets/{epic}``, and ``GET /accounts/preferences`` for a guaranteed stop.

        Args:
            epic: Market to trade, upper case.
            direction: ``BUY`` or ``SELL``.
            size: In units of the instrument.
            type_: ``LIMIT`` or ``STOP`` for a working order; None to deal at the market.
            level: Price at which the working order becomes a position.
            good_till_date: Aware; when the working order is withdrawn.
            guaranteed_stop: As for ``open``; so are the other arguments about stop and profit target.
            trailing_stop: See ``open``.
            stop_level: See ``open``.
            stop_distance: See ``open``.
            stop_amount: See ``open``.
            profit_level: See ``open``.
            profit_distance: See ``open``.
            profit_amount: See ``open``.

        Raises:
            NotFoundError: No market has this epic.
            InvalidInputError: A value is none of its kind: no finite number, no such direction, a naive datetime.
            CapitalError: Reading failed.
        """
        from .deal_problems import Proposal, find_problems
        from .market_sheet import MarketSheet

        proposal = Proposal(
            direction=direction,
            size=size,
            type_=type_,
            level=level,
            good_till_date=good_till_date,
            guaranteed_stop=guaranteed_stop or False,
            trailing_stop=trailing_stop or False,
            stop_level=stop_level,
            stop_distance=stop_distance,
            stop_amount=stop_amount,
            profit_level=profit_level,
            profit_distance=profit_distance,
            profit_amount=profit_amount,
        )
        details = yield from ask(lambda api: api.markets.get(epic))
        hedging_mode: bool | None = None
        if guaranteed_stop:
            hedging_mode = (yield from ask(lambda api: api.accounts.preferences())).hedging_mode
        return find_problems(proposal, MarketSheet.of(details, self._world.now), hedging_mode=hedging_mode)

    # --- positions ----------------------------------------------------------------------------------------------------

    @workflow
    def open(
        self,
        epic: str,
        direction: Direction | BUY_OR_SELL,
        size: float,
        *,
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
        """Open a position at the market price, and wait until it is open.

        With hedging off, positions of the opposite direction are reduced first, oldest first; if that uses up the whole
        size, nothing is opened and ``position_id`` is None. Sizes and levels are sent as given, never rounded: `check`
        says beforehand what the market would refuse.

            deal = capital.deals.open("SILVER", "BUY", 10, stop_distance=0.5)
            print(deal.position_id, deal.level)

        Calls ``POST /positions``, then ``GET /confirms`` until it speaks, and ``GET /positions`` if the confirmation
        did not tell position and price.

        Args:
            epic: Market to trade, upper case.
            direction: ``BUY`` to go long, ``SELL`` to go short.
            size: In units of the instrument.
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
            DealRejectedError: The confirmation says no, and why. Nothing was opened.
            OutcomeUnknownError: The answer was lost, or no confirmation came in time. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was opened.
            InvalidInputError: An argument is impossible. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            ticket = yield from self._send(
                lambda api: api.positions.open(
                    direction=direction,
                    epic=epic,
                    size=size,
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
            position_id, level = yield from self._filled(confirm)
            return Deal.told(confirm, position_id=position_id, order_id=confirm.deal_id, level=level)

        return (yield from self._certain(steps(), resolve))

    @workflow
    def close(self, position_id: str, *, timeout: float = TIMEOUT, resolve: bool = False) -> Steps[Deal]:
        """Close the whole of a position at the market price, and wait until it is closed.

        The API can't close a part of it: for that open the opposite direction, with hedging off.

            profit = capital.deals.close(deal.position_id).profit

        Calls ``GET /confirms`` for what was told before (the reference is the position's own, and used again),
        ``DELETE /positions/{dealId}``, then ``GET /confirms`` until it says closed.

        Args:
            position_id: ``Deal.position_id``, or ``position.deal_id`` of one of ``positions.all()``.
            timeout: Seconds to wait for the confirmation.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            NotFoundError: The active account has no such position; it may be closed already.
            DealRejectedError: The confirmation says no, and why. Nothing was closed.
            OutcomeUnknownError: The answer was lost, or no confirmation came in time. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was closed.
            InvalidInputError: The id is none. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            before = yield from told_now(f"p_{position_id}")
            ticket = yield from self._send(lambda api: api.positions.close(position_id))
            confirm = yield from follow(
                ticket,
                self._world,
                timeout=timeout,
                is_it=lambda told: told.status == PositionStatus.CLOSED,
                before=_same_reference(before, ticket),
                reused=True,
            )
            return Deal.told(confirm, position_id=position_id)

        return (yield from self._certain(steps(), resolve))

    @workflow
    def amend(
        self,
        position_id: str,
        *,
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
        """Change the stop or profit target of a position, keep the rest, and wait until it is done.

        The API replaces the whole of it. So the position is read first, and what you do not mention is sent along; None
        removes. A stop that was given as an amount is kept as the level that it became.

            capital.deals.amend(deal.position_id, stop_level=39.8)                     # the profit target stays
            capital.deals.amend(deal.position_id, profit_level=None)                   # only the stop stays
            capital.deals.amend(deal.position_id, trailing_stop=True, stop_distance=1)

        Two programs that amend one position at once overwrite one another: the API has no way to prevent it.

        Calls ``GET /positions/{dealId}``, ``GET /confirms`` for what was told before, ``PUT /positions/{dealId}``, then
        ``GET /confirms`` until it says amended.

        Args:
            position_id: ``Deal.position_id``, or ``position.deal_id`` of one of ``positions.all()``.
            guaranteed_stop: Guarantee the stop at its exact level, or no longer. Needs one of the three stop fields;
                not together with ``trailing_stop``, and not on an account with hedging on.
            trailing_stop: Let the stop follow the price, or no longer. Needs ``stop_distance``.
            stop_level: Price at which to close with a loss; None removes the stop. Give one of the three.
            stop_distance: The same as a distance from the opening price, in points of price.
            stop_amount: The same as a loss, in money.
            profit_level: Price at which to close with a profit; None removes it. Give one of the three.
            profit_distance: The same as a distance from the opening price, in points of price.
            profit_amount: The same as a profit, in money.
            timeout: Seconds to wait for the confirmation.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            NotFoundError: The active account has no such position; it may be closed already.
            DealRejectedError: The confirmation says no, and why. Nothing was changed.
            OutcomeUnknownError: The answer was lost, or no confirmation came in time. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was changed.
            InvalidInputError: Nothing to change, or parts that do not go together. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            position = (yield from ask(lambda api: api.positions.get(position_id))).position
            whole = Protection.of(position).changed(
                guaranteed_stop=guaranteed_stop,
                trailing_stop=trailing_stop,
                stop_level=stop_level,
                stop_distance=stop_distance,
                stop_amount=stop_amount,
                profit_level=profit_level,
                profit_distance=profit_distance,
                profit_amount=profit_amount,
            )
            yield from self._apart_from_the_last(position_id)
            before = yield from told_now(position.deal_reference)
            ticket = yield from self._send(
                lambda api: api.positions.update(
                    position_id,
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
            confirm = yield from follow(
                ticket,
                self._world,
                timeout=timeout,
                is_it=lambda told: told.status in (PositionStatus.AMENDED, UNSET),
                before=_same_reference(before, ticket),
                reused=True,
                settling=self._blotter.just_before(ticket) * 1.5,
            )
            return Deal.told(confirm, position_id=position_id)

        _something(
            guaranteed_stop=guaranteed_stop,
            trailing_stop=trailing_stop,
            stop_level=stop_level,
            stop_distance=stop_distance,
            stop_amount=stop_amount,
            profit_level=profit_level,
            profit_distance=profit_distance,
            profit_amount=profit_amount,
        )
        return (yield from self._certain(steps(), resolve))

    # --- working orders -----------------------------------------------------------------------------------------------

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
            opened = _opened(confirm)
            filled = opened if opened != confirm.deal_id else None
            return Deal.told(confirm, order_id=confirm.deal_id, position_id=filled)

        return (yield from self._certain(steps(), resolve))

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

        Calls ``GET /workingorders``, ``GET /confirms`` for what was told before if its reference is known,
        ``PUT /workingorders/{dealId}``, then ``GET /confirms`` until it speaks, and ``GET /workingorders`` to see that
        it is about this change.

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
            timeout: Seconds to wait for the confirmation.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            NotFoundError: The order ended while it was being changed.
            DealRejectedError: The confirmation says no, and why. Nothing was changed.
            OutcomeUnknownError: The answer was lost, or no confirmation came in time. Pass it to ``resolve``.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was changed.
            InvalidInputError: Nothing to change, no such working order in the active account, or a stop or
                profit target to be removed. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            order = yield from self._order(order_id)
            if order is None:
                raise InvalidInputError(
                    f"the active account has no working order {order_id}: it was filled or cancelled, or has expired"
                )
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
            yield from self._apart_from_the_last(order_id)
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
            visible = _shows(order, whole, level, good_till_date)
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
            _something(
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
        return (yield from self._certain(steps(), resolve))

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
            deadline = self._world.clock() + timeout
            while True:
                try:
                    confirm = yield from follow(
                        ticket,
                        self._world,
                        timeout=deadline - self._world.clock(),
                        is_it=lambda told: told.status == PositionStatus.DELETED,
                        before=before,
                        reused=True,
                    )
                except DealRejectedError:
                    if (yield from self._order(order_id)) is not None or ticket.told is None:
                        raise
                    before = ticket.told  # it is gone: the refusal was that of a change before
                else:
                    return Deal.told(confirm, order_id=order_id)

        return (yield from self._certain(steps(), resolve))

    # --- afterwards ---------------------------------------------------------------------------------------------------

    @workflow
    def resolve(self, error: OutcomeUnknownError) -> Steps[Deal | NotExecuted]:
        """Find out what became of a deal whose answer was lost. Nothing is sent but reads.

            try:
                deal = capital.deals.open("SILVER", "BUY", 10)
            except OutcomeUnknownError as error:
                deal = capital.deals.resolve(error)  # a Deal, or NotExecuted

        It looks for what the deal would have left behind, on the account that it was sent on. That a deal left nothing
        is certain only when it would have shown by now, and rows of the activity come up to a minute late: the verdict
        `NotExecuted` takes 90 seconds from the lost answer.

        A deal that carries no reference is recognised by market, direction, size and time; whatever other deals of
        this client did is told apart. Where that leaves a doubt it raises again rather than guess: of two identical
        deals that were lost one was executed; there is another one like it, or what may be a part of it; the account
        was switched meanwhile. One thing nobody can see: if an identical deal of another program, executed within the
        same two minutes, is the only one there is, it is taken for the lost one.

        The verdict is kept: asked again, it is the same.

        Calls ``GET /session``, ``GET /time``, ``GET /history/activity``, and where needed ``GET /confirms``,
        ``GET /positions``, ``GET /workingorders``, ``GET /markets/{epic}`` and ``GET /accounts``.

        Args:
            error: From any method of ``deals``, ``positions`` or ``orders``, of this client or another one.

        Raises:
            OutcomeUnknownError: It can't be told. The text says why, and what to look at.
            InvalidInputError: The error is not about a deal, or another account is active now than it was sent on.
            CapitalError: Looking failed; call again.
        """
        return (yield from resolve_deal(error, self._blotter, self._world))

    # --- the steps that all of them take ------------------------------------------------------------------------------

    def _send(self, call: Callable[[Api], DealReference]) -> Steps[Ticket]:
        try:
            answer = yield from ask(call)
        except ResponseParseError as error:  # it was queued, but under what?
            raise self._unreadable(error.content, error.status_code) from error
        except OutcomeUnknownError as error:
            error.account_id = error.account_id or self._blotter.last().account_id
            raise
        if not isinstance(cast("object", answer.deal_reference), str):
            raise self._unreadable(str(answer.to_dict()).encode(), 200)
        return self._blotter.last()

    def _unreadable(self, content: bytes, status_code: int) -> OutcomeUnknownError:
        ticket = self._blotter.last()
        return OutcomeUnknownError(
            ticket.method,
            ticket.path,
            reason="the answer could not be read",
            sent=ticket.body,
            sent_at=ticket.sent_at,
            status_code=status_code,
            content=content,
            account_id=ticket.account_id,
        )

    def _certain(self, steps: Steps[Deal], resolve: bool) -> Steps[Deal]:
        try:
            return (yield from steps)
        except OutcomeUnknownError as error:
            if not resolve:
                raise
            lost = error
        verdict = yield from resolve_deal(lost, self._blotter, self._world)
        if isinstance(verdict, NotExecuted):
            raise NotExecutedError(
                f"{lost.method} {lost.path} was not executed: {verdict.explanation}", reason=verdict.reason
            ) from lost
        return verdict

    def _filled(self, confirm: Confirmation) -> Steps[tuple[str | None, float | None]]:
        """Id and price of the position that an order opened, looked up where the confirmation does not tell them."""
        position_id, level = _opened(confirm), confirm.level or None
        reduced = confirm.status in (PositionStatus.CLOSED, PositionStatus.PARTIALLY_CLOSED)
        if (position_id is not None and level is not None) or reduced:
            return position_id, level
        for wait in FILL_WAITS:
            yield from pause(wait, self._world.sleep)
            try:
                book = yield from ask(lambda api: api.positions.all())
            except CapitalError:
                continue  # the deal is done: that its price can't be read must not hide it
            for each in book.positions:
                if position_id == each.position.deal_id or confirm.deal_id == each.position.working_order_id:
                    return each.position.deal_id, level or each.position.level
        return position_id, level

    def _order(self, order_id: str) -> Steps[WorkingOrderData | None]:
        book = yield from ask(lambda api: api.orders.all())
        orders = (each.working_order_data for each in book.working_orders)
        return next((order for order in orders if order.deal_id == order_id), None)

    def _apart_from_the_last(self, target: str) -> Steps[None]:
        if self._blotter.changed_just_now(target, self._world.now()):
            yield from pause(MOMENT.total_seconds(), self._world.sleep)

    def _told_before(self, order_id: str) -> Steps[Confirmation | None]:
        """What is told about a working order now, where its reference is known."""
        reference = self._blotter.reference_of(order_id)
        return None if reference is None else (yield from told_now(reference))

    def _follow_revision(
        self, ticket: Ticket, before: WorkingOrderData, told: Confirmation | None, visible: bool, timeout: float
    ) -> Steps[Deal]:
        """Follow the confirmation until it and the list of orders show the change.

        An order is told under one reference from its creation to its end, and which it is can't be known before the
        first answer, unless this client has heard it. So what is told first may be about the change before: then the
        list is still the same, or has another level, or the status is that of a new order.
        """
        deadline = self._world.clock() + timeout
        heard = told is not None
        latest: Confirmation | None = None
        order: WorkingOrderData | None = None
        while True:
            try:
                told = latest = yield from follow(
                    ticket,
                    self._world,
                    timeout=deadline - self._world.clock(),
                    is_it=lambda told: told.status != PositionStatus.DELETED,
                    before=told,
                    reused=True,
                )
            except DealRejectedError:
                order = yield from self._order(before.deal_id)
                if not visible or order is None or order == before:
                    raise
                told = ticket.told  # the list shows the change: the refusal was that of one before
                continue
            except OutcomeUnknownError:
                if latest is None:
                    raise
                order = yield from self._order(before.deal_id)
                if order is None or order == before:
                    raise
                return evolve(Deal.told(latest, order_id=before.deal_id), level=order.order_level)
            if visible:
                order = yield from self._order(before.deal_id)
            else:
                order = before
            if order is None:  # it was filled meanwhile, after this change or before it
                deadline = min(deadline, self._world.clock())
            elif order != before or not visible:
                if told.level == order.order_level and (heard or told.status != PositionStatus.OPEN):
                    return Deal.told(told, order_id=before.deal_id)
                deadline = min(deadline, self._world.clock() + LAGGING)


def _opened(confirm: Confirmation) -> str | None:
    """The position that an order opened, if the confirmation tells."""
    opened = (each.deal_id for each in confirm.affected_deals if each.status == AffectedDealStatus.OPENED)
    return next(opened, None)


def _same_reference(before: Confirmation | None, ticket: Ticket) -> Confirmation | None:
    return before if before is not None and before.deal_reference == ticket.deal_reference else None


def _shows(
    order: WorkingOrderData, whole: Protection, level: float | None, good_till_date: datetime | Unset | None
) -> bool:
    """Whether a change will show in the list: one to the same values does not, nor does an amount."""
    if whole.stop_amount is not None or whole.profit_amount is not None:
        return False
    was = order.good_till_date_utc or None
    return (
        level not in (None, order.order_level)
        or whole != Protection.of(order).unchanged()
        or (not isinstance(good_till_date, Unset) and good_till_date != was)
    )


def _something(**changes: object) -> None:
    if all(isinstance(change, Unset) for change in changes.values()):
        raise InvalidInputError(f"nothing to change: give at least one of {', '.join(changes)}")


class Deals(_Workflows, Blocking):
    """Trading with the outcome known, in one call each: send, follow the confirmation, return the `Deal`."""

    def __init__(self, api: Api, world: World, blotter: Blotter) -> None:
        super().__init__(api, world)
        self._blotter = blotter


class AsyncDeals(_Workflows, Awaiting):
    """Trading with the outcome known, in one call each: send, follow the confirmation, return the `Deal`."""

    def __init__(self, api: AsyncApi, world: World, blotter: Blotter) -> None:
        super().__init__(api, world)
        self._blotter = blotter
