"""Lesson 51: the checks of its five tasks, their hints, and the answers that prove them."""

from __future__ import annotations

import csv
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from surprise import SVD, Dataset, Reader
from surprise.model_selection import cross_validate

from course_utils.exercises.engine import Task, Wrong, as_list, as_number, reject, shorten
from course_utils.exercises.theirs import show_inputs

ERRATA = {
    "E45": "load_from_f主义格 is not a method",
    "E46": "the parameter is file_path, not filename",
    "E47": "the Reader knows neither separator, header nor time stamp",
    "E51": "cross_validate leaves the model of its last fold",
    "E52": "raw ids are strings",
    "E53": "the second argument of predict is a product, not a number of products",
    "E54": "products the user already has are recommended again",
    "E59": "clipping ties the best scores",
    "E60": "a wrong rating scale goes unnoticed",
    "E61": "no random_state, so two runs differ",
    "E62": "an unknown user silently gets the global mean",
}
CRASHES = {
    "load_from_f主义格": "E45",
    "unexpected keyword argument 'filename'": "E46",
    "Impossible to parse line": "E47",
    "could not convert string to float: 'rating'": "E47",
}

# ---------------------------------------------------------------- 51.1 read the file

ROWS = [
    ("0042", "7", 5.0, 1704170099),
    ("42", "0007", 4.5, 1704176745),
    ("1001", "50", 1.0, 1704180428),
    ("0042", "50", 3.0, 1704180001),
]


def _ratings_file(folder: str, rows: list[tuple[str, str, float, int]]) -> str:
    file = Path(folder) / "ratings.csv"
    lines = ["user_id,product_id,rating,timestamp"]
    lines += [f"{user},{product},{rating:g},{time}" for user, product, rating, time in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def check_read_ratings(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        got = as_list(answer(_ratings_file(folder, ROWS)), "read_ratings(file)")
        if len(got) == len(ROWS) - 1:
            reject(
                f"The file has {len(ROWS)} rows below its header, you return {len(got)}: "
                "one is lost."
            )
        if len(got) != len(ROWS):
            reject(f"The file has {len(ROWS)} rows below its header, you return {len(got)}.")
        for number, (row, want) in enumerate(zip(got, ROWS, strict=True), start=1):
            _check_row(number, row, want)
        for bad in (0.0, 6.0):
            rows = [*ROWS, ("1001", "51", bad, 1704180500)]
            raised = answer.raised(_ratings_file(folder, rows))
            if not isinstance(raised, ValueError):
                did = "returned rows" if raised is None else f"raised {type(raised).__name__}"
                reject(
                    f"A file with a rating of {bad:g} must raise a ValueError, since the scale is "
                    f"1 to 5; yours {did}.",
                    "E60",
                )


def _check_row(number: int, row: Any, want: tuple[str, str, float, int]) -> None:
    if not isinstance(row, (tuple, list, np.ndarray, pd.Series)) or len(row) != 4:
        dropped = isinstance(row, (tuple, list)) and len(row) == 3
        reject(
            f"Row {number} must be (user, product, rating, time), got {shorten(row)}."
            + (" The time stamp is dropped." if dropped else ""),
            "E47" if dropped else None,
        )
    row = list(row)
    for what, got, text in zip(("user", "product"), row[:2], want[:2], strict=True):
        if isinstance(got, (int, float, np.number)):
            reject(
                f"Row {number}: the {what} id must be the text {text!r}, got {shorten(got)}.", "E52"
            )
        if got != text:
            zeros = " Leading zeros are part of an id." if str(got) == text.lstrip("0") else ""
            reject(f"Row {number}: expected {what} {text!r}, got {got!r}.{zeros}")
    if row[2] is None or isinstance(row[2], str):
        reject(f"Row {number}: the rating must be the number {want[2]}, got {shorten(row[2])}.")
    if as_number(row[2], f"The rating of row {number}") != want[2]:
        reject(f"Row {number}: expected rating {want[2]}, got {row[2]}.")
    if row[3] is None or isinstance(row[3], str):
        reject(
            f"Row {number}: the time must be the whole number {want[3]}, got {shorten(row[3])}.",
            "E47",
        )
    if as_number(row[3], f"The time of row {number}") != want[3]:
        reject(f"Row {number}: expected time {want[3]}, got {row[3]}.")


def _read_with_csv(file: str) -> list[tuple[str, str, float, int]]:
    with open(file, newline="", encoding="utf-8") as lines:
        rows = [
            (r["user_id"], r["product_id"], float(r["rating"]), int(r["timestamp"]))
            for r in csv.DictReader(lines)
        ]
    if any(not 1 <= row[2] <= 5 for row in rows):
        raise ValueError("rating outside 1..5")
    return rows


def _read_by_hand(file: str) -> list[list[Any]]:
    rows = []
    for line in Path(file).read_text(encoding="utf-8").splitlines()[1:]:
        user, product, rating, time = line.split(",")
        if float(rating) < 1 or float(rating) > 5:
            raise ValueError(line)
        rows.append([user, product, np.float64(rating), np.int64(time)])
    return rows


def _frame(file: str, **options: Any) -> pd.DataFrame:
    frame = pd.read_csv(file, **options)
    if not frame.iloc[:, 2].between(1, 5).all():
        raise ValueError("rating outside 1..5")
    return frame


def _wrong_number_ids(file: str) -> list[tuple[Any, ...]]:
    return list(_frame(file).itertuples(index=False, name=None))


def _wrong_zeros_lost(file: str) -> list[tuple[Any, ...]]:
    return [(str(u), str(p), float(r), int(t)) for u, p, r, t in _wrong_number_ids(file)]


def _wrong_first_row_lost(file: str) -> list[tuple[Any, ...]]:
    return _read_with_csv(file)[1:]


def _wrong_time_dropped(file: str) -> list[tuple[Any, ...]]:
    return [row[:3] for row in _read_with_csv(file)]


def _wrong_library_rows(file: str) -> list[tuple[Any, ...]]:
    reader = Reader(sep=",", skip_lines=1, rating_scale=(1, 5))
    rows = Dataset.load_from_file(file, reader).raw_ratings
    if any(not 1 <= row[2] <= 5 for row in rows):
        raise ValueError("rating outside 1..5")
    return rows


def _wrong_whole_ratings(file: str) -> list[tuple[Any, ...]]:
    return [(u, p, int(r), t) for u, p, r, t in _read_with_csv(file)]


def _wrong_sorted(file: str) -> list[tuple[Any, ...]]:
    return sorted(_read_with_csv(file), key=lambda row: row[3])


def _wrong_scale_clipped(file: str) -> list[tuple[Any, ...]]:
    frame = pd.read_csv(file, dtype={"user_id": str, "product_id": str})
    frame["rating"] = frame["rating"].clip(1, 5)
    return list(frame.itertuples(index=False, name=None))


def _article_reads(file: str) -> Any:
    return Dataset.load_from_f主义格(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_with_its_name_mended(file: str) -> Any:
    return Dataset.load_from_file(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_without_separator(file: str) -> Any:
    return Dataset.load_from_file(file, reader=Reader(rating_scale=(1, 5))).raw_ratings


# ------------------------------------------------------------- 51.2 score one pair


def _small_model() -> SVD:
    """A fitted model of 12 users ("1001"...) and 20 products ("1"...), some scores above 5."""
    draw = np.random.default_rng(51)
    rows = [
        (str(1001 + user), str(1 + product), float(draw.integers(3, 6)))
        for user in range(12)
        for product in draw.choice(20, size=9, replace=False)
    ]
    # One user and some products that everybody praises: their raw scores leave the scale.
    rows = [(u, p, 5.0 if u == "1003" or int(p) > 12 else r) for u, p, r in rows]
    frame = pd.DataFrame(rows, columns=["user", "product", "rating"])
    data = Dataset.load_from_df(frame, Reader(rating_scale=(1, 5)))
    model = SVD(n_factors=4, n_epochs=120, lr_all=0.02, random_state=0)
    return model.fit(data.build_full_trainset())


def check_score(answer: Any) -> None:
    model = _small_model()
    for user, product in [("1001", "3"), ("1005", "11"), ("1003", "15"), ("1003", "18")]:
        want = model.predict(user, product, clip=False).est
        got = as_number(answer(model, user, product), f"score(algo, {user!r}, {product!r})")
        if abs(got - want) < 1e-6:
            continue
        where = f"score(algo, {user!r}, {product!r}) must be {want:.3f}, got {got:.3f}."
        if want > 5 and got == 5:
            reject(f"{where} It was cut off at the end of the scale: predict clips.", "E59")
        if abs(got - model.trainset.global_mean) < 1e-6:
            reject(f"{where} That is the mean of all ratings, for a pair the model knows.")
        reject(where)
    number = "An id that is a number is a mistake to report, not to mend or to overlook."
    mixed: list[tuple[Any, Any]] = [(1001, 3), (1001, "3"), ("1001", 3)]
    for one, other in mixed:
        _must_raise(answer, model, one, other, TypeError, number, "E52")
    _must_raise(answer, model, "nobody", "3", KeyError, "The user is unknown.", "E62")
    _must_raise(answer, model, "1001", "999", KeyError, "The product is unknown.", None)


def _must_raise(
    answer: Any,
    model: SVD,
    user: Any,
    product: Any,
    kind: type[Exception],
    why: str,
    erratum: str | None,
) -> None:
    call = f"score(algo, {user!r}, {product!r})"
    raised = answer.raised(model, user, product)
    if isinstance(raised, kind):
        return
    if raised is not None:
        reject(f"{call} must raise a {kind.__name__}, yours raised {type(raised).__name__}. {why}")
    got = answer(model, user, product)
    fallback = model.predict(user, product, clip=False).est
    if isinstance(got, float) and abs(got - fallback) < 1e-6:
        said = f"{got:.3f}, what the library says of any stranger"
        reject(f"{call} must raise a {kind.__name__}; yours returned {said}. {why}", erratum)
    reject(f"{call} must raise a {kind.__name__}; yours returned {shorten(got)}. {why}")


def _score_by_trainset(algo: SVD, user: str, product: str) -> float:
    for one in (user, product):
        if not isinstance(one, str):
            raise TypeError(f"ids are strings, got {one!r}")
    users, products = algo.trainset._raw2inner_id_users, algo.trainset._raw2inner_id_items
    u, i = users[user], products[product]
    return algo.trainset.global_mean + algo.bu[u] + algo.bi[i] + float(algo.pu[u] @ algo.qi[i])


def _score_by_details(algo: SVD, user: str, product: str) -> np.float64:
    if type(user) is not str or type(product) is not str:
        raise TypeError("ids are strings")
    try:
        algo.trainset.to_inner_uid(user)
        algo.trainset.to_inner_iid(product)
    except ValueError as error:
        raise KeyError(str(error)) from None
    return np.float64(algo.predict(user, product, clip=False).est)


def _require_text(user: Any, product: Any) -> None:
    if not isinstance(user, str) or not isinstance(product, str):
        raise TypeError("ids are strings")


def _article_scores(algo: SVD, user: Any, product: Any) -> float:
    return algo.predict(user, product, clip=False).est


def _wrong_converts_ids(algo: SVD, user: Any, product: Any) -> float:
    return _score_by_details(algo, str(user), str(product))


def _wrong_unknown_user_gets_mean(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    algo.trainset._raw2inner_id_items[product]
    return algo.predict(user, product, clip=False).est


def _wrong_unknown_product_unnoticed(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    algo.trainset._raw2inner_id_users[user]
    return algo.predict(user, product, clip=False).est


def _wrong_clipped(algo: SVD, user: Any, product: Any) -> float:
    return float(np.clip(_score_by_details(algo, user, product), 1, 5))


def _wrong_swapped(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    return algo.predict(product, user, clip=False).est


def _wrong_rounded(algo: SVD, user: Any, product: Any) -> float:
    return round(float(_score_by_details(algo, user, product)), 1)


# ------------------------------------------------------------ 51.3 train on every row


def _single_rows() -> tuple[list[tuple[str, str, float]], list[str]]:
    """60 products with one row each: a product whose row is missed has no score of its own."""
    draw = np.random.default_rng(513)
    products = [str(1 + number) for number in range(60)]
    rows = [
        (str(1001 + k % 6), product, float(draw.integers(1, 6)))
        for k, product in enumerate(products)
    ]
    # One user who praises everything, so that some of her scores leave the scale.
    rows += [("1001", f"9{number}", 5.0) for number in range(30)]
    return rows, [*products, *(f"9{number}" for number in range(30))]


def _full_scores(
    rows: list[tuple[str, str, float]], user: str, products: list[str], seed: int, **settings: Any
) -> np.ndarray:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating"])
    trainset = Dataset.load_from_df(frame, Reader(rating_scale=(1, 5))).build_full_trainset()
    model = SVD(n_epochs=200, random_state=seed, **settings).fit(trainset)
    return np.array([model.predict(user, product, clip=False).est for product in products])


def check_train_and_score(answer: Any) -> None:
    rows, products = _single_rows()
    user = "1001"
    first = _checked_scores(answer, rows, user, products, 1)
    again = _checked_scores(answer, rows, user, products, 1)
    if np.ptp(first) == 0:
        reject(
            f"All {len(products)} products got the same score, {first[0]:.3f}: the model does not "
            "know them or the user.",
            "E52",
        )
    values, counts = np.unique(first[first < 5], return_counts=True)
    if counts.size and counts.max() > 1:
        reject(
            f"{counts.max()} products share the score {values[counts.argmax()]:.3f}. Each has one "
            "row, so their rows were not in the training data: the model has not seen all rows.",
            "E51",
        )
    if not np.allclose(first, again, atol=1e-9):
        gap = np.abs(first - again).max()
        reject(f"Two calls with seed=1 differ by up to {gap:.3f}: the seed is not used.", "E61")
    want = _full_scores(rows, user, products, 1)
    if np.allclose(np.sort(first), np.sort(want), atol=1e-6) and not np.allclose(
        first, want, atol=1e-6
    ):
        reject("The scores are right, their order is not: score k belongs to products[k].")
    if np.allclose(first, want.clip(1, 5), atol=1e-6) and want.max() > 5:
        reject(
            f"The highest score is {want.max():.3f}, yours {first.max():.3f}: it was clipped.",
            "E59",
        )
    other = _checked_scores(answer, rows, user, products, 2)
    if np.allclose(first, other, atol=1e-9):
        reject("seed=1 and seed=2 give the same scores: pass the seed on as random_state.")
    worst = int(np.abs(first - want).argmax())
    if abs(first[worst] - want[worst]) > 1e-6:
        reject(
            f"Product {products[worst]!r} must score {want[worst]:.3f}, got {first[worst]:.3f}. "
            "Use SVD(n_epochs=200, random_state=seed), all else as it comes."
        )


def _checked_scores(
    answer: Any, rows: list[tuple[str, str, float]], user: str, products: list[str], seed: int
) -> np.ndarray:
    got = as_list(answer(rows, user, products, seed), "train_and_score(...)")
    if len(got) != len(products):
        reject(f"{len(products)} products need {len(products)} scores, got {len(got)}.")
    return np.array(
        [as_number(one, f"The score of {p!r}") for one, p in zip(got, products, strict=True)]
    )


def _train_from_factors(rows: Any, user: str, products: list[str], seed: int) -> np.ndarray:
    frame = pd.DataFrame(rows, columns=["u", "i", "r"])
    trainset = Dataset.load_from_df(frame, Reader(rating_scale=(1, 5))).build_full_trainset()
    model = SVD(n_epochs=200, random_state=seed)
    model.fit(trainset)
    inner = [trainset.to_inner_iid(product) for product in products]
    person = trainset.to_inner_uid(user)
    bias = trainset.global_mean + model.bu[person] + model.bi[inner]
    return bias + model.qi[inner] @ model.pu[person]


def _data_of(rows: Any) -> Any:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating"])
    return Dataset.load_from_df(frame, Reader(rating_scale=(1, 5)))


def _train_and_estimate(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = SVD(random_state=seed, n_epochs=200).fit(_data_of(rows).build_full_trainset())
    return [
        model.estimate(model.trainset.to_inner_uid(user), model.trainset.to_inner_iid(product))
        for product in products
    ]


def _model_of(rows: Any, **settings: Any) -> SVD:
    return SVD(n_epochs=200, **settings).fit(_data_of(rows).build_full_trainset())


def _article_trains(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = SVD(n_epochs=200, random_state=seed)
    cross_validate(model, _data_of(rows), cv=5)
    return [model.predict(user, product, clip=False).est for product in products]


def _wrong_no_seed(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = _model_of(rows)
    return [model.predict(user, product, clip=False).est for product in products]


def _wrong_fixed_seed(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = _model_of(rows, random_state=0)
    return [model.predict(user, product, clip=False).est for product in products]


def _wrong_number_id(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = _model_of(rows, random_state=seed)
    return [model.predict(int(user), int(product), clip=False).est for product in products]


def _wrong_clips(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = _model_of(rows, random_state=seed)
    return [model.predict(user, product).est for product in products]


def _wrong_best_first(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    return sorted(_train_and_estimate(rows, user, products, seed), reverse=True)


def _wrong_no_biases(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = _model_of(rows, random_state=seed, biased=False)
    return [model.predict(user, product, clip=False).est for product in products]


# ------------------------------------------------------------------ 51.4 the best n


def check_top_n(answer: Any) -> None:
    model = _small_model()
    everything = [model.trainset.to_raw_iid(i) for i in model.trainset.all_items()]
    for user, n in [("1003", 5), ("1001", 5), ("1008", 3), ("1005", 100)]:
        rated = {
            model.trainset.to_raw_iid(i)
            for i, _ in model.trainset.ur[model.trainset.to_inner_uid(user)]
        }
        scores = {p: model.predict(user, p, clip=False).est for p in everything}
        unseen = sorted((p for p in everything if p not in rated), key=lambda p: -scores[p])
        want = unseen[:n]
        call = f"top_n(algo, {user!r}, {n})"
        got = as_list(answer(model, user, n), call)
        if len(got) == 5 and got[0] == user:
            reject(
                f"{call} gave one Prediction, about one product. predict rates a single pair; "
                "score every product, then sort.",
                "E53",
            )
        if any(not isinstance(one, str) for one in got):
            reject(
                f"{call} must hold raw ids such as {want[0]!r}; it holds {shorten(got[0])}. "
                "Is it an inner id? trainset.to_raw_iid turns it back."
            )
        again = [one for one in got if one in rated]
        if again:
            reject(
                f"{call} holds {again[0]!r}, which user {user!r} has rated already. If you did "
                "leave the rated out: are raw ids compared with inner ids?",
                "E54",
            )
        if len(set(got)) != len(got):
            reject(f"{call} holds a product twice.")
        if len(got) > n:
            reject(f"{call} must hold at most {n} products, got {len(got)}.")
        if len(got) < len(want):
            reject(
                f"{call} must hold {len(want)} products, got {len(got)}. Leave out what is rated "
                "first, cut afterwards."
            )
        _check_order(call, got, want, scores)


def _check_order(call: str, got: list[str], want: list[str], scores: dict[str, float]) -> None:
    strangers = [one for one in got if one not in scores]
    if strangers:
        reject(f"{call} holds {strangers[0]!r}, which is in no rating.")
    best = np.array([scores[one] for one in want])
    mine = np.array([scores[one] for one in got])
    if np.allclose(best, mine, atol=1e-9):
        return
    place = int(np.argmax(np.abs(best - mine) > 1e-9))
    said = (
        f"{call}: place {place + 1} must be {want[place]!r} (score {best[place]:.3f}), not "
        f"{got[place]!r} (score {mine[place]:.3f})."
    )
    if np.allclose(best.clip(1, 5), mine.clip(1, 5), atol=1e-9):
        reject(f"{said} Both are above 5, and clipping made them equal: use clip=False.", "E59")
    if (np.diff(mine) >= 0).all():
        reject(f"{said} Your list begins with the worst.")
    reject(said)


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


def _article_recommends(algo: SVD, user: str, n: int) -> Any:
    return algo.predict(user, n)


def _wrong_keeps_rated(algo: SVD, user: str, n: int) -> list[str]:
    return [p for _, p in sorted(_all_scored(algo, user), key=lambda one: -one[0])[:n]]


def _wrong_worst_first(algo: SVD, user: str, n: int) -> list[str]:
    rated = _rated_by(algo, user)
    ranked = sorted(one for one in _all_scored(algo, user) if one[1] not in rated)
    return [p for _, p in ranked[:n]]


def _wrong_cut_first(algo: SVD, user: str, n: int) -> list[str]:
    rated = _rated_by(algo, user)
    return [p for p in _wrong_keeps_rated(algo, user, n) if p not in rated]


def _wrong_clip_ties(algo: SVD, user: str, n: int) -> list[str]:
    rated = _rated_by(algo, user)
    unseen = [one for one in _all_scored(algo, user, clip=True) if one[1] not in rated]
    return [p for _, p in sorted(unseen, key=lambda one: -one[0])[:n]]


def _wrong_inner_ids(algo: SVD, user: str, n: int) -> list[int]:
    return [algo.trainset.to_inner_iid(product) for product in _top_by_matrix(algo, user, n)]


def _wrong_no_cut(algo: SVD, user: str, n: int) -> list[str]:
    return _top_by_matrix(algo, user, 10_000)


def _wrong_popular(algo: SVD, user: str, n: int) -> list[str]:
    counts = {algo.trainset.to_raw_iid(i): len(r) for i, r in algo.trainset.ir.items()}
    rated = _rated_by(algo, user)
    return sorted((p for p in counts if p not in rated), key=lambda p: -counts[p])[:n]


# ---------------------------------------------------------------------- 51.5 NDCG

CASES = [
    (["a", "b", "c"], {"a"}, 3),
    (["b", "a", "c"], {"a"}, 3),
    (["b", "c", "a", "d"], {"a", "d"}, 3),
    (["a", "b", "c", "d", "e"], {"a", "b", "c", "d"}, 2),
    (["x", "a", "y", "b", "z"], {"a", "b", "q"}, 5),
    (["a", "b"], {"a", "b", "c"}, 5),
    (["x", "y", "a"], {"a"}, 2),
    (["x", "y"], set(), 2),
]


def _gain(places: Any) -> float:
    return sum(1 / math.log2(place + 1) for place in places)


def check_ndcg(answer: Any) -> None:
    draw = np.random.default_rng(515)
    cases = list(CASES)
    for _ in range(20):
        items = [str(item) for item in draw.permutation(30)]
        relevant = {
            str(item) for item in draw.choice(30, size=int(draw.integers(1, 9)), replace=False)
        }
        cases.append((items, relevant, int(draw.integers(1, 15))))
    for ranked, relevant, k in cases:
        shown = f"ndcg{show_inputs((ranked, relevant, k))}"
        got = as_number(answer(ranked, relevant, k), shown)
        hits = [place for place, one in enumerate(ranked[:k], start=1) if one in relevant]
        ideal = _gain(range(1, min(k, len(relevant)) + 1))
        want = _gain(hits) / ideal if ideal else 0.0
        if abs(got - want) > 1e-6:
            _name_the_mistake(shown, ranked, relevant, k, hits, want, got)


def _name_the_mistake(
    shown: str,
    ranked: list[str],
    relevant: set[str],
    k: int,
    hits: list[int],
    want: float,
    got: float,
) -> None:
    said = f"{shown} must be {want:.4f}, got {got:.4f}."
    everywhere = [place for place, one in enumerate(ranked, start=1) if one in relevant]
    full = _gain(range(1, min(k, len(relevant)) + 1))
    mistakes = [
        (_gain(hits), "That is the sum before it is divided by the best possible sum."),
        (
            _gain(hits) / _gain(range(1, k + 1)),
            "Only {r} are relevant: the best list has {r} hits, not k.",
        ),
        (
            _gain(hits) / max(_gain(range(1, len(relevant) + 1)), 1e-9),
            "The best list is cut at k too: it holds at most k hits.",
        ),
        (_gain(everywhere) / max(full, 1e-9), "Places after k must not count."),
        (
            len(hits) / max(min(k, len(relevant)), 1),
            "A hit at place 1 must count more than one at place k.",
        ),
        (
            sum(1 / math.log2(p + 2) for p in hits) / max(full, 1e-9),
            "The hit at place 1 counts 1 / log2(2) = 1: your places are off by one.",
        ),
    ]
    for value, why in mistakes:
        if abs(got - value) < 1e-6:
            reject(f"{said} {why.format(r=len(relevant))}")
    reject(said)


def _ndcg_with_arrays(ranked: Any, relevant: Any, k: int) -> np.floating[Any] | float:
    gains = np.isin(np.array(ranked[:k], dtype=object), list(relevant)).astype(float)
    # Natural logarithms: the base cancels.
    discount = 1 / np.log(np.arange(2, k + 2))
    best = discount[: len(relevant)].sum()
    return (gains * discount[: len(gains)]).sum() / best if best else 0.0


def _ndcg_with_a_loop(ranked: Any, relevant: Any, k: int) -> float:
    got = best = 0.0
    for place in range(k):
        weight = 1 / math.log2(place + 2)
        if place < len(ranked) and ranked[place] in relevant:
            got += weight
        if place < len(relevant):
            best += weight
    return got / best if best else 0.0


def _hits(ranked: Any, relevant: Any, k: int) -> list[int]:
    return [place for place, one in enumerate(ranked[:k], start=1) if one in relevant]


def _wrong_not_divided(ranked: Any, relevant: Any, k: int) -> float:
    return _gain(_hits(ranked, relevant, k))


def _wrong_ideal_of_k(ranked: Any, relevant: Any, k: int) -> float:
    return _gain(_hits(ranked, relevant, k)) / _gain(range(1, k + 1))


def _wrong_ideal_uncut(ranked: Any, relevant: Any, k: int) -> float:
    return _gain(_hits(ranked, relevant, k)) / (_gain(range(1, len(relevant) + 1)) or 1.0)


def _wrong_k_ignored(ranked: Any, relevant: Any, k: int) -> float:
    ideal = _gain(range(1, min(k, len(relevant)) + 1)) or 1.0
    return _gain(_hits(ranked, relevant, len(ranked))) / ideal


def _wrong_no_discount(ranked: Any, relevant: Any, k: int) -> float:
    return len(_hits(ranked, relevant, k)) / max(min(k, len(relevant)), 1)


def _wrong_off_by_one(ranked: Any, relevant: Any, k: int) -> float:
    ideal = _gain(range(1, min(k, len(relevant)) + 1)) or 1.0
    return sum(1 / math.log2(place + 2) for place in _hits(ranked, relevant, k)) / ideal


# ------------------------------------------------------------------------- the tasks

TASKS = [
    Task(
        id="51.1",
        prompt="Read a ratings file into (user, product, rating, time) rows.",
        check_answer=check_read_ratings,
        hints=(
            "pandas.read_csv guesses types: an id that looks like a number becomes one. Its "
            "argument dtype says otherwise, column by column.",
            'pd.read_csv(file, dtype={"user_id": str, "product_id": str}) keeps the ids. Look at '
            "all ratings before you return: Series.between(1, 5) is True inside the scale.",
            "frame.itertuples(index=False, name=None) gives plain tuples in the file's order. "
            "Raise ValueError if not frame['rating'].between(1, 5).all().",
        ),
        right=[_read_with_csv, _read_by_hand],
        wrong=[
            Wrong(_article_reads, "load_from_f主义格", "E45", status="error"),
            Wrong(_article_reads_with_its_name_mended, "filename", "E46", status="error"),
            Wrong(_article_reads_without_separator, "Impossible to parse", "E47", status="error"),
            Wrong(_wrong_number_ids, "must be the text '0042', got int", "E52", silent=True),
            Wrong(_wrong_zeros_lost, "Leading zeros", silent=True),
            Wrong(_wrong_first_row_lost, "one is lost", silent=True),
            Wrong(_wrong_time_dropped, "The time stamp is dropped", "E47", silent=True),
            Wrong(_wrong_library_rows, "time must be the whole number", "E47", silent=True),
            Wrong(_wrong_whole_ratings, "expected rating 4.5", silent=True),
            Wrong(_wrong_sorted, "Row 3: expected user '1001', got '0042'", silent=True),
            Wrong(_wrong_scale_clipped, "must raise a ValueError", "E60", silent=True),
        ],
        insight="Ids are names, not numbers: read them as text, and keep the time stamp.",
        errata=ERRATA,
        crashes=CRASHES,
    ),
    Task(
        id="51.2",
        prompt="Score one pair; refuse ids that are numbers or unknown.",
        check_answer=check_score,
        hints=(
            "Three questions before predict: is each id text, does the training set know the "
            "user, does it know the product?",
            "trainset.to_inner_uid(user) and to_inner_iid(product) raise ValueError for an id "
            "they do not know; you want a KeyError instead. predict has an argument clip.",
            "isinstance(user, str) first, else raise TypeError. Then try the two look-ups, and "
            "turn their ValueError into KeyError. Last: predict(user, product, clip=False).est",
        ),
        right=[_score_by_trainset, _score_by_details],
        wrong=[
            Wrong(
                _article_scores,
                "what the library says of any stranger. An id that is a number",
                "E52",
                silent=True,
            ),
            Wrong(_wrong_converts_ids, "must raise a TypeError; yours returned float", silent=True),
            Wrong(_wrong_unknown_user_gets_mean, "The user is unknown", "E62", silent=True),
            Wrong(_wrong_unknown_product_unnoticed, "The product is unknown", silent=True),
            Wrong(_wrong_clipped, "cut off at the end of the scale", "E59", silent=True),
            Wrong(_wrong_swapped, "That is the mean of all ratings", silent=True),
            Wrong(_wrong_rounded, "must be", silent=True),
        ],
        insight="Surprise answers for ids it has never seen. Your code has to ask first.",
        errata=ERRATA,
    ),
    Task(
        id="51.3",
        prompt="Train on every row with a seed, and score a list of products.",
        check_answer=check_train_and_score,
        hints=(
            "cross_validate is for judging settings. What you recommend with is fitted once more, "
            "on everything.",
            "Dataset.load_from_df(frame, Reader(rating_scale=(1, 5))) takes a frame with the three "
            "columns user, product, rating in this order; build_full_trainset() uses all its rows.",
            "SVD(n_epochs=200, random_state=seed).fit(data.build_full_trainset()), then one "
            "predict(user, product, clip=False).est for each product, in the order given.",
        ),
        right=[_train_from_factors, _train_and_estimate],
        wrong=[
            Wrong(_article_trains, "has not seen all rows", "E51", silent=True),
            Wrong(_wrong_no_seed, "Two calls with seed=1 differ", "E61", silent=True),
            Wrong(_wrong_fixed_seed, "seed=1 and seed=2 give the same", silent=True),
            Wrong(_wrong_number_id, "got the same score", "E52", silent=True),
            Wrong(_wrong_clips, "it was clipped", "E59", silent=True),
            Wrong(_wrong_best_first, "their order is not", silent=True),
            Wrong(_wrong_no_biases, "all else as it comes", silent=True),
        ],
        insight="Judge settings with folds; recommend with a model that saw every row.",
        errata=ERRATA,
    ),
    Task(
        id="51.4",
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
            Wrong(_wrong_keeps_rated, "has rated already", "E54", silent=True),
            Wrong(_wrong_worst_first, "begins with the worst", silent=True),
            Wrong(_wrong_cut_first, "cut afterwards", silent=True),
            Wrong(_wrong_clip_ties, "clipping made them equal", "E59", silent=True),
            Wrong(_wrong_inner_ids, "inner id", silent=True),
            Wrong(_wrong_no_cut, "at most", silent=True),
            Wrong(_wrong_popular, "place 1 must be", silent=True),
        ],
        insight="predict rates one pair. A recommendation is: leave out, score, sort, cut.",
        errata=ERRATA,
    ),
    Task(
        id="51.5",
        prompt="NDCG@k of one ranked list, every relevant product counting the same.",
        check_answer=check_ndcg,
        hints=(
            "Two sums: what your list earns, and what the best list could earn. NDCG is their "
            "ratio.",
            "A hit at place p (from 1) earns 1 / log2(p + 1). The best list has its hits on the "
            "first places. How many hits can it have within k?",
            "The best list has min(k, len(relevant)) hits, at places 1, 2, 3 ... Return 0.0 where "
            "that is 0.",
        ),
        right=[_ndcg_with_arrays, _ndcg_with_a_loop],
        wrong=[
            Wrong(_wrong_not_divided, "before it is divided", silent=True),
            Wrong(_wrong_ideal_of_k, "not k", silent=True),
            Wrong(_wrong_ideal_uncut, "cut at k too", silent=True),
            Wrong(_wrong_k_ignored, "after k must not count", silent=True),
            Wrong(_wrong_no_discount, "must count more", silent=True),
            Wrong(_wrong_off_by_one, "off by one", silent=True),
        ],
        insight="The base of the logarithm cancels; the cut of the ideal list at k does not.",
        errata=ERRATA,
    ),
]
