import re

import numpy as np
import pytest

from tests.space.making import distinct_grid
from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.confusion import confusion
from trova_widgets.figures.cube import cube
from trova_widgets.figures.cube_wires import edges, planes
from trova_widgets.figures.learning import learning_curve
from trova_widgets.figures.parallel import parallel
from trova_widgets.figures.screen.images import image
from trova_widgets.figures.screen.learning import learning_charts
from trova_widgets.figures.screen.lines import line_charts
from trova_widgets.figures.screen.parallel import parallel_picture
from trova_widgets.figures.screen.surfaces import surface_picture
from trova_widgets.figures.screen.tradeoff import tradeoff_chart
from trova_widgets.figures.surfaces import surface_series
from trova_widgets.figures.telling import Certainty, told
from trova_widgets.figures.tradeoff import pareto_front, tradeoff
from trova_widgets.space import Grid

SCALE = scale_of("quality")
ALL_SHAPES = [((4,), [0]), ((3, 4), [0, 1]), ((3, 4, 2), [0, 1, 2]), ((3, 4, 2, 3), [0, 1, 3])]


@pytest.mark.parametrize(("shape", "axes"), ALL_SHAPES)
def test_every_view_has_every_combination_of_its_axes_once(shape: tuple[int, ...], axes: list[int]) -> None:
    made = distinct_grid(shape)
    position = (1,) * len(shape)
    count = int(np.prod([shape[axis] for axis in axes]))
    nodes = cube(made, SCALE, axes, position)
    assert len({tuple(index) for index in nodes.index}) == len(nodes.x) == count
    assert tuple(nodes.index[nodes.chosen]) == position
    if len(axes) < 3:
        assert len(places(image(made, SCALE, axes, position).marked(position))) == count
    assert len(places(line_charts(made, SCALE, axes, position))) == count
    surfaces = surface_series((made, SCALE), axes, position)
    assert len({tuple(index) for one in surfaces.surfaces for index in one.index}) == count


def places(svg: str) -> set[str]:
    return set(re.findall(r'data-at="([\d,]+)"', svg))


def written(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_an_image_shows_the_colours_of_its_combinations_and_the_values_along_both_edges() -> None:
    made = distinct_grid()
    svg = image(made, SCALE, [0, 1], (0, 0, 1)).marked((2, 1, 1))
    cells = dict(re.findall(r'fill="(#\w+)" data-at="([\d,]+)"', svg))
    assert {at: colour for colour, at in cells.items()} == {
        f"{x},{y},1": SCALE.hexadecimal([made.mean[x, y, 1]])[0]
        for x in range(made.shape[0])
        for y in range(made.shape[1])
    }
    labels = written(svg)
    assert {str(value) for axis in (0, 1) for value in made.values[axis]} <= set(labels)
    assert [text[-1] if text[-1] == "→" else text[0] for text in labels if "→" in text or "↑" in text] == ["→", "↑"]
    assert svg.count("ts-chosen") == 1
    assert "ts-chosen" not in image(made, SCALE, [0, 1], (0, 0, 1)).marked((2, 1, 0)), "it lies in another image"


def test_an_image_that_has_room_fills_it_and_has_the_numbers_in_its_pixels() -> None:
    made = distinct_grid((3, 4))
    svg = image(made, SCALE, [0, 1], (0, 0), room_px=600, high_px=200).marked((1, 1))
    assert 580 < float(re.search(r'<svg[^>]*width="(\d+)"', svg)[1]) <= 600
    numbers = re.findall(r'class="ts-number"[^>]*>([^<]*)<', svg)
    assert sorted(map(float, numbers)) == sorted(np.round(100 * made.mean.ravel(), 1).tolist())
    assert "ts-number" not in image(made, SCALE, [0, 1], (0, 0), room_px=120, high_px=200).marked((1, 1)), (
        "too small for any"
    )


def test_the_confidence_set_has_rings_in_every_view() -> None:
    made = distinct_grid((3, 4, 2))
    inside = made.top(0.25)
    ringed = {",".join(map(str, place)) for place in np.argwhere(inside)}
    sure = Certainty(low=made.mean - 0.1, high=made.mean + 0.1, inside=inside)
    position = (0, 0, 0)
    of_plane = sum(place.endswith(",0") for place in ringed)
    assert image(made, SCALE, [0, 1], position, ringed=inside).marked(position).count("ts-ring") == of_plane
    assert line_charts(made, SCALE, [0, 1, 2], position, sure).count("ts-ring") == len(ringed)
    points = tradeoff(made, made.of_gradient(), SCALE)
    assert tradeoff_chart(points, SCALE, sure).marked(position).count("ts-ring") == len(ringed)
    sheet = surface_series((made, SCALE), [0, 1, 2], position)
    assert sum(surface_picture(sheet, one, inside).count("ts-ring") for one in sheet.surfaces) == len(ringed)
    nodes = cube(made, SCALE, [0, 1, 2], position, ringed=inside)
    assert {",".join(map(str, place)) for place in nodes.index[nodes.rings > 0]} == ringed
    assert np.all(nodes.rings[nodes.rings > 0] > nodes.sizes[nodes.rings > 0])


def test_intervals_are_bands_in_line_charts_and_a_stroke_in_the_trade_off() -> None:
    made = distinct_grid((3, 4))
    sure = Certainty(low=made.mean - 0.02, high=made.mean + 0.02)
    assert line_charts(made, SCALE, [0, 1], (0, 0), sure).count("ts-band") == 3
    assert "ts-band" not in line_charts(made, SCALE, [0, 1], (0, 0)), "one seed has no spread"
    points = tradeoff(made, made.of_gradient(), SCALE)
    assert "ts-interval" in tradeoff_chart(points, SCALE, sure).marked((1, 1))
    assert "ts-interval" not in tradeoff_chart(points, SCALE).marked((1, 1))


def test_quality_is_written_in_per_cent_and_the_gradient_as_it_is() -> None:
    made = distinct_grid((3, 4))
    assert any(text.endswith(" %") for text in written(line_charts(made, SCALE, [0, 1], (0, 0))))
    steep = scale_of("gradient", made.gradient)
    assert not any(text.endswith(" %") for text in written(line_charts(made.of_gradient(), steep, [0, 1], (0, 0))))


def test_surfaces_have_values_along_their_edges_and_their_height() -> None:
    made = distinct_grid((3, 4, 2))
    sheet = surface_series((made, SCALE), [0, 1, 2], (0, 0, 0))
    labels = written(surface_picture(sheet, sheet.surfaces[0]))
    assert {str(value) for axis in (0, 1) for value in made.values[axis]} <= set(labels)
    assert sum(text.endswith(" %") for text in labels) >= 2


def test_a_brush_is_seen_where_it_was_drawn() -> None:
    made = distinct_grid((3, 4))
    lines = parallel((made, SCALE), (made.of_gradient(), scale_of("gradient", made.gradient)), (0, 0))
    svg = parallel_picture(lines, {1: (0.25, 0.75)})
    assert svg.count("ts-brush") == 1
    assert svg.count("ts-upright") == 4, "two parameters, quality and gradient"
    assert "ts-brush" not in parallel_picture(lines, {})


def test_a_learning_curve_says_each_epoch_and_has_an_axis_for_each_quantity() -> None:
    svg = learning_charts(learning_curve({"training_loss": [0.9, 0.4], "test_accuracy": [0.5, 0.875]}))
    assert "Epoch 2: test accuracy 87.5 %" in svg
    assert "Epoch 1: training loss 0.900" in svg
    assert {"Accuracy", "Loss"} <= set(written(svg))


def test_a_combination_says_what_it_is_in_a_sentence() -> None:
    axes = {"convolution2dLayer_2_filterSize": (2, 3), "averagePooling2dLayer_6_poolSize": (3, 4)}
    made = Grid.of(axes, [[0, 0], [1, 0], [1, 1]], [0.912, 0.8, np.nan], ["finished", "finished", "failed"])
    low, high = np.full((2, 2), 0.82), np.full((2, 2), 0.96)
    inside = np.array([[True, False], [False, False]])
    sure = Certainty(low=low, high=high, inside=inside, why=lambda place: "Out of memory." if place == (1, 1) else "")
    assert told(made, (0, 0), sure) == "filterSize 2, poolSize 3: 91.2 % (82 to 96), cannot be told from the best"
    assert told(made, (1, 0), sure).endswith("worse than the best")
    assert told(made, (0, 1), sure) == "filterSize 2, poolSize 4: not run yet"
    assert told(made, (1, 1), sure) == "filterSize 3, poolSize 4: the trial failed: Out of memory."


@pytest.mark.parametrize("epochs", [1, 2, 3, 8, 15, 100])
def test_ticks_of_a_learning_curve_stand_at_whole_epochs(epochs: int) -> None:
    ticks = learning_curve({"training_loss": [0.5] * epochs}).epoch_ticks
    assert 1 <= len(ticks) <= 6
    assert all(tick.is_integer() and 1 <= tick <= epochs for tick in ticks)


def test_holes_are_hatched_in_images_and_crossed_in_lines() -> None:
    made = Grid.of({"a": [1, 2], "b": [1, 2, 3]}, [[0, 0], [1, 1]], [0.2, 0.4], ["finished"] * 2)
    assert image(made, SCALE, [0, 1], (0, 0)).marked((0, 0)).count("ts-hole") == 4
    charts = line_charts(made, SCALE, [0, 1], (0, 1))
    assert charts.count("ts-hole") == 4
    assert charts.count("ts-dot") == 2
    assert "ts-chosen" not in charts
    assert len(places(charts)) == 6, "a hole says why it is one"
    assert len(surface_series((made, SCALE), [0, 1], (0, 0)).surfaces[0].patches) == 0


def test_many_values_are_looked_at_through_a_window_around_the_slider() -> None:
    made = distinct_grid((60, 2, 3))
    svg = line_charts(made, SCALE, [0, 1, 2], (59, 0, 0))
    assert len(places(svg)) == 12 * 2 * 3
    assert "ts-chosen" in svg


def test_a_size_that_means_nothing_says_nothing_and_filtered_nodes_are_faint() -> None:
    made = distinct_grid()
    nodes = cube(made, SCALE, [0, 1, 2], (1, 1, 1), shown=made.top(0.1))
    assert nodes.sizes[nodes.shown].min() > nodes.sizes[~nodes.shown].max()
    assert np.ptp(cube(made, SCALE, [0, 1, 2], (1, 1, 1)).sizes) == 0
    weighted = cube(made, SCALE, [0, 1, 2], (1, 1, 1), weight=made.mean / made.mean.max())
    order = np.argsort(made.mean.ravel())
    assert np.all(np.diff(weighted.sizes[order]) >= 0)
    assert not cube(made, SCALE, [0, 1, 2], (1, 1, 1), locked=[2]).shown[nodes.z == nodes.z.min()].any()
    hidden = cube(made, SCALE, [0, 1, 2], (1, 1, 1), hidden=~made.top(0.5))
    assert np.array_equal(hidden.sizes > 0, made.top(0.5).ravel())


def test_evenly_spaced_numbers_are_the_axis_and_words_are_counted() -> None:
    made = Grid.of({"a_1_n": [8, 16, 24], "a_1_w": ["same", "valid"]}, [[0, 0]], [0.5], ["finished"])
    x, y, z = cube(made, SCALE, [0, 1], (0, 0)).axes
    assert (x.positions, x.low, x.high) == ((8.0, 16.0, 24.0), 4.0, 28.0)
    assert (y.positions, z.title) == ((1.0, 2.0), "")
    assert [text for _, text in x.ticks] == ["8", "16", "24"]
    assert [text for _, text in y.ticks] == ["same", "valid"]
    assert [share for share, _ in x.ticks] == pytest.approx([1 / 6, 1 / 2, 5 / 6])


def test_a_plane_lies_across_each_edge_where_that_begins() -> None:
    nodes = cube(distinct_grid(), SCALE, [0, 1, 2], (2, 1, 0))
    across = planes(nodes)
    # four bars each, eight corners a bar
    assert [(each.corners.shape, each.triangles.max()) for each in across] == [((4 * 8, 3), 4 * 8 - 1)] * 3
    begin = [each.corners[:, axis].mean() for axis, each in enumerate(across)]
    assert begin == pytest.approx([edge.low for edge in nodes.axes])
    of_one = planes(cube(distinct_grid((4,)), SCALE, [0], (1,)))
    assert [bool(each.corners.any()) for each in of_one] == [True, False, False]
    assert all(np.array_equal(each.triangles, across[0].triangles) for each in of_one)


def test_edges_are_bars_that_have_a_thickness_from_every_side() -> None:
    nodes = cube(distinct_grid(), SCALE, [0, 1, 2], (2, 1, 0))
    corners, triangles = edges(nodes)
    bars = corners.reshape(12, 8, 3) / np.array([edge.high - edge.low for edge in nodes.axes])
    assert np.all(np.ptp(bars, axis=1) > 0.005)
    # each of the six sides of each bar has two triangles, none of them without an area
    assert len(triangles) == 12 * 12
    sides = corners[triangles]
    assert np.all(np.linalg.norm(np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0]), axis=1) > 0)


def test_nothing_beats_a_point_of_the_front() -> None:
    random = np.random.default_rng(2)
    high, low = random.random((2, 200))
    front = pareto_front(high, low)
    for point in range(200):
        beaten = np.any((high >= high[point]) & (low <= low[point]) & ((high > high[point]) | (low < low[point])))
        assert (point in front) == (not beaten)


def test_a_point_needs_both_objectives() -> None:
    quality, gradient = distinct_grid((4,)), Grid.of({"layer_0_p0": [1, 2, 3, 4]}, [[1]], [0.3], ["finished"])
    points = tradeoff(quality, gradient, SCALE)
    assert points.index.tolist() == [[1]]
    assert (points.point_of((1,)), points.point_of((0,))) == (0, None)


def test_the_chosen_line_is_drawn_even_when_it_is_filtered_out() -> None:
    made = distinct_grid((30, 30))
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
