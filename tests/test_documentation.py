"""The examples in the docstrings are run, as a reader would run them."""

import doctest
import warnings
from importlib import import_module
from pathlib import Path

import pytest

import trova_widgets

ROOT = Path(trova_widgets.__file__).parent
WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
    for path in sorted(ROOT.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_run(name: str) -> None:
    with warnings.catch_warnings():
        # libraries of widgets warn of themselves when they are imported
        warnings.simplefilter("ignore", DeprecationWarning)
        module = import_module(name)
    assert doctest.testmod(module).failed == 0
