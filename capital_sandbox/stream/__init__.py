"""The stream at ``/connect``: live quotes and candles, out of the same prices as everything else.

``session.py`` is the protocol of one connection, without any I/O; ``endpoint.py`` drives it over a WebSocket,
``memory.py`` without one. ``streams.py`` is what a test sees of all connections, and how it disturbs them.
"""

from .endings import Ending
from .memory import MemoryStream, StreamClosed
from .settings import ErrorPlace, StreamSettings
from .streams import Connection, StreamRecord, Streams

__all__ = [
    "Connection",
    "Ending",
    "ErrorPlace",
    "MemoryStream",
    "StreamClosed",
    "StreamRecord",
    "StreamSettings",
    "Streams",
]
