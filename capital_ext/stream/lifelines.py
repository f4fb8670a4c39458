"""What keeps a stream alive: connecting again and again, and looking up what the frames do not tell.

Generators of steps, as all workflows: a thread or a task carries each of them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import httpx
from attrs import evolve

from capital_api.models.candle_kind import CandleKind
from capital_api.models.market_status import MarketStatus

from ..errors import ApiError, CapitalError, LoginError, NotSentError, RateLimitError, ServerError
from ..history.candles import Series, walk_candles
from ..history.spans import Span
from ..history.windows import SECOND
from ..logs import log
from ..markets.sheet import MarketSheet
from ..server_time import server_time
from ..workflow import Steps, ask, drain, wait_for
from .averaging import RUN_UP, averaged
from .connection import Connection
from .feeds import CandleFeed, Feed, QuoteFeed
from .frames import Tokens
from .sockets import Connecting, Talking
from .wake import Nap

if TYPE_CHECKING:
    from ..history.candle import Candle
    from .board import Board

__all__ = ["keep_connected", "look_after"]

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before connecting again. Each further wait is twice as long, give or take a fifth."""
HEALTHY = 30.0
"""Seconds after which a connection was a good one: the next wait is a first one again."""
KEEP_ALIVE = 480.0
"""Seconds without a call after which the session is used: its end would be that of the stream."""
PART = 5000
"""Candles that are fetched for a topic in one go."""
LONGEST_REST = 6 * 3600.0
"""Seconds after which a market is looked at again although its timetable says that it is closed."""


def keep_connected(board: Board, connection: Connection) -> Steps[None]:
    """Connect, talk until it is over, and again, for as long as the connection is wanted."""
    world, wait, doubt = board.world, FIRST_WAIT, False
    while connection.wanted:
        if not board.turn_of(connection):
            yield from wait_for(Nap(connection.paused, world.real(LONGEST_WAIT)))
            continue
        began = world.clock()
        try:
            tokens, address = yield from _session(board)
            connected = Connecting(address)
            connection.stop_connecting = connected.give_up
            yield from wait_for(connected)
        except LoginError as error:
            if error.is_refusal:  # the same credentials would be refused again, and might get blocked
                board.end(error)
                return
            _not_connected(board, connection, error)
        except CapitalError as error:
            _not_connected(board, connection, error)
        else:
            log.info("stream connection %d is open", connection.number)
            connection.open(tokens)
            yield from wait_for(Talking(connection, connected, world.real))
            log.info("stream connection %d is over: %s", connection.number, connection.ending)
            if world.clock() - began >= HEALTHY:
                wait = FIRST_WAIT
            if connection.session_refused and doubt:
                board.auth.give_up(tokens)  # calls find the session good, the stream does not: have another one
            doubt = connection.session_refused
        if connection.wanted:
            seconds = wait * (0.8 + 0.4 * world.luck())
            wait = min(2 * wait, LONGEST_WAIT)
            yield from _wait(board, connection, seconds)


def _not_connected(board: Board, connection: Connection, error: CapitalError) -> None:
    if connection.wanted:
        log.warning("stream connection %d: %s", connection.number, error)
        board.not_connected(connection.topics())


def _wait(board: Board, connection: Connection, seconds: float) -> Steps[None]:
    until = board.world.clock() + seconds
    while connection.wanted and (left := until - board.world.clock()) > 0:
        yield from wait_for(Nap(connection.paused, board.world.real(left)))


def _session(board: Board) -> Steps[tuple[Tokens, str]]:
    """Tokens that are good at this moment, and where to connect to. Measures the server's clock on the way."""
    session = yield from ask(lambda api: api.session.get())
    asked = board.world.clock()
    told = yield from server_time()
    board.set_clock(told, asked, board.world.clock())
    tokens = board.auth.stream_tokens
    if tokens is None:
        raise NotSentError("the session ended at once")
    return tokens, stream_address(str(session.stream_endpoint), board.base_url)


def stream_address(endpoint: str, base_url: str) -> str:
    """Where to connect to. The tokens go there, so it has to be the API's own house.

    Raises:
        NotSentError: It is another.
    """
    try:
        url, api = httpx.URL(endpoint), httpx.URL(base_url)
    except httpx.InvalidURL:
        raise NotSentError("the API named no address for the stream") from None
    secure = url.scheme == "wss" or (url.scheme == "ws" and api.scheme == "http")
    same = url.host == api.host or (_house(url.host) == _house(api.host) != "")
    if not secure or not same or url.userinfo:
        raise NotSentError(f"the API named {url.scheme}://{url.host} for the stream, which is not a part of it")
    return f"{str(url).rstrip('/')}/connect"


def _house(host: str) -> str:
    """The domain that a host is a part of; none for an address and for a name of less than three parts."""
    name, _, domain = host.partition(".")
    return domain if name and "." in domain and not domain.replace(".", "").isdigit() else ""


# --- looking after topics ---------------------------------------------------------------------------------------------


def look_after(board: Board) -> Steps[None]:
    """Do what takes calls of the API, one thing after the other: fetch what was missed, look at what is silent."""
    while not board.closed:
        feed, left = board.next_errand()
        idle = board.auth.idle_seconds
        try:
            if feed is not None:
                yield from _errand(board, feed)
                continue
            if idle is not None and idle >= KEEP_ALIVE:
                yield from ask(lambda api: api.general.ping())
        except CapitalError as error:
            log.warning("stream, looking after %s: %s", feed.topic if feed else "the session", error)
            if feed is not None:
                _failed(board, feed, error)
                continue
        wait = min(KEEP_ALIVE / 8, KEEP_ALIVE if left is None else left)
        yield from wait_for(Nap(board.errands, board.world.real(wait)))


def _errand(board: Board, feed: Feed) -> Steps[None]:
    if isinstance(feed, CandleFeed):
        yield from _look_at_candles(board, feed)
    elif isinstance(feed, QuoteFeed):
        yield from _look_at_quotes(board, feed)


def _failed(board: Board, feed: Feed, error: CapitalError) -> None:
    with board.lock:
        if isinstance(feed, CandleFeed):
            feed.fetching = False
            # What the server refuses it will refuse again; all else may pass, as an outage does.
            feed.failed(for_good=isinstance(error, ApiError) and not isinstance(error, (RateLimitError, ServerError)))
        else:
            feed.rest_longer()


def _look_at_candles(board: Board, feed: CandleFeed) -> Steps[None]:
    """Read in the history what is missing; and where a candle is overdue, see whether it is missing."""
    with board.lock:
        overdue = feed.sequence.hole is None
        if overdue:
            feed.sequence.open_up(certain=False)
        hole = feed.sequence.hole
        if hole is None:
            return
        feed.fetching = True
        # A long one is fetched in parts, so that others have their turn.
        start, part = hole.after + SECOND, hole.after + PART * feed.sequence.length
        end = part if part < (hole.before or board.server_now()) else hole.before
    found = False

    def take(candles: list[Candle]) -> None:
        nonlocal found
        with board.lock:
            if overdue and not found and candles:
                found = True
                board.went_silent(feed)
            if board.fill:
                feed.patch(candles)

    yield from _history(board, feed, start, end, take)
    with board.lock:
        feed.fetching = False
        if end == part:
            feed.sequence.mended_until(part)
            return
        if board.fill or not found:
            feed.mended()
        else:
            feed.sequence.hole = evolve(hole, certain=True)
            feed.skip()
        if not overdue:
            return
        if found:
            feed.rest_until_overdue()
            board.again(feed)
            return
    _rest(board, feed, (yield from _sheet(feed)))


def _history(
    board: Board, feed: CandleFeed, start: datetime, end: datetime | None, take: Callable[[list[Candle]], object]
) -> Steps[None]:
    """The candles of a topic from start to end or the present, those that are over, as the stream would have them."""
    topic, before = feed.topic, feed.sequence.last
    assert topic.resolution is not None
    averages = topic.kind == CandleKind.HEIKIN_ASHI
    if averages and before is None:
        start -= RUN_UP * feed.sequence.length

    def convert(candles: Iterable[Candle]) -> None:
        nonlocal before
        if board.closed or not feed.orders:
            raise NotSentError("nobody wants the rest")
        some = list(averaged(candles, before) if averages else candles)
        before = some[-1] if some else before
        if wanted := [candle for candle in some if candle.time >= first]:
            take(wanted)

    first = start if before is not None or not averages else start + RUN_UP * feed.sequence.length
    walk = walk_candles(
        Series(topic.epic, topic.resolution), Span(start, end), forming=False, in_flight=2, progress=False
    )
    yield from drain(walk, convert)


def _look_at_quotes(board: Board, feed: QuoteFeed) -> Steps[None]:
    """See whether a market that is silent here moves elsewhere."""
    last = feed.last
    sheet = yield from _sheet(feed)
    prices = sheet.bid, sheet.offer
    with board.lock:
        if feed.last is not last or not feed.live:
            return  # it has spoken meanwhile
        known = feed.seen if last is None else (last.bid, last.offer)
        feed.seen = prices
        tradeable = sheet.status == MarketStatus.TRADEABLE and sheet.is_open(board.server_now()) is not False
        if tradeable and known is not None and prices != known:
            board.went_silent(feed)
            feed.rest_longer()
            board.again(feed)
            return
    _rest(board, feed, sheet)


def _rest(board: Board, feed: Feed, sheet: MarketSheet) -> None:
    """It is quiet: look again when the market is open, if it is closed now, and otherwise in a longer while."""
    with board.lock:
        now = board.server_now()
        opens = sheet.next_open(now)
        if opens is not None and opens > now:
            feed.rest(min((opens - now).total_seconds() + feed.first_rest, LONGEST_REST))
        else:
            feed.rest_longer()


def _sheet(feed: Feed) -> Steps[MarketSheet]:
    return MarketSheet.of((yield from ask(lambda api: api.markets.get(feed.topic.epic))))
