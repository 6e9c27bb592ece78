"""Lesson 51: its errata, and what the checks of several tasks need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set, ValuesView
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from surprise import SVD, Dataset, Prediction, Reader

from course_utils.exercises.asking import reject
from course_utils.exercises.reading import as_list, as_number
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

ERRATA = {
    "E45": "load_from_f主义格 is not a method",
    "E46": "the parameter is file_path, not filename",
    "E47": "the Reader knows neither separator, header nor time stamp",
    "E49": "SVD here is not the SVD of linear algebra, and unknown ratings are not zeros",
    "E51": "cross_validate leaves the model of its last fold",
    "E52": "raw ids are strings",
    "E53": "the second argument of predict is a product, not a number of products",
    "E54": "products the user already has are recommended again",
    "E55": "product attributes are asked for and never used",
    "E56": "what people did is not a rating",
    "E58": "random folds know the future, and repeated rows leak",
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


def count(number: int, what: str) -> str:
    """As text: ``1 product``, ``2 products``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


SMALL_PRODUCTS = [*map(str, range(1, 17)), "p-7", "p-19", "0020", "21"]


def small_model() -> SVD:
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
    trainset = data_of(rows).build_full_trainset()
    return SVD(n_factors=4, n_epochs=120, lr_all=0.02, random_state=0).fit(trainset)


def near_model() -> SVD:
    """The same ids; a user's scores differ in the fourth decimal, the best comes last."""
    algo = small_model()
    algo.bi, algo.qi = algo.bi * -3e-4, algo.qi * -3e-4
    return algo


def tied_model() -> SVD:
    """Two products are left for user u, who rated another twice; all scores are equal."""
    rows = [("u", "x", 3.0), ("u", "x", 4.0), ("v", "p", 5.0), ("v", "q", 2.0)]
    algo = SVD(n_factors=2, n_epochs=1, lr_all=0, init_std_dev=0)
    return algo.fit(data_of(rows).build_full_trainset())


def data_of(rows: Any) -> Any:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating"])
    return Dataset.load_from_df(frame, Reader(rating_scale=(1, 5)))


Row = tuple[str, str, float, int]
"""User, product, rating, time."""


def ratings_file(folder: str, rows: list[Row]) -> str:
    """Write a file like the shop's; its path."""
    file = Path(folder) / "ratings.csv"
    lines = ["user_id,product_id,rating,timestamp"]
    lines += [f"{user},{product},{rating:g},{time}" for user, product, rating, time in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def shown_rows(name: str, rows: list[Row], *more: Any) -> str:
    """A call as text; of many rows only their number."""
    inputs = repr(rows) if len(rows) < 5 else f"<{len(rows)} rows>"
    return f"{name}({', '.join([inputs, *map(repr, more)])})"


def as_rows(value: Any, what: str) -> list[Row]:
    """Rows of (user, product, rating, time) from any collection of such, else reject."""
    if isinstance(value, (pd.DataFrame, dict)):
        reject(f"{what} must be a list of rows, got a {type(value).__name__}.")
    if isinstance(value, (Set, ValuesView)) or (isinstance(value, np.ndarray) and value.ndim == 2):
        value = list(value)
    return [_as_row(row, what) for row in as_list(value, what)]


def _as_row(row: Any, what: str) -> Row:
    plain = isinstance(row, (tuple, list, np.ndarray, pd.Series)) and len(row) == 4
    values = list(row) if plain else []
    if not (plain and isinstance(values[0], str) and isinstance(values[1], str)):
        reject(
            f"{what} must hold rows (user, product, rating, time) as they were given, "
            f"it holds {shorten(row)}."
        )
    for name, one in [("rating", values[2]), ("time", values[3])]:
        if isinstance(one, str):
            reject(f"{what}: the {name} {one!r} is text, and was a number.")
    rating, time = (as_number(one, f"A rating or time of {what}") for one in values[2:])
    if time != int(time):
        reject(f"{what} holds the time {time}; all times were whole.")
    return str(values[0]), str(values[1]), rating, int(time)


def refuse_predictions(call: str, raw: Any, n: int) -> None:
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


Ways = Mapping[str, Sequence[Callable[..., Any]]]
"""What went wrong -> the functions of a case that give what the mistake gives."""


def refuse_known(
    said: str,
    cases: Sequence[tuple[Any, ...]],
    gots: Sequence[Any],
    mistakes: Ways,
    errata: Mapping[str, str | None] | None = None,
    equal: Callable[[Any, Any], bool] = same,
) -> None:
    """Reject for the first known mistake that gives the answer's result in every case.

    Args:
        said: the sentence before the mistake's.
        cases: arguments of the calls.
        gots: the answer's results.
        mistakes: those known.
        errata: mistake -> erratum, for those that the article makes.
        equal: whether two results are the same.
    """
    for why, ways in mistakes.items():
        for way in ways:
            if all(equal(got, way(*case)) for case, got in zip(cases, gots, strict=True)):
                reject(f"{said} {why}", (errata or {}).get(why))


def refuse_memory(call: str, again: Any, want: Any, equal: Callable[[Any, Any], bool]) -> None:
    """Reject an answer that was right, and is not when it is called once more."""
    if not equal(again, want):
        reject(
            f"{call} was right at first; called again it gives another result. Keep nothing from "
            "one call to the next."
        )
