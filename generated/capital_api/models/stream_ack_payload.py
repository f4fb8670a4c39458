from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.stream_subscriptions import StreamSubscriptions
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamAckPayload")


@_attrs_define
class StreamAckPayload:
    """Outcome of a subscription frame."""

    subscriptions: StreamSubscriptions | Unset = UNSET
    """ One entry for each subscription. Absent for a ping. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subscriptions: dict[str, Any] | Unset = UNSET
        if not isinstance(self.subscriptions, Unset):
            subscriptions = self.subscriptions.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if subscriptions is not UNSET:
            field_dict["subscriptions"] = subscriptions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["subscriptions"], []) if None in d.values() else {}
        _subscriptions = d.pop("subscriptions", UNSET)
        subscriptions: StreamSubscriptions | Unset
        if isinstance(_subscriptions, Unset):
            subscriptions = UNSET
        else:
            subscriptions = StreamSubscriptions.from_dict(_subscriptions)

        stream_ack_payload = cls(
            subscriptions=subscriptions,
        )

        d.update(nulls)
        stream_ack_payload.additional_properties = d
        return stream_ack_payload

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
