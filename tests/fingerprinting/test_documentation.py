import doctest
import pkgutil
from importlib import import_module

import pytest

import trova_widgets.fingerprinting as package

MODULES = [import_module(f"{package.__name__}.{module.name}") for module in pkgutil.iter_modules(package.__path__)]
PUBLIC = [getattr(package, name) for name in package.__all__]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "function", [one for one in PUBLIC if not isinstance(one, type)], ids=lambda function: function.__name__
)
def test_every_public_function_has_an_example_or_says_what_it_returns(function):
    assert "Returns\n" in function.__doc__ or "Return" in function.__doc__.partition("\n")[0]
