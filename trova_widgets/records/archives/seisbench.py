"""Data sets of SeisBench: a table of traces, ``metadata.csv``, and their samples, ``waveforms.hdf5``.

The layout is that of SeisBench (Woollam et al. 2022, doi 10.1785/0220210324): arrays in the group ``data``, many
traces packed into one of them, and a trace named ``bucket0$3,:3,:6000`` where it is a part of one. Chunked sets have a
pair of files a chunk. Each trace is kept as miniSEED, a channel a component.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from trova_widgets.errors import RecordError
from trova_widgets.records.archives.seisbench_waveforms import SeisBenchTrace, SeisBenchWaveforms
from trova_widgets.records.catalogues.tables import TableRows, read_table
from trova_widgets.records.files.guards import refuse_large

if TYPE_CHECKING:
    import pandas

_METADATA, _WAVEFORMS, _CHUNKS = "metadata", "waveforms", "chunks"
_COLUMNS = {
    "trace_name",
    "trace_start_time",
    "trace_sampling_rate_hz",
    "trace_dt_s",
    "trace_component_order",
    "trace_channel",
    "station_network_code",
    "station_code",
    "station_location_code",
    "station_latitude_deg",
    "station_longitude_deg",
    "split",
}
# what a part holds
_TRACES = 200


@dataclass(frozen=True, kw_only=True)
class SeisBenchSet:
    """A data set, or one chunk of it.

    Attributes
    ----------
    metadata, waveforms : Path
        Its two files.
    """

    metadata: Path
    waveforms: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that belong to it, the list of chunks among them."""
        return self.metadata, self.waveforms, self.metadata.with_name(_CHUNKS)


@dataclass(frozen=True, kw_only=True)
class SeisBenchPart:
    """Some traces of a data set, few enough to be taken in at once.

    Attributes
    ----------
    whole : SeisBenchSet
        The data set.
    first, count : int
        The row of the first trace, from 0, and how many there are.
    """

    whole: SeisBenchSet
    first: int
    count: int

    @property
    def path(self) -> Path:
        """The file that stands for it in a report."""
        return self.whole.waveforms


def seisbench_sets(folder: Path) -> list[SeisBenchSet]:
    """Find the data sets of a folder: pairs of ``metadata*.csv`` and ``waveforms*.hdf5``, in the order of names."""
    found = sorted(folder.glob(f"{_METADATA}*.csv"))
    pairs = [(path, path.with_name(f"{_WAVEFORMS}{path.stem[len(_METADATA) :]}.hdf5")) for path in found]
    return [
        SeisBenchSet(metadata=metadata, waveforms=waveforms) for metadata, waveforms in pairs if waveforms.is_file()
    ]


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The table of a data set's traces.

    Attributes
    ----------
    rows : DataFrame
        Texts, a row a trace; only the columns that are used.
    events : TableRows
        What the lines say of the traces' sources.
    """

    rows: "pandas.DataFrame"
    events: TableRows


def read_metadata(found: SeisBenchSet) -> Metadata:
    """Read the table of a data set's traces.

    Raises
    ------
    RecordError
        When it cannot be read, or names no traces.
    """
    status = found.metadata.stat()
    refuse_large(status.st_size)
    return _read_metadata(found.metadata, status.st_mtime_ns)


# the parts of one set follow one another
@lru_cache(maxsize=1)
def _read_metadata(path: Path, _: int) -> Metadata:
    import pandas

    try:
        table = pandas.read_csv(
            path,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            usecols=lambda name: name in _COLUMNS,
            encoding="utf-8-sig",
        )
    except (ValueError, pandas.errors.ParserError) as error:
        raise RecordError(
            f"The metadata cannot be read: {' '.join(str(error).split())[:200]}; export the data set again."
        ) from error
    if "trace_name" not in table:
        raise RecordError(
            "The metadata have no column trace_name; a data set of SeisBench names there each trace of its waveforms."
        )
    return Metadata(rows=table, events=read_table(path.read_bytes()))


def parts_of(found: SeisBenchSet) -> Iterator[SeisBenchPart]:
    """Cut a data set into parts.

    Raises
    ------
    RecordError
        When the metadata cannot be read.
    """
    count = len(read_metadata(found).rows)
    for first in range(0, count, _TRACES):
        yield SeisBenchPart(whole=found, first=first, count=min(_TRACES, count - first))


def traces_of(part: SeisBenchPart) -> Iterator[SeisBenchTrace | RecordError]:
    """Read a part of a data set trace by trace; what is wrong with one is handed on in its place.

    Raises
    ------
    RecordError
        When the data set as a whole cannot be read.
    """
    metadata = read_metadata(part.whole)
    columns = list(metadata.rows.columns)
    with SeisBenchWaveforms(part.whole.waveforms) as waveforms:
        rows = metadata.rows.iloc[part.first : part.first + part.count].itertuples(index=False, name=None)
        # line 1 names the columns
        for line, values in enumerate(rows, start=part.first + 2):
            if line in metadata.events.problems:
                yield RecordError(metadata.events.problems[line])
            try:
                yield waveforms.trace(dict(zip(columns, values, strict=True)), metadata.events.by_line.get(line))
            except RecordError as error:
                says = str(error)
                yield RecordError(f"Line {line} of the metadata{': ' if says[:1].isupper() else ' '}{says}")
