"""What every metric asks of its inputs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from course_utils.errors import CourseError


def labels_and_scores(
    labels: npt.ArrayLike, scores: npt.ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Both as float arrays ``[n]``.

    Raises:
        CourseError: if they differ in length, or hold what is no label or no finite number.
    """
    y, s = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
    if y.ndim != 1 or y.shape != s.shape or y.size == 0:
        raise CourseError(
            f"Labels and scores must be two rows of the same length: got {y.shape} and {s.shape}."
        )
    if not np.isin(y, (0.0, 1.0)).all():
        raise CourseError("Labels must be 0 or 1.")
    if not np.isfinite(s).all():
        raise CourseError("Scores must be finite numbers; some are nan or infinite.")
    return y, s
