from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="LoginRequest")


@_attrs_define
class LoginRequest:
    """Who logs in."""

    identifier: str
    """ The e-mail address of the login. """
    password: str = _attrs_field(repr=False)
    """ The custom password of the API key, not the one of the trading platform. Either as it is, or encrypted
    together with `encryptedPassword`. """
    encrypted_password: bool | Unset = UNSET
    """ Whether `password` is encrypted. The server takes false when nothing is given. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        identifier = self.identifier

        password = self.password

        encrypted_password = self.encrypted_password

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "identifier": identifier,
                "password": password,
            }
        )
        if encrypted_password is not UNSET:
            field_dict["encryptedPassword"] = encrypted_password

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, ["encryptedPassword"], ["identifier", "password"]) if None in d.values() else {}
        identifier = d.pop("identifier")

        password = d.pop("password")

        encrypted_password = d.pop("encryptedPassword", UNSET)

        login_request = cls(
            identifier=identifier,
            password=password,
            encrypted_password=encrypted_password,
        )

        d.update(nulls)
        login_request.additional_properties = d
        return login_request

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
