"""Rules: how often a fault strikes, and when. What it does, and to which calls or frames, is said elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol, TypedDict

from .clock import to_milliseconds
from .durations import milliseconds, told
from .hours import NEVER


class Often(TypedDict, total=False):
    """How often and when a rule strikes. Every fault takes these as keywords."""

    times: int | None
    """Strike so many times, then never again; None for no end."""
    every: int | timedelta
    """Strike at one of so many: 3 is the first, the fourth, the seventh. Or at one within so much time."""
    after: int | timedelta
    """Let so many pass first, or all within so much time after the rule was made."""
    probability: float
    """Strike with this probability, by dice that the sandbox's seed decides."""
    since: datetime | None
    """Not before this instant of the sandbox's clock."""
    until: datetime | None
    """Not from this instant of the sandbox's clock on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """How often and when a rule strikes; see `Often`."""

    times: int | None = None
    every: int | timedelta = 1
    after: int | timedelta = 0
    probability: float = 1.0
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ValueError("times is 1 or more")
        for name, value, least in (("every", self.every, 1), ("after", self.after, 0)):
            if isinstance(value, timedelta):
                if milliseconds(value) < 1:
                    raise ValueError(f"{name} is a millisecond or more")
            elif value < least:
                raise ValueError("every is 1 or more, after is 0 or more")
        if not 0 <= self.probability <= 1:
            raise ValueError("probability is from 0 to 1")
        if any(instant is not None and instant.tzinfo is None for instant in (self.since, self.until)):
            raise ValueError("since and until are aware datetimes")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError("until is after since")

    def turns(self) -> dict[str, object]:
        """The turns as JSON content."""
        return {
            "times": self.times,
            "every": told(self.every) if isinstance(self.every, timedelta) else self.every,
            "after": told(self.after) if isinstance(self.after, timedelta) else self.after,
            "probability": self.probability,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }


class Named(Protocol):
    """What a rule does: `effects.Effect` to calls, `stream.effects.StreamEffect` to the stream."""

    @property
    def name(self) -> str:
        """Its name, as in `fault_specs.FAULTS`."""
        ...

    @property
    def details(self) -> Mapping[str, object]:
        """What it was asked for, as JSON content."""
        ...


class Selection(Protocol):
    """What a rule is about, `faults.Calls` or `stream.rules.Frames`, and how often and when it strikes."""

    @property
    def method(self) -> str | None:
        """The method of the calls, or the destination of the frames; None for any."""
        ...

    @property
    def path(self) -> str | None:
        """The path of the calls, or the market of the frames; None for any."""
        ...

    @property
    def times(self) -> int | None:
        """How often it strikes at most."""
        ...

    def to_dict(self) -> dict[str, object]:
        """All of it as JSON content."""
        ...

    def __str__(self) -> str:
        """Which calls or frames, in a few words."""
        ...


class Rule:
    """A fault in force."""

    def __init__(
        self,
        number: int,
        effect: Named,
        calls: Selection,
        turns: Turns,
        *,
        seed: int,
        made: int,
        remove: Callable[[Rule], None],
    ) -> None:
        self.number = number
        self.effect = effect
        self.calls = calls
        self.made = made
        """When it was made, in epoch milliseconds."""
        self.seen = 0
        """How many calls or frames it was about."""
        self.hits = 0
        """How many of these it has struck."""
        self._turns = turns
        self._since = max(made, _instant(turns.since, made))
        if isinstance(turns.after, timedelta):
            self._since = max(self._since, made + milliseconds(turns.after))
        self._until = _instant(turns.until, NEVER)
        self._last: int | None = None
        self._dice = Random(f"fault/{seed}/{number}")  # noqa: S311
        self._remove = remove

    def remove(self) -> None:
        """Take it out of force; its ``hits`` can still be read."""
        self._remove(self)

    def to_dict(self) -> dict[str, object]:
        """The rule as JSON content."""
        return {
            "id": self.number,
            "fault": self.effect.name,
            **self.effect.details,
            **self.calls.to_dict(),
            "seen": self.seen,
            "hits": self.hits,
        }

    def __repr__(self) -> str:
        return f"<{self.effect.name} {self.calls}: {self.hits} hits>"

    def _in_time(self, at: int) -> bool:
        """Whether an instant is one of those that it is about."""
        return self._since <= at < self._until

    def _due(self, at: int) -> bool:
        """Whether it is its turn at what it has seen last."""
        turns = self._turns
        if turns.times is not None and self.hits >= turns.times:
            return False
        turn = self.seen - 1 - (turns.after if isinstance(turns.after, int) else 0)
        if turn < 0:
            return False
        if isinstance(turns.every, timedelta):
            if self._last is not None and at < self._last + milliseconds(turns.every):
                return False
        elif turn % turns.every:
            return False
        return turns.probability == 1 or self._dice.random() < turns.probability

    def _count(self, at: int) -> None:
        """It has struck."""
        self.hits += 1
        self._last = at


def _instant(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else to_milliseconds(moment)
