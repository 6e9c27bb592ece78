"""A difference shown to be small: an equivalence test in one line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from course_utils.errors import CourseError
from course_utils.evidence.claim import Line, over_text, paired_differences
from course_utils.metrics.intervals import paired_interval


def equivalence(
    text: str,
    method: Sequence[float],
    baseline: Sequence[float],
    within: float,
    *,
    unit: str = "AUC",
    pairs: str = "seeds",
) -> None:
    """Say whether the 95 % interval of a paired difference lies between -within and +within.

    "No difference shown" leaves a large one open; this closes it. Two one-sided tests at 5 %
    ask for the 90 % interval (Schuirmann 1987), so the 95 % interval is the stricter question.
    The interval itself is not printed and nothing is recorded: trained networks differ from CPU
    to CPU by more than a narrow interval is wide.

    Args:
        text: what is compared with what, without an end: ``"Three experts against one"``.
        method, baseline: the metric of each, one value a seed, in one order, 3 or more.
        within: the largest difference that is small enough, above 0, in ``unit``.
        unit, pairs: the metric's name, and what the results are paired over.

    Raises:
        CourseError: if ``within`` is no number above 0, or the results are not paired.
    """
    from IPython.display import display

    if not (math.isfinite(within) and within > 0):
        raise CourseError(f"within is the largest small difference, above 0: got {within}.")
    low, high = paired_interval(paired_differences(method, baseline))
    word = "shown to be within" if -within < low and high < within else "not shown to be within"
    display(Line(text, word, f" ±{within:g} {unit}, {over_text(len(method), pairs)}"))
