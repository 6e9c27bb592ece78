"""Task 53.2: NDCG of a batch of lists, with ties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold


def _batch(seed: int, lengths: list[int], levels: int) -> list[tuple[list[Any], list[Any]]]:
    draw = np.random.default_rng(seed)
    return [
        (draw.choice([0, 0, 1, 2, 3], n).tolist(), (draw.integers(levels, size=n) / 8).tolist())
        for n in lengths
    ]


EXAMPLE: Case = ([([0, 2, 1], [0.5, 0.5, 0.1]), ([], [])], 2)
CASES: list[Case] = [
    EXAMPLE,
    ([([1, 0], [1, 1])], 1),
    ([([3, 0, 1, 2], [0.1, 0.9, 0.7, 0.5])], 2),
    ([([1, 0, 0, 2], [0.4, 0.3, 0.2, 0.1]), ([0, 1], [0.9, 0.8])], 3),
    (_batch(1, [6, 5, 7], 90), 4),
    (_batch(2, [6, 8, 0, 3], 3), 3),
    # A list of one product; near scores.
    ([([3], [0.2]), ([0, 1], [0.5, 0.1])], 2),
    ([([0, 2], [0.5, 0.5 + 1e-11])], 1),
    ([([1, 1, 0, 3], [0.2] * 4)], 3),
    # No gain in one list; in none; no list.
    ([([0, 0], [0.2, 0.1]), ([0, 1, 0], [0.3, 0.2, 0.1]), ([0], [1.0])], 2),
    ([([0, 0], [0.2, 0.1])], 5),
    ([], 3),
    # A k above the length; a 0 that is a number; a gain of half; negative scores.
    ([([2, 1], [-3.0, -1.0])], 10),
    ([([0, 0, 4], [3.0, 2.0, 1.0])], 1),
    ([([0.5, 0, 0.25], [1e-9, 3e-9, 2e-9])], 3),
]


def by(
    tie: str = "mean",
    ideal: str = "all",
    gain: Callable[[Any], Any] = lambda g: g,
    discount: Callable[[Any], Any] = lambda at: 1 / np.log2(at + 1),
    nothing: float | None = None,
    sign: int = -1,
    pooled: bool = False,
    near: Callable[[Any], Any] = lambda scores: scores,
    least: int = 1,
) -> Callable[..., float | None]:
    """The mean NDCG; ``nothing`` is what a list without a gain counts."""

    def mean(lists: Any, k: int) -> float | None:
        parts: list[tuple[float, float]] = []
        for gains, scores in lists:
            if len(gains) < least:
                continue
            g, s = gain(np.array(gains, float)), sign * near(np.array(scores, float))
            order = np.lexsort((-g if tie == "best" else np.arange(len(g)), s))
            ranked = shown = g[order]
            if tie == "mean":
                shown = np.array([g[s == s[at]].mean() for at in order])
            if tie == "part":
                shown = np.array([g[order[:k]][s[order[:k]] == s[at]].mean() for at in order[:k]])
            ideals = {"shown": shown[:k], "first": ranked[:k], "means": shown}
            best = np.sort(ideals.get(ideal, g))[::-1]
            best = best if ideal == "whole" else best[:k]
            at = np.arange(len(g)) + 1.0
            with np.errstate(divide="ignore"):
                weights = discount(at)
            top = float(weights[: len(shown[:k])] @ shown[:k])
            below = float(weights[: len(best)] @ best)
            if ideal == "none":
                below = float(bool(g.any()))
            if below > 0:
                parts.append((top, below))
            elif nothing is not None:
                parts.append((nothing, 1.0))
        if pooled and parts:
            return sum(a for a, _ in parts) / sum(b for _, b in parts)
        return float(np.mean([a / b for a, b in parts])) if parts else None

    return mean


right_ndcg = by()

MISTAKES: dict[str, Callable[..., float | None]] = {
    "equal scores stand in the order in which they came; they share their mean gain": by("rows"),
    "equal scores are ordered by their gains, which no model knows": by("best"),
    "the mean of a tie is taken over the part that k leaves; it is over the whole tie": by("part"),
    "the ideal list is made of the k that were shown; make it of all": by(ideal="shown"),
    "the ideal list is made of the first k rows by score; make it of all gains": by(ideal="first"),
    "the ideal list is made of the ties' means; it is made of the gains themselves": by(
        ideal="means"
    ),
    "the ideal list is not cut at k": by(ideal="whole"),
    "nothing divides by the ideal list": by(ideal="none"),
    "a list without a gain counts as 0; leave it out": by(nothing=0.0),
    "a list without a gain counts as 1; leave it out": by(nothing=1.0),
    "a list without a gain counts as 0, an empty one too; leave both out": by(nothing=0.0, least=0),
    "a list without a gain counts as 1, an empty one too; leave both out": by(nothing=1.0, least=0),
    "the gain is 2 to the power of the gain, less 1; here it is the gain itself": by(
        gain=lambda g: 2**g - 1
    ),
    "the discount is 1 / position": by(discount=lambda at: 1 / at),
    "the discount is one position late, 1 / log2(position + 2)": by(
        discount=lambda at: 1 / np.log2(at + 2)
    ),
    "there is no discount": by(discount=np.ones_like),
    "the lowest score stands first": by(sign=1),
    "scores are rounded, and near ones tie": by(near=lambda scores: scores.round(10)),
    "a list of one product is left out; its NDCG is 1": by(least=2),
    "all lists are added before you divide; take the mean of the lists' ratios": by(pooled=True),
}


def check_ndcg(answer: Any) -> None:
    hold(answer, ("lists", "k"), CASES, right_ndcg, MISTAKES)


TASK = Task(
    id="53.2",
    prompt="Return the mean NDCG at k of the lists that have a gain; ties share their mean gain.",
    check_answer=check_ndcg,
    hints=(
        "One list first: the gains in the order shown, the gains in the best order, the same "
        "discounts for both, both cut at k.",
        "np.unique(-scores, return_inverse=True) numbers the groups of equal scores from the best "
        "down; np.bincount(group, gains) / np.bincount(group) is each group's mean gain.",
        "shown = mean[np.sort(group)][:k]; best = np.sort(gains)[::-1][:k]; "
        "discount = 1 / np.log2(np.arange(len(best)) + 2). Skip a list whose best sums to 0.",
    ),
    insight="With the ties' mean gain the result is the expected NDCG when equal scores are "
    "shuffled.",
)
