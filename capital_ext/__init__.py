"""capital_ext: the Capital.com trading API with a session that takes care of itself.

    from capital_ext import Capital

    with Capital() as capital:
        print(capital.markets.get("SILVER").snapshot.bid)

`Capital` and `AsyncCapital` are the two clients, `Credentials` and `Environment` say who and where, `CapitalAuth` is
the session on its own for any httpx client, and every error is a `CapitalError`. The types of all answers are in
``capital_ext.models``.
"""

from capital_api import UNSET, Unset

from . import models
from .auth import CapitalAuth
from .client import AsyncCapital, Capital
from .credentials import Credentials, Environment
from .deal import Deal, NotExecuted
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
    TransportError,
)
from .policy import Retries
from .quota import Quota

__all__ = [
    "UNSET",
    "ApiError",
    "AsyncCapital",
    "AuthenticationError",
    "BadRequestError",
    "Capital",
    "CapitalAuth",
    "CapitalError",
    "Credentials",
    "Deal",
    "DealRejectedError",
    "Environment",
    "InvalidInputError",
    "LoginError",
    "NotExecuted",
    "NotExecutedError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "Quota",
    "RateLimitError",
    "ResponseParseError",
    "Retries",
    "ServerError",
    "TransportError",
    "Unset",
    "encrypt_password",
    "models",
]
