"""Metrics against numbers worked out by hand, and against scikit-learn."""

import math

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from course_utils import metrics
from course_utils.errors import CourseError


def test_auc_counts_pairs_and_halves_ties():
    # Pairs (positive, negative): (3, 1) right, (3, 2) right, (2, 1) right, (2, 2) tie.
    assert metrics.auc([1, 0, 1, 0], [3, 1, 2, 2]) == pytest.approx(3.5 / 4)


def test_gauc_is_each_users_auc_weighted_by_rows():
    draw = np.random.default_rng(1)
    users = draw.integers(7, size=140)
    labels, scores = draw.integers(2, size=140), draw.integers(5, size=140)  # ties
    labels[users == 3] = 0  # no pair to order: this user is left out
    aucs, rows = [], []
    for user in set(range(7)) - {3}:
        mine = users == user
        aucs.append(metrics.auc(labels[mine], scores[mine]))
        rows.append(mine.sum())
    want = np.average(aucs, weights=rows)
    assert metrics.gauc(labels, scores, users) == pytest.approx(want)
    assert want != pytest.approx(np.mean(aucs), abs=1e-3)
    names = np.array(list("abcdefg"))[users]
    assert metrics.gauc(labels, scores, names) == pytest.approx(want)


def slow_gauc(labels, scores, groups):
    """By pairs, group by group."""
    aucs, rows = [], []
    for group in np.unique(groups):
        y, s = labels[groups == group], scores[groups == group]
        ahead = s[y == 1][:, None] - s[y == 0]
        if ahead.size:
            aucs.append(np.mean((ahead > 0) + 0.5 * (ahead == 0)))
            rows.append(len(y))
    return np.average(aucs, weights=rows)


@pytest.mark.parametrize("seed", range(20))
def test_gauc_is_that_of_all_pairs(seed):
    draw = np.random.default_rng(seed)
    n = draw.integers(2, 200)
    groups = draw.integers(-3, draw.integers(1, 40), size=n)
    groups[:2] = groups[0]
    labels = draw.integers(2, size=n)
    labels[:2] = 0, 1
    scores = draw.normal(size=n).round(draw.integers(0, 4)).astype(["f4", "f8"][seed % 2])
    want = slow_gauc(labels, scores, groups)
    assert metrics.gauc(labels, scores, groups) == pytest.approx(want, abs=1e-14)


def test_gauc_does_not_reward_knowing_the_users_rates():
    users, labels = np.repeat([0, 1], 4), np.array([0, 0, 0, 1, 1, 1, 1, 0])
    rates = np.repeat([0.25, 0.75], 4)
    assert metrics.auc(labels, rates) == 0.75
    assert metrics.gauc(labels, rates, users) == 0.5


def test_gauc_refuses_what_it_cannot_tell():
    with pytest.raises(CourseError, match="none has both"):
        metrics.gauc([0, 0, 1], [1, 2, 3], [5, 5, 6])
    with pytest.raises(CourseError, match="a group for each row"):
        metrics.gauc([0, 1], [1, 2], [5])


def test_user_auc_is_the_mean_of_each_users_auc():
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 2, size=(6, 9))
    labels[:, 0], labels[:, 1] = 0, 1
    labels[2], labels[4] = 0, 1  # no pair to order: these users are left out
    scores = draw.integers(0, 4, size=(6, 9))  # ties
    want = np.mean([metrics.auc(labels[user], scores[user]) for user in (0, 1, 3, 5)])
    assert metrics.user_auc(labels, scores) == pytest.approx(want, abs=1e-12)


def test_log_loss_is_minus_mean_log_of_what_happened():
    want = -(math.log(0.8) + math.log(0.75)) / 2
    assert metrics.log_loss([1, 0], [0.8, 0.25]) == pytest.approx(want)


def test_log_loss_works_where_only_one_label_occurs():
    assert metrics.log_loss([0, 0], [0.5, 0.5]) == pytest.approx(math.log(2))


def test_calibration_ratio_is_predicted_over_actual():
    assert metrics.calibration_ratio([1, 0, 0, 1], [0.9, 0.3, 0.3, 0.9]) == pytest.approx(1.2)


RANKED = [["a", "b", "c", "d"], ["e", "f", "g", "h"], ["x", "y", "z", "w"]]
RELEVANT = [{"b", "d", "q"}, {"h"}, {"x"}]


def test_hit_rate_counts_users():
    assert metrics.hit_rate_at_k(RANKED, RELEVANT, 2) == pytest.approx(2 / 3)
    assert metrics.hit_rate_at_k(RANKED, RELEVANT, 4) == 1.0


def test_recall_divides_by_all_that_is_relevant():
    assert metrics.recall_at_k(RANKED, RELEVANT, 4) == pytest.approx((2 / 3 + 1 + 1) / 3)


def test_ndcg_by_hand():
    first = (1 / math.log2(3)) / (1 + 1 / math.log2(3))  # a hit at place 2; ideal has two
    assert metrics.ndcg_at_k(RANKED, RELEVANT, 2) == pytest.approx((first + 0 + 1) / 3)


def test_ndcg_of_a_list_shorter_than_k_is_not_excused():
    want = 1 / (1 + 1 / math.log2(3))
    assert metrics.ndcg_at_k([["a"]], [{"a", "b"}], 5) == pytest.approx(want)


@pytest.mark.parametrize("k", [1, 3, 10, 30])
def test_ndcg_agrees_with_scikit_learn(k):
    rng = np.random.default_rng(k)
    scores = rng.normal(size=(20, 30))
    relevance = (rng.random((20, 30)) < 0.2).astype(int)
    relevance[:, 0] = 1
    ranked = np.argsort(-scores, axis=1).tolist()
    relevant = [set(np.flatnonzero(row).tolist()) for row in relevance]
    want = ndcg_score(relevance, scores, k=k)
    assert metrics.ndcg_at_k(ranked, relevant, k) == pytest.approx(want)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: metrics.auc([1, 1], [0.1, 0.2]), "both labels"),
        (lambda: metrics.auc([1, 2], [0.1, 0.2]), "0 or 1"),
        (lambda: metrics.auc([1, 0], [0.1, math.nan]), "finite"),
        (lambda: metrics.auc([1, 0], [0.1]), "same length"),
        (lambda: metrics.auc([[1, 0]], [[0.1, 0.2]]), "same length"),
        (lambda: metrics.log_loss([1, 0], [2.0, -1.0]), "sigmoid"),
        (lambda: metrics.calibration_ratio([0, 0], [0.1, 0.2]), "positive label"),
        (lambda: metrics.hit_rate_at_k([["a"]], [set()], 1), "no relevant"),
        (lambda: metrics.recall_at_k([["a", "a"]], [{"a"}], 2), "twice"),
        (lambda: metrics.ndcg_at_k([["a"]], [{"a"}], 0), "1 or more"),
        (lambda: metrics.ndcg_at_k([["a"]], [{"a"}, {"b"}], 1), "per user"),
    ],
)
def test_bad_input_is_one_clear_sentence(call, says):
    with pytest.raises(CourseError, match=says):
        call()
