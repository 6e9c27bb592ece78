"""Task 51.6: one customer of implicit ALS, solved exactly."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, refuse_known, refuse_memory
from course_utils.exercises.l51.solve_mistakes import ERRATA as OF_MISTAKES
from course_utils.exercises.l51.solve_mistakes import MISTAKES
from course_utils.exercises.l51.solve_mistakes import solve_user as right
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import apart, rounded_to, same

Case = tuple[np.ndarray, list[int], float, float]
FIRST: Case = (np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), [0], 2.0, 1.0)
"""Small enough to be solved on paper: x is (9, -3) / 14."""


def _cases() -> list[Case]:
    """What was bought: one, some in no order, nothing, everything; no product is all zeros."""
    cases = [FIRST]
    draw = np.random.default_rng(5110)
    settings: list[tuple[int, int, list[int], float, float]] = [
        (5, 2, [4, 1], 3.0, 0.5),
        (6, 3, [5, 0, 2], 10.0, 2.0),
        (6, 3, [], 10.0, 2.0),
        (4, 2, [0, 1, 2, 3], 1.5, 0.3),
        (7, 2, [3, 6], 0.0, 1.5),
        (5, 1, [2], 40.0, 3.0),
        (1, 1, [0], 2.0, 0.25),
        (8, 4, [7, 2, 1], 4.0, 0.01),
    ]
    for n, f, bought, alpha, reg in settings:
        cases.append((draw.normal(size=(n, f)).round(1), bought, alpha, reg))
    return cases


def _shown(case: Case) -> str:
    products, bought, alpha, reg = case
    return f"solve_user({products.tolist()}, {bought}, {alpha:g}, {reg:g})"


def check_solve_user(answer: Any) -> None:
    cases = _cases()
    got = [_factors(answer(*case), case) for case in cases]
    want = [right(*case) for case in cases]
    wrong = [at for at in range(len(cases)) if not same(want[at], got[at])]
    if not wrong:
        again = _factors(answer(*cases[0]), cases[0])
        return refuse_memory(_shown(cases[0]), again, want[0], same)
    at = wrong[0]
    place = int(np.abs(want[at] - got[at]).argmax())
    texts = apart(want[at][place], got[at][place])
    said = f"{_shown(cases[at])}: x[{place}] must be {texts[0]}, got {texts[1]}."
    if rounded_to(got, want) is not None:
        reject(f"{said} Do not round.")
    refuse_known(said, cases, got, MISTAKES, OF_MISTAKES)
    _check_sees_what_was_left(answer, said)
    if wrong == [at for at, case in enumerate(cases) if not case[1]]:
        reject(f"{said} With nothing bought every target is 0, and x = 0 is best.")
    reject(said)


def _check_sees_what_was_left(answer: Any, said: str) -> None:
    """Reject what changes with the products bought only."""
    products, bought, alpha, reg = case = _cases()[1]
    before = _factors(answer(*case), case)
    flipped = []
    for rows in (bought, [row for row in range(len(products)) if row not in bought]):
        other = products.copy()
        # Other lengths as well: what sees a product's length alone does see it.
        other[rows] = 0.5 - 2 * other[rows, ::-1]
        changed = (other, bought, alpha, reg)
        flipped.append(_factors(answer(*changed), changed))
    if same(flipped[1], before) and not same(flipped[0], before):
        reject(
            f"{said} Put others in the place of the products not bought, and your x stays the "
            "same: they are in the sum, with target 0.",
            "E56",
        )


def _factors(raw: Any, case: Case) -> np.ndarray:
    n, f = case[0].shape
    got = as_array(raw, _shown(case))
    if got.shape == (n,) != (f,) and same(got, case[0] @ right(*case)):
        reject(f"{_shown(case)}: those are the {n} scores of the products; return x itself.")
    if got.shape == (n,) != (f,):
        reject(
            f"{_shown(case)} must have shape ({f},), one number for each factor, got ({n},). A "
            "row of products is a product, a column is a factor."
        )
    return as_array(got, _shown(case), (f,))


TASK = Task(
    id="51.6",
    prompt="One customer's factors from what they bought, by one linear system.",
    check_answer=check_solve_user,
    hints=(
        "What was not bought is in the sum too, with target 0 and weight 1. Start with two arrays "
        "as long as products: the targets and the weights.",
        "With Y for products and w for the weights, Σ weight · product productᵀ is "
        "Y.T @ (w[:, None] * Y), one square of factors by factors. reg stands on its diagonal.",
        "A = Y.T @ (w[:, None] * Y) + reg * np.eye(Y.shape[1]) and b = Y.T @ (w * target); "
        "x = np.linalg.solve(A, b).",
    ),
    insight="What was not bought counts a little, and its sum is the same for all customers: that "
    "is what makes ALS fast.",
    errata=ERRATA,
)
