from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.bid_ask import BidAsk
from ..types import UNSET, Unset

T = TypeVar("T", bound="Candle")


@_attrs_define
class Candle:
    """Bid and ask prices over one step of the resolution."""

    snapshot_time: datetime.datetime
    """ Account-local. Begin of the candle. No zone on the wire; the session's `timezoneOffset` gives the hours
    ahead of UTC. Prefer `snapshotTimeUTC`. """
    snapshot_time_utc: datetime.datetime
    """ UTC. Begin of the candle. """
    open_price: BidAsk
    """ First prices. """
    close_price: BidAsk
    """ Last prices. """
    high_price: BidAsk
    """ Highest prices. """
    low_price: BidAsk
    """ Lowest prices. """
    last_traded_volume: float | Unset = UNSET
    """ Activity within the candle. What it counts is not documented. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        snapshot_time = wire.local_text(self.snapshot_time)

        snapshot_time_utc = wire.utc_text(self.snapshot_time_utc)

        open_price = self.open_price.to_dict()

        close_price = self.close_price.to_dict()

        high_price = self.high_price.to_dict()

        low_price = self.low_price.to_dict()

        last_traded_volume = self.last_traded_volume

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "snapshotTime": snapshot_time,
                "snapshotTimeUTC": snapshot_time_utc,
                "openPrice": open_price,
                "closePrice": close_price,
                "highPrice": high_price,
                "lowPrice": low_price,
            }
        )
        if last_traded_volume is not UNSET:
            field_dict["lastTradedVolume"] = last_traded_volume

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["lastTradedVolume"],
                ["snapshotTime", "snapshotTimeUTC", "openPrice", "closePrice", "highPrice", "lowPrice"],
            )
            if None in d.values()
            else {}
        )
        snapshot_time = wire.read_local(d.pop("snapshotTime"))

        snapshot_time_utc = wire.read_utc(d.pop("snapshotTimeUTC"))

        open_price = BidAsk.from_dict(d.pop("openPrice"))

        close_price = BidAsk.from_dict(d.pop("closePrice"))

        high_price = BidAsk.from_dict(d.pop("highPrice"))

        low_price = BidAsk.from_dict(d.pop("lowPrice"))

        last_traded_volume = d.pop("lastTradedVolume", UNSET)

        candle = cls(
            snapshot_time=snapshot_time,
            snapshot_time_utc=snapshot_time_utc,
            open_price=open_price,
            close_price=close_price,
            high_price=high_price,
            low_price=low_price,
            last_traded_volume=last_traded_volume,
        )

        d.update(nulls)
        candle.additional_properties = d
        return candle

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
