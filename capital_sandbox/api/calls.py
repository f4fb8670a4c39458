"""What a handler is given, and what it gives back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from ..accounts import Account, Customer
from ..catalogue import Instrument
from ..clock import from_milliseconds
from ..messages import Request
from ..refusals import Refusal
from ..sessions import Session
from ..world import World

_NAIVE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_FLAGS = {"true": True, "false": False}


class Model(Protocol):
    """A generated model."""

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON content."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. Most handlers return the bare model; this is for those that need more."""

    model: Model
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Call:
    """One request on its way through: the world, the time, the arguments in the path, who is asking."""

    world: World
    request: Request
    now: int
    arguments: Mapping[str, str]
    authenticated: Session | None = None

    @property
    def session(self) -> Session:
        """The session of the request."""
        if self.authenticated is None:
            raise RuntimeError("this operation is not routed with a session")
        return self.authenticated

    @property
    def customer(self) -> Customer:
        """Who is asking."""
        return self.session.customer

    @property
    def account(self) -> Account:
        """The active account."""
        return self.session.account

    def instrument(self, epic: str) -> Instrument:
        """A market, or the API's 404 for an unknown one."""
        if epic not in self.world.catalogue:
            raise Refusal(404, "error.not-found.epic")
        return self.world.catalogue[epic]

    def utc(self, instant: int) -> datetime:
        """An instant for a field documented as UTC."""
        return from_milliseconds(instant)

    def local(self, instant: int) -> datetime:
        """An instant for an account-local field: naive, hours away from UTC."""
        offset = timedelta(hours=self.customer.timezone_offset)
        return (from_milliseconds(instant) + offset).replace(tzinfo=None)

    def whole(self, name: str, default: int, lowest: int, highest: int | None) -> int:
        """A whole number from the query, within bounds."""
        text = self.request.parameters.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise Refusal(400, f"error.invalid.{name}")
        value = int(text)
        if value < lowest or (highest is not None and value > highest):
            raise Refusal(400, f"error.invalid.{name}")
        return value

    def flag(self, name: str) -> bool:
        """A boolean from the query, false when it is not there."""
        text = self.request.parameters.get(name, "false").lower()
        if text not in _FLAGS:
            raise Refusal(400, f"error.invalid.{name}")
        return _FLAGS[text]

    def some(self, name: str) -> str | None:
        """A text from the query that may be left out but not be empty."""
        text = self.request.parameters.get(name)
        if text is not None and not text.strip():
            raise Refusal(400, f"error.invalid.{name}")
        return text

    def instant(self, name: str) -> int | None:
        """A naive UTC time from the query, refused with ``error.invalid.<name>`` when it is anything else."""
        text = self.request.parameters.get(name)
        return None if text is None else naive_utc(text, f"error.invalid.{name}")


def naive_utc(text: str, code: str) -> int:
    """Epoch milliseconds of ``YYYY-MM-DDTHH:MM:SS``, the only spelling that the API reads: no zone, no Z."""
    if not _NAIVE.fullmatch(text):  # strptime reads 2026-6-9 as well, and digits of all scripts
        raise Refusal(400, code)
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(400, code) from None
    return int(moment.timestamp()) * 1000
