from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.dealing_rules import DealingRules
from ..models.instrument import Instrument
from ..models.market_snapshot import MarketSnapshot

T = TypeVar("T", bound="MarketDetails")


@_attrs_define
class MarketDetails:
    """A market in full."""

    instrument: Instrument
    """ What is traded. """
    dealing_rules: DealingRules
    """ Limits for sizes and distances. """
    snapshot: MarketSnapshot
    """ Current prices and state. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        instrument = self.instrument.to_dict()

        dealing_rules = self.dealing_rules.to_dict()

        snapshot = self.snapshot.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "instrument": instrument,
                "dealingRules": dealing_rules,
                "snapshot": snapshot,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = wire.nulls(d, [], ["instrument", "dealingRules", "snapshot"]) if None in d.values() else {}
        instrument = Instrument.from_dict(d.pop("instrument"))

        dealing_rules = DealingRules.from_dict(d.pop("dealingRules"))

        snapshot = MarketSnapshot.from_dict(d.pop("snapshot"))

        market_details = cls(
            instrument=instrument,
            dealing_rules=dealing_rules,
            snapshot=snapshot,
        )

        d.update(nulls)
        market_details.additional_properties = d
        return market_details

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
