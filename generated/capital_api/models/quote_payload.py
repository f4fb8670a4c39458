from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..types import UNSET, Unset

T = TypeVar("T", bound="QuotePayload")


@_attrs_define
class QuotePayload:
    """Bid and ask of a market at one moment."""

    epic: str
    """ The market. """
    bid: float
    """ Price at which you sell. """
    ofr: float
    """ Price at which you buy; `offer` on markets, `ask` on candles. """
    timestamp: int
    """ Time of the price, in milliseconds since the Unix epoch. """
    product: str | Unset = UNSET
    """ Product; `CFD` is the only one seen. """
    bid_qty: float | Unset = UNSET
    """ Quantity at the bid. """
    ofr_qty: float | Unset = UNSET
    """ Quantity at the price at which you buy. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        epic = self.epic

        bid = self.bid

        ofr = self.ofr

        timestamp = self.timestamp

        product = self.product

        bid_qty = self.bid_qty

        ofr_qty = self.ofr_qty

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "epic": epic,
                "bid": bid,
                "ofr": ofr,
                "timestamp": timestamp,
            }
        )
        if product is not UNSET:
            field_dict["product"] = product
        if bid_qty is not UNSET:
            field_dict["bidQty"] = bid_qty
        if ofr_qty is not UNSET:
            field_dict["ofrQty"] = ofr_qty

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, ["product", "bidQty", "ofrQty"], ["epic", "bid", "ofr", "timestamp"])
            if None in d.values()
            else {}
        )
        epic = d.pop("epic")

        bid = d.pop("bid")

        ofr = d.pop("ofr")

        timestamp = d.pop("timestamp")

        product = d.pop("product", UNSET)

        bid_qty = d.pop("bidQty", UNSET)

        ofr_qty = d.pop("ofrQty", UNSET)

        quote_payload = cls(
            epic=epic,
            bid=bid,
            ofr=ofr,
            timestamp=timestamp,
            product=product,
            bid_qty=bid_qty,
            ofr_qty=ofr_qty,
        )

        d.update(nulls)
        quote_payload.additional_properties = d
        return quote_payload

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
