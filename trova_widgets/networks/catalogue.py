"""The catalogues: network types, and the architecture models of each with what can be set on their layers."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module

from trova_widgets.errors import NetworkError
from trova_widgets.names import nearest
from trova_widgets.networks.layers import Layer
from trova_widgets.space import Space

_TYPES_PACKAGE = "trova_widgets.networks.types"


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A model of a network: its layers in order, with what can be set on them.

    Parameters
    ----------
    network_type : str
        Name of the type that it belongs to.
    name, title : str
        A short name (``two-cycle``), and the same in words.
    layers : tuple of Layer
        In the order in which a fingerprint passes them, positions from 1.
    """

    network_type: str
    name: str
    title: str
    layers: tuple[Layer, ...]

    @cached_property
    def space(self) -> Space:
        """What can be set on its layers, by full name and in their order."""
        settings = (setting for layer in self.layers for setting in layer.settings)
        return Space(settings, title=f"the {self.name} {self.network_type}")


@dataclass(frozen=True, kw_only=True)
class NetworkType:
    """A kind of network, with the architecture models that it offers; the first is its usual one."""

    name: str
    title: str
    description: str
    architectures: tuple[Architecture, ...]


@cache
def network_types() -> tuple[NetworkType, ...]:
    """Return the catalogue of network types: every module of `trova_widgets.networks.types`.

    Examples
    --------
    >>> [network_type.name for network_type in network_types()]
    ['CNN', 'MLP']
    """
    folder = import_module(_TYPES_PACKAGE)
    modules = sorted(info.name for info in pkgutil.iter_modules(folder.__path__, f"{_TYPES_PACKAGE}."))
    return tuple(import_module(module).NETWORK_TYPE for module in modules)


def architecture(network_type: str, name: str | None = None) -> Architecture:
    """Return an architecture model of the catalogue.

    Parameters
    ----------
    network_type : str
        ``CNN`` or ``MLP``.
    name : str, optional
        Name of the model; default: the usual one of the type.

    Returns
    -------
    Architecture

    Raises
    ------
    NetworkError
        When the catalogue does not have it.

    Examples
    --------
    >>> len(architecture("CNN").layers)
    14
    """
    types = {each.name: each for each in network_types()}
    if network_type not in types:
        raise NetworkError(f"There is no network type {network_type!r}; {nearest(network_type, types)}.")
    models = {each.name: each for each in types[network_type].architectures}
    if name is None:
        return next(iter(models.values()))
    if name not in models:
        raise NetworkError(f"{network_type} has no architecture {name!r}; {nearest(name, models)}.")
    return models[name]
