from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.affected_deal import AffectedDeal
from ..models.deal_status import DealStatus
from ..models.direction import Direction
from ..models.position_status import PositionStatus
from ..models.reject_reason import RejectReason
from ..types import UNSET, Unset

T = TypeVar("T", bound="Confirmation")


@_attrs_define
class Confirmation:
    """How a deal ended. `dealStatus` decides; a refused deal still has a deal id, a level of 0 and no affected deals, and
    says why in `rejectReason`.

    """

    date: datetime.datetime
    """ UTC. When the event happened, although the name lacks the suffix. The confirmation of a cancelled order can
    repeat the date of its creation. """
    deal_status: DealStatus
    """ Whether the deal was accepted. Look at this first. """
    epic: str
    """ Market of the deal. """
    deal_reference: str
    """ The reference that was asked for. """
    deal_id: str
    """ Id of the deal. When a position was opened this is the *order*; the position is the first of
    `affectedDeals`. """
    affected_deals: list[AffectedDeal]
    """ Positions that the deal opened, changed or closed. Empty when it was refused, and possibly when it only
    reduced a position. """
    level: float
    """ Price of the deal. 0 means not filled or not told; the position then has it. """
    size: float
    """ Size in units of the instrument. """
    direction: Direction
    """ Direction of the deal. """
    status: PositionStatus | Unset = UNSET
    """ What became of the position or order. DELETED also when the deal was refused. """
    reject_reason: RejectReason | Unset = UNSET
    """ Why the deal was refused. Only on refusals. """
    reason: str | Unset = UNSET
    """ The older form of the reason, `SUCCESS` when all went well. Absent in newer answers. """
    guaranteed_stop: bool | Unset = UNSET
    """ Whether the stop is guaranteed. """
    trailing_stop: bool | Unset = UNSET
    """ Whether the stop trails the price. """
    profit: float | None | Unset = UNSET
    """ Realised profit or loss, in `profitCurrency`. Only when a position was closed. """
    profit_currency: None | str | Unset = UNSET
    """ Currency of the profit. On closes, and on updates of a position. """
    stop_level: float | None | Unset = UNSET
    """ Price of the stop. Absent when unset; seldom present. """
    stop_distance: float | None | Unset = UNSET
    """ Distance of the stop, in points of price. Absent when unset; seldom present. """
    profit_level: float | None | Unset = UNSET
    """ Price of the profit target. Absent when unset; seldom present. """
    profit_distance: float | None | Unset = UNSET
    """ Distance of the profit target, in points of price. Absent when unset; seldom present. """
    expiry: None | str | Unset = UNSET
    """ When the contract expires, `-` for never. Seldom present. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        date = wire.utc_text(self.date)

        deal_status = self.deal_status.value

        epic = self.epic

        deal_reference = self.deal_reference

        deal_id = self.deal_id

        affected_deals = []
        for affected_deals_item_data in self.affected_deals:
            affected_deals_item = affected_deals_item_data.to_dict()
            affected_deals.append(affected_deals_item)

        level = self.level

        size = self.size

        direction = self.direction.value

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        reject_reason: str | Unset = UNSET
        if not isinstance(self.reject_reason, Unset):
            reject_reason = self.reject_reason.value

        reason = self.reason

        guaranteed_stop = self.guaranteed_stop

        trailing_stop = self.trailing_stop

        profit: float | None | Unset
        if isinstance(self.profit, Unset):
            profit = UNSET
        else:
            profit = self.profit

        profit_currency: None | str | Unset
        if isinstance(self.profit_currency, Unset):
            profit_currency = UNSET
        else:
            profit_currency = self.profit_currency

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

        expiry: None | str | Unset
        if isinstance(self.expiry, Unset):
            expiry = UNSET
        else:
            expiry = self.expiry

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "date": date,
                "dealStatus": deal_status,
                "epic": epic,
                "dealReference": deal_reference,
                "dealId": deal_id,
                "affectedDeals": affected_deals,
                "level": level,
                "size": size,
                "direction": direction,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status
        if reject_reason is not UNSET:
            field_dict["rejectReason"] = reject_reason
        if reason is not UNSET:
            field_dict["reason"] = reason
        if guaranteed_stop is not UNSET:
            field_dict["guaranteedStop"] = guaranteed_stop
        if trailing_stop is not UNSET:
            field_dict["trailingStop"] = trailing_stop
        if profit is not UNSET:
            field_dict["profit"] = profit
        if profit_currency is not UNSET:
            field_dict["profitCurrency"] = profit_currency
        if stop_level is not UNSET:
            field_dict["stopLevel"] = stop_level
        if stop_distance is not UNSET:
            field_dict["stopDistance"] = stop_distance
        if profit_level is not UNSET:
            field_dict["profitLevel"] = profit_level
        if profit_distance is not UNSET:
            field_dict["profitDistance"] = profit_distance
        if expiry is not UNSET:
            field_dict["expiry"] = expiry

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["status", "rejectReason", "reason", "guaranteedStop", "trailingStop"],
                [
                    "date",
                    "dealStatus",
                    "epic",
                    "dealReference",
                    "dealId",
                    "affectedDeals",
                    "level",
                    "size",
                    "direction",
                ],
            )
            if None in d.values()
            else {}
        )
        date = wire.read_utc(d.pop("date"))

        deal_status = DealStatus(d.pop("dealStatus"))

        epic = d.pop("epic")

        deal_reference = d.pop("dealReference")

        deal_id = d.pop("dealId")

        affected_deals = []
        _affected_deals = d.pop("affectedDeals")
        for affected_deals_item_data in wire.items(_affected_deals):
            affected_deals_item = AffectedDeal.from_dict(affected_deals_item_data)

            affected_deals.append(affected_deals_item)

        level = d.pop("level")

        size = d.pop("size")

        direction = Direction(d.pop("direction"))

        _status = d.pop("status", UNSET)
        status: PositionStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = PositionStatus(_status)

        _reject_reason = d.pop("rejectReason", UNSET)
        reject_reason: RejectReason | Unset
        if isinstance(_reject_reason, Unset):
            reject_reason = UNSET
        else:
            reject_reason = RejectReason(_reject_reason)

        reason = d.pop("reason", UNSET)

        guaranteed_stop = d.pop("guaranteedStop", UNSET)

        trailing_stop = d.pop("trailingStop", UNSET)

        def _parse_profit(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        profit = _parse_profit(d.pop("profit", UNSET))

        def _parse_profit_currency(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        profit_currency = _parse_profit_currency(d.pop("profitCurrency", UNSET))

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

        def _parse_expiry(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        expiry = _parse_expiry(d.pop("expiry", UNSET))

        confirmation = cls(
            date=date,
            deal_status=deal_status,
            epic=epic,
            deal_reference=deal_reference,
            deal_id=deal_id,
            affected_deals=affected_deals,
            level=level,
            size=size,
            direction=direction,
            status=status,
            reject_reason=reject_reason,
            reason=reason,
            guaranteed_stop=guaranteed_stop,
            trailing_stop=trailing_stop,
            profit=profit,
            profit_currency=profit_currency,
            stop_level=stop_level,
            stop_distance=stop_distance,
            profit_level=profit_level,
            profit_distance=profit_distance,
            expiry=expiry,
        )

        d.update(nulls)
        confirmation.additional_properties = d
        return confirmation

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
