"""How long a trial takes on two cores, in this runner and in others: ``python -m tests.benchmarks.sweep``."""
