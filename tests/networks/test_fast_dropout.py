import numpy as np
import pytest
import torch

from trova_widgets.networks.fast_dropout import FastDropout


@pytest.fixture(autouse=True)
def _seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_it_drops_its_share_and_keeps_the_mean(probability, dtype):
    dropped = FastDropout(probability)(torch.ones(1000, 1001, dtype=dtype))
    assert dropped.dtype == dtype
    assert float((dropped == 0).float().mean()) == pytest.approx(probability, abs=0.003)
    assert float(dropped.float().mean()) == pytest.approx(1, abs=0.02)


def test_the_ends_of_the_range():
    ones = torch.ones(7, 5)
    assert torch.equal(FastDropout(0.0)(ones), ones)
    assert torch.equal(FastDropout(1.0)(ones), ones * 0)


def test_it_leaves_everything_alone_when_it_does_not_train():
    ones = torch.ones(7, 5)
    assert FastDropout(0.5).eval()(ones) is ones


def test_torchs_seed_decides():
    def draw():
        torch.manual_seed(3)
        layer = FastDropout(0.5)
        return layer(torch.ones(9, 9)), layer(torch.ones(9, 9))

    (first, second), (again, _) = draw(), draw()
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("shape", [(3,), (2, 3, 5, 7)])
def test_any_order_in_memory_will_do(shape):
    values = torch.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    orders = [values, values.permute(*range(len(shape))[::-1])]
    if len(shape) == 4:
        orders.append(values.contiguous(memory_format=torch.channels_last))
    for ordered in orders:
        dropped = FastDropout(0.5)(ordered)
        assert set((dropped / ordered).unique().tolist()) == {0.0, 2.0}
        assert dropped.shape == ordered.shape


def test_what_is_dropped_has_no_gradient():
    values = torch.ones(40, requires_grad=True)
    dropped = FastDropout(0.5)(values)
    dropped.sum().backward()
    assert torch.equal(values.grad, dropped.detach())
    assert set(values.grad.tolist()) == {0.0, 2.0}
