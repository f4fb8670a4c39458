from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="Balance")


@_attrs_define
class Balance:
    """Money on an account, in the account's currency."""

    balance: float
    """ Deposit plus the running profit or loss of the open positions, that is the equity. """
    deposit: float
    """ Money on the account without the running profit or loss of the open positions. """
    profit_loss: float
    """ Running profit or loss of the open positions. """
    available: float
    """ What is free for new positions. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        balance = self.balance

        deposit = self.deposit

        profit_loss = self.profit_loss

        available = self.available

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "balance": balance,
                "deposit": deposit,
                "profitLoss": profit_loss,
                "available": available,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, [], ["balance", "deposit", "profitLoss", "available"]) if None in d.values() else {}
        )
        balance = d.pop("balance")

        deposit = d.pop("deposit")

        profit_loss = d.pop("profitLoss")

        available = d.pop("available")

        balance = cls(
            balance=balance,
            deposit=deposit,
            profit_loss=profit_loss,
            available=available,
        )

        d.update(nulls)
        balance.additional_properties = d
        return balance

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
