"""``capital.history``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.transaction_type import TransactionType
from ...types import UNSET
from . import history_activity, history_transactions

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.activity_list import ActivityList
    from ...models.transaction_list import TransactionList

__all__ = ["AsyncHistoryApi", "HistoryApi"]


class HistoryApi:
    """What happened: the trading activity and the transactions that moved money.

    Neither call is paged. Walk long spans in slices: at most one day for the activity, about a week for the
    transactions."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def activity(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        last_period: int | None = None,
        detailed: bool | None = None,
        deal_id: str | None = None,
        filter_: str | None = None,
    ) -> ActivityList:
        """Get what happened to deals, newest first.

        At most one day per call: give `from` and `to`, one of them, or `lastPeriod`. Rows have no id of
        their own; the deal id, the UTC date and the type together identify one. A row can appear about a
        minute after the event (observed, not documented). When a working order fills there are two rows:
        the order, executed, and the new position under its own deal id.

        ``GET /api/v1/history/activity``

        Args:
            from_: UTC. Start of the range, compared with `dateUTC`. With `from` alone the range is the day
                that follows it.
            to: UTC. End of the range, compared with `dateUTC`; at most one day after `from`. With `to`
                alone the range is the day before it.
            last_period: Seconds back from now, at most 86400. The server takes 600 when nothing is given,
                and ignores this when there is a range.
            detailed: Fill `details` of each row. The server takes false when nothing is given.
            deal_id: Only rows of this deal.
            filter_: FIQL expression over `epic`, `source`, `status` and `type`. `==` is equal, `!=` is not
                equal, a comma lists alternative values, a semicolon joins conditions that must all hold.
                Example: `type==POSITION;source!=USER;epic==GOLD,SILVER`.

        Raises:
            BadRequestError: ``error.invalid.from``: `from` is malformed or carries a zone.
            BadRequestError: ``error.invalid.to``: `to` is malformed or carries a zone.
            BadRequestError: ``error.invalid.daterange``: `from` is after `to`, the range lies in the
                future, or it is longer than one day.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "ActivityList",
            self._call(
                history_activity._get_kwargs(
                    from_=UNSET if from_ is None else wire.aware(from_, "from_"),
                    to=UNSET if to is None else wire.aware(to, "to"),
                    last_period=UNSET
                    if last_period is None
                    else wire.whole(last_period, "last_period", minimum=1, maximum=86400),
                    detailed=UNSET if detailed is None else wire.flag(detailed, "detailed"),
                    deal_id=UNSET if deal_id is None else wire.text(deal_id, "deal_id", minimum=1),
                    filter_=UNSET if filter_ is None else wire.text(filter_, "filter_", minimum=1),
                ),
                history_activity._parse_response,
                ok=(200,),
            ),
        )

    def transactions(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        last_period: int | None = None,
        type_: TransactionType
        | Literal[
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
        | None = None,
    ) -> TransactionList:
        """Get the transactions that moved money.

        Trades, overnight fees, deposits and the like of the active account. Broad ranges return only about
        the hundred newest rows (observed, not documented): walk long spans in slices of at most a week and
        drop repeated `reference` values.

        ``GET /api/v1/history/transactions``

        Args:
            from_: UTC. Start of the range, compared with `dateUtc`.
            to: UTC. End of the range, compared with `dateUtc`.
            last_period: Seconds back from now. The server takes 600 when nothing is given, and ignores this
                when there is a range.
            type_: Only transactions of this type.

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "TransactionList",
            self._call(
                history_transactions._get_kwargs(
                    from_=UNSET if from_ is None else wire.aware(from_, "from_"),
                    to=UNSET if to is None else wire.aware(to, "to"),
                    last_period=UNSET
                    if last_period is None
                    else wire.whole(last_period, "last_period", minimum=1),
                    type_=UNSET if type_ is None else wire.choice(type_, "type_", TransactionType),
                ),
                history_transactions._parse_response,
                ok=(200,),
            ),
        )


class AsyncHistoryApi:
    """What happened: the trading activity and the transactions that moved money.

    Neither call is paged. Walk long spans in slices: at most one day for the activity, about a week for the
    transactions."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def activity(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        last_period: int | None = None,
        detailed: bool | None = None,
        deal_id: str | None = None,
        filter_: str | None = None,
    ) -> ActivityList:
        """Get what happened to deals, newest first.

        At most one day per call: give `from` and `to`, one of them, or `lastPeriod`. Rows have no id of
        their own; the deal id, the UTC date and the type together identify one. A row can appear about a
        minute after the event (observed, not documented). When a working order fills there are two rows:
        the order, executed, and the new position under its own deal id.

        ``GET /api/v1/history/activity``

        Args:
            from_: UTC. Start of the range, compared with `dateUTC`. With `from` alone the range is the day
                that follows it.
            to: UTC. End of the range, compared with `dateUTC`; at most one day after `from`. With `to`
                alone the range is the day before it.
            last_period: Seconds back from now, at most 86400. The server takes 600 when nothing is given,
                and ignores this when there is a range.
            detailed: Fill `details` of each row. The server takes false when nothing is given.
            deal_id: Only rows of this deal.
            filter_: FIQL expression over `epic`, `source`, `status` and `type`. `==` is equal, `!=` is not
                equal, a comma lists alternative values, a semicolon joins conditions that must all hold.
                Example: `type==POSITION;source!=USER;epic==GOLD,SILVER`.

        Raises:
            BadRequestError: ``error.invalid.from``: `from` is malformed or carries a zone.
            BadRequestError: ``error.invalid.to``: `to` is malformed or carries a zone.
            BadRequestError: ``error.invalid.daterange``: `from` is after `to`, the range lies in the
                future, or it is longer than one day.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "ActivityList",
            await self._call(
                history_activity._get_kwargs(
                    from_=UNSET if from_ is None else wire.aware(from_, "from_"),
                    to=UNSET if to is None else wire.aware(to, "to"),
                    last_period=UNSET
                    if last_period is None
                    else wire.whole(last_period, "last_period", minimum=1, maximum=86400),
                    detailed=UNSET if detailed is None else wire.flag(detailed, "detailed"),
                    deal_id=UNSET if deal_id is None else wire.text(deal_id, "deal_id", minimum=1),
                    filter_=UNSET if filter_ is None else wire.text(filter_, "filter_", minimum=1),
                ),
                history_activity._parse_response,
                ok=(200,),
            ),
        )

    async def transactions(
        self,
        *,
        from_: datetime.datetime | None = None,
        to: datetime.datetime | None = None,
        last_period: int | None = None,
        type_: TransactionType
        | Literal[
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
        | None = None,
    ) -> TransactionList:
        """Get the transactions that moved money.

        Trades, overnight fees, deposits and the like of the active account. Broad ranges return only about
        the hundred newest rows (observed, not documented): walk long spans in slices of at most a week and
        drop repeated `reference` values.

        ``GET /api/v1/history/transactions``

        Args:
            from_: UTC. Start of the range, compared with `dateUtc`.
            to: UTC. End of the range, compared with `dateUtc`.
            last_period: Seconds back from now. The server takes 600 when nothing is given, and ignores this
                when there is a range.
            type_: Only transactions of this type.

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "TransactionList",
            await self._call(
                history_transactions._get_kwargs(
                    from_=UNSET if from_ is None else wire.aware(from_, "from_"),
                    to=UNSET if to is None else wire.aware(to, "to"),
                    last_period=UNSET
                    if last_period is None
                    else wire.whole(last_period, "last_period", minimum=1),
                    type_=UNSET if type_ is None else wire.choice(type_, "type_", TransactionType),
                ),
                history_transactions._parse_response,
                ok=(200,),
            ),
        )
