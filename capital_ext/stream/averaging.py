"""Heikin-ashi candles from plain ones, to go on where the stream was interrupted: the history has only plain ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from capital_api.models.candle_kind import CandleKind

from ..history.candle import Candle, Ohlc

__all__ = ["RUN_UP", "averaged"]

RUN_UP = 64
"""So many plain candles before the first one stand for all before: each halves the weight of what lies further back."""


def averaged(candles: Iterable[Candle], before: Candle | None) -> Iterator[Candle]:
    """The averaged candle of each plain one.

    Args:
        candles: Plain candles of one market, oldest first.
        before: The averaged candle before the first of them; None to begin with it.
    """
    for candle in candles:
        bid = _averaged(candle.bid, before.bid if before else None)
        ask = _averaged(candle.ask, before.ask if before else None)
        before = evolve(candle, bid=bid, ask=ask, kind=CandleKind.HEIKIN_ASHI)
        yield before


def _averaged(plain: Ohlc, before: Ohlc | None) -> Ohlc:
    first = (plain.open + plain.close) / 2 if before is None else (before.open + before.close) / 2
    last = (plain.open + plain.high + plain.low + plain.close) / 4
    return Ohlc(first, max(plain.high, first, last), min(plain.low, first, last), last)
