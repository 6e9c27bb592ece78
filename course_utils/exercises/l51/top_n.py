"""Task 51.1: the best n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.ranking import (
    Ranking,
    all_scored,
    ranked_by,
    rated_by,
    refuse_element,
    unrated,
    why_short,
)
from course_utils.exercises.l51.shared import (
    ERRATA,
    count,
    near_model,
    refuse_memory,
    refuse_predictions,
    small_model,
    tied_model,
)
from course_utils.exercises.l51.top_mistakes import only_the_liked_are_out, refuse_other_scores
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

ASKED = [("1003", 3), ("1001", 1), ("1008", 11), ("1004", 100), ("1006", 2), ("1006", 3)]
ASKED += [("1002", 3), ("1007", 3), ("1001", 4)]


def _call(user: str, n: int) -> str:
    return f"top_n(algo, {user!r}, {n})"


def check_top_n(answer: Any) -> None:
    model = small_model()
    rankings = [_ranking(answer, model, *one) for one in ASKED]
    for (user, n), one in zip(ASKED, rankings, strict=True):
        if len(one.got) < one.length:
            reject(
                f"{_call(user, n)} must hold {count(one.length, 'product')}, got {len(one.got)}."
                f"{why_short(rankings)}"
            )
    said = _check_order(rankings)
    if said:
        _check_ids(said, model, [one.got for one in rankings])
        refuse_other_scores(said, model, [user for user, _ in ASKED], rankings)
        reject(said)
    near = _ranking(answer, near_model(), "1002", 18)
    if not ranked_by(near.scores, near.got, 18):
        old = {product: score for score, product in unrated(model, "1002")}
        kept = ranked_by(old, near.got, len(near.got))
        reject(
            "For another model, whose scores differ in the fourth decimal only, "
            f"{_call('1002', 18)} is not in their order. "
            + (
                "Keep nothing from one call to the next."
                if kept
                else "Do you round before you sort?"
            )
        )
    for n in (1, 5, 2):
        tied = _ranking(answer, tied_model(), "u", n)
        if len(tied.got) < tied.length:
            reject(
                "For a small model, whose scores are all equal and whose user 'u' rated one of "
                f"three products twice, {_call('u', n)} must hold {count(tied.length, 'product')}, "
                f"got {len(tied.got)}."
            )
    again = _ranking(answer, model, *ASKED[0])
    refuse_memory(_call(*ASKED[0]), again.got, rankings[0].got, same)


def _ranking(answer: Any, model: SVD, user: str, n: int) -> Ranking:
    """One call: what it gives, and all scores; rejects what is no list of unrated products."""
    rated = rated_by(model, user)
    every = {product: score for score, product in all_scored(model, user)}
    scores = {one: score for one, score in every.items() if one not in rated}
    also = {one: score for one, score in every.items() if one in rated}
    call = _call(user, n)
    raw = answer(model, user, n)
    refuse_predictions(call, raw, n)
    got = as_list(raw, call)
    for one in got:
        if not isinstance(one, str):
            refuse_element(f"{call} must hold raw ids such as 'p-7'; it holds {shorten(one)}.", one)
    unknown = [one for one in got if one not in every]
    if unknown:
        reject(f"{call} holds {unknown[0]!r}, which is in no rating.")
    ranking = Ranking(got, scores, n, also)
    again = [one for one in got if one in rated]
    length = ranking.length
    if again and length < n and not rated & {*got[:length]}:
        left = f"Only {count(length, 'product')}" if length else "No product"
        reject(
            f"{call} holds {again[0]!r}, which user {user!r} has rated already. {left} "
            f"{'is' if length < 2 else 'are'} left: return {length or 'an empty list'}."
        )
    if again:
        why = "If you did leave the rated out: are raw ids compared with inner ids?"
        if only_the_liked_are_out(model, user, ranking):
            why = "Leave out all that the user rated, not only what was rated high."
        reject(f"{call} holds {again[0]!r}, which user {user!r} has rated already. {why}", "E54")
    if len(set(got)) != len(got):
        reject(f"{call} holds a product twice.")
    if len(got) > n:
        reject(f"{call} must hold at most {count(n, 'product')}, got {len(got)}.")
    return ranking


def _check_order(rankings: list[Ranking]) -> str:
    """What is wrong with the order, where it is none of the mistakes known; else nothing."""
    pairs = [
        tuple(np.array([one.scores[product] for product in order]) for order in (one.got, one.best))
        for one in rankings
    ]
    wrong = [k for k, (mine, best) in enumerate(pairs) if not same(mine, best)]
    if not wrong:
        return ""
    call, got, want = _call(*ASKED[wrong[0]]), rankings[wrong[0]].got, rankings[wrong[0]].best
    mine, best = pairs[wrong[0]]
    place = int(np.argmax(np.abs(best - mine) > 1e-6))
    said = (
        f"{call}: position {place + 1} must be {want[place]!r} (score {best[place]:.3f}), not "
        f"{got[place]!r} (score {mine[place]:.3f})."
    )
    if all(same(mine[::-1], best) for mine, best in pairs):
        reject(f"{said} The products are right, but the worst of them comes first.")
    if all((np.diff(mine) >= 0).all() for mine, _ in pairs):
        reject(f"{said} Your list begins with the worst.")
    if all(same(mine.clip(1, 5), best.clip(1, 5)) for mine, best in pairs):
        if best[place] > 5:
            reject(f"{said} Both are above 5, and clipping made them equal: use clip=False.", "E59")
        reject(f"{said} Both are below 1, which clipping makes equal: do you use clip=False?")
    return said


def _check_ids(said: str, model: SVD, gots: list[list[str]]) -> None:
    """Reject lists in the order that other ids would give."""
    inner = model.trainset.to_inner_iid
    lefts = [[product for _, product in unrated(model, user)] for user, _ in ASKED]

    def explains(ids: Callable[[str, str], tuple[str | None, str]]) -> bool:
        return any(
            all(
                ranked_by(
                    {one: model.predict(*ids(user, one), clip=clip).est for one in left}, got, n
                )
                for (user, n), left, got in zip(ASKED, lefts, gots, strict=True)
            )
            for clip in (False, True)
        )

    if explains(lambda user, product: (None, product)):
        reject(
            f"{said} That is the order for a user that the model does not know, by the bias "
            "of the product: does predict get the raw id of the user?",
            "E52",
        )
    if explains(lambda user, product: (user, str(inner(product)))):
        reject(f"{said} You give predict the inner id as text; it takes raw ids.", "E52")
    for key in (inner, str):
        for reverse in (False, True):
            if all(
                sorted(left, key=key, reverse=reverse)[:n] == got
                for (_, n), left, got in zip(ASKED, lefts, gots, strict=True)
            ):
                reject(
                    f"{said} Your products stand in the order of their ids: not sorted, or all "
                    "with one score, which is what predict says of inner ids."
                )


TASK = Task(
    id="51.1",
    prompt="The n best products that a user has not rated.",
    check_answer=check_top_n,
    hints=(
        "Three steps: which products has the user not rated, what does each score, which n "
        "score best?",
        "trainset.ur[trainset.to_inner_uid(user)] lists (inner product, rating) of what the "
        "user rated; trainset.all_items() are all inner products; to_raw_iid gives raw ids.",
        "Build the set of rated inner ids, score every other product with "
        "predict(user, raw_id, clip=False).est, sort by score from high to low, cut at n.",
    ),
    insight="predict rates one pair. A recommendation is: leave out, score, sort, cut.",
    errata=ERRATA,
)
