"""Make the SeisBench data sets of the tests, with what SeisBench itself reads from them.

    pip install seisbench && python tests/records/make_seisbench_golden.py

Two sets of random numbers: ``whole`` (one pair of files, traces of different lengths packed into buckets) and
``chunked`` (two pairs of files, a list of chunks, time before components, an own component order for each trace).
``expected.npz`` has, for each of them, the samples of every trace by component and its metadata, as
`seisbench.data.WaveformDataset` gives them.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import seisbench.data

FOLDER = Path(__file__).parent / "golden" / "seisbench"
TYPES = ["earthquake", "quarry blast", "explosion", "not reported"]


def metadata(number: int, **more: object) -> dict:
    return {
        "trace_name": f"trace-{number}",
        "trace_start_time": f"2021-05-04T12:{number:02d}:00.250000Z",
        "trace_sampling_rate_hz": [40.0, 20.0][number % 2],
        "trace_channel": "BH",
        "station_network_code": "IM",
        "station_code": f"APA{number}",
        "station_location_code": "" if number % 2 else "B1",
        "station_latitude_deg": 67.0 + number,
        "station_longitude_deg": 33.0,
        "source_id": f"kola{number // 2}",
        "source_origin_time": f"2021-05-04T12:{number // 2 * 2:02d}:10.500000Z",
        "source_latitude_deg": 67.5,
        "source_longitude_deg": 33.5,
        "source_depth_km": 0.5,
        "source_magnitude": 1.5,
        "source_magnitude_type": "ML",
        "source_type": TYPES[number // 2 % len(TYPES)],
        "split": ["train", "dev", "test"][number % 3],
    } | more


def write_whole(folder: Path, generator: np.random.Generator) -> None:
    with seisbench.data.WaveformDataWriter(folder / "metadata.csv", folder / "waveforms.hdf5") as writer:
        writer.data_format = {"dimension_order": "CW", "component_order": "ZNE", "measurement": "velocity"}
        writer.bucket_size = 4
        for number in range(8):
            samples = generator.normal(0, 1000, (3, 800 + 40 * (number % 3))).astype(np.float32)
            writer.add_trace(metadata(number), samples)


def write_chunked(folder: Path, generator: np.random.Generator) -> None:
    for index, chunk in enumerate(["_A", "_B"]):
        names = folder / f"metadata{chunk}.csv", folder / f"waveforms{chunk}.hdf5"
        with seisbench.data.WaveformDataWriter(*names) as writer:
            writer.data_format = {"dimension_order": "WC"}
            writer.bucketer = seisbench.data.GeometricBucketer(axis=0)
            for number in range(3 * index, 3 * index + 3):
                samples = generator.integers(-9999, 9999, (900, 3)).astype(np.int32)
                writer.add_trace(metadata(number, trace_component_order=["ZNE", "NEZ"][number % 2]), samples)
    (folder / "chunks").write_text("_A\n_B\n")


def read(folder: Path) -> dict[str, np.ndarray]:
    data = seisbench.data.WaveformDataset(folder, component_order="ZNE", dimension_order="NCW")
    found = {}
    for index, row in data.metadata.reset_index(drop=True).iterrows():
        samples, _ = data.get_sample(index)
        # SeisBench pads nothing for a single trace
        found[f"{folder.name}/{index}/samples"] = samples
        found[f"{folder.name}/{index}/metadata"] = np.array(json.dumps(row.to_dict(), default=str))
    return found


def main() -> None:
    generator = np.random.default_rng(2024)
    shutil.rmtree(FOLDER, ignore_errors=True)
    expected = {}
    for name, write in (("whole", write_whole), ("chunked", write_chunked)):
        (FOLDER / name).mkdir(parents=True)
        write(FOLDER / name, generator)
        expected |= read(FOLDER / name)
    np.savez_compressed(FOLDER / "expected.npz", **expected)


if __name__ == "__main__":
    main()
