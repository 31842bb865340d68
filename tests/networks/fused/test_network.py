"""The fused networks against torch's own layers, in float64 and with the same elements dropped."""

import copy
import logging
from collections import OrderedDict

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from trova_widgets.networks import architecture, build, save_weights
from trova_widgets.networks.fused import FusedNetwork
from trova_widgets.networks.fused.dropout import dropping, kept, keys_of
from trova_widgets.networks.fused.network import tell_of

SEED = 7
# A value so near to zero may have another sign in float32 and float64, and another gradient then.
MARGIN = 1e-6


@st.composite
def networks(draw):
    """Return layers of one to three cycles that fit together, and the side of what they read."""
    size = draw(st.integers(5, 20))
    side, channels, layers = size, 1, []
    for _ in range(draw(st.integers(1, 3))):
        kernel = draw(st.integers(1, min(side, 8)))
        stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, kernel - 1))
        side = (side + 2 * padding - kernel) // stride + 1
        pool, pool_stride = draw(st.integers(1, min(side, 4))), draw(st.integers(1, 4))
        filters = draw(st.integers(1, 19))
        layers += [
            nn.Conv2d(channels, filters, kernel, stride, padding),
            nn.BatchNorm2d(filters),
            nn.ReLU(),
            nn.Dropout(draw(st.sampled_from([0, 0.2, 0.5, 0.9, 1]))),
            nn.AvgPool2d(pool, pool_stride),
        ]
        side, channels = (side - pool) // pool_stride + 1, filters
    layers.append(nn.Sequential(nn.Flatten(), nn.Linear(channels * side**2, 3)))
    return layers, size


@settings(max_examples=40, derandomize=True)
@given(networks(), st.booleans(), st.integers(2, 5), st.integers(0, 1000))
def test_gradients_are_torchs(drawn, signed, count, seed):
    layers, size = drawn
    module, images, labels = made(layers, size, count, signed, seed)
    expected = double(module)
    network = FusedNetwork(module, SEED)
    nn.functional.cross_entropy(network(images), labels).backward()
    logits, nearest = reference(expected, images, seed=SEED, step=0)
    assume(nearest > MARGIN)
    nn.functional.cross_entropy(logits, labels).backward()
    assert_gradients_agree(network, expected)
    for (name, mine), theirs in zip(network.named_buffers(), expected.buffers(), strict=True):
        assert torch.allclose(mine.double(), theirs.double(), rtol=1e-5, atol=1e-6), name


@settings(max_examples=40, derandomize=True)
@given(networks(), st.booleans(), st.integers(1, 5), st.integers(0, 1000))
def test_as_learnt_it_says_what_torch_says(drawn, signed, count, seed):
    layers, size = drawn
    module, images, _ = made(layers, size, count, signed, seed)
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.running_mean)
            nn.init.uniform_(layer.running_var, 0.5, 2)
    said = FusedNetwork(module, SEED).eval()(images)
    torch.testing.assert_close(said.double(), double(module).eval()(images.double()), rtol=1e-4, atol=1e-5)


def test_shorter_numbers_change_little():
    module, images, labels = made(list(build(architecture("CNN"), {}, 20)), 20, 8, False, 0)
    gradients = []
    for dtype in (torch.float32, torch.bfloat16):
        module.zero_grad()
        nn.functional.cross_entropy(FusedNetwork(module, SEED, dtype)(images), labels).backward()
        gradients.append(torch.cat([parameter.grad.flatten() for parameter in module.parameters()]))
    exact, short = gradients
    # eight bits are told apart, and three cycles add their roundings up, in an order that is the processor's
    assert 0 < float((exact - short).norm() / exact.norm()) < 8 * 2.0**-8


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_two_runs_are_equal(dtype):
    def trained():
        module, images, labels = made(list(build(architecture("CNN"), {}, 16)), 16, 9, True, 3)
        network = FusedNetwork(module, SEED, dtype)
        optimizer = torch.optim.AdamW(network.parameters(), lr=0.01)
        for _ in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(images), labels).backward()
            optimizer.step()
        return save_weights(network)

    assert trained() == trained()


def test_it_is_the_same_network():
    module, images, _ = made(list(build(architecture("CNN"), {}, 16)), 16, 4, False, 0)
    network = FusedNetwork(module, SEED)
    assert list(network.state_dict()) == list(module.state_dict())
    network(images)
    assert save_weights(network) == save_weights(module)
    network.eval()
    torch.testing.assert_close(network(images), module.eval()(images.float()))


def test_each_step_drops_other_elements():
    module, images, _ = made([nn.Dropout(0.5), nn.Flatten()], 16, 4, False, 0)
    network = FusedNetwork(module, SEED)
    first, second = network(images), network(images)
    assert not torch.equal(first, second)
    assert torch.equal(FusedNetwork(module, SEED)(images), first)
    assert not torch.equal(FusedNetwork(module, SEED + 1)(images), first)


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv2d(1, 3, 3), nn.ReLU(), nn.BatchNorm2d(3), nn.Dropout(0.3), nn.Flatten(), nn.Linear(588, 3)],
        [nn.Conv2d(1, 3, 3, dilation=2), nn.BatchNorm2d(3), nn.ReLU(), nn.Dropout(0.3), nn.AvgPool2d(12), nn.Flatten()],
        [nn.Flatten(), nn.Linear(256, 5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 3)],
        [nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgPool2d(14), nn.Flatten(), nn.Dropout(0.5)],
    ],
)
def test_layers_in_another_order_are_computed_by_torch(layers):
    module, images, labels = made(layers, 16, 6, True, 1)
    expected = double(module)
    nn.functional.cross_entropy(FusedNetwork(module, SEED)(images), labels).backward()
    logits, _ = reference(expected, images, seed=SEED, step=0)
    nn.functional.cross_entropy(logits, labels).backward()
    assert_gradients_agree(module, expected)


def test_the_log_tells_once_what_is_not_fused(caplog):
    tell_of.cache_clear()
    with caplog.at_level(logging.INFO, logger="trova_widgets"):
        for _ in range(2):
            FusedNetwork(build(architecture("MLP"), {}, 9))
            FusedNetwork(build(architecture("CNN"), {}, 16))
    [message] = [record.getMessage() for record in caplog.records]
    assert message.startswith("reluLayer_3, dropoutLayer_4: ")


def assert_gradients_agree(module, expected):
    # where layers cancel one another a gradient is 0 but for rounding, so the largest of the network is the measure
    scale = max((float(theirs.grad.abs().max()) for theirs in expected.parameters()), default=0)
    for (name, mine), theirs in zip(module.named_parameters(), expected.parameters(), strict=True):
        assert float((mine.grad - theirs.grad).abs().max()) <= 1e-4 * scale, name


def made(layers, size, count, signed, seed):
    """Return a module of these layers with random values, and random fingerprints with labels."""
    generator = torch.Generator().manual_seed(seed)
    module = nn.Sequential(OrderedDict((f"layer_{place}", layer) for place, layer in enumerate(layers)))
    for parameter in module.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator) * 0.5 + 0.3 * (parameter.dim() == 1)
        parameter.grad = None
    images = (torch.rand(count, 1, size, size, generator=generator) < 0.15).to(torch.int8)
    if signed:
        images *= torch.randint(0, 2, images.shape, generator=generator).to(torch.int8) * 2 - 1
    return module.train(), images, torch.arange(count) % 3


def double(module):
    """Return a copy in float64."""
    return copy.deepcopy(module).double()


def reference(module, images, seed, step):
    """Return the logits with torch's layers, and how near to zero a rectifier's input came."""
    values, nearest = images.double(), np.inf
    for place, layer in enumerate(module):
        if isinstance(layer, nn.Dropout):
            now = dropping(layer.p, seed, step, place)
            values = values.movedim(1, -1)
            values = (values * kept(keys_of([now]), tuple(values.shape))[0] * float(now.scale)).movedim(-1, 1)
            continue
        if isinstance(layer, nn.ReLU):
            nearest = min(nearest, float(values.detach().abs().min()))
        values = layer(values)
    return values, nearest
