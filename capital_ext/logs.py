"""What is logged, and what never is: method, path, status, error code and duration; no header, no body, no query."""

from __future__ import annotations

import logging
import re
import time

log = logging.getLogger("capital_ext")

_TOKEN = re.compile(r"""(\(b['"](?:cst|x-security-token|x-cap-api-key)['"], b(['"])).*?\2(?=\))""", re.IGNORECASE)


def log_exchange(method: str, path: str, status: int, error_code: str | None, started: float) -> None:
    """One request and its answer, at DEBUG. ``started`` is of ``time.perf_counter``."""
    if log.isEnabledFor(logging.DEBUG):
        took = (time.perf_counter() - started) * 1000
        log.debug("%s %s -> %d%s in %.0f ms", method, path, status, f" {error_code}" if error_code else "", took)


def _without_tokens(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    masked = _TOKEN.sub(r"\1***\2", message)
    if masked != message:
        record.msg, record.args = masked, ()
    return True


def hide_tokens_in_transport_logs() -> None:
    """httpcore logs the headers of every answer at DEBUG, session tokens included: mask them there."""
    for name in ("httpcore.http11", "httpcore.http2"):
        logging.getLogger(name).addFilter(_without_tokens)  # adding the same filter twice has no effect
