import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.figures.maps import map_view
from trova_widgets.figures.projection import Frame, Projection
from trova_widgets.geometry import EARTH_KM, distance_km

KOLA = Projection(longitude=34.0, latitude=67.5)


@given(st.floats(-179, 179), st.floats(-89, 89), st.floats(-60, 60), st.floats(-60, 60))
def test_a_place_is_found_again(longitude: float, latitude: float, east: float, north: float) -> None:
    projection = Projection(longitude=longitude, latitude=latitude)
    place = np.clip(latitude + north, -89, 89)
    km = projection.km(longitude + east, place)
    back = projection.km(*projection.degrees(km))
    assert np.allclose(back, km, atol=1e-4)


@given(st.floats(-80, 80), st.floats(-80, 80))
def test_distances_from_the_centre_are_true(east: float, north: float) -> None:
    km = KOLA.km(34.0 + east, north)
    assert np.hypot(*km) == pytest.approx(float(distance_km(34.0, 67.5, 34.0 + east, north)), rel=1e-6, abs=1e-3)


def test_distances_agree_with_a_degree_of_the_meridian_and_know_nothing_of_nan() -> None:
    assert float(distance_km(0, 0, 0, 90)) == pytest.approx(EARTH_KM * np.pi / 2)
    assert np.isnan(distance_km([0.0], [np.nan], [1.0], [1.0]))[0]


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=20), st.floats(0.5, 2.0))
def test_a_frame_holds_all_places_undistorted(places: list[tuple[float, float]], aspect: float) -> None:
    frame = Frame.around(places, aspect)
    assert frame.width / frame.height == pytest.approx(aspect)
    assert frame.height >= 10
    for x, y in places:
        assert frame.west < x < frame.east
        assert frame.south < y < frame.north


def parts(lines: np.ndarray) -> list[np.ndarray]:
    return [part[~np.isnan(part[:, 0])] for part in np.split(lines, np.flatnonzero(np.isnan(lines[:, 0])))]


def is_land(view_land: np.ndarray, x: float, y: float) -> bool:
    """By the even-odd rule, as the page fills it."""
    crossings = 0
    for ring in parts(view_land):
        (x1, y1), (x2, y2) = ring.T.astype(float), np.roll(ring, -1, axis=0).T.astype(float)
        crosses = (y1 > y) != (y2 > y)
        at = x1 + (y - y1) / np.where(y2 == y1, 1.0, y2 - y1) * (x2 - x1)
        crossings += int((crosses & (x < at)).sum())
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (33.08, 68.97, True),  # Murmansk
        (34.0, 67.5, True),  # the Khibiny mountains
        (38.0, 65.8, False),  # the White Sea
        (35.0, 71.0, False),  # the Barents Sea
        (25.5, 66.5, True),  # Rovaniemi
    ],
)
def test_land_is_where_it_is(longitude: float, latitude: float, expected: bool) -> None:
    view = map_view(KOLA, Frame(west=-450, east=450, south=-400, north=450))
    assert is_land(view.land, *KOLA.km(longitude, latitude)) is expected


def test_a_border_is_where_it_is() -> None:
    # the border between the United States and Canada follows the 49th parallel
    projection = Projection(longitude=-118.0, latitude=48.5)
    view = map_view(projection, Frame(west=-200, east=200, south=-180, north=180))
    border = np.concatenate(parts(view.borders))
    assert len(border)
    inland = border[np.abs(border[:, 0]) < 150]
    assert np.allclose(projection.degrees(inland)[:, 1], 49.0, atol=0.02)


def test_lines_have_no_more_detail_than_can_be_seen() -> None:
    world = Frame(west=-9000, east=9000, south=-8000, north=8000)
    coarse, fine = map_view(KOLA, world, pixels=200), map_view(KOLA, world, pixels=800)
    assert 100 < len(coarse.land) < len(fine.land) < 60_000


@given(st.floats(-170, 170), st.floats(-85, 85), st.floats(5, 8000))
def test_every_place_of_the_earth_has_a_map(longitude: float, latitude: float, height: float) -> None:
    view = map_view(
        Projection(longitude=longitude, latitude=latitude),
        Frame(west=-height / 2, east=height / 2, south=-height / 2, north=height / 2),
    )
    assert 0.1 * view.frame.width <= view.bar_km <= 0.3 * view.frame.width
    assert len(view.meridians) < 25
    assert len(view.parallels) < 25
    for lines in (view.land, view.borders, view.graticule):
        assert lines.shape[1] == 2


def test_labels_say_on_which_side_they_are() -> None:
    view = map_view(Projection(longitude=0.0, latitude=0.0), Frame(west=-1500, east=1500, south=-1500, north=1500))
    assert [text for text, _ in view.meridians] == ["10° W", "0°", "10° E"]
    assert [text for text, _ in view.parallels] == ["10° S", "0°", "10° N"]
