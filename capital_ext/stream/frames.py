"""Frames as text: what is said to the server, made of the generated models, and how its words are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from math import isfinite
from typing import Any, NoReturn, cast

from attrs import frozen

from capital_api.errors import split_code
from capital_api.models.price_type import PriceType
from capital_api.models.resolution import Resolution

from ..history.candle import Ohlc
from .events import Quote, Topic

__all__ = [
    "MOST_EPICS",
    "Side",
    "Tokens",
    "error_code",
    "mark_of",
    "message",
    "moment",
    "quote_of",
    "read",
    "refusals",
    "side_of",
    "subscribe",
]

MOST_EPICS = 40
"""Markets in one message and on one connection; the API takes no more."""

Tokens = tuple[str, str]
"""``CST`` and ``X-SECURITY-TOKEN``: they go into every message."""


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


_decode = json.JSONDecoder(parse_constant=_no_number).decode


def read(text: str | bytes) -> dict[str, Any] | None:
    """A frame as a dict; None for one that is not JSON, or no object: ``#ping`` and pages of HTML were seen."""
    try:
        frame = _decode(text if isinstance(text, str) else text.decode())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", frame) if isinstance(frame, dict) else None


def quote_of(payload: Mapping[str, Any]) -> Quote:
    """The quote of a ``QuotePayload``. Read by hand: it is the one frame that comes thousands of times a second.

    Raises:
        KeyError, TypeError, ValueError, OverflowError, OSError: It is none.
    """
    return Quote(
        payload["epic"],
        bid if type(bid := payload["bid"]) is float and isfinite(bid) else _price(bid),
        offer if type(offer := payload["ofr"]) is float and isfinite(offer) else _price(offer),
        size if type(size := payload.get("bidQty")) is float else _size(size),
        size if type(size := payload.get("ofrQty")) is float else _size(size),
        moment(payload["timestamp"]),
        payload,
    )


@frozen
class Side:
    """The bid or the ask prices of a candle."""

    type: PriceType
    time: datetime
    """When the candle begins."""
    prices: Ohlc
    volume: float | None


def side_of(payload: Mapping[str, Any]) -> Side:
    """The side of a candle that a ``CandlePayload`` is.

    Raises:
        KeyError, TypeError, ValueError, OverflowError, OSError: It is none.
    """
    from capital_api.models.candle_payload import CandlePayload

    read = CandlePayload.from_dict(payload)
    prices = Ohlc(_price(read.o), _price(read.h), _price(read.l), _price(read.c))
    return Side(read.price_type, moment(read.t), prices, _size(read.last_traded_volume))


def _price(value: object) -> float:
    if type(value) is not float and type(value) is not int:  # True would count as 1
        raise TypeError
    price = float(value)
    if not isfinite(price):  # 1e999 is read as infinity
        raise ValueError
    return price


def _size(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def moment(milliseconds: int) -> datetime:
    """The instant of a count of milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


def error_code(frame: Mapping[str, Any]) -> str | None:
    """The code of an error, from either of the two places where it was seen."""
    payload = frame.get("payload")
    inner = cast("dict[str, object]", payload).get("errorCode") if isinstance(payload, dict) else None
    return split_code(frame.get("errorCode"))[0] or split_code(inner)[0]


def mark_of(frame: Mapping[str, Any]) -> str | None:
    """The mark of the message that a frame answers."""
    mark = frame.get("correlationId")
    return None if mark is None else str(mark)


def refusals(frame: Mapping[str, Any]) -> dict[str, str]:
    """What an acknowledgement says of subscriptions that were not processed after all, by their names."""
    payload = frame.get("payload")
    told = cast("dict[str, object]", payload).get("subscriptions") if isinstance(payload, dict) else None
    if not isinstance(told, dict):
        return {}
    return {str(name): str(word) for name, word in cast("dict[object, object]", told).items() if word != "PROCESSED"}


def subscribe(
    topics: Iterable[Topic], *, stop: bool = False
) -> Iterable[tuple[str, tuple[Topic, ...], dict[str, Any]]]:
    """The messages that subscribe to topics, or stop them: destination, topics and payload of each.

    One message names markets on one side and lengths of candles on the other and means all pairs of them, so topics of
    one length and kind go together.
    """
    from capital_api import models

    groups: dict[tuple[Resolution | None, object], list[Topic]] = {}
    for topic in topics:
        groups.setdefault((topic.resolution, topic.kind), []).append(topic)
    for some in groups.values():
        for start in range(0, len(some), MOST_EPICS):
            chunk = tuple(some[start : start + MOST_EPICS])
            epics, resolution, kind = [topic.epic for topic in chunk], chunk[0].resolution, chunk[0].kind
            if resolution is None or kind is None:
                quotes = models.StreamEpics(epics)
                yield "marketData.unsubscribe" if stop else "marketData.subscribe", chunk, quotes.to_dict()
            elif stop:
                ending = models.StreamCandlesUnsubscribePayload(epics, [resolution], [kind])
                yield "OHLCMarketData.unsubscribe", chunk, ending.to_dict()
            else:
                candles = models.StreamCandlesSubscribePayload(epics, [resolution], kind)
                yield "OHLCMarketData.subscribe", chunk, candles.to_dict()


def message(destination: str, mark: str, tokens: Tokens, payload: Mapping[str, Any] | None) -> str:
    """A message to the server. It holds both tokens: it is sent, and never kept or logged."""
    content: dict[str, Any] = {
        "destination": destination,
        "correlationId": mark,
        "cst": tokens[0],
        "securityToken": tokens[1],
    }
    if payload is not None:
        content["payload"] = payload
    return json.dumps(content)
