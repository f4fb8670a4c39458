"""A market as a trader looks at it: what it is, its prices, its hours, and the rules for dealing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from decimal import Decimal

from attrs import field, frozen

from capital_api import Unset, models

from .hours import TradingHours
from .rules import MarketRules

__all__ = ["MarketSheet", "MarketSheets"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@frozen
class MarketSheet:
    """Everything about one market, as it was at ``fetched_at``. It does not change; fetch another for new prices."""

    epic: str
    """Key of the market."""
    name: str
    """Name of the market for people."""
    type: models.InstrumentType
    """Kind of instrument."""
    currency: str
    """Currency of the prices."""
    status: models.MarketStatus
    """Whether it could be traded when it was fetched: the server's word, holidays and halts included."""
    modes: tuple[models.MarketMode, ...]
    """What may be done in it; empty where the answer did not say."""
    bid: float | None
    """Price at which you sell; None where there is none."""
    offer: float | None
    """Price at which you buy; None where there is none."""
    hours: TradingHours
    """The weekly timetable."""
    rules: MarketRules
    """Limits of sizes and distances, and the steps of sizes and prices."""
    fetched_at: datetime
    """When the answer came, aware UTC, by this machine's clock. ``bid``, ``offer`` and ``status`` are as old."""
    details: models.MarketDetails = field(repr=False, eq=False)
    """The whole answer."""
    _now: Callable[[], datetime] = field(default=_utc_now, alias="now", repr=False, eq=False)

    @classmethod
    def of(cls, details: models.MarketDetails, now: Callable[[], datetime] = _utc_now) -> MarketSheet:
        """The sheet of an answer, such as one of ``markets.get``.

        Args:
            details: The answer.
            now: The clock to take ``fetched_at`` from, and to ask when a question is about now.
        """
        instrument, snapshot = details.instrument, details.snapshot
        return cls(
            epic=instrument.epic,
            name=instrument.name,
            type=instrument.type_,
            currency=instrument.currency,
            status=snapshot.market_status,
            modes=() if isinstance(snapshot.market_modes, Unset) else tuple(snapshot.market_modes),
            bid=None if isinstance(snapshot.bid, Unset) else snapshot.bid,
            offer=None if isinstance(snapshot.offer, Unset) else snapshot.offer,
            hours=TradingHours.of(instrument.opening_hours),
            rules=MarketRules.of(details),
            fetched_at=now(),
            details=details,
            now=now,
        )

    def is_open(self, at: datetime | None = None) -> bool | None:
        """Whether the market is open at an instant by its timetable; holidays and halts are seen in ``status`` only.

        Args:
            at: An aware datetime; None for now.

        Returns:
            None, which is false in a condition, where the timetable could not be read.

        Raises:
            InvalidInputError: ``at`` has no time zone.
        """
        return self.hours.is_open(self._now() if at is None else at)

    def next_open(self, at: datetime | None = None) -> datetime | None:
        """The first instant at or after ``at`` at which the market is open by its timetable; ``at`` while it is open.

        Args:
            at: An aware datetime; None for now.

        Returns:
            In UTC. None where it never opens, or the timetable could not be read (see ``hours.known``).

        Raises:
            InvalidInputError: ``at`` has no time zone.
        """
        return self.hours.next_open(self._now() if at is None else at)

    def next_close(self, at: datetime | None = None) -> datetime | None:
        """The end of the session that is on at ``at``, or else of the next one, by the timetable.

        Args:
            at: An aware datetime; None for now.

        Returns:
            In UTC. None where it never opens or never closes, or the timetable could not be read.

        Raises:
            InvalidInputError: ``at`` has no time zone.
        """
        return self.hours.next_close(self._now() if at is None else at)

    def round_size(self, size: float | Decimal, *, up: bool = False) -> float:
        """The nearest size on the market's grid that is not larger, or with ``up`` not smaller.

        See ``MarketRules.round_size``: it does not lift a size to the minimum.

        Raises:
            InvalidInputError: ``size`` is negative or no finite number.
        """
        return self.rules.round_size(size, up=up)

    def round_price(self, price: float | Decimal) -> float:
        """The nearest price on the market's grid. See ``MarketRules.round_price``.

        Raises:
            InvalidInputError: ``price`` is no finite number.
        """
        return self.rules.round_price(price)


class MarketSheets(dict[str, MarketSheet]):
    """Markets by epic, in the order in which they were asked for."""

    def __init__(self, found: Iterable[MarketSheet] = (), missing: Iterable[str] = ()) -> None:
        super().__init__((sheet.epic, sheet) for sheet in found)
        self.missing: tuple[str, ...] = tuple(missing)
        """The epics that no market has, in the order in which they were asked for."""

    def __missing__(self, epic: str) -> MarketSheet:
        unknown = epic in self.missing
        raise KeyError(f"no market has the epic {epic!r}" if unknown else f"{epic!r} was not asked for")
