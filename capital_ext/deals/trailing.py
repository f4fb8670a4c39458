"""A stop that is sent along as a distance starts anew from the present price: it must not move away unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capital_api.models import Direction

from ..errors import InvalidInputError
from ..workflow import Steps
from .protection import Protection
from .ticks import half_a_tick

if TYPE_CHECKING:
    from capital_api.models import OpenPosition

__all__ = ["require_no_loosening"]


def require_no_loosening(row: OpenPosition, whole: Protection) -> Steps[None]:
    """Refuse an update whose distance, which nobody has asked for, puts the stop further away than it stands.

    Raises:
        InvalidInputError: It does, or nothing tells where the stop stands or would go.
    """
    position, market, distance = row.position, row.market, whole.stop_distance
    if distance is None:
        return
    buys = position.direction == Direction.BUY
    price = market.bid if buys else market.offer
    stands = position.stop_level or None
    if stands is None or not price:
        # It may have trailed to anywhere between that distance and the price. Nobody may find out by losing it.
        raise InvalidInputError(
            f"the API does not tell where the stop of {position.deal_id} stands, and keeping it sends it anew, "
            f"{distance:g} from the present price: say so with stop_distance={distance:g}, or give stop_level with "
            "trailing_stop=False. Nothing was sent."
        )
    goes = price - distance if buys else price + distance
    away = stands - goes if buys else goes - stands
    if away > 0 and away > (yield from half_a_tick(market.epic, market)):
        raise InvalidInputError(
            f"the stop of {position.deal_id} has come to {stands:.10g}, and keeping it sends it anew, {distance:g} "
            f"from the present price: back to {goes:.10g}. Give stop_distance to start it anew there or elsewhere, or "
            f"trailing_stop=False, stop_level={stands:.10g} to fix it where it is. Nothing was sent."
        )
