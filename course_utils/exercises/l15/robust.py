"""Task 15.3: the doubly robust value of a policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

NAMES = ("shown", "clicks", "old", "new", "predicted")

CASES: list[Case] = [
    (
        [0, 1],
        [1, 0],
        [[0.5, 0.5], [0.8, 0.2]],
        [[1.0, 0.0], [0.5, 0.5]],
        [[0.6, 0.2], [0.4, 0.2]],
    ),
    ([1], [1], [[0.25, 0.75]], [[0.1, 0.9]], [[0.3, 0.5]]),
    ([0], [0], [[1.0]], [[1.0]], [[0.05]]),  # one candidate
    (
        [2, 0, 1],
        [1, 1, 0],
        [[0.2, 0.3, 0.5], [0.9, 0.1], [0.3, 0.4, 0.2, 0.1]],  # unlike many candidates
        [[0.6, 0.3, 0.1], [0.2, 0.8], [0.1, 0.2, 0.3, 0.4]],
        [[0.5, 0.1, 0.3], [0.7, 0.2], [0.25, 0.15, 0.35, 0.05]],
    ),
    (
        [1, 1],
        [1, 1],
        [[0.99, 0.01], [0.5, 0.5]],
        [[0.0, 1.0], [0.5, 0.5]],
        [[0.1, 0.2], [0.3, 0.4]],
    ),
    ([0, 0], [0, 0], [[0.1, 0.9], [0.5, 0.5]], [[0.9, 0.1], [0.0, 1.0]], [[0.8, 0.1], [0.6, 0.05]]),
    ([0, 1, 1], [0, 0, 0], [[0.5, 0.5]] * 3, [[0.4, 0.6]] * 3, [[0.0, 0.0]] * 3),  # exactly 0
]

Page = Callable[[int, int, list[float], list[float], list[float]], float]


def _pages(one: Page) -> Callable[..., float]:
    """The mean over pages of what each of them gives."""

    def mean(*case: Any) -> float:
        values = [one(*page) for page in zip(*case, strict=True)]
        return sum(values) / len(values)

    return mean


def _model(new: list[float], predicted: list[float]) -> float:
    return sum(p * q for p, q in zip(new, predicted, strict=True))


right_robust = _pages(lambda s, c, old, new, a: _model(new, a) + new[s] / old[s] * (c - a[s]))


def _self_normalised(*case: Any) -> float:
    weights = [new[s] / old[s] for s, _, old, new, _ in zip(*case, strict=True)]
    direct = _pages(lambda s, c, old, new, a: _model(new, a))(*case)
    errors = [
        w * (c - a[s]) for w, (s, c, _, _, a) in zip(weights, zip(*case, strict=True), strict=True)
    ]
    return direct + sum(errors) / sum(weights)


MISTAKES: Mistakes = {
    "the model's prediction is not subtracted from the click": _pages(
        lambda s, c, old, new, a: _model(new, a) + new[s] / old[s] * c
    ),
    "this is IPW: the model is missing": _pages(lambda s, c, old, new, a: new[s] / old[s] * c),
    "this is the direct model: the weighted error is missing": _pages(
        lambda s, c, old, new, a: _model(new, a)
    ),
    "the direct part is the prediction of what was shown, not of the new policy": _pages(
        lambda s, c, old, new, a: a[s] + new[s] / old[s] * (c - a[s])
    ),
    "the direct part is the mean under the old policy": _pages(
        lambda s, c, old, new, a: _model(old, a) + new[s] / old[s] * (c - a[s])
    ),
    "the direct part is a plain mean of the predictions": _pages(
        lambda s, c, old, new, a: sum(a) / len(a) + new[s] / old[s] * (c - a[s])
    ),
    "the weight is old over new": _pages(
        lambda s, c, old, new, a: _model(new, a) + (old[s] / new[s] if new[s] else 0.0) * (c - a[s])
    ),
    "the error is not weighted": _pages(lambda s, c, old, new, a: _model(new, a) + c - a[s]),
    "the weight is 1 / old: it lacks the new policy's probability": _pages(
        lambda s, c, old, new, a: _model(new, a) + (c - a[s]) / old[s]
    ),
    "the sign of the error is turned": _pages(
        lambda s, c, old, new, a: _model(new, a) - new[s] / old[s] * (c - a[s])
    ),
    "weights are clipped at 10": _pages(
        lambda s, c, old, new, a: _model(new, a) + min(new[s] / old[s], 10) * (c - a[s])
    ),
    "the errors are divided by the sum of the weights, not by the number of pages": (
        _self_normalised
    ),
    "the sum over pages is returned, not their mean": lambda *case: (
        right_robust(*case) * len(case[0])
    ),
    "the result is cut to 0 and 1: an estimate may lie outside": lambda *case: min(
        1.0, max(0.0, right_robust(*case))
    ),
}


def check_robust(answer: Any) -> None:
    compare(answer, CASES, right_robust, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> float:
    return as_number(value, f"{_shown(case)}: the result")


def _shown(case: Case) -> str:
    return with_lines(**dict(zip(NAMES, case, strict=True))) + "dr_value(...)"


TASK = Task(
    id="15.3",
    prompt="The doubly robust estimate of a new policy's clicks a page.",
    check_answer=check_robust,
    hints=(
        "For each page two terms: what the model says of the new policy, and the weighted error of "
        "the model at what was shown.",
        "Direct: the sum over candidates of new times predicted. Error: clicks[i] - predicted of "
        "the shown one. Weight: new over old, both of the shown one.",
        "for s, c, mu, pi, a in zip(shown, clicks, old, new, predicted): total += sum(p * q for p, "
        "q in zip(pi, a)) + pi[s] / mu[s] * (c - a[s]). At the end divide by len(shown).",
    ),
    insight="The model may be wrong or the old probabilities may be wrong, one of the two. The "
    "luck of a single click stays, whatever the model.",
)
