"""How connections end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ending:
    """How a connection ends: with a close code, or with none, as if the line had been cut."""

    code: int | None
    reason: str = ""


CUT = Ending(None, "cut")
SLOW = Ending(None, "the client does not read")
IDLE = Ending(1000, "idle")
EXPIRED = Ending(1008, "the session has ended")
HUNG_UP = Ending(1000, "closed by the client")


def closed(code: int, reason: str) -> Ending:
    """A close frame.

    Raises:
        ValueError: The protocol does not let a server send this.
    """
    if not 1000 <= code <= 4999 or code in (1004, 1005, 1006, 1015):
        raise ValueError("code is one that a WebSocket can be closed with, as 1001")
    if len(reason.encode()) > 123:
        raise ValueError("reason is 123 bytes long at most")
    return Ending(code, reason)
