"""Compute the Green's functions of the teaching set: ``python data/make_greens.py``.

The layered crust, the depths and the distances stand here; the arithmetic is done by pygrt-kit (Zhu 2024, the
generalised reflection-transmission method with discrete wavenumber and self-adaptive Filon integration), which is
wanted only to make this file: ``pip install pygrt-kit==0.18.0``. The result, ``greens.npz``, is a list of
vertical displacements at the free surface after an impulse of moment (EX, DD, DS, SS) or of force (VF, downward),
each scaled to sixteen bits. An impulse of moment gives as displacement what a step of moment gives as velocity, so a
moment source is convolved with its moment rate, a force with the rate of its change, to make a velocity record.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import obspy
from pygrt import PyModel1D

# thickness km, Vp km/s, Vs km/s, density g/cm3, Qp, Qs: a shield with a weathered, slower top, where Rg lives
CRUST = """\
0.3   4.9   2.75  2.55  160   80
1.7   5.8   3.35  2.66  400  200
9.0   6.15  3.55  2.75  700  350
15.0  6.5   3.75  2.86 1000  500
15.0  6.9   3.95  3.00 1200  600
0.0   8.1   4.6   3.32 1500  750
"""
DISTANCES_KM = np.round(np.geomspace(30, 200, 14), 1)
EXPLOSION_DEPTHS_KM = (0.05, 0.2, 0.4, 0.6, 0.9)
EARTHQUAKE_DEPTHS_KM = (3.0, 5.0, 8.0, 12.0, 16.0, 20.0)
EXPLOSION_SOURCES = ("EX", "VF")
EARTHQUAKE_SOURCES = ("DD", "DS", "SS")
INTERVAL_S = 0.025
SAMPLES = 3200
LEAD_S = 3.0
HIGHEST_HZ = 15.0
# a smooth end of the band: a sharp one would ring over the whole trace
ROLL_OFF_HZ = 12.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("greens.npz"))
    target: Path = parser.parse_args().to
    rows, traces = [], []
    with tempfile.TemporaryDirectory() as folder:
        crust = Path(folder, "crust")
        crust.write_text(CRUST)
        model = PyModel1D(grn=Path(folder, "greens"), modelpath=crust)
        for depths, families, sources in (
            (EARTHQUAKE_DEPTHS_KM, ["DC"], EARTHQUAKE_SOURCES),
            (EXPLOSION_DEPTHS_KM, ["EX", "VF"], EXPLOSION_SOURCES),
        ):
            for depth in depths:
                compute(model, depth, families)
                for distance in DISTANCES_KM:
                    for source in sources:
                        start, response = read(Path(folder, "greens"), depth, distance, source)
                        rows.append((source, depth, distance, start))
                        traces.append(response)
                print(f"depth {depth} km done", flush=True)
    responses = np.stack(traces)
    peaks = np.abs(responses).max(axis=1)
    scaled = np.round(responses / peaks[:, None] * 32767).astype(np.int16)
    source, depth, distance, start = zip(*rows, strict=True)
    np.savez_compressed(
        target,
        source=np.array(source),
        depth_km=np.array(depth),
        distance_km=np.array(distance),
        start_s=np.array(start),
        scale=peaks / 32767,
        response=scaled,
        sampling_rate_hz=np.array(1 / INTERVAL_S),
        crust=np.array(CRUST),
    )
    print(f"{len(rows)} Green's functions, {target.stat().st_size / 1e6:.2f} MB in {target}")


def compute(model: PyModel1D, depth_km: float, families: list[str]) -> None:
    model.greenfn(
        depsrc=depth_km,
        deprcv=0.0,
        dists=DISTANCES_KM,
        nt=SAMPLES,
        dt=INTERVAL_S,
        freqband=(-1.0, HIGHEST_HZ),
        # plain wavenumber sums take far longer over a source this shallow
        safilonTol=0.003,
        filonCut=20.0,
        k0=5.0,
        gf_source=families,
        delayT0=-LEAD_S,
        ref_first_p=True,
        nthreads=1,
        print_log=False,
    )


def read(folder: Path, depth_km: float, distance_km: float, source: str) -> tuple[float, np.ndarray]:
    (path,) = folder.glob(f"crust_{depth_km:g}_0_{distance_km:g}/{source}Z.sac")
    trace = obspy.read(path, format="SAC")[0]
    frequencies = np.fft.rfftfreq(SAMPLES, INTERVAL_S)
    fall = np.clip((frequencies - ROLL_OFF_HZ) / (HIGHEST_HZ - ROLL_OFF_HZ), 0, 1)
    spectrum = np.fft.rfft(trace.data) * np.cos(np.pi / 2 * fall) ** 2
    return float(trace.stats.sac.b), np.fft.irfft(spectrum, SAMPLES)


if __name__ == "__main__":
    main()
