"""Four real tables with several tasks or scenarios, of which docs/when.md tells.

    split, overlap = films(0), OVERLAP["films"]

| table | a row | scenarios | tasks |
|---|---|---|---|
| ``areas`` | a customer of a grocery shop | 8 areas | comes back |
| ``kinds`` | a customer and a kind of product | 7 departments | visit; bought again and twice |
| ``films`` | a person and a film | 1 | rated; liked and loved |
| ``reviews`` | a review of clothes | 1 | five stars; helpful; recommended |

Each function takes a seed of ``JUDGED`` or ``TUNING`` and returns the three tables of that split.
No customer, person or piece of clothing is in two of them, and a tuning split chooses by rows
that no split judges (``dealt``). Numbers are standardised on training rows; categories declare
their values, so that the networks of all splits share one graph.

Left out: ``open_bandit``, whose 60,000 rows have 287 clicks: a penalised logistic regression
orders them with an AUC of .52. ``scanner_panels``, whose prices tell the label: all 133 ketchups
at half their usual price or less were bought, as if coupons were deducted from what was paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils.columns import Columns, Split
from course_utils.datasets import load
from course_utils.errors import CourseError

JUDGED, TUNING = range(10), (100, 101, 102, 103)
"""Seeds of the splits that judge, and of those that choose settings."""

SHARES = (0.5, 0.2, 0.3)
"""Of the units (customers, persons, pieces): to learn from, to choose by, to judge."""

ASIDE = 0.2
"""Of the units: what the tuning splits choose by, never judged."""

OVERLAP = {"areas": 0.6, "kinds": 0.0, "films": 0.6, "reviews": 0.6}
"""Test rows for each training row where the splits of a table share rows, else 0: ``overlap`` of
``course_utils.evidence.claim``, whose interval is Nadeau and Bengio's. With .6 and ten splits it
is 2.6 times as wide as if the splits shared nothing."""

FEBRUARY = pd.Timestamp("2001-02-01")
"""Ta Feng: columns are of before, labels of the 28 days from then on."""

KINDS = 200
"""The kinds of product that are looked at, those bought most; of departments with 5 or more."""

LATER = 30
"""Films of a person that she rated after her cut, at most."""

KNOWN, COMMON = 3, 5
"""Ratings of a film by others before a cut that make it a candidate; and by the persons set
aside that give it a code of its own."""

FEW, TOPICS = 400, 12
"""Labels of ``recommended`` in training; axes that a review's text is placed on."""


def areas(seed: int) -> Split:
    """Ta Feng: does a customer of November to January come back in February?

    28,610 rows, a customer each. One task, ``back``. Eight scenarios, the area where she lives:
    786 to 9,911 customers. Columns: age group, the department that she bought most lines from, the
    weekday of her last visit; counts, days and money of the three months, as logarithms. The
    splits share customers, and all are about one February.
    """
    numbers = ["days", "since", "first", "lines", "products", "subclasses", "pieces", "money"]
    categories = ["age", "favourite", "weekday"]
    return _encoded(area_parts(seed), categories, numbers, ["back"], scenario="area")


def kinds(seed: int) -> Split:
    """Ta Feng: does she buy this kind of product again in February?

    About 24,000 rows a split, a customer and a kind that she bought until January. Tasks:
    ``visit``, she comes; ``again``, she buys the kind; ``twice``, on two days or more, which is
    rare. The last two are known after a visit alone. Seven scenarios, the departments. Columns:
    kind, age group, area; how often, when and for how much she bought the kind, and came.

    The splits are disjoint twelfths of the customers and share no row; all are about one February.
    """
    numbers = ["times", "since", "first", "pieces", "price", "visits", "seen", "lines"]
    tasks, known = ["visit", "again", "twice"], {"again": "visit", "twice": "visit"}
    categories = ["kind", "age", "area"]
    return _encoded(kind_parts(seed), categories, numbers, tasks, known, "department")


def films(seed: int) -> Split:
    """MovieLens: which films does she rate later, and how?

    About 29,000 rows of 650 persons. A person's cut is the time of her middle rating. Her rows are
    up to ``LATER`` films that she rated from then on, and as many that she never rated, drawn by
    their popularity. Tasks: ``rated``; ``liked`` (4 stars or more) and ``loved`` (5), known where
    she rated. Columns: the film, if common; its rarest genre and her favourite one; counts, means
    and years of both; how its genres match hers, and how near to her those are who rated it.

    What describes her is of her ratings before the cut. What describes the film, its popularity
    too, is counted over *training* persons other than her before her cut, for test rows as for
    training rows. So no column counts its own row's label, and none a test label. The year of a
    test row may lie before that of a training row. The splits share persons.
    """
    numbers = ["seen", "mean", "near", "match", "taste", "age"]
    numbers += ["own_seen", "own_mean", "own_spread", "cut"]
    tasks, known = ["rated", "liked", "loved"], {"liked": "rated", "loved": "rated"}
    categories = ["film", "genre", "favourite"]
    return _encoded(film_parts(seed), categories, numbers, tasks, known)


def reviews(seed: int) -> Split:
    """Clothing reviews: five stars? found helpful by somebody? recommended?

    22,634 rows, a review each, of 1,200 pieces; equal texts are dropped. ``recommended`` has
    ``FEW`` labels in training and in validation, and all in the test. Columns: the class of the
    piece; the place of the text on ``TOPICS`` axes, an SVD of TF-IDF learned from training texts;
    its length, and the reviewer's age. The splits share pieces.
    """
    tasks, known = ["five", "helpful", "recommended"], {"recommended": "asked"}
    numbers = [*_TOPICS, "length", "age"]
    return _encoded(review_parts(seed), ["class"], numbers, tasks, known)


TABLES = {"areas": areas, "kinds": kinds, "films": films, "reviews": reviews}


def dealt(units: np.ndarray, seed: int) -> list[np.ndarray]:
    """Rows to learn from, to choose by, to judge, in random order; no unit is in two of them.

    A fifth of the units is set aside, the same for every seed. Tuning splits choose by these, and
    no other split judges them: so no test row has chosen a setting.

    Args:
        units: ``[n]``, the customer, person or piece of each row.
    """
    names, unit = np.unique(units, return_inverse=True)
    aside, draw = _aside(len(names)), np.random.default_rng(seed)
    _, to_choose, to_judge = SHARES
    judged = ~aside & (draw.random(len(names)) < to_judge / (1 - ASIDE))
    chosen = aside if seed in TUNING else draw.random(len(names)) < to_choose / (1 - to_judge)
    side = np.where(judged, 2, np.where(chosen, 1, 0))
    return [draw.permutation(np.flatnonzero(side[unit] == which)) for which in range(3)]


def area_parts(seed: int) -> list[pd.DataFrame]:
    """The frames of ``areas``: to learn from, to choose by, to judge; ``unit`` is the customer."""
    people = _customers()
    return [people.iloc[rows] for rows in dealt(people["unit"].to_numpy(), seed)]


def kind_parts(seed: int) -> list[pd.DataFrame]:
    """The frames of ``kinds``; ``unit`` is the customer.

    Raises:
        CourseError: if there is no such split.
    """
    pairs, customers = _pairs()
    seeds = [*JUDGED, *TUNING]
    if seed not in seeds:
        raise CourseError(f"The splits of kinds have the seeds {seeds}, got {seed}.")
    own = np.array_split(customers, len(seeds))[seeds.index(seed)]
    ends = np.cumsum(SHARES[:2]) * len(own)
    return [pairs[pairs["unit"].isin(some)] for some in np.split(own, ends.astype(int))]


def film_parts(seed: int) -> list[pd.DataFrame]:
    """The frames of ``films``; ``unit`` is the person."""
    stars, film, genres = _ratings()
    sides = dealt(np.arange(stars.unit.max() + 1), seed)
    pool = stars[np.isin(stars.unit, sides[0])]
    return [_film_rows(side, stars, pool, film, genres, seed) for side in sides]


def review_parts(seed: int) -> list[pd.DataFrame]:
    """The frames of ``reviews``; ``unit`` is the piece."""
    frame = _reviews()
    sides = dealt(frame["unit"].to_numpy(), seed)
    words = TfidfVectorizer(min_df=20, sublinear_tf=True)
    axes = TruncatedSVD(TOPICS, random_state=0)
    axes.fit(words.fit_transform(frame["text"].iloc[sides[0]]))
    parts = []
    for rows, few in zip(sides, (True, True, False), strict=True):
        part = frame.iloc[rows].reset_index(drop=True)
        places = axes.transform(words.transform(part["text"]))
        part[_TOPICS] = places
        parts.append(part.assign(asked=(part.index < FEW) | (not few)))
    return parts


_TOPICS = [f"topic_{axis}" for axis in range(TOPICS)]


def _encoded(
    parts: Sequence[pd.DataFrame],
    categories: Sequence[str],
    numbers: Sequence[str],
    tasks: Sequence[str],
    known: Mapping[str, str] | None = None,
    scenario: str | None = None,
) -> Split:
    """The three tables. ``known``: task -> the column that is 1 where the task has a label."""
    columns = Columns.fit(parts[0], categories, numbers, scenario=scenario)
    train, valid, test = (
        columns.table(
            part, tasks, {task: part[where] == 1 for task, where in (known or {}).items()}
        )
        for part in parts
    )
    return Split(train, valid, test)


def _aside(n: int) -> np.ndarray:
    """``[n]`` bool: the units that no split judges."""
    return np.random.default_rng(2003).random(n) < ASIDE


def _declared(column: pd.Series) -> pd.Series:
    return column.astype(pd.CategoricalDtype(sorted(column.dropna().unique())))


def _days(column: pd.Series) -> pd.Series:
    """Logarithm of the days from these to 1 February."""
    return np.log1p((FEBRUARY - column).dt.days)


@cache
def _customers() -> pd.DataFrame:
    """A row a customer who came before February."""
    baskets = load("ta_feng")
    past = baskets[baskets["date"] < FEBRUARY]
    past = past.assign(department=past["subclass_id"].str[:2])
    each = past.groupby("user_id")
    people = each.agg(
        area=("area", "first"),
        age=("age_group", "first"),
        days=("date", "nunique"),
        since=("date", "max"),
        first=("date", "min"),
        lines=("product_id", "size"),
        products=("product_id", "nunique"),
        subclasses=("subclass_id", "nunique"),
        pieces=("quantity", "sum"),
        money=("revenue", "sum"),
    )
    lines = past.groupby(["user_id", "department"]).size().rename("lines").reset_index()
    most = lines.sort_values("lines", ascending=False, kind="stable").drop_duplicates("user_id")
    people["favourite"] = most.set_index("user_id")["department"]
    people["weekday"] = people["since"].dt.day_name()
    for name in ("since", "first"):
        people[name] = _days(people[name])
    for name in ("days", "lines", "products", "subclasses", "pieces", "money"):
        people[name] = np.log1p(people[name])
    for name in ("age", "favourite", "weekday"):
        people[name] = _declared(people[name])
    came = baskets.loc[baskets["date"] >= FEBRUARY, "user_id"]
    return people.assign(unit=people.index, back=people.index.isin(came).astype(int))


@cache
def _pairs() -> tuple[pd.DataFrame, np.ndarray]:
    """One row a customer and kind; the customers in random order."""
    baskets = load("ta_feng").rename(columns={"subclass_id": "kind"})
    past, after = (baskets[(baskets["date"] < FEBRUARY) == early] for early in (True, False))
    frequent = past["kind"].value_counts(sort=False).sort_index().nlargest(KINDS).index
    departments = frequent.str[:2].value_counts()
    frequent = frequent[frequent.str[:2].isin(departments.index[departments >= 5])]
    key = ["user_id", "kind"]
    pairs = (
        past[past["kind"].isin(frequent)]
        .groupby(key, as_index=False)
        .agg(
            age=("age_group", "first"),
            area=("area", "first"),
            times=("date", "nunique"),
            since=("date", "max"),
            first=("date", "min"),
            pieces=("quantity", "sum"),
            price=("revenue", "sum"),
        )
    )
    visits = past.groupby("user_id").agg(
        visits=("date", "nunique"), seen=("date", "max"), lines=("product_id", "size")
    )
    pairs = pairs.join(visits, on="user_id")
    days = after.groupby(key)["date"].nunique()
    bought = pairs[key].join(days, on=key)["date"].fillna(0)
    pairs["price"] /= pairs["pieces"]
    for name in ("since", "first", "seen"):
        pairs[name] = _days(pairs[name])
    for name in ("times", "pieces", "price", "visits", "lines"):
        pairs[name] = np.log1p(pairs[name])
    for name in ("age", "area", "kind"):
        pairs[name] = _declared(pairs[name])
    pairs = pairs.assign(
        unit=pairs["user_id"],
        department=pairs["kind"].astype(str).str[:2],
        visit=pairs["user_id"].isin(after["user_id"]).astype(int),
        again=(bought > 0).astype(int),
        twice=(bought > 1).astype(int),
    )
    return pairs, np.random.default_rng(0).permutation(pairs["user_id"].unique())


@cache
def _ratings() -> tuple[np.recarray, pd.DataFrame, np.ndarray]:
    """Ratings in the order of time, persons and films numbered; the films; their genres.

    Genres are ``[films, genres]``, the rarest first; a film's sum to 1.
    """
    stars = load("movielens").sort_values("timestamp", kind="stable", ignore_index=True)
    film = load("films").dropna(subset=["year", "genres"]).reset_index(drop=True)
    stars["film"] = pd.Index(film["product_id"]).get_indexer(stars["product_id"])
    stars = stars[stars["film"] >= 0].assign(unit=lambda of: pd.factorize(of["user_id"])[0])
    genres = film["genres"].str.get_dummies("|")
    genres = genres[genres.sum().sort_values(kind="stable").index]
    # Only persons who are never judged say which films are common.
    by_aside = stars.loc[_aside(stars["unit"].max() + 1)[stars["unit"]], "film"].value_counts()
    common = film.index.isin(by_aside.index[by_aside >= COMMON])
    film = pd.DataFrame(
        {
            "code": _declared(film["product_id"].where(common)),
            "genre": pd.Categorical(genres.idxmax(axis=1), categories=genres.columns),
            "year": film["year"],
        }
    )
    shares = genres.to_numpy(float) / genres.to_numpy(float).sum(1, keepdims=True)
    kept = stars[["unit", "film", "rating", "timestamp"]]
    return kept.to_records(index=False), film, shares


def _film_rows(
    persons: np.ndarray,
    stars: np.recarray,
    pool: np.recarray,
    film: pd.DataFrame,
    genres: np.ndarray,
    seed: int,
) -> pd.DataFrame:
    """The rows of these persons, films by their codes."""
    each = [_of_person(person, stars, pool, genres, seed) for person in persons]
    rows = pd.concat(each, ignore_index=True)
    rows["age"] = rows["cut"] - film["year"].to_numpy()[rows["film"]]
    rows["genre"] = film["genre"].array[rows["film"]]
    rows["favourite"] = pd.Categorical.from_codes(rows["favourite"], dtype=film["genre"].dtype)
    return rows.assign(film=film["code"].array[rows["film"]])


def _of_person(
    person: int, stars: np.recarray, pool: np.recarray, genres: np.ndarray, seed: int
) -> pd.DataFrame | None:
    """A person's rows; None where she has no candidate, or too few ratings before her cut.

    Args:
        stars: all ratings; pool: those of training persons; both in the order of time.
        genres: ``[films, genres]``, as of ``_ratings``.

    Returns:
        Numbers alone: ``film`` is a row of the films, ``favourite`` a genre's place.
    """
    own = stars[stars.unit == person]
    cut = own.timestamp[len(own) // 2]
    past, later = own[own.timestamp < cut], own[own.timestamp >= cut]
    others = pool[: np.searchsorted(pool.timestamp, cut)]
    others = others[others.unit != person]
    seen = np.bincount(others.film, minlength=len(genres))
    later = later[seen[later.film] >= KNOWN]
    # An example of not rating is a film that she never rates.
    weights = np.where(seen >= KNOWN, seen, 0)
    weights[own.film] = 0
    n = min(LATER, len(later), np.count_nonzero(weights))
    if n == 0 or len(past) < KNOWN:
        return None
    draw = np.random.default_rng([seed, person])
    later = later[draw.permutation(len(later))[:n]]
    never = draw.choice(len(weights), n, replace=False, p=weights / weights.sum())
    shown = np.concatenate([later.film, never])
    given = np.concatenate([later.rating, np.zeros(n)])

    # How much more of each genre she watches than others do, and how much better she likes it.
    watched = genres[past.film]
    excess = watched.mean(0) - seen @ genres / seen.sum()
    liking = (past.rating - past.rating.mean()) @ watched / (5 + watched.sum(0))
    sums = np.bincount(others.film, others.rating, minlength=len(genres))
    # How near to her those are who rated a film: the films that they share with her past.
    shared, each = (
        np.bincount(others.unit[rows], minlength=others.unit.max() + 1)
        for rows in (np.isin(others.film, past.film), slice(None))
    )
    near = np.bincount(
        others.film, (shared / np.sqrt(np.maximum(each, 1)))[others.unit], minlength=len(genres)
    )
    return pd.DataFrame(
        {
            "film": shown,
            "favourite": excess.argmax(),
            "seen": np.log(seen[shown]),
            "mean": (sums[shown] + 5 * others.rating.mean()) / (seen[shown] + 5),
            "own_seen": np.log(len(past)),
            "own_mean": past.rating.mean(),
            "own_spread": past.rating.std(),
            "near": np.log1p(near[shown] / seen[shown]),
            "match": genres[shown] @ excess,
            "taste": genres[shown] @ liking,
            "cut": 1970 + cut / (365.25 * 86_400),
            "unit": person,
            "rated": (given > 0).astype(int),
            "liked": (given >= 4).astype(int),
            "loved": (given == 5).astype(int),
        }
    )


@cache
def _reviews() -> pd.DataFrame:
    """A row a review, each text once."""
    frame = load("clothing_reviews").dropna(subset=["text"]).drop_duplicates("text")
    frame = frame.assign(
        five=(frame["rating"] == 5).astype(int),
        helpful=(frame["positive_feedback"] > 0).astype(int),
        length=np.log(frame["text"].str.len()),
    )
    frame["class"] = _declared(frame["class"])
    frame["unit"] = frame["product_id"]
    return frame.reset_index(drop=True)
