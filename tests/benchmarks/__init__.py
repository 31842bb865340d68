"""Figures that a command prints. They are measured, not tested: ``python -m tests.benchmarks.<name>``."""
