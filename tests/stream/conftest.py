"""Each test runs on a synchronous and an asynchronous stream."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

import pytest

from .world import KINDS, Kind, Live, Making, live


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def make(kind: Kind) -> Generator[Making]:
    """Makes a stream on a sandbox of its own; it is closed after the test."""
    with ExitStack() as stack:

        def making(**settings: Any) -> Live:
            return stack.enter_context(live(kind, **settings))

        yield making


@pytest.fixture
def one(make: Making) -> Live:
    return make()
