from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="StreamEpics")


@_attrs_define
class StreamEpics:
    """Markets of a price subscription."""

    epics: list[str]
    """ Epics, at most 40 in one frame and on one connection. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        epics = self.epics

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "epics": epics,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["epics"]) if None in d.values() else {}
        epics = cast(list[str], d.pop("epics"))

        stream_epics = cls(
            epics=epics,
        )

        d.update(nulls)
        stream_epics.additional_properties = d
        return stream_epics

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
