import asyncio
from threading import Event

import pytest
from traitlets import HasTraits

from tests.models.standin import Run, StandIn
from trova_widgets.models.application import ApplicationModel

#: A busy machine is no error.
PATIENCE_S = 60


def seen(model: HasTraits, name: str) -> list[object]:
    values: list[object] = []
    model.observe(lambda change: values.append(change["new"]), name)
    return values


def test_it_knows_what_the_study_holds_at_once() -> None:
    model = ApplicationModel(StandIn())
    assert model.counts["records"] == 30
    assert model.revision == 1
    assert model.running == ()


def test_an_address_that_means_nothing_leads_to_the_overview() -> None:
    model = ApplicationModel(StandIn())
    model.open("results", "experiment-1")
    assert (model.page, model.subject) == ("results", "experiment-1")
    model.open("<script>", "x")
    assert (model.page, model.subject) == ("overview", "")


def test_page_and_subject_change_together() -> None:
    model = ApplicationModel(StandIn())
    model.open("records", "r1")
    together = []
    model.observe(lambda _: together.append((model.page, model.subject)), ["page", "subject"])
    model.open("results", "experiment-1")
    assert set(together) == {("results", "experiment-1")}


def test_the_same_sentence_is_told_again() -> None:
    model = ApplicationModel(StandIn())
    messages = seen(model, "message")
    model.notify("Saved.")
    model.notify("Saved.")
    assert messages.count("Saved.") == 2


def test_the_latest_run_is_the_first() -> None:
    workspace = StandIn()
    for number, state in enumerate(["running", "running", "finished"]):
        name = f"experiment-{number}"
        workspace.plan(name, axes={"convolution2dLayer_2_filterSize": (1, 2)}, fixed={}, seeds=1, epochs=1)
        workspace.runs[name] = Run(experiment=name, state=state, started_at=float(number))
    model = ApplicationModel(workspace)
    assert [run.experiment for run in model.running] == ["experiment-1", "experiment-0"]


def test_what_cannot_be_stopped_is_said_and_not_raised() -> None:
    model = ApplicationModel(StandIn())
    model.stop("no such experiment")
    assert "KeyError" in model.message


def test_it_sees_what_another_process_changes() -> None:
    workspace = StandIn()
    model = ApplicationModel(workspace)

    async def look_on() -> None:
        model.watch(interval_s=0.001)
        changed = asyncio.Event()
        model.observe(lambda _: changed.set(), "revision")
        workspace.change()
        await asyncio.wait_for(changed.wait(), PATIENCE_S)
        model.close()

    asyncio.run(look_on())
    assert model.revision == 2


def test_it_sees_a_run_go_on_although_the_store_is_still() -> None:
    workspace = StandIn()
    workspace.plan("experiment-1", axes={"convolution2dLayer_2_filterSize": (1, 2)}, fixed={}, seeds=1, epochs=1)
    model = ApplicationModel(workspace)

    async def look_on() -> None:
        model.watch(interval_s=0.001)
        going = asyncio.Event()
        model.observe(lambda _: going.set(), "runs")
        workspace.runs["experiment-1"] = Run(experiment="experiment-1", done=1)
        await asyncio.wait_for(going.wait(), PATIENCE_S)
        model.close()

    asyncio.run(look_on())
    assert model.running[0].done == 1


def test_a_look_that_was_overtaken_is_not_taken() -> None:
    workspace = StandIn()
    model = ApplicationModel(workspace)
    revision, looking, release = workspace.revision, Event(), Event()

    def slow() -> int:
        before = revision()
        looking.set()
        release.wait()
        return before

    async def look_on() -> None:
        workspace.revision = slow
        model.watch(interval_s=0.001)
        await asyncio.to_thread(looking.wait)
        workspace.revision = revision
        workspace.change()
        model.refresh()
        revisions = seen(model, "revision")
        release.set()
        workspace.change()
        while 3 not in revisions:
            await asyncio.sleep(0.001)
        assert revisions == [3]
        model.close()

    asyncio.run(look_on())


def test_it_goes_on_when_the_database_was_away_for_a_moment(caplog: pytest.LogCaptureFixture) -> None:
    workspace = StandIn()
    model = ApplicationModel(workspace)
    answers = iter([OSError("the owner died"), OSError("the owner died")])
    revision = workspace.revision

    def failing() -> int:
        error = next(answers, None)
        if error is not None:
            raise error
        return revision()

    workspace.revision = failing

    async def look_on() -> None:
        model.watch(interval_s=0.001)
        back = asyncio.Event()
        model.observe(lambda _: back.set(), "revision")
        workspace.change()
        await asyncio.wait_for(back.wait(), PATIENCE_S)
        model.close()

    asyncio.run(look_on())
    assert model.revision == 2
    assert caplog.text.count("does not answer") == 1
