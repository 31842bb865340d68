import numpy as np

from tests.models.study import Study
from trova_widgets.models.application import ApplicationModel
from trova_widgets.pages.results import ResultsPage, results_page


def page() -> ResultsPage:
    application = ApplicationModel(Study())
    return results_page(application.workspace, application)


def test_the_page_has_every_view_with_its_name() -> None:
    shown = page()
    assert "trova-cube" in shown.cube_view._dom_classes
    assert "trova-images" in shown.images_view._dom_classes
    assert "trova-lines" in shown.lines_view._dom_classes


def test_a_click_on_a_node_chooses_it_and_the_slider_follows() -> None:
    shown = page()
    shown.cube_view.scatters[0].clicked_index = 7
    assert shown.model.position == tuple(shown.model.cube.index[7])
    assert shown.sliders[2]["at"] == shown.model.position[2]


def test_a_click_on_a_pixel_chooses_its_combination() -> None:
    shown = page()
    mark = shown.images_view.marks[3]
    mark._element_click_handlers(mark, {"data": {"rowNum": 1, "columnNum": 2}})
    assert shown.model.position == (2, 1, 3)


def test_a_click_on_a_point_of_a_line_and_of_the_front_chooses_it() -> None:
    shown = page()
    shown.vue_move([0, 1])
    shown.model.tab = "lines"
    points = next(
        mark for mark in shown.lines_view.marks if len(np.atleast_1d(mark.x)) == len(shown.model.lines.points)
    )
    points._element_click_handlers(points, {"data": {"index": 5}})
    assert shown.model.position == tuple(shown.model.lines.point_index[5])
    points = shown.tradeoff_view.marks[1]
    points._element_click_handlers(points, {"data": {"index": 9}})
    assert shown.model.position == tuple(shown.model.tradeoff.index[9])


def test_a_slider_changes_data_and_rebuilds_nothing() -> None:
    shown = page()
    marks, colours = list(shown.images_view.marks), shown.slices_view.marks[0].color.copy()
    shown.vue_move([2, (shown.model.position[2] + 2) % 6])
    assert shown.images_view.marks == marks
    assert not np.array_equal(colours, shown.slices_view.marks[0].color, equal_nan=True)


def test_the_page_hands_the_table_over() -> None:
    shown = page()
    shown.vue_save_table()
    assert shown.table_file.startswith("trial_id,")
