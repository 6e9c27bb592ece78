"""Task 23.6: which model is served."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import stats

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l23.launch_cases import CASES, Results
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.metrics import paired_interval


def _names(results: Results) -> list[str]:
    return ["nobody", *(one["name"] for one in results)]


def walk(
    results: Sequence[Any],
    budget: float,
    affordable: bool = True,
    calibrated: bool = True,
    ordered: bool = True,
    first: bool = False,
    better: Callable[[Any, Any], bool] = lambda one, kept: (
        paired_interval(np.subtract(one, kept).tolist())[0] > 0
    ),
) -> str:
    """From the cheapest up; a costlier one has to be shown better than the one that is kept."""
    left = [one for one in results if not affordable or one["cost"] <= budget]
    left = [one for one in left if not calibrated or 0.9 <= one["calibration"] <= 1.1]
    left = sorted(left, key=lambda one: one["cost"]) if ordered else left
    if not left:
        return "nobody"
    kept = left[0]
    for one in left[1:]:
        if better(one["auc"], left[0]["auc"] if first else kept["auc"]):
            kept = one
    return str(kept["name"])


def right_launch(results: Results, budget: float) -> str:
    return walk(results, budget)


def highest(results: Results, budget: float) -> str:
    left = [one for one in results if one["cost"] <= budget and 0.9 <= one["calibration"] <= 1.1]
    return str(max(left, key=lambda one: np.mean(one["auc"]))["name"]) if left else "nobody"


def unpaired(one: Any, kept: Any) -> bool:
    spread = np.sqrt((np.var(one, ddof=1) + np.var(kept, ddof=1)) / len(one))
    return bool(np.mean(one) - np.mean(kept) > 2 * spread)


def by_99(one: Any, kept: Any) -> bool:
    return bool(stats.ttest_rel(one, kept).confidence_interval(0.99).low > 0)


def every_seed(one: Any, kept: Any) -> bool:
    gains = np.subtract(one, kept)
    return bool(paired_interval(gains.tolist())[0] > 0 and gains.min() > 0)


def budget_at_the_end(results: Results, budget: float) -> str:
    name = walk(results, budget, affordable=False)
    return (
        name if {one["name"]: one["cost"] for one in results}.get(name, 0) <= budget else "nobody"
    )


def distance_from_one(results: Results, budget: float) -> str:
    return walk([one for one in results if abs(one["calibration"] - 1) <= 0.1], budget)


MISTAKES: dict[str, Callable[..., str]] = {
    "the model with the highest mean AUC is returned; a costlier model must be shown better": (
        highest
    ),
    "the budget is not used": lambda results, budget: walk(results, budget, affordable=False),
    "the calibration is not used": lambda results, budget: walk(results, budget, calibrated=False),
    "the models are not sorted by cost first": lambda results, budget: walk(
        results, budget, ordered=False
    ),
    "each model is compared with the cheapest model, not with the model kept so far": (
        lambda results, budget: walk(results, budget, first=True)
    ),
    "the seeds are not paired; take the gains seed by seed": lambda results, budget: walk(
        results, budget, better=unpaired
    ),
    "the cheapest model is returned even if a costlier model is shown better": (
        lambda results, budget: walk(results, budget, better=lambda one, kept: False)
    ),
    "the interval has 99 %; paired_interval gives the interval of 95 %": (
        lambda results, budget: walk(results, budget, better=by_99)
    ),
    "you ask for a gain on every seed; the text asks only for an interval above zero": (
        lambda results, budget: walk(results, budget, better=every_seed)
    ),
    "the budget is used at the end only; leave out models over the budget before you compare": (
        budget_at_the_end
    ),
    "the distance of the ratio from 1 is compared with 0.1; in floats 1.1 - 1 is a little more "
    "than 0.1, so compare the ratio itself with 0.9 and 1.1": distance_from_one,
}


def check_launch(answer: Any) -> None:
    compare(answer, CASES, right_launch, _read, _told, MISTAKES)


def _read(got: Any, case: Any) -> str:
    refuse_none(got, _told(case), "a name")
    if not isinstance(got, str) or got not in _names(case[0]):
        reject(f"{_told(case)} must be a name among the results or 'nobody', got {shorten(got)}.")
    return str(got)


def _told(case: Any) -> str:
    lines = "\n".join(f"    {one}" for one in case[0])
    return f"With the results\n{lines}\nlaunch(results, {case[1]})"


TASK = Task(
    id="23.6",
    prompt="Return the name of the model that is served.",
    check_answer=check_launch,
    hints=(
        "First leave out each model that costs too much or is not calibrated. Then sort by cost.",
        "Keep the cheapest model. Then take the next model and its gains over the kept model. If "
        "the whole interval of these gains is above 0, this next model becomes the kept model.",
        "low, high = paired_interval(np.subtract(one['auc'], kept['auc'])); if low > 0: kept = one",
    ),
    insight="A teacher costs more than the budget. So the teacher's AUC plays no part.",
)
