"""A channel that cannot be read costs itself alone when files are classified as well, and is told."""

import json

import numpy as np

from tests.records.making import counts, mseed, trace
from trova_widgets.cli import main
from trova_widgets.workspace import Workspace


def test_a_channel_that_cannot_be_read_is_told_beside_the_others(study: Workspace, tmp_path):
    three = [
        trace(counts(seconds=120, seed=number).astype(np.float32), channel=f"BH{letter}")
        for number, letter in enumerate("ZNE")
    ]
    three[1].data[5] = np.nan
    path = tmp_path / "three.mseed"
    path.write_bytes(mseed(*three))
    answers = study.classify([path])
    named = answers[answers["note"] == ""]
    assert named["channel"].tolist() == ["BHZ"] and named["event_class"].notna().all()
    assert "not asked: BHE." in named["remark"].iloc[0]
    (note,) = answers.loc[answers["note"] != "", "note"]
    assert "BHN holds samples that are not finite numbers" in note


def test_each_answer_is_a_line_of_json_and_the_status_says_whether_there_is_one(study: Workspace, tmp_path, capsys):
    good, bad = tmp_path / "good.mseed", tmp_path / "bad.mseed"
    good.write_bytes(mseed(trace(counts(seconds=120, seed=1))))
    bad.write_bytes(b"no seismogram at all")
    assert main(["classify", str(good), str(bad), "-w", str(study.path), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [bool(line["event_class"]) for line in lines] == [True, False] and lines[1]["note"]
    assert main(["classify", str(bad), "-w", str(study.path), "--json"]) == 1
