"""Task 11.2: what one word of a query adds to the BM25 score of a text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.engine import Task, Wrong, as_number
from course_utils.exercises.l11.judging import judge

CASES: list[tuple[Any, ...]] = [
    (2, 6, 6.0, 10, 2, 1.5, 0.75),
    (1, 12, 6.0, 1000, 3, 1.5, 0.75),
    (3, 3, 6.0, 1000, 900, 1.2, 0.75),
    (1, 8, 10.0, 50, 50, 1.5, 0.4),
    (4, 20, 10.0, 500, 7, 2.0, 0.0),
    (5, 9, 7.5, 200, 20, 0.9, 1.0),
    (0, 9, 7.5, 200, 20, 1.5, 0.75),
    (2, 9, 7.5, 200, 0, 1.5, 0.75),
]


def _idf(n: int, held: int) -> float:
    return math.log(1 + (n - held + 0.5) / (held + 0.5))


def _term(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _idf(n, held) * tf / (tf + k1 * (1 - b + b * length / mean))


def _tell(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> str:
    return (
        f"bm25_term(tf={tf}, length={length}, mean_length={mean}, n_texts={n}, n_with={held}, "
        f"k1={k1}, b={b})"
    )


def check_term(answer: Any) -> None:
    judge(answer, CASES, _term, as_number, _tell, MISTAKES)


def _old_idf(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    idf = math.log((n - held + 0.5) / (held + 0.5))
    return idf / _idf(n, held) * _term(tf, length, mean, n, held, k1, b)


def _plain_idf(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    idf = math.log(n / held) if held else math.inf
    return idf / _idf(n, held) * _term(tf, length, mean, n, held, k1, b)


def _no_idf(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, b) / _idf(n, held)


def _no_length(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, 0.0)


def _b_exchanged(
    tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float
) -> float:
    return _term(tf, length, mean, n, held, k1, 1 - b)


def _upside_down(
    tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float
) -> float:
    return _idf(n, held) * tf / (tf + k1 * (1 - b + b * mean / length))


def _with_factor(
    tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float
) -> float:
    return (k1 + 1) * _term(tf, length, mean, n, held, k1, b)


def _linear(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _idf(n, held) * tf


def _base_two(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, b) / math.log(2)


def _k1_left_out(
    tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float
) -> float:
    return _term(tf, length, mean, n, held, 1.0, b)


def _k1_on_one_part(
    tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float
) -> float:
    return _idf(n, held) * tf / (tf + k1 * (1 - b) + b * length / mean)


MISTAKES: dict[str, Callable[..., float]] = {
    "the 1 + inside the logarithm is missing, so a frequent word counts against a text": _old_idf,
    "the idf is ln(N / n)": _plain_idf,
    "the idf is left out: a rare word counts no more than a frequent one": _no_idf,
    "the length of the text does not count": _no_length,
    "b and 1 - b are exchanged": _b_exchanged,
    "length and mean_length are exchanged": _upside_down,
    "there is a factor k1 + 1; it changes no order, and the formula here has none": _with_factor,
    "the count does not level off: it is tf alone": _linear,
    "the logarithm has base 2, not e": _base_two,
    "k1 is not used": _k1_left_out,
    "k1 multiplies 1 - b only, not the whole bracket": _k1_on_one_part,
}


def _in_steps(tf: Any, length: Any, mean: Any, n: Any, held: Any, k1: Any, b: Any) -> Any:
    rarity = np.log((n + 1) / (held + 0.5))
    if tf == 0:
        return 0
    return rarity / (1 + k1 / tf * (1 + b * (length / mean - 1)))


def _with_arrays(tf: Any, length: Any, mean: Any, n: Any, held: Any, k1: Any, b: Any) -> Any:
    counts = np.array([tf], dtype=float)
    return (
        np.log1p((n - held + 0.5) / (held + 0.5))
        * counts
        / (counts + k1 * ((1 - b) + b * length / mean))
    )


TASK = Task(
    id="11.2",
    prompt="Return what one word of the query adds to the BM25 score of one text.",
    check_answer=check_term,
    hints=(
        "Two parts, multiplied: how rare the word is, and how often it stands in this text.",
        "np.log is the natural logarithm. The text's length only stands in the bracket after k1.",
        "idf = np.log(1 + (n_texts - n_with + 0.5) / (n_with + 0.5)); then "
        "idf * tf / (tf + k1 * (1 - b + b * length / mean_length)).",
    ),
    right=[_in_steps, _with_arrays],
    wrong=[
        Wrong(_old_idf, "the 1 + inside the logarithm", silent=True),
        Wrong(_plain_idf, "the idf is ln(N / n)", silent=True),
        Wrong(_no_idf, "the idf is left out", silent=True),
        Wrong(_no_length, "the length of the text does not count", silent=True),
        Wrong(_b_exchanged, "b and 1 - b are exchanged", silent=True),
        Wrong(_upside_down, "length and mean_length are exchanged", silent=True),
        Wrong(_with_factor, "a factor k1 + 1", silent=True),
        Wrong(_linear, "does not level off", silent=True),
        Wrong(_base_two, "base 2, not e", silent=True),
        Wrong(_k1_left_out, "k1 is not used", silent=True),
        Wrong(_k1_on_one_part, "k1 multiplies 1 - b only", silent=True),
    ],
    insight="The second mention of a word adds less than the first, and a rare word more than a "
    "frequent one: that is all of BM25.",
)
