from __future__ import annotations

from enum import StrEnum


class RejectReason(StrEnum):
    """Why a deal was refused. RC_NOT_ENOUGH_MARGIN and RISK_CHECK have been seen; the rest is what the engine is
    known to use. Expect values that are not listed.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    CLOSED_MARKET = "CLOSED_MARKET"
    """The market is closed."""
    CLOSE_ONLY = "CLOSE_ONLY"
    """Positions in this market can only be closed."""
    ENGINE_BUSY = "ENGINE_BUSY"
    """The server was too busy."""
    HEDGING_MODE_GSL = "HEDGING_MODE_GSL"
    """Guaranteed stops do not go together with hedging."""
    INSTRUMENT_NOT_AVAILABLE = "INSTRUMENT_NOT_AVAILABLE"
    INSTRUMENT_NOT_FOUND = "INSTRUMENT_NOT_FOUND"
    INVALID_ORDER = "INVALID_ORDER"
    INVALID_ORDER_QTY = "INVALID_ORDER_QTY"
    """The size is not valid."""
    INVALID_PRICE = "INVALID_PRICE"
    """The price is not valid."""
    LONG_ONLY = "LONG_ONLY"
    """Only long positions can be opened in this market."""
    OFF_MARKET = "OFF_MARKET"
    ORDER_NOT_FOUND = "ORDER_NOT_FOUND"
    """The order is gone."""
    ORIGINAL_GSL_UPDATE = "ORIGINAL_GSL_UPDATE"
    POSITION_NOT_FOUND = "POSITION_NOT_FOUND"
    """The position is gone."""
    RC_INSTRUMENT_CLIENT_MOP = "RC_INSTRUMENT_CLIENT_MOP"
    RC_INSTRUMENT_GLOBAL_MOP = "RC_INSTRUMENT_GLOBAL_MOP"
    RC_NOT_ENOUGH_MARGIN = "RC_NOT_ENOUGH_MARGIN"
    """Not enough free margin on the account."""
    RC_NOT_FOUND = "RC_NOT_FOUND"
    RC_NO_RATES = "RC_NO_RATES"
    """There are no prices."""
    RC_SETTLEMENT = "RC_SETTLEMENT"
    RC_UNKNOWN = "RC_UNKNOWN"
    REQUIRED_GSL = "REQUIRED_GSL"
    """A guaranteed stop is required."""
    RISK_CHECK = "RISK_CHECK"
    """A risk check of the server refused the deal."""
    THROTTLING = "THROTTLING"
    """Too many requests in a short time."""
    UNKNOWN = "UNKNOWN"

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> RejectReason:
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
