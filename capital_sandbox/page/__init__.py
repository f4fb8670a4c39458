"""What a browser gets: the page at ``/``, the specification at ``/docs``, and their files. Read only, and no part of
the API.

The files are plain and complete; nothing is built, and nothing comes from outside. What is shown is fetched from
``/_sandbox/state``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..messages import Request, Response

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_HTML, _CSS, _JS = "text/html", "text/css", "text/javascript"


@dataclass(frozen=True, slots=True)
class _File:
    content_type: str
    read: Callable[[], bytes]


@cache
def _bytes(package: str, name: str) -> bytes:
    return files(package).joinpath(name).read_bytes()


def _own(name: str, content_type: str) -> _File:
    return _File(f"{content_type};charset=UTF-8", lambda: _bytes("capital_sandbox.page", name))


_FILES = {
    "/": _own("index.html", _HTML),
    "/docs": _own("docs.html", _HTML),
    "/docs/": _own("docs.html", _HTML),
    "/docs/capital-openapi.json": _File("application/json", lambda: _bytes("capital_api", "openapi.json")),
    "/page/style.css": _own("style.css", _CSS),
    "/page/common.js": _own("common.js", _JS),
    "/page/page.js": _own("page.js", _JS),
    "/page/chart.js": _own("chart.js", _JS),
    "/page/docs.js": _own("docs.js", _JS),
    "/page/markdown.js": _own("markdown.js", _JS),
    "/page/icon.svg": _own("icon.svg", "image/svg+xml"),
}


def is_page(request: Request) -> bool:
    """Whether a request is for something here and not for the API."""
    return request.method in ("GET", "HEAD") and request.path in _FILES


def show(request: Request) -> Response:
    """The answer to a request that is for something here."""
    file = _FILES[request.path]
    return Response(200, {"Content-Type": file.content_type, **_HEADERS}, file.read())
