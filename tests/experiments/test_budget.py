import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import PlanError
from trova_widgets.experiments import Budget


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2h", 7200), ("1h 30min", 5400), ("90 m", 5400), ("1,5 h", 5400), ("45s", 45), ("2 D", 172800), ("1H30M", 5400)],
)
def test_times_as_people_write_them(text, seconds):
    assert Budget.read(text) == Budget(seconds=seconds)


@pytest.mark.parametrize("text", ["200 trials", "200trial", " 200  Trials "])
def test_trials(text):
    assert Budget.read(text) == Budget(trials=200)


@pytest.mark.parametrize("text", ["", "2", "two hours", "2h and more", "-2h", "h", "2 trials 1h", "1e3s"])
def test_what_is_not_understood_is_told(text):
    with pytest.raises(PlanError, match="is not understood; write 2h, 90min"):
        Budget.read(text)


@pytest.mark.parametrize("text", ["0h", "0 trials"])
def test_nothing_is_no_budget(text):
    with pytest.raises(PlanError, match="allows nothing"):
        Budget.read(text)


@given(st.builds(Budget, seconds=st.integers(1, 10**6).map(float)) | st.builds(Budget, trials=st.integers(1, 10**6)))
def test_what_is_written_is_read(budget):
    again = Budget.read(str(budget))
    assert again.trials == budget.trials
    assert (again.seconds or 0) == pytest.approx(budget.seconds or 0, rel=1e-4)
