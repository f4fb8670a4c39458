"""Following the confirmation of a deal until it speaks about this deal, and not about one before.

A 200 says queued. What became of it is told under the deal reference: not at once (404), and for everything that is
done to one position under the same reference, so that a reader who comes early is told the event before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from capital_api.models import DealStatus, PositionStatus

from ..blotter import Ticket
from ..errors import CapitalError, DealRejectedError, NotFoundError, OutcomeUnknownError
from ..logs import log
from ..policy import World
from ..workflow import Steps, ask, pause

if TYPE_CHECKING:
    from capital_api.models import Confirmation

__all__ = ["follow", "follow_end", "told_now", "unconfirmed"]

FIRST_WAIT = 0.2
"""Seconds between the first two looks; each further wait is twice as long."""
LONGEST_WAIT = 1.0


def told_now(reference: str) -> Steps[Confirmation | None]:
    """What is told under a reference at this moment; None for nothing."""
    try:
        return (yield from ask(lambda api: api.confirms.get(reference)))
    except NotFoundError:
        return None


def follow(
    ticket: Ticket,
    world: World,
    *,
    timeout: float,
    is_it: Callable[[Confirmation], bool],
    is_over: Callable[[Confirmation], bool] = lambda _: False,
    before: Confirmation | None = None,
    settling: float = 0.0,
    standing: float = 0.0,
) -> Steps[Confirmation]:
    """The confirmation of a deal that was accepted.

    Args:
        ticket: The deal, with the reference that it was queued under.
        world: Time.
        timeout: Seconds to wait for it.
        is_it: Whether an accepted confirmation can be about this deal.
        is_over: Whether an accepted confirmation says that what was to be changed has ended: no other will follow.
        before: What was told under the reference before the deal was sent.
        settling: Seconds for which an acceptance must stand: it may be that of a change which was sent just before.
        standing: Seconds for which a refusal or an end must stand, where others are told under the reference.

    Raises:
        DealRejectedError: The deal was refused.
        OutcomeUnknownError: Time ran out, or what was to be changed has ended.
    """
    reference = str(ticket.deal_reference)
    deadline, wait = world.clock() + timeout, FIRST_WAIT
    problem: CapitalError | None = None
    heard: Confirmation | None = None
    since = 0.0
    while True:
        confirm = None
        try:
            confirm = yield from told_now(reference)
        except CapitalError as error:  # the deal is on its way: a read that fails must not end the watch
            problem = error
            log.info("%s while waiting for the confirmation of %s", type(error).__name__, reference)
        if confirm is not None and not _same(confirm, before):
            if not _same(confirm, heard):
                heard, since = confirm, world.clock()
            stands = world.clock() - since
            accepted = confirm.deal_status == DealStatus.ACCEPTED
            if accepted and is_it(confirm):
                if stands >= settling:
                    ticket.told = confirm
                    return confirm
                wait = FIRST_WAIT
            elif confirm.deal_status == DealStatus.REJECTED or (accepted and is_over(confirm)):
                if stands >= standing:
                    raise _over(ticket, confirm) if accepted else _refused(ticket, confirm)
                wait = min(max(standing - stands, FIRST_WAIT), LONGEST_WAIT)
        if world.clock() >= deadline:
            raise unconfirmed(ticket, "not confirmed in time") from problem
        yield from pause(wait, world.sleep)
        wait = min(wait * 2, LONGEST_WAIT)


def follow_end(
    ticket: Ticket,
    world: World,
    *,
    timeout: float,
    status: PositionStatus,
    before: Confirmation | None,
    standing: float,
    is_there: Callable[[], Steps[bool]],
) -> Steps[Confirmation]:
    """The confirmation of the end of a position or working order.

    A change may have been sent just before it, and be told under the same reference. If that one was refused, and the
    thing is gone, its refusal was not that of the end.

    Args:
        ticket: As for `follow`; so are the other arguments that have the same names there.
        world: See `follow`.
        timeout: See `follow`.
        status: What it says in the end.
        before: See `follow`.
        standing: See `follow`.
        is_there: Looks whether it has not ended yet.

    Raises:
        DealRejectedError: It was refused, and has not ended.
        OutcomeUnknownError: Time ran out, or looking failed.
    """
    deadline = world.clock() + timeout
    while True:
        try:
            return (
                yield from follow(
                    ticket,
                    world,
                    timeout=deadline - world.clock(),
                    is_it=lambda told: told.status == status,
                    before=before,
                    standing=standing,
                )
            )
        except DealRejectedError as error:
            refusal = error
        try:
            stays = yield from is_there()
        except CapitalError as error:
            raise unconfirmed(ticket, str(refusal)) from error
        if stays:
            raise refusal
        before = ticket.told


def _same(one: Confirmation, other: Confirmation | None) -> bool:
    return other is not None and one.to_dict() == other.to_dict()


def _refused(ticket: Ticket, confirm: Confirmation) -> DealRejectedError:
    ticket.told = confirm
    reason = confirm.reject_reason or confirm.reason
    return DealRejectedError(str(ticket.deal_reference), str(reason) if reason else None, epic=confirm.epic)


def _over(ticket: Ticket, confirm: Confirmation) -> OutcomeUnknownError:
    return unconfirmed(ticket, f"{str(confirm.status).lower()} before it was confirmed")


def unconfirmed(ticket: Ticket, problem: str) -> OutcomeUnknownError:
    """The error for a deal that was queued, and of which nothing certain was told."""
    return OutcomeUnknownError(
        ticket.method,
        ticket.path,
        reason=f"queued as {ticket.deal_reference}, but {problem}",
        sent=ticket.body,
        sent_at=ticket.sent_at,
        deal_reference=ticket.deal_reference,
        account_id=ticket.account_id,
    )
