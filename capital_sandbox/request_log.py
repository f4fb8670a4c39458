"""The memory of every request, so that a test can assert that an order arrived once."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request and what became of it. Holds nothing secret: no headers, no bodies, no query."""

    at: datetime
    method: str
    path: str
    status: int
    executed: bool
    """Whether the request did, or told, what it asked for; False when it was refused."""
    error_code: str | None


class RequestLog:
    """The newest requests, oldest first; older ones are forgotten, so memory stays flat."""

    def __init__(self, size: int = 10_000) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=size)

    def add(self, record: RequestRecord) -> None:
        """Remember a request."""
        self._records.append(record)

    def matching(self, method: str | None = None, path: str | None = None) -> list[RequestRecord]:
        """The requests with a method, with a path that starts with ``path``, or with both."""
        return [
            record
            for record in tuple(self._records)
            if method in (None, record.method) and (path is None or record.path.startswith(path))
        ]

    def clear(self) -> None:
        """Forget everything."""
        self._records.clear()

    def __iter__(self) -> Iterator[RequestRecord]:
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)
