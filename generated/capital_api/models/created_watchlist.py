from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.watchlist_status import WatchlistStatus

T = TypeVar("T", bound="CreatedWatchlist")


@_attrs_define
class CreatedWatchlist:
    """The new watchlist."""

    watchlist_id: str
    """ Id of the new list. """
    status: WatchlistStatus
    """ Whether all markets were added. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        watchlist_id = self.watchlist_id

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "watchlistId": watchlist_id,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["watchlistId", "status"]) if None in d.values() else {}
        watchlist_id = d.pop("watchlistId")

        status = WatchlistStatus(d.pop("status"))

        created_watchlist = cls(
            watchlist_id=watchlist_id,
            status=status,
        )

        d.update(nulls)
        created_watchlist.additional_properties = d
        return created_watchlist

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
