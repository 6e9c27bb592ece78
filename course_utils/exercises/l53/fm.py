"""Task 53.5: a factorisation machine in O(n k)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold


def _case(seed: int, n: int, d: int, k: int) -> Case:
    draw = np.random.default_rng(seed)
    x = draw.choice([0.0, 0.0, 1.0, 0.5, -2.0], (n, d))
    w0, *rest = draw.normal(), draw.normal(size=d).round(2), draw.normal(size=(d, k)).round(2)
    return x, round(float(w0), 2), *rest


EXAMPLE: Case = (
    np.array([[1.0, 2.0, 0.0]]),
    0.5,
    np.array([1.0, -1.0, 3.0]),
    np.array([[1.0, 0.0], [2.0, 1.0], [5.0, 5.0]]),
)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 3, 4, 2),
    _case(2, 2, 5, 3),
    _case(3, 4, 1, 2),
    _case(4, 1, 3, 1),
    (np.zeros((2, 3)), 0.01, np.ones(3), np.ones((3, 2))),
    (np.zeros((0, 3)), 1.0, np.ones(3), np.ones((3, 2))),
    # Short integers, whose squares overflow.
    (np.array([[20, 3], [0, 100]], np.int8), 0.0, np.array([0.5, 1.0]), np.array([[0.1], [0.2]])),
    (np.array([[255, 201]], np.uint8), 0.0, np.array([0.5, 1.0]), np.array([[0.1], [0.2]])),
]


def by(
    half: float = 0.5,
    less: Callable[[Any, Any], Any] = lambda x, v: (x.astype(float) ** 2) @ (v**2),
    offset: float = 1.0,
    linear: float = 1.0,
    pairs: float = 1.0,
) -> Callable[..., np.ndarray]:
    """The scores; ``less`` is what is subtracted from the squared sums."""

    def scores(x: Any, w0: float, w: Any, v: Any) -> np.ndarray:
        both = half * ((x @ v) ** 2 - less(x, v)).sum(axis=1)
        return np.asarray(offset * w0 + linear * (x @ w) + pairs * both)

    return scores


right_fm = by()

MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "the one half is missing: each pair is counted twice": by(half=1.0),
    "each variable is paired with itself too: subtract the sum of squares": by(
        less=lambda x, v: np.zeros((len(x), v.shape[1]))
    ),
    "the sum of squares is added, not subtracted": by(
        less=lambda x, v: -((x.astype(float) ** 2) @ (v**2))
    ),
    "x is not squared in the part that is subtracted": by(less=lambda x, v: x @ (v**2)),
    "v is not squared in the part that is subtracted": by(
        less=lambda x, v: (x.astype(float) ** 2) @ v
    ),
    "short integers overflow when they are squared; x.astype(float) first": by(
        less=lambda x, v: (x**2) @ (v**2)
    ),
    "16 bits are too few for squares of 8-bit numbers; x.astype(float)": by(
        less=lambda x, v: (
            (x.astype(np.int16) ** 2 if x.dtype.kind in "iu" else x**2).astype(float) @ (v**2)
        )
    ),
    "half precision keeps three digits; x.astype(float)": by(
        less=lambda x, v: (x.astype(np.float16) ** 2).astype(float) @ (v**2)
    ),
    "the offset w0 is left out": by(offset=0.0),
    "the linear part is left out": by(linear=0.0),
    "the pairs are left out: this is a linear model": by(pairs=0.0),
}


def check_fm(answer: Any) -> None:
    hold(answer, ("x", "w0", "w", "v"), CASES, right_fm, MISTAKES)


TASK = Task(
    id="53.5",
    prompt="Return the scores of a factorisation machine, without a loop over pairs.",
    check_answer=check_fm,
    hints=(
        "Two sums over all variables, for each factor: of v x, squared at the end, and of "
        "(v x) squared.",
        "x @ v is the first sum, shape (n, k); (x ** 2) @ (v ** 2) is the second.",
        "x = x.astype(float); w0 + x @ w + ((x @ v) ** 2 - (x ** 2) @ (v ** 2)).sum(axis=1) / 2.",
    ),
    insight="(Σ a)² = Σ a² + 2 Σ a b over pairs: this is the whole trick, and the 1/2.",
)
