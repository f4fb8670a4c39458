"""What faults do to a stream. Which frames they meet, or when they strike without one, is said in `rules`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite

from ..hours import NEVER
from .delivery import Delivery, Spell
from .endings import CUT, Ending, closed


@dataclass(frozen=True, slots=True)
class StreamEffect:
    """Something to do to a frame and the connection that it is for."""

    name: str
    act: Callable[[Delivery, Spell], None]
    details: Mapping[str, object] = field(default_factory=dict[str, object])
    """What it was asked for, as JSON content."""
    lasts: int = NEVER
    """For how many milliseconds, if it is one that lasts."""
    needs_frame: bool = False
    """Whether it is done to a frame, so that there is nothing that it could do to a connection alone."""
    chooses: bool = False
    """Whether it is about some frames even where it strikes without one."""


def drop() -> StreamEffect:
    """The line is cut, and the frame is lost."""
    return _end("stream.drop", CUT, {})


def close(code: int, reason: str) -> StreamEffect:
    """The connection is closed with a code, and the frame is lost."""
    return _end("stream.close", closed(code, reason), {"code": code, "reason": reason})


def stall(seconds: float | None) -> StreamEffect:
    """The frame and all after it are held back."""

    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.stall = spell

    return StreamEffect("stream.stall", act, {"seconds": seconds}, _lasting(seconds))


def silence(seconds: float | None) -> StreamEffect:
    """The frame and all after it that the rule is about are lost."""

    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.silence = spell
        delivery.copies = 0

    return StreamEffect("stream.silence", act, {"seconds": seconds}, _lasting(seconds), chooses=True)


def send(text: str) -> StreamEffect:
    """A frame of any text comes first."""
    text.encode()  # half a character is a ValueError here, not a surprise later

    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.before.append(text)

    return StreamEffect("stream.send", act, {"text": text})


def lose() -> StreamEffect:
    """The frame does not come."""

    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.copies = 0

    return StreamEffect("stream.lose", act, needs_frame=True)


def duplicate() -> StreamEffect:
    """The frame comes once more."""

    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.copies += 1

    return StreamEffect("stream.duplicate", act, needs_frame=True)


def late(seconds: float) -> StreamEffect:
    """The frame comes so much later, those after it do not."""
    length = _milliseconds(seconds)

    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.late += length

    return StreamEffect("stream.late", act, {"seconds": seconds}, needs_frame=True)


def _end(name: str, ending: Ending, details: Mapping[str, object]) -> StreamEffect:
    def act(delivery: Delivery, spell: Spell) -> None:
        delivery.ending = ending

    return StreamEffect(name, act, details)


def _lasting(seconds: float | None) -> int:
    return NEVER if seconds is None else _milliseconds(seconds)


def _milliseconds(seconds: float) -> int:
    if not (isfinite(seconds) and round(seconds * 1000) >= 1):
        raise ValueError("seconds are a thousandth or more")
    return round(seconds * 1000)
