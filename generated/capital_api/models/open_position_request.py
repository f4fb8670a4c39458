from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.direction import Direction
from ..types import UNSET, Unset

T = TypeVar("T", bound="OpenPositionRequest")


@_attrs_define
class OpenPositionRequest:
    """A position to open at the market price."""

    direction: Direction
    """ BUY to go long, SELL to go short. """
    epic: str
    """ Market to trade, upper case. """
    size: float
    """ Size in units of the instrument, above 0. The market's `minDealSize`, `maxDealSize` and `minSizeIncrement`
    apply. """
    guaranteed_stop: bool | Unset = UNSET
    """ Guarantee the stop at its exact level. Needs one of `stopLevel`, `stopDistance`, `stopAmount`; not together
    with `trailingStop`, and not on an account with hedging on. The server takes false when nothing is given. """
    trailing_stop: bool | Unset = UNSET
    """ Let the stop follow the price. Needs `stopDistance`; not together with `guaranteedStop`. The server takes
    false when nothing is given. """
    stop_level: float | Unset = UNSET
    """ Price at which to close with a loss. """
    stop_distance: float | Unset = UNSET
    """ Distance of the stop from the opening price, in points of price, above 0. """
    stop_amount: float | Unset = UNSET
    """ Loss at which to close, as an amount of money above 0. Cannot be read back. """
    profit_level: float | Unset = UNSET
    """ Price at which to close with a profit. """
    profit_distance: float | Unset = UNSET
    """ Distance of the profit target from the opening price, in points of price, above 0. """
    profit_amount: float | Unset = UNSET
    """ Profit at which to close, as an amount of money above 0. Cannot be read back. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        direction = self.direction.value

        epic = self.epic

        size = self.size

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
        field_dict.update(
            {
                "direction": direction,
                "epic": epic,
                "size": size,
            }
        )
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
                    "guaranteedStop",
                    "trailingStop",
                    "stopLevel",
                    "stopDistance",
                    "stopAmount",
                    "profitLevel",
                    "profitDistance",
                    "profitAmount",
                ],
                ["direction", "epic", "size"],
            )
            if None in d.values()
            else {}
        )
        direction = Direction(d.pop("direction"))

        epic = d.pop("epic")

        size = d.pop("size")

        guaranteed_stop = d.pop("guaranteedStop", UNSET)

        trailing_stop = d.pop("trailingStop", UNSET)

        stop_level = d.pop("stopLevel", UNSET)

        stop_distance = d.pop("stopDistance", UNSET)

        stop_amount = d.pop("stopAmount", UNSET)

        profit_level = d.pop("profitLevel", UNSET)

        profit_distance = d.pop("profitDistance", UNSET)

        profit_amount = d.pop("profitAmount", UNSET)

        open_position_request = cls(
            direction=direction,
            epic=epic,
            size=size,
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
        open_position_request.additional_properties = d
        return open_position_request

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
