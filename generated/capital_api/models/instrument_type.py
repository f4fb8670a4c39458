from __future__ import annotations

from enum import StrEnum


class InstrumentType(StrEnum):
    """Kind of instrument. COMMODITIES, CURRENCIES, INDICES, SHARES and CRYPTOCURRENCIES are in everyday use; the
    other values are declared by the vendor but have not been seen.

    A value that this version does not know is kept: it compares equal to its string, and ``is_known`` is False.
    """

    COMMODITIES = "COMMODITIES"
    """Metals, energy, agricultural goods."""
    CURRENCIES = "CURRENCIES"
    """Currency pairs."""
    INDICES = "INDICES"
    """Stock indices."""
    SHARES = "SHARES"
    """Shares."""
    CRYPTOCURRENCIES = "CRYPTOCURRENCIES"
    """Cryptocurrencies."""
    BINARY = "BINARY"
    BUNGEE_CAPPED = "BUNGEE_CAPPED"
    BUNGEE_COMMODITIES = "BUNGEE_COMMODITIES"
    BUNGEE_CURRENCIES = "BUNGEE_CURRENCIES"
    BUNGEE_INDICES = "BUNGEE_INDICES"
    OPT_COMMODITIES = "OPT_COMMODITIES"
    OPT_CURRENCIES = "OPT_CURRENCIES"
    OPT_INDICES = "OPT_INDICES"
    OPT_RATES = "OPT_RATES"
    OPT_SHARES = "OPT_SHARES"
    RATES = "RATES"
    SECTORS = "SECTORS"
    SPRINT_MARKET = "SPRINT_MARKET"
    TEST_MARKET = "TEST_MARKET"
    UNKNOWN = "UNKNOWN"

    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> InstrumentType:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not a valid {cls.__name__}")
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether this version knows the value."""
        return self._value_ in type(self)._value2member_map_
