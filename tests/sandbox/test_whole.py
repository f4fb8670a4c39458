"""The sandbox as a whole: invariants over random lives, bad input, real HTTP, concurrency."""

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import httpx
import pytest

from capital_sandbox import Limits, ManualClock, Request, Sandbox
from capital_sandbox.newest import MOST_ROWS

from .conftest import Api, spec


def check_books(api: Api) -> None:
    """What must hold after anything at all."""
    world = api.sandbox.world
    for account in world.customers[api.sandbox.credentials.api_key].accounts.values():
        ledger = account.ledger
        assert sum((row.amount for row in ledger.transactions), ledger.carried) == ledger.deposit
        references = [row.reference for row in ledger.transactions]
        assert len(set(references)) == len(references)
        assert not account.positions.keys() & account.orders.keys()
    [usd, _] = api.ok(api.get("accounts"))["accounts"]
    figures = {name: Decimal(str(value)) for name, value in usd["balance"].items()}
    assert figures["balance"] == figures["deposit"] + figures["profitLoss"]
    open_now = api.ok(api.get("positions"))["positions"]
    total = sum(Decimal(str(row["position"]["upl"])) for row in open_now)
    assert abs(total - figures["profitLoss"]) <= Decimal("0.01")
    assert figures["available"] <= figures["balance"]


@pytest.mark.parametrize("seed", range(5))
def test_books_stay_right_over_random_lives(seed: int) -> None:
    random = Random(seed)
    api = Api(Sandbox(seed=seed, clock=ManualClock(), limits=Limits.off()))
    api.login()
    opened: set[str] = set()
    sizes = {"SILVER": 10, "GOLD": 0.5, "BTCUSD": 0.01, "EURUSD": 5000, "DE40": 0.05, "USDJPY": 1000}
    for _ in range(120):
        epic = random.choice(list(sizes))
        direction = random.choice(["BUY", "SELL"])
        deals = [row["position"]["dealId"] for row in api.ok(api.get("positions"))["positions"]]
        orders = [row["workingOrderData"]["dealId"] for row in api.ok(api.get("workingorders"))["workingOrders"]]
        opened |= set(deals)
        distance = api.market(epic)["bid"] * random.uniform(0.001, 0.02)
        match random.randrange(9):
            case 0 | 1 | 2:
                stops: dict[str, Any] = {"stopDistance": distance, "trailingStop": random.random() < 0.5}
                extra = stops if random.random() < 0.5 else {}
                api.post(
                    "positions",
                    epic=epic,
                    direction=direction,
                    size=sizes[epic] * random.choice([1, 2]),
                    **extra,
                )
            case 3 if deals:
                api.delete(f"positions/{random.choice(deals)}")
            case 4 if deals:
                api.put(f"positions/{random.choice(deals)}", stopDistance=distance, profitDistance=distance)
            case 5:
                kind = random.choice(["LIMIT", "STOP"])
                below = (kind == "LIMIT") is (direction == "BUY")
                level = api.market(epic)["bid"] + (-distance if below else distance)
                api.post("workingorders", epic=epic, direction=direction, size=sizes[epic], level=level, type=kind)
            case 6 if orders:
                api.delete(f"workingorders/{random.choice(orders)}")
            case 7:
                api.put("accounts/preferences", hedgingMode=random.random() < 0.3)
            case _:
                api.wait(random.choice([5, 300, 7200, 40_000]))
        check_books(api)
    # No deal is lost: each that was ever seen open is still open or has its closing trade.
    trades = {row.deal_id for row in api.sandbox.world.customers["sandbox-api-key"].preferred.ledger.transactions}
    still = {row["position"]["dealId"] for row in api.ok(api.get("positions"))["positions"]}
    assert opened <= trades | still


def test_books_stay_right_when_rows_are_forgotten(api: Api) -> None:
    ledger = api.sandbox.world.customers["sandbox-api-key"].preferred.ledger
    for at in range(MOST_ROWS + 50):
        ledger.book(at, "ADJUSTMENT", "One more", Decimal(at % 7))
    assert len(ledger.transactions) == MOST_ROWS
    check_books(api)


def test_every_operation_of_the_spec_has_a_route() -> None:
    from capital_sandbox.api.routes import ROUTES

    routed = {(route.method, f"/api/v1/{route.path}") for route in ROUTES}
    specified = {
        (method.upper(), path)
        for path, operations in spec()["paths"].items()
        for method in operations
        if method in ("get", "put", "post", "delete")
    }
    assert routed == specified
    assert len(routed) == 36


BODIES = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"size": NaN}',
    b'{"size": 1e999999999}',
    b'{"size": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"epic": {}, "name": [], "amount": "1", "accountId": 5, "leverages": [1], "epics": "GOLD"}',
    b'{"epic": "SILVER", "direction": "BUY", "size": 1, "level": -1, "type": "LIMIT"}',
    b'{"epic": "SILVER", "direction": "BUY", "size": 1, "stopAmount": 1e12, "profitAmount": 1e-12}',
]


def test_no_input_breaks_it(api: Api) -> None:
    """Every operation, with every odd body and query, answers without a 5xx."""
    queries = ["", "max=%00&from=&to=&limit=x&lastPeriod=-1&epics=,&searchTerm=%ff&filter=%3B%3B", "max=٣"]
    tokens = dict(api.http.headers)
    for path, operations in spec()["paths"].items():
        for value in ("%2F", "%00", "..", "%ff", "GOLD"):
            filled = "/".join(value if part.startswith("{") else part for part in path.split("/"))
            for method in operations:
                if (method, path) == ("delete", "/api/v1/session"):
                    continue
                for body, query in [(body, "") for body in BODIES] + [(b"", query) for query in queries]:
                    headers = tokens | {"x-cap-api-key": api.sandbox.credentials.api_key}
                    response = api.sandbox.handle(Request(method.upper(), filled, query, headers, body))
                    assert response.status < 500
    assert api.sandbox.handle(Request("GET", "/")).status == 404
    assert api.sandbox.handle(Request("PATCH", "/api/v1/session")).body == b'{"errorCode":"error.not-found"}'


def test_over_real_http() -> None:
    before = set(threading.enumerate())  # another module's server may be running
    sandbox = Sandbox(clock=ManualClock())
    with sandbox.serve() as server:
        assert server.url.startswith("http://127.0.0.1:")
        credentials = sandbox.credentials
        with httpx.Client(base_url=server.url) as http:
            login = http.post(
                "/api/v1/session",
                json={"identifier": credentials.identifier, "password": credentials.password},
                headers={"X-CAP-API-KEY": credentials.api_key},
            )
            assert login.status_code == 200
            assert login.json()["streamingHost"] == server.url.replace("http", "ws") + "/"
            tokens = {name: login.headers[name] for name in ("CST", "X-SECURITY-TOKEN")}
            assert http.get("/api/v1/markets/BRK.B", headers=tokens).json()["instrument"]["epic"] == "BRK.B"
            assert http.request("PURGE", "/x%0Ay").json() == {"errorCode": "error.not-found"}
            assert http.get("/api/v1/markets/A%2FB", headers=tokens).json()["errorCode"] == "error.not-found.epic"
        url = server.url
    assert not set(threading.enumerate()) - before
    with pytest.raises(httpx.ConnectError):
        httpx.get(url + "/api/v1/time")


def test_every_answer_has_the_date_of_the_sandbox() -> None:
    sandbox = Sandbox(clock=ManualClock(datetime(2031, 3, 9, 7, 5, 4, 999_000, tzinfo=UTC)))
    date = "Sun, 09 Mar 2031 07:05:04 GMT"
    paths = ["/api/v1/time", "/api/v1/ping", "/api/v1/session", "/no/such/path"]
    with sandbox.serve() as server, httpx.Client(base_url=server.url) as socket:
        memory = httpx.Client(transport=sandbox.transport(), base_url="http://sandbox")
        answers = [http.get(path) for http in (socket, memory) for path in paths]
        answers += [socket.get(path) for path in ("/", "/docs", "/_sandbox/state", "/_sandbox/nope")]
        sandbox.faults.server_error("html")
        answers += [http.get("/api/v1/time") for http in (socket, memory)]
        assert {answer.status_code for answer in answers} >= {200, 400, 404, 502}
        for answer in answers:
            assert answer.headers.get_list("Date") == [date], answer.request.url
        sandbox.faults.clear()
        sandbox.clock.advance(0.001)
        assert {http.get(paths[0]).headers["Date"] for http in (socket, memory)} == {date.replace("04 GMT", "05 GMT")}


def test_threads_share_it() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with sandbox.serve() as server:
        api = Api(sandbox)
        api.login()
        tokens = {name: api.http.headers[name] for name in ("CST", "X-SECURITY-TOKEN")}
        order = {"epic": "EURUSD", "direction": "BUY", "size": 100}

        def work() -> None:
            with httpx.Client(base_url=server.url, headers=tokens) as http:
                for _ in range(5):
                    assert http.post("/api/v1/positions", json=order).status_code == 200

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(api.ok(api.get("positions"))["positions"]) == 40
        assert len(sandbox.requests.matching("POST", "/api/v1/positions")) == 40


def test_in_process_and_async(sandbox: Sandbox) -> None:
    async def ask(transport: httpx.AsyncBaseTransport) -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            return int((await http.get("/api/v1/time")).json()["serverTime"])

    assert asyncio.run(ask(sandbox.transport())) == 1781100000000
    assert asyncio.run(ask(httpx.ASGITransport(sandbox.app()))) == 1781100000000


def test_importing_it_is_light() -> None:
    code = "import capital_sandbox, sys; print(*({'starlette', 'uvicorn', 'httpx', 'cryptography'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_command_line() -> None:
    options = ["--port", "0", "--start", "2026-06-10T14:00", "--speed", "60"]
    command = [sys.executable, "-m", "capital_sandbox", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert "this machine only" in first
            url = first.split()[3]
            assert httpx.get(f"{url}/api/v1/time").json()["serverTime"] >= 1781100000000
        finally:
            process.terminate()


def test_the_log_is_bounded() -> None:
    sandbox = Sandbox(clock=ManualClock(), log_size=10)
    for _ in range(30):
        sandbox.handle(Request("GET", "/api/v1/time"))
    assert len(sandbox.requests) == 10
