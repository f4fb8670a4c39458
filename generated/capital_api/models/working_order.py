from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.market import Market
from ..models.working_order_data import WorkingOrderData

T = TypeVar("T", bound="WorkingOrder")


@_attrs_define
class WorkingOrder:
    """A working order and a snapshot of its market."""

    working_order_data: WorkingOrderData
    """ The order. """
    market_data: Market
    """ Its market, with current prices. On a position the same thing is called `market`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        working_order_data = self.working_order_data.to_dict()

        market_data = self.market_data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "workingOrderData": working_order_data,
                "marketData": market_data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["workingOrderData", "marketData"]) if None in d.values() else {}
        working_order_data = WorkingOrderData.from_dict(d.pop("workingOrderData"))

        market_data = Market.from_dict(d.pop("marketData"))

        working_order = cls(
            working_order_data=working_order_data,
            market_data=market_data,
        )

        d.update(nulls)
        working_order.additional_properties = d
        return working_order

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
