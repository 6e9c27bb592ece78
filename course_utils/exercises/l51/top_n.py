"""Task 51.5: the best n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, count, refuse_predictions, small_model
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

Ranking = tuple[str, list[str], list[str], dict[str, float]]


def check_top_n(answer: Any) -> None:
    model = small_model()
    asked = [
        ("1003", 3),
        ("1001", 1),
        ("1008", 11),
        ("1004", 100),
        ("1006", 2),
        ("1006", 3),
        ("1002", 3),
        ("1007", 3),
    ]
    rankings = [_ranking(answer, model, user, n) for user, n in asked]
    said = _check_order(rankings)
    if said:
        _check_ids(said, model, asked, [got for _, got, *_ in rankings])
        reject(said)


def _ranking(answer: Any, model: SVD, user: str, n: int) -> Ranking:
    """One call: what it gives, what it should, and all scores; rejects what is no ranking."""
    rated = rated_by(model, user)
    scores = {p: score for score, p in all_scored(model, user)}
    want = sorted((p for p in scores if p not in rated), key=lambda p: -scores[p])[:n]
    call = f"top_n(algo, {user!r}, {n})"
    raw = answer(model, user, n)
    refuse_predictions(call, raw, n)
    got = as_list(raw, call)
    for one in got:
        if not isinstance(one, str):
            _reject_element(call, one)
    strangers = [one for one in got if one not in scores]
    if strangers:
        reject(f"{call} holds {strangers[0]!r}, which is in no rating.")
    again = [one for one in got if one in rated]
    if again and len(want) < n and not rated & {*got[: len(want)]}:
        left = f"Only {count(len(want), 'product')}" if want else "No product"
        reject(
            f"{call} holds {again[0]!r}, which user {user!r} has rated already. {left} "
            f"{'is' if len(want) < 2 else 'are'} left: return {len(want) or 'an empty list'}."
        )
    if again:
        reject(
            f"{call} holds {again[0]!r}, which user {user!r} has rated already. If you did "
            "leave the rated out: are raw ids compared with inner ids?",
            "E54",
        )
    if len(set(got)) != len(got):
        reject(f"{call} holds a product twice.")
    if len(got) > n:
        reject(f"{call} must hold at most {count(n, 'product')}, got {len(got)}.")
    if len(got) < len(want):
        reject(
            f"{call} must hold {count(len(want), 'product')}, got {len(got)}. Leave out what "
            "is rated first, cut afterwards."
        )
    return call, got, want, scores


def _reject_element(call: str, one: Any) -> None:
    said = f"{call} must hold raw ids such as 'p-7'; it holds {shorten(one)}."
    if isinstance(one, (tuple, list)) and len(one) == 2:
        reject(f"{said} Return the ids alone, without what you sorted by.")
    if isinstance(one, (int, np.integer)):
        reject(f"{said} Is it an inner id? trainset.to_raw_iid turns it back.")
    reject(said)


def _check_order(rankings: list[Ranking]) -> str:
    """What is wrong with the order, where it is none of the mistakes known; else nothing."""
    pairs = [
        (np.array([scores[one] for one in got]), np.array([scores[one] for one in want]))
        for _, got, want, scores in rankings
    ]
    wrong = [k for k, (mine, best) in enumerate(pairs) if not same(mine, best)]
    if not wrong:
        return ""
    call, got, want, _ = rankings[wrong[0]]
    mine, best = pairs[wrong[0]]
    place = int(np.argmax(np.abs(best - mine) > 1e-6))
    said = (
        f"{call}: place {place + 1} must be {want[place]!r} (score {best[place]:.3f}), not "
        f"{got[place]!r} (score {mine[place]:.3f})."
    )
    if all(same(mine[::-1], best) for mine, best in pairs):
        reject(f"{said} The products are right, but the worst of them comes first.")
    if all((np.diff(mine) >= 0).all() for mine, _ in pairs):
        reject(f"{said} Your list begins with the worst.")
    if all(same(mine.clip(1, 5), best.clip(1, 5)) for mine, best in pairs):
        top = bool(best[place] > 5)
        reject(
            f"{said} Both are {'above 5' if top else 'below 1'}, and clipping made them equal: "
            "use clip=False.",
            "E59" if top else None,
        )
    return said


def _ranked_by(scores: dict[str, float], got: list[str], n: int) -> bool:
    """Whether got holds n of the best, best first; equal scores in any order."""
    return same([scores[one] for one in got], sorted(scores.values(), reverse=True)[:n])


def _check_ids(said: str, model: SVD, asked: list[tuple[str, int]], gots: list[list[str]]) -> None:
    """Reject lists in the order that other ids would give."""
    inner = model.trainset.to_inner_iid
    lefts = [[product for _, product in unrated(model, user)] for user, _ in asked]

    def explains(ids: Callable[[str, str], tuple[str | None, str]]) -> bool:
        return any(
            all(
                _ranked_by(
                    {one: model.predict(*ids(user, one), clip=clip).est for one in left}, got, n
                )
                for (user, n), left, got in zip(asked, lefts, gots, strict=True)
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
                for (_, n), left, got in zip(asked, lefts, gots, strict=True)
            ):
                reject(
                    f"{said} Your products stand in the order of their ids: not sorted, or all "
                    "with one score, which is what predict says of inner ids."
                )


def all_scored(algo: SVD, user: str, clip: bool = False) -> list[tuple[float, str]]:
    products = [algo.trainset.to_raw_iid(i) for i in algo.trainset.all_items()]
    return [(algo.predict(user, p, clip=clip).est, p) for p in products]


def rated_by(algo: SVD, user: str) -> set[str]:
    rated = algo.trainset.ur[algo.trainset.to_inner_uid(user)]
    return {algo.trainset.to_raw_iid(i) for i, _ in rated}


def unrated(algo: SVD, user: str, clip: bool = False) -> list[tuple[float, str]]:
    rated = rated_by(algo, user)
    return [one for one in all_scored(algo, user, clip) if one[1] not in rated]


TASK = Task(
    id="51.5",
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
