from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.affected_deal_status import AffectedDealStatus

T = TypeVar("T", bound="AffectedDeal")


@_attrs_define
class AffectedDeal:
    """A position that a deal opened, changed or closed."""

    deal_id: str
    """ Id of the position; `positions.get()`, `update()` and `close()` take it. """
    status: AffectedDealStatus
    """ What happened to it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deal_id = self.deal_id

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dealId": deal_id,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["dealId", "status"]) if None in d.values() else {}
        deal_id = d.pop("dealId")

        status = AffectedDealStatus(d.pop("status"))

        affected_deal = cls(
            deal_id=deal_id,
            status=status,
        )

        d.update(nulls)
        affected_deal.additional_properties = d
        return affected_deal

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
