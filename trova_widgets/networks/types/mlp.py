"""The multilayer perceptron: one or two hidden layers, and no idea of neighbourhood."""

from trova_widgets.networks.catalogue import Architecture, NetworkType
from trova_widgets.networks.kinds import (
    Classification,
    Dropout,
    FullyConnected,
    HiddenFullyConnected,
    ImageInput,
    ReLU,
    Softmax,
)
from trova_widgets.networks.layers import Layer

_FIRST_NEURONS = 64
_BLOCK_LENGTH = 3


def _block(number: int) -> tuple[Layer, ...]:
    position = 2 + _BLOCK_LENGTH * number
    return (
        HiddenFullyConnected().at(position, outputSize=_FIRST_NEURONS // 2**number),
        ReLU().at(position + 1),
        Dropout().at(position + 2),
    )


def _architecture(name: str, title: str, hidden: int) -> Architecture:
    body = [layer for number in range(hidden) for layer in _block(number)]
    end = 2 + _BLOCK_LENGTH * hidden
    tail = (FullyConnected().at(end), Softmax().at(end + 1), Classification().at(end + 2))
    return Architecture(network_type="MLP", name=name, title=title, layers=(ImageInput().at(1), *body, *tail))


NETWORK_TYPE = NetworkType(
    name="MLP",
    title="Multilayer perceptron",
    description="Every pixel joined to every neuron. Trova's first network type; in the article it did hardly "
    "better than a coin on this task, and it is here to be compared with.",
    architectures=(
        _architecture("one-hidden", "One hidden layer", 1),
        _architecture("two-hidden", "Two hidden layers", 2),
    ),
)
