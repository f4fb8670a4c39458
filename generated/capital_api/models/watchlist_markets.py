from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.market import Market

T = TypeVar("T", bound="WatchlistMarkets")


@_attrs_define
class WatchlistMarkets:
    """The markets of a watchlist."""

    markets: list[Market]
    """ The markets. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        markets = []
        for markets_item_data in self.markets:
            markets_item = markets_item_data.to_dict()
            markets.append(markets_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "markets": markets,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["markets"]) if None in d.values() else {}
        markets = []
        _markets = d.pop("markets")
        for markets_item_data in wire.items(_markets):
            markets_item = Market.from_dict(markets_item_data)

            markets.append(markets_item)

        watchlist_markets = cls(
            markets=markets,
        )

        d.update(nulls)
        watchlist_markets.additional_properties = d
        return watchlist_markets

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
