"""What speaks against a deal: in words one by one, and altogether against what the sandbox refuses."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Context, Inexact, Rounded, localcontext
from random import Random
from typing import Any

import pytest

from capital_api.models import MarketDetails
from capital_ext import Capital
from capital_ext.deals.problems import Problem, Proposal, find_problems
from capital_ext.errors import BadRequestError, InvalidInputError
from capital_ext.markets.sheet import MarketSheet
from capital_sandbox import Sandbox

from .clients import new_sandbox, side_on
from .test_rules import details

NOW = datetime(2026, 6, 10, 14, tzinfo=timezone.utc)  # a Wednesday
NIGHT = datetime(2026, 6, 10, 22, 30, tzinfo=timezone.utc)


def market(**changed: Any) -> MarketSheet:
    """Silver at 36.480 / 36.500, as a body of the API; what is None is absent."""
    body = details().to_dict()
    body["instrument"] |= {"epic": "SILVER", "guaranteedStopAllowed": True}
    body["instrument"]["openingHours"] = {
        day: ["00:00 - 21:59", "23:05 - 00:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    } | {"zone": "UTC"}
    body["dealingRules"] = {
        "minStepDistance": {"unit": "POINTS", "value": 0.001},
        "minDealSize": {"unit": "POINTS", "value": 1},
        "maxDealSize": {"unit": "POINTS", "value": 1000},
        "minSizeIncrement": {"unit": "POINTS", "value": 0.1},
        "minGuaranteedStopDistance": {"unit": "PERCENTAGE", "value": 1},
        "minStopOrProfitDistance": {"unit": "PERCENTAGE", "value": 0.01},
        "maxStopOrProfitDistance": {"unit": "PERCENTAGE", "value": 60},
    }
    body["snapshot"] |= {
        "marketStatus": "TRADEABLE",
        "marketModes": ["REGULAR"],
        "bid": 36.48,
        "offer": 36.5,
        "decimalPlacesFactor": 3,
    }
    for name, value in changed.items():
        part = next(part for part in ("instrument", "dealingRules", "snapshot") if name in body[part])
        if value is None:
            del body[part][name]
        elif part == "dealingRules" and isinstance(value, tuple):
            body[part][name] = {"value": value[0], "unit": value[1]}
        else:
            body[part][name] = value
    return MarketSheet.of(MarketDetails.from_dict(body), now=lambda: NOW)


def found(sheet: MarketSheet | None = None, /, **deal: Any) -> list[Problem]:
    """The problems of a deal in silver; ``hedging_mode`` and ``at`` are passed on."""
    about = {name: deal.pop(name) for name in ("hedging_mode", "at") if name in deal}
    good: dict[str, Any] = {"direction": "BUY", "size": 10}
    return list(find_problems(Proposal(**good | deal), sheet or market(), **about))


def told(*arguments: Any, **more: Any) -> list[str]:
    return [str(problem) for problem in found(*arguments, **more)]


# --- in words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deal",
    [
        {},
        {"direction": "SELL", "size": 1.1, "stop_level": 37, "profit_level": 30},
        {"stop_distance": 1, "trailing_stop": True, "profit_amount": 50},
        {"stop_amount": 0.01, "guaranteed_stop": True},
        {"type_": "LIMIT", "level": 36.499},
        {"type_": "STOP", "level": 36.504, "good_till_date": NOW + timedelta(seconds=1)},
        {"direction": "SELL", "type_": "LIMIT", "level": 36.481},
        {"direction": "SELL", "type_": "STOP", "level": 36.476},
    ],
)
def test_nothing_speaks_against_a_good_deal(deal: dict[str, Any]) -> None:
    assert found(**deal) == []


@pytest.mark.parametrize(
    ("deal", "expected"),
    [
        ({"size": 0.33}, ["size: 0.33 is below the minimum of 1"]),
        ({"size": -5}, ["size: -5 is below the minimum of 1"]),
        ({"size": 10.25}, ["size: 10.25 is no multiple of 0.1, the step of sizes"]),
        ({"size": 2000}, ["size: 2000 is above the maximum of 1000"]),
        (
            {"size": 2000.05},
            [
                "size: 2000.05 is above the maximum of 1000",
                "size: 2000.05 is no multiple of 0.1, the step of sizes",
            ],
        ),
        ({"level": 36}, ["level: a deal at the market has none; a working order needs type_ LIMIT or STOP"]),
        ({"good_till_date": NIGHT}, ["good_till_date: only a working order expires"]),
        ({"type_": "LIMIT"}, ["level: a LIMIT order needs one"]),
        ({"type_": "LIMIT", "level": 36.5}, ["level: the level of a LIMIT BUY must be below the offer of 36.5"]),
        (
            {"type_": "STOP", "level": 36.4},
            ["level: the level of a STOP BUY must be above the offer of 36.5, by 0.01% or more"],
        ),
        (
            {"type_": "STOP", "level": 36.503},
            ["level: the level of a STOP BUY must be above the offer of 36.5, by 0.01% or more"],
        ),
        (
            {"direction": "SELL", "type_": "LIMIT", "level": 36.48},
            ["level: the level of a LIMIT SELL must be above the bid of 36.48"],
        ),
        ({"type_": "LIMIT", "level": 36.0005}, ["level: 36.0005 is no multiple of 0.001, the step of prices"]),
        (
            {"type_": "LIMIT", "level": 36, "good_till_date": NOW},
            ["good_till_date: 2026-06-10T14:00:00+00:00 is not in the future"],
        ),
        (
            {"type_": "LIMIT", "level": 36, "good_till_date": NOW + timedelta(milliseconds=999)},
            ["good_till_date: 2026-06-10T14:00:00.999000+00:00 is not in the future"],
        ),
        ({"stop_level": 36.6}, ["stop_level: the stop of a BUY must be below the bid of 36.48"]),
        ({"stop_level": 36.48}, ["stop_level: the stop of a BUY must be below the bid of 36.48"]),
        (
            {"stop_level": 36.477},
            [
                "stop_level: the stop is too near: it must be at 36.476 or farther from the bid of 36.48"
                " (at least 0.01%)"
            ],
        ),
        (
            {"stop_distance": 36},
            ["stop_distance: the stop is too far: it must be at 14.592 or nearer to the bid of 36.48 (at most 60%)"],
        ),
        (
            {"stop_distance": 0.1, "guaranteed_stop": True},
            [
                "stop_distance: the guaranteed stop is too near: it must be at 36.115 or farther from the bid of"
                " 36.48 (at least 1%)"
            ],
        ),
        ({"profit_level": 36}, ["profit_level: the profit of a BUY must be above the bid of 36.48"]),
        (
            {"direction": "SELL", "profit_distance": 0.003},
            [
                "profit_distance: the profit is too near: it must be at 36.496 or farther from the offer of 36.5"
                " (at least 0.01%)"
            ],
        ),
        ({"stop_distance": 0.0105}, ["stop_distance: 0.0105 is no multiple of 0.001, the step of prices"]),
        ({"profit_distance": 0}, ["profit_distance: 0 is not more than 0"]),
        ({"stop_amount": -3}, ["stop_amount: -3 is not more than 0"]),
        (
            {"stop_level": 36, "stop_distance": 0.48, "stop_amount": 3},
            ["stop_amount: give one of stop_level, stop_distance, stop_amount: they say the same thing"],
        ),
        (
            {"profit_level": 37, "profit_distance": 1},
            ["profit_distance: give one of profit_level, profit_distance: they say the same thing"],
        ),
        ({"guaranteed_stop": True}, ["guaranteed_stop: it needs one of stop_level, stop_distance, stop_amount"]),
        ({"trailing_stop": True, "stop_level": 36}, ["trailing_stop: it needs stop_distance"]),
        (
            {"trailing_stop": True, "guaranteed_stop": True, "stop_distance": 1},
            ["guaranteed_stop: a stop is guaranteed or trailing, not both"],
        ),
        (
            {"type_": "LIMIT", "level": 36, "stop_level": 35.99},
            ["stop_level: the stop of a BUY must be below the closing price of 35.98"],
        ),
    ],
)
def test_every_problem_has_words(deal: dict[str, Any], expected: list[str]) -> None:
    assert told(**deal) == expected


def test_all_problems_at_once() -> None:
    problems = found(
        market(marketStatus="CLOSED", marketModes=["LONG_ONLY"], guaranteedStopAllowed=False),
        hedging_mode=True,
        direction="SELL",
        size=0.05,
        guaranteed_stop=True,
        trailing_stop=True,
        stop_level=30,
        profit_distance=99,
    )
    assert [problem.field for problem in problems] == [
        "market", "direction", "size", "guaranteed_stop", "guaranteed_stop", "guaranteed_stop", "trailing_stop",
        "stop_level", "profit_distance",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deal", "field", "nearest"),
    [
        ({"size": 0.33}, "size", 1),
        ({"size": 10.25}, "size", 10.2),
        ({"size": 2000}, "size", 1000),
        ({"stop_level": 36.6}, "stop_level", 36.476),
        ({"stop_level": 1}, "stop_level", 14.592),
        ({"stop_distance": 0.001}, "stop_distance", 0.004),
        ({"stop_distance": 30}, "stop_distance", 21.888),
        ({"stop_distance": 0.0105}, "stop_distance", 0.01),
        ({"guaranteed_stop": True, "stop_distance": 0.1}, "stop_distance", 0.365),
        ({"direction": "SELL", "profit_level": 40}, "profit_level", 36.496),
        ({"type_": "LIMIT", "level": 40}, "level", 36.499),
        ({"type_": "STOP", "level": 30}, "level", 36.504),
        ({"direction": "SELL", "type_": "STOP", "level": 40}, "level", 36.476),
        ({"direction": "SELL", "type_": "LIMIT", "level": 30}, "level", 36.481),
    ],
)
def test_the_nearest_value_that_would_do_does(deal: dict[str, Any], field: str, nearest: float) -> None:
    [problem] = found(**deal)
    assert (problem.field, problem.nearest) == (field, nearest)
    assert found(**deal | {field: nearest}) == []


def test_the_decimal_settings_of_the_program_do_not_count() -> None:
    deals: list[dict[str, Any]] = [
        {"size": 10.25, "stop_distance": 36},
        {"direction": "SELL", "profit_level": 40},
        {"type_": "STOP", "level": 30, "stop_level": 30.123},
        {"type_": "LIMIT", "level": 40},
    ]
    expected = [found(**deal) for deal in deals]
    with localcontext(Context(prec=2, traps=[Inexact, Rounded])):
        assert [found(**deal) for deal in deals] == expected


def test_the_smallest_size_is_on_the_grid() -> None:
    coarse = market(minDealSize=(0.25, "POINTS"))
    assert [problem.nearest for problem in found(coarse, size=0.1)] == [0.3]
    assert [problem.nearest for problem in found(coarse, size=0.27)] == [0.3]
    assert [problem.nearest for problem in found(market(minDealSize=None), size=0)] == [0.1]
    assert [str(problem) for problem in found(market(minDealSize=None), size=0)] == ["size: 0 is not more than 0"]


# --- the state of the market ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "at_market", "order"),
    [
        ("TRADEABLE", None, None),
        ("CLOSED", "SILVER is closed", None),
        ("ON_AUCTION", "SILVER is on auction", None),
        ("EDITS_ONLY", "SILVER is edits only", "SILVER is edits only"),
        ("OFFLINE", "SILVER is offline", "SILVER is offline"),
        ("SUSPENDED", "SILVER is suspended", "SILVER is suspended"),
        ("SOMETHING_NEW", None, None),
    ],
)
def test_the_status(status: str, at_market: str | None, order: str | None) -> None:
    sheet = market(marketStatus=status)
    assert [each.message.split(";")[0] for each in found(sheet)] == ([at_market] if at_market else [])
    assert [each.message for each in found(sheet, type_="LIMIT", level=36)] == ([order] if order else [])


@pytest.mark.parametrize(
    ("modes", "buy", "sell"),
    [
        (["REGULAR"], [], []),
        ([], [], []),
        (None, [], []),
        (["LONG_ONLY"], [], ["direction: SILVER is long only: it can be sold only to close a long position"]),
        (["CLOSE_ONLY"], *[["market: SILVER is close only: positions can be closed, not opened"]] * 2),
        (["VIEW_ONLY"], *[["market: SILVER is view only: no deals are made"]] * 2),
        (
            ["CLOSED_FOR_CORPORATE_ACTION"],
            *[["market: SILVER is closed for corporate action: no deals are made"]] * 2,
        ),
        (["UNKNOWN", "SOMETHING_NEW"], [], []),
    ],
)
def test_the_modes(modes: list[str] | None, buy: list[str], sell: list[str]) -> None:
    assert told(market(marketModes=modes)) == buy
    assert told(market(marketModes=modes), direction="SELL") == sell


def test_at_another_time_the_timetable_decides() -> None:
    closed = "market: SILVER is closed; its next session begins 2026-06-10 23:05 UTC"
    assert told(at=NIGHT) == [closed]
    assert told(market(marketStatus="CLOSED"), at=NOW) == []
    assert told(market(marketStatus="SUSPENDED"), at=NOW) == ["market: SILVER is suspended"]
    unknown = market(
        openingHours={day: ["?"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")} | {"zone": "UTC"}
    )
    assert told(unknown, at=NIGHT) == []  # then its status does
    assert told(at=NIGHT, type_="LIMIT", level=36, good_till_date=NOW) == [
        "good_till_date: 2026-06-10T14:00:00+00:00 is not in the future"
    ]


# --- what is not known is left out ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("absent", "deal"),
    [
        ({"minDealSize": None}, {"size": 0.1}),
        ({"maxDealSize": None}, {"size": 1e9}),
        ({"minSizeIncrement": None}, {"size": 1.23456}),
        ({"minStopOrProfitDistance": None}, {"stop_level": 36.479}),
        ({"maxStopOrProfitDistance": None}, {"stop_level": 0.001}),
        ({"minGuaranteedStopDistance": None}, {"stop_level": 36.479, "guaranteed_stop": True}),
        ({"minStopOrProfitDistance": (5, "SOMETHING_NEW")}, {"stop_level": 36.479}),
        ({"guaranteedStopAllowed": None}, {"stop_level": 30, "guaranteed_stop": True}),
        ({"bid": None}, {"stop_level": 40, "stop_distance": None}),
        ({"offer": None}, {"type_": "LIMIT", "level": 40}),
        ({"bid": "none"}, {"stop_level": 40}),
        ({"minStepDistance": None, "decimalPlacesFactor": 0}, {"stop_level": 36.12345}),
    ],
)
def test_what_is_not_told_is_not_checked(absent: dict[str, Any], deal: dict[str, Any]) -> None:
    assert found(market(**absent), **deal) == []
    if "SOMETHING_NEW" not in str(absent):
        assert found(market(), **deal)[:1] != [] or "guaranteedStopAllowed" in absent


def test_distances_in_points() -> None:
    sheet = market(minStopOrProfitDistance=(0.5, "POINTS"), maxStopOrProfitDistance=(2, "POINTS"))
    assert [problem.nearest for problem in found(sheet, stop_distance=0.4)] == [0.5]
    assert found(sheet, stop_distance=0.5, profit_distance=2) == []
    assert [problem.nearest for problem in found(sheet, profit_level=38.5)] == [38.48]


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deal",
    [
        {"direction": "LONG"},
        {"type_": "MARKET"},
        {"size": "1"},
        {"size": None},
        {"size": float("nan")},
        {"stop_level": "36"},
        {"profit_amount": float("inf")},
        {"guaranteed_stop": "yes"},
        {"good_till_date": datetime(2026, 6, 11)},
        {"good_till_date": "tomorrow"},
    ],
)
def test_what_is_none_of_its_kind_is_refused(deal: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        found(**deal)
    with pytest.raises(InvalidInputError, match="no time zone"):
        found(at=datetime(2026, 6, 10))


# --- against the sandbox ----------------------------------------------------------------------------------------------


def random_deal(random: Random, sheet: MarketSheet) -> dict[str, Any]:
    """A deal near the borders of what the market allows, and often beyond them."""
    rules, bid, offer = sheet.rules, sheet.bid, sheet.offer
    assert bid is not None
    assert offer is not None
    assert rules.min_size is not None
    assert rules.size_step is not None
    step, least = float(rules.size_step), float(rules.min_size)
    deal: dict[str, Any] = {"direction": random.choice(["BUY", "SELL"]), "size": rules.round_size(least + step)}
    if random.random() < 0.2:
        deal["size"] = random.choice([least + step / 2, least - step or least / 2, 1e12])
    base = bid if deal["direction"] == "BUY" else offer
    away = 1 if deal["direction"] == "BUY" else -1
    if random.random() < 0.5:
        deal["type_"] = random.choice(["LIMIT", "STOP"])
        share = random.choice([0.0, 0.0001, 0.0002, 0.02]) * (away if deal["type_"] == "STOP" else -away)
        deal["level"] = sheet.round_price((bid, offer)[away > 0] * (1 + random.choice([share, share, share, -share])))
        base = deal["level"] - away * (offer - bid)
    for kind, side in (("stop", -away), ("profit", away)):
        share = random.choice([0.61, 0.6, 0.59, 0.02, 0.02, 0.01, 0.0099, 2e-4, 1e-4, 0.99e-4, 0]) * side
        points = sheet.round_price(base * share)
        which = random.random()
        if which < 0.3:
            deal[f"{kind}_level"] = sheet.round_price(base + (points if random.random() < 0.8 else -points))
        elif which < 0.5 and points:
            deal[f"{kind}_distance"] = abs(points)
    for flag in ("guaranteed_stop", "trailing_stop"):
        if random.random() < 0.15:
            deal[flag] = True
    return deal


def refusal(capital: Capital, epic: str, deal: dict[str, Any]) -> str | None:
    """What the sandbox has against a deal; nothing where only the money is missing. It leaves the book empty."""
    try:
        if "type_" in deal:
            reference = capital.orders.create(epic=epic, **deal)
        else:
            reference = capital.positions.open(epic=epic, **deal)
    except BadRequestError as error:
        return error.error_code
    confirm = capital.confirms.get(reference.deal_reference)
    if confirm.deal_status == "REJECTED":
        reason = str(confirm.reject_reason)
        return None if reason == "RC_NOT_ENOUGH_MARGIN" else reason
    for order in capital.orders.all().working_orders:
        capital.orders.cancel(order.working_order_data.deal_id)
    for position in capital.positions.all().positions:
        capital.positions.close(position.position.deal_id)
    return None


@pytest.mark.parametrize("seed", range(4))
def test_problems_are_found_exactly_where_the_sandbox_refuses(seed: int) -> None:
    random, sandbox = Random(seed), new_sandbox()
    outcomes: Counter[bool] = Counter()
    with side_on("sync", sandbox) as side:
        hedging = seed == 3
        side.capital.accounts.update_preferences(hedging_mode=hedging)
        for _ in range(75):
            sandbox.clock.advance(random.choice([0, 100, 20_000]))
            sheet: MarketSheet = side.capital.market(random.choice(list(sandbox.world.catalogue)))
            deal = random_deal(random, sheet)
            if "type_" in deal and {"CLOSE_ONLY", "LONG_ONLY"} & set(sheet.modes):
                continue  # the sandbox takes the order, and refuses it when its price has come
            problems = find_problems(Proposal(**deal), sheet, hedging_mode=hedging)
            refused = refusal(side.capital, sheet.epic, deal)
            assert bool(problems) is (refused is not None), (sheet.epic, deal, problems, refused)
            outcomes[bool(problems)] += 1
    assert min(outcomes[True], outcomes[False]) > 10, outcomes


def test_the_sandbox_names_the_same_bounds(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        for epic in ("SILVER", "EURUSD", "US100", "BTCUSD", "J225"):
            sheet: MarketSheet = side.capital.market(epic)
            assert sheet.bid is not None
            assert sheet.rules.min_size is not None
            for stop in (sheet.bid * 1.1, sheet.bid * 0.1):
                deal: dict[str, Any] = {
                    "direction": "BUY",
                    "size": float(sheet.rules.min_size),
                    "stop_level": sheet.round_price(stop),
                }
                [problem] = find_problems(Proposal(**deal), sheet)
                with pytest.raises(BadRequestError) as caught:
                    side.capital.positions.open(epic=epic, **deal)
                assert caught.value.value == problem.nearest
