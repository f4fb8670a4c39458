"""``python -m benchmarks``: every benchmark in turn, several minutes in all."""

from . import calls, decoding, history, imports

for benchmark in (imports, decoding, calls, history):
    benchmark.main()
    print()
