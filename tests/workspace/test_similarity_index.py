from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.workspace.conftest import TEACHING
from trova_widgets import Workspace
from trova_widgets.errors import StoreError
from trova_widgets.fingerprinting import jaccard


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Workspace]:
    """A few records with their fingerprints, to be changed at will."""
    with Workspace.create(tmp_path / "study", recipe="article") as workspace:
        workspace.import_records(sorted((TEACHING / "waveforms").glob("*.mseed"))[:5], catalog=TEACHING / "catalog.xml")
        workspace.compute_fingerprints()
        yield workspace


def test_the_most_similar_are_those_of_comparing_each_pair(study: Workspace) -> None:
    bits = {record_id: study.fingerprints_of(record_id)[0] for record_id in study.records()["record_id"]}
    chosen = sorted(bits)[3]
    found = study.similar(chosen, 5)
    each = sorted(
        (-jaccard(bits[chosen], other), record_id) for record_id, other in bits.items() if record_id != chosen
    )
    assert list(zip(-found["similarity"], found["record_id"], strict=True)) == each[:5]
    assert found.columns.tolist() == ["record_id", "similarity", "event_id", "event_class", "station", "start_time"]


def test_a_changed_cut_off_is_seen_at_once(study: Workspace) -> None:
    chosen, other = study.records()["record_id"].iloc[:2]
    before = study.similar(other, 1000).set_index("record_id")["similarity"]
    cutoff_hz = study.records().set_index("record_id").loc[chosen, "cutoff_hz"]
    study.set_parameter(chosen, "cutoff_hz", 0.5 if cutoff_hz > 2 else 5.0)
    with pytest.raises(StoreError, match="compute fingerprints first"):
        study.similar(chosen)
    assert chosen not in set(study.similar(other, 1000)["record_id"])
    study.compute_fingerprints()
    after = study.similar(other, 1000).set_index("record_id")["similarity"]
    assert len(after) == len(before)
    assert after[chosen] == jaccard(study.fingerprints_of(other)[0], study.fingerprints_of(chosen)[0])
    others = before.index.drop(chosen)
    np.testing.assert_array_equal(after[others], before[others])


def test_a_record_that_is_not_there_is_told(tmp_path) -> None:
    with Workspace.create(tmp_path / "empty") as workspace, pytest.raises(StoreError, match="There is no record 'r0'"):
        workspace.similar("r0")
