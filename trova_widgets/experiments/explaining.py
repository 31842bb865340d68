"""What in a fingerprint speaks for a class: integrated gradients of a trained network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from trova_widgets.experiments.training import one_thread
from trova_widgets.networks import Architecture, restore

_STEPS = 32


def attributions(
    model: Architecture,
    values: Mapping[str, object],
    weights: bytes,
    images: NDArray[np.int8],
    class_count: int,
    steps: int = _STEPS,
) -> NDArray[np.float64]:
    """Return how much each point of some fingerprints speaks for each class.

    The gradient of a class's output over the mean of all, integrated from the empty fingerprint to the whole one and
    multiplied by the fingerprint: what the points say adds up to what the output rises by (Sundararajan, Taly and Yan,
    2017, arXiv 1703.01365).

    Parameters
    ----------
    model, values, weights, images, class_count
        As of `predict_probabilities`.
    steps : int
        Of the integral.

    Returns
    -------
    ndarray of float64, shape (n, class_count, size, size)
        Positive where a point speaks for the class; 0 where there is no point.

    Raises
    ------
    NetworkError
        When the weights belong to another network.
    """
    network = restore(model, values, weights, images.shape[-1], class_count).eval().requires_grad_(False)
    whole = torch.from_numpy(np.ascontiguousarray(images)).float().unsqueeze(1)
    parts = ((torch.arange(steps) + 0.5) / steps).reshape(-1, 1, 1, 1)
    said = np.empty((len(images), class_count, *images.shape[1:]))
    # small networks on one record at a time: threads would wait longer than they compute
    with one_thread():
        for place, image in enumerate(whole):
            # all steps of the way at once
            way = (image * parts).requires_grad_(True)
            outputs = network(way)
            over_mean = (outputs - outputs.mean(dim=1, keepdim=True)).sum(dim=0)
            for each in range(class_count):
                (gradient,) = torch.autograd.grad(over_mean[each], way, retain_graph=each < class_count - 1)
                said[place, each] = (gradient.mean(dim=0) * image)[0].double().numpy()
    return said
