"""The dealing rules in decimal arithmetic: what is read, what is rounded, and never a binary fraction."""

from __future__ import annotations

import json
from decimal import ROUND_UP, Context, Decimal, Inexact, Rounded, localcontext
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from capital_api import models
from capital_ext.errors import InvalidInputError
from capital_ext.markets.rules import Distance, MarketRules
from capital_ext.markets.sheet import MarketSheet

BODIES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "contract" / "bodies" / "markets.json").read_text(encoding="utf-8")
)
POINTS, PERCENT = models.DealingRuleUnit.POINTS, models.DealingRuleUnit.PERCENTAGE


def details(case: str = "2026", **changed: Any) -> models.MarketDetails:
    """A body of the API with some dealing rules changed: a number, or a number and its unit."""
    body = json.loads(json.dumps(BODIES["markets_get"][case]))
    for name, value in changed.items():
        if name in ("decimalPlacesFactor", "marketModes"):
            body["snapshot"][name] = value
        elif value is None:
            body["dealingRules"].pop(name, None)
        else:
            rule = cast("tuple[Any, str]", value) if isinstance(value, tuple) else (value, "POINTS")
            body["dealingRules"][name] = {"value": rule[0], "unit": rule[1]}
    return models.MarketDetails.from_dict(body)


def rules(case: str = "2026", **changed: Any) -> MarketRules:
    return MarketRules.of(details(case, **changed))


@pytest.mark.parametrize("case", list(BODIES["markets_get"]))
def test_every_body_that_was_seen_makes_a_sheet(case: str) -> None:
    sheet = MarketSheet.of(details(case))
    assert sheet.hours.known
    assert sheet.fetched_at.utcoffset() is not None


def test_what_a_full_body_says() -> None:
    read = rules()
    assert (read.min_size, read.max_size, read.size_step) == (Decimal("0.1"), Decimal(10_000_000), Decimal("0.1"))
    assert read.price_step == Decimal("0.00001")
    assert (str(read.min_distance), str(read.max_distance)) == ("0.01%", "60.0%")
    assert read.min_guaranteed_distance == Distance(Decimal(5), PERCENT)


def test_a_bare_body_says_nothing_and_rounds_nothing() -> None:
    read = rules("bare")
    assert (read.min_size, read.max_size, read.size_step, read.price_step) == (None, None, None, None)
    assert (read.min_distance, read.max_distance, read.min_guaranteed_distance) == (None, None, None)
    assert (read.round_size(0.123), read.round_price(36.123456)) == (0.123, 36.123456)


@pytest.mark.parametrize("odd", [True, "0.1", float("nan"), float("inf"), -1, [1], {}])
def test_a_rule_that_is_no_number_is_no_rule(odd: Any) -> None:
    names = ("minDealSize", "maxDealSize", "minSizeIncrement", "minStepDistance", "minStopOrProfitDistance")
    changed: dict[str, Any] = dict.fromkeys(names, (odd, "POINTS"))
    read = rules(**changed, decimalPlacesFactor=0)
    assert (read.min_size, read.max_size, read.size_step, read.price_step, read.min_distance) == (None,) * 5


def test_a_step_of_zero_is_no_step() -> None:
    read = rules(minSizeIncrement=0, minStepDistance=0, decimalPlacesFactor=2)
    assert (read.size_step, read.price_step) == (None, Decimal("0.01"))


@pytest.mark.parametrize(
    ("step", "places", "expected"),
    [
        (0.05, 2, "0.05"),
        (None, 3, "0.001"),
        ((1, "PERCENTAGE"), 1, "0.1"),
        (None, 0, None),
        (None, -2, None),
        (None, "3", None),
        (None, True, "0.1"),
        (1e-10, 10, "1E-10"),
        (1, 0, "1"),
    ],
)
def test_the_step_of_prices(step: Any, places: Any, expected: str | None) -> None:
    read = rules(minStepDistance=step, decimalPlacesFactor=places)
    assert read.price_step == (None if expected is None else Decimal(expected))


def test_distances_in_points_of_price() -> None:
    assert Distance(Decimal("0.01"), PERCENT).points(36.48) == Decimal("0.003648")
    assert Distance(Decimal(3), POINTS).points(36.48) == Decimal(3)
    assert Distance(Decimal(1), PERCENT).points(-40) == Decimal("0.4")  # oil has been there
    assert Distance(Decimal(3), models.DealingRuleUnit("AMOUNT")).points(36.48) is None
    with pytest.raises(InvalidInputError, match="price must be a finite number"):
        Distance(Decimal(3), POINTS).points(float("nan"))


# --- rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "size", "down", "up"),
    [
        (0.1, 0.3, 0.3, 0.3),  # 0.3 // 0.1 is 2 in binary arithmetic
        (0.1, 0.30000000000000004, 0.3, 0.4),
        (0.1, 1.27, 1.2, 1.3),
        (0.1, 1.1500000000000001, 1.1, 1.2),
        (0.01, 4.35, 4.35, 4.35),  # 4.35 * 100 is 434.99999999999994
        (100, 1234, 1200, 1300),
        (0.0001, 0.00015, 0.0001, 0.0002),
        (100_000, 99_999, 0, 100_000),
        (1, 1e17, 1e17, 1e17),
        (0.1, Decimal("0.25"), 0.2, 0.3),
        (0.1, 0, 0, 0),
        (0.3, 1, 0.9, 1.2),
        (1e-10, 1e300, 1e300, 1e300),
    ],
)
def test_rounding_sizes(step: float, size: float, down: float, up: float) -> None:
    read = rules(minSizeIncrement=step)
    assert (read.round_size(size), read.round_size(size, up=True)) == (down, up)


@pytest.mark.parametrize(
    ("step", "price", "rounded"),
    [
        (0.001, 36.50049, 36.5),
        (0.001, 36.5005, 36.5),
        (0.001, 36.5015, 36.502),
        (0.00001, 1.142506, 1.14251),
        (0.05, 105_000.07, 105_000.05),
        (0.5, 2590.3, 2590.5),
        (0.0000000001, 0.00001280004, 0.0000128),
        (0.01, -37.634, -37.63),
        (0.01, 1.005, 1.0),  # it is written as a tie, and that is what counts, not the binary fraction below it
        (0.01, 1.015, 1.02),
    ],
)
def test_rounding_prices(step: float, price: float, rounded: float) -> None:
    assert rules(minStepDistance=step).round_price(price) == rounded


@pytest.mark.parametrize(
    "bad", [float("nan"), float("inf"), "1", None, True, Decimal("sNaN"), Decimal("Infinity"), [1]]
)
def test_what_is_no_number_is_refused(bad: Any) -> None:
    for round_it in (rules().round_size, rules().round_price):
        with pytest.raises(InvalidInputError, match="must be a finite number"):
            round_it(bad)


def test_the_decimal_settings_of_the_program_do_not_count() -> None:
    read = rules(minSizeIncrement=0.1, minStepDistance=0.00001)
    with localcontext(Context(prec=2, rounding=ROUND_UP, traps=[Inexact, Rounded])):
        assert (read.round_size(123456.78), read.round_price(1.142506)) == (123456.7, 1.14251)
        assert Distance(Decimal("0.0123"), PERCENT).points(-36.489) == Decimal("0.004488147")


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="size must be 0 or more, got -1"):
        rules().round_size(-1)


STEPS = st.sampled_from([1e-10, 1e-06, 0.0005, 0.001, 0.01, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 7, 100, 100_000])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(STEPS, st.floats(0, 1e9))
@example(0.1, 0.3)
def test_a_rounded_size_is_on_the_grid_and_the_next_one(step: float, size: float) -> None:
    read = rules(minSizeIncrement=step)
    exact, written = Decimal(repr(step)), Decimal(repr(size))
    assume(written / exact < 10**13)  # what a float can tell apart
    down, up = read.round_size(size), read.round_size(size, up=True)
    low, high = Decimal(repr(down)), Decimal(repr(up))
    assert low % exact == high % exact == 0
    assert low <= written <= high
    assert high - low in (0, exact)
    assert (read.round_size(down), read.round_size(down, up=True)) == (down, down)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(STEPS, st.floats(-1e9, 1e9))
def test_a_rounded_price_is_on_the_grid_and_the_nearest(step: float, price: float) -> None:
    exact, written = Decimal(repr(step)), Decimal(repr(price))
    assume(abs(written / exact) < 10**13)
    rounded = Decimal(repr(rules(minStepDistance=step).round_price(price)))
    assert rounded % exact == 0
    assert abs(rounded - written) * 2 <= exact
