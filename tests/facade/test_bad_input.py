"""Bad input, from the caller and from the server: one clear typed error or a tolerant read, and nothing lost."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest

from capital_ext import (
    UNSET,
    ApiError,
    AuthenticationError,
    BadRequestError,
    Capital,
    CapitalError,
    Credentials,
    InvalidInputError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    Quota,
    RateLimitError,
    ResponseParseError,
    ServerError,
    TransportError,
)
from capital_sandbox import Limits, ManualClock, Sandbox

from .kit import Wire, attempt, new_address, operations, reply, sample, schemas, still

OPEN: dict[str, Any] = {"direction": "BUY", "epic": "GOLD", "size": 1}
ORDER: dict[str, Any] = OPEN | {"level": 2280.0, "type_": "LIMIT"}
NAIVE = datetime(2026, 3, 12, 12, 0)
NOON = NAIVE.replace(tzinfo=timezone.utc)
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def unreached(_: httpx.Request) -> httpx.Response:
    raise AssertionError("this must not be sent")


def refused(tag: str, name: str, /, *args: object, **kwargs: object) -> InvalidInputError:
    """A call that must fail before anything is sent, not even a login, with a message that names the argument."""
    wire = Wire(unreached)
    error = attempt(wire, tag, name, *args, **kwargs).error
    assert type(error) is InvalidInputError
    assert isinstance(error, ValueError)
    assert error.executed is False
    assert wire.requests == []
    assert len(str(error)) < 600
    return error


# --- credentials and addresses

VARIABLES = ("CAPITAL_API_KEY", "CAPITAL_IDENTIFIER", "CAPITAL_PASSWORD")


@pytest.mark.parametrize("missing", VARIABLES)
@pytest.mark.parametrize("how", ["unset", "empty"])
def test_a_missing_credential_is_named(missing: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "something")
    if how == "unset":
        monkeypatch.delenv(missing)
    else:
        monkeypatch.setenv(missing, "")
    for make in (Credentials.from_env, Capital):
        with pytest.raises(InvalidInputError, match=missing) as caught:
            make()
        assert not any(name in str(caught.value) for name in VARIABLES if name != missing)


def test_all_missing_credentials_are_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        Credentials.from_env({})
    assert all(name in str(caught.value) for name in VARIABLES)


@pytest.mark.parametrize(
    "given", [("", "i", "p"), ("k", "", "p"), ("k", "i", ""), ("k ey", "i", "p"), ("kéy", "i", "p")]
)
def test_credentials_that_cannot_be(given: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidInputError, match=r"api_key|identifier|password"):
        Credentials(*given)


@pytest.mark.parametrize(
    "address", ["", "nowhere", "ftp://a.test", "https://", "https://u:p@a.test", "https://a.test?q=1", 5]
)
def test_an_address_that_is_none(address: Any) -> None:
    if address == "":
        return  # the same as leaving it out
    with pytest.raises(InvalidInputError, match="base_url"):
        Capital(Credentials("k", "i", "p"), base_url=address)


# --- numbers

SIZES = [0, 0.0, -1, -0.1, float("nan"), float("inf"), float("-inf"), True, "1", "", None, [1], Decimal("0.1"), 1j]


@pytest.mark.parametrize("size", SIZES, ids=repr)
def test_a_size_must_be_a_finite_number_above_zero(size: object) -> None:
    assert "size" in str(refused("positions", "open", **(OPEN | {"size": size})))
    assert "size" in str(refused("orders", "create", **(ORDER | {"size": size})))


def test_a_number_beyond_all_bounds() -> None:
    assert "size" in str(refused("positions", "open", **(OPEN | {"size": 10**400})))


STOPS = ["stop_level", "stop_distance", "stop_amount", "profit_level", "profit_distance", "profit_amount"]


@pytest.mark.parametrize("field", STOPS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "5"], ids=repr)
def test_stops_and_targets_must_be_finite_numbers(field: str, value: object) -> None:
    assert field in str(refused("positions", "open", **OPEN, **{field: value}))
    assert field in str(refused("positions", "update", "1", **{field: value}))
    assert field in str(refused("orders", "create", **ORDER, **{field: value}))
    assert field in str(refused("orders", "update", "1", **{field: value}))


@pytest.mark.parametrize("field", [each for each in STOPS if not each.endswith("level")])
@pytest.mark.parametrize("value", [0, -1.5])
def test_distances_and_amounts_must_be_above_zero(field: str, value: float) -> None:
    assert field in str(refused("positions", "open", **OPEN, **{field: value}))


@pytest.mark.parametrize("value", [0, -1, 1001, 10**6, 1.5, True, "10", float("nan")], ids=repr)
def test_candles_are_1_to_1000(value: object) -> None:
    assert "max_" in str(refused("prices", "history", "GOLD", max_=value))


@pytest.mark.parametrize("value", [0, 501, -3, "7"], ids=repr)
def test_markets_of_a_category_are_1_to_500(value: object) -> None:
    assert "limit" in str(refused("markets", "category", "metals", limit=value))


@pytest.mark.parametrize("value", [0, 86_401, 1.0], ids=repr)
def test_the_last_period_of_the_activity_is_a_day(value: object) -> None:
    assert "last_period" in str(refused("history", "activity", last_period=value))


@pytest.mark.parametrize("value", [400_001, -400_001, float("nan"), "100", None], ids=repr)
def test_a_top_up_has_bounds(value: object) -> None:
    assert "amount" in str(refused("accounts", "top_up", amount=value))


@pytest.mark.parametrize("value", ["false", 0, 1, "yes", []], ids=repr)
def test_a_flag_is_true_or_false(value: object) -> None:
    assert "guaranteed_stop" in str(refused("positions", "open", **OPEN, guaranteed_stop=value))
    assert "detailed" in str(refused("history", "activity", detailed=value))
    assert "hedging_mode" in str(refused("accounts", "update_preferences", hedging_mode=value))


@pytest.mark.parametrize(
    "value", [{}, {"INDICES": 1.5}, {"INDICES": "5"}, {"INDICES": True}, 5, "INDICES", [1]], ids=repr
)
def test_leverages_are_a_mapping_to_whole_numbers(value: object) -> None:
    assert "leverages" in str(refused("accounts", "update_preferences", leverages=value))


# --- dates


@pytest.mark.parametrize("value", [NAIVE, date(2026, 3, 12), "2026-03-12T12:00:00Z", 1773325338, 0], ids=repr)
def test_a_date_must_be_an_aware_datetime(value: object) -> None:
    for field in ("from_", "to"):
        for tag, name, args in (
            ("prices", "history", ("GOLD",)),
            ("history", "activity", ()),
            ("history", "transactions", ()),
        ):
            assert field in str(refused(tag, name, *args, **{field: value}))
    assert "good_till_date" in str(refused("orders", "create", **ORDER, good_till_date=value))
    assert "good_till_date" in str(refused("orders", "update", "1", good_till_date=value))


def test_a_naive_datetime_gets_advice() -> None:
    assert "timezone.utc" in str(refused("prices", "history", "GOLD", from_=NAIVE))


@pytest.mark.parametrize("year", [1, 9999])
def test_a_date_at_the_end_of_time(year: int) -> None:
    from datetime import timedelta

    edge = datetime(
        year,
        1 if year == 1 else 12,
        1 if year == 1 else 31,
        12,
        tzinfo=timezone(timedelta(hours=14 if year == 1 else -14)),
    )
    assert "from_" in str(refused("prices", "history", "GOLD", from_=edge))


# --- names, lists and choices


@pytest.mark.parametrize("value", ["", " ", "\t\n", ".", "..", None, 5, b"GOLD", ["GOLD"]], ids=repr)
def test_a_path_segment_must_name_something(value: object) -> None:
    # An empty or dotted segment would reach another operation: DELETE /positions/ instead of one position.
    assert "epic" in str(refused("markets", "get", value))
    assert "epic" in str(refused("prices", "history", value))
    assert "deal_id" in str(refused("positions", "close", value))
    assert "deal_id" in str(refused("orders", "cancel", value))
    assert "deal_reference" in str(refused("confirms", "get", value))
    assert "watchlist_id" in str(refused("watchlists", "remove", value, "GOLD"))
    assert "epic" in str(refused("watchlists", "remove", "1", value))


def test_every_path_segment_is_checked() -> None:
    checked = 0
    for operation in operations():
        names = [raw["name"] for raw in operation.raw.get("parameters", []) if raw["in"] == "path"]
        for position in range(len(names)):
            args = ["x"] * position + [".."] + ["x"] * (len(names) - position - 1)
            body = {"epic": "GOLD"} if operation.id == "watchlists_add" else {}
            refused(operation.tag, operation.name, *args, **body)
            checked += 1
    assert checked == 15


@pytest.mark.parametrize("value", [[], (), "", " ", ["GOLD", ""], [" "], ["GOLD", 5], [None], 5, b"GOLD"], ids=repr)
def test_a_list_of_epics_must_hold_names(value: object) -> None:
    assert "epics" in str(refused("markets", "search", epics=value))
    assert "market_ids" in str(refused("sentiment", "all", market_ids=value))


def test_more_than_fifty_epics() -> None:
    error = refused("markets", "search", epics=[f"E{number}" for number in range(51)])
    assert "50" in str(error)
    refused("markets", "search", epics=",".join(f"E{number}" for number in range(51)))


@pytest.mark.parametrize("value", [["GOLD,SILVER"], ["GOLD", "SILVER,"]])
def test_an_epic_with_a_comma(value: list[str]) -> None:
    assert "comma" in str(refused("markets", "search", epics=value))


@pytest.mark.parametrize("name", ["", "x" * 21, None, 5])
def test_a_watchlist_name_has_1_to_20_characters(name: object) -> None:
    wire = Wire(unreached)
    error = attempt(wire, "watchlists", "create", name=name).error
    assert type(error) is InvalidInputError
    assert "name" in str(error)
    assert wire.requests == []


def test_a_watchlist_name_of_20_characters_is_fine() -> None:
    created = attempt(Wire(reply({"watchlistId": "1", "status": "SUCCESS"})), "watchlists", "create", name="x" * 20)
    assert created.value.watchlist_id == "1"


@pytest.mark.parametrize("value", ["LONG", "buy", "", None, 5, "LIMIT"], ids=repr)
def test_a_wrong_choice_is_answered_with_the_right_ones(value: object) -> None:
    error = refused("positions", "open", **(OPEN | {"direction": value}))
    assert "direction" in str(error)
    assert "BUY, SELL" in str(error)
    assert "LIMIT, STOP" in str(
        refused("orders", "create", **(ORDER | {"type_": "MARKET" if value == "LIMIT" else value}))
    )


def test_other_wrong_choices() -> None:
    assert "MINUTE_5" in str(refused("prices", "history", "GOLD", resolution="5m"))
    assert "SWAP" in str(refused("history", "transactions", type_="SWAPS"))
    assert "GOOD_TILL_DATE" in str(refused("orders", "update", "1", time_in_force="GTC"))


@pytest.mark.parametrize("text", ["\ud800", "GOLD\udfff"], ids=ascii)
def test_text_that_cannot_be_written(text: str) -> None:
    """Half of a surrogate pair, as a cut string or a broken file name has it."""
    refused("markets", "get", text)
    refused("markets", "search", search_term=text)
    refused("positions", "open", **(OPEN | {"epic": text}))


@pytest.mark.parametrize(
    "operation", [each for each in operations() if each.raw.get("parameters") or each.body], ids=lambda each: each.id
)
def test_nothing_at_all_is_no_call(operation: Any) -> None:
    """A call without its required arguments is a TypeError, as for any Python function; nothing is sent."""
    needed = any(raw.get("required") for raw in operation.raw.get("parameters", [])) or operation.body.get("required")
    wire = Wire(unreached)
    if needed:
        with pytest.raises(TypeError, match="missing"):
            attempt(wire, operation.tag, operation.name)
    assert wire.requests == []


# --- refusals of the server

REFUSALS: list[tuple[int, type[ApiError]]] = [
    (400, BadRequestError),
    (401, AuthenticationError),
    (403, AuthenticationError),
    (404, NotFoundError),
    (429, RateLimitError),
]


@pytest.mark.parametrize(("status", "kind"), REFUSALS)
@pytest.mark.parametrize(
    ("body", "code", "value"),
    [
        (b'{"errorCode": "error.some.thing"}', "error.some.thing", None),
        (b'{"errorCode": "error.invalid.stoploss.minvalue: 17.146"}', "error.invalid.stoploss.minvalue", 17.146),
        (b'{"errorCode": "error.invalid.size.minvalue: -3"}', "error.invalid.size.minvalue", -3.0),
        (b'{"errorCode": "error.some.thing: later"}', "error.some.thing", None),
        (b'{"errorCode": "error.x: "}', "error.x", None),
        (b'{"errorCode": null}', None, None),
        (b'{"errorCode": 17}', None, None),
        (b'{"message": "no"}', None, None),
        (b"[]", None, None),
        (b'"error.some.thing"', None, None),
        (b"", None, None),
        (b"null", None, None),
        (b"\xff\xfe\x00", None, None),
        (b"[" * 100_000, None, None),
        (HTML, None, None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_refusal_is_one_typed_error(
    status: int, kind: type[ApiError], body: bytes, code: str | None, value: float | None
) -> None:
    for tag, name, kwargs, what in (
        ("markets", "get", {"epic": "GOLD"}, "GET /api/v1/markets/GOLD"),
        ("positions", "open", OPEN, "POST /api/v1/positions"),
    ):
        wire = Wire(reply(body, status))
        error = attempt(wire, tag, name, **kwargs).error
        assert isinstance(error, kind)
        assert type(error) is kind
        assert (error.status_code, error.error_code, error.value) == (status, code, value)
        assert error.executed is False
        assert error.content == body
        assert f"{error.method} {error.path}" == what
        assert what in str(error)
        assert str(status) in str(error)
        assert (code or "no error code") in str(error)
        # Only a 429 is asked again, three times in all by each of the two clients.
        assert len(wire.calls) == (6 if status == 429 else 2)


def test_a_known_code_comes_with_advice() -> None:
    error = attempt(Wire(reply({"errorCode": "error.not-found.epic"}, 404)), "markets", "get", "silver").error
    assert "upper case" in str(error)


def test_an_unknown_epic_on_the_sandbox() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    known = sandbox.credentials
    me = Credentials(known.api_key, known.identifier, known.password)
    with Capital(me, base_url=new_address(), transport=sandbox.transport(), quota=Quota.off(), world=still()) as client:
        with pytest.raises(NotFoundError) as caught:
            client.markets.get("NO/SUCH.EPIC")
        assert caught.value.error_code == "error.not-found.epic"
        with pytest.raises(NotFoundError):
            client.prices.history("silver")
        with pytest.raises(CapitalError) as any_error:
            client.positions.open(direction="BUY", epic="NOSUCH", size=1)
        assert any_error.value.executed is False
        assert client.positions.all().positions == []


STATUSES = [204, 202, 206, 301, 302, 304, 418, 500, 502, 503, 504, 520, 599]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "body", [b"", b'{"dealReference": "o_1"}', b'{"errorCode": "java.util.Oops"}', HTML], ids=lambda body: body[:14]
)
def test_any_other_status(status: int, body: bytes) -> None:
    wire = Wire(lambda _: httpx.Response(status, content=body, headers={"Location": "https://elsewhere.test/"}))
    code = "java.util.Oops" if b"java" in body else None
    read = attempt(wire, "positions", "all").error
    assert isinstance(read, ApiError)
    assert type(read) is (ServerError if status >= 500 else ApiError)
    assert (read.status_code, read.error_code, read.content) == (status, code, body)
    assert len(wire.calls) == (6 if status >= 500 else 2)  # the facts ask for a bounded number of reads
    assert str(status) in str(read)

    wire = Wire(lambda _: httpx.Response(status, content=body, headers={"Location": "https://elsewhere.test/"}))
    write = attempt(wire, "positions", "open", **OPEN).error
    assert len(wire.calls) == 2  # an order goes out once, whatever comes back
    if status == 418 and code:  # signed by the API; without its code any 4xx may be a proxy's
        assert type(write) is ApiError
        assert write.executed is False
    else:
        assert type(write) is OutcomeUnknownError
        assert write.executed is None
        assert write.sent == OPEN
        assert write.sent_at.utcoffset() is not None
        assert (write.method, write.path) == ("POST", "/api/v1/positions")
    assert (write.status_code, write.error_code, write.content) == (status, code, body)
    assert str(status) in str(write)


# --- successes that are none

NO_JSON: list[bytes] = [b"", b" ", HTML, b"OK", b'{"positions": [', b"\xff\xfe\xfa", b"[" * 100_000, b"9" * 5000]
NO_OBJECT: list[bytes] = [b"[]", b'""', b'"positions"', b"5", b"1.5", b"true", b"false", b"null", b"[1]", b'[["a"]]']


def parse_error(body: bytes, tag: str, name: str, /, *args: object, **kwargs: object) -> ResponseParseError:
    wire = Wire(reply(body))
    error = attempt(wire, tag, name, *args, **kwargs).error
    assert type(error) is ResponseParseError, (tag, name, body[:40])
    assert error.executed is True
    assert error.status_code == 200
    assert error.content == body
    assert f"{error.method} {error.path}" in str(error)
    assert "200" in str(error)
    assert len(str(error)) < 600
    assert len(wire.calls) == 2  # it happened: nothing is sent again
    return error


@pytest.mark.parametrize("body", NO_JSON + NO_OBJECT, ids=lambda body: repr(body[:16]))
def test_a_success_that_cannot_be_read(body: bytes) -> None:
    parse_error(body, "positions", "all")
    parse_error(body, "positions", "open", **OPEN)
    parse_error(body, "positions", "close", "1")


@pytest.mark.parametrize("body", NO_JSON + NO_OBJECT, ids=lambda body: repr(body[:16]))
def test_models_without_a_required_field_are_no_exception(body: bytes) -> None:
    """`[]` is not "no markets found"."""
    parse_error(body, "markets", "search")
    parse_error(body, "markets", "category", "metals")


@pytest.mark.parametrize("body", [*NO_JSON, b"[]", b"5"], ids=lambda body: repr(body[:16]))
def test_an_answer_of_the_session_is_not_kept(body: bytes) -> None:
    for tag, name, kwargs in (
        ("session", "get", {}),
        ("session", "switch", {"account_id": "1"}),
        ("session", "close", {}),
    ):
        error = attempt(Wire(reply(body)), tag, name, **kwargs).error
        assert type(error) is ResponseParseError, name
        assert error.content == b""


@pytest.mark.parametrize("status", [400, 401, 404, 418, 500])
def test_a_refusal_of_the_session_is_not_kept(status: int) -> None:
    body = b'{"errorCode": "error.some.thing", "echo": "a secret"}'
    for name, kwargs in (("get", {}), ("switch", {"account_id": "1"}), ("close", {})):
        error = attempt(Wire(reply(body, status)), "session", name, **kwargs).error
        assert isinstance(error, ApiError | OutcomeUnknownError)
        assert error.error_code == "error.some.thing"
        assert error.content == b""
        assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("tag", "name", "args"),
    [
        ("positions", "all", ()),
        ("markets", "get", ("GOLD",)),
        ("prices", "history", ("GOLD",)),
        ("accounts", "all", ()),
    ],
)
def test_a_missing_required_field_is_named(tag: str, name: str, args: tuple[str, ...]) -> None:
    operation = next(each for each in operations() if each.id == f"{tag}_{name}")
    whole: dict[str, Any] = sample(schemas()[operation.result])
    for field in schemas()[operation.result]["required"]:
        body = json.dumps({key: value for key, value in whole.items() if key != field}).encode()
        assert field in str(parse_error(body, tag, name, *args))


def test_a_missing_field_deep_inside_is_named() -> None:
    body = {"positions": [sample(schemas()["OpenPosition"])]}
    del body["positions"][0]["position"]["dealId"]
    assert "dealId" in str(parse_error(json.dumps(body).encode(), "positions", "all"))


@pytest.mark.parametrize("value", [5, "text", True, 1.5])
def test_a_value_of_another_shape_where_an_object_is_expected(value: object) -> None:
    parse_error(json.dumps({"positions": [value]}).encode(), "positions", "all")
    parse_error(
        json.dumps({"position": value, "market": sample(schemas()["Market"])}).encode(), "positions", "get", "1"
    )


def reads_back(tag: str, name: str, body: dict[str, Any]) -> Any:
    """The model of a body of an odd shape, or None for a clear error. Either way nothing of it is lost."""
    outcome = attempt(Wire(reply(body)), tag, name)
    if outcome.error is None:
        assert outcome.value.to_dict() == body
        return outcome.value
    assert type(outcome.error) is ResponseParseError
    assert json.loads(outcome.error.content) == body
    return None


@pytest.mark.parametrize("value", ["", "REGULAR", {}, {"a": 1}, 0, 5, True, [[]], [None]], ids=repr)
def test_a_value_of_another_shape_where_a_list_is_expected(value: object) -> None:
    market: dict[str, Any] = sample(schemas()["Market"])
    reads_back("markets", "search", {"markets": value})
    reads_back("positions", "all", {"positions": value})
    reads_back("markets", "search", {"markets": [market | {"marketModes": value}]})


@pytest.mark.parametrize("value", ["", "text", [], [["a", 1]], 0, 5, False], ids=repr)
def test_a_value_of_another_shape_where_an_optional_object_is_expected(value: object) -> None:
    activity: dict[str, Any] = sample(schemas()["Activity"])
    reads_back("history", "activity", {"activities": [activity | {"details": value}]})
    instrument: dict[str, Any] = sample(schemas()["MarketDetails"])
    instrument["instrument"]["overnightFee"] = value
    reads_back("markets", "search", {"marketDetails": [instrument]})


@pytest.mark.parametrize("key", [*schemas()["Position"]["properties"], *schemas()["Market"]["properties"]])
def test_null_where_a_value_is_expected(key: str) -> None:
    """Where null can be read it is; where it cannot there is one clear error. Never another exception, nothing lost."""
    body: dict[str, Any] = {"positions": [sample(schemas()["OpenPosition"]) for _ in range(2)]}
    part = "position" if key in schemas()["Position"]["properties"] else "market"
    body["positions"][1][part][key] = None
    result = reads_back("positions", "all", body)
    if key not in schemas()[part.title()]["required"]:
        assert result is not None
        assert len(result.positions) == 2


def test_null_instead_of_the_whole_list_or_object() -> None:
    parse_error(b'{"positions": null}', "positions", "all")
    parse_error(b'{"positions": [null]}', "positions", "all")
    parse_error(b'{"position": null, "market": null}', "positions", "get", "1")
    found = attempt(Wire(reply({"markets": None})), "markets", "search").value
    assert found.markets is UNSET
    assert found.to_dict() == {"markets": None}


def test_an_unknown_enum_value_is_no_error() -> None:
    body = {"positions": [sample(schemas()["OpenPosition"])]}
    body["positions"][0]["position"]["direction"] = "SIDEWAYS"
    result = attempt(Wire(reply(body)), "positions", "all").value
    direction = result.positions[0].position.direction
    assert not direction.is_known
    assert str(direction) == "SIDEWAYS"
    assert result.to_dict() == body
    # It is kept when read, and refused when sent.
    assert "BUY, SELL" in str(refused("positions", "open", **(OPEN | {"direction": direction})))


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/html", "", "nonsense;;;"])
def test_the_content_type_is_not_trusted(kind: str) -> None:
    wire = Wire(lambda _: httpx.Response(200, content=b'{"status": "OK"}', headers={"Content-Type": kind}))
    assert attempt(wire, "general", "ping").value.status == "OK"


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert attempt(Wire(reply(b'\xef\xbb\xbf{"status": "OK"}')), "general", "ping").value.status == "OK"


def test_a_body_that_cannot_be_unpacked() -> None:
    def torn(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"no gzip at all"), headers={"Content-Encoding": "gzip"})

    assert type(attempt(Wire(torn), "positions", "all").error) is TransportError
    wire = Wire(torn)
    error = attempt(wire, "positions", "open", **OPEN).error
    assert type(error) is OutcomeUnknownError
    assert len(wire.calls) == 2


def test_a_name_that_is_too_long_for_any_address_is_not_sent() -> None:
    wire = Wire(unreached)
    error = attempt(wire, "markets", "get", "A" * 70_000).error
    assert type(error) is InvalidInputError
    assert error.executed is False
    assert wire.requests == []
    assert len(str(error)) < 400


# --- one root


def test_one_except_clause_catches_everything() -> None:
    for kind in (
        ApiError,
        AuthenticationError,
        BadRequestError,
        InvalidInputError,
        NotFoundError,
        NotSentError,
        OutcomeUnknownError,
        RateLimitError,
        ResponseParseError,
        ServerError,
        TransportError,
    ):
        assert issubclass(kind, CapitalError)
