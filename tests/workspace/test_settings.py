"""Settings of every kind vary in one experiment: from the command line, a notebook, and the page."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.experiments import TrainingSettings
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.planning import PlanModel
from trova_widgets.models.results import ResultsModel
from trova_widgets.store.connection import Connection

AXES = {
    "convolution2dLayer_2_filterSize": "2, 3",
    "training.weight_decay": "0, 0.01",
    "fingerprint.keep": "200, 400",
    "fingerprint.highpass": "on, off",
}
OVER = {"network": "base", "dataset": "small"}


def results(workspace: Workspace, experiment: str) -> ResultsModel:
    """Return the results page's model, at an experiment."""
    application = ApplicationModel(workspace)
    application.open("results", experiment)
    return ResultsModel(application)


def whole_cube(workspace: Workspace, experiment: str) -> None:
    """Look at the cube of an experiment over `AXES`."""
    table = workspace.trials(experiment)
    assert table["state"].tolist() == ["finished"] * 16
    assert table["quality"].between(0, 1).all() and table["holdout"].between(0, 1).all()
    model = results(workspace, experiment)
    assert model.problem == "" and model.experiment == experiment
    assert len(model.cube.index) == 8 and not model.cube.holes.any(), "three of the four axes, the fourth held"
    assert [slider["title"] for slider in model.sliders] == ["filterSize (2)", "weight_decay", "keep", "highpass"]


@pytest.fixture(scope="module")
def varied(study: Workspace) -> Iterator[Workspace]:
    study.plan("varied", axes=AXES, epochs=1, **OVER)
    study.run_here("varied")
    yield study


def test_from_a_notebook(varied: Workspace) -> None:
    whole_cube(varied, "varied")
    by_highpass = varied.trials("varied").groupby("fingerprint.highpass")["quality"].count()
    assert by_highpass.to_dict() == {"off": 8, "on": 8}


def test_each_fingerprint_is_computed_once(varied: Workspace) -> None:
    kept = varied._store.fingerprints()
    recipes = varied.recipes().set_index("recipe_id")["values"]
    counts = kept.groupby("recipe_id").size()
    variants = {recipe_id: 1 if recipes[recipe_id].get("highpass") == "off" else 5 for recipe_id in counts.index}
    members = varied._store.dataset_members(varied._store.dataset("small").dataset_id)
    assert set(variants.values()) == {1, 5} and len(counts) == 4
    assert all(count >= variants[recipe_id] * len(members) for recipe_id, count in counts.items())
    assert not kept["fingerprint_id"].duplicated().any()


def test_from_the_command_line(varied: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    here = ["-w", str(varied.path)]
    words = [f"{name}={values}" for name, values in AXES.items()]
    over = ["--network", "base", "--dataset", "small", "--fix", "training.epochs=1"]
    assert main(["plan", "typed", *words, *over, *here]) == 0
    assert "16 cells, 16 can be built, 0 of 16 trials are to be run" in capsys.readouterr().out, "they are there"
    assert main(["plan", "typed-2", *words, *over, "training.batch_size=16", *here]) == 0
    assert main(["run", "typed-2", *here]) == 0
    whole_cube(varied, "typed-2")
    capsys.readouterr()
    table = tmp_path / "trials.csv"
    assert main(["results", "typed-2", "--export", str(table), *here]) == 0
    assert capsys.readouterr().out.startswith("Best: ")
    exported = pd.read_csv(table)
    assert {*AXES, "holdout", "cell_quality", "gradient"} <= set(exported.columns) and len(exported) == 16
    assert main(["propose", "typed-2", *here]) == 0
    assert "'convolution2dLayer_2_numFilters=[8 : 8 : 64]'" in capsys.readouterr().out


def test_from_the_form_of_the_page(varied: Workspace) -> None:
    form = PlanModel(ApplicationModel(varied))
    form.network, form.dataset, form.name, form.epochs = "base", "small", "clicked", 1
    form.axes = [{"parameter": name, "text": text} for name, text in AXES.items()]
    assert form.forecast["sentence"].startswith("16 cells, all can be built, 16 of them are there already")
    assert {row["name"] for row in form.parameters} >= {*AXES, "training.epochs", "seed"}
    form.start()
    whole_cube(varied, "clicked")


def test_the_seed_is_a_setting_too(varied: Workspace) -> None:
    report = varied.plan("seeds", axes={"seed": "0, 1", "fingerprint.keep": "400"}, epochs=1, **OVER)
    assert (report.cells, report.trials) == (2, 2)
    varied.run_here("seeds")
    assert varied.trials("seeds")["seed"].tolist() == [0, 1]
    fixed = varied.preview(axes={"fingerprint.keep": "400"}, fixed={"seed": 1}, epochs=1, **OVER)
    assert fixed.missing == 0, "known by its settings, wherever they were said"


def test_one_number_of_epochs_is_usual_everywhere(varied: Workspace) -> None:
    assert PlanModel(ApplicationModel(varied)).epochs == TrainingSettings().epochs
    varied.plan("usual", axes={"training.learning_rate": "0.001, 0.002"}, **OVER)
    assert varied.experiment_plan("usual").value_of("training.epochs") == TrainingSettings().epochs


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"epochs": 2}, "training.epochs is 1, not 2"),
        ({"fixed": {"training.optimizer": "sgd"}}, "training.optimizer is adamw, not sgd"),
        ({"fixed": {"dropoutLayer_5_probability": 0.5}}, "dropoutLayer_5_probability is 0.2, not 0.5"),
        ({"fixed": {"fingerprint.signs": "signed"}}, "fingerprint.signs is one, not signed"),
    ],
)
def test_a_name_stands_for_one_set_of_settings(varied: Workspace, change: dict, told: str) -> None:
    before = varied.experiment_plan("varied")
    with pytest.raises(PlanError, match=f"(?s)there {told}.*so that it grows, or give the new plan another name"):
        varied.plan("varied", **{"axes": AXES, "epochs": 1, **OVER, **change})
    assert varied.experiment_plan("varied") == before


def test_growing_is_told_in_numbers(varied: Workspace) -> None:
    varied.plan("growing", axes={"fingerprint.keep": "200, 400"}, epochs=1, **OVER)
    report = varied.plan("growing", axes={"fingerprint.keep": "100, 200, 400, 800"}, epochs=1, **OVER)
    assert report.new_cells == 2 and "2 new cells, settings unchanged" in str(report)


def test_a_plan_of_which_nothing_can_be_built_leaves_nothing(varied: Workspace) -> None:
    names = set(varied.experiments()["name"])
    with pytest.raises(PlanError, match="Not one of the 2 cells of hopeless can be built, so nothing is kept: Layer 7"):
        varied.plan("hopeless", axes={"convolution2dLayer_7_filterSize": "70, 80"}, **OVER)
    with pytest.raises(PlanError, match="the first must be less than the second"):
        varied.plan("hopeless", axes={"fingerprint.frequency_from_hz": "20, 30"}, **OVER)
    assert set(varied.experiments()["name"]) == names


def test_a_recipe_that_cannot_be_applied_to_all_records_fails_alone(varied: Workspace) -> None:
    # the teaching set's records have 50 samples a second: nothing is above 25 Hz
    varied.plan("too-high", axes={"fingerprint.frequency_to_hz": "16, 400"}, epochs=1, **OVER)
    assert varied.run_here("too-high").failed == 1
    trials = varied.trials("too-high").set_index("fingerprint.frequency_to_hz")
    assert trials["state"].to_dict() == {16.0: "finished", 400.0: "failed"}
    assert "have no fingerprint of this recipe" in trials.loc[400.0, "error"]


def test_one_best_is_shown_taken_and_kept(varied: Workspace, tmp_path: Path) -> None:
    best = varied.best("varied")
    model = results(varied, "varied")
    assert (model.trial_id, model.position) == (best.trial_id, best.place)
    assert model.trial["best"] and model.trial["holdout"] == f"{100 * best.holdout:.1f} %"
    assert varied._trained("varied").trial.trial_id == best.trial_id
    listed = varied.experiment_totals().set_index("name").loc["varied"]
    assert (listed["best_quality"], listed["best_holdout"]) == (best.quality, best.holdout)
    varied.export_results("varied", tmp_path / "carried")
    assert [file.stem for file in (tmp_path / "carried").glob("*.safetensors")] == [best.trial_id]


def test_without_a_name_the_latest_experiment_answers(varied: Workspace) -> None:
    varied.plan("latest", axes={"fingerprint.keep": "400"}, fixed={"training.epochs": 2}, **OVER)
    varied.run_here("latest")
    assert varied._trained(None).trial.trial_id == varied.best("latest").trial_id


def test_a_click_on_a_node_asks_the_database_six_times_at_most(
    varied: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = results(varied, "varied")
    asked: list[str] = []
    for name in ("rows", "query"):
        plain = getattr(Connection, name)

        def counted(self: Connection, sql: str, *arguments: object, plain=plain) -> object:
            asked.append(sql)
            return plain(self, sql, *arguments)

        monkeypatch.setattr(Connection, name, counted)
    model.select((1, 1, 1, 1) if model.position != (1, 1, 1, 1) else (0, 0, 0, 0))
    assert model.matrix["total"] > 0 and model.layers
    assert 1 <= len(asked) <= 6, asked


def test_the_catalogue_of_an_older_version_is_written_anew(varied: Workspace, tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "study", recipe="article") as workspace:
        kept = workspace._store.catalogue()["layer_parameters"]
        workspace._store._database.write("catalogue", lambda c: c.execute("UPDATE layer_parameter SET meaning = ''"))
        workspace._store._database.write("catalogue", lambda c: c.execute("UPDATE catalogue SET identity = 'older'"))
    with Workspace.open(tmp_path / "study") as workspace:
        pd.testing.assert_frame_equal(workspace._store.catalogue()["layer_parameters"], kept)
