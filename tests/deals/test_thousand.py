"""A thousand seeded runs: deals are lost in every way there is, and what is said of them is compared with the book."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, Literal

import pytest

from capital_ext import (
    Capital,
    Deal,
    DealRejectedError,
    NotExecuted,
    NotExecutedError,
    OutcomeUnknownError,
)
from capital_sandbox import Limits, ManualClock, Sandbox
from capital_sandbox.generated_prices import GeneratedPrices

from .world import Kind, Side, Way, side

Side_ = Literal["BUY", "SELL"]
KIND = Literal["json", "html", "empty", "java"]
SIDES: tuple[Side_, ...] = ("BUY", "SELL")
KINDS_OF_ERROR: tuple[KIND, ...] = ("json", "html", "empty", "java")
METHODS = ("open", "close", "amend", "place", "revise", "cancel")
FAULTS = (
    "drop_before",
    "drop_after",
    "error_before",
    "error_after",
    "stall_before",
    "stall_after",
    "unreadable",
    "none",
)
EPICS = {"SILVER": 10.0, "GOLD": 0.5, "EURUSD": 1000.0, "BTCUSD": 0.05}


class Run:
    """One story: some deals before, one that is lost perhaps, some after, and the verdict."""

    def __init__(self, seed: int, one: Side) -> None:
        self.luck = Random(seed)
        self.side = one
        self.epic = self.luck.choice(list(EPICS))
        self.size = EPICS[self.epic]
        self.direction: Side_ = self.luck.choice(SIDES)
        quote = one.do(lambda capital: capital.markets.get(self.epic)).snapshot
        bid, offer = float(str(quote.bid)), float(str(quote.offer))
        buys = self.direction == "BUY"
        self.level = round(bid * (0.97 if buys else 1.03), 2 if bid > 10 else 4)
        self.stop = round(bid * (0.9 if buys else 1.1), 2 if bid > 10 else 4)
        self.profit = round(offer * (1.1 if buys else 0.9), 2 if bid > 10 else 4)

    def wait(self) -> None:
        self.side.clock.advance(self.luck.choice([0.1, 0.1, 0.4, 1.2, 5, 31, 65]))

    def open(self, **more: Any) -> Callable[[Capital], Any]:
        return lambda capital: capital.deals.open(self.epic, self.direction, self.size, **more)

    def place(self, **more: Any) -> Callable[[Capital], Any]:
        return lambda capital: capital.deals.place(
            self.epic,
            self.direction,
            self.size,
            self.level,
            "LIMIT",
            **more,
        )

    def act(self, method: str, target: str, **more: Any) -> Callable[[Capital], Any]:
        kinds: dict[str, Callable[[Capital], Any]] = {
            "open": self.open(**more),
            "place": self.place(**more),
            "close": lambda capital: capital.deals.close(target, **more),
            "cancel": lambda capital: capital.deals.cancel(target, **more),
            "amend": lambda capital: capital.deals.amend(target, stop_level=self.stop, **more),
            "revise": lambda capital: capital.deals.revise(target, stop_level=self.stop, **more),
        }
        return kinds[method]

    def beside(self, method: str, target: str) -> None:
        """Something of the same kind that is not lost: as a deal, or by the plain facade, which waits for nothing."""
        with suppress(DealRejectedError):  # the money can be used up
            self.deal_beside(method, target)

    def deal_beside(self, method: str, target: str) -> None:
        what = self.luck.choice(["nothing", "deal", "facade", "other size", "opposite"])
        if what == "nothing":
            return
        if method == "open":
            if what == "facade":
                self.side.do(
                    lambda capital: capital.positions.open(
                        epic=self.epic,
                        direction=self.direction,
                        size=self.size,
                    )
                )
            elif what == "opposite":  # nets what is there, where hedging is off
                other: Side_ = "SELL" if self.direction == "BUY" else "BUY"
                self.side.do(lambda capital: capital.deals.open(self.epic, other, self.size * 2))
            else:
                size = self.size * (2 if what == "other size" else 1)
                self.side.do(lambda capital: capital.deals.open(self.epic, self.direction, size))
        elif method == "place":
            level = self.level if what != "other size" else round(self.level * 0.9995, 2 if self.level > 10 else 4)
            self.side.do(lambda capital: capital.deals.place(self.epic, self.direction, self.size, level, "LIMIT"))
        elif method == "amend":
            self.side.do(lambda capital: capital.deals.amend(target, profit_level=self.profit))
        elif method == "revise":
            self.side.do(lambda capital: capital.deals.revise(target, profit_level=self.profit))
        self.side.clock.advance(0.1)

    def fault(self, name: str, method: str, path: str) -> None:
        faults = self.side.faults
        match name:
            case "drop_before":
                faults.drop_before(method, path, times=1)
            case "drop_after":
                faults.drop_after(method, path, times=1)
            case "error_before":
                faults.server_error(self.luck.choice(KINDS_OF_ERROR), method, path, times=1)
            case "error_after":
                kind = self.luck.choice(KINDS_OF_ERROR)
                faults.server_error(kind, method, path, executed=True, times=1)
            case "stall_before":
                faults.stall(method, path, times=1)
            case "stall_after":
                faults.stall(method, path, executed=True, times=1)
            case "unreadable":
                faults.truncate(method, path, times=1)
            case _:
                pass


PRICES = GeneratedPrices(1)
"""One for all, since they take long to make."""

WIRE = {
    "open": ("POST", "/positions"),
    "close": ("DELETE", "/positions/*"),
    "amend": ("PUT", "/positions/*"),
    "place": ("POST", "/workingorders"),
    "revise": ("PUT", "/workingorders/*"),
    "cancel": ("DELETE", "/workingorders/*"),
}


def story(seed: int, kind: Kind, way: Way) -> str:
    luck = Random(f"settings/{seed}")
    box = Sandbox(
        seed=seed,
        clock=ManualClock(),
        limits=Limits.off(),
        prices=PRICES,
        confirm_delay=luck.choice([0, 0, 0.3, 2]),
        confirm_levels=luck.random() < 0.7,
    )
    local = luck.choice([timedelta(0), timedelta(hours=-5), timedelta(days=3), timedelta(seconds=20)])
    with side(kind, way, sandbox=box, local=local, timeout=0.5) as one:
        one.wire.date = luck.choice(
            [timedelta(0), None, timedelta(hours=7), timedelta(hours=-7), timedelta(seconds=-3)]
        )
        if luck.random() < 0.2:
            one.do(lambda capital: capital.accounts.update_preferences(hedging_mode=True))
        if luck.random() < 0.4:
            one.faults.late_activity(61)
        if luck.random() < 0.3:
            one.faults.duplicate_rows()
        run = Run(seed, one)
        method = luck.choice(METHODS)
        target = ""
        if method in ("close", "amend"):
            target = str(one.do(run.open()).position_id)
        elif method in ("revise", "cancel"):
            target = str(one.do(run.place()).order_id)
        run.wait()
        for _ in range(luck.randrange(3)):
            run.beside(method, target)
            run.wait()
        name = luck.choice(FAULTS)
        wire = WIRE[method]
        requests, executed = one.sent(*wire), one.executed(*wire)
        before = traces(one)
        run.fault(name, *wire)
        at_once = luck.random() < 0.3
        verdict: object
        error: OutcomeUnknownError | None = None
        mine: frozenset[str] = frozenset()
        try:
            verdict = one.do(run.act(method, target, resolve=at_once))
        except OutcomeUnknownError as lost:
            error, verdict = lost, lost
        except (NotExecutedError, DealRejectedError) as refused:
            verdict = refused
        mine = traces(one) - before
        assert one.sent(*wire) == requests + 1, "sent once, whatever became of it"
        was_done = one.executed(*wire) == executed + 1
        if error is not None:
            run.wait()
            for _ in range(luck.randrange(3)):
                if method in ("open", "place", "amend", "revise"):
                    run.beside(method, target)
                    run.wait()
            if luck.random() < 0.1:
                one.clock.advance(luck.choice([300, 3000]))
            before_looking = one.sent("POST", "/**") + one.sent("PUT", "/**") + one.sent("DELETE", "/**")
            try:
                verdict = one.resolve(error)
            except OutcomeUnknownError as still:
                return f"can't tell: {method} {name}: {still}"
            after_looking = one.sent("POST", "/**") + one.sent("PUT", "/**") + one.sent("DELETE", "/**")
            logins = one.sent("POST", "/session")
            assert after_looking - before_looking <= logins, "looking sends nothing but reads"
        judge(one, method, target, verdict, mine, was_done, error)
        return type(verdict).__name__


def traces(one: Side) -> frozenset[str]:
    """Ids of positions and orders, as the book has them."""
    customer = one.sandbox.world.customers[one.sandbox.credentials.api_key]
    account = next(account for account in customer.accounts.values() if account.preferred)
    return frozenset(account.positions) | frozenset(account.orders)


def judge(
    one: Side,
    method: str,
    target: str,
    verdict: object,
    mine: frozenset[str],
    was_done: bool,
    error: OutcomeUnknownError | None,
) -> None:
    if not was_done:
        assert isinstance(verdict, (NotExecuted, NotExecutedError)), verdict
        return
    if isinstance(verdict, (NotExecuted, NotExecutedError, DealRejectedError)):
        assert verdict.reason is not None, f"it was executed: {verdict}"  # or received and refused
        assert not mine
        return
    assert isinstance(verdict, Deal)
    if method in ("close", "amend"):
        assert verdict.position_id == target
    elif method in ("revise", "cancel"):
        assert verdict.order_id == target
    elif method == "place":
        assert {verdict.order_id} == mine
    elif mine:
        assert {verdict.position_id} == mine
    else:
        assert verdict.position_id is None


def tell(seeds: range, kind: Kind, way: Way) -> dict[str, int]:
    counts: dict[str, int] = {}
    for seed in seeds:
        try:
            ended = story(seed, kind, way)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong
        counts[ended] = counts.get(ended, 0) + 1
    return counts


@pytest.mark.parametrize(("kind", "seeds"), [("sync", range(500)), ("async", range(500, 1000))])
def test_no_order_doubled_none_forgotten_never_a_wrong_verdict(kind: Kind, seeds: range) -> None:
    counts = tell(seeds, kind, "process")
    assert not [ended for ended in counts if ended.startswith("can't tell")]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_same_over_http(kind: Kind) -> None:
    counts = tell(range(2000, 2020), kind, "http")
    assert not [ended for ended in counts if ended.startswith("can't tell")]
