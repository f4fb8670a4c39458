from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire

T = TypeVar("T", bound="OpeningHours")


@_attrs_define
class OpeningHours:
    """When a market is open, day by day. A range is `HH:MM - HH:MM`, sometimes with seconds; an end of `00:00` is
    midnight. A closed day is empty or holds only `-`. Sent anew when daylight saving changes.

    """

    mon: list[str]
    """ Ranges on Monday. """
    tue: list[str]
    """ Ranges on Tuesday. """
    wed: list[str]
    """ Ranges on Wednesday. """
    thu: list[str]
    """ Ranges on Thursday. """
    fri: list[str]
    """ Ranges on Friday. """
    sat: list[str]
    """ Ranges on Saturday. """
    sun: list[str]
    """ Ranges on Sunday. """
    zone: str
    """ Time zone of the ranges; `UTC` in every answer seen. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        mon = self.mon

        tue = self.tue

        wed = self.wed

        thu = self.thu

        fri = self.fri

        sat = self.sat

        sun = self.sun

        zone = self.zone

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mon": mon,
                "tue": tue,
                "wed": wed,
                "thu": thu,
                "fri": fri,
                "sat": sat,
                "sun": sun,
                "zone": zone,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, [], ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "zone"])
            if None in d.values()
            else {}
        )
        mon = cast(list[str], d.pop("mon"))

        tue = cast(list[str], d.pop("tue"))

        wed = cast(list[str], d.pop("wed"))

        thu = cast(list[str], d.pop("thu"))

        fri = cast(list[str], d.pop("fri"))

        sat = cast(list[str], d.pop("sat"))

        sun = cast(list[str], d.pop("sun"))

        zone = d.pop("zone")

        opening_hours = cls(
            mon=mon,
            tue=tue,
            wed=wed,
            thu=thu,
            fri=fri,
            sat=sat,
            sun=sun,
            zone=zone,
        )

        d.update(nulls)
        opening_hours.additional_properties = d
        return opening_hours

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
