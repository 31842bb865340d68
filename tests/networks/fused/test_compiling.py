from pathlib import Path

import pytest

from trova_widgets.networks.fused import compiling


@pytest.fixture
def _fresh():
    compiling.folder.cache_clear()
    yield
    compiling.folder.cache_clear()


@pytest.mark.usefixtures("_fresh")
def test_compiled_code_lies_in_the_cache_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Path(compiling.folder()).parent == tmp_path / "trova"


@pytest.mark.usefixtures("_fresh")
def test_where_nothing_can_be_written_it_is_compiled_for_the_process(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    folder = Path(compiling.folder())
    assert folder.is_dir()
    assert not folder.is_relative_to(tmp_path)
    folder.rmdir()
