from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="EncryptionKey")


@_attrs_define
class EncryptionKey:
    """The public key for the password, with the time that is encrypted together with it."""

    encryption_key: str
    """ RSA public key of 2048 bits, in base64 of its DER form (SubjectPublicKeyInfo). """
    time_stamp: int
    """ Milliseconds since the Unix epoch. Joined to the password with a vertical bar before it is encrypted. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        encryption_key = self.encryption_key

        time_stamp = self.time_stamp

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "encryptionKey": encryption_key,
                "timeStamp": time_stamp,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["encryptionKey", "timeStamp"]) if None in d.values() else {}
        encryption_key = d.pop("encryptionKey")

        time_stamp = d.pop("timeStamp")

        encryption_key = cls(
            encryption_key=encryption_key,
            time_stamp=time_stamp,
        )

        d.update(nulls)
        encryption_key.additional_properties = d
        return encryption_key

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
