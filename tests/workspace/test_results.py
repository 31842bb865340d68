import numpy as np

from trova_widgets import Workspace


def test_what_a_trial_said_of_each_record_adds_up_to_its_confusion_matrix(study: Workspace):
    trial = study.trials("first")["trial_id"].iloc[0]
    said = study.trial(trial).predictions.query("split == 'validation'")
    matrix = study.trial(trial).confusion
    counted = np.array(
        [
            [((said["event_class"] == true) & (said["predicted"] == guess)).sum() for guess in matrix.columns]
            for true in matrix.index
        ]
    )
    assert counted.sum() > 0
    assert np.array_equal(counted, matrix.to_numpy())
    assert set(said["record_id"]) <= set(study.records()["record_id"])
    assert said["probability"].between(1 / 3, 1).all()


def test_remarks_are_kept_in_their_order(study: Workspace):
    trial = study.trials("first")["trial_id"].iloc[1]
    study.annotate(trial, "steep", author="ada")
    study.annotate(trial, "seen again with another seed", author="emil")
    assert list(study.annotations(trial)["text"]) == ["steep", "seen again with another seed"]
    assert list(study.annotations(trial)["author"]) == ["ada", "emil"]


def test_a_plan_without_axes_is_one_network_and_its_seeds(study: Workspace):
    study.plan("base alone", network="base", dataset="small", axes={}, seeds=2, epochs=1)
    study.run("base alone")
    trials = study.trials("base alone")
    assert trials["state"].tolist() == ["finished"] * 2 and trials["seed"].tolist() == [0, 1]
    assert trials["gradient"].isna().all() and trials["quality"].between(0, 1).all()
