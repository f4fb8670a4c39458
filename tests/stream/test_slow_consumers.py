"""What becomes of quotes that nobody takes in time, and of everything else."""

from __future__ import annotations

from typing import Any

import pytest

from capital_ext import Candle, Quote, SlowConsumerError
from capital_ext.stream.inbox import Inbox

from .world import Live, Making


def waiting(one: Live) -> list[Any]:
    """All that waits in the stream, in the order in which it can be taken."""
    found: list[Any] = []
    with one.stream._board.lock:
        while (event := one.stream._board.inbox.take()) is not None:
            found.append(event)
    return found


def let_come(one: Live, seconds: int) -> None:
    """Time goes on while nobody takes anything."""
    connection = one.sandbox.streams[0]
    for _ in range(seconds):
        one.clock.advance(1)
        one.wait(lambda: connection.settled >= one.clock.now().timestamp() * 1000 - 1)
    heard = one.stream._board.connections[0]
    one.call(lambda capital: capital.general.time())
    one.wait(lambda: heard._heard_at >= one.clock.now().timestamp() - 40)


def test_of_what_waits_the_newest_of_each_market_is_kept(make: Making) -> None:
    one = make(options={"limit": 6})
    one.quotes("SILVER", "GOLD", "BTCUSD")
    one.live()
    let_come(one, 300)
    truth = one.sandbox.streams[0].sent - 1
    one.wait(lambda: one.stream.dropped + len(one.stream._board.inbox) >= truth - one.sandbox.streams[0].received + 1)
    events = waiting(one)
    assert len(events) <= 6
    assert {event.epic for event in events} == {"SILVER", "GOLD", "BTCUSD"}
    assert [event.time for event in events] == sorted(event.time for event in events)
    for epic in ("SILVER", "GOLD", "BTCUSD"):
        newest = max(event.time for event in events if event.epic == epic)
        feed = next(feed for topic, feed in one.stream._board._feeds.items() if topic.epic == epic)
        assert newest == feed.last.time
    assert one.stream.dropped > 20


def test_or_the_oldest_are_left_out(make: Making) -> None:
    one = make(options={"limit": 5, "overflow": "oldest"})
    one.quotes("SILVER", "GOLD")
    one.live()
    let_come(one, 120)
    one.wait(lambda: one.stream.dropped > 5)
    newest = sorted(feed.last.time for feed in one.stream._board._feeds.values())
    events = waiting(one)
    assert len(events) == 5
    assert events[-1].time == newest[-1]


def test_or_an_error_says_so_and_the_rest_can_be_taken(make: Making) -> None:
    one = make(options={"limit": 4, "overflow": "raise"})
    one.quotes("SILVER", "GOLD")
    one.live()
    let_come(one, 120)
    one.wait(lambda: one.stream.dropped > 3)
    for _ in range(4):
        assert isinstance(one.take(), Quote)
    with pytest.raises(SlowConsumerError) as caught:  # in the place of what is missing
        one.take()
    assert caught.value.dropped == one.stream.dropped > 3
    assert isinstance(one.next(), Quote)


def test_candles_are_never_left_out(make: Making) -> None:
    one = make(options={"limit": 1})
    one.quotes("SILVER")
    one.candles("SILVER")
    one.live()
    let_come(one, 600)
    one.wait(lambda: len(one.stream._board.inbox._others) == 10)
    events = waiting(one)
    assert sum(isinstance(event, Candle) for event in events) == 10
    assert sum(isinstance(event, Quote) for event in events) == 1


def test_each_subscription_that_is_iterated_over_has_its_own_count(make: Making) -> None:
    one = make(options={"limit": 2})
    silver = one.quotes("SILVER")
    gold = one.quotes("GOLD")
    one.live()
    one.a(Quote, silver)
    let_come(one, 120)
    one.wait(lambda: silver.dropped and gold.dropped)
    assert gold.dropped == one.stream.dropped
    assert silver.dropped != one.stream.dropped or silver._inbox() is not gold._order.inbox


def test_events_keep_their_order_whatever_their_kind() -> None:
    from datetime import datetime, timedelta, timezone

    from capital_ext import Gap, Topic

    inbox = Inbox(100, "latest")
    start = datetime(2026, 6, 10, tzinfo=timezone.utc)
    for number in range(20):
        time = start + timedelta(seconds=number)
        if number % 3:
            inbox.put_quote(Quote("SILVER", 1, 2, None, None, time))
        else:
            inbox.put(Gap(Topic("SILVER"), time, time))
    taken: list[Any] = [inbox.take() for _ in range(20)]
    times = [event.time if isinstance(event, Quote) else event.start for event in taken]
    assert times == [start + timedelta(seconds=number) for number in range(20)]
    assert inbox.take() is None
