"""Make ``outlines.npz``, the coasts and borders of the map, from Natural Earth (public domain).

Natural Earth 4.1 at 1:10 million comes as TopoJSON in the npm package world-atlas 2.0.2 (ISC)::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python data/make_outlines.py package/countries-10m.json

The land is kept as rings of arcs, and an arc that two countries share is a border. Points that lie closer than
`TOLERANCE` to the line without them are left out (Douglas and Peucker, 1973).
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: In steps of the topology's own grid, 0.0036 degrees of longitude and 0.0017 of latitude.
TOLERANCE = 1.0


def arc_numbers(nested: Any) -> Iterator[int]:
    """Give the numbers of the arcs in a geometry; one that runs backwards has the complement of its number."""
    if isinstance(nested, int):
        yield nested if nested >= 0 else ~nested
    else:
        for item in nested:
            yield from arc_numbers(item)


def simplified(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out the points of a line that lie close to the line without them."""
    kept = np.zeros(len(line), dtype=bool)
    kept[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        along, inner = line[last] - line[first], line[first + 1 : last] - line[first]
        length = float(np.hypot(*along))
        away = np.abs(along[0] * inner[:, 1] - along[1] * inner[:, 0]) / length if length else np.hypot(*inner.T)
        farthest = int(away.argmax())
        if away[farthest] > TOLERANCE:
            kept[first + 1 + farthest] = True
            waiting += [(first, first + 1 + farthest), (first + 1 + farthest, last)]
    return line[kept]


def main(source: Path) -> None:
    topology = json.loads(source.read_text(encoding="utf-8"))
    users = Counter(
        number
        for country in topology["objects"]["countries"]["geometries"]
        for number in set(arc_numbers(country.get("arcs", [])))
    )
    rings = [
        ring
        for geometry in topology["objects"]["land"]["geometries"]
        for polygon in geometry["arcs"]
        for ring in polygon
    ]
    lines = [simplified(np.cumsum(np.array(arc, dtype=np.float64), axis=0)) for arc in topology["arcs"]]
    steps = np.concatenate([np.diff(line, axis=0) for line in lines]).astype(np.int32)
    np.savez_compressed(
        Path(__file__).parent / "outlines.npz",
        starts=np.array([line[0] for line in lines]).astype(np.int32),
        counts=np.array([len(line) for line in lines], dtype=np.int32),
        steps=steps,
        borders=np.array([number for number in range(len(lines)) if users[number] > 1], dtype=np.int32),
        # the arcs of all rings of land, one after the other; one that runs backwards has the complement of its number
        ring_arcs=np.array([number for ring in rings for number in ring], dtype=np.int32),
        ring_counts=np.array([len(ring) for ring in rings], dtype=np.int32),
        scale=np.array(topology["transform"]["scale"]),
        origin=np.array(topology["transform"]["translate"]),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
