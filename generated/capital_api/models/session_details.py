from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="SessionDetails")


@_attrs_define
class SessionDetails:
    """The current session."""

    client_id: str
    """ Id of the login. """
    account_id: str
    """ The active account, the one that orders go to. """
    timezone_offset: int
    """ Hours that account-local times are ahead of UTC. """
    currency: str
    """ Currency of the active account. """
    stream_endpoint: str
    """ Where to stream from. Ends with a slash; append `connect`. """
    locale: str | Unset = UNSET
    """ Language of the login, with or without a country. """
    symbol: str | Unset = UNSET
    """ Symbol of that currency. Absent in older answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        account_id = self.account_id

        timezone_offset = self.timezone_offset

        currency = self.currency

        stream_endpoint = self.stream_endpoint

        locale = self.locale

        symbol = self.symbol

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "clientId": client_id,
                "accountId": account_id,
                "timezoneOffset": timezone_offset,
                "currency": currency,
                "streamEndpoint": stream_endpoint,
            }
        )
        if locale is not UNSET:
            field_dict["locale"] = locale
        if symbol is not UNSET:
            field_dict["symbol"] = symbol

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["locale", "symbol"],
                ["clientId", "accountId", "timezoneOffset", "currency", "streamEndpoint"],
            )
            if None in d.values()
            else {}
        )
        client_id = d.pop("clientId")

        account_id = d.pop("accountId")

        timezone_offset = d.pop("timezoneOffset")

        currency = d.pop("currency")

        stream_endpoint = d.pop("streamEndpoint")

        locale = d.pop("locale", UNSET)

        symbol = d.pop("symbol", UNSET)

        session_details = cls(
            client_id=client_id,
            account_id=account_id,
            timezone_offset=timezone_offset,
            currency=currency,
            stream_endpoint=stream_endpoint,
            locale=locale,
            symbol=symbol,
        )

        d.update(nulls)
        session_details.additional_properties = d
        return session_details

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
