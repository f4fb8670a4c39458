"""`capital.deals`: trading with the outcome known."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ..blotter import Blotter
from ..deal import Deal, NotExecuted
from ..errors import OutcomeUnknownError
from ..policy import World
from ..workflow import Awaiting, Blocking, Steps, ask, workflow
from .orders import OrderDeals
from .positions import PositionDeals
from .resolving import resolve_deal
from .sending import BUY_OR_SELL

if TYPE_CHECKING:
    from capital_api import Api, AsyncApi
    from capital_api.models import Direction, OrderType

    from .problems import Problem

__all__ = ["AsyncDeals", "Deals"]


class _Workflows(PositionDeals, OrderDeals):
    """All of it: before, during and after a deal."""

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
        from ..markets.sheet import MarketSheet
        from .problems import Proposal, find_problems

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

        Stop, profit target, level and expiry are compared with what was sent. What has others is no verdict: another
        program may have done that, or changed it since. Nor is a change that shows said not to have been executed.
        Where a stop that was sent as a distance or an amount has to be is not known: it is only seen that there is one.

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
