import asyncio
import re
from base64 import b64decode

import numpy as np
import pytest

from tests.models.study import RECORDS, Study
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results import TABS, ResultsModel
from trova_widgets.space import Setting

FIVE = {"a_1_p": (1, 2), "b_2_q": (0.1, 0.3), "c_3_r": ("x", "y"), "d_4_s": (1, 2, 4), "e_5_t": (8, 16)}
FOUR = {"a_1_p": (1, 2), "b_2_q": (0.1, 0.3, 0.5), "c_3_r": ("x", "y"), "d_4_s": (1, 2, 4)}


def results(study: Study | None = None) -> ResultsModel:
    return ResultsModel(ApplicationModel(study or Study()))


def test_it_begins_at_the_best_combination_with_everything_about_it() -> None:
    model = results()
    best = model.reading.results.best
    assert model.position == best.place and model.trial_id == best.trial_id and model.trial["best"]
    quality = model.reading.quality.mean
    assert quality[model.position] >= np.nanmax(quality) - best.slack
    assert model.trial["holdout"].endswith("%") and f"{100 * best.quality:.1f} %" in model.sentence
    assert model.trial["of_repeat"].startswith("seed 0: "), "the matrix is that of one seed, and says so"
    assert model.trial["state"] == "finished"
    assert model.matrix["total"] > 0
    assert any(layer["varied"] for layer in model.layers)
    assert [item["name"] for item in model.curve["names"]] == ["training", "test"]
    assert len(model.cube.index) == quality.size


def test_an_address_counts_more_than_what_was_open_before_however_long_the_reading_takes() -> None:
    best = results().trial_id

    async def come() -> ResultsModel:
        application = ApplicationModel(Study())
        application.open("results")
        model = ResultsModel(application)
        assert model.reading is None, "it is still being read"
        # what a browser says first: what it has kept, then its address
        application.recall({"results": {"trial_id": best, "tab": "table"}})
        application.visit("results", "experiment-1", {"tab": "lines", "cell": "2,16,3"})
        read = asyncio.Event()
        model.observe(lambda _: read.set(), "trial")
        await asyncio.wait_for(read.wait(), 60)
        return model

    model = asyncio.run(come())
    assert model.position == (1, 1, 2) and model.tab == "lines"


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
    before = model.slices[0]["panels"][0]
    model.move(2, 4)
    after = model.slices[0]["panels"][0]
    assert (before["title"], after["title"]) == ("poolSize (6) = 3", "poolSize (6) = 5")
    assert before["svg"] != after["svg"]


def test_a_hole_says_why_there_is_nothing() -> None:
    model = results(Study(seeds=1, finished=0.7))
    holes = np.argwhere(model.reading.quality.state == "failed")
    model.select(tuple(int(place) for place in holes[0]))
    assert "Out of memory." in model.trial["why"]
    assert model.matrix == {}
    assert model.layers == []
    impossible = np.argwhere(model.reading.quality.state == "impossible")
    model.select(tuple(int(place) for place in impossible[0]))
    assert model.trial["why"] == "Cannot be built."
    assert model.said.endswith(": cannot be built")
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
    study.change()
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
    assert [len(group["panels"]) for group in model.images] == [6, 6]
    assert [group["title"] for group in model.images] == ["Quality Q", "Gradient |∇Q|"]
    model.tab = "lines"
    assert len(model.lines) == 2, "each quantity has an axis of its own"


def test_the_filter_holds_for_the_cube_and_the_table() -> None:
    model = results(Study(seeds=1, finished=0.7))
    model.tab = "table"
    everything = model.row_count
    model.show = "top"
    assert 0 < model.row_count < everything
    assert model.cube.shown.sum() == model.reading.quality.top(0.1).sum() == model.top
    for count in (1, 3, 17):
        model.top = count
        assert model.cube.shown.sum() == count
        lowest = model.reading.quality.mean[tuple(model.cube.index[model.cube.shown].T)].min()
        assert (model.reading.quality.mean > lowest).sum() < count
    model.show = "failed"
    assert {row["state"] for row in model.rows} == {"failed"}


def test_the_table_is_sorted_here_and_comes_a_page_at_a_time() -> None:
    model = results()
    model.tab = "table"
    qualities = [float(row["cell_quality"]) for row in model.rows]
    assert qualities == sorted(qualities, reverse=True)
    last = (model.row_count - 1) // 12
    model.table_page = last
    assert len(model.rows) == model.row_count - 12 * last
    model.descending = False
    model.table_page = 0
    assert float(model.rows[0]["cell_quality"]) <= qualities[-1]


@pytest.mark.parametrize(("kind", "begin"), [(".csv", b"trial_id,"), (".parquet", b"PAR1"), (".xlsx", b"PK")])
def test_the_table_is_handed_over_as_a_file(kind: str, begin: bytes) -> None:
    model = results()
    model.export(kind)
    assert model.table_file["name"] == f"experiment-1{kind}" and model.problem == ""
    content = b64decode(model.table_file["content"])
    assert content.startswith(begin)
    if kind == ".csv":
        assert content.count(b"\n") == len(model.reading.table) + 1
    model.export(".exe")
    assert model.table_file["name"] == f"experiment-1{kind}", "a browser asks for nothing else"


@pytest.mark.parametrize(("view", "kind", "begin"), [("images", "svg", b"<?xml"), ("tradeoff", "png", b"\x89PNG")])
def test_a_view_is_handed_over_as_a_picture(view: str, kind: str, begin: bytes) -> None:
    model = results()
    model.take(view, kind)
    assert model.table_file["name"] == f"experiment-1-{view}.{kind}" and model.problem == ""
    assert b64decode(model.table_file["content"]).startswith(begin)
    model.take("nothing", "exe")
    assert model.table_file == {} and model.problem == ""


def test_a_locked_parameter_leaves_the_views_and_its_slider_moves_them() -> None:
    model = results()
    model.lock(2, True)
    (before,) = model.images[0]["panels"]
    model.move(2, (model.position[2] + 1) % 6)
    assert [panel["svg"] == before["svg"] for panel in model.images[0]["panels"]] == [False]
    assert model.series == "convolution2dLayer_2_numFilters", "what is held has no row of images"


def test_of_four_parameters_three_are_free_at_once() -> None:
    model = results(Study(FOUR))
    assert [slider["locked"] for slider in model.sliders] == [False, False, False, True]
    assert len(model.cube.index) == 2 * 3 * 2
    assert "Four parameters vary and a cube has three edges: held is s (4) at " in model.held
    assert "r (3) is held instead" in model.held
    model.lock(3, False)
    assert [slider["locked"] for slider in model.sliders] == [False, False, True, False]
    assert model.series == "d_4_s"
    assert "held is r (3) at " in model.held
    assert len(model.cube.index) == 2 * 3 * 3


@pytest.mark.parametrize(("axes", "count"), [(FOUR, 3), (FIVE, 3)])
def test_a_fourth_parameter_has_a_cube_for_each_of_its_values(axes: dict[str, tuple], count: int) -> None:
    model = results(Study(axes))
    (group,) = model.cubes
    assert [panel["title"] for panel in group["panels"]] == [f"s (4) = {value}" for value in (1, 2, 4)]
    assert [panel["here"] for panel in group["panels"]] == [at == model.position[3] for at in range(count)]
    drawn = [set(re.findall(r'data-at="([\d,]+)"', panel["svg"])) for panel in group["panels"]]
    size = int(np.prod(model.reading.quality.shape[:3]))
    assert [len(places) for places in drawn] == [size] * count
    assert not drawn[0] & drawn[1], "each combination is in one cube"
    assert sum(panel["svg"].count("ts-chosen") for panel in group["panels"]) == 1
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", group["panels"][0]["svg"])
    assert {"1", "2", "0.1", "x", "y", "p (1) →", "↑ q (2)", "↙ r (3)"} <= set(labels)
    assert ("Held at its slider: t (5) = " in group["note"]) == (len(axes) == 5)
    model.lock(3, False)
    assert model.cubes[0]["title"] == "A cube for each value of r (3)"
    assert results().cubes == [], "three parameters are one cube"


@pytest.mark.parametrize("axes", [{}, {"a_1_p": (1, 2, 3)}, {"a_1_p": (1, 2), "b_2_q": (0.1, 0.3)}, FOUR, FIVE])
@pytest.mark.parametrize("objective", ["quality", "gradient", "both"])
def test_every_view_takes_any_number_of_parameters(axes: dict[str, tuple], objective: str) -> None:
    model = results(Study(axes))
    model.objective = objective
    for tab in TABS:
        model.tab = tab
    assert model.problem == ""
    assert model.rows
    assert model.lines[0]["panels"]
    # one and two parameters have no third dimension
    assert bool(model.plane) == (len(axes) < 3) == (not model.cube_words["spatial"])


def test_an_experiment_that_has_no_result_yet_is_all_holes() -> None:
    model = results(Study(finished=0.0))
    assert model.cube.holes.all()
    assert 'data-at="' not in model.tradeoff[0]["panels"][0]["svg"]
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
    model.export(".csv")
    assert model.table_file == {}


def test_the_address_names_the_experiment() -> None:
    study = Study()
    study.names = ["experiment-1", "experiment-2"]
    model = results(study)
    model.choose("experiment-2")
    assert model.application.subject == "experiment-2"
    assert model.experiment == "experiment-2"


def test_the_address_of_the_page_alone_leads_to_what_is_open_there() -> None:
    model = results()
    model.choose("experiment-1")
    before = dict(model.application.query)
    # a browser that is slower than the reading, and the page's button
    model.application.open("results", "")
    assert (model.application.subject, model.application.query) == ("experiment-1", before)


def test_a_cell_of_the_matrix_lists_exactly_its_records() -> None:
    model = results()
    told = model.reading.results.classified(model.position, model.trial_id)
    mistakes = told.tellings.query("event_class != predicted")
    assert model.taken["records"] == [], "the list is closed"
    model.listed = True
    assert {item["record_id"] for item in model.taken["records"]} == set(mistakes["record_id"])
    assert model.taken["title"] == f"All mistakes: {len(mistakes)} records, {len(mistakes)} times"
    row = model.matrix["rows"][0]
    cell = row["cells"][1]
    low, high = (int(end) for end in cell["ends"].split(" to "))
    assert low < float(cell["share"].removesuffix(" %")) < high
    model.listed = False
    model.confuse("earthquake", "quarry_blast")
    assert model.listed, "a cell that is picked shows its records"
    listed = model.taken["records"]
    assert len(listed) == cell["count"] > 0
    assert {(item["true"], item["predicted"]) for item in listed} == {("Earthquake", "Quarry blast")}
    assert model.taken["more"].endswith(".records('earthquake', 'quarry_blast')")
    model.confuse("nonsense", "quarry_blast")
    assert model.confused == ["earthquake", "quarry_blast"]
    model.confuse("earthquake", "quarry_blast")
    assert model.confused == []


@pytest.mark.parametrize("tab", ["images", "surfaces"])
def test_pictures_that_were_drawn_before_are_those_that_would_be_drawn_anew(tab: str) -> None:
    model, places = results(), [(0, 0, 0), (3, 1, 2), (3, 1, 0), (0, 0, 0)]
    model.tab = tab

    def seen(one: ResultsModel) -> list[object]:
        return [one.images, one.slices, one.tradeoff, one.surfaces]

    for number, place in enumerate(places):
        model.select(place)
        if number == 2:
            # another state, in which all of them are other ones
            model.show, model.stretched = "top", False
        fresh = results()
        with fresh.hold_trait_notifications():
            fresh.tab, fresh.show, fresh.stretched = tab, model.show, model.stretched
        fresh.select(place)
        assert seen(model) == seen(fresh)


def test_by_event_the_matrix_counts_events() -> None:
    model = results()
    model.by = "event"
    assert (model.matrix["by"], model.matrix["total"]) == ("event", RECORDS // 2)
    assert "events" in model.taken["title"] or "event" in model.taken["title"]
    assert "by='event'" in model.taken["more"] and "by='event'" in model.notebook_line


def test_a_record_leads_to_the_combinations_that_tell_it_wrong_and_back() -> None:
    model = results(Study(seeds=1))
    model.listed = True
    record = model.taken["records"][0]["record_id"]
    model.miss(record)
    assert model.missed == record and model.cube.shown[model.cube.chosen]
    chosen = tuple(model.cube.index[np.flatnonzero(model.cube.shown)[-1]])
    assert record in set(model.reading.results.classified(chosen).records()["record_id"])
    other = tuple(model.cube.index[np.flatnonzero(~model.cube.shown & ~model.cube.holes)[-1]])
    assert record not in set(model.reading.results.classified(other).records()["record_id"])
    wrong = int(model.cube.shown.sum())
    assert model.missed_words == f"a record of e{int(record[1:]) // 2} is told wrong by {wrong} of " + str(
        int((~model.cube.holes).sum())
    )
    model.refresh()
    assert model.missed == record and model.cube.shown.sum() == wrong
    model.miss(record)
    assert model.missed == "" and model.cube.shown.all()
    model.miss("nowhere")
    assert "nowhere" in model.problem and model.missed == ""


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


def test_remarks_are_read_where_one_rests_and_those_of_another_trial_are_not_shown_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = results()
    home, remarked, asked = model.position, model.trial_id, []
    model.annotate("a lucky spike?")
    read = model.workspace.annotations
    monkeypatch.setattr(model.workspace, "annotations", lambda subject: (asked.append(subject), read(subject))[1])

    async def walk() -> None:
        for place in ((0, 0, 0), (0, 0, 1), home):
            model.select(place)
            assert model.remarks == []
        arrived = asyncio.Event()
        model.observe(lambda _: arrived.set(), "remarks")
        await asyncio.wait_for(arrived.wait(), 60)

    asyncio.run(walk())
    assert model.trial_id == remarked and [item["text"] for item in model.remarks] == ["a lucky spike?"]
    assert asked == [remarked], "of what one walked past, nothing is read"


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


def test_what_is_under_the_pointer_says_what_it_is() -> None:
    model = results()
    model.look((0, 1, 2))
    assert model.told["at"] == "0,1,2"
    assert model.told["text"].startswith("filterSize 1, numFilters 16, poolSize 3: ")
    model.look_at_node(5)
    assert model.told["at"] == ",".join(map(str, model.cube.index[5]))
    for nothing in ((), (9, 9, 9), (0, 0)):
        model.look(nothing)
        assert model.told == {}
    model.look_at_node(None)
    assert model.told == {}
    best = model.position
    assert "the best" in model.said
    model.step(0, 1)
    assert model.position == (best[0] + 1, *best[1:])
    assert model.said.startswith("filterSize ")
    assert "the best" not in model.said


def test_a_threshold_hides_nodes_and_says_how_many() -> None:
    model = results()
    quality = model.reading.quality.mean
    model.threshold = float(np.nanmedian(quality))
    with np.errstate(invalid="ignore"):
        below = int((~(quality >= model.threshold)).sum())
    assert model.cube_words["hidden"] == below > 0
    assert (model.cube.sizes == 0).sum() == below


def test_of_what_stands_around_the_cube_a_pick_changes_the_picked_node_alone() -> None:
    model = results()
    around, node = dict(model.cube_words), dict(model.picked_node)
    model.step(0, 1)
    assert model.cube_words == around
    assert model.picked_node["at"][0] > node["at"][0]
    assert model.picked_node["at"][1:] == node["at"][1:]


def test_sizes_have_a_key_only_where_they_mean_something() -> None:
    model = results(Study(seeds=1, finished=1.0))
    assert model.cube_words["sizes"] == []
    model.objective = "both"
    assert model.cube_words["sizes"] == ["steep", "stable"]
    assert results(Study(seeds=3, finished=0.6)).cube_words["sizes"] == ["1 repeat", "3 repeats"]


def test_a_brush_keeps_a_range_in_every_view_and_a_click_on_its_axis_lets_go() -> None:
    model = results()
    model.tab = "parallel"
    model.brush(0, 0.0, 0.5)
    assert model.limits == {"convolution2dLayer_2_filterSize": [0.0, 4.0]}
    assert set(np.unique(model.cube.index[model.cube.shown, 0])) == {0, 1, 2, 3, 4}
    quality = len(model.sliders)
    model.brush(quality, 0.5, 1.0)
    kept = model.reading.quality.mean[tuple(model.cube.index[model.cube.shown].T)]
    assert kept.min() >= model.limits["quality"][0]
    assert model.parallel[0]["panels"][0]["svg"].count("ts-brush") == 2
    model.tab = "table"
    counted = model.row_count
    model.brush(quality, 0.4, 0.4)
    assert list(model.limits) == ["convolution2dLayer_2_filterSize"]
    assert model.row_count > counted
    model.brush(99, 0.0, 1.0)
    assert list(model.limits) == ["convolution2dLayer_2_filterSize"], "there is no such axis"


def test_the_address_brings_everything_back() -> None:
    model = results()
    model.application.open("results")
    model.tab, model.objective, model.threshold = "lines", "both", 0.5
    model.lock(1, True)
    model.select((3, 2, 1))
    model.limit("quality", (0.25, 0.75))
    model.confuse("earthquake", "quarry_blast")
    model.miss("r3")
    model.show, model.top = "top", 7
    address = dict(model.application.query)
    assert (address["tab"], address["cell"]) == ("lines", "4,24,2")
    other = results()
    other.application.visit("results", "experiment-1", address)
    for name in (
        "tab",
        "objective",
        "threshold",
        "position",
        "limits",
        "series",
        "locked",
        "confused",
        "missed",
        "show",
        "top",
    ):
        assert getattr(other, name) == getattr(model, name), name
    trial = other.rows[0]["trial_id"] if other.rows else str(other.reading.table["trial_id"].iloc[7])
    other.select_trial(trial)
    back = results()
    back.application.visit("results", "experiment-1", dict(other.application.query))
    assert (back.trial_id, back.pooled) == (trial, False)


def test_the_address_has_what_the_table_shows_and_one_comes_back_to_it() -> None:
    model = results()
    model.application.open("results")
    model.tab = "table"
    everything = model.row_count
    model.filter_column("quality", "70:")
    model.filter_column("seed", "1")
    model.sort, model.descending, model.table_page = "seconds", False, 2
    address = dict(model.application.query)
    assert (address["rows"], address["sort"], address["page"]) == ("quality:0.7:;seed:1:1", "seconds", "3")
    other = results()
    other.application.visit("results", "experiment-1", address)
    for name in ("tab", "row_limits", "row_count", "sort", "descending", "table_page", "rows"):
        assert getattr(other, name) == getattr(model, name), name
    assert 0 < other.row_count < everything
    assert [column["range"] for column in other.columns if column["range"]] == ["1", "70:"]
    # back, to an address without filters
    other.application.visit("results", "experiment-1", {"tab": "table", "objective": "quality"})
    assert (other.row_limits, other.row_count, other.sort, other.table_page) == ({}, everything, "cell_quality", 0)
    # what means nothing changes nothing
    nonsense = {"tab": "table", "rows": "nothing:1:2;seed:x:", "sort": "-nothing", "page": "9999"}
    other.application.visit("results", "experiment-1", nonsense)
    assert (other.row_limits, other.sort) == ({}, "cell_quality") and len(other.rows) > 0


def test_another_experiment_that_is_asked_for_from_another_page_is_the_one_that_comes() -> None:
    study = Study()
    study.names = ["experiment-1", "experiment-2"]
    model = results(study)
    model.application.open("experiments")
    assert model.experiment == "experiment-1"
    model.application.open("results", "experiment-2")
    assert (model.application.subject, model.experiment) == ("experiment-2", "experiment-2")


def test_an_address_that_means_nothing_changes_nothing() -> None:
    model = results()
    before = model.position
    asked = {
        "tab": "nonsense",
        "cell": "1,2",
        "locked": "nothing",
        "above": "much",
        "limits": "a:b;quality",
        "trial": "x",
    }
    model.application.visit("results", "experiment-1", asked)
    assert model.position == before
    assert (model.threshold, model.limits) == (0.0, {})
    assert model.problem == ""


def test_an_experiment_that_is_not_there_is_not_replaced_by_another() -> None:
    model = results()
    model.application.open("results", "nosuch")
    assert model.lost == "There is no experiment nosuch."
    model.choose("experiment-1")
    assert (model.lost, model.experiment) == ("", "experiment-1")
    assert model.cube is not None


def test_a_column_of_the_table_is_filtered_by_a_value_or_a_range_and_shows_how_it_is_spread() -> None:
    model = results()
    model.tab = "table"
    everything, size = model.row_count, "convolution2dLayer_2_filterSize"
    columns = {column["key"]: column for column in model.columns}
    assert len(columns[size]["bars"]) == 8 and max(bar[0] for bar in columns[size]["bars"]) == 1
    assert columns["state"]["filtered"] is False and columns["state"]["bars"] == []
    assert all(every == some for every, some in columns["cell_quality"]["bars"])
    # a setting holds in every view
    model.filter_column(size, "3:5")
    assert set(model.reading.table[size].iloc[[*np.flatnonzero(model.reading.places[:, 0] == 2)]]) == {3}
    assert set(np.unique(model.cube.index[model.cube.shown, 0])) == {2, 3, 4}
    columns = {column["key"]: column for column in model.columns}
    assert columns[size]["range"] == "3:5" and columns[size]["bars"][0][1] == 0 < columns[size]["bars"][0][0]
    # what belongs to a trial, in the table alone
    before = int(model.cube.shown.sum())
    model.filter_column("seed", "1")
    assert {row["seed"] for row in model.rows} == {"1"}
    assert int(model.cube.shown.sum()) == before
    model.filter_column("quality", "70:")
    assert all(float(row["quality"]) >= 70 for row in model.rows) and 0 < model.row_count < everything
    model.filter_column("quality", "much")
    assert "'much' is no range; write 8, 8:16" in model.application.message
    model.filter_column(size, "99")
    assert "No value lies in '99'; it has 1, 2, 3" in model.application.message
    for key in (size, "seed", "quality"):
        model.filter_column(key, "")
    assert model.row_count == everything and model.limits == model.row_limits == {}


def test_another_experiment_stands_beside_this_one_with_the_difference() -> None:
    study = Study({"a_1_p": (1, 2), "b_2_q": (0.1, 0.3)}, finished=1.0)
    study.names = ["experiment-1", "experiment-2"]
    model = results(study)
    model.application.open("results")
    model.tab = "beside"
    assert model.beside == []
    model.compare("experiment-2")
    assert model.second == "experiment-2" and model.application.query["beside"] == "experiment-2"
    (group,) = model.beside
    assert [panel["title"] for panel in group["panels"]] == [
        "experiment-1",
        "experiment-2",
        "experiment-1 minus experiment-2",
    ]
    assert group["lead"].startswith("experiment-1 and experiment-2 have 4 finished cells in common")
    svg = group["panels"][2]["svg"]
    assert svg.count("data-at=") == svg.count("data-say=") == 4
    assert "p 1, q 0.1: " in svg and "in experiment-1, " in svg and "in experiment-2: 0.0 points better" in svg
    assert model.notebook_line == "ws.results('experiment-1').beside(ws.results('experiment-2'))"
    for kind, begin in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        model.take("beside", kind)
        assert model.table_file["name"] == f"experiment-1-beside-experiment-2.{kind}" and model.problem == ""
        content = b64decode(model.table_file["content"])
        assert content.startswith(begin)
        assert kind == "png" or b"experiment-1 beside experiment-2" in content
    model.refresh()
    assert len(model.beside) == 1
    model.compare("")
    assert (model.second, model.beside) == ("", [])
    model.take("beside", "svg")
    assert model.table_file == {}


def test_a_setting_with_a_logarithmic_scale_has_a_logarithmic_axis() -> None:
    name = "training.learning_rate"
    study = Study({name: (0.001, 0.002, 0.1), "b_2_q": (1, 2), "c_3_r": (1, 2)}, finished=1.0)
    study.space = {name: Setting(name=name, default=0.01, kind="real", scale="logarithmic")}
    model = results(study)
    edge = model.cube.axes[0]
    assert edge.title == "learning_rate (log)"
    places = [edge.share(position) for position in edge.positions]
    assert (places[2] - places[1]) / (places[1] - places[0]) == pytest.approx(np.log(50) / np.log(2))
    model.series, model.tab = name, "lines"
    svg = model.lines[0]["panels"][0]["svg"]
    assert "learning_rate (log) →" in svg
    x = {text: float(at) for at, text in re.findall(r'x="([\d.]+)" y="[\d.]+"[^>]*>(0\.\d+)<', svg)}
    # where two stand too near to each other, the first one is written
    assert set(x) <= {"0.001", "0.002", "0.1"} and {"0.001", "0.1"} <= set(x)
    dots = sorted({float(at) for at in re.findall(r'cx="([\d.]+)"[^>]*ts-dot', svg)})[:3]
    assert (dots[2] - dots[1]) / (dots[1] - dots[0]) == pytest.approx(np.log(50) / np.log(2), rel=0.05)


def test_what_was_brushed_on_a_logarithmic_axis_is_what_stands_there() -> None:
    name = "training.learning_rate"
    study = Study({name: (0.001, 0.002, 0.1), "b_2_q": (1, 2)}, finished=1.0)
    study.space = {name: Setting(name=name, default=0.01, kind="real", scale="logarithmic")}
    model = results(study)
    model.tab = "parallel"
    svg = model.parallel[0]["panels"][0]["svg"]
    assert "learning_rate (log)" in svg
    # 0.002 stands at 0.15 of the height, and not in the middle
    model.brush(0, 0.1, 0.3)
    low, high = model.limits[name]
    assert [place for place in range(3) if low <= place <= high] == [1]
    model.limits = {}
    model.brush(0, 0.4, 0.8)
    low, high = model.limits[name]
    assert low <= high and 0 not in range(int(np.ceil(low)), int(np.floor(high)) + 1)


def test_the_line_for_a_notebook_draws_what_is_seen() -> None:
    model = results(Study({"a_1_p": (1, 2), "b_2_q": (0.1, 0.3)}))
    assert model.notebook_line == "ws.results('experiment-1').images()"
    model.tab = "table"
    assert model.notebook_line == "ws.results('experiment-1').table"
    model.tab, model.objective = "lines", "gradient"
    model.select((1 - model.position[0], model.position[1]))
    cell = model.reading.quality.cell(model.position)
    assert model.notebook_line == f"ws.results('experiment-1').lines('gradient', cell={cell!r})"
    model.lock(0, True)
    assert "axes=['b_2_q']" in model.notebook_line


def test_a_new_reading_is_drawn_once(monkeypatch) -> None:
    drawn = []
    draw = ResultsModel._draw
    monkeypatch.setattr(ResultsModel, "_draw", lambda model: (drawn.append(model.position), draw(model)))
    study = Study(finished=0.5)
    model = results(study)
    assert drawn == [model.position]
    study.finish_all()
    model.refresh()
    assert drawn == [model.position] * 2
