"""What is no record: too short, dead, or without the wave that it should show."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from trova_widgets.records.events import SeismicEvent
from trova_widgets.records.items import Rejection, sentences
from trova_widgets.records.waveform import Waveform

SHORTEST_RECORD_S = 10.0
"""A record that covers less is rejected: there is no room for noise and signal in it."""


LARGEST_SAMPLE = 1e60
"""A sample beyond it is damage: its square, of which energies are made, would soon be no number any more."""


def unfit(waveform: Waveform) -> tuple[str, str] | None:
    """Return why a channel is no record, and the way out; None where it is one."""
    if waveform.duration_s < SHORTEST_RECORD_S:
        return (
            f"The channel {waveform.seed_id} covers {waveform.duration_s:.1f} s, less than {SHORTEST_RECORD_S:g}.",
            "Fetch the record again with some time before and after the event.",
        )
    lowest, highest = waveform.samples.min(), waveform.samples.max()
    if max(-lowest, highest) > LARGEST_SAMPLE:
        return (
            f"The channel {waveform.seed_id} holds samples of up to {max(-lowest, highest):.1g}, more than any "
            f"instrument gives.",
            "Export it again from its source: its numbers were read or scaled wrongly.",
        )
    if lowest == highest:
        return (
            f"The channel {waveform.seed_id} is {waveform.samples[0]:g} throughout: the sensor or its line was dead.",
            "Take another channel or station of the event.",
        )
    return None


def without_first_wave(path: Path, waveform: Waveform, event: SeismicEvent) -> Rejection:
    """Say that an excerpt does not reach the wave that it was cut for."""
    return Rejection(
        path=path,
        reason=f"The excerpt of {waveform.seed_id} around the event {event.event_id[:60]} ends or begins where its "
        f"first wave cannot be.",
        way_out="Take in the file that holds the minutes around it as well.",
    )


def left_out(path: Path, problems: Iterable[str]) -> Iterator[Rejection]:
    """Return the problems of a file's reader as what was left out of it."""
    return (Rejection(path=path, **sentences(problem)) for problem in problems)
