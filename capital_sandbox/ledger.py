"""The money of an account: a deposit, and the transactions that explain every cent of it."""

from dataclasses import dataclass
from decimal import Decimal

from .identifiers import Identifiers
from .newest import MOST_ROWS, Newest


@dataclass(frozen=True, slots=True)
class Transaction:
    """One booking. The amount is signed: what was lost or charged is negative."""

    time: int
    reference: str
    kind: str
    note: str
    amount: Decimal
    epic: str | None = None
    deal_id: str | None = None


class Ledger:
    """The only place where a deposit changes, always together with a transaction."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self.deposit = Decimal("0.00")
        self.transactions = Newest[Transaction]()
        self.carried = Decimal("0.00")
        """The sum of the transactions that are kept no longer."""

    def book(
        self,
        time: int,
        kind: str,
        note: str,
        amount: Decimal,
        *,
        epic: str | None = None,
        deal_id: str | None = None,
    ) -> Transaction:
        """Add a signed amount to the deposit."""
        transaction = Transaction(time, self._identifiers.transaction(), kind, note, amount, epic, deal_id)
        if len(self.transactions) == MOST_ROWS:
            self.carried += self.transactions[0].amount
        self.transactions.append(transaction)
        self.deposit += amount
        return transaction
