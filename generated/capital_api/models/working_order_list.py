from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.working_order import WorkingOrder

T = TypeVar("T", bound="WorkingOrderList")


@_attrs_define
class WorkingOrderList:
    """All working orders of the active account."""

    working_orders: list[WorkingOrder]
    """ The orders; empty when there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        working_orders = []
        for working_orders_item_data in self.working_orders:
            working_orders_item = working_orders_item_data.to_dict()
            working_orders.append(working_orders_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "workingOrders": working_orders,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["workingOrders"]) if None in d.values() else {}
        working_orders = []
        _working_orders = d.pop("workingOrders")
        for working_orders_item_data in wire.items(_working_orders):
            working_orders_item = WorkingOrder.from_dict(working_orders_item_data)

            working_orders.append(working_orders_item)

        working_order_list = cls(
            working_orders=working_orders,
        )

        d.update(nulls)
        working_order_list.additional_properties = d
        return working_order_list

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
