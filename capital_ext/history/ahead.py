"""Calls made ahead of whoever takes their answers: several in flight, finished in order, never more than so many."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import define, field

from ..workflow import Begun, Steps, begin
from .windows import Window

if TYPE_CHECKING:
    from capital_api import Api

__all__ = ["Ahead"]

T = TypeVar("T")


@define
class Ahead(Generic[T]):
    """The windows of a walk, from the first to the last. More may be added at the end."""

    windows: Sequence[Window]
    ask_for: Callable[[Window], Callable[[Api], T]]
    """The call for a window."""
    position: int = 0
    """The next window to be asked for. It may be moved on, past windows that nobody needs."""
    _begun: deque[tuple[Window, Begun[T]]] = field(factory=deque[tuple[Window, "Begun[T]"]], init=False)

    @property
    def left(self) -> bool:
        """Whether there is a window whose answer was not taken."""
        return self.position < len(self.windows) or bool(self._begun)

    @property
    def done(self) -> int:
        """How many windows are behind us."""
        return self.position - len(self._begun)

    def next(self, most: int) -> Steps[tuple[Window, Begun[T]]]:
        """The oldest window that is left, its call under way, and those of later ones: at most so many in all."""
        while self.position < len(self.windows) and len(self._begun) < most:
            window = self.windows[self.position]
            self._begun.append((window, (yield from begin(self.ask_for(window)))))
            self.position += 1
        return self._begun.popleft()
