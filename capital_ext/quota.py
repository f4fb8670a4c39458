"""The quota: how often a client may send, and what each request is to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl

from attrs import frozen

from .errors import InvalidInputError

__all__ = ["Kind", "Quota", "kind_of"]

_MARKET_DATA = frozenset({"prices", "history", "marketnavigation", "clientsentiment"})
_TRADING = frozenset({"positions", "workingorders"})

_LONG = timedelta(hours=1)
"""What asks for more of the activity is a walk over days. What became of a deal is in the minutes after it."""

Kind = Literal["login", "session", "trade", "call", "data"]
"""What a request is to the quota."""


@frozen
class Quota:
    """How often a client may send; what is more waits for its turn instead of meeting a 429.

    Clients of one user at one address share one budget: `Capital`, `AsyncCapital` and `CapitalAuth`, in any threads and
    event loops of this process. **Where their quotas differ the strictest holds for all**, each of the settings by
    itself, for as long as the client that has it exists, closed or not: the user's limit is one, and whoever says 5
    means that the other five are somebody else's. Only `Quota.off` stays out of it, and is not counted.

    Two processes don't know of each other: give each of them a part, such as ``Quota(calls_per_second=5,
    trades_per_second=5, logins_per_second=0.5)``. To wait less, ask for less at once: a caller who gives up, by
    cancellation for example, leaves the line.

    A 429 that comes all the same, because somebody else uses the account, makes all of them pause for a second once.

    Args:
        calls_per_second: Requests of any kind. Market data (prices, history, lists of markets, sentiment) is spaced
            evenly at this rate and goes last; the rest may come in bursts of so many. An hour or less of the activity,
            as ``deals.resolve`` reads, is no market data.
        trades_per_second: Requests that open, change or close a position or a working order; spaced evenly.
        logins_per_second: Logins with one API key.
        jitter: Seconds by which two requests may come closer together on their way to the server. Every window is
            taken longer by this much: ten calls in 1.02 seconds by default. More is safer and slower.

    Each of the first three can be None: no limit. `Quota.off` is no limit at all.

    Raises:
        InvalidInputError: A rate is not above 0, or the jitter is below 0.
    """

    # Eleven requests in a row, the last sent 1.02 s after the first, arrive at least 1 s apart unless the last is more
    # than 20 ms quicker on its way. So the server, which takes ten in any second, never sees the eleventh too early.
    # What happens before a request is on its way, connecting above all, is no jitter: it counts from when it was sent.
    # 10 / 1.02 = 9.8 a second are 98 % of what it takes; the aim is 1 / 1.05 = 95 %, which leaves 30 ms in each window
    # to timers that wake late and requests that leave late.
    calls_per_second: float | None = 10
    trades_per_second: float | None = 10
    logins_per_second: float | None = 1
    jitter: float = 0.02

    def __attrs_post_init__(self) -> None:
        for name in ("calls_per_second", "trades_per_second", "logins_per_second"):
            rate: float | None = getattr(self, name)
            if rate is not None and not 0 < rate < float("inf"):
                raise InvalidInputError(f"{name} is a number above 0, or None for no limit, not {rate}")
        if not 0 <= self.jitter < float("inf"):
            raise InvalidInputError(f"jitter is a number of seconds from 0 upwards, not {self.jitter}")

    @classmethod
    def off(cls) -> Quota:
        """No limits, and no common pause after a 429: for a server that has none, or where something else paces."""
        return cls(None, None, None)

    @property
    def is_off(self) -> bool:
        """Whether nothing is ever waited for."""
        return self.calls_per_second is self.trades_per_second is self.logins_per_second is None


def kind_of(method: str, path: str, query: str = "") -> Kind:
    """What a request is to the quota. ``path`` is within the API, as in ``/positions/otc``."""
    _, first, *rest = (*path.split("/"), "")
    if path in ("/session", "/session/encryptionKey"):
        return "login" if method == "POST" else "session"
    if method != "GET":
        return "trade" if first in _TRADING else "call"
    if path == "/history/activity" and not _is_long(query):
        return "call"
    # One market is prompt: its dealing rules are looked up just before an order. A list of markets is not.
    return "data" if first in _MARKET_DATA or (first == "markets" and not any(rest)) else "call"


def _is_long(query: str) -> bool:
    """Whether it asks for much of the activity. Without an end it asks for what has just happened."""
    asked = dict(parse_qsl(query))
    try:
        return datetime.fromisoformat(asked["to"]) - datetime.fromisoformat(asked["from"]) > _LONG
    except (KeyError, ValueError, TypeError):  # what cannot be read is refused by the server, and soon over
        return False
