"""Bugs of other clients for this API, each as a test that ours must pass. The comment says whose bug it was."""

from __future__ import annotations

import ast
import asyncio
import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from capital_api import Api, Client, models
from capital_ext import (
    AsyncCapital,
    Capital,
    CapitalAuth,
    CapitalError,
    Credentials,
    Environment,
    LoginError,
    NotFoundError,
    NotSentError,
    Quota,
    ResponseParseError,
    Retries,
    TransportError,
    encrypt_password,
)
from capital_ext.waiting import Sleep
from capital_sandbox import Credentials as SandboxCredentials

from .kit import (
    Interceptor,
    a_sandbox,
    async_inside,
    inside,
    login_of,
    new_address,
    open_position,
    still,
    watched,
)

ROOT = Path(__file__).parents[2]
WRONG = {"errorCode": "error.invalid.details"}


# --- closing, updating: what is asked for is what is done


def test_closing_closes() -> None:
    """Seed, capitalcom, the vendor's MCP: DELETE /positions with a body closes nothing."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport) as capital:
        first, second = open_position(capital), open_position(capital, "GOLD")
        reference = capital.positions.close(first)
        assert [row.position.deal_id for row in capital.positions.all().positions] == [second]
        assert capital.confirms.get(reference.deal_reference).status == "CLOSED"
        [request] = transport.sent("DELETE")
        assert request.url.path == f"/api/v1/positions/{first}"
        assert request.content == b""
        with pytest.raises(NotFoundError, match=r"error\.not-found\.dealId"):
            capital.positions.get(first)


def test_an_order_is_updated_by_its_id() -> None:
    """Seed: update_the_order has no deal id and can never work."""
    with inside(a_sandbox()) as capital:
        level = round((capital.markets.get("SILVER").snapshot.bid or 0) * 0.9, 2)
        created = capital.orders.create(direction="BUY", epic="SILVER", size=1, level=level, type_="LIMIT")
        deal_id = capital.confirms.get(created.deal_reference).deal_id
        capital.orders.update(deal_id, level=level - 1)
        assert capital.orders.all().working_orders[0].working_order_data.order_level == pytest.approx(level - 1)
        with pytest.raises(NotFoundError):
            capital.orders.update("no-such-id", level=level)


def test_nothing_that_was_not_given_is_sent() -> None:
    """Seed: unset fields as null, flags always false; python-capital: leverages beside the hedging mode."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport) as capital:
        deal_id = open_position(capital)
        capital.positions.update(deal_id, profit_distance=3)
        assert json.loads(transport.sent("PUT", "/positions/")[0].content) == {"profitDistance": 3}
        assert json.loads(transport.sent("POST", "/positions")[0].content) == {
            "direction": "BUY",
            "epic": "SILVER",
            "size": 1,
        }
        before = capital.accounts.preferences().leverages.to_dict()
        capital.accounts.update_preferences(hedging_mode=True)
        assert json.loads(transport.sent("PUT", "/accounts/preferences")[0].content) == {"hedgingMode": True}
        assert capital.accounts.preferences().leverages.to_dict() == before
        assert b"null" not in b"".join(request.content for request in transport.requests)


def test_the_two_kinds_of_stop_are_not_mixed_up() -> None:
    """cefi: guaranteedStop is fed from the trailing flag."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport) as capital:
        deal_id = open_position(capital, trailing_stop=True, stop_distance=2)
        assert "guaranteedStop" not in json.loads(transport.sent("POST", "/positions")[0].content)
        position = capital.positions.get(deal_id).position
        assert position.trailing_stop is True
        assert position.guaranteed_stop is False


def test_a_level_of_zero_is_a_level() -> None:
    """cli: a truthiness test drops a stop level of 0.0."""
    transport = Interceptor(
        sandbox := a_sandbox(),
        lambda request: (
            httpx.Response(200, json={"dealReference": "o_1"}) if "/positions" in request.url.path else None
        ),
    )
    with inside(sandbox, transport=transport) as capital:
        capital.positions.open(direction="SELL", epic="GOLD", size=1, stop_level=0.0, guaranteed_stop=False)
    sent = json.loads(transport.sent("POST", "/positions")[0].content)
    assert sent["stopLevel"] == 0.0
    assert sent["guaranteedStop"] is False
    assert isinstance(sent["size"], int)  # python-capital sends it as text


def test_only_documented_fields_are_sent() -> None:
    """capitalcom: expiry, orderType and forceOpen come from another broker's API."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport) as capital:
        open_position(capital, stop_distance=2, profit_amount=5, trailing_stop=True)
    sent = json.loads(transport.sent("POST", "/positions")[0].content)
    assert set(sent) == {"direction", "epic", "size", "stopDistance", "profitAmount", "trailingStop"}


# --- errors are errors


def test_a_refused_login_is_an_exception_that_says_what_to_do() -> None:
    """Seed: a print, then AttributeError at the first call."""
    sandbox = a_sandbox()
    me = Credentials(sandbox.credentials.api_key, sandbox.credentials.identifier, "not the password")
    with Capital(
        me, base_url=new_address(), quota=Quota.off(), transport=sandbox.transport(), world=still()
    ) as capital:
        with pytest.raises(LoginError, match="custom password") as caught:
            capital.positions.all()
        assert (caught.value.status_code, caught.value.error_code) == (401, "error.invalid.details")
        assert capital.general.time().server_time > 0  # the object is whole
        # Told to later callers as well, without asking the server again.
        logins = len(sandbox.requests.matching("POST", "/api/v1/session"))
        with pytest.raises(LoginError, match="custom password"):
            capital.positions.open(direction="BUY", epic="GOLD", size=1)
        assert len(sandbox.requests.matching("POST", "/api/v1/session")) == logins == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503, 520])
def test_an_error_is_never_data(status: int) -> None:
    """Seed, vendor's MCP, stock generated client: {"errorCode": …} comes back as if it were the answer."""
    answer = httpx.Response(status, json={"errorCode": "error.some.thing"})
    transport = Interceptor(
        sandbox := a_sandbox(), lambda request: answer if "/positions" in request.url.path else None
    )
    with inside(sandbox, transport=transport) as capital:
        with pytest.raises(CapitalError):
            capital.positions.all()
        with pytest.raises(CapitalError):
            capital.positions.close("1")


def test_a_confirmation_that_is_not_there_yet() -> None:
    """python-capital, cli: a 404 of /confirms loses the order that was opened."""
    sandbox = a_sandbox()
    with inside(sandbox) as capital:
        with pytest.raises(NotFoundError) as caught:
            capital.confirms.get("o_not-there-yet")
        assert caught.value.error_code == "error.not-found.dealReference"
        assert caught.value.status_code == 404
        assert "Not confirmed yet" in str(caught.value)
        # Asking does not disturb the order itself: it was placed once, and its own reference can still be read.
        reference = capital.positions.open(direction="BUY", epic="GOLD", size=1).deal_reference
        assert capital.confirms.get(reference).deal_status == "ACCEPTED"
        assert len(sandbox.requests.matching("POST", "/api/v1/positions")) == 1


def test_a_rejected_deal_is_told_from_an_unresolved_one() -> None:
    """capitalcom: a rejection has no affected deals and is reported as "not resolved"."""
    with inside(a_sandbox()) as capital:
        reference = capital.positions.open(direction="BUY", epic="US100", size=100)
        confirmation = capital.confirms.get(reference.deal_reference)
        assert confirmation.deal_status == "REJECTED"
        assert confirmation.reject_reason == "RC_NOT_ENOUGH_MARGIN"
        assert confirmation.affected_deals == []
        assert capital.positions.all().positions == []


def test_one_failed_call_breaks_nothing() -> None:
    """python-capital: after one exception every later call dies."""
    broken = [
        httpx.Response(404, json={"errorCode": "error.not-found.epic"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(500, content=b""),
    ]

    def instead(request: httpx.Request) -> httpx.Response | None:
        return broken[0] if request.url.path.endswith("/BROKEN") else None

    sandbox = a_sandbox()
    transport = Interceptor(sandbox, instead)
    with inside(sandbox, transport=transport) as capital:
        while broken:
            with pytest.raises(CapitalError):
                capital.markets.get("BROKEN")
            assert capital.markets.get("GOLD").instrument.epic == "GOLD"
            broken.pop(0)
        assert len(transport.sent("POST", "/session")) == 1


def test_an_unusual_status_is_no_crash() -> None:
    """Stock generated client: HTTPStatus(520) is a ValueError."""
    transport = Interceptor(
        sandbox := a_sandbox(),
        lambda request: httpx.Response(520, content=b"origin error") if "markets" in request.url.path else None,
    )
    with inside(sandbox, transport=transport) as capital, pytest.raises(CapitalError, match="520"):
        capital.markets.get("GOLD")


def test_one_odd_market_costs_only_itself() -> None:
    """Stock generated client: one unknown enum value or null among 3,000 markets loses them all."""
    with inside(a_sandbox()) as capital:
        good = capital.markets.search(epics="GOLD").to_dict()["marketDetails"][0]
    odd = json.loads(json.dumps(good))
    odd["instrument"] |= {"type": "CRYTOCURRENCIES", "country": None, "overnightFee": None}
    odd["snapshot"] |= {"marketStatus": "ASLEEP", "bid": None, "updateTime": None, "marketModes": None}
    body = {"marketDetails": [good] * 500 + [odd] + [good] * 500}
    transport = Interceptor(
        sandbox := a_sandbox(),
        lambda request: httpx.Response(200, json=body) if "markets" in request.url.path else None,
    )
    with inside(sandbox, transport=transport) as capital:
        found = capital.markets.search(epics="GOLD").market_details or []
    assert len(found) == 1001  # and nothing is cut at 50 rows, as the cli does
    assert found[500].snapshot.market_status == "ASLEEP"
    assert found[500].to_dict() == odd
    assert found[1000].instrument.epic == "GOLD"


# --- the network


def test_many_calls_share_one_connection() -> None:
    """Seed, python-capital, PyneCore: a new TCP connection for each call."""
    sandbox = a_sandbox()
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()) as capital,
    ):
        for _ in range(25):
            capital.general.ping()
            capital.markets.get("GOLD")
        assert server.connections == 1
        assert len(server.exchanges) == 52  # python-capital: a login and a logout around each call


def test_many_awaited_calls_share_one_connection() -> None:
    sandbox = a_sandbox()

    async def main(url: str) -> None:
        async with AsyncCapital(login_of(sandbox), base_url=url, quota=Quota.off()) as capital:
            for _ in range(25):
                await capital.general.ping()
                await capital.markets.get("GOLD")

    with watched(sandbox.handle) as server:
        asyncio.run(main(server.url))
        assert server.connections == 1
        assert len(server.exchanges) == 52


def test_every_phase_has_a_timeout() -> None:
    """Seed, capitalcom, stock generated client: a silent server blocks for good."""
    with inside(a_sandbox()) as capital:
        assert all(capital.client.get_httpx_client().timeout.as_dict().values())
    with inside(a_sandbox(), timeout=3) as capital:
        assert capital.client.get_httpx_client().timeout == httpx.Timeout(3)
    client = async_inside(a_sandbox())
    assert all(client.client.get_async_httpx_client().timeout.as_dict().values())
    asyncio.run(client.aclose())


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        once = Retries(attempts=1)
        with Capital(
            Credentials("k", "i", "p"), base_url=url, quota=Quota.off(), timeout=0.05, retries=once
        ) as capital:
            with pytest.raises(TransportError):
                capital.general.time()
            with pytest.raises(LoginError) as caught:
                capital.positions.open(direction="BUY", epic="GOLD", size=1)
            assert caught.value.executed is False


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with (
        Capital(Credentials("k", "i", "p"), base_url=url, quota=Quota.off(), world=still()) as capital,
        pytest.raises(NotSentError),
    ):
        capital.positions.all()


# --- names on the wire


def test_the_history_is_asked_with_the_right_names() -> None:
    """Seed: `f=` for `from=`; seed and cli: lastPeriod beside a range; vendor's MCP: limit for max."""
    from datetime import timedelta

    transport = Interceptor(sandbox := a_sandbox())
    now = sandbox.clock.now()
    with inside(sandbox, transport=transport) as capital:
        capital.history.activity(from_=now - timedelta(hours=1), to=now)
        capital.history.transactions(from_=now - timedelta(hours=1))
        assert len(capital.prices.history("SILVER", max_=17).prices) == 17
        assert len(capital.markets.category("hierarchy_v1.commodities_group", limit=2).markets or []) <= 2
    queries = [dict(request.url.params) for request in transport.sent("GET") if request.url.query]
    assert [sorted(query) for query in queries] == [["from", "to"], ["from"], ["max"], ["limit"]]


def test_a_candle_has_both_sides() -> None:
    """Vendor's MCP: reads bid and ask of a candle, which has none of its own, so a margin is always 0."""
    with inside(a_sandbox()) as capital:
        candle = capital.prices.history("SILVER").prices[-1]
        assert 0 < candle.close_price.bid < candle.close_price.ask
        assert not hasattr(candle, "bid")


def test_sentiment_can_name_a_market() -> None:
    """Seed: client_sentiment() cannot."""
    with inside(a_sandbox()) as capital:
        found = capital.sentiment.all(market_ids=["GOLD", "SILVER"]).client_sentiments
        assert [row.market_id for row in found] == ["GOLD", "SILVER"]


def test_search_text_is_escaped() -> None:
    """python-capital: market_details("S&P 500") searches for "S"."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport) as capital:
        capital.markets.search(search_term="S&P 500")
    assert dict(transport.requests[-1].url.params) == {"searchTerm": "S&P 500"}


@pytest.mark.parametrize("slashes", ["", "/", "//", "/api/v1", "/api/v1/"])
def test_the_address_never_doubles_a_slash(slashes: str) -> None:
    """python-capital: the demo address has a double slash."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport, base_url=new_address() + slashes) as capital:
        assert capital.general.ping().status == "OK"
    assert {request.url.path for request in transport.requests} == {
        "/api/v1/session/encryptionKey",
        "/api/v1/session",
        "/api/v1/ping",
    }


# --- the session


def test_a_password_outside_ascii_logs_in() -> None:
    """PyneCore: .encode('ascii')."""
    sandbox = a_sandbox(SandboxCredentials("key-1", "jürgen@example.com", "pä$$wörd|€ 😀"))
    with (
        watched(sandbox.handle) as server,
        Capital(login_of(sandbox), base_url=server.url, quota=Quota.off()) as capital,
    ):
        assert capital.general.ping().status == "OK"
    plain = a_sandbox(SandboxCredentials("key-2", "jürgen@example.com", "pä$$wörd|€ 😀"))
    auth = CapitalAuth(login_of(plain), base_url="https://plain.example.test", encrypt_password=False)
    with httpx.Client(auth=auth, transport=plain.transport(), base_url="https://plain.example.test") as http:
        assert http.get("/api/v1/ping").json() == {"status": "OK"}


def test_what_is_encrypted_is_base64_of_password_and_time() -> None:
    """python-capital: without the inner base64."""
    private = generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = encrypt_password("pä|ss", base64.b64encode(public).decode(), 1773325338473)
    assert private.decrypt(base64.b64decode(text), PKCS1v15()) == base64.b64encode("pä|ss|1773325338473".encode())


def test_switching_the_account_counts_for_what_follows() -> None:
    """Seed: the new token is ignored; python-capital: a switch is logged out again at once."""
    transport = Interceptor(sandbox := a_sandbox())
    with inside(sandbox, transport=transport) as capital:
        first, second = capital.accounts.all().accounts
        old = transport.requests[-1].headers["X-SECURITY-TOKEN"]
        assert capital.session.get().account_id == first.account_id
        capital.session.switch(account_id=second.account_id)
        assert capital.session.get().account_id == second.account_id
        assert transport.requests[-1].headers["X-SECURITY-TOKEN"] != old
        open_position(capital)
        assert len(capital.positions.all().positions) == 1
        capital.session.switch(account_id=first.account_id)
        assert capital.positions.all().positions == []
        assert len(transport.sent("POST", "/session")) == 1  # cli: a switch causes a new login


def test_a_new_login_returns_to_the_chosen_account_before_anything_else() -> None:
    """cli, vendor's MCP: after a new login orders go to the preferred account."""
    transport = Interceptor(sandbox := a_sandbox())
    moments = iter(range(0, 1_000_000, 60))
    auth = CapitalAuth(
        login_of(sandbox),
        base_url="https://account.example.test",
        quota=Quota.off(),
        clock=lambda: float(next(moments)),
        sleep=Sleep(sync=lambda _: None),
    )
    with httpx.Client(auth=auth, transport=transport, base_url="https://account.example.test") as http:
        api = Api(Client(base_url="https://account.example.test").set_httpx_client(http))
        other = api.accounts.all().accounts[1].account_id
        api.session.switch(account_id=other)
        sandbox.expire_sessions()
        transport.requests.clear()
        api.positions.open(direction="BUY", epic="GOLD", size=1)
        assert api.session.get().account_id == other
        assert len(api.positions.all().positions) == 1
        steps = [(request.method, request.url.path.removeprefix("/api/v1")) for request in transport.requests]
        assert steps[0] == ("POST", "/positions")  # refused: the session was dead
        assert steps[1:5] == [
            ("GET", "/session/encryptionKey"),
            ("POST", "/session"),
            ("PUT", "/session"),
            ("POST", "/positions"),
        ]


def test_the_balance_is_that_of_the_account_it_belongs_to() -> None:
    """PyneCore: of the preferred one; capitalcom: `available` is always None."""
    with inside(a_sandbox()) as capital:
        first, second = capital.accounts.all().accounts
        assert (first.currency, second.currency) == ("USD", "EUR")
        assert first.balance.available == first.balance.deposit == 10_000
        assert second.balance.available == second.balance.deposit == 5_000
        assert (first.preferred, second.preferred) == (True, False)


def test_an_unknown_account_is_an_error() -> None:
    """capitalcom: silently the first account."""
    with inside(a_sandbox()) as capital:
        with pytest.raises(CapitalError, match=r"error\.invalid\.accountId"):
            capital.session.switch(account_id="1")
        assert capital.auth.account_id is None
    with inside(a_sandbox(), account_id="1") as capital, pytest.raises(LoginError, match="account 1"):
        capital.positions.open(direction="BUY", epic="GOLD", size=1)


# --- nothing is shared behind the back


def test_two_clients_stay_apart() -> None:
    """cli: after a second one is made, the first talks to the second's host with the second's key."""
    one, two = (
        a_sandbox(SandboxCredentials("key-one", "one@x.test", "1")),
        a_sandbox(SandboxCredentials("key-two", "two@x.test", "2")),
    )
    with watched(one.handle) as left, watched(two.handle) as right:
        with Capital(login_of(one), base_url=left.url) as first, Capital(login_of(two), base_url=right.url) as second:
            open_position(first)
            open_position(second, "GOLD")
            open_position(second, "US100", size=0.1)
            assert [row.market.epic for row in first.positions.all().positions] == ["SILVER"]
            assert len(second.positions.all().positions) == 2
            second.session.switch(account_id=second.accounts.all().accounts[1].account_id)
            assert first.auth.account_id is None
            assert first.positions.all().positions != []
        assert not left.secrets() & right.secrets()
        for server, key in ((left, "key-one"), (right, "key-two")):
            keys = {
                exchange.headers["x-cap-api-key"]
                for exchange in server.exchanges
                if "x-cap-api-key" in exchange.headers
            }
            assert keys == {key}


def test_many_threads_share_one_login() -> None:
    """cli: eight calls on a dead session log in eight times."""
    sandbox = a_sandbox()
    with inside(sandbox) as capital:
        threads = [threading.Thread(target=capital.general.ping) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(sandbox.requests.matching("POST", "/api/v1/session")) == 1
        assert len(sandbox.requests.matching("GET", "/api/v1/ping")) == 16


def test_demo_is_the_default_and_live_is_said() -> None:
    """Seed: always demo by accident; python-capital, PyneCore: live by default."""
    me = Credentials("k", "i", "p")
    for client in (Capital(me), Capital(me, environment=Environment.DEMO)):
        assert client.base_url == "https://demo-api-capital.backend-capital.com"
        client.close()
    with Capital(me, environment=Environment.LIVE) as live:
        assert live.base_url == "https://api-capital.backend-capital.com"


@pytest.mark.parametrize(
    "address",
    [
        "https://api-capital.backend-capital.com",
        "https://api-capital.backend-capital.com/api/v1",
        "https://API-Capital.Backend-Capital.COM",
        "https://api-capital.backend-capital.com:443",
        "http://api-capital.backend-capital.com:8080",
        "https://api-capital.backend-capital.com.",
    ],
)
def test_the_live_address_alone_is_not_enough(address: str) -> None:
    with pytest.raises(CapitalError, match=r"Environment\.LIVE"):
        Capital(Credentials("k", "i", "p"), base_url=address).close()


def test_no_environment_variable_switches_to_live(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CAPITAL_API_KEY", "CAPITAL_IDENTIFIER", "CAPITAL_PASSWORD"):
        monkeypatch.setenv(name, "x")
    for name in ("CAPITAL_ENVIRONMENT", "CAPITAL_ENV", "CAPITAL_LIVE", "CAPITAL_BASE_URL", "CAPITAL_DEMO"):
        monkeypatch.setenv(name, "live")
    with Capital() as capital:
        assert "demo" in capital.base_url


def test_a_client_leaves_the_process_as_it_was() -> None:
    """Vendor's MCP: tokens into os.environ, one more log handler for each client."""
    import logging

    def handlers() -> list[int]:
        loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
        return [len(logger.handlers) for logger in loggers if "concurrent" not in logger.name]

    with inside(a_sandbox()) as capital:
        capital.general.ping()
    environment, before = dict(os.environ), (handlers(), len(logging.getLogger("httpcore.http11").filters))
    for _ in range(3):
        with inside(a_sandbox()) as capital:
            capital.general.ping()
    assert dict(os.environ) == environment
    assert (handlers(), len(logging.getLogger("httpcore.http11").filters)) == before


def test_a_client_can_be_entered_again() -> None:
    """Stock generated client: its __enter__ works once."""
    with inside(a_sandbox()) as capital:
        with capital as same:
            assert same is capital
        with pytest.raises(NotSentError, match="closed"):
            capital.general.ping()
        capital.close()


# --- importing


def in_a_new_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")])},
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_importing_configures_no_logging() -> None:
    """capitalcom: logging.basicConfig(INFO) at import."""
    code = """
import logging
import capital_ext, capital_api, capital_sandbox
capital_ext.Capital(capital_ext.Credentials("k", "i", "p")).close()
ours = [name for name in logging.root.manager.loggerDict if name.startswith("capital")]
loggers = [logging.root, *map(logging.getLogger, ours)]
levels = {logger.level for logger in loggers[1:]}
print(logging.root.level == logging.WARNING, [logger.handlers for logger in loggers], levels)
"""
    assert re.fullmatch(r"True \[\[\](, \[\])*\] \{0\}", in_a_new_process(code))


def test_a_star_import_brings_only_what_is_promised() -> None:
    """capitalcom: publishes requests, time, logging and random."""
    code = """
before = set(globals()) | {"before"}
from capital_ext import *
import capital_ext
print(set(globals()) - before - {"capital_ext"} == set(capital_ext.__all__))
"""
    assert in_a_new_process(code) == "True"


def test_importing_is_light_and_needs_no_extra() -> None:
    code = """
import sys
import capital_ext
print(*sorted({"cryptography", "starlette", "uvicorn", "capital_sandbox"} & set(sys.modules)))
"""
    assert in_a_new_process(code) == ""


def test_every_import_is_declared() -> None:
    """Vendor's MCP: dotenv and mcp undeclared, so the server does not start; seed: files that cannot be imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = {"attrs": "attr attrs", "python-dateutil": "dateutil", "pyrate-limiter": "pyrate_limiter"}
    declared = [re.split(r"[^\w-]", line)[0] for line in project["dependencies"]]
    allowed = {module for name in declared for module in packages.get(name, name).split()}
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "dev" for line in lines]
    extra = {re.split(r"[^\w-]", line)[0] for line in extras}
    ours = {"capital_ext", "capital_api"}
    for folder, more in (
        ("capital_ext", {"capital_sandbox"}),
        ("generated/capital_api", set[str]()),
        ("capital_sandbox", {*extra, "capital_sandbox"}),
    ):
        for file in (ROOT / folder).rglob("*.py"):
            inside_pytest = {"pytest"} if file.name == "pytest_plugin.py" else set[str]()
            # A stream is opened only after require_websockets has seen that the library is there.
            inside_a_stream = {"websockets"} if file.name == "sockets.py" else set[str]()
            foreign = imports_of(file) - set(sys.stdlib_module_names) - allowed - ours - more
            foreign -= inside_pytest | inside_a_stream
            assert not foreign, file
    assert {"httpx", "attrs"} <= allowed


def imports_of(file: Path) -> set[str]:
    """What a file imports and cannot do without: an import that may fail, and says so, is no dependency."""
    found: set[str] = set()
    tree = ast.parse(file.read_text())
    tried: list[ast.Try | ast.With | ast.If] = [
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.Try) and "ImportError" in ast.dump(node))
        or (isinstance(node, ast.With) and extras_of(node))
        or (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
    ]
    optional = {id(inner) for node in tried for step in node.body for inner in ast.walk(step)}
    for node in ast.walk(tree):
        if id(node) in optional:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def extras_of(tree: ast.AST) -> set[tuple[str, str]]:
    """Library and extra of every ``with extra("library", "name"):``."""
    return {
        (str(ast.literal_eval(call.args[0])), str(ast.literal_eval(call.args[1])))
        for block in ast.walk(tree)
        if isinstance(block, ast.With)
        for call in (item.context_expr for item in block.items)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "extra"
    }


def test_every_extra_that_an_error_names_brings_its_library() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    asked = {pair for file in (ROOT / "capital_ext").rglob("*.py") for pair in extras_of(ast.parse(file.read_text()))}
    assert {name for _, name in asked} == {"pandas", "polars", "arrow", "progress", "stream"}
    for library, name in asked:
        assert library in {re.split(r"[^\w-]", line)[0] for line in declared[name]}, name


def test_the_names_do_not_clash_with_the_other_packages() -> None:
    """Seed and capitalcom install the same module over each other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = {Path(path).name for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert names == {"capital_ext", "capital_api", "capital_sandbox"}
    assert not names & {"capitalcom", "capital", "capital_mcp_server", "capital_client"}


def test_a_closed_loop_of_answers_is_typed() -> None:
    """Seed: everything is a dict, and a string where a call went wrong; python-capital: sometimes a tuple."""
    with inside(a_sandbox()) as capital:
        answers: list[Any] = [capital.positions.all(), capital.markets.get("GOLD"), capital.general.ping()]
        assert [type(answer) for answer in answers] == [models.PositionList, models.MarketDetails, models.StatusResult]


def test_an_unreadable_success_of_an_order_says_that_it_happened() -> None:
    """capitalcom, cli: the order is open, the caller gets a bare exception and tries again."""
    transport = Interceptor(
        sandbox := a_sandbox(),
        lambda request: (
            httpx.Response(200, content=b"<html>")
            if request.method == "POST" and "/positions" in request.url.path
            else None
        ),
    )
    with inside(sandbox, transport=transport) as capital:
        with pytest.raises(ResponseParseError, match="do not send it again") as caught:
            capital.positions.open(direction="BUY", epic="GOLD", size=1)
        assert caught.value.executed is True
        assert caught.value.content == b"<html>"
        assert len(transport.sent("POST", "/positions")) == 1
