"""A history that does not grow for ever."""

from typing import TypeVar

T = TypeVar("T")

MOST_ROWS = 10_000


class Newest(list[T]):
    """A list, oldest first, that keeps its newest rows and forgets the others."""

    def append(self, row: T, /) -> None:
        """Add a row; above the limit the oldest one goes."""
        super().append(row)
        if len(self) > MOST_ROWS:
            del self[: len(self) - MOST_ROWS]
