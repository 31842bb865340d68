"""The fingerprint engine: a record's scalogram, its Haar plane, and the white points that tell events apart."""

from trova_widgets.fingerprinting.cutoff import (
    Cutoff,
    cutoff_grid_hz,
    find_cutoff,
    find_cutoffs,
    shifted_cutoffs,
)
from trova_widgets.fingerprinting.engine import fingerprint, fingerprints, fit_statistics, haar_planes
from trova_widgets.fingerprinting.haar_transform import haar, inverse_haar
from trova_widgets.fingerprinting.inverse import frequency_edges_hz, patches, rebuild, signs
from trova_widgets.fingerprinting.onset import find_onset
from trova_widgets.fingerprinting.packing import pack, unpack
from trova_widgets.fingerprinting.reasons import Reason, relief, strongest_reason
from trova_widgets.fingerprinting.recipe import RECIPES, FingerprintRecipe, recipe_named
from trova_widgets.fingerprinting.scalograms import Scalogram, reduce, scalogram
from trova_widgets.fingerprinting.selection import SelectionStatistics, select
from trova_widgets.fingerprinting.similarity import jaccard, most_similar

__all__ = [
    "RECIPES",
    "Cutoff",
    "FingerprintRecipe",
    "Reason",
    "Scalogram",
    "SelectionStatistics",
    "cutoff_grid_hz",
    "find_cutoff",
    "find_cutoffs",
    "find_onset",
    "fingerprint",
    "fingerprints",
    "fit_statistics",
    "frequency_edges_hz",
    "haar",
    "haar_planes",
    "inverse_haar",
    "jaccard",
    "most_similar",
    "pack",
    "patches",
    "rebuild",
    "recipe_named",
    "reduce",
    "relief",
    "scalogram",
    "select",
    "shifted_cutoffs",
    "signs",
    "strongest_reason",
    "unpack",
]
