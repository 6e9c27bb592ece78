"""53.11: right answers in other words, and wrong ones beside the slips; tests right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l53.t11_pcgrad import CONFLICT, WRONG, right
from checks.proof import Proof, Wrong
from course_utils.balancing.pcgrad import surgery


def _library(grads: Any, orders: Any) -> Any:
    """Weights from inner products alone."""
    grads = grads.astype(float)
    return surgery(grads @ grads.T, [np.array(one, int) for one in orders]) @ grads


def _one_by_one(grads: Any, orders: Any) -> list[float]:
    """Plain numbers, a list at the end."""
    rows = np.asarray(grads, float).tolist()
    total = [0.0] * len(rows[0])
    for g, order in zip(rows, orders, strict=True):
        mine = list(g)
        for j in order:
            dot = sum(a * b for a, b in zip(mine, rows[j], strict=True))
            if dot < 0:
                part = dot / sum(b * b for b in rows[j])
                mine = [a - part * b for a, b in zip(mine, rows[j], strict=True)]
        total = [a + b for a, b in zip(total, mine, strict=True)]
    return total


PROOF = Proof(
    task="53.11",
    right=[_library, _one_by_one],
    wrong=[
        Wrong(WRONG["changes its arguments"], "your function changes `grads`", silent=True),
        Wrong(
            right.edit({CONFLICT: "inner <= 0"}),
            "must not hold nan. A gradient of 0 conflicts with none",
        ),
        Wrong(WRONG["fails on a gradient of zeros"], "ZeroDivisionError", status="error"),
        Wrong(right.returning("grads"), "must have shape (2,), got shape (2, 2)"),
    ],
)


def _want(grads: Any, orders: Any) -> Any:
    grads = grads.astype(float)
    total = np.zeros(grads.shape[1])
    for g, order in zip(grads, orders, strict=True):
        mine = g.copy()
        for j in order:
            if mine @ grads[j] < 0:
                mine = mine - mine @ grads[j] / (grads[j] @ grads[j]) * grads[j]
        total += mine
    return total


def _same(pcgrad: Any, grads: Any, orders: Any) -> bool:
    before = grads.copy()
    return bool(
        np.allclose(pcgrad(grads, orders), _want(before, orders)) and (grads == before).all()
    )


def _two() -> Any:
    return np.array([[1.0, 0.0], [-1.0, 2.0]]), [[1], [0]]


def _three(at: int) -> Any:
    orders = [[[1, 2], [2, 0], [0, 1]], [[2, 1], [0, 2], [1, 0]]]
    return np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]), orders[at]


def _zeros() -> Any:
    return np.array([[0.0, 0.0], [1.0, 2.0]]), [[1], [0]]


def _agreeing() -> Any:
    return np.array([[2.0, 1.0], [1.0, 3.0]]), [[1], [0]]


def _bytes() -> Any:
    return np.array([[100, 0], [-100, 50]], np.int8), [[1], [0]]


def _asserts(pcgrad: Any) -> None:
    for case in (_two(), _three(0), _three(1), _zeros(), _agreeing(), _bytes()):
        assert _same(pcgrad, *case)


def _by_hand(pcgrad: Any) -> bool:
    """Numbers from paper: the first two tasks give (.8, .4) and (0, 2)."""
    known = [
        (*_two(), [0.8, 2.4]),
        (*_three(0), [-0.8, -0.5]),
        (*_three(1), [-0.2, -1.1]),
        (*_zeros(), [1, 2]),
        (*_agreeing(), [3, 4]),
        (*_bytes(), [20, 90]),
    ]
    for grads, orders, want in known:
        before = grads.copy()
        if not np.allclose(pcgrad(grads, orders), want) or (grads != before).any():
            return False
    return True


def _random_trials(pcgrad: Any) -> bool:
    draw = np.random.default_rng(0)
    for trial in range(20):
        n = 1 + trial % 4
        orders = [draw.permutation([j for j in range(n) if j != i]).tolist() for i in range(n)]
        grads = draw.integers(-120, 120, (n, 3)).astype(np.int8)
        grads[0] *= trial % 5 != 0
        if not _same(pcgrad, grads, orders):
            return False
    return True


def _of(*cases: Any) -> Any:
    def check(pcgrad: Any) -> None:
        for case in cases:
            assert _same(pcgrad, *case())

    return check


def _first_task_projects(pcgrad: Any) -> bool:
    """Inputs in which no task but the first has to be projected."""
    cases: list[Any] = [
        ([[100], [0], [2]], [[2, 1], [2, 0], [0, 1]], np.int8),
        ([[0], [100], [-100]], [[2, 1], [2, 0], [1, 0]], np.int8),
        ([[-1], [-1], [1]], [[1, 2], [2, 0], [1, 0]], float),
        ([[-100], [100], [-100]], [[1, 2], [0, 2], [0, 1]], float),
        ([[100, 1], [100, 100], [-100, -100]], [[1, 2], [2, 0], [1, 0]], float),
    ]
    return all([_same(pcgrad, np.array(rows, kind), orders) for rows, orders, kind in cases])


def _fitting_products(pcgrad: Any) -> None:
    """8-bit gradients whose inner product fits, and whose square does not."""
    _floats(pcgrad)
    assert _same(pcgrad, np.array([[-1, 3], [100, 1]], np.int8), [[1], [0]])


def _no_look_back(pcgrad: Any) -> bool:
    cases = (_two(), _three(0), _three(1), _zeros(), _agreeing(), _bytes())
    return all(np.allclose(pcgrad(*case), _want(*case)) for case in cases)


def _floats(pcgrad: Any) -> None:
    for case in (_two(), _three(0), _three(1), _zeros(), _agreeing()):
        assert _same(pcgrad, *case)


def _exact(pcgrad: Any) -> None:
    _asserts(pcgrad)
    assert np.array_equal(pcgrad(*_three(0)), _want(*_three(0))), "to the last bit"


def _wants_an_array(pcgrad: Any) -> None:
    _asserts(pcgrad)
    assert isinstance(pcgrad(*_two()), np.ndarray), "an array"


def _shape(pcgrad: Any) -> bool:
    return np.shape(pcgrad(*_two())) == (2,)


PROOF_OF_CHECK = Proof(
    task="53.11 check",
    right=[_asserts, _by_hand, _random_trials, _fitting_products],
    wrong=[
        Wrong(_of(_two), "accepts an answer that projects where nothing conflicts", silent=True),
        Wrong(_of(_two, _agreeing), "accepts an answer that ignores the orders", silent=True),
        Wrong(
            _of(lambda: _three(0), lambda: _three(1), _bytes, _agreeing),
            "catches 10 of 11 wrong ones.\nYour check accepts an answer that fails on a gradient "
            "of zeros",
            silent=True,
        ),
        Wrong(
            _floats,
            "catches 10 of 11 wrong ones.\nYour check accepts an answer that lets",
            silent=True,
        ),
        Wrong(
            _first_task_projects,
            "catches 10 of 11 wrong ones.\nYour check accepts an answer that leaves every task but "
            "the first",
            silent=True,
        ),
        Wrong(_exact, "one that differs in the last digits (AssertionError: to the last bit"),
        Wrong(_wants_an_array, "and returns a list (AssertionError: an array"),
        Wrong(_shape, "accepts every answer, the 11 wrong ones too"),
        Wrong(lambda pcgrad: pcgrad(*_two()) is None, "refuses every answer, the 3 right ones too"),
    ],
)
