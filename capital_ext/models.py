"""The types of everything that goes in and comes out, such as ``Direction``: those of ``capital_api.models``.

Each is imported when it is first used.
"""

from typing import TYPE_CHECKING

from capital_api import models

if TYPE_CHECKING:
    from capital_api.models import *  # noqa: F403


def __getattr__(name: str) -> object:
    return getattr(models, name)


def __dir__() -> list[str]:
    return dir(models)
