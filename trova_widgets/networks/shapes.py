"""A fingerprint's way through a network on paper: shapes, counts, and whether it can be built, without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trova_widgets.errors import NetworkError
from trova_widgets.networks.catalogue import Architecture
from trova_widgets.networks.layers import Layer, LayerConfiguration, Shape
from trova_widgets.space import Value, values_getter

DEFAULT_INPUT_SIZE = 64
"""Side of a fingerprint, in pixels."""
DEFAULT_CLASS_COUNT = 3
"""Earthquake, quarry blast, mine blast."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """Whether a combination of values makes a network.

    Parameters
    ----------
    buildable : bool
        It can be built and run.
    reason : str or None
        Why it cannot, as a sentence.
    warnings : tuple of str
        The rules of the article's table that it breaks, a sentence each; it can be run all the same.
    """

    buildable: bool
    reason: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LayerSummary:
    """One layer of a network whose values are set.

    Parameters
    ----------
    position : int
        From 1.
    kind, title : str
        MATLAB's word, and a person's.
    text : str
        The layer's values in words; empty where it has none.
    output_shape : tuple of int
        (channels, height, width), or (features,).
    parameter_count : int
        How many numbers the layer learns.
    operation_count : int
        About how many multiplications and additions one fingerprint costs.
    """

    position: int
    kind: str
    title: str
    text: str
    output_shape: Shape
    parameter_count: int
    operation_count: int


def check(
    architecture: Architecture,
    values: Mapping[str, object],
    input_size: int = DEFAULT_INPUT_SIZE,
    class_count: int = DEFAULT_CLASS_COUNT,
) -> Check:
    """Tell whether a network can be built from these values, and which rules of the table they break.

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
    Check

    Examples
    --------
    >>> from trova_widgets.networks import architecture
    >>> check(architecture("CNN"), {"convolution2dLayer_7_filterSize": 60}).buildable
    False
    >>> check(architecture("CNN"), {"convolution2dLayer_2_Padding": 3}).warnings
    ('Layer 2 (convolution2dLayer): Padding 3 should be less than filterSize 3.',)
    """
    return Checker(architecture, class_count).check(architecture.space.complete(values), input_size)


class Checker:
    """Checks many combinations of one architecture: what a layer makes of a shape is worked out once.

    Parameters
    ----------
    architecture : Architecture
        The model.
    class_count : int
        Number of classes.
    """

    def __init__(self, architecture: Architecture, class_count: int = DEFAULT_CLASS_COUNT) -> None:
        self._architecture = architecture
        self._class_count = class_count
        self._own = [values_getter([setting.name for setting in layer.settings]) for layer in architecture.layers]
        # for each layer what it makes of a shape with its own values
        self._known: list[dict[tuple[Shape, tuple[Value, ...]], tuple[Shape, tuple[str, ...]] | NetworkError]] = [
            {} for _ in architecture.layers
        ]

    def check(self, complete: Mapping[str, Value], input_size: int = DEFAULT_INPUT_SIZE) -> Check:
        """Tell what `check` tells of the value of every parameter (`Space.complete`)."""
        shape: Shape = (1, input_size, input_size)
        warnings: list[str] = []
        for place, (own, known) in enumerate(zip(self._own, self._known, strict=True)):
            key = (shape, own(complete))
            step = known.get(key)
            if step is None:
                step = known[key] = self._step(place, shape, complete)
            if isinstance(step, NetworkError):
                return Check(buildable=False, reason=str(step), warnings=())
            shape, broken = step
            warnings += broken
        return Check(buildable=True, reason=None, warnings=tuple(warnings))

    def _step(
        self, place: int, shape: Shape, complete: Mapping[str, Value]
    ) -> tuple[Shape, tuple[str, ...]] | NetworkError:
        layer = self._architecture.layers[place]
        try:
            configuration, leaving = _pass(layer, shape, complete, self._class_count)
        except NetworkError as error:
            return error
        rules = layer.behaviour.warnings(configuration)
        return leaving, tuple(f"Layer {layer.position} ({layer.kind}): {rule}." for rule in rules)


def summary(
    architecture: Architecture,
    values: Mapping[str, object],
    input_size: int = DEFAULT_INPUT_SIZE,
    class_count: int = DEFAULT_CLASS_COUNT,
) -> tuple[LayerSummary, ...]:
    """Describe every layer of a network: what the diagram shows.

    Parameters
    ----------
    architecture, values, input_size, class_count
        As of `check`.

    Returns
    -------
    tuple of LayerSummary

    Raises
    ------
    NetworkError
        When the network cannot be built.

    Examples
    --------
    >>> from trova_widgets.networks import architecture
    >>> layer = summary(architecture("CNN"), {"convolution2dLayer_2_filterSize": 2})[1]
    >>> layer.text, layer.output_shape, layer.parameter_count
    ('8 filters 2×2, stride 1, padding 0', (8, 63, 63), 40)
    """
    complete = architecture.space.complete(values)
    return tuple(
        LayerSummary(
            position=layer.position,
            kind=layer.kind,
            title=layer.title,
            text=layer.behaviour.text(configuration),
            output_shape=shape,
            parameter_count=layer.behaviour.parameter_count(configuration),
            operation_count=layer.behaviour.operation_count(configuration),
        )
        for layer, configuration, shape in walk(architecture, complete, input_size, class_count)
    )


def walk(
    architecture: Architecture, complete: Mapping[str, Value], input_size: int, class_count: int
) -> Iterator[tuple[Layer, LayerConfiguration, Shape]]:
    """Yield each layer with what decides it and the shape that leaves it; raise NetworkError where none can."""
    shape: Shape = (1, input_size, input_size)
    for layer in architecture.layers:
        configuration, shape = _pass(layer, shape, complete, class_count)
        yield layer, configuration, shape


def _pass(
    layer: Layer, shape: Shape, complete: Mapping[str, Value], class_count: int
) -> tuple[LayerConfiguration, Shape]:
    configuration = layer.configuration(shape, complete, class_count)
    try:
        return configuration, layer.behaviour.output_shape(configuration)
    except NetworkError as error:
        raise NetworkError(f"Layer {layer.position} ({layer.kind}) cannot be built: {error}") from error
