"""A space: the settings of one experiment by name, and what is made of values that a person gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from trova_widgets.errors import SettingError
from trova_widgets.names import nearest
from trova_widgets.space.notation import parse_axes
from trova_widgets.space.setting import Setting, Value

SEED = Setting(
    name="seed",
    default=0,
    kind="integer",
    minimum=0,
    meaning="draws the first weights, the order of the batches, the dropout and the variants that are trained on",
    reconnaissance="[0 : 1 : 4]",
)
"""The setting that repeats a trial with other luck."""

FOLD = Setting(
    name="fold",
    default=0,
    kind="integer",
    minimum=0,
    meaning="which part of whole events measures the network; the others train it",
)
"""What repeats a trial on other events, where the data set has folds. It is no axis: the folds of a cell are pooled."""


class Space(Mapping[str, Setting]):
    """Settings by name, in the order in which they are shown.

    Parameters
    ----------
    settings : iterable of Setting
        Each name once; one that `follows` another stands behind it.
    title : str
        What the settings are of, for sentences: ``"the two-cycle CNN"``.

    Examples
    --------
    >>> pool = Setting(name="poolSize", default=2, kind="integer", minimum=1)
    >>> step = Setting(name="Stride", default=2, kind="integer", minimum=1, follows="poolSize")
    >>> Space([pool, step]).complete({"poolSize": 3})
    {'poolSize': 3, 'Stride': 3}
    """

    def __init__(self, settings: Iterable[Setting], title: str = "this experiment") -> None:
        self._settings = {setting.name: setting for setting in settings}
        self.title = title

    def __getitem__(self, name: str) -> Setting:
        found = self._settings.get(name)
        if found is None:
            raise SettingError(f"There is no setting {name!r} in {self.title}; {nearest(name, self._settings)}.")
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._settings)

    def __len__(self) -> int:
        return len(self._settings)

    def __contains__(self, name: object) -> bool:
        return name in self._settings

    @cached_property
    def defaults(self) -> Mapping[str, Value]:
        """The default of every setting."""
        return MappingProxyType({name: setting.default for name, setting in self.items()})

    def coerce(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return the given values alone, checked and in canonical types.

        Raises
        ------
        SettingError
            When a name is unknown or a value is not allowed.
        """
        return {name: self[name].coerce(value) for name, value in values.items()}

    def complete(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return the value of every setting, given only those that differ from the default.

        Parameters
        ----------
        values : mapping
            Names and values. A setting that follows another one and is not given (the Stride of a pooling: its
            poolSize) has that one's value.

        Returns
        -------
        dict
            In the order of the space, in canonical types.

        Raises
        ------
        SettingError
            As of `coerce`.
        """
        given = self.coerce(values)
        full = {name: given.get(name, default) for name, default in self.defaults.items()}
        for follower, leader in self.followers(given):
            full[follower] = full[leader]
        return full

    def settled(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return what is kept of a network: as `complete`, but followers that are not given go on following.

        Examples
        --------
        >>> pool = Setting(name="poolSize", default=2, kind="integer")
        >>> Space([pool, Setting(name="Stride", default=2, kind="integer", follows="poolSize")]).settled({})
        {'poolSize': 2}
        """
        given = self.coerce(values)
        return {
            name: given.get(name, setting.default)
            for name, setting in self.items()
            if name in given or setting.follows is None
        }

    def followers(self, given: Mapping[str, object]) -> list[tuple[str, str]]:
        """Return the settings that follow another one as long as they are not among the given, with that other one."""
        return [
            (name, setting.follows)
            for name, setting in self.items()
            if setting.follows is not None and name not in given
        ]

    def axes(self, given: Mapping[str, object] | Iterable[str]) -> dict[str, tuple[Value, ...]]:
        """Read the values of some settings, as a person writes them.

        Parameters
        ----------
        given
            As of `parse_axes`.

        Returns
        -------
        dict
            In the order given, in canonical types, each value once.

        Raises
        ------
        SettingError
            When something is not understood or not allowed.
        """
        return {name: self.values_of(name, values) for name, values in parse_axes(given).items()}

    def values_of(self, name: str, values: Iterable[object]) -> tuple[Value, ...]:
        """Return the values of one setting in canonical types; raise SettingError where one stands there twice."""
        setting = self[name]
        if setting.kind == "text":
            raise SettingError(f"{name} is an identity, and cannot be set; leave it out.")
        found = tuple(setting.coerce(value) for value in values)
        if not found or len(set(found)) != len(found):
            raise SettingError(f"{name} has the values {found!r}; give one or more, each once.")
        return found
