"""The memory of every request, so that a test can assert that an order arrived once."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .paths import matches


class Outcome(StrEnum):
    """What the client got to see of a request."""

    ANSWERED = "answered"
    REFUSED = "connection refused"
    DROPPED = "connection dropped"
    LOST = "answer lost"
    STALLED = "no answer"
    HUNG_UP = "client hung up"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request and what became of it. Holds nothing secret: no headers, no bodies, no query."""

    at: datetime
    method: str
    path: str
    status: int | None
    """What was answered; None when no answer went back."""
    executed: bool
    """Whether the request did, or told, what it asked for; False when it was refused or never got that far."""
    error_code: str | None
    outcome: Outcome = Outcome.ANSWERED
    fault: str | None = None
    """The faults that had a part in it, as ``drop_after``; None when all was as it should be."""

    def to_dict(self) -> dict[str, object]:
        """The record as JSON content."""
        return {
            "at": self.at.isoformat(),
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "executed": self.executed,
            "errorCode": self.error_code,
            "outcome": str(self.outcome),
            "fault": self.fault,
        }


class RequestLog:
    """The newest requests, oldest first; older ones are forgotten, so memory stays flat."""

    def __init__(self, size: int = 10_000) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=size)

    def add(self, record: RequestRecord) -> None:
        """Remember a request."""
        self._records.append(record)

    def matching(self, method: str | None = None, path: str | None = None) -> list[RequestRecord]:
        """The requests with a method, a path, or both.

        A path may leave ``/api/v1`` out; ``*`` stands for one part of it and ``**`` for any number of parts:
        ``matching("DELETE", "/positions/*")``.
        """
        return [record for record in self if method in (None, record.method) and matches(path, record.path)]

    def executed(self, method: str | None = None, path: str | None = None) -> list[RequestRecord]:
        """Those of ``matching`` that the sandbox carried out, whether or not the client was told."""
        return [record for record in self.matching(method, path) if record.executed]

    def clear(self) -> None:
        """Forget everything."""
        self._records.clear()

    def __iter__(self) -> Iterator[RequestRecord]:
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)
