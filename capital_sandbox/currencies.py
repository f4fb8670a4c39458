"""Money of several currencies: fixed rates, cents, and the signs printed beside amounts.

The rates do not move. A real broker converts with the market; here every change of a balance shall be
explained by the trade that made it and nothing else.
"""

from decimal import ROUND_HALF_EVEN, Decimal

IN_DOLLARS = {
    "USD": Decimal(1),
    "EUR": Decimal("1.15"),
    "GBP": Decimal("1.35"),
    "JPY": Decimal("0.0069"),
    "PLN": Decimal("0.27"),
    "SGD": Decimal("0.78"),
    "CHF": Decimal("1.22"),
    "CAD": Decimal("0.73"),
    "AUD": Decimal("0.65"),
    "HKD": Decimal("0.1275"),
    "SEK": Decimal("0.105"),
    "NOK": Decimal("0.099"),
    "TRY": Decimal("0.0255"),
    "ZAR": Decimal("0.056"),
    "HUF": Decimal("0.00285"),
    "BTC": Decimal(105000),
}
"""What one unit of each currency is worth in US dollars."""

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "PLN": "zł", "CHF": "Fr", "AUD": "A$"}
"""The currencies that an account may have."""

_CENT = Decimal("0.01")


def convert(amount: Decimal, source: str, target: str) -> Decimal:
    """An amount of one currency in another, unrounded."""
    return amount if source == target else amount * IN_DOLLARS[source] / IN_DOLLARS[target]


def cents(amount: Decimal) -> Decimal:
    """An amount rounded to what can be booked."""
    return amount.quantize(_CENT, ROUND_HALF_EVEN)
