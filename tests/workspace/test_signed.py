from tests.workspace.conftest import TEACHING
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.experiments import SHARES
from trova_widgets.fingerprinting import FingerprintRecipe, jaccard, recipe_named


def test_signed_fingerprints_go_all_the_way(tmp_path) -> None:
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))[:20]
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_records(files, catalog=TEACHING / "catalog.xml")
        report = workspace.compute_fingerprints(FingerprintRecipe(signs="signed"))
        assert not report.refused
        one, other = workspace.records()["record_id"].iloc[:2]
        bits = workspace.fingerprints_of(one)[0]
        assert bits.shape == (64, 128)
        found = workspace.similar(one, 100).set_index("record_id")["similarity"]
        assert found[other] == jaccard(bits, workspace.fingerprints_of(other)[0])
        workspace.build_dataset("signed", shares=SHARES)
        workspace.create_network("base", convolution2dLayer_2_numFilters=2, convolution2dLayer_7_numFilters=2)
        workspace.plan("first", network="base", dataset="signed", axes={}, epochs=1)
        workspace.run("first")
        classified = workspace.classify(files[:1])
        assert len(classified) >= 3 and (classified["note"] == "").all()
        classes = set(workspace.records()["event_class"])
        assert classes == {"earthquake", "quarry_blast", "mine_blast"} and set(classified["event_class"]) <= classes


def test_a_new_workspace_begins_with_signed_bits_unless_another_recipe_is_named(tmp_path, capsys) -> None:
    with Workspace.create(tmp_path / "new") as workspace:
        assert workspace.recipe() == recipe_named("signed")
    assert main(["init", str(tmp_path / "old"), "--recipe", "article"]) == 0
    with Workspace.open(tmp_path / "old") as workspace:
        assert workspace.recipe() == FingerprintRecipe()
    assert main(["init", str(tmp_path / "odd"), "--recipe", "singed"]) == 1
    assert "signed" in capsys.readouterr().err and not (tmp_path / "odd").exists()
