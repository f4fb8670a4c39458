"""What a user writes. Never run: mypy strict and pyright strict must accept every line, and know every type."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import assert_type

import httpx

from capital_api import Client
from capital_api.api.markets import markets_get
from capital_api.api.positions import positions_open
from capital_api.models import Direction, OrderType, Resolution, TimeInForce, TransactionType
from capital_api.types import Response
from capital_ext import (
    UNSET,
    ApiError,
    AsyncCapital,
    AuthenticationError,
    BadRequestError,
    Capital,
    CapitalAuth,
    CapitalError,
    Credentials,
    DealRejectedError,
    Environment,
    InvalidInputError,
    LoginError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseParseError,
    Retries,
    ServerError,
    TransportError,
    Unset,
    encrypt_password,
    models,
)
from capital_sandbox import Limits, ManualClock, Sandbox

NOW = datetime.datetime.now(datetime.timezone.utc)


def making_clients() -> None:
    credentials = Credentials("key", "me@example.com", "password")
    credentials = Credentials(api_key="key", identifier="me@example.com", password="password")
    assert_type(credentials.identifier, str)
    assert_type(Credentials.from_env(), Credentials)
    Credentials.from_env({"CAPITAL_API_KEY": "key"})
    with Capital() as capital:
        assert_type(capital, Capital)
    Capital(credentials, environment=Environment.LIVE, account_id="1", timeout=5.0, retries=Retries(attempts=1))
    Capital(credentials, base_url="https://example.test", timeout=httpx.Timeout(5.0), transport=httpx.HTTPTransport())
    AsyncCapital(credentials, timeout=3, transport=httpx.AsyncHTTPTransport())
    assert_type(Environment.DEMO.base_url, str)
    assert_type(Capital.sandbox(), Capital)
    assert_type(AsyncCapital.sandbox(), AsyncCapital)
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with Capital.sandbox(sandbox) as inside:
        assert_type(inside.base_url, str)
        assert_type(inside.auth, CapitalAuth)
        assert_type(inside.auth.account_id, str | None)
        assert_type(inside.auth.has_session, bool)
        assert_type(inside.client, Client)
        inside.close(log_out=True)


class MyCapital(Capital):
    """A subclass keeps its own type."""

    def bid(self, epic: str) -> float | None:
        bid = self.markets.get(epic).snapshot.bid
        return None if isinstance(bid, Unset) else bid


def subclassing() -> None:
    with MyCapital.sandbox() as mine:
        assert_type(mine, MyCapital)
        assert_type(mine.bid("GOLD"), float | None)


def the_session_on_its_own() -> None:
    auth = CapitalAuth(Credentials("k", "i", "p"), base_url=Environment.DEMO.base_url, encrypt_password=False)
    with httpx.Client(auth=auth) as http:
        assert_type(http.get("https://example.test/api/v1/ping"), httpx.Response)
    httpx.AsyncClient(auth=auth)
    assert_type(encrypt_password("password", "key", 1773325338473), str)


def every_operation(capital: Capital) -> None:
    assert_type(capital.general.time(), models.ServerTime)
    assert_type(capital.general.time().server_time, int)
    assert_type(capital.general.ping(), models.StatusResult)
    assert_type(capital.general.ping().status, str)

    assert_type(capital.session.encryption_key(), models.EncryptionKey)
    assert_type(capital.session.create(identifier="me", password="pw", encrypted_password=False), models.LoginResult)
    assert_type(capital.session.get(), models.SessionDetails)
    assert_type(capital.session.get().timezone_offset, int)
    assert_type(capital.session.switch(account_id="1"), models.SwitchAccountResult)
    assert_type(capital.session.close(), models.StatusResult)

    assert_type(capital.accounts.all(), models.AccountList)
    assert_type(capital.accounts.all().accounts, list[models.Account])
    assert_type(capital.accounts.all().accounts[0].balance.available, float)
    assert_type(capital.accounts.all().accounts[0].status, models.AccountStatus)
    preferences = capital.accounts.preferences()
    assert_type(preferences, models.AccountPreferences)
    assert_type(preferences.leverages["GOLD"], models.Leverage)
    assert_type(preferences.leverages["GOLD"].available, list[int])
    leverages: Mapping[str, int] = {"INDICES": 10}
    assert_type(
        capital.accounts.update_preferences(leverages=leverages, hedging_mode=False),
        models.StatusResult,
    )
    assert_type(capital.accounts.top_up(amount=100).successful, bool)

    activity = capital.history.activity(
        from_=NOW, to=NOW, last_period=600, detailed=True, deal_id="1", filter_="epic==GOLD"
    )
    assert_type(activity, models.ActivityList)
    assert_type(activity.activities[0].date_utc, datetime.datetime)
    assert_type(activity.activities[0].details, models.ActivityDetails | Unset)
    assert_type(capital.history.transactions(type_="SWAP"), models.TransactionList)
    assert_type(capital.history.transactions(type_=TransactionType.TRADE).transactions[0].size, str)

    assert_type(capital.positions.all(), models.PositionList)
    for row in capital.positions.all().positions:
        assert_type(row, models.OpenPosition)
        assert_type(row.position.upl, float)
        assert_type(row.position.direction, Direction)
        assert_type(row.position.direction.is_known, bool)
        assert_type(row.position.stop_level, float | None | Unset)
        assert_type(row.market.epic, str)
    assert_type(capital.positions.get("1"), models.OpenPosition)
    assert_type(capital.positions.get(deal_id="1").position.created_date_utc, datetime.datetime)
    opened = capital.positions.open(direction="BUY", epic="GOLD", size=0.5, stop_distance=20, trailing_stop=True)
    assert_type(opened, models.DealReference)
    assert_type(capital.positions.open(direction=Direction.SELL, epic="GOLD", size=1).deal_reference, str)
    assert_type(capital.positions.update("1", stop_level=2295.5, profit_amount=None), models.DealReference)
    assert_type(capital.positions.close("1"), models.DealReference)

    assert_type(capital.orders.all(), models.WorkingOrderList)
    assert_type(capital.orders.all().working_orders[0].working_order_data.order_level, float)
    assert_type(capital.orders.all().working_orders[0].market_data, models.Market)
    order = capital.orders.create(
        direction="BUY", epic="GOLD", size=1, level=2280, type_=OrderType.LIMIT, good_till_date=NOW
    )
    assert_type(order, models.DealReference)
    assert_type(capital.orders.update("1", level=2270.5, time_in_force="GOOD_TILL_CANCELLED"), models.DealReference)
    assert_type(capital.orders.update("1", time_in_force=TimeInForce.GOOD_TILL_DATE), models.DealReference)
    assert_type(capital.orders.cancel("1"), models.DealReference)

    confirmation = capital.confirms.get(opened.deal_reference)
    assert_type(confirmation, models.Confirmation)
    assert_type(confirmation.deal_status, models.DealStatus)
    assert_type(confirmation.reject_reason, models.RejectReason | Unset)
    assert_type(confirmation.affected_deals[0].deal_id, str)
    if confirmation.deal_status == "REJECTED" and confirmation.reject_reason is models.RejectReason.CLOSED_MARKET:
        print(confirmation.reject_reason.value)

    assert_type(capital.markets.search(), models.MarketSearchResult)
    found = capital.markets.search(search_term="silver").markets
    assert_type(found, list[models.Market] | Unset)
    for market in found or []:
        assert_type(market.instrument_type, models.InstrumentType)
        assert_type(market.bid, float | Unset)
    epics: Sequence[str] = ("GOLD", "SILVER")
    assert_type(capital.markets.search(epics=epics).market_details, list[models.MarketDetails] | Unset)
    capital.markets.search(epics="GOLD,SILVER")
    details = capital.markets.get("SILVER")
    assert_type(details, models.MarketDetails)
    assert_type(details.snapshot.offer, float | Unset)
    assert_type(details.instrument.opening_hours.mon, list[str])
    assert_type(details.dealing_rules.min_deal_size, models.DealingRule | Unset)
    if details.snapshot.bid is not UNSET:
        print(details.snapshot.bid)
    assert_type(capital.markets.categories().nodes, list[models.CategoryNode])
    assert_type(capital.markets.category("metals", limit=10), models.Category)

    assert_type(capital.prices.history("SILVER"), models.CandleList)
    candles = capital.prices.history("SILVER", resolution="MINUTE_5", max_=200, from_=NOW, to=NOW)
    assert_type(candles.prices[0].open_price.bid, float)
    assert_type(candles.prices[0].snapshot_time_utc, datetime.datetime)
    capital.prices.history(epic="SILVER", resolution=Resolution.DAY)

    assert_type(capital.sentiment.all(market_ids=["GOLD"]), models.SentimentList)
    assert_type(capital.sentiment.get("GOLD").long_position_percentage, float)

    assert_type(capital.watchlists.all().watchlists, list[models.Watchlist])
    created = capital.watchlists.create(name="Metals", epics=["GOLD"])
    assert_type(created, models.CreatedWatchlist)
    assert_type(capital.watchlists.get(created.watchlist_id), models.WatchlistMarkets)
    assert_type(capital.watchlists.add(created.watchlist_id, epic="SILVER"), models.StatusResult)
    assert_type(capital.watchlists.remove(created.watchlist_id, "SILVER"), models.StatusResult)
    assert_type(capital.watchlists.delete(created.watchlist_id), models.StatusResult)


async def every_operation_awaited(capital: AsyncCapital) -> None:
    assert_type(await capital.general.time(), models.ServerTime)
    assert_type(await capital.general.ping(), models.StatusResult)
    assert_type(await capital.session.encryption_key(), models.EncryptionKey)
    assert_type(await capital.session.create(identifier="me", password="pw"), models.LoginResult)
    assert_type(await capital.session.get(), models.SessionDetails)
    assert_type(await capital.session.switch(account_id="1"), models.SwitchAccountResult)
    assert_type(await capital.session.close(), models.StatusResult)
    assert_type(await capital.accounts.all(), models.AccountList)
    assert_type(await capital.accounts.preferences(), models.AccountPreferences)
    assert_type(await capital.accounts.update_preferences(hedging_mode=True), models.StatusResult)
    assert_type(await capital.accounts.top_up(amount=100.5), models.TopUpResult)
    assert_type(await capital.history.activity(from_=NOW), models.ActivityList)
    assert_type(await capital.history.transactions(type_="TRADE"), models.TransactionList)
    assert_type(await capital.positions.all(), models.PositionList)
    assert_type(await capital.positions.get("1"), models.OpenPosition)
    assert_type(await capital.positions.open(direction="SELL", epic="GOLD", size=1), models.DealReference)
    assert_type(await capital.positions.update("1", profit_level=2355), models.DealReference)
    assert_type(await capital.positions.close("1"), models.DealReference)
    assert_type(await capital.orders.all(), models.WorkingOrderList)
    order = await capital.orders.create(direction="BUY", epic="GOLD", size=1, level=2280, type_="STOP")
    assert_type(order, models.DealReference)
    assert_type(await capital.orders.update("1", level=2270), models.DealReference)
    assert_type(await capital.orders.cancel("1"), models.DealReference)
    assert_type(await capital.confirms.get("o_1"), models.Confirmation)
    assert_type(await capital.markets.search(search_term="gold"), models.MarketSearchResult)
    assert_type((await capital.markets.get("SILVER")).snapshot.bid, float | Unset)
    assert_type(await capital.markets.categories(), models.CategoryList)
    assert_type(await capital.markets.category("metals"), models.Category)
    assert_type(await capital.prices.history("SILVER", max_=5), models.CandleList)
    assert_type(await capital.sentiment.all(), models.SentimentList)
    assert_type(await capital.sentiment.get("GOLD"), models.Sentiment)
    assert_type(await capital.watchlists.all(), models.WatchlistList)
    assert_type(await capital.watchlists.create(name="Metals"), models.CreatedWatchlist)
    assert_type(await capital.watchlists.get("1"), models.WatchlistMarkets)
    assert_type(await capital.watchlists.add("1", epic="GOLD"), models.StatusResult)
    assert_type(await capital.watchlists.remove("1", "GOLD"), models.StatusResult)
    assert_type(await capital.watchlists.delete("1"), models.StatusResult)


async def async_life() -> None:
    async with AsyncCapital() as capital:
        assert_type(capital, AsyncCapital)
        await capital.aclose(log_out=True)
    async with AsyncCapital.sandbox() as capital:
        assert_type(await capital.general.ping(), models.StatusResult)


def errors(capital: Capital) -> None:
    try:
        capital.positions.close("1")
    except (BadRequestError, NotFoundError, RateLimitError, AuthenticationError, ServerError) as error:
        assert_type(error.status_code, int)
    except ApiError as error:
        assert_type(error.error_code, str | None)
        assert_type(error.value, float | None)
        assert_type(error.content, bytes)
        assert_type(error.method, str)
        assert_type(error.path, str)
    except OutcomeUnknownError as error:
        assert_type(error.sent, Mapping[str, object] | None)
        assert_type(error.sent_at, datetime.datetime)
        assert_type(error.status_code, int | None)
    except ResponseParseError as error:
        assert_type(error.content, bytes)
    except LoginError as error:
        assert_type(error.error_code, str | None)
    except DealRejectedError as error:
        assert_type(error.reason, str | None)
        assert_type(error.deal_reference, str)
    except (InvalidInputError, NotSentError, TransportError):
        raise
    except CapitalError as error:
        assert_type(error.executed, bool | None)


def the_low_level(capital: Capital) -> None:
    answer = markets_get.sync_detailed(client=capital.client, epic="SILVER")
    assert_type(answer, Response[models.ErrorBody | models.MarketDetails])
    assert_type(answer.status_code, HTTPStatus)
    assert_type(answer.parsed, models.ErrorBody | models.MarketDetails | None)
    assert_type(markets_get.sync(client=capital.client, epic="SILVER"), models.ErrorBody | models.MarketDetails | None)
    body = models.OpenPositionRequest(direction=Direction.BUY, epic="GOLD", size=1.0, stop_level=2295.5)
    assert_type(positions_open.sync(client=capital.client, body=body), models.DealReference | models.ErrorBody | None)


async def the_low_level_awaited(capital: AsyncCapital) -> None:
    answer = await markets_get.asyncio_detailed(client=capital.client, epic="SILVER")
    assert_type(answer, Response[models.ErrorBody | models.MarketDetails])
    assert_type(
        await markets_get.asyncio(client=capital.client, epic="SILVER"), models.ErrorBody | models.MarketDetails | None
    )


def stream_frames(frame: dict[str, object]) -> None:
    quote = models.StreamQuote.from_dict(frame)
    assert_type(quote.payload, models.QuotePayload)
    assert_type(quote.payload.ofr, float)
    assert_type(models.StreamCandle.from_dict(frame).payload.price_type, models.PriceType)
    assert_type(models.StreamError.from_dict(frame).error_code, str | Unset)
