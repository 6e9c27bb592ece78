"""Task 13.3: a self-normalised mean of stars, weighted by 1 / propensity, and what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list, as_number, refuse_none

Case = tuple[list[float], list[float], float]

CASES: list[Case] = [
    ([5, 5, 2], [0.5, 0.5, 0.1], 0),
    ([5, 5, 2], [0.5, 0.5, 0.1], 0.25),
    ([4], [0.3], 0),
    ([3], [1], 1),
    ([1, 2, 5, 4], [1, 1, 1, 1], 0),
    ([1, 2, 5, 4], [0.2, 0.2, 0.2, 0.2], 0.1),
    ([5, 4, 1, 3, 5], [0.9, 0.4, 0.002, 0.05, 0.7], 0),
    ([5, 4, 1, 3, 5], [0.9, 0.4, 0.002, 0.05, 0.7], 0.05),
    ([5, 4, 1, 3, 5], [0.9, 0.4, 0.002, 0.05, 0.7], 1),
    ([2, 5], [1e-9, 0.5], 0),
    ([4.5, 0.5, 3.25], [0.01, 0.02, 0.8], 0.015),
    ([0, 0, -2], [0.5, 0.25, 0.125], 0.0),
    ([0.01, 0.02, 0.04], [0.6, 0.3, 0.1], 0.2),  # six decimals do not do
]

Weights = Callable[[np.ndarray, float], Any]


def clipped(p: np.ndarray, floor: float) -> np.ndarray:
    return np.maximum(p, floor)


def _answer(
    weight: Weights = lambda p, floor: 1 / clipped(p, floor),
    mean: Callable[..., float] = lambda w, r, p, floor: float((w * r).sum() / w.sum()),
    size: Callable[..., float] = lambda w, p: float(w.sum() ** 2 / (w**2).sum()),
) -> Callable[[list[float], list[float], float], tuple[float, float]]:
    """The two numbers as they should be but for one thing."""

    def result(stars: list[float], propensities: list[float], floor: float) -> tuple[float, float]:
        p, r = np.array(propensities, float), np.array(stars, float)
        w = weight(p, floor)
        return mean(w, r, p, floor), size(w, p)

    return result


def _dropped(p: np.ndarray, floor: float) -> np.ndarray:
    """Those below the floor do not count; where all are below it, all count."""
    return np.where(p >= floor, 1 / p, 0) if (p >= floor).any() else 1 / p


right = _answer()
plain = _answer(weight=lambda p, floor: np.ones(len(p)))
by_p = _answer(weight=clipped)
not_clipped = _answer(weight=lambda p, floor: 1 / p)
cut_weights = _answer(weight=lambda p, floor: np.minimum(1 / p, floor) if floor else 1 / p)
dropped = _answer(weight=_dropped)
ceiling = _answer(weight=lambda p, floor: 1 / np.minimum(p, floor) if floor else 1 / p)
added = _answer(weight=lambda p, floor: 1 / (p + floor))
squared = _answer(weight=lambda p, floor: 1 / clipped(p, floor) ** 2)
root = _answer(weight=lambda p, floor: 1 / np.sqrt(clipped(p, floor)))
by_count = _answer(mean=lambda w, r, p, floor: float((w * r).sum() / len(r)))
total = _answer(mean=lambda w, r, p, floor: float((w * r).sum()))
count = _answer(size=lambda w, p: float(len(w)))
weight_sum = _answer(size=lambda w, p: float(w.sum()))
rooted_size = _answer(size=lambda w, p: float(w.sum() / np.sqrt((w**2).sum())))
turned_size = _answer(size=lambda w, p: float((w**2).sum() / w.sum() ** 2))
not_squared = _answer(size=lambda w, p: float(w.sum() / (w**2).sum()))
largest = _answer(size=lambda w, p: float(w.sum() / w.max()))
size_of_raw = _answer(size=lambda w, p: float((1 / p).sum() ** 2 / (1 / p**2).sum()))


def mean_of_raw(stars: list[float], propensities: list[float], floor: float) -> tuple[float, float]:
    return not_clipped(stars, propensities, floor)[0], right(stars, propensities, floor)[1]


MISTAKES: dict[str, Callable[..., tuple[float, float]]] = {
    "All ratings count the same: those are the plain mean and the number of ratings.": plain,
    "You weigh by p; who rates rarely must count more: the weight is 1 / p.": by_p,
    "Your floor changes nothing; a propensity below floor counts as floor.": not_clipped,
    "You cut the weights at floor; it is the propensity that is raised to floor.": cut_weights,
    "You drop what lies below floor; it counts, with floor as its propensity.": dropped,
    "You lower propensities to floor; those below floor are raised to it.": ceiling,
    "You add floor to every propensity; only those below it change.": added,
    "Your weight is 1 / p squared; it is 1 / p.": squared,
    "Your weight is 1 / the root of p; it is 1 / p.": root,
    "Your mean divides by the number of ratings; self-normalised divides by the sum of the "
    "weights.": by_count,
    "Your first number is the weighted sum; divide it by the sum of the weights.": total,
    "Your second number counts ratings; the effective sample size is (sum of w)^2 / sum of w^2.": (
        count
    ),
    "Your second number is the sum of the weights; it is (sum of w)^2 / sum of w^2.": weight_sum,
    "Your second number is the root of the effective sample size.": rooted_size,
    "Your second number is turned round: it is (sum of w)^2 / sum of w^2.": turned_size,
    "In your second number the sum on top is not squared.": not_squared,
    "Your second number is sum of w / largest w; it is (sum of w)^2 / sum of w^2.": largest,
    "Your mean is clipped, your effective sample size is not; both take the clipped "
    "propensities.": (size_of_raw),
    "Your effective sample size is clipped, your mean is not; both take the clipped "
    "propensities.": mean_of_raw,
    "The two numbers are right, but turned round: the mean comes first.": (
        lambda *case: right(*case)[::-1]
    ),
}


def _shown(case: Case) -> str:
    return f"weighted_stars({case[0]}, {case[1]}, {case[2]})"


def check_weighted(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}: the {('mean', 'effective sample size')[at[0]]}",
    )


def _read(value: Any, case: Case) -> list[float]:
    shown = _shown(case)
    refuse_none(value, shown, "two numbers")
    got = as_list(value, shown)
    if len(got) != 2:
        reject(f"{shown} must be two numbers, the mean and the effective sample size.")
    return [
        as_number(one, f"In {shown} the {name}")
        for one, name in zip(got, ("mean", "effective sample size"), strict=True)
    ]


TASK = Task(
    id="13.3",
    prompt="The self-normalised mean of a product's stars, weighted by 1/p, and its effective "
    "sample size.",
    check_answer=check_weighted,
    hints=(
        "Three steps: raise each propensity to floor at least, take 1 / p as the weight, then two "
        "fractions.",
        "weight = 1 / np.maximum(propensities, floor); the mean is the sum of weight * stars, "
        "divided by the sum of the weights.",
        "return (weight * np.array(stars)).sum() / weight.sum(), weight.sum() ** 2 / "
        "(weight**2).sum()",
    ),
    insight="One rare rating can outweigh hundreds; the effective sample size says so.",
)
