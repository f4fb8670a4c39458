"""Stop and profit target of a position or working order, and how to change a part of them.

The API replaces the whole of it: what an update does not name is gone. So the whole is read, changed, and sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from capital_api import Unset

from ..errors import InvalidInputError
from .ticks import rounds_to

if TYPE_CHECKING:
    from capital_api.models import Position, WorkingOrderData

__all__ = ["Change", "Protection"]

Change = float | None | Unset
"""A new value; None to remove what is there; `UNSET` to leave it."""


@frozen(kw_only=True)
class Protection:
    """What is sent about stop and profit: at most one field of each, and two flags about the stop."""

    guaranteed_stop: bool | None = None
    trailing_stop: bool | None = None
    stop_level: float | None = None
    stop_distance: float | None = None
    stop_amount: float | None = None
    profit_level: float | None = None
    profit_distance: float | None = None
    profit_amount: float | None = None

    @classmethod
    def of(cls, deal: Position | WorkingOrderData) -> Protection:
        """What a position or working order has. An amount can't be read back; the level that it became can."""
        return cls(
            guaranteed_stop=bool(deal.guaranteed_stop),
            trailing_stop=bool(deal.trailing_stop),
            stop_level=deal.stop_level or None,
            # A recording shows the distance of a stop below the market as a negative number.
            stop_distance=abs(deal.stop_distance) if deal.stop_distance else None,
            profit_level=deal.profit_level or None,
            profit_distance=abs(deal.profit_distance) if deal.profit_distance else None,
        )

    def changed(
        self,
        *,
        guaranteed_stop: bool | Unset,
        trailing_stop: bool | Unset,
        stop_level: Change,
        stop_distance: Change,
        stop_amount: Change,
        profit_level: Change,
        profit_distance: Change,
        profit_amount: Change,
    ) -> Protection:
        """The whole as it shall be, ready to be sent.

        Raises:
            InvalidInputError: The parts do not go together.
        """
        stop = _one("stop", level=stop_level, distance=stop_distance, amount=stop_amount)
        profit = _one("profit", level=profit_level, distance=profit_distance, amount=profit_amount)
        whole = self
        if stop is not None:
            whole = evolve(whole, stop_level=stop[0], stop_distance=stop[1], stop_amount=stop[2])
            if stop == _NOTHING:  # the flags go with the stop
                whole = evolve(whole, guaranteed_stop=False, trailing_stop=False)
        if profit is not None:
            whole = evolve(whole, profit_level=profit[0], profit_distance=profit[1], profit_amount=profit[2])
        if not isinstance(guaranteed_stop, Unset):
            whole = evolve(whole, guaranteed_stop=guaranteed_stop)
        if not isinstance(trailing_stop, Unset):
            whole = evolve(whole, trailing_stop=trailing_stop)
        return whole._consistent()

    def unchanged(self) -> Protection:
        """The whole as it is, ready to be sent."""
        return self._consistent()

    def rounds_to(self, other: Protection, by: float) -> bool:
        """Whether rounding the levels, by so much at most, can make it the same as another one."""
        mine, its = self._numbers(), other._numbers()
        flags = (self.guaranteed_stop, self.trailing_stop) == (other.guaranteed_stop, other.trailing_stop)
        return flags and all(
            one == two or (one is not None and two is not None and rounds_to(one, two, by))
            for one, two in zip(mine, its, strict=True)
        )

    def _numbers(self) -> tuple[float | None, ...]:
        stop = self.stop_level, self.stop_distance, self.stop_amount
        return *stop, self.profit_level, self.profit_distance, self.profit_amount

    def _consistent(self) -> Protection:
        if self.guaranteed_stop and self.trailing_stop:
            raise InvalidInputError("a stop is guaranteed or trailing, not both: switch the other one off")
        has_stop = not (self.stop_level is None and self.stop_distance is None and self.stop_amount is None)
        if self.guaranteed_stop and not has_stop:
            raise InvalidInputError("guaranteed_stop needs stop_level, stop_distance or stop_amount")
        whole = self
        if self.trailing_stop:
            if self.stop_distance is None:
                raise InvalidInputError("a trailing stop needs stop_distance; or give trailing_stop=False")
            whole = evolve(whole, stop_level=None, stop_amount=None)
        elif self.stop_level is not None:
            whole = evolve(whole, stop_distance=None)
        if whole.profit_level is not None:
            whole = evolve(whole, profit_distance=None)
        return whole


_Parts = tuple[float | None, float | None, float | None]
_NOTHING: _Parts = (None, None, None)


def _one(what: str, *, level: Change, distance: Change, amount: Change) -> _Parts | None:
    """The one part that is given a value; all None to remove it; None when nothing is said."""
    given = [part for part in (level, distance, amount) if not isinstance(part, Unset)]
    if not given:
        return None
    if sum(part is not None for part in given) > 1:
        raise InvalidInputError(f"give one of {what}_level, {what}_distance and {what}_amount")
    parts = (None if isinstance(part, Unset) else part for part in (level, distance, amount))
    return tuple(parts)  # type: ignore[return-value]
