"""Every model of the API. Each is imported when it is first used. Generated; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account import Account
    from .account_list import AccountList
    from .account_preferences import AccountPreferences
    from .account_status import AccountStatus
    from .account_type import AccountType
    from .activity import Activity
    from .activity_details import ActivityDetails
    from .activity_list import ActivityList
    from .activity_source import ActivitySource
    from .activity_status import ActivityStatus
    from .activity_type import ActivityType
    from .add_to_watchlist_request import AddToWatchlistRequest
    from .affected_deal import AffectedDeal
    from .affected_deal_status import AffectedDealStatus
    from .balance import Balance
    from .bid_ask import BidAsk
    from .candle import Candle
    from .candle_kind import CandleKind
    from .candle_list import CandleList
    from .candle_payload import CandlePayload
    from .category import Category
    from .category_list import CategoryList
    from .category_node import CategoryNode
    from .confirmation import Confirmation
    from .create_order_request import CreateOrderRequest
    from .create_watchlist_request import CreateWatchlistRequest
    from .created_watchlist import CreatedWatchlist
    from .deal_reference import DealReference
    from .deal_status import DealStatus
    from .dealing_rule import DealingRule
    from .dealing_rule_unit import DealingRuleUnit
    from .dealing_rules import DealingRules
    from .direction import Direction
    from .encryption_key import EncryptionKey
    from .error_body import ErrorBody
    from .instrument import Instrument
    from .instrument_type import InstrumentType
    from .leverage import Leverage
    from .leverage_changes import LeverageChanges
    from .leverages import Leverages
    from .login_account import LoginAccount
    from .login_request import LoginRequest
    from .login_result import LoginResult
    from .market import Market
    from .market_details import MarketDetails
    from .market_mode import MarketMode
    from .market_order_preference import MarketOrderPreference
    from .market_search_result import MarketSearchResult
    from .market_snapshot import MarketSnapshot
    from .market_status import MarketStatus
    from .open_position import OpenPosition
    from .open_position_request import OpenPositionRequest
    from .opening_hours import OpeningHours
    from .order_type import OrderType
    from .overnight_fee import OvernightFee
    from .position import Position
    from .position_list import PositionList
    from .position_status import PositionStatus
    from .price_type import PriceType
    from .quote_payload import QuotePayload
    from .reject_reason import RejectReason
    from .resolution import Resolution
    from .sentiment import Sentiment
    from .sentiment_list import SentimentList
    from .server_time import ServerTime
    from .session_details import SessionDetails
    from .status_result import StatusResult
    from .stream_ack import StreamAck
    from .stream_ack_payload import StreamAckPayload
    from .stream_candle import StreamCandle
    from .stream_candles_subscribe import StreamCandlesSubscribe
    from .stream_candles_subscribe_payload import StreamCandlesSubscribePayload
    from .stream_candles_unsubscribe import StreamCandlesUnsubscribe
    from .stream_candles_unsubscribe_payload import StreamCandlesUnsubscribePayload
    from .stream_destination import StreamDestination
    from .stream_epics import StreamEpics
    from .stream_error import StreamError
    from .stream_error_payload import StreamErrorPayload
    from .stream_ping import StreamPing
    from .stream_quote import StreamQuote
    from .stream_status import StreamStatus
    from .stream_subscribe import StreamSubscribe
    from .stream_subscriptions import StreamSubscriptions
    from .stream_unsubscribe import StreamUnsubscribe
    from .switch_account_request import SwitchAccountRequest
    from .switch_account_result import SwitchAccountResult
    from .time_in_force import TimeInForce
    from .top_up_request import TopUpRequest
    from .top_up_result import TopUpResult
    from .trailing_stops_preference import TrailingStopsPreference
    from .transaction import Transaction
    from .transaction_list import TransactionList
    from .transaction_type import TransactionType
    from .update_order_request import UpdateOrderRequest
    from .update_position_request import UpdatePositionRequest
    from .update_preferences_request import UpdatePreferencesRequest
    from .watchlist import Watchlist
    from .watchlist_list import WatchlistList
    from .watchlist_markets import WatchlistMarkets
    from .watchlist_status import WatchlistStatus
    from .working_order import WorkingOrder
    from .working_order_data import WorkingOrderData
    from .working_order_list import WorkingOrderList

_MODULES = {
    "Account": "account",
    "AccountList": "account_list",
    "AccountPreferences": "account_preferences",
    "AccountStatus": "account_status",
    "AccountType": "account_type",
    "Activity": "activity",
    "ActivityDetails": "activity_details",
    "ActivityList": "activity_list",
    "ActivitySource": "activity_source",
    "ActivityStatus": "activity_status",
    "ActivityType": "activity_type",
    "AddToWatchlistRequest": "add_to_watchlist_request",
    "AffectedDeal": "affected_deal",
    "AffectedDealStatus": "affected_deal_status",
    "Balance": "balance",
    "BidAsk": "bid_ask",
    "Candle": "candle",
    "CandleKind": "candle_kind",
    "CandleList": "candle_list",
    "CandlePayload": "candle_payload",
    "Category": "category",
    "CategoryList": "category_list",
    "CategoryNode": "category_node",
    "Confirmation": "confirmation",
    "CreatedWatchlist": "created_watchlist",
    "CreateOrderRequest": "create_order_request",
    "CreateWatchlistRequest": "create_watchlist_request",
    "DealingRule": "dealing_rule",
    "DealingRules": "dealing_rules",
    "DealingRuleUnit": "dealing_rule_unit",
    "DealReference": "deal_reference",
    "DealStatus": "deal_status",
    "Direction": "direction",
    "EncryptionKey": "encryption_key",
    "ErrorBody": "error_body",
    "Instrument": "instrument",
    "InstrumentType": "instrument_type",
    "Leverage": "leverage",
    "LeverageChanges": "leverage_changes",
    "Leverages": "leverages",
    "LoginAccount": "login_account",
    "LoginRequest": "login_request",
    "LoginResult": "login_result",
    "Market": "market",
    "MarketDetails": "market_details",
    "MarketMode": "market_mode",
    "MarketOrderPreference": "market_order_preference",
    "MarketSearchResult": "market_search_result",
    "MarketSnapshot": "market_snapshot",
    "MarketStatus": "market_status",
    "OpeningHours": "opening_hours",
    "OpenPosition": "open_position",
    "OpenPositionRequest": "open_position_request",
    "OrderType": "order_type",
    "OvernightFee": "overnight_fee",
    "Position": "position",
    "PositionList": "position_list",
    "PositionStatus": "position_status",
    "PriceType": "price_type",
    "QuotePayload": "quote_payload",
    "RejectReason": "reject_reason",
    "Resolution": "resolution",
    "Sentiment": "sentiment",
    "SentimentList": "sentiment_list",
    "ServerTime": "server_time",
    "SessionDetails": "session_details",
    "StatusResult": "status_result",
    "StreamAck": "stream_ack",
    "StreamAckPayload": "stream_ack_payload",
    "StreamCandle": "stream_candle",
    "StreamCandlesSubscribe": "stream_candles_subscribe",
    "StreamCandlesSubscribePayload": "stream_candles_subscribe_payload",
    "StreamCandlesUnsubscribe": "stream_candles_unsubscribe",
    "StreamCandlesUnsubscribePayload": "stream_candles_unsubscribe_payload",
    "StreamDestination": "stream_destination",
    "StreamEpics": "stream_epics",
    "StreamError": "stream_error",
    "StreamErrorPayload": "stream_error_payload",
    "StreamPing": "stream_ping",
    "StreamQuote": "stream_quote",
    "StreamStatus": "stream_status",
    "StreamSubscribe": "stream_subscribe",
    "StreamSubscriptions": "stream_subscriptions",
    "StreamUnsubscribe": "stream_unsubscribe",
    "SwitchAccountRequest": "switch_account_request",
    "SwitchAccountResult": "switch_account_result",
    "TimeInForce": "time_in_force",
    "TopUpRequest": "top_up_request",
    "TopUpResult": "top_up_result",
    "TrailingStopsPreference": "trailing_stops_preference",
    "Transaction": "transaction",
    "TransactionList": "transaction_list",
    "TransactionType": "transaction_type",
    "UpdateOrderRequest": "update_order_request",
    "UpdatePositionRequest": "update_position_request",
    "UpdatePreferencesRequest": "update_preferences_request",
    "Watchlist": "watchlist",
    "WatchlistList": "watchlist_list",
    "WatchlistMarkets": "watchlist_markets",
    "WatchlistStatus": "watchlist_status",
    "WorkingOrder": "working_order",
    "WorkingOrderData": "working_order_data",
    "WorkingOrderList": "working_order_list",
}

__all__ = [
    "Account",
    "AccountList",
    "AccountPreferences",
    "AccountStatus",
    "AccountType",
    "Activity",
    "ActivityDetails",
    "ActivityList",
    "ActivitySource",
    "ActivityStatus",
    "ActivityType",
    "AddToWatchlistRequest",
    "AffectedDeal",
    "AffectedDealStatus",
    "Balance",
    "BidAsk",
    "Candle",
    "CandleKind",
    "CandleList",
    "CandlePayload",
    "Category",
    "CategoryList",
    "CategoryNode",
    "Confirmation",
    "CreatedWatchlist",
    "CreateOrderRequest",
    "CreateWatchlistRequest",
    "DealingRule",
    "DealingRules",
    "DealingRuleUnit",
    "DealReference",
    "DealStatus",
    "Direction",
    "EncryptionKey",
    "ErrorBody",
    "Instrument",
    "InstrumentType",
    "Leverage",
    "LeverageChanges",
    "Leverages",
    "LoginAccount",
    "LoginRequest",
    "LoginResult",
    "Market",
    "MarketDetails",
    "MarketMode",
    "MarketOrderPreference",
    "MarketSearchResult",
    "MarketSnapshot",
    "MarketStatus",
    "OpeningHours",
    "OpenPosition",
    "OpenPositionRequest",
    "OrderType",
    "OvernightFee",
    "Position",
    "PositionList",
    "PositionStatus",
    "PriceType",
    "QuotePayload",
    "RejectReason",
    "Resolution",
    "Sentiment",
    "SentimentList",
    "ServerTime",
    "SessionDetails",
    "StatusResult",
    "StreamAck",
    "StreamAckPayload",
    "StreamCandle",
    "StreamCandlesSubscribe",
    "StreamCandlesSubscribePayload",
    "StreamCandlesUnsubscribe",
    "StreamCandlesUnsubscribePayload",
    "StreamDestination",
    "StreamEpics",
    "StreamError",
    "StreamErrorPayload",
    "StreamPing",
    "StreamQuote",
    "StreamStatus",
    "StreamSubscribe",
    "StreamSubscriptions",
    "StreamUnsubscribe",
    "SwitchAccountRequest",
    "SwitchAccountResult",
    "TimeInForce",
    "TopUpRequest",
    "TopUpResult",
    "TrailingStopsPreference",
    "Transaction",
    "TransactionList",
    "TransactionType",
    "UpdateOrderRequest",
    "UpdatePositionRequest",
    "UpdatePreferencesRequest",
    "Watchlist",
    "WatchlistList",
    "WatchlistMarkets",
    "WatchlistStatus",
    "WorkingOrder",
    "WorkingOrderData",
    "WorkingOrderList",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
