import numpy as np
import pytest
import torch
from torch import nn

from trova_widgets.errors import NetworkError
from trova_widgets.networks import architecture, build
from trova_widgets.networks.fused import FusedNetwork
from trova_widgets.networks.fused.dropout import dropping
from trova_widgets.networks.stacked import StackedNetworks

SEEDS, SIZE, STEP = (3, 4, 5), 20, 2
VALUES = {"convolution2dLayer_2_numFilters": 3, "convolution2dLayer_2_Padding": 1, "convolution2dLayer_7_Stride": 2}


def made(network_type="CNN", values=None, dropouts=(0.1, 0.5, 0.9)):
    """Return networks of one shape, each with its own values and its own dropout."""
    name = "dropoutLayer_5_probability" if network_type == "CNN" else "dropoutLayer_4_probability"
    modules = []
    with torch.random.fork_rng(devices=[]):
        for seed, probability in zip(SEEDS, dropouts, strict=True):
            torch.manual_seed(seed)
            modules.append(build(architecture(network_type), {**(values or {}), name: probability}, SIZE))
    return modules


@pytest.mark.parametrize(("network_type", "values"), [("CNN", VALUES), ("MLP", {})])
def test_each_network_is_what_it_is_alone(network_type, values):
    images = torch.from_numpy((np.random.default_rng(0).random((3, 7, SIZE, SIZE)) < 0.1).astype(np.int8))
    # the second network's batch is shorter
    present = torch.ones(3, 7)
    present[1, 5:] = 0
    stacked = StackedNetworks(made(network_type, values), SEEDS, torch.device("cpu"))
    logits = stacked.logits(images, present, *stacked.keys(STEP))
    labels = torch.arange(7) % 3
    losses = torch.stack([nn.functional.cross_entropy(each, labels, reduction="none") for each in logits]) * present
    (losses.sum(dim=1) / present.sum(dim=1)).sum().backward()
    stacked.put_back()
    for at, module in enumerate(made(network_type, values)):
        alone = FusedNetwork(module, SEEDS[at])
        alone.step = STEP
        there = present[at] > 0
        expected = alone(images[at, there].unsqueeze(1))
        assert torch.allclose(logits[at, there], expected, atol=1e-5)
        nn.functional.cross_entropy(expected, labels[there]).backward()
        for name, parameter in alone.named_parameters():
            mine = stacked.values[name].grad
            assert torch.allclose(mine[at] if mine is not None else torch.zeros(()), parameter.grad, atol=2e-5), name
        for name, buffer in alone.named_buffers():
            if buffer.is_floating_point():
                assert torch.allclose(stacked.modules[at].get_buffer(name), buffer, atol=1e-5), name


def test_they_classify_as_their_modules_do():
    modules = made("CNN", VALUES)
    images = torch.from_numpy((np.random.default_rng(1).random((3, 4, SIZE, SIZE)) < 0.1).astype(np.int8))
    said = StackedNetworks(modules, SEEDS, torch.device("cpu"), torch.bfloat16).classify(images)
    for module, own, answer in zip(modules, images, said, strict=True):
        assert torch.allclose(answer, module.eval()(own.unsqueeze(1).float()), atol=1e-5)


def test_each_draws_with_its_own_seed_and_probability():
    modules = made()
    keys, scales = StackedNetworks(modules, SEEDS, torch.device("cpu")).keys(STEP)
    places = [place for place, layer in enumerate(modules[0]) if isinstance(layer, nn.Dropout)]
    for row, place in enumerate(places):
        for at, (module, seed) in enumerate(zip(modules, SEEDS, strict=True)):
            now = dropping(module[place].p, seed, STEP, place)
            assert keys[row, at].tolist() == [int(number) for number in now[:3]]
            assert scales[row, at] == float(now.scale)


def test_other_shapes_are_refused():
    modules = [*made()[:2], build(architecture("CNN"), VALUES, SIZE)]
    with pytest.raises(NetworkError, match="different shapes"):
        StackedNetworks(modules, SEEDS, torch.device("cpu"))


def test_layers_of_another_kind_are_refused():
    modules = [nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2))]
    with pytest.raises(NetworkError, match="cannot be computed for several"):
        StackedNetworks(modules, [0], torch.device("cpu"))
