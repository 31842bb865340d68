"""Two experiments side by side: the cells that both have, laid on one grid, and how sure their difference is."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.browser.untrained import COUNT, SIZE, make_study
from tests.models.study import Study
from trova_widgets import Workspace
from trova_widgets.cli import main
from trova_widgets.errors import PlanError
from trova_widgets.workspace.beside import beside

POOL = "averagePooling2dLayer_6_poolSize"


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("untrained") / "study"
    make_study(folder)
    with Workspace.open(folder) as workspace:
        yield workspace


def test_cells_are_found_by_their_values_and_not_by_their_places(untrained: Workspace) -> None:
    three, wider = untrained.results("three"), untrained.results("wider")
    found = beside(three, wider)
    assert found.common == 4 * 4 * 4
    for place in np.ndindex(three.grid.shape):
        cell = three.grid.cell(place)
        if cell[SIZE] == 1 or cell[COUNT] == 40:
            assert np.isnan(found.other.mean[place]) and found.other.state[place] == "missing"
            assert found.told(place).endswith("no result in wider")
        else:
            assert found.other.mean[place] == wider.grid.mean[wider.grid.place(cell)]
            assert found.difference.mean[place] == three.grid.mean[place] - found.other.mean[place]


def test_a_setting_that_one_of_them_holds_is_compared_at_that_value(untrained: Workspace) -> None:
    two, three = untrained.results("two"), untrained.results("three")
    assert two.plan.value_of(POOL) == 2
    assert beside(two, three).common == 5 * 5
    there = beside(three, two)
    assert there.common == 5 * 5
    pool = three.plan.axes[POOL].index(2)
    assert np.isfinite(there.other.mean[:, :, pool]).all()
    assert np.isnan(np.delete(there.other.mean, pool, axis=2)).all()


def test_a_difference_has_its_interval_by_event(untrained: Workspace) -> None:
    found = beside(untrained.results("three"), untrained.results("wider"))
    assert found.low is not None and found.high is not None
    known = ~found.difference.holes
    assert (found.low[known] <= found.difference.mean[known]).all()
    assert (found.difference.mean[known] <= found.high[known]).all()
    back = beside(untrained.results("wider"), untrained.results("three"))
    assert back.low is not None and back.high is not None
    at, there = (1, 0, 0), (0, 0, 0)
    assert (found.low[at], found.high[at]) == pytest.approx((-back.high[there], -back.low[there]))
    same = beside(untrained.results("three"), untrained.results("three"))
    assert not same.apart.any() and (same.difference.mean == 0).all()


def test_what_cannot_be_compared_is_told(untrained: Workspace) -> None:
    with pytest.raises(PlanError, match=r"probability \(5\) has 0.2 in three, and 0.1, 0.3, 0.5, 0.7 in four"):
        beside(untrained.results("three"), untrained.results("four"))
    with pytest.raises(PlanError, match="no finished cell in common"):
        beside(untrained.results("four"), untrained.results("three"))
    with pytest.raises(PlanError, match="ask for the same of both"):
        beside(untrained.results("three"), untrained.results("wider", by="event"))
    one, other = (Study({"a_1_p": (1, 2)}).results(name) for name in ("a", "b"))
    assert "not measured on the same records" in beside(one, other).sentence


def test_it_is_one_line_in_a_notebook_and_a_file(untrained: Workspace, tmp_path: Path) -> None:
    view = untrained.results("three").beside(untrained.results("wider"))
    assert "64 finished cells in common" in view.key
    table = view.table.dropna()
    assert len(table) == 64
    assert np.allclose(table["three"] - table["wider"], table["difference"])
    assert "difference" in view.svg and "filterSize (2)" in view.svg
    file = tmp_path / "both.svg"
    assert main(["figure", "three", "beside", str(file), "--beside", "wider", "-w", str(untrained.path)]) == 0
    assert "three beside wider" in file.read_text()
    assert main(["figure", "three", "beside", str(file), "-w", str(untrained.path)]) == 1
