"""The fixtures of the walks: a stage for each of the two ways."""

from collections.abc import Iterator
from typing import cast

import pytest

from .world import WAYS, Stage, Way, staged


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return cast("Way", request.param)


@pytest.fixture
def stage(way: Way) -> Iterator[Stage]:
    with staged(way) as one:
        yield one
