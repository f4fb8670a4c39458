"""How far a walk has come, shown to a person who is looking; to nobody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from ..errors import InvalidInputError
from ..extras import extra

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["progress_bar"]

Advance = Callable[[float], None]
"""Told how much is done, from 0 to 1."""

_PATIENCE = 1.0
"""Seconds without a bar: a short walk is over before anybody has read it."""
_showing = Lock()
"""Held by the walk that has the bar: two of them would write over each other."""


@contextmanager
def progress_bar(title: str, wanted: bool | None) -> Generator[Advance]:
    """What a walk calls to say how far it is. The bar leaves nothing behind on the screen.

    Args:
        title: What is being fetched.
        wanted: False for no bar. Otherwise there is one when the standard error stream is a terminal: with None after
            a moment and if ``rich`` is installed, with True at once.

    Raises:
        InvalidInputError: ``wanted`` is True and ``rich`` is not installed.
    """
    bar = _bar(wanted)
    if bar is None or not _showing.acquire(blocking=False):
        yield lambda done: None
        return
    task, started = bar.add_task(title, total=1.0), monotonic()

    def advance(done: float) -> None:
        if wanted or monotonic() - started >= _PATIENCE:
            bar.start()
            bar.update(task, completed=done, refresh=True)

    try:
        yield advance
    finally:
        bar.stop()
        _showing.release()


def _bar(wanted: bool | None) -> Progress | None:
    looking = sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison]
    if wanted is False or not (wanted or looking):
        return None
    try:
        with extra("rich", "progress"):
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    except InvalidInputError:
        if wanted:
            raise
        return None
    if not looking:
        return None
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,  # which would be a thread
        redirect_stdout=sys.stdout.isatty(),  # what is printed meanwhile stays above the bar, and piped data untouched
    )
