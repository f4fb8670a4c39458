"""Positions: open, close, amend. Each is sent, then followed to its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capital_api import UNSET, Unset
from capital_api.models import PositionStatus

from ..blotter import Ticket
from ..deal import Deal
from ..errors import CapitalError, DealRejectedError, NotFoundError, OutcomeUnknownError
from ..logs import log
from ..workflow import Steps, ask, pause, workflow
from .as_asked import NOT_TO_THIS, Seen, is_as_asked, see
from .confirming import follow, follow_end, told_now, unconfirmed
from .protection import Change, Protection
from .sending import BUY_OR_SELL, TIMEOUT, Sending, opened, require_a_change
from .trailing import require_no_loosening

if TYPE_CHECKING:
    from capital_api.models import Confirmation, Direction, OpenPosition

__all__ = ["PositionDeals"]

FILL_WAITS = (0.0, 0.5, 1.0)
"""Seconds before each look for a position whose confirmation did not tell the price."""
SHOWS_WAITS = (0.0, 0.5, 1.0)
"""Seconds before each look whether a position that was changed shows it."""
LAGGING = 2.0
"""Seconds for which another word is waited for where a change was refused, and the position shows it."""


class PositionDeals(Sending):
    """Deals at the market, and changes of what they opened."""

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

        return (yield from self._certain(steps(), timeout, resolve))

    @workflow
    def close(self, position_id: str, *, timeout: float = TIMEOUT, resolve: bool = False) -> Steps[Deal]:
        """Close the whole of a position at the market price, and wait until it is closed.

        The API can't close a part of it: for that open the opposite direction, with hedging off.

            profit = capital.deals.close(deal.position_id).profit

        Calls ``GET /confirms`` for what was told before (the reference is the position's own, and used again),
        ``DELETE /positions/{dealId}``, then ``GET /confirms`` until it says closed. A refusal there is checked with
        ``GET /positions/{dealId}``. It waits for nobody, so a change of the position that is under way may come to
        nothing.

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
            before = yield from _told_before(f"p_{position_id}")
            ticket = yield from self._send(lambda api: api.positions.close(position_id))
            confirm = yield from follow_end(
                ticket,
                self._world,
                timeout=timeout,
                status=PositionStatus.CLOSED,
                before=_same_reference(before, ticket),
                standing=self._standing(ticket),
                is_there=lambda: self._is_open(position_id),
            )
            return Deal.told(confirm, position_id=position_id)

        return (yield from self._certain(steps(), timeout, resolve))

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

        **A trailing stop starts anew**, at its distance from the present price, with every change: also with one of the
        profit target alone, because it has to be sent along. Where that would put it further from the price than it
        has come, or nothing tells, such a change is refused. Give ``stop_distance`` to start it anew knowingly, or
        ``trailing_stop=False`` to fix it where it is. (The price can still move in the moment of the change.)

        Within this process changes of one position that are made through ``deals`` go one after another, whichever
        thread, event loop or client of the user they come from. Those by ``positions.update`` or another program do
        not, and `close` waits for nobody: they overwrite one another, and the API has no way to prevent it.

        Calls ``GET /positions/{dealId}``, ``GET /confirms`` for what was told before, ``PUT /positions/{dealId}``, then
        ``GET /confirms`` until it speaks, and ``GET /positions/{dealId}`` to see that it is about this change: what
        another program changes is told under the same reference. Where the row does not tell the market's tick, and it
        matters, also ``GET /markets/{epic}``.

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
            timeout: Seconds to wait for the confirmation, and before that as many for changes of the same position that
                are under way in this process.
            resolve: Look the deal up when its answer is lost, as ``resolve`` does, which can take a minute and a half.

        Raises:
            NotFoundError: The active account has no such position; it may be closed already.
            DealRejectedError: The confirmation says no, and why. Nothing was changed.
            OutcomeUnknownError: The answer was lost, no confirmation came in time, the position was closed before it
                came, or it was changed, but not to this: by another program as well. Pass it to ``resolve``, and in the
                last case look at the position first.
            NotExecutedError: With ``resolve``: it was not executed.
            ApiError: Refused at once, with ``error_code`` and where there is one ``value``. Nothing was changed.
            NotSentError: A change that is under way was not done in time, or is on the very thread that would wait for
                it. Nothing was sent.
            InvalidInputError: Nothing to change, parts that do not go together, or a trailing stop that would be moved
                away from the price. Nothing was sent.
        """

        def steps() -> Steps[Deal]:
            row = yield from ask(lambda api: api.positions.get(position_id))
            position = row.position
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
            if isinstance(stop_distance, Unset):
                yield from require_no_loosening(row, whole)
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
                ),
                Seen.of(row),
            )
            return (yield from self._follow_change(ticket, row, _same_reference(before, ticket), timeout))

        require_a_change(
            guaranteed_stop=guaranteed_stop,
            trailing_stop=trailing_stop,
            stop_level=stop_level,
            stop_distance=stop_distance,
            stop_amount=stop_amount,
            profit_level=profit_level,
            profit_distance=profit_distance,
            profit_amount=profit_amount,
        )
        return (yield from self._certain(self._in_turn(position_id, steps(), timeout), timeout, resolve))

    def _follow_change(
        self, ticket: Ticket, row: OpenPosition, told: Confirmation | None, timeout: float
    ) -> Steps[Deal]:
        """Follow the confirmation until it and the position say the same.

        All changes of a position are told under one reference, those of another program too, and the last one hides the
        others. So an acceptance is ours if the position shows what was asked for, and a refusal if it shows no change.
        Where it can't be read, or can't tell, the confirmation is believed.
        """
        deadline = self._world.clock() + timeout
        shown = False
        while True:
            try:
                confirm = yield from follow(
                    ticket,
                    self._world,
                    timeout=deadline - self._world.clock(),
                    is_it=lambda told: told.status in (PositionStatus.AMENDED, UNSET),
                    is_over=lambda told: told.status == PositionStatus.CLOSED,
                    before=told,
                    settling=self._settling(ticket),
                    standing=self._standing(ticket),
                )
            except DealRejectedError as refusal:
                seen, fits = yield from self._read_back(ticket)
                if seen is None or (ticket.before is not None and seen.shows() == ticket.before.shows()):
                    raise
                if fits is False:
                    raise unconfirmed(ticket, f"{NOT_TO_THIS}: {refusal}") from refusal
                told, shown = ticket.told, fits is True  # the refusal was that of another change
                deadline = min(deadline, self._world.clock() + LAGGING)
                continue
            except OutcomeUnknownError:
                if not shown or (yield from self._read_back(ticket))[1] is not True:
                    raise
                return Deal(
                    deal_reference=ticket.deal_reference,
                    epic=row.market.epic,
                    direction=row.position.direction,
                    size=row.position.size,
                    level=row.position.level,
                    position_id=ticket.target,
                    status=PositionStatus.AMENDED,
                )
            for wait in SHOWS_WAITS:  # what is read can be older than the confirmation
                if wait:
                    yield from pause(wait, self._world.sleep)
                if (yield from self._read_back(ticket))[1] is not False:
                    return Deal.told(confirm, position_id=ticket.target)
            raise unconfirmed(ticket, NOT_TO_THIS)

    def _read_back(self, ticket: Ticket) -> Steps[tuple[Seen | None, bool | None]]:
        """The position after a change, and whether it is as asked. That it can't be read says nothing of the change."""
        try:
            seen = yield from see(ticket, ticket.target)
            return seen, (None if seen is None else (yield from is_as_asked(ticket, seen)))
        except CapitalError as error:
            log.info("%s after a change; its confirmation stands", type(error).__name__)
            return None, None

    def _is_open(self, position_id: str) -> Steps[bool]:
        try:
            yield from ask(lambda api: api.positions.get(position_id))
        except NotFoundError:
            return False
        return True

    def _filled(self, confirm: Confirmation) -> Steps[tuple[str | None, float | None]]:
        """Id and price of the position that an order opened, looked up where the confirmation does not tell them."""
        position_id, level = opened(confirm), confirm.level or None
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


def _told_before(reference: str) -> Steps[Confirmation | None]:
    """What is told before a close, to know an old refusal by. That it can't be read must not keep a position open."""
    try:
        return (yield from told_now(reference))
    except CapitalError as error:
        log.info("%s before a close; it is sent all the same", type(error).__name__)
        return None


def _same_reference(before: Confirmation | None, ticket: Ticket) -> Confirmation | None:
    return before if before is not None and before.deal_reference == ticket.deal_reference else None
