"""What all deals have in common: they are sent once, and an answer that is lost is looked up rather than repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

from capital_api import Unset
from capital_api.models import AffectedDealStatus
from capital_api.wire import flag, number

from ..blotter import MOMENT, Blotter, Ticket
from ..deal import Deal, NotExecuted
from ..errors import (
    CapitalError,
    InvalidInputError,
    NotExecutedError,
    NotSentError,
    OutcomeUnknownError,
    ResponseParseError,
)
from ..policy import World
from ..workflow import Steps, ask, pause, wait_for
from .resolving import resolve_deal

if TYPE_CHECKING:
    from capital_api import Api
    from capital_api.models import Confirmation, DealReference

    from .as_asked import Seen

__all__ = ["BUY_OR_SELL", "TIMEOUT", "Sending", "opened", "require_a_change"]

TIMEOUT = 15.0
"""Seconds that a confirmation is waited for. Mostly it is there within one."""

SETTLING = 1.0
"""Seconds for which a refusal under a reused reference must stand, as long as nobody is known to have earned it."""

BUY_OR_SELL = Literal["BUY", "SELL"]


class Sending:
    """The steps that all deals take."""

    _world: World
    _blotter: Blotter

    def _send(self, call: Callable[[Api], DealReference], before: Seen | None = None) -> Steps[Ticket]:
        try:
            answer = yield from ask(call)
        except ResponseParseError as error:  # it was queued, but under what?
            self._blotter.last().before = before
            raise self._unreadable(error.content, error.status_code) from error
        except OutcomeUnknownError as error:
            self._blotter.last().before = before
            error.account_id = error.account_id or self._blotter.last().account_id
            raise
        self._blotter.last().before = before
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

    def _certain(self, steps: Steps[Deal], timeout: float, resolve: bool) -> Steps[Deal]:
        number(timeout, "timeout", minimum=0)  # it is first used when the deal is on its way: then it is too late
        flag(resolve, "resolve")
        try:
            return (yield from steps)
        except OutcomeUnknownError as error:
            if not resolve:
                raise
            lost = error
        try:
            verdict = yield from resolve_deal(lost, self._blotter, self._world)
        except OutcomeUnknownError:
            raise
        except CapitalError as error:  # a read that failed, and says nothing about the deal
            raise lost from error
        if isinstance(verdict, NotExecuted):
            raise NotExecutedError(
                f"{lost.method} {lost.path} was not executed: {verdict.explanation}", reason=verdict.reason
            ) from lost
        return verdict

    def _settling(self, ticket: Ticket) -> float:
        """Seconds for which what is told about a change has to stand: it may be about one that was sent just before."""
        return self._blotter.just_before(ticket) * 1.5

    def _standing(self, ticket: Ticket) -> float:
        """The same for a refusal, which another program's change may have earned as well."""
        return max(SETTLING, self._settling(ticket))

    def _in_turn(self, target: str, steps: Steps[Deal], patience: float) -> Steps[Deal]:
        """Take steps that read something and change it, while nobody else in this process does the same to it."""
        clock, target = self._world.clock, str(target)
        deadline = clock() + patience
        with self._blotter.place(target) as place:
            while not place.is_first:
                if clock() < deadline:
                    yield from wait_for(place)
                if clock() >= deadline:
                    raise NotSentError(
                        f"{target}: another change of it in this process was not done within {patience:g} seconds. "
                        "Nothing was sent."
                    )
            if self._blotter.changed_just_now(target, self._world.now()):
                yield from pause(MOMENT.total_seconds(), self._world.sleep)
            return (yield from steps)


def opened(confirm: Confirmation) -> str | None:
    """The position that an order opened, if the confirmation tells."""
    opened = (each.deal_id for each in confirm.affected_deals if each.status == AffectedDealStatus.OPENED)
    return next(opened, None)


def require_a_change(**changes: object) -> None:
    """Refuse an update that says nothing."""
    if all(isinstance(change, Unset) for change in changes.values()):
        raise InvalidInputError(f"nothing to change: give at least one of {', '.join(changes)}")
