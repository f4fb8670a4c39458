from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateWatchlistRequest")


@_attrs_define
class CreateWatchlistRequest:
    """A watchlist to create."""

    name: str
    """ Name of the list, 1 to 20 characters. """
    epics: list[str] | Unset = UNSET
    """ Markets to put on the list. Without them it starts empty. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        epics: list[str] | Unset = UNSET
        if not isinstance(self.epics, Unset):
            epics = self.epics

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
            }
        )
        if epics is not UNSET:
            field_dict["epics"] = epics

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["epics"], ["name"]) if None in d.values() else {}
        name = d.pop("name")

        epics = cast(list[str], d.pop("epics", UNSET))

        create_watchlist_request = cls(
            name=name,
            epics=epics,
        )

        d.update(nulls)
        create_watchlist_request.additional_properties = d
        return create_watchlist_request

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
