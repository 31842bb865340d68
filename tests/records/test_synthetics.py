"""The teaching set is repeatable, follows the physics it claims, and ships as it is made."""

import pickle
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt, welch

from trova_widgets.errors import RecordError
from trova_widgets.identity import identity_of_bytes
from trova_widgets.records import Computed, read_catalog, read_waveforms
from trova_widgets.records.files.obspy_plugins import obspy_module
from trova_widgets.records.synthetics import (
    EVENT_CLASSES,
    FIRST_PART_EVENTS,
    MOST_EVENTS,
    TEACHING_COUNT,
    TEACHING_SEED,
    event_name,
    load_greens,
    load_sightings,
    planned_events,
    sighting_of,
    synthesise,
    synthesise_events,
    teaching_events,
    teaching_sources,
    write_teaching_set,
)
from trova_widgets.records.synthetics.events import FARTHEST_KM, NEAREST_KM, draw_event
from trova_widgets.records.synthetics.generate import planned_event
from trova_widgets.records.synthetics.noise import high_noise_db, low_noise_db, noise, noise_db
from trova_widgets.records.synthetics.paths import Path as WavePath
from trova_widgets.records.synthetics.paths import octave_bands, travel
from trova_widgets.records.synthetics.sources import (
    Blast,
    Mechanism,
    brune_rate,
    corner_frequency,
    moment_of,
    ripple_delays,
)

TEACHING = Path(__file__).resolve().parents[2] / "data" / "teaching"
#: Identities of the files of some further events.
FURTHER = {"xt0191": "704e558f4842d32fd37d", "xt0192": "068cd7b238f6dbe454b2", "xt0600": "85a2971eeaadb190ccd3"}


def test_one_seed_gives_one_set_and_a_larger_set_starts_with_the_smaller():
    small = list(synthesise(5, seed=7))
    large = list(islice(synthesise(8, seed=7), 8))
    for one, other in zip(small, large[:5], strict=True):
        assert one.samples.tobytes() == other.samples.tobytes()
        assert (one.event.event_id, one.station, one.start_time_ns) == (
            other.event.event_id,
            other.station,
            other.start_time_ns,
        )
    assert next(synthesise(1, seed=8)).samples.tobytes() != small[0].samples.tobytes()


@pytest.mark.parametrize("workers", [1, 3])
def test_events_are_the_same_however_many_make_them(workers: int):
    one_by_one = list(synthesise(14, seed=5))
    together = [record for records in synthesise_events(range(4), 5, workers=workers) for record in records]
    assert len(together) >= len(one_by_one)
    for one, other in zip(one_by_one, together, strict=False):
        assert (one.event.event_id, one.station, one.start_time_ns) == (
            other.event.event_id,
            other.station,
            other.start_time_ns,
        )
        assert one.samples.tobytes() == other.samples.tobytes()


def test_a_record_is_signal_and_noise_and_lies_within_the_region():
    records = list(synthesise(14, seed=3))
    assert {record.event.event_class for record in records} == set(EVENT_CLASSES)
    for record in records:
        assert record.samples.dtype == np.int32
        assert record.samples.shape == record.clean.shape == record.noise.shape == (4800,)
        assert np.abs(record.samples - record.clean - record.noise).max() <= 0.5
        assert NEAREST_KM <= record.distance_km <= FARTHEST_KM
        lead_s = (record.event.origin_time_ns - record.start_time_ns) / 1e9
        assert 20 <= lead_s <= 30
        assert not record.clean[: int(lead_s * record.sampling_rate_hz)].any()


def test_an_empty_set_is_refused():
    with pytest.raises(RecordError, match="at least one"):
        next(synthesise(0, seed=1))


def test_an_unknown_source_is_refused():
    with pytest.raises(RecordError, match="choose one of"):
        load_greens().response("XX", 1.0, 100.0, 100)


def test_a_shallow_explosion_has_rg_and_a_deep_double_couple_has_none():
    greens = load_greens()
    rate = greens.sampling_rate_hz
    band = butter(3, [0.5, 2.0], "bandpass", fs=rate, output="sos")

    def surface_wave_share(source: str, depth_km: float) -> float:
        motion = sosfiltfilt(band, greens.response(source, depth_km, 110.0, 4096))
        slow = slice(int(110 / 3.2 * rate), int(110 / 2.3 * rate))
        return float((motion[slow] ** 2).sum() / (motion**2).sum())

    quarry, mine, deep = (surface_wave_share(*case) for case in (("EX", 0.05), ("EX", 0.9), ("SS", 12.0)))
    assert quarry > 0.9
    assert quarry > mine
    assert deep < quarry / 2


def test_a_brune_spectrum_is_flat_then_falls_by_four_an_octave():
    rate = np.abs(brune_rate(np.array([0.01, 5.0, 400.0, 800.0]), 5.0))
    assert rate[0] == pytest.approx(1, abs=1e-4)
    assert rate[1] == pytest.approx(0.5)
    assert rate[2] / rate[3] == pytest.approx(4, rel=1e-3)


def test_a_thousand_times_the_moment_has_a_tenth_of_the_corner():
    assert corner_frequency(moment_of(3.0), 3.0) == pytest.approx(10 * corner_frequency(moment_of(5.0), 3.0))


def test_equal_delays_modulate_the_spectrum_at_their_rate():
    blast = Blast(
        delays_s=np.arange(10) * 0.1,
        charges=np.full(10, 0.1),
        corner_hz=6.0,
        momentum_ns_per_nm=1e-5,
        flight_s=0.4,
    )
    ripple = np.abs(blast.ripple(np.array([0.0, 1.0, 5.0, 10.0])))
    assert ripple == pytest.approx([1, 0, 0, 1], abs=1e-9)


def test_the_spall_gives_back_the_momentum_it_takes():
    blast = Blast(delays_s=np.zeros(1), charges=np.ones(1), corner_hz=6.0, momentum_ns_per_nm=1.0, flight_s=0.4)
    low = np.array([0.0, 1e-3, 2e-3])
    force = np.abs(blast.force_rate(low))
    assert force[0] == 0
    # no net force and no net momentum: the rate grows faster than the frequency
    assert force[2] / force[1] > 3.5


def test_shots_fire_in_order_within_the_duration():
    for seed in range(20):
        delays = ripple_delays(np.random.default_rng(seed), 0.8, 0.025, 0.1)
        assert delays[0] == 0
        assert (np.diff(delays) >= 0).all()
        assert delays[-1] <= 0.8


def test_a_vertical_strike_slip_is_antisymmetric_about_its_fault():
    mechanism = Mechanism(strike_deg=20, dip_deg=90, rake_deg=0)
    assert mechanism.weights(65)["SS"] == pytest.approx(-mechanism.weights(-25)["SS"])


@pytest.mark.parametrize(("ours", "theirs"), [(low_noise_db, "get_nlnm"), (high_noise_db, "get_nhnm")])
def test_the_noise_models_are_petersons(ours, theirs):
    periods, power = getattr(obspy_module("obspy.signal.spectral_estimation"), theirs)()
    inside = (periods >= 0.1) & (periods <= 20)
    assert ours(1 / periods[inside]) == pytest.approx(power[inside], abs=0.3)


def test_the_noise_has_the_power_of_its_model():
    ground = noise(np.random.default_rng(1), 400_000, 40.0, microseism=0.5, culture=0.2)
    frequencies, power = welch(np.gradient(ground, 1 / 40.0), 40.0, nperseg=4096)
    inside = (frequencies > 0.1) & (frequencies < 4)
    difference = 10 * np.log10(power[inside]) - noise_db(frequencies[inside], 0.5, 0.2)
    assert abs(difference.mean()) < 1
    assert np.abs(difference).max() < 4


def test_scattering_adds_a_coda_and_no_energy_before_the_first_arrival():
    spectrum = np.fft.rfft(np.r_[np.zeros(1000), 1.0, np.zeros(7191)])
    paths = [
        WavePath(stretch=1, quality_1_hz=350, quality_power=0.6, scattered=share, coda_quality_1_hz=110)
        for share in (1e-9, 0.5)
    ]
    calm, coda = (travel(np.random.default_rng(0), spectrum, 40.0, path) for path in paths)
    assert (coda[1100:3000] ** 2).sum() > 100 * (calm[1100:3000] ** 2).sum()
    assert octave_bands(8192, 40.0).sum(axis=0) == pytest.approx(1)


def test_earthquakes_are_deep_and_most_blasts_keep_working_hours():
    drawn = {kind: [draw_event(np.random.default_rng(seed), 0, kind) for seed in range(100)] for kind in EVENT_CLASSES}
    assert all(3 <= event.depth_km <= 20 for event in drawn["earthquake"])
    assert all(0.2 <= event.depth_km <= 0.9 for event in drawn["mine_blast"])
    by_day = [7 <= event.origin_time_ns // 3_600_000_000_000 % 24 < 14 for event in drawn["quarry_blast"]]
    assert 0.8 < np.mean(by_day) < 1


def test_the_shipped_records_are_those_the_generator_makes():
    for record in synthesise(4, TEACHING_SEED):
        waveforms = read_waveforms(TEACHING / "waveforms" / f"{record.event.event_id}.mseed")
        (waveform,) = [waveform for waveform in waveforms if waveform.station == record.station.code]
        assert waveform.start_time_ns == pytest.approx(record.start_time_ns, abs=1_000_000)
        # one count is what another machine's Fourier transform may round the other way
        assert np.abs(waveform.samples - record.samples).max() <= 1


def test_the_first_part_is_taken_as_it_ships_and_is_what_the_generator_makes(tmp_path: Path):
    for shipped, folder in ((True, tmp_path / "shipped"), (False, tmp_path / "made")):
        assert write_teaching_set(folder, teaching_events(3, shipped=shipped)) == 3
        for name in ("xt0001", "xt0002", "xt0003"):
            ships = TEACHING / "waveforms" / f"{name}.mseed"
            written = folder / "waveforms" / ships.name
            if shipped:
                assert written.read_bytes() == ships.read_bytes()
            for one, other in zip(read_waveforms(written), read_waveforms(ships), strict=True):
                assert np.abs(one.samples - other.samples).max() <= 1
        assert list(read_catalog(folder / "catalog.xml")) == list(read_catalog(TEACHING / "catalog.xml"))[:3]
        assert (folder / "stations.xml").read_bytes() == (TEACHING / "stations.xml").read_bytes()


def test_the_further_events_are_those_of_the_results_that_ship():
    """A trial is known by its records, and a record by its bytes: these may differ on no machine and in no version."""
    there = {event_name(number, TEACHING_SEED) for number in range(600)} - {"xt0191", "xt0192", "xt0600"}
    contents = {each.event.event_id: identity_of_bytes(each.content) for each in teaching_events(600, there=there)}
    assert contents == FURTHER


def test_what_ships_of_who_sees_an_event_is_what_is_found_out():
    found = load_sightings()
    assert list(found) == [event_name(number, TEACHING_SEED) for number in range(FIRST_PART_EVENTS, 600)]
    for number in (190, 191, 342, 599):
        assert sighting_of(number, TEACHING_SEED) == found[event_name(number, TEACHING_SEED)]
    there = {event_name(number, TEACHING_SEED) for number in range(193)} - {"xt0192", "xt0193"}
    kept, anew = (list(teaching_events(193, there=there, shipped=shipped)) for shipped in (True, False))
    assert kept == anew


@pytest.mark.parametrize("seed", [TEACHING_SEED, 5])
def test_what_is_made_where_it_is_read_is_what_is_made_ahead(seed: int):
    there = {event_name(number, seed) for number in range(193)} - {event_name(number, seed) for number in (189, 191)}
    sources = pickle.loads(pickle.dumps(teaching_sources(194, seed, there=there)))
    made = [each.compute() if isinstance(each, Computed) else each for each in sources]
    assert made == list(teaching_events(194, seed, there=there))
    assert [each.path.name for each in sources] == [each.path.name for each in made]
    assert any(isinstance(each, Computed) for each in sources)


def test_sightings_that_cannot_be_read_are_named(tmp_path: Path):
    with pytest.raises(RecordError, match=r"sightings .*nowhere.csv cannot be read"):
        load_sightings(tmp_path / "nowhere.csv")
    (tmp_path / "other.csv").write_text("event,steps,stations\nxt0191,0,ABC\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"other.csv cannot be read"):
        load_sightings(tmp_path / "other.csv")


def test_the_first_part_ends_with_its_716th_record():
    ((last,),) = synthesise_events([FIRST_PART_EVENTS - 1], TEACHING_SEED)
    assert last.event.event_id == "xt0190"
    ((*others,),) = synthesise_events([FIRST_PART_EVENTS - 1], seed=1)
    assert len(others) >= 3


def test_no_two_events_share_a_day_or_a_name():
    events = planned_events(700)
    days = [event.origin_time_ns // 3_600_000_000_000 + 3 for event in events]
    assert len({hour // 24 for hour in days}) == len({event.event_id for event in events}) == len(events)
    first = min(event.origin_time_ns for event in events[:FIRST_PART_EVENTS])
    assert max(event.origin_time_ns for event in events[FIRST_PART_EVENTS:]) < first
    assert not {event.event_id for event in events} & {event.event_id for event in planned_events(700, seed=3)}


@pytest.mark.parametrize("events", [0, -1, MOST_EVENTS + 1])
def test_a_set_of_no_events_or_of_too_many_is_refused(events: int):
    with pytest.raises(RecordError, match="ask for 1 to 100000"):
        planned_events(events)
    with pytest.raises(RecordError, match="ask for 1 to 100000"):
        next(teaching_events(events))


def test_the_last_event_of_the_largest_set_is_in_a_calendar():
    assert planned_event(MOST_EVENTS - 1, TEACHING_SEED).origin_time_ns > -9_200_000_000 * 10**9


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RecordError, match="cannot be written to"):
        write_teaching_set(tmp_path / "file", teaching_events(1))


def test_the_catalogue_and_the_files_agree():
    catalog = read_catalog(TEACHING / "catalog.xml")
    files = sorted((TEACHING / "waveforms").glob("*.mseed"))
    assert [event.event_id for event in catalog] == [file.stem for file in files]
    kinds = [event.event_type for event in catalog]
    counts = [kinds.count(kind) for kind in ("earthquake", "quarry blast", "mining explosion")]
    assert sum(counts) == len(catalog)
    assert max(counts) - min(counts) <= 1


def test_the_teaching_set_has_the_size_of_the_articles():
    files = (TEACHING / "waveforms").glob("*.mseed")
    assert sum(len(read_waveforms(file)) for file in files) == TEACHING_COUNT
