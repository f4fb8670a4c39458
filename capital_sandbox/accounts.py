"""Accounts and the customer who owns them."""

from dataclasses import dataclass, field
from decimal import Decimal

from .activity import Activity
from .confirms import Confirms
from .currencies import SYMBOLS, cents, convert
from .deals import Order, Position
from .equity import EquityCurve
from .feed import Feed
from .identifiers import Identifiers
from .ledger import Ledger
from .newest import Newest
from .watchlists import Watchlists

LEVERAGES = {
    "SHARES": (1, 2, 3, 4, 5),
    "CURRENCIES": (1, 2, 3, 4, 5, 10, 20, 30),
    "INDICES": (1, 2, 3, 4, 5, 10, 20),
    "CRYPTOCURRENCIES": (1, 2),
    "COMMODITIES": (1, 2, 3, 4, 5, 10, 20),
}
"""The leverages that each group of instruments can be set to; the last one is the setting at the start."""


@dataclass(slots=True)
class Preferences:
    """How an account trades: netting or hedging, and with which leverage."""

    hedging: bool = False
    leverages: dict[str, int] = field(default_factory=lambda: {group: all_[-1] for group, all_ in LEVERAGES.items()})


@dataclass(frozen=True, slots=True)
class Balance:
    """The four figures of an account, consistent with one another: ``balance == deposit + profit_loss``."""

    balance: Decimal
    deposit: Decimal
    profit_loss: Decimal
    available: Decimal
    margin: Decimal


class Account:
    """One currency's money, deals and history."""

    def __init__(
        self, account_id: str, currency: str, *, preferred: bool, identifiers: Identifiers, confirm_delay: int
    ) -> None:
        self.account_id = account_id
        self.currency = currency
        self.symbol = SYMBOLS[currency]
        self.preferred = preferred
        self.preferences = Preferences()
        self.ledger = Ledger(identifiers)
        self.positions: dict[str, Position] = {}
        self.orders: dict[str, Order] = {}
        self.activity = Newest[Activity]()
        self.confirms = Confirms(confirm_delay)
        self.guaranteed_stops_required = False
        """Whether every deal needs a guaranteed stop, as it does for some customers."""
        self.equity = EquityCurve()
        self.processed = 0
        """The instant up to which orders and stops have been looked after."""

    def money(self, amount: Decimal, currency: str) -> Decimal:
        """An amount in this account's currency, unrounded."""
        return convert(amount, currency, self.currency)

    def exit_level(self, position: Position, feed: Feed, now: int) -> Decimal:
        """Where a position would close now: at the quote, but no worse than at its guaranteed stop."""
        level = position.direction.exit(feed.quote(position.instrument, now))
        stop = position.protection.stop_level
        if position.protection.guaranteed and stop is not None and (stop - level) * position.direction.sign > 0:
            return stop
        return level

    def open_profit(self, position: Position, feed: Feed, now: int) -> Decimal:
        """What closing a position now would earn, in the account's currency."""
        level = self.exit_level(position, feed, now)
        return self.money(position.profit_at(level), position.instrument.currency)

    def margin(self, position: Position, feed: Feed, now: int) -> Decimal:
        """The money that a position binds at its present price."""
        level = self.exit_level(position, feed, now)
        return self.money(position.size * level, position.instrument.currency) / position.leverage

    def balance(self, feed: Feed, now: int) -> Balance:
        """The account at an instant, in cents."""
        positions = self.positions.values()
        profit = cents(sum((self.open_profit(position, feed, now) for position in positions), Decimal(0)))
        margin = cents(sum((self.margin(position, feed, now) for position in positions), Decimal(0)))
        balance = self.ledger.deposit + profit
        return Balance(balance, self.ledger.deposit, profit, balance - margin, margin)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a customer logs in with. The repr hides the secrets."""

    api_key: str = field(repr=False)
    identifier: str
    password: str = field(repr=False)


@dataclass(slots=True, eq=False)
class Customer:
    """One login: its credentials, accounts and watchlists. Nobody sees another's."""

    credentials: Credentials
    client_id: str
    timezone_offset: int
    """Hours by which the customer's local times are ahead of UTC; not zero, so that mix-ups show."""
    accounts: dict[str, Account]
    watchlists: Watchlists
    live: bool = False
    """Whether the money is meant to be real: then it cannot be topped up."""

    @property
    def preferred(self) -> Account:
        """The account on which every new session begins."""
        return next(account for account in self.accounts.values() if account.preferred)
