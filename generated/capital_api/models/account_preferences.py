from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.leverages import Leverages

T = TypeVar("T", bound="AccountPreferences")


@_attrs_define
class AccountPreferences:
    """How the account trades."""

    hedging_mode: bool
    """ True: opposite positions in one market stand side by side, and guaranteed stops are not possible. False: an
    opposite order reduces the position. """
    leverages: Leverages
    """ Leverage by group of instruments. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hedging_mode = self.hedging_mode

        leverages = self.leverages.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hedgingMode": hedging_mode,
                "leverages": leverages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["hedgingMode", "leverages"]) if None in d.values() else {}
        hedging_mode = d.pop("hedgingMode")

        leverages = Leverages.from_dict(d.pop("leverages"))

        account_preferences = cls(
            hedging_mode=hedging_mode,
            leverages=leverages,
        )

        d.update(nulls)
        account_preferences.additional_properties = d
        return account_preferences

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
