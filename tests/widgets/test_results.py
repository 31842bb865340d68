import re
from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from tests.models.study import Study
from trova_widgets.models.application import ApplicationModel
from trova_widgets.pages.results import PICTURES, ResultsPage, results_page
from trova_widgets.widgets.template import Template


def page() -> ResultsPage:
    application = ApplicationModel(Study())
    return results_page(application.workspace, application)


def test_the_page_has_every_view_with_its_name() -> None:
    shown = page()
    assert set(shown.views) == {"legend", "matrix", "taken", "cube", *PICTURES}
    assert [shown.views[name].name for name in PICTURES] == list(PICTURES)
    cube = shown.views["cube"]
    assert cube.figure is None, "nobody has asked for it"
    cube.vue_draw()
    figure = cube.figure
    cube.vue_draw()
    assert cube.figure is figure and "trova-cube" in figure._dom_classes


def test_a_click_on_a_node_chooses_it_and_the_slider_follows() -> None:
    shown = page()
    shown.views["cube"].vue_draw()
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


def test_of_most_pictures_only_the_mark_is_sent_where_another_combination_is_picked() -> None:
    shown = page()
    images, tradeoff = shown.views["images"], shown.views["tradeoff"]
    pictures, points, marks = images.groups, tradeoff.groups, images.marks
    where = tuple(0 if at else 1 for at in shown.model.position)
    shown.model.select(where)
    assert images.groups == pictures and tradeoff.groups == points
    assert images.marks != marks and [one["here"] for one in images.marks[0]].index(True) == where[2]
    # together they are what the model drew
    for panel, base, over in zip(
        shown.model.images[0]["panels"], images.groups[0]["panels"], images.marks[0], strict=True
    ):
        assert "ts-chosen" not in base["svg"]
        assert re.findall("<rect[^>]*ts-chosen[^>]*>", panel["svg"]) == re.findall("<rect[^>]*>", over["svg"])


def test_what_changes_together_is_sent_in_one_message_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, sent = page(), []
    every = {id(one): name for name, one in [("page", shown), *shown.views.items()]}

    def send(widget: Template, message: dict[str, Any], buffers: object = None) -> None:
        if id(widget) in every:
            sent.append((every[id(widget)], set(message["state"])))

    monkeypatch.setattr(Template, "_send", send)
    shown.model.select(tuple(0 if at else 1 for at in shown.model.position))
    names = [name for name, _ in sent]
    assert sorted(names) == sorted(set(names)) and "page" in names
    assert {"said", "sliders", "trial"} <= dict(sent)["page"]


def test_a_slider_changes_data_and_sends_no_node_again() -> None:
    shown = page()
    shown.views["cube"].vue_draw()
    figure = shown.views["cube"].figure
    sent = figure.scatters[0].x
    before, points = shown.views["slices"].groups, [plane.x for plane in figure.meshes[1:]]
    shown.vue_move([2, (shown.model.position[2] + 2) % 6])
    assert figure.scatters[0].x is sent
    # the planes move, and none of their points is sent again, for which the shaders would be compiled anew
    nodes, planes = shown.model.cube, figure.meshes[1:]
    assert all(plane.x is before for plane, before in zip(planes, points, strict=True))
    moved = [
        getattr(plane, name)[0] + getattr(plane, f"{name}_offset") for name, plane in zip("xyz", planes, strict=True)
    ]
    chosen = [getattr(nodes, name)[nodes.chosen] for name in "xyz"]
    assert np.allclose(moved, chosen, atol=0.01 * max(edge.high - edge.low for edge in nodes.axes))
    assert shown.views["slices"].groups != before


def test_the_page_hands_the_table_over() -> None:
    shown = page()
    shown.vue_save_table(".csv")
    assert b64decode(shown.table_file["content"]).startswith(b"trial_id,")
