"""A record that the recipe cannot be applied to is named, with the reason."""

import numpy as np

from tests.records.making import mseed, trace
from trova_widgets import Workspace


def test_the_report_names_the_records_that_were_left_out(tmp_path):
    for station, seconds in (("SHORT", 30), ("BRIEF", 25), ("LONG", 150)):
        samples = np.random.default_rng(seconds).integers(-999, 999, seconds * 100, dtype=np.int32)
        content = mseed(trace(samples, "2024-03-01", network="XX", station=station))
        (tmp_path / f"{station}.mseed").write_bytes(content)
    with Workspace.create(tmp_path / "study", recipe="article") as study:
        study.import_records(sorted(tmp_path.glob("*.mseed")), event_class="earthquake")
        report = study.compute_fingerprints()
        names = dict(zip(study.records()["record_id"], study.records()["station"], strict=True))
    assert report.computed == 1
    assert {names[record] for record in report.refused} == {"SHORT", "BRIEF"}
    for record, reason in report.refused.items():
        assert reason.startswith(f"XX.{names[record]}..BHZ of 2024-03-01 00:00:00: The window lasts from ")
    [line] = [line for line in str(report).splitlines() if "The window" in line]
    assert line.startswith("  2 x The window lasts") and "(for instance XX." in line
    assert "batch" not in str(report)
