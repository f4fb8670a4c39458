"""``python -m benchmarks``: every benchmark in turn, a few minutes in all."""

from . import calls, decoding, imports

for benchmark in (imports, decoding, calls):
    benchmark.main()
    print()
