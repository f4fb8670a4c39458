from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.activity_details import ActivityDetails
from ..models.activity_source import ActivitySource
from ..models.activity_status import ActivityStatus
from ..models.activity_type import ActivityType
from ..types import UNSET, Unset

T = TypeVar("T", bound="Activity")


@_attrs_define
class Activity:
    """One event in the life of a deal. It has no id; deal id, UTC date and type together identify it."""

    date: datetime.datetime
    """ Account-local. When it happened. No zone on the wire; the session's `timezoneOffset` gives the hours ahead
    of UTC. Prefer `dateUTC`. """
    date_utc: datetime.datetime
    """ UTC. When it happened. """
    epic: str
    """ Market of the deal. """
    deal_id: str
    """ Id of the position or order. A position keeps it from opening to closing; the position that a working order
    turns into has another one than the order. """
    source: ActivitySource
    """ Who or what caused it. """
    type_: ActivityType
    """ What it is about. """
    status: ActivityStatus
    """ How it ended. """
    details: ActivityDetails | Unset = UNSET
    """ Only when the call asked for `detailed` rows. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        date = wire.local_text(self.date)

        date_utc = wire.utc_text(self.date_utc)

        epic = self.epic

        deal_id = self.deal_id

        source = self.source.value

        type_ = self.type_.value

        status = self.status.value

        details: dict[str, Any] | Unset = UNSET
        if not isinstance(self.details, Unset):
            details = self.details.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "date": date,
                "dateUTC": date_utc,
                "epic": epic,
                "dealId": deal_id,
                "source": source,
                "type": type_,
                "status": status,
            }
        )
        if details is not UNSET:
            field_dict["details"] = details

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(d, ["details"], ["date", "dateUTC", "epic", "dealId", "source", "type", "status"])
            if None in d.values()
            else {}
        )
        date = wire.read_local(d.pop("date"))

        date_utc = wire.read_utc(d.pop("dateUTC"))

        epic = d.pop("epic")

        deal_id = d.pop("dealId")

        source = ActivitySource(d.pop("source"))

        type_ = ActivityType(d.pop("type"))

        status = ActivityStatus(d.pop("status"))

        _details = d.pop("details", UNSET)
        details: ActivityDetails | Unset
        if isinstance(_details, Unset):
            details = UNSET
        else:
            details = ActivityDetails.from_dict(_details)

        activity = cls(
            date=date,
            date_utc=date_utc,
            epic=epic,
            deal_id=deal_id,
            source=source,
            type_=type_,
            status=status,
            details=details,
        )

        d.update(nulls)
        activity.additional_properties = d
        return activity

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
