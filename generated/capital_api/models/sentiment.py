from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="Sentiment")


@_attrs_define
class Sentiment:
    """Shares of the clients' long and short positions in a market."""

    market_id: str
    """ The market; the same as its epic. """
    long_position_percentage: float
    """ Percent of the positions that are long. """
    short_position_percentage: float
    """ Percent of the positions that are short. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        market_id = self.market_id

        long_position_percentage = self.long_position_percentage

        short_position_percentage = self.short_position_percentage

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "marketId": market_id,
                "longPositionPercentage": long_position_percentage,
                "shortPositionPercentage": short_position_percentage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, [], ["marketId", "longPositionPercentage", "shortPositionPercentage"])
            if None in d.values()
            else {}
        )
        market_id = d.pop("marketId")

        long_position_percentage = d.pop("longPositionPercentage")

        short_position_percentage = d.pop("shortPositionPercentage")

        sentiment = cls(
            market_id=market_id,
            long_position_percentage=long_position_percentage,
            short_position_percentage=short_position_percentage,
        )

        d.update(nulls)
        sentiment.additional_properties = d
        return sentiment

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
