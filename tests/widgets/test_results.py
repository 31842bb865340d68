import re
from base64 import b64decode

from tests.models.study import Study
from trova_widgets.models.application import ApplicationModel
from trova_widgets.pages.results import PICTURES, ResultsPage, results_page


def page() -> ResultsPage:
    application = ApplicationModel(Study())
    return results_page(application.workspace, application)


def test_the_page_has_every_view_with_its_name() -> None:
    shown = page()
    assert set(shown.views) == {"legend", "matrix", "taken", "cube", *PICTURES}
    assert [shown.views[name].name for name in PICTURES] == list(PICTURES)
    assert "trova-cube" in shown.views["cube"].figure._dom_classes


def test_a_click_on_a_node_chooses_it_and_the_slider_follows() -> None:
    shown = page()
    nodes = shown.views["cube"].figure.scatters[0]
    nodes.clicked_index = 7
    assert shown.model.position == tuple(shown.model.cube.index[7])
    assert shown.sliders[2]["at"] == shown.model.position[2]
    nodes.hovered_index = 3
    assert shown.views["cube"].told["at"] == ",".join(map(str, shown.model.cube.index[3]))
    nodes.hovered_index = None
    assert shown.views["cube"].told == {}


def test_what_stands_for_a_combination_in_a_picture_tells_and_chooses_it() -> None:
    shown = page()
    for tab in ("images", "lines", "surfaces", "parallel"):
        shown.model.tab = tab
        view = shown.views[tab]
        places = re.findall(r'data-at="([\d,]+)"', view.groups[0]["panels"][0]["svg"])
        view.vue_look(places[5])
        assert view.told["at"] == places[5]
        view.vue_pick(places[5])
        assert ",".join(map(str, shown.model.position)) == places[5]
        view.vue_look("")
        assert view.told == {}


def test_a_slider_changes_data_and_sends_no_node_again() -> None:
    shown = page()
    figure = shown.views["cube"].figure
    sent = figure.scatters[0].x
    before = shown.views["slices"].groups
    shown.vue_move([2, (shown.model.position[2] + 2) % 6])
    assert figure.scatters[0].x is sent
    assert shown.views["slices"].groups != before


def test_the_page_hands_the_table_over() -> None:
    shown = page()
    shown.vue_save_table(".csv")
    assert b64decode(shown.table_file["content"]).startswith(b"trial_id,")
