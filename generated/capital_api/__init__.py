"""The typed low-level client of the Capital.com trading API. Generated; do not edit.

Specification 1.0.1, openapi-python-client 0.29.1. Regenerate with ``scripts/regen.sh``.
"""

from .api import Api, AsyncApi
from .client import AuthenticatedClient, Client
from .errors import ApiError, CapitalError
from .types import UNSET, Unset

__all__ = ("UNSET", "Api", "ApiError", "AsyncApi", "AuthenticatedClient", "CapitalError", "Client", "Unset")
