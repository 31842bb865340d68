"""What networks can be made of, in the article's own words, and the torch modules that are made of it.

Importing this package loads no torch: `build`, `predict`,
`save_weights`, `load_weights` and `restore` load it when used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from trova_widgets.networks.catalogue import Architecture, NetworkType, architecture, network_types
from trova_widgets.networks.layers import Layer, LayerConfiguration, LayerKind
from trova_widgets.networks.shapes import Check, Checker, LayerSummary, check, summary
from trova_widgets.networks.weights import weights_problem

if TYPE_CHECKING:
    from trova_widgets.networks.torch_modules import build, load_weights, predict, restore, save_weights

__all__ = [
    "Architecture",
    "Check",
    "Checker",
    "Layer",
    "LayerConfiguration",
    "LayerKind",
    "LayerSummary",
    "NetworkType",
    "architecture",
    "build",
    "check",
    "load_weights",
    "network_types",
    "predict",
    "restore",
    "save_weights",
    "summary",
    "weights_problem",
]

_WITH_TORCH = frozenset({"build", "load_weights", "predict", "restore", "save_weights"})


def __getattr__(name: str) -> Any:
    if name in _WITH_TORCH:
        return getattr(import_module("trova_widgets.networks.torch_modules"), name)
    raise AttributeError(f"trova_widgets.networks has no public name {name!r}")
