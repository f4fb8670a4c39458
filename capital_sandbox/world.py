"""Everything that exists in a sandbox, put together: markets, customers, desks. No I/O and no HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from .accounts import Account, Credentials, Customer
from .candles import PriceSource
from .catalogue import Catalogue
from .clock import Clock, to_milliseconds
from .dealing import Dealing
from .encryption import LoginKey
from .equity import stops
from .execution import Execution
from .feed import Feed
from .generated_markets import generated_markets
from .identifiers import Identifiers
from .limits import LimitKeeper, Limits
from .navigation import Navigation
from .passage import Passage
from .recorded_prices import RecordedPrices
from .sessions import Sessions
from .watchlists import Watchlists
from .working_orders import WorkingOrders

DEMO_CREDENTIALS = Credentials("sandbox-api-key", "demo@example.com", "sandbox-password")
OPENING_DEPOSITS: Mapping[str, Decimal] = {"USD": Decimal("10000.00"), "EUR": Decimal("5000.00")}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a world differs from the default one; times in milliseconds."""

    seed: int
    confirm_delay: int
    session_cap: int | None
    timezone_offset: int
    markets: int = 0
    """How many markets there are at least; what the catalogue lacks is made up."""
    confirm_levels: bool = True
    """Whether the confirm of an opening tells its level, and not 0."""


class World:
    """The state behind the API."""

    def __init__(self, clock: Clock, settings: Settings, limits: Limits, prices: PriceSource) -> None:
        self.clock = clock
        self.settings = settings
        self.catalogue = _catalogue(settings.markets, prices)
        self.feed = Feed(prices)
        self.navigation = Navigation(self.catalogue, self.feed)
        self.identifiers = Identifiers(settings.seed)
        self.limits = LimitKeeper(limits)
        self.login_key = LoginKey()
        self.sessions = Sessions(settings.session_cap)
        self.customers: dict[str, Customer] = {}
        execution = Execution(self.feed, self.identifiers)
        self.dealing = Dealing(self.feed, self.identifiers, execution, confirm_levels=settings.confirm_levels)
        self.orders = WorkingOrders(self.feed, self.identifiers, execution, self.dealing)
        self.passage = Passage(self.feed, self.dealing, self.orders)

    def now(self) -> int:
        """The present in epoch milliseconds."""
        return to_milliseconds(self.clock.now())

    def add_customer(
        self,
        credentials: Credentials,
        deposits: Mapping[str, Decimal] = OPENING_DEPOSITS,
        *,
        live: bool = False,
        guaranteed_stops_required: bool = False,
    ) -> Customer:
        """A new login with an account for each currency and its opening deposit; the first is the preferred one."""
        if credentials.api_key in self.customers:
            raise ValueError("there is a customer with this API key already")
        random = Random(f"customer/{self.settings.seed}/{len(self.customers)}")  # noqa: S311
        accounts: dict[str, Account] = {}
        for currency, deposit in deposits.items():
            account = Account(
                str(random.randrange(10**17, 4 * 10**17)),
                currency,
                preferred=not accounts,
                identifiers=self.identifiers,
                confirm_delay=self.settings.confirm_delay,
            )
            account.guaranteed_stops_required = guaranteed_stops_required
            account.ledger.book(self.now(), "DEPOSIT", "Deposit", deposit)
            accounts[account.account_id] = account
        customer = Customer(
            credentials,
            str(random.randrange(10**7, 10**8)),
            self.settings.timezone_offset,
            accounts,
            Watchlists(self.catalogue, self.identifiers),
            live,
        )
        self.customers[credentials.api_key] = customer
        return customer

    def let_time_pass(self, customer: Customer) -> None:
        """Bring all accounts of a customer to the present."""
        now = self.now()
        for account in customer.accounts.values():
            # In steps, so that the equity curve shows what happened on the way.
            for instant in stops(account.processed, now) if account.positions or account.orders else ():
                self.passage.advance(account, instant)
                account.equity.add(instant, account.balance(self.feed, instant).balance)
            self.passage.advance(account, now)
            if account.equity.is_due(now):
                account.equity.add(now, account.balance(self.feed, now).balance)


def _catalogue(markets: int, prices: PriceSource) -> Catalogue:
    """The markets of a world: the catalogue's, those of a recording, and made-up ones to fill up."""
    catalogue = Catalogue.default()
    if isinstance(prices, RecordedPrices):
        catalogue = prices.catalogue(catalogue)
    return catalogue.extended(generated_markets(catalogue, max(0, markets - len(catalogue))))
