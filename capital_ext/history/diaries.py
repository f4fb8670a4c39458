"""The walks over what happened on the account: the activity and the transactions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import evolve, frozen

from capital_api.types import UNSET

from ..errors import InvalidInputError
from ..logs import log
from ..server_time import server_time
from ..workflow import Steps, Walk, ask, finish, give
from .ahead import Ahead
from .answers import MANY_ROWS, row_key
from .progress import progress_bar
from .spans import Span
from .windows import Window, ceiling, floor, slices

if TYPE_CHECKING:
    from capital_api import Api
    from capital_api.models.activity import Activity
    from capital_api.models.activity_list import ActivityList
    from capital_api.models.transaction import Transaction
    from capital_api.models.transaction_list import TransactionList
    from capital_api.models.transaction_type import TransactionType

__all__ = ["Diary", "activity_diary", "after_rows", "transaction_diary", "walk_diary"]

A = TypeVar("A")
T = TypeVar("T")

LATE = timedelta(minutes=2)
"""How long a row can take to appear. A minute was observed."""


@frozen
class Diary(Generic[A, T]):
    """One of the two histories: how it is asked for, and how its rows are told apart."""

    title: str
    ask_for: Callable[[Window], Callable[[Api], A]]
    """The call for a window."""
    rows: Callable[[A], Sequence[T]]
    """The rows of an answer, newest first."""
    time: Callable[[T], datetime]
    """When the event happened, aware UTC."""
    identity: Callable[[T], Hashable]
    """What two copies of a row have in common, and no two rows of different times."""
    longest: timedelta
    """The longest window that is answered in full."""


def activity_diary(*, detailed: bool, deal_id: str | None, filter_: str | None) -> Diary[ActivityList, Activity]:
    """What happened to deals."""

    def ask_for(window: Window) -> Callable[[Api], ActivityList]:
        return lambda api: api.history.activity(
            from_=window[0], to=window[1], detailed=detailed, deal_id=deal_id, filter_=filter_
        )

    def identity(row: Activity) -> Hashable:
        return row_key(row if detailed else evolve(row, details=UNSET))  # those to go on after may have details

    return Diary(
        "activity",
        ask_for,
        lambda answer: answer.activities,
        lambda row: row.date_utc,
        identity,
        longest=timedelta(days=1),
    )


def transaction_diary(*, type_: TransactionType | None) -> Diary[TransactionList, Transaction]:
    """What moved money."""

    def ask_for(window: Window) -> Callable[[Api], TransactionList]:
        return lambda api: api.history.transactions(from_=window[0], to=window[1], type_=type_)

    return Diary(
        "transactions",
        ask_for,
        lambda answer: answer.transactions,
        lambda row: row.date_utc,
        lambda row: row.reference,
        longest=timedelta(days=7),
    )


def after_rows(diary: Diary[A, T], given: Iterable[T]) -> tuple[datetime, frozenset[Hashable]]:
    """Where to go on after rows that were given, so far back that late ones are seen; and which not to give again.

    Raises:
        InvalidInputError: There are none.
    """
    rows = list(given)
    if not rows:
        raise InvalidInputError("after holds no rows, so there is nothing to go on from: say start= or last=")
    begin = max(map(diary.time, rows)) - LATE
    return begin, frozenset(diary.identity(row) for row in rows if diary.time(row) >= begin)


def walk_diary(
    diary: Diary[A, T], asked: Span, *, given: AbstractSet[Hashable], in_flight: int, progress: bool | None
) -> Walk[T]:
    """All rows of the span, oldest first, each once; without those that were given before."""
    with progress_bar(diary.title, progress) as advance:
        now = yield from server_time()
        start, end = asked.at(now)
        if start >= min(end, now):
            return
        # Slices touch, and each keeps what is its own: so it doesn't matter whether an edge takes in all of its second.
        ahead = Ahead(slices(floor(start), min(ceiling(end), floor(now)), diary.longest), diary.ask_for)
        while ahead.left:
            window, begun = yield from ahead.next(in_flight)
            rows = yield from _whole(diary, window, (yield from finish(begun)))
            since, until = max(start, window[0]), window[1] if ahead.left else end
            kept = [row for row in rows if since <= diary.time(row) < until]
            advance(ahead.done / len(ahead.windows))
            yield from give(_new(diary, kept, given))


def _whole(diary: Diary[A, T], window: Window, answer: A) -> Steps[list[T]]:
    """All rows of a window, oldest first. When the answer may have been cut short its halves are asked for."""
    first, last = window
    rows = list(reversed(diary.rows(answer)))  # so that rows of one instant keep the order in which they were written
    if len(rows) >= MANY_ROWS:
        middle = floor(first + (last - first) / 2)
        if middle == first:
            log.warning("%s: %d rows in one second, perhaps not all there are", diary.title, len(rows))
        else:
            older = yield from _whole(diary, (first, middle), (yield from ask(diary.ask_for((first, middle)))))
            newer = yield from _whole(diary, (middle, last), (yield from ask(diary.ask_for((middle, last)))))
            rows = [row for row in older if diary.time(row) < middle]
            rows += [row for row in newer if diary.time(row) >= middle]
    return sorted(rows, key=diary.time)


def _new(diary: Diary[A, T], rows: list[T], given: AbstractSet[Hashable]) -> list[T]:
    """The rows of a slice that were not given before, each once. Its copies can't be in another slice: times differ."""
    new: dict[Hashable, T] = {}
    for row in rows:
        identity = diary.identity(row)
        if identity not in given:
            new.setdefault(identity, row)
    return list(new.values())
