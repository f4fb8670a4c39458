"""Windows: every second once, none too long, no more of them than needed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from capital_ext.history.windows import SECOND, Window, ceiling, floor, slices, tile

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


@given(st.lists(st.integers(0, 400), min_size=2, max_size=12, unique=True), st.integers(1, 60))
def test_tiles_cover_each_second_once(edges: list[int], longest: int) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    stretches = [(at(first), at(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    windows: list[Window] = []
    for stretch in stretches:  # one after the other, as a map is read
        tile(windows, [stretch], timedelta(seconds=longest), at(edges[-1]))
    covered = [first + n * SECOND for first, last in windows for n in range((last - first) // SECOND + 1)]
    assert len(covered) == len(set(covered))
    assert set(covered) >= {
        at(n) for first, last in zip(edges[::2], edges[1::2], strict=True) for n in range(first, last)
    }
    assert all(last - first <= timedelta(seconds=longest) and last <= at(edges[-1]) for first, last in windows)
    begins = {first for first, _ in stretches}
    assert all(b[0] in begins or b[0] == a[1] + SECOND for a, b in pairwise(windows))  # only where something is left


@given(st.integers(0, 500), st.integers(1, 60))
def test_slices_touch(length: int, longest: int) -> None:
    windows = slices(START, at(length), timedelta(seconds=longest))
    assert windows[0][0] == START
    assert windows[-1][1] == at(length)
    assert all(a[1] == b[0] for a, b in pairwise(windows))
    assert all(last - first <= timedelta(seconds=longest) for first, last in windows)
    assert len(windows) == max(1, -(-length // longest))


def test_whole_seconds() -> None:
    half = START + timedelta(milliseconds=500)
    assert (floor(half), ceiling(half), ceiling(START)) == (START, START + SECOND, START)
