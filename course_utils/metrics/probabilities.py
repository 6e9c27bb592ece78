"""How good are the probabilities themselves?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn import metrics as sk

from course_utils.errors import CourseError
from course_utils.metrics.inputs import labels_and_scores


def log_loss(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """Mean of -log(probability given to what happened), in nats; 0 is perfect.

    Args:
        labels: 0 or 1, ``[n]``.
        probabilities: of label 1, 0 to 1, ``[n]``.
    """
    y, p = _probabilities(labels, probabilities)
    return float(sk.log_loss(y, p, labels=[0, 1]))


def calibration_ratio(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """Mean prediction over mean label: 1 is calibrated on average, 2 promises twice as much.

    Args:
        labels: 0 or 1, ``[n]``, at least one of them 1.
        probabilities: of label 1, 0 to 1, ``[n]``.
    """
    y, p = _probabilities(labels, probabilities)
    if not y.any():
        raise CourseError(f"The calibration ratio needs a positive label; all {y.size} are 0.")
    return float(p.mean() / y.mean())


def _probabilities(labels: npt.ArrayLike, p: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y, probabilities = labels_and_scores(labels, p)
    if probabilities.min() < 0.0 or probabilities.max() > 1.0:
        raise CourseError(
            f"Probabilities must lie between 0 and 1: these go from {probabilities.min():g} "
            f"to {probabilities.max():g}. Is a sigmoid missing?"
        )
    return y, probabilities
