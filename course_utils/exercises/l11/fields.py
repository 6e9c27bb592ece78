"""Task 11.5: one word of BM25F, BM25 over weighted fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Numbers = Sequence[float]

NAMES = ("tf", "length", "mean_length", "weight", "b", "idf", "k1")

CASES: list[Case] = [
    ([1, 1], [8, 4], [8.0, 4.0], [1.0, 1.0], [0.75, 0.75], 2.0, 1.5),
    ([2, 5], [10, 40], [8.0, 50.0], [3.0, 1.0], [0.5, 0.75], 1.7, 1.2),
    ([0, 3], [6, 90], [6.0, 60.0], [4.0, 0.5], [0.0, 1.0], 3.1, 0.9),
    ([1, 1], [7, 9], [7.0, 9.0], [1.0, 0.0], [0.75, 0.75], 2.5, 1.5),
    ([1, 4, 0], [5, 20, 3], [6.0, 15.0, 2.0], [2.0, 1.0, 5.0], [0.3, 0.6, 0.9], 0.4, 2.0),
    ([2], [12], [6.0], [1.0], [0.75], 1.1, 1.5),
    ([0, 0], [4, 5], [4.0, 5.0], [1.0, 1.0], [0.5, 0.5], 2.0, 1.5),
    ([2, 0], [9, 0], [7.5, 3.0], [1.0, 2.0], [0.75, 1.0], 2.2, 1.5),  # an empty field, b = 1
    ([0, 0], [0, 0], [7.5, 3.0], [1.0, 2.0], [0.5, 1.0], 2.2, 1.5),
    ([2, 1], [3, 30], [9.0, 10.0], [1.0, 1.0], [1.0, 0.0], 1.3, 0.7),
    ([300, 1], [400, 4], [50.0, 4.0], [1.0, 2.0], [0.4, 0.4], 0.02, 1.2),
    ([1, 0, 2], [5, 6, 7], [6.0, 6.0, 6.0], [1.0, 2.0, 3.0], [0.3, 0.6, 0.9], 1.3, 1.2),
]


def right_term(
    tf: Numbers,
    length: Numbers,
    mean_length: Numbers,
    weight: Numbers,
    b: Numbers,
    idf: float,
    k1: float,
) -> float:
    """The weighted, length-normalised counts of all fields together, saturated once."""
    pooled = _pooled(tf, length, mean_length, weight, b)
    return idf * pooled / (k1 + pooled)


def _parts(tf: Numbers, length: Numbers, mean_length: Numbers, b: Numbers) -> list[float]:
    """Of each field its count, normalised by the field's own length."""
    return [
        count / (1 - b_ + b_ * its / mean) if count else 0.0
        for count, its, mean, b_ in zip(tf, length, mean_length, b, strict=True)
    ]


def _pooled(
    tf: Numbers, length: Numbers, mean_length: Numbers, weight: Numbers, b: Numbers
) -> float:
    return sum(w * part for w, part in zip(weight, _parts(tf, length, mean_length, b), strict=True))


def _each(*case: Any, join: Callable[[list[float]], float]) -> float:
    tf, length, mean, weight, b, idf, k1 = case
    parts = _parts(tf, length, mean, b)
    return join([w * idf * part / (k1 + part) for w, part in zip(weight, parts, strict=True)])


def _each_weighted(*case: Any) -> float:
    tf, length, mean, weight, b, idf, k1 = case
    parts = [w * one for w, one in zip(weight, _parts(tf, length, mean, b), strict=True)]
    return sum(idf * part / (k1 + part) for part in parts)


def _joined(tf: Any, length: Any, mean: Any, weight: Any, b: Any, idf: float, k1: float) -> float:
    """The counts are weighted, but one length, that of the joined text, norms all of them."""
    count = sum(w * one for w, one in zip(weight, tf, strict=True))
    return idf * count / (count + k1 * (1 - b[0] + b[0] * sum(length) / sum(mean)))


def _changed(**change: Callable[[Any], Any]) -> Callable[..., float]:
    def answer(*case: Any) -> float:
        named = dict(zip(NAMES, case, strict=True))
        return right_term(**{name: change.get(name, lambda x: x)(x) for name, x in named.items()})

    return answer


def _first(n: int, *case: Any) -> float:
    tf, length, mean, weight, b, idf, k1 = case
    return right_term(tf[:n], length[:n], mean[:n], weight[:n], b[:n], idf, k1)


def _flipped_b(*case: Any) -> float:
    return _changed(b=lambda its: [1 - one for one in its])(*case)


MISTAKES: dict[str, Callable[..., Any]] = {
    "each field levels off by itself, and the scores are added up. Add up the counts first, then "
    "let the sum level off": lambda *case: _each(*case, join=sum),
    "each field, times its weight, levels off by itself, and the scores are added up. Add up the "
    "weighted counts first": _each_weighted,
    "only the best field counts: that is another method, here all of them are added up": (
        lambda *case: _each(*case, join=max)
    ),
    "one length, that of all fields together, norms every field": _joined,
    "the weights are not used": _changed(weight=lambda its: [1.0] * len(its)),
    "b is not used: the length of a field does not count": _changed(b=lambda its: [0.0] * len(its)),
    "b and 1 - b are exchanged": _flipped_b,
    "length and mean_length are exchanged": lambda tf, length, mean, *rest: right_term(
        tf, mean, length, *rest
    ),
    "the first field's b is taken for all of them": _changed(b=lambda its: [its[0]] * len(its)),
    "the weights are divided by their sum: a weight may be any number": _changed(
        weight=lambda its: [one / sum(its) for one in its]
    ),
    "there is a factor k1 + 1; the formula here has none": lambda *case: (
        (case[-1] + 1) * right_term(*case)
    ),
    "the counts do not level off: the sum is divided by nothing": lambda *case: (
        case[5] * _pooled(*case[:5])
    ),
    "idf is left out": _changed(idf=lambda its: 1.0),
    "k1 is always 1.5": _changed(k1=lambda its: 1.5),
    "only the first field counts": lambda *case: _first(1, *case),
    "only the first two fields count: there may be more": lambda *case: _first(2, *case),
}


def check_fields(answer: Any) -> None:
    asked = leaving(answer, NAMES, _shown)
    compare(asked, CASES, right_term, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> float:
    return as_number(value, f"{_shown(case)}: the result")


def _shown(case: Case) -> str:
    return call_of("bm25f_term", case)


TASK = Task(
    id="11.5",
    prompt="Return what one word of the query adds to the BM25F score of a text with fields.",
    check_answer=check_fields,
    hints=(
        "Two steps: one number for the word in the whole text, then the saturation of BM25, once.",
        "A field adds weight * tf / (1 - b + b * length / mean_length). Where tf is 0 it adds 0, "
        "also where that bracket is 0.",
        "pooled = sum(w * f / (1 - b_ + b_ * l / m) for ... in zip(tf, length, mean_length, "
        "weight, b) if f > 0); then idf * pooled / (k1 + pooled).",
    ),
    insight="Scores of fields, added up, level off field by field. BM25F adds up the counts first "
    "and lets the sum level off, once.",
)
