"""The capstone's stored results: made by today's code, recomputed small, and bounded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scripts import script_of, stored_by

from course_utils.exercises.l70.at_cutoff import right_at_cutoff
from course_utils.exercises.l70.regained import right_regained
from course_utils.exercises.l70.sell import right_sell
from course_utils.exercises.l70.shrunk import right_shrunk

SCRIPTS = (
    "capstone_labels",
    "capstone_models",
    "capstone_fusion",
    "capstone_test",
    "capstone_cost",
    "capstone_more",
    "capstone_decide",
    "capstone_served",
    "capstone_pairs",
)


def _numbers(found: Any) -> list[float]:
    if isinstance(found, dict):
        return [one for value in found.values() for one in _numbers(value)]
    if isinstance(found, list | tuple):
        return [one for value in found for one in _numbers(value)]
    return [float(found)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_small_part_is_recomputed(name: str) -> None:
    again, kept = _numbers(script_of(name).PARTS["small"]()), _numbers(stored_by(name)["small"])
    np.testing.assert_allclose(again, kept, rtol=2e-3, atol=2e-3)


# What the lesson derives.


def test_the_weighted_loss_is_that_of_the_finished_log() -> None:
    """Over labels as they are known, the weighted loss has the mean of the complete one."""
    draw = np.random.default_rng(0)
    p, share, said = (draw.uniform(0.05, 0.95, 50) for _ in range(3))
    one, zero = -np.log(said), -np.log1p(-said)
    age = np.ones(50)
    _, w_one = right_at_cutoff(age, np.zeros(50), p, share)
    _, w_zero = right_at_cutoff(age, np.full(50, np.inf), p, share)
    mean = p * share * w_one * one + (1 - p * share) * w_zero * zero
    np.testing.assert_allclose(mean, p * one + (1 - p) * zero)


def test_a_shrunk_factor_lies_between_its_own_and_that_of_all() -> None:
    draw = np.random.default_rng(1)
    scenario = draw.choice(list("abc"), p=(0.7, 0.25, 0.05), size=400).tolist()
    p = draw.uniform(0.05, 0.5, size=400)
    y = (draw.random(400) < 1.3 * p).astype(int)
    own, every = (right_shrunk(scenario, y, p, k) for k in (0.0, 1e9))
    found = right_shrunk(scenario, y, p, 10.0)
    assert np.ptp(list(every.values())) < 1e-6
    for name, one in found.items():
        assert min(own[name], every[name]) <= one <= max(own[name], every[name])


def test_no_order_brings_more_than_that_by_the_true_value() -> None:
    """The rearrangement inequality, over all orders of six products."""
    from itertools import permutations

    draw = np.random.default_rng(2)
    seen, value = np.sort(draw.random(6))[::-1], draw.exponential(size=6)
    best = seen @ np.sort(value)[::-1]
    assert best >= max(seen @ value[list(order)] for order in permutations(range(6))) - 1e-12
    assert right_regained(seen, value, value) == pytest.approx(1)


def test_the_stock_of_the_script_is_that_of_the_task() -> None:
    script, draw = script_of("capstone_test"), np.random.default_rng(3)
    product = draw.integers(6, size=60)
    wishes = [("new", str(one), 1.0) for one in product]
    for stock in (1, 3, None):
        limit = {} if stock is None else {str(one): stock for one in range(6)}
        assert script.sold(product, stock).sum() == right_sell(wishes, limit)["new"]
    assert script.sold(np.array([], dtype=int), 2).size == 0
    # The first wishes are served.
    assert script.sold(np.array([4, 4, 5, 4]), 2).tolist() == [True, True, True, False]


# What is stored.


def test_nobody_learns_from_what_came_after_the_cutoff() -> None:
    script = script_of("capstone_models")
    one = script.case(0)
    rows = script.rows_of(0)
    known = one.split.train.labels["purchase"].sum() + one.split.valid.labels["purchase"].sum()
    before = rows.iloc[: script.CUTOFF]
    late = (before["purchase"] == 1) & (before["hours_to_purchase"] / 24 > before["age"])
    assert late.any() and known == before["purchase"].sum() - late.sum()
    # The second half of the test rows differs in the position alone, and is not judged.
    codes, names = one.split.test.codes, list(one.split.test.columns.vocabulary)
    at = names.index("position")
    first, second = codes[: script.N_TEST], codes[script.N_TEST :]
    assert (np.delete(first, at, 1) == np.delete(second, at, 1)).all()
    assert len(np.unique(second[:, at])) == 1
    assert all(of[: script.N_TEST].all() and not of[script.N_TEST :].any()
               for of in one.judged.values())  # fmt: skip


def test_what_is_tuned_is_not_judged() -> None:
    script = script_of("capstone_fusion")
    _, tune, judged = script.market(0)
    assert tune.at.max() < script.TUNE
    assert judged.at[judged.at >= 0].min() >= script.TUNE
    # The truth's order is the best of all that are stored, in each shop.
    by_model = stored_by("capstone_fusion")["contenders"]
    assert max(by_model["truth"][0]) == 0
    assert all(min(lost) >= 0 for lost, *_ in by_model.values())


def test_without_a_limit_no_design_is_far_from_the_truth() -> None:
    kept = stored_by("capstone_test")
    for design in ("customers", "days", "split stock"):
        bias = [one[design][0] - one["truth"] for one in kept["stock None"]]
        spread = np.mean([one[design][1] for one in kept["stock None"]])
        assert abs(np.mean(bias)) < 3 * spread / np.sqrt(40 * len(bias)) + 1
    tight = [one["customers"][0] - one["truth"] for one in kept["stock 2"]]
    assert np.mean(tight) > 1


def test_who_has_todays_click_begins_at_todays_list() -> None:
    effects = stored_by("capstone_served")["effects"]
    for name in ("crossed logistic regression", "best of each task"):
        assert all(one == 0 for what in effects[name]["0"].values() for one in what)
    stored = stored_by("capstone_test")["effects"]
    for weight in ("0.1", "0.2", "1"):
        for what, of in effects["Shared-Bottom on crosses"][weight].items():
            np.testing.assert_allclose(of, [one[weight][what] for one in stored], atol=2e-3)


def test_networks_with_one_snapshot_are_tuned_by_their_own_loss() -> None:
    for kept in stored_by("capstone_served")["snapshot"].values():
        tried = [one["task_weights"] for one, _ in kept["tried"]]
        assert len(tried) == script_of("capstone_models").TRIALS and len(set(tried)) > 1
        assert all(one["keep"] == "sum" for one, _ in kept["tried"])
        assert kept["chosen"] == min(kept["tried"], key=lambda pair: pair[1])[0]


def test_the_fronts_of_both_scripts_are_one() -> None:
    """Money of one network over its twins at the served weight: by the lists, by the tests."""
    effects, front = stored_by("capstone_served")["effects"], stored_by("capstone_fusion")["pareto"]
    at = script_of("capstone_fusion").WEIGHTS.index(0.2)
    joint, twins = (
        100 + np.array(effects[name]["0.2"]["money"])
        for name in ("Shared-Bottom on crosses", "twin per task")
    )
    by_lists = np.divide(*(np.array(front[name])[:, at, 1] for name in ("joint", "twins")))
    np.testing.assert_allclose(joint / twins, by_lists, atol=2e-4)


def test_the_intervals_of_the_tests_hold_the_exact_effect() -> None:
    """In about 95 of 100, over ten shops and forty tests each."""
    effects = stored_by("capstone_served")["effects"]
    for part, by_weight in stored_by("capstone_decide").items():
        name = part.removeprefix("tests, ")
        for weight, shops in by_weight.items() if name != part else ():
            for what, exact in effects[name][weight].items():
                inside = [
                    test[what][0] <= one <= test[what][1]
                    for one, tests in zip(exact, shops, strict=True)
                    for test in tests
                ]
                assert 0.92 < np.mean(inside) < 0.98, (weight, what, np.mean(inside))


def test_older_rows_are_read_by_all() -> None:
    for one in stored_by("capstone_labels")["older"]:
        clicks = {way: of["clicks"] for way, of in one.items()}
        assert clicks["wait 7 days, rows cut"] < 0.6 * clicks["ignore"]
        assert clicks["wait 7 days, as many rows"] > 0.95 * clicks["ignore"]
        assert clicks["ignore, all rows"] == clicks["importance weights, all rows"]
        assert clicks["ignore, all rows"] > clicks["wait 7 days, all rows"]
