"""A setting as the fields of a form show it."""

from trova_widgets.space import Setting, format_value


def setting_row(setting: Setting) -> dict[str, str]:
    """Return what a form says of a setting.

    Returns
    -------
    dict of str
        ``name``, ``default``, ``meaning`` (with the unit), ``constraint``, and a ``suggestion`` of values to vary.

    Examples
    --------
    >>> window = Setting(name="w", default=90.0, kind="real", unit="s", meaning="Length", reconnaissance="60, 90")
    >>> row = setting_row(window)
    >>> row["default"], row["meaning"], row["suggestion"]
    ('90', 'Length [s]', '60, 90')
    """
    default = format_value(setting.default)
    return {
        "name": setting.name,
        "default": default,
        "meaning": f"{setting.meaning} [{setting.unit}]" if setting.unit else setting.meaning,
        "constraint": setting.constraint,
        "suggestion": setting.suggestion,
    }
