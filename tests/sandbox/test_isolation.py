"""Nobody is shown what is another's, and without good tokens nobody is shown anything: over all operations."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from capital_sandbox import Credentials, Limits, ManualClock, Request, Response, Sandbox
from capital_sandbox.api.routes import ROUTES, Needs, Route

PROTECTED = [route for route in ROUTES if route.needs is Needs.SESSION]
OTHER = Credentials("other-key", "other@example.com", "other-password")


def send(sandbox: Sandbox, method: str, path: str, headers: Mapping[str, str], body: object = None) -> Response:
    content = b"" if body is None else json.dumps(body).encode()
    return sandbox.handle(Request(method, f"/api/v1/{path}", "", headers, content))


class Person:
    """A customer with one of everything that can be owned."""

    def __init__(self, sandbox: Sandbox, credentials: Credentials, size: int) -> None:
        self.sandbox = sandbox
        body = {"identifier": credentials.identifier, "password": credentials.password}
        answer = send(sandbox, "POST", "session", {"x-cap-api-key": credentials.api_key}, body)
        names = {"cst": "CST", "x-security-token": "X-SECURITY-TOKEN"}
        self.tokens = {name: answer.headers[header] for name, header in names.items()}
        login = json.loads(answer.body)
        deal = {"epic": "SILVER", "direction": "BUY", "size": size}
        opened = self.ask("POST", "positions", deal)["dealReference"]
        placed = self.ask("POST", "workingorders", {**deal, "type": "LIMIT", "level": 20})["dealReference"]
        confirm = self.ask("GET", f"confirms/{opened}")
        self.watchlist = self.ask("POST", "watchlists", {"name": f"list {size}", "epics": ["GOLD"]})["watchlistId"]
        self.position = confirm["affectedDeals"][0]["dealId"]
        self.order = self.ask("GET", f"confirms/{placed}")["dealId"]
        self.reference = opened
        accounts = [account["accountId"] for account in login["accounts"]]
        self.secrets = [
            *self.tokens.values(), *accounts, login["clientId"], self.position, self.order, confirm["dealId"], opened,
            placed, f"list {size}",
        ]  # fmt: skip
        self.account = accounts[1]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = send(self.sandbox, method, path, self.tokens, body)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def everything(self) -> list[Any]:
        """All that is theirs."""
        paths = ("session", "accounts", "accounts/preferences", "positions", "workingorders", "watchlists")
        histories = ("history/activity", "history/transactions", f"watchlists/{self.watchlist}")
        return [self.ask("GET", path) for path in (*paths, *histories)]

    def fill(self, route: Route) -> tuple[str, object]:
        """The operation on what is this person's: the path and a body."""
        deal = self.order if route.path.startswith("workingorders") else self.position
        names = {"{dealId}": deal, "{dealReference}": self.reference, "{watchlistId}": self.watchlist}
        names |= {"{epic}": "GOLD", "{marketId}": "GOLD", "{nodeId}": "hierarchy_v1.commons.new"}
        path = "/".join(names.get(part, part) for part in route.path.split("/"))
        body = {
            "accountId": self.account, "amount": 100, "hedgingMode": True, "epic": "SILVER", "direction": "BUY",
            "size": 1, "level": 19, "type": "LIMIT", "name": "mine",
        }  # fmt: skip
        return path, body if route.method in ("POST", "PUT") else None


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    sandbox.add_customer(OTHER)
    return sandbox


@pytest.fixture
def owner(sandbox: Sandbox) -> Person:
    return Person(sandbox, sandbox.credentials, 7)


@pytest.fixture
def stranger(sandbox: Sandbox) -> Person:
    return Person(sandbox, OTHER, 3)


def test_all_but_three_operations_need_a_session() -> None:
    assert len(PROTECTED) == 33
    assert {route.path for route in ROUTES} - {route.path for route in PROTECTED} == {"time", "session/encryptionKey"}


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: f"{route.method} {route.path}")
def test_a_stranger_is_shown_and_changes_nothing(route: Route, owner: Person, stranger: Person) -> None:
    before = owner.everything()
    path, body = owner.fill(route)
    answer = send(owner.sandbox, route.method, path, stranger.tokens, body)
    told = answer.body.decode() + json.dumps(dict(answer.headers))
    assert not [secret for secret in owner.secrets if secret in told]
    if any(name in route.path for name in ("{dealId}", "{dealReference}", "{watchlistId}")):
        assert answer.status == 404
    if route.method == "PUT" and route.path == "session":
        assert (answer.status, answer.body) == (400, b'{"errorCode":"error.invalid.accountId"}')
    assert owner.everything() == before


def bad_tokens(owner: Person, stranger: Person) -> dict[str, dict[str, str]]:
    mine, theirs = owner.tokens, stranger.tokens
    return {
        "none": {},
        "only cst": {"cst": mine["cst"]},
        "only the other": {"x-security-token": mine["x-security-token"]},
        "empty": {"cst": "", "x-security-token": ""},
        "invented": {"cst": "a" * 24, "x-security-token": "b" * 40},
        "exchanged": {"cst": mine["x-security-token"], "x-security-token": mine["cst"]},
        "mine and theirs": {"cst": mine["cst"], "x-security-token": theirs["x-security-token"]},
        "theirs and mine": {"cst": theirs["cst"], "x-security-token": mine["x-security-token"]},
        "cut off": {"cst": mine["cst"], "x-security-token": mine["x-security-token"][:-1]},
        "only a key": {"x-cap-api-key": owner.sandbox.credentials.api_key},
    }


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: f"{route.method} {route.path}")
def test_a_bad_token_gets_nothing(route: Route, owner: Person, stranger: Person) -> None:
    before = owner.everything()
    path, body = owner.fill(route)
    for kind, tokens in bad_tokens(owner, stranger).items():
        answer = send(owner.sandbox, route.method, path, tokens, body)
        missing = not (tokens.get("cst") and tokens.get("x-security-token"))
        code = b"error.null.client.token" if missing else b"error.invalid.session.token"
        assert (answer.status, answer.body) == (400 if missing else 401, b'{"errorCode":"%s"}' % code), kind
        assert not {"CST", "X-SECURITY-TOKEN"} & answer.headers.keys()
    assert owner.everything() == before


@pytest.mark.parametrize("way", ["expired", "logged out", "switched"])
def test_tokens_that_were_good_once(way: str, owner: Person) -> None:
    sandbox, old = owner.sandbox, dict(owner.tokens)
    if way == "expired":
        assert isinstance(sandbox.clock, ManualClock)
        sandbox.clock.advance(600)
    elif way == "logged out":
        owner.ask("DELETE", "session")
    else:
        owner.ask("PUT", "session", {"accountId": owner.account})
    for route in PROTECTED:
        path, body = owner.fill(route)
        answer = send(sandbox, route.method, path, old, body)
        assert (answer.status, answer.body) == (401, b'{"errorCode":"error.invalid.session.token"}')
        assert not {"CST", "X-SECURITY-TOKEN"} & answer.headers.keys()


def test_a_confirm_of_another_account_of_the_same_customer(owner: Person) -> None:
    """What is another account's is not the active one's either, but its confirms can be read."""
    tokens = send(owner.sandbox, "PUT", "session", owner.tokens, {"accountId": owner.account}).headers
    owner.tokens["x-security-token"] = tokens["X-SECURITY-TOKEN"]
    assert owner.ask("GET", "positions") == {"positions": []}
    assert send(owner.sandbox, "DELETE", f"positions/{owner.position}", owner.tokens).status == 404
    assert owner.ask("GET", f"confirms/{owner.reference}")["dealStatus"] == "ACCEPTED"
