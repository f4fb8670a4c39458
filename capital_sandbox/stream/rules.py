"""Faults of the stream, by rule: which frames they meet, how often, and when. What they do is in `effects`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ..durations import milliseconds
from ..hours import NEVER
from ..rules import Rule, Turns
from .delivery import Delivery, Frame, Spell
from .effects import StreamEffect

DESTINATIONS = (
    "quote",
    "ohlc.event",
    "ping",
    "marketData.subscribe",
    "marketData.unsubscribe",
    "OHLCMarketData.subscribe",
    "OHLCMarketData.unsubscribe",
)
"""Where frames say that they belong: prices, and the answers to messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames(Turns):
    """The frames that a rule is about."""

    epic: str | None = None
    destination: str | None = None

    def __post_init__(self) -> None:
        Turns.__post_init__(self)  # without super(): that does not work in a dataclass with slots
        if self.epic is not None and not self.epic.strip():
            raise ValueError("epic names a market, as GOLD; leave it out for all")
        if self.destination is not None and self.destination not in DESTINATIONS:
            raise ValueError(f"destination is one of {', '.join(DESTINATIONS)}")

    @property
    def method(self) -> str | None:
        """The destination, for those who list rules about calls and about frames alike."""
        return self.destination

    @property
    def path(self) -> str | None:
        """The market, for the same."""
        return self.epic

    @property
    def timed(self) -> bool:
        """Whether a time says when, and not the number of frames."""
        return isinstance(self.every, timedelta) or isinstance(self.after, timedelta)

    def include(self, frame: Frame) -> bool:
        """Whether a frame is one of them."""
        return self.epic in (None, frame.epic) and self.destination in (None, frame.destination)

    def to_dict(self) -> dict[str, object]:
        """Which frames, how often and when, as JSON content."""
        return {"epic": self.epic, "destination": self.destination, **self.turns()}

    def __str__(self) -> str:
        return " ".join(text for text in (self.destination, self.epic) if text) or "any frame"


class StreamRule(Rule):
    """A fault of the stream in force.

    It strikes at frames, as rules about calls do at calls. If a time says when, and its effect needs no frame,
    it strikes at instants instead, whether there is a frame or not: on every connection that is open then.

    What it strikes depends on the instants that frames belong to, and not on when somebody looks: so a removed
    rule is still good for what was due before.
    """

    def __init__(
        self,
        number: int,
        effect: StreamEffect,
        frames: Frames,
        *,
        seed: int,
        made: int,
        remove: Callable[[Rule], None],
    ) -> None:
        super().__init__(number, effect, frames, frames, seed=seed, made=made, remove=remove)
        self.removed = NEVER
        """When it was taken out of force, in epoch milliseconds."""
        self._effect, self._frames = effect, frames
        self._schedule = frames.timed and not effect.needs_frame
        if self._schedule:
            _check_schedule(effect, frames)
            every = frames.every
            self._period = milliseconds(every) if isinstance(every, timedelta) else None
            # Without a first time to wait for, the first is when one period is over.
            self._first = self._since if isinstance(frames.after, timedelta) else self._since + (self._period or 0)

    @property
    def ends(self) -> int:
        """The instant from which on it is out of force, as far as is known."""
        return min(self.removed, self._until)

    def includes(self, frame: Frame) -> bool:
        """Whether it is about a frame, at the time of the frame.

        At the instant at which it was made or removed, a price was there before that, an answer came after.
        """
        time, answers = frame.time, frame.epic is None
        lives = self.made <= time < self.removed if answers else self.made < time <= self.removed
        return lives and self._in_time(time) and self._frames.include(frame)

    def meet(self, delivery: Delivery, frame: Frame) -> None:
        """Do to a frame what the rule says, if it is one of its frames and their turn."""
        if self._schedule or not self.includes(frame):
            return
        self.seen += 1
        if self._due(frame.time):
            self._count(frame.time)
            self._act(delivery)

    def next(self, instant: int) -> int:
        """The first instant after another one at which it strikes without a frame."""
        if not self._schedule:
            return NEVER
        turn, times = 0, self._frames.times
        if instant >= self._first:
            if self._period is None:
                return NEVER
            turn = (instant - self._first) // self._period + 1
        if times is not None and turn >= times:
            return NEVER
        found = self._first + turn * (self._period or 0)
        return found if found <= self.removed and found < self._until else NEVER

    def strike(self, delivery: Delivery) -> None:
        """Do to a connection what the rule says, if this is one of its instants."""
        if self.next(delivery.time - 1) != delivery.time:
            return
        if self._last is None or delivery.time > self._last:  # and not for each connection
            self.seen += 1
            self._count(delivery.time)
        self._act(delivery)

    def _act(self, delivery: Delivery) -> None:
        self._effect.act(delivery, Spell(self, min(NEVER, delivery.time + self._effect.lasts)))


class StreamRules:
    """The rules of all connections, in the order in which they were added."""

    def __init__(self) -> None:
        self._rules: list[StreamRule] = []

    def __bool__(self) -> bool:
        return bool(self._rules)

    def add(self, rule: StreamRule) -> None:
        """One more."""
        self._rules.append(rule)

    def forget(self, instant: int) -> None:
        """Drop those that were removed up to an instant, which everybody has passed."""
        self._rules = [rule for rule in self._rules if rule.removed > instant]

    def meet(self, frame: Frame) -> Delivery:
        """What becomes of a frame. A rule does not see one that another rule ended before it."""
        delivery = Delivery(frame.time, frame)
        for rule in self._rules:
            if not delivery.over:
                rule.meet(delivery, frame)
        return delivery

    def next(self, instant: int) -> int:
        """The first instant after another one at which a rule strikes without a frame."""
        return min((rule.next(instant) for rule in self._rules), default=NEVER)

    def strike(self, instant: int) -> Delivery:
        """What happens at such an instant."""
        delivery = Delivery(instant)
        for rule in self._rules:
            if delivery.ending is None:
                rule.strike(delivery)
        return delivery


def _check_schedule(effect: StreamEffect, frames: Frames) -> None:
    """Refuse what makes sense for frames only."""
    if any(isinstance(value, int) and value > least for value, least in ((frames.every, 1), (frames.after, 0))):
        raise ValueError("every and after are both numbers of frames, or both times")
    if frames.probability != 1:
        raise ValueError("probability is for frames, not for instants: every and after are numbers then")
    if not effect.chooses and (frames.epic is not None or frames.destination is not None):
        raise ValueError("epic and destination choose frames, and at an instant there is none")
