"""The convolutional network: one to three cycles of convolution, then one fully connected layer."""

from trova_widgets.networks.catalogue import Architecture, NetworkType
from trova_widgets.networks.kinds import (
    AveragePooling2d,
    BatchNormalization,
    Classification,
    Convolution2d,
    Dropout,
    FullyConnected,
    ImageInput,
    ReLU,
    Softmax,
)
from trova_widgets.networks.layers import Layer

_FIRST_FILTERS = 8
_CYCLE_LENGTH = 5
# Park and Kwak (2017, doi 10.1007/978-3-319-54184-6_12): early convolutions want less dropout than late ones.
_FIRST_DROPOUT = 0.2
_LATER_DROPOUT = 0.5


def _cycle(number: int) -> tuple[Layer, ...]:
    position = 2 + _CYCLE_LENGTH * number
    return (
        Convolution2d().at(position, numFilters=_FIRST_FILTERS * 2**number),
        BatchNormalization().at(position + 1),
        ReLU().at(position + 2),
        Dropout().at(position + 3, probability=_LATER_DROPOUT if number else _FIRST_DROPOUT),
        AveragePooling2d().at(position + 4),
    )


def _architecture(name: str, title: str, cycles: int) -> Architecture:
    body = [layer for number in range(cycles) for layer in _cycle(number)]
    end = 2 + _CYCLE_LENGTH * cycles
    tail = (FullyConnected().at(end), Softmax().at(end + 1), Classification().at(end + 2))
    return Architecture(network_type="CNN", name=name, title=title, layers=(ImageInput().at(1), *body, *tail))


NETWORK_TYPE = NetworkType(
    name="CNN",
    title="Convolutional network",
    description="Kernels that find the same small pattern anywhere in the fingerprint. "
    "The two-cycle model is the base network of the article, with its fourteen positions.",
    architectures=(
        _architecture("two-cycle", "Two convolution cycles", 2),
        _architecture("one-cycle", "One convolution cycle", 1),
        _architecture("three-cycle", "Three convolution cycles", 3),
    ),
)
