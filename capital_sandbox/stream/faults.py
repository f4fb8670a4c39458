"""What goes wrong on the stream: one short method for each fault."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Unpack

from .. import effects as call_effects
from ..rules import Often, Rule
from . import effects
from .effects import StreamEffect
from .rules import Frames

if TYPE_CHECKING:
    from ..faults import When

HANDSHAKE = ("GET", "/connect")
"""The call that opens a connection."""


class StreamFaults:
    """What goes wrong on the stream, one method for each fault; each returns its `Rule`.

    All take a market and a destination, which frames they are about: ``("GOLD", "quote")``. Left out, the rule is
    about every frame, answers included. The keywords of `Often` say how often and when; frames are counted over
    all connections. Where ``every`` or ``after`` is a timedelta, drops, closures, stalls, silences and sent texts
    need no frame: they come at these instants of the sandbox's clock, to every connection that is open then.

    A stall and a silence last as long as they say, or as their rule: until its ``until``, or its ``remove()``.
    """

    def __init__(
        self,
        add_call_rule: Callable[[call_effects.Effect, str | None, str | None, When], Rule],
        add_rule: Callable[[StreamEffect, Frames], Rule],
    ) -> None:
        self._add_call_rule = add_call_rule
        self._add_rule = add_rule

    # --- the connection -----------------------------------------------------------------------------------

    def refuse(self, status: int = 503, **when: Unpack[When]) -> Rule:
        """Attempts to connect are answered with a status. They are calls of ``GET /connect``: other faults of
        calls meet them, too."""
        if status < 400 or status not in set(HTTPStatus):  # the server knows no others
            raise ValueError("status is one that HTTP has for errors, as 503")
        effect = call_effects.answer("stream.refuse", status, None, executed=False)
        return self._add_call_rule(effect, *HANDSHAKE, when)

    def drop(self, epic: str | None = None, destination: str | None = None, **when: Unpack[Often]) -> Rule:
        """The line is cut before a frame, or at an instant, without a word."""
        return self._add(effects.drop(), epic, destination, when)

    def close(
        self,
        code: int = 1001,
        epic: str | None = None,
        destination: str | None = None,
        *,
        reason: str = "",
        **when: Unpack[Often],
    ) -> Rule:
        """The connection is closed properly, with a code of the WebSocket protocol."""
        return self._add(effects.close(code, reason), epic, destination, when)

    def stall(
        self,
        epic: str | None = None,
        destination: str | None = None,
        *,
        seconds: float | None = None,
        **when: Unpack[Often],
    ) -> Rule:
        """Nothing more is sent on the connection, from a frame on and for so long; then all that was held back."""
        return self._add(effects.stall(seconds), epic, destination, when)

    # --- the frames ---------------------------------------------------------------------------------------

    def silence(
        self,
        epic: str | None = None,
        destination: str | None = None,
        *,
        seconds: float | None = None,
        **when: Unpack[Often],
    ) -> Rule:
        """Frames of this kind are lost on the connection, from one on and for so long, while others come."""
        return self._add(effects.silence(seconds), epic, destination, when)

    def lose(self, epic: str | None = None, destination: str | None = None, **when: Unpack[Often]) -> Rule:
        """A frame is lost: a gap."""
        return self._add(effects.lose(), epic, destination, when)

    def duplicate(self, epic: str | None = None, destination: str | None = None, **when: Unpack[Often]) -> Rule:
        """A frame comes twice."""
        return self._add(effects.duplicate(), epic, destination, when)

    def late(
        self, seconds: float = 5, epic: str | None = None, destination: str | None = None, **when: Unpack[Often]
    ) -> Rule:
        """A frame comes so much later, with its true time and after others: out of order."""
        return self._add(effects.late(seconds), epic, destination, when)

    def send(self, text: str, epic: str | None = None, destination: str | None = None, **when: Unpack[Often]) -> Rule:
        """Any text, whether JSON or not, comes as a frame before another one, or at an instant."""
        return self._add(effects.send(text), epic, destination, when)

    def _add(self, effect: StreamEffect, epic: str | None, destination: str | None, when: Often) -> Rule:
        return self._add_rule(effect, Frames(epic=epic, destination=destination, **when))
