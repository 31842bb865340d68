import pytest

from trova_widgets.errors import NetworkError
from trova_widgets.experiments import Plan, cells
from trova_widgets.networks import architecture
from trova_widgets.workspace.planning import make_network

POOL, STRIDE = "averagePooling2dLayer_6_poolSize", "averagePooling2dLayer_6_Stride"


def _strides(**values: object) -> list[object]:
    network = make_network("base", "CNN", None, values, 64)
    plan = Plan.make(network_type="CNN", dataset_id="d", values=network.values, axes={POOL: "[1:1:3]"})
    return [cell.settings[STRIDE] for cell in cells(plan)]


def test_in_a_saved_network_the_windows_of_a_pooling_stand_side_by_side_whatever_their_size():
    assert _strides() == [1, 2, 3]


def test_a_step_that_was_set_stays():
    assert _strides(**{STRIDE: 1}) == [1, 1, 1]


def test_a_saved_network_keeps_every_value_that_follows_no_other():
    model = architecture("CNN")
    kept = make_network("base", "CNN", None, {"convolution2dLayer_2_numFilters": 12}, 64).values
    assert set(model.space) - set(kept) == {STRIDE, "averagePooling2dLayer_11_Stride"}
    assert kept["convolution2dLayer_2_numFilters"] == 12
    assert model.space.complete(kept) == model.space.complete({"convolution2dLayer_2_numFilters": 12})


def test_a_network_that_cannot_be_built_is_refused_with_the_reason():
    with pytest.raises(NetworkError, match="broken cannot be built"):
        make_network("broken", "CNN", None, {"convolution2dLayer_7_filterSize": 60}, 64)
