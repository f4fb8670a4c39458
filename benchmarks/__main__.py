"""``python -m benchmarks``: every benchmark in turn, several minutes in all."""

from . import calls, decoding, history, imports, stream

for benchmark in (imports, decoding, calls, history, stream):
    benchmark.main()
    print()
