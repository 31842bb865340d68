"""The templates that were compiled beforehand: all, as they stand, and what was changed since is sent as it is."""

import shutil
import subprocess
from pathlib import Path

import pytest

import trova_widgets
from trova_widgets.widgets.compiled import module, template
from trova_widgets.widgets.compiled.module import MODULE_FILE, is_compiled

TEMPLATES = sorted(Path(trova_widgets.__file__).parent.rglob("*.vue"))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_every_template_is_compiled_as_it_stands(file: Path) -> None:
    assert is_compiled(file), f"{file.name} was changed; compile it again, as widgets/compiled/compile.mjs says"


def test_a_changed_template_is_sent_as_it_was_written(tmp_path: Path) -> None:
    changed = Path(shutil.copy(TEMPLATES[0], tmp_path))
    assert template.compiled_template(changed) is not None
    changed.write_text(changed.read_text() + "\n")
    assert template.compiled_template(changed) is None


def test_the_module_comes_with_the_widgets_or_from_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(template, "define_module", lambda name, *file, **more: told.append((file, more.get("url"))))
    template._define_module()
    monkeypatch.setenv(module.ADDRESS_VARIABLE, "/trova/templates.mjs?v=1")
    template._define_module()
    assert told == [((MODULE_FILE,), None), ((), "/trova/templates.mjs?v=1")]


@pytest.mark.skipif(shutil.which("node") is None, reason="only node can tell")
def test_the_module_can_be_read() -> None:
    assert not subprocess.run(["node", "--check", str(MODULE_FILE)], capture_output=True, check=False).returncode
