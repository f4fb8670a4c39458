from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.candle_kind import CandleKind
from ..models.price_type import PriceType
from ..models.resolution import Resolution
from ..types import UNSET, Unset

T = TypeVar("T", bound="CandlePayload")


@_attrs_define
class CandlePayload:
    """One side, bid or ask, of a candle that has closed."""

    resolution: Resolution
    """ Length of the candle. """
    epic: str
    """ The market. """
    type_: CandleKind
    """ Kind of candle. """
    price_type: PriceType
    """ Which side the prices are of. Pair the two frames of a candle by `t`. """
    t: int
    """ Begin of the candle, in milliseconds since the Unix epoch. """
    o: float
    """ First price. """
    h: float
    """ Highest price. """
    l: float
    """ Lowest price. """
    c: float
    """ Last price. """
    last_traded_volume: float | Unset = UNSET
    """ Activity within the candle. Seldom present; what it counts is not documented. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resolution = self.resolution.value

        epic = self.epic

        type_ = self.type_.value

        price_type = self.price_type.value

        t = self.t

        o = self.o

        h = self.h

        l = self.l

        c = self.c

        last_traded_volume = self.last_traded_volume

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resolution": resolution,
                "epic": epic,
                "type": type_,
                "priceType": price_type,
                "t": t,
                "o": o,
                "h": h,
                "l": l,
                "c": c,
            }
        )
        if last_traded_volume is not UNSET:
            field_dict["lastTradedVolume"] = last_traded_volume

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d, ["lastTradedVolume"], ["resolution", "epic", "type", "priceType", "t", "o", "h", "l", "c"]
            )
            if None in d.values()
            else {}
        )
        resolution = Resolution(d.pop("resolution"))

        epic = d.pop("epic")

        type_ = CandleKind(d.pop("type"))

        price_type = PriceType(d.pop("priceType"))

        t = d.pop("t")

        o = d.pop("o")

        h = d.pop("h")

        l = d.pop("l")

        c = d.pop("c")

        last_traded_volume = d.pop("lastTradedVolume", UNSET)

        candle_payload = cls(
            resolution=resolution,
            epic=epic,
            type_=type_,
            price_type=price_type,
            t=t,
            o=o,
            h=h,
            l=l,
            c=c,
            last_traded_volume=last_traded_volume,
        )

        d.update(nulls)
        candle_payload.additional_properties = d
        return candle_payload

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
