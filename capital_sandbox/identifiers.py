"""The ids that the sandbox hands out: in the API's shapes, unique, and the same for the same seed."""

from itertools import count
from random import Random
from uuid import UUID


class Identifiers:
    """One source for every id of a world, so that no two things ever share one."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"ids/{seed}")  # noqa: S311
        self._deals = count(0x8056_0043)
        self._transactions = count(20_260_001)
        self._watchlists = count(100_001)

    def deal(self) -> str:
        """A deal id. Like the real ones it looks like a UUID and is not one (no version)."""
        return f"006011e7-0001-54c4-0000-{next(self._deals):012x}"

    def order_reference(self) -> str:
        """The deal reference of a new order, ``o_<uuid>``."""
        return f"o_{UUID(int=self._random.getrandbits(128), version=4)}"

    def transaction(self) -> str:
        """The reference of a transaction: digits."""
        return str(next(self._transactions))

    def watchlist(self) -> str:
        """The id of a watchlist: digits."""
        return str(next(self._watchlists))
