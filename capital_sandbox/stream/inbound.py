"""Reading what a client says: from text to a subscription, or to the reason why not."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Any, Never, cast

from ..candles import Resolution
from ..catalogue import Catalogue
from ..messages import Fields
from ..refusals import Refusal
from .frames import CandleKind, Message
from .subscriptions import Candles, Key


class Verb(Enum):
    """What a message asks for."""

    PING = "ping"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Command:
    """A message that makes sense."""

    verb: Verb
    keys: tuple[Key, ...] = ()
    sweeping: bool = False
    """Whether it left open which candles to stop: then only those that there are."""


def parse(text: str) -> Message:
    """The JSON object that a message must be."""
    try:
        content: object = json.loads(text, parse_float=_finite, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "error.invalid.body") from None
    if not isinstance(content, dict):
        raise Refusal(400, "error.invalid.body")
    return cast("dict[str, Any]", content)


def tokens(message: Message) -> tuple[str, str]:
    """The two tokens that every message carries."""
    client, security = message.get("cst"), message.get("securityToken")
    if not isinstance(client, str) or not isinstance(security, str) or not client or not security:
        raise Refusal(400, "error.null.client.token")
    return client, security


def command(message: Message, catalogue: Catalogue, most_epics: int | None) -> Command:
    """What a message asks for; the codes of refusals follow the API's pattern, few of them are documented."""
    destination = message.get("destination")
    if destination == "ping":
        return Command(Verb.PING)
    kind, _, verb = destination.partition(".") if isinstance(destination, str) else ("", "", "")
    if kind not in ("marketData", "OHLCMarketData") or verb not in ("subscribe", "unsubscribe"):
        raise Refusal(400, "error.invalid.destination")
    payload = message.get("payload")
    if not isinstance(payload, dict):
        raise Refusal(400, "error.null.payload" if payload is None else "error.invalid.payload")
    fields = Fields(cast("dict[str, object]", payload))
    epics = _epics(fields, catalogue, most_epics)
    if kind == "marketData":
        return Command(Verb(verb), tuple(Key(epic) for epic in epics))
    resolutions, kinds = fields.texts("resolutions"), fields.texts("types")
    sweeping = verb == "unsubscribe" and not (resolutions and kinds)
    if verb == "subscribe":
        resolutions, kinds = resolutions or ["MINUTE"], [fields.text("type", "classic")]
    lengths = [_resolution(each) for each in resolutions] or list(Resolution)
    types = [_kind(each) for each in kinds] or list(CandleKind)
    keys = (Key(epic, Candles(length, each)) for epic, length, each in product(epics, lengths, types))
    return Command(Verb(verb), tuple(dict.fromkeys(keys)), sweeping)


def _epics(fields: Fields, catalogue: Catalogue, most: int | None) -> Sequence[str]:
    epics = list(dict.fromkeys(fields.texts("epics")))
    if not epics:
        raise Refusal(400, "error.null.epics")
    if most is not None and len(epics) > most:
        raise Refusal(400, "error.too-many.epics")
    if any(epic not in catalogue for epic in epics):
        raise Refusal(400, "error.invalid.epic")
    return epics


def _resolution(text: str) -> Resolution:
    try:
        return Resolution(text)
    except ValueError:
        raise Refusal(400, "error.invalid.resolution") from None


def _kind(text: str) -> CandleKind:
    try:
        return CandleKind(text)
    except ValueError:
        raise Refusal(400, "error.invalid.type") from None


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("too large a number")
    return value


def _no_constant(_: str) -> Never:
    raise ValueError("NaN and Infinity are not JSON")
