"""A view has the traits of its models without declaring them."""

import pytest
import traitlets
from traitlets import Bool, Dict, HasTraits, Int, List, Unicode

from trova_widgets.widgets.view import Part, View


class Model(HasTraits):
    name = Unicode("first")
    rows = List(Dict())
    count = Int(3)
    heavy = Dict()
    figure = traitlets.Any()


class Form(HasTraits):
    name = Unicode("form")
    ready = Bool(True)
    secret = Unicode("kept")


class Shown(View[Model]):
    template = Unicode("<template><div></div></template>").tag(sync=True)
    hidden = frozenset({"heavy"})


@pytest.fixture
def models() -> tuple[Model, Form]:
    return Model(rows=[{"a": 1}]), Form()


def test_what_a_browser_understands_of_the_model_is_sent_and_nothing_else(models: tuple[Model, Form]) -> None:
    sent = set(Shown(models[0]).get_state())
    assert {"name", "rows", "count", "read_only"} <= sent
    assert not {"heavy", "figure"} & sent
    # another view of the same class is not burdened with it
    assert not {"ready", "secret"} & set(Shown(models[0]).get_state())


def test_view_and_model_follow_each_other(models: tuple[Model, Form]) -> None:
    model, _ = models
    view = Shown(model)
    assert (view.name, view.rows, view.count) == ("first", [{"a": 1}], 3)
    model.name, view.count = "second", 4
    assert (view.name, model.count) == ("second", 4)
    view.set_state({"name": "typed in a browser"})
    assert model.name == "typed in a browser"


def test_a_view_takes_what_its_model_would_take(models: tuple[Model, Form]) -> None:
    view = Shown(models[0])
    with pytest.raises(traitlets.TraitError):
        view.rows = ["no row"]
    assert models[0].rows == view.rows == [{"a": 1}]


def test_of_several_models_the_last_has_a_shared_name_and_a_part_gives_what_it_names(
    models: tuple[Model, Form],
) -> None:
    model, form = models
    view = Shown(model, Part(form, ("name", "ready", "nothing of that name")))
    view.name = "new"
    assert (form.name, model.name) == ("new", "first")
    assert "ready" in view.get_state() and "secret" not in view.get_state()


def test_two_views_of_one_model_are_independent_widgets(models: tuple[Model, Form]) -> None:
    one, two = Shown(models[0]), Shown(models[0])
    one.name = "by one"
    assert two.name == "by one" and one.model_id != two.model_id


class Failing(Shown):
    def vue_break(self, _: object) -> None:
        raise ValueError("broken by a click")


def test_what_goes_wrong_at_a_click_is_logged(models: tuple[Model, Form], caplog: pytest.LogCaptureFixture) -> None:
    shown = Failing(models[0])
    with pytest.raises(ValueError, match="broken by a click"):
        shown._handle_event(shown, {"event": "break"}, [])
    assert "Failing did not do what break asks for" in caplog.text and "broken by a click" in caplog.text
