from collections.abc import Callable

import numpy as np
import pytest

from tests.figures.test_field import field
from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.confusion import confusion
from trova_widgets.figures.cube import cube
from trova_widgets.figures.cube_wires import edges, marker, planes
from trova_widgets.figures.field import field_of
from trova_widgets.figures.images import ImageSheet, image_series, slices
from trova_widgets.figures.influence import influence
from trova_widgets.figures.learning import learning_curve
from trova_widgets.figures.linecharts import line_charts
from trova_widgets.figures.panels import strokes
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.surfaces import surface_series
from trova_widgets.figures.tradeoff import pareto_front, tradeoff

SCALE = scale_of("quality")
ALL_SHAPES = [((4,), [0]), ((3, 4), [0, 1]), ((3, 4, 2), [0, 1, 2]), ((3, 4, 2, 3), [0, 1, 3])]


@pytest.mark.parametrize(("shape", "axes"), ALL_SHAPES)
def test_every_view_has_every_combination_of_its_axes_once(shape: tuple[int, ...], axes: list[int]) -> None:
    made = field(shape)
    position = (1,) * len(shape)
    count = int(np.prod([shape[axis] for axis in axes]))
    nodes = cube(made, SCALE, axes, position)
    assert len({tuple(index) for index in nodes.index}) == len(nodes.x) == count
    assert tuple(nodes.index[nodes.chosen]) == position
    sheet = image_series([(made, SCALE)], axes, position)
    pixels = {tuple(index) for image in sheet.images for index in image.index.reshape(-1, len(shape))}
    assert len(pixels) == count
    charts = line_charts([(made, SCALE)], axes, position)
    assert len({tuple(index) for index in charts.index.reshape(-1, len(shape))}) == count
    surfaces = surface_series((made, SCALE), axes, position)
    assert len({tuple(index) for one in surfaces.surfaces for index in one.index}) == count


def test_an_image_shows_the_numbers_of_its_combinations() -> None:
    made = field()
    for image in image_series([(made, SCALE)], [0, 1, 2], (0, 0, 1)).images:
        assert np.array_equal(image.values, made.mean[tuple(np.moveaxis(image.index, -1, 0))])
    assert [image.at_slider for image in image_series([(made, SCALE)], [0, 1, 2], (0, 0, 1)).images] == [False, True]


@pytest.mark.parametrize("view", [image_series, slices])
def test_both_axes_of_images_have_their_names(view: Callable[..., ImageSheet]) -> None:
    sheet = view([(field(), SCALE)], [0, 1, 2], (0, 0, 0))
    names = [text for text in sheet.texts if text.text.startswith(("→", "↑"))]
    assert {text.text[0] for text in names} == {"→", "↑"}
    assert all(sheet.bottom < text.y < min(image.box.bottom for image in sheet.images) for text in names)


@pytest.mark.parametrize("epochs", [1, 2, 3, 8, 15, 100])
def test_ticks_of_a_learning_curve_stand_at_whole_epochs(epochs: int) -> None:
    ticks = learning_curve({"training_loss": [0.5] * epochs}).epoch_ticks
    assert 1 <= len(ticks) <= 6
    assert all(tick.is_integer() and 1 <= tick <= epochs for tick in ticks)


def test_a_slider_moves_the_slice_that_it_holds() -> None:
    made = field()
    before, after = (slices([(made, SCALE)], [0, 1, 2], (0, 0, place)).images[0] for place in (0, 1))
    assert not np.array_equal(before.values, after.values)
    assert np.array_equal(after.values, made.mean[:, :, 1].T)


def test_two_objectives_are_drawn_below_each_other() -> None:
    made = field()
    sheet = image_series([(made, SCALE), (made, scale_of("gradient"))], [0, 1, 2], (0, 0, 0))
    assert {image.objective for image in sheet.images} == {0, 1}
    assert min(image.box.bottom for image in sheet.images if image.objective == 0) > max(
        image.box.bottom for image in sheet.images if image.objective == 1
    )


def test_holes_are_hatched_in_images_and_left_out_of_lines() -> None:
    made = field_of({"a": [1, 2], "b": [1, 2, 3]}, [[0, 0], [1, 1]], [0.2, 0.4], ["finished"] * 2)
    sheet = image_series([(made, SCALE)], [0, 1], (0, 0))
    assert len(sheet.hole_boxes) == 4
    assert len(sheet.hatches) == 4 * 5
    charts = line_charts([(made, SCALE)], [0, 1], (0, 1))
    assert len(charts.holes) == 4
    assert len(charts.points) == len(charts.point_colours) == 2
    assert len(charts.chosen_points) == 0
    assert len(surface_series((made, SCALE), [0, 1], (0, 0)).surfaces[0].patches) == 0


def test_joined_strokes_are_interrupted_and_end_at_a_point() -> None:
    x, y = strokes([([0, 1], [2, 3]), ([5, 6], [7, np.nan])])
    assert x.tolist()[:2] == [0, 1]
    assert np.isnan(x[2])
    assert (x[-1], y[-1]) == (5, 7)
    assert [side.tolist() for side in strokes([])] == [[0, 0], [0, 0]]


def test_many_values_are_looked_at_through_a_window_around_the_slider() -> None:
    made = field((2, 2, 60))
    sheet = image_series([(made, SCALE)], [0, 1, 2], (0, 0, 59))
    assert len(sheet.images) == 24
    assert sheet.images[-1].at_slider


def test_nodes_on_a_plane_are_larger_and_filtered_ones_faint() -> None:
    made = field()
    nodes = cube(made, SCALE, [0, 1, 2], (1, 1, 1), shown=made.top(0.1))
    assert nodes.sizes[nodes.shown].min() > nodes.sizes[~nodes.shown].max()
    every = cube(made, SCALE, [0, 1, 2], (1, 1, 1))
    assert every.sizes[every.on_plane].min() > every.sizes[~every.on_plane].max()
    assert not cube(made, SCALE, [0, 1, 2], (1, 1, 1), locked=[2]).shown[every.z == every.z.min()].any()


def test_evenly_spaced_numbers_are_the_axis_and_words_are_counted() -> None:
    made = field_of({"a_1_n": [8, 16, 24], "a_1_w": ["same", "valid"]}, [[0, 0]], [0.5], ["finished"])
    x, y, z = cube(made, SCALE, [0, 1], (0, 0)).axes
    assert (x.positions, x.low, x.high) == ((8.0, 16.0, 24.0), 4.0, 28.0)
    assert (y.positions, z.title) == ((1.0, 2.0), "")


def test_planes_and_marker_meet_at_the_chosen_node() -> None:
    nodes = cube(field(), SCALE, [0, 1, 2], (2, 1, 0))
    chosen = [nodes.x[nodes.chosen], nodes.y[nodes.chosen], nodes.z[nodes.chosen]]
    corners, lines = planes(nodes)
    assert (corners.shape, lines.max()) == ((12, 3), 11)
    assert [corners[4 * axis, axis] for axis in range(3)] == chosen
    assert marker(nodes).corners.mean(axis=0).tolist() == pytest.approx(chosen)
    x, y, z, rest = edges(nodes)
    assert [np.flatnonzero(np.ptp(one.corners, axis=0)).tolist() for one in (x, y, z)] == [[0], [1], [2]]
    assert len(rest.lines) == 9
    assert planes(cube(field((4,)), SCALE, [0], (1,))).corners.shape == (4, 3)


def test_nothing_beats_a_point_of_the_front() -> None:
    random = np.random.default_rng(2)
    high, low = random.random((2, 200))
    front = pareto_front(high, low)
    for point in range(200):
        beaten = np.any((high >= high[point]) & (low <= low[point]) & ((high > high[point]) | (low < low[point])))
        assert (point in front) == (not beaten)


def test_a_point_needs_both_objectives() -> None:
    quality, gradient = field((4,)), field_of({"layer_0_p0": [1, 2, 3, 4]}, [[1]], [0.3], ["finished"])
    points = tradeoff(quality, gradient, SCALE, (1,))
    assert points.index.tolist() == [[1]]
    assert points.chosen == 0


def test_the_chosen_line_is_drawn_even_when_it_is_filtered_out() -> None:
    made = field((30, 30))
    worst = tuple(int(place) for place in np.unravel_index(made.mean.argmin(), made.shape))
    lines = parallel((made, SCALE), (made, SCALE), worst, shown=made.top(0.9))
    assert lines.chosen is not None
    assert tuple(lines.index[lines.chosen]) == worst
    assert lines.left_out > 0
    assert np.all((lines.heights >= 0) & (lines.heights <= 1))


def test_margins_of_a_confusion_matrix() -> None:
    matrix = confusion([[5, 1, 0], [2, 6, 2], [0, 0, 0]], ["a", "b", "c"])
    assert matrix.sensitivity[:2].tolist() == pytest.approx([5 / 6, 0.6])
    assert np.isnan(matrix.sensitivity[2])
    assert matrix.specificity[0] == pytest.approx(8 / 10)
    assert matrix.positive_value[0] == pytest.approx(5 / 7)
    assert matrix.negative_value[0] == pytest.approx(8 / 9)
    assert (matrix.accuracy, matrix.wrong) == (pytest.approx(11 / 16), 5)


def test_the_only_parameter_that_matters_explains_everything() -> None:
    shape = (3, 4)
    places = np.indices(shape).reshape(2, -1).T
    made = field_of({"a": [1, 2, 3], "b": [1, 2, 3, 4]}, places, places[:, 1] / 4, ["finished"] * 12)
    first, second = influence(made)
    assert (first.name, first.main) == ("b", pytest.approx(1.0))
    assert second.main == pytest.approx(0.0)
