"""Who may send when: lanes, lines, spacing, and what becomes of those who leave or don't come."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone

import pytest

from capital_ext import AsyncCapital, Credentials, Deal, OutcomeUnknownError, RateLimitError
from capital_ext.policy import World
from capital_ext.waiting import Sleep
from capital_sandbox import Limits, ManualClock, Sandbox

from .kit import ORDER, Server, VirtualTime, client, logged_in, new_address, run

Call = Callable[[AsyncCapital], Awaitable[object]]


def candles(capital: AsyncCapital) -> Awaitable[object]:
    return capital.prices.history("SILVER")


def trade(capital: AsyncCapital) -> Awaitable[object]:
    return capital.positions.open(**ORDER)


def positions(capital: AsyncCapital) -> Awaitable[object]:
    return capital.positions.all()


def many(capital: AsyncCapital, call: Call, count: int) -> list[asyncio.Task[object]]:
    return [asyncio.ensure_future(call(capital)) for _ in range(count)]


def orders(capital: AsyncCapital) -> Awaitable[object]:
    return capital.orders.all()


def accounts(capital: AsyncCapital) -> Awaitable[object]:
    return capital.accounts.all()


def confirm(capital: AsyncCapital) -> Awaitable[object]:
    return capital.confirms.get("o_1")


@pytest.mark.parametrize("delay", [0.5, 2.02, 3.077, 17.3])
def test_a_trade_takes_the_next_place_before_500_windows_of_candles(delay: float) -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        waiting = many(capital, candles, 500)
        await asyncio.sleep(delay)
        started = loop.time()
        await trade(capital)
        waited = loop.time() - started
        await asyncio.gather(*waiting)
        return server, waited

    server, waited = run(main)
    assert waited <= 0.104
    assert (len(server.seen), server.refused) == (501, [])


def test_what_became_of_a_deal_is_read_before_500_windows_of_candles() -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        waiting = many(capital, candles, 500)
        await asyncio.sleep(2.02)
        started = loop.time()
        since = datetime(2026, 6, 10, 14, tzinfo=timezone.utc)
        await capital.history.activity(from_=since, detailed=True, deal_id="deal")
        await capital.history.activity(
            from_=since, to=since + timedelta(hours=1), detailed=True, filter_="epic==SILVER"
        )
        waited = loop.time() - started
        await asyncio.gather(*waiting)
        return server, waited

    server, waited = run(main)
    assert waited <= 2 * 0.104
    assert (len(server.seen), server.refused) == (502, [])


@pytest.mark.parametrize("delay", [0.5, 2.02, 3.077])
def test_a_trade_takes_the_next_place_before_the_activity_of_a_year(delay: float) -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time)
        capital = await logged_in(loop, server)

        async def walk() -> None:
            rows = capital.iter_activity(last=timedelta(days=365), detailed=True, deal_id="deal", in_flight=16)
            async for _ in rows:
                raise AssertionError("there are no rows")

        walking = asyncio.ensure_future(walk())
        await asyncio.sleep(delay)
        started = loop.time()
        await trade(capital)
        waited = loop.time() - started
        await walking
        return server, waited

    server, waited = run(main)
    assert waited <= 0.104
    assert len(server.times("GET /history")) == 365
    assert server.refused == []


def test_a_lost_deal_is_resolved_while_a_long_history_is_read() -> None:
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    known = sandbox.credentials

    async def main(loop: VirtualTime) -> tuple[object, float]:
        credentials = Credentials(known.api_key, known.identifier, known.password)
        world = World(clock=loop.time, sleep=Sleep(aio=asyncio.sleep), now=sandbox.clock.now)
        capital = AsyncCapital(credentials, base_url=new_address(), transport=sandbox.transport(), world=world)
        sandbox.faults.drop_after("POST", "/positions")
        with pytest.raises(OutcomeUnknownError) as lost:
            await capital.deals.open("SILVER", "BUY", 10)
        waiting = many(capital, candles, 300)
        await asyncio.sleep(3)
        started = loop.time()
        outcome = await capital.deals.resolve(lost.value)
        waited = loop.time() - started
        assert sum(not each.done() for each in waiting) > 200
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return outcome, waited

    outcome, waited = run(main)
    assert isinstance(outcome, Deal)
    assert waited < 1.5


def test_market_data_goes_last_and_everybody_else_in_the_order_in_which_they_came() -> None:
    async def main(loop: VirtualTime) -> list[str]:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        waiting = many(capital, candles, 3) + many(capital, positions, 10)
        await asyncio.sleep(0.5)
        for call in (trade, candles, confirm, orders):
            waiting += many(capital, call, 1)
        await asyncio.sleep(0)
        waiting += many(capital, accounts, 1)
        await asyncio.gather(*waiting, return_exceptions=True)
        return server.log

    log = run(main)
    assert log[:10] == ["GET /prices/SILVER"] + ["GET /positions"] * 9
    late = ["GET /positions", "POST /positions", "GET /confirms/o_1", "GET /workingorders", "GET /accounts"]
    assert log[10:] == late + ["GET /prices/SILVER"] * 3


def test_candles_are_spaced_evenly_and_never_more_than_the_server_takes() -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        await asyncio.gather(*many(capital, candles, 60))
        return server

    server = run(main)
    assert server.refused == []
    assert server.gaps("GET") == pytest.approx([0.102] * 59, abs=1e-4)


def test_trades_are_a_tenth_of_a_second_apart_and_hold_up_nobody() -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        close: Call = lambda c: c.positions.close("deal")  # noqa: E731
        cancel: Call = lambda c: c.orders.cancel("deal")  # noqa: E731
        tasks = [task for call in (trade, close, cancel) for task in many(capital, call, 2)]
        await asyncio.gather(*tasks, *many(capital, positions, 2))
        return server

    server = run(main)
    trades = [each.at for each in server.seen if each.what != "GET /positions"]
    assert [b - a for a, b in itertools.pairwise(trades)] == pytest.approx([0.12] * 5, abs=1e-4)
    assert server.times("GET /positions") == pytest.approx([trades[0]] * 2, abs=1e-6)


def test_other_calls_may_come_in_a_burst_of_ten() -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        await asyncio.gather(*many(capital, positions, 25))
        return server

    times = run(main).times("GET")
    assert [round(at - times[0], 4) for at in times] == [0.0] * 10 + [1.02] * 10 + [2.04] * 5


@pytest.mark.parametrize("jitter", [0.0, 0.02, 0.019])
@pytest.mark.parametrize("mix", [[candles], [positions], [candles, trade, positions, candles]])
def test_no_429_at_95_percent_of_what_the_server_takes_over_an_uneven_network(mix: list[Call], jitter: float) -> None:
    count = 300

    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time, jitter=jitter, back=0.15)
        capital = await logged_in(loop, server)
        started = loop.time()
        # As many are under way together as a walk over candles would have, or all.
        gate = asyncio.Semaphore(16 if mix == [candles] else count)

        async def one(call: Call) -> None:
            async with gate:
                await call(capital)

        await asyncio.gather(*(one(mix[number % len(mix)]) for number in range(count)))
        return server, loop.time() - started

    server, took = run(main)
    assert server.refused == []
    assert took <= 1.05 * count / 10
    assert len(server.seen) == count


def test_timers_that_wake_late_do_not_add_up() -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time, jitter=0.02)
        capital = await logged_in(loop, server, late=0.01)
        started = loop.time()
        await asyncio.gather(*many(capital, candles, 200))
        return server, loop.time() - started

    server, took = run(main)
    assert server.refused == []
    assert took <= 1.05 * 200 / 10


def test_requests_that_leave_late_do_not_add_up_either() -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time)
        server.leaving = 0.006
        capital = await logged_in(loop, server)
        started = loop.time()
        await asyncio.gather(*many(capital, candles, 200))
        return server, loop.time() - started

    server, took = run(main)
    assert server.refused == []
    assert took <= 1.05 * 200 / 10


def test_who_wakes_late_keeps_its_place() -> None:
    async def main(loop: VirtualTime) -> list[str]:
        server = Server(loop.time)
        capital = await logged_in(loop, server, late=0.1)
        waiting = many(capital, positions, 11)
        await asyncio.sleep(1.08)  # its turn came at 1.02, and it will wake at 1.13
        await asyncio.gather(accounts(capital), *waiting)
        return server.log

    assert run(main)[10:] == ["GET /positions", "GET /accounts"]


def test_who_wakes_late_and_is_not_the_next_any_more_tells_the_one_who_is() -> None:
    async def main(loop: VirtualTime) -> list[float]:
        server = Server(loop.time)
        capital = await logged_in(loop, server, late=0.1)
        await trade(capital)
        waiting = many(capital, candles, 2)  # the second one's turn is the next, and it will wake after the trade's
        await asyncio.sleep(0.01)
        await asyncio.gather(trade(capital), *waiting)
        return server.gaps("POST")

    assert run(main) == pytest.approx([0.202], abs=0.001)


@pytest.mark.parametrize("call", [positions, candles])
def test_requests_that_had_to_connect_first_are_counted_from_when_they_were_sent(call: Call) -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time, back=0.1)
        server.connecting = 0.25
        capital = await logged_in(loop, server)
        await asyncio.gather(*many(capital, call, 40))
        return server

    server = run(main)
    assert server.refused == []
    assert server.seen[-1].at - server.seen[0].at < 4.2


def test_after_a_429_everybody_pauses_once_together() -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float, list[object]]:
        server = Server(loop.time, back=0.2)
        capital = await logged_in(loop, server)
        server.busy = 8
        refused = many(capital, positions, 4)
        await asyncio.sleep(0.1)
        refused += many(capital, positions, 4)  # refused too, and told later than the first: that is no news
        await asyncio.sleep(0.1)
        heard = loop.time()
        await asyncio.sleep(0.05)
        rest = [*many(capital, candles, 2), *many(capital, positions, 1), *many(capital, trade, 1)]
        await asyncio.sleep(0.05)
        await asyncio.gather(*rest)
        return server, heard, list(await asyncio.gather(*refused, return_exceptions=True))

    server, heard, answers = run(main)
    assert {type(answer) for answer in answers} == {RateLimitError}
    assert [each.at - heard for each in server.seen[8:]] == pytest.approx([1.02] * 3 + [1.122], abs=1e-3)
    assert server.log[8:] == ["GET /positions", "POST /positions", "GET /prices/SILVER", "GET /prices/SILVER"]


def test_a_429_to_something_sent_after_the_pause_is_a_new_one() -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        for _ in range(3):
            server.busy = 1
            with pytest.raises(RateLimitError):
                await positions(capital)
        await positions(capital)
        return server

    assert run(main).gaps("GET") == pytest.approx([1.02] * 3, abs=1e-4)


def test_who_gives_up_leaves_the_line_and_the_rest_moves_up() -> None:
    async def main(loop: VirtualTime) -> list[float]:
        server = Server(loop.time)
        capital = await logged_in(loop, server)
        waiting = many(capital, candles, 200)
        await asyncio.sleep(0.25)
        for task in waiting[3:190]:  # the one whose turn is next among them
            task.cancel()
        done = await asyncio.gather(*waiting, return_exceptions=True)
        assert sum(isinstance(each, asyncio.CancelledError) for each in done) == 187
        return server.gaps("GET")

    assert run(main) == pytest.approx([0.102] * 12, abs=1e-4)


def test_a_session_that_ends_while_many_wait_costs_one_login_that_goes_first() -> None:
    async def main(loop: VirtualTime) -> tuple[Server, float]:
        server = Server(loop.time, back=0.05)
        capital = await logged_in(loop, server)
        server.dead.add("cst1")
        started = loop.time()
        await asyncio.gather(*many(capital, positions, 100), *many(capital, candles, 100))
        return server, loop.time() - started

    server, took = run(main)
    assert server.log.count("POST /session") == 1
    assert server.log.index("POST /session") <= 11  # the ten that were on their way, and no further turn is spent
    assert len(server.seen) <= 200 + 10 + 1
    assert took < 22.5
    assert server.refused == []


def test_logins_of_one_key_are_a_second_apart_while_others_go_on() -> None:
    async def main(loop: VirtualTime) -> Server:
        server = Server(loop.time)
        address = new_address()
        capital = await logged_in(loop, server, base_url=address)
        clients = [client(loop, server, base_url=address) for _ in range(3)]
        await asyncio.gather(*(positions(each) for each in clients), *many(capital, candles, 30))
        return server

    server = run(main)
    assert server.gaps("POST /session") == pytest.approx([1.02] * 2, abs=1e-4)
    # A login that waits for its second holds up nobody: between two candles there is at most its own request, and the
    # one that it was made for.
    assert max(server.gaps("GET /prices")) < 0.31
    assert server.refused == []
