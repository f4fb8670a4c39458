"""How the stream behaves where the real one was seen to vary, or where a test wants it to."""

from dataclasses import dataclass
from enum import StrEnum


class ErrorPlace(StrEnum):
    """Where an error frame has its code; the real service was seen to use both places."""

    TOP = "top"
    PAYLOAD = "payload"
    ALTERNATE = "alternate"


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Settings of all connections; times in seconds of the sandbox's clock unless said otherwise."""

    errors: ErrorPlace = ErrorPlace.TOP
    """Where error frames have their code."""
    most_epics: int | None = 40
    """How many markets one message may name and one connection may follow; None for any number."""
    most_connections: int | None = None
    """How many connections a customer may have; a message on one more is ``error.too-many.requests``."""
    idle_drop: float | None = 600.0
    """A connection on which nothing acceptable was said for this long is closed. What is said on it also keeps its
    session alive, for streams alone: other calls need their own."""
    edge_drop: float | None = None
    """Seconds after the last frame, either way, at which the connection breaks without a word: 60 was seen."""
    silent_expiry: bool = False
    """Whether a connection whose session has ended is closed without the error frame before."""
    delay: float = 0.0
    """By how much every frame is late."""
    most_waiting: int = 256
    """How many answers may wait for a client that does not read, before it is cut off."""
    patience: float = 5.0
    """Real seconds for which a socket may refuse to take more, before it is cut off."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "errors", ErrorPlace(self.errors))
        for name in ("most_epics", "most_connections", "idle_drop", "edge_drop", "delay", "most_waiting", "patience"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} cannot be negative")
