"""Task 53.7: causal self-attention of several heads, with padding."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.7")
edit = right.edit


def _case(seed: int, d: int, heads: int, masks: list[list[int]], scale: float = 1.0) -> Case:
    draw = np.random.default_rng(seed)
    mask = np.array(masks, bool)
    x = scale * draw.integers(-4, 5, (*mask.shape, d)) / 2
    return x, mask, *(draw.integers(-3, 4, (d, d)) / 2 for _ in range(3)), heads


_ONE = np.array([[1.0]])
CASES: list[Case] = [
    (
        np.array([[[1.0], [3.0], [7.0]]]),
        np.array([[True, True, False]]),
        0 * _ONE,
        0 * _ONE,
        _ONE,
        1,
    ),
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

CAUSAL, ROOT = "np.tri(steps, dtype=bool)", "np.sqrt(d // heads)"
SCORES = f"q @ k.swapaxes(2, 3) / {ROOT}"
HIDDEN = f"np.where(seen, {SCORES}, -1e30)"
SPLIT, JOINED = ".reshape(n, steps, heads, d // heads).swapaxes(1, 2)", "(share @ v).swapaxes(1, 2)"
HIDDEN_AFTER = {"share @ v": "share * seen @ v"}

SLIPS = {
    "a step sees later steps: no causal mask": edit({f"{CAUSAL} & ": ""}),
    "a step does not see itself": edit({CAUSAL: "np.tri(steps, k=-1, dtype=bool)"}, HIDDEN_AFTER),
    "a step sees later steps only: the causal mask is turned round": edit({CAUSAL: f"{CAUSAL}.T"}),
    "padding is read: no mask of the keys": edit({" & mask[:, None, None, :]": ""}),
    # Where nothing may be read, -np.inf gives nan: a row that may hold anything.
    "rows of padding are not 0": edit(
        {"np.where(mask[:, :, None], out, 0.0)": "out", "-1e30": "-np.inf"}
    ),
    "the scores are divided by √d, not by √ of a head's width": edit({ROOT: "np.sqrt(d)"}),
    "the scores are not divided": edit({f" / {ROOT}": ""}),
    "the scores are divided by the width of a head, not by its root": edit({ROOT: "(d // heads)"}),
    "the softmax runs over the steps that read, not over those that are read": edit(
        {"axis=3": "axis=2"}, HIDDEN_AFTER
    ),
    "what may not be read is set to 0 after the softmax, and has had its share": edit(
        {HIDDEN: SCORES}, HIDDEN_AFTER
    ),
    "what may not be read has a score such as -1e4, and scores that may be read lie below it": edit(
        {"-1e30": "-1e4"}
    ),
    "a number such as -1e4 is added to what may not be read, and scores differ by more": edit(
        {HIDDEN: f"{SCORES} - 1e4 * ~seen"}
    ),
    "reshape alone mixes steps and heads: split the columns, then exchange two axes": edit(
        {SPLIT: ".reshape(n, heads, steps, d // heads)", JOINED: "(share @ v)"}
    ),
    "every second column makes a head; a head has neighbouring columns": edit(
        {
            SPLIT: ".reshape(n, steps, d // heads, heads).transpose(0, 3, 1, 2)",
            JOINED: "(share @ v).transpose(0, 2, 3, 1)",
        }
    ),
}

TASK = checked(
    "53.7",
    "Return what each step reads from itself and earlier ones, by heads, without padding.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Shapes first: q, k, v (B, H, T, d/H); scores (B, H, T, T), the last axis is what is read.",
        "y.reshape(B, T, H, d // H).swapaxes(1, 2) splits the heads; out.swapaxes(1, 2).reshape(B, "
        "T, d) puts them together. np.tri(T, dtype=bool) & mask[:, None, None] is what may be "
        "read.",
        "scores = np.where(seen, q @ k.swapaxes(2, 3) / np.sqrt(d // H), -1e30): finite, so a row "
        "in which nothing may be read gives no nan; its step is padding, and set to 0 at the end.",
    ),
    insight="A step that is there always reads itself; only rows of padding have nothing to read.",
    not_finite="exp of thousands is infinite: subtract each row's largest score first. And a row "
    "that may read nothing has the softmax 0 / 0, or -inf less -inf.",
)
