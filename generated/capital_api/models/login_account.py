from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.account_type import AccountType
from ..models.balance import Balance
from ..types import UNSET, Unset

T = TypeVar("T", bound="LoginAccount")


@_attrs_define
class LoginAccount:
    """An account, as the login lists it."""

    account_id: str
    """ Id of the account. """
    account_name: str
    """ Name of the account. """
    preferred: bool
    """ Whether a new login starts on this account. """
    account_type: AccountType
    """ Kind of the account. """
    currency: str | Unset = UNSET
    """ Currency of the account. Absent in older answers. """
    symbol: str | Unset = UNSET
    """ Symbol of the currency. Absent in older answers. """
    balance: Balance | Unset = UNSET
    """ Balance of the account. Absent in older answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        account_name = self.account_name

        preferred = self.preferred

        account_type = self.account_type.value

        currency = self.currency

        symbol = self.symbol

        balance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.balance, Unset):
            balance = self.balance.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountId": account_id,
                "accountName": account_name,
                "preferred": preferred,
                "accountType": account_type,
            }
        )
        if currency is not UNSET:
            field_dict["currency"] = currency
        if symbol is not UNSET:
            field_dict["symbol"] = symbol
        if balance is not UNSET:
            field_dict["balance"] = balance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d, ["currency", "symbol", "balance"], ["accountId", "accountName", "preferred", "accountType"]
            )
            if None in d.values()
            else {}
        )
        account_id = d.pop("accountId")

        account_name = d.pop("accountName")

        preferred = d.pop("preferred")

        account_type = AccountType(d.pop("accountType"))

        currency = d.pop("currency", UNSET)

        symbol = d.pop("symbol", UNSET)

        _balance = d.pop("balance", UNSET)
        balance: Balance | Unset
        if isinstance(_balance, Unset):
            balance = UNSET
        else:
            balance = Balance.from_dict(_balance)

        login_account = cls(
            account_id=account_id,
            account_name=account_name,
            preferred=preferred,
            account_type=account_type,
            currency=currency,
            symbol=symbol,
            balance=balance,
        )

        d.update(nulls)
        login_account.additional_properties = d
        return login_account

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
