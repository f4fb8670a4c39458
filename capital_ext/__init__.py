"""capital_ext: the Capital.com trading API with a session that takes care of itself.

    from capital_ext import Capital

    with Capital() as capital:
        print(capital.markets.get("SILVER").snapshot.bid)

`Capital` and `AsyncCapital` are the two clients, `Credentials` and `Environment` say who and where, `CapitalAuth` is
the session on its own for any httpx client, and every error is a `CapitalError`. The types of all answers are in
``capital_ext.models``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from capital_api import UNSET, Unset

from . import models
from .auth import CapitalAuth
from .client import AsyncCapital, Capital
from .credentials import Credentials, Environment
from .encryption import encrypt_password
from .errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    CapitalError,
    DealRejectedError,
    InvalidInputError,
    LoginError,
    NotExecutedError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseParseError,
    ServerError,
    SlowConsumerError,
    SubscriptionRefusedError,
    TransportError,
)
from .policy import Retries
from .quota import Quota

if TYPE_CHECKING:
    from .deal import Deal, NotExecuted
    from .deals import Problem
    from .history.candle import Candle, Ohlc
    from .markets.sheet import MarketSheet
    from .rows import AsyncRows, Rows
    from .stream.events import Gap, Notice, Quote, Reconnected, Stale, StreamEvent, Topic
    from .stream.streams import AsyncStream, AsyncSubscription, Stream, Subscription

_ON_FIRST_USE = {
    "AsyncRows": "rows",
    "AsyncStream": "stream.streams",
    "AsyncSubscription": "stream.streams",
    "Candle": "history.candle",
    "Deal": "deal",
    "Gap": "stream.events",
    "MarketSheet": "markets.sheet",
    "NotExecuted": "deal",
    "Notice": "stream.events",
    "Ohlc": "history.candle",
    "Problem": "deals",
    "Quote": "stream.events",
    "Reconnected": "stream.events",
    "Rows": "rows",
    "Stale": "stream.events",
    "Stream": "stream.streams",
    "StreamEvent": "stream.events",
    "Subscription": "stream.streams",
    "Topic": "stream.events",
}
"""What methods return, and few programs name: imported when somebody does."""


def __getattr__(name: str) -> object:
    if name in _ON_FIRST_USE:
        return getattr(import_module(f".{_ON_FIRST_USE[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "UNSET",
    "ApiError",
    "AsyncCapital",
    "AsyncRows",
    "AsyncStream",
    "AsyncSubscription",
    "AuthenticationError",
    "BadRequestError",
    "Candle",
    "Capital",
    "CapitalAuth",
    "CapitalError",
    "Credentials",
    "Deal",
    "DealRejectedError",
    "Environment",
    "Gap",
    "InvalidInputError",
    "LoginError",
    "MarketSheet",
    "NotExecuted",
    "NotExecutedError",
    "NotFoundError",
    "NotSentError",
    "Notice",
    "Ohlc",
    "OutcomeUnknownError",
    "Problem",
    "Quota",
    "Quote",
    "RateLimitError",
    "Reconnected",
    "ResponseParseError",
    "Retries",
    "Rows",
    "ServerError",
    "SlowConsumerError",
    "Stale",
    "Stream",
    "StreamEvent",
    "Subscription",
    "SubscriptionRefusedError",
    "Topic",
    "TransportError",
    "Unset",
    "encrypt_password",
    "models",
]
