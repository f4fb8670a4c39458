from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.sentiment import Sentiment

T = TypeVar("T", bound="SentimentList")


@_attrs_define
class SentimentList:
    """Client sentiment of several markets."""

    client_sentiments: list[Sentiment]
    """ One entry for each market. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_sentiments = []
        for client_sentiments_item_data in self.client_sentiments:
            client_sentiments_item = client_sentiments_item_data.to_dict()
            client_sentiments.append(client_sentiments_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "clientSentiments": client_sentiments,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["clientSentiments"]) if None in d.values() else {}
        client_sentiments = []
        _client_sentiments = d.pop("clientSentiments")
        for client_sentiments_item_data in wire.items(_client_sentiments):
            client_sentiments_item = Sentiment.from_dict(client_sentiments_item_data)

            client_sentiments.append(client_sentiments_item)

        sentiment_list = cls(
            client_sentiments=client_sentiments,
        )

        d.update(nulls)
        sentiment_list.additional_properties = d
        return sentiment_list

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
