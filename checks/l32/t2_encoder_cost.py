"""Task 32.2: what a transformer encoder costs, counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("32.2")
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
    (3, 4, 8, 1, 10),
    (64, 384, 1_536, 6, 31_036),
    (1, 4, 8, 2, 10),
    (256, 384, 1_536, 6, 31_036),
    (5, 6, 7, 3, 11),
    (8_192, 64, 256, 2, 500),
    (12, 32, 32, 4, 100),
]

BIASES, NORMS, TABLES = " + 5 * width + inner", " + 4 * width", "rows * width"
SQUARE, LAYERS = "2 * tokens**2 * width", "tokens * layers"


def _more(parameters: str = "0", products: str = "0") -> Function:
    """The right numbers and something more, or less."""
    return returning(f"(result[0] + ({parameters}), result[1] + ({products}))")


SLIPS = {
    "the two products of attention, scores and mixing, are left out; they grow with the square of "
    "the tokens": edit({f" + {SQUARE}": ""}),
    "attention has two products of n x n x d, the scores and the mixing; only one is counted": edit(
        {SQUARE: "tokens**2 * width"}
    ),
    "the scores are counted once for each pair of numbers, n x n x d x d; a score is one inner "
    "product of d numbers": edit({SQUARE: "2 * tokens**2 * width**2"}),
    "a look-up is counted as a product; it reads a row, and multiplies nothing": _more(
        products="tokens * rows * width"
    ),
    "the numbers that a look-up reads are counted as products; they are only read": _more(
        products="tokens * width"
    ),
    "three projections are counted; query, key, value and output are four": edit(
        {"4 * width * width": "3 * width * width", "5 * width": "4 * width"}
    ),
    "one of the two layers behind attention is left out": edit(
        {"2 * width * inner": "width * inner", "5 * width": "4 * width"}
    ),
    "the layers are counted for one token; each token goes through them": edit({LAYERS: "layers"}),
    "biases are left out of the parameters": edit({BIASES: ""}),
    "the normalisations of the blocks are left out: two a block, each with 2 d numbers": edit(
        {NORMS: ""}
    ),
    "one normalisation a block is counted; there are two": edit({NORMS: " + 2 * width"}),
    "the first normalisation, behind the embeddings, is left out": edit({" + 2 * width +": " +"}),
    "the tables are left out of the parameters": edit({f"{TABLES} + ": ""}),
    "the tables are counted once a block": edit({TABLES: f"blocks * {TABLES}"}),
    "a multiply-add is counted as two; the text counts it as one": edit(
        {"blocks * products": "2 * blocks * products"}
    ),
    "one block is counted, whatever their number": first("blocks = 1"),
    "the two numbers are exchanged": returning("result[::-1]"),
}

shown = in_one_line(right)


def _read(got: Any, case: Case) -> tuple[int, int]:
    pair = as_array(got, f"{shown(case)}: (parameters, multiply-adds)", (2,))
    if not (pair == np.rint(pair)).all():
        reject(f"{shown(case)}: both are counts, got {pair.tolist()}.")
    return int(pair[0]), int(pair[1])


TASK = checked(
    "32.2",
    "Return the parameters of an encoder, and its multiply-adds for one text.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Go through a block: four layers from d to d, two between d and h, two normalisations. "
        "Only two products do not hold a weight: tokens with tokens, and shares with values.",
        "Parameters of a block: 4 (d d + d) + (d h + h) + (h d + d) + 4 d. Multiply-adds: "
        "n (4 d d + 2 d h) + 2 n n d.",
        "return rows*d + 2*d + blocks * (4*(d*d + d) + 2*d*h + h + d + 4*d), "
        "blocks * (n * (4*d*d + 2*d*h) + 2*n*n*d).",
    ),
    insight="Tables are many parameters and no multiply-adds; attention's square is the reverse.",
    shown=shown,
    read=_read,
    place=lambda case, at: f"{shown(case)}: {('parameters', 'multiply-adds')[at[0]]}",
    leaves=False,
)
