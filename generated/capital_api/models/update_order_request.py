from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.time_in_force import TimeInForce
from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdateOrderRequest")


@_attrs_define
class UpdateOrderRequest:
    """What to change. Level, expiry, stop and profit target stay as they are when left out; `guaranteedStop` and
    `trailingStop` become false.

    """

    level: float | Unset = UNSET
    """ New price the order waits for. Stays as it is when left out. """
    good_till_date: datetime.datetime | Unset = UNSET
    """ UTC. New expiry, in the future. Stays as it is when left out; `timeInForce` can drop it. """
    time_in_force: TimeInForce | Unset = UNSET
    """ GOOD_TILL_CANCELLED drops the expiry (observed, not documented). Stays as it is when left out. """
    guaranteed_stop: bool | Unset = UNSET
    """ Guarantee the stop at its exact level. Needs a stop; not together with `trailingStop`, and not on an account
    with hedging on. Becomes false when left out. """
    trailing_stop: bool | Unset = UNSET
    """ Let the stop follow the price. Needs `stopDistance`; not together with `guaranteedStop`. Becomes false when
    left out. """
    stop_level: float | Unset = UNSET
    """ Price at which to close with a loss. The stop stays as it is when no stop field is given. """
    stop_distance: float | Unset = UNSET
    """ Distance of the stop from the order's level, in points of price, above 0. The stop stays as it is when no
    stop field is given. """
    stop_amount: float | Unset = UNSET
    """ Loss at which to close, as an amount of money above 0. Cannot be read back. The stop stays as it is when no
    stop field is given. """
    profit_level: float | Unset = UNSET
    """ Price at which to close with a profit. The profit target stays as it is when no profit field is given. """
    profit_distance: float | Unset = UNSET
    """ Distance of the profit target from the order's level, in points of price, above 0. The profit target stays
    as it is when no profit field is given. """
    profit_amount: float | Unset = UNSET
    """ Profit at which to close, as an amount of money above 0. Cannot be read back. The profit target stays as it
    is when no profit field is given. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        level = self.level

        good_till_date: str | Unset = UNSET
        if not isinstance(self.good_till_date, Unset):
            good_till_date = wire.utc_seconds(self.good_till_date)

        time_in_force: str | Unset = UNSET
        if not isinstance(self.time_in_force, Unset):
            time_in_force = self.time_in_force.value

        guaranteed_stop = self.guaranteed_stop

        trailing_stop = self.trailing_stop

        stop_level = self.stop_level

        stop_distance = self.stop_distance

        stop_amount = self.stop_amount

        profit_level = self.profit_level

        profit_distance = self.profit_distance

        profit_amount = self.profit_amount

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if level is not UNSET:
            field_dict["level"] = level
        if good_till_date is not UNSET:
            field_dict["goodTillDate"] = good_till_date
        if time_in_force is not UNSET:
            field_dict["timeInForce"] = time_in_force
        if guaranteed_stop is not UNSET:
            field_dict["guaranteedStop"] = guaranteed_stop
        if trailing_stop is not UNSET:
            field_dict["trailingStop"] = trailing_stop
        if stop_level is not UNSET:
            field_dict["stopLevel"] = stop_level
        if stop_distance is not UNSET:
            field_dict["stopDistance"] = stop_distance
        if stop_amount is not UNSET:
            field_dict["stopAmount"] = stop_amount
        if profit_level is not UNSET:
            field_dict["profitLevel"] = profit_level
        if profit_distance is not UNSET:
            field_dict["profitDistance"] = profit_distance
        if profit_amount is not UNSET:
            field_dict["profitAmount"] = profit_amount

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                [
                    "level",
                    "goodTillDate",
                    "timeInForce",
                    "guaranteedStop",
                    "trailingStop",
                    "stopLevel",
                    "stopDistance",
                    "stopAmount",
                    "profitLevel",
                    "profitDistance",
                    "profitAmount",
                ],
                [],
            )
            if None in d.values()
            else {}
        )
        level = d.pop("level", UNSET)

        _good_till_date = d.pop("goodTillDate", UNSET)
        good_till_date: datetime.datetime | Unset
        if isinstance(_good_till_date, Unset):
            good_till_date = UNSET
        else:
            good_till_date = wire.read_utc(_good_till_date)

        _time_in_force = d.pop("timeInForce", UNSET)
        time_in_force: TimeInForce | Unset
        if isinstance(_time_in_force, Unset):
            time_in_force = UNSET
        else:
            time_in_force = TimeInForce(_time_in_force)

        guaranteed_stop = d.pop("guaranteedStop", UNSET)

        trailing_stop = d.pop("trailingStop", UNSET)

        stop_level = d.pop("stopLevel", UNSET)

        stop_distance = d.pop("stopDistance", UNSET)

        stop_amount = d.pop("stopAmount", UNSET)

        profit_level = d.pop("profitLevel", UNSET)

        profit_distance = d.pop("profitDistance", UNSET)

        profit_amount = d.pop("profitAmount", UNSET)

        update_order_request = cls(
            level=level,
            good_till_date=good_till_date,
            time_in_force=time_in_force,
            guaranteed_stop=guaranteed_stop,
            trailing_stop=trailing_stop,
            stop_level=stop_level,
            stop_distance=stop_distance,
            stop_amount=stop_amount,
            profit_level=profit_level,
            profit_distance=profit_distance,
            profit_amount=profit_amount,
        )

        d.update(nulls)
        update_order_request.additional_properties = d
        return update_order_request

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
