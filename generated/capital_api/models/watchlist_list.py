from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.watchlist import Watchlist

T = TypeVar("T", bound="WatchlistList")


@_attrs_define
class WatchlistList:
    """All watchlists."""

    watchlists: list[Watchlist]
    """ The watchlists, without their markets. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        watchlists = []
        for watchlists_item_data in self.watchlists:
            watchlists_item = watchlists_item_data.to_dict()
            watchlists.append(watchlists_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "watchlists": watchlists,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["watchlists"]) if None in d.values() else {}
        watchlists = []
        _watchlists = d.pop("watchlists")
        for watchlists_item_data in wire.items(_watchlists):
            watchlists_item = Watchlist.from_dict(watchlists_item_data)

            watchlists.append(watchlists_item)

        watchlist_list = cls(
            watchlists=watchlists,
        )

        d.update(nulls)
        watchlist_list.additional_properties = d
        return watchlist_list

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
