"""How the sandbox says no: an HTTP status and one of the API's error codes."""

from decimal import Decimal


class Refusal(Exception):
    """Raised anywhere below a route; becomes ``{"errorCode": code}`` with the status.

    Some codes carry a value, as in ``error.invalid.stoploss.minvalue: 17.146``.
    """

    def __init__(self, status: int, code: str, value: Decimal | None = None) -> None:
        self.status = status
        self.code = code if value is None else f"{code}: {plain(value)}"
        super().__init__(self.code)


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
