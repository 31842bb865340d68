"""What printed views have on them: names, values, the scale, holes; over one to five settings of any names."""

import re

import numpy as np
import pytest

from trova_widgets.figures.colour import scale_of
from trova_widgets.figures.printed.cube import draw_cube
from trova_widgets.figures.printed.images import draw_images
from trova_widgets.figures.printed.landscape import Landscape
from trova_widgets.figures.printed.lines import draw_lines
from trova_widgets.figures.printed.sheet import HATCH, style, to_bytes, with_room, write_around
from trova_widgets.figures.printed.surfaces import draw_surfaces
from trova_widgets.space import Grid

# a network's layers, the training, the recipe, words: views know none of them
AXES = {
    "fullyConnectedLayer_2_outputSize": (16, 32, 64),
    "fingerprint.keep": (200, 400, 800, 1600),
    "training.learning_rate": (0.001, 0.01),
    "fingerprint.highpass": ("on", "off"),
    "seed": (1, 2),
}
VIEWS = {"cube": draw_cube, "images": draw_images, "lines": draw_lines, "surfaces": draw_surfaces}


def landscape(count: int, *, sure: bool = True) -> Landscape:
    axes = dict(list(AXES.items())[:count])
    shape = tuple(len(values) for values in axes.values())
    quality = 0.8 + 0.1 * np.random.default_rng(1).random(shape)
    quality.flat[1] = np.nan
    grid = Grid.of(axes, np.argwhere(np.ones(shape)), quality.ravel())
    inside = np.nan_to_num(quality) > 0.89
    return Landscape(
        grid=grid,
        scale=scale_of("quality", grid.mean, stretched=True),
        label="Quality Q [%]",
        place=tuple(int(each) for each in np.unravel_index(np.nanargmax(quality), shape)),
        inside=inside if sure else None,
        low=quality - 0.02 if sure else None,
        high=quality + 0.02 if sure else None,
    )


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("count", range(1, 6))
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_its_names_its_values_and_its_scale_as_text(name: str, count: int) -> None:
    shown, at_most = landscape(count, sure=count % 2 == 1), 3 if name == "surfaces" else 4
    axes = list(range(min(count, at_most)))
    with style():
        figure = VIEWS[name](shown, axes)
        write_around(figure, "A title", ["A key."])
        svg = to_bytes(figure, "svg", 72).decode()
    said = " ".join(words(svg))
    assert all(shown.name(axis) in said for axis in axes), said
    assert all(label in said for label in shown.labels(0)), said
    assert "Quality Q [%]" in said and "A title" in said and "A key." in said


@pytest.mark.parametrize("name", VIEWS)
def test_holes_are_marked_and_never_a_colour_of_the_scale(name: str) -> None:
    shown = landscape(2)
    with style():
        svg = to_bytes(VIEWS[name](shown, [0, 1]), "svg", 72).decode()
    assert HATCH in svg


@pytest.mark.parametrize("name", ["cube", "lines", "surfaces"])
def test_a_setting_of_equal_ratios_stands_at_its_logarithms(name: str) -> None:
    axes = {"training.learning_rate": (0.001, 0.004, 0.1), "fingerprint.keep": (200, 400, 800)}
    shape = tuple(len(values) for values in axes.values())
    grid = Grid.of(axes, np.argwhere(np.ones(shape)), np.linspace(0.7, 0.9, 9))
    scale = scale_of("quality", grid.mean, stretched=True)
    shown = Landscape(grid=grid, scale=scale, label="Q", place=(0, 0), logarithmic={"training.learning_rate"})
    along = [1, 0] if name == "lines" else [0, 1]
    with style():
        figure = VIEWS[name](shown, along)
        said = " ".join(words(to_bytes(figure, "svg", 72).decode()))
    assert "learning_rate (log)" in said and "keep (log)" not in said
    here = figure.axes[0]
    expected = 2 * np.log([1, 4, 100]) / np.log(100)
    if name == "lines":
        assert np.allclose(here.lines[0].get_xdata(), expected)
    elif name == "cube":
        assert np.allclose(np.unique(here.collections[0].get_offsets()[:, 0]), expected)
    else:
        assert np.allclose(here.get_xticks(), expected)


def test_labels_that_would_lie_on_each_other_are_left_out() -> None:
    assert with_room(np.array([0, 0.02, 0.5, 1]), 5) == [0, 2, 3]
    assert with_room(np.linspace(0, 1, 4), 5) == [0, 1, 2, 3]


def test_the_same_figure_is_the_same_file() -> None:
    files = []
    for _ in range(2):
        with style():
            files.append(to_bytes(draw_images(landscape(3), [0, 1, 2]), "svg", 72))
    assert files[0] == files[1]
    with style():
        assert to_bytes(draw_images(landscape(1), [0]), "png", 72).startswith(b"\x89PNG")
        assert to_bytes(draw_images(landscape(1), [0]), "pdf", 72).startswith(b"%PDF")
