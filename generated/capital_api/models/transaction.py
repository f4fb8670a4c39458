from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import wire
from ..models.transaction_type import TransactionType
from ..types import UNSET, Unset

T = TypeVar("T", bound="Transaction")


@_attrs_define
class Transaction:
    """One movement of money on the account."""

    date: datetime.datetime
    """ Account-local. When it was booked. No zone on the wire; the session's `timezoneOffset` gives the hours ahead
    of UTC. Prefer `dateUtc`. """
    date_utc: datetime.datetime
    """ UTC. When it was booked. """
    transaction_type: TransactionType
    """ What the money was moved for. """
    reference: str
    """ Id of the transaction, digits. Use it to drop rows that came twice. """
    size: str
    """ Amount of money with its sign, in `currency`, as a decimal string. Not a quantity, despite its name. """
    currency: str
    """ Currency of the amount. Demo accounts may add a `d`, as in `USDd`. """
    instrument_name: str | Unset = UNSET
    """ The epic of the market, on trades and overnight fees. Absent where no market is involved, as on a deposit.
    """
    note: str | Unset = UNSET
    """ Short text for people. """
    status: str | Unset = UNSET
    """ State of the transaction; `PROCESSED` is the only one seen. Absent in older answers. """
    deal_id: str | Unset = UNSET
    """ Deal that the money belongs to. On trades, in newer answers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        date = wire.local_text(self.date)

        date_utc = wire.utc_text(self.date_utc)

        transaction_type = self.transaction_type.value

        reference = self.reference

        size = self.size

        currency = self.currency

        instrument_name = self.instrument_name

        note = self.note

        status = self.status

        deal_id = self.deal_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "date": date,
                "dateUtc": date_utc,
                "transactionType": transaction_type,
                "reference": reference,
                "size": size,
                "currency": currency,
            }
        )
        if instrument_name is not UNSET:
            field_dict["instrumentName"] = instrument_name
        if note is not UNSET:
            field_dict["note"] = note
        if status is not UNSET:
            field_dict["status"] = status
        if deal_id is not UNSET:
            field_dict["dealId"] = deal_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = wire.fields(src_dict)
        nulls = (
            wire.nulls(
                d,
                ["instrumentName", "note", "status", "dealId"],
                ["date", "dateUtc", "transactionType", "reference", "size", "currency"],
            )
            if None in d.values()
            else {}
        )
        date = wire.read_local(d.pop("date"))

        date_utc = wire.read_utc(d.pop("dateUtc"))

        transaction_type = TransactionType(d.pop("transactionType"))

        reference = d.pop("reference")

        size = d.pop("size")

        currency = d.pop("currency")

        instrument_name = d.pop("instrumentName", UNSET)

        note = d.pop("note", UNSET)

        status = d.pop("status", UNSET)

        deal_id = d.pop("dealId", UNSET)

        transaction = cls(
            date=date,
            date_utc=date_utc,
            transaction_type=transaction_type,
            reference=reference,
            size=size,
            currency=currency,
            instrument_name=instrument_name,
            note=note,
            status=status,
            deal_id=deal_id,
        )

        d.update(nulls)
        transaction.additional_properties = d
        return transaction

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
