from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamErrorPayload")


@_attrs_define
class StreamErrorPayload:
    """Particulars of a refused frame."""

    error_code: str | Unset = UNSET
    """ What went wrong. Some answers have it beside the payload instead. """
    cst: str | Unset = _attrs_field(default=UNSET, repr=False)
    """ The request's token, repeated. """
    security_token: str | Unset = _attrs_field(default=UNSET, repr=False)
    """ The request's token, repeated. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        error_code = self.error_code

        cst = self.cst

        security_token = self.security_token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if error_code is not UNSET:
            field_dict["errorCode"] = error_code
        if cst is not UNSET:
            field_dict["cst"] = cst
        if security_token is not UNSET:
            field_dict["securityToken"] = security_token

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["errorCode", "cst", "securityToken"], []) if None in d.values() else {}
        error_code = d.pop("errorCode", UNSET)

        cst = d.pop("cst", UNSET)

        security_token = d.pop("securityToken", UNSET)

        stream_error_payload = cls(
            error_code=error_code,
            cst=cst,
            security_token=security_token,
        )

        d.update(nulls)
        stream_error_payload.additional_properties = d
        return stream_error_payload

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
