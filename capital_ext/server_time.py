"""The server's idea of now."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .workflow import Steps, ask

__all__ = ["server_time"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def server_time() -> Steps[datetime]:
    """What time it is at the server, aware UTC, by one ``GET /time``.

    Ours may be wrong by seconds or by hours. A window that ends in the server's future is refused as a whole, and a
    candle that we think is over may still be forming.
    """
    answer = yield from ask(lambda api: api.general.time())
    return _EPOCH + timedelta(milliseconds=answer.server_time)
