"""Task 32.2: what a transformer encoder costs, counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

_CASES: list[Case] = [
    (3, 4, 8, 1, 10),
    (64, 384, 1_536, 6, 31_036),
    (1, 4, 8, 2, 10),
    (256, 384, 1_536, 6, 31_036),
    (5, 6, 7, 3, 11),
    (8_192, 64, 256, 2, 500),
    (12, 32, 32, 4, 100),
]


def right_encoder(tokens: int, width: int, inner: int, blocks: int, rows: int) -> Any:
    n, d, h = tokens, width, inner
    block = 4 * d * (d + 1) + d * h + h + h * d + d + 4 * d
    products = n * (4 * d * d + 2 * d * h) + 2 * n * n * d
    return rows * d + 2 * d + blocks * block, blocks * products


def _by(change: Callable[..., tuple[int, int]]) -> Callable[..., Any]:
    def run(tokens: int, width: int, inner: int, blocks: int, rows: int) -> Any:
        right = right_encoder(tokens, width, inner, blocks, rows)
        more = change(tokens, width, inner, blocks, rows)
        return right[0] + more[0], right[1] + more[1]

    return run


MISTAKES: dict[str, Callable[..., Any]] = {
    "the two products of attention, scores and mixing, are left out; they grow with the square of "
    "the tokens": _by(lambda n, d, h, b, v: (0, -2 * b * n * n * d)),
    "attention has two products of n x n x d, the scores and the mixing; only one is counted": _by(
        lambda n, d, h, b, v: (0, -b * n * n * d)
    ),
    "the scores are counted once for each pair of numbers, n x n x d x d; a score is one inner "
    "product of d numbers": _by(lambda n, d, h, b, v: (0, 2 * b * n * n * d * (d - 1))),
    "a look-up is counted as a product; it reads a row, and multiplies nothing": _by(
        lambda n, d, h, b, v: (0, n * v * d)
    ),
    "the numbers that a look-up reads are counted as products; they are only read": _by(
        lambda n, d, h, b, v: (0, n * d)
    ),
    "three projections are counted; query, key, value and output are four": _by(
        lambda n, d, h, b, v: (-b * d * (d + 1), -b * n * d * d)
    ),
    "one of the two layers behind attention is left out": _by(
        lambda n, d, h, b, v: (-b * (h * d + d), -b * n * d * h)
    ),
    "the layers are counted for one token; each token goes through them": _by(
        lambda n, d, h, b, v: (0, -b * (n - 1) * (4 * d * d + 2 * d * h))
    ),
    "biases are left out of the parameters": _by(lambda n, d, h, b, v: (-b * (5 * d + h), 0)),
    "the normalisations of the blocks are left out: two a block, each with 2 d numbers": _by(
        lambda n, d, h, b, v: (-4 * b * d, 0)
    ),
    "one normalisation a block is counted; there are two": _by(
        lambda n, d, h, b, v: (-2 * b * d, 0)
    ),
    "the first normalisation, behind the embeddings, is left out": _by(
        lambda n, d, h, b, v: (-2 * d, 0)
    ),
    "the tables are left out of the parameters": _by(lambda n, d, h, b, v: (-v * d, 0)),
    "the tables are counted once a block": _by(lambda n, d, h, b, v: ((b - 1) * v * d, 0)),
    "a multiply-add is counted as two; the text counts it as one": _by(
        lambda n, d, h, b, v: (0, right_encoder(n, d, h, b, v)[1])
    ),
    "one block is counted, whatever their number": lambda n, d, h, b, v: right_encoder(
        n, d, h, 1, v
    ),
    "the two numbers are exchanged": lambda *case: right_encoder(*case)[::-1],
}


def check_encoder(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_encoder,
        _read,
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)}: {('parameters', 'multiply-adds')[at[0]]}",
    )


def _told(case: Case) -> str:
    return call_of("encoder_cost", case)


def _read(got: Any, case: Case) -> tuple[int, int]:
    pair = as_array(got, f"{_told(case)}: (parameters, multiply-adds)", (2,))
    if not (pair == np.rint(pair)).all():
        reject(f"{_told(case)}: both are counts, got {pair.tolist()}.")
    return int(pair[0]), int(pair[1])


TASK = Task(
    id="32.2",
    prompt="Return the parameters of an encoder, and its multiply-adds for one text.",
    check_answer=check_encoder,
    hints=(
        "Go through a block: four layers from d to d, two between d and h, two normalisations. "
        "Only two products do not hold a weight: tokens with tokens, and shares with values.",
        "Parameters of a block: 4 (d d + d) + (d h + h) + (h d + d) + 4 d. Multiply-adds: "
        "n (4 d d + 2 d h) + 2 n n d.",
        "return rows*d + 2*d + blocks * (4*(d*d + d) + 2*d*h + h + d + 4*d), "
        "blocks * (n * (4*d*d + 2*d*h) + 2*n*n*d).",
    ),
    insight="Tables are many parameters and no multiply-adds; attention's square is the reverse.",
)
