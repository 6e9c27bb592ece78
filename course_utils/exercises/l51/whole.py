"""Task 51.2: the whole recommender, from a file to lists."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.ranking import Ranking, why_short
from course_utils.exercises.l51.shared import CRASHES, ERRATA, count, ratings_file, refuse_memory
from course_utils.exercises.l51.whole_form import check_scale, check_types, read_lists
from course_utils.exercises.l51.whole_popular import (
    call_of,
    check_popular,
    clipped,
    counts_for,
    for_unseen,
    in_order,
    negative,
)
from course_utils.exercises.l51.whole_shops import ONCE, ONE_ROW, Lists, Shop, shops
from course_utils.exercises.l51.whole_training import ERRATA as OF_MISTAKES
from course_utils.exercises.l51.whole_training import MISTAKES, Trained
from course_utils.exercises.tolerance import same


def check_recommend_from(answer: Any) -> None:
    all_shops = shops()
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, all_shops[0].rows)
        known, n = all_shops[0].known, all_shops[0].n
        first = read_lists(all_shops[0], answer(file, known, n), known)
        _check_raw_ids(all_shops[0], first)
        _check_unknown_is_answered(answer, all_shops[0], file)
    gots = [_asked(answer, shop) for shop in all_shops]
    _check_lengths(all_shops, gots)
    _check_order(answer, all_shops, gots)
    for shop, got in zip(all_shops, gots, strict=True):
        check_popular(shop, got)
    one_row = _asked(answer, ONE_ROW)
    _check_lengths([ONE_ROW], [one_row])
    check_popular(ONE_ROW, one_row)
    check_types(answer)
    check_scale(answer)
    refuse_memory(call_of(all_shops[ONCE]), _asked(answer, all_shops[ONCE]), gots[ONCE], same)


def _asked(answer: Any, shop: Shop) -> Lists:
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, shop.rows)
        return read_lists(shop, answer(file, shop.users, shop.n), shop.users)


def _check_lengths(all_shops: list[Shop], gots: list[Lists]) -> None:
    """Reject lists that are too short."""
    asked = [
        (shop, user, got[user]) for shop, got in zip(all_shops, gots, strict=True) for user in got
    ]
    for shop, user, products in asked:
        left = min(shop.n, len(shop.scores(user)))
        if len(products) < left:
            known = [one for one in asked if one[1] in one[0].rated]
            why = " A user who is not in the file gets the most rated."
            if user in shop.rated:
                why = why_short(
                    [Ranking(p, s.scores(u), s.n, s.own_scores(u)) for s, u, p in known]
                )
            reject(
                f"{call_of(shop)}: the result of user {user!r} must hold "
                f"{count(left, 'product')}, got {len(products)}.{why}"
            )


def _check_raw_ids(shop: Shop, got: Lists) -> None:
    """Reject known users who were asked for by another id than their own."""
    if all(in_order(for_unseen(shop, user), products) for user, products in got.items()):
        user, products = next(iter(got.items()))
        reject(
            f"{_place(shop, user, products)} All get the order of a user that the model does not "
            "know: do you ask for the text of the id?",
            "E52",
        )


def _check_unknown_is_answered(answer: Any, shop: Shop, file: str) -> None:
    for user in shop.unknown:
        raised = answer.raised(file, [user], shop.n)
        if raised is not None:
            reject(
                f"{call_of(shop)}: user {user!r} is not in the file and gets the most rated "
                f"products and False; yours raised {type(raised).__name__}."
            )


def _check_order(answer: Any, all_shops: list[Shop], gots: list[Lists]) -> None:
    """Reject lists of known users that are not in the order of their scores."""

    def explained(ranked: Callable[[Shop, str, list[str]], bool]) -> bool:
        return all(
            ranked(shop, user, got[user])
            for shop, got in zip(all_shops, gots, strict=True)
            for user in shop.known
        )

    wrong = [
        (at, user)
        for at, (shop, got) in enumerate(zip(all_shops, gots, strict=True))
        for user in shop.known
        if not in_order(shop.scores(user), got[user])
    ]
    if not wrong:
        return
    at, user = wrong[0]
    said = _place(all_shops[at], user, gots[at][user])
    if explained(lambda shop, who, got: in_order(negative(shop.scores(who)), got)):
        reject(f"{said} Your lists begin with the worst.")
    if explained(lambda shop, who, got: in_order(shop.scores(who), got[::-1])):
        reject(f"{said} The products are right; put the best first.")
    if explained(lambda shop, who, got: in_order(clipped(shop.scores(who)), got)):
        reject(f"{said} Scores above 5 were made equal by clipping: use clip=False.", "E59")
    if explained(lambda shop, who, got: in_order(counts_for(shop, who), got)):
        reject(f"{said} A user in the file gets the best by score, not the most rated.")
    for why, ways in MISTAKES.items():
        if any(_explains(way, all_shops, gots) for way in ways):
            reject(f"{said} {why}", OF_MISTAKES.get(why))
    again = _asked(answer, all_shops[ONCE])
    if _has_not_seen_all(gots[ONCE]) or _has_not_seen_all(again):
        reject(
            f"{said} Where a product has one rating, those with a 5 stand below others with a 1: "
            "your model has not seen all rows.",
            "E51",
        )
    if again != gots[ONCE]:
        reject(f"{said} Two calls with the same file differ: something is drawn anew.", "E61")
    reject(
        f"{said} That is not what SVD(n_epochs=100, random_state=0), all else as it comes, says "
        "after it was fitted on the latest row of each pair, in the order of time."
    )


def _explains(way: Trained, all_shops: list[Shop], gots: list[Lists]) -> bool:
    for shop, got in zip(all_shops, gots, strict=True):
        algo = way(shop.rows)
        if not all(in_order(shop.scores_by(algo, user), got[user]) for user in shop.known):
            return False
    return True


def _place(shop: Shop, user: str, got: list[str]) -> str:
    scores = shop.scores(user)
    want = sorted(scores, key=lambda one: -scores[one])[: len(got)]
    at = next(k for k in range(len(got)) if not same(scores[got[k]], scores[want[k]]))
    return (
        f"{call_of(shop)}: position {at + 1} of user {user!r} must be {want[at]!r} (score "
        f"{scores[want[at]]:.3f}), not {got[at]!r} (score {scores[got[at]]:.3f})."
    )


def _has_not_seen_all(got: Lists) -> bool:
    """Whether products with one row are mixed up, see ``_one_at_a_time``.

    The mean place over the users is what the products' own rows say. A product whose row was
    missed stands in the middle, whether it was praised or not.
    """
    places: Counter[str] = Counter()
    for products in got.values():
        places.update({one: at for at, one in enumerate(products)})
    order = sorted((one for one in places if one[0] == "s"), key=lambda one: places[one])
    praised = [int(one[1:]) % 2 for one in order]
    swapped = sum(praised[at:].count(1) for at, one in enumerate(praised) if not one)
    return all(praised[:8]) and not any(praised[-8:]) and swapped > 4


TASK = Task(
    id="51.2",
    prompt="From a file to lists: read, keep the latest, train, leave out, score, sort, cut.",
    check_answer=check_recommend_from,
    hints=(
        "Seven steps: check the ids asked for, read the file as text, check the scale, keep the "
        "latest, train on all that is kept, and for each user leave out, score, cut.",
        "table.sort_values('timestamp'), then drop_duplicates([...], keep='last'). An unknown "
        "user has no row: give value_counts() of the products kept.",
        "Read with dtype=str for both ids; sort, drop, Dataset.load_from_df(...), "
        "SVD(n_epochs=100, random_state=0).fit(data.build_full_trainset()); then sort the unrated "
        "products by -algo.predict(user, product, clip=False).est and cut at n.",
    ),
    insight="Every step is short; what is hard is that a wrong one still returns a list.",
    errata=ERRATA,
    crashes=CRASHES,
)
