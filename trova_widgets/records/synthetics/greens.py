"""The Green's functions of a layered crust, computed once and shipped as a file."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trova_widgets.errors import RecordError
from trova_widgets.resources import share_folder

Floats = NDArray[np.floating[Any]]

# The file is in pygrt-kit's units, 1e-20 cm/(dyne cm) for a moment and 1e-15 cm/dyne for a force.
_METRES_PER_NEWTON_METRE = 1e-15
_METRES_PER_NEWTON = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class GreensFunctions:
    """Vertical ground motion at the surface after unit impulses of moment or force.

    Attributes
    ----------
    sources : tuple of str
        One a row: ``"EX"`` explosion, ``"VF"`` downward force, ``"DD"``, ``"DS"``, ``"SS"`` the three
        fundamental double couples (45-degree dip slip, vertical dip slip, vertical strike slip).
    depths_km, distances_km, starts_s : ndarray of float64, shape (rows,)
        Depth of the source, distance of the station, time of the first sample after the impulse.
    responses : ndarray of float64, shape (rows, samples)
        Displacement in m per N m (or per N), which is velocity after a *step* of moment.
    sampling_rate_hz : float
        Samples a second.
    """

    sources: tuple[str, ...]
    depths_km: Floats
    distances_km: Floats
    starts_s: Floats
    responses: Floats
    sampling_rate_hz: float

    @cached_property
    def _rows(self) -> dict[tuple[str, float], NDArray[np.intp]]:
        """The rows of each source and depth, the depths in the order of the file."""
        found: dict[tuple[str, float], list[int]] = {}
        for row, key in enumerate(zip(self.sources, self.depths_km.tolist(), strict=True)):
            found.setdefault(key, []).append(row)
        return {key: np.array(rows) for key, rows in found.items()}

    def nearest_depth(self, source: str, depth_km: float) -> float:
        """Return the computed depth in km that lies nearest to the wanted one.

        Raises
        ------
        RecordError
            When the file has no such source.
        """
        depths = [depth for name, depth in self._rows if name == source]
        if not depths:
            raise RecordError(
                f"There are no Green's functions of a source {source!r}; choose one of {sorted(set(self.sources))}."
            )
        return min(depths, key=lambda depth: abs(depth - depth_km))

    def response(self, source: str, depth_km: float, distance_km: float, size: int, stretch: float = 1.0) -> Floats:
        """Return one response from the moment of the impulse on.

        Of the computed depths and distances the nearest is taken. Its time axis is stretched in the ratio of the
        distances, which keeps every apparent velocity, and its amplitude falls in the same ratio.

        Parameters
        ----------
        source : str
            One of `sources`.
        depth_km, distance_km : float
            Where the source lies below and from the station.
        size : int
            How many samples, at `sampling_rate_hz`, the first at the impulse.
        stretch : float, optional
            A further factor of the time axis: 1.02 is a path that is two per cent slower.

        Returns
        -------
        ndarray of float64, shape (size,)
            Displacement in m per N m, or per N of ``"VF"``.
        """
        depth = self.nearest_depth(source, depth_km)
        rows = self._rows[source, depth]
        row = rows[np.argmin(np.abs(np.log(self.distances_km[rows] / distance_km)))]
        ratio = distance_km / self.distances_km[row]
        times = np.arange(size) / self.sampling_rate_hz / (ratio * stretch)
        computed = self.starts_s[row] + np.arange(self.responses.shape[1]) / self.sampling_rate_hz
        return np.asarray(np.interp(times, computed, self.responses[row], left=0.0, right=0.0) / ratio)


@cache
def load_greens(path: Path | None = None) -> GreensFunctions:
    """Read a file that ``data/make_greens.py`` wrote.

    Parameters
    ----------
    path : Path, optional
        The ``.npz`` file; the shipped one when left out.

    Returns
    -------
    GreensFunctions
        The responses in SI units, with the last five seconds of each tapered.

    Raises
    ------
    RecordError
        When the file is missing.

    Examples
    --------
    >>> load_greens().sampling_rate_hz
    40.0
    """
    path = path or share_folder("data") / "greens.npz"
    if not path.is_file():
        raise RecordError(f"The Green's functions {path} are missing; make them with data/make_greens.py.")
    with np.load(path, allow_pickle=False) as file:
        content: dict[str, Any] = dict(file)
    sources = tuple(str(source) for source in content["source"])
    rate = float(content["sampling_rate_hz"])
    unit = np.array([_METRES_PER_NEWTON if source == "VF" else _METRES_PER_NEWTON_METRE for source in sources])
    responses = content["response"] * (content["scale"] * unit)[:, None]
    fall = int(5 * rate)
    responses[:, -fall:] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return GreensFunctions(
        sources=sources,
        depths_km=content["depth_km"],
        distances_km=content["distance_km"],
        starts_s=content["start_s"],
        responses=responses,
        sampling_rate_hz=rate,
    )
