from pathlib import Path

import ipywidgets
import pytest
import traitlets

from tests.models.standin import Run, StandIn
from trova_widgets.errors import TrovaError
from trova_widgets.models.application import PAGES, ApplicationModel
from trova_widgets.pages import application as pages
from trova_widgets.pages.application import Frame, dashboard
from trova_widgets.pages.experiments import experiments_page
from trova_widgets.pages.gate.terms import WORKSPACE_VARIABLE
from trova_widgets.pages.learn import learn_page
from trova_widgets.pages.overview import overview_page


class Builders(dict[str, object]):
    """Pages that note when they are built."""

    def __init__(self) -> None:
        self.built: list[str] = []
        super().__init__({slug: self._builder(slug) for slug in PAGES})

    def _builder(self, slug: str) -> object:
        def build(workspace: object, model: object) -> ipywidgets.HTML:
            self.built.append(slug)
            return ipywidgets.HTML(slug)

        return build


@pytest.fixture
def model() -> ApplicationModel:
    return ApplicationModel(StandIn())


def test_a_page_is_built_when_it_is_first_visited(model: ApplicationModel) -> None:
    builders = Builders()
    frame = Frame(model, builders)
    assert builders.built == ["overview"]
    frame.vue_visit({"page": "learn", "subject": ""})
    frame.vue_visit({"page": "overview", "subject": ""})
    frame.vue_visit({"page": "learn", "subject": ""})
    assert builders.built == ["overview", "learn"]
    assert [item["slug"] for item in frame.built] == builders.built


def test_the_address_is_that_of_the_model(model: ApplicationModel) -> None:
    frame = Frame(model, Builders())
    model.open("results", "experiment-1")
    assert (frame.page, frame.subject) == ("results", "experiment-1")


def test_page_and_subject_reach_the_browser_together(model: ApplicationModel, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = Frame(model, Builders())
    sent: list[set[str]] = []
    monkeypatch.setattr(frame, "send_state", lambda key: sent.append({key} if isinstance(key, str) else set(key)))
    model.open("results", "experiment-1")
    assert [names & {"page", "subject"} for names in sent if names & {"page", "subject"}] == [{"page", "subject"}]


def test_a_page_that_cannot_be_drawn_says_so_and_leaves_the_others(model: ApplicationModel) -> None:
    def broken(workspace: object, model: object) -> object:
        raise TrovaError("The experiment has <no> trials; run it first.")

    frame = Frame(model, {**Builders(), "results": broken})
    model.open("results")
    assert "has &lt;no&gt; trials; run it first." in frame.built[-1]["widget"].value
    model.open("learn")
    assert frame.built[-1]["widget"].value == "learn"


def test_the_status_line_follows_the_run() -> None:
    workspace = StandIn()
    workspace.plan("experiment-1", axes={"convolution2dLayer_2_filterSize": (1, 2)}, fixed={}, seeds=1, epochs=1)
    model = ApplicationModel(workspace)
    frame = Frame(model, Builders())
    assert frame.running == {}
    workspace.runs["experiment-1"] = Run(experiment="experiment-1", done=3, failed=1, total=12, seconds_left=300)
    model.refresh()
    assert frame.running["share"] == 25
    assert frame.running["left"] == "5 min left"
    frame.vue_stop("experiment-1")
    assert workspace.calls[-1] == ("stop", "experiment-1")
    assert frame.running == {}


def test_counts_are_written_for_people(model: ApplicationModel) -> None:
    assert [" ".join(item.values()) for item in Frame(model, Builders()).counts] == [
        "30 records",
        "150 fingerprints",
        "0 experiments",
    ]


@pytest.mark.parametrize("build", [overview_page, experiments_page, learn_page])
def test_pages_can_be_sent_to_a_browser(model: ApplicationModel, build: object) -> None:
    page = build(model.workspace, model)
    state = page.get_state()
    assert {name for name in state if not name.startswith("_")} >= {"template"}
    handlers = {name.removeprefix("vue_") for name in dir(page) if name.startswith("vue_")}
    module, file = type(page).template_file
    written = Path(module).with_name(file).read_text(encoding="utf-8")
    assert handlers == {name for name in handlers if f"{name}(" in written}


def test_a_page_and_its_model_follow_each_other(model: ApplicationModel) -> None:
    page = experiments_page(model.workspace, model)
    page.epochs = 7
    assert page.plan.epochs == 7
    page.plan.name = "mine"
    assert page.name == "mine"
    page.axes = page.axes[1:]
    assert len(page.plan.axes) == 2


def test_what_is_started_is_what_stands_in_the_form(model: ApplicationModel) -> None:
    page = experiments_page(model.workspace, model)
    page.vue_start({"name": "mine", "epochs": 7})
    assert model.running[0].experiment == "mine"
    assert next(call for call in model.workspace.calls if call[0] == "plan")[-1]["epochs"] == 7


@pytest.mark.parametrize("path", [None, "no/such/folder"])
def test_a_dashboard_that_cannot_open_says_why(
    path: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(WORKSPACE_VARIABLE, raising=False)
    if path is not None:
        monkeypatch.setenv(WORKSPACE_VARIABLE, path)
    page = dashboard()
    assert isinstance(page, ipywidgets.HTML)
    assert "Trova cannot open the workspace" in page.value
    assert (path or WORKSPACE_VARIABLE) in page.value


def test_every_page_has_a_title() -> None:
    assert set(pages._TITLES) == set(PAGES)
    assert issubclass(Frame, traitlets.HasTraits)
