"""How fast an archive comes into a workspace, in how much memory, and how fast its records are listed.

Run with ``python -m tests.benchmarks.ingest``. An archive of miniSEED files of 150 s with a QuakeML catalogue is made
in a temporary folder; ObsPy reads every file of it (told the format, which is the fastest it can), then a new
workspace takes it in: read, hashed, matched to its event, measured, copied, with rows for all of it. Both begin with
the files in the system's cache. Memory is that of the importing process and its workers together, looked at twice a
second, which is seldom enough not to slow it down. Then 100,000 records are put into a workspace, listed and
filtered.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.archives import make_archive
from tests.benchmarks.hundred_thousand import fill_with_records
from trova_widgets.store import RecordFilter, Store

READS = "read"
IMPORTS = "import"


def main() -> None:
    """Print the table, or do the part of it that a child process was started for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--records", type=int, default=100_000, help="how many are listed (0 leaves it out)")
    parser.add_argument("--workers", type=int, help="processes that read for the import (one a core, if left out)")
    parser.add_argument("--part", choices=[READS, IMPORTS], help=argparse.SUPPRESS)
    parser.add_argument("--archive", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--study", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part == READS:
        print(json.dumps(read_with_obspy(options.archive)))
    elif options.part == IMPORTS:
        print(json.dumps(read_records(options.archive, options.study, options.workers)))
    else:
        for count in options.files:
            _print_archive(count, options.workers)
        if options.records:
            _print_listing(options.records)


def read_with_obspy(archive: Path) -> dict[str, float]:
    """Read every file of an archive with ObsPy, and return how long it took [s]."""
    import obspy

    files = sorted(archive.rglob("*.mseed"))
    obspy.read(str(files[0]), format="MSEED")
    started, busy = time.perf_counter(), _processor_s()
    for file in files:
        obspy.read(str(file), format="MSEED")
    return {"seconds": time.perf_counter() - started, "processor": _processor_s() - busy}


def read_records(archive: Path, study: Path, workers: int | None) -> dict[str, float]:
    """Take an archive into a new workspace, and return how long it took [s] and the memory at its peak [bytes]."""
    from trova_widgets.workspace import Workspace

    with Workspace.create(study, recipe="article") as workspace, _Watch() as watch:
        started, busy = time.perf_counter(), _processor_s()
        report = workspace.import_records(archive, catalog=archive / "catalog.xml", workers=workers)
        seconds, processor = time.perf_counter() - started, _processor_s() - busy
    return {"seconds": seconds, "processor": processor, "events": report.events, "peak": watch.peak}


def _processor_s() -> float:
    """Return the processor time of this process and of the workers that it has waited for [s]."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


class _Watch:
    """Looks at the memory of this process and its children together: their proportional set size, at its peak."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
            processes = [os.getpid(), *(int(pid) for file in children for pid in file.read_text().split())]
            self.peak = max(self.peak, sum(map(_memory, processes)))


def _memory(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _print_archive(count: int, workers: int | None) -> None:
    with tempfile.TemporaryDirectory(prefix="trova-ingest-") as folder:
        archive, study = Path(folder) / "archive", Path(folder) / "study"
        make_archive(archive, count)
        size = sum(file.stat().st_size for file in archive.rglob("*.mseed"))
        # ObsPy before and after the import, so that both share what the machine does meanwhile
        first = _part(READS, archive, study, workers)
        taken = _part(IMPORTS, archive, study, workers)
        second = _part(READS, archive, study, workers)
    read_s = (first["seconds"] + second["seconds"]) / 2
    ratio = read_s / taken["seconds"]
    print(f"{count} files of 150 s, {size / 2**20:.0f} MiB, {taken['events']:.0f} events:")
    print(f"  ObsPy reads them in         {read_s:7.2f} s ({count / read_s:5.0f} files a second)")
    print(f"  a workspace takes them in   {taken['seconds']:7.2f} s ({count / taken['seconds']:5.0f} files a second)")
    work = (first["processor"] + second["processor"]) / 2
    print(f"  processor time: {1e3 * work / count:.2f} and {1e3 * taken['processor'] / count:.2f} ms a file")
    print(f"  {_verdict(ratio >= 0.5)}: {ratio:.2f} of ObsPy's speed (at least 0.5)")
    print(f"  {_verdict(taken['peak'] < 600e6)}: {taken['peak'] / 1e6:.0f} MB at the peak (under 600)", flush=True)


def _part(part: str, archive: Path, study: Path, workers: int | None) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.ingest", "--part", part]
    command += ["--archive", str(archive), "--study", str(study)]
    command += [] if workers is None else ["--workers", str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _print_listing(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="trova-listing-") as folder:
        with Store.create(Path(folder) / "study") as store:
            fill_with_records(store, count)
        # with all that a kernel has loaded before it can ask
        from trova_widgets.workspace import Workspace

        chosen = RecordFilter(event_class="earthquake", words="st05", least={"snr_db": 10.0})
        with Workspace.open(Path(folder) / "study") as workspace:
            queries: dict[str, Callable[[], object]] = {
                "the whole list": workspace.records,
                "the list through a filter": lambda: workspace.records(chosen),
                "a page of all": workspace.record_page,
                "a page through a filter": lambda: workspace.record_page(chosen, sort_by="snr_db", first=20),
            }
            print(f"{count} records:")
            for name, query in queries.items():
                ms = [_milliseconds(query) for _ in range(7)]
                verdict = _verdict(sorted(ms)[3] < 200)
                print(f"  {verdict}: {name:28} {sorted(ms)[3]:5.0f} ms, the first time {ms[0]:5.0f} (under 200)")


def _milliseconds(query: Callable[[], object]) -> float:
    started = time.perf_counter()
    query()
    return 1e3 * (time.perf_counter() - started)


def _verdict(holds: bool) -> str:
    return "reached" if holds else "MISSED"


if __name__ == "__main__":
    main()
