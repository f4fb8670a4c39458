"""Following the confirmation of a deal until it speaks about this deal, and not about one before.

A 200 says queued. What became of it is told under the deal reference: not at once (404), and for everything that is
done to one position under the same reference, so that a reader who comes early is told the event before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from capital_api.models import DealStatus

from ..blotter import Ticket
from ..errors import CapitalError, DealRejectedError, NotFoundError, OutcomeUnknownError
from ..logs import log
from ..policy import World
from ..workflow import Steps, ask, pause

if TYPE_CHECKING:
    from capital_api.models import Confirmation

__all__ = ["follow", "told_now"]

FIRST_WAIT = 0.2
"""Seconds between the first two looks; each further wait is twice as long."""
LONGEST_WAIT = 1.0
SETTLING = 1.0
"""Seconds for which a refusal under a reused reference must stand: it may be the end of another change."""


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
    before: Confirmation | None = None,
    reused: bool = False,
    settling: float = 0.0,
) -> Steps[Confirmation]:
    """The confirmation of a deal that was accepted.

    Args:
        ticket: The deal, with the reference that it was queued under.
        world: Time.
        timeout: Seconds to wait for it.
        is_it: Whether an accepted confirmation can be about this deal.
        before: What was told under the reference before the deal was sent.
        reused: Whether others than this deal are told under the reference.
        settling: Seconds for which an acceptance must stand: it may be that of a change which was sent just before.

    Raises:
        DealRejectedError: The deal was refused.
        OutcomeUnknownError: Time ran out.
    """
    reference = str(ticket.deal_reference)
    deadline, wait = world.clock() + timeout, FIRST_WAIT
    problem: CapitalError | None = None
    refusal: Confirmation | None = None
    accepted: Confirmation | None = None
    since = 0.0
    while True:
        confirm = None
        try:
            confirm = yield from told_now(reference)
        except CapitalError as error:  # the deal is on its way: a read that fails must not end the watch
            problem = error
            log.info("%s while waiting for the confirmation of %s", type(error).__name__, reference)
        if confirm is not None and (before is None or confirm.to_dict() != before.to_dict()):
            if confirm.deal_status == DealStatus.ACCEPTED and is_it(confirm):
                if accepted is None or accepted.to_dict() != confirm.to_dict():
                    accepted, since = confirm, world.clock()
                if world.clock() - since >= settling:
                    ticket.told = confirm
                    return confirm
                wait = FIRST_WAIT
            if confirm.deal_status == DealStatus.REJECTED:
                if not reused or (refusal is not None and refusal.to_dict() == confirm.to_dict()):
                    ticket.told = confirm
                    reason = confirm.reject_reason or confirm.reason
                    raise DealRejectedError(reference, str(reason) if reason else None, epic=confirm.epic)
                refusal, wait = confirm, SETTLING
        if world.clock() >= deadline:
            raise OutcomeUnknownError(
                ticket.method,
                ticket.path,
                reason=f"queued as {reference}, but not confirmed in time",
                sent=ticket.body,
                sent_at=ticket.sent_at,
                deal_reference=reference,
                account_id=ticket.account_id,
            ) from problem
        yield from pause(wait, world.sleep)
        wait = min(wait * 2, LONGEST_WAIT)
