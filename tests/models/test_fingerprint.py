import asyncio
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.models.standin import NOW, StandIn
from tests.models.test_background import answered
from trova_widgets.errors import StoreError
from trova_widgets.figures.fingerprint_views import bits_uri
from trova_widgets.fingerprinting import FingerprintRecipe, fingerprint, recipe_named, shifted_cutoffs, unpack
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.fingerprint import FingerprintModel
from trova_widgets.models.fingerprint_stages import stages

RATE = 50.0


def record(seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    clock = np.arange(int(120 * RATE)) / RATE
    event = np.where(clock > 20, np.exp(-(clock - 20) / 15), 0) * np.sin(2 * np.pi * 5 * clock)
    return random.normal(size=clock.size) + 30 * event


class Study(StandIn):
    """A workspace whose records have fingerprints."""

    def __init__(self, count: int = 12, *, with_fingerprints: bool = True) -> None:
        super().__init__(count)
        self.with_fingerprints = with_fingerprints
        self.default = FingerprintRecipe()

    def waveform(self, record_id: str) -> Any:
        return SimpleNamespace(sampling_rate_hz=RATE, samples=record(int(record_id[1:])))

    def recipe(self) -> FingerprintRecipe:
        return self.default

    def recipes(self) -> pd.DataFrame:
        saved = FingerprintRecipe(keep=200)
        rows = [
            ["a", "usual", self.default.to_dict(), True, NOW],
            [saved.identity, "sparse", saved.to_dict(), False, NOW],
        ]
        return pd.DataFrame(rows, columns=["recipe_id", "name", "values", "is_default", "created_at"])

    def use_recipe(self, recipe: FingerprintRecipe) -> None:
        self.calls.append(("use", recipe))
        self.default = recipe
        self.change()

    def compute_fingerprints(self, recipe: FingerprintRecipe | None = None, *, progress: Any) -> str:
        self.calls.append(("fingerprint", recipe, len(list(progress(range(3), "fingerprinting", 3)))))
        return "3 records fingerprinted."

    def similar(self, record_id: str, count: int) -> pd.DataFrame:
        if not self.with_fingerprints:
            raise StoreError(
                f"Record {record_id} has no fingerprint of the default recipe; compute fingerprints first."
            )
        others = self._records[self._records["record_id"] != record_id].head(count)
        return others.assign(similarity=np.linspace(0.9, 0.5, len(others)))

    def fingerprints_of(self, record_id: str) -> dict[int, np.ndarray]:
        return {0: np.eye(64, dtype=bool)}


@pytest.fixture
def workspace() -> Study:
    return Study()


@pytest.fixture
def page(workspace: Study) -> FingerprintModel:
    application = ApplicationModel(workspace)
    application.page = "fingerprint"
    return FingerprintModel(application)


def test_the_stages_lead_to_the_fingerprint_of_each_variant() -> None:
    recipe = FingerprintRecipe(keep=150)
    made = stages(record(), RATE, recipe, onset_s=20.0, cutoff_hz=1.5, variant=1)
    for bits, cutoff_hz in zip(made.bits, shifted_cutoffs(1.5, recipe), strict=True):
        assert np.array_equal(bits, fingerprint(record(), RATE, recipe, onset_s=20.0, cutoff_hz=float(cutoff_hz)))
    strongest = np.argsort(-np.abs(made.plane).ravel(), kind="stable")[:150]
    assert np.array_equal(np.flatnonzero(made.bits[3]), np.sort(strongest))
    picture = made.picture()
    assert np.array_equal(unpack(picture["fingerprint"]["bits"]), made.bits[3])
    rows, columns, from_s, to_s, from_hz, to_hz = np.frombuffer(picture["patches"], dtype="<f4").reshape(-1, 6).T
    assert len(rows) == picture["fingerprint"]["points"] == 150
    assert np.array_equal(np.stack([rows, columns], axis=1), np.argwhere(made.bits[3]))
    assert ((made.window_s[0] <= from_s) & (from_s < to_s) & (to_s <= made.window_s[1])).all()
    low_hz, high_hz = picture["axes"]["low_hz"], picture["axes"]["high_hz"]
    assert ((low_hz - 1e-3 <= from_hz) & (from_hz < to_hz) & (to_hz <= high_hz + 1e-3)).all()
    assert len(picture["scalogram"]["levels"]) == len(picture["haar"]["levels"]) == 64 * 64


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("signs", ["one", "signed"])
@pytest.mark.parametrize("wavelet", ["morlet", "morse"])
def test_every_kind_of_fingerprint_has_a_picture(size: int, signs: str, wavelet: str) -> None:
    recipe = FingerprintRecipe(size=size, signs=signs, wavelet=wavelet, keep=100)
    picture = stages(record(), RATE, recipe, onset_s=20.0, cutoff_hz=1.5).picture()
    columns = picture["fingerprint"]["columns"]
    assert columns == (2 * size if signs == "signed" else size)
    assert 8 * len(picture["fingerprint"]["bits"]) == size * columns
    assert len(picture["patches"]) == 100 * 6 * 4
    assert picture["recipe"] == recipe.to_dict()


def test_variants_are_told_by_what_they_differ_in() -> None:
    both = FingerprintRecipe(onset_step_s=1.5, variant_steps=1)
    told = [item["differs"] for item in stages(record(), RATE, both, onset_s=20.0, cutoff_hz=1.5).strip()]
    assert told == ["1.26 Hz, −1.5 s", "1.50 Hz, 0.0 s", "1.78 Hz, 1.5 s"]
    signed = stages(record(), RATE, recipe_named("signed"), onset_s=20.0).strip()
    assert [item["differs"] for item in signed] == [f"{each} s".replace("-", "−") for each in range(-8, 9)]


def test_a_window_past_the_record_is_told_from_it() -> None:
    axes = stages(record(), RATE, FingerprintRecipe(), onset_s=60.0, cutoff_hz=1.5).picture()["axes"]
    assert (axes["from_s"], axes["record_to_s"], axes["to_s"]) == (44.0, 120.0, 140.0)


def test_a_cutoff_that_is_not_known_is_found() -> None:
    made = stages(record(), RATE, FingerprintRecipe(), onset_s=20.0)
    assert made.found is not None
    assert made.cutoff_hz == made.found.cutoff_hz > 0


def test_the_first_record_is_shown_with_all_its_stages(page: FingerprintModel) -> None:
    assert page.selected == page.application.subject == "r0"
    assert page.offered[0] == {"value": "r0", "title": "KO.APA BHZ, earthquake, 2024-05-01 12:00:00"}
    [line] = page.seismogram.lines
    assert (page.seismogram.last_s, line["onset_s"]) == (120.0, 20.0)
    assert page.picture["fingerprint"]["points"] == 400
    assert [item["variant"] for item in page.strip] == [-2, -1, 0, 1, 2]
    assert page.picture["cutoffs_hz"][2] == page.cutoff_hz == 1.2
    assert page.cutoff == {"state": "found", "found_hz": 1.2, "confidence": 0.9, "kept_hz": None, "by": ""}
    assert page.window_s == [4.0, 100.0]
    assert page.is_default


@pytest.mark.parametrize(("highpass", "octaves"), [("on", 0.25), ("off", 0.0)])
def test_the_seismogram_is_filtered_as_the_variant_is(page: FingerprintModel, highpass: str, octaves: float) -> None:
    page.values = {**page.values, "highpass": highpass, "onset_step_s": 1.0}
    page.variant = 1
    assert page.seismogram._traces[0].cutoff_hz == pytest.approx(page.cutoff_hz * 2.0**octaves)


def test_the_picture_follows_the_recipe(page: FingerprintModel) -> None:
    page.values = {**page.values, "keep": 120}
    assert page.picture["fingerprint"]["points"] == 120
    assert not page.is_default
    page.values = {**page.values, "frequency_from_hz": 2}
    assert page.picture["axes"]["low_hz"] == pytest.approx(2, rel=0.03)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"frequency_from_hz": 17}, "must be less than"),
        ({"frequency_to_hz": 40}, "Nyquist"),
        ({"window_s": 1000.0}, "less than half"),
        ({"keep": 0}, "keep cannot be 0"),
        ({"nonsense": 1}, "no setting fingerprint.nonsense"),
    ],
)
def test_a_recipe_that_cannot_be_applied_is_refused_in_a_sentence(
    page: FingerprintModel, change: dict[str, Any], said: str
) -> None:
    before, good = page.picture, page.values
    page.values = {**good, **change}
    assert said in page.refusal
    assert not page.refusal.startswith("Record 0")
    assert page.picture == before
    page.values = good
    assert page.refusal == ""


def test_a_record_that_has_no_picture_does_not_show_that_of_another_one(
    page: FingerprintModel, workspace: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = SimpleNamespace(sampling_rate_hz=RATE, samples=np.zeros(6000))
    monkeypatch.setattr(workspace, "waveform", lambda record_id: dead)
    page.select("r4")
    assert "dead channel" in page.refusal
    assert (page.picture, page.strip, page.window_s) == ({}, [], [])


def test_while_it_draws_it_shows_what_is_done_and_ends_with_the_last_change(workspace: Study) -> None:
    async def moves() -> list[int]:
        page = FingerprintModel(ApplicationModel(workspace))
        seen: list[int] = []
        page.observe(lambda change: seen.append(change["new"]["fingerprint"]["points"]), "picture")
        while not seen:
            await asyncio.sleep(0.01)
        for keep in range(300, 100, -10):
            page.values = {**page.values, "keep": keep}
            await asyncio.sleep(0.005)
        while seen[-1] != 110:
            await asyncio.sleep(0.01)
        return seen

    seen = asyncio.run(asyncio.wait_for(moves(), timeout=300))
    assert seen[0] == 400
    assert 2 <= len(seen) <= 21


def test_a_variant_is_looked_at(page: FingerprintModel) -> None:
    middle = page.picture["scalogram"]["levels"]
    page.variant = 2
    assert page.picture["variant"] == 2
    assert page.picture["scalogram"]["levels"] != middle
    assert page.strip[4]["uri"] == bits_uri(unpack(page.picture["fingerprint"]["bits"])) != page.strip[2]["uri"]
    page.select("r3")
    assert page.variant == page.picture["variant"] == 0


def test_a_cutoff_is_kept_for_the_record_that_a_person_saw(page: FingerprintModel, workspace: Study) -> None:
    page.select("r3")
    page.keep_cutoff("r0", 2.0)
    assert workspace.calls == [("set", "r0", "cutoff_hz", 2.0)]
    assert (page.cutoff_hz, page.cutoff["state"]) == (1.2, "found")


def test_the_cutoff_of_the_record_before_is_gone_at_once(workspace: Study) -> None:
    async def select() -> tuple[float, str]:
        page = FingerprintModel(ApplicationModel(workspace))
        await answered()
        page.cutoff_hz = 2.0
        page.select("r3")
        between = page.cutoff_hz, page.cutoff["state"]
        await answered()
        return between

    assert asyncio.run(select()) == (0.0, "")


def test_a_cutoff_is_tried_kept_and_given_up(page: FingerprintModel, workspace: Study) -> None:
    page.cutoff_hz = 2.0
    assert page.picture["cutoffs_hz"][2] == 2.0
    assert page.cutoff["state"] == "tried"
    page.cutoff_hz = page.cutoff["found_hz"]
    assert page.picture["cutoffs_hz"][2] == 1.2 and page.cutoff["state"] == "found"
    page.cutoff_hz = 2.0
    page.keep_cutoff()
    assert workspace.calls == [("set", "r0", "cutoff_hz", 2.0)]
    assert (page.cutoff["state"], page.cutoff["kept_hz"], page.cutoff["found_hz"]) == ("kept", 2.0, 1.2)
    page.select("r3")
    page.select("r0")
    assert (page.cutoff_hz, page.cutoff["state"], page.cutoff["by"]) == (2.0, "kept", "anna")
    page.undo_cutoff()
    assert workspace.calls[-1] == ("set", "r0", "cutoff_hz", 1.2)
    assert (page.cutoff_hz, page.cutoff["state"], page.cutoff["kept_hz"]) == (1.2, "found", None)
    page.select("r3")
    page.select("r0")
    assert page.cutoff == {"state": "found", "found_hz": 1.2, "confidence": 0.9, "kept_hz": None, "by": ""}


def test_a_record_without_a_cutoff_gets_the_one_that_is_found(workspace: Study) -> None:
    workspace._records[["cutoff_hz", "cutoff_confidence"]] = np.nan
    page = FingerprintModel(ApplicationModel(workspace))
    assert page.cutoff_hz == page.picture["cutoffs_hz"][2] > 0
    assert page.cutoff["state"] == "found"
    assert 0 < page.cutoff["confidence"] <= 1
    found = page.cutoff_hz
    page.cutoff_hz = 3.0
    assert page.picture["cutoffs_hz"][2] == 3.0
    page.cutoff_hz = page.cutoff["found_hz"]
    assert page.picture["cutoffs_hz"][2] == found and page.cutoff["state"] == "found"


def test_the_seismogram_can_be_seen_as_the_fingerprint_sees_it(page: FingerprintModel) -> None:
    [raw] = page.seismogram.lines
    page.seismogram.passband = "cutoff"
    [low] = page.seismogram.lines
    assert low["points"] != raw["points"]
    page.cutoff_hz = 4.0
    [high] = page.seismogram.lines
    assert high["reach"] < low["reach"]
    page.variant = 2
    [higher] = page.seismogram.lines
    assert higher["reach"] < high["reach"]


def test_similar_records_have_their_pictures(page: FingerprintModel) -> None:
    assert [item["similarity"] for item in page.similar] == [f"{share:.2f}" for share in np.linspace(0.9, 0.5, 10)]
    assert all(item["uri"].startswith("data:image/png") for item in page.similar)
    page.select(page.similar[0]["record_id"])
    assert page.selected == "r1"


def test_without_fingerprints_the_page_says_what_to_do() -> None:
    page = FingerprintModel(ApplicationModel(Study(with_fingerprints=False)))
    assert page.similar == []
    assert "compute fingerprints first" in page.similar_note
    assert page.picture


def test_a_recipe_is_used_and_all_fingerprints_are_computed(page: FingerprintModel, workspace: Study) -> None:
    page.values = {**page.values, "keep": 150}
    page.use_recipe()
    assert page.is_default
    page.compute_all()
    used, computed = workspace.calls
    assert used == ("use", FingerprintRecipe(keep=150))
    assert computed == ("fingerprint", FingerprintRecipe(keep=150), 3)
    assert page.report == "3 records fingerprinted."
    assert page.busy == ""


def test_a_saved_recipe_is_taken_up(page: FingerprintModel) -> None:
    page.take_recipe(page.recipes[1]["value"])
    assert page.picture["fingerprint"]["points"] == page.values["keep"] == 200
    assert page.recipes[0]["title"] == "usual (in use)"


def test_records_are_found_by_words(page: FingerprintModel) -> None:
    page.words = "lvz mine"
    assert [item["value"] for item in page.offered] == ["r1", "r5", "r9"]
    page.select("r0")
    page.words = ""
    assert len(page.offered) == 12
    page.words = "no such thing"
    assert page.offered == []


def test_the_address_selects_a_record(page: FingerprintModel) -> None:
    page.application.open("fingerprint", "r7")
    assert page.selected == "r7"
    page.application.open("fingerprint", "gone")
    assert page.selected == "r7"
    assert "gone" in page.application.message


def test_the_shown_record_is_offered_among_many() -> None:
    page = FingerprintModel(ApplicationModel(Study(90)))
    assert len(page.offered) == 50
    page.select("r80")
    assert page.offered[0]["value"] == "r80"


def test_an_empty_study_is_no_error() -> None:
    page = FingerprintModel(ApplicationModel(Study(0)))
    assert (page.read, page.all_records, page.picture, page.selected) == (True, 0, {}, "")
    page.select("r1")
    page.keep_cutoff()
    assert page.selected == ""
