"""Groups of settings that a frozen dataclass declares, a field each: the training's, the recipe's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field, fields
from functools import cache
from typing import Any, ClassVar, Literal, Self, cast

from trova_widgets.errors import SettingError, TrovaError
from trova_widgets.names import nearest
from trova_widgets.space.setting import Setting, Value

_METADATA = "setting"


def declared(
    default: Value,
    meaning: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[Value, ...] = (),
    unit: str = "",
    reconnaissance: str = "",
    scale: Literal["linear", "logarithmic"] = "linear",
    implied: Value | None = None,
) -> Any:
    """Declare a setting as the field of a `SettingGroup`; its kind is that of its default.

    Parameters
    ----------
    default, meaning, minimum, maximum, choices, unit, reconnaissance, scale, implied
        As of `Setting`.
    """
    words = "enumerated" if choices else "text"
    kind = {int: "integer", float: "real", str: words}[type(default)]
    about = {
        "kind": kind,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "unit": unit,
        "meaning": meaning,
        "reconnaissance": reconnaissance,
        "scale": scale,
        "implied": implied,
    }
    return field(default=default, metadata={_METADATA: about})


class SettingGroup:
    """What settings that belong together share: they are checked when made, and have names in the space.

    A subclass is a frozen dataclass whose fields are `declared`.

    Attributes
    ----------
    prefix : str
        What stands before the dot of the full names: ``"training"``.
    error : type
        What is raised, with the sentence of the setting, when a value is not allowed.
    """

    prefix: ClassVar[str]
    error: ClassVar[type[TrovaError]] = SettingError

    def __post_init__(self) -> None:
        """Bring every value into its canonical type, so that 2, 2.0 and numpy's 2 have one identity."""
        for setting in self.settings():
            own = setting.name.partition(".")[2]
            try:
                object.__setattr__(self, own, setting.coerce(getattr(self, own)))
            except SettingError as error:
                raise self.error(str(error)) from error

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """Return the settings under their full names, in the order of the fields."""
        return _settings_of(cls)  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Make the group of a JSON object; what it does not name takes its default.

        Raises
        ------
        TrovaError
            Of the group's own kind, when a name is unknown or a value is not allowed.
        """
        known = [each.name for each in fields(cls)]  # type: ignore[arg-type]
        for name in values:
            if name not in known:
                raise cls.error(f"There is no setting {cls.prefix}.{name}; {nearest(name, known)}.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the values by their short names; those that older versions implied are left out."""
        implied = {setting.name.partition(".")[2]: setting.implied for setting in self.settings()}
        return {name: value for name, value in asdict(self).items() if implied[name] != value}  # type: ignore[call-overload]

    def values(self) -> dict[str, Value]:
        """Return every value by its full name."""
        return {setting.name: getattr(self, setting.name.partition(".")[2]) for setting in self.settings()}


@cache
def _settings_of(group: Any) -> tuple[Setting, ...]:
    return tuple(
        Setting(name=f"{group.prefix}.{each.name}", default=cast(Value, each.default), **each.metadata[_METADATA])
        for each in fields(group)
    )
