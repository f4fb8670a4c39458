from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.leverage import Leverage

T = TypeVar("T", bound="Leverages")


@_attrs_define
class Leverages:
    """Leverage by group of instruments. Known groups: `SHARES`, `CURRENCIES`, `INDICES`, `CRYPTOCURRENCIES`,
    `COMMODITIES`; some accounts split them further, for example into `MAJOR_CURRENCIES` and `GOLD`.

    """

    additional_properties: dict[str, Leverage] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            field_dict[prop_name] = prop.to_dict()

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        leverages = cls()

        additional_properties = {}
        for prop_name, prop_dict in d.items():
            additional_property = Leverage.from_dict(prop_dict)

            additional_properties[prop_name] = additional_property

        leverages.additional_properties = additional_properties
        return leverages

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Leverage:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Leverage) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
