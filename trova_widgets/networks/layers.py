"""What a kind of layer is: its parameters, its shapes, its rules, and the torch module that does its work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, ClassVar

from trova_widgets.errors import NetworkError
from trova_widgets.networks.parameters import LayerParameter, Value

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
"""What travels between layers: (channels, height, width), or (features,)."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a layer is computed to: the shape that reaches it, its own values, and the number of classes."""

    shape: Shape
    values: Mapping[str, Value]
    class_count: int

    def whole(self, parameter: str) -> int:
        """Return the value of an integer parameter."""
        return int(self.values[parameter])

    def real(self, parameter: str) -> float:
        """Return the value of a real parameter."""
        return float(self.values[parameter])


class LayerKind(ABC):
    """A kind of layer under MATLAB's name. To add one, subclass it in the file of the network type that needs it.

    Nothing here imports torch until `module` is called, so that catalogues, checks and diagrams cost nothing.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    parameters: ClassVar[tuple[LayerParameter, ...]] = ()

    def at(self, position: int, **defaults: Value) -> Layer:
        """Return a layer of this kind at a position of an architecture, with its own default values."""
        known = {parameter.parameter for parameter in self.parameters}
        if not defaults.keys() <= known:
            raise NetworkError(f"{self.name} has the parameters {sorted(known)}, not {sorted(defaults)}.")
        placed = (replace(parameter, position=position) for parameter in self.parameters)
        chosen = tuple(replace(each, default=defaults.get(each.parameter, each.default)) for each in placed)
        return Layer(position=position, behaviour=self, title=self.title, parameters=chosen)

    def output_shape(self, setting: Setting) -> Shape:
        """Return the shape that leaves the layer; raise NetworkError with the reason when none can."""
        return setting.shape

    def parameter_count(self, setting: Setting) -> int:
        """Return how many numbers the layer learns."""
        return 0

    def operation_count(self, setting: Setting) -> int:
        """Return about how many multiplications and additions one fingerprint costs."""
        return prod(setting.shape)

    def forbidden(self, setting: Setting) -> Iterator[str]:
        """Yield a sentence for each rule of the article's table that the values break."""
        return iter(())

    def text(self, setting: Setting) -> str:
        """Return the values in words, for diagrams."""
        return ""

    @abstractmethod
    def module(self, setting: Setting) -> nn.Module | None:
        """Return the torch module, or None when the layer only shapes what comes in or goes out."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer at its position in an architecture.

    Parameters
    ----------
    position : int
        From 1.
    behaviour : LayerKind
        What it does; ``layer.kind`` is MATLAB's word for it.
    title : str
        The kind, in a person's words.
    parameters : tuple of LayerParameter
        What can be set, with the defaults of this position.
    """

    position: int
    behaviour: LayerKind
    title: str
    parameters: tuple[LayerParameter, ...]

    @property
    def kind(self) -> str:
        """The kind under MATLAB's name, ``convolution2dLayer``."""
        return self.behaviour.name

    @property
    def name(self) -> str:
        """The layer's own name, ``convolution2dLayer_2``."""
        return f"{self.kind}_{self.position}"

    def setting(self, shape: Shape, values: Mapping[str, Value], class_count: int) -> Setting:
        """Return the setting of this layer out of the complete values of its architecture."""
        own = {parameter.parameter: values[parameter.name] for parameter in self.parameters}
        return Setting(shape=shape, values=own, class_count=class_count)
