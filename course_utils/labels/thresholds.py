"""From scores of labels to decisions: a threshold a label."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from course_utils.errors import CourseError


def best_thresholds(labels: npt.ArrayLike, scores: npt.ArrayLike) -> np.ndarray:
    """For each label the threshold with the best F1 on these rows; a label is given from it up.

    F1 = 2 * true positives / (predicted positives + actual positives). With probabilities in
    the place of labels it is the plug-in version: true and actual positives are counted as
    their expectations.

    Args:
        labels: 0 or 1, or probabilities between them, ``[rows, labels]``.
        scores: finite numbers, the same shape.

    Returns:
        One score a label, ``[labels]``: the highest where several are equally good.

    Raises:
        CourseError: if the two are not tables of the same shape with a row or more.
    """
    y, s = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
    if y.ndim != 2 or y.shape != s.shape or len(y) == 0:
        raise CourseError(
            "Labels and scores must be two tables of the same shape (rows, labels), one row or "
            f"more: got {y.shape} and {s.shape}."
        )
    order = np.argsort(-s, axis=0, kind="stable")
    s, y = np.take_along_axis(s, order, axis=0), np.take_along_axis(y, order, axis=0)
    given = np.arange(1, len(y) + 1)[:, None]
    f1 = 2.0 * y.cumsum(axis=0) / (given + y.sum(axis=0))
    # Rows with the same score are given the label together: only the last can be the cut.
    f1[:-1][s[:-1] == s[1:]] = -1.0
    return s[f1.argmax(axis=0), np.arange(s.shape[1])]
