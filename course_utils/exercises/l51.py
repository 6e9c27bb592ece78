"""Lesson 51: the checks of its five tasks, their hints, and the answers that prove them."""

from __future__ import annotations

import csv
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from surprise import SVD, Dataset, Prediction, Reader
from surprise.model_selection import cross_validate

from course_utils.exercises.engine import Task, Wrong, as_list, as_number, reject, shorten

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


def _apart(want: float, got: float) -> tuple[str, str]:
    """Both as text, with as many digits as it takes to see that they differ."""
    for digits in range(4, 12):
        texts = f"{want:.{digits}f}", f"{got:.{digits}f}"
        if texts[0] != texts[1]:
            return texts
    return repr(want), repr(got)


def _is_rounded(want: Any, got: Any) -> bool:
    """Whether got is want with 0 to 5 decimals."""
    return any(np.allclose(np.round(want, d), got, rtol=0, atol=1e-9) for d in range(6))


def _same(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=0, atol=1e-6)


# ---------------------------------------------------------------- 51.1 read the file

Row = tuple[str, str, float, int]


def _draw_rows(users: list[str], products: list[str], seed: int) -> list[Row]:
    """12 rows, each pair once, the first of all with zeros in front."""
    draw = np.random.default_rng(seed)
    pairs = [(user, product) for user in users for product in products]
    chosen = [0, *(1 + draw.choice(len(pairs) - 1, size=11, replace=False))]
    ratings = [4.5, 1.0, 5.0, 2.25]
    times = draw.integers(10**9, 17 * 10**8, size=12)
    return [(*pairs[at], ratings[k % 4], int(times[k])) for k, at in enumerate(chosen)]


NUMERIC = _draw_rows(["0042", "42", "1001", "7"], ["0007", "7", "50", "300"], 510)
_LETTERS = _draw_rows(["00x1", "u-9", "0815", "42"], ["p-7", "007", "B12", "50"], 511)
LETTERS = [*_LETTERS, _LETTERS[2], (*_LETTERS[4][:2], 2.25, _LETTERS[4][3] + 60)]
"""One row stands twice, one pair is rated twice; every row counts."""


def _ratings_file(folder: str, rows: list[Row]) -> str:
    file = Path(folder) / "ratings.csv"
    lines = ["user_id,product_id,rating,timestamp"]
    lines += [f"{user},{product},{rating:g},{time}" for user, product, rating, time in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def check_read_ratings(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in (NUMERIC, LETTERS, LETTERS[:1]):
            _check_rows(as_list(answer(_ratings_file(folder, rows)), "read_ratings(file)"), rows)
        for bad in (0.0, 0.5, 5.5, 6.0):
            for place, name in [(0, "first"), (6, "middle"), (len(LETTERS), "last")]:
                rows = list(LETTERS)
                rows.insert(place, ("u-9", "p-8", bad, 1704180500))
                _check_scale(answer, _ratings_file(folder, rows), bad, name, len(rows))


def _check_scale(answer: Any, file: str, bad: float, name: str, count: int) -> None:
    raised = answer.raised(file)
    if isinstance(raised, ValueError):
        return
    said = (
        f"A file with a rating of {bad:g} in its {name} row must raise a ValueError, since the "
        "scale is 1 to 5; yours"
    )
    if raised is not None:
        reject(f"{said} raised {type(raised).__name__}.")
    got = answer(file)
    if not isinstance(got, (list, tuple)) or len(got) != count:
        reject(f"{said} returned {shorten(got)}.")
    reject(f"{said} returned {count} rows.", "E60")


def _check_rows(got: list[Any], rows: list[Row]) -> None:
    if len(got) == 4 and all(
        isinstance(one, (list, tuple, np.ndarray, pd.Series)) and len(one) == len(rows)
        for one in got
    ):
        reject(f"You return four columns of {len(rows)} values; return one tuple for each row.")
    if len(got) != len(rows):
        reject(
            f"The file has {len(rows)} row{'s'[: len(rows) - 1]} below its header, you return "
            f"{len(got)}. Each counts, also the first, the last and one that repeats another."
        )
    for number, (row, want) in enumerate(zip(got, rows, strict=True), start=1):
        _check_row(number, row, want)


def _is_number(value: Any, want: float) -> bool:
    """Whether value is one plain number and equals want."""
    plain = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return plain and bool(value == want)


def _check_row(number: int, row: Any, want: Row) -> None:
    if not isinstance(row, (tuple, list, np.ndarray, pd.Series)) or len(row) != 4:
        said = f"Row {number} must be (user, product, rating, time), got {shorten(row)}."
        if isinstance(row, (tuple, list)) and len(row) == 3 and _is_number(row[2], want[2]):
            reject(f"{said} The time stamp is dropped.", "E47")
        reject(said)
    row = list(row)
    for what, got, text in zip(("user", "product"), row[:2], want[:2], strict=True):
        if not isinstance(got, str):
            same = text.isdigit() and _is_number(got, int(text))
            reject(
                f"Row {number}: the {what} id must be the text {text!r}, got {shorten(got)}.",
                "E52" if same else None,
            )
        if got != text:
            zeros = " Leading zeros are part of an id." if got == text.lstrip("0") else ""
            reject(f"Row {number}: expected {what} {text!r}, got {got!r}.{zeros}")
    for what, got, value in [("rating", row[2], want[2]), ("time", row[3], want[3])]:
        said = f"Row {number}: the {what} must be the number {value}, got {shorten(got)}"
        if isinstance(got, str):
            reject(f"{said}, which is text.")
        if got is None:
            reject(f"{said}.", "E47" if what == "time" else None)
        if as_number(got, f"The {what} of row {number}") != value:
            reject(f"{said}.")


def _csv_rows(file: str) -> list[Row]:
    with open(file, newline="", encoding="utf-8") as lines:
        return [
            (r["user_id"], r["product_id"], float(r["rating"]), int(r["timestamp"]))
            for r in csv.DictReader(lines)
        ]


def _read_with_csv(file: str) -> list[Row]:
    rows = _csv_rows(file)
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


def _wrong_number_ids(file: str) -> list[tuple[Any, ...]]:
    return list(pd.read_csv(file).itertuples(index=False, name=None))


def _wrong_zeros_lost(file: str) -> list[tuple[Any, ...]]:
    return [(str(u), str(p), float(r), int(t)) for u, p, r, t in _wrong_number_ids(file)]


def _wrong_library_rows(file: str) -> list[tuple[Any, ...]]:
    reader = Reader(sep=",", skip_lines=1, rating_scale=(1, 5))
    return Dataset.load_from_file(file, reader).raw_ratings


def _reader(change: Callable[[list[Row]], Any]) -> Callable[[str], Any]:
    """Reads as it should, then changes the rows."""

    def read(file: str) -> Any:
        return change(_read_with_csv(file))

    return read


MISREAD: dict[str, Callable[[list[Row]], Any]] = {
    "has 12 rows below its header, you return 11": lambda rows: rows[1:],
    "has 14 rows below its header, you return 13": lambda rows: list(dict.fromkeys(rows)),
    "has 14 rows below its header, you return 12": lambda rows: list(
        {row[:2]: row for row in rows}.values()
    ),
    "four columns": lambda rows: list(zip(*rows, strict=True)),
    "got tuple ('0042', '0007', 1": lambda rows: [(*row[:2], row[3]) for row in rows],
    "must be the text '0042', got int 0": lambda rows: [
        (at, *row[1:]) for at, row in enumerate(rows)
    ],
    "which is text": lambda rows: [(*row[:3], str(row[3])) for row in rows],
    "the time must be": lambda rows: [(*row[:3], row[3] // 10 * 10) for row in rows],
    "4.5, got int 4": lambda rows: [(*row[:2], int(row[2]), row[3]) for row in rows],
    "2.25, got float 2.2": lambda rows: [(*row[:2], round(row[2], 1), row[3]) for row in rows],
    "Row 1: expected": lambda rows: sorted(rows, key=lambda row: row[3]),
}


def _judges(is_bad: Callable[[list[float]], bool]) -> Callable[[str], Any]:
    """Reads as it should, with another idea of what is outside the scale."""

    def read(file: str) -> list[Row]:
        rows = _csv_rows(file)
        if is_bad([row[2] for row in rows]):
            raise ValueError
        return rows

    return read


MISJUDGED: dict[str, Callable[[list[float]], bool]] = {
    "0 in its first": lambda ratings: False,
    "0 in its middle": lambda ratings: not 1 <= ratings[0] <= 5,
    "0 in its last": lambda ratings: any(not 1 <= one <= 5 for one in ratings[:-1]),
    "0.5 in its first": lambda ratings: any(not 0 < one <= 5 for one in ratings),
    "5.5 in its first": lambda ratings: any(not 1 <= int(one) <= 5 for one in ratings),
    "6 in its first": lambda ratings: min(ratings) < 1 or 5 < max(ratings) < 6,
}


def _wrong_exception(file: str) -> list[Row]:
    rows = _csv_rows(file)
    assert all(1 <= row[2] <= 5 for row in rows)
    return rows


def _wrong_single_row(file: str) -> Any:
    rows = _read_with_csv(file)
    return rows if len(rows) > 1 else rows[0]


def _wrong_leaves_bad_out(file: str) -> list[Row]:
    return [row for row in _csv_rows(file) if 1 <= row[2] <= 5]


def _article_reads(file: str) -> Any:
    return Dataset.load_from_f主义格(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_with_its_name_mended(file: str) -> Any:
    return Dataset.load_from_file(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_without_separator(file: str) -> Any:
    return Dataset.load_from_file(file, reader=Reader(rating_scale=(1, 5))).raw_ratings


# ------------------------------------------------------------- 51.2 score one pair

SMALL_PRODUCTS = [*map(str, range(1, 17)), "p-7", "p-19", "0020", "21"]


def _small_model() -> SVD:
    """A fitted model of 12 users and 20 products, with scores below 1 and above 5.

    User 1002 rated two products, 1006 all but two, 1007 every one.
    """
    draw = np.random.default_rng(51)
    sizes = {"1002": 2, "1006": 18, "1007": 20}
    rows = []
    for user in map(str, range(1001, 1013)):
        size = sizes.get(user, int(draw.integers(5, 12)))
        for item in draw.choice(20, size=size, replace=False):
            rating = float(draw.integers(1, 6))
            if user == "1003" or item > 13:
                rating = 5.0
            if user == "1004" or item < 3:
                rating = 1.0
            rows.append((user, SMALL_PRODUCTS[item], rating))
    trainset = _data_of(rows).build_full_trainset()
    return SVD(n_factors=4, n_epochs=120, lr_all=0.02, random_state=0).fit(trainset)


def _data_of(rows: Any) -> Any:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating"])
    return Dataset.load_from_df(frame, Reader(rating_scale=(1, 5)))


def check_score(answer: Any) -> None:
    model = _small_model()
    pairs = [("1001", "3"), ("1005", "p-7"), ("1003", "9"), ("1004", "1"), ("1002", "0020")]
    wants = [float(model.predict(*pair, clip=False).est) for pair in pairs]
    gots = [as_number(answer(model, *pair), f"The score of {pair}") for pair in pairs]
    for (user, product), want, got in zip(pairs, wants, gots, strict=True):
        if abs(got - want) < 1e-6:
            continue
        shown = _apart(want, got)
        said = f"score(algo, {user!r}, {product!r}) must be {shown[0]}, got {shown[1]}."
        if _is_rounded(wants, gots):
            reject(f"{said} Do not round.")
        if want > 5 and got == 5:
            reject(f"{said} It was cut off at the end of the scale: predict clips.", "E59")
        if want < 1 and got == 1:
            reject(f"{said} It was cut off at the lower end of the scale.")
        if abs(got - model.trainset.global_mean) < 1e-6:
            reject(f"{said} That is the mean of all ratings, for a pair the model knows.")
        reject(said)
    draw = np.random.default_rng(512)
    letters, digits = f"q{draw.integers(10**6)}x", str(draw.integers(10**6, 10**7))
    number = "An id that is not a string is a mistake to report, not to mend or to overlook."
    first = "Look at the types of both ids before you look them up."
    not_text: list[tuple[Any, Any, str, str | None]] = [
        (1001, 3, number, "E52"),
        (1001, "3", number, "E52"),
        ("1001", 3, number, "E52"),
        (np.int64(1001), "3", number, "E52"),
        ("1001", np.int64(3), number, "E52"),
        (None, "3", number, None),
        ("1001", None, number, None),
        (letters, 3, first, None),
        (1001, letters, first, None),
    ]
    for one, other, why, erratum in not_text:
        _must_raise(answer, model, (one, other), TypeError, why, erratum)
    for unknown in (letters, digits):
        _must_raise(answer, model, (unknown, "3"), KeyError, "The user is unknown.", "E62")
        _must_raise(answer, model, ("1001", unknown), KeyError, "The product is unknown.", None)
        _must_raise(answer, model, (unknown, unknown), KeyError, "Both are unknown.", None)
    known = "Both ids are known, the user as a product and the product as a user."
    _must_raise(answer, model, ("3", "1001"), KeyError, known, None)


def _must_raise(
    answer: Any,
    model: SVD,
    pair: tuple[Any, Any],
    kind: type[Exception],
    why: str,
    erratum: str | None,
) -> None:
    call = f"score(algo, {pair[0]!r}, {pair[1]!r}) must raise a {kind.__name__}"
    raised = answer.raised(model, *pair)
    if isinstance(raised, kind):
        return
    if raised is not None:
        reject(f"{call}, yours raised {type(raised).__name__}. {why}")
    got = answer(model, *pair)
    fallback = model.predict(*pair, clip=False).est
    if isinstance(got, (float, np.floating)) and abs(got - fallback) < 1e-6:
        said = f"{got:.3f}, what the library says of any stranger"
        reject(f"{call}; yours returned {said}. {why}", erratum)
    reject(f"{call}; yours returned {shorten(got)}. {why}")


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


def _wrong_rejects_int_only(algo: SVD, user: Any, product: Any) -> float:
    if type(user) is int or type(product) is int:
        raise TypeError
    return _score_by_details(algo, str(user), str(product))


def _wrong_looks_up_first(algo: SVD, user: Any, product: Any) -> float:
    if user not in algo.trainset._raw2inner_id_users and isinstance(user, str):
        raise KeyError(user)
    return _score_by_trainset(algo, user, product)


def _wrong_unknown_user_gets_mean(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    algo.trainset._raw2inner_id_items[product]
    return algo.predict(user, product, clip=False).est


def _wrong_unknown_product_unnoticed(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    algo.trainset._raw2inner_id_users[user]
    return algo.predict(user, product, clip=False).est


def _wrong_one_set_of_ids(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    known = {**algo.trainset._raw2inner_id_users, **algo.trainset._raw2inner_id_items}
    known[user], known[product]
    return algo.predict(user, product, clip=False).est


def _wrong_swapped(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    return algo.predict(product, user, clip=False).est


def _scores(change: Callable[[float], float]) -> Callable[[SVD, str, str], float]:
    """Scores as it should, then changes the score."""

    def score(algo: SVD, user: str, product: str) -> float:
        return change(float(_score_by_details(algo, user, product)))

    return score


# ------------------------------------------------------------ 51.3 train on every row


def _history() -> tuple[list[tuple[str, str, float]], list[str]]:
    """Rows of 90 products and a shuffled list of most of them.

    Most products have one row: if it is missed, the product has no score of its own. User 1001
    praises everything, user 1004 nothing. One row stands twice, one pair is rated twice.
    """
    draw = np.random.default_rng(513)
    fixed = {"1001": 5.0, "1004": 1.0}
    rows = []
    for number in range(90):
        user = str(1001 + (number % 6))
        rows.append((user, str(1 + number), fixed.get(user, float(draw.integers(1, 6)))))
    rows += [rows[2], (*rows[4][:2], 6 - rows[4][2])]
    listed = [str(one) for one in 1 + draw.permutation(90)[:80]]
    return rows, [*listed[:40], listed[7], *listed[40:]]


Call = tuple[str, int]
CALLS: list[Call] = [("1002", 1), ("1002", 2), ("1001", 1), ("1004", 7)]


def _full_scores(rows: Any, products: list[str], call: Call, clip: bool = False) -> np.ndarray:
    model = _model_of(rows, random_state=call[1])
    return np.array([model.predict(call[0], product, clip=clip).est for product in products])


def check_train_and_score(answer: Any) -> None:
    rows, products = _history()
    got = {call: _checked_scores(answer, rows, call, products) for call in CALLS}
    want = {call: _full_scores(rows, products, call) for call in CALLS}
    wrong = [call for call in CALLS if not _same(got[call], want[call])]
    if not wrong:
        return

    def explains(change: Callable[[np.ndarray], Any]) -> bool:
        return all(_same(change(want[call]), got[call]) for call in CALLS)

    call = wrong[0]
    _check_strangers(rows, products, call, got[call])
    mine, true = got[call], want[call]
    at = int(np.abs(mine - true).argmax())
    shown = _apart(true[at], mine[at])
    said = (
        f"For user {call[0]!r} and seed={call[1]} product {products[at]!r} must score {shown[0]}, "
        f"got {shown[1]}."
    )
    if all(_is_rounded(want[one], got[one]) for one in CALLS):
        reject(f"{said} Do not round.")
    if all(_same(np.sort(got[one]), np.sort(want[one])) for one in CALLS):
        reject(f"{said} The scores are right, their order is not: score k is of products[k].")
    for one in CALLS:
        _check_ties(products, got[one])
    again = _checked_scores(answer, rows, call, products)
    if not np.allclose(mine, again, rtol=0, atol=1e-9):
        gap = np.abs(mine - again).max()
        reject(
            f"Two calls with seed={call[1]} differ by up to {gap:.3g}: something is drawn without "
            "the seed.",
            "E61",
        )
    if explains(lambda scores: scores.clip(1, 5)) or explains(lambda scores: scores.clip(max=5)):
        reject(f"{said} It was clipped at the end of the scale.", "E59")
    if explains(lambda scores: scores.clip(min=1)):
        reject(f"{said} It was cut off at the lower end of the scale.")
    if np.allclose(got[CALLS[0]], got[CALLS[1]], rtol=0, atol=1e-9):
        reject(f"{said} seed=1 and seed=2 give the same; random_state=seed tells them apart.")
    once = [dict.fromkeys(rows), {row[:2]: row for row in rows}.values()]
    if any(_same(_full_scores(kept, products, call), mine) for kept in once):
        reject(f"{said} You leave out rows that repeat a user and a product; every row counts.")
    reject(f"{said} Use SVD(n_epochs=200, random_state=seed), all else as it comes.")


def _check_strangers(rows: Any, products: list[str], call: Call, got: np.ndarray) -> None:
    """Reject what a right model says of ids that are numbers."""
    model = _model_of(rows, random_state=call[1])
    user, number = call[0], int(call[0])
    asked: list[tuple[str, Any, Callable[[str], Any]]] = [
        ("predict(int(user), int(product))", number, int),
        ("predict(int(user), product)", number, str),
        ("predict(user, int(product))", user, int),
    ]
    for text, person, kind in asked:
        for clip in (False, True):
            said = [model.predict(person, kind(product), clip=clip).est for product in products]
            if _same(said, got):
                reject(
                    f"Your scores for user {user!r} are what {text} gives: those of an id that "
                    f"the model does not know. {user!r} and {number} are two ids.",
                    "E52",
                )
    if np.ptp(got) == 0:
        reject(f"All products got the same score for user {user!r}, {got[0]:.3f}.")


def _check_ties(products: list[str], got: np.ndarray) -> None:
    """Reject the one score that a model has for all products it has not seen."""
    scores = np.array(list(dict(zip(products, got, strict=True)).values()))
    values, counts = np.unique(scores, return_counts=True)
    tied = (counts > 1) & (values != 1) & (values != 5)
    if tied.sum() == 1 and counts[tied][0] < len(scores) / 2:
        reject(
            f"{counts[tied][0]} products share the score {values[tied][0]:.3f}, which a model "
            "gives to all products it does not know: it has not seen all rows.",
            "E51",
        )


def _checked_scores(answer: Any, rows: Any, call: Call, products: list[str]) -> np.ndarray:
    got = as_list(answer(rows, call[0], products, call[1]), "train_and_score(...)")
    if len(got) != len(products):
        reject(f"{len(products)} ids in products need {len(products)} scores, got {len(got)}.")
    return np.array(
        [as_number(one, f"The score of {p!r}") for one, p in zip(got, products, strict=True)]
    )


def _train_from_factors(rows: Any, user: str, products: list[str], seed: int) -> np.ndarray:
    trainset = _data_of(rows).build_full_trainset()
    model = SVD(n_epochs=200, random_state=seed)
    model.fit(trainset)
    inner = [trainset.to_inner_iid(product) for product in products]
    person = trainset.to_inner_uid(user)
    bias = trainset.global_mean + model.bu[person] + model.bi[inner]
    return bias + model.qi[inner] @ model.pu[person]


def _train_and_estimate(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = SVD(random_state=seed, n_epochs=200).fit(_data_of(rows).build_full_trainset())
    return [
        model.estimate(model.trainset.to_inner_uid(user), model.trainset.to_inner_iid(product))
        for product in products
    ]


def _model_of(rows: Any, **settings: Any) -> SVD:
    return SVD(n_epochs=200, **settings).fit(_data_of(list(rows)).build_full_trainset())


def _article_trains(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = SVD(n_epochs=200, random_state=seed)
    cross_validate(model, _data_of(rows), cv=5)
    return [model.predict(user, product, clip=False).est for product in products]


def _trains(
    rows_of: Callable[[Any], Any] = list,
    change: Callable[[Any], Any] = list,
    ids: tuple[Callable[[str], Any], Callable[[str], Any]] = (str, str),
    **settings: Any,
) -> Callable[..., Any]:
    """Trains as it should but for one thing."""

    def train(rows: Any, user: str, products: list[str], seed: int) -> Any:
        model = _model_of(rows_of(rows), **{"random_state": seed, **settings})
        asked = [(ids[0](user), ids[1](product)) for product in products]
        return change(np.array([model.predict(*one, clip=False).est for one in asked]))

    return train


def _wrong_each_once(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    return _train_and_estimate(rows, user, list(dict.fromkeys(products)), seed)


# ------------------------------------------------------------------ 51.4 the best n

Ranking = tuple[str, list[str], list[str], dict[str, float]]


def check_top_n(answer: Any) -> None:
    model = _small_model()
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
    _check_order(rankings)


def _ranking(answer: Any, model: SVD, user: str, n: int) -> Ranking:
    """One call: what it gives, what it should, and all scores; rejects what is no ranking."""
    rated = _rated_by(model, user)
    scores = {p: score for score, p in _all_scored(model, user)}
    want = sorted((p for p in scores if p not in rated), key=lambda p: -scores[p])[:n]
    call = f"top_n(algo, {user!r}, {n})"
    raw = answer(model, user, n)
    _check_predictions(call, raw, n)
    got = as_list(raw, call)
    for one in got:
        if not isinstance(one, str):
            _reject_element(call, one)
    strangers = [one for one in got if one not in scores]
    if strangers:
        reject(f"{call} holds {strangers[0]!r}, which is in no rating.")
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
    return call, got, want, scores


def _check_predictions(call: str, raw: Any, n: int) -> None:
    """Reject what predict returns, alone or in a list."""
    if isinstance(raw, Prediction):
        found = [raw]
    elif isinstance(raw, (list, tuple)):
        found = [one for one in raw if isinstance(one, Prediction)]
    else:
        found = []
    if not found:
        return
    if len(found) == 1 and str(found[0].iid) == str(n):
        reject(
            f"{call} gave one Prediction, about one product. predict rates a single pair; "
            "score every product, then sort.",
            "E53",
        )
    reject(f"{call} must hold ids; it holds a Prediction. Its field iid is the id.")


def _reject_element(call: str, one: Any) -> None:
    said = f"{call} must hold raw ids such as 'p-7'; it holds {shorten(one)}."
    if isinstance(one, (tuple, list)) and len(one) == 2:
        reject(f"{said} Return the ids alone, without what you sorted by.")
    if isinstance(one, (int, np.integer)):
        reject(f"{said} Is it an inner id? trainset.to_raw_iid turns it back.")
    reject(said)


def _check_order(rankings: list[Ranking]) -> None:
    pairs = [
        (np.array([scores[one] for one in got]), np.array([scores[one] for one in want]))
        for _, got, want, scores in rankings
    ]
    wrong = [k for k, (mine, best) in enumerate(pairs) if not _same(mine, best)]
    if not wrong:
        return
    call, got, want, _ = rankings[wrong[0]]
    mine, best = pairs[wrong[0]]
    place = int(np.argmax(np.abs(best - mine) > 1e-6))
    said = (
        f"{call}: place {place + 1} must be {want[place]!r} (score {best[place]:.3f}), not "
        f"{got[place]!r} (score {mine[place]:.3f})."
    )
    if all(_same(mine[::-1], best) for mine, best in pairs):
        reject(f"{said} The products are right, but the worst of them comes first.")
    if all((np.diff(mine) >= 0).all() for mine, _ in pairs):
        reject(f"{said} Your list begins with the worst.")
    if all(_same(mine.clip(1, 5), best.clip(1, 5)) for mine, best in pairs):
        top = bool(best[place] > 5)
        reject(
            f"{said} Both are {'above 5' if top else 'below 1'}, and clipping made them equal: "
            "use clip=False.",
            "E59" if top else None,
        )
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


def _wrong_no_cut(algo: SVD, user: str, n: int) -> list[str]:
    return _top_by_matrix(algo, user, 10_000)


def _wrong_missing_id(algo: SVD, user: str, n: int) -> list[Any]:
    return [*_top_by_matrix(algo, user, n)[:-1], pd.NA]


def _wrong_popular(algo: SVD, user: str, n: int) -> list[str]:
    counts = {algo.trainset.to_raw_iid(i): len(r) for i, r in algo.trainset.ir.items()}
    return sorted((p for _, p in _unrated(algo, user)), key=lambda p: -counts[p])[:n]


# ---------------------------------------------------------------------- 51.5 NDCG

Case = tuple[list[str], set[str], int]

CASES: list[Case] = [
    (["b", "a", "c"], {"a"}, 3),
    (["a", "b", "c"], {"a"}, 3),
    (["b", "c", "a", "d"], {"a", "d"}, 3),
    (["a", "b", "c", "d", "e"], {"a", "b", "c", "d"}, 2),
    (["x", "a", "y", "b", "z"], {"a", "b", "q"}, 5),
    (["a", "b"], {"a", "b", "c"}, 5),
    (["x", "y", "a"], {"a"}, 2),
    (["x", "y"], set(), 2),
    ([], {"a"}, 3),
    (["a", "b"], {"b", "c"}, 1),
    (["a", "b", "c"], {"a", "c"}, 1),
    (["c", "x", "a"], set("abcdefghij"), 9),
]


def _more_cases() -> list[Case]:
    draw = np.random.default_rng(515)
    ids = list("abcdefghijkl")
    cases = []
    for _ in range(20):
        ranked = [str(one) for one in draw.permutation(ids)[: draw.integers(1, 9)]]
        relevant = {str(one) for one in draw.permutation(ids)[: draw.integers(1, 11)]}
        cases.append((ranked, relevant, int(draw.integers(1, 11))))
    return cases


def _gain(places: Any, shift: int = 1) -> float:
    return sum(1 / math.log2(place + shift) for place in places)


def _hits(ranked: list[str], relevant: set[str], k: int) -> list[int]:
    return [place for place, one in enumerate(ranked[:k], start=1) if one in relevant]


def _best(count: int, shift: int = 1) -> float:
    """What a list of this many hits earns; 1.0 for none, to divide by."""
    return _gain(range(1, count + 1), shift) or 1.0


def _ndcg(ranked: list[str], relevant: set[str], k: int) -> float:
    return _gain(_hits(ranked, relevant, k)) / _best(min(k, len(relevant)))


def _mistakes(ranked: list[str], relevant: set[str], k: int) -> dict[str, float]:
    """What the mistakes we know would return."""
    hits = _hits(ranked, relevant, k)
    found, possible, earned = len(hits), min(k, len(relevant)), _gain(hits)
    return {
        "You return the sum before it is divided by the best possible sum.": earned,
        "The best list has as many hits as there are relevant ids, not k.": earned / _best(k),
        "The best list is cut at k too: it holds at most k hits.": earned / _best(len(relevant)),
        "The best list is made of all relevant ids, not only of those that were found.": (
            earned / _best(found)
        ),
        "The best list is not cut at the length of ranked.": (
            earned / _best(min(possible, len(ranked)))
        ),
        "Places after k must not count.": (
            _gain(_hits(ranked, relevant, len(ranked))) / _best(possible)
        ),
        "A hit at place 1 must count more than one at place k.": found / (possible or 1),
        "A hit at place 1 counts 1 / log2(2) = 1: the places of your hits are off by one.": (
            _gain(hits, 2) / _best(possible)
        ),
        "A hit at place 1 counts 1 / log2(2) = 1: in both sums your places are off by one.": (
            _gain(hits, 2) / _best(possible, 2)
        ),
        "That is 1 / place of the first hit (reciprocal rank); here every hit earns.": (
            1 / min(hits, default=math.inf)
        ),
        "That is the hit rate: 1 for any hit, wherever it stands.": float(found > 0),
        "That is precision, the hits divided by k.": found / k,
        "That is recall, the hits divided by the number of relevant ids.": (
            found / (len(relevant) or 1)
        ),
    }


def check_ndcg(answer: Any) -> None:
    cases = [*CASES, *_more_cases()]
    shown = [
        f"ndcg({ranked}, {{{', '.join(map(repr, sorted(relevant)))}}}, {k})"
        if relevant
        else f"ndcg({ranked}, set(), {k})"
        for ranked, relevant, k in cases
    ]
    got = [as_number(answer(*case), call) for case, call in zip(cases, shown, strict=True)]
    want = [_ndcg(*case) for case in cases]
    wrong = [at for at in range(len(cases)) if abs(got[at] - want[at]) > 1e-6]
    if not wrong:
        return
    texts = _apart(want[wrong[0]], got[wrong[0]])
    said = f"{shown[wrong[0]]} must be {texts[0]}, got {texts[1]}."
    if _is_rounded(want, got):
        reject(f"{said} Do not round.")
    values = [_mistakes(*case) for case in cases]
    for why in values[0]:
        if _same([one[why] for one in values], got):
            reject(f"{said} {why}")
    if np.ptp(got) == 0:
        reject(f"{said} You return the same number for every list.")
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


def _wrong_not_divided(ranked: Any, relevant: Any, k: int) -> float:
    return sum(1 / np.log2(p + 2) for p, one in enumerate(ranked[:k]) if one in relevant)


def _ndcg_where(
    ideal: Callable[[Any, Any, int], int], shift: int = 1, ideal_shift: int = 1, cut: bool = True
) -> Callable[[Any, Any, int], float]:
    """NDCG with another number of hits in the best list, or another discount."""

    def ndcg(ranked: Any, relevant: Any, k: int) -> float:
        seen = ranked[:k] if cut else ranked
        got = sum(1 / np.log2(p + 1 + shift) for p, one in enumerate(seen) if one in relevant)
        places = range(ideal(ranked, relevant, k))
        best = sum(1 / np.log2(p + 1 + ideal_shift) for p in places)
        return float(got / best) if best else 0.0

    return ndcg


def _right_ideal(ranked: Any, relevant: Any, k: int) -> int:
    return min(k, len(relevant))


def _found(ranked: Any, relevant: Any, k: int) -> int:
    return len(set(ranked[:k]) & relevant)


def _wrong_first_hit(ranked: Any, relevant: Any, k: int) -> float:
    for place, one in enumerate(ranked[:k], start=1):
        if one in relevant:
            return 1 / place
    return 0.0


def _wrong_empty_is_perfect(ranked: Any, relevant: Any, k: int) -> float:
    return _ndcg_with_a_loop(ranked, relevant, k) if relevant else 1.0


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
            *(Wrong(_reader(change), says, silent=True) for says, change in MISREAD.items()),
            Wrong(_wrong_single_row, "has 1 row below", silent=True),
            Wrong(
                _reader(lambda rows: [row[:3] for row in rows]),
                "The time stamp is dropped",
                "E47",
                silent=True,
            ),
            Wrong(_wrong_library_rows, "got NoneType None", "E47", silent=True),
            *(
                Wrong(_judges(is_bad), f"{says} row must raise", "E60", silent=True)
                for says, is_bad in MISJUDGED.items()
            ),
            Wrong(_wrong_exception, "raised AssertionError"),
            Wrong(_wrong_leaves_bad_out, "yours returned list", silent=True),
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
                "what the library says of any stranger. An id that is not a string",
                "E52",
                silent=True,
            ),
            Wrong(_wrong_converts_ids, "must raise a TypeError; yours returned float", silent=True),
            Wrong(_wrong_rejects_int_only, "np.int64(1001), '3') must raise", silent=True),
            Wrong(_wrong_looks_up_first, "before you look them up"),
            Wrong(_wrong_unknown_user_gets_mean, "The user is unknown", "E62", silent=True),
            Wrong(_wrong_unknown_product_unnoticed, "The product is unknown", silent=True),
            Wrong(_wrong_one_set_of_ids, "the user as a product", silent=True),
            Wrong(
                _scores(lambda one: min(max(one, 1), 5)),
                "cut off at the end of the scale",
                "E59",
                silent=True,
            ),
            Wrong(_scores(lambda one: max(one, 1)), "cut off at the lower end", silent=True),
            Wrong(_wrong_swapped, "That is the mean of all ratings", silent=True),
            Wrong(_scores(lambda one: round(one, 1)), "Do not round", silent=True),
            Wrong(_scores(lambda one: round(one, 4)), "Do not round.", silent=True),
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
            Wrong(_trains(random_state=None), "Two calls with seed=1 differ", "E61", silent=True),
            Wrong(_trains(random_state=0), "seed=1 and seed=2 give the same", silent=True),
            Wrong(_trains(random_state=1), "random_state=seed tells them apart", silent=True),
            Wrong(_trains(ids=(int, int)), "predict(int(user), int(product))", "E52", silent=True),
            Wrong(_trains(ids=(int, str)), "predict(int(user), product)", "E52", silent=True),
            Wrong(_trains(ids=(str, int)), "predict(user, int(product))", "E52", silent=True),
            Wrong(_trains(change=np.ones_like), "All products got the same score", silent=True),
            Wrong(_trains(change=lambda one: one.clip(1, 5)), "It was clipped", "E59", silent=True),
            Wrong(_trains(change=lambda one: one.clip(1)), "cut off at the lower end", silent=True),
            Wrong(_trains(change=lambda one: one.round(2)), "Do not round", silent=True),
            Wrong(_trains(change=lambda one: -np.sort(-one)), "their order is not", silent=True),
            Wrong(_trains(dict.fromkeys), "You leave out rows", silent=True),
            Wrong(
                _trains(lambda rows: {row[:2]: row for row in rows}.values()),
                "You leave out rows that repeat",
                silent=True,
            ),
            Wrong(_wrong_each_once, "need 81 scores, got 80", silent=True),
            Wrong(_trains(biased=False), "all else as it comes", silent=True),
            Wrong(_trains(sorted), "SVD(n_epochs=200, random_state=seed), all", silent=True),
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
            Wrong(_article_recommends_in_a_list, "about one product", "E53", silent=True),
            Wrong(_wrong_predictions, "Its field iid is the id", silent=True),
            Wrong(_wrong_pairs, "Return the ids alone", silent=True),
            Wrong(_wrong_missing_id, "it holds NAType", silent=True),
            Wrong(_wrong_keeps_rated, "has rated already", "E54", silent=True),
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
            Wrong(_ndcg_where(lambda r, relevant, k: k), "ids, not k", silent=True),
            Wrong(_ndcg_where(lambda r, relevant, k: len(relevant)), "cut at k too", silent=True),
            Wrong(_ndcg_where(_found), "not only of those", silent=True),
            Wrong(
                _ndcg_where(lambda ranked, relevant, k: min(len(ranked), k, len(relevant))),
                "not cut at the length",
                silent=True,
            ),
            Wrong(_ndcg_where(_right_ideal, cut=False), "after k must not count", silent=True),
            Wrong(
                lambda r, relevant, k: _found(r, relevant, k) / max(min(k, len(relevant)), 1),
                "must count more",
                silent=True,
            ),
            Wrong(_ndcg_where(_right_ideal, shift=2), "your hits are off by one", silent=True),
            Wrong(
                _ndcg_where(_right_ideal, shift=2, ideal_shift=2),
                "in both sums your places are off by one",
                silent=True,
            ),
            Wrong(_wrong_first_hit, "reciprocal rank", silent=True),
            Wrong(lambda r, relevant, k: _found(r, relevant, k) > 0.5, "one number", silent=True),
            Wrong(
                lambda r, relevant, k: float(_found(r, relevant, k) > 0), "hit rate", silent=True
            ),
            Wrong(lambda r, relevant, k: _found(r, relevant, k) / k, "precision", silent=True),
            Wrong(
                lambda r, relevant, k: _found(r, relevant, k) / max(len(relevant), 1),
                "recall",
                silent=True,
            ),
            Wrong(lambda r, relevant, k: 1.0, "the same number for every list", silent=True),
            Wrong(_wrong_empty_is_perfect, "set(), 2) must be 0.0000, got 1.0000", silent=True),
            Wrong(
                lambda r, relevant, k: round(_ndcg_with_a_loop(r, relevant, k), 4),
                "Do not round",
                silent=True,
            ),
        ],
        insight="The base of the logarithm cancels; the cut of the ideal list at k does not.",
        errata=ERRATA,
    ),
]
