import numpy as np
import pytest

from tests.models.study import FIRST, Study
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results import TABS, ResultsModel

FOUR = {"a_1_p": (1, 2), "b_2_q": (0.1, 0.3, 0.5), "c_3_r": ("x", "y"), "d_4_s": (1, 2, 4)}


def results(study: Study | None = None) -> ResultsModel:
    return ResultsModel(ApplicationModel(study or Study()))


def test_it_begins_at_the_best_combination_with_everything_about_it() -> None:
    model = results()
    quality = model.reading.quality.mean
    assert quality[model.position] == np.nanmax(quality)
    assert model.trial["state"] == "finished"
    assert model.matrix["total"] > 0
    assert any(layer["varied"] for layer in model.layers)
    assert model.curve is not None
    assert len(model.cube.index) == quality.size


def test_a_slider_a_node_and_a_row_all_choose_the_combination() -> None:
    model = results()
    model.select((0, 0, 0))
    model.move(1, 3)
    assert model.position == (0, 3, 0)
    model.select_node(model.cube.chosen + 1)
    assert model.position == (0, 3, 1)
    model.tab = "table"
    model.select_trial(model.rows[0]["trial_id"])
    assert model.trial_id == model.rows[0]["trial_id"]
    assert model.sliders[0]["at"] == model.position[0]
    assert model.reading.index_of(model.trial_id) == model.position


def test_a_slider_changes_the_slices() -> None:
    model = results()
    model.select((2, 2, 2))
    before = model.slices.images[0].values
    model.move(2, 4)
    assert not np.array_equal(before, model.slices.images[0].values, equal_nan=True)


def test_a_hole_says_why_there_is_nothing() -> None:
    model = results(Study(seeds=1, finished=0.7))
    holes = np.argwhere(model.reading.quality.state == "failed")
    model.select(tuple(int(place) for place in holes[0]))
    assert "Out of memory." in model.trial["why"]
    assert model.matrix == {}
    assert model.layers == []
    impossible = np.argwhere(model.reading.quality.state == "impossible")
    model.select(tuple(int(place) for place in impossible[0]))
    assert "can be built" in model.trial["why"]
    assert model.trial_id == ""


def test_trials_that_arrive_fill_holes_and_the_choice_stays() -> None:
    study = Study(finished=0.6)
    model = results(study)
    model.select((1, 2, 3))
    chosen, holes = model.trial_id, int(model.reading.quality.holes.sum())
    study.finish_all()
    model.application.page = "results"
    model.application.refresh()
    assert int(model.reading.quality.holes.sum()) < holes
    assert (model.position, model.trial_id) == ((1, 2, 3), chosen)


def test_a_plan_that_grew_keeps_the_chosen_values() -> None:
    study = Study({"a_1_p": (2, 3), "b_2_q": (1, 2)})
    model = results(study)
    model.select((1, 1))
    grown = Study({"a_1_p": (1, 2, 3), "b_2_q": (1, 2)})
    study.axes, study.table = grown.axes, grown.table
    model.refresh()
    assert model.position == (2, 1)


def test_the_objective_changes_what_is_drawn() -> None:
    model = results()
    quality = model.cube.colours
    model.objective = "gradient"
    assert not np.array_equal(quality, model.cube.colours)
    assert [legend["title"] for legend in model.legends] == [model.cube.scale.title]
    model.objective = "both"
    assert len(model.legends) == 2
    assert len(model.images.images) == 2 * len(FIRST["averagePooling2dLayer_6_poolSize"])


def test_the_filter_holds_for_the_cube_and_the_table() -> None:
    model = results(Study(seeds=1, finished=0.7))
    model.tab = "table"
    everything = model.row_count
    model.show = "top"
    assert 0 < model.row_count < everything
    assert model.cube.shown.sum() == model.reading.quality.top(0.1).sum()
    model.show = "failed"
    assert {row["state"] for row in model.rows} == {"failed"}


def test_the_table_is_sorted_here_and_comes_a_page_at_a_time() -> None:
    model = results()
    model.tab = "table"
    qualities = [float(row["quality"]) for row in model.rows]
    assert qualities == sorted(qualities, reverse=True)
    model.table_page = model.row_count // 12
    assert len(model.rows) == model.row_count % 12
    model.descending = False
    model.table_page = 0
    assert float(model.rows[0]["quality"]) <= qualities[-1]
    assert model.export().count("\n") == len(model.reading.table) + 1


def test_a_locked_parameter_leaves_the_views_and_its_slider_moves_them() -> None:
    model = results()
    model.lock(2, True)
    assert len(model.images.images) == 1
    before = model.images.images[0].values
    model.move(2, (model.position[2] + 1) % 6)
    assert not np.array_equal(before, model.images.images[0].values, equal_nan=True)


def test_of_four_parameters_three_are_free_at_once() -> None:
    model = results(Study(FOUR))
    assert [slider["locked"] for slider in model.sliders] == [False, False, False, True]
    assert len(model.cube.index) == 2 * 3 * 2
    model.lock(3, False)
    assert [slider["locked"] for slider in model.sliders] == [False, False, True, False]
    assert len(model.cube.index) == 2 * 3 * 3


@pytest.mark.parametrize("axes", [{}, {"a_1_p": (1, 2, 3)}, {"a_1_p": (1, 2), "b_2_q": (0.1, 0.3)}, FOUR])
@pytest.mark.parametrize("objective", ["quality", "gradient", "both"])
def test_every_view_takes_any_number_of_parameters(axes: dict[str, tuple], objective: str) -> None:
    model = results(Study(axes))
    model.objective = objective
    for tab in TABS:
        model.tab = tab
    assert model.problem == ""
    assert model.rows
    assert model.lines.curves


def test_an_experiment_that_has_no_result_yet_is_all_holes() -> None:
    model = results(Study(finished=0.0))
    assert model.cube.holes.all()
    assert model.tradeoff.index.size == 0
    for tab in TABS:
        model.tab = tab
    assert "finished" not in model.counts


def test_without_experiments_there_is_nothing_to_draw() -> None:
    study = Study()
    study.names = []
    model = results(study)
    assert model.read
    assert (model.experiments, model.cube) == ([], None)
    model.move(0, 1)
    model.lock(0, True)
    assert model.export() == ""


def test_the_address_names_the_experiment() -> None:
    study = Study()
    study.names = ["experiment-1", "experiment-2"]
    model = results(study)
    model.choose("experiment-2")
    assert model.application.subject == "experiment-2"
    assert model.experiment == "experiment-2"


def test_the_mistakes_of_the_validation_set_are_listed_the_surest_first() -> None:
    model = results()
    assert [(item["record_id"], item["true"], item["predicted"], item["probability"]) for item in model.mistakes] == [
        ("r3", "Quarry blast", "Mine blast", "80 %"),
        ("r1", "Earthquake", "Quarry blast", "60 %"),
    ]


def test_a_remark_stays_with_its_trial() -> None:
    model = results()
    home = model.position
    model.annotate("  a lucky spike? ")
    model.annotate("   ")
    assert [(item["text"], item["author"]) for item in model.remarks] == [("a lucky spike?", "ada")]
    model.select((0, 0, 0))
    assert model.remarks == []
    model.select(home)
    assert [item["text"] for item in model.remarks] == ["a lucky spike?"]
    # one that somebody else leaves while the page is looked at
    model.application.open("results")
    model.workspace.annotate(model.trial_id, "seen twice")
    model.application.refresh()
    assert [item["text"] for item in model.remarks] == ["a lucky spike?", "seen twice"]


def test_a_remark_is_left_beside_the_trial_that_a_person_saw() -> None:
    model = results()
    before = model.trial_id
    model.select((0, 0, 0))
    model.annotate("not this one", before)
    assert model.remarks == []
    assert [item["text"] for item in model.workspace.annotations(before).to_dict("records")] == ["not this one"]


def test_a_combination_of_another_grid_is_not_chosen() -> None:
    model = results()
    before = model.position
    for elsewhere in ((0, 0), (0, 0, 0, 0), (99, 0, 0)):
        model.select(elsewhere)
    assert model.position == before


def test_details_of_a_trial_are_read_once() -> None:
    study = Study()
    model = results(study)
    home = model.position
    model.select((0, 0, 0))
    model.select(home)
    assert len(study.asked) == len(set(study.asked))
