"""The whole workspace written out in formats that other tools read, and taken in again from there."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from trova_widgets import __version__
from trova_widgets.atomic import replacing
from trova_widgets.errors import StoreError
from trova_widgets.figures.fingerprint_views import bits_png
from trova_widgets.fingerprinting import unpack
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records import SeismicEvent, write_quakeml
from trova_widgets.records.catalogues.sheets import marked_frame
from trova_widgets.reports import Report
from trova_widgets.store import Store
from trova_widgets.workspace.event_types import FILE_NAME as EVENT_TYPES
from trova_widgets.workspace.import_report import ImportReport
from trova_widgets.workspace.progress import Progress
from trova_widgets.workspace.quarries import FILE_NAME as QUARRIES
from trova_widgets.workspace.running import RunFolder
from trova_widgets.workspace.statistics import StatisticsFolder
from trova_widgets.workspace.waveforms import WaveformFolder

MANIFEST = "trova.json"
"""The file that is written last: without it, a folder is no whole export."""

_FORMAT = "trova export"
_WEIGHTS = re.compile(r"[0-9a-zA-Z_-]{1,64}\.safetensors")
_WAVEFORM = re.compile(r"(?P<folder>[0-9a-f]{2})/(?P<hash>(?P=folder)[0-9a-f]{18})(\.[a-z0-9]{1,10})?")
_STATISTICS = re.compile(r"[0-9a-f]{20}\.json")
_PICTURES_AT_A_TIME = 200

_ABOUT = """A Trova workspace, written out.

tables/        every table, with all its rows, as Parquet: the form from which `trova import` makes the workspace again
csv/           the same for reading, records with their events' classes and what was measured on them; texts that a
               spreadsheet would take for a formula stand behind an apostrophe
events.xml     the events as QuakeML, their classes as comments
fingerprints/  one-bit PNG pictures, by recipe, record and variant (-2 to 2); time to the right, frequency upwards
waveforms/     the files of seismograms as they came, named by the SHA-256 of their content
weights/       the weights of trained networks, named by their trials (safetensors)
quarries.csv   the quarries that are known, where there are any
statistics/    the medians and MADs that the selection "mad" of a recipe compares with, named by the SHA-256 of their
               content (JSON)
"""


@dataclass(frozen=True, kw_only=True, repr=False)
class ExportReport(Report):
    """What an export wrote.

    Attributes
    ----------
    folder : Path
        Where it is.
    rows : dict of str to int
        How many rows each table has.
    waveforms, weights, pictures : int
        How many files.
    """

    folder: Path
    rows: dict[str, int]
    waveforms: int
    weights: int
    pictures: int

    def __str__(self) -> str:
        return (
            f"{sum(self.rows.values())} rows, {self.waveforms} waveform files, {self.weights} files of weights and "
            f"{self.pictures} pictures are in {self.folder}; trova import {self.folder} takes all of it in again."
        )


def is_export(folder: Path) -> bool:
    """Tell whether a folder is a whole export of a workspace."""
    return (folder / MANIFEST).is_file()


def export_workspace(
    path: Path,
    store: Store,
    waveforms: WaveformFolder,
    runs: RunFolder,
    statistics: StatisticsFolder,
    folder: Path,
    *,
    pictures: int | None,
    progress: Progress,
) -> ExportReport:
    """Write everything into a folder; see `Workspace.export`.

    Raises
    ------
    StoreError
        When the folder holds something else, or cannot be written to.
    """
    if folder.exists() and not is_export(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder} holds something else already; name a new folder for the export.")
    try:
        for part in ("tables", "csv", "fingerprints", "waveforms", "weights", "statistics"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        rows = store.export_tables(folder / "tables")
        for name, frame in _sheets(store):
            marked_frame(_json_as_text(frame)).to_csv(folder / "csv" / f"{name}.csv", index=False)
        _write_events(store, folder / "events.xml")
        drawn = _draw(store, folder / "fingerprints", pictures, progress)
        copied = [
            _copy(source, folder / "waveforms" / name)
            for name, source in progress(sorted(waveforms.files()), "copying waveforms")
            if _WAVEFORM.fullmatch(name)
        ]
        weights = [source for source in sorted(runs.weights.glob("*")) if _WEIGHTS.fullmatch(source.name)]
        for source in weights:
            _copy(source, folder / "weights" / source.name)
        for name, source in statistics.files():
            if _STATISTICS.fullmatch(name):
                _copy(source, folder / "statistics" / name)
        for name in (EVENT_TYPES, QUARRIES):
            if (path / name).exists():
                _copy(path / name, folder / name)
        (folder / "README.txt").write_text(_ABOUT, encoding="utf-8")
        about = {"format": _FORMAT, "schema_version": store.schema_version, "trova": __version__, "rows": rows}
        (folder / MANIFEST).write_text(json.dumps(about, indent=1), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"The export into {folder} broke off: {error.strerror}; make room, then export again."
        ) from None
    return ExportReport(folder=folder, rows=rows, waveforms=len(copied), weights=len(weights), pictures=drawn)


def import_workspace(
    path: Path,
    store: Store,
    waveforms: WaveformFolder,
    runs: RunFolder,
    statistics: StatisticsFolder,
    folder: Path,
    *,
    progress: Progress,
) -> ImportReport:
    """Take in an export: into an empty workspace, it becomes the same; see `Workspace.import_records`.

    Raises
    ------
    StoreError
        When it is of a newer version, damaged, or contradicts what the workspace has.
    """
    started = time.monotonic()
    _check_manifest(folder)
    for name, source in progress(sorted(WaveformFolder(folder / "waveforms").files()), "copying waveforms"):
        named = _WAVEFORM.fullmatch(name)
        if named is None:
            continue
        content = source.read_bytes()
        if identity_of_bytes(content) != named["hash"]:
            raise StoreError(f"{source} is damaged: its content is not that of its name; export again.")
        waveforms.keep(name, content)
    runs.weights.mkdir(parents=True, exist_ok=True)
    for source in sorted((folder / "weights").glob("*")):
        if _WEIGHTS.fullmatch(source.name) and source.is_file():
            _copy(source, runs.weights / source.name)
    for name, source in StatisticsFolder(folder / "statistics").files():
        if _STATISTICS.fullmatch(name):
            statistics.keep_file(name, source.read_bytes())
    for name in (EVENT_TYPES, QUARRIES):
        if (folder / name).is_file() and not (path / name).exists():
            _copy(folder / name, path / name)
    if waveforms.path.exists():
        waveforms.settle()
    new = store.import_tables((folder / "tables").resolve())
    return ImportReport(
        records=new.get("record", 0),
        events=new.get("event", 0),
        already_there=0,
        rejections=(),
        seconds=time.monotonic() - started,
    )


def _check_manifest(folder: Path) -> None:
    try:
        about: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        is_ours, version = about["format"] == _FORMAT, int(about["schema_version"])
    except (OSError, ValueError, TypeError, KeyError):
        is_ours, version = False, 0
    if not is_ours:
        raise StoreError(f"{folder / MANIFEST} is not that of an export of Trova; export the workspace again.")
    Store.check_version(version, str(folder))


def _sheets(store: Store) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield what people read: every table but those that say the same in another form."""
    yield "events", store.events()
    yield "labels", store.labels()
    yield "records", store.records()
    yield "parameters", store.all_parameters()
    yield "recipes", store.recipes()
    yield "fingerprints", store.fingerprint_keys()
    datasets = store.datasets()
    yield "datasets", datasets
    members = [store.dataset_members(identity).assign(dataset_id=identity) for identity in datasets["dataset_id"]]
    yield "dataset_members", _together(members)
    yield "networks", store.networks()
    experiments = store.experiments()
    yield "experiments", experiments
    trials = [store.trials(identity).assign(experiment_id=identity) for identity in experiments["experiment_id"]]
    yield "trials", _together(trials)
    yield "annotations", store.annotations()


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _json_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    columns = {
        name: [json.dumps(value) if isinstance(value, dict | list) else value for value in frame[name]]
        for name in frame
        if frame[name].dtype == object
    }
    return frame.assign(**columns)


def _write_events(store: Store, path: Path) -> None:
    frame = store.events()
    known = frame.astype(object).where(frame.notna(), None)
    known["origin_time_ns"] = [None if time is None else time.value for time in known["origin_time"]]
    names = [field.name for field in fields(SeismicEvent) if field.name != "event_id"]
    events = (
        SeismicEvent(event_id=row["event_id"], **{name: row[name] for name in names})
        for row in known.to_dict("records")
    )
    write_quakeml(path, events, known.dropna(subset=["event_class"]).set_index("event_id")["event_class"].to_dict())


def _draw(store: Store, folder: Path, limit: int | None, progress: Progress) -> int:
    """Draw fingerprints as pictures, a part at a time, and return how many there are."""
    keys = store.fingerprint_keys().head(limit) if limit is not None else store.fingerprint_keys()
    parts = [
        list(keys["fingerprint_id"].iloc[first : first + _PICTURES_AT_A_TIME])
        for first in range(0, len(keys), _PICTURES_AT_A_TIME)
    ]
    for part in progress(parts, "drawing fingerprints", len(parts)):
        for row in store.fingerprints(fingerprint_ids=part).itertuples(index=False):
            target = folder / row.recipe_id[:8] / row.record_id[:2] / f"{row.record_id}_{row.variant:+d}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(bits_png(unpack(row.bits, int(row.size))))
    return len(keys)


def _copy(source: Path, target: Path) -> Path:
    """Copy a file so that it is whole or not there; one of the same size is taken for the same."""
    if not (target.exists() and target.stat().st_size == source.stat().st_size):
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as partial:
            shutil.copyfile(source, partial)
    return target
