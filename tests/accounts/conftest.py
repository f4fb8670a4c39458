from __future__ import annotations

from collections.abc import Iterator

import pytest

from capital_sandbox import Sandbox
from tests.markets.clients import Side, new_sandbox, side_on


@pytest.fixture
def sandbox() -> Sandbox:
    return new_sandbox()


@pytest.fixture(params=["sync", "async"])
def side(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Side]:
    with side_on(request.param, sandbox) as side:
        yield side
