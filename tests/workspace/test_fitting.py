"""The selection "mad" in a workspace: its medians are fitted once, kept, and the same ones for whatever comes later."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.workspace.conftest import TEACHING
from trova_widgets import FingerprintRecipe, Workspace
from trova_widgets.cli import main
from trova_widgets.errors import RecipeError, StoreError
from trova_widgets.experiments import SHARES
from trova_widgets.fingerprinting import SelectionStatistics, fingerprint, haar_planes
from trova_widgets.identity import identity_of_bytes
from trova_widgets.workspace import fitting
from trova_widgets.workspace.statistics import FittedStatistics, StatisticsFolder, fitting_identity

MAD = FingerprintRecipe(selection="mad", keep=300)


def silently(items, label, total=None):
    return items


def files(count: int, first: int = 0) -> list[Path]:
    return sorted((TEACHING / "waveforms").glob("*.mseed"))[first : first + count]


def kept_files(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (workspace.path / "statistics").glob("*")}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of twelve events with their records."""
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_records(files(12), catalog=TEACHING / "catalog.xml", progress=silently)
        yield workspace


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a network that was trained on fingerprints fitted to the training of a data set."""
    with Workspace.create(tmp_path_factory.mktemp("trained") / "study") as workspace:
        workspace.import_records(files(20), catalog=TEACHING / "catalog.xml", progress=silently)
        workspace.compute_fingerprints(progress=silently)
        workspace.build_dataset("plain", shares=SHARES)
        # as many points as the default recipe keeps: the cut-off of a new record is then the one that was found here
        workspace.compute_fingerprints(FingerprintRecipe(selection="mad"), dataset="plain", progress=silently)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        axes = {"averagePooling2dLayer_6_poolSize": "8"}
        workspace.plan("first", network="base", dataset="plain", axes=axes, epochs=1)
        workspace.run("first")
        yield workspace


def test_the_medians_are_those_of_all_records_at_their_cutoffs(workspace: Workspace) -> None:
    report = workspace.compute_fingerprints(MAD, progress=silently)
    records = workspace.records()
    assert (report.computed, report.refused, report.compared_with) == (len(records), {}, len(records))
    planes = {
        row["record_id"]: haar_planes(
            [workspace.waveform(row["record_id"]).samples],
            row["sampling_rate_hz"],
            MAD,
            onsets_s=[row["onset_s"]],
            cutoffs_hz=[row["cutoff_hz"]],
        )[0]
        for _, row in records.iterrows()
    }
    expected = SelectionStatistics.of_planes(list(planes.values()))
    fitted = workspace.statistics(workspace.recipe())
    assert fitted is not None and sorted(fitted.record_ids) == sorted(planes)
    np.testing.assert_array_equal(fitted.values.median, expected.median)
    np.testing.assert_array_equal(fitted.values.mad, expected.mad)
    row = records.iloc[5]
    image = fingerprint(
        workspace.waveform(row["record_id"]).samples,
        row["sampling_rate_hz"],
        MAD,
        onset_s=row["onset_s"],
        cutoff_hz=row["cutoff_hz"],
        statistics=expected,
    )
    np.testing.assert_array_equal(workspace.fingerprints_of(row["record_id"])[0], image)
    assert image.sum() == 300


def test_nothing_is_fitted_or_computed_twice(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = workspace.compute_fingerprints(MAD, progress=silently)
    recipe, before = workspace.recipe(), kept_files(workspace)
    monkeypatch.setattr(fitting, "haar_planes", None)
    again = workspace.compute_fingerprints(MAD, progress=silently)
    assert (again.computed, again.already_there) == (0, first.computed)
    # the planes are the same ones, whatever is chosen of them
    sparse = workspace.fit_recipe(dataclasses.replace(MAD, keep=100, signs="signed"), progress=silently)
    assert sparse.statistics == recipe.statistics
    assert kept_files(workspace) == before and len(before) == 1


def test_new_records_are_compared_with_the_medians_of_those_before(workspace: Workspace) -> None:
    workspace.compute_fingerprints(MAD, progress=silently)
    recipe, before = workspace.recipe(), workspace._store.fingerprints()
    workspace.import_records(files(3, 12), catalog=TEACHING / "catalog.xml", progress=silently)
    report = workspace.compute_fingerprints(progress=silently)
    assert workspace.recipe() == recipe
    assert report.computed > 0 and report.already_there == report.compared_with == len(before) // 5
    # fitted anew it is another recipe, and what there was stays
    fresh = workspace.compute_fingerprints(MAD, progress=silently)
    assert workspace.recipe().statistics != recipe.statistics
    assert workspace.recipe().identity != recipe.identity
    assert fresh.computed == fresh.compared_with == len(workspace.records())
    after = workspace._store.fingerprints(fingerprint_ids=before["fingerprint_id"])
    assert after.equals(before) and len(kept_files(workspace)) == 2


def test_a_cutoff_that_an_analyst_changed_is_fitted_anew(workspace: Workspace) -> None:
    before = workspace.fit_recipe(MAD, progress=silently)
    workspace.set_parameter(workspace.records()["record_id"][0], "cutoff_hz", 3.0)
    assert workspace.fit_recipe(MAD, progress=silently).statistics != before.statistics


def test_the_training_of_a_data_set_keeps_the_others_out(workspace: Workspace, capsys) -> None:
    study = str(workspace.path)
    workspace.compute_fingerprints(progress=silently)
    workspace.build_dataset("plain", shares=SHARES)
    workspace.close()
    assert main(["fingerprint", "--set", "selection=mad", "keep=300", "-w", study]) == 0
    assert main(["network", "base", "-w", study]) == 0
    plan = ["training.epochs=1", "--network", "base", "--dataset", "plain", "-w", study]
    assert main(["plan", "knowing", *plan]) == 0
    assert "No class was looked at" in capsys.readouterr().out
    assert main(["fingerprint", "--dataset", "plain", "-w", study]) == 0
    with Workspace.open(study) as workspace:
        members = workspace._store.dataset_members(workspace._store.dataset("plain").dataset_id)
        training = set(members.loc[members["split"] == "training", "record_id"])
        fitted = workspace.statistics(workspace.recipe())
        assert fitted is not None and set(fitted.record_ids) == training != set(members["record_id"])
        assert workspace.recipe().keep == 300
        asked = {"network": "base", "axes": {"training.epochs": "1"}}
        assert workspace.preview(dataset="plain", **asked).known_outside == 0
        workspace.build_dataset("another split", shares=SHARES, seed=1)
        assert workspace.preview(dataset="another split", **asked).known_outside > 0


def test_a_network_reads_new_records_with_the_medians_of_its_training(trained: Workspace) -> None:
    (trial,) = trained.trials("first")["trial_id"]
    said, rows = trained.trial(trial).predictions.set_index("record_id"), trained.records().set_index("record_id")
    paths = [trained.path / "waveforms" / name for name in rows.loc[said.index, "file_name"].unique()]
    classified = trained.classify(paths, network=trial)
    named = classified.set_index("record_id")
    for name in said.index:
        assert named.loc[name, said.loc[name, "predicted"]] == pytest.approx(said.loc[name, "probability"], abs=1e-5)
    # another default does not change what the network was trained on
    trained.compute_fingerprints(MAD, progress=silently)
    assert trained.classify(paths, network=trial).equals(classified)


def test_what_an_analyst_said_of_a_record_counts_when_its_file_is_classified(
    trained: Workspace, tmp_path: Path
) -> None:
    row = trained.records().iloc[0]
    path = trained.path / "waveforms" / row["file_name"]
    copy = tmp_path / "anything.mseed"
    copy.write_bytes(path.read_bytes())
    before = trained.classify(copy).set_index("record_id")
    assert row["record_id"] in before.index
    trained.set_parameter(row["record_id"], "cutoff_hz", 7.5)
    after = trained.classify(copy).set_index("record_id")
    trained.set_parameter(row["record_id"], "cutoff_hz", row["cutoff_hz"])
    classes = sorted({"earthquake", "mine_blast", "quarry_blast"} & set(before))
    assert not np.allclose(
        before.loc[row["record_id"], classes].astype(float), after.loc[row["record_id"], classes].astype(float)
    )
    others = before.index.drop(row["record_id"])
    assert after.loc[others].equals(before.loc[others])


def test_a_file_that_the_workspace_does_not_know_is_measured_anew(trained: Workspace) -> None:
    (classified,) = trained.classify(files(1, first=40)).groupby("record_id")
    assert classified[0] == ""
    assert set(classified[1]["event_class"]) <= {"earthquake", "mine_blast", "quarry_blast"}


def test_an_export_carries_them(trained: Workspace, tmp_path: Path) -> None:
    trained.export(tmp_path / "export", pictures=0, progress=silently)
    with Workspace.create(tmp_path / "study") as again:
        again.import_records(tmp_path / "export", progress=silently)
        assert kept_files(again) == kept_files(trained) != {}
        assert again.recipe() == trained.recipe() and again.check(progress=silently).is_sound
        assert again.compute_fingerprints(progress=silently).computed == 0
    damaged = next((tmp_path / "export" / "statistics").iterdir())
    damaged.write_bytes(damaged.read_bytes().replace(b"[", b"[ ", 1))
    with Workspace.create(tmp_path / "other") as other:
        with pytest.raises(StoreError, match="damaged"):
            other.import_records(tmp_path / "export", progress=silently)
        assert other.counts()["records"] == 0


def test_the_doctor_sees_what_is_damaged_and_what_is_missing(workspace: Workspace) -> None:
    workspace.compute_fingerprints(MAD, progress=silently)
    assert workspace.check(progress=silently).is_sound
    [(name, content)] = kept_files(workspace).items()
    (workspace.path / "statistics" / name).write_bytes(content[:-9])
    study = workspace.path
    workspace.close()
    with Workspace.open(study) as workspace:
        with pytest.raises(StoreError, match="damaged"):
            workspace.compute_fingerprints(progress=silently)
        report = workspace.repair(progress=silently)
        assert {finding.kind for finding in report.findings} == {
            "file of statistics whose content has changed",
            "recipe whose statistics are missing",
        }
        assert not report.is_sound
        assert (report.quarantine / "statistics" / name).read_bytes() == content[:-9]
        with pytest.raises(StoreError, match="restore"):
            workspace.compute_fingerprints(progress=silently)
        # the same records make the same file again
        assert workspace.compute_fingerprints(MAD, progress=silently).computed == 0
        assert kept_files(workspace) == {name: content}
        assert workspace.check(progress=silently).is_sound


def test_of_many_records_a_draw_is_fitted_to(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_MOST_COEFFICIENTS", 10 * 64 * 64)
    fitted = workspace.statistics(workspace.fit_recipe(MAD, progress=silently))
    assert fitted is not None
    assert list(fitted.record_ids) == sorted(workspace.records()["record_id"])[:10]


def test_records_that_the_recipe_refuses_are_left_out(workspace: Workspace) -> None:
    with pytest.raises(RecipeError, match="at least two records, but the recipe can be applied to 0 of"):
        workspace.fit_recipe(dataclasses.replace(MAD, window_s=20_000.0), progress=silently)
    assert kept_files(workspace) == {}


def test_what_cannot_be_compared_is_refused_in_a_sentence(workspace: Workspace) -> None:
    with pytest.raises(RecipeError, match="'largest' compares with no statistics"):
        workspace.fit_recipe(FingerprintRecipe(), progress=silently)
    with pytest.raises(RecipeError, match="not fitted yet"):
        workspace.use_recipe(MAD)
    with pytest.raises(StoreError, match="nowhere"):
        workspace.fit_recipe(MAD, dataset="nowhere", progress=silently)
    fitted = workspace.fit_recipe(MAD, progress=silently)
    with pytest.raises(RecipeError, match="another recipe's Haar planes"):
        workspace.use_recipe(dataclasses.replace(fitted, morlet_width=8.0))
    with pytest.raises(StoreError, match=r"restore 0{20}\.json"):
        workspace.use_recipe(dataclasses.replace(fitted, statistics="0" * 20))
    assert workspace.recipes().empty


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "statistics").write_text("in the way")
    statistics = SelectionStatistics(median=np.zeros((4, 4)), mad=np.ones((4, 4)))
    fitted = FittedStatistics(plane_identity="p", fitted_to="f", record_ids=("a", "b"), values=statistics)
    with pytest.raises(StoreError, match="cannot be kept in"):
        StatisticsFolder(tmp_path / "statistics").keep(fitted)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"format": "another"}', b'{"format": "trova selection statistics"}', b"\x80\x04", b'"' + b"[" * 9],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    name = identity_of_bytes(content)
    folder = StatisticsFolder(tmp_path / "statistics")
    folder.keep_file(f"{name}.json", content)
    with pytest.raises(StoreError, match="no statistics of Trova"):
        folder.read(name)
    assert folder.find("anything") is None


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(arrays(float, (3, 4, 4), elements=st.floats(-1e300, 1e300)), st.lists(st.text(), max_size=5))
def test_what_is_kept_comes_back_bit_by_bit_under_the_name_of_its_content(
    tmp_path_factory: pytest.TempPathFactory, planes: np.ndarray, record_ids: list[str]
) -> None:
    folder = StatisticsFolder(tmp_path_factory.mktemp("statistics"))
    made = FittedStatistics(
        plane_identity="p", fitted_to="f", record_ids=tuple(record_ids), values=SelectionStatistics.of_planes(planes)
    )
    identity = folder.keep(made)
    read = StatisticsFolder(folder.path).read(identity)
    assert read.values.median.tobytes() == made.values.median.tobytes()
    assert read.values.mad.tobytes() == made.values.mad.tobytes()
    assert read.record_ids == made.record_ids and folder.keep(read) == identity == folder.find("f")


records = st.lists(
    st.tuples(st.text(), st.none() | st.floats(0.1, 20), st.none() | st.floats(0, 100)),
    unique_by=lambda one: one[0],
)


@given(records, st.randoms())
def test_the_order_of_records_does_not_matter_but_every_one_does(measured, random) -> None:
    shuffled = random.sample(measured, len(measured))
    assert fitting_identity(MAD, measured) == fitting_identity(MAD, shuffled)
    assert fitting_identity(MAD, measured) != fitting_identity(dataclasses.replace(MAD, haar="nonstandard"), measured)
    if measured:
        assert fitting_identity(MAD, measured) != fitting_identity(MAD, measured[1:])


@given(arrays(float, (5, 8, 8), elements=st.floats(-1e6, 1e6)), st.permutations(range(5)))
def test_statistics_do_not_depend_on_the_order_and_are_numpys(planes: np.ndarray, order: list[int]) -> None:
    made = SelectionStatistics.of_planes(planes)
    median = np.median(planes, axis=0)
    np.testing.assert_array_equal(made.median, median)
    np.testing.assert_array_equal(made.mad, np.median(np.abs(planes - median), axis=0))
    assert SelectionStatistics.of_planes(planes[order]).to_dict() == made.to_dict()


def test_the_file_is_json_that_any_tool_reads(workspace: Workspace) -> None:
    fitted = workspace.fit_recipe(MAD, progress=silently)
    content = json.loads((workspace.path / "statistics" / f"{fitted.statistics}.json").read_text())
    assert content["format"] == "trova selection statistics" and content["planes"] == fitted.plane_identity
    assert np.shape(content["median"]) == np.shape(content["mad"]) == (64, 64)
