"""A history keeps its newest rows."""

from decimal import Decimal

from capital_sandbox.identifiers import Identifiers
from capital_sandbox.ledger import Ledger
from capital_sandbox.newest import MOST_ROWS, Newest


def test_it_forgets_the_oldest_rows() -> None:
    rows = Newest[int]()
    for row in range(MOST_ROWS + 5):
        rows.append(row)
    assert (len(rows), rows[0], rows[-1]) == (MOST_ROWS, 5, MOST_ROWS + 4)


def test_a_deposit_does_not_forget_what_its_history_does() -> None:
    ledger = Ledger(Identifiers(1))
    for _ in range(MOST_ROWS + 5):
        ledger.book(0, "DEPOSIT", "Deposit", Decimal(1))
    assert ledger.deposit == Decimal(MOST_ROWS + 5)
    assert len(ledger.transactions) == MOST_ROWS
