from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.account_type import AccountType
from ..models.balance import Balance
from ..models.login_account import LoginAccount
from ..types import UNSET, Unset

T = TypeVar("T", bound="LoginResult")


@_attrs_define
class LoginResult:
    """The new session. Its two tokens are in the response headers and not in here."""

    account_type: AccountType
    """ Kind of the active account. """
    account_info: Balance
    """ Balance of the active account. """
    currency_iso_code: str
    """ Currency of the active account. """
    current_account_id: str
    """ The active account. After a login that is the preferred one. """
    streaming_host: str
    """ Where to stream from. Ends with a slash; append `connect`. """
    accounts: list[LoginAccount]
    """ All accounts of this login in this environment. """
    client_id: str
    """ Id of the login. """
    timezone_offset: int
    """ Hours that account-local times are ahead of UTC. """
    currency_symbol: str | Unset = UNSET
    """ Symbol of that currency. """
    has_active_demo_accounts: bool | Unset = UNSET
    """ Whether the login has an active demo account. """
    has_active_live_accounts: bool | Unset = UNSET
    """ Whether the login has an active live account. """
    trailing_stops_enabled: bool | Unset = UNSET
    """ Whether trailing stops may be used. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_type = self.account_type.value

        account_info = self.account_info.to_dict()

        currency_iso_code = self.currency_iso_code

        current_account_id = self.current_account_id

        streaming_host = self.streaming_host

        accounts = []
        for accounts_item_data in self.accounts:
            accounts_item = accounts_item_data.to_dict()
            accounts.append(accounts_item)

        client_id = self.client_id

        timezone_offset = self.timezone_offset

        currency_symbol = self.currency_symbol

        has_active_demo_accounts = self.has_active_demo_accounts

        has_active_live_accounts = self.has_active_live_accounts

        trailing_stops_enabled = self.trailing_stops_enabled

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountType": account_type,
                "accountInfo": account_info,
                "currencyIsoCode": currency_iso_code,
                "currentAccountId": current_account_id,
                "streamingHost": streaming_host,
                "accounts": accounts,
                "clientId": client_id,
                "timezoneOffset": timezone_offset,
            }
        )
        if currency_symbol is not UNSET:
            field_dict["currencySymbol"] = currency_symbol
        if has_active_demo_accounts is not UNSET:
            field_dict["hasActiveDemoAccounts"] = has_active_demo_accounts
        if has_active_live_accounts is not UNSET:
            field_dict["hasActiveLiveAccounts"] = has_active_live_accounts
        if trailing_stops_enabled is not UNSET:
            field_dict["trailingStopsEnabled"] = trailing_stops_enabled

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["currencySymbol", "hasActiveDemoAccounts", "hasActiveLiveAccounts", "trailingStopsEnabled"],
                [
                    "accountType",
                    "accountInfo",
                    "currencyIsoCode",
                    "currentAccountId",
                    "streamingHost",
                    "accounts",
                    "clientId",
                    "timezoneOffset",
                ],
            )
            if None in d.values()
            else {}
        )
        account_type = AccountType(d.pop("accountType"))

        account_info = Balance.from_dict(d.pop("accountInfo"))

        currency_iso_code = d.pop("currencyIsoCode")

        current_account_id = d.pop("currentAccountId")

        streaming_host = d.pop("streamingHost")

        accounts = []
        _accounts = d.pop("accounts")
        for accounts_item_data in wire.items(_accounts):
            accounts_item = LoginAccount.from_dict(accounts_item_data)

            accounts.append(accounts_item)

        client_id = d.pop("clientId")

        timezone_offset = d.pop("timezoneOffset")

        currency_symbol = d.pop("currencySymbol", UNSET)

        has_active_demo_accounts = d.pop("hasActiveDemoAccounts", UNSET)

        has_active_live_accounts = d.pop("hasActiveLiveAccounts", UNSET)

        trailing_stops_enabled = d.pop("trailingStopsEnabled", UNSET)

        login_result = cls(
            account_type=account_type,
            account_info=account_info,
            currency_iso_code=currency_iso_code,
            current_account_id=current_account_id,
            streaming_host=streaming_host,
            accounts=accounts,
            client_id=client_id,
            timezone_offset=timezone_offset,
            currency_symbol=currency_symbol,
            has_active_demo_accounts=has_active_demo_accounts,
            has_active_live_accounts=has_active_live_accounts,
            trailing_stops_enabled=trailing_stops_enabled,
        )

        d.update(nulls)
        login_result.additional_properties = d
        return login_result

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
