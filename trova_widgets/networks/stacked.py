"""Networks of one shape as one: each layer is computed for all of them at once, on any device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trova_widgets.errors import NetworkError
from trova_widgets.networks.fused.dropout import dropping, kept, keys_of

_KNOWN = (nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.Dropout, nn.AvgPool2d, nn.Flatten, nn.Linear)


class StackedNetworks:
    """Networks of one shape that train side by side, each as it would alone.

    A device that waits for the launch of each small network has one large one to do. Values, batches, what is dropped
    and with which probability differ; nothing passes from one network to another.

    Parameters
    ----------
    modules : sequence of torch.nn.Sequential
        From `trova_widgets.networks.build`, with equal shapes.
    seeds : sequence of int
        Of the dropout of each, as of `trova_widgets.networks.fused.FusedNetwork`.
    device : torch.device
        Where they are computed.
    dtype : torch.dtype
        Of what later convolutions multiply: float32 or bfloat16.

    Raises
    ------
    NetworkError
        When the shapes differ, or there is a layer of another kind.
    """

    def __init__(
        self,
        modules: Sequence[nn.Sequential],
        seeds: Sequence[int],
        device: torch.device,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.modules, self.seeds, self.device, self.dtype = tuple(modules), tuple(seeds), device, dtype
        #: Each learnt value of all networks, (networks, ...), by its name.
        self.values = {name: value.requires_grad_() for name, value in self._stacked("named_parameters").items()}
        #: The running means and variances.
        self.running = {
            name: value for name, value in self._stacked("named_buffers").items() if value.is_floating_point()
        }
        self._layers = [
            (name, layer) for name, layer in modules[0].named_modules() if not isinstance(layer, nn.Sequential)
        ]
        self._dropouts = [place for place, layer in enumerate(modules[0]) if isinstance(layer, nn.Dropout)]
        strange = [name for name, layer in self._layers if not isinstance(layer, _KNOWN)]
        if strange:
            raise NetworkError(
                f"{', '.join(strange)}: layers of this kind cannot be computed for several networks at once."
            )

    def keys(self, step: int) -> tuple[Tensor, Tensor]:
        """Return what decides, at a step, what each dropout drops.

        Returns
        -------
        (dropouts, networks, 3) int64, (dropouts, networks) float32
            As of `keys_of`, and what the others are multiplied by.
        """
        droppings = [
            [
                dropping(_probability(module[place]), seed, step, place)
                for module, seed in zip(self.modules, self.seeds, strict=True)
            ]
            for place in self._dropouts
        ]
        shape = (len(self._dropouts), len(self.modules))
        keys = keys_of([each for row in droppings for each in row]) if droppings else torch.empty(0, dtype=torch.int64)
        scales = torch.tensor([[float(each.scale) for each in row] for row in droppings]).reshape(shape)
        return keys.reshape(*shape, 3), scales

    def logits(self, images: Tensor, present: Tensor, keys: Tensor, scales: Tensor) -> Tensor:
        """Return what the networks say of their batches, while training.

        Parameters
        ----------
        images : (networks, n, size, size) int8
            A batch for each.
        present : (networks, n) float32
            1 for a fingerprint, 0 where a batch is shorter than others: it takes no part in a normalisation.
        keys, scales
            Of `keys`.

        Returns
        -------
        (networks, n, classes) float32
        """
        return self._through(images, present, keys, scales)

    def classify(self, images: Tensor) -> Tensor:
        """Return what the networks say of fingerprints when they do not train; as of `logits`, in float32."""
        return self._through(images, None, None, None)

    def _through(self, images: Tensor, present: Tensor | None, keys: Tensor | None, scales: Tensor | None) -> Tensor:
        maps = images.unsqueeze(-1).float()
        dropouts = iter(()) if keys is None or scales is None else zip(keys, scales, strict=True)
        for at, (name, layer) in enumerate(self._layers):
            match layer:
                case nn.Conv2d():
                    # as the fused networks, whose first convolution is a sum of points
                    dtype = torch.float32 if at == 0 or present is None else self.dtype
                    idle = isinstance(self._layers[at + 1][1], nn.BatchNorm2d)
                    maps = self._convolution(name, layer, maps, dtype, idle)
                case nn.BatchNorm2d():
                    maps = self._normalisation(name, layer, maps, present)
                case nn.ReLU():
                    maps = maps.relu()
                case nn.Dropout() if keys is not None:
                    key, scale = next(dropouts)
                    shape = (-1, *(1 for _ in maps.shape[1:]))
                    maps = maps * kept(key, tuple(maps.shape[1:])) * scale.reshape(shape)
                case nn.AvgPool2d():
                    pooled = nn.functional.avg_pool2d(
                        maps.flatten(0, 1).movedim(-1, 1), layer.kernel_size, layer.stride
                    )
                    maps = pooled.movedim(1, -1).reshape(*maps.shape[:2], *pooled.shape[2:], -1)
                case nn.Flatten():
                    maps = (maps.movedim(-1, 2) if maps.dim() > 3 else maps).flatten(2)
                case nn.Linear():
                    maps = torch.baddbmm(self._bias(name), maps, self.values[f"{name}.weight"].transpose(1, 2))
        return maps

    def put_back(self) -> None:
        """Write the values into the modules that they came from."""
        for place, module in enumerate(self.modules):
            known = {**self.values, **self.running}
            module.load_state_dict({name: known[name][place].detach().cpu() for name in known}, strict=False)

    def _stacked(self, kind: str) -> dict[str, Tensor]:
        first, *others = ({name: value.detach() for name, value in getattr(each, kind)()} for each in self.modules)
        if any({n: v.shape for n, v in first.items()} != {n: v.shape for n, v in each.items()} for each in others):
            raise NetworkError("Networks of different shapes cannot be trained as one; give those of one shape.")
        return {
            name: torch.stack([value, *(each[name] for each in others)]).to(self.device)
            for name, value in first.items()
        }

    def _bias(self, name: str) -> Tensor:
        return self.values[f"{name}.bias"].unsqueeze(1)

    def _convolution(self, name: str, layer: nn.Conv2d, maps: Tensor, dtype: torch.dtype, idle: bool) -> Tensor:
        """Multiply the windows of the maps with the kernels: one product a network."""
        (kernel, _), (stride, _), padding = layer.kernel_size, layer.stride, int(layer.padding[0])
        maps = nn.functional.pad(maps, (0, 0, padding, padding, padding, padding)).to(dtype)
        windows = maps.unfold(2, kernel, stride).unfold(3, kernel, stride)
        networks, count, height, width = windows.shape[:4]
        kernels = self.values[f"{name}.weight"].flatten(2).transpose(1, 2).to(dtype)
        out = torch.bmm(windows.reshape(networks, count * height * width, -1), kernels).float()
        # a normalisation that follows takes the bias away: its gradient is 0, as in a fused network
        bias = self._bias(name).detach() if idle else self._bias(name)
        return (out + bias).reshape(networks, count, height, width, -1)

    def _normalisation(self, name: str, layer: nn.BatchNorm2d, maps: Tensor, present: Tensor | None) -> Tensor:
        slope, shift = (self.values[f"{name}.{kind}"][:, None, None, None, :] for kind in ("weight", "bias"))
        if present is None:
            mean, variance = (
                self.running[f"{name}.{kind}"][:, None, None, None, :] for kind in ("running_mean", "running_var")
            )
            return (maps - mean) * (variance + layer.eps).rsqrt() * slope + shift
        weights = present[:, :, None, None, None]
        height, width = maps.shape[2:4]
        places = (present.sum(dim=1) * (height * width)).reshape(-1, 1, 1, 1, 1)
        mean = (maps * weights).sum(dim=(1, 2, 3), keepdim=True) / places
        centred = maps - mean
        variance = (centred.square() * weights).sum(dim=(1, 2, 3), keepdim=True) / places
        with torch.no_grad():
            unbiased = variance * (places / (places - 1).clamp(min=1))
            for kind, found in (("running_mean", mean), ("running_var", unbiased)):
                self.running[f"{name}.{kind}"].lerp_(found.flatten(1), layer.momentum or 0.0)
        return centred * (variance + layer.eps).rsqrt() * slope + shift


def _probability(layer: nn.Module) -> float:
    return layer.p if isinstance(layer, nn.Dropout) else 0.0
