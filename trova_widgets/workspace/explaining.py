"""Why a network says what it says of a record: where in time and frequency its reasons lie."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from trova_widgets.fingerprinting import FingerprintRecipe, SelectionStatistics, relief, strongest_reason
from trova_widgets.records import Waveform
from trova_widgets.workspace.classification import TrainedNetwork, look, probabilities


@dataclass(frozen=True, kw_only=True, eq=False)
class ExplainedAnswer:
    """What stands behind an answer about a file.

    Attributes
    ----------
    waveform : Waveform
        What was classified: the record, or what was cut out of a long one.
    onset_s, cutoff_hz : float or None
        Of the event's first wave after the first sample [s], and of the high-pass [Hz]; found by the engine where they
        are not known.
    record_id : str
        The record of this workspace that it is, if any.
    recipe : FingerprintRecipe
        The fingerprint that the network reads.
    statistics : SelectionStatistics or None
        What the recipe's selection compares with.
    classes : DataFrame
        What speaks for each class, as of `Workspace.explain`.
    """

    waveform: Waveform
    onset_s: float | None
    cutoff_hz: float | None
    record_id: str
    recipe: FingerprintRecipe
    statistics: SelectionStatistics | None
    classes: pd.DataFrame


def explain(
    network: TrainedNetwork, waveform: Waveform, onset_s: float | None = None, cutoff_hz: float | None = None
) -> pd.DataFrame:
    """Return a row a class, the likeliest first; see `Workspace.explain`.

    Integrated gradients tell what each point of the fingerprint says for a class, and each goes back through its Haar
    function to the energy that makes it.

    Parameters
    ----------
    network, waveform, onset_s, cutoff_hz
        As of `look`.

    Raises
    ------
    RecordError, RecipeError
        As of `look`.
    """
    from trova_widgets.experiments.explaining import attributions

    recipe = network.recipe
    seen = look(network, waveform, onset_s, cutoff_hz)
    (shares,) = probabilities(network, [seen])
    (said,) = attributions(
        network.model, network.values, network.weights.read_bytes(), seen.points[None], len(network.classes)
    )
    rows = []
    for place in np.argsort(-shares, kind="stable").tolist():
        picture = relief(said[place], seen.points, seen.image, recipe)
        reason = strongest_reason(picture, recipe)
        rows.append(
            {
                "event_class": network.classes[place],
                "probability": float(shares[place]),
                "reason": "nothing" if reason is None else str(reason),
                **({} if reason is None else asdict(reason)),
                "picture": picture,
            }
        )
    return pd.DataFrame(rows)
