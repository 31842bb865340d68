import numpy as np
import pytest
import torch

from trova_widgets.networks.fused.compiling import compiled
from trova_widgets.networks.fused.dropout import dropping, is_kept, kept, keys_of

COUNT = 1_000_000
EXAMPLES = [(0.5, 0, 0, 3), (0.2, 1, 0, 3), (0.9, 0, 1, 3), (0.5, 2**40, 10**6, 8)]


@compiled
def _kept_by_kernels(count, dropping):
    place, salt, threshold, _ = dropping
    found = np.empty(count, np.bool_)
    for at in range(count):
        found[at] = is_kept(np.uint32(at), place, salt, threshold)
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_kernels_and_torch_drop_the_same(example):
    now = dropping(*example)
    assert np.array_equal(_kept_by_kernels(COUNT, now), kept(keys_of([now]), (COUNT,))[0].numpy())


def test_many_networks_drop_as_each_alone():
    droppings = [dropping(*example) for example in EXAMPLES]
    together = kept(keys_of(droppings), (3, 5, 7, 2))
    assert together.shape == (4, 3, 5, 7, 2)
    for mine, now in zip(together, droppings, strict=True):
        assert torch.equal(mine, kept(keys_of([now]), (3, 5, 7, 2))[0])


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_share_is_met_and_the_mean_stays(probability):
    now = dropping(probability, 0, 0, 0)
    share = _kept_by_kernels(COUNT, now).mean()
    # four standard deviations
    assert share == pytest.approx(1 - probability, abs=4 * np.sqrt(probability * (1 - probability) / COUNT))
    if probability < 1:
        assert float(now.scale) * (1 - probability) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("lag", [1, 2, 3, 8, 16, 64, 4096])
def test_neighbours_are_dropped_independently(lag):
    mask = _kept_by_kernels(COUNT, dropping(0.5, 0, 0, 0)) * 2.0 - 1
    assert abs((mask[lag:] * mask[:-lag]).mean()) < 5 / np.sqrt(COUNT)


@pytest.mark.parametrize("other", [(0.5, 1, 0, 0), (0.5, 0, 1, 0), (0.5, 0, 0, 1)])
def test_another_seed_step_or_layer_drops_independently(other):
    first, second = (_kept_by_kernels(COUNT, dropping(*each)) * 2.0 - 1 for each in ((0.5, 0, 0, 0), other))
    # at no shift either: two keys are not one sequence at two places
    correlations = np.fft.irfft(np.fft.rfft(first) * np.fft.rfft(second).conj()) / COUNT
    assert np.abs(correlations).max() < 7 / np.sqrt(COUNT)
