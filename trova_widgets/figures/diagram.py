"""Diagram of a network: a box a layer, with the varied parameters' values on it (the article's Fig. 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from trova_widgets.space import format_value


class LayerLike(Protocol):
    """What a layer must tell to be drawn."""

    @property
    def position(self) -> int:
        """From 1."""

    @property
    def kind(self) -> str:
        """The layer's kind, the first part of its parameters' names."""

    @property
    def title(self) -> str:
        """The layer in words."""

    @property
    def text(self) -> str:
        """The layer's values in words."""

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Channels, height, width; or features."""

    @property
    def parameter_count(self) -> int:
        """How many numbers the layer learns."""


@dataclass(frozen=True, kw_only=True)
class LayerBox:
    """A layer as it is drawn.

    Attributes
    ----------
    position : int
        From 1.
    title : str
        What the layer is.
    text : str
        Its values, without those that are accented.
    varied : tuple of (str, str)
        Parameter and value of what the experiment varies, drawn in the accent colour.
    shape : str
        The output's shape, such as ``8 × 31 × 31``.
    parameters : int
        How many numbers the layer learns.
    level : float
        The output's size against the largest one (0 to 1): the length of a bar.
    """

    position: int
    title: str
    text: str
    varied: tuple[tuple[str, str], ...]
    shape: str
    parameters: int
    level: float


def diagram(layers: Sequence[LayerLike], varied: Mapping[str, Any]) -> tuple[LayerBox, ...]:
    """Return the boxes of a network's diagram.

    Parameters
    ----------
    layers : sequence of LayerLike
        The layers in order, for instance `trova_widgets.networks.LayerSummary`.
    varied : mapping of str to value
        The varied parameters' full names (``convolution2dLayer_2_filterSize``) and this trial's values.

    Returns
    -------
    tuple of LayerBox
    """
    sizes = [_size(layer.output_shape) for layer in layers]
    largest = max(sizes, default=1)
    return tuple(
        LayerBox(
            position=layer.position,
            title=layer.title,
            text=_without(layer.text, accented),
            varied=accented,
            shape=" × ".join(str(side) for side in layer.output_shape),
            parameters=layer.parameter_count,
            level=size / largest,
        )
        for layer, size in zip(layers, sizes, strict=True)
        for accented in [_varied(layer, varied)]
    )


def _varied(layer: LayerLike, varied: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    start = f"{layer.kind}_{layer.position}_"
    return tuple(
        (name.removeprefix(start), format_value(value)) for name, value in varied.items() if name.startswith(start)
    )


def _without(text: str, accented: tuple[tuple[str, str], ...]) -> str:
    """Leave out of a layer's words what is said in the accent colour already."""
    said = {f"{name} {value}".casefold() for name, value in accented}
    return ", ".join(part for part in text.split(", ") if part.casefold() not in said)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size
