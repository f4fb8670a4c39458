"""The date of an answer: the sandbox's own time, from which a client can tell how far its clock is off."""

from datetime import datetime
from email.utils import format_datetime

from .messages import Response


def dated(response: Response, now: datetime) -> dict[str, str]:
    """The headers of an answer with its ``Date``, whoever made the answer: a handler, a fault, the page."""
    return {"Date": format_datetime(now, usegmt=True), **response.headers}
