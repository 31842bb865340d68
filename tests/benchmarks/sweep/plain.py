"""The loop as one writes it first: batches of 128, float32, torch's own layers."""

import numpy as np
import torch
from torch import nn

from trova_widgets.experiments import DatasetArrays
from trova_widgets.networks import architecture, build

_BATCH = 128
_RATE = 2e-3


def train(values, seed: int, epochs: int, arrays: DatasetArrays) -> float:
    """Train a network of these values on one device, look at the test set after each epoch, and return its accuracy.

    What is trained on, the optimizer and its schedule are those of a trial of Trova, and so is what is classified in
    the end: the training set, and the records of each other split.
    """
    torch.manual_seed(seed)
    module = build(architecture("CNN"), values, arrays.size, len(arrays.classes))
    images = torch.from_numpy(arrays.images()).unsqueeze(1).float()
    labels = torch.from_numpy(arrays.labels)
    training = torch.from_numpy(arrays.training("levelled", seed))
    test, validation, holdout = (torch.from_numpy(arrays.measured(each)) for each in ("test", "validation", "holdout"))
    optimizer = torch.optim.AdamW(module.parameters(), lr=_RATE)
    steps = epochs * -(-len(training) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=_RATE, total_steps=steps + 1)
    for _ in range(epochs):
        module.train()
        for batch in training[torch.randperm(len(training))].split(_BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(module(images[batch]), labels[batch]).backward()
            optimizer.step()
            schedule.step()
        _accuracy(module, images[test], labels[test])
    for each in (training, test, holdout):
        _accuracy(module, images[each], labels[each])
    return _accuracy(module, images[validation], labels[validation])


def _accuracy(module: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    module.eval()
    with torch.inference_mode():
        predicted = np.concatenate([module(batch).argmax(dim=1).numpy() for batch in images.split(_BATCH)])
    return float((predicted == labels.numpy()).mean())
