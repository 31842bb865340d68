"""What looks like no class is said to be none of these; rates and folds move probabilities as they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.records.making import counts, mseed, trace
from trova_widgets import PlanError, Workspace
from trova_widgets.cli import main
from trova_widgets.experiments.evaluation import with_prior
from trova_widgets.fingerprinting import FingerprintRecipe
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.workspace.likeness import KnownRecords, odd_fingerprints


def known_of(packed: np.ndarray, events: np.ndarray, odd: np.ndarray) -> KnownRecords:
    return KnownRecords(packed=packed, events=events, odd=odd, record_ids=frozenset())


@given(some.integers(0, 2**32 - 1), some.integers(3, 120))
def test_the_known_records_that_are_refused_beside_other_events_are_their_share(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    packed = rng.integers(1, 256, (count, 8), dtype=np.uint8)
    odd, events = rng.integers(1, 256, (5, 8), dtype=np.uint8), np.arange(count) // 2
    known = KnownRecords(packed=packed, events=events, odd=odd, record_ids=frozenset())
    others = np.where(events[:, None] == events, 0, similarities(packed, packed)).max(axis=1)
    oddest = similarities(packed, odd).max(axis=1)
    assert (others - oddest < known.limit - 1e-6).mean() <= 0.01 and (others - oddest <= known.limit + 1e-6).any()
    assert known.likeness(packed) == pytest.approx(1 - oddest, abs=1e-6)


def similarities(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    first, second = (np.unpackbits(each, axis=1) > 0 for each in (one, other))
    pairs = first[:, None], second[None]
    return (pairs[0] & pairs[1]).sum(axis=2) / (pairs[0] | pairs[1]).sum(axis=2)


def test_noise_is_none_of_these_everywhere_and_its_probabilities_stay(study: Workspace, tmp_path, capsys) -> None:
    path, quakeml = tmp_path / "noise.mseed", tmp_path / "noise.xml"
    path.write_bytes(mseed(trace(counts(seconds=120, seed=0).astype(np.float32))))
    (row,) = study.classify(path).to_dict("records")
    assert row["event_class"] == "none_of_these" and "None of these: its likeness" in row["remark"]
    assert row["earthquake"] + row["mine_blast"] + row["quarry_blast"] == pytest.approx(1)
    assert main(["classify", str(path), "-w", str(study.path), "--quakeml", str(quakeml)]) == 0
    assert "none_of_these" in capsys.readouterr().out
    (event,) = obspy_module("obspy").read_events(str(quakeml))
    assert (event.event_type, event.event_type_certainty) == ("not reported", None)
    assert event.comments[0].text.startswith("none of these classes")


def test_records_of_the_study_say_whether_they_were_trained_on_and_of_which_event_they_are(study: Workspace, capsys):
    records = study.records()
    files = [study.path / "waveforms" / name for name in records["file_name"].drop_duplicates()[:6]]
    answers = study.classify(files).set_index("record_id")
    dataset = study._store.dataset("small")
    members = study._store.dataset_members(dataset.dataset_id).set_index("record_id")["split"]
    is_trained = answers["remark"].str.contains("trained on this very record")
    assert is_trained.equals((members.reindex(answers.index) == "training").rename("remark"))
    assert (answers["event_id"] == records.set_index("record_id")["event_id"].reindex(answers.index)).all()
    verdicts = study.answers_by_event(answers.reset_index()).set_index("event_id")
    for event_id, rows in answers[answers["event_class"] != "none_of_these"].groupby("event_id"):
        shares = np.exp(np.log(rows[list(dataset.classes)]).mean())
        told = verdicts.loc[event_id]
        assert told["event_class"] == shares.idxmax()
        assert told["probability"] == pytest.approx(shares.max() / shares.sum(), rel=1e-3)
        assert told["agree"] == (rows["event_class"] == told["event_class"]).sum()
    assert main(["classify", *map(str, files), "-w", str(study.path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("base answers (experiment first, poolSize") and "has no folds" in said.splitlines()[0]
    assert "All stations of each event together:" in said


def test_a_persons_own_rates_move_the_probabilities_from_those_of_the_training(study: Workspace) -> None:
    classes = ["earthquake", "mine_blast", "quarry_blast"]
    path = study.path / "waveforms" / study.records()["file_name"].iloc[0]
    plain = study.classify(path)[classes].to_numpy()
    # the classes were levelled
    wanted = np.array([0.9, 0.1, 0.0])
    moved = study.classify(path, rates=dict(zip(classes, wanted, strict=True)))[classes].to_numpy()
    assert moved == pytest.approx(with_prior(plain, np.ones(3), wanted), abs=0.02)
    with pytest.raises(PlanError, match="No rate of mine_blast"):
        study.classify(path, rates={"earthquake": 1})


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"frequency_to_hz": 8.0},
        {"frequency_to_hz": 2.2, "frequency_from_hz": 0.3, "cutoff_to_hz": 1.0, "cutoff_from_hz": 0.25},
        {"window_s": 320.0},
        {"window_reference": "start", "window_start_s": 120.0},
        {"highpass": "off"},
        {"highpass": "off", "frequency_to_hz": 2.0, "frequency_from_hz": 0.1},
    ],
)
def test_every_recipe_has_oddities_to_compare_with(settings: dict[str, object]) -> None:
    recipe = FingerprintRecipe(**settings)
    packed = odd_fingerprints(recipe, None)
    assert packed.shape[1] == recipe.size**2 // 8 and packed.any(axis=1).mean() > 0.9
