import pytest
from hypothesis import given
from hypothesis import strategies as st

from trova_widgets.errors import SettingError
from trova_widgets.space import SEED, Setting, Space

POOL = Setting(name="poolSize", default=2, kind="integer", minimum=1, maximum=9)
STRIDE = Setting(name="Stride", default=2, kind="integer", minimum=1, maximum=9, follows="poolSize")
DECAY = Setting(name="training.weight_decay", default=0.01, kind="real", minimum=0)
HIGHPASS = Setting(name="fingerprint.highpass", default="on", kind="enumerated", choices=("on", "off"))
STATISTICS = Setting(name="fingerprint.statistics", default="", kind="text")

given_values = st.fixed_dictionaries(
    {},
    optional={
        "poolSize": st.integers(1, 9),
        "Stride": st.integers(1, 9),
        "training.weight_decay": st.floats(0, 1),
        "fingerprint.highpass": st.sampled_from(["on", "off"]),
        "seed": st.integers(0, 9),
    },
)


@pytest.fixture(scope="module")
def space():
    return Space([POOL, STRIDE, DECAY, HIGHPASS, STATISTICS, SEED], title="this study")


def test_a_space_is_a_mapping_in_the_order_given(space):
    assert list(space) == [
        "poolSize", "Stride", "training.weight_decay", "fingerprint.highpass", "fingerprint.statistics", "seed",
    ]  # fmt: skip
    assert len(space) == 6 and "seed" in space and "epochs" not in space
    assert space["training.weight_decay"] is DECAY
    assert dict(space.defaults) == {name: setting.default for name, setting in space.items()}
    with pytest.raises(TypeError):
        space.defaults["seed"] = 3


@given(given_values)
def test_complete_values_are_complete_and_nothing_is_changed(given):
    space = Space([POOL, STRIDE, DECAY, HIGHPASS, STATISTICS, SEED])
    full = space.complete(given)
    assert list(full) == list(space)
    for name, value in space.coerce(given).items():
        assert full[name] == value
    assert full["Stride"] == given.get("Stride", full["poolSize"])
    assert space.complete(full) == full
    # what is kept of it comes to the same
    assert space.complete(space.settled(given)) == full
    assert ("Stride" in space.settled(given)) == ("Stride" in given)


def test_a_follower_follows_as_long_as_it_is_not_set(space):
    assert space.followers({}) == space.followers({"poolSize": 3}) == [("Stride", "poolSize")]
    assert space.followers({"Stride": 1}) == []
    assert space.complete({"poolSize": 5})["Stride"] == 5
    assert space.complete({"poolSize": 5, "Stride": 1})["Stride"] == 1


def test_an_unknown_name_is_answered_with_the_nearest(space):
    sentence = "There is no setting 'training.wait_decay' in this study; the nearest is training.weight_decay."
    for ask in (
        lambda: space["training.wait_decay"],
        lambda: space.coerce({"training.wait_decay": 0}),
        lambda: space.complete({"training.wait_decay": 0}),
        lambda: space.settled({"training.wait_decay": 0}),
        lambda: space.axes({"training.wait_decay": "0, 1"}),
    ):
        with pytest.raises(SettingError) as caught:
            ask()
        assert str(caught.value) == sentence


def test_axes_are_read_as_people_write_them(space):
    written = ["training.weight_decay = 0, 0.1", "poolSize=[1 : 1 : 3]", "fingerprint.highpass = on, off", "seed=2"]
    axes = {
        "training.weight_decay": (0.0, 0.1),
        "poolSize": (1, 2, 3),
        "fingerprint.highpass": ("on", "off"),
        "seed": (2,),
    }
    assert space.axes(written) == axes
    assert list(space.axes(written)) == list(axes)
    # 0 is a real number here
    assert type(space.axes(written)["training.weight_decay"][0]) is float


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        ({"poolSize": "0:3"}, "poolSize cannot be 0"),
        ({"poolSize": [2, 2.0]}, "stands twice"),
        ({"training.weight_decay": [0.1, 0.1 + 1e-14]}, "give one or more, each once"),
        ({"poolSize": []}, "at least one value"),
        ({"fingerprint.statistics": "a"}, "is an identity, and cannot be set; leave it out"),
        ({"fingerprint.highpass": "up, down"}, "cannot be 'up'; choose one of on, off"),
    ],
    ids=str,
)
def test_axes_that_are_not_allowed_are_refused(space, axes, says):
    with pytest.raises(SettingError, match=says):
        space.axes(axes)
