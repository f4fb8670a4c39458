"""One request on its way through the sandbox and what becomes of it, with or without faults."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from .messages import Request, Response
from .request_log import Outcome, RequestRecord


class NoAnswer(Exception):
    """Raised in place of a response when a fault takes it away; whoever serves the client acts it out."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(str(outcome))


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far. Faults change it."""

    request: Request
    at: datetime
    response: Response | None = None
    executed: bool = False
    error_code: str | None = None
    outcome: Outcome = Outcome.ANSWERED
    faults: list[str] = field(default_factory=list[str])

    @property
    def over(self) -> bool:
        """Whether it is decided what the client gets, so that nothing is executed any more."""
        return self.response is not None or self.outcome is not Outcome.ANSWERED

    def lose(self, outcome: Outcome) -> None:
        """Leave the client without an answer."""
        self.response, self.outcome = None, outcome

    def content(self) -> Any:
        """The JSON of a success, for faults that change it; None when there is none."""
        if self.response is None or self.response.status != 200:
            return None
        try:
            return json.loads(self.response.body)
        except ValueError:  # an earlier fault has been here
            return None

    def replace(self, content: object) -> None:
        """Another body for the same success."""
        if self.response is not None:
            body = json.dumps(content, separators=(",", ":")).encode()
            self.response = Response(self.response.status, self.response.headers, body)

    def answer(self) -> Response:
        """The response, or the lack of one as `NoAnswer`."""
        if self.response is None:
            raise NoAnswer(self.outcome)
        return self.response

    def record(self) -> RequestRecord:
        """What the log keeps of it, after `redaction`."""
        return RequestRecord(
            self.at,
            self.request.method,
            self.request.path,
            None if self.response is None else self.response.status,
            executed=self.executed,
            error_code=self.error_code,
            outcome=self.outcome,
            fault=", ".join(self.faults) or None,
        )


def error_code(body: object) -> str | None:
    """The error code in the content of an answer."""
    code = cast("dict[str, object]", body).get("errorCode") if isinstance(body, dict) else None
    return code if isinstance(code, str) else None
