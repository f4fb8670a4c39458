"""``capital.session``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.login_request import LoginRequest
from ...models.switch_account_request import SwitchAccountRequest
from ...types import UNSET
from . import session_close, session_create, session_encryption_key, session_get, session_switch

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.encryption_key import EncryptionKey
    from ...models.login_result import LoginResult
    from ...models.session_details import SessionDetails
    from ...models.status_result import StatusResult
    from ...models.switch_account_result import SwitchAccountResult

__all__ = ["AsyncSessionApi", "SessionApi"]


class SessionApi:
    """Logging in, switching the account, logging out. The client does all of this by itself.

    Of these only `get` and `switch` are of everyday use: which account is active, and trade on another one."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def encryption_key(
        self,
    ) -> EncryptionKey:
        """Get the key to encrypt the password with.

        Needs the API key and no session. The key is RSA with 2048 bits. Encrypt the base64 form of
        `password|timeStamp` with PKCS#1 v1.5 padding, encode the result in base64 and send it as `password`
        together with `encryptedPassword`. The client does this for you when it logs in.

        ``GET /api/v1/session/encryptionKey``

        Raises:
            BadRequestError: ``error.null.api.key``: The API key header is missing.
            AuthenticationError: ``error.invalid.api.key``: The key is unknown here, or belongs to the other
                environment.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "EncryptionKey",
            self._call(
                session_encryption_key._get_kwargs(),
                session_encryption_key._parse_response,
                ok=(200,),
            ),
        )

    def get(
        self,
    ) -> SessionDetails:
        """Get the session, with its active account.

        The reliable way to learn which account orders go to, and how many hours account-local times are
        away from UTC.

        ``GET /api/v1/session``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "SessionDetails",
            self._call(
                session_get._get_kwargs(),
                session_get._parse_response,
                ok=(200,),
            ),
        )

    def switch(
        self,
        *,
        account_id: str,
    ) -> SwitchAccountResult:
        """Make another account the active one.

        Holds for this session only. The server issues a new security token with the answer and stops the
        streams of this session; they have to be connected again. A later login starts on the preferred
        account once more; the client then restores the account chosen here. The client never sends it twice
        unless the first one certainly was not executed; repeating it is harmless, the server then answers
        `error.not-different.accountId`.

        ``PUT /api/v1/session``

        Args:
            account_id: Id of one of the login's accounts.

        Raises:
            BadRequestError: ``error.invalid.accountId``: This login has no such account.
            BadRequestError: ``error.not-different.accountId``: The account is active already. Take it as
                success.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "SwitchAccountResult",
            self._call(
                session_switch._get_kwargs(
                    body=SwitchAccountRequest(
                        account_id=wire.text(account_id, "account_id", minimum=1),
                    ),
                ),
                session_switch._parse_response,
                ok=(200,),
            ),
        )

    def create(
        self,
        *,
        identifier: str,
        password: str,
        encrypted_password: bool | None = None,
    ) -> LoginResult:
        """Log in.

        Opens a session on the preferred account and returns its tokens in the response headers. At most one
        login a second per API key. The answer is JSON although it is labelled `text/plain`. The client logs
        in by itself when it has to; call this only to look at the answer. The client never sends it twice
        unless the first one certainly was not executed: a second login opens a second session, and the
        first one stays usable (observed, not documented).

        ``POST /api/v1/session``

        Args:
            identifier: The e-mail address of the login.
            password: The custom password of the API key, not the one of the trading platform. Either as it
                is, or encrypted together with `encryptedPassword`.
            encrypted_password: Whether `password` is encrypted. The server takes false when nothing is
                given.

        Raises:
            BadRequestError: ``error.null.api.key``: The API key header is missing.
            AuthenticationError: ``error.invalid.details``: The identifier or the key's custom password is
                wrong, or the password belongs to another key.
            AuthenticationError: ``error.invalid.api.key``: The key is unknown here, or belongs to the other
                environment.
            AuthenticationError: ``error.null.accountId``: This login has no account in this environment,
                for example a live key on demo.
            AuthenticationError: ``error.invalid.session.token``: Tokens of an ended session were sent along
                with the login; send none.
            RateLimitError: ``error.too-many.requests``: More than one login a second with this key. Wait
                longer each time.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "LoginResult",
            self._call(
                session_create._get_kwargs(
                    body=LoginRequest(
                        identifier=wire.text(identifier, "identifier", minimum=1),
                        password=wire.text(password, "password", minimum=1),
                        encrypted_password=UNSET
                        if encrypted_password is None
                        else wire.flag(encrypted_password, "encrypted_password"),
                    ),
                ),
                session_create._parse_response,
                ok=(200,),
            ),
        )

    def close(
        self,
    ) -> StatusResult:
        """Log out.

        Ends the current session; its tokens stop working. Positions and orders are not touched. The answer
        is JSON although it is labelled `text/plain`. The client never sends it twice unless the first one
        certainly was not executed.

        ``DELETE /api/v1/session``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            self._call(
                session_close._get_kwargs(),
                session_close._parse_response,
                ok=(200,),
            ),
        )


class AsyncSessionApi:
    """Logging in, switching the account, logging out. The client does all of this by itself.

    Of these only `get` and `switch` are of everyday use: which account is active, and trade on another one."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def encryption_key(
        self,
    ) -> EncryptionKey:
        """Get the key to encrypt the password with.

        Needs the API key and no session. The key is RSA with 2048 bits. Encrypt the base64 form of
        `password|timeStamp` with PKCS#1 v1.5 padding, encode the result in base64 and send it as `password`
        together with `encryptedPassword`. The client does this for you when it logs in.

        ``GET /api/v1/session/encryptionKey``

        Raises:
            BadRequestError: ``error.null.api.key``: The API key header is missing.
            AuthenticationError: ``error.invalid.api.key``: The key is unknown here, or belongs to the other
                environment.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "EncryptionKey",
            await self._call(
                session_encryption_key._get_kwargs(),
                session_encryption_key._parse_response,
                ok=(200,),
            ),
        )

    async def get(
        self,
    ) -> SessionDetails:
        """Get the session, with its active account.

        The reliable way to learn which account orders go to, and how many hours account-local times are
        away from UTC.

        ``GET /api/v1/session``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "SessionDetails",
            await self._call(
                session_get._get_kwargs(),
                session_get._parse_response,
                ok=(200,),
            ),
        )

    async def switch(
        self,
        *,
        account_id: str,
    ) -> SwitchAccountResult:
        """Make another account the active one.

        Holds for this session only. The server issues a new security token with the answer and stops the
        streams of this session; they have to be connected again. A later login starts on the preferred
        account once more; the client then restores the account chosen here. The client never sends it twice
        unless the first one certainly was not executed; repeating it is harmless, the server then answers
        `error.not-different.accountId`.

        ``PUT /api/v1/session``

        Args:
            account_id: Id of one of the login's accounts.

        Raises:
            BadRequestError: ``error.invalid.accountId``: This login has no such account.
            BadRequestError: ``error.not-different.accountId``: The account is active already. Take it as
                success.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "SwitchAccountResult",
            await self._call(
                session_switch._get_kwargs(
                    body=SwitchAccountRequest(
                        account_id=wire.text(account_id, "account_id", minimum=1),
                    ),
                ),
                session_switch._parse_response,
                ok=(200,),
            ),
        )

    async def create(
        self,
        *,
        identifier: str,
        password: str,
        encrypted_password: bool | None = None,
    ) -> LoginResult:
        """Log in.

        Opens a session on the preferred account and returns its tokens in the response headers. At most one
        login a second per API key. The answer is JSON although it is labelled `text/plain`. The client logs
        in by itself when it has to; call this only to look at the answer. The client never sends it twice
        unless the first one certainly was not executed: a second login opens a second session, and the
        first one stays usable (observed, not documented).

        ``POST /api/v1/session``

        Args:
            identifier: The e-mail address of the login.
            password: The custom password of the API key, not the one of the trading platform. Either as it
                is, or encrypted together with `encryptedPassword`.
            encrypted_password: Whether `password` is encrypted. The server takes false when nothing is
                given.

        Raises:
            BadRequestError: ``error.null.api.key``: The API key header is missing.
            AuthenticationError: ``error.invalid.details``: The identifier or the key's custom password is
                wrong, or the password belongs to another key.
            AuthenticationError: ``error.invalid.api.key``: The key is unknown here, or belongs to the other
                environment.
            AuthenticationError: ``error.null.accountId``: This login has no account in this environment,
                for example a live key on demo.
            AuthenticationError: ``error.invalid.session.token``: Tokens of an ended session were sent along
                with the login; send none.
            RateLimitError: ``error.too-many.requests``: More than one login a second with this key. Wait
                longer each time.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "LoginResult",
            await self._call(
                session_create._get_kwargs(
                    body=LoginRequest(
                        identifier=wire.text(identifier, "identifier", minimum=1),
                        password=wire.text(password, "password", minimum=1),
                        encrypted_password=UNSET
                        if encrypted_password is None
                        else wire.flag(encrypted_password, "encrypted_password"),
                    ),
                ),
                session_create._parse_response,
                ok=(200,),
            ),
        )

    async def close(
        self,
    ) -> StatusResult:
        """Log out.

        Ends the current session; its tokens stop working. Positions and orders are not touched. The answer
        is JSON although it is labelled `text/plain`. The client never sends it twice unless the first one
        certainly was not executed.

        ``DELETE /api/v1/session``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            await self._call(
                session_close._get_kwargs(),
                session_close._parse_response,
                ok=(200,),
            ),
        )
