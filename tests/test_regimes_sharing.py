"""Regimes of sharing, of chains and of balancing: what each promises of its rows."""

import hashlib
from types import ModuleType

import numpy as np
import pytest

from course_utils.balancing.fixed import Fixed
from course_utils.balancing.units import InUnits
from course_utils.errors import CourseError
from course_utils.regimes import (
    aitm,
    capacity,
    direction,
    escm2,
    esmm,
    mmoe,
    ple,
    scale,
    shared_bottom,
)

FAMILIES = [shared_bottom, mmoe, ple, esmm, escm2, aitm, scale, direction, capacity]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.NAME)
def test_shapes_fit_all_seeds_and_labels_follow_the_truth(family: ModuleType) -> None:
    one, other = family.make(1), family.make(2)
    assert one.split.train.columns.same_codes(other.split.train.columns)
    assert len(one.split.train) == len(other.split.train)
    assert (one.split.train.inputs[0].shape, one.split.train.numbers.shape) == (
        other.split.train.codes.shape,
        other.split.train.numbers.shape,
    )
    test = one.split.test
    for task, truth in one.truth.items():
        assert truth.shape == (len(test),) and truth.min() >= 0 and truth.max() <= 1
        np.testing.assert_array_equal(one.visible[task], truth)  # nothing is hidden
        rows = test.mask(task)
        error = (test.labels[task][rows] - truth[rows]).mean()
        assert abs(error) < 5 * np.sqrt((truth[rows] * (1 - truth[rows])).mean() / rows.sum())
    assert any(rows.any() for rows in one.judged.values())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.NAME)
def test_a_seed_is_the_same_rows_again(family: ModuleType) -> None:
    def digest(seed: int) -> str:
        split, found = family.make(seed).split, hashlib.sha256()
        for table in (split.train, split.valid, split.test):
            for array in (table.codes, table.numbers, *table.labels.values()):
                found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    assert digest(3) == digest(3) != digest(4)


def test_a_starved_task_has_few_labels() -> None:
    case = shared_bottom.make(1, few=300)
    for task, rows in case.judged.items():
        starved = bool(rows.any())
        for table in (case.split.train, case.split.valid):
            assert table.mask(task).sum() == (300 if starved else len(table))
        assert case.split.test.mask(task).all()


def explained(codes: np.ndarray, score: np.ndarray) -> float:
    """The share of a score's variance that a sum of effects of single columns has."""
    one_hot = np.concatenate(
        [np.eye(size)[c] for c, size in zip(codes, codes.max(1) + 1, strict=True)], 1
    )
    fitted = one_hot @ np.linalg.lstsq(one_hot, score, rcond=None)[0]
    return float(1.0 - (score - fitted).var() / score.var())


def test_the_purchase_is_no_mixture_of_the_frequent_tasks() -> None:
    for rho, low, high in ((1.0, 0.2, 0.5), (0.0, 0.999, 1.0)):
        case = shared_bottom.make(5, rho=rho, n_test=40_000)
        score = {task: np.log(p / (1.0 - p)) for task, p in case.truth.items()}
        assert low < explained(case.split.test.codes.T, score["purchase"]) < high
        for task in shared_bottom.FREQUENT:
            assert abs(np.corrcoef(score[task], score["purchase"])[0, 1]) < 0.3


def test_the_occasion_decides_which_taste_counts() -> None:
    for switch, low, high in ((1.0, 0.1, 0.5), (0.0, 0.999, 1.0)):
        case = mmoe.make(5, switch=switch, occasions=2)
        product, occasion = np.split(case.split.test.codes.T, [len(mmoe.COLUMNS)])
        one = (occasion == 1).all(0)  # on one occasion tastes have fixed weights
        for truth in case.truth.values():
            score = np.log(truth / (1.0 - truth))
            assert low < explained(np.concatenate([product, occasion]), score) < high
            assert explained(product[:, one], score[one]) > 0.999


def test_the_private_part_of_ple_is_a_sum_of_single_columns() -> None:
    for c, low, high in ((0.9, 0.2, 0.6), (0.0, 0.999, 1.0)):
        case = ple.make(5, c=c)
        for truth in case.truth.values():
            score = np.log(truth / (1.0 - truth))
            assert low < explained(case.split.test.codes.T, score) < high


@pytest.mark.parametrize("family", [esmm, escm2])
def test_the_purchase_needs_a_click_and_is_judged_everywhere(family: ModuleType) -> None:
    case = family.make(5)
    for table in (case.split.train, case.split.test):
        np.testing.assert_array_equal(table.mask("purchase"), table.labels["click"] == 1)
    assert case.judged["purchase"].all() and not case.judged["click"].any()


def test_clicks_are_mostly_where_theta_has_turned() -> None:
    case = escm2.make(5)
    q = (np.abs(case.split.test.numbers[:, 0]) - escm2.MEAN) / escm2.DEVIATION
    turned, clicked = q > 0.8, case.split.test.mask("purchase")
    assert turned.mean() < 0.25 and turned[clicked].mean() > 0.55


def test_a_step_needs_the_one_before() -> None:
    case = aitm.make(5)
    labels = list(case.split.train.labels.values())
    chances = list(case.truth.values())
    for k in range(len(labels) - 1):
        assert (labels[k + 1] <= labels[k]).all() and labels[k + 1].sum() < labels[k].sum() / 1.5
        assert (chances[k + 1] <= chances[k]).all()


def test_one_market_asks_for_another_direction() -> None:
    def kinship(kin: float) -> float:
        truth = direction.make(5, kin=kin).truth
        return float(np.corrcoef(truth["market A"], truth["market D"])[0, 1])

    assert abs(kinship(0.0)) < 0.1 and kinship(1.0) > 0.9
    truth = direction.make(5).truth  # what A likes, B does not
    assert np.corrcoef(truth["market A"], truth["market B"])[0, 1] < -0.9


def test_capacity_is_even_in_every_number() -> None:
    case = capacity.make(5, n_test=20_000)
    x, truth = case.split.test.numbers, case.truth["market A"]
    assert max(abs(np.corrcoef(x[:, k], truth)[0, 1]) for k in range(x.shape[1])) < 0.05


def test_units_reach_from_1_down_to_the_spread() -> None:
    np.testing.assert_allclose(scale.units(3.0)[[0, -1]], (1.0, 1e-3))
    np.testing.assert_array_equal(scale.units(0.0), np.ones(len(scale.TASKS)))


def test_markets_buy_less_and_less_and_a_constant_costs_less() -> None:
    case = scale.make(5)
    rates = [truth.mean() for truth in case.truth.values()]
    assert rates == sorted(rates, reverse=True) and rates[0] > 0.45 and rates[-1] < 0.08
    costs = [scale.constant_loss(y) for y in case.split.train.labels.values()]
    assert costs == sorted(costs, reverse=True)
    assert scale.constant_loss(np.zeros(200, "float32")) > 1e-3  # a market without a purchase


def test_a_weighting_in_units_sees_the_losses_times_the_units() -> None:
    weighting = InUnits(Fixed([1.0, 2.0]), [10.0, 0.1])
    weighting.reset(2, 0)
    assert float(weighting.total(np.array([1.0, 1.0], "float32"))) == pytest.approx(10.2)
    with pytest.raises(CourseError, match="3 tasks, but 2 units"):
        InUnits(Fixed(), [1.0, 1.0]).reset(3, 0)
    with pytest.raises(CourseError, match="above 0"):
        InUnits(Fixed(), [1.0, 0.0])
