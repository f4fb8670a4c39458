from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.candle import Candle
from ..models.instrument_type import InstrumentType
from ..types import UNSET, Unset

T = TypeVar("T", bound="CandleList")


@_attrs_define
class CandleList:
    """Historical candles of a market."""

    prices: list[Candle]
    """ The candles, oldest first. Without dates in the request the last one is still forming. """
    instrument_type: InstrumentType | Unset = UNSET
    """ Kind of instrument. """
    tick_size: float | Unset = UNSET
    """ Smallest step of the price. Absent in older answers. """
    pip_position: int | Unset = UNSET
    """ Position of the pip among the decimal places; not documented further. Absent in older answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        prices = []
        for prices_item_data in self.prices:
            prices_item = prices_item_data.to_dict()
            prices.append(prices_item)

        instrument_type: str | Unset = UNSET
        if not isinstance(self.instrument_type, Unset):
            instrument_type = self.instrument_type.value

        tick_size = self.tick_size

        pip_position = self.pip_position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "prices": prices,
            }
        )
        if instrument_type is not UNSET:
            field_dict["instrumentType"] = instrument_type
        if tick_size is not UNSET:
            field_dict["tickSize"] = tick_size
        if pip_position is not UNSET:
            field_dict["pipPosition"] = pip_position

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, ["instrumentType", "tickSize", "pipPosition"], ["prices"])
            if None in d.values()
            else {}
        )
        prices = []
        _prices = d.pop("prices")
        for prices_item_data in wire.items(_prices):
            prices_item = Candle.from_dict(prices_item_data)

            prices.append(prices_item)

        _instrument_type = d.pop("instrumentType", UNSET)
        instrument_type: InstrumentType | Unset
        if isinstance(_instrument_type, Unset):
            instrument_type = UNSET
        else:
            instrument_type = InstrumentType(_instrument_type)

        tick_size = d.pop("tickSize", UNSET)

        pip_position = d.pop("pipPosition", UNSET)

        candle_list = cls(
            prices=prices,
            instrument_type=instrument_type,
            tick_size=tick_size,
            pip_position=pip_position,
        )

        d.update(nulls)
        candle_list.additional_properties = d
        return candle_list

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
