"""One step of several trainings at once: forward, backward, and the optimizer of each."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trova_widgets.experiments.settings import TrainingSettings
from trova_widgets.experiments.training import optimizer_of, schedule_of
from trova_widgets.networks.stacked import StackedNetworks

_SECOND_MOMENT, _EPSILON = 0.999, 1e-8


class GroupStep:
    """A step of all networks of a group, without a word between the device and its host.

    What changes from step to step is written into tensors that stay where they are, so that a CUDA device can record
    the whole step once, as a graph, and play it without launching its parts one by one.

    Parameters
    ----------
    networks : StackedNetworks
        What is trained.
    images : (n, size, size) int8
        Fingerprints, on the device.
    labels : (n,) int64
        Their classes, on the device.
    settings : sequence of TrainingSettings
        One a network; the optimizer is the same for all.
    width : int
        Fingerprints of the largest batch.
    """

    def __init__(
        self,
        networks: StackedNetworks,
        images: Tensor,
        labels: Tensor,
        settings: Sequence[TrainingSettings],
        width: int,
    ) -> None:
        self._networks, self._images, self._labels = networks, images, labels
        self._kind = settings[0].optimizer
        count, device = len(settings), networks.device
        keys, scales = networks.keys(0)
        self._batch = torch.zeros(count, width, dtype=torch.int64, device=device)
        self._present = torch.zeros(count, width, device=device)
        self._keys, self._scales = keys.to(device), scales.to(device)
        self._rates = torch.zeros(4, count, device=device)
        self._decay = torch.tensor([each.weight_decay for each in settings], device=device)
        self._first = {name: torch.zeros_like(value) for name, value in networks.values.items()}
        self._second = {name: torch.zeros_like(value) for name, value in networks.values.items()}
        #: Since `start_epoch`, for each network: the sum of the losses, and how many were right.
        self.loss, self.correct = (torch.zeros(count, device=device) for _ in range(2))
        self._graph: torch.cuda.CUDAGraph | None = None

    def start_epoch(self) -> None:
        """Count from zero again."""
        self.loss.zero_()
        self.correct.zero_()

    def take(self, batch: Tensor, present: Tensor, rates: Tensor, step: int) -> None:
        """Train all networks on a batch of each.

        Parameters
        ----------
        batch : (networks, width) int64
            Which fingerprints.
        present : (networks, width) float32
            0 where a network's batch is shorter.
        rates : (4, networks) float32
            A row of `rates_of`.
        step : int
            Batches before this one.
        """
        keys, scales = self._networks.keys(step)
        for here, new in (
            (self._batch, batch),
            (self._present, present),
            (self._rates, rates),
            (self._keys, keys),
            (self._scales, scales),
        ):
            here.copy_(new, non_blocking=True)
        if self._networks.device.type != "cuda":
            self._compute()
            return
        if self._graph is None:
            self._graph = self._recorded()
        self._graph.replay()

    def _compute(self) -> None:
        values = self._networks.values
        logits = self._networks.logits(self._images[self._batch], self._present, self._keys, self._scales)
        labels = self._labels[self._batch]
        losses = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
        losses = losses.reshape(labels.shape) * self._present
        # the sum over networks has for each of them the gradient of its own mean
        total = (losses.sum(dim=1) / self._present.sum(dim=1)).sum()
        gradients = torch.autograd.grad(total, list(values.values()), allow_unused=True, materialize_grads=True)
        with torch.no_grad():
            for name, gradient in zip(values, gradients, strict=True):
                self._move(name, gradient)
            self.loss += losses.sum(dim=1)
            self.correct += ((logits.argmax(dim=2) == labels) * self._present).sum(dim=1)

    def _move(self, name: str, gradient: Tensor) -> None:
        """Move a value of all networks as torch's optimizers do, each network at its own rate."""
        value, first, second = self._networks.values[name], self._first[name], self._second[name]
        column = (-1, *(1 for _ in value.shape[1:]))
        rate, momentum, first_share, second_share = (each.reshape(column) for each in self._rates)
        decay = self._decay.reshape(column)
        if self._kind == "adamw":
            value.mul_(1 - rate * decay)
        else:
            gradient = gradient + decay * value
        if self._kind == "sgd":
            first.mul_(momentum).add_(gradient)
            value.sub_(rate * first)
            return
        first.add_((1 - momentum) * (gradient - first))
        second.mul_(_SECOND_MOMENT).addcmul_(gradient, gradient, value=1 - _SECOND_MOMENT)
        value.sub_(rate / first_share * first / (second.sqrt() / second_share.sqrt() + _EPSILON))

    def _recorded(self) -> torch.cuda.CUDAGraph:
        """Return the step as a graph; what it does while it is recorded and warmed up is undone."""
        state = [
            *(value.detach() for value in self._networks.values.values()),
            *self._networks.running.values(),
            *self._first.values(),
            *self._second.values(),
            self.loss,
            self.correct,
        ]
        before = [each.clone() for each in state]
        beside = torch.cuda.Stream(self._networks.device)  # type: ignore[no-untyped-call]
        beside.wait_stream(torch.cuda.current_stream(self._networks.device))
        with torch.cuda.stream(beside):
            for _ in range(3):
                self._compute()
        torch.cuda.current_stream(self._networks.device).wait_stream(beside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._compute()
        for each, old in zip(state, before, strict=True):
            each.copy_(old)
        return graph


def rates_of(settings: TrainingSettings, batches: int) -> Tensor:
    """Return what an optimizer does at each step of a training.

    Parameters
    ----------
    settings : TrainingSettings
        Of the training.
    batches : int
        Of an epoch.

    Returns
    -------
    (steps, 4) float32
        The learning rate, the momentum, and by how much each of Adam's moments is short of its mean.
    """
    optimizer = optimizer_of([torch.zeros(1, requires_grad=True)], settings)
    schedule = schedule_of(optimizer, settings, batches)
    rows = []
    for step in range(settings.epochs * batches):
        [group] = optimizer.param_groups
        momentum = group["betas"][0] if "betas" in group else group["momentum"]
        rows.append((group["lr"], momentum, 1 - momentum ** (step + 1), 1 - _SECOND_MOMENT ** (step + 1)))
        optimizer.step()
        schedule.step()
    return torch.tensor(rows)
