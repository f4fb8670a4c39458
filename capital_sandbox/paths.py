"""Naming calls by their path, for faults and for the request log."""

import re
from functools import lru_cache

_PREFIX = "api/v1/"
_WILD = re.compile(r"\*\*|\*|\{\w+\}")


def matches(pattern: str | None, path: str) -> bool:
    """Whether a path on the wire is what a pattern names; None names every path.

    A pattern is written with or without ``/api/v1``. In it ``*`` and ``{anything}`` stand for one part of a
    path, ``**`` for any number of parts: ``/positions``, ``/positions/{dealId}``, ``/watchlists/**``.
    """
    return pattern is None or _compiled(pattern).fullmatch(_bare(path)) is not None


@lru_cache(256)
def _compiled(pattern: str) -> re.Pattern[str]:
    bare = _bare(pattern)
    literals, wilds = _WILD.split(bare), [*_WILD.findall(bare), ""]
    parts = [re.escape(text) + _expression(wild) for text, wild in zip(literals, wilds, strict=True)]
    return re.compile("".join(parts))


def _expression(wild: str) -> str:
    return {"": "", "**": ".*"}.get(wild, "[^/]+")


def _bare(path: str) -> str:
    return path.strip("/").removeprefix(_PREFIX)
