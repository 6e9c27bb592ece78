"""Task 53.7: causal self-attention of several heads, with padding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _case(seed: int, d: int, heads: int, masks: list[list[int]], scale: float = 1.0) -> Case:
    draw = np.random.default_rng(seed)
    mask = np.array(masks, bool)
    x = scale * draw.integers(-4, 5, (*mask.shape, d)) / 2
    return x, mask, *(draw.integers(-3, 4, (d, d)) / 2 for _ in range(3)), heads


_ONE = np.array([[1.0]])
EXAMPLE: Case = (
    np.array([[[1.0], [3.0], [7.0]]]),
    np.array([[True, True, False]]),
    0 * _ONE,
    0 * _ONE,
    _ONE,
    1,
)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 2, 1, [[1, 1, 1]]),
    _case(2, 4, 2, [[1, 1, 1]]),
    _case(3, 2, 2, [[1, 1, 0], [1, 1, 1]]),
    # Padding on the left, in the middle, everywhere.
    _case(4, 2, 1, [[0, 0, 1, 1], [1, 0, 1, 1], [0, 0, 0, 0]]),
    _case(5, 4, 4, [[1], [0]]),
    _case(6, 2, 1, [[1, 1, 1], [0, 1, 1]], 400.0),
    # All that may be read is far below 0; then what may not is far above it.
    (
        np.array([[[-1.0, 400.0], [-1.0, -400.0]]]),
        np.array([[True, True]]),
        np.array([[500.0, 0.0], [0.0, 0.0]]),
        np.array([[-600.0, 0.0], [0.0, 0.0]]),
        np.array([[0.0, 0.0], [1.0, 1.0]]),
        1,
    ),
    (np.array([[[-900.0], [900.0]]]), np.array([[True, True]]), _ONE, -_ONE, _ONE, 1),
]


def by(
    scale: Callable[[int, int], float] = lambda d, heads: (d / heads) ** 0.5,
    allowed: Callable[[Array, Array], Array] = lambda causal, keys: causal & keys,
    axis: int = -1,
    after: bool = False,
    rows: bool = True,
    split: str = "columns",
    hide: Callable[[Array], Array] | None = None,
) -> Callable[..., Array]:
    """Row t of the result: what step t reads; right as it stands."""

    def attend(x: Array, mask: Array, wq: Array, wk: Array, wv: Array, heads: int) -> Array:
        n, steps, d = x.shape
        mask = np.asarray(mask, bool)

        def apart(w: Array) -> Array:
            y = x @ w
            if split == "reshape":
                return np.asarray(y.reshape(n, heads, steps, d // heads))
            if split == "interleaved":
                return np.moveaxis(y.reshape(n, steps, d // heads, heads), 3, 1)
            return np.moveaxis(y.reshape(n, steps, heads, d // heads), 2, 1)

        q, k, v = apart(wq), apart(wk), apart(wv)
        scores = q @ np.swapaxes(k, 2, 3) / scale(d, heads)
        causal = np.tri(steps, dtype=bool)[None, None]
        open_ = np.broadcast_to(allowed(causal, mask[:, None, None, :]), scores.shape)
        hidden = np.full(scores.shape, -np.inf) if hide is None else hide(scores)
        before = scores if after else np.where(open_, scores, hidden)
        top = before.max(axis=axis, keepdims=True)
        shares = np.exp(before - np.where(np.isfinite(top), top, 0.0))
        shares = shares / np.maximum(shares.sum(axis=axis, keepdims=True), 1e-300)
        out = (np.where(open_, shares, 0.0) if hide is None else shares) @ v
        if split == "reshape":
            out = out.reshape(n, steps, d)
        elif split == "interleaved":
            out = np.moveaxis(out, 1, 3).reshape(n, steps, d)
        else:
            out = np.moveaxis(out, 1, 2).reshape(n, steps, d)
        return np.asarray(np.where(mask[:, :, None], out, 0.0) if rows else out)

    return attend


right_attention = by()

MISTAKES: dict[str, Callable[..., Array]] = {
    "a step sees later steps: no causal mask": by(allowed=lambda causal, keys: keys),
    "a step does not see itself": by(
        allowed=lambda causal, keys: causal & keys & ~np.eye(causal.shape[-1], dtype=bool)
    ),
    "a step sees later steps only: the causal mask is turned round": by(
        allowed=lambda causal, keys: np.swapaxes(causal, 2, 3) & keys
    ),
    "padding is read: no mask of the keys": by(
        allowed=lambda causal, keys: causal & np.ones_like(keys)
    ),
    "rows of padding are not 0": by(rows=False),
    "the scores are divided by √d, not by √ of a head's width": by(scale=lambda d, heads: d**0.5),
    "the scores are not divided": by(scale=lambda d, heads: 1.0),
    "the scores are divided by the width of a head, not by its root": by(
        scale=lambda d, heads: d / heads
    ),
    "the softmax runs over the steps that read, not over those that are read": by(axis=-2),
    "what may not be read is set to 0 after the softmax, and has had its share": by(after=True),
    "what may not be read has a score such as -1e4, and scores that may be read lie below it": by(
        hide=lambda scores: np.full(scores.shape, -1e4)
    ),
    "a number such as -1e4 is added to what may not be read, and scores differ by more": by(
        hide=lambda scores: scores - 1e4
    ),
    "reshape alone mixes steps and heads: split the columns, then exchange two axes": by(
        split="reshape"
    ),
    "every second column makes a head; a head has neighbouring columns": by(split="interleaved"),
}


def check_attention(answer: Any) -> None:
    names = ("x", "mask", "wq", "wk", "wv", "heads")
    why = (
        "exp of thousands is infinite: subtract each row's largest score first. And a row that may "
        "read nothing has the softmax 0 / 0, or -inf less -inf."
    )
    hold(answer, names, CASES, right_attention, MISTAKES, not_finite=why)


TASK = Task(
    id="53.7",
    prompt="Return what each step reads from itself and earlier ones, by heads, without padding.",
    check_answer=check_attention,
    hints=(
        "Shapes first: q, k, v (B, H, T, d/H); scores (B, H, T, T), the last axis is what is read.",
        "y.reshape(B, T, H, d // H).swapaxes(1, 2) splits the heads; out.swapaxes(1, 2)"
        ".reshape(B, T, d) puts them together. np.tri(T, dtype=bool) & mask[:, None, None] is "
        "what may "
        "be read.",
        "scores = np.where(seen, q @ k.swapaxes(2, 3) / np.sqrt(d // H), -1e30): finite, so a "
        "row in "
        "which nothing may be read gives no nan; its step is padding, and set to 0 at the end.",
    ),
    insight="A step that is there always reads itself; only rows of padding have nothing to read.",
)
