import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trova_widgets.errors import NetworkError, SettingError
from trova_widgets.networks import Checker, architecture, build, check, network_types, summary

FILTER_2, FILTER_7 = "convolution2dLayer_2_filterSize", "convolution2dLayer_7_filterSize"
STRIDE_2 = "convolution2dLayer_2_Stride"
PADDING_2, PADDING_7 = "convolution2dLayer_2_Padding", "convolution2dLayer_7_Padding"
POOL_6, POOL_STRIDE_6 = "averagePooling2dLayer_6_poolSize", "averagePooling2dLayer_6_Stride"

cnn_values = st.fixed_dictionaries(
    {
        FILTER_2: st.integers(1, 9),
        "convolution2dLayer_2_numFilters": st.integers(1, 6),
        "convolution2dLayer_2_Stride": st.integers(1, 3),
        PADDING_2: st.integers(0, 4),
        POOL_6: st.integers(1, 6),
        POOL_STRIDE_6: st.integers(1, 3),
        FILTER_7: st.integers(1, 9),
        "averagePooling2dLayer_11_poolSize": st.integers(1, 4),
    }
)


@settings(max_examples=40, deadline=None)
@given(cnn_values, st.sampled_from([8, 16, 33]), st.integers(2, 4))
def test_paper_and_torch_agree(values, size, classes):
    model = architecture("CNN")
    if not check(model, values, size, classes).buildable:
        with pytest.raises(NetworkError):
            build(model, values, size, classes)
        return
    module = build(model, values, size, classes).eval()
    shapes = {}
    for name, part in module.named_children():
        part.register_forward_hook(lambda _, __, output, name=name: shapes.update({name: tuple(output.shape[1:])}))
    module(torch.zeros(1, 1, size, size))
    on_paper = {f"{layer.kind}_{layer.position}": layer for layer in summary(model, values, size, classes)}
    assert shapes == {name: on_paper[name].output_shape for name in shapes}
    for name, part in module.named_children():
        assert sum(parameter.numel() for parameter in part.parameters()) == on_paper[name].parameter_count


@pytest.mark.parametrize("kind", network_types(), ids=lambda kind: kind.name)
def test_every_architecture_can_be_built_with_its_defaults(kind):
    for model in kind.architectures:
        assert check(model, {}) == check(model, model.space.defaults)
        assert check(model, {}).buildable
        assert check(model, {}).warnings == ()
        counts = sum(layer.parameter_count for layer in summary(model, {}))
        assert sum(parameter.numel() for parameter in build(model, {}).parameters()) == counts


def test_the_first_experiment_breaks_no_rule():
    model = architecture("CNN")
    for size in range(1, 9):
        for pool in range(1, 7):
            result = check(model, {FILTER_2: size, POOL_6: pool})
            assert result.buildable
            assert result.warnings == ()


def test_the_third_experiment_breaks_rules_and_can_be_run():
    model = architecture("CNN")
    grid = [
        {FILTER_2: 2, PADDING_2: first, PADDING_7: second, FILTER_7: size}
        for first in range(4)
        for second in range(4)
        for size in range(1, 9)
    ]
    results = [check(model, values) for values in grid]
    assert all(result.buildable for result in results)
    broken = [values[PADDING_2] >= 2 or values[PADDING_7] >= values[FILTER_7] for values in grid]
    assert [bool(result.warnings) for result in results] == broken


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({FILTER_7: 40}, "Layer 7 (convolution2dLayer) cannot be built: a 40×40 kernel does not fit the 31×31 map"),
        ({POOL_6: 63}, "Layer 6 (averagePooling2dLayer) cannot be built: a 63×63 window does not fit the 62×62 map"),
    ],
)
def test_what_cannot_be_built_says_why(values, reason):
    result = check(architecture("CNN"), values)
    assert not result.buildable
    assert reason in result.reason


def test_a_name_that_is_unknown_is_no_question_of_shapes():
    with pytest.raises(SettingError, match="no setting 'nonsense' in the two-cycle CNN"):
        check(architecture("CNN"), {"nonsense": 1})


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(cnn_values, st.sampled_from([8, 16, 33])), min_size=2, max_size=8))
def test_a_checker_remembers_nothing_wrong(asked):
    model = architecture("CNN")
    checker = Checker(model, 4)
    # each twice, so that the second one comes out of its memory
    for values, size in [*asked, *asked]:
        assert checker.check(model.space.complete(values), size) == check(model, values, size, 4)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({FILTER_2: 64, POOL_6: 1}, "filterSize 64 should be less than the size of its input, 64"),
        (
            {FILTER_2: 1, "convolution2dLayer_2_Stride": 64, POOL_6: 1},
            "Stride 64 should be less than the size of its input, 64",
        ),
        ({POOL_STRIDE_6: 3}, "Stride 3 should be at most poolSize 2"),
        ({POOL_6: 62}, "poolSize 62 should be less than the size of its input, 62"),
    ],
)
def test_every_rule_of_the_table_is_told(values, rule):
    small = {FILTER_7: 1, "averagePooling2dLayer_11_poolSize": 1}
    assert any(rule in warning for warning in check(architecture("CNN"), {**small, **values}).warnings)
