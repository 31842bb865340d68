"""The kinds of layers that the article's networks are made of, with the rules of its table.

Names and parameters are MATLAB's, as in Silkin (2024, Russian Journal of Seismology 6(3), 77-92,
doi 10.35540/2686-7907.2024.3.05). The defaults are the literature's, and stand beside each parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from trova_widgets.errors import NetworkError
from trova_widgets.networks.layers import LayerConfiguration, LayerKind, Shape
from trova_widgets.space import Setting

if TYPE_CHECKING:
    from torch import nn


class ImageInput(LayerKind):
    """The fingerprint as it comes in: one channel of zeros and ones."""

    name = "imageInputLayer"
    title = "Image input"

    def operation_count(self, configuration: LayerConfiguration) -> int:
        """Return 0: nothing is computed."""
        return 0

    def module(self, configuration: LayerConfiguration) -> None:
        """Return None: the fingerprint goes in as it is."""


class Convolution2d(LayerKind):
    """Kernels that slide over the map; each makes one map of its own."""

    name = "convolution2dLayer"
    title = "Convolution"
    parameters = (
        Setting(
            name="filterSize",
            # Simonyan and Zisserman (2015): the smallest kernel that knows left and right, up and down.
            default=3,
            kind="integer",
            minimum=1,
            meaning="size of the kernel, in pixels",
            constraint="positive integer, less than the input's size",
            reconnaissance="[1 : 1 : 8]",
        ),
        Setting(
            name="numFilters",
            # The article's strategy starts with a light network; each further cycle doubles (LeCun et al., 1998).
            default=8,
            kind="integer",
            minimum=1,
            meaning="number of kernels",
            constraint="positive integer",
            reconnaissance="[8 : 8 : 64]",
        ),
        Setting(
            name="Stride",
            default=1,
            kind="integer",
            minimum=1,
            meaning="step between the kernel's places, in pixels",
            constraint="positive integer, less than the input's size",
            reconnaissance="[1 : 1 : 3]",
        ),
        Setting(
            name="Padding",
            # Allowed with every kernel, the 1 x 1 one too; MATLAB's own default.
            default=0,
            kind="integer",
            minimum=0,
            meaning="how far the kernel reaches past the edge, in pixels",
            constraint="non-negative integer, less than the kernel's size",
            reconnaissance="[0 : 1 : 3]",
        ),
    )

    def output_shape(self, configuration: LayerConfiguration) -> Shape:
        """Return (numFilters, height, width)."""
        height, width = _slide(configuration, "filterSize", configuration.whole("Padding"), "kernel")
        return configuration.whole("numFilters"), height, width

    def parameter_count(self, configuration: LayerConfiguration) -> int:
        """Return the kernels' weights and one bias each."""
        filters = configuration.whole("numFilters")
        return filters * (configuration.shape[0] * configuration.whole("filterSize") ** 2 + 1)

    def operation_count(self, configuration: LayerConfiguration) -> int:
        """Return one multiplication for each weight at each place."""
        weights_per_place = configuration.shape[0] * configuration.whole("filterSize") ** 2
        return prod(self.output_shape(configuration)) * weights_per_place

    def warnings(self, configuration: LayerConfiguration) -> Iterator[str]:
        """Yield what the table forbids: a kernel or a step as large as the input, a padding as large as the kernel."""
        size, stride, padding = (configuration.whole(each) for each in ("filterSize", "Stride", "Padding"))
        smallest = min(configuration.shape[1:])
        if size >= smallest:
            yield f"filterSize {size} should be less than the size of its input, {smallest}"
        if stride >= smallest:
            yield f"Stride {stride} should be less than the size of its input, {smallest}"
        if padding >= size:
            yield f"Padding {padding} should be less than filterSize {size}"

    def text(self, configuration: LayerConfiguration) -> str:
        """Return the values in words."""
        size, count = configuration.whole("filterSize"), configuration.whole("numFilters")
        plural = "filter" if count == 1 else "filters"
        extra = f", stride {configuration.whole('Stride')}, padding {configuration.whole('Padding')}"
        return f"{count} {plural} {size}×{size}{extra}"

    def module(self, configuration: LayerConfiguration) -> nn.Module:
        """Return the convolution."""
        from torch import nn

        return nn.Conv2d(
            configuration.shape[0],
            configuration.whole("numFilters"),
            configuration.whole("filterSize"),
            stride=configuration.whole("Stride"),
            padding=configuration.whole("Padding"),
        )


class BatchNormalization(LayerKind):
    """Each map brought to zero mean and unit spread over the batch (Ioffe and Szegedy, 2015)."""

    name = "batchNormalizationLayer"
    title = "Batch normalisation"

    def parameter_count(self, configuration: LayerConfiguration) -> int:
        """Return a scale and a shift for each channel."""
        return 2 * configuration.shape[0]

    def module(self, configuration: LayerConfiguration) -> nn.Module:
        """Return the normalisation."""
        from torch import nn

        return nn.BatchNorm2d(configuration.shape[0])


class ReLU(LayerKind):
    """Negative values set to zero."""

    name = "reluLayer"
    title = "Rectifier"

    def module(self, configuration: LayerConfiguration) -> nn.Module:
        """Return the rectifier."""
        from torch import nn

        return nn.ReLU()


class Dropout(LayerKind):
    """A share of the inputs dropped at random while training (Srivastava et al., 2014)."""

    name = "dropoutLayer"
    title = "Dropout"
    parameters = (
        Setting(
            name="probability",
            # Srivastava et al. (2014): a half is near the optimum for a wide range of networks.
            default=0.5,
            kind="real",
            minimum=0,
            maximum=1,
            meaning="probability of dropping an input element",
            constraint="real, 0 to 1",
            reconnaissance="[0.1 : 0.2 : 0.9]",
        ),
    )

    def text(self, configuration: LayerConfiguration) -> str:
        """Return the probability in words."""
        return f"probability {configuration.real('probability'):g}"

    def module(self, configuration: LayerConfiguration) -> nn.Module:
        """Return the dropout."""
        from torch import nn

        return nn.Dropout(configuration.real("probability"))


class AveragePooling2d(LayerKind):
    """The map made smaller by the mean of each window.

    As long as Stride is not set it follows poolSize: windows stand side by side, whatever their size. That is
    the common practice, keeps the table's rule (Stride at most poolSize) for every poolSize, and lets an axis
    over poolSize mean one thing, by how much the map shrinks. A Stride fixed at 2 would break the rule at
    poolSize 1, and one of 1 would leave the map as large, and the training as slow, at every poolSize.
    """

    name = "averagePooling2dLayer"
    title = "Average pooling"
    parameters = (
        Setting(
            name="poolSize",
            default=2,
            kind="integer",
            minimum=1,
            meaning="size of the pooling window, in pixels",
            constraint="positive integer, less than the input's size",
            reconnaissance="[1 : 1 : 6]",
        ),
        Setting(
            name="Stride",
            default=2,
            kind="integer",
            minimum=1,
            meaning="step between windows, in pixels; as poolSize while not set",
            constraint="positive integer, at most the window's size",
            reconnaissance="[1 : 1 : 3]",
            follows="poolSize",
        ),
    )

    def output_shape(self, configuration: LayerConfiguration) -> Shape:
        """Return (channels, height, width), a window that does not fit whole left out."""
        return configuration.shape[0], *_slide(configuration, "poolSize", 0, "window")

    def warnings(self, configuration: LayerConfiguration) -> Iterator[str]:
        """Yield what the table forbids: a window as large as the input, a step larger than the window."""
        size, stride = configuration.whole("poolSize"), configuration.whole("Stride")
        smallest = min(configuration.shape[1:])
        if size >= smallest:
            yield f"poolSize {size} should be less than the size of its input, {smallest}"
        if stride > size:
            yield f"Stride {stride} should be at most poolSize {size}"

    def text(self, configuration: LayerConfiguration) -> str:
        """Return the values in words."""
        size = configuration.whole("poolSize")
        return f"{size}×{size}, stride {configuration.whole('Stride')}"

    def module(self, configuration: LayerConfiguration) -> nn.Module:
        """Return the pooling."""
        from torch import nn

        return nn.AvgPool2d(configuration.whole("poolSize"), stride=configuration.whole("Stride"))


class FullyConnected(LayerKind):
    """Every input joined to every output; the last one of a network has an output a class."""

    name = "fullyConnectedLayer"
    title = "Fully connected"

    def output_shape(self, configuration: LayerConfiguration) -> Shape:
        """Return (number of outputs,)."""
        return (self._outputs(configuration),)

    def parameter_count(self, configuration: LayerConfiguration) -> int:
        """Return a weight for each pair of input and output, and a bias for each output."""
        return (prod(configuration.shape) + 1) * self._outputs(configuration)

    def operation_count(self, configuration: LayerConfiguration) -> int:
        """Return one multiplication a weight."""
        return prod(configuration.shape) * self._outputs(configuration)

    def text(self, configuration: LayerConfiguration) -> str:
        """Return the number of outputs in words."""
        return f"{self._outputs(configuration)} outputs"

    def module(self, configuration: LayerConfiguration) -> nn.Module:
        """Return the joined layer, which flattens what comes in."""
        from torch import nn

        return nn.Sequential(nn.Flatten(), nn.Linear(prod(configuration.shape), self._outputs(configuration)))

    def _outputs(self, configuration: LayerConfiguration) -> int:
        return configuration.class_count


class HiddenFullyConnected(FullyConnected):
    """A fully connected layer inside a network, whose number of outputs is a parameter."""

    parameters = (
        Setting(
            name="outputSize",
            default=64,
            kind="integer",
            minimum=1,
            meaning="number of neurons",
            constraint="positive integer",
            reconnaissance="[16 : 16 : 128]",
        ),
    )

    def _outputs(self, configuration: LayerConfiguration) -> int:
        return configuration.whole("outputSize")


class Softmax(LayerKind):
    """The outputs turned into probabilities; training works on the outputs before it, which is more exact."""

    name = "softmaxLayer"
    title = "Softmax"

    def module(self, configuration: LayerConfiguration) -> None:
        """Return None: `trova_widgets.networks.predict` applies it, the training's loss contains it."""


class Classification(LayerKind):
    """The class of the highest probability; while training, the cross-entropy."""

    name = "classificationLayer"
    title = "Classification"

    def operation_count(self, configuration: LayerConfiguration) -> int:
        """Return 0: nothing is computed."""
        return 0

    def module(self, configuration: LayerConfiguration) -> None:
        """Return None: it names the result and computes nothing of its own."""


def _slide(configuration: LayerConfiguration, size_name: str, padding: int, what: str) -> tuple[int, int]:
    """Return how many places a window has on each side of the map: Dumoulin and Visin (2016, arXiv 1603.07285)."""
    size, stride = configuration.whole(size_name), configuration.whole("Stride")
    height, width = configuration.shape[1:]
    if size > min(height, width) + 2 * padding:
        padded = f", padded by {padding}" if padding else ""
        raise NetworkError(
            f"a {size}×{size} {what} does not fit the {height}×{width} map that reaches it{padded}; "
            f"choose a smaller {size_name}, or let the layers before it shrink the map less."
        )
    return (height + 2 * padding - size) // stride + 1, (width + 2 * padding - size) // stride + 1
