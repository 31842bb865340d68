"""What points say adds up to what the output rises by."""

import numpy as np
import torch

from trova_widgets.experiments.explaining import attributions
from trova_widgets.networks import architecture, build, load_weights, save_weights


def test_attributions_are_complete_and_nothing_where_there_is_no_point():
    torch.manual_seed(0)
    model = architecture("MLP")
    values = {"fullyConnectedLayer_2_outputSize": 16}
    weights = save_weights(build(model, values, 32, 3))
    rng = np.random.default_rng(0)
    images = rng.choice(np.array([-1, 0, 1], dtype=np.int8), size=(2, 32, 32), p=[0.03, 0.94, 0.03])
    said = attributions(model, values, weights, images, 3, steps=256)
    network = load_weights(build(model, values, 32, 3), weights).eval()
    with torch.no_grad():
        outputs = network(torch.from_numpy(images).float().unsqueeze(1)) - network(torch.zeros(1, 1, 32, 32))
    risen = (outputs - outputs.mean(dim=1, keepdim=True)).numpy()
    assert np.allclose(said.sum(axis=(2, 3)), risen, atol=2e-3)
    assert (said[(images == 0)[:, None].repeat(3, axis=1)] == 0).all()
