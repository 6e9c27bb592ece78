"""Task 11.4: reciprocal rank fusion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list

Rankings = Sequence[Sequence[str]]

CASES: list[tuple[list[list[str]], int]] = [
    ([["p1", "p2", "p3"], ["p3", "p1"]], 60),
    ([["a", "b", "c", "d"], ["d", "e"]], 1),
    ([["x", "y", "z", "w"], ["y", "w", "x"], ["w"]], 60),
    ([["b", "a"], ["a", "b"]], 60),
    ([["p9", "p2", "p5", "p1"]], 10),
    ([["m", "n"], []], 60),
    ([["a", "b", "c", "d", "e", "f"], ["f", "g", "h", "d", "i", "j"]], 1),
    ([["a", "b", "c", "d", "e", "f"], ["f", "g", "h", "d", "i", "j"]], 1000),
    ([["q1", "q2"], ["q3", "q4"], ["q5", "q2"]], 60),
    ([[], []], 60),
]


def right_scores(rankings: Rankings, k: float, first: int = 1) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for place, one in enumerate(ranking, start=first):
            scores[one] += 1.0 / (k + place)
    return scores


def _sorted(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda one: (-round(scores[one], 12), one))


def _fuse(rankings: Rankings, k: int) -> list[str]:
    return _sorted(right_scores(rankings, k))


def check_fuse(answer: Any) -> None:
    compare(answer, CASES, _fuse, _read, _shown, MISTAKES)


def _read(value: Any, case: Case) -> list[Any]:
    what = f"{_shown(case)}: the result"
    return [str(one) if isinstance(one, str) else one for one in as_list(value, what)]


def _shown(case: Case) -> str:
    return f"fuse({case[0]}, {case[1]})"


def first_only(rankings: Rankings, k: int) -> list[str]:
    return list(dict.fromkeys(one for ranking in rankings for one in ranking))


def interleaved(rankings: Rankings, k: int) -> list[str]:
    longest = max(map(len, rankings))
    every = [r[at] for at in range(longest) for r in rankings if at < len(r)]
    return list(dict.fromkeys(every))


def in_all(rankings: Rankings, k: int) -> list[str]:
    return [one for one in _fuse(rankings, k) if all(one in ranking for ranking in rankings)]


def k_unused(rankings: Rankings, k: int) -> list[str]:
    return _sorted(right_scores(rankings, 0))


def always_60(rankings: Rankings, k: int) -> list[str]:
    return _sorted(right_scores(rankings, 60))


def mean_place(rankings: Rankings, k: int) -> list[str]:
    places: dict[str, list[int]] = defaultdict(list)
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            places[one].append(place)
    return _sorted({one: -sum(all_) / len(all_) for one, all_ in places.items()})


def best_place(rankings: Rankings, k: int) -> list[str]:
    best: dict[str, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            best[one] = max(best.get(one, 0.0), 1 / (k + place))
    return _sorted(best)


def mean_score(rankings: Rankings, k: int) -> list[str]:
    held = {one: sum(one in r for r in rankings) for r in rankings for one in r}
    return _sorted({one: score / held[one] for one, score in right_scores(rankings, k).items()})


def worst_first(rankings: Rankings, k: int) -> list[str]:
    return _fuse(rankings, k)[::-1]


def ties_as_met(rankings: Rankings, k: int) -> list[str]:
    scores = right_scores(rankings, k)
    return sorted(scores, key=lambda one: -round(scores[one], 12))


def ties_backwards(rankings: Rankings, k: int) -> list[str]:
    scores = right_scores(rankings, k)
    return sorted(sorted(scores, reverse=True), key=lambda one: -round(scores[one], 12))


def from_zero(rankings: Rankings, k: int) -> list[str]:
    return _sorted(right_scores(rankings, k, first=0))


def last_only(rankings: Rankings, k: int) -> list[str]:
    last: dict[str, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            last[one] = 1 / (k + place)
    return _sorted(last)


MISTAKES: dict[str, Callable[..., list[str]]] = {
    "the rankings stand one behind the other": first_only,
    "the rankings take turns": interleaved,
    "only products of all rankings are kept": in_all,
    "k is not used": k_unused,
    "k is always 60": always_60,
    "you sort by the mean place": mean_place,
    "only a product's best place counts: add up all of them": best_place,
    "you average: a product found twice must beat one found once": mean_score,
    "the worst comes first": worst_first,
    "equal scores stand as they were met: sort them by id": ties_as_met,
    "equal scores stand with the last id first": ties_backwards,
    "places count from 0: the first place is 1": from_zero,
    "a later ranking overwrites an earlier one: add up": last_only,
}


TASK = Task(
    id="11.4",
    prompt="Fuse rankings: each place adds 1 / (k + place) to its product.",
    check_answer=check_fuse,
    hints=(
        "A dict from product to score, filled by two loops: over rankings, over their places.",
        "enumerate(ranking, start=1) counts places from 1; scores.get(product, 0) starts at 0.",
        "scores[p] = scores.get(p, 0) + 1 / (k + place); then "
        "sorted(scores, key=lambda p: (-round(scores[p], 12), p)).",
    ),
    insight="Scores of two rankers have no common unit; places have. So fusion adds up places.",
)
