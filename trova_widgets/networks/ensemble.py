"""Several networks of one architecture that tell together, as one module."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trova_widgets.networks.weights import MEMBER


class Ensemble(nn.Sequential):
    """Networks that tell together: their outputs are averaged before the softmax.

    That is the mean of the logarithms of their probabilities, made probabilities again: in the same way the variants of
    a record tell together.

    Parameters
    ----------
    members : sequence of torch.nn.Module
        From `build`, of one architecture and the same values.

    Examples
    --------
    >>> from trova_widgets.networks import architecture, build
    >>> ensemble = Ensemble([build(architecture("MLP"), {}) for _ in range(3)])
    >>> ensemble(torch.zeros(5, 1, 64, 64)).shape
    torch.Size([5, 3])
    """

    def __init__(self, members: Sequence[nn.Module]) -> None:
        super().__init__(OrderedDict((f"{MEMBER}{place}", each) for place, each in enumerate(members, 1)))

    def forward(self, images: Tensor) -> Tensor:
        """Return the mean of the members' logits, (n, classes).

        Parameters
        ----------
        images : (n, 1, size, size) float32 or int8
            Fingerprints.
        """
        return torch.stack([member(images) for member in self]).mean(dim=0)
