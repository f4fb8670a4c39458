"""``capital.accounts``. Generated; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ... import wire
from ...models.leverage_changes import LeverageChanges
from ...models.top_up_request import TopUpRequest
from ...models.update_preferences_request import UpdatePreferencesRequest
from ...types import UNSET
from . import accounts_all, accounts_preferences, accounts_top_up, accounts_update_preferences

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from ...calls import AsyncCall, Call
    from ...models.account_list import AccountList
    from ...models.account_preferences import AccountPreferences
    from ...models.status_result import StatusResult
    from ...models.top_up_result import TopUpResult

__all__ = ["AsyncAccountsApi", "AccountsApi"]


class AccountsApi:
    """The accounts of this login with their balances, leverage and hedging preferences, and demo top-ups."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def all(
        self,
    ) -> AccountList:
        """Get all accounts with their balances.

        All accounts of this login in this environment. `preferred` marks the account that a new login
        starts on; it need not be the active one, which `capital.session.get()` tells.

        ``GET /api/v1/accounts``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "AccountList",
            self._call(
                accounts_all._get_kwargs(),
                accounts_all._parse_response,
                ok=(200,),
            ),
        )

    def preferences(
        self,
    ) -> AccountPreferences:
        """Get the leverage and hedging preferences.

        Of the active account. The leverage here, and not a market's margin factor, decides your margin.

        ``GET /api/v1/accounts/preferences``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "AccountPreferences",
            self._call(
                accounts_preferences._get_kwargs(),
                accounts_preferences._parse_response,
                ok=(200,),
            ),
        )

    def update_preferences(
        self,
        *,
        leverages: Mapping[str, int] | None = None,
        hedging_mode: bool | None = None,
    ) -> StatusResult:
        """Change the leverage or the hedging mode.

        Of the active account. What you leave out stays as it is. Send only leverages that `preferences()`
        lists as available. The client never sends it twice unless the first one certainly was not executed;
        repeating it sets the same values again.

        ``PUT /api/v1/accounts/preferences``

        Args:
            leverages: New leverages. Groups that are left out stay as they are.
            hedging_mode: True: opposite positions in one market stand side by side, and guaranteed stops
                are not possible. False: an opposite order reduces the position. Stays as it is when left out.

        Raises:
            BadRequestError: ``error.invalid.leverage.value``: The leverage is not among those available for
                the group.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            self._call(
                accounts_update_preferences._get_kwargs(
                    body=UpdatePreferencesRequest(
                        leverages=UNSET
                        if leverages is None
                        else LeverageChanges.from_dict(wire.mapping(leverages, "leverages")),
                        hedging_mode=UNSET
                        if hedging_mode is None
                        else wire.flag(hedging_mode, "hedging_mode"),
                    ),
                ),
                accounts_update_preferences._parse_response,
                ok=(200,),
            ),
        )

    def top_up(
        self,
        *,
        amount: float,
    ) -> TopUpResult:
        """Add virtual money to the active demo account.

        Demo only. A negative amount takes money away. At most 10 calls a second and 100 a day, and the
        balance may not exceed 100 000. The client never sends it twice unless the first one certainly was
        not executed: each call changes the balance.

        ``POST /api/v1/accounts/topUp``

        Args:
            amount: Amount in the account's currency, -400000 to 400000. Negative takes money away.

        Raises:
            BadRequestError: ``error.invalid.account``: The active account is not a demo account.
            BadRequestError: ``error.invalid.amount``: The amount is outside -400000 to 400000.
            BadRequestError: ``error.account.limit.reached``: The balance would exceed 100 000.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "TopUpResult",
            self._call(
                accounts_top_up._get_kwargs(
                    body=TopUpRequest(
                        amount=wire.number(amount, "amount", minimum=-400000, maximum=400000),
                    ),
                ),
                accounts_top_up._parse_response,
                ok=(200,),
            ),
        )


class AsyncAccountsApi:
    """The accounts of this login with their balances, leverage and hedging preferences, and demo top-ups."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def all(
        self,
    ) -> AccountList:
        """Get all accounts with their balances.

        All accounts of this login in this environment. `preferred` marks the account that a new login
        starts on; it need not be the active one, which `capital.session.get()` tells.

        ``GET /api/v1/accounts``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "AccountList",
            await self._call(
                accounts_all._get_kwargs(),
                accounts_all._parse_response,
                ok=(200,),
            ),
        )

    async def preferences(
        self,
    ) -> AccountPreferences:
        """Get the leverage and hedging preferences.

        Of the active account. The leverage here, and not a market's margin factor, decides your margin.

        ``GET /api/v1/accounts/preferences``

        Raises:
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "AccountPreferences",
            await self._call(
                accounts_preferences._get_kwargs(),
                accounts_preferences._parse_response,
                ok=(200,),
            ),
        )

    async def update_preferences(
        self,
        *,
        leverages: Mapping[str, int] | None = None,
        hedging_mode: bool | None = None,
    ) -> StatusResult:
        """Change the leverage or the hedging mode.

        Of the active account. What you leave out stays as it is. Send only leverages that `preferences()`
        lists as available. The client never sends it twice unless the first one certainly was not executed;
        repeating it sets the same values again.

        ``PUT /api/v1/accounts/preferences``

        Args:
            leverages: New leverages. Groups that are left out stay as they are.
            hedging_mode: True: opposite positions in one market stand side by side, and guaranteed stops
                are not possible. False: an opposite order reduces the position. Stays as it is when left out.

        Raises:
            BadRequestError: ``error.invalid.leverage.value``: The leverage is not among those available for
                the group.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "StatusResult",
            await self._call(
                accounts_update_preferences._get_kwargs(
                    body=UpdatePreferencesRequest(
                        leverages=UNSET
                        if leverages is None
                        else LeverageChanges.from_dict(wire.mapping(leverages, "leverages")),
                        hedging_mode=UNSET
                        if hedging_mode is None
                        else wire.flag(hedging_mode, "hedging_mode"),
                    ),
                ),
                accounts_update_preferences._parse_response,
                ok=(200,),
            ),
        )

    async def top_up(
        self,
        *,
        amount: float,
    ) -> TopUpResult:
        """Add virtual money to the active demo account.

        Demo only. A negative amount takes money away. At most 10 calls a second and 100 a day, and the
        balance may not exceed 100 000. The client never sends it twice unless the first one certainly was
        not executed: each call changes the balance.

        ``POST /api/v1/accounts/topUp``

        Args:
            amount: Amount in the account's currency, -400000 to 400000. Negative takes money away.

        Raises:
            BadRequestError: ``error.invalid.account``: The active account is not a demo account.
            BadRequestError: ``error.invalid.amount``: The amount is outside -400000 to 400000.
            BadRequestError: ``error.account.limit.reached``: The balance would exceed 100 000.
            CapitalError: Any other failure; its ``executed`` says whether the request was carried out.
        """
        return cast(
            "TopUpResult",
            await self._call(
                accounts_top_up._get_kwargs(
                    body=TopUpRequest(
                        amount=wire.number(amount, "amount", minimum=-400000, maximum=400000),
                    ),
                ),
                accounts_top_up._parse_response,
                ok=(200,),
            ),
        )
