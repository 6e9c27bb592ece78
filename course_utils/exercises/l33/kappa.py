"""Task 33.6: Cohen's kappa of two judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Case = tuple[list[Any], list[Any]]

_CASES: list[Case] = [
    (["yes", "yes", "no", "no"], ["yes", "no", "no", "no"]),
    # One always says yes: agreement of .9, and nothing beyond chance.
    (["yes"] * 9 + ["no"], ["yes"] * 10),
    (["yes"] * 3, ["yes"] * 3),
    (["yes", "no"], ["no", "yes"]),
    (["a", "b", "c", "a", "b", "c"], ["a", "b", "c", "b", "c", "c"]),
    # A word that only one of the two uses.
    (["3", "1", "1", "0"], ["1", "1", "1", "1"]),
    (["no"], ["yes"]),
    # Rates that differ: the chance is no product of equal ones, and no 1 / 2.
    (["yes"] * 6 + ["no"] * 2, ["yes"] * 2 + ["no"] * 6),
    (["好", "坏", "好", "好"], ["好", "坏", "坏", "好"]),
    ([1, 0, 1, 1, 0], [1, 0, 0, 1, 1]),
    # Equal words need not be one object; a capital makes another word.
    ([int("1000"), 0, int("2000")], [int("1000"), 0, 0]),
    (["Yes", "yes"], ["yes", "Yes"]),
]


def _kappa(chance: Callable[[Sequence[Any], Sequence[Any]], float]) -> Callable[..., float]:
    def run(first: Any, second: Any) -> float:
        agree = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
        by_chance = chance(first, second)
        return (agree - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0

    return run


def _own_rates(first: Sequence[Any], second: Sequence[Any]) -> float:
    a, b = Counter(first), Counter(second)
    return sum(a[word] * b[word] for word in a) / len(first) ** 2


def _pooled_rates(first: Sequence[Any], second: Sequence[Any]) -> float:
    both = Counter([*first, *second])
    return sum((n / (2 * len(first))) ** 2 for n in both.values())


def _yes_and_no(first: Sequence[Any], second: Sequence[Any]) -> float:
    return sum(first.count(w) * second.count(w) for w in ("yes", "no")) / len(first) ** 2


def _words(first: Any, second: Any) -> set[Any]:
    return {*first, *second}


right_kappa = _kappa(_own_rates)

MISTAKES: dict[str, Callable[..., Any]] = {
    "agreement itself is returned: take away what two judges with these rates agree on by chance": (
        _kappa(lambda a, b: 0.0)
    ),
    "chance is 1 / 2, or one over the number of words: take each judge's own rates": _kappa(
        lambda a, b: 1 / len(_words(a, b)) if len(_words(a, b)) > 1 else 1.0
    ),
    "the rates of both judges are pooled (Scott's pi); Cohen's kappa multiplies each one's own": (
        _kappa(_pooled_rates)
    ),
    "only yes and no are counted; a verdict may be any word": _kappa(_yes_and_no),
    "the rates of the first judge stand for both": _kappa(lambda a, b: _own_rates(a, a)),
    "the rates of the second judge stand for both": _kappa(lambda a, b: _own_rates(b, b)),
    "the difference is not divided by what is left above chance": lambda a, b: (
        _kappa(lambda *_: 0.0)(a, b) - _own_rates(a, b)
    ),
    "below chance it is cut at 0": lambda a, b: max(0.0, right_kappa(a, b)),
    "two judges with one and the same word get 1; nothing shows agreement beyond chance: 0": (
        lambda a, b: right_kappa(a, b) if _own_rates(a, b) < 1 else 1.0
    ),
}


def check_kappa(answer: Any) -> None:
    compare(
        leaving(answer, ("first", "second"), _told),
        _CASES,
        right_kappa,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("kappa", case)


TASK = Task(
    id="33.6",
    prompt="Return Cohen's kappa of two lists of verdicts.",
    check_answer=check_kappa,
    hints=(
        "Two numbers: how often they agree, and how often two judges with these rates would.",
        "chance = sum over words of (rate of the word in first) * (rate of it in second).",
        "agree = np.mean([a == b for a, b in zip(first, second)]); chance = sum(first.count(w) * "
        "second.count(w) for w in set(first)) / len(first) ** 2; then (agree - chance) / (1 - "
        "chance), 0.0 where chance is 1.",
    ),
    insight="A judge that always says yes agrees with nine good answers of ten, with kappa 0.",
)
