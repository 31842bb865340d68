"""Networks that compute: torch modules from an architecture, their probabilities, and their weights as bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import nn

from trova_widgets.errors import NetworkError
from trova_widgets.networks.catalogue import Architecture
from trova_widgets.networks.ensemble import Ensemble
from trova_widgets.networks.shapes import DEFAULT_CLASS_COUNT, DEFAULT_INPUT_SIZE, walk
from trova_widgets.networks.weights import DIGEST, member_count, weights_digest, with_header_in_order

_BATCH = 256


def build(
    architecture: Architecture,
    values: Mapping[str, object],
    input_size: int = DEFAULT_INPUT_SIZE,
    class_count: int = DEFAULT_CLASS_COUNT,
) -> nn.Sequential:
    """Build the torch module of a network, with fresh weights from torch's random numbers.

    Parameters
    ----------
    architecture : Architecture
        The model.
    values : mapping
        Full parameter names and values; those not given are the model's.
    input_size : int
        Side of the fingerprint in pixels.
    class_count : int
        Number of classes.

    Returns
    -------
    torch.nn.Sequential
        From float (n, 1, input_size, input_size) of zeros and ones to logits (n, class_count). Its parts have
        the layers' names. Softmax is left to `predict`.

    Raises
    ------
    NetworkError
        When the network cannot be built.

    Examples
    --------
    >>> import torch
    >>> from trova_widgets.networks import architecture
    >>> build(architecture("CNN"), {})(torch.zeros(5, 1, 64, 64)).shape
    torch.Size([5, 3])
    """
    complete = architecture.space.complete(values)
    parts = (
        (layer.name, layer.behaviour.module(configuration))
        for layer, configuration, _ in walk(architecture, complete, input_size, class_count)
    )
    return nn.Sequential(OrderedDict((name, module) for name, module in parts if module is not None))


def predict(module: nn.Module, bits: NDArray[np.bool_ | np.int8]) -> NDArray[np.float64]:
    """Return the probability of each class.

    Parameters
    ----------
    module : torch.nn.Module
        From `build`.
    bits : (n, size, size) or (size, size) bool or int8
        Fingerprints; -1 stands for a negative point where they have signs.

    Returns
    -------
    (n, class_count) float64
        Each row adds up to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from trova_widgets.networks import architecture
    >>> predict(build(architecture("CNN"), {}), np.zeros((2, 64, 64), dtype=bool)).shape
    (2, 3)
    """
    images = torch.from_numpy(np.array(bits, dtype=np.int8, ndmin=3))
    was_training = module.training
    module.eval()
    try:
        with torch.inference_mode():
            logits = [module(batch.unsqueeze(1).float()) for batch in torch.split(images, _BATCH)]
            probabilities = torch.cat(logits).double().softmax(dim=1)
    finally:
        module.train(was_training)
    return probabilities.numpy()


def save_weights(module: nn.Module, about: Mapping[str, str] | None = None) -> bytes:
    """Return the weights as a safetensors file, which holds numbers and text and cannot run code.

    The same weights are the same bytes whenever and wherever they are saved.

    Parameters
    ----------
    module : torch.nn.Module
        From `build`, or several as an `Ensemble`.
    about : mapping of str to str, optional
        Where they come from; kept in the file's header, beside a digest of the numbers.
    """
    # Training may keep its kernels channels-last; a file has one order.
    tensors = {name: tensor.contiguous() for name, tensor in module.state_dict().items()}
    digest = weights_digest((name, tensor.numpy().tobytes()) for name, tensor in tensors.items())
    return with_header_in_order(safetensors.torch.save(tensors, metadata={**(about or {}), DIGEST: digest}))


def load_weights(module: nn.Module, weights: bytes) -> nn.Module:
    """Put weights of `save_weights` into a module of the same architecture and values, and return it.

    Raises
    ------
    NetworkError
        When the bytes are damaged, or belong to another network.
    """
    try:
        module.load_state_dict(safetensors.torch.load(weights))
    except (SafetensorError, RuntimeError) as error:
        first_line = str(error).splitlines()[0]
        raise NetworkError(
            f"The weights do not belong to this network ({first_line}); "
            "build it with the values that it was trained with."
        ) from error
    return module


def restore(
    architecture: Architecture,
    values: Mapping[str, object],
    weights: bytes,
    input_size: int = DEFAULT_INPUT_SIZE,
    class_count: int = DEFAULT_CLASS_COUNT,
) -> nn.Module:
    """Return the network whose weights a file holds, or the ensemble of networks.

    Parameters
    ----------
    architecture, values, input_size, class_count
        As of `build`.
    weights : bytes
        As `save_weights` wrote them.

    Raises
    ------
    NetworkError
        As of `load_weights`.
    """
    count = member_count(weights)
    networks = [build(architecture, values, input_size, class_count) for _ in range(count)]
    return load_weights(networks[0] if count == 1 else Ensemble(networks), weights)
