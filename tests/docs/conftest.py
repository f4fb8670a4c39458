"""The kitchen of a page's tests: the module says which page, as ``PAGE``, and each test is named for a heading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import capital_ext
from tests.markets.clients import new_sandbox

from .clients import clients_on
from .kitchen import REAL_TIME, Kitchen
from .pages import Page


@pytest.fixture
def kitchen(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Kitchen]:
    """Runs the code of the heading; a test may say when, by a parameter."""
    test: Any = request  # pytest types neither modules nor parameters
    page: Page = test.module.PAGE
    start = getattr(request, "param", None)
    sandbox = REAL_TIME() if start is REAL_TIME else new_sandbox(start)
    clients_on(sandbox, monkeypatch, real_time=start is REAL_TIME)
    monkeypatch.chdir(tmp_path)
    code = page.code[page.tests[test.node.originalname]]
    with capital_ext.Capital() as capital:
        yield Kitchen(sandbox, capital, page.path, code, lambda: capsys.readouterr().out)
