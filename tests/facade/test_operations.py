"""Every operation once by each road: facade and low-level functions, sync and async, on one client object each."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from capital_api import models
from capital_api.models import Direction, OrderType, Resolution
from capital_ext import AsyncCapital, Capital, Credentials, Quota
from capital_sandbox import Limits, ManualClock, Sandbox

from .kit import new_address, operations, still

WAYS = ("facade", "sync", "sync_detailed", "asyncio", "asyncio_detailed")


class Arguments(NamedTuple):
    """The same call for the facade and for a low-level function."""

    facade: dict[str, Any]
    low_level: dict[str, Any]


def same(**arguments: Any) -> Arguments:
    return Arguments(arguments, arguments)


class Stage:
    """A sandbox, and a hand in it that sets things up for one call after the other."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
        known = self.sandbox.credentials
        self.credentials = Credentials(known.api_key, known.identifier, known.password)
        self.hand = self.client()
        self.now = self.sandbox.clock.now()

    def client(self) -> Capital:
        return Capital(
            self.credentials,
            base_url=new_address(),
            transport=self.sandbox.transport(),
            quota=Quota.off(),
            world=still(),
        )

    def async_client(self) -> AsyncCapital:
        return AsyncCapital(
            self.credentials,
            base_url=new_address(),
            transport=self.sandbox.transport(),
            quota=Quota.off(),
            world=still(),
        )

    def position(self) -> str:
        reference = self.hand.positions.open(direction="BUY", epic="SILVER", size=1).deal_reference
        return self.hand.confirms.get(reference).affected_deals[0].deal_id

    def order(self) -> str:
        level = round((self.hand.markets.get("SILVER").snapshot.bid or 0) * 0.9, 2)
        order = self.hand.orders.create(direction="BUY", epic="SILVER", size=1, level=level, type_="LIMIT")
        return self.hand.confirms.get(order.deal_reference).deal_id

    def watchlist(self) -> str:
        return self.hand.watchlists.create(name="Metals", epics=["GOLD", "SILVER"]).watchlist_id

    def category(self) -> str:
        node = self.hand.markets.categories().nodes[0]
        while inner := self.hand.markets.category(node.id).nodes:
            node = inner[0]
        return node.id


# --- what each operation is called with --------------------


def create_session(stage: Stage, turn: int) -> Arguments:
    known = stage.credentials
    arguments = {"identifier": known.identifier, "password": known.password}
    return Arguments(arguments, {"body": models.LoginRequest(known.identifier, known.password)})


def switch_session(stage: Stage, turn: int) -> Arguments:
    # Each turn to the account that is not active now; the first one is.
    account_id = stage.hand.accounts.all().accounts[(turn + 1) % 2].account_id
    return Arguments({"account_id": account_id}, {"body": models.SwitchAccountRequest(account_id)})


def update_preferences(stage: Stage, turn: int) -> Arguments:
    changes = models.LeverageChanges.from_dict({"INDICES": 10})
    body = models.UpdatePreferencesRequest(leverages=changes, hedging_mode=False)
    return Arguments({"leverages": {"INDICES": 10}, "hedging_mode": False}, {"body": body})


def top_up(stage: Stage, turn: int) -> Arguments:
    return Arguments({"amount": 25}, {"body": models.TopUpRequest(25)})


def activity(stage: Stage, turn: int) -> Arguments:
    stage.position()
    return same(from_=stage.now - timedelta(hours=2), to=stage.now, detailed=True, filter_="type==POSITION")


def transactions(stage: Stage, turn: int) -> Arguments:
    return same(from_=stage.now - timedelta(days=1), to=stage.now, type_=models.TransactionType.DEPOSIT)


def open_position(stage: Stage, turn: int) -> Arguments:
    body = models.OpenPositionRequest(Direction.SELL, "GOLD", 0.5, stop_distance=20.0, trailing_stop=True)
    facade = {"direction": "SELL", "epic": "GOLD", "size": 0.5, "stop_distance": 20.0, "trailing_stop": True}
    return Arguments(facade, {"body": body})


def update_position(stage: Stage, turn: int) -> Arguments:
    deal_id = stage.position()
    body = models.UpdatePositionRequest(stop_distance=2.0)
    return Arguments({"deal_id": deal_id, "stop_distance": 2.0}, {"deal_id": deal_id, "body": body})


def create_order(stage: Stage, turn: int) -> Arguments:
    level = round((stage.hand.markets.get("GOLD").snapshot.bid or 0) * 0.9, 1)
    until = stage.now + timedelta(days=3)
    body = models.CreateOrderRequest(Direction.BUY, "GOLD", 0.5, level, OrderType.LIMIT, good_till_date=until)
    facade = {
        "direction": Direction.BUY,
        "epic": "GOLD",
        "size": 0.5,
        "level": level,
        "type_": "LIMIT",
        "good_till_date": until,
    }
    return Arguments(facade, {"body": body})


def update_order(stage: Stage, turn: int) -> Arguments:
    deal_id = stage.order()
    body = models.UpdateOrderRequest(profit_distance=3.0)
    return Arguments({"deal_id": deal_id, "profit_distance": 3.0}, {"deal_id": deal_id, "body": body})


def confirm(stage: Stage, turn: int) -> Arguments:
    return same(deal_reference=stage.hand.positions.open(direction="BUY", epic="SILVER", size=1).deal_reference)


def create_watchlist(stage: Stage, turn: int) -> Arguments:
    body = models.CreateWatchlistRequest("Energy", ["OIL_CRUDE"])
    return Arguments({"name": "Energy", "epics": ["OIL_CRUDE"]}, {"body": body})


def add_to_watchlist(stage: Stage, turn: int) -> Arguments:
    watchlist_id = stage.watchlist()
    arguments = {"watchlist_id": watchlist_id, "body": models.AddToWatchlistRequest("US100")}
    return Arguments({"watchlist_id": watchlist_id, "epic": "US100"}, arguments)


def nothing(stage: Stage, turn: int) -> Arguments:
    return same()


CALLS: dict[str, Callable[[Stage, int], Arguments]] = {
    "general_time": nothing,
    "general_ping": nothing,
    "session_encryption_key": nothing,
    "session_create": create_session,
    "session_get": nothing,
    "session_switch": switch_session,
    "session_close": nothing,
    "accounts_all": nothing,
    "accounts_preferences": nothing,
    "accounts_update_preferences": update_preferences,
    "accounts_top_up": top_up,
    "history_activity": activity,
    "history_transactions": transactions,
    "positions_all": nothing,
    "positions_get": lambda stage, turn: same(deal_id=stage.position()),
    "positions_open": open_position,
    "positions_update": update_position,
    "positions_close": lambda stage, turn: same(deal_id=stage.position()),
    "orders_all": nothing,
    "orders_create": create_order,
    "orders_update": update_order,
    "orders_cancel": lambda stage, turn: same(deal_id=stage.order()),
    "confirms_get": confirm,
    "markets_categories": nothing,
    "markets_category": lambda stage, turn: same(node_id=stage.category(), limit=2),
    "markets_search": lambda stage, turn: same(epics=["GOLD", "BRK.B"]),
    "markets_get": lambda stage, turn: same(epic="BRK.B"),
    "prices_history": lambda stage, turn: same(epic="SILVER", resolution=Resolution.HOUR, max_=5),
    "sentiment_all": lambda stage, turn: same(market_ids=["GOLD", "US100"]),
    "sentiment_get": lambda stage, turn: same(market_id="GOLD"),
    "watchlists_all": nothing,
    "watchlists_create": create_watchlist,
    "watchlists_get": lambda stage, turn: same(watchlist_id=stage.watchlist()),
    "watchlists_add": add_to_watchlist,
    "watchlists_remove": lambda stage, turn: same(watchlist_id=stage.watchlist(), epic="GOLD"),
    "watchlists_delete": lambda stage, turn: same(watchlist_id=stage.watchlist()),
}

# Two logins with one key are a second apart, so these begin each turn with another client.
NEW_CLIENT_EACH_TURN = ("session_create", "session_close")


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage()


def check(operation_id: str, way: str, answer: Any) -> None:
    """The answer has the one type of its road."""
    operation = next(each for each in operations() if each.id == operation_id)
    if way.endswith("_detailed"):
        assert answer.status_code == 200
        assert answer.content
        answer = answer.parsed
    assert type(answer) is getattr(models, operation.result)


def test_every_operation_is_called_here() -> None:
    assert set(CALLS) == {operation.id for operation in operations()}


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_synchronous(operation: Any, stage: Stage) -> None:
    module = importlib.import_module(f"capital_api.api.{operation.tag}.{operation.id}")
    client = stage.client()
    for turn, way in enumerate(("facade", "sync", "sync_detailed")):
        if operation.id in NEW_CLIENT_EACH_TURN:
            client.close()
            client = stage.client()
        arguments = CALLS[operation.id](stage, turn)
        if way == "facade":
            answer = getattr(getattr(client, operation.tag), operation.name)(**arguments.facade)
        else:
            answer = getattr(module, way)(client=client.client, **arguments.low_level)
        check(operation.id, way, answer)
    client.close()


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_asynchronous(operation: Any, stage: Stage) -> None:
    module = importlib.import_module(f"capital_api.api.{operation.tag}.{operation.id}")

    async def main() -> None:
        client = stage.async_client()
        for turn, way in enumerate(("facade", "asyncio", "asyncio_detailed")):
            if operation.id in NEW_CLIENT_EACH_TURN:
                await client.aclose()
                client = stage.async_client()
            arguments = CALLS[operation.id](stage, turn)
            if way == "facade":
                answer = await getattr(getattr(client, operation.tag), operation.name)(**arguments.facade)
            else:
                answer = await getattr(module, way)(client=client.client, **arguments.low_level)
            check(operation.id, way, answer)
        await client.aclose()

    asyncio.run(main())


def test_a_refusal_is_an_error_for_the_facade_and_a_typed_value_for_the_low_level(stage: Stage) -> None:
    from capital_api.api.markets import markets_get

    with stage.client() as client:
        answer = markets_get.sync_detailed(client=client.client, epic="NOSUCH")
        assert answer.status_code == 404
        assert isinstance(answer.parsed, models.ErrorBody)
        assert answer.parsed.error_code == "error.not-found.epic"
        assert isinstance(markets_get.sync(client=client.client, epic="NOSUCH"), models.ErrorBody)


def test_both_levels_share_one_session(stage: Stage) -> None:
    from capital_api.api.session import session_get, session_switch

    with stage.client() as client:
        stage.sandbox.requests.clear()
        other = stage.hand.accounts.all().accounts[1].account_id
        session_switch.sync(client=client.client, body=models.SwitchAccountRequest(other))
        assert client.session.get().account_id == other
        assert client.auth.account_id == other
        details = session_get.sync(client=client.client)
        assert isinstance(details, models.SessionDetails)
        assert details.account_id == other
        logins = stage.sandbox.requests.matching("POST", "/api/v1/session")
        assert len(logins) == 1
