"""Opening a stream, and closing it with its client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from capital_api import wire

from .background import Background
from .by_side import by_side
from .errors import InvalidInputError
from .policy import World

if TYPE_CHECKING:
    from capital_api import Api, AsyncApi

    from .auth import CapitalAuth
    from .stream.board import Board
    from .stream.inbox import Overflow
    from .stream.streams import AsyncStream, Stream

__all__ = ["LivePrices"]

MOST_WAITING = 2000


class _Client(Protocol):
    """The client that opens it, which is the API as well."""

    auth: CapitalAuth
    base_url: str
    _world: World
    _background: Background


def _board(client: _Client, overflow: Overflow, limit: int, fill: bool) -> Board:
    from .stream.board import Board
    from .stream.sockets import require_websockets

    require_websockets()
    if overflow not in ("latest", "oldest", "raise"):
        raise InvalidInputError(f"overflow is 'latest', 'oldest' or 'raise', not {overflow!r}")
    return Board(
        client.auth,
        client.base_url,
        client._world,  # pyright: ignore[reportPrivateUsage]
        limit=wire.whole(limit, "limit", minimum=1),
        overflow=overflow,
        fill=wire.flag(fill, "fill"),
    )


def _stream(client: _Client, *, overflow: Overflow = "latest", limit: int = MOST_WAITING, fill: bool = True) -> Stream:
    """Live prices that keep flowing, or say so when they can't.

        with capital.stream() as stream:  # async with, on AsyncCapital
            stream.quotes("SILVER", "GOLD")
            stream.candles("SILVER", resolution="MINUTE_5")
            for event in stream:  # async for
                print(event)  # a Quote, a Candle, or a notice: Stale, Reconnected, Gap

    It has connections of its own, with the session of this client, and lives through whatever ends them: a lost line,
    the end of the session, an account switch, silence. It connects again after a second, then after two, up to a
    minute, and subscribes to everything anew. Candles that were missed are fetched from the history and come in their
    order; quotes that were missed are told as a `Gap`. Refused subscriptions raise where you iterate, and the others
    go on.

    Calls ``GET /session`` and ``GET /time`` each time that it connects, after a login where no session is open,
    ``GET /prices/{epic}`` for candles that were missed or are overdue, ``GET /markets/{epic}`` for a market that was
    quiet for a while, and ``GET /ping`` when nothing else uses the session for eight minutes. Needs the extra
    ``capital-ext[stream]``.

    Args:
        overflow: What to do when more than ``limit`` quotes wait. ``latest``: only the newest of each market is kept.
            ``oldest``: the oldest are left out. ``raise``: the newest are left out, and a `SlowConsumerError` says so
            in their place. Candles and notices are always kept. ``dropped`` counts.
        limit: So many quotes may wait, for the stream and for each subscription that is iterated over by itself.
        fill: Fetch missed candles from the history. False tells them as a `Gap`.

    Returns:
        The stream: a `Stream`, or an `AsyncStream`. Close it, with ``with`` for example; it is closed with its client.

    Raises:
        InvalidInputError: An argument cannot be used, the extra is not installed, or the client is closed. While
            iterating, `LoginError` when no session can be had any more.
    """
    from .stream.streams import Stream

    return Stream(cast("Api", client), _board(client, overflow, limit, fill), client._background)  # pyright: ignore[reportPrivateUsage]


def _stream_async(
    client: _Client, *, overflow: Overflow = "latest", limit: int = MOST_WAITING, fill: bool = True
) -> AsyncStream:
    from .stream.streams import AsyncStream

    return AsyncStream(cast("AsyncApi", client), _board(client, overflow, limit, fill), client._background)  # pyright: ignore[reportPrivateUsage]


class LivePrices:
    """Prices as they change."""

    stream = by_side(_stream, _stream_async)
