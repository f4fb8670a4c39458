"""Closing: prompt, from anywhere, and with nothing left behind."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import Any

import pytest

from capital_ext import AsyncCapital, Capital, CapitalError, InvalidInputError, Quote
from capital_sandbox import Limits, ManualClock, RealClock, Sandbox

from .world import Kind, Live, Making, live, quotes_in


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("capital_ext-stream")]


def test_closing_ends_iteration_and_leaves_no_thread() -> None:
    with live("sync") as one:
        one.quotes("SILVER")
        one.live()
        taken: list[Any] = []
        consumer = threading.Thread(target=lambda: taken.extend(one.stream))
        consumer.start()
        one.clock.advance(30)
        one.wait(lambda: taken)
        assert len(ours()) == 3  # errands, one connection, and who speaks on it
        one.stream.close()
        consumer.join(5)
        assert not consumer.is_alive()
        assert not ours()
        assert one.stream.closed
        one.wait(lambda: not one.sandbox.streams)


def test_closing_from_another_thread_and_twice() -> None:
    with live("sync") as one:
        one.quotes("SILVER")
        one.live()
        closers = [threading.Thread(target=one.stream.close) for _ in range(4)]
        for closer in closers:
            closer.start()
        assert list(one.stream) == []
        for closer in closers:
            closer.join(5)
        assert not ours()


def test_closing_from_a_callback() -> None:
    with live("sync") as one:
        done = threading.Event()

        def stop(_: object) -> None:
            one.stream.close()
            done.set()

        one.stream.quotes("SILVER").for_each(stop)
        one.live()
        one.clock.advance(30)
        assert done.wait(5)
        one.wait(lambda: not ours())


def test_the_client_takes_its_streams_along(kind: Kind) -> None:
    with live(kind) as one:
        one.quotes("SILVER")
        one.live()
        if kind == "sync":
            one.capital.close()
        else:
            one.call(lambda capital: capital.aclose())
        assert one.stream.closed
        assert not ours()
        one.wait(lambda: not one.sandbox.streams)
        with pytest.raises(InvalidInputError, match="closed"):
            one.do(lambda: one.capital.stream())
        with pytest.raises(InvalidInputError, match="closed"):
            one.quotes("GOLD")


def test_closing_while_the_server_says_nothing_is_prompt(kind: Kind) -> None:
    with live(kind) as one:
        rule = one.sandbox.faults.stall("GET", "/connect")
        one.quotes("SILVER")
        one.wait(lambda: rule.hits)
        started = time.perf_counter()
        one.close_stream()
        assert time.perf_counter() - started < 3
        assert not ours()


def test_closing_while_it_waits_to_connect_again_is_prompt(kind: Kind) -> None:
    with live(kind) as one:
        one.quotes("SILVER")
        one.live()
        one.sandbox.streams.refuse(1000)
        one.sandbox.streams.drop()
        one.wait(lambda: not one.stream.connected)
        one.do(lambda: None)
        started = time.perf_counter()
        one.close_stream()
        assert time.perf_counter() - started < 3
        assert not ours()


def test_no_task_is_left_behind_whatever_is_cancelled() -> None:
    async def main() -> None:
        sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
        with sandbox.serve() as server:
            from capital_ext import Credentials

            known = sandbox.credentials
            credentials = Credentials(known.api_key, known.identifier, known.password)
            async with AsyncCapital(credentials, base_url=server.url) as capital:
                before = asyncio.all_tasks()

                async def consume() -> None:
                    async with capital.stream() as stream:
                        silver = stream.quotes("SILVER")
                        stream.quotes("GOLD").for_each(print)
                        async for _ in silver:
                            pass

                task = asyncio.create_task(consume())
                for _ in range(2000):
                    await asyncio.sleep(0.005)
                    if sandbox.streams and sandbox.streams[0].subscriptions:
                        break
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert asyncio.all_tasks() == before

    asyncio.run(main())


def test_cancelling_one_iteration_harms_no_other_and_loses_nothing() -> None:
    with live("async") as one:
        one.quotes("SILVER")
        one.live()
        one.clock.advance(60)
        seen: list[Quote] = []

        async def main() -> None:
            for _ in range(200):
                try:
                    async with asyncio.timeout(0.002):
                        async for event in one.stream:
                            assert isinstance(event, Quote)
                            seen.append(event)
                            await asyncio.sleep(0)
                except TimeoutError:
                    pass

        one.run(main())
        feed = next(iter(one.stream._board._feeds.values()))
        assert seen[-1] == feed.last
        assert len(seen) == one.sandbox.streams[0].sent - one.sandbox.streams[0].received


def test_unsubscribing_after_the_end_is_nothing(kind: Kind) -> None:
    with live(kind) as one:
        subscriptions = [one.quotes("SILVER"), one.quotes("GOLD"), one.candles("SILVER")]
        one.live()
        one.close_stream()
        for subscription in subscriptions:
            one.do(subscription.unsubscribe)
            assert not subscription.active


def test_it_is_subscribed_to_where_it_was_opened() -> None:
    with live("async") as one:
        with pytest.raises(InvalidInputError, match="event loop"):
            one.stream.quotes("SILVER")
        other = threading.Thread(target=lambda: asyncio.run(_elsewhere(one)))
        other.start()
        other.join(5)
        assert not one.stream._board.connections


async def _elsewhere(one: Live) -> None:
    with pytest.raises(InvalidInputError, match="event loop"):
        one.stream.quotes("SILVER")


def test_a_mistake_of_this_library_ends_the_stream_loudly(one: Live, caplog: pytest.LogCaptureFixture) -> None:
    one.quotes("SILVER")
    one.live()
    inbox = one.stream._board.inbox
    inbox._waiting.append(None)  # not a function: what is called with the next quote
    with caplog.at_level(logging.ERROR, "capital_ext"), pytest.raises(CapitalError, match="the stream stopped"):
        one.pass_by(120)
    assert one.stream.closed
    assert "TypeError" in caplog.text


def test_it_needs_an_event_loop() -> None:
    from capital_ext import Credentials

    capital = AsyncCapital(Credentials("k", "i", "p"), base_url="http://sandbox")
    with pytest.raises(InvalidInputError, match="event loop"):
        capital.stream()


# --- callbacks --------------------------------------------------------------------------------------------------------


def test_a_callback_is_called_with_each_event(one: Live) -> None:
    seen: list[Any] = []
    one.do(lambda: one.stream.quotes("SILVER").for_each(seen.append))
    one.quotes("GOLD")
    one.live()
    one.clock.advance(59)
    one.wait(lambda: seen)
    assert {quote.epic for quote in quotes_in(one.pass_by(60))} == {"GOLD"}
    assert {event.epic for event in seen} == {"SILVER"}


def test_a_coroutine_function_is_awaited() -> None:
    with live("async") as one:
        seen: list[Any] = []

        async def note(event: object) -> None:
            await asyncio.sleep(0)
            seen.append(event)

        one.do(lambda: one.stream.quotes("SILVER").for_each(note))
        one.live()
        one.clock.advance(59)
        one.wait(lambda: seen)


def test_an_error_in_a_callback_is_logged_and_the_next_event_comes(one: Live, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Any] = []

    def fail(event: object) -> None:
        seen.append(event)
        raise ZeroDivisionError("on purpose")

    with caplog.at_level(logging.ERROR, "capital_ext"):
        one.do(lambda: one.stream.quotes("SILVER").for_each(fail))
        one.live()
        one.clock.advance(59)
        one.wait(lambda: len(seen) > 1)
        one.wait(lambda: len(caplog.records) > 1)
    assert "SILVER" in caplog.text
    assert "on purpose" in caplog.text


def test_a_refusal_ends_a_callback_and_is_logged(one: Live, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "capital_ext"):
        subscription = one.do(lambda: one.stream.quotes("NOPE").for_each(print))
        one.wait(lambda: "error.invalid.epic" in caplog.text)
    assert not subscription.active


def test_a_slow_callback_makes_no_other_wait(make: Making) -> None:
    with live("sync") as one:
        hold = threading.Event()

        def wait(_: object) -> None:
            hold.wait(20)

        slow = one.stream.quotes("SILVER").for_each(wait)
        one.quotes("GOLD")
        one.live()
        assert {quote.epic for quote in quotes_in(one.pass_by(120))} == {"GOLD"}
        assert len(slow._inbox()) > 1
        hold.set()


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_nothing_secret_is_logged_or_shown(one: Live, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        one.quotes("SILVER")
        one.live()
        tokens = one.capital.auth.stream_tokens
        assert tokens is not None
        one.sandbox.expire_sessions()
        one.pass_by(60)
        one.quotes("NOPE")
        with pytest.raises(Exception, match="NOPE") as caught:
            one.pass_by(30)
        newer = one.capital.auth.stream_tokens
        shown = caplog.text + repr(one.stream) + repr(caught.value) + repr(one.stream._board.connections)
        assert newer is not None
        for secret in (*tokens, *newer, one.sandbox.credentials.password, one.sandbox.credentials.api_key):
            assert len(secret) > 3
            assert secret not in shown


@pytest.mark.parametrize(
    ("endpoint", "base_url", "address"),
    [
        (
            "wss://api-streaming-capital.backend-capital.com/",
            "https://demo-api-capital.backend-capital.com",
            "wss://api-streaming-capital.backend-capital.com/connect",
        ),
        ("ws://127.0.0.1:8080/", "http://127.0.0.1:8080", "ws://127.0.0.1:8080/connect"),
        ("wss://sandbox.local/x", "https://sandbox.local", "wss://sandbox.local/x/connect"),
        ("ws://api-streaming-capital.backend-capital.com/", "https://api-capital.backend-capital.com", None),
        ("wss://evil.example/", "https://api-capital.backend-capital.com", None),
        ("wss://backend-capital.com.evil.example/", "https://api-capital.backend-capital.com", None),
        ("wss://127.0.0.2/", "https://127.0.0.1", None),
        ("wss://a:b@api-streaming-capital.backend-capital.com/", "https://api-capital.backend-capital.com", None),
        ("https://api-streaming-capital.backend-capital.com/", "https://api-capital.backend-capital.com", None),
        ("http://[", "https://api-capital.backend-capital.com", None),
    ],
)
def test_tokens_go_to_the_house_of_the_api_only(endpoint: str, base_url: str, address: str | None) -> None:
    from capital_ext import NotSentError
    from capital_ext.stream.lifelines import stream_address

    if address is not None:
        assert stream_address(endpoint, base_url) == address
    else:
        with pytest.raises(NotSentError):
            stream_address(endpoint, base_url)


def test_the_plainest_program_works() -> None:
    with Capital.sandbox(Sandbox(clock=RealClock(speed=60))) as capital, capital.stream() as stream:
        stream.quotes("BTCUSD")
        for event in stream.during(30):
            assert isinstance(event, Quote)
            break
        else:
            raise AssertionError("no quote within half a minute")
