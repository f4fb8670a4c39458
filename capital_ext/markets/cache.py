"""The markets that a client fetched lately."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from attrs import field, frozen

from .sheet import MarketSheet

__all__ = ["SheetCache"]

_Key = tuple[str | None, str]


@frozen
class SheetCache:
    """The markets fetched lately, by account and epic: sizes and distances can differ from account to account.

    Safe to use from threads and tasks; it is held for no longer than a look-up takes.
    """

    clock: Callable[[], float]
    size: int = 1000
    """Markets that are kept; then the one that was not asked for for the longest time goes."""
    _sheets: OrderedDict[_Key, tuple[float, MarketSheet]] = field(
        factory=OrderedDict[_Key, tuple[float, MarketSheet]], init=False, repr=False
    )
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def find(self, account: str | None, epic: str, max_age: float) -> MarketSheet | None:
        """A sheet that is not older than so many seconds."""
        with self._lock:
            at, sheet = self._sheets.get((account, epic), (0.0, None))
            if sheet is None or self.clock() - at > max_age:
                return None
            self._sheets.move_to_end((account, epic))
            return sheet

    def keep(self, account: str | None, sheets: Iterable[MarketSheet], at: float) -> None:
        """Keep sheets that were asked for at an instant of the clock."""
        with self._lock:
            for sheet in sheets:
                self._sheets[account, sheet.epic] = at, sheet
                self._sheets.move_to_end((account, sheet.epic))
            while len(self._sheets) > self.size:
                self._sheets.popitem(last=False)
