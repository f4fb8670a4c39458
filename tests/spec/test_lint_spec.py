"""The document is clean, it says what it must say, and every rule of its lint reports what it is for."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec" / "capital-openapi.yaml"
sys.path.insert(0, str(ROOT / "scripts"))
lint_spec = importlib.import_module("lint_spec")

# ------------------------------------------------------------------------------ the rules, one by one

CLEAN = """\
openapi: 3.1.0
info: {title: Mini, version: 1.0.0}
tags:
  - {name: orders, description: Orders.}
paths:
  /api/v1/orders/{orderId}:
    get:
      tags: [orders]
      operationId: orders_get
      summary: Get an order.
      description: Reads it.
      x-errors:
        - {status: 404, code: error.not-found.dealId, when: "It is gone."}
      parameters:
        - {name: orderId, in: path, required: true, schema: {type: string, description: Its id.}}
        - name: epics
          in: query
          style: form
          explode: false
          schema: {type: array, items: {type: string, description: An epic.}, description: Some epics.}
        - {name: from, in: query, schema: {type: string, format: date-time, description: UTC. Start.}}
      responses:
        "200": {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        default: {$ref: '#/components/responses/Error'}
    put:
      tags: [orders]
      operationId: orders_update
      summary: Change an order.
      description: Changes it. The client never sends it twice.
      x-errors: []
      parameters:
        - {name: orderId, in: path, required: true, schema: {type: string, description: Its id.}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/OrderRequest'}}}
      responses:
        "200": {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        default: {$ref: '#/components/responses/Error'}
components:
  securitySchemes:
    cst: {type: apiKey, in: header, name: CST}
  responses:
    Error:
      description: An error.
      content: {application/json: {schema: {$ref: '#/components/schemas/ErrorBody'}}}
  schemas:
    ErrorBody:
      type: object
      description: An error.
      properties:
        errorCode: {type: string, description: Code.}
    OrderRequest:
      type: object
      description: A change.
      required: [level]
      properties:
        level: {type: number, exclusiveMinimum: 0, description: Price.}
        goodTillDate: {type: string, format: date-time, description: UTC. Expiry.}
    Order:
      type: object
      description: An order.
      required: [side]
      properties:
        side: {$ref: '#/components/schemas/Side', description: Its side.}
        level: {type: [number, "null"], description: Price.}
        createdDate: {type: string, format: date-time, description: Account-local. See `timezoneOffset`.}
        createdDateUTC:
          {type: string, format: date-time, description: UTC. Created., example: "2026-03-12T08:00:00"}
        cst: {type: string, format: password, description: A token.}
    Side: {type: string, description: A side., enum: [BUY, SELL], x-enumDescriptions: {BUY: Buys.}}
    Kind:
      {type: string, description: A kind., enum: [plain, heikin-ashi], x-enum-varnames: [PLAIN, HEIKIN_ASHI]}
"""

BROKEN: list[tuple[str, str, str, str]] = [
    ("rule_valid", "openapi: 3.1.0", "openapi: 3.0.3", "3.1"),
    ("rule_valid", "summary: Get an order.", "summary: [Get]", "not valid OpenAPI"),
    ("rule_version", "version: 1.0.0", "version: v1", "major.minor.patch"),
    ("rule_yaml_dates", '"2026-03-12T08:00:00"', "2026-03-12T08:00:00", "quote the date"),
    ("rule_references", "'#/components/schemas/Side'", "'#/components/schemas/Sied'", "$ref to nothing"),
    ("rule_operation_ids", "operationId: orders_update", "operationId: orders_get", "one module"),
    ("rule_operation_ids", "operationId: orders_get", "operationId: getOrder", "orders_<verb>"),
    ("rule_operation_ids", "operationId: orders_get", "operationId: orders_list", "shadows"),
    ("rule_tags", "tags: [orders]", "tags: [orders, more]", "exactly one tag"),
    ("rule_tags", "tags: [orders]", "tags: [\u043erders]", "exactly one tag"),  # a Cyrillic o
    ("rule_tags", "tags: [orders]", "tags: [trades]", "not declared"),
    ("rule_tags", "{name: orders, description: Orders.}", "{name: orders}", "needs a description"),
    ("rule_paths", "/api/v1/orders", "/orders", "must be complete"),
    ("rule_paths", "{name: orderId", "{name: dealId", "path has ['orderId']"),
    ("rule_session", "      x-errors: []", "      x-errors: []\n      security: []", "no `security`"),
    ("rule_session", "{name: from, in: query", "{name: CST, in: header", "the auth flow sends it"),
    ("rule_parameters", "in: query, schema:", "in: query, description: D., schema:", "inside the schema"),
    ("rule_parameters", "description: UTC. Start.", "example: x", "needs a description inside"),
    ("rule_parameters", "explode: false", "explode: true", "style: form"),
    (
        "rule_parameters",
        "in: query\n          style: form",
        "in: header\n          style: simple",
        "only be a query",
    ),
    ("rule_responses", '"200": {description: It', '"201": {description: It', "must be 200 and default"),
    ("rule_responses", "{$ref: '#/components/responses/Error'}", "{description: No.}", "`default` must be"),
    ("rule_responses", "{$ref: '#/components/schemas/Order'}", "{type: string}", "$ref to a component"),
    ("rule_bodies", "{$ref: '#/components/schemas/OrderRequest'}", "{type: string}", "a body must be"),
    ("rule_bodies", "required: true\n        content", "required: false\n        content", "a body must be"),
    ("rule_components", "level: {type: [number,", "level: {type: [object,", "inline object or enum"),
    (
        "rule_components",
        "{type: string, description: Code.}",
        "{type: string, enum: [A], description: C.}",
        "inline",
    ),
    ("rule_components", "items: {type: string, description: An epic.}, ", "", "without `items`"),
    ("rule_titles", "description: A side.", "description: A side., title: The side", "no `title`"),
    (
        "rule_class_names",
        "    Side: {",
        "    orderRequest: {type: object, description: O.}\n    Side: {",
        "same module",
    ),
    ("rule_class_names", "    Kind:\n", "    the-kind:\n", "PascalCase"),
    ("rule_descriptions", "description: A side., ", "", "component needs a description"),
    ("rule_descriptions", "{type: string, description: Code.}", "{type: string}", "hover text"),
    ("rule_descriptions", "description: Code.", "description: Code., examples: [a]", "use `example`"),
    ("rule_operation_texts", "summary: Get an order.", "summary: Get an order", "full stop"),
    ("rule_operation_texts", "description: Reads it.", "deprecated: true", "needs a description"),
    ("rule_operation_texts", " The client never sends it twice.", "", "never sends it twice"),
    ("rule_errors", "      x-errors: []\n", "", "needs x-errors"),
    ("rule_errors", ', when: "It is gone."', "", "exactly status, code, when"),
    ("rule_errors", "status: 404", "status: 200", "odd status"),
    ("rule_errors", "code: error.not-found.dealId", 'code: "error.x: 17.1"', "odd code"),
    (
        "rule_errors",
        "x-errors: []",
        "x-errors: [{status: 400, code: error.a, when: A.}, {status: 400, code: error.a, when: B.}]",
        "twice",
    ),
    ("rule_nullable", "enum: [BUY, SELL]", "enum: [BUY, null]", "no null in an enum"),
    ("rule_nullable", 'type: [number, "null"]', "type: number, nullable: true", "no `nullable`"),
    ("rule_required", "required: [side]", "required: [sied]", "no property"),
    ("rule_required", "required: [side]", "required: [side, side]", "twice"),
    ("rule_defaults", "exclusiveMinimum: 0", "default: 0", "no `default`"),
    ("rule_defaults", "description: UTC. Start.", "description: UTC. Start., default: now", "no `default`"),
    ("rule_open_objects", "description: An order.", "additionalProperties: false", "unknown fields"),
    ("rule_times", "UTC. Created.", "Created.", "must start with"),
    ("rule_times", "UTC. Expiry.", "Account-local. Expiry.", "sent is always UTC"),
    ("rule_times", "UTC. Start.", "Account-local. Start.", "sent is always UTC"),
    ("rule_times", "Account-local. See `timezoneOffset`.", "Account-local.", "timezoneOffset"),
    ("rule_times", "UTC. Created.", "Account-local. See `timezoneOffset`.", "the name says UTC"),
    ("rule_enums", "enum: [BUY, SELL]", "enum: [BUY, BUY]", "listed twice"),
    ("rule_enums", "x-enum-varnames: [PLAIN, HEIKIN_ASHI]", "deprecated: false", "needs x-enum-varnames"),
    (
        "rule_enums",
        "x-enum-varnames: [PLAIN, HEIKIN_ASHI]",
        "x-enum-varnames: [PLAIN]",
        "1 x-enum-varnames for 2",
    ),
    ("rule_enums", "enum: [BUY, SELL]", "enum: [a-b, a b]", "become the member A_B"),
    ("rule_enums", "{BUY: Buys.}", "{BYU: Buys.}", "no value"),
    (
        "rule_bounds",
        "{type: string, description: Code.}",
        "{type: string, maxLength: 9, description: C.}",
        "maxLength",
    ),
    ("rule_secrets", "format: password, description: A token.", "description: A token.", "format: password"),
]


def found(text: str, rule: str) -> list[Any]:
    document, _ = lint_spec.load(text)
    return list(getattr(lint_spec, rule)(document))


def test_the_small_document_is_clean() -> None:
    assert lint_spec.lint(CLEAN) == []


@pytest.mark.parametrize(("rule", "good", "bad", "says"), BROKEN, ids=[f"{row[0]}-{row[3]}" for row in BROKEN])
def test_each_rule_reports_what_it_is_for(rule: str, good: str, bad: str, says: str) -> None:
    assert good in CLEAN
    findings = found(CLEAN.replace(good, bad), rule)
    assert any(says in finding.what for finding in findings), findings
    assert all(finding.where for finding in findings)


def test_every_rule_is_tried() -> None:
    assert {rule.__name__ for rule in lint_spec.RULES} == {row[0] for row in BROKEN}
    assert {name for name in vars(lint_spec) if name.startswith("rule_")} == {row[0] for row in BROKEN}


def test_every_rule_says_which_trap_it_guards() -> None:
    for rule in lint_spec.RULES:
        assert rule.__doc__, rule.__name__
        assert "\n" not in rule.__doc__, rule.__name__


def test_a_reference_to_nothing_is_one_finding_and_no_crash() -> None:
    broken = SPEC.read_text(encoding="utf-8").replace("#/components/schemas/Balance'", "#/components/schemas/Nothing'")
    assert {finding.what for finding in lint_spec.lint(broken)} == {"$ref to nothing: #/components/schemas/Nothing"}


def test_a_key_written_twice_is_reported() -> None:
    twice = CLEAN.replace("        level: {type: number", "        level: {type: string}\n        level: {type: number")
    assert any("written twice" in finding.what for finding in lint_spec.lint(twice))


def test_a_rule_survives_a_document_that_is_nonsense() -> None:
    for text in ("", "[]", "paths: 3", "openapi: 3.1.0\npaths: {/a: {get: }}\ncomponents: {schemas: {A: }}"):
        assert lint_spec.lint(text)


def test_the_command_prints_a_line_for_each_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "capital-openapi.yaml"
    file.write_text(CLEAN.replace("version: 1.0.0", "version: v1"), encoding="utf-8")
    assert lint_spec.main([str(file)]) == 1
    line = "spec/capital-openapi.yaml: info.version: must be major.minor.patch\n"
    assert capsys.readouterr().out == line


# ---------------------------------------------------------------------------------- the real document


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded, repeated = lint_spec.load(SPEC.read_text(encoding="utf-8"))
    assert repeated == []
    return dict(loaded)


def test_the_document_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_spec.main([])
    assert (status, capsys.readouterr().out.count("\n")) == (0, 1)


METHODS = """
general time GET /time
general ping GET /ping
session encryption_key GET /session/encryptionKey
session create POST /session
session get GET /session
session switch PUT /session
session close DELETE /session
accounts all GET /accounts
accounts preferences GET /accounts/preferences
accounts update_preferences PUT /accounts/preferences
accounts top_up POST /accounts/topUp
history activity GET /history/activity
history transactions GET /history/transactions
positions all GET /positions
positions open POST /positions
positions get GET /positions/{dealId}
positions update PUT /positions/{dealId}
positions close DELETE /positions/{dealId}
orders all GET /workingorders
orders create POST /workingorders
orders update PUT /workingorders/{dealId}
orders cancel DELETE /workingorders/{dealId}
confirms get GET /confirms/{dealReference}
markets categories GET /marketnavigation
markets category GET /marketnavigation/{nodeId}
markets search GET /markets
markets get GET /markets/{epic}
prices history GET /prices/{epic}
sentiment all GET /clientsentiment
sentiment get GET /clientsentiment/{marketId}
watchlists all GET /watchlists
watchlists create POST /watchlists
watchlists get GET /watchlists/{watchlistId}
watchlists add PUT /watchlists/{watchlistId}
watchlists delete DELETE /watchlists/{watchlistId}
watchlists remove DELETE /watchlists/{watchlistId}/{epic}
"""


def test_the_operations_are_these_36(document: dict[str, Any]) -> None:
    expected = {
        (tag, f"{tag}_{method}", verb, f"/api/v1{path}")
        for tag, method, verb, path in (line.split() for line in METHODS.strip().splitlines())
    }
    actual = {
        (operation.node["tags"][0], operation.where, operation.method.upper(), operation.path)
        for operation in lint_spec.operations(document)
    }
    assert len(expected) == 36
    assert actual == expected


ENUMS = {
    "Direction": "BUY SELL",
    "OrderType": "LIMIT STOP",
    "TimeInForce": "GOOD_TILL_CANCELLED GOOD_TILL_DATE",
    "InstrumentType": (
        "COMMODITIES CURRENCIES INDICES SHARES CRYPTOCURRENCIES BINARY BUNGEE_CAPPED BUNGEE_COMMODITIES "
        "BUNGEE_CURRENCIES BUNGEE_INDICES OPT_COMMODITIES OPT_CURRENCIES OPT_INDICES OPT_RATES OPT_SHARES "
        "RATES SECTORS SPRINT_MARKET TEST_MARKET UNKNOWN"
    ),
    "MarketStatus": "TRADEABLE CLOSED EDITS_ONLY OFFLINE ON_AUCTION ON_AUCTION_NO_EDITS SUSPENDED",
    "MarketMode": (
        "REGULAR VIEW_ONLY LONG_ONLY CLOSED_FOR_CORPORATE_ACTION CLOSE_ONLY HOLIDAY UNKNOWN VIEW_AND_REQUEST"
    ),
    "DealStatus": "ACCEPTED REJECTED",
    "PositionStatus": "AMENDED CLOSED DELETED OPEN PARTIALLY_CLOSED",
    "AffectedDealStatus": "AMENDED DELETED FULLY_CLOSED OPENED PARTIALLY_CLOSED",
    "RejectReason": (
        "ACCOUNT_NOT_FOUND CLOSED_MARKET CLOSE_ONLY ENGINE_BUSY HEDGING_MODE_GSL INSTRUMENT_NOT_AVAILABLE "
        "INSTRUMENT_NOT_FOUND INVALID_ORDER INVALID_ORDER_QTY INVALID_PRICE LONG_ONLY OFF_MARKET "
        "ORDER_NOT_FOUND ORIGINAL_GSL_UPDATE POSITION_NOT_FOUND RC_INSTRUMENT_CLIENT_MOP "
        "RC_INSTRUMENT_GLOBAL_MOP RC_NOT_ENOUGH_MARGIN RC_NOT_FOUND RC_NO_RATES RC_SETTLEMENT RC_UNKNOWN "
        "REQUIRED_GSL RISK_CHECK THROTTLING UNKNOWN"
    ),
    "ActivitySource": "CLOSE_OUT DEALER SL SYSTEM TP USER",
    "ActivityStatus": (
        "ACCEPTED CREATED EXECUTED EXPIRED REJECTED MODIFIED MODIFY_REJECT CANCELLED CANCEL_REJECT UNKNOWN"
    ),
    "ActivityType": "POSITION WORKING_ORDER EDIT_STOP_AND_LIMIT SWAP SYSTEM",
    "TransactionType": (
        "INACTIVITY_FEE RESERVE VOID UNRESERVE WRITE_OFF_OR_CREDIT CREDIT_FACILITY FX_COMMISSION "
        "COMPLAINT_SETTLEMENT DEPOSIT WITHDRAWAL REFUND WITHDRAWAL_MONEY_BACK TRADE SWAP TRADE_COMMISSION "
        "TRADE_COMMISSION_GSL NEGATIVE_BALANCE_PROTECTION TRADE_CORRECTION CHARGEBACK ADJUSTMENT BONUS "
        "TRANSFER CORPORATE_ACTION CONVERSION REBATE TRADE_SLIPPAGE_PROTECTION CONVERT REIMBURSEMENT "
        "DIVIDEND ACCOUNT_CLOSURE"
    ),
    "Resolution": "MINUTE MINUTE_5 MINUTE_15 MINUTE_30 HOUR HOUR_4 DAY WEEK",
    "AccountType": "CFD PHYSICAL SPREADBET",
    "AccountStatus": "ENABLED DISABLED SUSPENDED_FROM_DEALING SUSPENDED BLOCKED",
    "DealingRuleUnit": "POINTS PERCENTAGE",
    "MarketOrderPreference": "AVAILABLE_DEFAULT_ON AVAILABLE_DEFAULT_OFF NOT_AVAILABLE",
    "TrailingStopsPreference": "NOT_AVAILABLE AVAILABLE",
    "WatchlistStatus": "SUCCESS SUCCESS_NOT_ALL_INSTRUMENTS_ADDED",
    "StreamStatus": "OK ERROR",
    "StreamDestination": (
        "marketData.subscribe marketData.unsubscribe OHLCMarketData.subscribe OHLCMarketData.unsubscribe "
        "ping quote ohlc.event"
    ),
    "CandleKind": "classic heikin-ashi",
    "PriceType": "bid ask",
}


@pytest.mark.parametrize("name", ENUMS)
def test_the_enums_have_every_known_value(document: dict[str, Any], name: str) -> None:
    assert set(document["components"]["schemas"][name]["enum"]) == set(ENUMS[name].split())


def test_no_enum_is_forgotten_here(document: dict[str, Any]) -> None:
    assert {name for name, schema in document["components"]["schemas"].items() if "enum" in schema} == set(ENUMS)


def test_every_component_is_used(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    frames = [{"$ref": f"#/components/schemas/{name}"} for name in schemas if name.startswith("Stream")]
    used = lint_spec.reachable(document, [document["paths"], *frames])
    assert set(schemas) == used


def test_components_for_requests_are_named_so(document: dict[str, Any]) -> None:
    """The templates cut dates to whole seconds in components whose name ends in Request."""
    for operation in lint_spec.operations(document):
        for place, media in lint_spec.contents(operation):
            if place.endswith(".body"):
                assert media["schema"]["$ref"].endswith("Request"), place


def test_secrets_are_hidden(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    hidden = {
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, inner in schema.get("properties", {}).items()
        if inner.get("format") == "password"
    }
    assert "LoginRequest.password" in hidden
    assert {"StreamPing.cst", "StreamPing.securityToken", "StreamError.cst"} <= hidden
