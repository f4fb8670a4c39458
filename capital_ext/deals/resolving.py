"""Finding out what became of a deal whose answer was lost: by the traces that it would have left.

The activity is the witness: every deal writes rows there, refused ones too, though up to a minute late. So a trace that
is there says yes at once, and only a minute and a half without one says no. Which traces can be from this deal is
decided by time (see `_Span`) and by the blotter: nothing that another deal of this client explains. What remains must
be as many traces as there are lost deals that look alike; else nobody can tell, and nobody guesses.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from math import isclose
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from capital_api.models import (
    ActivitySource,
    ActivityStatus,
    ActivityType,
    DealStatus,
    Direction,
    PositionStatus,
)

from ..blotter import Blotter, Ticket
from ..deal import Deal, NotExecuted
from ..errors import InvalidInputError, NotFoundError, OutcomeUnknownError
from ..policy import World
from ..server_time import server_time
from ..workflow import Steps, ask, pause
from .as_asked import FLAGS, NOT_TO_THIS, Seen, is_as_asked, may_be_done, see
from .confirming import told_now
from .ticks import half_a_tick, rounds_to
from .traces import Trace, at_once, is_refused, is_users, left_by, nearest, read_rows, row_size, split

if TYPE_CHECKING:
    from capital_api.models import Activity, Confirmation, Position

__all__ = ["SHOWS_WITHIN", "resolve_deal"]

SHOWS_WITHIN = timedelta(seconds=90)
"""After so long a deal that was executed has shown: rows come up to 61 seconds late (measured by others), and a request
whose answer was given up may have been executed some seconds later."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
STANDS_STILL = 60.0
"""Seconds by which the server's clock may lag behind ours on the way, before we stop to wait for it."""
MINUTE = timedelta(minutes=1)
DATE_ERROR = timedelta(seconds=5)
"""By so much the dates of answers and those of deals may differ."""
EXECUTED_WITHIN = timedelta(minutes=2)
"""So long after it was sent, by an estimate, a deal may have been executed."""
NEARBY = timedelta(minutes=5)
"""Lost deals that were sent so close to one another may be mistaken for one another."""
LONG_AFTER = timedelta(minutes=10)
"""So long after it was sent, where the clocks agree, nothing can be a trace of it."""
LONGEST = timedelta(days=31)
FOR_EVER = datetime.max.replace(tzinfo=timezone.utc)
SAME_MOMENT = timedelta(milliseconds=100)
AT_ONCE = timedelta(seconds=1)
ANSWERED_WITHIN = timedelta(seconds=30)

Verdict = Deal | NotExecuted


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
    if ticket.moved:
        raise _still_unknown(error, "the account was switched while it was under way")
    if ticket.verdict is not None:
        return ticket.verdict
    now = yield from server_time()
    span = _Span.of(ticket, blotter, now, world)
    if now - span.start > LONGEST:
        raise _still_unknown(error, "it was sent too long ago")
    patience = SHOWS_WITHIN - min(_known_lost_for(ticket, blotter, world), SHOWS_WITHIN)
    until, deadline, wait = now + patience, world.clock() + patience.total_seconds(), FIRST_WAIT
    while True:
        final = now >= until and world.clock() >= deadline
        look = _Look(ticket, blotter, span, now, final)
        verdict = yield from look.look()
        if verdict == NotExecuted() and ticket.account_id is None:
            yield from _only_account(error)
        if verdict is not None:
            ticket.verdict = ticket.verdict or verdict
            return verdict
        if look.final:
            raise _still_unknown(error, look.doubt)
        if world.clock() >= deadline + STANDS_STILL:
            raise _still_unknown(error, "the server's clock does not move on")
        yield from pause(min(wait, max((until - now).total_seconds(), FIRST_WAIT)), world.sleep)
        wait = min(wait * 2, LONGEST_WAIT)
        now = yield from server_time()


def _known_lost_for(ticket: Ticket, blotter: Blotter, world: World) -> timedelta:
    """How long ago this client had certainly given up waiting for the answer: by the server's clock and by ours."""
    heard = blotter.heard()
    if ticket.heard_after is None or heard is None:
        return timedelta(0)
    by_dates = heard - ticket.heard_after - timedelta(seconds=1)
    return max(min(by_dates, world.now() - ticket.sent_at), timedelta(0))


def _only_account(error: OutcomeUnknownError) -> Steps[None]:
    """That nothing is found on one account says little about a deal that may have been sent on another one."""
    accounts = (yield from ask(lambda api: api.accounts.all())).accounts
    if len(accounts) > 1:
        raise _still_unknown(error, "it is not known on which account it was sent; the active one has no trace of it")


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
        account_id=error.account_id,
    )


@frozen
class _Span:
    """When the server can have executed a deal, by its own clock.

    Two things say when it was sent. The last answer before it has a date: it was not earlier than that. And our clock
    says how long ago it was: it need not be right for that, only not be set in between. Where both allow it, a trace is
    likely; where one of them does, it is not to be ignored, and not to be believed.
    """

    start: datetime
    likely_from: datetime
    sent: datetime
    """When it was sent, by the time that has passed on our clock."""
    likely_to: datetime
    end: datetime

    @classmethod
    def of(cls, ticket: Ticket, blotter: Blotter, now: datetime, world: World) -> _Span:
        sent = now - (world.now() - ticket.sent_at)
        earliest = _not_before(ticket, blotter, now)
        likely_to = sent + EXECUTED_WITHIN
        if earliest is None:
            return cls(sent - MINUTE, sent - MINUTE, sent, likely_to, FOR_EVER)
        agree = sent > earliest - MINUTE
        return cls(
            start=max(min(earliest, sent - MINUTE), earliest - LONG_AFTER),
            likely_from=max(earliest, sent - MINUTE),
            sent=sent,
            likely_to=likely_to,
            end=sent + LONG_AFTER if agree else FOR_EVER,
        )

    def likely(self, at: datetime) -> bool:
        """Whether a deal that was executed then can be this one."""
        return self.likely_from <= at <= self.likely_to

    def end_at(self, now: datetime) -> datetime:
        """The end of what has to be looked at by now."""
        return min(self.end, now)

    def sent_other(self, ticket: Ticket, other: Ticket) -> datetime:
        """When another deal of this client was sent."""
        return self.sent + (other.sent_at - ticket.sent_at)


def _not_before(ticket: Ticket, blotter: Blotter, now: datetime) -> datetime | None:
    """What the server's clock showed in the last answer before the deal was sent, give or take `DATE_ERROR`."""
    if ticket.heard_before is None:
        return None
    # What dates the answers need not be what dates the deals: `now` came with a date as well. A small lead of it is
    # left alone, since an answer that takes long to arrive is old when it does: an earlier start does no harm.
    heard = blotter.heard()
    lead = now - heard if heard else timedelta(0)
    return ticket.heard_before - DATE_ERROR + (lead if lead < -DATE_ERROR or lead > NEARBY else timedelta(0))


@define
class _Look:
    """One look at the account."""

    ticket: Ticket
    blotter: Blotter
    span: _Span
    now: datetime
    final: bool
    """Whether a deal that left no trace by now was not executed."""
    doubt: str = "the server had queued it, and it left no trace"
    vague: bool = False
    """Whether something beside it has not been told yet, so that nothing can be said."""
    others: list[Ticket] = field(factory=list[Ticket])
    """The other deals of its kind,"""
    lost: list[Ticket] = field(factory=list[Ticket])
    """all deals that may or may not have left traces, in the order in which they were sent,"""
    lost_before: list[Ticket] = field(factory=list[Ticket])
    """those of them that were sent before this one,"""
    claimed: frozenset[str] = frozenset()
    """and the traces that are known to be another deal's: all as it was at one moment, since others look as well."""
    rounded_by: float = 0.0
    """The most by which the server rounds levels, once it matters."""
    leftovers: bool = False
    """Whether traces are left that nobody explains, though they are not what the deal should have left."""
    told_of: frozenset[str] = frozenset()
    """The positions that rows of the activity tell of."""

    def look(self) -> Steps[Verdict | None]:
        ticket = self.ticket
        if ticket.method == "POST":
            return (yield from self._opening())
        if ticket.method == "PUT":
            return (yield from self._change())
        return (yield from (self._closing() if ticket.is_position else self._cancelling()))

    def _take_stock(self) -> None:
        """Note what else was sent. After reading what has happened: whatever left a trace there was sent before."""
        self.lost_before, after, self.claimed = self.blotter.in_doubt(self.ticket)
        self.lost = self.lost_before + after
        self.others = self._like_it()

    def _like_it(self) -> list[Ticket]:
        """The other deals of this client that are of its kind, oldest first."""
        kind = self.ticket.method, self.ticket.path, self.ticket.asked("epic")
        return [
            other
            for other in self.blotter.others(self.ticket)
            if (other.method, other.path, other.asked("epic")) == kind
        ]

    def _decide(self, traces: list[Trace], alike: list[Ticket]) -> Trace | NotExecuted | None:
        """The trace that is this deal's, among all that it and those lost like it may have left."""
        likely = [trace for trace in traces if self.span.likely(trace.at)]
        near = [other for other in alike if abs(other.sent_at - self.ticket.sent_at) < NEARBY]
        if likely:
            if len(likely) != 1 + len(near) or len({trace.refused for trace in likely}) > 1:
                self.doubt = f"{len(likely)} deals look like it, and {1 + len(near)} like it were lost"
                return None
            if self.vague or (near and not self.final):
                return None
            return likely[sum(other in self.lost_before for other in near)]
        if not self.final or self.ticket.deal_reference is not None:
            return None
        if self.vague or self.leftovers:
            return None
        if any(not self._of_others(trace.at, alike) for trace in traces):
            self.doubt = "there is one like it, from another time than the clocks say"
            return None
        return NotExecuted()

    def _of_others(self, at: datetime, alike: list[Ticket]) -> bool:
        """Whether it is likely to be from another lost deal."""
        sent = (self.span.sent_other(self.ticket, other) for other in alike)
        return any(when - DATE_ERROR <= at <= when + EXECUTED_WITHIN for when in sent)

    def _unclear(self, doubt: str) -> None:
        self.vague, self.doubt = True, doubt

    # --- a new position or working order: it has no id yet ------------------------------------------------------------

    def _opening(self) -> Steps[Verdict | None]:
        ticket = self.ticket
        if ticket.deal_reference is not None:
            told = ticket.told or (yield from told_now(ticket.deal_reference))
            if told is not None and told.deal_status == DealStatus.REJECTED:
                return _refused(told)
            if told is not None and told.deal_status == DealStatus.ACCEPTED:
                return (yield from self._deal_told(told))
        if ticket.is_position:
            traces = yield from self._executions()
            alike = [other for other in self.others if other in self.lost and self._same_deal(other)]
        else:
            traces = yield from self._placements()
            alike = [other for other in self.others if other in self.lost and self._same_order(other)]
        found = self._decide(traces, alike)
        if not isinstance(found, Trace):
            if isinstance(found, NotExecuted) and ticket.is_position and (yield from self._may_be_open()):
                self.doubt = "a position like it is open, of which no row of the activity tells"
                return None
            return found
        if not found.refused and (yield from self._is_anothers(found)):
            self.doubt = "there is one like it, but its stop or profit target is not what was asked for"
            return None
        # What a working order is known by is its id: its row may come later.
        if not self.blotter.claim(ticket, found.keys | (frozenset[str]() if ticket.is_position else found.ids)):
            return None  # another thread was faster; look again
        return (yield from self._deal_found(found))

    def _is_anothers(self, trace: Trace) -> Steps[bool]:
        """Whether what was opened has another stop or profit target than was asked for.

        Another program may also have given it that since; then nobody can tell either.
        """
        for each in sorted(trace.ids):
            if self.ticket.is_position:
                position = yield from _position(each)
                if position is None or position.direction != self.ticket.asked("direction"):
                    continue  # closed again, or one that was reduced
            seen, later = yield from self._left(each)
            if seen is not None and (yield from is_as_asked(self.ticket, seen, later)) is False:
                return True
        return False

    def _left(self, target: str) -> Steps[tuple[Seen | None, frozenset[str]]]:
        """What this deal can have left of a position or order, and which fields of that tell nothing of it.

        It is what the next change of this client found there, or else what is there now. If the next one was sent
        without looking, the fields that it sent tell nothing; of a position it replaced them all. None where it has
        ended or nothing is left to compare: then what it was is of no more consequence.
        """
        seen = yield from see(self.ticket, target)
        later = self.blotter.changes_since(self.ticket, target)  # of now: they may have left what was seen
        if not later or seen is None:
            return seen, frozenset()
        if later[0].before is not None:
            return later[0].before, frozenset()
        sent = frozenset(name for each in later for name in each.body or ())
        if self.ticket.is_position or not set(self.ticket.body or ()) - sent - FLAGS:
            return None, sent
        return seen, sent

    def _may_be_open(self) -> Steps[bool]:
        """Whether a position is open that this may have opened, although no row says so: rows can be very late."""
        book = yield from ask(lambda api: api.positions.all())
        others = self._like_it()  # of now: one of them may have opened what is in this book
        known = self.told_of.union(*(other.claims for other in others))
        for other in others:
            told = other.told
            if told is None and other.deal_reference is not None:
                told = other.told = yield from told_now(other.deal_reference)
            if told is not None:
                known |= {told.deal_id, *(each.deal_id for each in told.affected_deals)}
        size, direction = _number(self.ticket.asked("size")), self.ticket.asked("direction")
        return any(
            each.market.epic == self.ticket.asked("epic")
            and each.position.direction == direction
            and (each.position.size < size or isclose(each.position.size, size))
            and each.position.created_date_utc >= self.span.start
            and not {each.position.deal_id, each.position.working_order_id} & known
            for each in book.positions
        )

    def _same_deal(self, other: Ticket) -> bool:
        return (other.asked("direction"), other.asked("size")) == (
            self.ticket.asked("direction"),
            self.ticket.asked("size"),
        )

    def _same_order(self, other: Ticket) -> bool:
        return (
            self._same_deal(other)
            and other.asked("type") == self.ticket.asked("type")
            and rounds_to(_number(other.asked("level")), _number(self.ticket.asked("level")), 2 * self.rounded_by)
        )

    def _rows(self, *kinds: ActivityType) -> Steps[list[Activity]]:
        epic = str(self.ticket.asked("epic"))
        rows = yield from read_rows(self.span.start, self.span.end_at(self.now), self.now, epic=epic)
        return [row for row in rows if row.date_utc >= self.span.start and is_users(row, *kinds)]

    def _executions(self) -> Steps[list[Trace]]:
        """Every execution at the market that has the size: a new position, reduced ones, or both at once."""
        direction, size = self.ticket.asked("direction"), _number(self.ticket.asked("size"))
        rows = yield from self._rows(ActivityType.POSITION)
        self._take_stock()
        self.told_of = frozenset(row.deal_id for row in rows)
        if any(not row.details or not row.details.direction or not row.details.size for row in rows):
            self.leftovers = True
            self.doubt = "there is a row of the activity that does not say what was dealt"
        rows = [
            row
            for row in rows
            if row.details and not row.details.working_order_id and row.details.direction == direction
        ]
        rows = yield from self._unexplained(rows)
        traces = [Trace.of([row]) for row in rows if is_refused(row) and _is(size, row_size(row))]
        lost = [
            _number(other.asked("size"))
            for other in self.others
            if other in self.lost and self._beside(other, direction)
        ]
        for moment in at_once(row for row in rows if not is_refused(row)):
            deals = split(moment, [size, *lost])
            if deals is not None:
                traces += [Trace.of(deal) for deal in deals if _is(size, sum(map(row_size, deal)))]
            elif any(row_size(row) <= size for row in moment):
                self.leftovers = True
                self.doubt = f"what was dealt at {moment[0].date_utc:%F %T}Z may be a part of it"
        return sorted(traces, key=lambda trace: trace.at)

    def _beside(self, other: Ticket, direction: object) -> bool:
        return other.asked("direction") == direction and abs(other.sent_at - self.ticket.sent_at) < NEARBY

    def _unexplained(self, rows: list[Activity]) -> Steps[list[Activity]]:
        """The rows that no other deal of this client explains."""
        rows = [row for row in rows if not Trace.of([row]).keys & self.claimed]
        rows = yield from self._without_closings(rows)
        for other in sorted(self.others, key=lambda other: abs(other.sent_at - self.ticket.sent_at)):
            sent = self.span.sent_other(self.ticket, other)
            if other.deal_reference is None or not any(abs(row.date_utc - sent) < EXECUTED_WITHIN for row in rows):
                continue
            if other.told is None:
                other.told = yield from told_now(other.deal_reference)
            if other.told is None:
                self._unclear(f"nothing is told about {other.deal_reference}, which was sent by its side")
                continue
            explained = left_by(other.told, rows)
            rows = [row for row in rows if row not in explained]
        return rows

    def _without_closings(self, rows: list[Activity]) -> Steps[list[Activity]]:
        """Without the closings of positions that this client asked for."""
        closed = {each.target: each for each in self.blotter.others(self.ticket) if each.is_close}
        left: list[Activity] = []
        for row in rows:
            if row.deal_id in closed and not is_refused(row):
                told = yield from told_now(f"p_{row.deal_id}")
                if told is not None and row.details and told.direction != row.details.direction:
                    if closed[row.deal_id].unanswered:
                        self._unclear(f"the closing of {row.deal_id} was lost as well")
                    continue
            left.append(row)
        return left

    def _placements(self) -> Steps[list[Trace]]:
        """Every working order of this kind that was placed, whether it still waits or not."""
        ticket, size, level = self.ticket, _number(self.ticket.asked("size")), _number(self.ticket.asked("level"))
        placed = (ActivityStatus.CREATED, ActivityStatus.ACCEPTED, ActivityStatus.REJECTED)
        known: dict[str, tuple[Trace, float]] = {}
        for row in (yield from self._rows(ActivityType.WORKING_ORDER)):
            same = row.details and row.details.direction == ticket.asked("direction") and _is(size, row_size(row))
            if row.status in placed and same and row.deal_id not in known:
                known[row.deal_id] = Trace.of([row]), (row.details and row.details.level) or 0.0
        for each in (yield from ask(lambda api: api.orders.all())).working_orders:
            order = each.working_order_data
            asked = tuple(map(ticket.asked, ("epic", "direction", "type")))
            if (order.epic, order.direction, order.order_type) != asked or not _is(size, order.order_size):
                known.pop(order.deal_id, None)
            elif order.deal_id in known:  # its row tells the level that it was placed at
                trace, placed_at = known[order.deal_id]
                known[order.deal_id] = Trace(at=trace.at, ids=trace.ids, rows=trace.rows, order=order), placed_at
            elif self.span.start <= order.created_date_utc <= self.span.end_at(self.now):
                trace = Trace(at=order.created_date_utc, ids=frozenset({order.deal_id}), order=order)
                known[order.deal_id] = trace, order.order_level
        self._take_stock()
        for other in self.others:
            ids = self.claimed
            sent = self.span.sent_other(ticket, other)
            if other.deal_reference is not None and any(
                abs(trace.at - sent) < EXECUTED_WITHIN for trace, _ in known.values()
            ):
                other.told = other.told or (yield from told_now(other.deal_reference))
                if other.told is not None:
                    ids |= {other.told.deal_id}
                elif self._same_deal(other):
                    self._unclear(f"nothing is told about {other.deal_reference}, which was sent by its side")
            known = {key: value for key, value in known.items() if key not in ids}
        if any(level != placed_at and _similar(level, placed_at) for _, placed_at in known.values()):
            self.rounded_by = yield from half_a_tick(str(ticket.asked("epic")))
        traces: list[Trace] = []
        for trace, placed_at in known.values():
            if not placed_at or rounds_to(level, placed_at, self.rounded_by):
                traces.append(trace)
            elif (_similar(level, placed_at) or not trace.rows) and not any(
                other in self.lost and rounds_to(_number(other.asked("level")), placed_at, self.rounded_by)
                for other in self.others
            ):
                self.leftovers = True
                self.doubt = f"the order {next(iter(trace.ids))} is at another level, and may be it all the same"
        return sorted(traces, key=lambda trace: trace.at)

    def _deal_told(self, told: Confirmation) -> Steps[Deal]:
        opened = [each.deal_id for each in told.affected_deals if each.deal_id != told.deal_id]
        position = (yield from _position(opened[0])) if opened else None
        level = told.level or (position and position.level) or None
        return Deal.told(told, order_id=told.deal_id, position_id=opened[0] if opened else None, level=level)

    def _deal_found(self, trace: Trace) -> Steps[Verdict]:
        if trace.refused:
            return (yield from _refusal(trace))
        ids = sorted(trace.ids)
        if not self.ticket.is_position:
            level = trace.order.order_level if trace.order else None
            return self._deal(trace, PositionStatus.OPEN, level=level, order_id=ids[0])
        for each in ids:
            position = yield from _position(each)
            if position is not None and position.direction == self.ticket.asked("direction"):
                return self._deal(
                    trace,
                    PositionStatus.OPEN,
                    level=position.level,
                    order_id=position.working_order_id or None,
                    position_id=each,
                )
        for each in ids:  # closed again since, or an order that did nothing but reduce other positions
            told = yield from told_now(f"p_{each}")
            if told is not None and told.direction == self.ticket.asked("direction"):
                return self._deal(trace, PositionStatus.OPEN, position_id=each)
        return self._deal(trace, None)

    def _deal(
        self,
        trace: Trace,
        status: PositionStatus | None,
        *,
        level: float | None = None,
        order_id: str | None = None,
        position_id: str | None = None,
    ) -> Deal:
        row = trace.rows[0] if trace.rows else None
        details = row.details if row else None
        return Deal(
            deal_reference=self.ticket.deal_reference,
            epic=row.epic if row else str(self.ticket.asked("epic")),
            direction=Direction((details and details.direction) or str(self.ticket.asked("direction"))),
            size=sum(map(row_size, trace.rows)) or _number(self.ticket.asked("size")),
            level=level or (details and details.level) or None,
            order_id=order_id,
            position_id=position_id,
            status=status,
            at=trace.at,
        )

    # --- a change, or an end: the deal has an id ----------------------------------------------------------------------

    def _change(self) -> Steps[Verdict | None]:
        ticket, span = self.ticket, self.span
        start = span.start - EXECUTED_WITHIN  # with the changes shortly before, so that each has its row
        rows = yield from read_rows(start, span.end_at(self.now), self.now, deal_id=ticket.target)
        rows = [row for row in rows if row.date_utc >= start and _is_change(row)]
        self._take_stock()
        rows = [row for row in rows if not Trace.of([row]).keys & self.claimed]
        for other in self.others:
            sent = span.sent_other(ticket, other)
            if other.deal_reference is None or sent < start:
                continue
            if abs(sent - span.sent) < SAME_MOMENT:  # the rows of both may be the same to the letter
                self._unclear("it was changed twice at one moment")
            # Orders are told under one reference, so what was read may be about a change before.
            sure = other.told is not None and other.told.status != PositionStatus.OPEN
            at, within = (other.told.date, AT_ONCE) if other.told and sure else (sent, ANSWERED_WITHIN)
            its = nearest(rows, at)
            if its is not None and abs(its.date_utc - at) <= within:
                rows.remove(its)
        rows = [row for row in rows if row.date_utc >= span.start]
        found = self._decide([Trace.of([row]) for row in rows], [other for other in self.others if other in self.lost])
        if found is None:
            return None
        seen, later = yield from self._left(ticket.target)
        if isinstance(found, NotExecuted) or found.refused:
            # Rows can be very late, and a refusal that of another program: what is there has the last word.
            if seen is not None and (yield from may_be_done(ticket, seen, later)):
                kind = "position" if ticket.is_position else "order"
                self.doubt = f"the {kind} is as it was asked to be, and no row of the activity tells since when"
                return None
            if isinstance(found, NotExecuted):
                return found
        elif seen is not None and (yield from is_as_asked(ticket, seen, later)) is False:
            self.doubt = NOT_TO_THIS
            return None
        if not self.blotter.claim(ticket, found.keys):
            return None
        if found.refused:
            return (yield from _refusal(found))
        position_id, order_id = (ticket.target, None) if ticket.is_position else (None, ticket.target)
        return self._deal(found, PositionStatus.AMENDED, position_id=position_id, order_id=order_id)

    def _closing(self) -> Steps[Verdict | None]:
        target = self.ticket.target
        self.doubt = "the position is gone, and nothing says how it was closed"
        told = yield from told_now(f"p_{target}")
        if (yield from _position(target)) is not None:
            self.doubt = "the server had queued it, and the position is still open"
            if told is not None and told.deal_status == DealStatus.REJECTED and self.span.likely(told.date):
                return _refused(told) if self.final or self.ticket.deal_reference is not None else None
            gone = self.final and self.ticket.deal_reference is None
            return NotExecuted(explanation="the position is still open") if gone else None
        rows = yield from read_rows(self.span.start, self.now, self.now, deal_id=target)
        rows = [row for row in rows if row.type_ == ActivityType.POSITION and not is_refused(row)]
        rows = [row for row in rows if not _is_opening(row, told)]
        if not rows or rows[-1].date_utc < self.span.start:
            return None
        row = rows[-1]
        if not self._is_the_end(row, told):
            return None
        if row.source != ActivitySource.USER:
            if not row.source.is_known:
                return None
            return NotExecuted(explanation=f"the position was closed by {row.source} at {row.date_utc:%F %T}Z")
        if (yield from self._closed_by_another(row)):
            return NotExecuted(explanation=f"another deal closed the position at {row.date_utc:%F %T}Z")
        if self.vague or not self.span.likely(row.date_utc):
            return None
        deal = self._deal(Trace.of([row]), PositionStatus.CLOSED, position_id=target)
        if told is None or told.status != PositionStatus.CLOSED:
            return deal
        return Deal.told(told, position_id=target, level=deal.level)

    def _is_the_end(self, row: Activity, told: Confirmation | None) -> bool:
        """Whether the last row that is there is that of the closing, which may be late, and not one before."""
        if told is not None and told.status == PositionStatus.CLOSED:
            return abs(told.date - row.date_utc) <= AT_ONCE
        return self.final and told is not None

    def _closed_by_another(self, row: Activity) -> Steps[bool]:
        """Whether it was another deal of this client that closed the position."""
        for other in self.blotter.others(self.ticket):
            if (other.method, other.path) == (self.ticket.method, self.ticket.path):
                if other.unanswered:
                    self._unclear("two closings of it were lost, and one of them was executed")
                elif other.deal_reference is not None or isinstance(other.verdict, Deal):
                    return True
            elif other.method == "POST" and other.is_position and other.asked("epic") == row.epic:
                if row.details and other.asked("direction") != row.details.direction:
                    continue
                sent = self.span.sent_other(self.ticket, other)
                if abs(row.date_utc - sent) > EXECUTED_WITHIN or (other.verdict and not other.claims):
                    continue
                if other.claims & Trace.of([row]).keys:
                    return True
                if other.deal_reference is not None:
                    other.told = other.told or (yield from told_now(other.deal_reference))
                if other.told is None and not other.claims:
                    self._unclear("an order the other way was sent as well, and may have closed it")
                elif other.told is not None and row in left_by(other.told, [row]):
                    return True
        return False

    def _cancelling(self) -> Steps[Verdict | None]:
        target = self.ticket.target
        self.doubt = "the order is gone, and nothing says how it ended"
        book = yield from ask(lambda api: api.orders.all())
        if any(each.working_order_data.deal_id == target for each in book.working_orders):
            self.doubt = "the server had queued it, and the order still stands"
            gone = self.final and self.ticket.deal_reference is None
            return NotExecuted(explanation="the working order still stands") if gone else None
        for row in (yield from read_rows(self.span.start, self.now, self.now, deal_id=target)):
            if row.type_ != ActivityType.WORKING_ORDER:
                continue
            ended = row.status in (ActivityStatus.EXECUTED, ActivityStatus.EXPIRED)
            if ended or (is_refused(row) and row.source != ActivitySource.USER):
                return NotExecuted(explanation=f"the working order was {row.status.lower()} at {row.date_utc:%F %T}Z")
            if row.status == ActivityStatus.CANCELLED:
                return self._cancelled(row)
        return None

    def _cancelled(self, row: Activity) -> Verdict | None:
        if row.source != ActivitySource.USER:
            return NotExecuted(explanation=f"the working order was cancelled by {row.source}")
        same = [
            other
            for other in self.blotter.others(self.ticket)
            if (other.method, other.path) == (self.ticket.method, self.ticket.path)
        ]
        if any(other.deal_reference is not None or isinstance(other.verdict, Deal) for other in same):
            return NotExecuted(explanation="another of your requests cancelled it")
        if any(other.unanswered for other in same):
            self.doubt = "two cancellations of it were lost, and one of them was executed"
            return None
        if not self.span.likely(row.date_utc):
            return None
        return self._deal(Trace.of([row]), PositionStatus.DELETED, order_id=self.ticket.target)


def _is_opening(row: Activity, told: Confirmation | None) -> bool:
    """Whether a row of a position is that of its opening: a user's trade in its own direction."""
    same = told is not None and row.details and row.details.direction == told.direction
    return bool(same) and row.source == ActivitySource.USER


def _is_change(row: Activity) -> bool:
    if row.type_ == ActivityType.WORKING_ORDER:
        return is_users(row, row.type_) and row.status in (
            ActivityStatus.MODIFIED,
            ActivityStatus.REJECTED,
            ActivityStatus.MODIFY_REJECT,
        )
    return is_users(row, ActivityType.EDIT_STOP_AND_LIMIT)


# --- numbers ----------------------------------------------------------------------------------------------------------


def _number(value: object) -> float:
    return float(str(value or 0))


def _is(size: float, other: float) -> bool:
    return isclose(size, other, rel_tol=1e-9)


def _similar(level: float, other: float) -> bool:
    return isclose(level, other, rel_tol=1e-3)


# --- asking -----------------------------------------------------------------------------------------------------------


def _refusal(trace: Trace) -> Steps[NotExecuted]:
    for reference in sorted(trace.references):
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
