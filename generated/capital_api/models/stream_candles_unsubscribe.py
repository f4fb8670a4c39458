from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.stream_candles_unsubscribe_payload import StreamCandlesUnsubscribePayload

T = TypeVar("T", bound="StreamCandlesUnsubscribe")


@_attrs_define
class StreamCandlesUnsubscribe:
    """Stop the candles of markets. Answered by a StreamAck."""

    destination: Literal["OHLCMarketData.unsubscribe"]
    """ What the frame is. """
    correlation_id: str
    """ Your own mark; the acknowledgement repeats it. """
    cst: str = _attrs_field(repr=False)
    """ The session's `CST` token. """
    security_token: str = _attrs_field(repr=False)
    """ The session's `X-SECURITY-TOKEN`. """
    payload: StreamCandlesUnsubscribePayload
    """ Which candles. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        destination = self.destination

        correlation_id = self.correlation_id

        cst = self.cst

        security_token = self.security_token

        payload = self.payload.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "destination": destination,
                "correlationId": correlation_id,
                "cst": cst,
                "securityToken": security_token,
                "payload": payload,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, [], ["destination", "correlationId", "cst", "securityToken", "payload"])
            if None in d.values()
            else {}
        )
        destination = cast(Literal["OHLCMarketData.unsubscribe"], d.pop("destination"))
        if destination != "OHLCMarketData.unsubscribe":
            raise ValueError(
                f"destination must match const 'OHLCMarketData.unsubscribe', got '{destination}'"
            )

        correlation_id = d.pop("correlationId")

        cst = d.pop("cst")

        security_token = d.pop("securityToken")

        payload = StreamCandlesUnsubscribePayload.from_dict(d.pop("payload"))

        stream_candles_unsubscribe = cls(
            destination=destination,
            correlation_id=correlation_id,
            cst=cst,
            security_token=security_token,
            payload=payload,
        )

        d.update(nulls)
        stream_candles_unsubscribe.additional_properties = d
        return stream_candles_unsubscribe

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
