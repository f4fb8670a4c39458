"""The table of operations, and the way from a request to its handler."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ..messages import Request
from . import accounts, deals, markets, session
from .calls import Answer, Call, Model

PREFIX = ("api", "v1")

Handler = Callable[[Call], "Model | Answer"]


class Needs(Enum):
    """What a request must bring along."""

    NOTHING = "nothing"
    API_KEY = "API key"
    LOGIN = "API key, and who has it is what it is about"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation."""

    method: str
    path: str
    handler: Handler
    needs: Needs = Needs.SESSION
    on_400: Mapping[str, str] | None = None
    """What a 400 carries in place of the session's tokens, which the real service forgets on two operations."""

    def match(self, method: str, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The arguments in the path, or None when the request is another operation's."""
        pattern = (*PREFIX, *self.path.split("/"))
        if method != self.method or len(pattern) != len(segments):
            return None
        arguments: dict[str, str] = {}
        for name, value in zip(pattern, segments, strict=True):
            if name.startswith("{"):
                arguments[name[1:-1]] = value
            elif name != value:
                return None
        return arguments


_NODE_400 = {**markets.NODE_HEADERS, "Access-Control-Expose-Headers": "Content-Disposition"}

ROUTES = (
    Route("GET", "time", session.time, Needs.NOTHING),
    Route("GET", "ping", session.ping),
    Route("GET", "session/encryptionKey", session.encryption_key, Needs.API_KEY),
    Route("POST", "session", session.create, Needs.LOGIN),
    Route("GET", "session", session.get),
    Route("PUT", "session", session.switch),
    Route("DELETE", "session", session.close),
    Route("GET", "accounts", accounts.all_accounts),
    Route("GET", "accounts/preferences", accounts.preferences),
    Route("PUT", "accounts/preferences", accounts.update_preferences),
    Route("POST", "accounts/topUp", accounts.top_up),
    Route("GET", "history/activity", accounts.activity),
    Route("GET", "history/transactions", accounts.transactions),
    Route("GET", "positions", deals.all_positions),
    Route("POST", "positions", deals.open_position),
    Route("GET", "positions/{dealId}", deals.position),
    Route("PUT", "positions/{dealId}", deals.update_position),
    Route("DELETE", "positions/{dealId}", deals.close_position),
    Route("GET", "workingorders", deals.all_orders),
    Route("POST", "workingorders", deals.create_order),
    Route("PUT", "workingorders/{dealId}", deals.update_order),
    Route("DELETE", "workingorders/{dealId}", deals.cancel_order),
    Route("GET", "confirms/{dealReference}", deals.confirm),
    Route("GET", "marketnavigation", markets.categories),
    Route("GET", "marketnavigation/{nodeId}", markets.category, on_400=_NODE_400),
    Route("GET", "markets", markets.search),
    Route("GET", "markets/{epic}", markets.details),
    Route("GET", "prices/{epic}", markets.prices),
    Route("GET", "clientsentiment", markets.sentiments),
    Route("GET", "clientsentiment/{marketId}", markets.sentiment),
    Route("GET", "watchlists", markets.watchlists),
    Route("POST", "watchlists", markets.create_watchlist, on_400={}),
    Route("GET", "watchlists/{watchlistId}", markets.watchlist),
    Route("PUT", "watchlists/{watchlistId}", markets.add_to_watchlist),
    Route("DELETE", "watchlists/{watchlistId}", markets.delete_watchlist),
    Route("DELETE", "watchlists/{watchlistId}/{epic}", markets.remove_from_watchlist),
)


def find(request: Request) -> tuple[Route, dict[str, str]] | None:
    """The operation that a request asks for, with the arguments in its path."""
    for route in ROUTES:
        arguments = route.match(request.method, request.segments)
        if arguments is not None:
            return route, arguments
    return None
