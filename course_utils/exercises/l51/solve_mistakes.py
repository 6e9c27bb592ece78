"""Task 51.6: a customer's factors, right or with a mistake that is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Solver = Callable[[np.ndarray, list[int], float, float], np.ndarray]
Weights = Callable[[np.ndarray, float], np.ndarray]
"""From yes (1 for what was bought, else 0) and alpha: one number for each product."""


def _bought(products: np.ndarray, bought: list[int]) -> np.ndarray:
    yes = np.zeros(len(products))
    yes[bought] = 1
    return yes


def solve_user(
    products: np.ndarray,
    bought: list[int],
    alpha: float,
    reg: float,
    *,
    left: Weights = lambda yes, alpha: 1 + alpha * yes,
    right: Weights = lambda yes, alpha: (1 + alpha) * yes,
    pull: float = 1.0,
    outer: Callable[[np.ndarray, np.ndarray], Any] = lambda y, w: y.T @ (w[:, None] * y),
) -> np.ndarray:
    """x of (sum left y y' + pull reg I) x = sum right y, right as it stands.

    ``outer`` makes the sum of weight y y' from the products and the weights.
    """
    yes = _bought(products, bought)
    table = outer(products, left(yes, alpha)) + pull * reg * np.eye(products.shape[1])
    return np.linalg.lstsq(table, products.T @ right(yes, alpha), rcond=None)[0]


def _with(**part: Any) -> list[Solver]:
    """Right but for the parts named."""
    return [lambda *case: solve_user(*case, **part)]


def _weighing(left: Weights, right: Weights, **part: Any) -> list[Solver]:
    return _with(left=left, right=right, **part)


def _squares(products: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return weight @ products**2


def _with_intercept(
    products: np.ndarray, bought: list[int], alpha: float, reg: float
) -> np.ndarray:
    """An intercept is fitted by taking the weighted means away."""
    yes = _bought(products, bought)
    weight = 1 + alpha * yes
    middle = products - weight @ products / weight.sum()
    goal = yes - weight @ yes / weight.sum()
    table = middle.T @ (weight[:, None] * middle) + reg * np.eye(products.shape[1])
    return np.linalg.solve(table, middle.T @ (weight * goal))


def _matrix(products: np.ndarray, bought: list[int], alpha: float, reg: float) -> np.ndarray:
    weight = 1 + alpha * _bought(products, bought)
    return products.T @ (weight[:, None] * products) + reg * np.eye(products.shape[1])


def _of_length_one(products: np.ndarray, bought: list[int], alpha: float, reg: float) -> np.ndarray:
    x = solve_user(products, bought, alpha, reg)
    return x / (np.linalg.norm(x) or 1.0)


def _only_bought(how: str) -> str:
    return (
        f"With you what was bought {how} and the rest is not in the sum. It is in it, with target "
        "0 and weight 1: these zeros say what the customer leaves."
    )


ONLY_BOUGHT: dict[str, list[Solver]] = {
    _only_bought("weighs 1 + alpha"): _with(left=lambda yes, a: (1 + a) * yes),
    _only_bought("weighs 1"): _weighing(lambda yes, a: yes, lambda yes, a: yes),
    _only_bought("weighs alpha"): _weighing(lambda yes, a: a * yes, lambda yes, a: a * yes),
    _only_bought("is fitted without reg"): _weighing(
        lambda yes, a: yes, lambda yes, a: yes, pull=0.0
    ),
}

OUTER = "product productᵀ is a matrix, np.outer(p, p); "

MISTAKES: dict[str, list[Solver]] = {
    f"{OUTER}p @ p.T of a one-dimensional row is a single number.": _with(
        outer=lambda y, w: _squares(y, w).sum()
    ),
    f"{OUTER}p * p.T of a one-dimensional row is a row of squares.": _with(outer=_squares),
    f"{OUTER}yours has nothing beside its diagonal.": _with(
        outer=lambda y, w: np.diag(_squares(y, w))
    ),
    **ONLY_BOUGHT,
    "alpha changes nothing in yours: what was bought has weight 1 + alpha.": _weighing(
        lambda yes, a: 1 + 0 * yes, lambda yes, a: yes
    ),
    "The weight is missing on the right side.": _with(right=lambda yes, a: yes),
    "The weight is missing on the left side.": _with(left=lambda yes, a: 1 + 0 * yes),
    "With you what was bought weighs alpha; it is 1 + alpha.": _weighing(
        lambda yes, a: 1 + (a - 1) * yes, lambda yes, a: a * yes
    ),
    "1 is missing on the right side: what was bought weighs 1 + alpha there too.": _with(
        right=lambda yes, a: a * yes
    ),
    "1 is missing on the left side: what was bought weighs 1 + alpha there too.": _with(
        left=lambda yes, a: 1 + (a - 1) * yes
    ),
    "Y'Y holds what was bought once already: add alpha times its part, not 1 + alpha.": _with(
        left=lambda yes, a: 1 + (1 + a) * yes
    ),
    "With you every product weighs 1 + alpha.": _with(left=lambda yes, a: 1 + a + 0 * yes),
    "The weights are the wrong way round: what was bought weighs 1 + alpha.": _weighing(
        lambda yes, a: 1 + a * (1 - yes), lambda yes, a: yes
    ),
    "Your weights are squared: a least-squares routine squares what it is given, so it wants "
    "their root.": _weighing(lambda yes, a: (1 + a * yes) ** 2, lambda yes, a: (1 + a) ** 2 * yes),
    "With you what was not bought has target -1; it is 0.": _with(
        right=lambda yes, a: (1 + a) * yes - (1 - yes)
    ),
    "Every target is 1 with you; of what was not bought it is 0.": _with(
        right=lambda yes, a: 1 + a * yes
    ),
    "With you the target is 1 + alpha; it is 1.": _with(right=lambda yes, a: (1 + a) ** 2 * yes),
    "reg is left out.": _with(pull=0.0),
    "reg stands on the diagonal only: reg times np.eye.": [
        lambda y, bought, a, reg: solve_user(
            y, bought, a, reg, pull=0.0, outer=lambda y, w: y.T @ (w[:, None] * y) + reg
        )
    ],
    "reg stands twice in yours: the factor 2 is in both terms.": _with(pull=2.0),
    "reg stands half in yours: the factor 2 is in both terms.": _with(pull=0.5),
    "You multiply reg by the number of products; it stands in the sum as it is.": [
        lambda y, *rest: solve_user(y, *rest, pull=len(y))
    ],
    "You multiply reg by the number of products bought.": [
        lambda y, bought, *rest: solve_user(y, bought, *rest, pull=len(bought))
    ],
    "Your regression has an intercept; here the score is x · product alone.": [_with_intercept],
    "That is the mean of the products bought.": [
        lambda y, bought, *rest: _bought(y, bought) @ y / max(len(bought), 1)
    ],
    "That is the sum of the products bought.": [lambda y, bought, *rest: _bought(y, bought) @ y],
    "That is the right side of the system; x solves it: np.linalg.solve(A, b).": [
        lambda y, bought, a, reg: (1 + a) * _bought(y, bought) @ y
    ],
    "You multiply the right side by the matrix; x is what gives the right side: np.linalg.solve.": [
        lambda y, bought, a, reg: _matrix(y, bought, a, reg) @ ((1 + a) * _bought(y, bought) @ y)
    ],
    "1 / A divides number by number; that is no inverse. Use np.linalg.solve(A, b).": [
        lambda y, bought, a, reg: (
            (1 / _matrix(y, bought, a, reg)) @ ((1 + a) * _bought(y, bought) @ y)
        )
    ],
    "reg is squared in yours: in the rows of a least-squares routine stands its root.": [
        lambda y, bought, a, reg: solve_user(y, bought, a, reg, pull=reg)
    ],
    "Your x is scaled to length 1; return it as it solves the system.": [_of_length_one],
    "reg has the wrong sign.": _with(pull=-1.0),
    "You count rows from 1; row 0 is the first.": [
        lambda y, bought, *rest: solve_user(y, [row - 1 for row in bought], *rest)
    ],
}
ERRATA = dict.fromkeys(ONLY_BOUGHT, "E56")
