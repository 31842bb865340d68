"""Figures of the teaching notebooks: each takes what a `Workspace` gives, and has the names of its axes on it."""

from typing import TYPE_CHECKING, Any

import bqplot
import numpy as np
import pandas as pd
from ipywidgets import HBox, Layout, VBox
from numpy.typing import ArrayLike

from trova_widgets.figures.colour import VIRIDIS, class_colours, round_ticks
from trova_widgets.fingerprinting import FingerprintRecipe, fingerprint, reduce, scalogram, shifted_cutoffs
from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.results import ResultsModel
from trova_widgets.records import Waveform, filtered
from trova_widgets.widgets.colour_legend import ColourLegend
from trova_widgets.widgets.confusion_matrix import ConfusionMatrix
from trova_widgets.widgets.results_pictures import PicturesView
from trova_widgets.wording import spoken

if TYPE_CHECKING:
    from trova_widgets.workspace import Workspace

_INK, _SOFT, _ACCENT = "#2f5d8c", "#5f6c78", "#c2410c"
_MARGIN = {"top": 34, "bottom": 46, "left": 62, "right": 16}


def seismogram(waveform: Waveform, *, from_hz: float = 0.0, onset_s: float | None = None, title: str = "") -> Any:
    """Draw a record over time.

    Parameters
    ----------
    waveform : Waveform
        The record.
    from_hz : float, default 0
        Cut-off of a high-pass that it is filtered with [Hz]; 0 filters nothing.
    onset_s : float, optional
        Where the event begins, after the start of the record [s]; a dashed line.
    title : str

    Returns
    -------
    bqplot.Figure
    """
    samples = filtered(waveform.samples, waveform.sampling_rate_hz, from_hz=from_hz or None)
    time_s = np.arange(len(samples)) / waveform.sampling_rate_hz
    scales = {"x": bqplot.LinearScale(min=0.0, max=float(time_s[-1])), "y": bqplot.LinearScale()}
    marks = [bqplot.Lines(x=time_s, y=samples, scales=scales, colors=[_INK], stroke_width=0.8)]
    if onset_s is not None:
        reach = [float(samples.min()), float(samples.max())]
        marks.append(
            bqplot.Lines(
                x=[onset_s] * 2, y=reach, scales=scales, colors=[_ACCENT], line_style="dashed", stroke_width=1.2
            )
        )
    counts_axis = _axis(scales["y"], "Counts", "left")
    counts_axis.tick_values = list(round_ticks(float(samples.min()), float(samples.max()), 4))
    return _figure(marks, [_axis(scales["x"], "Time after the start, s"), counts_axis], title, "210px")


def energy_map(image: ArrayLike, recipe: FingerprintRecipe, *, cutoffs_hz: ArrayLike = (), title: str = "") -> Any:
    """Draw a reduced scalogram.

    Parameters
    ----------
    image : array_like, shape (size, size)
        What `trova_widgets.fingerprinting.reduce` returns: row 0 holds the lowest frequency.
    recipe : FingerprintRecipe
        It gives the axes; its frequencies are spaced logarithmically.
    cutoffs_hz : array_like
        Frequencies that get a line, the middle one an unbroken one [Hz].
    title : str

    Returns
    -------
    bqplot.Figure
    """
    low, high = np.log2(recipe.frequency_from_hz), np.log2(recipe.frequency_to_hz)
    begin, end = recipe.window_start_s, recipe.window_start_s + recipe.window_s
    scales = {
        "x": bqplot.LinearScale(min=begin, max=end),
        "y": bqplot.LinearScale(min=float(low), max=float(high)),
        "color": bqplot.ColorScale(colors=list(VIRIDIS)),
    }
    values = np.asarray(image, dtype=float)
    marks = [
        bqplot.HeatMap(
            color=values,
            x=np.linspace(begin, end, values.shape[1]),
            y=np.linspace(low, high, values.shape[0]),
            scales=scales,
        )
    ]
    lines = np.log2(np.atleast_1d(np.asarray(cutoffs_hz, dtype=float)))
    for place, line in enumerate(lines):
        if low < line < high:
            marks.append(
                bqplot.Lines(
                    x=[begin, end],
                    y=[line, line],
                    scales={"x": scales["x"], "y": scales["y"]},
                    colors=["#ffffff"],
                    stroke_width=1.4,
                    line_style="solid" if place == len(lines) // 2 else "dashed",
                )
            )
    octaves = [int(octave) for octave in range(int(np.ceil(low)), int(np.floor(high)) + 1)]
    frequency = _axis(scales["y"], "Frequency, Hz", "left")
    frequency.tick_values = octaves
    frequency.tick_labels = {str(octave): f"{2.0**octave:g}" for octave in octaves}
    return _figure(marks, [_axis(scales["x"], "Time from the onset, s"), frequency], title, "320px")


def points(bits: ArrayLike, *, title: str = "") -> Any:
    """Draw a fingerprint: white points on black.

    Parameters
    ----------
    bits : array_like of bool, shape (size, size)
        Row 0 and column 0 hold the coarsest changes.
    title : str

    Returns
    -------
    bqplot.Figure
    """
    picture = np.asarray(bits, dtype=float)
    scales = {
        "x": bqplot.LinearScale(min=0.0, max=float(picture.shape[1])),
        "y": bqplot.LinearScale(min=0.0, max=float(picture.shape[0])),
        "color": bqplot.ColorScale(colors=["#000000", "#ffffff"], min=0.0, max=1.0),
    }
    mark = bqplot.HeatMap(color=picture, x=_middles(picture.shape[1]), y=_middles(picture.shape[0]), scales=scales)
    across = _axis(scales["x"], "Index of time, coarse to fine")
    up = _axis(scales["y"], "Index of frequency", "left")
    for axis, count in ((across, picture.shape[1]), (up, picture.shape[0])):
        axis.tick_values = np.linspace(0, count, 5)
        axis.tick_format = "d"
    return _figure([mark], [across, up], title, "320px")


def story(study: "Workspace", record: str, cutoff_hz: float, white_points: int = 400) -> VBox:
    """Show a record on its way to the fingerprint, for a slider to be put before it.

    Parameters
    ----------
    study : Workspace
        Where the record is.
    record : str
        Its ``record_id``.
    cutoff_hz : float
        Cut-off of the high-pass [Hz].
    white_points : int
        How many of the strongest changes become white points.

    Returns
    -------
    VBox
        The filtered seismogram; below it the scalogram with the five cut-offs, and the fingerprint.
    """
    recipe = FingerprintRecipe(keep=white_points)
    waveform = study.waveform(record)
    row = study.records().set_index("record_id").loc[record]
    rate_hz, onset_s = waveform.sampling_rate_hz, row["onset_s"]
    image = reduce(scalogram(waveform.samples, rate_hz, recipe, onset_s=onset_s, cutoff_hz=cutoff_hz), recipe)
    bits = fingerprint(waveform.samples, rate_hz, recipe, onset_s=onset_s, cutoff_hz=cutoff_hz)
    name = f"{str(row['event_class']).replace('_', ' ').capitalize()}, {waveform.station}, above {cutoff_hz:.2f} Hz"
    squares = [
        energy_map(image, recipe, cutoffs_hz=shifted_cutoffs(cutoff_hz, recipe), title="Scalogram, dB over the noise"),
        points(bits, title=f"Fingerprint, {int(bits.sum())} white points"),
    ]
    return VBox([seismogram(waveform, from_hz=cutoff_hz, onset_s=onset_s, title=name), HBox(squares)])


class Results:
    """What an experiment has found, in the views of the page *Results*: they follow each other, and a click picks.

    Parameters
    ----------
    study : Workspace
        Where the experiment is.
    experiment : str
        Its name.

    Attributes
    ----------
    model : ResultsModel
        What the views show: ``model.trial_id`` is the picked trial, the best one at first.
    """

    def __init__(self, study: "Workspace", experiment: str) -> None:
        application = ApplicationModel(study)
        application.open("results", experiment)
        self.model = ResultsModel(application)

    def images(self) -> VBox:
        """Draw the quality over two settings, an image for each value of the third, where there is one."""
        return VBox([ColourLegend(self.model), PicturesView(self.model, "images")])

    def tradeoff(self) -> PicturesView:
        """Draw the quality of each combination against its gradient, with the front of the best ones."""
        return PicturesView(self.model, "tradeoff")

    def confusion(self) -> ConfusionMatrix:
        """Write the confusion matrix of the picked trial."""
        return ConfusionMatrix(self.model)


def counts(records: pd.DataFrame) -> Any:
    """Draw how many records of each class there are.

    Parameters
    ----------
    records : DataFrame
        What `Workspace.records` returns.

    Returns
    -------
    bqplot.Figure
    """
    found = records["event_class"].value_counts()
    scales = {"x": bqplot.OrdinalScale(), "y": bqplot.LinearScale(min=0.0)}
    mark = bqplot.Bars(
        x=[spoken(name) for name in found.index],
        y=found.to_numpy(),
        scales=scales,
        colors=list(class_colours(list(found.index))),
        padding=0.5,
    )
    up = _axis(scales["y"], "Records", "left")
    up.tick_values = list(round_ticks(0.0, float(found.max()), 4))
    return _figure([mark], [_axis(scales["x"], "Event class"), up], "", "260px")


def _middles(count: int) -> Any:
    return np.arange(count) + 0.5


def _axis(scale: Any, label: str, side: str = "bottom") -> Any:
    offset = {"bottom": "34px", "left": "48px"}[side]
    return bqplot.Axis(scale=scale, label=label, side=side, label_offset=offset, grid_lines="none", label_color=_SOFT)


def _figure(marks: list[Any], axes: list[Any], title: str, height: str) -> Any:
    return bqplot.Figure(
        marks=marks,
        axes=axes,
        title=title,
        fig_margin=_MARGIN,
        padding_x=0,
        padding_y=0.02,
        animation_duration=0,
        title_style={"font-size": "14px", "font-weight": "500"},
        layout=Layout(width="100%", height=height, min_width="0", max_width="900px"),
        background_style={"fill": "transparent"},
    )
