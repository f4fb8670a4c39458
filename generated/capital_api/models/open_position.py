from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.market import Market
from ..models.position import Position

T = TypeVar("T", bound="OpenPosition")


@_attrs_define
class OpenPosition:
    """An open position and a snapshot of its market."""

    position: Position
    """ The position. """
    market: Market
    """ Its market, with current prices. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        position = self.position.to_dict()

        market = self.market.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "position": position,
                "market": market,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["position", "market"]) if None in d.values() else {}
        position = Position.from_dict(d.pop("position"))

        market = Market.from_dict(d.pop("market"))

        open_position = cls(
            position=position,
            market=market,
        )

        d.update(nulls)
        open_position.additional_properties = d
        return open_position

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
