from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.account_status import AccountStatus
from ..models.account_type import AccountType
from ..models.balance import Balance
from ..types import UNSET, Unset

T = TypeVar("T", bound="Account")


@_attrs_define
class Account:
    """An account with its balance."""

    account_id: str
    """ Id of the account, 17 or 18 digits. """
    account_name: str
    """ Name of the account. """
    status: AccountStatus
    """ Whether the account may be used. """
    account_type: AccountType
    """ Kind of the account. """
    preferred: bool
    """ Whether a new login starts on this account. It need not be the active one. """
    balance: Balance
    """ Money on the account, in its currency. """
    currency: str
    """ Currency of the account and of its balance. """
    symbol: str | Unset = UNSET
    """ Symbol of the currency. Absent in older answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        account_name = self.account_name

        status = self.status.value

        account_type = self.account_type.value

        preferred = self.preferred

        balance = self.balance.to_dict()

        currency = self.currency

        symbol = self.symbol

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountId": account_id,
                "accountName": account_name,
                "status": status,
                "accountType": account_type,
                "preferred": preferred,
                "balance": balance,
                "currency": currency,
            }
        )
        if symbol is not UNSET:
            field_dict["symbol"] = symbol

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["symbol"],
                ["accountId", "accountName", "status", "accountType", "preferred", "balance", "currency"],
            )
            if None in d.values()
            else {}
        )
        account_id = d.pop("accountId")

        account_name = d.pop("accountName")

        status = AccountStatus(d.pop("status"))

        account_type = AccountType(d.pop("accountType"))

        preferred = d.pop("preferred")

        balance = Balance.from_dict(d.pop("balance"))

        currency = d.pop("currency")

        symbol = d.pop("symbol", UNSET)

        account = cls(
            account_id=account_id,
            account_name=account_name,
            status=status,
            account_type=account_type,
            preferred=preferred,
            balance=balance,
            currency=currency,
            symbol=symbol,
        )

        d.update(nulls)
        account.additional_properties = d
        return account

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
