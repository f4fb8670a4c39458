from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.quote_payload import QuotePayload
from ..models.stream_destination import StreamDestination
from ..models.stream_status import StreamStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamQuote")


@_attrs_define
class StreamQuote:
    """A new price."""

    destination: StreamDestination
    """ `quote`. """
    payload: QuotePayload
    """ The price. """
    status: StreamStatus | Unset = UNSET
    """ OK. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        destination = self.destination.value

        payload = self.payload.to_dict()

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "destination": destination,
                "payload": payload,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["status"], ["destination", "payload"]) if None in d.values() else {}
        destination = StreamDestination(d.pop("destination"))

        payload = QuotePayload.from_dict(d.pop("payload"))

        _status = d.pop("status", UNSET)
        status: StreamStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = StreamStatus(_status)

        stream_quote = cls(
            destination=destination,
            payload=payload,
            status=status,
        )

        d.update(nulls)
        stream_quote.additional_properties = d
        return stream_quote

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
