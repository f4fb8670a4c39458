"""Time and memory of ``import capital_ext`` against ``import httpx``, each in fresh interpreters.

Target: at most 1.6 times the time of ``import httpx``.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from .measuring import report

# VmHWM and not getrusage: the latter starts from the peak of the process that this one was forked from.
# httpx imports its command line as well where click and rich are installed, as they are for the demo. Users of the
# client alone don't have them, and the comparison is to be theirs.
_ALONE = 'import sys; sys.modules["click"] = sys.modules["rich"] = None'
PROBE = """
{alone}
import time
started = time.perf_counter()
import {module}
took = time.perf_counter() - started
try:
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    peak = 0
print(took, peak, len(sys.modules))
"""
MODULES = ("httpx", "capital_ext", "builtins")


def _probe(module: str) -> tuple[float, float, int]:
    command = [sys.executable, "-c", PROBE.format(alone=_ALONE, module=module)]
    took, peak, count = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(took), float(peak), int(count)


def slowest(module: str, count: int = 12) -> list[str]:
    """The imports that cost most by themselves, as ``-X importtime`` sees them: a hint, tracing slows them down."""
    command = [sys.executable, "-X", "importtime", "-c", f"{_ALONE}; import {module}"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()[1:]
    rows = sorted((int(own), int(total), name) for own, total, name in (line[12:].split("|") for line in lines))
    return [f"{own:6d} µs itself, {total:6d} in all  {name.strip()}" for own, total, name in reversed(rows[-count:])]


def main(rounds: int = 15) -> None:
    for module in MODULES:
        _probe(module)  # writes the bytecode, warms the disk cache
    probes = [{module: _probe(module) for module in MODULES} for _ in range(rounds)]
    times = {f"import {module}": [probe[module][0] for probe in probes] for module in MODULES[:2]}
    report("Time of an import in a fresh interpreter (target: x 1.6)", times, unit="ms", scale=1e3)
    print("Peak memory of that interpreter, and how many modules it has")
    for module in MODULES:
        peak, count = (median(probe[module][index] for probe in probes) for index in (1, 2))
        print(f"  {'nothing' if module == 'builtins' else 'import ' + module:<42} {peak / 1024:9.1f} MiB  {count:.0f}")
    print("The slowest imports of capital_ext (a hint: tracing slows them)")
    print("".join(f"  {line}\n" for line in slowest("capital_ext")), end="")


if __name__ == "__main__":
    main()
