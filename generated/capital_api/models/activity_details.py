from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.direction import Direction
from ..types import UNSET, Unset

T = TypeVar("T", bound="ActivityDetails")


@_attrs_define
class ActivityDetails:
    """The particulars of an activity. Only in detailed answers."""

    deal_reference: str | Unset = UNSET
    """ Reference of the deal, mostly `p_` and the deal id. """
    market_name: str | Unset = UNSET
    """ Name of the market. """
    currency: str | Unset = UNSET
    """ Currency of the deal. """
    size: float | Unset = UNSET
    """ Size of the deal. 0 for a refused edit. """
    direction: Direction | Unset = UNSET
    """ Direction of the trade, for a close by hand the opposite of the position's. Do not rely on it when a stop or
    profit target closed the position; it may then be the position's own. """
    level: float | Unset = UNSET
    """ Price. May be absent or 0. """
    guaranteed_stop: bool | Unset = UNSET
    """ Whether the stop is guaranteed. """
    working_order_id: str | Unset = UNSET
    """ Deal id of the working order that was filled. Only on the fill of a working order. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deal_reference = self.deal_reference

        market_name = self.market_name

        currency = self.currency

        size = self.size

        direction: str | Unset = UNSET
        if not isinstance(self.direction, Unset):
            direction = self.direction.value

        level = self.level

        guaranteed_stop = self.guaranteed_stop

        working_order_id = self.working_order_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if deal_reference is not UNSET:
            field_dict["dealReference"] = deal_reference
        if market_name is not UNSET:
            field_dict["marketName"] = market_name
        if currency is not UNSET:
            field_dict["currency"] = currency
        if size is not UNSET:
            field_dict["size"] = size
        if direction is not UNSET:
            field_dict["direction"] = direction
        if level is not UNSET:
            field_dict["level"] = level
        if guaranteed_stop is not UNSET:
            field_dict["guaranteedStop"] = guaranteed_stop
        if working_order_id is not UNSET:
            field_dict["workingOrderId"] = working_order_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                [
                    "dealReference",
                    "marketName",
                    "currency",
                    "size",
                    "direction",
                    "level",
                    "guaranteedStop",
                    "workingOrderId",
                ],
                [],
            )
            if None in d.values()
            else {}
        )
        deal_reference = d.pop("dealReference", UNSET)

        market_name = d.pop("marketName", UNSET)

        currency = d.pop("currency", UNSET)

        size = d.pop("size", UNSET)

        _direction = d.pop("direction", UNSET)
        direction: Direction | Unset
        if isinstance(_direction, Unset):
            direction = UNSET
        else:
            direction = Direction(_direction)

        level = d.pop("level", UNSET)

        guaranteed_stop = d.pop("guaranteedStop", UNSET)

        working_order_id = d.pop("workingOrderId", UNSET)

        activity_details = cls(
            deal_reference=deal_reference,
            market_name=market_name,
            currency=currency,
            size=size,
            direction=direction,
            level=level,
            guaranteed_stop=guaranteed_stop,
            working_order_id=working_order_id,
        )

        d.update(nulls)
        activity_details.additional_properties = d
        return activity_details

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
