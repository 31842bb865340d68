from tests.benchmarks.planning import CLICK_QUERIES, queries_a_click
from trova_widgets import Workspace


def test_a_click_on_a_node_asks_little_of_the_database(study: Workspace):
    """A database that several processes share answers each query over a connection of its own."""
    assert 0 < queries_a_click(study) <= CLICK_QUERIES
