"""Task 51.9: item-based collaborative filtering without a model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

Baskets = dict[str, set[str]]
Case = tuple[Baskets, str, int]
Scores = dict[str, float]
Likeness = Callable[[int, int, int], float]
"""From three counts: both, of what is there (a product taken, the user), of what is likened."""


CASES: list[Case] = [
    ({"a": {"tea", "cup"}, "b": {"tea"}, "c": {"cup", "pot"}}, "b", 2),
    ({"a": {"7", "007"}, "b": {"7"}, "c": {"007", "50"}, "d": {"007"}, "e": {"50", "7"}}, "b", 1),
    ({"a": {"tea"}, "b": {"cup"}}, "a", 3),
    ({"a": {"tea", "cup"}, "b": {"cup"}}, "a", 1),
    ({"a": set(), "b": {"tea", "cup"}}, "a", 2),
    ({"a": {"tea"}}, "a", 2),
]

ALL = 10
"""More than any case has products."""


SEEDS = [547, 4028, 2087, 1161, 3140, 38, 3786, 701, 2547, 1647, 3333, 3006, 203, 520, 3481, 245]
SEEDS += [1003, 1335, 2106, 1532, 1587, 2405, 3206, 1482, 3473, 982, 4166, 3892]
"""Chosen among 5,000: no two mistakes of those below give the same lists for all of these cases,
but for kinds of one mistake, the likeness of users."""


def _draw(seed: int) -> Case:
    """Baskets small enough to be read in a message; every odd seed has room for all products."""
    draw = np.random.default_rng(seed)
    ids = ["7", "007", "B12", "p-7", "50", "0x1"]
    users = ["u", "0042", "42", "x-9", "1001", "b", "7", "c"][: draw.integers(4, 9)]
    baskets = {
        user: {str(one) for one in draw.permutation(ids)[: draw.integers(1, 5)]} for user in users
    }
    n = ALL if seed % 2 else int(draw.integers(1, 4))
    return baskets, users[draw.integers(len(users))], n


def _in_between() -> Case:
    """z is like both products taken, x and y more like one of them and less like the other.

    The sum puts z first, the largest likeness last; one product taken alone in the middle.
    """
    sets = [{"A", "B"}, *[{"A", "x"}] * 3, {"B", "x"}, {"A", "y"}, *[{"B", "y"}] * 3]
    sets += [{"A", "B", "z"}] * 2
    return {f"u{k}": set(one) for k, one in enumerate(sets)}, "u0", ALL


def _cases() -> list[Case]:
    return [*CASES, *map(_draw, SEEDS), _in_between()]


def takers_of(baskets: Baskets) -> dict[str, set[str]]:
    takers: dict[str, set[str]] = {}
    for user, basket in baskets.items():
        for product in basket:
            takers.setdefault(product, set()).add(user)
    return takers


def cosine_of(both: int, one: int, other: int) -> float:
    return both / math.sqrt(one * other)


def item_scores(
    baskets: Baskets,
    user: str,
    likeness: Likeness = cosine_of,
    join: Callable[[list[float]], float] = sum,
) -> Scores:
    """What scores above 0, of all that the user has not taken."""
    takers, scores = takers_of(baskets), {}
    for new in takers.keys() - baskets[user]:
        shared = [(len(takers[new] & takers[old]), len(takers[old])) for old in baskets[user]]
        parts = [likeness(both, old, len(takers[new])) for both, old in shared if both]
        if parts:
            scores[new] = join(parts)
    return scores


def user_scores(
    baskets: Baskets, user: str, likeness: Likeness, nearest: int | None, part: Part
) -> Scores:
    """User-based: what users took who are like this one."""
    mine = baskets[user]
    alike = {
        one: likeness(len(mine & basket), len(mine), len(basket))
        for one, basket in baskets.items()
        if one != user and mine & basket
    }
    takers, scores = takers_of(baskets), dict[str, float]()
    for one in sorted(alike, key=lambda one: alike[one], reverse=True)[:nearest]:
        for product in baskets[one] - mine:
            earned = part(alike[one], len(takers[product]))
            scores[product] = scores.get(product, 0) + earned
    return scores


def popular(baskets: Baskets, user: str) -> Scores:
    takers = takers_of(baskets)
    return {product: len(takers[product]) for product in takers.keys() - baskets[user]}


Part = Callable[[float, int], float]

PARTS: dict[str, Part] = {
    "": lambda alike, takers: alike,
    ", their mean": lambda alike, takers: alike / takers,
    ", one vote each": lambda alike, takers: 1.0,
}
"""What one user adds to the score of a product, from their likeness and all its takers."""


LIKENESS: dict[str, Likeness] = {
    "the cosine": cosine_of,
    "how much they share": lambda both, one, other: both,
    "Jaccard": lambda both, one, other: both / (one + other - both),
    "Dice": lambda both, one, other: 2 * both / (one + other),
    "the share of the smaller": lambda both, one, other: both / min(one, other),
    "the share of the other": lambda both, one, other: both / other,
}

ITEM_MISTAKES: dict[str, Likeness] = {
    "You count how often two products were taken together. Divide each count by the root, else "
    "what sells best wins.": LIKENESS["how much they share"],
    "That is likeness by Jaccard, both / either; asked for is the cosine.": LIKENESS["Jaccard"],
    "That is likeness by Dice; divide by the root of the two counts' product.": LIKENESS["Dice"],
    "You divide by the smaller of the two counts; both count.": (
        LIKENESS["the share of the smaller"]
    ),
    "The square root is missing: you divide by the product of the two counts.": (
        lambda both, old, new: both / (old * new)
    ),
    "You divide by the users of the product taken alone (a confidence); the users of the new one "
    "count too.": lambda both, old, new: both / old,
    "You divide by the users of the new product alone; the users of the one taken count too.": (
        LIKENESS["the share of the other"]
    ),
    "Under your root stand the users of the product taken alone.": (
        lambda both, old, new: both / math.sqrt(old)
    ),
    "Under your root stand the users of the new product alone.": (
        lambda both, old, new: both / math.sqrt(new)
    ),
    "Under your root stands the sum of the two counts; it is their product.": (
        lambda both, old, new: both / math.sqrt(old + new)
    ),
    "You divide by the sum of the two roots; it is the root of the product.": (
        lambda both, old, new: both / (math.sqrt(old) + math.sqrt(new))
    ),
    "You divide by the larger of the two counts; both count.": (
        lambda both, old, new: both / max(old, new)
    ),
    "You multiply by the root; divide by it.": (lambda both, old, new: both * math.sqrt(old * new)),
    "Every likeness above 0 counts as 1 with you.": lambda both, old, new: 1.0,
    "Your counts leave out the user who is asked for; all users count.": (
        lambda both, old, new: both / math.sqrt((old - 1) * new)
    ),
}


def mean_of(parts: list[float]) -> float:
    return sum(parts) / len(parts)


@dataclass(frozen=True)
class Mistake:
    """A score that is not the one asked for."""

    why: str
    scores: Callable[[Baskets, str], Scores]
    erratum: str | None = None


def _mistakes() -> Iterator[Mistake]:
    for why, likeness in ITEM_MISTAKES.items():
        yield Mistake(why, partial(item_scores, likeness=likeness))
    yield Mistake(
        "You take the largest likeness; the score is their sum.",
        partial(item_scores, join=max),
    )
    yield Mistake(
        "You take the mean of the likenesses above 0; the score is their sum.",
        partial(item_scores, join=mean_of),
    )
    yield Mistake("That is what most users took, the same for everybody.", popular)
    yield Mistake(
        "You take the lowest scores.",
        lambda b, u: {one: -score for one, score in item_scores(b, u).items()},
    )
    # Added up over all users, how much they share gives the counts of products above: there
    # nobody can tell the two methods apart, and the counts come first.
    for name, likeness in LIKENESS.items():
        for nearest in (None, 1, 2, 3):
            for how, part in PARTS.items():
                who = "" if nearest is None else f", of the nearest {nearest} only"
                yield Mistake(
                    "Your lists are those that the likeness of users gives "
                    f"(by {name}{who}{how}). Here products are alike: those that the same users "
                    "took.",
                    partial(user_scores, likeness=likeness, nearest=nearest, part=part),
                    "E50",
                )


def _of_one(case: Case) -> Iterator[Scores]:
    """Scores that are one likeness each, the last in some order of what the user took.

    A set has any order. The last counts, or the last above 0.
    """
    baskets, user, _ = case
    takers = takers_of(baskets)
    likenesses = []
    for old in baskets[user]:
        both = {new: len(takers[new] & takers[old]) for new in takers.keys() - baskets[user]}
        likenesses.append(
            {new: cosine_of(k, len(takers[new]), len(takers[old])) for new, k in both.items() if k}
        )
    for order in permutations(likenesses):
        yield order[-1] if order else {}
        yield {new: score for likeness in order for new, score in likeness.items()}


def _fits(got: list[str], scores: Scores, n: int) -> bool:
    """Whether got holds n of the best, best first; equal scores in any order."""
    if len(set(got)) != len(got) or not set(got) <= scores.keys():
        return False
    return same([scores[one] for one in got], sorted(scores.values(), reverse=True)[:n])


def _shown(case: Case) -> str:
    baskets, user, n = case
    sets = {
        one: f"{{{', '.join(map(repr, sorted(basket)))}}}" if basket else "set()"
        for one, basket in baskets.items()
    }
    inside = ", ".join(f"{one!r}: {text}" for one, text in sets.items())
    return f"item_cf({{{inside}}}, {user!r}, {n})"


def check_item_cf(answer: Any) -> None:
    cases = _cases()
    lists = [_ids(answer(*case), case) for case in cases]
    want = [item_scores(*case[:2]) for case in cases]
    fits = [_fits(got, w, case[2]) for got, w, case in zip(lists, want, cases, strict=True)]
    if all(fits):
        return
    for case, got in zip(cases, lists, strict=True):
        again = [one for one in got if one in case[0][case[1]]]
        if again:
            reject(f"{_shown(case)} holds {again[0]!r}, which {case[1]!r} took already.", "E54")
    at = fits.index(False)
    case, got, scores = cases[at], lists[at], want[at]
    best = sorted(scores, key=lambda one: -scores[one])[: case[2]]
    wrong = _what_is_wrong(got, best, scores, case)
    if all(_fits(g[::-1], w, c[2]) for g, w, c in zip(lists, want, cases, strict=True)):
        reject(f"{wrong} The products are right, but the worst of them comes first.")
    above_zero = [[one for one in g if one in w] for g, w in zip(lists, want, strict=True)]
    for mistake in _mistakes():
        scores_of = [mistake.scores(*case[:2]) for case in cases]
        for theirs in (lists, above_zero):
            if all(_fits(g, s, c[2]) for g, s, c in zip(theirs, scores_of, cases, strict=True)):
                reject(f"{wrong} {mistake.why}", mistake.erratum)
    if all(any(_fits(g, s, c[2]) for s in _of_one(c)) for g, c in zip(lists, cases, strict=True)):
        reject(
            f"{wrong} Of the products taken one alone counts with you: add its likeness to the "
            "score (+=), do not put it there (=)."
        )
    roomy = [fit for fit, case in zip(fits, cases, strict=True) if case[2] == ALL]
    if all(roomy) and len(got) < len(best):
        reject(f"{wrong} Leave out what the user took, then cut at n.")
    reject(wrong)


def _ids(raw: Any, case: Case) -> list[str]:
    got = as_list(raw, _shown(case))
    for one in got:
        if not isinstance(one, str):
            pair = isinstance(one, (tuple, list)) and len(one) == 2
            reject(
                f"{_shown(case)} must hold products such as 'cup'; it holds {shorten(one)}."
                + (" Return the products alone, without what you sorted by." if pair else "")
            )
    return got


def _what_is_wrong(got: list[str], best: list[str], scores: Scores, case: Case) -> str:
    """One sentence: the call, what it should give, and where this list differs."""
    call = f"{_shown(case)} must be {best}, got {got}"
    for one in got:
        if got.count(one) > 1:
            return f"{call}: {one!r} stands twice."
        if all(one not in basket for basket in case[0].values()):
            return f"{call}: nobody took {one!r}."
    if len(got) > case[2]:
        return f"{call}: at most {case[2]}."
    nothing = [one for one in got if one not in scores]
    if nothing:
        return f"{call}: {nothing[0]!r} scores 0 and is left out."
    missing = [one for one in best if one not in got]
    if len(got) < len(best):
        return f"{call}: {missing[0]!r} is missing, it scores {scores[missing[0]]:.4f}."
    place = next(at for at, one in enumerate(best) if not same(scores[one], scores[got[at]]))
    return (
        f"{call}: {best[place]!r} scores {scores[best[place]]:.4f}, "
        f"{got[place]!r} {scores[got[place]]:.4f}."
    )


TASK = Task(
    id="51.9",
    prompt="The n products most alike to what a user took, alike by who took them.",
    check_answer=check_item_cf,
    hints=(
        "Turn the dictionary round first: product -> set of the users who took it. Both counts "
        "of the likeness come from these sets.",
        "For sets, takers[i] & takers[j] is who took both. The candidates are all products but "
        "those in baskets[user]; each adds up one likeness for each product in baskets[user].",
        "scores[new] = sum(len(takers[new] & takers[old]) / sqrt(len(takers[new]) * "
        "len(takers[old])) for old in baskets[user]). Then drop the zeros, sort from high to low, "
        "cut at n.",
    ),
    insight="Divided by the root of both counts, what everybody buys is like nothing in "
    "particular.",
    errata=ERRATA,
)
