"""Who logs in, and where."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from .errors import InvalidInputError


class Environment(Enum):
    """The two Capital.com environments. An API key works on the one whose account it was made for."""

    DEMO = "https://demo-api-capital.backend-capital.com"
    LIVE = "https://api-capital.backend-capital.com"

    @property
    def base_url(self) -> str:
        """Scheme and host, without a path."""
        return self.value


@frozen
class Credentials:
    """An API key and its login. The key and the password are in no repr, log or error.

    Args:
        api_key: The key made under Settings > API integrations on Capital.com.
        identifier: The e-mail address of the login.
        password: The custom password that was set for *this key*, not the password of the platform.

    Raises:
        InvalidInputError: One of them is empty, or the key is not printable ASCII.
    """

    api_key: str = field(repr=False)
    identifier: str
    password: str = field(repr=False)

    def __attrs_post_init__(self) -> None:
        for name in ("api_key", "identifier", "password"):
            value: object = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise InvalidInputError(f"credentials: {name} is empty or no string")
            if any("\ud800" <= character <= "\udfff" for character in value):  # from a variable in another encoding
                raise InvalidInputError(f"credentials: {name} has characters that cannot be written as UTF-8")
        if not (self.api_key.isascii() and self.api_key.isprintable() and " " not in self.api_key):
            raise InvalidInputError("credentials: api_key has characters that no key has; was it copied whole?")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Credentials:
        """Read ``CAPITAL_API_KEY``, ``CAPITAL_IDENTIFIER`` and ``CAPITAL_PASSWORD``.

        Args:
            environ: Where to read from, instead of the process's environment.

        Raises:
            InvalidInputError: One of them is missing or empty; the message names it.
        """
        source = os.environ if environ is None else environ
        names = ("CAPITAL_API_KEY", "CAPITAL_IDENTIFIER", "CAPITAL_PASSWORD")
        missing = [name for name in names if not source.get(name)]
        if missing:
            raise InvalidInputError(
                f"no credentials: set {' and '.join(missing)}, or pass Credentials(api_key, identifier, password)"
            )
        return cls(*(source[name] for name in names))
