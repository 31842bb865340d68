"""The selection "mad" on the fingerprint page: over a real workspace, since its medians are of real records."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.workspace.conftest import TEACHING
from trova_widgets import FingerprintRecipe, Workspace
from trova_widgets.experiments import SHARES
from trova_widgets.fingerprinting import SelectionStatistics, fingerprint, haar_planes, unpack
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.fingerprint import FingerprintModel
from trova_widgets.models.fingerprint_stages import stages
from trova_widgets.pages.fingerprint import fingerprint_page


def silently(items: Any, label: str, total: int | None = None) -> Any:
    return items


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:12]
    with Workspace.create(tmp_path / "study", recipe="article") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml", progress=silently)
        workspace.compute_fingerprints(progress=silently)
        workspace.build_dataset("plain", shares=SHARES)
        yield workspace


@pytest.fixture
def page(workspace: Workspace) -> FingerprintModel:
    application = ApplicationModel(workspace)
    application.page = "fingerprint"
    page = FingerprintModel(application)
    assert page.picture
    return page


def test_the_page_says_that_medians_are_wanted_and_draws_when_they_are_fitted(
    page: FingerprintModel, workspace: Workspace
) -> None:
    before = page.picture
    page.values = {**page.values, "selection": "mad"}
    assert "fit the medians" in page.refusal and not page.is_fitted
    assert page.picture == before and page.compared == ""
    page.fit()
    assert (page.refusal, page.is_fitted, page.is_default, page.problem) == ("", True, False, "")
    count = len(workspace.records())
    assert page.compared == f"Compared with the medians of {count} records."
    assert page.picture["haar"]["unit"].startswith("MADs")
    assert page.picture["recipe"]["statistics"]
    assert FingerprintRecipe.from_dict(page.values) == FingerprintRecipe(selection="mad")
    drawn = unpack(page.picture["fingerprint"]["bits"])
    page.compute_all()
    assert f"the medians of {count} records" in page.report
    assert page.is_default and workspace.recipe().to_dict() == page.picture["recipe"]
    assert np.array_equal(workspace.fingerprints_of(page.selected)[0], drawn)


def test_medians_are_known_again_where_the_planes_are_the_same(
    page: FingerprintModel, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.values = {**page.values, "selection": "mad"}
    page.fit()
    first = page.picture["recipe"]["statistics"]
    monkeypatch.setattr(workspace, "fit_recipe", None)
    page.values = {**page.values, "keep": 100, "signs": "signed"}
    assert (page.refusal, page.picture["fingerprint"]["points"]) == ("", 100)
    assert page.picture["recipe"]["statistics"] == first
    page.values = {**page.values, "morlet_width": 8.0}
    assert "fit the medians" in page.refusal and not page.is_fitted
    # another record has no picture by a recipe that is not fitted
    page.select(workspace.records()["record_id"].iloc[-1])
    assert page.picture == {}
    page.values = {**page.values, "morlet_width": 6.0}
    assert page.refusal == "" and page.picture["recipe"]["statistics"] == first
    page.values = {**page.values, "selection": "largest"}
    assert page.compared == "" and "statistics" not in page.picture["recipe"]
    page.values = {**page.values, "keep": 0}
    assert "keep cannot be 0" in page.refusal and page.is_fitted


def test_they_can_be_those_of_the_training_alone(page: FingerprintModel, workspace: Workspace) -> None:
    assert page.bases == [
        {"value": "", "title": "All records"},
        {"value": "plain", "title": "The training of plain"},
    ]
    page.values = {**page.values, "selection": "mad"}
    page.basis = "plain"
    page.compute_all()
    fitted = workspace.statistics(workspace.recipe())
    assert fitted is not None and page.compared == f"Compared with the medians of {len(fitted.record_ids)} records."
    assert len(fitted.record_ids) < len(workspace.records())
    workspace.create_network("base")
    asked = {"network": "base", "dataset": "plain", "axes": {"training.epochs": "1, 2"}}
    assert workspace.preview(**asked).known_outside == 0
    page.basis = ""
    page.fit()
    assert page.compared == f"Compared with the medians of {len(workspace.records())} records."
    assert not page.is_default
    page.use_recipe()
    assert workspace.preview(**asked).known_outside > 0


def test_a_saved_recipe_brings_its_medians_along(page: FingerprintModel, workspace: Workspace) -> None:
    mad = FingerprintRecipe(selection="mad", keep=50)
    for dataset in ("plain", None):
        workspace.compute_fingerprints(mad, dataset=dataset, progress=silently)
    used = workspace.recipe()
    workspace.use_recipe(FingerprintRecipe())
    page.refresh()
    assert len(page.recipes) == 4, "the signed one is always there"
    [other] = set(workspace.recipes()["recipe_id"]) - {used.identity, FingerprintRecipe().identity}
    page.values = {**page.values, "selection": "mad"}
    assert page.picture["recipe"]["statistics"] == used.statistics, "the last ones"
    page.take_recipe(other)
    assert page.picture["recipe"] == workspace.recipe(other).to_dict()
    page.take_recipe(used.identity)
    assert page.picture["recipe"] == used.to_dict()


def test_what_is_lost_is_told_and_can_be_fitted_again(page: FingerprintModel, workspace: Workspace) -> None:
    page.values = {**page.values, "selection": "mad"}
    page.fit()
    statistics = page.picture["recipe"]["statistics"]
    [file] = (workspace.path / "statistics").iterdir()
    file.unlink()
    workspace._statistics._read.cache_clear()
    page.values = {**page.values, "keep": 90}
    assert f"restore {statistics}.json" in page.refusal and page.is_fitted
    page.fit()
    assert page.refusal == "" and page.picture["recipe"]["statistics"] == statistics


def test_the_page_offers_it(workspace: Workspace) -> None:
    page = fingerprint_page(workspace, ApplicationModel(workspace))
    page.values = {**page.values, "selection": "mad"}
    assert not page.is_fitted and page.bases == page.model.bases
    page.basis = "plain"
    page.vue_fit()
    assert page.is_fitted and page.compared == page.model.compared != ""


def test_the_plane_that_is_shown_is_what_is_chosen_from() -> None:
    random = np.random.default_rng(3)
    records = random.normal(size=(6, 6000))
    recipe = FingerprintRecipe(selection="mad", keep=150)
    planes = haar_planes(records, 50.0, recipe, onsets_s=[20.0] * 6)
    statistics = SelectionStatistics.of_planes(planes)
    made = stages(records[0], 50.0, recipe, onset_s=20.0, cutoff_hz=1.5, statistics=statistics)
    strongest = np.argsort(-np.abs(made.plane).ravel(), kind="stable")[:150]
    assert np.array_equal(np.flatnonzero(made.bits[2]), np.sort(strongest))
    alone = fingerprint(records[0], 50.0, recipe, onset_s=20.0, cutoff_hz=1.5, statistics=statistics)
    assert np.array_equal(made.bits[2], alone)
    # with another selection they are not looked at
    largest = replace(recipe, selection="largest")
    drawn = stages(records[0], 50.0, largest, onset_s=20.0, cutoff_hz=1.5, statistics=statistics)
    assert np.array_equal(drawn.plane, stages(records[0], 50.0, largest, onset_s=20.0, cutoff_hz=1.5).plane)
