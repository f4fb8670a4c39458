"""What a stream gives: prices, and what has to be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from capital_api.models.candle_kind import CandleKind
from capital_api.models.resolution import Resolution

from ..history.candle import Candle

__all__ = ["StreamEvent", "Gap", "Notice", "Quote", "Reconnected", "Stale", "Topic"]


@frozen
class Topic:
    """What can be subscribed to: the quotes of one market, or its candles of one resolution and kind."""

    epic: str
    """The market."""
    resolution: Resolution | None = None
    """Length of the candles; None for quotes."""
    kind: CandleKind | None = None
    """Kind of the candles; None for quotes."""

    def __str__(self) -> str:
        """As the API names it in its acknowledgements: ``GOLD``, or ``GOLD:MINUTE_5:classic``."""
        return self.epic if self.resolution is None else f"{self.epic}:{self.resolution}:{self.kind}"


@frozen(slots=False)  # thousands are made in a second, and frozen slots take twice as long to fill
class Quote:
    """The prices of a market at one moment."""

    epic: str
    """The market."""
    bid: float
    """Price at which you sell."""
    offer: float
    """Price at which you buy; the wire calls it ``ofr``."""
    bid_size: float | None
    """Quantity at the bid; None where the server did not tell."""
    offer_size: float | None
    """Quantity at the offer; None where the server did not tell."""
    time: datetime
    """When the server made it, aware UTC, to the millisecond."""
    raw: Mapping[str, object] = field(default={}, repr=False, eq=False)
    """The payload as it came, with whatever fields this version does not know."""

    @property
    def mid(self) -> float:
        """Half way between bid and offer."""
        return (self.bid + self.offer) / 2

    @property
    def spread(self) -> float:
        """How far apart bid and offer are, in points of price."""
        return self.offer - self.bid


@frozen
class Gap:
    """Something was missed and can't be had any more.

    Quotes that were not received are lost. Candles are fetched from the history, so a gap of theirs means that this was
    not wanted, or failed.
    """

    topic: Topic
    """What is incomplete."""
    start: datetime
    """Up to here all is known, aware UTC. Of candles: when the first missing one would begin."""
    end: datetime
    """From here on all is known again, aware UTC."""

    def __str__(self) -> str:
        return f"gap in {self.topic} from {self.start:%F %T} to {self.end:%F %T} UTC"


@frozen
class Stale:
    """What was told last is old by now, and nothing newer comes. The stream is already seeing to it."""

    topics: tuple[Topic, ...]
    """What is no longer up to date."""
    reason: Literal["disconnected", "silent"]
    """The connection was lost; or it lives, and the market moves, but this subscription is silent."""
    since: datetime
    """The last sign of life, aware UTC."""

    def __str__(self) -> str:
        return f"{self.reason} since {self.since:%F %T} UTC: {', '.join(map(str, self.topics))}"


@frozen
class Reconnected:
    """What was stale is live again. Candles that were missed come next, before newer ones."""

    topics: tuple[Topic, ...]
    """What is live again."""
    since: datetime
    """When it had become stale, aware UTC."""
    at: datetime
    """When it was live again, aware UTC."""

    def __str__(self) -> str:
        return f"live again at {self.at:%F %T} UTC: {', '.join(map(str, self.topics))}"


Notice: TypeAlias = Gap | Stale | Reconnected
"""What a stream says about the prices that it gives."""
StreamEvent: TypeAlias = Quote | Candle | Notice
"""Whatever a stream gives."""
