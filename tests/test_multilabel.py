"""Thresholds of labels."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from course_utils.errors import CourseError
from course_utils.labels import best_thresholds


def test_no_threshold_is_better() -> None:
    draw = np.random.default_rng(0)
    scores = draw.integers(8, size=(60, 5)) / 8  # many ties
    labels = (draw.random((60, 5)) < scores**2).astype(int)
    found = best_thresholds(labels, scores)
    for j in range(5):
        f1 = {t: f1_score(labels[:, j], scores[:, j] >= t) for t in np.unique(scores[:, j])}
        assert f1[found[j]] == max(f1.values())


def test_with_true_chances_it_is_half_the_best_f1() -> None:
    """Lipton, Elkan and Naryanaswamy (2014)."""
    chances = np.linspace(0, 1, 100_001)[:, None]
    threshold = best_thresholds(chances, chances)[0]
    given = chances >= threshold
    best = 2 * chances[given].sum() / (given.sum() + chances.sum())
    assert abs(threshold - best / 2) < 1e-3


@pytest.mark.parametrize("shape", [(0, 2), (3,), (3, 1)])
def test_other_shapes_are_refused(shape) -> None:
    with pytest.raises(CourseError, match="same shape"):
        best_thresholds(np.zeros(shape), np.zeros((3, 2)))
