from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.candle_kind import CandleKind
from ..models.resolution import Resolution
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamCandlesUnsubscribePayload")


@_attrs_define
class StreamCandlesUnsubscribePayload:
    """Candles to stop. Note the plural `types`, where the subscription says `type`."""

    epics: list[str]
    """ Epics, at most 40 in one frame. """
    resolutions: list[Resolution] | Unset = UNSET
    """ Lengths of candle. The server takes all of them when nothing is given. """
    types: list[CandleKind] | Unset = UNSET
    """ Kinds of candle. The server takes both when nothing is given. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        epics = self.epics

        resolutions: list[str] | Unset = UNSET
        if not isinstance(self.resolutions, Unset):
            resolutions = []
            for resolutions_item_data in self.resolutions:
                resolutions_item = resolutions_item_data.value
                resolutions.append(resolutions_item)

        types: list[str] | Unset = UNSET
        if not isinstance(self.types, Unset):
            types = []
            for types_item_data in self.types:
                types_item = types_item_data.value
                types.append(types_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "epics": epics,
            }
        )
        if resolutions is not UNSET:
            field_dict["resolutions"] = resolutions
        if types is not UNSET:
            field_dict["types"] = types

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["resolutions", "types"], ["epics"]) if None in d.values() else {}
        epics = cast(list[str], d.pop("epics"))

        _resolutions = d.pop("resolutions", UNSET)
        resolutions: list[Resolution] | Unset = UNSET
        if _resolutions is not UNSET:
            resolutions = []
            for resolutions_item_data in wire.items(_resolutions):
                resolutions_item = Resolution(resolutions_item_data)

                resolutions.append(resolutions_item)

        _types = d.pop("types", UNSET)
        types: list[CandleKind] | Unset = UNSET
        if _types is not UNSET:
            types = []
            for types_item_data in wire.items(_types):
                types_item = CandleKind(types_item_data)

                types.append(types_item)

        stream_candles_unsubscribe_payload = cls(
            epics=epics,
            resolutions=resolutions,
            types=types,
        )

        d.update(nulls)
        stream_candles_unsubscribe_payload.additional_properties = d
        return stream_candles_unsubscribe_payload

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
