import subprocess
import sys

import pytest

from trova_widgets.errors import NetworkError, SettingError
from trova_widgets.networks import architecture, network_types
from trova_widgets.space import parse_values

BASE_NETWORK = [
    "imageInputLayer",
    "convolution2dLayer",
    "batchNormalizationLayer",
    "reluLayer",
    "dropoutLayer",
    "averagePooling2dLayer",
    "convolution2dLayer",
    "batchNormalizationLayer",
    "reluLayer",
    "dropoutLayer",
    "averagePooling2dLayer",
    "fullyConnectedLayer",
    "softmaxLayer",
    "classificationLayer",
]

every_architecture = pytest.mark.parametrize(
    "model", [model for kind in network_types() for model in kind.architectures], ids=lambda model: model.name
)


def test_loading_the_catalogue_loads_no_torch():
    code = "import sys, trova_widgets.networks as n; n.network_types(); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_base_network_is_the_articles():
    model = architecture("CNN")
    assert model.name == "two-cycle"
    assert [layer.kind for layer in model.layers] == BASE_NETWORK
    assert list(model.space) == [
        "convolution2dLayer_2_filterSize",
        "convolution2dLayer_2_numFilters",
        "convolution2dLayer_2_Stride",
        "convolution2dLayer_2_Padding",
        "dropoutLayer_5_probability",
        "averagePooling2dLayer_6_poolSize",
        "averagePooling2dLayer_6_Stride",
        "convolution2dLayer_7_filterSize",
        "convolution2dLayer_7_numFilters",
        "convolution2dLayer_7_Stride",
        "convolution2dLayer_7_Padding",
        "dropoutLayer_10_probability",
        "averagePooling2dLayer_11_poolSize",
        "averagePooling2dLayer_11_Stride",
    ]


def test_both_network_types_are_there():
    assert {kind.name: [model.name for model in kind.architectures] for kind in network_types()} == {
        "CNN": ["two-cycle", "one-cycle", "three-cycle"],
        "MLP": ["one-hidden", "two-hidden"],
    }


@every_architecture
def test_every_architecture_is_consistent(model):
    assert [layer.position for layer in model.layers] == list(range(1, len(model.layers) + 1))
    for name, parameter in model.space.items():
        assert parameter.name == name
        assert parameter.coerce(parameter.default) == parameter.default
        for value in parse_values(parameter.reconnaissance):
            parameter.coerce(value)
        assert parameter.meaning
        assert parameter.constraint


def test_a_stride_that_is_not_set_follows_its_pool():
    model = architecture("CNN")
    follows = model.space.complete({"averagePooling2dLayer_6_poolSize": 5})
    assert follows["averagePooling2dLayer_6_Stride"] == 5
    assert follows["averagePooling2dLayer_11_Stride"] == 2
    own = model.space.complete({"averagePooling2dLayer_6_poolSize": 5, "averagePooling2dLayer_6_Stride": 1})
    assert own["averagePooling2dLayer_6_Stride"] == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            {"convolution2dLayer_3_filterSize": 2},
            "There is no setting .* in the two-cycle CNN; the nearest .*convolution2dLayer_2_filterSize",
        ),
        ({"convolution2dLayer_2_filterSize": 0}, "cannot be 0"),
        ({"convolution2dLayer_2_filterSize": 2.5}, "whole number"),
        ({"convolution2dLayer_2_filterSize": "two"}, "is a number"),
        ({"convolution2dLayer_2_filterSize": True}, "is a number"),
        ({"convolution2dLayer_2_Padding": -1}, "cannot be -1"),
        ({"dropoutLayer_5_probability": 1.5}, "from 0 to 1"),
        ({"dropoutLayer_5_probability": float("nan")}, "is a number"),
    ],
)
def test_values_that_are_not_allowed(values, says):
    with pytest.raises(SettingError, match=says):
        architecture("CNN").space.complete(values)


def test_a_layer_knows_its_own_defaults_and_names():
    first, second = (architecture("CNN").layers[position - 1] for position in (5, 10))
    assert [layer.settings[0].default for layer in (first, second)] == [0.2, 0.5]
    assert second.settings[0].name == second.full_name("probability") == "dropoutLayer_10_probability"
    pooling = architecture("CNN").layers[5]
    assert [setting.follows for setting in pooling.settings] == [None, "averagePooling2dLayer_6_poolSize"]
    with pytest.raises(NetworkError, match=r"dropoutLayer has the parameters .'probability'., not .'rate'."):
        first.behaviour.at(5, rate=0.1)


def test_a_layer_is_decided_by_its_own_values_alone():
    model = architecture("CNN")
    complete = model.space.complete({"averagePooling2dLayer_6_poolSize": 3, "dropoutLayer_5_probability": 0.3})
    configuration = model.layers[5].configuration((8, 62, 62), complete, 3)
    assert configuration.values == {"poolSize": 3, "Stride": 3}
    assert (configuration.shape, configuration.class_count) == ((8, 62, 62), 3)
    assert (configuration.whole("poolSize"), configuration.real("Stride")) == (3, 3.0)


def test_unknown_names_are_answered_with_the_known_ones():
    with pytest.raises(NetworkError, match="CNN, MLP"):
        architecture("RNN")
    with pytest.raises(NetworkError, match="two-cycle, one-cycle, three-cycle"):
        architecture("CNN", "four-cycle")
