"""Make the workspace of an older version that the tests open: ``python -m tests.workspace.golden.make``.

Run once, by the version of which it is to be a workspace (0.1.0, schema 4): the file then stays as it is, as the
workspaces out there do. It holds twenty-four events of the teaching set, a data set, a network, a
finished experiment of four cells and two seeds, one that has a trial left to run, and a note. ``demo-0.1.0.json`` is
the plan of that version's demonstration, with the identities of its trials.
"""

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from trova_widgets import Workspace

FOLDER = Path(__file__).parent
TEACHING = FOLDER.parents[2] / "data" / "teaching"
ARCHIVE, FIGURES = FOLDER / "workspace-0.1.0.zip", FOLDER / "workspace-0.1.0.json"
FILES_A_CLASS = 8
AXES = {"convolution2dLayer_2_filterSize": "2, 3", "averagePooling2dLayer_6_poolSize": "4, 6"}
SMALL = {"convolution2dLayer_2_numFilters": 2, "convolution2dLayer_7_numFilters": 2}


def opened(folder: Path) -> Path:
    """Unpack the workspace into an empty folder, and return it."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    return folder


def figures() -> dict[str, list[dict[str, object]]]:
    """Return the trials of each experiment as that version told them."""
    return json.loads(FIGURES.read_text(encoding="utf-8"))


def main() -> None:
    """Fill a workspace, and keep it with what it says of its trials."""
    every = sorted((TEACHING / "waveforms").glob("*.mseed"))
    files = every[: FILES_A_CLASS * 3]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "study"
        with Workspace.create(folder, recipe="article") as workspace:
            workspace.import_records(files, catalog=TEACHING / "catalog.xml", stations=TEACHING / "stations.xml")
            workspace.compute_fingerprints()
            workspace.build_dataset("small", seed=3)
            workspace.create_network("base", **SMALL)
            workspace.plan("first", network="base", dataset="small", axes=AXES, seeds=2, epochs=2)
            workspace.run_here("first")
            workspace.plan(
                "second", network="base", dataset="small", axes={"dropoutLayer_5_probability": "0.1"}, epochs=1
            )
            workspace.run_here("second")
            workspace.plan(
                "second",
                network="base",
                dataset="small",
                axes={"dropoutLayer_5_probability": "0.1, 0.2"},
                fixed={},
                epochs=1,
            )
            trials = {name: workspace.trials(name) for name in ("first", "second")}
            workspace.annotate(trials["first"]["trial_id"][0], "Look at the filters.")
        FIGURES.write_text(
            json.dumps({name: json.loads(table.to_json(orient="records")) for name, table in trials.items()}, indent=1)
            + "\n",
            encoding="utf-8",
        )
        shutil.rmtree(folder / ".trova" / "backups", ignore_errors=True)
        with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder))


if __name__ == "__main__":
    main()
