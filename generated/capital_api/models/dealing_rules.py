from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.dealing_rule import DealingRule
from ..models.market_order_preference import MarketOrderPreference
from ..models.trailing_stops_preference import TrailingStopsPreference
from ..types import UNSET, Unset

T = TypeVar("T", bound="DealingRules")


@_attrs_define
class DealingRules:
    """Limits for the sizes, stops and profit targets of a market. Any of them may be absent."""

    min_step_distance: DealingRule | Unset = UNSET
    """ Smallest step of a price (not of a size). """
    min_deal_size: DealingRule | Unset = UNSET
    """ Smallest size of a deal; its unit says nothing. """
    max_deal_size: DealingRule | Unset = UNSET
    """ Largest size of a deal; its unit says nothing. Absent in older answers. """
    min_size_increment: DealingRule | Unset = UNSET
    """ Sizes are multiples of this; its unit says nothing. Absent in older answers. """
    min_guaranteed_stop_distance: DealingRule | Unset = UNSET
    """ Smallest distance of a guaranteed stop, in percent of the price in every answer seen. """
    min_stop_or_profit_distance: DealingRule | Unset = UNSET
    """ Smallest distance of a stop or profit target, in percent of the price in every answer seen. """
    max_stop_or_profit_distance: DealingRule | Unset = UNSET
    """ Largest distance of a stop or profit target, in percent of the price in every answer seen. """
    market_order_preference: MarketOrderPreference | Unset = UNSET
    """ Whether market orders are available. """
    trailing_stops_preference: TrailingStopsPreference | Unset = UNSET
    """ NOT_AVAILABLE in every answer seen, even where trailing stops work; the session's `trailingStopsEnabled`
    decides. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        min_step_distance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.min_step_distance, Unset):
            min_step_distance = self.min_step_distance.to_dict()

        min_deal_size: dict[str, Any] | Unset = UNSET
        if not isinstance(self.min_deal_size, Unset):
            min_deal_size = self.min_deal_size.to_dict()

        max_deal_size: dict[str, Any] | Unset = UNSET
        if not isinstance(self.max_deal_size, Unset):
            max_deal_size = self.max_deal_size.to_dict()

        min_size_increment: dict[str, Any] | Unset = UNSET
        if not isinstance(self.min_size_increment, Unset):
            min_size_increment = self.min_size_increment.to_dict()

        min_guaranteed_stop_distance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.min_guaranteed_stop_distance, Unset):
            min_guaranteed_stop_distance = self.min_guaranteed_stop_distance.to_dict()

        min_stop_or_profit_distance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.min_stop_or_profit_distance, Unset):
            min_stop_or_profit_distance = self.min_stop_or_profit_distance.to_dict()

        max_stop_or_profit_distance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.max_stop_or_profit_distance, Unset):
            max_stop_or_profit_distance = self.max_stop_or_profit_distance.to_dict()

        market_order_preference: str | Unset = UNSET
        if not isinstance(self.market_order_preference, Unset):
            market_order_preference = self.market_order_preference.value

        trailing_stops_preference: str | Unset = UNSET
        if not isinstance(self.trailing_stops_preference, Unset):
            trailing_stops_preference = self.trailing_stops_preference.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if min_step_distance is not UNSET:
            field_dict["minStepDistance"] = min_step_distance
        if min_deal_size is not UNSET:
            field_dict["minDealSize"] = min_deal_size
        if max_deal_size is not UNSET:
            field_dict["maxDealSize"] = max_deal_size
        if min_size_increment is not UNSET:
            field_dict["minSizeIncrement"] = min_size_increment
        if min_guaranteed_stop_distance is not UNSET:
            field_dict["minGuaranteedStopDistance"] = min_guaranteed_stop_distance
        if min_stop_or_profit_distance is not UNSET:
            field_dict["minStopOrProfitDistance"] = min_stop_or_profit_distance
        if max_stop_or_profit_distance is not UNSET:
            field_dict["maxStopOrProfitDistance"] = max_stop_or_profit_distance
        if market_order_preference is not UNSET:
            field_dict["marketOrderPreference"] = market_order_preference
        if trailing_stops_preference is not UNSET:
            field_dict["trailingStopsPreference"] = trailing_stops_preference

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                [
                    "minStepDistance",
                    "minDealSize",
                    "maxDealSize",
                    "minSizeIncrement",
                    "minGuaranteedStopDistance",
                    "minStopOrProfitDistance",
                    "maxStopOrProfitDistance",
                    "marketOrderPreference",
                    "trailingStopsPreference",
                ],
                [],
            )
            if None in d.values()
            else {}
        )
        _min_step_distance = d.pop("minStepDistance", UNSET)
        min_step_distance: DealingRule | Unset
        if isinstance(_min_step_distance, Unset):
            min_step_distance = UNSET
        else:
            min_step_distance = DealingRule.from_dict(_min_step_distance)

        _min_deal_size = d.pop("minDealSize", UNSET)
        min_deal_size: DealingRule | Unset
        if isinstance(_min_deal_size, Unset):
            min_deal_size = UNSET
        else:
            min_deal_size = DealingRule.from_dict(_min_deal_size)

        _max_deal_size = d.pop("maxDealSize", UNSET)
        max_deal_size: DealingRule | Unset
        if isinstance(_max_deal_size, Unset):
            max_deal_size = UNSET
        else:
            max_deal_size = DealingRule.from_dict(_max_deal_size)

        _min_size_increment = d.pop("minSizeIncrement", UNSET)
        min_size_increment: DealingRule | Unset
        if isinstance(_min_size_increment, Unset):
            min_size_increment = UNSET
        else:
            min_size_increment = DealingRule.from_dict(_min_size_increment)

        _min_guaranteed_stop_distance = d.pop("minGuaranteedStopDistance", UNSET)
        min_guaranteed_stop_distance: DealingRule | Unset
        if isinstance(_min_guaranteed_stop_distance, Unset):
            min_guaranteed_stop_distance = UNSET
        else:
            min_guaranteed_stop_distance = DealingRule.from_dict(_min_guaranteed_stop_distance)

        _min_stop_or_profit_distance = d.pop("minStopOrProfitDistance", UNSET)
        min_stop_or_profit_distance: DealingRule | Unset
        if isinstance(_min_stop_or_profit_distance, Unset):
            min_stop_or_profit_distance = UNSET
        else:
            min_stop_or_profit_distance = DealingRule.from_dict(_min_stop_or_profit_distance)

        _max_stop_or_profit_distance = d.pop("maxStopOrProfitDistance", UNSET)
        max_stop_or_profit_distance: DealingRule | Unset
        if isinstance(_max_stop_or_profit_distance, Unset):
            max_stop_or_profit_distance = UNSET
        else:
            max_stop_or_profit_distance = DealingRule.from_dict(_max_stop_or_profit_distance)

        _market_order_preference = d.pop("marketOrderPreference", UNSET)
        market_order_preference: MarketOrderPreference | Unset
        if isinstance(_market_order_preference, Unset):
            market_order_preference = UNSET
        else:
            market_order_preference = MarketOrderPreference(_market_order_preference)

        _trailing_stops_preference = d.pop("trailingStopsPreference", UNSET)
        trailing_stops_preference: TrailingStopsPreference | Unset
        if isinstance(_trailing_stops_preference, Unset):
            trailing_stops_preference = UNSET
        else:
            trailing_stops_preference = TrailingStopsPreference(_trailing_stops_preference)

        dealing_rules = cls(
            min_step_distance=min_step_distance,
            min_deal_size=min_deal_size,
            max_deal_size=max_deal_size,
            min_size_increment=min_size_increment,
            min_guaranteed_stop_distance=min_guaranteed_stop_distance,
            min_stop_or_profit_distance=min_stop_or_profit_distance,
            max_stop_or_profit_distance=max_stop_or_profit_distance,
            market_order_preference=market_order_preference,
            trailing_stops_preference=trailing_stops_preference,
        )

        d.update(nulls)
        dealing_rules.additional_properties = d
        return dealing_rules

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
