"""How much a record is like those that a network was trained on, rather than like what is no event of its classes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trova_widgets.experiments import OPTIMAL_VARIANT
from trova_widgets.fingerprinting import FingerprintRecipe, SelectionStatistics, cutoff_grid_hz, fingerprints
from trova_widgets.records.synthetics.oddities import DURATION_S, LATEST_S, oddities
from trova_widgets.store import Store
from trova_widgets.workspace.imaging import variant_ids

#: The share of the known records that would be refused, each held against those of other events.
REFUSED_SHARE = 0.01

# more are not compared with: a fingerprint's nearest neighbour hardly gets nearer, and the limit stays quick
_MOST_KNOWN, _MOST_ASKED = 10_000, 1_000
_SEED, _EACH = 5, 30
_CHUNK = 2_048
# samples for each period of the highest frequency that a recipe looks at
_SAMPLES = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownRecords:
    """The fingerprints that a network was trained on, each at its own cut-off, and those of invented oddities.

    Attributes
    ----------
    packed : ndarray of uint8, shape (record, byte)
        At most 10,000, drawn where there are more.
    events : ndarray of int, shape (record,)
        The event of each, by a number.
    odd : ndarray of uint8, shape (oddity, byte)
        Of `trova_widgets.records.synthetics.oddities`, by the same recipe.
    record_ids : frozenset of str
        All records of the training.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> def drawn(share):
    ...     shares = np.where(np.arange(64) < 32, share, 1 - share)
    ...     return np.packbits(rng.random((50, 64)) < shares, axis=1)
    >>> known = KnownRecords(packed=drawn(0.8), events=np.arange(50), odd=drawn(0.2), record_ids=frozenset())
    >>> bool((known.likeness(drawn(0.8)) > known.limit).mean() > 0.8), bool((known.likeness(drawn(0.2)) < 0).all())
    (True, True)
    """

    packed: NDArray[np.uint8]
    events: NDArray[np.int64]
    odd: NDArray[np.uint8]
    record_ids: frozenset[str]

    def likeness(self, asked: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return by how much records are more like the most alike of the known ones than like any oddity.

        Parameters
        ----------
        asked : ndarray of uint8, shape (n, byte)
            Packed fingerprints of the same recipe.

        Returns
        -------
        ndarray of float, shape (n,)
            The difference of two Jaccard similarities, -1 to 1; NaN where no known record has a fingerprint.
        """
        if not len(self.packed):
            return np.full(len(asked), np.nan)
        return _nearest(asked, self.packed) - _nearest(asked, self.odd)

    @cached_property
    def limit(self) -> float:
        """The likeness below which `REFUSED_SHARE` of the known records are, each held against other events alone.

        Of fewer than a hundred records it is the lowest; of one event, -1: nothing is refused.
        """
        if not self.events.size or (self.events == self.events[0]).all():
            return -1.0
        places = np.random.default_rng(_SEED).permutation(len(self.events))[:_MOST_ASKED]
        asked = self.packed[places]
        own = _nearest(asked, self.packed, self.events[places], self.events) - _nearest(asked, self.odd)
        return float(np.quantile(own, REFUSED_SHARE, method="lower"))


def known_records(
    store: Store,
    trained: pd.DataFrame,
    recipe: FingerprintRecipe,
    statistics: SelectionStatistics | None,
) -> KnownRecords:
    """Read what a network was trained on.

    Parameters
    ----------
    store : Store
        Where the fingerprints are.
    trained : DataFrame
        Members of a data set, as of `trained_members`.
    recipe : FingerprintRecipe
        What the network reads.
    statistics : SelectionStatistics or None
        What its selection compares with.
    """
    members = trained.drop_duplicates("record_id")
    if len(members) > _MOST_KNOWN:
        members = members.sample(_MOST_KNOWN, random_state=_SEED)
    middle = recipe.variants.index(OPTIMAL_VARIANT)
    names = [
        variant_ids(member.record_id, recipe, member.cutoff_hz)[middle] for member in members.itertuples(index=False)
    ]
    bits = store.fingerprint_bits(names)
    there = [name in bits for name in names]
    packed = np.frombuffer(b"".join(bits[name] for name in names if name in bits), dtype=np.uint8)
    return KnownRecords(
        packed=packed.reshape(len(bits), packed.size // max(1, len(bits))),
        events=pd.factorize(members["event_id"][there])[0].astype(np.int64),
        odd=odd_fingerprints(recipe, statistics),
        record_ids=frozenset(trained["record_id"]),
    )


def trained_members(members: pd.DataFrame, fold: int | None) -> pd.DataFrame:
    """Return the members of a data set on which a trial was trained: those of the other folds, or of the split."""
    if fold is None:
        return members[members["split"] == "training"]
    return members[members["fold"].notna() & (members["fold"] != fold)]


def odd_fingerprints(recipe: FingerprintRecipe, statistics: SelectionStatistics | None) -> NDArray[np.uint8]:
    """Return the packed fingerprints of invented oddities; with a high-pass, each at several cut-offs."""
    rate_hz = _SAMPLES * recipe.frequency_to_hz
    # a long window, or one that begins late, wants a longer record
    latest_s = LATEST_S if recipe.window_reference == "onset" else 0.0
    duration_s = max(DURATION_S, latest_s + recipe.window_start_s + recipe.window_s)
    samples = oddities(_SEED, _EACH, rate_hz, duration_s=duration_s)
    # over those that are tried: a low highest frequency leaves fewer than the recipe allows
    cutoffs = np.zeros(1)
    if recipe.highpass != "off":
        grid = cutoff_grid_hz(recipe)
        cutoffs = np.geomspace(grid[0], grid[-1], 3)
    bits = fingerprints(samples, rate_hz, recipe, cutoffs_hz=np.tile(cutoffs, (len(samples), 1)), statistics=statistics)
    return np.packbits(bits.reshape(len(samples) * len(cutoffs), -1), axis=1)


def _nearest(
    asked: NDArray[np.uint8],
    others: NDArray[np.uint8],
    events: NDArray[np.int64] | None = None,
    of_others: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Return each one's highest Jaccard similarity to others, or to those of other events."""
    # products of matrices: bits of many pairs are counted a hundred times as fast as pair by pair
    wanted = np.unpackbits(asked, axis=1).astype(np.float32)
    size, nearest = wanted.sum(axis=1), np.zeros(len(asked))
    for low in range(0, len(others), _CHUNK):
        rows = np.unpackbits(others[low : low + _CHUNK], axis=1).astype(np.float32)
        both = wanted @ rows.T
        either = size[:, None] + rows.sum(axis=1) - both
        similarity = np.divide(both, either, out=np.ones_like(both), where=either > 0)
        if events is not None and of_others is not None:
            similarity[events[:, None] == of_others[low : low + _CHUNK]] = 0.0
        nearest = np.maximum(nearest, similarity.max(axis=1))
    return nearest
