from trova_widgets.experiments import Plan, cells, next_parameters, propose_next, propose_refinement
from trova_widgets.networks import architecture

FILTER_2, FILTERS_2 = "convolution2dLayer_2_filterSize", "convolution2dLayer_2_numFilters"
DROPOUT_5 = "dropoutLayer_5_probability"
BEST = {FILTER_2: 2, FILTERS_2: 8, DROPOUT_5: 0.3}


def first_plan():
    axes = {FILTER_2: "[1:1:8]", FILTERS_2: "[8:8:64]", DROPOUT_5: "[0.1:0.2:0.9]"}
    return Plan.make(network_type="CNN", dataset_id="d", axes=axes)


def test_three_at_a_time_until_the_parameters_are_used_up():
    model = architecture("CNN")
    done = []
    while names := next_parameters(model, done):
        assert len(names) <= 3
        done += names
    assert sorted(done) == sorted(model.parameters)
    assert done[:3] == list(first_plan().axes)
    assert [name.endswith(("Padding", "Stride")) for name in done] == [False] * 8 + [True] * 6


def test_the_best_combination_is_fixed_for_the_next_experiment():
    plan = first_plan()
    proposal = propose_next(plan, BEST)
    assert proposal.fixed == BEST
    assert list(proposal.axes) == [
        "averagePooling2dLayer_6_poolSize",
        "convolution2dLayer_7_filterSize",
        "convolution2dLayer_7_numFilters",
    ]
    grown = Plan.make(network_type="CNN", dataset_id="d", axes=proposal.axes, fixed=proposal.fixed)
    assert any(cell.buildable for cell in cells(grown))


def test_when_all_have_had_their_turn_there_is_nothing_next():
    plan = first_plan()
    assert propose_next(plan, BEST, plan.model.parameters) is None


def test_refining_goes_around_the_optimum_at_half_the_step():
    influence = {FILTER_2: 0.1, FILTERS_2: 0.3, DROPOUT_5: 0.2}
    proposal = propose_refinement(first_plan(), BEST, influence, count=2)
    assert proposal.axes == {FILTERS_2: (4, 8, 12, 16), DROPOUT_5: (0.1, 0.2, 0.3, 0.4, 0.5)}
    assert list(proposal.axes) == [FILTERS_2, DROPOUT_5]
    assert proposal.fixed == {FILTER_2: 2}


def test_refining_keeps_what_earlier_experiments_found():
    pool = "averagePooling2dLayer_6_poolSize"
    plan = Plan.make(network_type="CNN", dataset_id="d", axes={pool: "[2:2:6]"}, fixed={FILTER_2: 2})
    influence = {pool: 0.1, FILTERS_2: 0.3}
    proposal = propose_refinement(plan, {pool: 2, FILTERS_2: 8}, influence, {FILTERS_2: (8, 16)})
    assert proposal.axes == {FILTERS_2: (4, 8, 12, 16), pool: (1, 2, 3, 4)}
    assert proposal.fixed == {FILTER_2: 2}
    again = propose_refinement(plan, {pool: 2, FILTERS_2: 8}, influence)
    assert again.fixed == {FILTER_2: 2, FILTERS_2: 8}
