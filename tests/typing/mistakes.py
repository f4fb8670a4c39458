"""Mistakes that a user makes. Never run: mypy strict and pyright strict must refuse each marked line, and no other."""

from __future__ import annotations

import datetime

import httpx

from capital_api.api.markets import markets_get
from capital_ext import (
    ApiError,
    AsyncCapital,
    Candle,
    Capital,
    CapitalAuth,
    CapitalError,
    Credentials,
    Environment,
    Quote,
    SlowConsumerError,
    Stale,
    Stream,
    Subscription,
    SubscriptionRefusedError,
    models,
)


def making_clients() -> None:
    Capital("key", "me@example.com", "password")  # error
    Capital(environment="live")  # error
    Capital(Credentials("k", "i", "p"), Environment.LIVE)  # error
    Capital(base_url=5)  # error
    Capital(timeout="5")  # error
    Capital(transport=httpx.AsyncHTTPTransport())  # error
    AsyncCapital(transport=httpx.HTTPTransport())  # error
    Capital(retries=3)  # error
    Capital(api_key="key")  # error
    Credentials("key", "me@example.com")  # error
    Credentials("key", "me@example.com", 12345)  # error
    credentials = Credentials("key", "me@example.com", "password")
    credentials.password = "other"  # error
    CapitalAuth(credentials)  # error
    print(Environment.PAPER)  # error
    with AsyncCapital():  # error
        print("unreachable")


def arguments(capital: Capital) -> None:
    capital.positions.open(direction="LONG", epic="GOLD", size=1)  # error
    capital.positions.open(direction="buy", epic="GOLD", size=1)  # error
    capital.positions.open(direction="BUY", epic="GOLD")  # error
    capital.positions.open(direction="BUY", epic="GOLD", size="1")  # error
    capital.positions.open(direction="BUY", epic="GOLD", size=None)  # error
    capital.positions.open("BUY", "GOLD", 1)  # error
    capital.positions.open(direction="BUY", epic="GOLD", size=1, stoploss=2295)  # error
    capital.positions.open(direction="BUY", epic="GOLD", size=1, guaranteed_stop="yes")  # error
    capital.positions.update(stop_level=2295)  # error
    capital.positions.update("1", 2295)  # error
    capital.positions.close()  # error
    capital.positions.close(1)  # error
    capital.orders.create(direction="BUY", epic="GOLD", size=1, level=2280, type_="MARKET")  # error
    capital.orders.create(direction="BUY", epic="GOLD", size=1, type_="LIMIT")  # error
    capital.orders.create(direction="BUY", epic="GOLD", size=1, level=1, type_="STOP", good_till_date="2026")  # error
    capital.orders.update(level=2275)  # error
    capital.orders.update("1", size=2)  # error
    capital.orders.update("1", time_in_force="GTC")  # error
    capital.prices.history("GOLD", "HOUR")  # error
    capital.prices.history("GOLD", resolution="5m")  # error
    capital.prices.history("GOLD", resolution=models.Direction.BUY)  # error
    capital.prices.history("GOLD", limit=10)  # error
    capital.prices.history("GOLD", max_="10")  # error
    capital.prices.history("GOLD", from_=datetime.date(2026, 3, 12))  # error
    capital.history.transactions(type_="SWAPS")  # error
    capital.markets.search("gold")  # error
    capital.markets.search(epics=[1, 2])  # error
    capital.markets.get(["GOLD"])  # error
    capital.sentiment.get()  # error
    capital.accounts.update_preferences(leverages={"INDICES": "10"})  # error
    capital.accounts.top_up(100)  # error
    capital.session.switch("1")  # error
    capital.watchlists.create(epics=["GOLD"])  # error
    capital.watchlists.add("1", "GOLD")  # error


def answers(capital: Capital) -> None:
    print(capital.markets.fetch("GOLD"))  # error
    print(capital.trading)  # error
    print(capital.markets.get("GOLD").bid)  # error
    print(capital.markets.get("GOLD").snapshot.ask)  # error
    print(capital.markets.get("GOLD").snapshot.lower)  # error
    print(capital.markets.get("GOLD").snapshot.bid + 1)  # error
    print(capital.positions.all()[0])  # error
    print(len(capital.positions.all()))  # error
    print(capital.positions.open(direction="BUY", epic="GOLD", size=1).deal_id)  # error
    print(capital.confirms.get("o_1").reason.upper())  # error
    print(capital.history.transactions().transactions[0].size + 1)  # error
    print(capital.prices.history("GOLD").prices[0].open_price.offer)  # error
    epic: int = capital.markets.get("GOLD").instrument.epic  # error
    print(epic)
    await capital.markets.get("GOLD")  # error


async def awaiting(capital: AsyncCapital) -> None:
    print(capital.markets.get("GOLD").snapshot)  # error
    capital.positions.close("1")  # error
    account: models.AccountList = capital.accounts.all()  # error
    print(account)
    await capital.positions.open(direction="BUY", epic="GOLD", size="1")  # error
    await capital.close()  # error


async def not_awaitable(capital: Capital) -> None:
    await capital.markets.get("GOLD")  # error
    async with capital:  # error
        print("unreachable")


def deals(capital: Capital, waiting: AsyncCapital) -> None:
    capital.deals.open("GOLD", "LONG", 1)  # error
    capital.deals.open("GOLD", "BUY")  # error
    capital.deals.open("GOLD", "BUY", 1, 2295)  # error
    capital.deals.open("GOLD", "BUY", 1, stop_level="2295")  # error
    capital.deals.close(capital.deals.open("GOLD", "BUY", 1).position_id)  # error
    capital.deals.amend("1", trailing_stop=None)  # error
    capital.deals.place("GOLD", "BUY", 1, 2280)  # error
    capital.deals.place("GOLD", "BUY", 1, 2280, "MARKET")  # error
    capital.deals.revise("1", size=2)  # error
    capital.deals.resolve(CapitalError())  # error
    print(capital.deals.check("GOLD", "BUY", 1).message)  # error
    print(waiting.deals.open("GOLD", "BUY", 1).level)  # error


def histories(capital: Capital, waiting: AsyncCapital) -> None:
    capital.candles("GOLD", "5m", "2026-01-05")  # error
    capital.candles("GOLD", "HOUR", last=30)  # error
    capital.candles("GOLD", "HOUR", after="2026-01-05")  # error
    capital.iter_activity("2026-01-01", type_="SWAP")  # error
    capital.iter_transactions(type_="SWAPS")  # error
    capital.candles("GOLD", "HOUR", "2026-01-05").to_csv()  # error
    print(capital.candles("GOLD", "HOUR", "2026-01-05")[0])  # error
    print([candle.close for candle in capital.candles("GOLD", "HOUR", "2026-01-05")])  # error
    print([candle.time for candle in waiting.candles("GOLD", "HOUR", "2026-01-05")])  # error


def live_prices(capital: Capital, stream: Stream, silver: Subscription[Quote]) -> None:
    capital.stream("SILVER")  # error
    capital.stream(overflow="newest")  # error
    capital.stream(limit="2000")  # error
    capital.stream().quote("SILVER")  # error
    stream.quotes(["SILVER", "GOLD"])  # error
    stream.quotes("SILVER", resolution="MINUTE")  # error
    stream.candles("SILVER", kind="renko")  # error
    stream.candles("SILVER", resolution="5m")  # error
    stream.candles("SILVER", after="2026-01-05")  # error
    stream.during()  # error
    print([event.bid for event in silver])  # error
    print(next(stream).epic)  # error
    candles: Subscription[Candle] = silver  # error
    print(candles)
    silver.for_each(print_candle)  # error
    silver.for_each(print())  # error
    silver.dropped = 0  # error
    stream.unsubscribe("SILVER")  # error
    stream.subscribe("SILVER")  # error
    await stream.close()  # error
    for event in silver:
        if isinstance(event, Quote):
            print(event.ask)  # error
            event.bid = 1.0  # error
        elif isinstance(event, Stale):
            print(event.reason == "quiet")  # error
            print(event.topic)  # error
        else:
            print(event.start)  # error


def print_candle(event: Candle) -> None:
    print(event)


async def awaited_prices(capital: AsyncCapital) -> None:
    await capital.stream()  # error
    with capital.stream():  # error
        print("unreachable")
    async with capital.stream() as stream:
        silver = stream.quotes("SILVER")
        await stream.quotes("SILVER")  # error
        await silver.unsubscribe()  # error
        stream.close()  # error
        stream.aclose()  # error
        print(next(silver))  # error
        for _ in stream:  # error
            pass
        async for quote in silver:
            print(quote.bid)  # error


def errors(capital: Capital) -> None:
    try:
        capital.general.ping()
    except ApiError as error:
        print(error.code)  # error
        print(error.status)  # error
        print(error.value + 1)  # error
        print(error.error_code.startswith("error."))  # error
        print(error.response)  # error
    except SubscriptionRefusedError as error:
        print(error.epic)  # error
        print(error.error_code.upper())  # error
    except SlowConsumerError as error:
        print(error.topic)  # error
    except CapitalError as error:
        print(error.status_code)  # error
        print(error.error_code)  # error


def the_low_level(capital: Capital) -> None:
    markets_get.sync(epic="GOLD")  # error
    markets_get.sync(capital.client, "GOLD")  # error
    markets_get.sync(client=capital, epic="GOLD")  # error
    print(markets_get.sync(client=capital.client, epic="GOLD").snapshot)  # error
    models.OpenPositionRequest(direction="BUY", epic="GOLD", size=1)  # error
    models.OpenPositionRequest(models.Direction.BUY, "GOLD")  # error
