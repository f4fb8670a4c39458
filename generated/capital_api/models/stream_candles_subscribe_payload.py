from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.candle_kind import CandleKind
from ..models.resolution import Resolution
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamCandlesSubscribePayload")


@_attrs_define
class StreamCandlesSubscribePayload:
    """Candles to subscribe to."""

    epics: list[str]
    """ Epics, at most 40 in one frame and on one connection. """
    resolutions: list[Resolution] | Unset = UNSET
    """ Lengths of candle. The server takes MINUTE when nothing is given. """
    type_: CandleKind | Unset = UNSET
    """ Kind of candle. The server takes classic when nothing is given. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        epics = self.epics

        resolutions: list[str] | Unset = UNSET
        if not isinstance(self.resolutions, Unset):
            resolutions = []
            for resolutions_item_data in self.resolutions:
                resolutions_item = resolutions_item_data.value
                resolutions.append(resolutions_item)

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "epics": epics,
            }
        )
        if resolutions is not UNSET:
            field_dict["resolutions"] = resolutions
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["resolutions", "type"], ["epics"]) if None in d.values() else {}
        epics = cast(list[str], d.pop("epics"))

        _resolutions = d.pop("resolutions", UNSET)
        resolutions: list[Resolution] | Unset = UNSET
        if _resolutions is not UNSET:
            resolutions = []
            for resolutions_item_data in wire.items(_resolutions):
                resolutions_item = Resolution(resolutions_item_data)

                resolutions.append(resolutions_item)

        _type_ = d.pop("type", UNSET)
        type_: CandleKind | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = CandleKind(_type_)

        stream_candles_subscribe_payload = cls(
            epics=epics,
            resolutions=resolutions,
            type_=type_,
        )

        d.update(nulls)
        stream_candles_subscribe_payload.additional_properties = d
        return stream_candles_subscribe_payload

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
