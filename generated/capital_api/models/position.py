from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.direction import Direction
from ..types import UNSET, Unset

T = TypeVar("T", bound="Position")


@_attrs_define
class Position:
    """An open position."""

    contract_size: float
    """ Units of one contract; 1 in every answer seen. """
    created_date: datetime.datetime
    """ Account-local. When it was opened. No zone on the wire; the session's `timezoneOffset` gives the hours ahead
    of UTC. Prefer `createdDateUTC`. """
    created_date_utc: datetime.datetime
    """ UTC. When it was opened. """
    deal_id: str
    """ Id of the position; `update()` and `close()` take it. """
    deal_reference: str
    """ `p_` and the deal id. Every update and the close of this position share it. """
    size: float
    """ Size in units of the instrument. """
    upl: float
    """ Running profit or loss, not realised. Its currency is not documented. """
    direction: Direction
    """ BUY for a long position, SELL for a short one. """
    level: float
    """ Price at which it was opened. """
    currency: str
    """ Currency of the instrument. """
    working_order_id: str | Unset = UNSET
    """ Id of the order that opened the position, market orders included. Equals the `dealId` of the opening
    confirmation. """
    leverage: int | Unset = UNSET
    """ Leverage of the position. Absent in older answers. """
    guaranteed_stop: bool | Unset = UNSET
    """ Whether the stop is guaranteed. """
    trailing_stop: bool | None | Unset = UNSET
    """ Whether the stop trails the price. Absent when unset. """
    stop_level: float | None | Unset = UNSET
    """ Price at which the position is closed to limit the loss. Absent when unset. """
    stop_distance: float | None | Unset = UNSET
    """ Distance of the stop, in points of price. Absent when unset. """
    profit_level: float | None | Unset = UNSET
    """ Price at which the position is closed to take the profit. Absent when unset. """
    profit_distance: float | None | Unset = UNSET
    """ Distance of the profit target, in points of price. Absent when unset. """
    controlled_risk: bool | Unset = UNSET
    """ The name of `guaranteedStop` in 2022. Absent in newer answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        contract_size = self.contract_size

        created_date = wire.local_text(self.created_date)

        created_date_utc = wire.utc_text(self.created_date_utc)

        deal_id = self.deal_id

        deal_reference = self.deal_reference

        size = self.size

        upl = self.upl

        direction = self.direction.value

        level = self.level

        currency = self.currency

        working_order_id = self.working_order_id

        leverage = self.leverage

        guaranteed_stop = self.guaranteed_stop

        trailing_stop: bool | None | Unset
        if isinstance(self.trailing_stop, Unset):
            trailing_stop = UNSET
        else:
            trailing_stop = self.trailing_stop

        stop_level: float | None | Unset
        if isinstance(self.stop_level, Unset):
            stop_level = UNSET
        else:
            stop_level = self.stop_level

        stop_distance: float | None | Unset
        if isinstance(self.stop_distance, Unset):
            stop_distance = UNSET
        else:
            stop_distance = self.stop_distance

        profit_level: float | None | Unset
        if isinstance(self.profit_level, Unset):
            profit_level = UNSET
        else:
            profit_level = self.profit_level

        profit_distance: float | None | Unset
        if isinstance(self.profit_distance, Unset):
            profit_distance = UNSET
        else:
            profit_distance = self.profit_distance

        controlled_risk = self.controlled_risk

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "contractSize": contract_size,
                "createdDate": created_date,
                "createdDateUTC": created_date_utc,
                "dealId": deal_id,
                "dealReference": deal_reference,
                "size": size,
                "upl": upl,
                "direction": direction,
                "level": level,
                "currency": currency,
            }
        )
        if working_order_id is not UNSET:
            field_dict["workingOrderId"] = working_order_id
        if leverage is not UNSET:
            field_dict["leverage"] = leverage
        if guaranteed_stop is not UNSET:
            field_dict["guaranteedStop"] = guaranteed_stop
        if trailing_stop is not UNSET:
            field_dict["trailingStop"] = trailing_stop
        if stop_level is not UNSET:
            field_dict["stopLevel"] = stop_level
        if stop_distance is not UNSET:
            field_dict["stopDistance"] = stop_distance
        if profit_level is not UNSET:
            field_dict["profitLevel"] = profit_level
        if profit_distance is not UNSET:
            field_dict["profitDistance"] = profit_distance
        if controlled_risk is not UNSET:
            field_dict["controlledRisk"] = controlled_risk

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["workingOrderId", "leverage", "guaranteedStop", "controlledRisk"],
                [
                    "contractSize",
                    "createdDate",
                    "createdDateUTC",
                    "dealId",
                    "dealReference",
                    "size",
                    "upl",
                    "direction",
                    "level",
                    "currency",
                ],
            )
            if None in d.values()
            else {}
        )
        contract_size = d.pop("contractSize")

        created_date = wire.read_local(d.pop("createdDate"))

        created_date_utc = wire.read_utc(d.pop("createdDateUTC"))

        deal_id = d.pop("dealId")

        deal_reference = d.pop("dealReference")

        size = d.pop("size")

        upl = d.pop("upl")

        direction = Direction(d.pop("direction"))

        level = d.pop("level")

        currency = d.pop("currency")

        working_order_id = d.pop("workingOrderId", UNSET)

        leverage = d.pop("leverage", UNSET)

        guaranteed_stop = d.pop("guaranteedStop", UNSET)

        def _parse_trailing_stop(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        trailing_stop = _parse_trailing_stop(d.pop("trailingStop", UNSET))

        def _parse_stop_level(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        stop_level = _parse_stop_level(d.pop("stopLevel", UNSET))

        def _parse_stop_distance(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        stop_distance = _parse_stop_distance(d.pop("stopDistance", UNSET))

        def _parse_profit_level(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        profit_level = _parse_profit_level(d.pop("profitLevel", UNSET))

        def _parse_profit_distance(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        profit_distance = _parse_profit_distance(d.pop("profitDistance", UNSET))

        controlled_risk = d.pop("controlledRisk", UNSET)

        position = cls(
            contract_size=contract_size,
            created_date=created_date,
            created_date_utc=created_date_utc,
            deal_id=deal_id,
            deal_reference=deal_reference,
            size=size,
            upl=upl,
            direction=direction,
            level=level,
            currency=currency,
            working_order_id=working_order_id,
            leverage=leverage,
            guaranteed_stop=guaranteed_stop,
            trailing_stop=trailing_stop,
            stop_level=stop_level,
            stop_distance=stop_distance,
            profit_level=profit_level,
            profit_distance=profit_distance,
            controlled_risk=controlled_risk,
        )

        d.update(nulls)
        position.additional_properties = d
        return position

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
