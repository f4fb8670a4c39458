"""A trailing stop is never moved away from the price by a change that is about something else."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, Literal

import httpx
import pytest

from capital_ext import Deal, InvalidInputError
from capital_ext.models import OpenPosition

from .test_races import amending
from .world import KINDS, Making, Side, makes

Direction = Literal["BUY", "SELL"]
DISTANCE = 5.0
TICK = 0.001


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Generator[Making]:
    yield from makes(request.param, "process")


@pytest.fixture
def one(make: Making) -> Side:
    return make()


def opened(one: Side, direction: Direction = "BUY", **more: Any) -> str:
    more = more or {"trailing_stop": True, "stop_distance": DISTANCE}
    return str(one.do(lambda capital: capital.deals.open("SILVER", direction, 10, **more)).position_id)


def read(one: Side, position_id: str) -> OpenPosition:
    return one.do(lambda capital: capital.positions.get(position_id))


def stop_of(one: Side, position_id: str) -> float:
    return float(read(one, position_id).position.stop_level or 0)


def anew(row: OpenPosition) -> float:
    """Where the stop would be if it started from the present price."""
    bid, offer = float(row.market.bid or 0), float(row.market.offer or 0)
    return round(bid - DISTANCE if row.position.direction == "BUY" else offer + DISTANCE, 3)


def trailed(one: Side, direction: Direction = "BUY") -> str:
    """A position whose stop has trailed closer than its distance: the price has gone its way, and then a bit back."""
    position_id = opened(one, direction)
    for _ in range(100):
        one.clock.advance(600)
        row = read(one, position_id)
        if abs(anew(row) - float(row.position.stop_level or 0)) > 0.1:
            return position_id
    raise AssertionError("the price moved in one direction only")


def told(one: Side, **fields: Any) -> None:
    """What is read of a position, in part; None for a field that is not there."""

    def tell(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if request.method != "GET" or "/positions/" not in request.url.path:
            return None
        for part in ("position", "market"):
            for name, value in fields.items():
                if value is None:
                    answer[part].pop(name, None)
                elif name in answer[part]:
                    answer[part][name] = value
        return answer

    one.wire.rewrite = tell


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
@pytest.mark.parametrize("change", [{"profit_amount": 200}, {"trailing_stop": True}, {"guaranteed_stop": False}])
def test_a_change_of_something_else_is_refused_with_what_to_do(
    one: Side, direction: Direction, change: dict[str, Any]
) -> None:
    position_id = trailed(one, direction)
    stands, goes = stop_of(one, position_id), anew(read(one, position_id))
    assert (goes < stands) is (direction == "BUY")
    with pytest.raises(InvalidInputError) as caught:
        one.do(amending(position_id, **change))
    text = str(caught.value)
    assert f"has come to {stands:g}" in text
    assert f"back to {goes:g}" in text
    assert "Give stop_distance to start it anew" in text
    assert f"trailing_stop=False, stop_level={stands:g} to fix it" in text
    assert one.sent("PUT", "/positions/*") == 0
    assert stop_of(one, position_id) == stands


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
def test_it_starts_anew_when_its_distance_is_given(one: Side, direction: Direction) -> None:
    position_id = trailed(one, direction)
    assert isinstance(one.do(amending(position_id, profit_amount=200, stop_distance=DISTANCE)), Deal)
    assert stop_of(one, position_id) == pytest.approx(anew(read(one, position_id)), abs=TICK)


@pytest.mark.parametrize("level", [True, False])
def test_it_is_fixed_where_it_is_as_the_refusal_says(one: Side, level: bool) -> None:
    position_id = trailed(one)
    with pytest.raises(InvalidInputError) as caught:
        one.do(amending(position_id, profit_amount=200))
    (fixed,) = re.findall(r"trailing_stop=False, stop_level=([\d.]+)", str(caught.value))
    more = {"stop_level": float(fixed)} if level else {}
    one.do(amending(position_id, profit_amount=200, trailing_stop=False, **more))
    position = read(one, position_id).position
    assert (position.stop_level, bool(position.trailing_stop)) == (float(fixed), False)


@pytest.mark.parametrize("direction", ["BUY", "SELL"])
def test_a_stop_that_would_not_move_away_is_sent_along(one: Side, direction: Direction) -> None:
    position_id = opened(one, direction)
    stands = stop_of(one, position_id)
    assert isinstance(one.do(amending(position_id, profit_amount=200)), Deal)
    position = read(one, position_id).position
    assert (position.stop_level, position.trailing_stop, position.stop_distance) == (stands, True, DISTANCE)


@pytest.mark.parametrize("tick", ["told", "in the rules"])
@pytest.mark.parametrize("ticks", [0.4, 0.6, -300])
def test_half_a_tick_is_no_distance_and_a_stop_may_come_closer(one: Side, tick: str, ticks: float) -> None:
    position_id = opened(one)
    told(one, stopLevel=stop_of(one, position_id) + ticks * TICK, **({} if tick == "told" else {"tickSize": None}))
    if ticks == 0.6:
        with pytest.raises(InvalidInputError):
            one.do(amending(position_id, profit_amount=200))
    else:
        assert isinstance(one.do(amending(position_id, profit_amount=200)), Deal)


@pytest.mark.parametrize("missing", [["stopLevel"], ["bid"], ["stopLevel", "bid"], ["stopLevel", "trailingStop"]])
def test_what_is_not_told_is_not_guessed(one: Side, missing: list[str]) -> None:
    """A stop of which nothing but a distance is known is measured from the price of now, trailing or not."""
    position_id = opened(one)
    told(one, **dict.fromkeys(missing))
    with pytest.raises(InvalidInputError, match=f"say so with stop_distance={DISTANCE:g}"):
        one.do(amending(position_id, profit_amount=200))
    assert one.sent("PUT", "/positions/*") == 0
    one.wire.rewrite = None
    assert isinstance(one.do(amending(position_id, profit_amount=200, stop_distance=DISTANCE)), Deal)
    assert isinstance(one.do(amending(position_id, stop_level=None, profit_amount=200)), Deal)


def test_a_stop_that_stands_still_is_none_of_this(one: Side) -> None:
    position_id = opened(one, stop_level=40.0)
    told(one, bid=None)
    assert isinstance(one.do(amending(position_id, profit_amount=200)), Deal)
    assert stop_of(one, position_id) == 40.0


def test_a_rule_in_another_unit_than_points_is_no_tick(one: Side) -> None:
    """Then nothing tells by how much the server rounds, and any way away from the price is one."""
    position_id = opened(one)
    stands = stop_of(one, position_id) + 0.4 * TICK

    def tell(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any] | None:
        if request.url.path.endswith("/markets/SILVER"):
            answer["dealingRules"]["minStepDistance"]["unit"] = "PERCENTAGE"
        elif request.method == "GET" and "/positions/" in request.url.path:
            answer["position"]["stopLevel"] = stands
            answer["market"].pop("tickSize")
        return answer

    one.wire.rewrite = tell
    with pytest.raises(InvalidInputError, match="has come to"):
        one.do(amending(position_id, profit_amount=200))
