"""Which account is active, and working on another for a while: whatever happens, no order goes astray."""

from __future__ import annotations

import asyncio
import gc
import logging
import warnings
from typing import Any

import httpx
import pytest

from capital_ext.auth import CapitalAuth
from capital_ext.errors import CapitalError, InvalidInputError, LoginError, OutcomeUnknownError
from capital_sandbox import Sandbox
from capital_sandbox.messages import Request
from tests.auth.world import Server, client, refused, session
from tests.markets.clients import Side, side_on

SWITCH = ("PUT", "/session")


def ids(sandbox: Sandbox) -> dict[str, str]:
    return {account.currency: account.account_id for account in sandbox.state.customers[0].accounts}


def on(side: Side) -> str:
    """The currency of the account that the server says is active."""
    return str(side.do(lambda capital: capital.session.get()).currency)


# --- which one --------------------------------------------------------------------------------------------------------


def test_the_login_tells_which_account_is_active(side: Side) -> None:
    assert side.capital.account is None
    side.do(lambda capital: capital.ping())
    assert side.capital.account == ids(side.sandbox)["USD"]
    assert side.calls() == ["GET /ping"]
    euros = ids(side.sandbox)["EUR"]
    side.do(lambda capital: capital.session.switch(account_id=euros))
    assert side.capital.account == euros
    side.sandbox.expire_sessions()
    assert side.capital.account == euros
    assert on(side) == "EUR"  # and so it is after a new login


def test_a_chosen_account_is_told_once_a_login_is_on_it() -> None:
    server, auth = Server(), session(account_id="second")
    with client(auth, server) as http:
        assert auth.active_account_id is None
        http.get("/api/v1/positions")
    assert auth.active_account_id == "second"


@pytest.mark.parametrize("body", ["{}", "[]", "no json", '{"currentAccountId": 7}', '{"currentAccountId": null}'])
def test_a_login_that_does_not_tell(body: str) -> None:
    server, auth = Server(), session()
    server.sessions["c", "x"] = "preferred"
    server.login_answers = [httpx.Response(200, text=body, headers={"CST": "c", "X-SECURITY-TOKEN": "x"})]
    with client(auth, server) as http:
        assert http.get("/api/v1/positions").json() == {"account": "preferred"}
        assert auth.active_account_id is None
        http.put("/api/v1/session", json={"accountId": "third"})
    assert auth.active_account_id == "third"


def test_a_switch_that_was_refused_changes_nothing() -> None:
    server, auth = Server(), session()
    with client(auth, server) as http:
        http.get("/api/v1/positions")
        assert http.put("/api/v1/session", json={"accountId": "nobody's"}).status_code == 400
        assert auth.active_account_id == "preferred"


def test_the_remembered_account_has_gone_and_another_is_chosen() -> None:
    server, auth = Server(), session(account_id="gone")
    with client(auth, server) as http:
        with pytest.raises(LoginError):
            http.get("/api/v1/positions")
        http.put("/api/v1/session", json={"accountId": "third"})
        assert auth.active_account_id == "third"


def test_starting_over_goes_to_the_account_or_nowhere() -> None:
    server, auth = Server(), session()
    with client(auth, server) as http:
        http.get("/api/v1/positions")
        auth.start_over("second")
        assert not auth.has_session
        server.switch_answers = [refused(400, "error.invalid.accountId")]
        with pytest.raises(LoginError):
            http.get("/api/v1/positions")
        auth.start_over("second")  # and the refusal is not held against it
        assert http.get("/api/v1/positions").json() == {"account": "second"}


# --- from now on ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["id", "name", "case"])
def test_another_account_from_now_on(side: Side, by: str) -> None:
    wanted = {"id": ids(side.sandbox)["EUR"], "name": "EUR", "case": "eur"}[by]
    used = side.do(lambda capital: capital.use_account(wanted))
    account = used if side.is_async else used.account
    assert (account.account_id, account.currency) == (ids(side.sandbox)["EUR"], "EUR")
    assert side.capital.account == account.account_id
    assert on(side) == "EUR"
    assert side.calls()[:2] == ["GET /accounts", "PUT /session"]


def test_the_account_that_is_active_already_is_success(side: Side) -> None:
    side.do(lambda capital: capital.use_account("USD"))
    assert side.capital.account == ids(side.sandbox)["USD"]
    assert [request.error_code for request in side.sandbox.requests][-1] == "error.not-different.accountId"


@pytest.mark.parametrize("wanted", ["GBP", "eu", "", " ", 7, None])
def test_no_such_account(side: Side, wanted: Any) -> None:
    with pytest.raises(InvalidInputError) as caught:
        side.do(lambda capital: capital.use_account(wanted))
    assert "PUT /session" not in side.calls()
    if wanted in ("GBP", "eu"):
        euros, dollars = ids(side.sandbox)["EUR"], ids(side.sandbox)["USD"]
        assert str(caught.value) == f"there is no account {wanted!r}. There are: 'USD' ({dollars}), 'EUR' ({euros})"
    else:
        assert len(side.sandbox.requests) == 0


def rename(side: Side, *names: str) -> None:
    for number, name in enumerate(names):
        side.sandbox.faults.unknown_value(f"accounts.{number}.accountName", "GET", "/accounts", value=name)


def test_two_accounts_of_one_name(side: Side) -> None:
    rename(side, "Main", "main")
    with pytest.raises(InvalidInputError, match=r"^2 accounts are named .MAIN.: give the id\. There are: "):
        side.do(lambda capital: capital.use_account("MAIN"))
    side.do(lambda capital: capital.use_account("main"))  # exactly so, one of them is
    assert on(side) == "EUR"


def test_an_id_goes_before_a_name(side: Side) -> None:
    rename(side, ids(side.sandbox)["EUR"], "other")
    side.do(lambda capital: capital.use_account(ids(side.sandbox)["EUR"]))
    assert on(side) == "EUR"


def test_a_lost_answer_to_the_switch_leaves_the_account_of_before(side: Side) -> None:
    side.do(lambda capital: capital.use_account("USD"))
    side.sandbox.faults.drop_after(*SWITCH, times=1)
    with pytest.raises(OutcomeUnknownError):
        side.do(lambda capital: capital.use_account("EUR"))
    assert side.capital.account == ids(side.sandbox)["USD"]
    assert on(side) == "USD"


def test_a_switch_that_nobody_awaits_warns(sandbox: Sandbox) -> None:
    with side_on("async", sandbox) as side:

        async def forgets() -> None:
            side.capital.use_account("EUR")
            gc.collect()

        with pytest.warns(RuntimeWarning, match="never awaited"):
            side.runner.run(forgets())


# --- for a while ------------------------------------------------------------------------------------------------------


def test_another_account_for_a_while(side: Side) -> None:
    def body(capital: Any, account: Any) -> Any:
        assert account.account_name == "EUR"
        assert capital.account == account.account_id
        return capital.positions.open(epic="SILVER", direction="BUY", size=1)

    side.within(lambda capital: capital.use_account("EUR"), body)
    assert side.capital.account == ids(side.sandbox)["USD"]
    assert on(side) == "USD"
    assert side.do(lambda capital: capital.positions.all()).positions == []
    side.do(lambda capital: capital.use_account("EUR"))
    assert len(side.do(lambda capital: capital.positions.all()).positions) == 1


def test_the_account_comes_back_when_the_body_raises(side: Side) -> None:
    def body(capital: Any, account: Any) -> Any:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        side.within(lambda capital: capital.use_account("EUR"), body)
    assert on(side) == "USD"


def test_the_session_dies_inside(side: Side) -> None:
    def body(capital: Any, account: Any) -> Any:
        side.sandbox.expire_sessions()
        return capital.session.get()

    assert side.within(lambda capital: capital.use_account("EUR"), body).currency == "EUR"
    assert on(side) == "USD"


def test_one_inside_the_other(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        with side.capital.use_account("EUR"):
            with side.capital.use_account("USD"):
                assert on(side) == "USD"
            assert on(side) == "EUR"
        assert on(side) == "USD"


def test_it_can_be_entered_after_it_was_made(sandbox: Sandbox) -> None:
    with side_on("sync", sandbox) as side:
        used = side.capital.use_account("EUR")
        assert repr(used) == f"<AccountInUse 'EUR' {used.account.account_id}>"
        with used as account:
            assert account is used.account
        assert on(side) == "USD"
        with pytest.raises(InvalidInputError, match="put back already"), used:
            pass
        assert on(side) == "USD"


def test_the_account_of_before_is_asked_for_where_the_login_did_not_tell(side: Side) -> None:
    side.sandbox.faults.unknown_value("currentAccountId", "POST", "/session", value=None)
    side.within(lambda capital: capital.use_account("EUR"), lambda capital, account: None)
    assert side.calls() == ["GET /accounts", "GET /session", "PUT /session", "PUT /session"]
    assert on(side) == "USD"


# --- putting it back fails --------------------------------------------------------------------------------------------


def breaks(side: Side, how: str) -> None:
    faults = side.sandbox.faults
    if how == "lost":
        faults.drop_after(*SWITCH, times=1)
    elif how == "not executed":
        faults.drop_before(*SWITCH, times=1)
    elif how == "5xx":
        faults.server_error("html", *SWITCH, times=1)
    elif how == "refused":
        faults.answer(400, *SWITCH, body={"errorCode": "error.invalid.accountId"}, times=1)
    else:
        faults.too_many_requests(*SWITCH, times=2)


HOW = ["lost", "not executed", "5xx", "refused", "429"]


@pytest.mark.parametrize("how", HOW)
def test_an_account_that_cannot_be_put_back_is_not_traded_on(side: Side, how: str) -> None:
    with pytest.raises(CapitalError) as caught:
        side.within(lambda capital: capital.use_account("EUR"), lambda capital, account: breaks(side, how))
    assert "could not be made active again, so the session was given up" in caught.value.__notes__[0]
    assert side.capital.account == ids(side.sandbox)["USD"]
    assert on(side) == "USD"  # a new login, on the account of before


@pytest.mark.parametrize("how", HOW)
def test_the_error_of_the_body_wins_and_has_a_note(side: Side, how: str, caplog: pytest.LogCaptureFixture) -> None:
    def body(capital: Any, account: Any) -> None:
        breaks(side, how)
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError) as caught:
        side.within(lambda capital: capital.use_account("EUR"), body)
    assert "could not be made active again" in caught.value.__notes__[0]
    assert "could not be made active again" in caplog.text
    assert on(side) == "USD"


def test_when_not_even_a_login_works_nothing_is_sent(side: Side) -> None:
    def body(capital: Any, account: Any) -> None:
        side.sandbox.expire_sessions()
        side.sandbox.faults.answer(401, "POST", "/session", body={"errorCode": "error.invalid.details"})

    with pytest.raises(LoginError):
        side.within(lambda capital: capital.use_account("EUR"), body)
    with pytest.raises(LoginError):
        side.do(lambda capital: capital.positions.open(epic="SILVER", direction="BUY", size=1))
    assert not side.sandbox.requests.matching("POST", "/positions")
    side.sandbox.faults.clear()
    side.sandbox.clock.advance(31)
    assert on(side) == "USD"


def test_cancelled_while_it_is_put_back(sandbox: Sandbox) -> None:
    """Cancellation must not leave the session on the other account."""
    with side_on("async", sandbox) as side:

        async def run() -> None:
            task: asyncio.Task[None]

            def cancel(_: Request) -> bool:
                side.runner.get_loop().call_soon_threadsafe(task.cancel)
                return True

            async def work() -> None:
                async with side.capital.use_account("EUR"):
                    sandbox.faults.stall(*SWITCH, where=cancel, times=1)

            task = asyncio.create_task(work())
            with pytest.raises(asyncio.CancelledError):
                await task

        side.runner.run(run())
        assert side.capital.account == ids(sandbox)["USD"]
        assert on(side) == "USD"


def test_cancelled_inside(sandbox: Sandbox) -> None:
    with side_on("async", sandbox) as side:

        async def run() -> None:
            entered = asyncio.Event()

            async def work() -> None:
                async with side.capital.use_account("EUR"):
                    entered.set()
                    await asyncio.Event().wait()

            task = asyncio.create_task(work())
            await entered.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        side.runner.run(run())
        assert on(side) == "USD"


def test_nothing_secret_is_told(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(), pytest.raises(CapitalError) as caught:
        side.within(lambda capital: capital.use_account("EUR"), lambda capital, account: breaks(side, "5xx"))
    auth: CapitalAuth = side.capital.auth
    told = caplog.text + str(caught.value) + str(caught.value.__notes__) + repr(auth)
    assert side.sandbox.credentials.password not in told
    assert side.sandbox.credentials.api_key not in told
