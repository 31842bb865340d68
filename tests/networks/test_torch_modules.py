import numpy as np
import pytest
import torch

from trova_widgets.errors import NetworkError
from trova_widgets.networks import architecture, build, load_weights, predict, save_weights

VALUES = {"convolution2dLayer_2_numFilters": 3}


@pytest.fixture
def bits():
    return np.random.default_rng(0).random((5, 16, 16)) < 0.1


def test_parts_have_the_names_of_the_layers():
    names = [name for name, _ in build(architecture("CNN"), VALUES, 16).named_children()]
    assert names[0] == "convolution2dLayer_2"
    assert names[-1] == "fullyConnectedLayer_12"


@pytest.mark.parametrize("network_type", ["CNN", "MLP"])
def test_probabilities_are_probabilities(network_type, bits):
    module = build(architecture(network_type), {}, 16, 4)
    probabilities = predict(module, bits)
    assert probabilities.shape == (5, 4)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert module.training
    assert np.allclose(predict(module, bits[2]), probabilities[2:3])


def test_weights_come_back_as_they_were(bits):
    torch.manual_seed(1)
    first, second = (build(architecture("CNN"), VALUES, 16) for _ in range(2))
    assert not np.allclose(predict(first, bits), predict(second, bits))
    weights = save_weights(first, {"trial_id": "a"})
    assert np.array_equal(predict(load_weights(second, weights), bits), predict(first, bits))


def test_the_order_in_memory_does_not_matter():
    module = build(architecture("CNN"), VALUES, 16)
    plain = save_weights(module)
    for parameter in module.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    assert save_weights(module) == plain


@pytest.mark.parametrize("damage", [lambda weights: weights[:40], lambda weights: b"", lambda weights: weights])
def test_weights_of_something_else_are_refused(damage):
    weights = damage(save_weights(build(architecture("CNN"), VALUES, 16)))
    with pytest.raises(NetworkError, match="do not belong to this network"):
        load_weights(build(architecture("CNN"), {}, 16), weights)
