"""What a view shows in place of the template that it was written as."""

import os
from pathlib import Path

from ipyvue.esm import define_module
from ipyvue.Template import Template

from trova_widgets.widgets.compiled.module import ADDRESS_VARIABLE, MODULE_FILE, is_compiled

_NAME = "trova-templates"
_templates: dict[Path, Template] = {}


def compiled_template(file: Path) -> Template | None:
    """Return a template's compiled form, as a widget that all views of it share.

    Parameters
    ----------
    file : Path
        The template as it was written.

    Returns
    -------
    ipyvue.Template.Template or None
        None where it was changed since, or never compiled; a browser then compiles what was written.
    """
    if not is_compiled(file):
        return None
    known = _templates.get(file)
    # of one that was closed, or made before there was a kernel, no browser knows
    if known is None or known.comm is None or type(known.comm).__name__ == "DummyComm":
        _define_module()
        known = _templates[file] = Template(esm_module=_NAME, esm_export=file.stem, source_url=file.name)
    return known


def _define_module() -> None:
    address = os.environ.get(ADDRESS_VARIABLE)
    if address:
        define_module(_NAME, url=address, dependencies=[])
    else:
        define_module(_NAME, MODULE_FILE, dependencies=[])
