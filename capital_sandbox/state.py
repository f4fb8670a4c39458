"""A picture of a sandbox at one instant: for tests, for the page at ``/``, for looking around in.

Everything in it is immutable and holds nothing secret: no password, no key, no token. `to_dict` gives JSON content
under the API's kind of names (``dealId``); times are UTC, and absent values are null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from .accounts import Account, Customer
from .activity import Activity
from .api.numbers import number
from .catalogue import Instrument
from .clock import from_milliseconds
from .deals import Order, Position
from .faults import Rule
from .feed import NoPrices
from .ledger import Transaction
from .request_log import RequestRecord
from .stream.streams import Connection
from .world import DEMO_CREDENTIALS, World

if TYPE_CHECKING:
    from .sandbox import Sandbox

_ROWS = 30
_REQUESTS = 50
_MARKETS = 12
_SHOWN_FIRST = ("BTCUSD", "EURUSD", "GOLD", "SILVER", "OIL_CRUDE", "US100", "DE40", "AAPL")


class Picture:
    """A part of the state."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """This as JSON content."""
        return {key: _content(getattr(self, name)) for name, key in _names(cast("Any", type(self)))}


@dataclass(frozen=True, slots=True)
class EquityState(Picture):
    """A point of an equity curve."""

    time: datetime
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionState(Picture):
    """An open position; the profit is in the account's currency."""

    deal_id: str
    epic: str
    name: str
    direction: str
    size: Decimal
    level: Decimal
    bid: Decimal
    offer: Decimal
    profit: Decimal
    currency: str
    leverage: int
    created: datetime
    stop_level: Decimal | None
    profit_level: Decimal | None
    trailing: bool
    guaranteed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState(Picture):
    """A working order. Its stop and profit become levels when it is filled."""

    deal_id: str
    epic: str
    name: str
    kind: str
    direction: str
    size: Decimal
    level: Decimal
    bid: Decimal
    offer: Decimal
    created: datetime
    good_till: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionState(Picture):
    """A booking; what was lost or charged is negative."""

    time: datetime
    reference: str
    kind: str
    note: str
    amount: Decimal
    epic: str | None
    deal_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityState(Picture):
    """Something that was done to a deal."""

    time: datetime
    epic: str
    deal_id: str
    source: str
    type: str
    status: str
    direction: str
    size: Decimal
    level: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState(Picture):
    """One account: its money, what is open, and the newest of its history, newest first."""

    account_id: str
    currency: str
    symbol: str
    preferred: bool
    active: bool
    """Whether a session that is alive trades on it."""
    hedging: bool
    deposit: Decimal
    profit: Decimal
    balance: Decimal
    margin: Decimal
    available: Decimal
    positions: tuple[PositionState, ...]
    orders: tuple[OrderState, ...]
    transactions: tuple[TransactionState, ...]
    activity: tuple[ActivityState, ...]
    equity: tuple[EquityState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerState(Picture):
    """One login and its accounts."""

    client_id: str
    identifier: str
    usual: bool
    """Whether it logs in with the credentials that every sandbox has unless told otherwise."""
    sessions: int
    accounts: tuple[AccountState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState(Picture):
    """A live price. The change is that of the day, in percent; None for a market that does not tell it."""

    epic: str
    name: str
    bid: Decimal
    offer: Decimal
    time: datetime
    open: bool
    percentage: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultState(Picture):
    """A rule that makes calls or the stream fail, and how often it struck."""

    number: int
    name: str
    method: str | None
    path: str | None
    """Which calls it is about, or which frames: then their destination and epic. None for all."""
    seen: int
    hits: int
    times: int | None
    """How often it strikes at most."""
    details: Mapping[str, object]
    """Whatever else was asked for, as JSON content: ``place``, ``status``, ``every``, ``since`` and so on."""

    def to_dict(self) -> dict[str, Any]:
        """This as JSON content."""
        return Picture.to_dict(self) | {"details": dict(self.details)}  # names in a body are not ours to change


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState(Picture):
    """An open connection to the stream."""

    number: int
    subscriptions: int
    sent: int
    """How many frames it was sent."""
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsState(Picture):
    """What the sandbox was started with; durations in seconds. A limit that is None is off."""

    seed: int
    speed: float | None
    """How many times faster than real the clock runs; 0 stands still, None when it does not say."""
    markets: int
    confirm_delay: float
    confirm_levels: bool
    """Whether the confirm of an opening tells its level, and not 0."""
    session_cap: float | None
    timezone_offset: int
    limits: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Picture):
    """The whole picture."""

    now: datetime
    customers: tuple[CustomerState, ...]
    markets: tuple[MarketState, ...]
    """Those with open deals, then some that are often traded."""
    requests: tuple[RequestRecord, ...]
    """The newest ones, newest first; `Sandbox.requests` has more."""
    requests_remembered: int
    faults: tuple[FaultState, ...]
    streams: tuple[StreamState, ...]
    settings: SettingsState

    @property
    def account(self) -> AccountState:
        """The preferred account of the first customer."""
        return next(account for account in self.customers[0].accounts if account.preferred)


def take(sandbox: Sandbox) -> State:
    """A picture of the present. Accounts are brought to it first, as every request does."""
    world = sandbox.world
    for customer in world.customers.values():
        world.let_time_pass(customer)
    now = world.now()
    requests = tuple(sandbox.requests)
    return State(
        now=from_milliseconds(now),
        customers=tuple(_customer(world, customer, now) for customer in world.customers.values()),
        markets=_markets(world, now),
        requests=requests[: -_REQUESTS - 1 : -1],
        requests_remembered=len(requests),
        faults=tuple(_fault(rule) for rule in sandbox.faults),
        streams=tuple(_stream(connection) for connection in sandbox.streams),
        settings=_settings(world),
    )


def _customer(world: World, customer: Customer, now: int) -> CustomerState:
    sessions = [session for session in world.sessions.alive(now) if session.customer is customer]
    active = {session.account.account_id for session in sessions}
    return CustomerState(
        client_id=customer.client_id,
        identifier=customer.credentials.identifier,
        usual=customer.credentials == DEMO_CREDENTIALS,
        sessions=len(sessions),
        accounts=tuple(
            _account(world, account, now, active=account.account_id in active) for account in customer.accounts.values()
        ),
    )


def _account(world: World, account: Account, now: int, *, active: bool) -> AccountState:
    money = account.balance(world.feed, now)
    return AccountState(
        account_id=account.account_id,
        currency=account.currency,
        symbol=account.symbol,
        preferred=account.preferred,
        active=active,
        hedging=account.preferences.hedging,
        deposit=money.deposit,
        profit=money.profit_loss,
        balance=money.balance,
        margin=money.margin,
        available=money.available,
        positions=tuple(_position(world, account, position, now) for position in account.positions.values()),
        orders=tuple(_order(world, order, now) for order in account.orders.values()),
        transactions=tuple(_transaction(row) for row in account.ledger.transactions[: -_ROWS - 1 : -1]),
        activity=tuple(_activity(row) for row in account.activity[: -_ROWS - 1 : -1]),
        equity=tuple(
            EquityState(from_milliseconds(time), balance) for time, balance in account.equity.until(now, money.balance)
        ),
    )


def _position(world: World, account: Account, position: Position, now: int) -> PositionState:
    quote = world.feed.quote(position.instrument, now)
    return PositionState(
        deal_id=position.deal_id,
        epic=position.instrument.epic,
        name=position.instrument.name,
        direction=position.direction,
        size=position.size,
        level=position.level,
        bid=quote.bid,
        offer=quote.offer,
        profit=round(account.open_profit(position, world.feed, now), 2),
        currency=position.instrument.currency,
        leverage=position.leverage,
        created=from_milliseconds(position.created),
        stop_level=position.protection.stop_level,
        profit_level=position.protection.profit_level,
        trailing=position.protection.trailing,
        guaranteed=position.protection.guaranteed,
    )


def _order(world: World, order: Order, now: int) -> OrderState:
    quote = world.feed.quote(order.instrument, now)
    return OrderState(
        deal_id=order.deal_id,
        epic=order.instrument.epic,
        name=order.instrument.name,
        kind=order.kind,
        direction=order.direction,
        size=order.size,
        level=order.level,
        bid=quote.bid,
        offer=quote.offer,
        created=from_milliseconds(order.created),
        good_till=None if order.good_till is None else from_milliseconds(order.good_till),
    )


def _transaction(row: Transaction) -> TransactionState:
    return TransactionState(
        time=from_milliseconds(row.time),
        reference=row.reference,
        kind=row.kind,
        note=row.note,
        amount=row.amount,
        epic=row.epic,
        deal_id=row.deal_id,
    )


def _activity(row: Activity) -> ActivityState:
    return ActivityState(
        time=from_milliseconds(row.time),
        epic=row.instrument.epic,
        deal_id=row.deal_id,
        source=row.source,
        type=row.type,
        status=row.status,
        direction=row.direction,
        size=row.size,
        level=row.level,
    )


def _markets(world: World, now: int) -> tuple[MarketState, ...]:
    accounts = [account for customer in world.customers.values() for account in customer.accounts.values()]
    positions = [position.instrument for account in accounts for position in account.positions.values()]
    orders = [order.instrument for account in accounts for order in account.orders.values()]
    usual = [world.catalogue[epic] for epic in _SHOWN_FIRST if epic in world.catalogue]
    shown = list(dict.fromkeys((*positions, *orders, *usual)))[:_MARKETS]
    return tuple(market for instrument in shown if (market := _market(world, instrument, now)) is not None)


def _market(world: World, instrument: Instrument, now: int) -> MarketState | None:
    try:
        quote = world.feed.quote(instrument, now)
        day = world.feed.day(instrument, now) if instrument.shows_range else None
    except NoPrices:
        return None
    return MarketState(
        epic=instrument.epic,
        name=instrument.name,
        bid=quote.bid,
        offer=quote.offer,
        time=from_milliseconds(quote.time),
        open=world.feed.is_open(instrument, now),
        percentage=None if day is None else round(day.percentage, 2),
    )


def _fault(rule: Rule) -> FaultState:
    told_elsewhere = ("id", "fault", "method", "path", "epic", "destination", "times", "seen", "hits")
    details = {name: value for name, value in rule.to_dict().items() if name not in told_elsewhere}
    return FaultState(
        number=rule.number,
        name=rule.effect.name,
        method=rule.calls.method,
        path=rule.calls.path,
        seen=rule.seen,
        hits=rule.hits,
        times=rule.calls.times,
        details=MappingProxyType(details),
    )


def _stream(connection: Connection) -> StreamState:
    return StreamState(
        number=connection.number,
        subscriptions=len(connection.subscriptions),
        sent=connection.sent,
        received=connection.received,
    )


def _settings(world: World) -> SettingsState:
    settings, limits = world.settings, world.limits.limits
    return SettingsState(
        seed=settings.seed,
        speed=getattr(world.clock, "speed", None),
        markets=len(world.catalogue),
        confirm_delay=settings.confirm_delay / 1000,
        confirm_levels=settings.confirm_levels,
        session_cap=None if settings.session_cap is None else settings.session_cap / 1000,
        timezone_offset=settings.timezone_offset,
        limits={field.name: getattr(limits, field.name) for field in fields(limits)},
    )


def _content(value: object) -> Any:
    """A value as JSON knows it."""
    match value:
        case Decimal():
            return number(value)
        case datetime():
            return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case str() | int() | None:
            return value
        case Picture() | RequestRecord():
            return value.to_dict()
        case Mapping():
            return {_camel(str(key)): _content(item) for key, item in cast("Mapping[object, object]", value).items()}
        case Sequence():
            return [_content(item) for item in cast("Sequence[object]", value)]
        case _:
            return value


@cache
def _names(kind: type) -> tuple[tuple[str, str], ...]:
    """The fields of a picture, and what they are called in JSON."""
    return tuple((field.name, _camel(field.name)) for field in fields(kind))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
