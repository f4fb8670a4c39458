"""Medians of interleaved rounds: what disturbs the machine for a while disturbs every candidate alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median


def cpu_seconds(candidates: Mapping[str, Callable[[], object]], *, rounds: int, calls: int) -> dict[str, list[float]]:
    """CPU seconds of this process per call, one figure for each round."""
    for candidate in candidates.values():
        for _ in range(max(1, calls // 4)):
            candidate()
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    order = list(candidates.items())
    for _ in range(rounds):
        order.append(order.pop(0))  # nobody is always first
        for name, candidate in order:
            gc.collect()
            started = time.process_time()
            for _ in range(calls):
                candidate()
            seconds[name].append((time.process_time() - started) / calls)
    return seconds


def report(title: str, figures: Mapping[str, list[float]], *, unit: str = "µs", scale: float = 1e6) -> None:
    """Print the median of each candidate and the median of its ratios to the first one, round by round."""
    print(title)
    base = next(iter(figures.values()))
    for name, values in figures.items():
        ratio = median(value / of for value, of in zip(values, base, strict=True))
        print(f"  {name:<42} {median(values) * scale:9.1f} {unit}   x {ratio:.2f}")
