"""One login for everybody: threads, tasks and event loops that share the object, and leaders that fail them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from capital_ext import CapitalAuth, LoginError

from .world import BASE, Server, client, refused, session

THREADS, TASKS = 64, 500


class Gate:
    """Holds back every login until it is opened, so that everybody piles up behind the first."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/session") and request.method == "POST":
            self.reached.set()
            assert self.open.wait(20)
        return self.server(request)

    async def aio(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/session") and request.method == "POST":
            self.reached.set()
            while not self.open.is_set():  # noqa: ASYNC110 - the event is shared with threads
                await asyncio.sleep(0)
        return self.server(request)


def storm(auth: CapitalAuth, gate: Gate, count: int = THREADS) -> list[Future[httpx.Response]]:
    """``count`` threads that send an order at once. The login is let through when all have started."""
    started = threading.Semaphore(0)

    def one() -> httpx.Response:
        started.release()
        return http.post("/api/v1/positions", json={"size": 1})

    with client(auth, gate) as http, ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(one) for _ in range(count)]
        for _ in range(count):
            assert started.acquire(timeout=20)
        gate.open.set()
    return futures


def async_client(auth: CapitalAuth, gate: Gate) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=BASE, auth=auth, transport=httpx.MockTransport(gate.aio))


async def everybody_waits() -> None:
    """Give every task that can run its turn."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_64_threads_on_a_new_session_log_in_once() -> None:
    server = Server()
    codes = [f.result().status_code for f in storm(session(), Gate(server))]
    assert codes == [200] * THREADS
    assert (server.logins, len(server.calls("GET", "/session/encryptionKey"))) == (1, 1)


def test_64_threads_on_a_dead_session_log_in_once_and_each_order_arrives_once() -> None:
    server = Server()
    auth = session(account_id="second")
    with client(auth, server) as http:
        http.get("/api/v1/markets")
    server.expire()
    answers = [f.result().json() for f in storm(auth, Gate(server))]
    assert answers == [{"account": "second"}] * THREADS
    assert server.logins == 2


def test_500_tasks_on_a_dead_session_log_in_once() -> None:
    server = Server()
    auth, gate = session(account_id="second"), Gate(server)

    async def main() -> list[dict[str, str]]:
        async with async_client(auth, gate) as http:
            gate.open.set()
            await http.get("/api/v1/markets")
            server.expire()
            gate.open.clear()
            tasks = [asyncio.create_task(http.post("/api/v1/positions", json={})) for _ in range(TASKS)]
            await everybody_waits()
            gate.open.set()
            return [response.json() for response in await asyncio.gather(*tasks)]

    assert asyncio.run(main()) == [{"account": "second"}] * TASKS
    assert server.logins == 2


def test_threads_and_several_event_loops_share_one_login() -> None:
    server = Server()
    auth, gate = session(), Gate(server)
    started = threading.Semaphore(0)

    def sync() -> int:
        with client(auth, gate) as http:
            started.release()
            return http.get("/api/v1/markets").status_code

    async def many() -> int:
        async with async_client(auth, gate) as http:
            started.release()
            answers = await asyncio.gather(*(http.get("/api/v1/markets") for _ in range(50)))
        return max(a.status_code for a in answers)

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(sync) for _ in range(4)] + [pool.submit(asyncio.run, many()) for _ in range(4)]
        for _ in futures:
            assert started.acquire(timeout=20)
        assert gate.reached.wait(20)
        gate.open.set()
        assert [f.result(20) for f in futures] == [200] * 8
    assert server.logins == 1


def test_a_refused_password_is_tried_once_and_told_to_every_thread() -> None:
    server = Server()
    server.login_answers = [refused(401, "error.invalid.details")]  # a second attempt would succeed
    errors = [f.exception() for f in storm(session(), Gate(server))]
    assert server.logins == 1
    assert {type(e) for e in errors} == {LoginError}
    assert {e.error_code for e in errors if isinstance(e, LoginError)} == {"error.invalid.details"}
    assert len({id(e) for e in errors}) == THREADS  # each has its own: a traceback is not shared
    assert server.calls("POST", "/positions") == []


def test_a_refused_password_is_told_to_every_task() -> None:
    server = Server()
    server.login_answers = [refused(401, "error.invalid.details")]
    gate = Gate(server)

    async def main() -> list[object]:
        async with async_client(session(), gate) as http:
            tasks = [asyncio.create_task(http.get("/api/v1/markets")) for _ in range(TASKS)]
            await everybody_waits()
            gate.open.set()
            return list(await asyncio.gather(*tasks, return_exceptions=True))

    assert {type(e) for e in asyncio.run(main())} == {LoginError}
    assert server.logins == 1


def test_a_leader_that_loses_its_connection_does_not_strand_the_others() -> None:
    server = Server()
    server.login_answers = [httpx.ConnectError("down")]
    errors = [f.exception() for f in storm(session(), Gate(server), 16)]
    assert [type(e) for e in errors if e] == [httpx.ConnectError]
    assert server.logins == 2


def test_a_server_that_stays_away_ends_for_everybody() -> None:
    server = Server()
    server.login_answers = [httpx.ConnectError("down")] * 100
    errors = [f.exception() for f in storm(session(), Gate(server), 16)]
    assert {type(e) for e in errors} <= {httpx.ConnectError, LoginError}
    assert server.calls("POST", "/positions") == []


def test_a_crashed_leader_does_not_strand_the_others() -> None:
    server = Server()
    server.login_answers = [RuntimeError("crash")]
    errors = [f.exception() for f in storm(session(), Gate(server), 16)]
    assert [type(e) for e in errors if e] == [RuntimeError]
    assert server.logins == 2


def test_a_cancelled_leader_does_not_strand_the_others() -> None:
    server = Server()
    auth, gate = session(), Gate(server)

    async def main() -> list[int]:
        async with async_client(auth, gate) as http:
            leader = asyncio.create_task(http.get("/api/v1/markets"))
            await everybody_waits()
            waiters = [asyncio.create_task(http.get("/api/v1/markets")) for _ in range(10)]
            await everybody_waits()
            leader.cancel()
            waiters[0].cancel()  # a waiter that goes takes nobody with it either
            gate.open.set()
            done = await asyncio.gather(leader, *waiters, return_exceptions=True)
            assert isinstance(done[0], asyncio.CancelledError)
            assert isinstance(done[1], asyncio.CancelledError)
            return [response.status_code for response in done[2:] if isinstance(response, httpx.Response)]

    assert asyncio.run(main()) == [200] * 9
    assert server.logins == 1  # the leader was cancelled before its login got through


def test_any_number_of_cancelled_leaders_strands_nobody() -> None:
    server = Server()
    auth, gate = session(), Gate(server)

    async def main() -> int:
        async with async_client(auth, gate) as http:
            hasty = [asyncio.create_task(http.get("/api/v1/markets")) for _ in range(8)]
            await everybody_waits()
            patient = asyncio.create_task(http.get("/api/v1/markets"))
            for task in hasty:
                await everybody_waits()
                task.cancel()
            await everybody_waits()
            gate.open.set()
            return (await patient).status_code

    assert asyncio.run(main()) == 200


def test_a_leader_whose_event_loop_ends_does_not_strand_other_threads() -> None:
    server = Server()
    auth, gate = session(), Gate(server)

    async def abandoned() -> None:
        async with async_client(auth, gate) as http:
            task = asyncio.create_task(http.get("/api/v1/markets"))
            await everybody_waits()
            assert not task.done()  # the loop ends now, and cancels it

    with client(auth, server) as http:
        asyncio.run(abandoned())
        assert http.get("/api/v1/markets").status_code == 200


def test_a_synchronous_wait_inside_the_leaders_event_loop_is_an_error_and_not_a_hang() -> None:
    server = Server()
    auth, gate = session(), Gate(server)

    async def main() -> int:
        async with async_client(auth, gate) as http:
            leader = asyncio.create_task(http.get("/api/v1/markets"))
            await everybody_waits()
            with client(auth, server) as blocking, pytest.raises(LoginError, match="AsyncCapital"):
                blocking.get("/api/v1/markets")  # would block the loop that the leader needs
            gate.open.set()
            return (await leader).status_code

    assert asyncio.run(main()) == 200
    assert server.logins == 1


@pytest.mark.parametrize("kind", ["thread", "task"])
def test_a_wait_on_a_leader_that_is_stuck_ends_with_an_error(kind: str) -> None:
    server = Server()
    auth, gate = session(patience=0.05), Gate(server)

    async def waits() -> None:
        async with async_client(auth, gate) as http:
            await http.get("/api/v1/markets")

    def waiter() -> None:
        with client(auth, gate) as http:
            http.get("/api/v1/markets")

    def leads() -> int:
        with client(auth, gate) as http:
            return http.get("/api/v1/markets").status_code

    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(leads)
        assert gate.reached.wait(20)
        attempt: Callable[[], None] = waiter if kind == "thread" else lambda: asyncio.run(waits())
        with pytest.raises(LoginError, match="no progress"):
            attempt()
        with client(auth, server) as http:  # the next caller starts afresh, without waiting for the stuck one
            assert http.get("/api/v1/markets").status_code == 200
        gate.open.set()
        assert leader.result(20) == 200


def test_no_lock_is_held_while_a_login_is_sent() -> None:
    server = Server()
    auth, gate = session(), Gate(server)
    with ThreadPoolExecutor(2) as pool, client(auth, gate) as http:
        leader = pool.submit(http.get, "/api/v1/markets")
        assert gate.reached.wait(20)
        assert auth.has_session is False  # takes the lock
        assert http.get("/api/v1/time").status_code == 200
        assert http.get("https://elsewhere.test/").status_code in (200, 401)
        gate.open.set()
        assert leader.result(20).status_code == 200


def test_a_request_from_a_hook_during_the_login_does_not_hang() -> None:
    server = Server()
    auth = session()
    errors: list[LoginError] = []

    def hook(request: httpx.Request) -> None:
        if request.url.path.endswith("/session") and not errors:
            try:
                http.get("/api/v1/markets")
            except LoginError as error:
                errors.append(error)

    with client(auth, server) as http:
        http.event_hooks = {"request": [hook]}
        assert http.get("/api/v1/markets").status_code == 200
    assert len(errors) == 1
    assert server.logins == 1
