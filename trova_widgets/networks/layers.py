"""What a kind of layer is: its parameters, its shapes, its rules, and the torch module that does its work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, ClassVar

from trova_widgets.errors import NetworkError
from trova_widgets.space import Setting, Value

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
"""What travels between layers: (channels, height, width), or (features,)."""


@dataclass(frozen=True, kw_only=True)
class LayerConfiguration:
    """What decides a layer: the shape that reaches it, its own values, and the number of classes."""

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
    parameters: ClassVar[tuple[Setting, ...]] = ()

    def at(self, position: int, **defaults: Value) -> Layer:
        """Return a layer of this kind at a position of an architecture, with its own default values."""
        known = {parameter.name for parameter in self.parameters}
        if not defaults.keys() <= known:
            raise NetworkError(f"{self.name} has the parameters {sorted(known)}, not {sorted(defaults)}.")
        return Layer(
            position=position,
            behaviour=self,
            title=self.title,
            parameters=tuple(replace(each, default=defaults.get(each.name, each.default)) for each in self.parameters),
        )

    def output_shape(self, configuration: LayerConfiguration) -> Shape:
        """Return the shape that leaves the layer; raise NetworkError with the reason when none can."""
        return configuration.shape

    def parameter_count(self, configuration: LayerConfiguration) -> int:
        """Return how many numbers the layer learns."""
        return 0

    def operation_count(self, configuration: LayerConfiguration) -> int:
        """Return about how many multiplications and additions one fingerprint costs."""
        return prod(configuration.shape)

    def warnings(self, configuration: LayerConfiguration) -> Iterator[str]:
        """Yield a sentence for each rule of the article's table that the values break."""
        return iter(())

    def text(self, configuration: LayerConfiguration) -> str:
        """Return the values in words, for diagrams."""
        return ""

    @abstractmethod
    def module(self, configuration: LayerConfiguration) -> nn.Module | None:
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
    parameters : tuple of Setting
        What can be set, under MATLAB's own names (``filterSize``), with the defaults of this position.
    """

    position: int
    behaviour: LayerKind
    title: str
    parameters: tuple[Setting, ...]

    @property
    def kind(self) -> str:
        """The kind under MATLAB's name, ``convolution2dLayer``."""
        return self.behaviour.name

    @property
    def name(self) -> str:
        """The layer's own name, ``convolution2dLayer_2``."""
        return f"{self.kind}_{self.position}"

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The parameters under their full names, ``convolution2dLayer_2_filterSize``."""
        return tuple(
            replace(each, name=self.full_name(each.name), follows=each.follows and self.full_name(each.follows))
            for each in self.parameters
        )

    def full_name(self, parameter: str) -> str:
        """Return the name that plans and tables use for one of its parameters."""
        return f"{self.name}_{parameter}"

    def configuration(self, shape: Shape, values: Mapping[str, Value], class_count: int) -> LayerConfiguration:
        """Return what decides this layer, out of the complete values of its architecture."""
        own = {each.name: values[full.name] for each, full in zip(self.parameters, self.settings, strict=True)}
        return LayerConfiguration(shape=shape, values=own, class_count=class_count)
