"""Finding out what became of a deal whose answer was lost: by the traces that it would have left.

The activity is the witness: every deal writes rows there, refused ones too, though up to a minute late. So a trace that
is there says yes at once, and only a minute and a half without one says no. Which rows can be from this deal is decided
by the server's clock (nothing older than the last answer before it was sent) and by the blotter (nothing that another
deal of this client explains). What remains must be as many events as there are lost deals; else nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from math import isclose
from typing import TYPE_CHECKING

from attrs import define, frozen

from capital_api.models import ActivitySource, ActivityStatus, ActivityType, DealStatus, PositionStatus

from .blotter import Blotter, Ticket
from .confirming import told_now
from .deal import Deal, NotExecuted
from .errors import InvalidInputError, NotFoundError, OutcomeUnknownError
from .policy import World
from .workflow import Steps, ask, pause

if TYPE_CHECKING:
    from capital_api.models import Activity, ActivityList, Confirmation, Direction, Position, WorkingOrderData

__all__ = ["SHOWS_WITHIN", "resolve_deal"]

SHOWS_WITHIN = timedelta(seconds=90)
"""After so long a deal that was executed has shown: rows come up to 61 seconds late (measured by others), and a request
whose answer was given up may have been executed some seconds later."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
DAY = timedelta(days=1)
DATE_ERROR = timedelta(seconds=5)
"""By so much the dates of answers and those of deals may differ."""
NEARBY = timedelta(minutes=5)
"""Deals that were sent so close to one another may be mistaken for one another."""

Verdict = Deal | NotExecuted

_REFUSED = (ActivityStatus.REJECTED, ActivityStatus.MODIFY_REJECT, ActivityStatus.CANCEL_REJECT)
_PLAIN_EPIC = re.compile(r"[\w.-]+")


def resolve_deal(error: OutcomeUnknownError, blotter: Blotter, world: World) -> Steps[Verdict]:
    """See ``Deals.resolve``."""
    if not error.is_deal:
        raise InvalidInputError(
            f"{error.method} {error.path} is not a deal: read back what it should have changed. Nothing was sent."
        )
    ticket = blotter.of(error)
    active = (yield from ask(lambda api: api.session.get())).account_id
    if ticket.account_id not in (None, active):
        raise InvalidInputError(
            f"the deal was sent on account {ticket.account_id}, and {active} is active: switch back, then resolve it"
        )
    since: datetime | None = None
    until: datetime | None = None
    wait = FIRST_WAIT
    while True:
        now = yield from _server_time()
        since = since or _since(ticket, blotter, now, world)
        until = until or now + SHOWS_WITHIN - min(_known_lost_for(ticket, blotter), SHOWS_WITHIN)
        look = _Look(ticket, blotter, since, now, final=now >= until)
        verdict = yield from look.look()
        if verdict is not None:
            ticket.over = True
            return verdict
        if look.final:
            raise _still_unknown(error, look.doubt)
        yield from pause(min(wait, max((until - now).total_seconds(), FIRST_WAIT)), world.sleep)
        wait = min(wait * 2, LONGEST_WAIT)


def _server_time() -> Steps[datetime]:
    answer = yield from ask(lambda api: api.general.time())
    return datetime.fromtimestamp(answer.server_time / 1000, timezone.utc)


def _since(ticket: Ticket, blotter: Blotter, now: datetime, world: World) -> datetime:
    """The earliest that the server can have executed it, by the server's own clock."""
    if ticket.heard_before is None:
        # Nothing was heard of the server before: then both clocks have to do, with a minute for their difference.
        return now - (world.now() - ticket.sent_at) - timedelta(minutes=1)
    # What stamps the answers need not be what stamps the deals: `now` came with a date as well.
    stamped = blotter.heard()
    ahead = now - stamped if stamped else timedelta(0)
    return ticket.heard_before + (ahead if abs(ahead) > DATE_ERROR else timedelta(0)) - DATE_ERROR


def _known_lost_for(ticket: Ticket, blotter: Blotter) -> timedelta:
    """How long ago, by the server's clock, this client certainly had given up waiting for the answer."""
    heard = blotter.heard()
    if ticket.heard_after is None or heard is None:
        return timedelta(0)
    return max(heard - ticket.heard_after - timedelta(seconds=1), timedelta(0))


def _still_unknown(error: OutcomeUnknownError, doubt: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        error.method,
        error.path,
        reason=f"it can't be told what became of it: {doubt}",
        sent=error.sent,
        sent_at=error.sent_at,
        status_code=error.status_code,
        error_code=error.error_code,
        content=error.content,
        deal_reference=error.deal_reference,
    )


@frozen(kw_only=True)
class _Event:
    """Something that happened on the account and may be the deal."""

    at: datetime
    ids: frozenset[str]
    rows: tuple[Activity, ...] = ()
    order: WorkingOrderData | None = None

    @property
    def refused(self) -> bool:
        return any(row.status in _REFUSED for row in self.rows)

    @property
    def references(self) -> frozenset[str]:
        found = (row.details.deal_reference for row in self.rows if row.details)
        return frozenset(reference for reference in found if reference)


@define
class _Look:
    """One look at the account."""

    ticket: Ticket
    blotter: Blotter
    since: datetime
    now: datetime
    final: bool
    """Whether a deal that left no trace by now was not executed."""
    doubt: str = "the server had queued it, and it left no trace"

    def look(self) -> Steps[Verdict | None]:
        ticket = self.ticket
        target = ticket.path.rsplit("/", 1)[1]
        is_position = ticket.path.startswith("/api/v1/positions")
        if ticket.method == "POST":
            return (yield from self._opening(self._executions if is_position else self._placements))
        if ticket.method == "PUT":
            return (yield from self._change(target, is_position))
        return (yield from (self._closing(target) if is_position else self._cancelling(target)))

    # --- a new position or working order: it has no id yet ------------------------------------------------------------

    def _opening(self, events: Callable[[], Steps[list[_Event]]]) -> Steps[Verdict | None]:
        ticket = self.ticket
        if ticket.deal_reference is not None:
            told = yield from told_now(ticket.deal_reference)
            if told is not None and told.deal_status == DealStatus.REJECTED:
                return _refused(told)
            if told is not None and told.deal_status == DealStatus.ACCEPTED:
                return (yield from self._deal_told(told))
        near = [other for other in self.blotter.beside(ticket) if abs(other.sent_at - ticket.sent_at) < NEARBY]
        found = yield from events()
        for other in near:
            found = yield from _without(found, other)
        lost = 1 + sum(other.unanswered for other in near)
        if not found:
            return NotExecuted() if self.final and ticket.deal_reference is None else None
        if len(found) != lost or len({event.refused for event in found}) > 1:
            self.doubt = f"{len(found)} deals look like it, and {lost} like it were lost"
            return None
        if lost > 1 and not self.final:
            return None
        event = found[0]
        ticket.ids = event.ids
        return (yield from self._deal_found(event))

    def _executions(self) -> Steps[list[_Event]]:
        """Every execution at the market that has the size: a new position, reduced ones, or both at one instant."""
        rows = yield from self._rows(ActivityType.POSITION)
        at_once: dict[tuple[datetime, bool], list[Activity]] = {}
        for row in rows:
            if row.details and not row.details.working_order_id and row.details.direction == self._sent("direction"):
                at_once.setdefault((row.date_utc, row.status in _REFUSED), []).append(row)
        closed = {ticket.path.rsplit("/", 1)[1]: ticket for ticket in self.blotter.closings()}
        events: list[_Event] = []
        for (at, _), together in at_once.items():
            ids = frozenset(row.deal_id for row in together)
            if isclose(sum(_size(row) for row in together), float(str(self._sent("size")))) and not ids & closed.keys():
                events.append(_Event(at=at, ids=ids, rows=tuple(together)))
        return sorted(events, key=lambda event: event.at)

    def _placements(self) -> Steps[list[_Event]]:
        """Every working order of this kind that was placed, whether it still waits or not."""
        found: dict[str, _Event] = {}
        for row in (yield from self._rows(ActivityType.WORKING_ORDER)):
            if row.status not in (ActivityStatus.CREATED, ActivityStatus.ACCEPTED, *_REFUSED):
                continue
            same = row.details and row.details.direction == self._sent("direction")
            if same and isclose(_size(row), float(str(self._sent("size")))) and self._at_level(row):
                found[row.deal_id] = _Event(at=row.date_utc, ids=frozenset({row.deal_id}), rows=(row,))
        book = yield from ask(lambda api: api.orders.all())
        for each in book.working_orders:
            order = each.working_order_data
            fits = (order.epic, order.direction, order.order_type) == tuple(
                map(self._sent, ("epic", "direction", "type"))
            )
            if (
                fits
                and order.created_date_utc >= self.since
                and isclose(order.order_size, float(str(self._sent("size"))))
            ):
                rows = found[order.deal_id].rows if order.deal_id in found else ()
                at = order.created_date_utc
                found[order.deal_id] = _Event(at=at, ids=frozenset({order.deal_id}), rows=rows, order=order)
        return sorted(found.values(), key=lambda event: event.at)

    def _at_level(self, row: Activity) -> bool:
        level = row.details and row.details.level
        return not level or isclose(
            level, float(str(self._sent("level"))), rel_tol=1e-3
        )  # the server rounds to its grid

    def _deal_told(self, told: Confirmation) -> Steps[Deal]:
        opened = [each.deal_id for each in told.affected_deals if each.deal_id != told.deal_id]
        position = (yield from _position(opened[0])) if opened else None
        return Deal(
            deal_reference=told.deal_reference,
            epic=told.epic,
            direction=told.direction,
            size=told.size,
            level=told.level or (position and position.level) or None,
            order_id=told.deal_id,
            position_id=opened[0] if opened else None,
            affected=tuple(told.affected_deals),
            status=told.status or None,
            at=told.date,
            confirm=told,
        )

    def _deal_found(self, event: _Event) -> Steps[Verdict]:
        if event.refused:
            return (yield from _refusal(event))
        (first, *_) = sorted(event.ids)
        if self.ticket.path.startswith("/api/v1/workingorders"):
            return self._deal(event, level=event.order.order_level if event.order else None, order_id=first)
        for each in sorted(event.ids):
            position = yield from _position(each)
            if position is not None and position.direction == self._sent("direction"):
                return self._deal(
                    event, level=position.level, order_id=position.working_order_id or None, position_id=each
                )
        if len(event.ids) == 1:  # closed again since, or an order that did nothing but close another position
            told = yield from told_now(f"p_{first}")
            if told is not None and told.direction == self._sent("direction"):
                return self._deal(event, position_id=first)
        return self._deal(event)

    def _deal(
        self,
        event: _Event,
        *,
        level: float | None = None,
        order_id: str | None = None,
        position_id: str | None = None,
        status: PositionStatus | None = None,
        direction: Direction | None = None,
    ) -> Deal:
        from capital_api.models import Direction

        row = event.rows[0] if event.rows else None
        details = row.details if row else None
        told = direction or (details and details.direction) or str(self._sent("direction"))
        return Deal(
            deal_reference=self.ticket.deal_reference,
            epic=row.epic if row else str(self._sent("epic")),
            direction=Direction(told),
            size=sum(_size(row) for row in event.rows) or float(str(self._sent("size"))),
            level=level or (details and details.level) or None,
            order_id=order_id,
            position_id=position_id,
            status=status or PositionStatus.OPEN,
            at=event.at,
        )

    def _sent(self, field: str) -> object:
        return (self.ticket.body or {}).get(field, "")

    # --- a change, or an end: the deal has an id ----------------------------------------------------------------------

    def _change(self, target: str, is_position: bool) -> Steps[Verdict | None]:
        near = [
            other for other in self.blotter.beside(self.ticket) if abs(other.sent_at - self.ticket.sent_at) < NEARBY
        ]
        rows = yield from self._rows(ActivityType.EDIT_STOP_AND_LIMIT, target)
        if not is_position:
            told = yield from self._rows(ActivityType.WORKING_ORDER, target)
            rows += [row for row in told if row.status in (ActivityStatus.MODIFIED, *_REFUSED)]
        lost = 1 + sum(other.unanswered for other in near)
        count = len(rows) - sum(other.deal_reference is not None for other in near)
        if count <= 0:
            return NotExecuted() if self.final and self.ticket.deal_reference is None else None
        refused = {row.status in _REFUSED for row in rows}
        if count != lost or len(refused) > 1:
            self.doubt = f"there were {count} such changes, and {lost} were lost"
            return None
        event = _Event(at=rows[-1].date_utc, ids=frozenset({target}), rows=(rows[-1],))
        if True in refused:
            return (yield from _refusal(event))
        position_id, order_id = (target, None) if is_position else (None, target)
        return self._deal(event, status=PositionStatus.AMENDED, position_id=position_id, order_id=order_id)

    def _closing(self, target: str) -> Steps[Verdict | None]:
        self.doubt = "the position is gone, and nothing says how it was closed"
        rows = [row for row in (yield from self._rows(ActivityType.POSITION, target)) if row.status not in _REFUSED]
        if (yield from _position(target)) is not None:
            return NotExecuted(explanation="the position is still open") if self.final else None
        told = yield from told_now(f"p_{target}")
        if not rows:
            return None
        row = rows[-1]
        if row.source != ActivitySource.USER:
            return NotExecuted(explanation=f"the position was closed by {row.source} at {row.date_utc:%F %T}Z")
        event = _Event(at=row.date_utc, ids=frozenset({target}), rows=(row,))
        deal = self._deal(event, position_id=target, status=PositionStatus.CLOSED)
        if told is None or told.status != PositionStatus.CLOSED:
            return deal
        return Deal.told(told, position_id=target, level=deal.level)

    def _cancelling(self, target: str) -> Steps[Verdict | None]:
        self.doubt = "the order is gone, and nothing says how it ended"
        book = yield from ask(lambda api: api.orders.all())
        if any(each.working_order_data.deal_id == target for each in book.working_orders):
            return NotExecuted(explanation="the working order still stands") if self.final else None
        for row in (yield from self._rows(ActivityType.WORKING_ORDER, target)):
            if row.status == ActivityStatus.CANCELLED:
                event = _Event(at=row.date_utc, ids=frozenset({target}), rows=(row,))
                return self._deal(event, order_id=target, status=PositionStatus.DELETED)
            if row.status in (ActivityStatus.EXECUTED, ActivityStatus.EXPIRED):
                return NotExecuted(explanation=f"the working order was {row.status.lower()} at {row.date_utc:%F %T}Z")
        return None

    # --- reading ------------------------------------------------------------------------------------------------------

    def _rows(self, kind: ActivityType, deal_id: str | None = None) -> Steps[list[Activity]]:
        """Rows of a kind since the deal was sent, oldest first: of one deal, or of the market that it was for."""
        epic = str(self._sent("epic"))
        rows: dict[str, Activity] = {}
        start = self.since
        while start <= self.now:
            query = f"epic=={epic}" if deal_id is None and _PLAIN_EPIC.fullmatch(epic) else None
            to = start + DAY if start + DAY < self.now else None
            answer = yield from _activity(start, to, deal_id, query)
            rows.update((repr(row.to_dict()), row) for row in answer.activities)  # a row can be told twice
            start += DAY
        mine = (row for row in rows.values() if row.type_ == kind and row.date_utc >= self.since)
        if deal_id is not None:
            wanted: Iterable[Activity] = (row for row in mine if row.deal_id == deal_id)
        else:
            wanted = (row for row in mine if row.epic == epic and row.source == ActivitySource.USER)
        return sorted(wanted, key=lambda row: row.date_utc)


def _activity(start: datetime, to: datetime | None, deal_id: str | None, query: str | None) -> Steps[ActivityList]:
    return ask(lambda api: api.history.activity(from_=start, to=to, detailed=True, deal_id=deal_id, filter_=query))


def _without(events: list[_Event], other: Ticket) -> Steps[list[_Event]]:
    """The events that another deal of this client does not explain."""
    if other.ids:
        return [event for event in events if not event.ids & other.ids]
    if other.deal_reference is None:
        return events
    told = yield from told_now(other.deal_reference)
    if told is None:
        return [event for event in events if other.deal_reference not in event.references]
    ids = {told.deal_id, *(each.deal_id for each in told.affected_deals)}
    by_name = [event for event in events if event.ids & ids or other.deal_reference in event.references]
    # An order that only reduced positions is told without their ids.
    near = [event for event in events if abs(event.at - told.date) <= timedelta(seconds=1)]
    explained = (by_name or near)[:1]
    return [event for event in events if event not in explained]


def _refusal(event: _Event) -> Steps[NotExecuted]:
    for reference in sorted(event.references):
        told = yield from told_now(reference)
        if told is not None and told.deal_status == DealStatus.REJECTED:
            return _refused(told)
    return NotExecuted(explanation="the server received it and refused it")


def _refused(told: Confirmation) -> NotExecuted:
    reason = str(told.reject_reason or told.reason or "") or None
    return NotExecuted(reason=reason, explanation=f"the server refused it: {reason or 'no reason given'}")


def _position(position_id: str) -> Steps[Position | None]:
    try:
        return (yield from ask(lambda api: api.positions.get(position_id))).position
    except NotFoundError:
        return None


def _size(row: Activity) -> float:
    return float(row.details.size or 0) if row.details else 0.0
