"""The dealing rules of a market in decimal arithmetic: sizes, price steps, distances, and rounding to their grids."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import cast

from attrs import frozen

from capital_api import Unset, models

from ..errors import InvalidInputError

__all__ = ["Distance", "MarketRules", "decimal_of", "on_grid"]

EXACT = Context(prec=50)
"""Digits for the product of any two floats, so that nothing is rounded but where it is asked for; and whatever the
program that uses this has set for its own decimals, it does not count here."""


@frozen
class Distance:
    """How far from a price something must or may lie."""

    value: Decimal
    unit: models.DealingRuleUnit
    """``PERCENTAGE`` of the price, which it was in every answer seen, or ``POINTS`` of price."""

    def points(self, price: float | Decimal) -> Decimal | None:
        """The distance from a price, in points of price. None where the unit is one that this version does not know.

        Raises:
            InvalidInputError: ``price`` is no finite number.
        """
        price = decimal_of(price, "price")
        if self.unit == models.DealingRuleUnit.POINTS:
            return self.value
        if self.unit == models.DealingRuleUnit.PERCENTAGE:
            return EXACT.multiply(EXACT.abs(price), self.value).scaleb(-2, EXACT)
        return None

    def __str__(self) -> str:
        return (
            f"{self.value:f}{'%' if self.unit == models.DealingRuleUnit.PERCENTAGE else f' {self.unit.value.lower()}'}"
        )


@frozen(kw_only=True)
class MarketRules:
    """What the market demands of sizes, prices and distances, as exact decimal numbers.

    None is a rule that the answer did not have, or had in a form that says nothing: then there is nothing to check and
    nothing to round to.
    """

    min_size: Decimal | None
    """Smallest size of a deal, in units of the instrument."""
    max_size: Decimal | None
    """Largest size of a deal."""
    size_step: Decimal | None
    """Sizes are multiples of this."""
    price_step: Decimal | None
    """Prices are multiples of this: the market's ``minStepDistance``, or else its number of decimal places."""
    min_distance: Distance | None
    """Smallest distance of a stop or profit target from the price."""
    max_distance: Distance | None
    """Largest distance of a stop or profit target from the price."""
    min_guaranteed_distance: Distance | None
    """Smallest distance of a guaranteed stop from the price."""
    guaranteed_stop_allowed: bool | None
    """Whether guaranteed stops may be used."""

    @classmethod
    def of(cls, details: models.MarketDetails) -> MarketRules:
        """Read the rules of a market. Never fails: what says nothing is None."""
        rules, allowed = details.dealing_rules, details.instrument.guaranteed_stop_allowed
        return cls(
            min_size=_number(rules.min_deal_size),
            max_size=_number(rules.max_deal_size),
            size_step=_number(rules.min_size_increment) or None,
            price_step=_price_step(details),
            min_distance=_distance(rules.min_stop_or_profit_distance),
            max_distance=_distance(rules.max_stop_or_profit_distance),
            min_guaranteed_distance=_distance(rules.min_guaranteed_stop_distance),
            guaranteed_stop_allowed=None if isinstance(allowed, Unset) else bool(allowed),
        )

    def round_size(self, size: float | Decimal, *, up: bool = False) -> float:
        """The nearest size on the market's grid that is not larger, or with ``up`` not smaller.

        It rounds and does nothing else: a size below the minimum stays below it, and may become 0, which no deal has.

            rules.round_size(1.27)  # 1.2, where sizes go in steps of 0.1

        Args:
            size: In units of the instrument, 0 or more.
            up: Round up instead of down.

        Returns:
            The size itself where the market does not tell its step (``size_step`` is None).

        Raises:
            InvalidInputError: ``size`` is negative or no finite number.
        """
        exact = decimal_of(size, "size")
        if exact < 0:
            raise InvalidInputError(f"size must be 0 or more, got {size!r}")
        return float(on_grid(exact, self.size_step, ROUND_CEILING if up else ROUND_FLOOR))

    def round_price(self, price: float | Decimal) -> float:
        """The nearest price on the market's grid; of two that are equally near, the even multiple of the step.

            rules.round_price(36.50049)  # 36.5, where prices go in steps of 0.001

        Args:
            price: A price or level, or a distance in points of price.

        Returns:
            The price itself where the market does not tell its step (``price_step`` is None).

        Raises:
            InvalidInputError: ``price`` is no finite number.
        """
        return float(on_grid(decimal_of(price, "price"), self.price_step, ROUND_HALF_EVEN))


def decimal_of(value: float | Decimal, name: str) -> Decimal:
    """The decimal number that is written: 0.1 is a tenth, not the binary fraction next to it.

    Raises:
        InvalidInputError: It is no finite number.
    """
    exact = _finite(value)
    if exact is None:
        raise InvalidInputError(f"{name} must be a finite number, got {value!r}")
    return exact


def on_grid(value: Decimal, step: Decimal | None, rounding: str) -> Decimal:
    """The multiple of ``step`` next to a number; the number itself without a step."""
    if step is None:
        return value
    with localcontext(EXACT):
        return (value / step).to_integral_value(rounding) * step


def _finite(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(repr(float(value))) if math.isfinite(value) else None


def _number(rule: models.DealingRule | Unset) -> Decimal | None:
    """The value of a rule, unless it is none: the generated models do not look into numbers."""
    value = None if isinstance(rule, Unset) else _finite(rule.value)
    return value if value is not None and value >= 0 else None


def _distance(rule: models.DealingRule | Unset) -> Distance | None:
    value = _number(rule)
    return None if value is None or isinstance(rule, Unset) else Distance(value, rule.unit)


def _price_step(details: models.MarketDetails) -> Decimal | None:
    rule = details.dealing_rules.min_step_distance
    if not isinstance(rule, Unset) and rule.unit == models.DealingRuleUnit.POINTS and (step := _number(rule)):
        return step
    # 0 decimal places are what a market without prices says too: no reason to round anything to whole numbers.
    places = cast("object", details.snapshot.decimal_places_factor)
    return Decimal((0, (1,), -places)) if isinstance(places, int) and 0 < places <= 20 else None
