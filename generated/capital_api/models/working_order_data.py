from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.direction import Direction
from ..models.order_type import OrderType
from ..models.time_in_force import TimeInForce
from ..types import UNSET, Unset

T = TypeVar("T", bound="WorkingOrderData")


@_attrs_define
class WorkingOrderData:
    """A limit or stop order that waits for its price."""

    deal_id: str
    """ Id of the order; `update()` and `cancel()` take it. """
    direction: Direction
    """ BUY or SELL, once the level is reached. """
    epic: str
    """ Market of the order. """
    order_size: float
    """ Size in units of the instrument. """
    order_level: float
    """ Price the order waits for. """
    time_in_force: TimeInForce
    """ Whether the order expires. """
    created_date: datetime.datetime
    """ Account-local. When it was created. No zone on the wire; the session's `timezoneOffset` gives the hours
    ahead of UTC. Prefer `createdDateUTC`. """
    created_date_utc: datetime.datetime
    """ UTC. When it was created. """
    order_type: OrderType
    """ Limit or stop. """
    currency_code: str
    """ Currency of the instrument. """
    leverage: int | Unset = UNSET
    """ Leverage that the position will have. Absent in older answers. """
    good_till_date: datetime.datetime | Unset = UNSET
    """ Account-local. When the order expires; absent when it does not. No zone on the wire; the session's
    `timezoneOffset` gives the hours ahead of UTC. Prefer `goodTillDateUTC`. """
    good_till_date_utc: datetime.datetime | Unset = UNSET
    """ UTC. When the order expires; absent when it does not. """
    guaranteed_stop: bool | Unset = UNSET
    """ Whether the stop will be guaranteed. """
    stop_level: float | Unset = UNSET
    """ Price of the stop. Absent when unset. """
    stop_distance: float | Unset = UNSET
    """ Distance of the stop, in points of price; may be negative. Absent when unset. """
    profit_level: float | Unset = UNSET
    """ Price of the profit target. Absent when unset. """
    profit_distance: float | Unset = UNSET
    """ Distance of the profit target, in points of price. Absent when unset. """
    trailing_stop: bool | Unset = UNSET
    """ Whether the stop will trail the price. Absent in older answers. """
    dma: bool | Unset = UNSET
    """ Direct market access. Seldom present. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deal_id = self.deal_id

        direction = self.direction.value

        epic = self.epic

        order_size = self.order_size

        order_level = self.order_level

        time_in_force = self.time_in_force.value

        created_date = wire.local_text(self.created_date)

        created_date_utc = wire.utc_text(self.created_date_utc)

        order_type = self.order_type.value

        currency_code = self.currency_code

        leverage = self.leverage

        good_till_date: str | Unset = UNSET
        if not isinstance(self.good_till_date, Unset):
            good_till_date = wire.local_text(self.good_till_date)

        good_till_date_utc: str | Unset = UNSET
        if not isinstance(self.good_till_date_utc, Unset):
            good_till_date_utc = wire.utc_text(self.good_till_date_utc)

        guaranteed_stop = self.guaranteed_stop

        stop_level = self.stop_level

        stop_distance = self.stop_distance

        profit_level = self.profit_level

        profit_distance = self.profit_distance

        trailing_stop = self.trailing_stop

        dma = self.dma

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dealId": deal_id,
                "direction": direction,
                "epic": epic,
                "orderSize": order_size,
                "orderLevel": order_level,
                "timeInForce": time_in_force,
                "createdDate": created_date,
                "createdDateUTC": created_date_utc,
                "orderType": order_type,
                "currencyCode": currency_code,
            }
        )
        if leverage is not UNSET:
            field_dict["leverage"] = leverage
        if good_till_date is not UNSET:
            field_dict["goodTillDate"] = good_till_date
        if good_till_date_utc is not UNSET:
            field_dict["goodTillDateUTC"] = good_till_date_utc
        if guaranteed_stop is not UNSET:
            field_dict["guaranteedStop"] = guaranteed_stop
        if stop_level is not UNSET:
            field_dict["stopLevel"] = stop_level
        if stop_distance is not UNSET:
            field_dict["stopDistance"] = stop_distance
        if profit_level is not UNSET:
            field_dict["profitLevel"] = profit_level
        if profit_distance is not UNSET:
            field_dict["profitDistance"] = profit_distance
        if trailing_stop is not UNSET:
            field_dict["trailingStop"] = trailing_stop
        if dma is not UNSET:
            field_dict["dma"] = dma

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                [
                    "leverage",
                    "goodTillDate",
                    "goodTillDateUTC",
                    "guaranteedStop",
                    "stopLevel",
                    "stopDistance",
                    "profitLevel",
                    "profitDistance",
                    "trailingStop",
                    "dma",
                ],
                [
                    "dealId",
                    "direction",
                    "epic",
                    "orderSize",
                    "orderLevel",
                    "timeInForce",
                    "createdDate",
                    "createdDateUTC",
                    "orderType",
                    "currencyCode",
                ],
            )
            if None in d.values()
            else {}
        )
        deal_id = d.pop("dealId")

        direction = Direction(d.pop("direction"))

        epic = d.pop("epic")

        order_size = d.pop("orderSize")

        order_level = d.pop("orderLevel")

        time_in_force = TimeInForce(d.pop("timeInForce"))

        created_date = wire.read_local(d.pop("createdDate"))

        created_date_utc = wire.read_utc(d.pop("createdDateUTC"))

        order_type = OrderType(d.pop("orderType"))

        currency_code = d.pop("currencyCode")

        leverage = d.pop("leverage", UNSET)

        _good_till_date = d.pop("goodTillDate", UNSET)
        good_till_date: datetime.datetime | Unset
        if isinstance(_good_till_date, Unset):
            good_till_date = UNSET
        else:
            good_till_date = wire.read_local(_good_till_date)

        _good_till_date_utc = d.pop("goodTillDateUTC", UNSET)
        good_till_date_utc: datetime.datetime | Unset
        if isinstance(_good_till_date_utc, Unset):
            good_till_date_utc = UNSET
        else:
            good_till_date_utc = wire.read_utc(_good_till_date_utc)

        guaranteed_stop = d.pop("guaranteedStop", UNSET)

        stop_level = d.pop("stopLevel", UNSET)

        stop_distance = d.pop("stopDistance", UNSET)

        profit_level = d.pop("profitLevel", UNSET)

        profit_distance = d.pop("profitDistance", UNSET)

        trailing_stop = d.pop("trailingStop", UNSET)

        dma = d.pop("dma", UNSET)

        working_order_data = cls(
            deal_id=deal_id,
            direction=direction,
            epic=epic,
            order_size=order_size,
            order_level=order_level,
            time_in_force=time_in_force,
            created_date=created_date,
            created_date_utc=created_date_utc,
            order_type=order_type,
            currency_code=currency_code,
            leverage=leverage,
            good_till_date=good_till_date,
            good_till_date_utc=good_till_date_utc,
            guaranteed_stop=guaranteed_stop,
            stop_level=stop_level,
            stop_distance=stop_distance,
            profit_level=profit_level,
            profit_distance=profit_distance,
            trailing_stop=trailing_stop,
            dma=dma,
        )

        d.update(nulls)
        working_order_data.additional_properties = d
        return working_order_data

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
