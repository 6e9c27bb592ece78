"""Task 11.4: reciprocal rank fusion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list

Rankings = Sequence[Sequence[str]]

CASES: list[Case] = [
    ([["p1", "p2", "p3"], ["p3", "p1"]], 60),
    ([["a", "b", "c", "d"], ["d", "e"]], 1),
    ([["x", "y", "z", "w"], ["y", "w", "x"], ["w"]], 60),
    ([["b", "a"], ["a", "b"]], 60),
    ([["p9", "p2", "p5", "p1"]], 10),
    ([["m", "n"], []], 60),
    ([[], ["a"]], 1),
    ([["x", "a"], ["x", "a"], ["b"]], 1),
    ([["a", "b", "c", "d", "e", "f"], ["f", "g", "h", "d", "i", "j"]], 1),
    ([["a", "b", "c", "d", "e", "f"], ["f", "g", "h", "d", "i", "j"]], 1000),
    ([["q1", "q2"], ["q3", "q4"], ["q5", "q2"]], 60),
    ([[], []], 60),
    ([["c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "b", "a"], ["a", "b"]], 60),
    # Equal up to the order in which the three parts are added.
    ([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]], 2),
    ([["b", "a"]], 100_000),
    ([["q3"], ["q1"], ["q5"], ["q2"], ["q6"], ["q4"]], 60),
    ([["p2", "a"], ["p10", "B"]], 60),
    ([["9", "茶"], ["10", "壶"]], 60),
    # Orders that change if k or the positions are shifted, multiplied or bounded, if the parts
    # are other functions of k + position, and if a tie goes to the more frequent or the better.
    ([["g", "c", "d", "e", "f"], ["b", "f"]], 1),
    ([["x", "p", "d"], ["q", "r", "s", "d"]], 1),
    ([["c", "d", "b", "e", "a"], ["e", "a"], ["b", "a", "d", "e", "c"]], 1),
    ([["d", "b", "c", "e"], ["e", "b"], ["a", "c", "f", "e", "b", "d"]], 5000),
    # Equal if rounded, not if cut off, at 12 decimals; apart by 1e-12; apart by 1e-13; two ids.
    ([["e", "a", "d", "f"], ["f", "e", "a"], ["a", "f", "d", "e"]], 2),
    ([["b", "a"]], 1_000_000),
    ([["b", "a"]], 3_000_000),
    ([["a ", "a"]], 1),
    # Three thirds against one half and one half: equal, unless each part is rounded first.
    ([["b", "a"], ["b", "a"], ["c", "a"]], 1),
]


def right_scores(rankings: Rankings, k: float, first: int = 1) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for position, one in enumerate(ranking, start=first):
            scores[one] += 1.0 / (k + position)
    return scores


def _sorted(scores: dict[str, float], digits: int = 12) -> list[str]:
    return sorted(scores, key=lambda one: (-round(scores[one], digits), one))


def right_fuse(rankings: Rankings, k: int) -> list[str]:
    return _sorted(right_scores(rankings, k))


def _interleaved(rankings: Rankings, k: int) -> list[str]:
    longest = max(map(len, rankings))
    every = [r[at] for at in range(longest) for r in rankings if at < len(r)]
    return list(dict.fromkeys(every))


def _parts(rankings: Rankings, k: int) -> dict[str, list[tuple[int, float]]]:
    """Of each product its positions and what each adds, ranking by ranking."""
    parts: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for ranking in rankings:
        for position, one in enumerate(ranking, start=1):
            parts[one].append((position, 1 / (k + position)))
    return parts


def _by(score: Callable[[list[tuple[int, float]]], float]) -> Callable[[Rankings, int], list[str]]:
    return lambda rankings, k: _sorted(
        {one: score(its) for one, its in _parts(rankings, k).items()}
    )


def _ties(*keys: Callable[[str], Any], backwards: bool = False) -> Callable[..., list[str]]:
    """Equal scores in the order of these keys, or as they were met."""

    def fuse(rankings: Rankings, k: int) -> list[str]:
        scores = right_scores(rankings, k)
        found = list(scores)
        for key in keys:
            found.sort(key=key, reverse=backwards)
        return sorted(found, key=lambda one: -round(scores[one], 12))

    return fuse


def _tied_by(first: Callable[[list[tuple[int, float]]], int]) -> Callable[..., list[str]]:
    """Equal scores in the order of something of their positions, then by id."""

    def fuse(rankings: Rankings, k: int) -> list[str]:
        scores, parts = right_scores(rankings, k), _parts(rankings, k)
        return sorted(scores, key=lambda one: (-round(scores[one], 12), first(parts[one]), one))

    return fuse


def _number(one: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdecimal, one))
    return int(digits or 0), one


MISTAKES: dict[str, Callable[..., Any]] = {
    "the rankings stand one behind the other": lambda rankings, k: list(
        dict.fromkeys(one for ranking in rankings for one in ranking)
    ),
    "the rankings take turns": _interleaved,
    "only products of all rankings are kept": lambda rankings, k: [
        one for one in right_fuse(rankings, k) if all(one in ranking for ranking in rankings)
    ],
    "k is not added to the position": lambda rankings, k: _sorted(right_scores(rankings, 0)),
    "k is always 60": lambda rankings, k: _sorted(right_scores(rankings, 60)),
    "you sort by the mean position": _by(lambda its: -sum(at for at, _ in its) / len(its)),
    "only a product's best position counts: add up all of them": _by(
        lambda its: max(part for _, part in its)
    ),
    "you average: a product found twice must beat one found once": _by(
        lambda its: sum(part for _, part in its) / len(its)
    ),
    "a later ranking overwrites an earlier one: add up": _by(lambda its: its[-1][1]),
    "the worst comes first": lambda rankings, k: right_fuse(rankings, k)[::-1],
    "equal scores stand as they were met: sort them by id": _ties(),
    "equal scores stand with the last id first": _ties(lambda one: one, backwards=True),
    "equal scores stand with shorter ids first, or by the numbers in them: ids are text": _ties(
        _number
    ),
    "equal scores stand in an order that does not tell A from a: ids are text": _ties(str.lower),
    "scores are compared as they are: round them to 12 decimals first, or equal ones differ": (
        lambda rankings, k: _sorted(right_scores(rankings, k), 20)
    ),
    "each part is rounded: add up first, and round the sum": _by(
        lambda its: sum(round(part, 12) for _, part in its)
    ),
    "scores are rounded to fewer than 12 decimals": lambda rankings, k: _sorted(
        right_scores(rankings, k), 6
    ),
    "scores are rounded to 10 or 11 decimals, not to 12": lambda rankings, k: _sorted(
        right_scores(rankings, k), 11
    ),
    "scores that differ from the 13th decimal on are told apart: round them to 12": (
        lambda rankings, k: _sorted(right_scores(rankings, k), 15)
    ),
    "positions count from 2, or k is one too large: the first position is 1": lambda rankings, k: (
        _sorted(right_scores(rankings, k, first=2))
    ),
    "positions count from 0: the first position is 1": lambda rankings, k: _sorted(
        right_scores(rankings, k, first=0)
    ),
    "only the first ten of each ranking count": lambda rankings, k: right_fuse(
        [ranking[:10] for ranking in rankings], k
    ),
    "equal scores stand with the one of more rankings first: sort them by id": _tied_by(
        lambda its: -len(its)
    ),
    "equal scores stand with the best position first: sort them by id": _tied_by(
        lambda its: min(at for at, _ in its)
    ),
}


def check_fuse(answer: Any) -> None:
    compare(answer, CASES, right_fuse, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> list[Any]:
    what = f"{_shown(case)}: the result"
    return [str(one) if isinstance(one, str) else one for one in as_list(value, what)]


def _shown(case: Case) -> str:
    return f"fuse({case[0]}, {case[1]})"


TASK = Task(
    id="11.4",
    prompt="Fuse rankings: each position adds 1 / (k + position) to its product.",
    check_answer=check_fuse,
    hints=(
        "A dict from product to score, filled by two loops: over rankings, over their positions.",
        "enumerate(ranking, start=1) counts positions from 1; scores.get(product, 0) starts at 0.",
        "scores[p] = scores.get(p, 0) + 1 / (k + position); then "
        "sorted(scores, key=lambda p: (-round(scores[p], 12), p)).",
    ),
    insight="Scores of two rankers have no common unit; positions have. So fusion adds up "
    "positions.",
)
