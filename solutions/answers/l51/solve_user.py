"""Task 51.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import Ridge

from answers import Proof, Wrong


def _by_gradient(products: Any, bought: Any, alpha: float, reg: float) -> list[float]:
    """Newton's method: one step of it is exact here."""
    x = np.zeros(products.shape[1])
    slope, bend = reg * x, reg * np.eye(len(x))
    for row, product in enumerate(products):
        weight = 1 + alpha if row in bought else 1
        slope = slope - weight * ((row in bought) - x @ product) * product
        bend = bend + weight * np.outer(product, product)
    return list(x - np.linalg.inv(bend) @ slope)


def _by_least_squares(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    """reg as further rows with target 0."""
    n, f = products.shape
    root = np.sqrt([1 + alpha * (row in bought) for row in range(n)])
    rows = np.vstack([root[:, None] * products, np.sqrt(reg) * np.eye(f)])
    targets = np.append(root * np.isin(np.arange(n), bought), np.zeros(f))
    return np.linalg.lstsq(rows, targets, rcond=None)[0]


def _by_all_and_a_correction(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    """Hu, Koren and Volinsky's way: Y'Y is the same for all customers."""
    theirs = products[bought]
    left = products.T @ products + alpha * theirs.T @ theirs + reg * np.eye(products.shape[1])
    return np.linalg.solve(left, (1 + alpha) * theirs.sum(axis=0))


def _by_library(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    target = np.isin(np.arange(len(products)), bought).astype(float)
    ridge = Ridge(alpha=reg, fit_intercept=False, solver="cholesky")
    return ridge.fit(products, target, sample_weight=1 + alpha * target).coef_


Solver = Callable[[Any, Any, float, float], Any]


def _solves(
    left: Callable[[float, float], float] = lambda yes, alpha: 1 + alpha * yes,
    right: Callable[[float, float], float] = lambda yes, alpha: (1 + alpha) * yes,
    pull: Callable[[float, np.ndarray, Any], Any] = lambda reg, y, bought: reg * np.eye(y.shape[1]),
) -> Solver:
    """Solves as it should but for one thing.

    left, right: the factor of a product on each side, from 1.0 or 0.0 (bought or not) and alpha.
    pull: what is added on the left, from reg, the products and what was bought.
    """

    def solve_user(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
        a = np.zeros((products.shape[1], products.shape[1])) + pull(reg, products, bought)
        b = np.zeros(products.shape[1])
        for row, product in enumerate(products):
            yes = float(row in bought)
            a += left(yes, alpha) * np.outer(product, product)
            b += right(yes, alpha) * product
        return np.linalg.solve(a, b)

    return solve_user


def _article_solves(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    """What was done is a rating of 1, and there are no others."""
    theirs = products[bought]
    left = theirs.T @ theirs + reg * np.eye(products.shape[1])
    return np.linalg.solve(left, theirs.T @ np.ones(len(bought)))


def _wrong_rows_left_out(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    theirs = products[bought]
    left = (1 + alpha) * theirs.T @ theirs + reg * np.eye(products.shape[1])
    return np.linalg.solve(left, (1 + alpha) * theirs.sum(axis=0))


def _wrong_fits_what_is_there(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    return np.linalg.pinv(products[bought]) @ np.ones(len(bought))


def _wrong_steps_over_what_is_there(products: Any, bought: Any, alpha: float, reg: float) -> Any:
    """Stochastic gradient descent, as Surprise does it for ratings."""
    x = np.zeros(products.shape[1])
    for _ in range(50):
        for product in products[bought]:
            x += 0.05 * ((1 - x @ product) * product - reg * x)
    return x


def _wrong_product(product: Callable[[Any], Any]) -> Solver:
    """Something else in the place of product productᵀ."""

    def solve_user(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
        a = reg * np.eye(products.shape[1])
        b = np.zeros(products.shape[1])
        for row, p in enumerate(products):
            weight = 1 + alpha if row in bought else 1
            a += weight * product(p)
            b += weight * (row in bought) * p
        return np.linalg.solve(a, b)

    return solve_user


def _wrong_turned(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    """Factors and products exchanged."""
    target = np.isin(np.arange(len(products)), bought).astype(float)
    left = products @ products.T + np.diag(alpha * target) + reg * np.eye(len(products))
    return np.linalg.solve(left, (1 + alpha) * target)


def _wrong_end(end: Callable[[np.ndarray, np.ndarray], Any]) -> Solver:
    """The system is right; what is made of its two sides is not."""

    def solve_user(products: Any, bought: Any, alpha: float, reg: float) -> Any:
        theirs = products[bought]
        left = products.T @ products + alpha * theirs.T @ theirs + reg * np.eye(products.shape[1])
        return end(left, (1 + alpha) * theirs.sum(axis=0))

    return solve_user


def _wrong_rows_of_reg(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    """Least squares, its rows for reg without the root."""
    return _by_least_squares(products, bought, alpha, reg**2)


def _wrong_weights_squared(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    target = np.isin(np.arange(len(products)), bought).astype(float)
    weight = 1 + alpha * target
    rows = np.vstack([weight[:, None] * products, np.sqrt(reg) * np.eye(products.shape[1])])
    goal = np.append(weight * target, np.zeros(products.shape[1]))
    return np.linalg.lstsq(rows, goal, rcond=None)[0]


def _wrong_intercept(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    target = np.isin(np.arange(len(products)), bought).astype(float)
    return Ridge(alpha=reg).fit(products, target, sample_weight=1 + alpha * target).coef_


def _wrong_average_for_nothing(products: Any, bought: Any, alpha: float, reg: float) -> Any:
    return _by_gradient(products, bought, alpha, reg) if bought else products.mean(axis=0)


def _changed(change: Callable[[np.ndarray, Any], Any]) -> Solver:
    """Solves as it should, then changes x."""
    return lambda products, *rest: change(np.array(_by_gradient(products, *rest)), products)


def _in_32_bits(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    return _by_all_and_a_correction(products, bought, alpha, reg).astype(np.float32)


BOUGHT: dict[int, Any] = {}


def _wrong_keeps_bought(products: Any, bought: Any, alpha: float, reg: float) -> np.ndarray:
    """Of as many products bought, those of the first call."""
    return _by_all_and_a_correction(products, BOUGHT.setdefault(len(bought), bought), alpha, reg)


PROOF = Proof(
    task="51.6",
    right=[_by_gradient, _by_least_squares, _by_all_and_a_correction, _by_library, _in_32_bits],
    wrong=[
        Wrong(_article_solves, "weighs 1 and the rest", "E56", silent=True),
        Wrong(_wrong_rows_left_out, "weighs 1 + alpha and the rest", "E56", silent=True),
        Wrong(
            _solves(lambda yes, a: a * yes, lambda yes, a: a * yes),
            "weighs alpha and the rest",
            "E56",
            silent=True,
        ),
        Wrong(_wrong_steps_over_what_is_there, "your x stays the same", "E56", silent=True),
        Wrong(_wrong_fits_what_is_there, "without reg and the rest", "E56", silent=True),
        Wrong(_solves(lambda yes, a: 1, lambda yes, a: yes), "alpha changes nothing", silent=True),
        Wrong(_solves(right=lambda yes, a: yes), "missing on the right side.", silent=True),
        Wrong(_solves(left=lambda yes, a: 1), "missing on the left side.", silent=True),
        Wrong(
            _solves(lambda yes, a: a if yes else 1, lambda yes, a: a * yes),
            "bought weighs alpha; it is",
            silent=True,
        ),
        Wrong(_solves(right=lambda yes, a: a * yes), "1 is missing on the right", silent=True),
        Wrong(
            _solves(left=lambda yes, a: a if yes else 1), "1 is missing on the left", silent=True
        ),
        Wrong(
            _solves(lambda yes, a: 1 + a, lambda yes, a: (1 + a) * yes),
            "every product weighs",
            silent=True,
        ),
        Wrong(
            _solves(lambda yes, a: 1 + a * (1 - yes), lambda yes, a: yes),
            "the wrong way round",
            silent=True,
        ),
        Wrong(_wrong_product(lambda p: p @ p.T), "is a single number", silent=True),
        Wrong(_wrong_product(lambda p: p * p.T), "a row of squares", silent=True),
        Wrong(_wrong_product(lambda p: np.diag(p * p)), "beside its diagonal", silent=True),
        Wrong(_wrong_turned, "a column is a factor", silent=True),
        Wrong(_wrong_weights_squared, "Your weights are squared", silent=True),
        Wrong(_solves(right=lambda yes, a: 1 + a if yes else -1), "has target -1", silent=True),
        Wrong(_solves(right=lambda yes, a: 1 + a * yes), "Every target is 1", silent=True),
        Wrong(
            _solves(right=lambda yes, a: (1 + a) ** 2 * yes), "the target is 1 + alpha", silent=True
        ),
        Wrong(_solves(pull=lambda reg, y, bought: 0), "reg is left out", silent=True),
        Wrong(_solves(pull=lambda reg, y, bought: reg), "on the diagonal only", silent=True),
        Wrong(
            _solves(pull=lambda reg, y, bought: 2 * reg * np.eye(y.shape[1])),
            "reg stands twice",
            silent=True,
        ),
        Wrong(
            _solves(pull=lambda reg, y, bought: reg / 2 * np.eye(y.shape[1])),
            "reg stands half",
            silent=True,
        ),
        Wrong(
            _solves(pull=lambda reg, y, bought: reg * len(y) * np.eye(y.shape[1])),
            "by the number of products; ",
            silent=True,
        ),
        Wrong(
            _solves(pull=lambda reg, y, bought: reg * len(bought) * np.eye(y.shape[1])),
            "by the number of products bought",
            silent=True,
        ),
        Wrong(
            _solves(pull=lambda reg, y, bought: -reg * np.eye(y.shape[1])),
            "the wrong sign",
            silent=True,
        ),
        Wrong(_wrong_end(lambda a, b: b), "the right side of the system", silent=True),
        Wrong(_wrong_end(lambda a, b: a @ b), "the right side by the matrix", silent=True),
        Wrong(_wrong_end(lambda a, b: (1 / a) @ b), "1 / A divides", silent=True),
        Wrong(_wrong_rows_of_reg, "reg is squared", silent=True),
        Wrong(_solves(left=lambda yes, a: 1 + yes + a * yes), "once already", silent=True),
        Wrong(
            _changed(lambda x, y: x / (np.linalg.norm(x) or 1)), "scaled to length 1", silent=True
        ),
        Wrong(_wrong_keeps_bought, "[3, 6], 0, 1.5): x[0] must be", silent=True),
        Wrong(_wrong_intercept, "has an intercept", silent=True),
        Wrong(
            lambda y, bought, a, reg: y[bought].sum(axis=0) / max(len(bought), 1),
            "the mean of the products bought",
            silent=True,
        ),
        Wrong(
            lambda y, bought, a, reg: y[bought].sum(axis=0), "the sum of the products", silent=True
        ),
        Wrong(
            lambda y, bought, a, reg: _by_all_and_a_correction(y, [k - 1 for k in bought], a, reg),
            "You count rows from 1",
            silent=True,
        ),
        Wrong(_wrong_average_for_nothing, "With nothing bought", silent=True),
        Wrong(_changed(lambda x, y: x.round(3)), "Do not round", silent=True),
        Wrong(_changed(lambda x, y: y @ x), "return x itself", silent=True),
        Wrong(_changed(lambda x, y: x[:, None]), "must have shape (2,), got", silent=True),
    ],
)
