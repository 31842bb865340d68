"""What people mistype is refused before anything is done, with the value and the way out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from IPython.lib.pretty import pretty

from tests.workspace.conftest import TEACHING
from trova_widgets import TrovaError, Workspace
from trova_widgets.experiments import SHARES
from trova_widgets.reports import Report

AXES = {"averagePooling2dLayer_6_poolSize": "4, 8"}


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda study: study.run("first", workers=0), ("0 workers", "1 or more")),
        (lambda study: study.run_here("first", workers=-1), ("-1 workers", "1 or more")),
        (lambda study: study.status("frist"), ("'frist'", "there are first")),
        (lambda study: study.classify("nowhere.mseed"), ("nowhere.mseed", "check the path")),
        (lambda study: study.fetch_records("GFZ", catalog="any.xml", radius_km=-5), ("-5 km", "200")),
        (lambda study: study.build_dataset("other", classes="earthquake"), ("'earthquake'", "a list")),
        (lambda study: study.build_dataset("other", classes=["earthquake", "volcano"]), ("none of volcano", "Import")),
        (lambda study: study.build_dataset("other", minimum_snr_db=500), ("500 dB or more", "ask for less")),
        (lambda study: study.create_network("base", convolution2dLayer_2_numFilters=3), ("'base'", "a new name")),
        (lambda study: study.plan("p", network="base", dataset="small", axes=AXES, seeds=0), ("seeds is 0", "1 or")),
        (lambda study: study.label(study.events()["event_id"][0], " "), ("' '", "quarry_blast")),
        (lambda study: study.label("nowhere", "earthquake"), ("no event 'nowhere'", "events()")),
        (lambda study: study.labels("nowhere"), ("no event 'nowhere'", "events()")),
        (lambda study: study.import_records([], event_class="Mine blast"), ("'Mine blast'", "rename")),
        (lambda study: study.annotate("nowhere", "odd"), ("event or record or experiment or trial 'nowhere'", "look")),
        (lambda study: study.annotate("first", " "), ("remark on first is empty", "write")),
        (lambda study: study.annotations("nowhere"), ("'nowhere'", "look it up")),
        (lambda study: study.parameters("nowhere"), ("no record 'nowhere'", "records()")),
        (lambda study: study.similar("nowhere"), ("no record 'nowhere'", "records()")),
        (lambda study: study.similar(study.records()["record_id"][0], -1), ("-1 records", "1 or more")),
        (lambda study: study.waveform("nowhere"), ("no record 'nowhere'", "records()")),
        (
            lambda study: study.build_dataset("small again", shares=SHARES),
            ("small again would be the data set small", "another seed"),
        ),
        (lambda study: study.best("frist"), ("'frist'", "there are first")),
        (lambda study: study.trial("nowhere"), ("no trial 'nowhere'", "trials(experiment)")),
        (lambda study: study.recipe("nowhere"), ("no recipe 'nowhere'", "there are")),
        (lambda study: study.set_parameter("nowhere", "cutoff_hz", 1.0), ("no record 'nowhere'", "records()")),
        (lambda study: study.set_parameter(study.records()["record_id"][0], "cutof", 1.0), ("'cutof'", "cutoff_hz")),
        (lambda study: study.create_network("x", convolution2dLayer_2_numFilter=3), ("numFilter'", "2_numFilters")),
        (lambda study: study.create_network("x", "cnn"), ("'cnn'", "there are CNN, MLP")),
        (lambda study: study.create_network(" "), ("' '", "letters")),
        (lambda study: study.build_dataset("two\nlines"), ("lines", "letters")),
        (lambda study: study.build_dataset("x", shares={"trainig": 1.0}), ("'trainig'", "there are training, test")),
        (lambda study: study.build_dataset("x", shares={"training": 1.0}), ("validation has no share", "0.1")),
        (lambda study: study.classify(Path(__file__), "bse"), ("network, experiment or trial 'bse'", "there are base")),
        (lambda study: study.export_results("first", "/proc/nowhere"), ("/proc/nowhere", "another folder")),
        (lambda study: study.export(Path(__file__)), ("test_mistakes.py", "a new folder")),
        (lambda study: study.set_parameter(study.records()["record_id"][0], "cutoff_hz", -3), ("-3 Hz", "above 0")),
    ],
)
def test_a_mistake_is_one_sentence_that_says_the_way_out(
    study: Workspace, mistake: Callable[[Workspace], Any], words: tuple[str, ...]
) -> None:
    with pytest.raises(TrovaError) as caught:
        mistake(study)
    sentence = str(caught.value)
    assert all(word in sentence for word in words), sentence
    assert "\n" not in sentence


def test_the_same_network_again_is_no_mistake(study: Workspace) -> None:
    again = study.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
    assert again == study.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)


def test_a_report_reads_in_a_notebook_as_it_is_printed(study: Workspace) -> None:
    report = study.preview(network="base", dataset="small", axes=AXES)
    assert pretty(report) == str(report)
    status = study.status("first")
    assert pretty(status) == str(status) == "first: finished, 2 of 2 trials."
    assert pretty(study.compute_fingerprints()).startswith("0 records fingerprinted")
    assert pretty(study.import_records(TEACHING / "catalog.xml")).startswith("0 records of 0 new events")
    # the decorator of a dataclass would show the fields, where it is not told otherwise
    assert {report.__repr__ for report in Report.__subclasses__()} == {Report.__repr__}
    assert pretty(study) == f"Workspace({str(study.path)!r})"
