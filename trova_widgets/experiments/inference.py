"""A trained network at work again, from its architecture, its values and its weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trova_widgets.networks import Architecture, predict, restore


def predict_probabilities(
    model: Architecture, values: Mapping[str, object], weights: bytes, images: NDArray[np.int8], class_count: int
) -> NDArray[np.float64]:
    """Return what a trained network, or an ensemble of networks, says about fingerprints.

    Parameters
    ----------
    model : Architecture
        The architecture, out of the catalogue.
    values : mapping
        Every layer's parameters, of the trial that trained it.
    weights : bytes
        The trial's safetensors file.
    images : (n, size, size) int8
        Fingerprints of the recipe that it was trained on, as `DatasetArrays.images` has them.
    class_count : int
        Number of classes of its data set.

    Returns
    -------
    (n, class_count) float64
        Probabilities, in the order of the data set's classes.

    Raises
    ------
    NetworkError
        When the weights belong to another network.
    """
    return predict(restore(model, values, weights, images.shape[-1], class_count), images)
