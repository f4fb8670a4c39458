"""What became of each deal reference, as ``GET /confirms`` tells it: late, and once more under the same name."""

from collections import OrderedDict
from dataclasses import dataclass
from decimal import Decimal

from .deals import Direction

_MOST_REFERENCES = 20_000
_MOST_EVENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """One outcome of a deal."""

    date: int
    status: str
    epic: str
    reference: str
    deal_id: str
    direction: Direction
    size: Decimal
    level: Decimal
    affected: tuple[tuple[str, str], ...] = ()
    """Deal ids and what happened to each."""
    guaranteed: bool = False
    trailing: bool = False
    stop_level: Decimal | None = None
    profit_level: Decimal | None = None
    profit: Decimal | None = None
    profit_currency: str | None = None
    reject_reason: str | None = None


class Confirms:
    """The confirms of an account.

    A reference is reused: everything that happens to a position after its opening is told under
    ``p_<dealId>``. With a delay, a reader who asks too early is told the previous event, or 404 when there
    was none, exactly the race that clients of the real service have to survive.
    """

    def __init__(self, delay: int = 0) -> None:
        self._delay = delay
        self._events: OrderedDict[str, list[tuple[int, Confirm]]] = OrderedDict()

    def add(self, now: int, confirm: Confirm) -> None:
        """Record an outcome; it becomes visible after the delay."""
        events = self._events.setdefault(confirm.reference, [])
        events.append((now + self._delay, confirm))
        del events[:-_MOST_EVENTS]
        if len(self._events) > _MOST_REFERENCES:
            self._events.popitem(last=False)

    def latest(self, reference: str, now: int) -> Confirm | None:
        """The newest outcome that is visible by now."""
        visible = [confirm for at, confirm in self._events.get(reference, ()) if at <= now]
        return visible[-1] if visible else None
