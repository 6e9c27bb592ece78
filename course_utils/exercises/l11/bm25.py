"""Task 11.2: what one word of a query adds to the BM25 score of a text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

CASES: list[Case] = [
    (2, 6, 6.0, 10, 2, 1.5, 0.75),
    (1, 12, 6.0, 1000, 3, 1.5, 0.75),
    (3, 3, 6.0, 1000, 900, 1.2, 0.75),
    (1, 8, 10.0, 50, 50, 1.5, 0.4),
    (4, 20, 10.0, 500, 7, 2.0, 0.0),
    (5, 9, 7.5, 200, 20, 0.9, 1.0),
    (0, 9, 7.5, 200, 20, 1.5, 0.75),
    (2, 9, 7.5, 200, 0, 1.5, 0.75),
    (1, 1, 1.0, 1, 1, 1.5, 0.75),
    (300, 400, 7.5, 100_000, 2, 1.2, 0.75),
]


def _idf(n: int, held: int) -> float:
    return math.log(1 + (n - held + 0.5) / (held + 0.5))


def _old_idf(n: int, held: int) -> float:
    return math.log((n - held + 0.5) / (held + 0.5))


def right_term(
    tf: int,
    length: int,
    mean_length: float,
    n_texts: int,
    n_with: int,
    k1: float,
    b: float,
    *,
    idf: Callable[[int, int], float] = _idf,
    below: Callable[[float, float, float], float] = lambda ratio, k1, b: k1 * (1 - b + b * ratio),
) -> float:
    """The right term, or one with a part exchanged; ``ratio`` is length / mean_length."""
    return idf(n_texts, n_with) * tf / (tf + below(length / mean_length, k1, b))


def _with(**part: Any) -> Callable[..., float]:
    return lambda *case: right_term(*case, **part)


def _linear(tf: int, length: int, mean: float, n: int, held: int, k1: float, b: float) -> float:
    return _idf(n, held) * tf


MISTAKES: dict[str, Callable[..., Any]] = {
    "the 1 + inside the logarithm is missing, so a frequent word counts against a text": _with(
        idf=_old_idf
    ),
    "the 1 + inside the logarithm is missing, and what falls below 0 is cut off at 0": _with(
        idf=lambda n, held: max(0.0, _old_idf(n, held))
    ),
    "the idf is ln(N / n)": _with(idf=lambda n, held: math.log(n / held) if held else math.inf),
    "the idf is left out: a rare word counts no more than a frequent one": _with(
        idf=lambda n, held: 1.0
    ),
    "a word that stands in no other text counts nothing: its idf is the largest": lambda *case: (
        right_term(*case) if case[4] else 0.0
    ),
    "the length of the text does not count": _with(below=lambda ratio, k1, b: k1),
    "b and 1 - b are exchanged": _with(below=lambda ratio, k1, b: k1 * (b + (1 - b) * ratio)),
    "length and mean_length are exchanged": _with(
        below=lambda ratio, k1, b: k1 * (1 - b + b / ratio)
    ),
    "there is a factor k1 + 1; it changes no order, and the formula here has none": (
        lambda *case: (case[5] + 1) * right_term(*case)
    ),
    "the count does not level off: it is tf alone": _linear,
    "the logarithm has base 2, not e": lambda *case: right_term(*case) / math.log(2),
    "the logarithm has base 10, not e": lambda *case: right_term(*case) / math.log(10),
    "k1 is not used": _with(below=lambda ratio, k1, b: 1 - b + b * ratio),
    "k1 is always 1.5": _with(below=lambda ratio, k1, b: 1.5 * (1 - b + b * ratio)),
    "b is always 0.75": _with(below=lambda ratio, k1, b: k1 * (0.25 + 0.75 * ratio)),
    "k1 multiplies 1 - b only, not the whole bracket": _with(
        below=lambda ratio, k1, b: k1 * (1 - b) + b * ratio
    ),
}


def check_term(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_term,
        lambda value, case: as_number(value, f"{_shown(case)}: the result", infinite=True),
        _shown,
        MISTAKES,
    )


def _shown(case: Case) -> str:
    names = ("tf", "length", "mean_length", "n_texts", "n_with", "k1", "b")
    return f"bm25_term({', '.join(f'{a}={x}' for a, x in zip(names, case, strict=True))})"


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
