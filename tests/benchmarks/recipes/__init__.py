"""Which recipe keeps what the scalogram knows: ``python -m tests.benchmarks.recipes``; the method is in `__main__`."""
