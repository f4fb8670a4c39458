from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.stream_ack_payload import StreamAckPayload
from ..models.stream_destination import StreamDestination
from ..models.stream_status import StreamStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamAck")


@_attrs_define
class StreamAck:
    """The server's answer to a frame of yours, pings included."""

    status: StreamStatus
    """ OK. A frame with ERROR is a StreamError. """
    destination: StreamDestination
    """ Destination of the frame that is answered. """
    correlation_id: str | Unset = UNSET
    """ The mark of the frame that is answered. """
    payload: StreamAckPayload | Unset = UNSET
    """ What became of the subscriptions; empty for a ping. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status.value

        destination = self.destination.value

        correlation_id = self.correlation_id

        payload: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payload, Unset):
            payload = self.payload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "destination": destination,
            }
        )
        if correlation_id is not UNSET:
            field_dict["correlationId"] = correlation_id
        if payload is not UNSET:
            field_dict["payload"] = payload

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, ["correlationId", "payload"], ["status", "destination"])
            if None in d.values()
            else {}
        )
        status = StreamStatus(d.pop("status"))

        destination = StreamDestination(d.pop("destination"))

        correlation_id = d.pop("correlationId", UNSET)

        _payload = d.pop("payload", UNSET)
        payload: StreamAckPayload | Unset
        if isinstance(_payload, Unset):
            payload = UNSET
        else:
            payload = StreamAckPayload.from_dict(_payload)

        stream_ack = cls(
            status=status,
            destination=destination,
            correlation_id=correlation_id,
            payload=payload,
        )

        d.update(nulls)
        stream_ack.additional_properties = d
        return stream_ack

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
