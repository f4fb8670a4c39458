"""The traces that deals leave on an account, and which of them a lost deal may have left.

The activity has no word for what belongs together, so it has to be put together here: an order that reduces positions
before it opens one leaves a row for each of them, at one moment; and rows that another deal of this client has left
are not a lost deal's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import isclose
from typing import TYPE_CHECKING

from attrs import frozen

from capital_api.models import ActivitySource, ActivityStatus, ActivityType

from ..history.answers import MANY_ROWS, row_key
from ..workflow import Steps, ask

if TYPE_CHECKING:
    from capital_api.models import Activity, ActivityList, Confirmation, WorkingOrderData

__all__ = ["Trace", "at_once", "is_refused", "is_users", "left_by", "nearest", "read_rows", "row_size", "split"]

REFUSED = (ActivityStatus.REJECTED, ActivityStatus.MODIFY_REJECT, ActivityStatus.CANCEL_REJECT)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MOMENT = timedelta(milliseconds=250)
"""Rows of one order are this close to one another."""
MOST_TO_SPLIT = 6
"""Of so many rows at one moment every combination is tried."""
_PLAIN_EPIC = re.compile(r"[\w.-]+")


@frozen(kw_only=True)
class Trace:
    """Something that happened on the account and may be a deal of ours."""

    at: datetime
    ids: frozenset[str]
    """What it opened or changed."""
    rows: tuple[Activity, ...] = ()
    order: WorkingOrderData | None = None

    @classmethod
    def of(cls, rows: Sequence[Activity]) -> Trace:
        """The trace that some rows are."""
        return cls(at=rows[0].date_utc, ids=frozenset(row.deal_id for row in rows), rows=tuple(rows))

    @property
    def keys(self) -> frozenset[str]:
        """What tells its rows from all others."""
        return frozenset(map(row_key, self.rows))

    @property
    def refused(self) -> bool:
        """Whether it says that nothing was done."""
        return any(map(is_refused, self.rows))

    @property
    def references(self) -> frozenset[str]:
        """The deal references that it names."""
        found = (row.details.deal_reference for row in self.rows if row.details)
        return frozenset(reference for reference in found if reference)


# --- reading ----------------------------------------------------------------------------------------------------------


def read_rows(
    start: datetime, end: datetime, now: datetime, *, epic: str = "", deal_id: str | None = None
) -> Steps[list[Activity]]:
    """What happened to one deal or in one market from start to end, each row once, oldest first.

    Calls ``GET /history/activity``, once for each day.
    """
    query = f"epic=={epic}" if deal_id is None and _PLAIN_EPIC.fullmatch(epic) else None
    rows: dict[str, Activity] = {}

    def read(start: datetime, to: datetime) -> Steps[None]:
        # Without an end a day is answered; an end that the server takes for the future would be refused.
        answer = yield from _activity(start, None if to >= now else to, deal_id, query)
        rows.update((row_key(row), row) for row in answer.activities)  # a row can be told twice
        if len(answer.activities) >= MANY_ROWS and to - start > 2 * SECOND:
            middle = start + (to - start) / 2
            yield from read(start, middle)
            yield from read(middle, to)

    while start <= end:
        yield from read(start, min(start + DAY, end))
        start += DAY
    # Newest first, they come; turned round before they are sorted, those of one moment are in order, too.
    mine = (row for row in reversed(rows.values()) if (row.deal_id == deal_id if deal_id else row.epic == epic))
    return sorted(mine, key=lambda row: row.date_utc)


def _activity(start: datetime, to: datetime | None, deal_id: str | None, query: str | None) -> Steps[ActivityList]:
    return ask(lambda api: api.history.activity(from_=start, to=to, detailed=True, deal_id=deal_id, filter_=query))


def row_size(row: Activity) -> float:
    """How much was traded; 0 where that is not told."""
    return float(row.details.size or 0) if row.details else 0.0


def is_refused(row: Activity) -> bool:
    """Whether it says that nothing was done."""
    return row.status in REFUSED


# --- what belongs together --------------------------------------------------------------------------------------------


def at_once(rows: Iterable[Activity]) -> list[list[Activity]]:
    """The rows of each moment."""
    groups: list[list[Activity]] = []
    for row in rows:
        if groups and row.date_utc - groups[-1][-1].date_utc <= MOMENT:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def split(rows: Sequence[Activity], sizes: Sequence[float]) -> list[list[Activity]] | None:
    """The deals of these sizes that together left these rows; None when it can't have been so, or in several ways."""
    ways = {tuple(sorted(tuple(sorted(map(row_key, part))) for part in way)): way for way in _ways(rows, sizes)}
    return ways.popitem()[1] if len(ways) == 1 else None


def _ways(rows: Sequence[Activity], sizes: Sequence[float]) -> Iterator[list[list[Activity]]]:
    if len(rows) > MOST_TO_SPLIT:  # nobody places so many orders in a moment, but one order can reduce many positions
        partitions: Iterable[list[list[Activity]]] = [[list(rows)], [[row] for row in rows]]
    else:
        partitions = _partitions(list(rows))
    for partition in partitions:
        left = list(sizes)
        for part in partition:
            total = sum(map(row_size, part))
            fitting = next((size for size in left if isclose(size, total, rel_tol=1e-9)), None)
            if fitting is None:
                break
            left.remove(fitting)
        else:
            yield partition


def _partitions(rows: list[Activity]) -> Iterator[list[list[Activity]]]:
    if not rows:
        yield []
        return
    first, *rest = rows
    for partition in _partitions(rest):
        yield [[first], *partition]
        for number, part in enumerate(partition):
            yield [*partition[:number], [first, *part], *partition[number + 1 :]]


def left_by(told: Confirmation, rows: Sequence[Activity]) -> list[Activity]:
    """The rows that an order has left whose confirmation was read."""
    ids = {told.deal_id, *(each.deal_id for each in told.affected_deals)}
    side = [row for row in rows if row.details and row.details.direction == told.direction]
    mine = [row for row in side if row.deal_id in ids]
    rest = told.size - sum(map(row_size, mine))
    if any(map(is_refused, mine)) or isclose(rest, 0, abs_tol=told.size * 1e-9):
        return mine
    # Positions that were reduced are told neither in the confirmation of the order nor in order of time.
    others = [
        row for row in side if row not in mine and not is_refused(row) and abs(row.date_utc - told.date) <= SECOND
    ]
    for moment in sorted(at_once(others), key=lambda group: abs(group[0].date_utc - told.date)):
        for part in _parts(moment):
            if isclose(sum(map(row_size, part)), rest, rel_tol=1e-9):
                return mine + part
    return mine


def _parts(rows: list[Activity]) -> Iterator[list[Activity]]:
    yield rows
    yield from ([row] for row in rows)
    if len(rows) <= MOST_TO_SPLIT:
        for chosen in range(1, 2 ** len(rows)):
            yield [row for number, row in enumerate(rows) if chosen >> number & 1]


def nearest(rows: Sequence[Activity], at: datetime) -> Activity | None:
    """The row that is closest in time."""
    return min(rows, key=lambda row: abs(row.date_utc - at), default=None)


def is_users(row: Activity, *kinds: ActivityType) -> bool:
    """Whether it is about something of these kinds that a user did."""
    return row.source == ActivitySource.USER and row.type_ in kinds
