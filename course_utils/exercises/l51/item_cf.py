"""Task 51.9: item-based collaborative filtering without a model."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.item_cf_cases import Case, item_cf_cases, joined_ids
from course_utils.exercises.l51.item_cf_mistakes import (
    BY_USERS,
    MISTAKES,
    Scores,
    item_scores,
    of_one,
    own_scores,
)
from course_utils.exercises.l51.ranking import Ranking, ranked_by, why_short
from course_utils.exercises.l51.shared import ERRATA, refuse_memory
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same


def _shown(case: Case) -> str:
    baskets, user, n = case
    if len(baskets) > 50:
        return f"item_cf(<the baskets of {len(baskets)} users>, {user!r}, {n})"
    sets = {
        one: f"{{{', '.join(map(repr, sorted(basket)))}}}" if basket else "set()"
        for one, basket in baskets.items()
    }
    inside = ", ".join(f"{one!r}: {text}" for one, text in sets.items())
    return f"item_cf({{{inside}}}, {user!r}, {n})"


def check_item_cf(answer: Any) -> None:
    cases = item_cf_cases()
    lists = [_ids(answer(*case), case) for case in cases]
    want = [item_scores(*case[:2]) for case in cases]
    fits = [ranked_by(w, got, case[2]) for got, w, case in zip(lists, want, cases, strict=True)]
    if all(fits):
        again = _ids(answer(*cases[0]), cases[0])
        return refuse_memory(_shown(cases[0]), again, lists[0], same)
    for case, got in zip(cases, lists, strict=True):
        own = [one for one in got if one in case[0][case[1]]]
        if own:
            reject(f"{_shown(case)} holds {own[0]!r}, which {case[1]!r} bought already.", "E54")
    at = fits.index(False)
    said = _difference(lists[at], want[at], cases[at])
    if all(ranked_by(w, g[::-1], c[2]) for g, w, c in zip(lists, want, cases, strict=True)):
        reject(f"{said} The products are right, but the worst of them comes first.")
    above_zero = [[one for one in g if one in w] for g, w in zip(lists, want, strict=True)]
    for why, scores_of in MISTAKES.items():
        scores = [scores_of(*case[:2]) for case in cases]
        for theirs in (lists, above_zero):
            if all(ranked_by(s, g, c[2]) for g, s, c in zip(theirs, scores, cases, strict=True)):
                reject(f"{said} {why}", "E50" if why.startswith(BY_USERS) else None)
    if fits.count(False) == 1 and cases[at] == joined_ids():
        reject(
            f"{said} Do you join two ids to one text? 'a_b' with 'c' and 'a' with 'b_c' give the "
            "same; take the pair itself."
        )
    pairs = zip(lists, cases, strict=True)
    few = [(got, case) for got, case in pairs if len(case[0][case[1]]) < 6]  # else too many orders
    if all(any(ranked_by(s, g, c[2]) for s in of_one(c)) for g, c in few):
        reject(
            f"{said} Of the products bought one alone counts with you: add its similarity to the "
            "score (+=), do not put it there (=)."
        )
    reject(
        said
        + why_short(
            [
                Ranking(got, scores, case[2], own_scores(*case[:2]))
                for got, scores, case in zip(lists, want, cases, strict=True)
            ]
        )
    )


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


def _difference(got: list[str], scores: Scores, case: Case) -> str:
    """One sentence: the call, what it should give, and where this list differs."""
    best = sorted(scores, key=lambda one: -scores[one])[: case[2]]
    call = f"{_shown(case)} must be {best}, got {got}"
    for one in got:
        if got.count(one) > 1:
            return f"{call}: {one!r} stands twice."
        if all(one not in basket for basket in case[0].values()):
            return f"{call}: nobody bought {one!r}."
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
        f"{call}: {best[place]!r} scores {scores[best[place]]:.6f}, "
        f"{got[place]!r} {scores[got[place]]:.6f}."
    )


TASK = Task(
    id="51.9",
    prompt="The n products most similar to what a user bought, compared by who bought them.",
    check_answer=check_item_cf,
    hints=(
        "Turn the dictionary round first: product -> set of the users who bought it. Both counts "
        "of the similarity come from these sets.",
        "For sets, buyers[i] & buyers[j] is who bought both. The candidates are all products but "
        "those in baskets[user]; each adds up one similarity for each product in baskets[user].",
        "scores[new] = sum(len(buyers[new] & buyers[old]) / sqrt(len(buyers[new]) * "
        "len(buyers[old])) for old in baskets[user]). Then drop the zeros, sort from high to low, "
        "cut at n.",
    ),
    insight="Divided by the root of both counts, what everybody buys is like nothing in "
    "particular.",
    errata=ERRATA,
)
