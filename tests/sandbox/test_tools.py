"""That what needs a tool is really tested somewhere: on CI, on the main Python, where all tools are installed.

Elsewhere their tests skip themselves. ``scripts/test.sh`` keeps the main Python in ``.venv``; to those in
``.venv-3.12`` and the like it gives the extra ``test`` alone.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


def missing(tool: str, *, ci: bool, place: str) -> str | None:
    """What is wrong with a Python on which a tool's tests are skipped; None where they may be."""
    expected = ci and Path(place).name == ".venv"
    return f"{tool} is not installed, so its tests are skipped" if expected and find_spec(tool) is None else None


@pytest.mark.parametrize("tool", ["schemathesis", "playwright", "polars"])
def test_nothing_is_skipped_on_the_main_python_of_ci(tool: str) -> None:
    assert missing(tool, ci=bool(os.environ.get("CI")), place=sys.prefix) is None


@pytest.mark.parametrize(
    ("tool", "ci", "place", "wrong"),
    [
        ("no_such_tool", True, "/checkout/.venv", True),
        ("no_such_tool", True, "/checkout/.venv-3.13", False),
        ("no_such_tool", False, "/checkout/.venv", False),
        ("json", True, "/checkout/.venv", False),
    ],
)
def test_where_that_is_wrong(tool: str, ci: bool, place: str, wrong: bool) -> None:
    assert (missing(tool, ci=ci, place=place) is not None) is wrong
