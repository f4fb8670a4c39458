from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.stream_destination import StreamDestination
from ..models.stream_error_payload import StreamErrorPayload
from ..models.stream_status import StreamStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamError")


@_attrs_define
class StreamError:
    """The server refused a frame. The code is in `errorCode` or in the payload. The frame repeats the request with its
    tokens: never log it.

    """

    status: StreamStatus
    """ ERROR. """
    destination: StreamDestination | Unset = UNSET
    """ Destination of the frame that was refused. """
    correlation_id: str | Unset = UNSET
    """ The mark of the frame that was refused. """
    error_code: str | Unset = UNSET
    """ What went wrong. Some answers have it in the payload instead. """
    cst: str | Unset = _attrs_field(default=UNSET, repr=False)
    """ The request's token, repeated. """
    security_token: str | Unset = _attrs_field(default=UNSET, repr=False)
    """ The request's token, repeated. """
    payload: StreamErrorPayload | Unset = UNSET
    """ Particulars, or the request's payload repeated. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status.value

        destination: str | Unset = UNSET
        if not isinstance(self.destination, Unset):
            destination = self.destination.value

        correlation_id = self.correlation_id

        error_code = self.error_code

        cst = self.cst

        security_token = self.security_token

        payload: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payload, Unset):
            payload = self.payload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if destination is not UNSET:
            field_dict["destination"] = destination
        if correlation_id is not UNSET:
            field_dict["correlationId"] = correlation_id
        if error_code is not UNSET:
            field_dict["errorCode"] = error_code
        if cst is not UNSET:
            field_dict["cst"] = cst
        if security_token is not UNSET:
            field_dict["securityToken"] = security_token
        if payload is not UNSET:
            field_dict["payload"] = payload

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["destination", "correlationId", "errorCode", "cst", "securityToken", "payload"],
                ["status"],
            )
            if None in d.values()
            else {}
        )
        status = StreamStatus(d.pop("status"))

        _destination = d.pop("destination", UNSET)
        destination: StreamDestination | Unset
        if isinstance(_destination, Unset):
            destination = UNSET
        else:
            destination = StreamDestination(_destination)

        correlation_id = d.pop("correlationId", UNSET)

        error_code = d.pop("errorCode", UNSET)

        cst = d.pop("cst", UNSET)

        security_token = d.pop("securityToken", UNSET)

        _payload = d.pop("payload", UNSET)
        payload: StreamErrorPayload | Unset
        if isinstance(_payload, Unset):
            payload = UNSET
        else:
            payload = StreamErrorPayload.from_dict(_payload)

        stream_error = cls(
            status=status,
            destination=destination,
            correlation_id=correlation_id,
            error_code=error_code,
            cst=cst,
            security_token=security_token,
            payload=payload,
        )

        d.update(nulls)
        stream_error.additional_properties = d
        return stream_error

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
