"""Several processes read and write one served workspace at once, some of it the same rows."""

from pathlib import Path

from tests.store.crowd import gather, lost_or_doubled, prepare


def test_nothing_is_lost_or_doubled_among_many(folder: Path) -> None:
    """`python -m tests.benchmarks.together` does the same for a minute with ten processes, and times it."""
    prepare(folder, 500)
    visits = gather(folder, visitors=4, seconds=3, pause_s=0.02)
    assert [error for done in visits for error in done.errors] == []
    assert all(done.written for done in visits)
    assert lost_or_doubled(folder, visits) == []
