"""How fast the fingerprint engine is, beside the bare wavelet transforms of other libraries.

Run with ``python -m tests.benchmarks.fingerprints``. Records of 120 s at 100 Hz, 64 frequencies from 1 to 16 Hz, one
thread. The others compute a continuous wavelet transform with the same Morlet wavelet and nothing else; the engine
computes whole fingerprints (onset, detrending, taper, transform, amplitude, Haar, selection) of the same 120 s. All
take their turn in every round, and what counts is the processor's time, not the clock's, so that a busy machine slows
all of them alike. Records a second are by the clock: they want a machine that nobody else uses.
"""

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_variable] = "1"
os.environ["SSQ_PARALLEL"] = "0"

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import math  # noqa: E402
import platform  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from scipy import fft  # noqa: E402

from tests.benchmarks import similarity, workspace_fingerprints  # noqa: E402
from trova_widgets.fingerprinting import FingerprintRecipe, fingerprint, fingerprints  # noqa: E402
from trova_widgets.fingerprinting.bank import filter_bank  # noqa: E402

RATE_HZ = 100.0
RECORD_S = 120.0
WIDTH = 6.0
BATCH = 64
# By the clock: records for some tenths of a second.
LONG_BATCH = 512
PER_SECOND = 2500
ONSET_S = 30.0
VARIANTS_HZ = [0.7, 0.84, 1.0, 1.19, 1.41]

RECIPE = FingerprintRecipe(window_reference="start", window_start_s=0.0, window_s=RECORD_S, morlet_width=WIDTH)
FREQUENCIES_HZ = RECIPE.frequencies_hz

Records = NDArray[np.float64]
Work = Callable[[], object]


def records(count: int) -> Records:
    """Return noise with an event after 30 s."""
    rng = np.random.default_rng(11)
    clock = np.arange(int(RECORD_S * RATE_HZ)) / RATE_HZ
    event = np.where(clock > ONSET_S, 20 * np.exp((ONSET_S - clock) / 15), 0.0)
    return np.asarray(rng.normal(size=(count, clock.size)) * (1 + event))


def others(record: Records) -> dict[str, Work | str]:
    """Return each peer's transform of one record, or the reason why it cannot be measured."""
    result: dict[str, Work | str] = {}
    import pywt

    # psi(t) = exp(-t^2 / B) exp(2 pi i t): its width is 2 pi sqrt(B / 2)
    wavelet = pywt.ContinuousWavelet(f"cmor{2 * (WIDTH / (2 * math.pi)) ** 2:.6f}-1.0")
    scales = RATE_HZ / FREQUENCIES_HZ
    for method in ("fft", "conv"):
        result[f"pywt.cwt ({method})"] = lambda m=method: pywt.cwt(record, scales, wavelet, 1 / RATE_HZ, method=m)
    if importlib.util.find_spec("obspy"):
        from obspy.signal.tf_misfit import cwt

        lowest, highest = FREQUENCIES_HZ[0], FREQUENCIES_HZ[-1]
        result["obspy cwt"] = lambda: cwt(record, 1 / RATE_HZ, WIDTH, lowest, highest, FREQUENCIES_HZ.size)
    else:
        result["obspy cwt"] = "obspy is not installed"
    if importlib.util.find_spec("ssqueezepy"):
        import ssqueezepy

        morlet = ssqueezepy.Wavelet(("morlet", {"mu": WIDTH}))
        octaves = WIDTH / (2 * math.pi) * RATE_HZ / FREQUENCIES_HZ[::-1]
        result["ssqueezepy.cwt"] = lambda: ssqueezepy.cwt(record, morlet, octaves, fs=RATE_HZ)
    else:
        result["ssqueezepy.cwt"] = "ssqueezepy is not installed: pip install ssqueezepy"
    return result


def transforms_alone(batch: Records) -> Work:
    """Return the engine's Fourier transforms of a batch and nothing else: what it could not do without."""
    bank = filter_bank(RECIPE, RATE_HZ)
    pieces = np.resize(batch, (len(batch), bank.clock.size))
    bands = [np.ones((len(batch), len(band.gains), band.length), dtype=np.complex128) for band in bank.bands]

    def work() -> None:
        fft.rfft(pieces)
        for band in bands:
            fft.ifft(band, overwrite_x=True)

    return work


def median_ms(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """Return the median milliseconds of processor time of each work, when they take turns."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            start = time.process_time()
            work()
            times[name].append(time.process_time() - start)
    return {name: 1e3 * float(np.median(measured)) for name, measured in times.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    batch = records(BATCH)
    peers = others(batch[0])
    works: dict[str, Work] = {name: work for name, work in peers.items() if not isinstance(work, str)}

    def one_by_one() -> None:
        for record in batch[:8]:
            fingerprint(record, RATE_HZ, RECIPE)

    works["Trova, one at a time"] = one_by_one
    works["Trova, batch"] = lambda: fingerprints(batch, RATE_HZ, RECIPE)
    works["Trova, default recipe"] = lambda: fingerprints(batch, RATE_HZ, onsets_s=np.full(BATCH, ONSET_S))
    works["Trova, five variants"] = lambda: fingerprints(
        batch[:8], RATE_HZ, RECIPE, cutoffs_hz=np.tile(VARIANTS_HZ, (8, 1))
    )
    works["Fourier transforms alone"] = transforms_alone(batch[:8])
    ms = median_ms(works, rounds)
    for name in ("Trova, batch", "Trova, default recipe"):
        ms[name] /= BATCH
    for name in ("Trova, one at a time", "Trova, five variants", "Fourier transforms alone"):
        ms[name] /= 8

    print(f"{RECORD_S:g} s at {RATE_HZ:g} Hz, {FREQUENCIES_HZ.size} frequencies, one thread; {processor()}")
    print(f"numpy {np.__version__}, median of {rounds} rounds\n")
    print("                            ms a record   Trova one at a time is faster   in a batch")
    for name, peer in peers.items():
        if isinstance(peer, str):
            print(f"{name:26}  NOT MEASURED: {peer}")
            continue
        single, many = ms[name] / ms["Trova, one at a time"], ms[name] / ms["Trova, batch"]
        print(f"{name:26}  {ms[name]:11.2f}   {single:22.0f} times  {many:6.0f} times")
    for name in works:
        if name not in peers:
            print(f"{name:26}  {ms[name]:11.3f}")
    share = ms["Fourier transforms alone"] / ms["Trova, batch"]
    print(
        f"\nshare of Fourier transforms in a batch: {share:.0%}; without all else it were {1 / share:.1f} times faster"
    )
    _print_claims(ms)
    _print_rates(rounds)
    workspace_fingerprints.main()
    similarity.main()


def processor() -> str:
    """Return the name of the processor, as far as the system tells it."""
    if (processor := Path("/proc/cpuinfo")).exists():
        for line in processor.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _print_claims(ms: dict[str, float]) -> None:
    claims = [
        ("pywt.cwt (fft)", "Trova, one at a time", 20),
        ("pywt.cwt (fft)", "Trova, batch", 40),
        ("obspy cwt", "Trova, batch", 100),
    ]
    for peer, own, aim in claims:
        if peer in ms:
            ratio = ms[peer] / ms[own]
            print(f"{'reached' if ratio >= aim else 'MISSED'}: {own} {ratio:.0f} times faster than {peer} (aim: {aim})")


def _print_rates(rounds: int) -> None:
    """Print the best rates over the rounds: what the cores give when no one else wants them."""
    batch = records(LONG_BATCH)
    best = dict.fromkeys((1, 2), 0.0)
    for _ in range(rounds):
        for workers in best:
            start = time.perf_counter()
            fingerprints(batch, RATE_HZ, RECIPE, workers=workers)
            best[workers] = max(best[workers], len(batch) / (time.perf_counter() - start))
    print(f"\nbatches on one core:  {best[1]:,.0f} records a second")
    print(f"batches on two cores: {best[2]:,.0f} records a second, {best[2] / best[1]:.2f} times as many")
    print(f"{'reached' if best[2] >= PER_SECOND else 'MISSED'}: {PER_SECOND:,} records a second on two cores")


if __name__ == "__main__":
    main()
