"""Numbers on the wire."""

from decimal import Decimal


def number(value: Decimal) -> float:
    """A JSON number: whole values without a fraction, as the API mixes them (``1``, ``0.5``)."""
    return int(value) if value == value.to_integral_value() else float(value)
