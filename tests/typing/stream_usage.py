"""What a user writes with live prices. Never run: both checkers must accept every line, and know every type."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Literal, assert_type

from capital_ext import (
    AsyncCapital,
    AsyncStream,
    AsyncSubscription,
    Candle,
    Capital,
    Gap,
    LoginError,
    Ohlc,
    Quote,
    Reconnected,
    SlowConsumerError,
    Stale,
    Stream,
    Subscription,
    SubscriptionRefusedError,
    Topic,
)
from capital_ext.models import CandleKind, Resolution

NOW = datetime.datetime.now(datetime.timezone.utc)


def opening(capital: Capital) -> None:
    assert_type(capital.stream(), Stream)
    assert_type(capital.stream(overflow="raise", limit=100, fill=False), Stream)
    with capital.stream(overflow="oldest") as stream:
        assert_type(stream, Stream)
        assert_type(stream.connected, bool)
        assert_type(stream.closed, bool)
        assert_type(stream.dropped, int)
        assert_type(stream.odd_frames, int)
        assert_type(stream.outdated_quotes, int)
    stream.close()


def subscribing(stream: Stream) -> None:
    silver = stream.quotes("SILVER")
    assert_type(silver, Subscription[Quote])
    assert_type(stream.quotes("SILVER", "GOLD"), Subscription[Quote])
    assert_type(stream.quotes(*["SILVER", "GOLD"]), Subscription[Quote])
    minutes = stream.candles("SILVER", "GOLD", resolution="MINUTE_5", kind="heikin-ashi")
    assert_type(minutes, Subscription[Candle])
    assert_type(stream.candles("SILVER", resolution=Resolution.HOUR, kind=CandleKind.CLASSIC), Subscription[Candle])
    assert_type(stream.candles("SILVER", after=NOW), Subscription[Candle])
    assert_type(silver.topics, tuple[Topic, ...])
    assert_type(silver.topics[0].resolution, Resolution | None)
    assert_type(silver.topics[0].kind, CandleKind | None)
    assert_type(silver.epics, tuple[str, ...])
    assert_type(silver.active, bool)
    assert_type(silver.dropped, int)
    silver.unsubscribe()


def taking_everything(stream: Stream) -> None:
    assert_type(next(stream), Quote | Candle | Gap | Stale | Reconnected)
    assert_type(stream.during(10), Iterator[Quote | Candle | Gap | Stale | Reconnected])
    for event in stream:
        assert_type(event, Quote | Candle | Gap | Stale | Reconnected)
        if isinstance(event, Quote):
            assert_type(event.epic, str)
            assert_type(event.bid, float)
            assert_type(event.offer, float)
            assert_type(event.mid, float)
            assert_type(event.spread, float)
            assert_type(event.bid_size, float | None)
            assert_type(event.offer_size, float | None)
            assert_type(event.time, datetime.datetime)
            assert_type(event.raw, Mapping[str, object])
        elif isinstance(event, Candle):
            assert_type(event.mid, Ohlc)
            assert_type(event.kind, CandleKind)
            stream.candles(event.epic, resolution=event.resolution, after=event)
        elif isinstance(event, Gap):
            assert_type(event.topic.epic, str)
            assert_type(event.end - event.start, datetime.timedelta)
        elif isinstance(event, Stale):
            assert_type(event.topics, tuple[Topic, ...])
            assert_type(event.reason, Literal["disconnected", "silent"])
            assert_type(event.since, datetime.datetime)
        else:
            assert_type(event, Reconnected)
            assert_type(event.at, datetime.datetime)


def matching(stream: Stream) -> str:
    """Nothing is left over: a checker would miss a return here."""
    match next(stream):
        case Quote(epic=epic) | Candle(epic=epic):
            return epic
        case Gap(topic=topic):
            return topic.epic
        case Stale(topics=topics) | Reconnected(topics=topics):
            return topics[0].epic


def taking_one_subscription(stream: Stream) -> None:
    silver, candles = stream.quotes("SILVER"), stream.candles("SILVER")
    assert_type(next(silver), Quote | Gap | Stale | Reconnected)
    for event in silver:
        assert_type(event, Quote | Gap | Stale | Reconnected)
    for event in silver.during(2.5):
        assert_type(event, Quote | Gap | Stale | Reconnected)
    for candle in candles:
        assert_type(candle, Candle | Gap | Stale | Reconnected)
        if isinstance(candle, Candle):
            assert_type(candle.bid.close, float)
    assert_type([event.bid for event in silver if isinstance(event, Quote)], list[float])


def each_or_all(source: Stream | Subscription[Quote]) -> None:
    """A function that does not care where its quotes come from."""
    for event in source:
        if isinstance(event, Quote):
            assert_type(event.mid, float)


def calling_back(stream: Stream) -> None:
    seen: list[Quote | Gap | Stale | Reconnected] = []

    def note(event: Quote | Gap | Stale | Reconnected) -> int:
        return len(str(event))

    def note_anything(event: object) -> None:
        print(event)

    assert_type(stream.quotes("SILVER").for_each(note), Subscription[Quote])
    assert_type(stream.quotes("SILVER").for_each(seen.append), Subscription[Quote])
    assert_type(stream.candles("SILVER").for_each(note_anything), Subscription[Candle])
    stream.quotes("SILVER").for_each(print).unsubscribe()
    stream.quotes("SILVER").for_each(lambda event: assert_type(event, Quote | Gap | Stale | Reconnected))


def when_it_goes_wrong(stream: Stream) -> None:
    try:
        next(stream)
    except SubscriptionRefusedError as error:
        assert_type(error.topic, Topic)
        assert_type(error.error_code, str | None)
        assert_type(error.executed, bool | None)
    except SlowConsumerError as error:
        assert_type(error.dropped, int)
    except LoginError as error:
        assert_type(error.error_code, str | None)


async def the_same_with_await(capital: AsyncCapital) -> None:
    assert_type(capital.stream(), AsyncStream)
    async with capital.stream(overflow="latest", limit=1, fill=True) as stream:
        assert_type(stream, AsyncStream)
        silver = stream.quotes("SILVER", "GOLD")
        assert_type(silver, AsyncSubscription[Quote])
        hours = stream.candles("SILVER", resolution="HOUR")
        assert_type(hours, AsyncSubscription[Candle])
        assert_type(await anext(stream), Quote | Candle | Gap | Stale | Reconnected)
        assert_type(await anext(hours), Candle | Gap | Stale | Reconnected)
        assert_type(stream.during(10), AsyncIterator[Quote | Candle | Gap | Stale | Reconnected])
        async for event in stream:
            assert_type(event, Quote | Candle | Gap | Stale | Reconnected)
        async for quote in silver:
            assert_type(quote, Quote | Gap | Stale | Reconnected)
        async for quote in silver.during(2.5):
            assert_type(quote, Quote | Gap | Stale | Reconnected)
        assert_type(silver.dropped, int)
        silver.unsubscribe()
    await stream.aclose()


async def calling_back_in_a_task(stream: AsyncStream) -> None:
    async def note(event: Quote | Gap | Stale | Reconnected) -> None:
        print(event)

    async def note_anything(event: object) -> str:
        return str(event)

    assert_type(stream.quotes("SILVER").for_each(note), AsyncSubscription[Quote])
    assert_type(stream.candles("SILVER").for_each(note_anything), AsyncSubscription[Candle])
    assert_type(stream.quotes("SILVER").for_each(print), AsyncSubscription[Quote])
    stream.quotes("SILVER").for_each(lambda event: note(event))
