"""The ticks of a market: the server rounds every level to them."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

from capital_api.models import DealingRuleUnit

from ..workflow import Steps, ask

if TYPE_CHECKING:
    from capital_api.models import Market

__all__ = ["half_a_tick", "rounds_to"]


def half_a_tick(epic: str, market: Market | None = None) -> Steps[float]:
    """The most that a level is rounded by; 0 where nothing tells. Asks for the market's rules if its row does not."""
    if market is not None and market.tick_size:
        return _half(market.tick_size)
    rule = (yield from ask(lambda api: api.markets.get(epic))).dealing_rules.min_step_distance
    return _half(rule.value) if rule and rule.unit == DealingRuleUnit.POINTS else 0.0


def rounds_to(level: float, told: float, by: float) -> bool:
    """Whether a level is what the server made of the one that was sent."""
    return isclose(level, told, rel_tol=1e-9, abs_tol=by)


def _half(tick: float) -> float:
    return tick / 2 * (1 + 1e-9)
