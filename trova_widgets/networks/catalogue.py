"""The catalogues: network types, the architecture models of each, and the parameters of their layers."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from types import MappingProxyType

from trova_widgets.errors import NetworkError
from trova_widgets.names import nearest
from trova_widgets.networks.layers import Layer
from trova_widgets.networks.parameters import LayerParameter, Value

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
    def parameters(self) -> Mapping[str, LayerParameter]:
        """Every parameter by its full name, in the order of the layers."""
        found = {parameter.name: parameter for layer in self.layers for parameter in layer.parameters}
        return MappingProxyType(found)

    @cached_property
    def defaults(self) -> Mapping[str, Value]:
        """The default of every parameter by its full name."""
        return MappingProxyType({name: parameter.default for name, parameter in self.parameters.items()})

    def complete(self, values: Mapping[str, object] | None = None) -> dict[str, Value]:
        """Return the value of every parameter, given only those that differ from the model's.

        Parameters
        ----------
        values : mapping, optional
            Full parameter names and values.

        Returns
        -------
        dict
            In the order of the layers, in canonical types. A parameter that follows another one and is not
            given (the Stride of a pooling: its poolSize) has that one's value.

        Raises
        ------
        NetworkError
            When a name is unknown or a value is not allowed.

        Examples
        --------
        >>> from trova_widgets.networks import architecture
        >>> values = architecture("CNN").complete({"averagePooling2dLayer_6_poolSize": 3})
        >>> values["averagePooling2dLayer_6_Stride"]
        3
        """
        given = self.canonical(values or {})
        return {name: self._value(parameter, given) for name, parameter in self.parameters.items()}

    def settled(self, values: Mapping[str, object] | None = None) -> dict[str, Value]:
        """Return what a saved network keeps: as `complete`, but followers that are not given go on following.

        Examples
        --------
        >>> from trova_widgets.networks import architecture
        >>> "averagePooling2dLayer_6_Stride" in architecture("CNN").settled()
        False
        """
        given = self.canonical(values or {})
        return {
            name: given.get(name, parameter.default)
            for name, parameter in self.parameters.items()
            if name in given or parameter.follows is None
        }

    def canonical(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return only the given values, checked and in canonical types; raise NetworkError otherwise."""
        return {name: self.parameter(name).value_of(value) for name, value in values.items()}

    def parameter(self, name: str) -> LayerParameter:
        """Return the parameter of this full name; raise NetworkError naming the nearest."""
        found = self.parameters.get(name)
        if found is None:
            raise NetworkError(
                f"The {self.name} {self.network_type} has no parameter {name!r}; {nearest(name, self.parameters)}."
            )
        return found

    def _value(self, parameter: LayerParameter, given: Mapping[str, Value]) -> Value:
        if parameter.name in given:
            return given[parameter.name]
        if parameter.follows is None:
            return parameter.default
        leader = f"{parameter.layer}_{parameter.position}_{parameter.follows}"
        return self._value(self.parameters[leader], given)


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
