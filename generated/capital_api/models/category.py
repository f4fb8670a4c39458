from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.category_node import CategoryNode
from ..models.market import Market
from ..types import UNSET, Unset

T = TypeVar("T", bound="Category")


@_attrs_define
class Category:
    """The content of a category. An inner one has subcategories, a leaf has markets."""

    nodes: list[CategoryNode] | Unset = UNSET
    """ Subcategories. Empty or absent for a leaf. """
    markets: list[Market] | Unset = UNSET
    """ Markets of a leaf. Empty or absent for an inner category. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        nodes: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.nodes, Unset):
            nodes = []
            for nodes_item_data in self.nodes:
                nodes_item = nodes_item_data.to_dict()
                nodes.append(nodes_item)

        markets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.markets, Unset):
            markets = []
            for markets_item_data in self.markets:
                markets_item = markets_item_data.to_dict()
                markets.append(markets_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if nodes is not UNSET:
            field_dict["nodes"] = nodes
        if markets is not UNSET:
            field_dict["markets"] = markets

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["nodes", "markets"], []) if None in d.values() else {}
        _nodes = d.pop("nodes", UNSET)
        nodes: list[CategoryNode] | Unset = UNSET
        if _nodes is not UNSET:
            nodes = []
            for nodes_item_data in wire.items(_nodes):
                nodes_item = CategoryNode.from_dict(nodes_item_data)

                nodes.append(nodes_item)

        _markets = d.pop("markets", UNSET)
        markets: list[Market] | Unset = UNSET
        if _markets is not UNSET:
            markets = []
            for markets_item_data in wire.items(_markets):
                markets_item = Market.from_dict(markets_item_data)

                markets.append(markets_item)

        category = cls(
            nodes=nodes,
            markets=markets,
        )

        d.update(nulls)
        category.additional_properties = d
        return category

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
