from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.instrument_type import InstrumentType
from ..models.market_mode import MarketMode
from ..models.market_status import MarketStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="Market")


@_attrs_define
class Market:
    """A market with a snapshot of its prices, as lists show it."""

    epic: str
    """ Key of the market, upper case. All other calls take it. """
    instrument_name: str
    """ Name of the market for people. """
    instrument_type: InstrumentType
    """ Kind of instrument. """
    market_status: MarketStatus
    """ Whether it can be traded now. """
    symbol: str | Unset = UNSET
    """ Short name of the market. Absent in older answers. """
    instrument_id: int | Unset = UNSET
    """ Number of the instrument. Beyond 53 bits, so do not keep it as a float. Absent in older answers. """
    market_modes: list[MarketMode] | Unset = UNSET
    """ What may be done in the market. May be empty; absent in older answers. """
    expiry: str | Unset = UNSET
    """ Day on which the contract expires, or `-` for never. """
    lot_size: float | Unset = UNSET
    """ Units of one lot. """
    bid: float | Unset = UNSET
    """ Price at which you sell. Absent when there is none. """
    offer: float | Unset = UNSET
    """ Price at which you buy; `ask` on candles, `ofr` on the stream. Absent when there is none. """
    high: float | Unset = UNSET
    """ Highest price of the day. Absent for some closed or quiet markets; the bid may lie outside of it. """
    low: float | Unset = UNSET
    """ Lowest price of the day. Absent for some closed or quiet markets; the bid may lie outside of it. """
    net_change: float | Unset = UNSET
    """ Change of the price, in points. Its base differs from that of `percentageChange`; even the signs can differ.
    """
    percentage_change: float | Unset = UNSET
    """ Change of the price, in percent. Its base differs from that of `netChange`; even the signs can differ. """
    update_time: datetime.datetime | Unset = UNSET
    """ Account-local. Time of the snapshot. No zone on the wire; the session's `timezoneOffset` gives the hours
    ahead of UTC. Prefer `updateTimeUTC`. """
    update_time_utc: datetime.datetime | Unset = UNSET
    """ UTC. Time of the snapshot. """
    delay_time: int | Unset = UNSET
    """ Delay of the prices; 0 for live prices. The unit is not documented. """
    streaming_prices_available: bool | Unset = UNSET
    """ Whether the stream carries this market. """
    scaling_factor: float | Unset = UNSET
    """ Factor of the prices; 1 in every answer seen. """
    pip_position: int | Unset = UNSET
    """ Position of the pip among the decimal places; not documented further. Absent in some answers. """
    tick_size: float | Unset = UNSET
    """ Smallest step of the price. Absent in some answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        epic = self.epic

        instrument_name = self.instrument_name

        instrument_type = self.instrument_type.value

        market_status = self.market_status.value

        symbol = self.symbol

        instrument_id = self.instrument_id

        market_modes: list[str] | Unset = UNSET
        if not isinstance(self.market_modes, Unset):
            market_modes = []
            for market_modes_item_data in self.market_modes:
                market_modes_item = market_modes_item_data.value
                market_modes.append(market_modes_item)

        expiry = self.expiry

        lot_size = self.lot_size

        bid = self.bid

        offer = self.offer

        high = self.high

        low = self.low

        net_change = self.net_change

        percentage_change = self.percentage_change

        update_time: str | Unset = UNSET
        if not isinstance(self.update_time, Unset):
            update_time = wire.local_text(self.update_time)

        update_time_utc: str | Unset = UNSET
        if not isinstance(self.update_time_utc, Unset):
            update_time_utc = wire.utc_text(self.update_time_utc)

        delay_time = self.delay_time

        streaming_prices_available = self.streaming_prices_available

        scaling_factor = self.scaling_factor

        pip_position = self.pip_position

        tick_size = self.tick_size

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "epic": epic,
                "instrumentName": instrument_name,
                "instrumentType": instrument_type,
                "marketStatus": market_status,
            }
        )
        if symbol is not UNSET:
            field_dict["symbol"] = symbol
        if instrument_id is not UNSET:
            field_dict["instrumentId"] = instrument_id
        if market_modes is not UNSET:
            field_dict["marketModes"] = market_modes
        if expiry is not UNSET:
            field_dict["expiry"] = expiry
        if lot_size is not UNSET:
            field_dict["lotSize"] = lot_size
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
        if update_time_utc is not UNSET:
            field_dict["updateTimeUTC"] = update_time_utc
        if delay_time is not UNSET:
            field_dict["delayTime"] = delay_time
        if streaming_prices_available is not UNSET:
            field_dict["streamingPricesAvailable"] = streaming_prices_available
        if scaling_factor is not UNSET:
            field_dict["scalingFactor"] = scaling_factor
        if pip_position is not UNSET:
            field_dict["pipPosition"] = pip_position
        if tick_size is not UNSET:
            field_dict["tickSize"] = tick_size

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                [
                    "symbol",
                    "instrumentId",
                    "marketModes",
                    "expiry",
                    "lotSize",
                    "bid",
                    "offer",
                    "high",
                    "low",
                    "netChange",
                    "percentageChange",
                    "updateTime",
                    "updateTimeUTC",
                    "delayTime",
                    "streamingPricesAvailable",
                    "scalingFactor",
                    "pipPosition",
                    "tickSize",
                ],
                ["epic", "instrumentName", "instrumentType", "marketStatus"],
            )
            if None in d.values()
            else {}
        )
        epic = d.pop("epic")

        instrument_name = d.pop("instrumentName")

        instrument_type = InstrumentType(d.pop("instrumentType"))

        market_status = MarketStatus(d.pop("marketStatus"))

        symbol = d.pop("symbol", UNSET)

        instrument_id = d.pop("instrumentId", UNSET)

        _market_modes = d.pop("marketModes", UNSET)
        market_modes: list[MarketMode] | Unset = UNSET
        if _market_modes is not UNSET:
            market_modes = []
            for market_modes_item_data in wire.items(_market_modes):
                market_modes_item = MarketMode(market_modes_item_data)

                market_modes.append(market_modes_item)

        expiry = d.pop("expiry", UNSET)

        lot_size = d.pop("lotSize", UNSET)

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

        _update_time_utc = d.pop("updateTimeUTC", UNSET)
        update_time_utc: datetime.datetime | Unset
        if isinstance(_update_time_utc, Unset):
            update_time_utc = UNSET
        else:
            update_time_utc = wire.read_utc(_update_time_utc)

        delay_time = d.pop("delayTime", UNSET)

        streaming_prices_available = d.pop("streamingPricesAvailable", UNSET)

        scaling_factor = d.pop("scalingFactor", UNSET)

        pip_position = d.pop("pipPosition", UNSET)

        tick_size = d.pop("tickSize", UNSET)

        market = cls(
            epic=epic,
            instrument_name=instrument_name,
            instrument_type=instrument_type,
            market_status=market_status,
            symbol=symbol,
            instrument_id=instrument_id,
            market_modes=market_modes,
            expiry=expiry,
            lot_size=lot_size,
            bid=bid,
            offer=offer,
            high=high,
            low=low,
            net_change=net_change,
            percentage_change=percentage_change,
            update_time=update_time,
            update_time_utc=update_time_utc,
            delay_time=delay_time,
            streaming_prices_available=streaming_prices_available,
            scaling_factor=scaling_factor,
            pip_position=pip_position,
            tick_size=tick_size,
        )

        d.update(nulls)
        market.additional_properties = d
        return market

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
