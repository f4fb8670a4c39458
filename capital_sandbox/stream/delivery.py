"""One frame on its way to a client and what becomes of it, with or without faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .endings import Ending

if TYPE_CHECKING:
    from .rules import StreamRule


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that a client is told: a price, or the answer to a message."""

    time: int
    """The instant that it belongs to, in epoch milliseconds."""
    text: str
    destination: str
    epic: str | None = None
    """The market of a price; None for an answer."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A fault that lasts: until its time is over, or its rule."""

    rule: StreamRule
    until: int

    @property
    def ends(self) -> int:
        """When it is over, as far as is known."""
        return min(self.until, self.rule.ends)

    def silences(self, frame: Frame) -> bool:
        """Whether a frame is lost in it."""
        return frame.time < self.until and self.rule.includes(frame)


@dataclass(slots=True)
class Delivery:
    """A frame on its way, or an instant without one at which rules strike. Rules change it."""

    time: int
    frame: Frame | None = None
    before: list[str] = field(default_factory=list[str])
    """What is sent first."""
    copies: int = 1
    late: int = 0
    """Milliseconds that it comes later."""
    stall: Spell | None = None
    """Nothing is sent from here on."""
    silence: Spell | None = None
    """Some frames are lost from here on."""
    ending: Ending | None = None

    @property
    def over(self) -> bool:
        """Whether the frame is lost, or the connection ends before it."""
        return self.copies == 0 or self.ending is not None
