import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments.choice import (
    OBJECTIVES,
    Losses,
    Outcomes,
    class_auc,
    confusion,
    nested_expectation,
    paired_losses,
)


def outcomes_of(seed=0, *, cells=3, seeds=2, events=40, stations=3, classes=3, holes=False):
    rng = np.random.default_rng(seed)
    truth = np.arange(events) % classes
    event = np.repeat(np.arange(events), stations)[rng.permutation(events * stations)]
    score = rng.normal(size=(cells, seeds, event.size, classes)) + 1.2 * np.eye(classes)[truth[event]]
    # whole numbers, so that there are ties
    probabilities = np.exp(np.round(score))
    probabilities /= probabilities.sum(axis=3, keepdims=True)
    folds = (event // classes) % 4
    if holes:
        probabilities[0, 0][folds == 1] = np.nan
        probabilities[1, 1][folds != 2] = np.nan
    return Outcomes(probabilities=probabilities, classes=truth[event], events=event, folds=folds)


def by_hand(told, cell, objective):
    """The objective of a cell, as its definition says."""
    parts = []
    for seed in range(told.known.shape[1]):
        there = told.known[cell, seed]
        if objective == "AUC":
            for fold in np.unique(told.folds[there]):
                here = there & (told.folds == fold)
                areas = []
                for each in np.unique(told.classes[here]):
                    scores, positive = told.probabilities[cell, seed, here, each], told.classes[here] == each
                    ahead = scores[positive][:, None] - scores[~positive]
                    areas.append(((ahead > 0) + 0.5 * (ahead == 0)).mean())
                parts.append((here.sum(), np.mean(areas)))
            continue
        truth, predicted = told.classes[there], told.predictions[cell, seed, there]
        if objective == "accuracy":
            figure = (truth == predicted).mean()
        elif objective == "balanced accuracy":
            figure = np.mean([(predicted[truth == each] == each).mean() for each in np.unique(truth)])
        else:
            shares = []
            for each in np.unique([*truth, *predicted]):
                both = ((truth == each) & (predicted == each)).sum()
                shares.append(2 * both / ((truth == each).sum() + (predicted == each).sum()))
            figure = np.mean(shares)
        parts.append((there.sum(), figure))
    return np.average([figure for _, figure in parts], weights=[size for size, _ in parts])


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.sampled_from(OBJECTIVES), st.sampled_from(["record", "event"]), st.booleans())
def test_the_losses_have_the_objective_as_their_mean(seed, objective, by, holes):
    told = outcomes_of(seed, holes=holes)
    losses = paired_losses(told, objective, by)
    unit = told.by_event() if by == "event" else told
    assert losses.values.shape == (3, 2, 40)
    assert losses.quality() == pytest.approx([by_hand(unit, cell, objective) for cell in range(3)])


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.sampled_from(OBJECTIVES))
def test_the_order_of_the_records_does_not_matter(seed, objective):
    told = outcomes_of(seed)
    order = np.random.default_rng(seed).permutation(told.classes.size)
    mixed = Outcomes(
        probabilities=told.probabilities[:, :, order],
        classes=told.classes[order],
        events=told.events[order],
        folds=told.folds[order],
    )
    assert np.allclose(paired_losses(told, objective).values, paired_losses(mixed, objective).values)


@pytest.mark.parametrize("objective", ["balanced accuracy", "macro-F1", "AUC"])
def test_an_events_loss_is_what_leaving_it_out_would_show(objective):
    """The influence against the jackknife: the objective without an event, for each event."""
    told = outcomes_of(3, cells=1, seeds=1, events=120)
    losses = paired_losses(told, objective)
    found = []
    for event in range(120):
        stays = told.events != event
        rest = Outcomes(
            probabilities=told.probabilities[:, :, stays],
            classes=told.classes[stays],
            events=told.events[stays],
            folds=told.folds[stays],
        )
        found.append(losses.quality()[0] - paired_losses(rest, objective).quality()[0])
    added = (1 - losses.values[0, 0] - losses.quality()[0]) / 120
    assert np.corrcoef(added, found)[0, 1] > 0.97
    assert np.polyfit(added, found, 1)[0] == pytest.approx(1, abs=0.1)


def test_stations_are_combined_by_the_mean_of_their_logarithms():
    told = Outcomes(
        probabilities=[[[[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]]]], classes=[0, 0, 1], events=[5, 5, 2], folds=[0, 0, 0]
    )
    combined = told.by_event()
    odds = np.sqrt(0.9 * 0.4) / np.sqrt(0.1 * 0.6)
    assert combined.probabilities[0, 0, 1, 0] == pytest.approx(odds / (1 + odds))
    assert combined.events.tolist() == [2, 5] and combined.classes.tolist() == [1, 0]


def test_one_station_that_is_sure_of_the_wrong_does_not_silence_the_others():
    told = Outcomes(
        probabilities=[[[[0.0, 1.0]] + [[0.999, 0.001]] * 3]], classes=[0] * 4, events=[0] * 4, folds=[0] * 4
    )
    assert told.by_event().predictions.item() == 0


def test_counts_and_areas_are_pooled():
    told = outcomes_of(1, holes=True)
    counts = confusion(told)
    assert np.array_equal(counts.sum(axis=(1, 2)), told.known.sum(axis=(1, 2)))
    right = np.trace(counts, axis1=1, axis2=2) / counts.sum(axis=(1, 2))
    assert right == pytest.approx(paired_losses(told).quality())
    assert class_auc(told).mean(axis=1) == pytest.approx(paired_losses(told, "AUC").quality())


def test_a_choice_by_an_objective_can_be_nested_without_any_trace_of_the_fold():
    told = outcomes_of(2, cells=6)
    losses = paired_losses(told, "macro-F1")
    anew = nested_expectation(losses, without_fold=lambda fold: paired_losses(told.without_fold(fold), "macro-F1"))
    assert 0 < anew.low < anew.quality < anew.high < 1
    assert isinstance(losses, Losses) and anew.apparent == pytest.approx(losses.quality().max())


def test_predictions_alone_will_do():
    told = outcomes_of(4, holes=True)
    alone = Outcomes.of_predictions(told.predictions, 3, classes=told.classes, events=told.events, folds=told.folds)
    for objective in OBJECTIVES[:3]:
        same = paired_losses(told, objective).values, paired_losses(alone, objective).values
        assert np.allclose(*same, equal_nan=True)


def test_what_cannot_be_told_is_refused():
    whole = {"probabilities": np.full((1, 1, 2, 2), 0.5), "classes": [0, 1], "events": [0, 1], "folds": [0, 1]}
    for wrong, match in (
        ({"classes": [0]}, "do not fit"),
        ({"classes": [0, 2]}, "from 0 to 2"),
        ({"events": [0, 0]}, "two folds"),
    ):
        with pytest.raises(PlanError, match=match):
            Outcomes(**(whole | wrong))
    with pytest.raises(PlanError, match="two classes"):
        Outcomes(**(whole | {"events": [0, 0], "folds": [0, 0]})).by_event()
    with pytest.raises(PlanError, match="no objective 'luck'"):
        paired_losses(Outcomes(**whole), "luck")
    with pytest.raises(PlanError, match="one class alone"):
        paired_losses(Outcomes(**whole), "AUC")
    with pytest.raises(PlanError, match="cannot be left out"):
        Outcomes(**(whole | {"folds": [0, 0]})).without_fold(0)
