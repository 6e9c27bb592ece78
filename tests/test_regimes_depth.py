"""The dial of depth: what sums over columns say of the truth, and how much there is to know."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from course_utils.comparison import Case
from course_utils.comparison.judging import measures
from course_utils.errors import CourseError
from course_utils.regimes import depth_inside
from course_utils.regimes.deep_tastes import drawn_teacher
from course_utils.regimes.depth import (
    explained_scenarios,
    explained_tasks,
    make_scenarios,
    make_tasks,
)
from course_utils.regimes.draws import stream
from course_utils.regimes.explained import explained
from course_utils.regimes.shared_bottom import FREQUENT

MAKERS = [make_scenarios, make_tasks]

DEPTHS = (0.0, 0.25, 0.5, 0.75, 1.0)

SEEDS = range(3)


def logit(p: np.ndarray) -> np.ndarray:
    """nan where six decimals of a chance hold too little of it."""
    p = np.where((p > 1e-3) & (p < 1.0 - 1e-3), p, np.nan)
    return np.log(p / (1.0 - p))


def best_auc(case: Case) -> float:
    """The mean over tasks, in markets of their own where there are several."""
    scenario = case.split.test.scenario
    parts = [scenario == code for code in np.unique(scenario)]
    return float(np.mean([measures(p[r], p[r])["auc"] for p in case.truth.values() for r in parts]))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("say", [explained_scenarios, explained_tasks])
def test_main_effects_explain_little_and_pairs_less_with_depth(
    say: Callable[..., dict[str, np.ndarray]], depth: float
) -> None:
    for seed in SEEDS:
        shares = say(seed, depth)
        assert np.abs(shares["main"]).max() < 0.05
        assert np.abs(shares["main"].mean()) < 0.03
        # Plain and deep tastes are uncorrelated: their shares add up.
        left = shares["pairs"] - (1.0 - depth)
        assert (left > 0.03 * depth - 0.01).all() and (left < 0.3 * depth + 0.01).all()
        assert 0.08 * depth - 0.01 < left.mean() < 0.2 * depth + 0.01


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("make", MAKERS)
def test_depth_is_another_form_and_not_more_noise(make: Callable[..., Case], depth: float) -> None:
    found = [best_auc(make(seed, depth, n_train=1_200)) for seed in SEEDS]
    assert min(found) > 0.88 and max(found) < 0.92


@pytest.mark.parametrize("make", MAKERS)
def test_labels_follow_the_truth(make: Callable[..., Case]) -> None:
    case = make(3, 0.5, n_test=40_000)
    for task, p in case.truth.items():
        y = case.split.test.labels[task]
        for low in np.arange(0.0, 1.0, 0.2):
            rows = (p >= low) & (p < low + 0.2)
            assert abs(y[rows].mean() - p[rows].mean()) < 4 * np.sqrt(0.25 / rows.sum())
        assert (case.visible[task] == p).all()


@pytest.mark.parametrize("make", MAKERS)
def test_a_seed_gives_the_same_rows_and_all_seeds_the_same_columns(
    make: Callable[..., Case],
) -> None:
    one, again, other = make(1, 1.0), make(1, 1.0), make(2, 1.0)
    assert (one.split.train.codes == again.split.train.codes).all()
    for task, y in one.split.train.labels.items():
        assert (y == again.split.train.labels[task]).all()
        assert (y != other.split.train.labels[task]).any()
    assert one.split.train.columns == other.split.train.columns
    assert len(one.split.train) == len(other.split.train)


@pytest.mark.parametrize(("make", "base"), [(make_scenarios, -0.5), (make_tasks, -1.0)])
def test_the_dial_mixes_two_truths_that_are_fixed(make: Callable[..., Case], base: float) -> None:
    plain, deep, mixed = (make(4, depth) for depth in (0.0, 1.0, 0.36))
    assert (plain.split.test.codes == deep.split.test.codes).all()
    for task, p in mixed.truth.items():
        a, b = logit(plain.truth[task]) - base, logit(deep.truth[task]) - base
        off = np.abs(logit(p) - base - 0.8 * a - 0.6 * b)
        assert np.isfinite(off).mean() > 0.8 and np.nanmax(off) < 1e-2


def rows_in_common(case: Case) -> list[np.ndarray]:
    """The logits of rows with the same columns, where several markets have such a row."""
    codes, said = case.split.test.codes, logit(case.truth["click"])
    _, place = np.unique(codes, axis=0, return_inverse=True)
    order = np.argsort(place, kind="stable")
    groups = np.split(said[order], np.flatnonzero(np.diff(place[order])) + 1)
    return [group for group in groups if len(group) > 1]


def test_related_markets_follow_one_function() -> None:
    alike, apart = (
        rows_in_common(make_scenarios(5, 0.5, related, n_test=60_000)) for related in (1.0, 0.0)
    )
    assert np.nanmax([np.ptp(group) for group in alike]) < 1e-3
    assert np.nanmean([np.ptp(group) for group in apart]) > 1.0


@pytest.mark.parametrize("depth", [0.0, 1.0])
def test_a_related_purchase_is_the_sum_of_the_frequent_tasks(depth: float) -> None:
    def said(related: float) -> tuple[np.ndarray, np.ndarray]:
        truth = make_tasks(5, depth, related, n_test=40_000).truth
        return np.stack([logit(truth[task]) + 1.0 for task in FREQUENT]), logit(truth["purchase"])

    others, purchase = said(1.0)
    off = np.abs(purchase + 1.0 - others.sum(0) / np.sqrt(3.0))
    assert np.isfinite(off).mean() > 0.8 and np.nanmax(off) < 1e-2
    others, purchase = said(0.0)
    seen = np.isfinite(others).all(0) & np.isfinite(purchase)
    assert np.abs(np.corrcoef([*others[:, seen], purchase[seen]])[-1, :-1]).max() < 0.2


def test_the_purchase_has_few_labels_and_is_judged() -> None:
    case = make_tasks(1, 0.5, few=300)
    for task, rows in case.judged.items():
        assert rows.all() == (task == "purchase") == rows.any()
        for table in (case.split.train, case.split.valid):
            assert table.mask(task).sum() == (300 if task == "purchase" else len(table))


def test_a_deep_taste_is_apart_from_plain_ones_and_from_its_projection() -> None:
    for seed in SEEDS:
        draw = stream(seed, 0)
        teacher = drawn_teacher(draw, 4, 8)
        codes = teacher.codes(draw, 60_000)
        all_tastes = np.concatenate([teacher.tastes(codes, depth) for depth in (0.0, 1.0)])
        assert np.abs(np.cov(all_tastes) - np.eye(8)).max() < 0.05
        assert np.abs(all_tastes.mean(1)).max() < 0.03


def test_explained_is_the_least_squares_fit() -> None:
    draw = np.random.default_rng(0)
    codes = draw.integers((2, 3, 4), size=(30_000, 3))
    effects = draw.normal(size=(2, 2, 3, 4))
    scores = effects[:, codes[:, 0], codes[:, 1], codes[:, 2]]
    found = explained(codes, scores)
    single = [np.eye(size)[column] for size, column in zip((2, 3, 4), codes.T, strict=True)]
    pairs = [
        (single[i][:, :, None] * single[j][:, None]).reshape(len(codes), -1)
        for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    for name, design in (("main", single), ("pairs", pairs)):
        x = np.concatenate(design, 1)
        left = scores.T - x @ np.linalg.lstsq(x, scores.T)[0]
        np.testing.assert_allclose(found[name], 1.0 - left.var(0) / scores.var(1), atol=0.01)


def test_noise_explains_nothing() -> None:
    draw = np.random.default_rng(1)
    found = explained(draw.integers(8, size=(1_000, 2)), draw.normal(size=(200, 1_000)))
    # Uncorrected, 64 means of 1,000 rows would have .063 of the variance.
    assert abs(found["main"].mean()) < 0.003 and abs(found["pairs"].mean()) < 0.01


def test_explained_asks_for_rows_enough() -> None:
    codes = np.stack([np.arange(100) % 5, np.arange(100) % 4], 1)
    with pytest.raises(CourseError, match="20 pairs of values, and 100 rows are too few"):
        explained(codes, np.zeros((1, 100)))


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("dials", [{"depth": 1.2}, {"depth": -0.1}, {"related": 2.0}])
def test_a_dial_outside_0_to_1_is_refused(make: Callable[..., Case], dials: dict[str, Any]) -> None:
    with pytest.raises(CourseError, match=f"{next(iter(dials))} is a share"):
        make(1, **dials)


def test_ten_tastes_have_no_pair_of_their_own() -> None:
    with pytest.raises(CourseError, match="nine"):
        drawn_teacher(stream(0, 0), 10, 8)


def test_gates_make_functions_apart_that_main_effects_say_little_of() -> None:
    for seed in SEEDS:
        alike = []
        for inside in (0.0, 0.5, 1.0):
            draw = stream(seed, 0)
            truth = depth_inside.drawn_gates(draw, inside)
            scores = truth.scores(truth.teacher.codes(draw, 60_000))
            assert np.abs(scores.mean(1)).max() < 0.05 and np.abs(scores.std(1) - 1).max() < 0.05
            alike.append(np.corrcoef(scores)[np.triu_indices(len(scores), 1)].mean())
            shares = depth_inside.explained_inside(seed, inside)
            assert shares["main"].max() < 0.1 < shares["pairs"].mean() < 0.6
        assert alike[0] > 0.99 > 0.9 > alike[1] > alike[2] + 0.1 and alike[2] < 0.5


def test_a_closed_gate_takes_its_unit_out() -> None:
    truth = depth_inside.drawn_gates(stream(1, 0), 1.0)
    assert set(truth.gates.ravel()) == {0.0, 2.0} and (truth.gates.mean(1) == 1.0).all()
    (first, bias), second = truth.teacher.layers
    codes = truth.teacher.codes(stream(2, 0), 500)
    before, closed = truth.scores(codes)[0], truth.gates[0] == 0
    other = np.where(closed, 9.0, first)
    changed = replace(truth, teacher=replace(truth.teacher, layers=((other, bias), second)))
    np.testing.assert_allclose(changed.scores(codes)[0], before)
    assert np.abs(changed.scores(codes)[1] - truth.scores(codes)[1]).max() > 0.1


def test_gates_follow_the_dial_and_labels_the_truth() -> None:
    case = depth_inside.make(3, 1.0, n_test=40_000)
    p, y = case.truth["click"], case.split.test.labels["click"]
    for low in np.arange(0.0, 1.0, 0.2):
        rows = (p >= low) & (p < low + 0.2)
        assert abs(y[rows].mean() - p[rows].mean()) < 4 * np.sqrt(0.25 / rows.sum())
    assert 0.86 < best_auc(case) < 0.93
    with pytest.raises(CourseError, match="inside is a share"):
        depth_inside.make(1, 1.5)
