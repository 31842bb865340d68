"""Every public function says what goes in, what comes out, and shows an example, which another test runs."""

import inspect
import re

import pytest

import trova_widgets.fingerprinting as package

FUNCTIONS = [function for name in package.__all__ if inspect.isfunction(function := getattr(package, name))]


def _section(function: object, title: str) -> str:
    """Return the body of a section of a numpydoc docstring, nothing where there is none."""
    found = re.search(
        rf"^{title}\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", inspect.getdoc(function) or "", re.MULTILINE | re.DOTALL
    )
    return found[1].strip() if found else ""


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_every_public_function_documents_its_arguments_and_its_answer_and_has_an_example(function) -> None:
    entries = re.findall(r"^(\w[\w, ]*)", _section(function, "Parameters"), re.MULTILINE)
    documented = {name.strip() for entry in entries for name in entry.split(",")}
    assert documented >= set(inspect.signature(function).parameters)
    assert re.match(r"\w", _section(function, "Returns"))
    assert f"{function.__name__}(" in _section(function, "Examples")


def test_a_function_without_its_sections_would_be_found() -> None:
    def bare(number):
        """Return nothing of interest."""

    assert not _section(bare, "Parameters") and not _section(bare, "Returns")
