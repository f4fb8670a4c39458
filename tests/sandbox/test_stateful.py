"""Random lives of a customer: whatever is done in whatever order, the books are right afterwards.

The machine acts and looks through the API alone, as a customer would, and holds what it is told against the
rules of bookkeeping.
"""

import math
from datetime import timedelta
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.currencies import convert
from capital_sandbox.margin import CLOSE_OUT_RATIO

from .conftest import Api

SIZES = {
    "SILVER": "10",
    "GOLD": "0.5",
    "BTCUSD": "0.01",
    "EURUSD": "5000",
    "DE40": "0.05",
    "USDJPY": "1000",
    "CL.N26": "5",
}
SECONDS = "%Y-%m-%dT%H:%M:%S"
CENT = Decimal("0.01")

epics = st.sampled_from(list(SIZES))
directions = st.sampled_from(["BUY", "SELL"])
choices = st.integers(0, 10)
distances = st.floats(0.0003, 0.03)


def money(value: object) -> Decimal:
    return Decimal(str(value))


class Trading(RuleBasedStateMachine):
    """One customer with two accounts, two of whose sessions take turns."""

    @initialize(seed=st.integers(1, 50), delay=st.sampled_from([0, 0, 1]))
    def begin(self, seed: int, delay: float) -> None:
        self.sandbox = Sandbox(seed=seed, clock=ManualClock(), limits=Limits.off(), confirm_delay=delay)
        self.api = Api(self.sandbox)
        # The shape of the answers is checked elsewhere; here it would take most of the time.
        self.api.http.event_hooks = {}
        self.active = self.api.ok(self.api.login())["currentAccountId"]
        self.hedged = False
        self.seen: dict[str, set[str]] = {}
        """Every deal that was ever seen open, by account."""
        self.rows: dict[str, dict[str, Decimal]] = {}
        """Every transaction that was ever seen, by account and reference."""
        self.look()

    # What a customer does

    @rule(
        epic=epics,
        direction=directions,
        times=st.sampled_from([1, 1, 2, 3, 400]),
        extra=st.integers(0, 5),
        far=distances,
    )
    def open_position(self, epic: str, direction: str, times: int, extra: int, far: float) -> None:
        distance = round(self.bid(epic) * far, 6)
        protections: list[dict[str, Any]] = [
            {},
            {"stopDistance": distance},
            {"stopDistance": distance, "profitDistance": 2 * distance},
            {"stopDistance": distance, "trailingStop": True},
            {"stopDistance": distance + self.bid(epic) * 0.02, "guaranteedStop": True},
            {"profitAmount": 20, "stopAmount": 30},
        ]
        body = {"epic": epic, "direction": direction, "size": float(Decimal(SIZES[epic]) * times)}
        self.fill(body | protections[extra])

    @rule(direction=directions, share=st.sampled_from([0.5, 0.95, 0.95, 1.1]))
    def risk_everything(self, direction: str, share: float) -> None:
        """Bind nearly all the money there is, or a little more, in a market that moves a lot."""
        leverages = self.api.ok(self.api.get("accounts/preferences"))["leverages"]
        available = convert(money(self.account["balance"]["available"]), self.account["currency"], "USD")
        size = share * float(available) * leverages["COMMODITIES"]["current"] / self.bid("OIL_CRUDE")
        accepted = self.fill({"epic": "OIL_CRUDE", "direction": direction, "size": max(1, math.ceil(size))})
        if share > 1 and not any(row["market"]["epic"] == "OIL_CRUDE" for row in self.positions):
            assert not accepted

    @precondition(lambda self: bool(self.positions))
    @rule(which=choices, times=st.sampled_from([1, 1, 2]), hedging=st.sampled_from([None, True]))
    def take_the_opposite(self, which: int, times: int, hedging: bool | None) -> None:
        chosen = self.positions[which % len(self.positions)]
        if hedging:
            self.api.ok(self.api.put("accounts/preferences", hedgingMode=True))
            self.hedged = True
        direction = "SELL" if chosen["position"]["direction"] == "BUY" else "BUY"
        size = float(money(chosen["position"]["size"]) * times)
        self.fill({"epic": chosen["market"]["epic"], "direction": direction, "size": size})

    def fill(self, body: dict[str, Any]) -> bool:
        """Deal at the market, and look whether the book has moved by just that. Whether it was accepted."""

        def book() -> Decimal:
            rows = self.api.ok(self.api.get("positions"))["positions"]
            sizes = [(row["market"]["epic"], row["position"]["direction"], row["position"]["size"]) for row in rows]
            return sum((signed(way, size) for epic, way, size in sizes if epic == body["epic"]), Decimal(0))

        def signed(direction: str, size: float) -> Decimal:
            return money(size) * (1 if direction == "BUY" else -1)

        hedging = self.api.ok(self.api.get("accounts/preferences"))["hedgingMode"]
        before, count = book(), len(self.positions)
        accepted = self.deal(self.api.post("positions", **body))
        change = signed(body["direction"], body["size"])
        if not hedging and change * before < 0 and abs(change) <= abs(before):
            assert accepted or self.reason != "RC_NOT_ENOUGH_MARGIN"  # whoever wants less needs no money for it
        if not self.sandbox.world.settings.confirm_delay:
            assert book() - before == (signed(body["direction"], body["size"]) if accepted else 0)
            self.look()
            assert len(self.positions) == count + accepted or not hedging
        return accepted

    @precondition(lambda self: bool(self.positions))
    @rule(which=choices)
    def close_position(self, which: int) -> None:
        chosen = self.positions[which % len(self.positions)]["position"]
        answer = self.api.ok(self.api.delete(f"positions/{chosen['dealId']}"))
        assert answer == {"dealReference": chosen["dealReference"]}

    @precondition(lambda self: bool(self.positions))
    @rule(which=choices, far=distances, trailing=st.booleans(), stop=st.booleans())
    def protect(self, which: int, far: float, trailing: bool, stop: bool) -> None:
        chosen = self.positions[which % len(self.positions)]
        distance = round(chosen["market"]["bid"] * far, 6)
        body: dict[str, Any] = {"stopDistance": distance, "trailingStop": trailing} if stop else {}
        path = f"positions/{chosen['position']['dealId']}"
        if self.deal(self.api.put(path, **body)) and self.api.get(path).status_code == 200:
            after = self.api.ok(self.api.get(path))["position"]
            assert ("stopLevel" in after) is stop
            assert "profitLevel" not in after

    @rule(epic=epics, direction=directions, kind=st.sampled_from(["LIMIT", "STOP"]), far=distances, extra=st.booleans())
    def place_order(self, epic: str, direction: str, kind: str, far: float, extra: bool) -> None:
        below = (kind == "LIMIT") is (direction == "BUY")
        level = round(self.bid(epic) * (1 + (-far if below else far)), 6)
        body: dict[str, Any] = (
            {"goodTillDate": f"{self.api.clock.now() + timedelta(hours=2):{SECONDS}}", "profitDistance": level * 0.01}
            if extra
            else {}
        )
        size = float(SIZES[epic])
        self.deal(
            self.api.post("workingorders", epic=epic, direction=direction, size=size, level=level, type=kind, **body)
        )

    @precondition(lambda self: bool(self.orders))
    @rule(which=choices, nudge=st.floats(0.98, 1.02))
    def change_order(self, which: int, nudge: float) -> None:
        chosen = self.orders[which % len(self.orders)]
        self.deal(self.api.put(f"workingorders/{chosen['dealId']}", level=round(chosen["orderLevel"] * nudge, 6)))

    @precondition(lambda self: bool(self.orders))
    @rule(which=choices)
    def cancel_order(self, which: int) -> None:
        chosen = self.orders[which % len(self.orders)]
        path = f"workingorders/{chosen['dealId']}"
        self.api.ok(self.api.delete(path))
        assert self.api.refused(self.api.delete(path)) == (404, "error.not-found.dealId")

    @rule()
    def switch_account(self) -> None:
        [other] = [row["accountId"] for row in self.accounts() if row["accountId"] != self.active]
        self.api.ok(self.api.put("session", accountId=other))
        self.active = self.api.ok(self.api.get("session"))["accountId"]
        assert self.active == other

    @rule(hedging=st.booleans(), leverage=st.sampled_from([1, 5, 20]))
    def set_preferences(self, hedging: bool, leverage: int) -> None:
        body = {"COMMODITIES": leverage, "INDICES": leverage}
        self.api.ok(self.api.put("accounts/preferences", hedgingMode=hedging, leverages=body))
        self.hedged = self.hedged or hedging

    @precondition(lambda self: self.in_the_red())
    @rule(which=choices, share=st.sampled_from([0.1, 0.5, 1]))
    def get_out_of_the_red(self, which: int, share: float) -> None:
        """With less than nothing available, take a part off."""
        chosen = self.positions[which % len(self.positions)]
        epic, held = chosen["market"]["epic"], money(chosen["position"]["size"])
        step = Decimal(SIZES.get(epic, "1"))
        size = max(step, held * Decimal(str(share)) // step * step)
        direction = "SELL" if chosen["position"]["direction"] == "BUY" else "BUY"
        self.fill({"epic": epic, "direction": direction, "size": float(size)})

    def in_the_red(self) -> bool:
        return bool(self.positions) and self.account["balance"]["available"] < 0

    @rule(hours=st.sampled_from([1, 3, 9]), direction=directions)
    def lose_some_of_it(self, hours: int, direction: str) -> None:
        """Bind all the money there is, and see how that goes."""
        self.risk_everything(direction, 0.95)
        for _ in range(hours * 6):
            self.api.clock.advance(599)
            self.look()
            if self.in_the_red():
                break

    @rule(amount=st.sampled_from([0.01, 500, -500, -4000, 20_000]), everything=st.booleans())
    def top_up(self, amount: float, everything: bool) -> None:
        def moved() -> Decimal:
            rows = [row for row in self.history() if row["transactionType"] in ("DEPOSIT", "WITHDRAWAL")]
            return sum((money(row["size"]) for row in rows), Decimal(0))

        figures = self.account["balance"]
        amount = -figures["deposit"] if everything else amount
        before = moved()
        answer = self.api.post("accounts/topUp", amount=amount)
        if answer.status_code == 200 and amount < 0:
            assert money(-amount) <= money(figures["available"])
        assert moved() == before + (money(amount) if answer.status_code == 200 else 0)

    @rule(seconds=st.sampled_from([0.001, 1, 30, 300, 599]))
    def wait_a_little(self, seconds: float) -> None:
        self.api.clock.advance(seconds)

    @rule(hours=st.sampled_from([1, 7, 24, 100]))
    def wait_until_the_session_is_dead(self, hours: int) -> None:
        self.api.clock.advance(hours * 3600)
        assert self.api.refused(self.api.get("ping")) == (401, "error.invalid.session.token")
        self.active = self.api.ok(self.api.login())["currentAccountId"]

    # What has to be true then

    @invariant()
    def the_books_are_right(self) -> None:
        self.look()
        self.balances_add_up()
        self.transactions_explain_the_deposit()
        self.no_deal_is_lost_and_none_is_twice()

    def balances_add_up(self) -> None:
        figures = {name: money(value) for name, value in self.account["balance"].items()}
        assert figures["balance"] == figures["deposit"] + figures["profitLoss"]
        profit = sum((money(row["position"]["upl"]) for row in self.positions), Decimal(0))
        assert abs(profit - figures["profitLoss"]) <= CENT
        margin = sum((self.margin(row) for row in self.positions), Decimal(0))
        assert abs(figures["balance"] - margin - figures["available"]) <= CENT
        if all(row["market"]["marketStatus"] == "TRADEABLE" for row in self.positions):
            assert figures["balance"] >= margin * CLOSE_OUT_RATIO - CENT
        if not self.positions:
            assert figures["balance"] >= 0

    def transactions_explain_the_deposit(self) -> None:
        seen = self.rows.setdefault(self.account["accountId"], {})
        for row in self.transactions:
            assert seen.setdefault(row["reference"], money(row["size"])) == money(row["size"])
        assert sum(seen.values(), Decimal(0)) == money(self.account["balance"]["deposit"])

    def no_deal_is_lost_and_none_is_twice(self) -> None:
        deals = [row["position"]["dealId"] for row in self.positions]
        waiting = [row["dealId"] for row in self.orders]
        assert len({*deals, *waiting}) == len(deals) + len(waiting)
        active = self.account["accountId"]
        seen = self.seen.setdefault(active, set())
        seen |= set(deals)
        closed = {row.get("dealId") for row in self.transactions if row["transactionType"] == "TRADE"}
        assert seen - set(deals) <= closed
        assert all(other == active or not theirs & seen for other, theirs in self.seen.items())
        sides = {(row["market"]["epic"], row["position"]["direction"]) for row in self.positions}
        assert self.hedged or len({epic for epic, _ in sides}) == len(sides)

    # Looking

    def deal(self, answer: Any) -> bool:
        """A trade call: refused at once, or told by its confirm. Whether it was accepted."""
        if answer.status_code != 200:
            assert answer.status_code == 400
            assert answer.json()["errorCode"].startswith("error.")
            return False
        self.api.clock.advance(self.sandbox.world.settings.confirm_delay / 1000)
        confirm = self.api.confirm(answer)
        accepted = confirm["dealStatus"] == "ACCEPTED"
        self.reason = confirm.get("rejectReason")
        assert ("rejectReason" in confirm) is not accepted
        assert confirm["dealId"]
        if not accepted:
            assert (confirm["affectedDeals"], confirm["level"], confirm["status"]) == ([], 0, "DELETED")
        return bool(accepted)

    def look(self) -> None:
        """Read what the API says about the active account."""
        [self.account] = [row for row in self.accounts() if row["accountId"] == self.active]
        self.positions = list(self.api.ok(self.api.get("positions"))["positions"])
        rows = self.api.ok(self.api.get("workingorders"))["workingOrders"]
        self.orders = [row["workingOrderData"] for row in rows]
        self.transactions = self.history()

    def history(self) -> list[Any]:
        """All transactions; when there are more than one answer holds, by kind."""
        path, rows = "history/transactions", list[Any]()
        found = self.api.ok(self.api.get(path, lastPeriod=10**9))["transactions"]
        if len(found) < 100:
            return list(found)
        for kind in ("DEPOSIT", "WITHDRAWAL", "TRADE", "SWAP", "NEGATIVE_BALANCE_PROTECTION"):
            for days in range(100):
                end = self.api.clock.now() - timedelta(days=days)
                edges = {"from": f"{end - timedelta(days=1):{SECONDS}}", "to": f"{end:{SECONDS}}"}
                found = self.api.ok(self.api.get(path, type=kind, **edges))["transactions"]
                assert len(found) < 100
                rows += found
        return rows

    def accounts(self) -> list[Any]:
        return list(self.api.ok(self.api.get("accounts"))["accounts"])

    def margin(self, row: Any) -> Decimal:
        position, market = row["position"], row["market"]
        price = money(market["bid"] if position["direction"] == "BUY" else market["offer"])
        bound = money(position["size"]) * price
        return convert(bound, position["currency"], self.account["currency"]) / int(position["leverage"])

    def bid(self, epic: str) -> float:
        return float(self.api.market(epic)["bid"])


Trading.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestTrading = Trading.TestCase
