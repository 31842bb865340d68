from hypothesis import given
from hypothesis import strategies as some

from trova_widgets.figures.panels import window


@given(some.integers(1, 60), some.integers(1, 30), some.data())
def test_a_window_holds_its_centre_and_stays_inside(count: int, limit: int, data: some.DataObject) -> None:
    centre = data.draw(some.integers(0, count - 1))
    places = window(count, limit, centre)
    assert centre in places
    assert len(places) == min(count, limit)
    assert places[0] >= 0
    assert places[-1] < count
