"""What is left out of the request log: a path or a method is no place for secrets, but nothing keeps them from it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from urllib.parse import unquote

from .request_log import RequestRecord
from .world import World

HIDDEN = "***"
_METHODS = frozenset(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT"))
_LONGEST_METHOD, _LONGEST_PATH = 40, 200
_AUTHORITY = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
"""What a request through a proxy begins with; it may hold a user and a password."""
_QUERY = re.compile(r"[?#]|%3[Ff]|%23")
"""Where a query or a fragment begins, also one that was encoded by mistake."""


def redacted(record: RequestRecord, world: World) -> RequestRecord:
    """A record with no more of its path and method than may be shown, and no longer than they need to be."""
    path, method = _path(record.path, world), _method(record.method, world)
    return record if (path, method) == (record.path, record.method) else replace(record, path=path, method=method)


def _method(method: str, world: World) -> str:
    if method in _METHODS:
        return method
    return HIDDEN if _tells(method, _secrets(world)) else _shortened(method, _LONGEST_METHOD)


def _path(path: str, world: World) -> str:
    parts = path.split("/")
    if all(part in _words() for part in parts):  # most requests: no need to gather the secrets
        return path
    secrets = _secrets(world)
    shown = "/".join(HIDDEN if part not in _words() and _tells(part, secrets) else part for part in parts)
    if _tells(shown, [secret for secret in secrets if "/" in secret]):  # one that is spread over several parts
        return HIDDEN
    return _shortened(_QUERY.split(_AUTHORITY.sub("", shown, count=1), maxsplit=1)[0], _LONGEST_PATH)


def _tells(text: str, secrets: Iterable[str]) -> bool:
    """Whether a text holds a secret, percent-encoded or not."""
    decoded = unquote(text)
    return any(secret in text or secret in decoded for secret in secrets)


def _secrets(world: World) -> list[str]:
    """What somebody could log in or trade with, now."""
    known = [customer.credentials for customer in world.customers.values()]
    alive = world.sessions.alive(world.now())
    found = [
        *(secret for each in known for secret in (each.api_key, each.password)),
        *(token for session in alive for token in (session.client_token, session.security_token)),
    ]
    return [secret for secret in found if secret]


@cache
def _words() -> frozenset[str]:
    """The parts of paths that are the same for everybody, whatever a password may be."""
    from .api.routes import PREFIX, ROUTES

    return frozenset(("", *PREFIX, *(part for route in ROUTES for part in route.path.split("/") if "{" not in part)))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
