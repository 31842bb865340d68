"""Messages made by hand, to every action of every model: a visitor changes nothing.

The actions list themselves. One that is new is tried as well, with arguments of the kinds that it declares; one that
changes something and is not marked as such is found by what it changes.
"""

import inspect
import shutil
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ipywidgets.widgets.widget import _instances
from traitlets import HasTraits

from tests.workspace.test_visitors import state
from trova_widgets import Workspace
from trova_widgets.models.application import PAGES, VISITOR, ApplicationModel
from trova_widgets.pages.application import Frame
from trova_widgets.store import stop_owner
from trova_widgets.widgets.template import Template
from trova_widgets.workspace.changing import changes_workspace

#: What belongs to the machinery of a model and not to its actions: nothing of a page calls it.
_MACHINERY = {"watched", "do", "watch", "close", "in_loop", "notify", "admit", "why_read_only"}

#: The widgets that other tests have left behind.
others: set[str] = set()


@pytest.fixture(scope="module")
def frame(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frame]:
    """The whole application of a visitor, all its pages drawn."""
    folder = shutil.copytree(filled_folder, tmp_path_factory.mktemp("visited") / "kola")
    # something for each page to show
    with Workspace.open(folder) as workspace:
        workspace.compute_fingerprints()
        workspace.build_dataset("all", shares={"training": 0.5, "validation": 0.5})
        workspace.create_network("base")
        workspace.plan("first", network="base", dataset="all", axes={"convolution2dLayer_2_filterSize": [1, 2]})
    others.update(_instances)
    with Workspace.open(folder, shared=True, visitor=True) as workspace:
        frame = Frame(ApplicationModel(workspace))
        for page in PAGES:
            frame.model.open(page)
        yield frame
    stop_owner(folder)


def models(frame: Frame) -> list[HasTraits]:
    """Return every model that hangs on the application, by walking through the views and what they hold."""
    found: dict[int, HasTraits] = {}
    waiting: list[Any] = [frame.model, *views(frame)]
    while waiting:
        thing = waiting.pop()
        if id(thing) not in found and (
            isinstance(thing, Template) or type(thing).__module__.startswith("trova_widgets.")
        ):
            found[id(thing)] = thing
            waiting += [value for value in vars(thing).values() if isinstance(value, HasTraits)]
    return [thing for thing in found.values() if type(thing).__module__.startswith("trova_widgets.models.")]


def views(frame: Frame) -> list[Template]:
    """Return every view of the application."""
    return [widget for name, widget in _instances.items() if name not in others and isinstance(widget, Template)]


def actions(model: HasTraits) -> dict[str, Any]:
    """Return the actions of a model, by name."""
    return {
        name: getattr(model, name)
        for cls in type(model).__mro__
        if cls.__module__.startswith("trova_widgets.models.")
        for name, method in vars(cls).items()
        if inspect.isfunction(method) and not name.startswith("_") and name not in _MACHINERY
    }


def values(annotation: Any, workspace: Workspace) -> list[Any]:
    """Return values of a kind that an action declares: such as mean something in this workspace where it is a text."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return values(typing.get_args(annotation)[0], workspace)
    if origin is typing.Literal:
        return list(typing.get_args(annotation))
    if annotation is str:
        return ["first", workspace.events()["event_id"].iloc[0], "r4", "earthquake", "dataset-2"]
    if annotation in (int, float):
        return [annotation(1)]
    if annotation is bool:
        return [True]
    if annotation is Path:
        return [workspace.path / "waveforms" / "aa" / "aa00.mseed"]
    if origin is tuple or annotation is tuple:
        return [tuple(values(kind, workspace)[0] for kind in typing.get_args(annotation) if kind is not ...)]
    if origin is list:
        return [values(typing.get_args(annotation)[0], workspace)[:1]]
    return [None]


def arguments(action: Any, workspace: Workspace) -> list[list[Any]]:
    """Return some lists of arguments for an action, after its annotations."""
    kinds = [
        values(parameter.annotation, workspace)
        for parameter in inspect.signature(action, eval_str=False).parameters.values()
    ]
    most = max((len(kind) for kind in kinds), default=1)
    return [[kind[turn % len(kind)] for kind in kinds] for turn in range(most)]


def test_no_action_of_any_model_changes_anything(frame: Frame) -> None:
    workspace = frame.model.workspace
    before, refused, tried = state(workspace), set(), 0
    for model in models(frame):
        for name, action in actions(model).items():
            for given in arguments(action, workspace):
                frame.model.message = ""
                try:
                    action(*given)
                except Exception as error:
                    # what came to nothing has changed nothing
                    assert "visitor" not in str(error) or not changes_workspace(action), name
                tried += 1
                assert state(workspace) == before, f"{type(model).__name__}.{name}{tuple(given)} changed something"
                said = [str(getattr(other, "problem", "")) for other in models(frame)] + [frame.model.message]
                assert not any("a visitor changes nothing" in sentence for sentence in said), (
                    f"{type(model).__name__}.{name} is not marked, and was refused by the workspace alone"
                )
                if changes_workspace(action):
                    assert frame.model.message == VISITOR, f"{type(model).__name__}.{name} did not refuse"
                    refused.add(f"{type(model).__name__}.{name}")
    assert tried > 60
    assert {
        "ApplicationModel.start", "ApplicationModel.stop", "OverviewModel.take_teaching_set", "RecordsModel.relabel",
        "EventTypesModel.change", "RecordImportModel.import_files", "FetchModel.fetch", "FingerprintModel.keep_cutoff",
        "FingerprintModel.compute_all", "NetworksModel.create", "PlanModel.start", "ResultsModel.annotate",
        "HandlesModel.rename", "HandlesModel.copy", "HandlesModel.annotate", "HandlesModel.delete",
    } <= refused  # fmt: skip


def test_no_message_to_any_view_changes_anything(frame: Frame) -> None:
    workspace = frame.model.workspace
    before = state(workspace)
    some = ["", "first", "r4", workspace.events()["event_id"].iloc[0], None, 1, ["earthquake", "r4"], ["first", "x"]]
    some += [[0, 1], [workspace.events()["event_id"].iloc[0], "mine_blast"], {"page": "records", "subject": "r4"}]
    some += [{"name": "mine", "read_only": "", "values": {}}, {}]
    handlers = {(view, name) for view in views(frame) for name in dir(view) if name.startswith("vue_")}
    assert len(handlers) > 40
    for view, name in handlers:
        for data in some:
            for buffers in ([], [memoryview(b"bytes")]):
                message = {"event": name.removeprefix("vue_"), "data": data}
                try:
                    view._handle_event(view, message, buffers)
                except Exception:
                    # a kernel logs it; nobody else is told
                    continue
    assert state(workspace) == before


def test_no_state_that_is_sent_to_any_view_changes_anything(frame: Frame) -> None:
    workspace = frame.model.workspace
    before = state(workspace)
    for view in views(frame):
        for name in view.trait_names(sync=True):
            if name.startswith("_") or name == "template":
                continue
            for value in ("", "first", "r4", True, 3, 0.5, [], ["r4"], {}, {"a": 1}):
                try:
                    view.set_state({name: value})
                except Exception:
                    continue
    # to be writable in one's own eyes opens nothing
    for view in views(frame):
        if view.has_trait("read_only"):
            view.set_state({"read_only": ""})
    frame.model.open("overview")
    overview = next(view for view in views(frame) if type(view).__name__ == "OverviewPage")
    overview._handle_event(overview, {"event": "build_dataset", "data": "mine"}, [])
    assert frame.message == VISITOR
    assert state(workspace) == before


class Witness:
    """What a message must not call."""

    called = 0

    def __init__(self, **_: Any) -> None:
        type(self).called += 1


def test_a_message_reaches_handlers_alone(frame: Frame, tmp_path: Path) -> None:
    secret = tmp_path / "secret.vue"
    secret.write_text("<template>secret</template>")
    me, count = Witness.__module__, len(_instances)
    for message in (
        {"create_widget": [me, "Witness"], "props": {}, "id": "a"},
        {"create_widget": ["ipyvuetify", "VuetifyTemplate"], "props": {"template_file": str(secret)}, "id": "a"},
        {"create_widget": [me, "Witness"], "props": {"a": {"functionRef": "close", "args": []}}, "id": "a"},
        {"update_ref": {"objectRef": "model"}, "id": frame.model_id, "prop": "workspace"},
        {"update_ref": {"functionRef": "vue_visit", "args": []}, "id": frame.model_id, "prop": "model"},
        {"destroy_widget": frame.model_id},
        {"event": "../stop", "data": "first"},
        {"event": "__init__", "data": {}},
        {"event": ["stop"], "data": "first"},
        {"event": None},
        {},
    ):
        frame._handle_event(frame, message, [])
    assert Witness.called == 0
    assert len(_instances) == count
    assert isinstance(frame.model, ApplicationModel)
    assert frame.comm is not None
