from tests.models.test_fingerprint import Study
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.fingerprint import FingerprintModel
from trova_widgets.pages.fingerprint import fingerprint_page
from trova_widgets.widgets.fingerprint_squares import FingerprintSeismogram, FingerprintSquares


def test_a_dragged_cutoff_is_drawn_anew() -> None:
    model = FingerprintModel(ApplicationModel(Study()))
    squares = FingerprintSquares(model)
    assert squares.picture == model.picture != {}
    squares.cutoff_hz = 2.5
    assert squares.picture["cutoffs_hz"][2] == 2.5


def test_the_window_and_the_lit_patch_are_bands_of_the_seismogram() -> None:
    model = FingerprintModel(ApplicationModel(Study()))
    view, squares = FingerprintSeismogram(model), FingerprintSquares(model)
    assert view.window_s == model.window_s == [4.0, 100.0]
    assert len(view.lines) == 1
    squares.lit_s = [40.0, 52.0]
    assert view.lit_s == [40.0, 52.0]
    model.values = {**model.values, "keep": 100}
    assert view.lit_s == []


def test_the_page_acts_through_its_model() -> None:
    workspace = Study()
    page = fingerprint_page(workspace, ApplicationModel(workspace))
    page.vue_select("r5")
    assert page.selected == "r5"
    page.vue_take_recipe(page.recipes[1]["value"])
    page.vue_use_recipe()
    page.vue_compute_all()
    page.cutoff_hz = 3.0
    page.vue_keep_cutoff([page.selected, 3.0])
    assert page.cutoff["state"] == "kept"
    page.vue_undo_cutoff()
    assert (page.cutoff["state"], page.cutoff_hz) == ("found", 1.2)
    page.passband = "cutoff"
    assert page.seismogram.passband == "cutoff"
    assert [call[0] for call in workspace.calls] == ["use", "fingerprint", "set", "set"]
    page.vue_open(["records"])
    assert page.model.application.page == "records"
