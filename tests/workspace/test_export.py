"""A workspace written out: other tools read its parts, and an import gives the same workspace back."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pytest
from PIL import Image

from tests.workspace.interrupting import contents
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import StoreError
from trova_widgets.records import read_catalog, read_waveforms
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.store import Store, stop_owner


def silently(items, label, total=None):
    return items


def whole_contents(folder: Path) -> dict[str, Any]:
    """Everything that a workspace holds, the moments too."""
    with Store.open(folder) as store:
        rows = store._database.rows
        moments = {
            table: sorted(map(repr, rows(f"SELECT * FROM {table}")))
            for table in ("label", "parameter", "recipe", "default_recipe", "dataset", "network", "experiment")
        }
    files = [*(folder / "weights").glob("*"), folder / "event_types.csv"]
    moments |= {path.name: [path.read_bytes().hex()] for path in files}
    return contents(folder) | {f"{name} as it was": held for name, held in moments.items()}


@pytest.fixture(scope="module")
def original(study: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A study with an experiment, to which texts are added that could do harm elsewhere."""
    folder = tmp_path_factory.mktemp("original") / "study"
    shutil.copytree(study.path, folder, ignore=shutil.ignore_patterns("clients", "owner.json"))
    with Workspace.open(folder) as workspace:
        event = workspace.events()["event_id"][0]
        workspace.label(event, "mine_blast", author="ann", comment='=HYPERLINK("http://nowhere")')
        workspace.annotate(event, 'a line,\n"another" <b>one</b> 地震', author="O'Brien; --")
        workspace.set_parameter(workspace.records()["record_id"][0], "cutoff_hz", 1.25, author="ann")
        workspace.set_event_type_classes({"rock burst": "rock_burst"})
        yield workspace


@pytest.fixture(scope="module")
def exported(original: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "export"
    report = original.export(folder, progress=silently)
    assert report.rows["record"] == len(original.records()) and report.pictures == original.counts()["fingerprints"]
    assert report.weights > 0 and str(folder) in str(report)
    return folder


def test_an_import_of_it_gives_the_same_workspace(original: Workspace, exported: Path, tmp_path: Path) -> None:
    study = tmp_path / "again"
    assert main(["init", str(study)]) == 0
    assert main(["import", str(exported), "-w", str(study)]) == 0
    assert whole_contents(study) == whole_contents(original.path)
    assert main(["import", str(exported), "-w", str(study)]) == 0, "once more, which adds nothing"
    assert whole_contents(study) == whole_contents(original.path)
    with Workspace.open(study) as again:
        pd.testing.assert_frame_equal(again.trials("first"), original.trials("first"))
        pd.testing.assert_frame_equal(again.records(), original.records())
        assert again.check(progress=silently).is_sound
        record = again.records()["record_id"][3]
        assert np.array_equal(again.waveform(record).samples, original.waveform(record).samples)


def test_a_served_workspace_is_exported_and_imported_as_well(original: Workspace, tmp_path: Path) -> None:
    served = tmp_path / "served"
    with Workspace.create(served) as workspace:
        workspace._store.share()
        original.export(tmp_path / "export", pictures=3, progress=silently)
        workspace.import_records(tmp_path / "export", progress=silently)
        workspace.export(tmp_path / "second", pictures=0, progress=silently)
        pd.testing.assert_frame_equal(workspace.records(), original.records())
    stop_owner(served)
    assert len(list((tmp_path / "export" / "fingerprints").rglob("*.png"))) == 3
    for table in ("record", "trial", "fingerprint"):
        first, second = (tmp_path / name / "tables" / f"{table}.parquet" for name in ("export", "second"))
        assert polars.read_parquet(first).equals(polars.read_parquet(second))


def test_parquet_is_read_by_another_tool(original: Workspace, exported: Path) -> None:
    records = polars.read_parquet(exported / "tables" / "record.parquet").sort("start_time", "record_id")
    mine = original.records()
    assert records["record_id"].to_list() == mine["record_id"].tolist()
    assert records["start_time"].cast(polars.Int64).to_list() == mine["start_time"].astype("int64").tolist()
    trials = polars.read_parquet(exported / "tables" / "trial.parquet")
    assert [np.shape(json.loads(text)) for text in trials["confusion"]] == [(3, 3)] * len(trials)


def test_csv_is_read_by_pandas_and_harmless_in_a_spreadsheet(original: Workspace, exported: Path) -> None:
    records = pd.read_csv(exported / "csv" / "records.csv", dtype={"location": str}, keep_default_na=True)
    assert len(records) == len(original.records())
    assert np.allclose(records["cutoff_hz"], original.records()["cutoff_hz"], equal_nan=True)
    labels = pd.read_csv(exported / "csv" / "labels.csv")
    assert labels["comment"].tolist()[-1] == '\'=HYPERLINK("http://nowhere")'
    notes = pd.read_csv(exported / "csv" / "annotations.csv")
    assert notes["text"].tolist() == original._store.annotations()["text"].tolist()
    trials = pd.read_csv(exported / "csv" / "trials.csv")
    assert trials["quality"].between(0, 1).all()


def test_quakeml_is_read_by_obspy(original: Workspace, exported: Path) -> None:
    catalog = obspy_module("obspy").read_events(str(exported / "events.xml"), format="QUAKEML")
    events = original.events().set_index("event_id")
    assert len(catalog) == len(events)
    for event in catalog:
        row = events.loc[event.resource_id.id.rpartition("/")[2]]
        assert event.preferred_origin().time.ns == row["origin_time"].value // 1000 * 1000, "QuakeML has microseconds"
        assert event.preferred_magnitude().mag == row["magnitude"]
        assert event.preferred_origin().depth == pytest.approx(1000 * row["depth_km"])
        assert f"event class: {row['event_class']}" in [comment.text for comment in event.comments]
    assert {event.event_id for event in read_catalog(exported / "events.xml")} == set(events.index)


def test_fingerprints_are_pictures_of_one_bit(original: Workspace, exported: Path) -> None:
    record = original._store.fingerprint_keys()["record_id"][0]
    kept = original.fingerprints_of(record)
    assert len(kept) == 5
    for variant, bits in kept.items():
        (picture,) = (exported / "fingerprints").rglob(f"{record}_{variant:+d}.png")
        with Image.open(picture) as image:
            assert image.mode == "1" and image.size == (64, 64)
            assert np.array_equal(np.asarray(image), bits[::-1]), "the lowest frequencies are at the bottom"
        assert picture.stat().st_size < 700


def test_waveforms_are_read_where_they_lie(original: Workspace, exported: Path) -> None:
    row = original.records().iloc[2]
    file, place = exported / "waveforms" / row["file_name"], row["trace_index"]
    trace = obspy_module("obspy").read(str(file), format="MSEED")[place]
    assert (trace.stats.station, trace.stats.npts) == (row["station"], row["sample_count"])
    assert np.array_equal(trace.data, read_waveforms(file)[place].samples)


def test_an_export_that_broke_off_or_was_damaged_is_refused(exported: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(exported, copy)
    manifest = json.loads((copy / "trova.json").read_text())
    with Workspace.create(tmp_path / "study") as workspace:
        (copy / "trova.json").write_text(json.dumps(manifest | {"schema_version": 99}))
        with pytest.raises(StoreError, match="schema version 99"):
            workspace.import_records(copy, progress=silently)
        (copy / "trova.json").write_text('{"format": "another"}')
        with pytest.raises(StoreError, match="not that of an export of Trova"):
            workspace.import_records(copy, progress=silently)
        (copy / "trova.json").write_text(json.dumps(manifest))
        damaged = next(path for path in (copy / "waveforms").rglob("*.mseed"))
        damaged.write_bytes(damaged.read_bytes()[:-10])
        with pytest.raises(StoreError, match="is damaged"):
            workspace.import_records(copy, progress=silently)
        assert workspace.counts()["records"] == 0


def test_names_that_lead_out_of_the_workspace_are_refused(exported: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(exported, copy)
    records = polars.read_parquet(copy / "tables" / "record.parquet")
    records.with_columns(file_name=polars.lit("../../outside.mseed")).write_parquet(copy / "tables" / "record.parquet")
    with Workspace.create(tmp_path / "study") as workspace:
        with pytest.raises(StoreError, match="which no export of Trova has"):
            workspace.import_records(copy, progress=silently)
        assert workspace.counts()["records"] == 0


def test_what_another_thing_is_called_is_not_taken(exported: Path, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "study") as workspace:
        workspace._store.add_recipe(
            "another", polars.read_parquet(exported / "tables" / "recipe.parquet")["name"][0], {}
        )
        with pytest.raises(StoreError, match="another recipe with the name"):
            workspace.import_records(exported, progress=silently)
        assert workspace.counts()["records"] == 0


def test_a_folder_with_something_else_is_left_alone(original: Workspace, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("do not lose me")
    with pytest.raises(StoreError, match="holds something else"):
        original.export(tmp_path, progress=silently)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
