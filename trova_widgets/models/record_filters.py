"""Which records the table holds: what can be wrong with a record, and the filters as a person sets them."""

from collections.abc import Mapping
from dataclasses import dataclass

from trova_widgets.store import Bound, RecordFilter, Sign


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something that is wrong with records.

    Attributes
    ----------
    title, meaning : str
        What is written on its chip, and behind it.
    bound : Bound
        Which records have it.
    """

    title: str
    meaning: str
    bound: Bound


FLAGS: Mapping[str, Flag] = {
    "gaps": Flag(
        title="gaps",
        meaning="Gaps that were filled by a straight line",
        bound=Bound(quantity="gap_count", sign=">"),
    ),
    "overlaps": Flag(
        title="overlaps",
        meaning="Stretches that the file holds more than once",
        bound=Bound(quantity="overlap_s", sign=">"),
    ),
    "clipped": Flag(
        title="clipped",
        meaning="A thousandth of the samples or more stand at the edge of the digitiser's range",
        bound=Bound(quantity="clipped_share", sign=">=", value=0.001),
    ),
    "flat": Flag(
        title="flat",
        meaning="A hundredth of the samples or more stand still for half a second",
        bound=Bound(quantity="flat_share", sign=">=", value=0.01),
    ),
    "weak": Flag(
        title="weak",
        meaning="Signal to noise below 3 dB",
        bound=Bound(quantity="snr_db", sign="<", value=3.0),
    ),
    "no_onset": Flag(
        title="no onset",
        meaning="No onset was found",
        bound=Bound(quantity="onset_s", sign="missing"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class RecordChoice:
    """Which records are wanted; an empty text lets everything through, and so does a number that is no number yet.

    Attributes
    ----------
    event_class : str
        A class, or ``"none"`` for records without one.
    station : tuple of str, optional
        The codes of a seismic network and a station.
    words : str
        A text among the codes and the event's name.
    flag : str
        A name of `FLAGS`, or ``"sound"`` for records without any.
    least_snr, least_magnitude, most_magnitude, most_distance : str
        Bounds: dB, magnitudes, km.
    """

    event_class: str = ""
    station: tuple[str, str] | None = None
    words: str = ""
    flag: str = ""
    least_snr: str = ""
    least_magnitude: str = ""
    most_magnitude: str = ""
    most_distance: str = ""

    def wanted(self) -> RecordFilter:
        """Return the choice as the store takes it."""
        network, station = self.station or (None, None)
        asked: list[tuple[str, Sign, str]] = [
            ("snr_db", ">=", self.least_snr),
            ("magnitude", ">=", self.least_magnitude),
            ("magnitude", "<=", self.most_magnitude),
            ("distance_km", "<=", self.most_distance),
        ]
        bounds = [
            Bound(quantity=quantity, sign=sign, value=number)
            for quantity, sign, text in asked
            if (number := number_of(text)) is not None
        ]
        if self.flag in FLAGS:
            bounds.append(FLAGS[self.flag].bound)
        return RecordFilter(
            network=network,
            station=station,
            event_class={"": None, "none": ""}.get(self.event_class, self.event_class),
            words=self.words,
            all_of=tuple(bounds),
            none_of=tuple(flag.bound for flag in FLAGS.values()) if self.flag == "sound" else (),
        )


def number_of(text: str) -> float | None:
    """Return the number that stands in a field, None where there is none.

    Examples
    --------
    >>> number_of("5.5"), number_of("-"), number_of("nan")
    (5.5, None, None)
    """
    try:
        number = float(text)
    except ValueError:
        # an empty field, or a number that is still being typed
        return None
    return None if number != number else number
