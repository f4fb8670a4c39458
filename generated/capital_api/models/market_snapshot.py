from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.market_mode import MarketMode
from ..models.market_status import MarketStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="MarketSnapshot")


@_attrs_define
class MarketSnapshot:
    """Current prices and state of a market."""

    market_status: MarketStatus
    """ Whether it can be traded now. """
    delay_time: int
    """ Delay of the prices; 0 for live prices. The unit is not documented. """
    decimal_places_factor: int
    """ Decimal places of the prices. """
    scaling_factor: float
    """ Factor of the prices; 1 in every answer seen. """
    market_modes: list[MarketMode] | Unset = UNSET
    """ What may be done in the market. May be empty; absent in older answers. """
    bid: float | Unset = UNSET
    """ Price at which you sell. Absent when there is none. """
    offer: float | Unset = UNSET
    """ Price at which you buy; `ask` on candles, `ofr` on the stream. Absent when there is none. """
    high: float | Unset = UNSET
    """ Highest price of the day. May be absent; the bid may lie outside of it. """
    low: float | Unset = UNSET
    """ Lowest price of the day. May be absent; the bid may lie outside of it. """
    net_change: float | Unset = UNSET
    """ Change of the price, in points. Its base differs from that of `percentageChange`; even the signs can differ.
    """
    percentage_change: float | Unset = UNSET
    """ Change of the price, in percent. Its base differs from that of `netChange`; even the signs can differ. """
    update_time: datetime.datetime | Unset = UNSET
    """ Account-local. Time of the snapshot. No zone on the wire; the session's `timezoneOffset` gives the hours
    ahead of UTC. There is no UTC twin here; the same market in a list has `updateTimeUTC`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        market_status = self.market_status.value

        delay_time = self.delay_time

        decimal_places_factor = self.decimal_places_factor

        scaling_factor = self.scaling_factor

        market_modes: list[str] | Unset = UNSET
        if not isinstance(self.market_modes, Unset):
            market_modes = []
            for market_modes_item_data in self.market_modes:
                market_modes_item = market_modes_item_data.value
                market_modes.append(market_modes_item)

        bid = self.bid

        offer = self.offer

        high = self.high

        low = self.low

        net_change = self.net_change

        percentage_change = self.percentage_change

        update_time: str | Unset = UNSET
        if not isinstance(self.update_time, Unset):
            update_time = wire.local_text(self.update_time)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "marketStatus": market_status,
                "delayTime": delay_time,
                "decimalPlacesFactor": decimal_places_factor,
                "scalingFactor": scaling_factor,
            }
        )
        if market_modes is not UNSET:
            field_dict["marketModes"] = market_modes
        if bid is not UNSET:
            field_dict["bid"] = bid
        if offer is not UNSET:
            field_dict["offer"] = offer
        if high is not UNSET:
            field_dict["high"] = high
        if low is not UNSET:
            field_dict["low"] = low
        if net_change is not UNSET:
            field_dict["netChange"] = net_change
        if percentage_change is not UNSET:
            field_dict["percentageChange"] = percentage_change
        if update_time is not UNSET:
            field_dict["updateTime"] = update_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["marketModes", "bid", "offer", "high", "low", "netChange", "percentageChange", "updateTime"],
                ["marketStatus", "delayTime", "decimalPlacesFactor", "scalingFactor"],
            )
            if None in d.values()
            else {}
        )
        market_status = MarketStatus(d.pop("marketStatus"))

        delay_time = d.pop("delayTime")

        decimal_places_factor = d.pop("decimalPlacesFactor")

        scaling_factor = d.pop("scalingFactor")

        _market_modes = d.pop("marketModes", UNSET)
        market_modes: list[MarketMode] | Unset = UNSET
        if _market_modes is not UNSET:
            market_modes = []
            for market_modes_item_data in wire.items(_market_modes):
                market_modes_item = MarketMode(market_modes_item_data)

                market_modes.append(market_modes_item)

        bid = d.pop("bid", UNSET)

        offer = d.pop("offer", UNSET)

        high = d.pop("high", UNSET)

        low = d.pop("low", UNSET)

        net_change = d.pop("netChange", UNSET)

        percentage_change = d.pop("percentageChange", UNSET)

        _update_time = d.pop("updateTime", UNSET)
        update_time: datetime.datetime | Unset
        if isinstance(_update_time, Unset):
            update_time = UNSET
        else:
            update_time = wire.read_local(_update_time)

        market_snapshot = cls(
            market_status=market_status,
            delay_time=delay_time,
            decimal_places_factor=decimal_places_factor,
            scaling_factor=scaling_factor,
            market_modes=market_modes,
            bid=bid,
            offer=offer,
            high=high,
            low=low,
            net_change=net_change,
            percentage_change=percentage_change,
            update_time=update_time,
        )

        d.update(nulls)
        market_snapshot.additional_properties = d
        return market_snapshot

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
