"""Task 51.5: the best n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from surprise import SVD

from course_utils.exercises.engine import Task, Wrong, as_list, reject, shorten
from course_utils.exercises.l51.shared import (
    ERRATA,
    count,
    refuse_predictions,
    same,
    small_model,
)

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
    rated = _rated_by(model, user)
    scores = {p: score for score, p in _all_scored(model, user)}
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
    lefts = [[product for _, product in _unrated(model, user)] for user, _ in asked]

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


def _top_by_matrix(algo: SVD, user: str, n: int) -> list[str]:
    inner = algo.trainset.to_inner_uid(user)
    scores = algo.bi + algo.qi @ algo.pu[inner]
    scores[[item for item, _ in algo.trainset.ur[inner]]] = -np.inf
    best = [item for item in np.argsort(-scores) if scores[item] > -np.inf]
    return [algo.trainset.to_raw_iid(item) for item in best[:n]]


def _top_by_anti_testset(algo: SVD, user: str, n: int) -> tuple[str, ...]:
    pairs = [pair for pair in algo.trainset.build_anti_testset() if pair[0] == user]
    scored = [algo.predict(u, i, clip=False) for u, i, _ in pairs]
    return tuple(one.iid for one in sorted(scored, key=lambda one: one.est, reverse=True)[:n])


def _all_scored(algo: SVD, user: str, clip: bool = False) -> list[tuple[float, str]]:
    products = [algo.trainset.to_raw_iid(i) for i in algo.trainset.all_items()]
    return [(algo.predict(user, p, clip=clip).est, p) for p in products]


def _rated_by(algo: SVD, user: str) -> set[str]:
    rated = algo.trainset.ur[algo.trainset.to_inner_uid(user)]
    return {algo.trainset.to_raw_iid(i) for i, _ in rated}


def _unrated(algo: SVD, user: str, clip: bool = False) -> list[tuple[float, str]]:
    rated = _rated_by(algo, user)
    return [one for one in _all_scored(algo, user, clip) if one[1] not in rated]


def _article_recommends(algo: SVD, user: str, n: int) -> Any:
    return algo.predict(user, n)


def _article_recommends_in_a_list(algo: SVD, user: str, n: int) -> Any:
    return [algo.predict(user, str(n))]


def _wrong_keeps_rated(algo: SVD, user: str, n: int) -> list[str]:
    return [p for _, p in sorted(_all_scored(algo, user), key=lambda one: -one[0])[:n]]


def _wrong_worst_first(algo: SVD, user: str, n: int) -> list[str]:
    return [p for _, p in sorted(_unrated(algo, user))[:n]]


def _wrong_cut_first(algo: SVD, user: str, n: int) -> list[str]:
    rated = _rated_by(algo, user)
    return [p for p in _wrong_keeps_rated(algo, user, n) if p not in rated]


def _wrong_clip_ties(algo: SVD, user: str, n: int) -> list[str]:
    unseen = _unrated(algo, user, clip=True)
    return [p for _, p in sorted(unseen, key=lambda one: -one[0])[:n]]


def _wrong_predictions(algo: SVD, user: str, n: int) -> list[Any]:
    return [algo.predict(user, product) for product in _top_by_matrix(algo, user, n)]


def _wrong_pairs(algo: SVD, user: str, n: int) -> list[Any]:
    return sorted(_unrated(algo, user), reverse=True)[:n]


def _wrong_reversed(algo: SVD, user: str, n: int) -> list[str]:
    return _top_by_matrix(algo, user, n)[::-1]


def _wrong_inner_ids(algo: SVD, user: str, n: int) -> list[int]:
    return [algo.trainset.to_inner_iid(product) for product in _top_by_matrix(algo, user, n)]


def _wrong_padded(algo: SVD, user: str, n: int) -> list[str]:
    """What is rated scores -inf, and stays."""
    inner = algo.trainset.to_inner_uid(user)
    scores = algo.bi + algo.qi @ algo.pu[inner]
    scores[[item for item, _ in algo.trainset.ur[inner]]] = -np.inf
    return [algo.trainset.to_raw_iid(item) for item in np.argsort(-scores)[:n]]


def _predicts(ids: Callable[[Any, str, str], tuple[Any, Any]]) -> Callable[[SVD, str, int], Any]:
    """Asks predict for other ids, made of the trainset, the user and the product."""

    def top_n(algo: SVD, user: str, n: int) -> list[str]:
        left = [product for _, product in _unrated(algo, user)]
        left.sort(key=lambda one: -algo.predict(*ids(algo.trainset, user, one), clip=False).est)
        return left[:n]

    return top_n


def _wrong_no_cut(algo: SVD, user: str, n: int) -> list[str]:
    return _top_by_matrix(algo, user, 10_000)


def _wrong_missing_id(algo: SVD, user: str, n: int) -> list[Any]:
    return [*_top_by_matrix(algo, user, n)[:-1], pd.NA]


def _wrong_popular(algo: SVD, user: str, n: int) -> list[str]:
    counts = {algo.trainset.to_raw_iid(i): len(r) for i, r in algo.trainset.ir.items()}
    return sorted((p for _, p in _unrated(algo, user)), key=lambda p: -counts[p])[:n]


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
    right=[_top_by_matrix, _top_by_anti_testset],
    wrong=[
        Wrong(_article_recommends, "gave one Prediction", "E53", silent=True),
        Wrong(_article_recommends_in_a_list, "about one product", "E53", silent=True),
        Wrong(_wrong_predictions, "Its field iid is the id", silent=True),
        Wrong(_wrong_pairs, "Return the ids alone", silent=True),
        Wrong(_wrong_missing_id, "it holds NAType", silent=True),
        Wrong(_wrong_keeps_rated, "has rated already", "E54", silent=True),
        Wrong(_wrong_padded, "products are left: return", silent=True),
        Wrong(
            _predicts(lambda known, user, product: (known.to_inner_uid(user), product)),
            "does predict get the raw id of the user",
            "E52",
            silent=True,
        ),
        Wrong(
            _predicts(lambda known, user, product: (user, known.to_inner_iid(product))),
            "what predict says of inner ids",
            silent=True,
        ),
        Wrong(
            _predicts(lambda known, user, product: (user, str(known.to_inner_iid(product)))),
            "the inner id as text",
            "E52",
            silent=True,
        ),
        Wrong(
            lambda algo, user, n: sorted(p for _, p in _unrated(algo, user))[:n],
            "stand in the order of their ids",
            silent=True,
        ),
        Wrong(_wrong_worst_first, "begins with the worst", silent=True),
        Wrong(_wrong_reversed, "the worst of them comes first", silent=True),
        Wrong(_wrong_cut_first, "cut afterwards", silent=True),
        Wrong(_wrong_clip_ties, "clipping made them equal", "E59", silent=True),
        Wrong(_wrong_inner_ids, "inner id", silent=True),
        Wrong(_wrong_no_cut, "at most", silent=True),
        Wrong(_wrong_popular, "not '21'", silent=True),
    ],
    insight="predict rates one pair. A recommendation is: leave out, score, sort, cut.",
    errata=ERRATA,
)
