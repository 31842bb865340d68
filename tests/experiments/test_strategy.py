from trova_widgets.experiments import Plan, cells, next_parameters, propose_next, propose_refinement
from trova_widgets.networks import architecture
from trova_widgets.space import Influence

FILTER_2, FILTERS_2 = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"
DROPOUT_5 = "dropoutLayer_5_probability"
POOL_6 = "averagePooling2dLayer_6_poolSize"
BEST = {FILTER_2: 2, FILTERS_2: 8, DROPOUT_5: 0.3}


def first_plan():
    axes = {FILTER_2: "[1:1:8]", FILTERS_2: "[8:8:64]", DROPOUT_5: "[0.1:0.2:0.9]"}
    return Plan.make(network_type="CNN", dataset_id="d", axes=axes)


def influences(**steps):
    """Return influences in the order given, of which only the step is known."""
    return [
        Influence(axis=axis, name=name, step=step, reach=step, main=0.1)
        for axis, (name, step) in enumerate(steps.items())
    ]


def test_three_at_a_time_until_the_parameters_are_used_up():
    model = architecture("CNN")
    done = []
    while names := next_parameters(model, done):
        assert len(names) <= 3
        done += names
    assert sorted(done) == sorted(model.space)
    assert done[:3] == list(first_plan().axes)
    assert [name.endswith(("Padding", "Stride")) for name in done] == [False] * 8 + [True] * 6


def test_the_best_combination_is_fixed_for_the_next_experiment():
    plan = first_plan()
    proposal = propose_next(plan, BEST)
    assert proposal.fixed == BEST
    assert list(proposal.axes) == [
        POOL_6,
        "convolution2dLayer_7_filterSize",
        "convolution2dLayer_7_numFilters",
    ]
    grown = Plan.make(network_type="CNN", dataset_id="d", axes=proposal.axes, fixed=proposal.fixed)
    assert any(cell.buildable for cell in cells(grown))


def test_when_all_have_had_their_turn_there_is_nothing_next():
    plan = first_plan()
    assert propose_next(plan, BEST, plan.model.space) is None


def test_refining_goes_around_the_optimum_at_half_the_step():
    acting = influences(**{FILTER_2: 0.1, FILTERS_2: 0.3, DROPOUT_5: 0.2})
    proposal = propose_refinement(first_plan(), BEST, acting, count=2)
    assert proposal.axes == {FILTERS_2: (4, 8, 12, 16), DROPOUT_5: (0.1, 0.2, 0.3, 0.4, 0.5)}
    assert list(proposal.axes) == [FILTERS_2, DROPOUT_5]
    assert proposal.fixed == {FILTER_2: 2}


def test_refining_keeps_what_earlier_experiments_found():
    plan = Plan.make(network_type="CNN", dataset_id="d", axes={POOL_6: "[2:2:6]"}, fixed={FILTER_2: 2})
    acting = influences(**{POOL_6: 0.1, FILTERS_2: 0.3})
    proposal = propose_refinement(plan, {POOL_6: 2, FILTERS_2: 8}, acting, {FILTERS_2: (8, 16)})
    assert proposal.axes == {FILTERS_2: (4, 8, 12, 16), POOL_6: (1, 2, 3, 4)}
    assert proposal.fixed == {FILTER_2: 2}
    again = propose_refinement(plan, {POOL_6: 2, FILTERS_2: 8}, acting)
    assert again.fixed == {FILTER_2: 2, FILTERS_2: 8}


def test_what_cannot_be_compared_acts_least():
    acting = influences(**{FILTER_2: float("nan"), FILTERS_2: 0.3, DROPOUT_5: 0.2})
    assert list(propose_refinement(first_plan(), BEST, acting, count=2).axes) == [FILTERS_2, DROPOUT_5]


def test_settings_of_every_kind_are_refined_or_held():
    keep, highpass, decay = "fingerprint.keep", "fingerprint.highpass", "training.weight_decay"
    plan = Plan.make(network_type="CNN", dataset_id="d", axes={keep: "200, 400", highpass: "on, off", decay: "0, 0.1"})
    best = {keep: 200, highpass: "off", decay: 0.0}
    refined = propose_refinement(plan, best, influences(**{keep: 0.3, highpass: 0.2, decay: 0.1}))
    assert refined.axes == {keep: (100, 200, 300, 400), highpass: ("off",), decay: (0.0, 0.05, 0.1)}
    following = propose_next(plan, best)
    assert following.fixed == best
    assert list(following.axes) == list(first_plan().axes)
    grown = Plan.make(network_type="CNN", dataset_id="d", axes=following.axes, fixed=following.fixed)
    assert grown.value_of(highpass) == "off"
