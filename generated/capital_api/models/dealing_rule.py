from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.dealing_rule_unit import DealingRuleUnit

T = TypeVar("T", bound="DealingRule")


@_attrs_define
class DealingRule:
    """One limit of a market."""

    unit: DealingRuleUnit
    """ Unit of the value. """
    value: float
    """ The limit. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        unit = self.unit.value

        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "unit": unit,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["unit", "value"]) if None in d.values() else {}
        unit = DealingRuleUnit(d.pop("unit"))

        value = d.pop("value")

        dealing_rule = cls(
            unit=unit,
            value=value,
        )

        d.update(nulls)
        dealing_rule.additional_properties = d
        return dealing_rule

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
