"""Task 51.10: one customer of implicit ALS, solved exactly."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import apart, rounded_to, same

Case = tuple[np.ndarray, list[int], float, float]
FIRST: Case = (np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), [0], 2.0, 1.0)
"""Small enough to be solved on paper: x is (9, -3) / 14."""


def _cases() -> list[Case]:
    """What was taken: one, some in no order, nothing, everything; no product is all zeros."""
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
    for n, f, taken, alpha, reg in settings:
        cases.append((draw.normal(size=(n, f)).round(1), taken, alpha, reg))
    return cases


def _solve(
    products: np.ndarray, weight: np.ndarray, right: np.ndarray, pull: np.ndarray
) -> np.ndarray:
    """x of (sum weight y y' + pull) x = sum right y."""
    left = products.T @ (weight[:, None] * products) + pull
    return np.linalg.lstsq(left, products.T @ right, rcond=None)[0]


def _want(products: np.ndarray, taken: list[int], alpha: float, reg: float) -> np.ndarray:
    target = _target(products, taken)
    weight = 1 + alpha * target
    return _solve(products, weight, weight * target, reg * np.eye(products.shape[1]))


def _target(products: np.ndarray, taken: list[int]) -> np.ndarray:
    target = np.zeros(len(products))
    target[taken] = 1
    return target


def _only_taken(how: str) -> str:
    return (
        f"With you what was taken {how} and the rest is not in the sum. It is in it, with target "
        "0 and weight 1: these zeros say what the customer leaves."
    )


def _mistakes(
    products: np.ndarray, taken: list[int], alpha: float, reg: float
) -> list[tuple[str, np.ndarray]]:
    """What the mistakes we know would return."""
    n, f = products.shape
    yes = _target(products, taken)
    weight, one, eye = 1 + alpha * yes, np.ones(n), np.eye(f)
    right = weight * yes
    squares = weight @ products**2
    before = [row - 1 for row in taken]
    # An intercept is fitted by taking the weighted means away.
    middle = products - weight @ products / weight.sum()

    def solve(weight: np.ndarray, right: np.ndarray, pull: Any = reg * eye) -> np.ndarray:
        return _solve(products, weight, right, pull)

    def solve_with(left: Any) -> np.ndarray:
        """With something else in the place of sum weight y y'."""
        return np.linalg.lstsq(left + reg * eye, products.T @ right, rcond=None)[0]

    return [
        (
            "product productᵀ is a matrix, np.outer(p, p); p @ p.T of a one-dimensional row is a "
            "single number.",
            solve_with(squares.sum()),
        ),
        (
            "product productᵀ is a matrix, np.outer(p, p); p * p.T of a one-dimensional row is a "
            "row of squares.",
            solve_with(squares),
        ),
        (
            "product productᵀ is a matrix, np.outer(p, p); yours has nothing beside its diagonal.",
            solve_with(np.diag(squares)),
        ),
        (_only_taken("weighs 1 + alpha"), solve(weight * yes, right)),
        (_only_taken("weighs 1"), solve(yes, yes)),
        (_only_taken("weighs alpha"), solve(alpha * yes, alpha * yes)),
        (_only_taken("is fitted without reg"), solve(yes, yes, 0 * eye)),
        ("alpha changes nothing in yours: what was taken has weight 1 + alpha.", solve(one, yes)),
        ("The weight is missing on the right side.", solve(weight, yes)),
        ("The weight is missing on the left side.", solve(one, right)),
        (
            "With you what was taken weighs alpha; it is 1 + alpha.",
            solve(one + (alpha - 1) * yes, alpha * yes),
        ),
        (
            "1 is missing on the right side: what was taken weighs 1 + alpha there too.",
            solve(weight, alpha * yes),
        ),
        (
            "1 is missing on the left side: what was taken weighs 1 + alpha there too.",
            solve(one + (alpha - 1) * yes, right),
        ),
        ("With you every product weighs 1 + alpha.", solve((1 + alpha) * one, (1 + alpha) * yes)),
        (
            "The weights are the wrong way round: what was taken weighs 1 + alpha.",
            solve(1 + alpha * (1 - yes), yes),
        ),
        (
            "Your weights are squared: a least-squares routine squares what it is given, so it "
            "wants their root.",
            solve(weight**2, weight**2 * yes),
        ),
        ("With you what was not taken has target -1; it is 0.", solve(weight, right - (1 - yes))),
        ("Every target is 1 with you; of what was not taken it is 0.", solve(weight, weight)),
        ("With you the target is 1 + alpha; it is 1.", solve(weight, weight * right)),
        ("reg is left out.", solve(weight, right, 0 * eye)),
        ("reg stands on the diagonal only: reg times np.eye.", solve(weight, right, reg)),
        (
            "reg stands twice in yours: the factor 2 is in both terms.",
            solve(weight, right, 2 * reg * eye),
        ),
        (
            "reg stands half in yours: the factor 2 is in both terms.",
            solve(weight, right, reg / 2 * eye),
        ),
        (
            "You multiply reg by the number of products; it stands in the sum as it is.",
            solve(weight, right, n * reg * eye),
        ),
        (
            "You multiply reg by the number of products taken.",
            solve(weight, right, len(taken) * reg * eye),
        ),
        (
            "Your regression has an intercept; here the score is x · product alone.",
            np.linalg.solve(
                middle.T @ (weight[:, None] * middle) + reg * eye,
                middle.T @ (weight * (yes - right.sum() / weight.sum())),
            ),
        ),
        ("That is the mean of the products taken.", yes @ products / max(len(taken), 1)),
        ("That is the sum of the products taken.", yes @ products),
        ("reg has the wrong sign.", solve(weight, right, -reg * eye)),
        (
            "You count rows from 1; row 0 is the first.",
            _want(products, before, alpha, reg),
        ),
    ]


def _shown(case: Case) -> str:
    products, taken, alpha, reg = case
    return f"solve_user({products.tolist()}, {taken}, {alpha:g}, {reg:g})"


def check_solve_user(answer: Any) -> None:
    cases = _cases()
    got = [_factors(answer(*case), case) for case in cases]
    want = [_want(*case) for case in cases]
    wrong = [at for at in range(len(cases)) if not same(want[at], got[at])]
    if not wrong:
        return
    at = wrong[0]
    place = int(np.abs(want[at] - got[at]).argmax())
    texts = apart(want[at][place], got[at][place])
    said = f"{_shown(cases[at])}: x[{place}] must be {texts[0]}, got {texts[1]}."
    if rounded_to(got, want) is not None:
        reject(f"{said} Do not round.")
    known = [_mistakes(*case) for case in cases]
    for number, (why, _) in enumerate(known[0]):
        if all(same(mine[number][1], g) for mine, g in zip(known, got, strict=True)):
            reject(f"{said} {why}", "E56" if "not in the sum" in why else None)
    _check_sees_what_was_left(answer, said)
    if wrong == [at for at, case in enumerate(cases) if not case[1]]:
        reject(f"{said} With nothing taken every target is 0, and x = 0 is best.")
    reject(said)


def _check_sees_what_was_left(answer: Any, said: str) -> None:
    """Reject what changes with the products taken only."""
    products, taken, alpha, reg = case = _cases()[1]
    before = _factors(answer(*case), case)
    flipped = []
    for rows in (taken, [row for row in range(len(products)) if row not in taken]):
        other = products.copy()
        # Other lengths as well: what sees a product's length alone does see it.
        other[rows] = 0.5 - 2 * other[rows, ::-1]
        changed = (other, taken, alpha, reg)
        flipped.append(_factors(answer(*changed), changed))
    if same(flipped[1], before) and not same(flipped[0], before):
        reject(
            f"{said} Put others in the place of the products not taken, and your x stays the "
            "same: they are in the sum, with target 0.",
            "E56",
        )


def _factors(raw: Any, case: Case) -> np.ndarray:
    n, f = case[0].shape
    got = as_array(raw, _shown(case))
    if got.shape == (n,) != (f,) and same(got, case[0] @ _want(*case)):
        reject(f"{_shown(case)}: those are the {n} scores of the products; return x itself.")
    if got.shape == (n,) != (f,):
        reject(
            f"{_shown(case)} must have shape ({f},), one number for each factor, got ({n},). A "
            "row of products is a product, a column is a factor."
        )
    return as_array(got, _shown(case), (f,))


TASK = Task(
    id="51.10",
    prompt="One customer's factors from what they took, by one linear system.",
    check_answer=check_solve_user,
    hints=(
        "What was not taken is in the sum too, with target 0 and weight 1. Start with two arrays "
        "as long as products: the targets and the weights.",
        "With Y for products and w for the weights, Σ weight · product productᵀ is "
        "Y.T @ (w[:, None] * Y), one square of factors by factors. reg stands on its diagonal.",
        "A = Y.T @ (w[:, None] * Y) + reg * np.eye(Y.shape[1]) and b = Y.T @ (w * target); "
        "x = np.linalg.solve(A, b).",
    ),
    insight="What was not taken counts a little, and its sum is the same for all customers: that "
    "is what makes ALS fast.",
    errata=ERRATA,
)
