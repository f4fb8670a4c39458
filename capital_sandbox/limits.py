"""How often things may be done, measured on the sandbox's clock."""

from collections import deque
from dataclasses import dataclass

from .refusals import Refusal

_SECOND, _HOUR, _DAY = 1000, 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force; None switches one off."""

    logins_per_second: int | None = 1
    requests_per_second: int | None = 10
    deals_per_100_ms: int | None = 1
    deals_per_hour: int | None = 1000
    """Of demo accounts only."""
    top_ups_per_day: int | None = 100

    @classmethod
    def off(cls) -> "Limits":
        """None of these. How many markets a stream may follow is no matter of how often: `StreamSettings` says it."""
        return cls(None, None, None, None, None)


class LimitKeeper:
    """Counts what was done lately and refuses what is too much, with 429."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._seen: dict[tuple[str, str], deque[int]] = {}
        self._live: set[str] = set()

    def trades_real_money(self, client_id: str) -> None:
        """Say of a customer that no limit of demo accounts is theirs."""
        self._live.add(client_id)

    def login(self, api_key: str, now: int) -> None:
        """A login with a key."""
        self._count("login", api_key, self.limits.logins_per_second, _SECOND, now)

    def request(self, client_id: str, now: int) -> None:
        """Any call of a user, whatever session it came by, and that for the encryption key; logins count apart."""
        self._count("request", client_id, self.limits.requests_per_second, _SECOND, now)

    def deal(self, client_id: str, account_id: str, now: int) -> None:
        """A request for a new position or working order, whether it is refused or not."""
        self._count("spacing", client_id, self.limits.deals_per_100_ms, 100, now)
        if client_id not in self._live:
            self._count("hour", account_id, self.limits.deals_per_hour, _HOUR, now)

    def top_up(self, account_id: str, now: int) -> None:
        """A top-up of a demo account."""
        self._count("top-up", account_id, self.limits.top_ups_per_day, _DAY, now)

    def _count(self, kind: str, who: str, most: int | None, window: int, now: int) -> None:
        if most is None:
            return
        times = self._seen.setdefault((kind, who), deque())
        while times and now - times[0] >= window:
            times.popleft()
        if len(times) >= most:
            raise Refusal(429, "error.too-many.requests")
        times.append(now)
