"""Task 32.5: the loss of a student with several classes."""

from __future__ import annotations

import numpy as np
from scipy.special import log_softmax

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("32.5", log_softmax=log_softmax)
edit, first, returning = right.edit, right.first, right.returning


def _draw(seed: int, n: int, c: int, a: float, t: float) -> Case:
    draw = np.random.default_rng(seed)
    z, z_t = (2 * draw.normal(size=(n, c)).round(2) for _ in range(2))
    return draw.integers(0, c, n), z, z_t, a, t


CASES: list[Case] = [
    (np.array([0]), np.array([[0.0, 0.0]]), np.array([[2.0, 0.0]]), 0.5, 1.0),
    (np.array([2]), np.array([[1.0, 0.0, -1.0]]), np.array([[1.0, 0.0, -1.0]]), 1.0, 2.0),
    _draw(1, 4, 5, 0.7, 3.0),
    _draw(2, 6, 3, 0.0, 4.0),
    _draw(3, 3, 4, 1.0, 1.5),
    # Softmax in its plain form overflows here; the difference to the greatest does not.
    (np.array([1], np.int8), np.array([[900.0, 899.0, 0.0]]), np.array([[901.0, 899.5, 0.0]]),
     0.5, 1.0),
    # The student is sure and wrong: its probability is 0 for a float, its logarithm is not.
    (np.array([0]), np.array([[1000.0, 0.0]]), np.array([[0.0, 0.0]]), 0.5, 1.0),
    (np.array([1]), np.array([[1000.0, 0.0]]), np.array([[0.0, 0.0]]), 0.0, 1.0),
    (np.array([0, 0]), np.array([[1000.0, 999.0], [0.0, 1.0]]),
     np.array([[1000.0, 998.0], [1.0, 0.0]]), 0.5, 1.0),
    _draw(4, 2, 6, 0.4, 0.5),
]  # fmt: skip

HARD, P, Q = "log_softmax(z, axis=1)", "log_softmax(z / T, axis=1)", "log_softmax(z_t / T, axis=1)"
GAP = "(np.exp(q) * (q - p)).sum(axis=1)"


def _flat(*of: str) -> dict[str, str]:
    return {part: part.replace(", axis=1", "") for part in of}


def _cut(logs: str) -> str:
    return f"np.log(np.clip(np.exp({logs}), 1e-12, 1))"


SLIPS = {
    "the factor T squared is left out: at a large T the teacher's pull vanishes": edit(
        {" * T**2": ""}
    ),
    "the factor is T, not T squared": edit({"T**2": "T"}),
    "the labels' half has the temperature, too; it has none": edit({HARD: P}),
    "student and teacher are exchanged in the divergence": edit(
        {GAP: "(np.exp(p) * (p - q)).sum(axis=1)"}
    ),
    "the cross-entropy stands in the place of the divergence: subtract the teacher's own": edit(
        {"(q - p)": "-p"}
    ),
    "the logits are multiplied by T; they are divided": edit(
        {"z / T": "z * T", "z_t / T": "z_t * T"}
    ),
    "only the teacher's logits are divided by T": edit({P: HARD}),
    "log_softmax is taken over all numbers at once, as it is without axis; each row has its own, "
    "axis=1": edit(_flat(HARD, P, Q)),
    "the labels' half has no axis: log_softmax is taken over all numbers at once; give it "
    "axis=1": edit(_flat(HARD)),
    "the teacher's half has no axis: log_softmax is taken over all numbers at once; give it "
    "axis=1": edit(_flat(P, Q)),
    "the softmax is taken over the rows; each row has its own, axis=1": edit(
        {part: part.replace("axis=1", "axis=0") for part in (HARD, P, Q)}
    ),
    "a probability is cut off: log p comes from log_softmax, not from p": edit(
        {HARD: _cut(HARD), P: _cut(P), "(q - p)": f"({_cut('q')} - p)"}
    ),
    "a is the weight of the labels; it is the teacher's": first("a = 1 - a"),
    "the sum over the rows is returned, not their mean": returning("len(y) * result"),
    "the divergence is a mean over the classes; it is a sum": edit(
        {GAP: "(np.exp(q) * (q - p)).mean(axis=1)"}
    ),
    "each class is a yes or no of its own, by a sigmoid; classes exclude each other": edit(
        {
            f"p, q = {P}, {Q}": "p, q = z / T, z_t / T",
            GAP: "(np.logaddexp(0, p) - p / (1 + np.exp(-q)) "
            "- np.logaddexp(0, q) + q / (1 + np.exp(-q))).sum(axis=1)",
        }
    ),
}

shown = in_one_line(right)

TASK = checked(
    "32.5",
    "Return the mean loss of a student that learns classes from labels and a teacher.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Write the logarithm of a softmax once: subtract the greatest of the row, then the "
        "logarithm of the sum of exponentials. SciPy's log_softmax does it.",
        "labels: -log_softmax(z, axis=1)[row, y]. teacher: sum over classes of q (log q - log p), "
        "both at temperature T, times T squared.",
        "p, q = log_softmax(z / T, axis=1), log_softmax(z_t / T, axis=1); "
        "kl = (np.exp(q) * (q - p)).sum(1); "
        "hard = -log_softmax(z, axis=1)[np.arange(len(y)), y]; "
        "return np.mean((1 - a) * hard + a * T**2 * kl).",
    ),
    insight="The slope of the teacher's part is T (p - q): that is why T squared stands there.",
    shown=shown,
    read=lambda got, case: as_number(got, shown(case)),
)
