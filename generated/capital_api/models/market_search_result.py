from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.market import Market
from ..models.market_details import MarketDetails
from ..types import UNSET, Unset

T = TypeVar("T", bound="MarketSearchResult")


@_attrs_define
class MarketSearchResult:
    """Markets found. A search by text, or for all, fills `markets`; a search by epics fills `marketDetails`. The other one
    is absent.

    """

    markets: list[Market] | Unset = UNSET
    """ Markets found by text, or all of them. Absent in a search by epics. """
    market_details: list[MarketDetails] | Unset = UNSET
    """ Markets looked up by epic, in full. Absent in any other search. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        markets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.markets, Unset):
            markets = []
            for markets_item_data in self.markets:
                markets_item = markets_item_data.to_dict()
                markets.append(markets_item)

        market_details: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.market_details, Unset):
            market_details = []
            for market_details_item_data in self.market_details:
                market_details_item = market_details_item_data.to_dict()
                market_details.append(market_details_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if markets is not UNSET:
            field_dict["markets"] = markets
        if market_details is not UNSET:
            field_dict["marketDetails"] = market_details

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["markets", "marketDetails"], []) if None in d.values() else {}
        _markets = d.pop("markets", UNSET)
        markets: list[Market] | Unset = UNSET
        if _markets is not UNSET:
            markets = []
            for markets_item_data in wire.items(_markets):
                markets_item = Market.from_dict(markets_item_data)

                markets.append(markets_item)

        _market_details = d.pop("marketDetails", UNSET)
        market_details: list[MarketDetails] | Unset = UNSET
        if _market_details is not UNSET:
            market_details = []
            for market_details_item_data in wire.items(_market_details):
                market_details_item = MarketDetails.from_dict(market_details_item_data)

                market_details.append(market_details_item)

        market_search_result = cls(
            markets=markets,
            market_details=market_details,
        )

        d.update(nulls)
        market_search_result.additional_properties = d
        return market_search_result

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
