"""Libraries that are not needed until they are used."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from .errors import InvalidInputError

__all__ = ["extra"]


@contextmanager
def extra(library: str, name: str) -> Generator[None]:
    """Around an import of an optional library.

    Args:
        library: What is imported.
        name: The extra of this package that brings it.

    Raises:
        InvalidInputError: It is not installed. Nothing was sent.
    """
    try:
        yield
    except ImportError as error:
        raise InvalidInputError(f"{library} is an extra: pip install 'capital-ext[{name}]'") from error
