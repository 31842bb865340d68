import pytest

from tests.experiments.examples import example_arrays


@pytest.fixture(scope="session")
def arrays():
    return example_arrays()
