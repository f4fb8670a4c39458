"""What exactly leaves the machine: method, path, query and body, for every operation, with few and all arguments."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

import httpx
import pytest

from capital_api import Client, models
from capital_api.api.markets import markets_search
from capital_api.api.prices import prices_history
from capital_api.api.sentiment import sentiment_all
from capital_ext import InvalidInputError

from .kit import Wire, async_bare, bare, capital, operations, reply

NOON = datetime(2026, 3, 12, 12, 0, 0, tzinfo=timezone.utc)
ZONES = [
    (NOON, "2026-03-12T12:00:00"),
    (datetime(2026, 3, 12, 14, 0, tzinfo=timezone(timedelta(hours=2))), "2026-03-12T12:00:00"),
    (datetime(2026, 3, 12, 2, 0, tzinfo=timezone(timedelta(hours=-10))), "2026-03-12T12:00:00"),
    (datetime(2026, 3, 13, 1, 45, tzinfo=timezone(timedelta(hours=13, minutes=45))), "2026-03-12T12:00:00"),
    (datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2025-12-31T23:30:00"),
    (NOON.replace(microsecond=999_999), "2026-03-12T12:00:00"),
]


class Gone(Exception):
    """Raised by the transport once it has seen the request: what would come back does not matter here."""


def vanish(_: httpx.Request) -> httpx.Response:
    raise Gone


class Sent(NamedTuple):
    """A request on the wire."""

    method: str
    target: str
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True, strict_parsing="?" in self.target)


def sent(tag: str, name: str, /, *args: Any, **kwargs: Any) -> Sent:
    """What a facade call sends. Sync and async must send the same."""
    wire = Wire(vanish)
    with pytest.raises(Gone):
        getattr(getattr(bare(wire), tag), name)(*args, **kwargs)
    with pytest.raises(Gone):
        asyncio.run(getattr(getattr(async_bare(wire), tag), name)(*args, **kwargs))
    first, second = wire.requests
    return only(first, second)


def only(*requests: httpx.Request) -> Sent:
    seen = {
        Sent(request.method, request.url.raw_path.decode("ascii"), request.content)
        for request in requests
        if ("content-type" in request.headers) is bool(request.content)
    }
    assert len(seen) == 1
    return seen.pop()


POSITION_ID = "00000000-1f2e-4a6b-0485-65e800553a10"
STOPS: dict[str, Any] = {
    "guaranteed_stop": False,
    "trailing_stop": True,
    "stop_level": 0.0,
    "stop_distance": 15.5,
    "stop_amount": 50,
    "profit_level": 2355.25,
    "profit_distance": 1e-05,
    "profit_amount": 120,
}
STOPS_SENT: dict[str, Any] = {
    "guaranteedStop": False,
    "trailingStop": True,
    "stopLevel": 0.0,
    "stopDistance": 15.5,
    "stopAmount": 50,
    "profitLevel": 2355.25,
    "profitDistance": 1e-05,
    "profitAmount": 120,
}
OPEN: dict[str, Any] = {"direction": "BUY", "epic": "GOLD", "size": 0.1}
ORDER: dict[str, Any] = OPEN | {"level": 2280, "type_": "LIMIT"}
ORDER_SENT: dict[str, Any] = OPEN | {"level": 2280, "type": "LIMIT"}

# operation, arguments in the path, other arguments, and what must go out: method, path and query, body.
EXPECTED: list[tuple[str, tuple[str, ...], dict[str, Any], str, str, Any]] = [
    ("general_time", (), {}, "GET", "time", None),
    ("general_ping", (), {}, "GET", "ping", None),
    ("session_encryption_key", (), {}, "GET", "session/encryptionKey", None),
    (
        "session_create",
        (),
        {"identifier": "a", "password": "b"},
        "POST",
        "session",
        {"identifier": "a", "password": "b"},
    ),
    (
        "session_create",
        (),
        {"identifier": "a", "password": "b", "encrypted_password": True},
        "POST",
        "session",
        {"identifier": "a", "password": "b", "encryptedPassword": True},
    ),
    ("session_get", (), {}, "GET", "session", None),
    ("session_switch", (), {"account_id": "318204517760552134"}, "PUT", "session", {"accountId": "318204517760552134"}),
    ("session_close", (), {}, "DELETE", "session", None),
    ("accounts_all", (), {}, "GET", "accounts", None),
    ("accounts_preferences", (), {}, "GET", "accounts/preferences", None),
    ("accounts_update_preferences", (), {}, "PUT", "accounts/preferences", {}),
    (
        "accounts_update_preferences",
        (),
        {"hedging_mode": False, "leverages": {"INDICES": 10, "SHARES": 5}},
        "PUT",
        "accounts/preferences",
        {"hedgingMode": False, "leverages": {"INDICES": 10, "SHARES": 5}},
    ),
    ("accounts_top_up", (), {"amount": -2500}, "POST", "accounts/topUp", {"amount": -2500}),
    ("history_activity", (), {}, "GET", "history/activity", None),
    (
        "history_activity",
        (),
        {
            "from_": NOON,
            "to": NOON + timedelta(hours=8),
            "last_period": 3600,
            "detailed": True,
            "deal_id": POSITION_ID,
            "filter_": "source!=DEALER;type==POSITION;epic==GOLD,SILVER",
        },
        "GET",
        "history/activity?from=2026-03-12T12:00:00&to=2026-03-12T20:00:00&lastPeriod=3600&detailed=true"
        f"&dealId={POSITION_ID}&filter=source!=DEALER;type==POSITION;epic==GOLD,SILVER",
        None,
    ),
    ("history_activity", (), {"detailed": False}, "GET", "history/activity?detailed=false", None),
    ("history_transactions", (), {}, "GET", "history/transactions", None),
    (
        "history_transactions",
        (),
        {"from_": NOON, "to": NOON, "last_period": 86_400, "type_": "SWAP"},
        "GET",
        "history/transactions?from=2026-03-12T12:00:00&to=2026-03-12T12:00:00&lastPeriod=86400&type=SWAP",
        None,
    ),
    ("positions_all", (), {}, "GET", "positions", None),
    ("positions_get", (POSITION_ID,), {}, "GET", f"positions/{POSITION_ID}", None),
    ("positions_open", (), OPEN, "POST", "positions", OPEN),
    ("positions_open", (), OPEN | STOPS, "POST", "positions", OPEN | STOPS_SENT),
    ("positions_update", (POSITION_ID,), {}, "PUT", f"positions/{POSITION_ID}", {}),
    ("positions_update", (POSITION_ID,), STOPS, "PUT", f"positions/{POSITION_ID}", STOPS_SENT),
    ("positions_close", (POSITION_ID,), {}, "DELETE", f"positions/{POSITION_ID}", None),
    ("orders_all", (), {}, "GET", "workingorders", None),
    ("orders_create", (), ORDER, "POST", "workingorders", ORDER_SENT),
    (
        "orders_create",
        (),
        ORDER | STOPS | {"good_till_date": NOON},
        "POST",
        "workingorders",
        ORDER_SENT | STOPS_SENT | {"goodTillDate": "2026-03-12T12:00:00"},
    ),
    ("orders_update", (POSITION_ID,), {}, "PUT", f"workingorders/{POSITION_ID}", {}),
    (
        "orders_update",
        (POSITION_ID,),
        STOPS | {"level": 2275, "good_till_date": NOON, "time_in_force": "GOOD_TILL_DATE"},
        "PUT",
        f"workingorders/{POSITION_ID}",
        STOPS_SENT | {"level": 2275, "goodTillDate": "2026-03-12T12:00:00", "timeInForce": "GOOD_TILL_DATE"},
    ),
    ("orders_cancel", (POSITION_ID,), {}, "DELETE", f"workingorders/{POSITION_ID}", None),
    ("confirms_get", ("o_5c0e7f5a",), {}, "GET", "confirms/o_5c0e7f5a", None),
    ("markets_categories", (), {}, "GET", "marketnavigation", None),
    ("markets_category", ("hierarchy_v1.metals",), {}, "GET", "marketnavigation/hierarchy_v1.metals", None),
    ("markets_category", ("metals",), {"limit": 500}, "GET", "marketnavigation/metals?limit=500", None),
    ("markets_search", (), {}, "GET", "markets", None),
    ("markets_search", (), {"search_term": "s&p 500"}, "GET", "markets?searchTerm=s&p 500", None),
    ("markets_search", (), {"epics": ["GOLD", "BRK.B"]}, "GET", "markets?epics=GOLD,BRK.B", None),
    ("markets_get", ("SILVER",), {}, "GET", "markets/SILVER", None),
    ("prices_history", ("SILVER",), {}, "GET", "prices/SILVER", None),
    (
        "prices_history",
        ("SILVER",),
        {"resolution": "MINUTE_5", "max_": 200, "from_": NOON, "to": NOON + timedelta(hours=1)},
        "GET",
        "prices/SILVER?resolution=MINUTE_5&max=200&from=2026-03-12T12:00:00&to=2026-03-12T13:00:00",
        None,
    ),
    ("sentiment_all", (), {}, "GET", "clientsentiment", None),
    ("sentiment_all", (), {"market_ids": ("GOLD", "US100")}, "GET", "clientsentiment?marketIds=GOLD,US100", None),
    ("sentiment_get", ("GOLD",), {}, "GET", "clientsentiment/GOLD", None),
    ("watchlists_all", (), {}, "GET", "watchlists", None),
    ("watchlists_create", (), {"name": "Metals"}, "POST", "watchlists", {"name": "Metals"}),
    (
        "watchlists_create",
        (),
        {"name": "Metals", "epics": ["GOLD", "SILVER"]},
        "POST",
        "watchlists",
        {"name": "Metals", "epics": ["GOLD", "SILVER"]},
    ),
    ("watchlists_get", ("482915",), {}, "GET", "watchlists/482915", None),
    ("watchlists_add", ("482915",), {"epic": "GOLD"}, "PUT", "watchlists/482915", {"epic": "GOLD"}),
    ("watchlists_delete", ("482915",), {}, "DELETE", "watchlists/482915", None),
    ("watchlists_remove", ("482915", "GOLD"), {}, "DELETE", "watchlists/482915/GOLD", None),
]


def split(operation_id: str) -> tuple[str, str]:
    operation = next(each for each in operations() if each.id == operation_id)
    return operation.tag, operation.name


def test_every_operation_is_here() -> None:
    assert {row[0] for row in EXPECTED} == {operation.id for operation in operations()}


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row[0]}({len(row[2])})")
def test_what_goes_out(row: tuple[str, tuple[str, ...], dict[str, Any], str, str, Any]) -> None:
    operation_id, args, kwargs, method, target, body = row
    request = sent(*split(operation_id), *args, **kwargs)
    path, _, query = target.partition("?")
    assert request.method == method
    assert request.path == f"/api/v1/{path}"
    # Of the escapes in the query only their meaning is held fast: the order, the names, the values.
    assert [f"{name}={value}" for name, value in request.query] == _pairs(query)
    assert (json.loads(request.body) if request.body else None) == body


def _pairs(query: str) -> list[str]:
    if query.startswith("searchTerm="):
        return [query]
    return query.split("&") if query else []


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row[0]}({len(row[2])})")
def test_none_is_the_same_as_leaving_out(row: tuple[str, tuple[str, ...], dict[str, Any], str, str, Any]) -> None:
    import inspect

    tag, name = split(row[0])
    method = getattr(getattr(bare(Wire(vanish)), tag), name)
    optional = [key for key, each in inspect.signature(method).parameters.items() if each.default is None]
    nothing = {key: None for key in optional if key not in row[2]}
    assert sent(tag, name, *row[1], **(row[2] | nothing)) == sent(tag, name, *row[1], **row[2])


def test_a_whole_client_sends_the_same_and_adds_only_headers() -> None:
    wire = Wire(reply({"dealReference": "o_1"}))
    with capital(wire) as client:
        client.positions.open(**OPEN, stop_level=2295.5)
    [request] = wire.calls
    assert only(request) == sent("positions", "open", **OPEN, stop_level=2295.5)
    assert request.headers["Content-Type"] == "application/json"


# --- names that need escaping --------------------

AWKWARD = [
    "BRK.B",
    "A/B",
    "5CPSG",
    "S&P 500",
    "100%",
    "100%25",
    "A+B",
    "A?B#C",
    "a=b;c",
    "..A",
    "Ölöö",
    "日経",
    "A\\B",
    "~_-.",
    "%2F",
]


@pytest.mark.parametrize("epic", AWKWARD)
def test_a_path_segment_stays_one_segment(epic: str) -> None:
    request = sent("markets", "get", epic)
    prefix, segment = request.target.rsplit("/", 1)
    assert prefix == "/api/v1/markets"
    assert unquote(segment) == epic
    assert not set(segment) & set("?# &")
    assert sent("watchlists", "remove", epic, epic).target == f"/api/v1/watchlists/{segment}/{segment}"


@pytest.mark.parametrize("epic", AWKWARD)
def test_a_query_value_stays_one_value(epic: str) -> None:
    assert sent("markets", "search", epics=[epic, "GOLD"]).query == [("epics", f"{epic},GOLD")]
    assert sent("markets", "search", search_term=epic).query == [("searchTerm", epic)]
    assert sent("history", "activity", filter_=f"epic=={epic}").query == [("filter", f"epic=={epic}")]


def test_body_text_is_plain_utf_8() -> None:
    assert json.loads(sent("watchlists", "create", name="Größe 日経").body) == {"name": "Größe 日経"}


# --- lists --------------------


@pytest.mark.parametrize(
    "given", ["GOLD,SILVER", ["GOLD", "SILVER"], ("GOLD", "SILVER"), {"GOLD": 1, "SILVER": 2}.keys()]
)
def test_a_list_is_one_comma_separated_value(given: Any) -> None:
    assert sent("markets", "search", epics=given).query == [("epics", "GOLD,SILVER")]
    assert sent("sentiment", "all", market_ids=given).query == [("marketIds", "GOLD,SILVER")]


def test_one_string_is_a_list_of_one() -> None:
    assert sent("markets", "search", epics="GOLD").query == [("epics", "GOLD")]
    assert json.loads(sent("watchlists", "create", name="x", epics="GOLD").body) == {"name": "x", "epics": ["GOLD"]}


def test_fifty_epics_go_out_together() -> None:
    epics = [f"E{number}" for number in range(50)]
    assert sent("markets", "search", epics=epics).query == [("epics", ",".join(epics))]


def test_lists_at_the_low_level() -> None:
    wire = Wire(vanish)
    client = Client(base_url="https://api.example.test", httpx_args={"transport": wire.transport})
    with pytest.raises(Gone):
        markets_search.sync(client=client, epics=["GOLD", "BRK.B"])
    with pytest.raises(Gone):
        asyncio.run(sentiment_all.asyncio(client=client, market_ids=["GOLD", "BRK.B"]))
    assert [dict(request.url.params) for request in wire.requests] == [
        {"epics": "GOLD,BRK.B"},
        {"marketIds": "GOLD,BRK.B"},
    ]


# --- dates --------------------


@pytest.mark.parametrize(("moment", "text"), ZONES)
def test_dates_go_out_as_naive_utc_seconds(moment: datetime, text: str) -> None:
    expected = [("from", text), ("to", text)]
    assert sent("prices", "history", "GOLD", from_=moment, to=moment).query == expected
    assert sent("history", "activity", from_=moment, to=moment).query == expected
    assert sent("history", "transactions", from_=moment, to=moment).query == expected
    created = sent("orders", "create", **ORDER, good_till_date=moment)
    assert json.loads(created.body)["goodTillDate"] == text
    assert json.loads(sent("orders", "update", "1", good_till_date=moment).body) == {"goodTillDate": text}


@pytest.mark.parametrize(("moment", "text"), ZONES)
def test_dates_at_the_low_level(moment: datetime, text: str) -> None:
    wire = Wire(vanish)
    client = Client(base_url="https://api.example.test", httpx_args={"transport": wire.transport})
    with pytest.raises(Gone):
        prices_history.sync(client=client, epic="GOLD", from_=moment, to=moment)
    assert dict(wire.requests[0].url.params) == {"from": text, "to": text}
    assert models.UpdateOrderRequest(good_till_date=moment).to_dict() == {"goodTillDate": text}


class Floating(tzinfo):
    """A zone that knows no offset: as good as none."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> str:
        return "floating"


@pytest.mark.parametrize("moment", [NOON.replace(tzinfo=None), NOON.replace(tzinfo=Floating())])
def test_a_naive_date_is_refused_at_both_levels(moment: datetime) -> None:
    wire = Wire(vanish)
    client = Client(base_url="https://api.example.test", httpx_args={"transport": wire.transport})
    calls: list[Callable[[], object]] = [
        lambda: bare(wire).prices.history("GOLD", from_=moment),
        lambda: bare(wire).orders.create(**ORDER, good_till_date=moment),
        lambda: prices_history.sync(client=client, epic="GOLD", from_=moment),
        lambda: models.UpdateOrderRequest(good_till_date=moment).to_dict(),
    ]
    for call in calls:
        with pytest.raises(InvalidInputError, match="time zone"):
            call()
    assert wire.requests == []


# --- enums and numbers --------------------


def test_an_enum_is_a_member_or_its_text() -> None:
    for direction in (models.Direction.SELL, "SELL"):
        body = json.loads(sent("positions", "open", direction=direction, epic="GOLD", size=1).body)
        assert body["direction"] == "SELL"
    for resolution in (models.Resolution.HOUR_4, "HOUR_4"):
        assert sent("prices", "history", "GOLD", resolution=resolution).query == [("resolution", "HOUR_4")]


@pytest.mark.parametrize(
    ("size", "text"),
    [(0.1, b"0.1"), (1, b"1"), (1.0, b"1.0"), (1e-05, b"1e-05"), (0.30000000000000004, b"0.30000000000000004")],
)
def test_numbers_are_sent_as_they_are(size: float, text: bytes) -> None:
    body = sent("positions", "open", direction="BUY", epic="GOLD", size=size).body
    assert b'"size":' + text + b"}" in body.replace(b": ", b":")
