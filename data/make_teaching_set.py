"""Write what ships of the teaching set: ``python data/make_teaching_set.py [FOLDER]``, the same bytes each time.

``teaching/`` is the first part, all of it made anew; ``sightings.csv`` beside it says which stations see the further
events, which ``trova demo`` makes. (``trova teaching --folder FOLDER`` writes any number of events.)
"""

import sys
from pathlib import Path

from trova_widgets.records.synthetics import (
    FIRST_PART_EVENTS,
    TEACHING_EVENTS,
    TEACHING_SEED,
    sighting_of,
    teaching_events,
    write_sightings,
    write_teaching_set,
)


def main() -> None:
    """Write into the folder that is named, or where it ships."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    made = teaching_events(FIRST_PART_EVENTS, shipped=False)
    print(f"{write_teaching_set(folder / 'teaching', made)} events in {folder / 'teaching'}")
    further = range(FIRST_PART_EVENTS, TEACHING_EVENTS)
    write_sightings(folder / "sightings.csv", {number: sighting_of(number, TEACHING_SEED) for number in further})


if __name__ == "__main__":
    main()
