"""Frames as text. All JSON is ASCII, so that whatever was echoed can be encoded."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from ..api.numbers import number
from ..candles import Bar, Resolution, Tick
from ..catalogue import Instrument

Message = Mapping[str, Any]


class CandleKind(StrEnum):
    """Candles as they are, or averaged."""

    CLASSIC = "classic"
    HEIKIN_ASHI = "heikin-ashi"


def text(content: Message) -> str:
    """Any frame."""
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def acknowledgement(request: Message, names: Iterable[str] | None) -> str:
    """A success: with what became of each subscription, or for a ping with nothing."""
    payload = {} if names is None else {"subscriptions": dict.fromkeys(names, "PROCESSED")}
    return text({"status": "OK", **_echo(request, "destination", "correlationId"), "payload": payload})


def error(request: Message, code: str, in_payload: bool) -> str:
    """A refusal. Like the real one it repeats the request, tokens included."""
    tokens = _echo(request, "cst", "securityToken")
    content = {"status": "ERROR", **_echo(request, "destination", "correlationId")}
    payload = request.get("payload")
    if not isinstance(payload, dict):
        payload = {}
    if in_payload:
        return text({**content, "payload": {**payload, **tokens, "errorCode": code}})
    return text({**content, **tokens, "errorCode": code, **({"payload": payload} if payload else {})})


def quote(instrument: Instrument, tick: Tick) -> str:
    """A change of the price. The quantities are invented, the same for the same tick."""
    quantity = (tick.time ^ instrument.number) * 2_654_435_761 >> 7
    return text(
        {
            "status": "OK",
            "destination": "quote",
            "payload": {
                "epic": instrument.epic,
                "product": "CFD",
                "bid": number(instrument.level(tick.bid)),
                "bidQty": float(quantity % 4900 + 100),
                "ofr": number(instrument.level(tick.offer(instrument))),
                "ofrQty": float(quantity // 4900 % 4900 + 100),
                "timestamp": tick.time,
            },
        }
    )


def candle(
    instrument: Instrument, resolution: Resolution, kind: CandleKind, side: str, start: int, prices: Iterable[float]
) -> str:
    """One side of a candle that has closed."""
    payload: dict[str, object] = {
        "resolution": resolution,
        "epic": instrument.epic,
        "type": kind,
        "priceType": side,
        "t": start,
    }
    payload.update(zip("ohlc", prices, strict=True))
    return text({"status": "OK", "destination": "ohlc.event", "payload": payload})


def classic(instrument: Instrument, bar: Bar) -> tuple[float, ...]:
    """Open, high, low and close as prices."""
    return tuple(number(instrument.level(ticks)) for ticks in (bar.open, bar.high, bar.low, bar.close))


def _echo(request: Message, *names: str) -> dict[str, str]:
    """Texts of the request, and whole numbers, which the real service reads as texts and writes as such."""
    return {name: str(value) for name in names if type(value := request.get(name)) in (str, int)}
