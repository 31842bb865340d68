"""The rates of classes that a person types on a page, where classes come otherwise than in the data set."""

from collections.abc import Mapping

from trova_widgets.errors import PlanError
from trova_widgets.models.formatting import class_title


def typed_rates(typed: Mapping[str, str]) -> dict[str, float] | None:
    """Return the rates of classes that were typed in per cent, as shares; None where none was.

    Parameters
    ----------
    typed : dict of str to str
        By the class; whether these are all classes, and add up to 100, is asked where they are used.

    Raises
    ------
    PlanError
        When one is no number.

    Examples
    --------
    >>> typed_rates({"earthquake": "90 %", "quarry_blast": "10"}), typed_rates({"earthquake": " "})
    ({'earthquake': 0.9, 'quarry_blast': 0.1}, None)
    """
    rates = {}
    for slug, text in typed.items():
        if str(text).strip():
            try:
                rates[slug] = float(str(text).replace(",", ".").rstrip(" %")) / 100
            except ValueError as error:
                raise PlanError(
                    f"The rate of {class_title(slug).lower()} is {text!r}; give per cent, 90 for instance."
                ) from error
    return rates or None
