"""Which records are most like one, by their fingerprints."""

import threading
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.errors import StoreError
from trova_widgets.fingerprinting import most_similar
from trova_widgets.store import Store


@dataclass(frozen=True)
class _PackedFingerprints:
    """Fingerprints of one recipe as they were at a revision of the store."""

    recipe_id: str
    revision: int
    record_ids: NDArray[np.object_]
    packed: NDArray[np.uint8]


class SimilarityIndex:
    """The packed fingerprints of all records, kept in memory while none changes: 51 MB for 100,000 of 64 by 64.

    Reading them takes the database a third of a second, comparing them a fiftieth: so they are read once, not for
    every query.

    Parameters
    ----------
    store : Store
        Where the fingerprints are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._packed: _PackedFingerprints | None = None
        self._lock = threading.Lock()

    def most_similar(self, record_id: str, recipe_id: str, count: int) -> pd.DataFrame:
        """Return the records whose fingerprints, each at its own cut-off, are most like one's.

        Parameters
        ----------
        record_id : str
        recipe_id : str
        count : int
            How many, at most.

        Returns
        -------
        DataFrame
            Columns ``record_id`` and ``similarity`` (Jaccard, 0 to 1), the most similar first.

        Raises
        ------
        StoreError
            When the record has no fingerprint of the recipe at its present cut-off.
        """
        current = self._current(recipe_id)
        place = int(np.searchsorted(current.record_ids, record_id))
        if place == len(current.record_ids) or current.record_ids[place] != record_id:
            raise StoreError(
                f"Record {record_id} has no fingerprint of the default recipe; compute fingerprints first."
            )
        # The record itself is among them, though an equal one may come before it.
        found, similarity = most_similar(current.packed[place].tobytes(), current.packed, count + 1)
        others = found != place
        return pd.DataFrame(
            {"record_id": current.record_ids[found[others]][:count], "similarity": similarity[others][:count]}
        )

    def _current(self, recipe_id: str) -> _PackedFingerprints:
        with self._lock:
            # The revision is asked for first: what is written meanwhile is then read once too often, never too rarely.
            revision = self._store.revision("fingerprints", "parameters")
            current = self._packed
            if current is None or (current.recipe_id, current.revision) != (recipe_id, revision):
                frame = self._store.middle_variants(recipe_id)
                bits = np.frombuffer(b"".join(frame["bits"]), dtype=np.uint8)
                packed = bits.reshape(len(frame), bits.size // max(1, len(frame)))
                current = self._packed = _PackedFingerprints(
                    recipe_id, revision, frame["record_id"].to_numpy(dtype=object), packed
                )
            return current
