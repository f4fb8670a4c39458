"""What comes back: nothing that the server says is lost, and what is new or missing does not break the rest."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest

from capital_api import models
from capital_ext import UNSET, ResponseParseError, Unset

from .kit import Wire, attempt, bare, kinds, operations, reply, sample, schemas


def is_object(name: str) -> bool:
    return schemas()[name].get("type") == "object"


def is_enum(name: str) -> bool:
    return "enum" in schemas()[name]


OBJECTS = [name for name in schemas() if is_object(name)]
ENUMS = [name for name in schemas() if is_enum(name)]


def model(name: str) -> Any:
    return getattr(models, name)


def python_name(name: str, attribute: str) -> str:
    """The attribute of a model that stands for a property of its schema."""
    wanted = attribute.replace("_", "").lower()
    fields = inspect.signature(model(name)).parameters
    return next(field for field in fields if field.replace("_", "").lower() == wanted)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return schemas()[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema


def properties(names: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in names:
        for key, schema in schemas()[name].get("properties", {}).items():
            yield name, key, schema


# --- every model --------------------


def test_every_schema_has_its_model_or_enum() -> None:
    assert set(OBJECTS) | set(ENUMS) == set(schemas())
    assert set(models.__all__) == set(schemas())
    assert len(OBJECTS) > 50
    for name in ENUMS:
        assert [member.value for member in model(name)] == schemas()[name]["enum"]


@pytest.mark.parametrize("name", OBJECTS)
def test_full_and_minimal_bodies_survive_the_round_trip(name: str) -> None:
    full: dict[str, Any] = sample(schemas()[name])
    if name.endswith("Request"):  # they send whole seconds
        full = {key: "2026-03-12T14:22:18" if key == "goodTillDate" else value for key, value in full.items()}
    minimal = {key: value for key, value in full.items() if key in schemas()[name].get("required", [])}
    for body in (full, minimal):
        before = copy.deepcopy(body)
        assert model(name).from_dict(body).to_dict() == before
        assert body == before  # reading leaves what was read alone


@pytest.mark.parametrize("name", OBJECTS)
def test_unknown_fields_are_kept(name: str) -> None:
    if schemas()[name].get("additionalProperties"):
        return  # a map: all of its keys are data
    extra = {"newField": {"deep": [1, None]}, "from": 1, "self": "x", "additional_properties": "y", "newNull": None}
    body: dict[str, Any] = sample(schemas()[name]) | extra
    if name.endswith("Request"):
        body |= {"goodTillDate": "2026-03-12T14:22:18"} if "goodTillDate" in body else {}
    read = model(name).from_dict(body)
    assert read.additional_properties == extra
    assert read["newField"] == {"deep": [1, None]}
    assert "newField" in read
    assert read.to_dict() == body


OPTIONAL = [
    (name, key, resolved(schema))
    for name, key, schema in properties(OBJECTS)
    if key not in schemas()[name].get("required", []) and not name.endswith("Request")
]


@pytest.mark.parametrize(("name", "key", "schema"), OPTIONAL, ids=lambda value: value if isinstance(value, str) else "")
def test_null_in_an_optional_field_is_read_as_absent_and_kept(name: str, key: str, schema: dict[str, Any]) -> None:
    body: dict[str, Any] = sample(schemas()[name]) | {key: None}
    read = model(name).from_dict(body)
    value = getattr(read, python_name(name, key))
    assert value is (None if "null" in kinds(schema) else UNSET)
    assert read.to_dict() == body
    assert read.to_dict()[key] is None


@pytest.mark.parametrize(("name", "key", "schema"), OPTIONAL, ids=lambda value: value if isinstance(value, str) else "")
def test_an_absent_field_is_unset_and_stays_absent(name: str, key: str, schema: dict[str, Any]) -> None:
    body: dict[str, Any] = sample(schemas()[name])
    del body[key]
    read = model(name).from_dict(body)
    assert getattr(read, python_name(name, key)) is UNSET
    assert read.to_dict() == body


def test_null_was_tried_for_fields_of_every_kind() -> None:
    tried = {kind for _, _, schema in OPTIONAL for kind in kinds(schema)} | {
        "enum" if "enum" in schema else schema.get("format", "") for _, _, schema in OPTIONAL
    }
    assert tried >= {"string", "number", "integer", "boolean", "array", "object", "null", "enum", "date-time"}


def test_a_field_set_after_a_null_wins_over_it() -> None:
    read = models.Market.from_dict(sample(schemas()["Market"]) | {"bid": None})
    read.bid = 17.5
    assert read.to_dict()["bid"] == 17.5


# --- dates --------------------

DATES = [
    (name, key, schema["description"])
    for name, key, schema in properties(OBJECTS)
    if schema.get("format") == "date-time"
]


@pytest.mark.parametrize(("name", "key", "description"), DATES)
def test_utc_fields_are_aware_and_account_local_ones_are_naive(name: str, key: str, description: str) -> None:
    assert description.startswith(("UTC.", "Account-local."))
    value = getattr(model(name).from_dict(sample(schemas()[name])), python_name(name, key))
    assert value.replace(tzinfo=None) == datetime(2026, 3, 12, 14, 22, 18, 473_000)
    assert value.tzinfo is (timezone.utc if description.startswith("UTC.") else None)


SPELLINGS = [
    ("2026-07-23T16:22:18.473", datetime(2026, 7, 23, 16, 22, 18, 473_000)),
    ("2026-07-23T16:22:18.4", datetime(2026, 7, 23, 16, 22, 18, 400_000)),
    ("2026-07-23T16:22:18.473123", datetime(2026, 7, 23, 16, 22, 18, 473_123)),
    ("2026-07-23T16:22:18", datetime(2026, 7, 23, 16, 22, 18)),
    ("2026-07-23T16:22", datetime(2026, 7, 23, 16, 22)),
    ("2026-07-23 16:22:18", datetime(2026, 7, 23, 16, 22, 18)),
    ("2026/07/23 16:22:18", datetime(2026, 7, 23, 16, 22, 18)),
    ("2026/07/23 16:22:18.473", datetime(2026, 7, 23, 16, 22, 18, 473_000)),
    ("2026-07-23", datetime(2026, 7, 23)),
]
WITH_ZONE = [
    ("2026-07-23T16:22:18Z", datetime(2026, 7, 23, 16, 22, 18)),
    ("2026-07-23T16:22:18.473Z", datetime(2026, 7, 23, 16, 22, 18, 473_000)),
    ("2026-07-23T16:22:18+00:00", datetime(2026, 7, 23, 16, 22, 18)),
    ("2026-07-23T18:22:18+02:00", datetime(2026, 7, 23, 16, 22, 18)),
    ("2026-07-23T06:22:18.473-1000", datetime(2026, 7, 23, 16, 22, 18, 473_000)),
    ("2026/07/23 16:22:18 UTC", datetime(2026, 7, 23, 16, 22, 18)),
]


def transaction(**changes: object) -> models.Transaction:
    return models.Transaction.from_dict(sample(schemas()["Transaction"]) | changes)


@pytest.mark.parametrize(("text", "moment"), SPELLINGS + WITH_ZONE)
def test_utc_in_every_spelling(text: str, moment: datetime) -> None:
    read = transaction(dateUtc=text)
    assert read.date_utc == moment.replace(tzinfo=timezone.utc)
    assert read.date_utc.utcoffset() == timedelta(0)
    again = transaction(dateUtc=read.to_dict()["dateUtc"])
    assert again.date_utc == read.date_utc  # what is written back says the same instant, to the last digit


@pytest.mark.parametrize(("text", "moment"), SPELLINGS)
def test_account_local_in_every_spelling(text: str, moment: datetime) -> None:
    read = transaction(date=text)
    assert read.date == moment
    assert read.date.tzinfo is None
    assert transaction(date=read.to_dict()["date"]).date == read.date


@pytest.mark.parametrize("text", ["", "-", "soon", "16:22", "16:22:18", "23", "Thursday", "July", "1773325338473"])
def test_what_is_no_date_does_not_become_one(text: str) -> None:
    # A date must never be completed from today's: that would be an invented time on a real trade.
    body = {"transactions": [sample(schemas()["Transaction"]) | {"dateUtc": text}]}
    outcome = attempt(Wire(reply(body)), "history", "transactions")
    assert type(outcome.error) is ResponseParseError


@pytest.mark.parametrize("value", [1773325338473, 1.5, True, [], {}])
def test_a_date_of_another_type_is_a_clear_error(value: object) -> None:
    body = {"transactions": [sample(schemas()["Transaction"]) | {"dateUtc": value}]}
    error = attempt(Wire(reply(body)), "history", "transactions").error
    assert type(error) is ResponseParseError
    assert "timestamp" in str(error)


# --- open enums --------------------


@pytest.mark.parametrize(("name", "text"), [(name, "BRAND_NEW") for name in ENUMS])
def test_an_unknown_value_is_kept(name: str, text: str) -> None:
    kind = model(name)
    unknown = kind(text)
    assert StrEnum in kind.__mro__
    assert type(unknown).__name__ == name
    assert unknown.is_known is False
    assert unknown == text
    assert unknown == kind(text)
    assert unknown != kind("OTHER")
    assert (unknown.value, unknown.name, str(unknown), f"{unknown}") == (text,) * 4
    assert text in repr(unknown)
    assert {unknown: 1}[text] == 1
    assert {text: 1}[unknown] == 1
    assert len({unknown, kind(text), text}) == 1
    for twin in (pickle.loads(pickle.dumps(unknown)), copy.copy(unknown), copy.deepcopy(unknown)):
        assert twin == unknown
        assert type(twin).__name__ == name
        assert twin.is_known is False
    assert unknown not in list(kind)  # the known ones stay as they were


@pytest.mark.parametrize("name", ENUMS)
def test_known_values(name: str) -> None:
    kind: Any = model(name)
    for text in schemas()[name]["enum"]:
        member = kind(text)
        assert member.is_known
        assert member is kind(text)
        assert member == text
        assert {text: 1}[member] == 1
        assert pickle.loads(pickle.dumps(member)) is member
        assert copy.deepcopy(member) is member


@pytest.mark.parametrize("value", [None, 5, 1.5, ["BUY"], {}])
def test_an_enum_takes_text_only(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid Direction"):
        models.Direction(value)


def test_one_unknown_value_among_many_markets_costs_nothing() -> None:
    markets: list[dict[str, Any]] = [
        sample(schemas()["Market"]) | {"epic": f"E{number}", "instrumentName": f"Market {number}"}
        for number in range(500)
    ]
    markets[250] |= {"marketStatus": "AFTER_HOURS", "instrumentType": "BONDS", "marketModes": ["REGULAR", "GHOST"]}
    wire = Wire(reply({"markets": markets}))
    result = bare(wire).markets.search()
    assert isinstance(result.markets, list)
    assert [market.epic for market in result.markets] == [market["epic"] for market in markets]
    odd = result.markets[250]
    assert odd.market_status == "AFTER_HOURS"
    assert not odd.market_status.is_known
    assert isinstance(odd.market_modes, list)
    assert [mode.is_known for mode in odd.market_modes] == [True, False]
    assert result.to_dict() == {"markets": markets}


# --- the marker for what is absent --------------------


def test_unset_is_one_object_with_a_plain_repr() -> None:
    assert repr(UNSET) == "UNSET"
    assert not UNSET
    assert isinstance(UNSET, Unset)
    for twin in (copy.copy(UNSET), copy.deepcopy(UNSET), pickle.loads(pickle.dumps(UNSET)), copy.deepcopy([UNSET])[0]):
        assert twin is UNSET


@pytest.mark.parametrize("name", OBJECTS)
def test_models_survive_pickle_and_copy(name: str) -> None:
    body: dict[str, Any] = sample(schemas()[name])
    required = {key: value for key, value in body.items() if key in schemas()[name].get("required", [])}
    for given in (body, required):
        read = model(name).from_dict(given)
        for twin in (pickle.loads(pickle.dumps(read)), copy.deepcopy(read), copy.copy(read)):
            assert twin == read
            assert twin.to_dict() == read.to_dict()


# --- secrets and the stream --------------------

SECRET = [(name, key) for name, key, schema in properties(OBJECTS) if schema.get("format") == "password"]


def test_the_specification_marks_the_secrets() -> None:
    frames = {
        "StreamSubscribe",
        "StreamUnsubscribe",
        "StreamCandlesSubscribe",
        "StreamCandlesUnsubscribe",
        "StreamPing",
    }
    echoes = {"StreamError", "StreamErrorPayload"}
    tokens = {(name, key) for name in frames | echoes for key in ("cst", "securityToken")}
    assert set(SECRET) == tokens | {("LoginRequest", "password")}


@pytest.mark.parametrize(("name", "key"), SECRET)
def test_secrets_are_in_no_repr(name: str, key: str) -> None:
    read = model(name).from_dict(sample(schemas()[name]) | {key: "very-secret-indeed"})
    assert read.to_dict()[key] == "very-secret-indeed"
    assert "very-secret-indeed" not in repr(read)
    assert "very-secret-indeed" not in str([read])


FRAMES: list[tuple[str, dict[str, Any]]] = [
    (
        "StreamSubscribe",
        {
            "destination": "marketData.subscribe",
            "correlationId": "7",
            "cst": "c",
            "securityToken": "s",
            "payload": {"epics": ["GOLD", "BRK.B"]},
        },
    ),
    (
        "StreamCandlesSubscribe",
        {
            "destination": "OHLCMarketData.subscribe",
            "correlationId": "8",
            "cst": "c",
            "securityToken": "s",
            "payload": {"epics": ["GOLD"], "resolutions": ["MINUTE", "HOUR_4"], "type": "heikin-ashi"},
        },
    ),
    (
        "StreamCandlesUnsubscribe",
        {
            "destination": "OHLCMarketData.unsubscribe",
            "correlationId": "9",
            "cst": "c",
            "securityToken": "s",
            "payload": {"epics": ["GOLD"], "types": ["classic"]},
        },
    ),
    ("StreamPing", {"destination": "ping", "correlationId": "10", "cst": "c", "securityToken": "s"}),
    ("StreamAck", {"status": "OK", "destination": "ping", "correlationId": "10", "payload": {}}),
    (
        "StreamAck",
        {
            "status": "OK",
            "destination": "OHLCMarketData.subscribe",
            "correlationId": "8",
            "payload": {"subscriptions": {"GOLD:MINUTE:classic": "PROCESSED", "X:HOUR:classic": "REFUSED"}},
        },
    ),
    (
        "StreamQuote",
        {
            "status": "OK",
            "destination": "quote",
            "payload": {
                "epic": "GOLD",
                "product": "CFD",
                "bid": 2310.2,
                "bidQty": 1200.0,
                "ofr": 2310.6,
                "ofrQty": 1150.0,
                "timestamp": 1773325338473,
            },
        },
    ),
    (
        "StreamCandle",
        {
            "status": "OK",
            "destination": "ohlc.event",
            "payload": {
                "resolution": "MINUTE_5",
                "epic": "GOLD",
                "type": "classic",
                "priceType": "ask",
                "t": 1773325200000,
                "o": 2309.8,
                "h": 2311.1,
                "l": 2309.4,
                "c": 2310,
            },
        },
    ),
    (
        "StreamError",
        {"status": "ERROR", "destination": "quote", "payload": {"errorCode": "error.invalid.session.token"}},
    ),
    ("StreamError", {"status": "ERROR", "errorCode": "error.too-many.requests", "cst": "c", "securityToken": "s"}),
]


@pytest.mark.parametrize(("name", "frame"), FRAMES)
def test_stream_frames(name: str, frame: dict[str, Any]) -> None:
    read = model(name).from_dict(frame)
    assert read.to_dict() == frame
    assert read.destination in (frame.get("destination"), UNSET)


def test_stream_values() -> None:
    quote = models.StreamQuote.from_dict(FRAMES[6][1])
    assert quote.destination is models.StreamDestination.QUOTE
    assert (quote.payload.bid, quote.payload.ofr, quote.payload.timestamp) == (2310.2, 2310.6, 1773325338473)
    candle = models.StreamCandle.from_dict(FRAMES[7][1])
    assert candle.payload.price_type is models.PriceType.ASK
    assert candle.payload.resolution is models.Resolution.MINUTE_5
    ack = models.StreamAck.from_dict(FRAMES[5][1])
    assert isinstance(ack.payload, models.StreamAckPayload)
    assert isinstance(ack.payload.subscriptions, models.StreamSubscriptions)
    assert ack.payload.subscriptions["GOLD:MINUTE:classic"] == "PROCESSED"


def test_all_results_are_reached_through_models() -> None:
    assert {operation.result for operation in operations()} <= set(OBJECTS)
