from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="SwitchAccountResult")


@_attrs_define
class SwitchAccountResult:
    """What the account that is now active may do."""

    trailing_stops_enabled: bool | Unset = UNSET
    """ Whether trailing stops may be used. """
    dealing_enabled: bool | Unset = UNSET
    """ Whether the account may trade. """
    has_active_demo_accounts: bool | Unset = UNSET
    """ Whether the login has an active demo account. """
    has_active_live_accounts: bool | Unset = UNSET
    """ Whether the login has an active live account. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        trailing_stops_enabled = self.trailing_stops_enabled

        dealing_enabled = self.dealing_enabled

        has_active_demo_accounts = self.has_active_demo_accounts

        has_active_live_accounts = self.has_active_live_accounts

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if trailing_stops_enabled is not UNSET:
            field_dict["trailingStopsEnabled"] = trailing_stops_enabled
        if dealing_enabled is not UNSET:
            field_dict["dealingEnabled"] = dealing_enabled
        if has_active_demo_accounts is not UNSET:
            field_dict["hasActiveDemoAccounts"] = has_active_demo_accounts
        if has_active_live_accounts is not UNSET:
            field_dict["hasActiveLiveAccounts"] = has_active_live_accounts

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["trailingStopsEnabled", "dealingEnabled", "hasActiveDemoAccounts", "hasActiveLiveAccounts"],
                [],
            )
            if None in d.values()
            else {}
        )
        trailing_stops_enabled = d.pop("trailingStopsEnabled", UNSET)

        dealing_enabled = d.pop("dealingEnabled", UNSET)

        has_active_demo_accounts = d.pop("hasActiveDemoAccounts", UNSET)

        has_active_live_accounts = d.pop("hasActiveLiveAccounts", UNSET)

        switch_account_result = cls(
            trailing_stops_enabled=trailing_stops_enabled,
            dealing_enabled=dealing_enabled,
            has_active_demo_accounts=has_active_demo_accounts,
            has_active_live_accounts=has_active_live_accounts,
        )

        d.update(nulls)
        switch_account_result.additional_properties = d
        return switch_account_result

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
