from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="DealReference")


@_attrs_define
class DealReference:
    """The request was queued. Nothing is known yet about its outcome: pass the reference to `capital.confirms.get(...)`."""

    deal_reference: str
    """ Leads to the confirmation. `o_` for a new position and for working orders; `p_` and the deal id for an
    update or close of a position, the same every time. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deal_reference = self.deal_reference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dealReference": deal_reference,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["dealReference"]) if None in d.values() else {}
        deal_reference = d.pop("dealReference")

        deal_reference = cls(
            deal_reference=deal_reference,
        )

        d.update(nulls)
        deal_reference.additional_properties = d
        return deal_reference

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
