import json

import pytest

from tests.fingerprinting.golden.make import FINGERPRINTS, found
from trova_widgets.fingerprinting import FingerprintRecipe

GOLDEN = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", GOLDEN["recipes"])
def test_the_bits_are_those_of_the_golden_file(name):
    now = found({name: FingerprintRecipe.from_dict(GOLDEN["recipes"][name])})
    assert now[name] == GOLDEN["found"][name]


def test_the_cut_offs_are_those_of_the_golden_file():
    first = next(iter(GOLDEN["recipes"]))
    now = found({first: FingerprintRecipe.from_dict(GOLDEN["recipes"][first])})
    assert now["cut-offs"] == pytest.approx(GOLDEN["found"]["cut-offs"], rel=1e-12)
