"""`candles`, `iter_activity` and `iter_transactions`: histories of any length, where one call has a window or a day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from capital_api import wire

from ..errors import InvalidInputError
from ..rows import Walking, walk
from ..workflow import MOST_IN_FLIGHT

if TYPE_CHECKING:  # what carries the walks out is imported by the first walk
    from typing import Literal, TypeAlias

    from capital_api.models.activity import Activity
    from capital_api.models.resolution import Resolution
    from capital_api.models.transaction import Transaction
    from capital_api.models.transaction_type import TransactionType

    from .candle import Candle
    from .candles import Series
    from .spans import Duration, Moment

    ResolutionName: TypeAlias = Literal["MINUTE", "MINUTE_5", "MINUTE_15", "MINUTE_30", "HOUR", "HOUR_4", "DAY", "WEEK"]
    TransactionTypeName: TypeAlias = Literal[
        "INACTIVITY_FEE",
        "RESERVE",
        "VOID",
        "UNRESERVE",
        "WRITE_OFF_OR_CREDIT",
        "CREDIT_FACILITY",
        "FX_COMMISSION",
        "COMPLAINT_SETTLEMENT",
        "DEPOSIT",
        "WITHDRAWAL",
        "REFUND",
        "WITHDRAWAL_MONEY_BACK",
        "TRADE",
        "SWAP",
        "TRADE_COMMISSION",
        "TRADE_COMMISSION_GSL",
        "NEGATIVE_BALANCE_PROTECTION",
        "TRADE_CORRECTION",
        "CHARGEBACK",
        "ADJUSTMENT",
        "BONUS",
        "TRANSFER",
        "CORPORATE_ACTION",
        "CONVERSION",
        "REBATE",
        "TRADE_SLIPPAGE_PROTECTION",
        "CONVERT",
        "REIMBURSEMENT",
        "DIVIDEND",
        "ACCOUNT_CLOSURE",
    ]

__all__ = ["Histories"]

IN_FLIGHT = 8
"""Calls under way together: enough for ten requests a second when an answer takes most of a second."""


class Histories:
    """The walks over the histories of a market and of an account."""

    @walk
    def candles(
        self,
        epic: str,
        resolution: Resolution | ResolutionName = "MINUTE",
        start: Moment | None = None,
        end: Moment | None = None,
        *,
        last: Duration | None = None,
        after: Candle | datetime | None = None,
        forming: bool = False,
        in_flight: int = IN_FLIGHT,
        progress: bool | None = None,
    ) -> Walking[Candle]:
        """All candles of a market over any span of time, oldest first, each once.

            for candle in capital.candles("SILVER", "HOUR", "2026-01-05", "2026-01-10"):
                print(candle.time, candle.bid.close)

            frame = capital.candles("SILVER", "MINUTE", last=timedelta(days=7)).to_pandas()

        The span takes in what begins at ``start`` and leaves out what begins at ``end``, so that spans can be put
        together. Say where it begins with one of ``start``, ``last`` and ``after``. Closed hours leave gaps; so may
        quiet minutes. The history begins somewhere in the past, later for finer resolutions, and nothing says where: a
        walk that starts before simply begins with the first candle there is.

        Calls: ``general.time`` once, then ``prices.history`` for windows of up to 1000 steps of the resolution. A long
        walk first reads coarser candles, hours for minutes and days for the others, to ask only for times with trading.
        A year of minutes takes some four hundred calls. Each iteration starts anew.

        If its first twelve windows are empty, a walk looks for the beginning of the history by halving, and **a hole of
        twelve windows or more can then be taken for the time before it**: a week of minutes, six of ``MINUTE_5``. What
        is not asked for is logged, as a warning that says from when on there are candles. Spans of up to 11,988 steps
        are asked for in full, whatever is in them.

        Args:
            epic: Epic of the market, upper case.
            resolution: Length of a candle.
            start: Its first instant: an aware datetime, a date (midnight UTC), or text such as ``"2026-01-05"`` or
                ``"5 Jan 2026 14:00Z"``.
            end: The instant at which it is over, as ``start``; None for now, by the server's clock.
            last: Its length in place of its start: a timedelta, or a calendar span such as dateutil's
                ``relativedelta(months=3)``, counted back from the end in UTC.
            after: Go on after this candle, or after the candle that began at this aware datetime. A candle that was
                still forming comes again.
            forming: Give the newest candle even though it is still forming; its ``complete`` is False. By default a
                candle is given when it is over. For days and weeks that is certain when the next one has begun, and
                otherwise an hour late, since around a change of the clocks a day has 25 hours.
            in_flight: How many calls may be under way together, 1 to 16; so many windows are in memory at most.
            progress: A progress bar while a person is looking, that is, on a standard error stream that is a terminal:
                None for one if ``rich`` is installed (``capital-ext[progress]``), True to insist, False for none.

        Returns:
            Rows to iterate over, with ``for`` or ``async for``, or to have as a table: ``to_pandas``, ``to_polars``,
            ``to_arrow``, ``to_csv``, ``to_parquet``.

        Raises:
            InvalidInputError: An argument cannot be used, at once. Nothing was sent.
            NotFoundError: While iterating: ``error.not-found.epic``: no such market.
            CapitalError: While iterating: a call failed, after its retries. What came before was given;
                ``after=`` goes on from there.
        """
        from capital_api.models.resolution import Resolution

        from .candles import Series, walk_candles
        from .columns import CANDLES
        from .spans import span

        series = Series(wire.segment(epic, "epic"), wire.choice(resolution, "resolution", Resolution))
        asked = span(start, end, last, None if after is None else _after(after, series))
        forming, most, shown = wire.flag(forming, "forming"), _in_flight(in_flight), _progress(progress)
        return Walking(lambda: walk_candles(series, asked, forming=forming, in_flight=most, progress=shown), CANDLES)

    @walk
    def iter_activity(
        self,
        start: Moment | None = None,
        end: Moment | None = None,
        *,
        last: Duration | None = None,
        after: Iterable[Activity] | None = None,
        detailed: bool = False,
        deal_id: str | None = None,
        filter_: str | None = None,
        in_flight: int = IN_FLIGHT,
        progress: bool | None = None,
    ) -> Walking[Activity]:
        """What happened to the deals of the active account over any span of time, oldest first, each row once.

            for row in capital.iter_activity("2026-01-01", "2026-02-01", detailed=True):
                print(row.date_utc, row.epic, row.type_, row.status)

        One ``history.activity`` is a day at most and newest first; this is any number of them. The span takes in
        ``start`` and leaves out ``end``. Say where it begins with one of ``start``, ``last`` and ``after``.

        **Rows appear late**, a minute was observed: a walk that ends now may miss the newest. Spans that ended two
        minutes ago are complete, and can be put together. To keep up with the present go on with ``after``: it looks
        two minutes further back than the newest of the rows and leaves out the rows themselves, so that late ones are
        found.

        **A row that says the same as another is left out.** The server may tell a row twice, and rows have no id: so
        two events of one deal at one millisecond that are alike in everything are one row here. With ``detailed``
        there is more to tell them apart by.

        Calls: ``general.time`` once, then ``history.activity`` for each day. What has fifty rows or more is asked for
        again in halves, lest the answer was cut short. Don't switch the account meanwhile: rows would be mixed. Each
        iteration starts anew.

        Args:
            start: Its first instant: an aware datetime, a date (midnight UTC), or text such as ``"2026-01-05"`` or
                ``"5 Jan 2026 14:00Z"``.
            end: The instant at which it is over, as ``start``; None for now, by the server's clock.
            last: Its length in place of its start: a timedelta or a ``relativedelta``, counted back from the end.
            after: Rows of an earlier walk, of which at least those of its last two minutes. Those without details come
                again in a walk that is ``detailed``.
            detailed: Fill ``details`` of each row.
            deal_id: Only rows of this deal.
            filter_: FIQL expression over ``epic``, ``source``, ``status`` and ``type``, as for ``history.activity``.
            in_flight: How many calls may be under way together, 1 to 16.
            progress: A progress bar while a person is looking, as for ``candles``.

        Returns:
            Rows to iterate over, with ``for`` or ``async for``, or to have as a table. In a table the details are
            columns, empty unless they were asked for.

        Raises:
            InvalidInputError: An argument cannot be used, at once. Nothing was sent.
            CapitalError: While iterating: a call failed, after its retries. What came before was given.
        """
        from .columns import ACTIVITIES
        from .diaries import activity_diary, after_rows, walk_diary
        from .spans import span

        diary = activity_diary(
            detailed=wire.flag(detailed, "detailed"),
            deal_id=None if deal_id is None else wire.text(deal_id, "deal_id", minimum=1),
            filter_=None if filter_ is None else wire.text(filter_, "filter_", minimum=1),
        )
        begin, given = (None, frozenset[Hashable]()) if after is None else after_rows(diary, after)
        asked, most, shown = span(start, end, last, begin), _in_flight(in_flight), _progress(progress)
        return Walking(lambda: walk_diary(diary, asked, given=given, in_flight=most, progress=shown), ACTIVITIES)

    @walk
    def iter_transactions(
        self,
        start: Moment | None = None,
        end: Moment | None = None,
        *,
        last: Duration | None = None,
        after: Iterable[Transaction] | None = None,
        type_: TransactionType | TransactionTypeName | None = None,
        in_flight: int = IN_FLIGHT,
        progress: bool | None = None,
    ) -> Walking[Transaction]:
        """The transactions that moved money on the active account over any span of time, oldest first, each once.

            fees = sum(float(row.size) for row in capital.iter_transactions(last=timedelta(days=90), type_="SWAP"))

        One ``history.transactions`` gives about the hundred newest rows and doesn't say what it left out; this walks in
        slices. The span takes in ``start`` and leaves out ``end``. Say where it begins with one of ``start``, ``last``
        and ``after``. Whether transactions appear late is not known; ``after`` assumes that they do, as activities.

        Calls: ``general.time`` once, then ``history.transactions`` for each week. What has fifty rows or more is
        asked for again in halves, and those in theirs, down to a second (so many in one second are logged: a warning).
        Rows of one ``reference`` are one. Don't switch the account meanwhile: rows would be mixed. Each iteration
        starts anew.

        Args:
            start: Its first instant: an aware datetime, a date (midnight UTC), or text such as ``"2026-01-05"`` or
                ``"5 Jan 2026 14:00Z"``.
            end: The instant at which it is over, as ``start``; None for now, by the server's clock.
            last: Its length in place of its start: a timedelta or a ``relativedelta``, counted back from the end.
            after: Rows of an earlier walk, of which at least those of its last two minutes.
            type_: Only transactions of this type.
            in_flight: How many calls may be under way together, 1 to 16.
            progress: A progress bar while a person is looking, as for ``candles``.

        Returns:
            Rows to iterate over, with ``for`` or ``async for``, or to have as a table. ``size``, an amount of money
            that is text in the rows, is a number there.

        Raises:
            InvalidInputError: An argument cannot be used, at once. Nothing was sent.
            CapitalError: While iterating: a call failed, after its retries. What came before was given.
        """
        from capital_api.models.transaction_type import TransactionType

        from .columns import TRANSACTIONS
        from .diaries import after_rows, transaction_diary, walk_diary
        from .spans import span

        diary = transaction_diary(type_=None if type_ is None else wire.choice(type_, "type_", TransactionType))
        begin, given = (None, frozenset[Hashable]()) if after is None else after_rows(diary, after)
        asked, most, shown = span(start, end, last, begin), _in_flight(in_flight), _progress(progress)
        return Walking(lambda: walk_diary(diary, asked, given=given, in_flight=most, progress=shown), TRANSACTIONS)


def _in_flight(count: int) -> int:
    return wire.whole(count, "in_flight", minimum=1, maximum=MOST_IN_FLIGHT)


def _progress(wanted: bool | None) -> bool | None:
    return None if wanted is None else wire.flag(wanted, "progress")


def _after(after: Candle | datetime, series: Series) -> datetime:
    """Where to go on after a candle."""
    from .candle import Candle
    from .spans import instant
    from .windows import SECOND

    if not isinstance(after, Candle):
        return instant(after, "after") + SECOND
    if (after.epic, after.resolution) != (series.epic, series.resolution):
        raise InvalidInputError(f"after is a candle of {after.epic} {after.resolution}, not of {series}")
    return after.time + SECOND if after.complete else after.time
