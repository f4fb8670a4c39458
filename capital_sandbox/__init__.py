"""capital_sandbox: an embedded Capital.com for developing and testing without account or network.

    from capital_sandbox import ManualClock, Sandbox

    sandbox = Sandbox(clock=ManualClock())
    with sandbox.serve() as server:
        print(server.url, sandbox.credentials.identifier)

``python -m capital_sandbox`` runs one in the foreground. The servers' dependencies (extra ``sandbox``) are
imported only when a server is started.
"""

from .accounts import Credentials
from .clock import DEFAULT_START, Clock, ManualClock, RealClock
from .exchange import NoAnswer
from .faults import Faults, Rule
from .limits import Limits
from .messages import Request, Response
from .request_log import Outcome, RequestRecord
from .sandbox import Sandbox
from .stream import StreamSettings

__all__ = [
    "DEFAULT_START",
    "Clock",
    "Credentials",
    "Faults",
    "Limits",
    "ManualClock",
    "NoAnswer",
    "Outcome",
    "RealClock",
    "Request",
    "RequestRecord",
    "Response",
    "Rule",
    "Sandbox",
    "StreamSettings",
]
