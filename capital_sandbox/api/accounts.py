"""Accounts, preferences, top-ups, and the two histories."""

from decimal import Decimal

from capital_api import models

from ..accounts import LEVERAGES, Account
from ..activity import parse_filter
from ..currencies import cents
from ..refusals import Refusal
from . import deal_models
from .calls import Call
from .numbers import number

_DAY_SECONDS = 86_400
_LAST_SECOND = 999  # edges are in whole seconds, and the last one counts in full
_MOST_TRANSACTIONS = 100
_TOP_UP_RANGE = Decimal(400_000)
_HIGHEST_BALANCE = Decimal(100_000)


def balance(call: Call, account: Account) -> models.Balance:
    """The four figures of an account."""
    figures = account.balance(call.world.feed, call.now)
    return models.Balance(
        balance=number(figures.balance),
        deposit=number(figures.deposit),
        profit_loss=number(figures.profit_loss),
        available=number(figures.available),
    )


def all_accounts(call: Call) -> models.AccountList:
    """``GET /accounts``."""
    return models.AccountList(
        accounts=[
            models.Account(
                account_id=account.account_id,
                account_name=account.currency,
                status=models.AccountStatus.ENABLED,
                account_type=models.AccountType.CFD,
                preferred=account.preferred,
                balance=balance(call, account),
                currency=account.currency,
                symbol=account.symbol,
            )
            for account in call.customer.accounts.values()
        ]
    )


def preferences(call: Call) -> models.AccountPreferences:
    """``GET /accounts/preferences``."""
    leverages = models.Leverages()
    for group, current in call.account.preferences.leverages.items():
        leverages[group] = models.Leverage(current=current, available=list(LEVERAGES[group]))
    return models.AccountPreferences(hedging_mode=call.account.preferences.hedging, leverages=leverages)


def update_preferences(call: Call) -> models.StatusResult:
    """``PUT /accounts/preferences``: what is left out stays. All of it holds, or nothing."""
    fields = call.request.fields()
    changes = fields.numbers("leverages", "error.invalid.leverage.value")
    hedging = fields.flag("hedgingMode", call.account.preferences.hedging)
    for group, leverage in changes.items():
        if leverage not in LEVERAGES.get(group, ()):
            raise Refusal(400, "error.invalid.leverage.value")
    call.account.preferences.hedging = hedging
    call.account.preferences.leverages.update({group: int(leverage) for group, leverage in changes.items()})
    return models.StatusResult(status="SUCCESS")


def top_up(call: Call) -> models.TopUpResult:
    """``POST /accounts/topUp``: play money, in or out."""
    amount = cents(call.request.fields().number("amount"))
    if call.customer.live:
        raise Refusal(400, "error.invalid.account")
    account = call.account
    if not amount or abs(amount) > _TOP_UP_RANGE or account.ledger.deposit + amount < 0:
        raise Refusal(400, "error.invalid.amount")
    figures = account.balance(call.world.feed, call.now)
    if amount < 0 and figures.available + amount < 0:  # what secures open positions stays
        raise Refusal(400, "error.invalid.amount")
    if figures.balance + amount > _HIGHEST_BALANCE:
        raise Refusal(400, "error.account.limit.reached")
    call.world.limits.top_up(account.account_id, call.now)
    kind, note = ("DEPOSIT", "Deposit") if amount > 0 else ("WITHDRAWAL", "Withdrawal")
    account.ledger.book(call.now, kind, note, amount)
    return models.TopUpResult(successful=True)


def activity(call: Call) -> models.ActivityList:
    """``GET /history/activity``: at most a day, newest first."""
    start, end = _last_day(call)
    wanted, deal_id = parse_filter(call.some("filter") or ""), call.some("dealId")
    detailed = call.flag("detailed")
    return models.ActivityList(
        activities=[
            deal_models.activity(call, row, detailed=detailed)
            for row in reversed(call.account.activity)
            if start <= row.time <= end and deal_id in (None, row.deal_id) and wanted(row)
        ]
    )


def transactions(call: Call) -> models.TransactionList:
    """``GET /history/transactions``: the newest hundred of the window."""
    start, end = _any_span(call)
    kind = call.request.parameters.get("type")
    rows = [
        row
        for row in reversed(call.account.ledger.transactions)
        if start <= row.time <= end and kind in (None, row.kind)
    ]
    return models.TransactionList(
        transactions=[deal_models.transaction(call, row) for row in rows[:_MOST_TRANSACTIONS]]
    )


def _last_day(call: Call) -> tuple[int, int]:
    """The window of the activity history: a day at most, and a day when only one edge is given."""
    start, end = call.instant("from"), call.instant("to")
    if start is None and end is None:
        return _last_period(call, _DAY_SECONDS)
    if end is not None and end > call.now:
        raise Refusal(400, "error.invalid.daterange")
    day = _DAY_SECONDS * 1000
    start = (end or 0) - day if start is None else start
    end = start + day if end is None else end
    if start > end or start > call.now or end - start > day:
        raise Refusal(400, "error.invalid.daterange")
    return start, end + _LAST_SECOND


def _any_span(call: Call) -> tuple[int, int]:
    """The window of the transaction history, which has no longest span."""
    start, end = call.instant("from"), call.instant("to")
    if start is None and end is None:
        return _last_period(call, None)
    start, end = start or 0, call.now if end is None else end
    if start > end:
        raise Refusal(400, "error.invalid.daterange")
    return start, end + _LAST_SECOND


def _last_period(call: Call, longest: int | None) -> tuple[int, int]:
    return call.now - 1000 * call.whole("lastPeriod", 600, 1, longest), call.now
