"""Task 51.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from surprise import SVD, Dataset, Prediction, Reader
from surprise.model_selection import cross_validate

from answers import Proof, Wrong
from course_utils.exercises.l51.shared import (
    Row,
    data_of,
)
from course_utils.exercises.l51.whole_training import (
    first_of_pair,
    last_of_pair,
    latest_of_pair,
    model_of,
    sorted_by_time,
)


def _with_dictionaries(file: str, users: Sequence[Any], n: int) -> dict[str, Any]:
    """Without pandas: csv, a dictionary, sorting."""
    for user in users:
        if not isinstance(user, str):
            raise TypeError(f"{user!r} is not a string")
    with open(file, newline="", encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    if any(not 1 <= float(row["rating"]) <= 5 for row in table):
        raise ValueError("scale")
    table.sort(key=lambda row: int(row["timestamp"]))
    latest = {(row["user_id"], row["product_id"]): row for row in table}
    rows = [row for row in table if latest[row["user_id"], row["product_id"]] is row]
    triples = [(row["user_id"], row["product_id"], float(row["rating"]), None) for row in rows]
    data = Dataset(Reader(rating_scale=(1, 5)))
    trainset = data.construct_trainset(triples)
    algo = SVD(n_epochs=100, random_state=0)
    algo.fit(trainset)
    counts = Counter(product for _, product, *_ in triples)
    result = {}
    for user in users:
        mine = {product for one, product, *_ in triples if one == user}
        if not mine:
            result[user] = ([product for product, _ in counts.most_common(n)], False)
            continue
        est = {one: algo.predict(user, one, clip=False).est for one in counts if one not in mine}
        result[user] = (sorted(est, key=lambda one: est[one], reverse=True)[:n], True)
    return result


def _with_matrices(file: str, users: Sequence[Any], n: int) -> dict[str, Any]:
    """With Surprise's arrays, and unknown users found by its own look-up."""
    if any(type(user) is not str for user in users):
        raise TypeError("text, please")
    frame = pd.read_csv(file, dtype={"user_id": str, "product_id": str}, keep_default_na=False)
    if frame["rating"].min() < 1 or frame["rating"].max() > 5:
        raise ValueError("the scale is 1 to 5")
    frame["at"] = range(len(frame))
    frame = frame.sort_values(["timestamp", "at"])
    frame = frame.groupby(["user_id", "product_id"], sort=False).tail(1)
    trainset = data_of(frame.iloc[:, :3].to_numpy()).build_full_trainset()
    algo = SVD(n_epochs=100, random_state=0).fit(trainset)
    names = np.array([trainset.to_raw_iid(one) for one in trainset.all_items()], dtype=object)
    counts = np.array([len(trainset.ir[one]) for one in trainset.all_items()])
    popular = names[np.argsort(-counts)][:n]
    result: dict[str, Any] = {}
    for user in users:
        try:
            inner = trainset.to_inner_uid(user)
        except ValueError:
            result[user] = [popular, np.False_]
            continue
        scores = algo.bi + algo.qi @ algo.pu[inner]
        new = ~np.isin(np.arange(len(names)), [item for item, _ in trainset.ur[inner]])
        order = np.argsort(-scores)
        result[user] = (names[order[new[order]]][:n].tolist(), True)
    return result


def _read(file: str) -> list[Row]:
    with open(file, newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    return [(user, product, float(rating), int(time)) for user, product, rating, time in rows]


def _one(algo: SVD, user: str, product: str) -> float:
    return algo.predict(user, product, clip=False).est


def _outside(rows: list[Row]) -> bool:
    return any(not 1 <= row[2] <= 5 for row in rows)


def _whole(
    read: Callable[[str], Any] = _read,
    kept: Callable[[list[Row]], Iterable[Row]] = latest_of_pair,
    train: Callable[[Any], SVD] = model_of,
    score: Callable[[SVD, Any, Any], Any] = _one,
    skip_rated: bool = True,
    popular: Callable[[list[Row], SVD, str], Any] | None = None,
    finish: Callable[[list[Any], int], Any] = lambda products, n: products[:n],
    flag: Callable[[bool], Any] = bool,
    check: Callable[[Any], bool] = lambda user: isinstance(user, str),
    bad: Callable[[list[Row]], bool] = _outside,
) -> Callable[[str, list[Any], int], Any]:
    """The whole recommender, with one of its parts exchanged."""

    def recommend_from(file: str, users: list[Any], n: int) -> Any:
        if not all(check(user) for user in users):
            raise TypeError("user ids are strings")
        rows = read(file)
        if bad(rows):
            raise ValueError("a rating lies outside the scale")
        algo = train(kept(rows))
        counts = Counter(product for _, product in {row[:2] for row in rows})
        result = {}
        for user in users:
            rated = {row[1] for row in rows if row[0] == user}
            if rated:
                left = [one for one in counts if not skip_rated or one not in rated]
                left.sort(key=lambda one: -score(algo, user, one))
            elif popular:
                left = popular(rows, algo, user)
            else:
                left = sorted(counts, key=lambda one: -counts[one])
            result[user] = (finish(left, n), flag(bool(rated)))
        return result

    return recommend_from


def _wrong_types_guessed(file: str) -> list[Any]:
    return list(pd.read_csv(file).itertuples(index=False, name=None))


def _wrong_zeros_lost(file: str) -> list[Any]:
    return [(str(u).lstrip("0"), str(p).lstrip("0"), r, t) for u, p, r, t in _read(file)]


def _wrong_user_zeros_lost(file: str, users: list[str], n: int) -> Any:
    """Both sides lose their zeros, so the results look right."""
    products = {row[1].lstrip("0"): row[1] for row in _read(file)}
    bare = _whole(_wrong_zeros_lost)(file, [user.lstrip("0") for user in users], n)
    return {
        user: ([products[one] for one in bare[user.lstrip("0")][0]], bare[user.lstrip("0")][1])
        for user in users
    }


def _article_trains(rows: Iterable[Row]) -> SVD:
    algo = SVD(n_epochs=100, random_state=0)
    cross_validate(algo, data_of([row[:3] for row in rows]), cv=5)
    return algo


def _article_recommends(file: str, users: list[str], n: int) -> Any:
    algo = model_of(latest_of_pair(_read(file)))
    return {user: (algo.predict(user, n), True) for user in users}


def _article_reads(file: str, users: list[str], n: int) -> Any:
    return Dataset.load_from_f主义格(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_with_its_name_mended(file: str, users: list[str], n: int) -> Any:
    return Dataset.load_from_file(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_without_separator(file: str, users: list[str], n: int) -> Any:
    return Dataset.load_from_file(file, reader=Reader(rating_scale=(1, 5))).raw_ratings


def _article_reads_the_header(file: str, users: list[str], n: int) -> Any:
    return Dataset.load_from_file(file, reader=Reader(sep=",", rating_scale=(1, 5))).raw_ratings


def _wrong_exception(file: str, users: list[Any], n: int) -> Any:
    right = _whole(bad=lambda rows: False)
    assert all(1 <= row[2] <= 5 for row in _read(file))
    return right(file, users, n)


def _wrong_stripped(file: str, users: list[Any], n: int) -> Any:
    """Spaces at the ends of ids are cut off, on both sides."""
    if not all(isinstance(user, str) for user in users):
        raise TypeError
    read = [(user.strip(), product.strip(), r, t) for user, product, r, t in _read(file)]
    bare = _whole(read=lambda file: read)(file, [user.strip() for user in users], n)
    return {user: bare[user.strip()] for user in users}


def _wrong_predictions(file: str, users: list[str], n: int) -> Any:
    result = _with_dictionaries(file, users, n)
    return {
        user: ([Prediction(user, one, None, 4.0, {}) for one in products], personal)
        for user, (products, personal) in result.items()
    }


def _wrong_cut_first(file: str, users: list[str], n: int) -> Any:
    result = _whole(skip_rated=False)(file, users, n)
    rated = {row[:2] for row in _read(file)}
    return {
        user: ([one for one in products if (user, one) not in rated], personal)
        for user, (products, personal) in result.items()
    }


def _wrong_only_known(file: str, users: list[str], n: int) -> Any:
    result = _with_dictionaries(file, users, n)
    return {user: value for user, value in result.items() if value[1]}


def _wrong_unknown_raises(file: str, users: list[str], n: int) -> Any:
    known = {row[0]: row for row in _read(file)}
    for user in users:
        known[user]
    return _with_dictionaries(file, users, n)


def _wrong_nothing_for_unknown(file: str, users: list[str], n: int) -> Any:
    result = _with_dictionaries(file, users, n)
    return {user: value if value[1] else ([], False) for user, value in result.items()}


def _by_dictionary(rows: list[Row]) -> Iterable[Row]:
    """A dictionary keeps a pair where its first row stood."""
    kept = {}
    for row in sorted(rows, key=lambda row: row[3]):
        kept[row[:2]] = row
    return kept.values()


def _by_pandas(keep: Literal["first", "last"], ascending: bool = True) -> Any:
    def kept(rows: list[Row]) -> list[Row]:
        frame = pd.DataFrame(rows).sort_values(3, ascending=ascending)
        frame = frame.drop_duplicates([0, 1], keep=keep)
        return list(frame.itertuples(index=False, name=None))

    return kept


def _wrong_inner_ids(file: str, users: list[str], n: int) -> Any:
    inner = {row[1]: at for at, row in enumerate(latest_of_pair(_read(file)))}
    result = _with_dictionaries(file, users, n)
    return {
        user: ([inner[one] for one in products], personal)
        for user, (products, personal) in result.items()
    }


def _kept_where(rows: list[Row], replaces: Callable[[int, int], bool]) -> list[Row]:
    best: dict[Any, Row] = {}
    for row in rows:
        if row[:2] not in best or replaces(row[3], best[row[:2]][3]):
            best[row[:2]] = row
    return [row for row in rows if best[row[:2]] is row]


def _by_predictions(rows: list[Row], algo: SVD, user: str) -> list[str]:
    return sorted({row[1] for row in rows}, key=lambda one: -_one(algo, user, one))


def _by_rows(rows: list[Row], algo: SVD, user: str) -> list[str]:
    return [product for product, _ in Counter(row[1] for row in rows).most_common()]


def _by_mean(rows: list[Row], algo: SVD, user: str) -> list[str]:
    means = pd.DataFrame(rows).groupby(1)[2].mean()
    return means.sort_values(ascending=False).index.tolist()


def _wrong_missing_ids(file: str) -> list[Row]:
    """pandas reads the id "NA" as a missing value."""
    frame = pd.read_csv(file, dtype={"user_id": str, "product_id": str})
    return list(frame.itertuples(index=False, name=None))


def _joined(rows: list[Row]) -> list[Row]:
    """The two ids of a pair as one text."""
    return sorted_by_time({f"{row[0]}_{row[1]}": row for row in sorted_by_time(rows)}.values())


def _wrong_joined_pairs(file: str, users: list[Any], n: int) -> Any:
    return _whole(read=lambda file: _joined(_read(file)))(file, users, n)


def _wrong_one_rating(file: str, users: list[str], n: int) -> Any:
    """Who rated one product gets what users get who are not in the file."""
    rows = _read(file)
    single = {user for user, k in Counter(row[0] for row in rows).items() if k == 1}
    right = _with_dictionaries(file, users, n)
    others = _with_dictionaries(file, ["nobody at all"], n)["nobody at all"]
    return {user: others if user in single else value for user, value in right.items()}


def _wrong_leaves_numbers_out(file: str, users: list[Any], n: int) -> Any:
    """A check of the types whose error is caught."""
    return _with_dictionaries(file, [user for user in users if isinstance(user, str)], n)


def _whole_stars(file: str) -> list[Row]:
    return [(user, product, int(rating), time) for user, product, rating, time in _read(file)]


def _one_row_each(column: str) -> Callable[[str, list[Any], int], Any]:
    """Rows are lost before anybody's products are left out."""

    def read(file: str) -> list[Row]:
        frame = pd.read_csv(file, dtype={"user_id": str, "product_id": str}, keep_default_na=False)
        frame = frame.sort_values("timestamp").drop_duplicates(column, keep="last")
        return list(frame.itertuples(index=False, name=None))

    return _whole(read)


def _unsorted(rows: list[Row]) -> Iterable[Row]:
    """drop_duplicates(keep="last") alone."""
    frame = pd.DataFrame(rows).drop_duplicates([0, 1], keep="last")
    return list(frame.itertuples(index=False, name=None))


def _wrong_one_short(file: str, users: list[str], n: int) -> Any:
    return _with_dictionaries(file, users, n - 1)


def _by_text_of_time(rows: list[Row]) -> list[Row]:
    frame = pd.DataFrame(rows).astype({3: str}).sort_values(3)
    frame = frame.drop_duplicates([0, 1], keep="last")
    return list(frame.itertuples(index=False, name=None))


def _bias(algo: SVD, product: str) -> Any:
    return algo.bi[algo.trainset.to_inner_iid(product)]


def _means_of_pairs(rows: list[Row]) -> list[Row]:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating", "time"])
    frame = frame.groupby(["user", "product"], as_index=False).agg(
        rating=("rating", "mean"), time=("time", "max")
    )
    return list(frame.sort_values("time").itertuples(index=False, name=None))


def _by_stars(rows: list[Row], algo: SVD, user: str) -> list[str]:
    stars: Counter[str] = Counter()
    for row in latest_of_pair(rows):
        stars[row[1]] += int(2 * row[2])
    return [product for product, _ in stars.most_common()]


MISJUDGED: dict[str, Callable[[list[Row]], bool]] = {
    "0.5": lambda rows: any(not 0 < row[2] <= 5 for row in rows),
    "5.5": lambda rows: any(not 1 <= int(row[2]) <= 5 for row in rows),
    "0.99": lambda rows: any(not 1 <= round(row[2], 1) <= 5 for row in rows),
    "6": lambda rows: min(row[2] for row in rows) < 1 or 5 < max(row[2] for row in rows) < 6,
}
"""What is taken for a rating outside the scale; the first that is missed -> how."""


PROOF = Proof(
    task="51.2",
    right=[_with_dictionaries, _with_matrices],
    wrong=[
        Wrong(_article_reads, "load_from_f主义格", "E45", status="error"),
        Wrong(_article_reads_with_its_name_mended, "filename", "E46", status="error"),
        Wrong(_article_reads_without_separator, "Impossible to parse", "E47", status="error"),
        Wrong(_article_reads_the_header, "to float: 'rating'", "E47", status="error"),
        Wrong(_whole(bad=lambda rows: False), "row 1 of 121 has a rating of 0", "E60", silent=True),
        *(
            Wrong(_whole(bad=one), f"has a rating of {says} must", "E60", silent=True)
            for says, one in MISJUDGED.items()
        ),
        Wrong(_wrong_exception, "raised AssertionError"),
        Wrong(_wrong_stripped, "user 'q'", silent=True),
        Wrong(_whole(train=_article_trains), "has not seen all rows", "E51", silent=True),
        Wrong(_whole(read=_wrong_types_guessed), "the id was read as a number", "E52"),
        Wrong(_article_recommends, "gave one Prediction", "E53"),
        Wrong(_whole(skip_rated=False), "has rated already", "E54", silent=True),
        Wrong(_whole(kept=sorted_by_time), "You train on all rows", "E58", silent=True),
        Wrong(
            _whole(score=lambda algo, user, one: algo.predict(user, one).est),
            "made equal by clipping",
            "E59",
            silent=True,
        ),
        Wrong(
            _whole(train=lambda rows: model_of(rows, random_state=None)),
            "Two calls with the same file differ",
            "E61",
            silent=True,
        ),
        Wrong(_whole(popular=_by_predictions), "says of any unseen user", "E62", silent=True),
        Wrong(_whole(popular=_by_rows), "count users, not rows", "E58", silent=True),
        Wrong(
            _whole(score=lambda algo, user, one: algo.predict(int(user), one, clip=False).est),
            "All get the order of a user",
            "E52",
            silent=True,
        ),
        Wrong(_whole(check=lambda user: True), "Yours returned a list for it", "E52", silent=True),
        Wrong(_wrong_leaves_numbers_out, "Yours left it out"),
        Wrong(
            _whole(check=lambda user: isinstance(user, (str, bytes))),
            "b'7' is not a string",
            silent=True,
        ),
        Wrong(_whole(read=_whole_stars), "(odd ids, 39 rows), n = 30: position", silent=True),
        Wrong(_whole(flag=lambda known: False), "Do you ask trainset.knows_user?", silent=True),
        Wrong(_one_row_each("product_id"), "You keep one row for each product", silent=True),
        Wrong(_one_row_each("user_id"), "You keep one row for each user", silent=True),
        Wrong(_wrong_unknown_raises, "yours raised KeyError"),
        Wrong(
            _whole(read=_wrong_missing_ids), "keep_default_na=False keeps such an id", silent=True
        ),
        Wrong(_wrong_joined_pairs, "user 'NA' must hold 11 products, got 10.", silent=True),
        Wrong(_wrong_one_rating, "says False, but the user is in the file", silent=True),
        Wrong(_wrong_one_short, "You cut at n - 1", silent=True),
        Wrong(_whole(kept=_by_text_of_time), "compared as text", silent=True),
        Wrong(lambda f, users, n: _with_dictionaries(f, users, n) or None, "an empty dictionary"),
        Wrong(_wrong_only_known, "which was asked for", silent=True),
        Wrong(_wrong_nothing_for_unknown, "got 0. A user who is not in the file gets", silent=True),
        Wrong(_wrong_predictions, "it holds a Prediction", silent=True),
        Wrong(_wrong_inner_ids, "Is it an inner id?", silent=True),
        Wrong(_wrong_user_zeros_lost, "says True. In the file is", silent=True),
        Wrong(_whole(popular=_by_mean), "by the mean rating", silent=True),
        Wrong(_whole(finish=lambda products, n: products), "must hold at most 4", silent=True),
        Wrong(_whole(flag=lambda known: True), "says True, but", silent=True),
        Wrong(_whole(flag=lambda known: str(known)), "must be True or False"),
        Wrong(_wrong_cut_first, "cut afterwards", silent=True),
        Wrong(
            _whole(score=lambda algo, user, one: -_one(algo, user, one)),
            "begin with the worst",
            silent=True,
        ),
        Wrong(
            _whole(finish=lambda products, n: products[:n][::-1]), "put the best first", silent=True
        ),
        Wrong(_whole(kept=last_of_pair), "keep the last in the file", silent=True),
        Wrong(_whole(kept=_unsorted), "sort by time first", silent=True),
        Wrong(_whole(kept=first_of_pair), "keep the first in the file", silent=True),
        Wrong(_whole(kept=_by_pandas("first")), "keep the earliest row", silent=True),
        Wrong(_whole(kept=_by_pandas("last", ascending=False)), "the earliest row.", silent=True),
        Wrong(_whole(kept=_by_dictionary), "sort by time after you kept", silent=True),
        Wrong(
            _whole(kept=lambda rows: _kept_where(rows, lambda new, old: new >= old)),
            "in the order of the file, not",
            silent=True,
        ),
        Wrong(_whole(kept=lambda rows: latest_of_pair(rows)[::-1]), "latest first", silent=True),
        Wrong(
            _whole(train=lambda rows: model_of(rows, n_epochs=20)), "number of epochs", silent=True
        ),
        Wrong(
            _whole(train=lambda rows: model_of(rows, random_state=42)),
            "another than 0",
            silent=True,
        ),
        Wrong(
            _whole(train=lambda rows: model_of(rows, n_factors=20)), "all else as it", silent=True
        ),
        Wrong(
            _whole(train=lambda rows: model_of(rows, biased=False)), "biased=True is", silent=True
        ),
        Wrong(
            _whole(score=lambda algo, user, one: _one(algo, user, one) - _bias(algo, one)),
            "are without the biases",
            silent=True,
        ),
        Wrong(_whole(kept=_means_of_pairs), "the mean of its ratings", silent=True),
        Wrong(_whole(popular=_by_stars), "You add up the stars", silent=True),
    ],
)
