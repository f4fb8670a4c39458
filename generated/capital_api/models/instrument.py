from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.instrument_type import InstrumentType
from ..models.opening_hours import OpeningHours
from ..models.overnight_fee import OvernightFee
from ..types import UNSET, Unset

T = TypeVar("T", bound="Instrument")


@_attrs_define
class Instrument:
    """What is traded in a market."""

    epic: str
    """ Key of the market, upper case. """
    name: str
    """ Name of the market for people. """
    expiry: str
    """ Day on which the contract expires, or `-` for never. """
    type_: InstrumentType
    """ Kind of instrument. """
    lot_size: float
    """ Units of one lot. """
    currency: str
    """ Currency of the prices. """
    streaming_prices_available: bool
    """ Whether the stream carries this market. """
    margin_factor: float
    """ Nominal margin, in `marginFactorUnit`. Not the margin of your account: that follows from the leverage in
    `accounts.preferences()`. """
    margin_factor_unit: str
    """ Unit of the margin factor; `PERCENTAGE` is the only one seen. """
    opening_hours: OpeningHours
    """ When the market is open. """
    symbol: str | Unset = UNSET
    """ Short name of the market. Absent in older answers. """
    country: str | Unset = UNSET
    """ Country of the instrument. May be empty or absent. """
    guaranteed_stop_allowed: bool | Unset = UNSET
    """ Whether guaranteed stops may be used. Named `controlledRiskAllowed` in older answers. """
    overnight_fee: OvernightFee | Unset = UNSET
    """ What it costs to hold a position. Absent in older answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        epic = self.epic

        name = self.name

        expiry = self.expiry

        type_ = self.type_.value

        lot_size = self.lot_size

        currency = self.currency

        streaming_prices_available = self.streaming_prices_available

        margin_factor = self.margin_factor

        margin_factor_unit = self.margin_factor_unit

        opening_hours = self.opening_hours.to_dict()

        symbol = self.symbol

        country = self.country

        guaranteed_stop_allowed = self.guaranteed_stop_allowed

        overnight_fee: dict[str, Any] | Unset = UNSET
        if not isinstance(self.overnight_fee, Unset):
            overnight_fee = self.overnight_fee.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "epic": epic,
                "name": name,
                "expiry": expiry,
                "type": type_,
                "lotSize": lot_size,
                "currency": currency,
                "streamingPricesAvailable": streaming_prices_available,
                "marginFactor": margin_factor,
                "marginFactorUnit": margin_factor_unit,
                "openingHours": opening_hours,
            }
        )
        if symbol is not UNSET:
            field_dict["symbol"] = symbol
        if country is not UNSET:
            field_dict["country"] = country
        if guaranteed_stop_allowed is not UNSET:
            field_dict["guaranteedStopAllowed"] = guaranteed_stop_allowed
        if overnight_fee is not UNSET:
            field_dict["overnightFee"] = overnight_fee

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["symbol", "country", "guaranteedStopAllowed", "overnightFee"],
                [
                    "epic",
                    "name",
                    "expiry",
                    "type",
                    "lotSize",
                    "currency",
                    "streamingPricesAvailable",
                    "marginFactor",
                    "marginFactorUnit",
                    "openingHours",
                ],
            )
            if None in d.values()
            else {}
        )
        epic = d.pop("epic")

        name = d.pop("name")

        expiry = d.pop("expiry")

        type_ = InstrumentType(d.pop("type"))

        lot_size = d.pop("lotSize")

        currency = d.pop("currency")

        streaming_prices_available = d.pop("streamingPricesAvailable")

        margin_factor = d.pop("marginFactor")

        margin_factor_unit = d.pop("marginFactorUnit")

        opening_hours = OpeningHours.from_dict(d.pop("openingHours"))

        symbol = d.pop("symbol", UNSET)

        country = d.pop("country", UNSET)

        guaranteed_stop_allowed = d.pop("guaranteedStopAllowed", UNSET)

        _overnight_fee = d.pop("overnightFee", UNSET)
        overnight_fee: OvernightFee | Unset
        if isinstance(_overnight_fee, Unset):
            overnight_fee = UNSET
        else:
            overnight_fee = OvernightFee.from_dict(_overnight_fee)

        instrument = cls(
            epic=epic,
            name=name,
            expiry=expiry,
            type_=type_,
            lot_size=lot_size,
            currency=currency,
            streaming_prices_available=streaming_prices_available,
            margin_factor=margin_factor,
            margin_factor_unit=margin_factor_unit,
            opening_hours=opening_hours,
            symbol=symbol,
            country=country,
            guaranteed_stop_allowed=guaranteed_stop_allowed,
            overnight_fee=overnight_fee,
        )

        d.update(nulls)
        instrument.additional_properties = d
        return instrument

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
