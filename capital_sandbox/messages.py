"""A request and a response without any I/O, and the reading of what a request carries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Never, TypeVar, cast
from urllib.parse import parse_qsl, unquote

from .refusals import Refusal

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True)
class Request:
    """An HTTP request. ``path`` and ``query`` are as on the wire, percent-encoded; header names lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The decoded parts of the path. They are split before they are decoded: an id may hold a slash."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The query parameters; of a repeated one the first counts."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        return dict(reversed(pairs))

    def fields(self) -> "Fields":
        """The JSON object in the body. Anything else is refused."""
        try:
            content: Any = json.loads(self.body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Refusal(400, "error.invalid.body") from None
        if not isinstance(content, dict):
            raise Refusal(400, "error.invalid.body")
        return Fields(cast("dict[str, object]", content))


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response. Header names are as the API writes them."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_text(value: str) -> bool:
    """Whether it can be written: JSON can carry half a character, which no answer could repeat."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class Fields:
    """Reads the fields of a request body, refusing what has the wrong type.

    Fields that nobody asks for are ignored, as the API ignores them. The codes for a missing and for a
    malformed field follow the API's pattern (``error.null.epic``, ``error.invalid.size``); it documents only
    some of them.
    """

    def __init__(self, content: Mapping[str, object]) -> None:
        self._content = content

    def has(self, name: str) -> bool:
        """Whether a field is there and not null."""
        return self._content.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A string; without a default the field is required."""
        value = self._get(name, default)
        if not isinstance(value, str) or not is_text(value):
            raise Refusal(400, f"error.invalid.{name}")
        return value

    def choice(self, name: str, allowed: type[_Choice]) -> _Choice:
        """A string that is a value of an enum."""
        try:
            return allowed(self.text(name))
        except ValueError:
            raise Refusal(400, f"error.invalid.{name}") from None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean."""
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise Refusal(400, f"error.invalid.{name}")
        return value

    def number(self, name: str) -> Decimal:
        """A required number."""
        value = self._get(name, None)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Refusal(400, f"error.invalid.{name}")
        return _sane(Decimal(value), name)

    def positive(self, name: str) -> Decimal | None:
        """An optional number above zero."""
        if not self.has(name):
            return None
        value = self.number(name)
        if value <= 0:
            raise Refusal(400, f"error.invalid.{name}")
        return value

    def texts(self, name: str) -> list[str]:
        """An optional list of strings."""
        value = self._get(name, [])
        items = cast("list[object]", value) if isinstance(value, list) else [None]
        texts = [item for item in items if isinstance(item, str)]
        if len(texts) < len(items):
            raise Refusal(400, f"error.invalid.{name}")
        return texts

    def numbers(self, name: str, code: str) -> Mapping[str, Decimal]:
        """An optional object of numbers; where one of them is none, that is refused with a code of its own."""
        value = self._get(name, {})
        if not isinstance(value, dict):
            raise Refusal(400, f"error.invalid.{name}")
        content = Fields(cast("dict[str, object]", value))
        try:
            return {key: content.number(key) for key in content._content}
        except Refusal:  # which would name the key: that is the caller's text
            raise Refusal(400, code) from None

    def _get(self, name: str, default: object) -> object:
        value = self._content.get(name)
        if value is not None:
            return value
        if default is None:
            raise Refusal(400, f"error.null.{name}")
        return default


def _sane(value: Decimal, name: str) -> Decimal:
    """Refuse numbers that no market knows; their arithmetic would take for ever or overflow."""
    if value and not -12 <= value.adjusted() <= 12:
        raise Refusal(400, f"error.invalid.{name}")
    return round(value, 12)


def _no_constant(_: str) -> Never:
    raise ValueError("NaN and Infinity are not JSON")
