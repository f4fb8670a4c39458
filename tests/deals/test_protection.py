"""An amendment changes what is given and keeps the rest, for every combination of what is there and what is asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capital_ext import InvalidInputError
from capital_sandbox import Limits, ManualClock, Sandbox

from .world import KINDS, Side, side

# The market stands at about 56, and the clock stands still.
STOPS = st.one_of(
    st.just(dict[str, Any]()),
    st.integers(30_000, 54_000).map(lambda level: {"stop_level": level / 1000}),
    st.integers(1_000, 20_000).map(lambda distance: {"stop_distance": distance / 1000}),
    st.integers(20, 200).map(lambda amount: {"stop_amount": float(amount)}),
    st.integers(1_000, 20_000).map(lambda distance: {"stop_distance": distance / 1000, "trailing_stop": True}),
    st.integers(30_000, 54_000).map(lambda level: {"stop_level": level / 1000, "guaranteed_stop": True}),
)
PROFITS = st.one_of(
    st.just(dict[str, Any]()),
    st.integers(58_000, 80_000).map(lambda level: {"profit_level": level / 1000}),
    st.integers(1_000, 20_000).map(lambda distance: {"profit_distance": distance / 1000}),
    st.integers(20, 200).map(lambda amount: {"profit_amount": float(amount)}),
)
FLAGS = st.one_of(
    st.just(dict[str, Any]()),
    st.sampled_from(
        [{"trailing_stop": True}, {"trailing_stop": False}, {"guaranteed_stop": True}, {"guaranteed_stop": False}]
    ),
)
REMOVALS = st.sampled_from(
    [
        {},
        {"stop_level": None},
        {"stop_distance": None},
        {"stop_level": None, "stop_distance": None, "stop_amount": None},
        {"profit_level": None},
        {"profit_amount": None},
        {"stop_level": None, "profit_distance": None},
    ]
)
SIZE = 10.0


class Expected:
    """What a position has: in numbers, as they can be read back."""

    def __init__(self, bid: float, offer: float) -> None:
        self.bid, self.offer = bid, offer
        self.stop: float | None = None
        self.profit: float | None = None
        self.guaranteed = self.trailing = False

    def put(self, change: dict[str, Any]) -> None:
        """The rules, written a second time: as the documentation has them."""
        stop = {key: change[key] for key in ("stop_level", "stop_distance", "stop_amount") if key in change}
        given = [value for value in stop.values() if value is not None]
        if given:
            self.stop = {
                "stop_level": lambda: given[0],
                "stop_distance": lambda: self.bid - given[0],
                "stop_amount": lambda: self.offer - given[0] / SIZE,
            }[next(key for key in stop if stop[key] is not None)]()
        elif stop:
            self.stop, self.guaranteed, self.trailing = None, False, False
        profit = {key: change[key] for key in ("profit_level", "profit_distance", "profit_amount") if key in change}
        given_profit = [value for value in profit.values() if value is not None]
        if given_profit:
            self.profit = {
                "profit_level": lambda: given_profit[0],
                "profit_distance": lambda: self.bid + given_profit[0],
                "profit_amount": lambda: self.offer + given_profit[0] / SIZE,
            }[next(key for key in profit if profit[key] is not None)]()
        elif profit:
            self.profit = None
        self.guaranteed = change.get("guaranteed_stop", self.guaranteed)
        self.trailing = change.get("trailing_stop", self.trailing)


def possible(expected: Expected, was_trailing: bool, change: dict[str, Any]) -> bool:
    if expected.guaranteed and (expected.trailing or expected.stop is None):
        return False
    says_how = [key for key in ("stop_level", "stop_amount", "stop_distance") if change.get(key) is not None]
    has_distance = "stop_distance" in says_how or (was_trailing and not says_how)
    return not expected.trailing or (expected.stop is not None and has_distance)


def check(
    one: Side, bid: float, offer: float, stop: dict[str, Any], profit: dict[str, Any], change: dict[str, Any]
) -> None:
    deal = one.do(lambda capital: capital.deals.open("SILVER", "BUY", SIZE, **stop, **profit))
    position_id = str(deal.position_id)
    expected = Expected(bid, offer)
    expected.put({**stop, **profit})
    was_trailing = expected.trailing
    expected.put(change)

    one.sandbox.requests.clear()
    if not change or not possible(expected, was_trailing, change):
        with pytest.raises(InvalidInputError):
            one.do(lambda capital: capital.deals.amend(position_id, **change))
        assert one.sent("PUT", "/positions/*") == 0
    else:
        one.do(lambda capital: capital.deals.amend(position_id, **change))
        position = one.do(lambda capital: capital.positions.get(position_id)).position
        assert (position.stop_level or None) == (
            None if expected.stop is None else pytest.approx(expected.stop, abs=0.0006)
        )
        assert (position.profit_level or None) == (
            None if expected.profit is None else pytest.approx(expected.profit, abs=0.0006)
        )
        assert bool(position.guaranteed_stop) == expected.guaranteed
        assert bool(position.trailing_stop) == expected.trailing
        if expected.trailing:
            assert position.stop_distance == pytest.approx(bid - (expected.stop or 0), abs=0.0006)
    one.do(lambda capital: capital.deals.close(position_id))


@pytest.mark.parametrize("kind", KINDS)
def test_amend(kind: Any) -> None:
    with side(kind, sandbox=Sandbox(clock=ManualClock(), limits=Limits.off())) as one:
        quote = one.do(lambda capital: capital.markets.get("SILVER")).snapshot
        bid, offer = float(str(quote.bid)), float(str(quote.offer))

        @settings(derandomize=True, max_examples=120, deadline=None, database=None)
        @given(
            stop=STOPS, profit=PROFITS, changed_stop=STOPS | REMOVALS, changed_profit=PROFITS | REMOVALS, flags=FLAGS
        )
        def run(
            stop: dict[str, Any],
            profit: dict[str, Any],
            changed_stop: dict[str, Any],
            changed_profit: dict[str, Any],
            flags: dict[str, Any],
        ) -> None:
            check(one, bid, offer, stop, profit, {**changed_stop, **changed_profit, **flags})

        run()
