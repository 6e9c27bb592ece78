"""53.6: right answers in other words, and wrong ones beside the slips; tests right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l53.t6_din import FILLED, WEIGHTS, WRONG, one_by_one, right
from checks.proof import Proof, Wrong


def _flat(e: Any, c: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> Any:
    """Only the steps that are there, in one table; sums by row."""
    row, at = np.nonzero(mask)
    steps, wide = e[row, at], c[row]
    x = np.hstack([steps, wide, steps - wide, steps * wide])
    pooled = np.zeros(c.shape)
    np.add.at(pooled, row, (1 / (1 + np.exp(-x @ w1 - b1)) @ w2)[:, None] * steps)
    return pooled


_MULTIPLIED = {WEIGHTS: "(weight * mask)[:, :, None]"}


PROOF = Proof(
    task="53.6",
    right=[one_by_one, _flat],
    wrong=[
        Wrong(right.edit({FILLED: "pass"}, _MULTIPLIED), "must not hold nan. 0 times nan"),
        Wrong(
            right.edit({FILLED: "e = np.where(np.isnan(e), 0.0, e)"}, _MULTIPLIED),
            "e = np.array([[[inf, inf]",
        ),
        Wrong(
            right.edit({FILLED: "e = np.where(np.isfinite(e), e, 9.0)"}),
            "the result at 0, 0 must be 0.7616, got 9.7616",
            silent=True,
        ),
        Wrong(WRONG["changes its arguments"], "your function changes `e`", silent=True),
        Wrong(right.returning("result[0]"), "must have shape (1, 1), got shape (1,)"),
    ],
)


def _want(e: Any, c: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> Any:
    """Step by step."""
    pooled = np.zeros(c.shape)
    for row in range(len(e)):
        for step in e[row][mask[row]]:
            x = np.concatenate([step, c[row], step - c[row], step * c[row]])
            pooled[row] += (1 / (1 + np.exp(-x @ w1 - b1)) @ w2) * step
    return pooled


def _case(seed: int = 0, n: int = 4, steps: int = 5, pad: float = np.nan) -> Any:
    draw = np.random.default_rng(seed)
    mask = draw.random((n, steps)) < 0.6
    mask[0] = False
    mask[-1, 0], mask[-1, 1] = False, True
    e, c = draw.normal(size=(n, steps, 2)), draw.normal(size=(n, 2))
    e[~mask] = pad
    return e, c, mask, draw.normal(size=(8, 3)), draw.normal(size=3), draw.normal(size=3)


def _same(din: Any, case: Any) -> bool:
    before = [one.copy() for one in case]
    good = np.allclose(din(*case), _want(*before))
    return good and all(
        np.array_equal(a, b, equal_nan=a.dtype == float) for a, b in zip(case, before, strict=True)
    )


def _asserts(din: Any) -> None:
    assert _same(din, _case())


def _random_trials(din: Any) -> bool:
    return all(_same(din, _case(seed, 3, 4, pad)) for seed in range(5) for pad in (7.0, np.nan))


def _by_hand(din: Any, bias: float = -0.5, apart: float = 2.0) -> bool:
    """W1 reads e - c and the product, so that a step e counts σ(2 (e - c) + e c - .5) e."""
    w1 = np.array([[0.0], [0.0], [apart], [1.0]])
    e = np.array([[[np.nan], [2.0], [0.5]], [[1.0], [np.nan], [4.0]], [[np.nan]] * 3])
    c, before = np.array([[1.0], [-1.0], [1.0]]), e.copy()

    def counts(one: float, other: float) -> float:
        return one / (1 + np.exp(-(apart * (one - other) + one * other + bias)))

    want = [[counts(2, 1) + counts(0.5, 1)], [counts(1, -1) + counts(4, -1)], [0.0]]
    got = din(e, c, ~np.isnan(e[:, :, 0]), w1, np.full(1, bias), np.ones(1))
    return bool(np.allclose(got, want) and np.array_equal(e, before, equal_nan=True))


def _as_in_the_text(din: Any) -> bool:
    """The weights of the text's example: two blocks of W1 and the bias are 0."""
    return _by_hand(din, 0.0, 0.0)


def _by_name(din: Any) -> None:
    """Called by the names that the text gives."""
    _asserts(din)
    e, c, mask, w1, b1, w2 = _case(3)
    got = din(w2=w2, b1=b1, w1=w1, mask=mask, c=c, e=e.copy())
    assert np.allclose(got, _want(e, c, mask, w1, b1, w2))


def _without_padding(din: Any) -> None:
    e, c, _, *rest = _case()
    assert _same(din, (np.nan_to_num(e), c, np.ones(e.shape[:2], bool), *rest))


def _padding_on_the_right(din: Any) -> None:
    e, c, _, *rest = _case()
    mask = np.arange(5) < np.array([[2], [5], [0], [3]])
    e = np.nan_to_num(e) + 1
    e[~mask] = np.nan
    assert _same(din, (e, c, mask, *rest))


def _numbers_at_padding(din: Any) -> None:
    assert _same(din, _case(pad=3.0))


def _one_customer(din: Any) -> None:
    e, c, mask, *rest = _case()
    assert _same(din, (e[-1:], c[-1:], mask[-1:], *rest))


def _no_look_back(din: Any) -> None:
    case = _case()
    assert np.allclose(din(*[one.copy() for one in case]), _want(*case))


def _exact(din: Any) -> None:
    e, c, mask, *rest = _case()
    _asserts(din)
    got = np.array(din(e, c, mask, *rest))
    assert got.tobytes() == _want(e, c, mask, *rest).tobytes(), "to the last bit"


def _wants_an_array(din: Any) -> None:
    _asserts(din)
    assert din(*_case()).shape == (4, 2)


def _shape_only(din: Any) -> None:
    assert np.shape(din(*_case(pad=0.0))) == (4, 2)


def _broken(din: Any) -> None:
    assert np.allclose(din(*_case()), 0)


PROOF_OF_CHECK = Proof(
    task="53.6 check",
    right=[_asserts, _random_trials, _by_hand, _by_name],
    wrong=[
        Wrong(_without_padding, "accepts an answer that ignores the mask", silent=True),
        Wrong(
            _padding_on_the_right,
            "catches 10 of 11 wrong ones.\nYour check accepts an answer that takes the mask",
            silent=True,
        ),
        Wrong(
            _as_in_the_text,
            "catches 9 of 11 wrong ones.\nYour check accepts an answer that leaves out the bias b1."
            "\nYour check accepts an answer that takes c - e",
            silent=True,
        ),
        Wrong(_numbers_at_padding, "accepts an answer that multiplies by the mask", silent=True),
        Wrong(_one_customer, "accepts an answer that gives all customers the first", silent=True),
        Wrong(
            _no_look_back,
            "catches 10 of 11 wrong ones.\nYour check accepts an answer that changes",
            silent=True,
        ),
        Wrong(_exact, "one that differs in the last digits (AssertionError: to the last bit"),
        Wrong(_wants_an_array, "one that goes customer by customer and returns a list (Attr"),
        Wrong(_shape_only, "catches 1 of 11 wrong ones"),
        Wrong(lambda din: None, "accepts every answer, the 11 wrong ones too"),
        Wrong(_broken, "refuses every answer, the 3 right ones too"),
    ],
)
