"""What several benchmarks measure with: medians of interleaved rounds, for what disturbs the machine for a while
disturbs every candidate alike; a server in a process of its own; the memory of a process."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import IO


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


@contextmanager
def process(module: str, *arguments: str) -> Generator[tuple[IO[str], IO[str]]]:
    """A module of these benchmarks in a process of its own: its standard input and output, until the block ends."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin
        assert running.stdout
        try:
            yield running.stdin, running.stdout
        finally:
            running.terminate()


def memory() -> float:
    """Bytes of this process in memory: now where the system tells, else at their peak."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
