"""Task 11.2: what one word of a query adds to the BM25 score of a text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

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
    compare(
        answer,
        CASES,
        _term,
        lambda value, case: as_number(value, f"{_tell(*case)}: the result", infinite=True),
        lambda case: _tell(*case),
        MISTAKES,
    )


def old_idf(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    idf = math.log((n - held + 0.5) / (held + 0.5))
    return idf / _idf(n, held) * _term(tf, length, mean, n, held, k1, b)


def plain_idf(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    idf = math.log(n / held) if held else math.inf
    return idf / _idf(n, held) * _term(tf, length, mean, n, held, k1, b)


def no_idf(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, b) / _idf(n, held)


def no_length(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, 0.0)


def b_exchanged(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, 1 - b)


def upside_down(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _idf(n, held) * tf / (tf + k1 * (1 - b + b * mean / length))


def with_factor(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return (k1 + 1) * _term(tf, length, mean, n, held, k1, b)


def linear(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _idf(n, held) * tf


def base_two(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, k1, b) / math.log(2)


def k1_left_out(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _term(tf, length, mean, n, held, 1.0, b)


def k1_on_one_part(
    tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float
) -> float:
    return _idf(n, held) * tf / (tf + k1 * (1 - b) + b * length / mean)


MISTAKES: dict[str, Callable[..., float]] = {
    "the 1 + inside the logarithm is missing, so a frequent word counts against a text": old_idf,
    "the idf is ln(N / n)": plain_idf,
    "the idf is left out: a rare word counts no more than a frequent one": no_idf,
    "the length of the text does not count": no_length,
    "b and 1 - b are exchanged": b_exchanged,
    "length and mean_length are exchanged": upside_down,
    "there is a factor k1 + 1; it changes no order, and the formula here has none": with_factor,
    "the count does not level off: it is tf alone": linear,
    "the logarithm has base 2, not e": base_two,
    "k1 is not used": k1_left_out,
    "k1 multiplies 1 - b only, not the whole bracket": k1_on_one_part,
}


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
    insight="The second mention of a word adds less than the first, and a rare word more than a "
    "frequent one: that is all of BM25.",
)
