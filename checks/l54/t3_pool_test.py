"""54.3: right answers in other words, and wrong ones beside the slips; tests right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l54.t3_pool import POOLED, right
from checks.proof import Proof, Wrong


def _masked(ids: Any, table: Any) -> Any:
    values = np.ma.array(table[ids], mask=np.repeat((ids == 0)[..., None], table.shape[1], axis=2))
    return values.max(axis=1).filled(0.0) if len(ids) else np.zeros((0, table.shape[1]))


def _loop(ids: Any, table: Any) -> Any:
    found = np.zeros((len(ids), table.shape[1]))
    for row, title in enumerate(ids):
        real = [table[one] for one in title if one]
        if real:
            found[row] = np.max(real, axis=0)
    return found


def _added(ids: Any, table: Any) -> Any:
    """The usual mask of attention: a large negative number on top."""
    best = (table[ids] + (ids == 0)[..., None] * -1e9).max(axis=1)
    return np.where((ids > 0).any(axis=1)[:, None], best, 0.0)


def _multiplied(ids: Any, table: Any) -> Any:
    """Right but where row 0 holds nan: 0 times nan."""
    real = (ids > 0)[..., None]
    best = (np.where(real, 0.0, -np.inf) + table[ids] * real).max(axis=1)
    return np.where((ids > 0).any(axis=1)[:, None], best, 0.0)


def _filled(padding: float) -> Any:
    return right.edit({"-np.inf": f"{padding}"})


PROOF = Proof(
    task="54.3",
    right=[_masked, _loop],
    wrong=[
        Wrong(right.edit({POOLED: "values.max(axis=1)"}), "-inf", silent=True),
        Wrong(_filled(-10.0), "must be -2e+37, got -10.", silent=True),
        Wrong(_filled(-1e30), "must be -2e+37, got -1e+30.", silent=True),
        Wrong(_added, "got 1e+300", silent=True),
        Wrong(_multiplied, "0 times nan is nan", silent=True),
        Wrong(right.in_place("table[0] = -np.inf"), "changes `table`", silent=True),
        Wrong(right.returning("result.T"), "got shape (2, 1)"),
        Wrong(right.returning("result[0]"), "must have shape"),
    ],
)

TABLE = np.array([[9.0, 9.0], [-1.0, -5.0], [-3.0, -2.0]])
WANT = [[-1.0, -2.0]]


def _examples(pool: Any) -> None:
    for ids in ([[1, 2]], [[1, 2, 0, 0]], [[0, 1, 2]]):
        assert np.allclose(pool(np.array(ids), TABLE), WANT)
    assert np.allclose(pool(np.array([[0, 0]]), TABLE), 0)


def _returns(pool: Any) -> bool:
    draw = np.random.default_rng(0)
    table = draw.normal(size=(5, 3)) - 2
    ids = draw.integers(1, 5, (20, 4))
    want = table[ids].max(axis=1)
    same = [
        np.allclose(pool(np.pad(ids, [(0, 0), (a, b)]), table), want)
        for a in (0, 1)
        for b in (0, 2)
    ]
    return all(same) and np.allclose(pool(np.zeros((1, 2), int), table), 0)


def _no_titles(pool: Any) -> None:
    _examples(pool)
    found = pool(np.zeros((0, 3), int), TABLE)
    assert np.shape(found) == (0, 2) and np.allclose(found, np.zeros((0, 2)))


def _positive(pool: Any) -> None:
    """A table without a negative feature."""
    table = np.array([[9.0, 9.0], [1.0, 5.0], [3.0, 2.0]])
    for ids in ([[1, 2]], [[1, 2, 0]], [[0, 1, 2]]):
        assert np.allclose(pool(np.array(ids), table), [[3, 5]])
    assert np.allclose(pool(np.array([[0, 0]]), table), 0)


def _behind_only(pool: Any) -> None:
    for ids in ([[1, 2]], [[1, 2, 0, 0]]):
        assert np.allclose(pool(np.array(ids), TABLE), WANT)
    assert np.allclose(pool(np.array([[0, 0]]), TABLE), 0)


def _no_empty(pool: Any) -> None:
    for ids in ([[1, 2]], [[1, 2, 0, 0]], [[0, 1, 2]]):
        assert np.allclose(pool(np.array(ids), TABLE), WANT)


def _invariance_alone(pool: Any) -> bool:
    """The mean is not changed by padding either."""
    one, two = np.array([[1, 2]]), np.array([[0, 1, 2, 0]])
    empty = pool(np.array([[0]]), TABLE)
    return np.allclose(pool(one, TABLE), pool(two, TABLE)) and np.allclose(empty, 0)


def _exact_type(pool: Any) -> None:
    _examples(pool)
    assert isinstance(pool(np.array([[1, 2]]), TABLE), np.ndarray)


def _exact_bits(pool: Any) -> None:
    _examples(pool)
    table = TABLE + 0.1
    assert np.array_equal(np.asarray(pool(np.array([[1, 2]]), table)), table[[1, 2]].max(0)[None])


PROOF_OF_CHECK = Proof(
    task="54.3 check",
    right=[_examples, _returns, _no_titles],
    wrong=[
        Wrong(_positive, "accepts an answer that gives padding a 0", silent=True),
        Wrong(
            _behind_only,
            "catches 5 of 6 wrong ones.\nYour check accepts an answer that stops",
            silent=True,
        ),
        Wrong(_no_empty, "accepts an answer that returns minus infinity", silent=True),
        Wrong(_invariance_alone, "accepts an answer that returns the mean", silent=True),
        Wrong(_exact_type, "refuses a right answer, one that returns lists"),
        Wrong(_exact_bits, "refuses a right answer, one that returns 32-bit numbers"),
        Wrong(lambda pool: True, "accepts every answer"),
        Wrong(lambda pool: False, "refuses every answer"),
    ],
)
