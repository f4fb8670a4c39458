from __future__ import annotations

from enum import StrEnum


class TransactionType(StrEnum):
    """What money was moved for: TRADE for the result of a closed deal, SWAP for overnight fees, DEPOSIT, WITHDRAWAL
    and many more. CONVERT, REIMBURSEMENT, DIVIDEND and ACCOUNT_CLOSURE belong to older versions.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    INACTIVITY_FEE = "INACTIVITY_FEE"
    RESERVE = "RESERVE"
    VOID = "VOID"
    UNRESERVE = "UNRESERVE"
    WRITE_OFF_OR_CREDIT = "WRITE_OFF_OR_CREDIT"
    CREDIT_FACILITY = "CREDIT_FACILITY"
    FX_COMMISSION = "FX_COMMISSION"
    COMPLAINT_SETTLEMENT = "COMPLAINT_SETTLEMENT"
    DEPOSIT = "DEPOSIT"
    """Money paid in."""
    WITHDRAWAL = "WITHDRAWAL"
    """Money paid out."""
    REFUND = "REFUND"
    WITHDRAWAL_MONEY_BACK = "WITHDRAWAL_MONEY_BACK"
    TRADE = "TRADE"
    """The result of a closed deal."""
    SWAP = "SWAP"
    """An overnight fee."""
    TRADE_COMMISSION = "TRADE_COMMISSION"
    TRADE_COMMISSION_GSL = "TRADE_COMMISSION_GSL"
    """The price of a guaranteed stop."""
    NEGATIVE_BALANCE_PROTECTION = "NEGATIVE_BALANCE_PROTECTION"
    """A negative balance was lifted to zero."""
    TRADE_CORRECTION = "TRADE_CORRECTION"
    CHARGEBACK = "CHARGEBACK"
    ADJUSTMENT = "ADJUSTMENT"
    BONUS = "BONUS"
    TRANSFER = "TRANSFER"
    CORPORATE_ACTION = "CORPORATE_ACTION"
    CONVERSION = "CONVERSION"
    REBATE = "REBATE"
    TRADE_SLIPPAGE_PROTECTION = "TRADE_SLIPPAGE_PROTECTION"
    CONVERT = "CONVERT"
    """Older versions only."""
    REIMBURSEMENT = "REIMBURSEMENT"
    """Older versions only."""
    DIVIDEND = "DIVIDEND"
    """Older versions only."""
    ACCOUNT_CLOSURE = "ACCOUNT_CLOSURE"
    """Older versions only."""

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> TransactionType:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not a valid {cls.__name__}")
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether this version knows the value."""
        return self._value_ in type(self)._value2member_map_
