"""How values travel: tolerant in what is read, strict in what is sent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar, cast

import httpx

from .errors import InvalidInputError
from .types import Unset

E = TypeVar("E", bound=StrEnum)

_WHOLE_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}(\D|$)")

# --- reading ------------------------------------------------------------------------------------------------------


def read_utc(value: Any) -> datetime:
    """An aware UTC datetime. The API writes UTC without a zone; a zone that is there all the same is respected."""
    moment = _read_datetime(value)
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


def read_local(value: Any) -> datetime:
    """A naive datetime: account-local time. Its zone is not on the wire; one that were there would only say so."""
    return _read_datetime(value).replace(tzinfo=None)


def _read_datetime(value: Any) -> datetime:
    if not isinstance(value, str):
        raise TypeError(f"expected a timestamp, got {type(value).__name__}")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        # Spellings such as 2026/07/23 16:22:18 come from older parts of the API: an answer is not lost to one.
        if not _WHOLE_DATE.match(value):
            raise  # the parser would take what is missing from today
        from dateutil.parser import parse

        return parse(value)


def fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a JSON object. An empty list would pass for one without fields."""
    if not isinstance(cast("object", data), Mapping):
        raise TypeError(f"expected an object, got {type(data).__name__}")
    return dict(data)


def items(data: list[Any]) -> list[Any]:
    """A JSON list. A string would pass for a list of its letters."""
    if not isinstance(cast("object", data), list):
        raise TypeError(f"expected a list, got {type(data).__name__}")
    return data


def nulls(data: dict[str, Any], optional: Iterable[str], required: Iterable[str]) -> dict[str, Any]:
    """Take nulls of fields that may be absent out of ``data``: null is read as absent, and kept for the way back."""
    for name in required:
        if name in data and data[name] is None:
            raise TypeError(f"{name} is null")
    found: dict[str, Any] = {name: None for name in optional if name in data and data[name] is None}
    for name in found:
        del data[name]
    return found


def status(code: int) -> HTTPStatus:
    """The status as the low-level answers carry it, also where Python has no name for it, such as 520."""
    try:
        return HTTPStatus(code)
    except ValueError:
        member = int.__new__(HTTPStatus, code)
        member._name_, member._value_ = f"STATUS_{code}", code
        member.phrase = member.description = ""  # type: ignore[misc]
        return member


def error_body(response: httpx.Response) -> dict[str, Any]:
    """The body of an error as an object; empty when it is HTML, nothing at all, or of another shape."""
    try:
        body: object = response.json()
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


# --- sending ------------------------------------------------------------------------------------------------------


def utc_seconds(value: datetime) -> str:
    """Naive UTC in whole seconds, the only spelling that the API reads."""
    return _naive_utc(value).replace(microsecond=0).isoformat()


def utc_text(value: datetime) -> str:
    """Naive UTC as the API writes it, with milliseconds where there are any."""
    return local_text(_naive_utc(value))


def local_text(value: datetime) -> str:
    """Account-local time as the API writes it, with milliseconds where there are any."""
    return value.isoformat(timespec="auto" if value.microsecond % 1000 or not value.microsecond else "milliseconds")


def _naive_utc(value: datetime) -> datetime:
    return aware(value).astimezone(timezone.utc).replace(tzinfo=None)


def comma_separated(values: list[str] | Unset) -> str | Unset:
    """One value for the whole list: the API does not read repeated query keys."""
    return values if isinstance(values, Unset) else ",".join(values)


# --- checks before anything is sent ---------------------------------------------------------------------------------


def aware(value: datetime, name: str = "a datetime") -> datetime:
    """Refuse a naive datetime: which zone it means would be a guess."""
    if not isinstance(cast("object", value), datetime):
        raise InvalidInputError(f"{name} must be a datetime, got {value!r}")
    if value.utcoffset() is None:
        raise InvalidInputError(
            f"{name} has no time zone: {value!r}. Pass an aware datetime, such as datetime.now(timezone.utc)."
        )
    try:
        value.astimezone(timezone.utc)
    except OverflowError:
        raise InvalidInputError(f"{name} is too far out to have a UTC time: {value!r}") from None
    return value


def segment(value: str, name: str) -> str:
    """A path segment that is really one: an empty or dotted one would reach another operation."""
    if not isinstance(cast("object", value), str) or value.strip() in ("", ".", ".."):
        raise InvalidInputError(f"{name} must name something, got {value!r}")
    return _writable(value, name)


def _writable(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(f"{name} holds half a character, which cannot be written") from None
    return value


def number(
    value: float,
    name: str,
    *,
    above: float | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
) -> float:
    """A finite number within the documented bounds, unchanged."""
    if isinstance(value, bool) or not isinstance(cast("object", value), (int, float)):
        raise InvalidInputError(f"{name} must be a number, got {value!r}")
    if not _is_finite(value):
        raise InvalidInputError(f"{name} must be a finite number, got {value!r}")
    if above is not None and value <= above:
        raise InvalidInputError(f"{name} must be greater than {above:g}, got {value!r}")
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        low, high = "any" if minimum is None else f"{minimum:g}", "any" if maximum is None else f"{maximum:g}"
        raise InvalidInputError(f"{name} must be from {low} to {high}, got {value!r}")
    return value


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no float can hold
        return False


def whole(value: int, name: str, *, minimum: float | None = None, maximum: float | None = None) -> int:
    """A whole number within the documented bounds, unchanged."""
    if not isinstance(cast("object", value), int):
        raise InvalidInputError(f"{name} must be a whole number, got {value!r}")
    return int(number(value, name, minimum=minimum, maximum=maximum))


def flag(value: bool, name: str) -> bool:
    """A real boolean: the text "false" would be sent as something true."""
    if not isinstance(cast("object", value), bool):
        raise InvalidInputError(f"{name} must be True or False, got {value!r}")
    return value


def text(value: str, name: str, *, minimum: int | None = None, maximum: int | None = None) -> str:
    """A string of a documented length, unchanged."""
    if not isinstance(cast("object", value), str):
        raise InvalidInputError(f"{name} must be a string, got {type(value).__name__}")
    if (minimum is not None and len(value) < minimum) or (maximum is not None and len(value) > maximum):
        raise InvalidInputError(
            f"{name} must have {minimum or 0} to {'any number of' if maximum is None else maximum} characters, "
            f"got {len(value)}"
        )
    return _writable(value, name)


def texts(
    values: str | Sequence[str],
    name: str,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    commas: bool = False,
) -> list[str]:
    """A list of non-empty strings; one string is a list of one, or with ``commas`` a comma-separated list."""
    if isinstance(values, str):
        values = values.split(",") if commas else [values]
    if not isinstance(cast("object", values), Iterable):
        raise InvalidInputError(f"{name} must be a string or several, got {values!r}")
    items = list(values)
    if not all(isinstance(cast("object", item), str) and item.strip() for item in items):
        raise InvalidInputError(f"{name} must be non-empty strings, got {items!r}")
    for item in items:
        _writable(item, name)
    if commas and any("," in item for item in items):
        raise InvalidInputError(f"{name} must not hold a comma, which separates them on the way: {items!r}")
    if len(items) < (minimum or 0):
        raise InvalidInputError(f"{name} must hold at least {minimum}, got {len(items)}")
    if maximum is not None and len(items) > maximum:
        raise InvalidInputError(f"{name} must hold at most {maximum}, got {len(items)}: call once per {maximum}")
    return items


def choice(value: E | str, name: str, kind: type[E]) -> E:
    """A value that the API knows, as its enum. Unknown values are kept when read, and refused when sent."""
    member = kind(value) if isinstance(cast("object", value), str) else None
    if member is None or member.value not in kind.__members__.values():
        raise InvalidInputError(f"{name} must be one of {', '.join(m.value for m in kind)}, got {value!r}")
    return member


def mapping(values: Mapping[str, int], name: str) -> dict[str, int]:
    """A non-empty mapping of names to whole numbers."""
    if not isinstance(cast("object", values), Mapping):
        raise InvalidInputError(f"{name} must be a mapping, got {values!r}")
    items = dict(values)
    if not items:
        raise InvalidInputError(f"{name} must not be empty; leave it out instead")
    return {str(key): whole(value, f"{name}[{key!r}]") for key, value in items.items()}
