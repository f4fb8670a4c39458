from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.leverage_changes import LeverageChanges
from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdatePreferencesRequest")


@_attrs_define
class UpdatePreferencesRequest:
    """What to change. What is left out stays as it is."""

    leverages: LeverageChanges | Unset = UNSET
    """ New leverages. Groups that are left out stay as they are. """
    hedging_mode: bool | Unset = UNSET
    """ True: opposite positions in one market stand side by side, and guaranteed stops are not possible. False: an
    opposite order reduces the position. Stays as it is when left out. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        leverages: dict[str, Any] | Unset = UNSET
        if not isinstance(self.leverages, Unset):
            leverages = self.leverages.to_dict()

        hedging_mode = self.hedging_mode

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if leverages is not UNSET:
            field_dict["leverages"] = leverages
        if hedging_mode is not UNSET:
            field_dict["hedgingMode"] = hedging_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["leverages", "hedgingMode"], []) if None in d.values() else {}
        _leverages = d.pop("leverages", UNSET)
        leverages: LeverageChanges | Unset
        if isinstance(_leverages, Unset):
            leverages = UNSET
        else:
            leverages = LeverageChanges.from_dict(_leverages)

        hedging_mode = d.pop("hedgingMode", UNSET)

        update_preferences_request = cls(
            leverages=leverages,
            hedging_mode=hedging_mode,
        )

        d.update(nulls)
        update_preferences_request.additional_properties = d
        return update_preferences_request

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
