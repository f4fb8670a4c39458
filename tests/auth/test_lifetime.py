"""How a session is kept alive, renewed, moved between accounts, and ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest

from capital_ext import LoginError

from .world import BASE, DEAD, Server, Time, client, refused, session

# --- expiry -----------------------------------------------------------------------------------------------------------


def test_ten_idle_minutes_end_the_session_with_a_margin() -> None:
    server, time = Server(), Time()
    with client(session(time=time), server) as http:
        http.get("/api/v1/markets")
        time.now += 560
        http.get("/api/v1/markets")
        assert server.logins == 1
        time.now += 575  # the server would still accept it, but it could end on the way
        http.get("/api/v1/markets")
    assert server.logins == 2
    assert server.log[-3:] == ["GET /session/encryptionKey", "POST /session", "GET /markets"]  # no 401 was met


def test_use_extends_the_session() -> None:
    server, time = Server(), Time()
    with client(session(time=time), server) as http:
        for _ in range(20):
            http.get("/api/v1/ping")
            time.now += 300
    assert server.logins == 1


def test_an_answer_that_shows_no_session_extends_nothing() -> None:
    server, time = Server(), Time()
    with client(session(time=time), server) as http:
        http.get("/api/v1/markets")
        for _ in range(3):
            time.now += 200
            server.next_answers = [httpx.Response(502)]
            http.get("/api/v1/markets")
    assert server.logins == 2


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "error.invalid.session.token"),
        (401, "error.null.client.token"),
        (400, "error.null.client.token"),
        (401, "error.security.client-token-missing"),
        (401, "error.invalid.session.token: 12"),
    ],
)
def test_a_dead_session_is_renewed_and_the_request_sent_again_once(status: int, code: str) -> None:
    server = Server()
    with client(session(), server) as http:
        http.get("/api/v1/markets")
        server.next_answers = [refused(status, code)]
        response = http.post("/api/v1/positions", json={"size": 1})
    assert response.status_code == 200
    assert server.logins == 2
    first, second = server.calls("POST", "/positions")
    assert first.content == second.content == b'{"size":1}'
    assert second.headers["cst"] == "cst2"


def test_a_session_that_dies_at_once_again_is_reported() -> None:
    server = Server()
    server.next_answers = [httpx.Response(401, json=DEAD)] * 5
    with client(session(), server) as http:
        response = http.post("/api/v1/positions", json={"size": 1})
    assert response.status_code == 401
    assert response.json() == DEAD
    assert len(server.calls("POST", "/positions")) == 2
    assert server.logins == 2


@pytest.mark.parametrize(
    "answer",
    [
        refused(401, "error.not.a.session.matter"),
        httpx.Response(401),
        httpx.Response(401, html="<h1>401</h1>"),
        httpx.Response(401, json=["error.invalid.session.token"]),
        refused(403, "error.invalid.session.token"),
        refused(500, "error.invalid.session.token"),
    ],
)
def test_any_other_refusal_is_the_callers(answer: httpx.Response) -> None:
    server = Server()
    server.next_answers = [answer]
    with client(session(), server) as http:
        response = http.post("/api/v1/positions", json={"size": 1})
    assert response.status_code == answer.status_code
    assert response.content == answer.content
    assert (server.logins, len(server.calls("POST", "/positions"))) == (1, 1)


class Socket(httpx.BaseTransport):
    """Consumes the body as it sends it, as a real connection does; httpx.MockTransport would keep a copy."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        body = b"".join(request.stream)
        return self.server(httpx.Request(request.method, request.url, headers=request.headers, content=body))


def test_a_body_that_can_be_read_only_once_is_not_sent_again() -> None:
    server = Server()

    def body() -> Iterator[bytes]:
        yield b'{"size":1}'

    with httpx.Client(base_url=BASE, auth=session(), transport=Socket(server)) as http:
        http.get("/api/v1/markets")
        server.expire()
        assert http.post("/api/v1/positions", content=body()).status_code == 401
        assert http.post("/api/v1/positions", content=body()).status_code == 200
    assert len(server.calls("POST", "/positions")) == 2


def test_a_hard_cap_of_an_hour_is_survived() -> None:
    server, time = Server(), Time()
    with client(session(time=time, account_id="second"), server) as http:
        for minute in range(0, 180, 5):
            if minute % 60 == 0:
                server.expire()  # busy or not
            response = http.post("/api/v1/positions", json={"minute": minute})
            assert response.json() == {"account": "second"}
            time.now += 300
    assert server.logins == 3


def test_an_order_whose_answer_is_lost_is_not_sent_again() -> None:
    server = Server()
    server.next_answers = [httpx.ReadTimeout("lost")]
    with client(session(), server) as http, pytest.raises(httpx.ReadTimeout):
        http.post("/api/v1/positions", json={"size": 1})
    assert len(server.calls("POST", "/positions")) == 1


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_the_newest_pair_is_used() -> None:
    server = Server()
    server.rotate_always = True
    with client(session(), server) as http:
        for _ in range(4):
            assert http.get("/api/v1/markets").status_code == 200
    assert server.logins == 1
    assert [r.headers["x-security-token"] for r in server.calls("GET", "/markets")] == [
        "xst1",
        "xst1.1",
        "xst1.1.2",
        "xst1.1.2.3",
    ]


def test_tokens_on_an_error_count_too() -> None:
    server = Server()
    server.next_answers = [httpx.Response(404, headers={"CST": "cst1", "X-SECURITY-TOKEN": "moved"})]
    with client(session(), server) as http:
        http.get("/api/v1/markets")
        server.sessions[("cst1", "moved")] = "preferred"
        http.get("/api/v1/markets")
    assert server.seen[-1].headers["x-security-token"] == "moved"


def overtaken(server: Server, during: Callable[[], object]) -> Callable[[httpx.Request], httpx.Response]:
    """The next GET /slow is answered only after ``during`` has happened."""

    def answer(request: httpx.Request) -> httpx.Response:
        response = server(request)
        if request.url.path.endswith("/slow"):
            during()
        return response

    return answer


def test_an_echo_from_an_older_session_is_ignored() -> None:
    server, time = Server(), Time()
    auth = session(time=time)

    def renewed() -> None:
        time.now += 700
        other.get("/api/v1/markets")  # logs in again while /slow is on its way

    with client(auth, overtaken(server, renewed)) as http, client(auth, server) as other:
        http.get("/api/v1/slow")  # its answer echoes the first session's pair
        http.get("/api/v1/markets")
    assert server.logins == 2
    assert server.seen[-1].headers["cst"] == "cst2"


def test_an_echo_from_before_a_switch_is_ignored() -> None:
    server = Server()
    auth = session()

    with client(auth, server) as other:
        during = overtaken(server, lambda: other.put("/api/v1/session", json={"accountId": "second"}))
        with client(auth, during) as http:
            http.get("/api/v1/markets")
            http.get("/api/v1/slow")
            assert http.get("/api/v1/markets").json() == {"account": "second"}
    assert server.logins == 1


def test_a_401_for_an_older_pair_keeps_the_newer_one() -> None:
    server = Server()
    auth = session()
    first = [True]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/slow") and first:
            first.clear()
            other.put("/api/v1/session", json={"accountId": "second"})  # kills the pair that /slow carries
        return server(request)

    with client(auth, server) as other, client(auth, answer) as http:
        http.get("/api/v1/markets")
        assert http.get("/api/v1/slow").json() == {"account": "second"}
    assert server.logins == 1  # the newer pair was used, nobody logged in


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_the_account_of_the_constructor_is_made_active_before_anything_is_sent() -> None:
    server = Server()
    with client(session(account_id="second"), server) as http:
        assert http.post("/api/v1/positions", json={}).json() == {"account": "second"}
    assert server.log == ["GET /session/encryptionKey", "POST /session", "PUT /session", "POST /positions"]
    assert json.loads(server.sent_bodies[2]) == {"accountId": "second"}


@pytest.mark.parametrize("body", ["json", "content", "stream"])
def test_the_last_switch_is_restored_after_a_new_login(body: str) -> None:
    server = Server()
    content: dict[str, object] = {
        "json": {"json": {"accountId": "third"}},
        "content": {"content": b'{"accountId": "third"}'},
        "stream": {"content": iter([b'{"accountId":', b'"third"}'])},
    }[body]  # type: ignore[assignment]
    auth = session()
    with httpx.Client(base_url=BASE, auth=auth, transport=Socket(server)) as http:
        http.get("/api/v1/markets")
        assert http.put("/api/v1/session", **content).status_code == 200  # type: ignore[arg-type]
        assert auth.account_id == "third"
        server.expire()
        assert http.post("/api/v1/positions", json={}).json() == {"account": "third"}
    assert server.log[-3:] == ["POST /session", "PUT /session", "POST /positions"]


def test_not_different_is_success() -> None:
    server = Server()
    with client(session(account_id="preferred"), server) as http:
        assert http.get("/api/v1/markets").json() == {"account": "preferred"}
    auth = session()
    with client(auth, server) as http:
        assert http.put("/api/v1/session", json={"accountId": "preferred"}).status_code == 400
    assert auth.account_id == "preferred"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (refused(400, "error.invalid.accountId"), r"error\.invalid\.accountId"),
        (refused(401, "error.invalid.session.token"), r"error\.invalid\.session\.token"),
        (httpx.Response(302), "302"),
    ],
)
def test_an_account_that_cannot_be_restored_stops_the_request(answer: httpx.Response, says: str) -> None:
    server = Server()
    server.switch_answers = [answer]
    with client(session(account_id="second"), server) as http, pytest.raises(LoginError, match=says) as caught:
        http.post("/api/v1/positions", json={"size": 1})
    assert "making account second active" in str(caught.value)
    assert "was not sent" in str(caught.value)
    assert caught.value.executed is False
    assert server.calls("POST", "/positions") == []


def test_a_restore_that_loses_its_connection_stops_the_request_and_is_made_up_for() -> None:
    server = Server()
    server.switch_answers = [httpx.ReadTimeout("lost")]
    with client(session(account_id="second"), server) as http:
        with pytest.raises(httpx.ReadTimeout):
            http.post("/api/v1/positions", json={"size": 1})
        assert server.calls("POST", "/positions") == []
        assert http.post("/api/v1/positions", json={"size": 1}).json() == {"account": "second"}


@pytest.mark.parametrize("outcome", [httpx.ReadTimeout("lost"), httpx.Response(502)])
def test_a_switch_without_a_clear_answer_goes_back_to_the_account_before(outcome: httpx.Response | Exception) -> None:
    server = Server()
    auth = session(account_id="second")
    with client(auth, server) as http:
        http.get("/api/v1/markets")
        server.switch_answers = [outcome]
        with suppress(httpx.ReadTimeout):
            http.put("/api/v1/session", json={"accountId": "third"})
        for pair in server.sessions:
            server.sessions[pair] = "third"  # it was executed, whatever the answer said
        assert http.post("/api/v1/positions", json={}).json() == {"account": "second"}
    assert auth.account_id == "second"


def test_a_refused_switch_changes_nothing() -> None:
    server = Server()
    auth = session(account_id="second")
    with client(auth, server) as http:
        assert http.put("/api/v1/session", json={"accountId": "nobody"}).status_code == 400
        assert http.get("/api/v1/markets").json() == {"account": "second"}
    assert (auth.account_id, server.logins) == ("second", 1)


def test_two_switches_that_cross_end_on_the_account_that_is_remembered() -> None:
    server = Server()
    auth = session()
    first = [True]

    def answer(request: httpx.Request) -> httpx.Response:
        response = server(request)
        if request.method == "PUT" and first:
            first.clear()
            # On its way back this answer is overtaken by another one that used the same pair.
            server.sessions[("cst1", "xst1")] = "preferred"
            other.put("/api/v1/session", json={"accountId": "third"})
        return response

    with client(auth, server) as other, client(auth, answer) as http:
        http.get("/api/v1/markets")
        http.put("/api/v1/session", json={"accountId": "second"})
        assert http.get("/api/v1/markets").json() == {"account": auth.account_id}


def test_a_switch_whose_answer_is_overtaken_by_a_new_login_is_not_forgotten() -> None:
    server = Server()
    auth = session()

    def answer(request: httpx.Request) -> httpx.Response:
        response = server(request)
        if request.method == "PUT" and not server.switch_answers and server.logins == 1:
            other.get("/api/v1/markets")  # carries the pair that the switch has just ended: 401, and a new login
        return response

    with client(auth, server) as other, client(auth, answer) as http:
        http.get("/api/v1/markets")
        assert http.put("/api/v1/session", json={"accountId": "second"}).status_code == 200
        assert auth.account_id == "second"
        assert http.post("/api/v1/positions", json={}).json() == {"account": "second"}


def test_a_switch_that_is_on_its_way_when_the_idle_time_is_over_is_not_forgotten() -> None:
    server, time = Server(), Time()
    auth = session(time=time)

    def answer(request: httpx.Request) -> httpx.Response:
        response = server(request)
        if request.method == "PUT" and server.logins == 1:
            time.now += 40
            other.get("/api/v1/markets")
        return response

    with client(auth, server) as other, client(auth, answer) as http:
        http.get("/api/v1/markets")
        time.now += 550
        assert http.put("/api/v1/session", json={"accountId": "second"}).status_code == 200
        assert http.post("/api/v1/positions", json={}).json() == {"account": "second"}


def test_a_switch_that_is_answered_while_a_login_restores_the_account_of_before() -> None:
    server = Server()
    auth = session(account_id="second")
    crossing: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and not crossing and server.logins == 2:
            crossing.append("restore")  # the new login is restoring "second"; the switch to "third" is answered now
            with suppress(StopIteration):
                held.send(httpx.Response(200, json={}, request=switch))
        return server(request)

    with client(auth, answer) as http:
        http.get("/api/v1/markets")
        switch = http.build_request("PUT", "/api/v1/session", json={"accountId": "third"})
        held = auth.sync_auth_flow(switch)
        next(held)
        server.expire()
        assert http.post("/api/v1/positions", json={}).json() == {"account": "third"}
    assert crossing == ["restore"]
    assert auth.account_id == "third"


def test_a_lost_switch_is_forgotten_although_the_pair_has_moved_on() -> None:
    server = Server()
    auth = session(account_id="second")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            server.rotate_always = True
            other.get("/api/v1/markets")  # another answer brings a newer pair
            for pair in server.sessions:
                server.sessions[pair] = "third"
            raise httpx.ReadTimeout("lost")
        return server(request)

    with client(auth, server) as other, client(auth, answer) as http:
        other.get("/api/v1/markets")
        with pytest.raises(httpx.ReadTimeout):
            http.put("/api/v1/session", json={"accountId": "third"})
        assert other.post("/api/v1/positions", json={}).json() == {"account": "second"}


def test_an_account_that_is_gone_can_be_changed_for_another() -> None:
    server = Server()
    auth = session(account_id="gone")
    with client(auth, server) as http:
        with pytest.raises(LoginError, match="gone"):
            http.get("/api/v1/markets")
        assert http.put("/api/v1/session", json={"accountId": "second"}).status_code == 200
        assert http.get("/api/v1/markets").json() == {"account": "second"}
        server.expire()
        assert http.get("/api/v1/markets").json() == {"account": "second"}


def test_a_session_that_dies_during_the_restore_is_no_refusal() -> None:
    server = Server()
    server.switch_answers = [httpx.Response(401, json=DEAD)]
    with client(session(account_id="second"), server) as http:
        with pytest.raises(LoginError):
            http.get("/api/v1/markets")
        assert http.get("/api/v1/markets").json() == {"account": "second"}


# --- the end ----------------------------------------------------------------------------------------------------------


def test_closing_forgets_the_tokens_and_keeps_the_account() -> None:
    server = Server()
    auth = session()
    with client(auth, server) as http:
        http.put("/api/v1/session", json={"accountId": "second"})
        assert auth.has_session
        http.delete("/api/v1/session")
        assert not auth.has_session
        assert http.get("/api/v1/markets").json() == {"account": "second"}
    assert server.logins == 2


def test_the_end_of_an_older_session_does_not_end_the_current_one() -> None:
    server, time = Server(), Time()
    auth = session(time=time)

    def answer(request: httpx.Request) -> httpx.Response:
        response = server(request)
        if request.method == "DELETE":
            time.now += 700
            other.get("/api/v1/markets")  # logs in again while the answer to the logout is on its way
        return response

    with client(auth, server) as other, client(auth, answer) as http:
        http.get("/api/v1/markets")
        http.delete("/api/v1/session")
        assert auth.has_session
        assert http.get("/api/v1/markets").status_code == 200
    assert server.logins == 2


def test_a_logout_whose_answer_is_lost_forgets_the_tokens_as_well() -> None:
    server = Server()
    auth = session()

    def answer(request: httpx.Request) -> httpx.Response:
        server(request)
        raise httpx.ReadError("lost")

    with client(auth, server) as http:
        http.get("/api/v1/markets")
    with client(auth, answer) as http, pytest.raises(httpx.ReadError):
        http.delete("/api/v1/session")
    assert not auth.has_session


def test_all_of_this_in_asyncio() -> None:
    server, time = Server(), Time()

    async def main() -> None:
        auth = session(time=time)
        async with httpx.AsyncClient(base_url=BASE, auth=auth, transport=httpx.MockTransport(server.aio)) as http:
            await http.get("/api/v1/markets")
            await http.put("/api/v1/session", json={"accountId": "second"})
            server.expire()
            assert (await http.post("/api/v1/positions", json={})).json() == {"account": "second"}
            time.now += 700
            assert (await http.post("/api/v1/positions", json={})).json() == {"account": "second"}
            await http.delete("/api/v1/session")
            assert not auth.has_session
            server.next_answers = [httpx.ReadTimeout("lost")]
            with pytest.raises(httpx.ReadTimeout):
                await http.post("/api/v1/positions", json={})

    asyncio.run(main())
    assert server.logins == 4
