from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="Watchlist")


@_attrs_define
class Watchlist:
    """A named list of markets."""

    id: str
    """ Id of the watchlist, digits. """
    name: str
    """ Name of the watchlist. """
    editable: bool
    """ Whether markets can be added and removed. """
    deleteable: bool
    """ Whether the list can be deleted. The spelling is the server's. """
    default_system_watchlist: bool
    """ Whether the list is one of the system's own. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        editable = self.editable

        deleteable = self.deleteable

        default_system_watchlist = self.default_system_watchlist

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "editable": editable,
                "deleteable": deleteable,
                "defaultSystemWatchlist": default_system_watchlist,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, [], ["id", "name", "editable", "deleteable", "defaultSystemWatchlist"])
            if None in d.values()
            else {}
        )
        id = d.pop("id")

        name = d.pop("name")

        editable = d.pop("editable")

        deleteable = d.pop("deleteable")

        default_system_watchlist = d.pop("defaultSystemWatchlist")

        watchlist = cls(
            id=id,
            name=name,
            editable=editable,
            deleteable=deleteable,
            default_system_watchlist=default_system_watchlist,
        )

        d.update(nulls)
        watchlist.additional_properties = d
        return watchlist

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
