"""Task 51.12: the whole recommender, from a file to lists."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import (
    CRASHES,
    ERRATA,
    Row,
    count,
    data_of,
    ratings_file,
    refuse_predictions,
)
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same


@dataclass(frozen=True)
class Shop:
    """One file, the users asked for, and what is right for them.

    Attributes:
        name: what the messages call the file.
        rows: its rows, in its order.
        users: the ids asked for.
        n: how many products for each.
    """

    name: str
    rows: list[Row]
    users: list[str]
    n: int

    @property
    def known(self) -> list[str]:
        return [user for user in self.users if user in self.rated]

    @property
    def unknown(self) -> list[str]:
        return [user for user in self.users if user not in self.rated]

    @cached_property
    def rated(self) -> dict[str, set[str]]:
        """User -> products, of all users of the file."""
        baskets: dict[str, set[str]] = {}
        for user, product, *_ in self.rows:
            baskets.setdefault(user, set()).add(product)
        return baskets

    @cached_property
    def counts(self) -> Counter[str]:
        """Product -> how many users rated it."""
        return Counter(product for basket in self.rated.values() for product in basket)

    @cached_property
    def algo(self) -> SVD:
        return model_of(latest_of_pair(self.rows))

    @cached_property
    def right(self) -> dict[str, dict[str, float]]:
        """User -> product -> score, for the users asked for."""
        return {user: self.scores_by(self.algo, user) for user in self.users}

    def scores(self, user: str) -> dict[str, float]:
        """Product -> score, of all products that the user has not rated."""
        return self.right[user]

    def scores_by(self, algo: SVD, user: str) -> dict[str, float]:
        """The same by another model."""
        left = [one for one in self.counts if one not in self.rated.get(user, set())]
        return {one: float(algo.predict(user, one, clip=False).est) for one in left}


def sorted_by_time(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row[3])


def latest_of_pair(rows: list[Row]) -> list[Row]:
    """The latest row of each pair, by time."""
    last = {row[:2]: at for at, row in sorted(enumerate(rows), key=lambda one: one[1][3])}
    return sorted_by_time(rows[at] for at in sorted(last.values()))


def model_of(rows: Iterable[Row], **settings: Any) -> SVD:
    data = data_of([row[:3] for row in rows])
    return SVD(**{"n_epochs": 100, "random_state": 0, **settings}).fit(data.build_full_trainset())


def _drawn(seed: int, users: list[str], products: list[str]) -> list[Row]:
    """120 rows in any order, no two at one time: 96 pairs, the first 24 rated once more.

    The first user and the last third of the products are praised: scores above 5. What is
    rated twice gets another opinion, not always later in the file.
    """
    draw = np.random.default_rng(seed)
    pairs = [(user, product) for user in users[1:] for product in products]
    chosen = [pairs[k] for k in draw.permutation(len(pairs))[:80]]
    chosen += [(users[0], products[k]) for k in draw.permutation(len(products))[:16]]
    rated = []
    for user, product in [*chosen, *chosen[:24]]:
        praised = user == users[0] or product in products[-len(products) // 3 :]
        rated.append((user, product, 5.0 if praised else float(draw.integers(1, 5))))
    for at in range(96, 120):
        user, product, _ = rated[at]
        rated[at] = (user, product, float(draw.integers(1, 6)))
    times = draw.choice(10**8, size=len(rated), replace=False) + 16 * 10**8
    rows = [(*row, int(time)) for row, time in zip(rated, times, strict=True)]
    return [rows[k] for k in draw.permutation(len(rows))]


DIGITS = [f"{number:04d}" for number in (1001, 42, 1003, 77, 1250, 3007, 9, 1600)]
NUMBERED = [f"{number:05d}" for number in range(700, 1000, 10)]
NAMED = [*(f"p-{k}" for k in range(18)), *(f"B{k}x" for k in range(6))]
LETTERS = ["u-9", "00x1", "0815", "815", "a", "B-2", "u-10"]
ASKERS = [f"u-{k}" for k in range(8)]


def _one_at_a_time() -> Shop:
    """80 products have one row, half of them praised: whoever misses it cannot rank them."""
    draw = np.random.default_rng(5124)
    raters = [f"r{k}" for k in range(8)]
    rows = [(raters[k // 2 % 8], f"s{k}", 5.0 if k % 2 else 1.0) for k in range(80)]
    rows += [
        (user, f"t{k}", float(1 + (k + at) % 5)) for at, user in enumerate(ASKERS) for k in range(5)
    ]
    times = draw.choice(10**8, size=len(rows), replace=False) + 16 * 10**8
    timed = [(*row, int(time)) for row, time in zip(rows, times, strict=True)]
    return Shop("most products rated once", timed, ASKERS, 500)


@cache
def _shops() -> list[Shop]:
    """Drawn and trained once; an answer sees copies."""
    digits = _drawn(5121, DIGITS, NUMBERED)
    letters = _drawn(5122, LETTERS, NAMED)
    asked = ["1003", "0042", "1001", "55512", "42", "0009"]
    return [
        Shop("ids of digits", digits, asked, 100),
        Shop("ids of digits", digits, asked, 4),
        Shop("ids with letters", letters, ["u-9", "815", "9", "B-2"], 7),
        _one_at_a_time(),
        Shop("a user who rated all", [*letters, *_all_of("c", letters)], ["c", "d", "a"], 3),
    ]


def _all_of(user: str, rows: list[Row]) -> list[Row]:
    products = dict.fromkeys(row[1] for row in rows)
    return [(user, product, 4.0, 15 * 10**8 + k) for k, product in enumerate(products)]


ONCE = 3
"""Place of the file with most products rated once."""


ONE_ROW = Shop("one row", [("7", "007", 4.0, 1600000000)], ["7", "b"], 2)
Lists = dict[str, list[str]]


def check_recommend_from(answer: Any) -> None:
    shops = _shops()
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, shops[0].rows)
        first = _lists(shops[0], answer(file, shops[0].known, shops[0].n), shops[0].known)
        _check_strangers(shops[0], first)
        _check_unknown_is_answered(answer, shops[0], file)
    gots = [_asked(answer, shop) for shop in shops]
    _check_order(answer, shops, gots)
    for shop, got in zip(shops, gots, strict=True):
        _check_popular(shop, got)
    _check_popular(ONE_ROW, _asked(answer, ONE_ROW))
    _check_types(answer)


def _asked(answer: Any, shop: Shop) -> Lists:
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, shop.rows)
        return _lists(shop, answer(file, shop.users, shop.n), shop.users)


def _call(shop: Shop) -> str:
    return f"In the file ({shop.name}, {count(len(shop.rows), 'row')}), n = {shop.n}"


def _check_strangers(shop: Shop, got: Lists) -> None:
    """Reject known users who were asked for by another id than their own."""
    if all(_ranked_by(_stranger(shop, user), products) for user, products in got.items()):
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
                f"{_call(shop)}: user {user!r} is not in the file and gets the most rated "
                f"products and False; yours raised {type(raised).__name__}."
            )


def _lists(shop: Shop, value: Any, users: list[str]) -> Lists:
    """The products for each user; rejects what has not the right form."""
    if not isinstance(value, dict):
        reject(
            f"{_call(shop)}: return a dictionary, user -> (products, personal), got "
            f"{shorten(value)}."
        )
    for user in users:
        if user not in value:
            is_number = user.isdigit() and int(user) in value
            reject(
                f"{_call(shop)}: the result has no key {user!r}, which was asked for.",
                "E52" if is_number else None,
            )
    more = [key for key in value if key not in users]
    if more:
        reject(f"{_call(shop)}: the result holds {more[0]!r}, which was not asked for.")
    return {user: _list(shop, user, value[user]) for user in users}


def _list(shop: Shop, user: str, value: Any) -> list[str]:
    said = f"{_call(shop)}: the result of user {user!r}"
    refuse_predictions(said, value, shop.n)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(f"{said} must be a pair (products, personal), got {shorten(value)}.")
    raw, personal = value
    refuse_predictions(said, raw, shop.n)
    if not isinstance(personal, (bool, np.bool_)):
        reject(f"{said}: personal must be True or False, got {shorten(personal)}.")
    products = as_list(raw, said)
    is_known = user in shop.rated
    if is_known and not personal:
        # Read as a number, the user is a stranger: the list holds numbers, or what is rated.
        new = list(shop.scores(user))
        if user.isdigit() and any(one not in new for one in products):
            reject(
                f"{said} is that of a stranger: the id was read as a number, and is text.", "E52"
            )
        reject(f"{said} says False, but the user is in the file.")
    _check_products(said, shop, products)
    again = sorted(set(products) & shop.rated.get(user, set()))
    if is_known and again:
        reject(f"{said} holds {again[0]!r}, which the user has rated already.", "E54")
    if len(set(products)) != len(products):
        reject(f"{said} holds a product twice.")
    if len(products) > shop.n:
        reject(f"{said} must hold at most {count(shop.n, 'product')}, got {len(products)}.")
    twin = [one for one in shop.rated if one.lstrip("0") == user.lstrip("0") and one != user]
    if not is_known and personal and twin:
        reject(f"{said} says True. In the file is {twin[0]!r}; leading zeros are part of an id.")
    left = min(shop.n, len(shop.scores(user)))
    if len(products) < left:
        why = (
            "Leave out what is rated first, cut afterwards."
            if is_known
            else "A user who is not in the file gets the most rated."
        )
        reject(f"{said} must hold {count(left, 'product')}, got {len(products)}. {why}")
    if not is_known and personal:
        _check_popular(shop, {user: products})
        reject(f"{said} says True, but the user is not in the file.")
    return products


def _check_products(said: str, shop: Shop, products: list[Any]) -> None:
    numbers = {int(one) for one in shop.counts if one.isdigit()}
    bare = {one.lstrip("0") for one in shop.counts}
    for one in products:
        if isinstance(one, str) and one in shop.counts:
            continue
        text = f"{said} must hold product ids of the file, as text; it holds {shorten(one)}."
        if isinstance(one, (int, np.integer)):
            if int(one) in numbers:
                reject(f"{text} It was read as a number.", "E52")
            reject(f"{text} Is it an inner id? trainset.to_raw_iid turns it back.")
        if isinstance(one, (tuple, list)) and len(one) == 2:
            reject(f"{text} Return the ids alone, without what you sorted by.")
        if isinstance(one, str) and one in bare:
            reject(f"{text} Leading zeros are part of an id.")
        reject(text)


def _ranked_by(scores: dict[str, float], products: list[str]) -> bool:
    """Whether the products are the best of these scores, best first."""
    best = sorted(scores.values(), reverse=True)[: len(products)]
    return same([scores[one] for one in products], best)


Trained = Callable[[list[Row]], SVD]


def last_of_pair(rows: list[Row]) -> list[Row]:
    """The last row of each pair, where its first stood: that is how a dictionary keeps them."""
    return list({row[:2]: row for row in rows}.values())


def first_of_pair(rows: list[Row]) -> list[Row]:
    kept: dict[tuple[str, str], Row] = {}
    for row in rows:
        kept.setdefault(row[:2], row)
    return list(kept.values())


def _earliest(rows: list[Row]) -> list[Row]:
    """By time."""
    return first_of_pair(sorted_by_time(rows))


def _in_place(rows: list[Row], kept: list[Row]) -> list[Row]:
    """Those kept, in the order of the file."""
    among = set(kept)
    return [row for row in rows if row in among]


def _where_first(rows: list[Row], kept: list[Row]) -> list[Row]:
    """Those kept, each where its pair stands first in the file."""
    row_of = {row[:2]: row for row in kept}
    return [row_of[pair] for pair in dict.fromkeys(row[:2] for row in rows)]


def _trained(*settings: dict[str, Any]) -> list[Trained]:
    """Right but for one setting."""

    def train(rows: list[Row], one: dict[str, Any]) -> SVD:
        return model_of(latest_of_pair(rows), **one)

    return [partial(train, one=one) for one in settings]


MISTAKES: dict[str, tuple[str | None, list[Trained]]] = {
    "You train on all rows; of a pair only its latest counts.": (
        "E58",
        [lambda rows: model_of(sorted_by_time(rows)), model_of],
    ),
    "Of a repeated pair you keep the earliest row.": (
        None,
        [
            lambda rows: model_of(_earliest(rows)),
            lambda rows: model_of(_earliest(rows)[::-1]),
            lambda rows: model_of(last_of_pair(sorted_by_time(rows)[::-1])),
            lambda rows: model_of(_in_place(rows, _earliest(rows))),
            lambda rows: model_of(_where_first(rows, _earliest(rows))),
        ],
    ),
    "The right rows in the wrong order: sort by time after you kept the latest.": (
        None,
        [lambda rows: model_of(last_of_pair(sorted_by_time(rows)))],
    ),
    "Of a repeated pair you keep the last in the file; look at the times.": (
        None,
        [
            lambda rows: model_of(sorted_by_time(last_of_pair(rows))),
            lambda rows: model_of(last_of_pair(rows)),
            lambda rows: model_of(_in_place(rows, last_of_pair(rows))),
        ],
    ),
    "Of a repeated pair you keep the first in the file; look at the times.": (
        None,
        [
            lambda rows: model_of(sorted_by_time(first_of_pair(rows))),
            lambda rows: model_of(first_of_pair(rows)),
        ],
    ),
    "The rows are trained in the order of the file, not of their time.": (
        None,
        [
            lambda rows: model_of(_in_place(rows, latest_of_pair(rows))),
            lambda rows: model_of(_where_first(rows, latest_of_pair(rows))),
        ],
    ),
    "The rows are trained latest first; the earliest comes first.": (
        None,
        [lambda rows: model_of(latest_of_pair(rows)[::-1])],
    ),
    "The number of epochs is another than 100.": (
        None,
        _trained({"n_epochs": 20}, {"n_epochs": 50}, {"n_epochs": 200}),
    ),
    "random_state is another than 0.": (
        None,
        _trained({"random_state": 1}, {"random_state": 42}),
    ),
}


def _check_order(answer: Any, shops: list[Shop], gots: list[Lists]) -> None:
    """Reject lists of known users that are not in the order of their scores."""

    def explained(ranked: Callable[[Shop, str, list[str]], bool]) -> bool:
        return all(
            ranked(shop, user, got[user])
            for shop, got in zip(shops, gots, strict=True)
            for user in shop.known
        )

    wrong = [
        (at, user)
        for at, (shop, got) in enumerate(zip(shops, gots, strict=True))
        for user in shop.known
        if not _ranked_by(shop.scores(user), got[user])
    ]
    if not wrong:
        return
    at, user = wrong[0]
    said = _place(shops[at], user, gots[at][user])
    if explained(lambda shop, who, got: _ranked_by(_negative(shop.scores(who)), got)):
        reject(f"{said} Your lists begin with the worst.")
    if explained(lambda shop, who, got: _ranked_by(shop.scores(who), got[::-1])):
        reject(f"{said} The products are right; put the best first.")
    if explained(lambda shop, who, got: _ranked_by(_clipped(shop.scores(who)), got)):
        reject(f"{said} Scores above 5 were made equal by clipping: use clip=False.", "E59")
    if explained(lambda shop, who, got: _ranked_by(_counts(shop, who), got)):
        reject(f"{said} A user in the file gets the best by score, not the most rated.")
    for why, (erratum, ways) in MISTAKES.items():
        if any(_explains(way, shops, gots) for way in ways):
            reject(f"{said} {why}", erratum)
    again = _asked(answer, shops[ONCE])
    if _has_not_seen_all(gots[ONCE]) or _has_not_seen_all(again):
        reject(
            f"{said} Where a product has one rating, those with a 5 stand below others with a 1: "
            "your model has not seen all rows.",
            "E51",
        )
    if again != gots[ONCE]:
        reject(f"{said} Two calls with the same file differ: something is drawn anew.", "E61")
    reject(
        f"{said} Train SVD(n_epochs=100, random_state=0), all else as it comes, on the latest "
        "row of each pair, in the order of time."
    )


def _explains(way: Trained, shops: list[Shop], gots: list[Lists]) -> bool:
    for shop, got in zip(shops, gots, strict=True):
        algo = way(shop.rows)
        if not all(_ranked_by(shop.scores_by(algo, user), got[user]) for user in shop.known):
            return False
    return True


def _place(shop: Shop, user: str, got: list[str]) -> str:
    scores = shop.scores(user)
    want = sorted(scores, key=lambda one: -scores[one])[: len(got)]
    at = next(k for k in range(len(got)) if abs(scores[got[k]] - scores[want[k]]) > 1e-6)
    return (
        f"{_call(shop)}: place {at + 1} of user {user!r} must be {want[at]!r} (score "
        f"{scores[want[at]]:.3f}), not {got[at]!r} (score {scores[got[at]]:.3f})."
    )


def _negative(scores: dict[str, float]) -> dict[str, float]:
    return {one: -score for one, score in scores.items()}


def _clipped(scores: dict[str, float]) -> dict[str, float]:
    return {one: min(max(score, 1.0), 5.0) for one, score in scores.items()}


def _stranger(shop: Shop, user: str) -> dict[str, float]:
    return {one: shop.algo.predict(None, one, clip=False).est for one in shop.scores(user)}


def _counts(shop: Shop, user: str) -> dict[str, float]:
    return {one: float(shop.counts[one]) for one in shop.scores(user)}


def _means(rows: list[Row]) -> dict[str, float]:
    ratings: dict[str, list[float]] = {}
    for _, product, rating, _ in rows:
        ratings.setdefault(product, []).append(rating)
    return {product: float(np.mean(theirs)) for product, theirs in ratings.items()}


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


def _check_popular(shop: Shop, got: Lists) -> None:
    """Reject lists of unknown users that are not the most rated products."""
    for user in shop.unknown:
        if user not in got or _ranked_by(_counts(shop, user), got[user]):
            continue
        products = got[user]
        want = sorted(shop.counts.values(), reverse=True)[: len(products)]
        at = next(k for k, one in enumerate(products) if shop.counts[one] != want[k])
        said = (
            f"{_call(shop)}: user {user!r} is not in the file; place {at + 1} must be a product "
            f"that {count(want[at], 'user')} rated, got {products[at]!r} with "
            f"{shop.counts[products[at]]}."
        )
        strange = _stranger(shop, user)
        if _ranked_by(strange, products) or _ranked_by(_clipped(strange), products):
            reject(f"{said} It is what the library says of any stranger.", "E62")
        rows: Counter[str] = Counter(row[1] for row in shop.rows)
        if _ranked_by({one: float(rows[one]) for one in rows}, products):
            reject(f"{said} A pair that is rated twice is one user: count users, not rows.", "E58")
        if any(
            _ranked_by(_means(kept), products) for kept in (shop.rows, latest_of_pair(shop.rows))
        ):
            reject(f"{said} You rank by the mean rating.")
        if _ranked_by(_negative(_counts(shop, user)), products):
            reject(f"{said} Your list begins with the least rated.")
        reject(said)


def _check_types(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, ONE_ROW.rows)
        for users in ([7], ["7", 7], ["b", np.int64(7), "7"], [None], [8], ["7", ("7",)]):
            raised = answer.raised(file, users, ONE_ROW.n)
            if isinstance(raised, TypeError):
                continue
            stranger = next(one for one in users if not isinstance(one, str))
            said = f"recommend_from(file, {users!r}, 2) must raise a TypeError"
            if raised is not None:
                reject(f"{said}; yours raised {type(raised).__name__}.")
            reject(
                f"{said}: {stranger!r} is not a string. Yours returned a list for it.",
                "E52" if isinstance(stranger, (int, np.integer)) else None,
            )


TASK = Task(
    id="51.12",
    prompt="From a file to lists: read, keep the latest, train, leave out, score, sort, cut.",
    check_answer=check_recommend_from,
    hints=(
        "Seven steps, most of them written above: check the ids asked for, read the file as text, "
        "keep the latest, train on all that is kept, and for each user leave out, score, cut.",
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
