"""Recipes, fingerprints, data sets, the catalogue and saved networks."""

import pandas as pd
import pytest

from tests.store.samples import dataset, event, fill, fingerprints, members, network, parameter, record
from trova_widgets.errors import StoreError
from trova_widgets.store import Store


def test_fingerprints_come_back_with_their_bits(store: Store) -> None:
    store.add_records([record(f"r{i}", None) for i in range(3)])
    store.add_recipe("recipe", "default", {"size": 64})
    given = fingerprints(3, variants=(-2, -1, 0, 1, 2))
    assert store.add_fingerprints(given) == 15
    assert store.add_fingerprints(given) == 0
    found = store.fingerprints()
    assert found.columns.tolist() == given.columns.tolist()
    assert dict(zip(found["fingerprint_id"], found["bits"], strict=True)) == dict(
        zip(given["fingerprint_id"], given["bits"], strict=True)
    )
    assert len(store.fingerprints(record_ids=["r1", "r2", "r9"])) == 10
    assert store.fingerprints(fingerprint_ids=["f1_0"])["record_id"].tolist() == ["r1"]
    assert len(store.fingerprints(recipe_id="another")) == len(store.fingerprints(record_ids=[])) == 0
    assert store.fingerprint_keys("recipe").columns.tolist() == given.columns.tolist()[:-1]


def test_bits_of_another_size_are_refused(store: Store) -> None:
    store.add_records([record("r0", None)])
    store.add_recipe("recipe", "default", {})
    with pytest.raises(StoreError, match="CHECK"):
        store.add_fingerprints(fingerprints(1).assign(size=32))


def test_recipes_have_one_default(store: Store) -> None:
    assert store.add_recipe("a", "fine", {"size": 64, "window_s": 60.0}) == 1
    assert store.add_recipe("a", "fine", {"size": 64, "window_s": 60.0}) == 0
    store.add_recipe("b", "coarse", {"size": 32})
    assert store.recipes().set_index("recipe_id")["is_default"].to_dict() == {"a": True, "b": False}
    store.set_default_recipe("b")
    found = store.recipes().set_index("recipe_id")
    assert found["is_default"].to_dict() == {"a": False, "b": True}
    assert found.loc["a", "values"] == {"size": 64, "window_s": 60.0}
    with pytest.raises(StoreError, match="another recipe with the name 'fine'"):
        store.add_recipe("c", "fine", {})
    with pytest.raises(StoreError, match="no recipe 'z'"):
        store.set_default_recipe("z")


def test_a_dataset_keeps_its_members(store: Store) -> None:
    fill(store, 4)
    assert store.dataset("first") == store.dataset("d0") == dataset()
    assert store.add_dataset(dataset(), members(2)) == 0
    kept = store.dataset_members("d0")
    pd.testing.assert_frame_equal(kept[members(4).columns], members(4), check_dtype=False)
    assert kept[["variant", "fingerprint_id"]].isna().all(axis=None), "it knows no recipe"
    assert store.part_sizes("d0") == {"training": 2, "validation": 2}
    (found,) = store.datasets().to_dict("records")
    assert (found["member_count"], found["event_count"], found["classes"]) == (4, 1, ["earthquake", "quarry_blast"])
    with pytest.raises(StoreError, match="another data set with the name 'first'"):
        store.add_dataset(dataset("d1"), members(1))
    with pytest.raises(StoreError, match="again would be the data set first again"):
        store.add_dataset(dataset("d0", "again"), members(4))
    with pytest.raises(StoreError, match="share positions"):
        store.add_dataset(dataset("d1", "second"), members(2).assign(position=0))
    with pytest.raises(StoreError, match="no data set named 'second'; there are first"):
        store.dataset("second")


def test_networks_are_saved_by_name(store: Store) -> None:
    with pytest.raises(StoreError, match="there is none yet"):
        store.network("base")
    assert store.add_network(network()) == 1
    assert store.add_network(network()) == 0
    assert store.network("base") == network()
    assert store.networks()["values"].tolist() == [{"convolution2dLayer_2_filterSize": 5}]
    with pytest.raises(StoreError, match="another network with the name 'base'"):
        store.add_network(network("n1"))


def test_the_catalogue_is_replaced_whole(store: Store) -> None:
    types = pd.DataFrame({"name": ["CNN", "MLP"], "title": ["a", "b"], "description": ["", "it's"]})
    architectures = pd.DataFrame(
        {
            "network_type": ["CNN"],
            "name": ["two-cycle"],
            "title": ["Two"],
            "layers": [[{"kind": "input", "position": 1}]],
        }
    )
    parameters = pd.DataFrame(
        {
            "network_type": ["CNN", "CNN"],
            "architecture": "two-cycle",
            "name": ["convolution2dLayer_2_filterSize", "poolingLayer_4_kind"],
            "layer": ["convolution2dLayer", "poolingLayer"],
            "position": [2, 4],
            "parameter": ["filterSize", "kind"],
            "default": [5, "max"],
            "kind": ["integer", "enumerated"],
            "minimum": [1.0, float("nan")],
            "maximum": [64.0, float("nan")],
            "choices": [[], ["max", "average"]],
            "meaning": ["side of the filter", "how a window is summed up"],
            "constraint": ["not larger than its input", None],
        }
    )
    assert store.keep_catalogue(types, architectures, parameters)
    assert not store.keep_catalogue(types, architectures, parameters), "the same one is not written again"
    found = store.catalogue()
    assert found["network_types"].to_dict("records") == types.to_dict("records")
    assert found["architectures"]["layers"].tolist() == architectures["layers"].tolist()
    assert found["layer_parameters"]["default"].tolist() == [5, "max"]
    assert found["layer_parameters"]["choices"].tolist() == [[], ["max", "average"]]
    with pytest.raises(StoreError, match="CHECK"):
        store.keep_catalogue(types.iloc[:0], architectures, parameters.assign(kind="odd"))
    assert len(store.catalogue()["network_types"]) == 2, "the old catalogue stays"
    later = architectures.assign(title="Two cycles")
    assert store.keep_catalogue(types, later, parameters)
    assert store.catalogue()["architectures"]["title"].tolist() == ["Two cycles"]


def test_members_have_to_be_there(store: Store) -> None:
    store.add_events([event()])
    store.add_records([record()])
    with pytest.raises(StoreError, match="record 'r1', which is not there"):
        store.add_dataset(dataset(), members(2))
    assert len(store.datasets()) == 0


def test_the_middle_variant_of_a_record_is_that_of_its_present_cut_off(store: Store) -> None:
    store.add_records([record(f"r{i}", None) for i in range(4)])
    store.add_recipe("recipe", "default", {"size": 64})
    given = fingerprints(4, variants=(-1, 0, 1))
    store.add_fingerprints(given)
    assert len(store.middle_variants("recipe")) == 0
    # Found at 2.5 Hz, but one of them an analyst has moved since then, and one was never measured.
    found = [parameter(f"r{i}", "cutoff_hz", 2.5) for i in range(3)]
    store.add_parameters([*found, parameter("r1", "cutoff_hz", 3.0, source="analyst", made_at_ns=2)])
    middle = store.middle_variants("recipe")
    assert middle["record_id"].tolist() == ["r0", "r2"]
    bits = given.set_index("fingerprint_id")["bits"]
    assert [bytes(value) for value in middle["bits"]] == [bits["f0_0"], bits["f2_0"]]
    assert len(store.middle_variants("another")) == 0


def test_changes_are_counted_by_what_they_change(store: Store) -> None:
    store.add_records([record("r0", None)])
    before = store.revision("fingerprints", "parameters")
    store.add_recipe("recipe", "default", {"size": 64})
    assert store.revision("fingerprints", "parameters") == before
    every = store.revision()
    store.add_fingerprints(fingerprints(1))
    store.add_parameters([parameter("r0")])
    assert store.revision("fingerprints", "parameters") == before + 2
    assert store.revision() == every + 2


def test_fingerprints_may_have_signs(store: Store) -> None:
    store.add_records([record("r0", None)])
    store.add_recipe("recipe", "default", {"size": 64, "signs": "signed"})
    given = fingerprints(1)
    given["bits"] = [bytes(range(256)) * 4]
    assert store.add_fingerprints(given) == 1
    assert store.fingerprints()["bits"].tolist() == given["bits"].tolist()
