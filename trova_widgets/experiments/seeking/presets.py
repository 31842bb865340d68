"""The experiments of the article (Silkin 2024, doi 10.35540/2686-7907.2024.3.05), planned as they were printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trova_widgets.errors import PlanError
from trova_widgets.names import nearest
from trova_widgets.space import Value

_FILTER_2, _FILTERS_2 = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"
_FILTER_7, _FILTERS_7 = "convolution2dLayer_7_filterSize", "convolution2dLayer_7_numFilters"
_PADDING_2, _PADDING_7 = "convolution2dLayer_2_Padding", "convolution2dLayer_7_Padding"
_DROPOUT_5, _DROPOUT_10 = "dropoutLayer_5_probability", "dropoutLayer_10_probability"
_POOL_6 = "averagePooling2dLayer_6_poolSize"


@dataclass(frozen=True, kw_only=True)
class Preset:
    """An experiment of the article over the two-cycle network.

    Attributes
    ----------
    axes : mapping of str to str
        What it varies, as the article prints it.
    fixed : mapping
        What the article's earlier experiments had found.
    """

    axes: Mapping[str, str]
    fixed: Mapping[str, Value] = field(default_factory=dict)


_FOUND_1: dict[str, Value] = {_FILTER_2: 2, _FILTERS_2: 8, _POOL_6: 2}
_FOUND_2: dict[str, Value] = {_DROPOUT_5: 0.3, _DROPOUT_10: 0.5, _FILTERS_7: 56}
_FOUND_3: dict[str, Value] = {_PADDING_2: 1, _PADDING_7: 2, _FILTER_7: 5}
_REFINED = (_FILTERS_2, _FILTERS_7, _DROPOUT_5)

PRESETS: Mapping[str, Preset] = {
    "article-1": Preset(axes={_FILTER_2: "[1 : 1 : 8]", _FILTERS_2: "[8 : 8 : 64]", _POOL_6: "[1 : 1 : 6]"}),
    "article-2": Preset(
        axes={_DROPOUT_5: "[0.1 : 0.2 : 0.9]", _DROPOUT_10: "[0.1 : 0.2 : 0.9]", _FILTERS_7: "[8 : 8 : 64]"},
        fixed=_FOUND_1,
    ),
    "article-3": Preset(
        axes={_PADDING_2: "[0 : 1 : 3]", _PADDING_7: "[0 : 1 : 3]", _FILTER_7: "[1 : 1 : 8]"},
        fixed={**_FOUND_1, **_FOUND_2},
    ),
    "article-4": Preset(
        axes={_FILTERS_2: "[6 : 2 : 10]", _FILTERS_7: "[52 : 2 : 58]", _DROPOUT_5: "[0.2 : 0.1 : 0.5]"},
        fixed={name: value for name, value in {**_FOUND_1, **_FOUND_2, **_FOUND_3}.items() if name not in _REFINED},
    ),
}
"""The four experiments by name; the fourth has 48 combinations, of which the article counts 27."""


def preset(name: str) -> Preset:
    """Return an experiment of the article.

    Raises
    ------
    PlanError
        When there is none of this name.

    Examples
    --------
    >>> preset("article-4").axes["convolution2dLayer_7_numFilters"]
    '[52 : 2 : 58]'
    """
    if name not in PRESETS:
        raise PlanError(f"There is no preset {name!r}; {nearest(name, PRESETS)}.")
    return PRESETS[name]


def article_order() -> tuple[dict[str, str], dict[str, tuple[Value, ...]]]:
    """Return the article's settings in its order with its ranges, and its refinement as steps from the optimum.

    From the optimum of the article (8, 56, 0.3) these steps are its fourth experiment.

    Examples
    --------
    >>> order, refinement = article_order()
    >>> len(order), refinement["convolution2dLayer_2_numFilters"]
    (9, (-2, 0, 2))
    """
    order = {name: values for number in (1, 2, 3) for name, values in PRESETS[f"article-{number}"].axes.items()}
    return order, {_FILTERS_2: (-2, 0, 2), _FILTERS_7: (-4, -2, 0, 2), _DROPOUT_5: (-0.1, 0.0, 0.1, 0.2)}
