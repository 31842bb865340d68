import pytest

import trova_widgets.fingerprinting as package

PUBLIC = [getattr(package, name) for name in package.__all__]


@pytest.mark.parametrize(
    "function", [one for one in PUBLIC if not isinstance(one, type)], ids=lambda function: function.__name__
)
def test_every_public_function_has_an_example_or_says_what_it_returns(function):
    assert "Returns\n" in function.__doc__ or "Return" in function.__doc__.partition("\n")[0]
