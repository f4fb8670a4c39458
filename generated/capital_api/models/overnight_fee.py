from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="OvernightFee")


@_attrs_define
class OvernightFee:
    """What it costs, or brings, to hold a position overnight."""

    long_rate: float | Unset = UNSET
    """ Rate of long positions; negative is a cost. The unit is not documented. """
    short_rate: float | Unset = UNSET
    """ Rate of short positions; negative is a cost. The unit is not documented. """
    swap_charge_timestamp: int | Unset = UNSET
    """ Time of the charge, in milliseconds since the Unix epoch. """
    swap_charge_interval: int | Unset = UNSET
    """ Minutes from one charge to the next; 1440 is a day. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        long_rate = self.long_rate

        short_rate = self.short_rate

        swap_charge_timestamp = self.swap_charge_timestamp

        swap_charge_interval = self.swap_charge_interval

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if long_rate is not UNSET:
            field_dict["longRate"] = long_rate
        if short_rate is not UNSET:
            field_dict["shortRate"] = short_rate
        if swap_charge_timestamp is not UNSET:
            field_dict["swapChargeTimestamp"] = swap_charge_timestamp
        if swap_charge_interval is not UNSET:
            field_dict["swapChargeInterval"] = swap_charge_interval

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, ["longRate", "shortRate", "swapChargeTimestamp", "swapChargeInterval"], [])
            if None in d.values()
            else {}
        )
        long_rate = d.pop("longRate", UNSET)

        short_rate = d.pop("shortRate", UNSET)

        swap_charge_timestamp = d.pop("swapChargeTimestamp", UNSET)

        swap_charge_interval = d.pop("swapChargeInterval", UNSET)

        overnight_fee = cls(
            long_rate=long_rate,
            short_rate=short_rate,
            swap_charge_timestamp=swap_charge_timestamp,
            swap_charge_interval=swap_charge_interval,
        )

        d.update(nulls)
        overnight_fee.additional_properties = d
        return overnight_fee

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
