"""Task 51.2: score one pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from surprise import SVD

from course_utils.exercises.engine import Task, Wrong, as_number, reject, shorten
from course_utils.exercises.l51.shared import ERRATA, apart, is_rounded, small_model


def check_score(answer: Any) -> None:
    model = small_model()
    pairs = [("1001", "3"), ("1005", "p-7"), ("1003", "9"), ("1004", "1"), ("1002", "0020")]
    wants = [float(model.predict(*pair, clip=False).est) for pair in pairs]
    for pair, want in zip(pairs, wants, strict=True):
        if isinstance(answer.raised(model, *pair), KeyError):
            reject(
                f"score(algo, {pair[0]!r}, {pair[1]!r}) must be {want:.4f}, yours raised a "
                "KeyError; the model knows this pair. knows_user and knows_item want inner ids; "
                "to_inner_uid and to_inner_iid take raw ones."
            )
    gots = [as_number(answer(model, *pair), f"The score of {pair}") for pair in pairs]
    for (user, product), want, got in zip(pairs, wants, gots, strict=True):
        if abs(got - want) < 1e-6:
            continue
        shown = apart(want, got)
        said = f"score(algo, {user!r}, {product!r}) must be {shown[0]}, got {shown[1]}."
        if is_rounded(wants, gots):
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


def _wrong_knows_user(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    if not algo.trainset.knows_user(user) or not algo.trainset.knows_item(product):
        raise KeyError("unknown")
    return algo.predict(user, product, clip=False).est


def _wrong_swapped(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    return algo.predict(product, user, clip=False).est


def _scores(change: Callable[[float], float]) -> Callable[[SVD, str, str], float]:
    """Scores as it should, then changes the score."""

    def score(algo: SVD, user: str, product: str) -> float:
        return change(float(_score_by_details(algo, user, product)))

    return score


TASK = Task(
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
        Wrong(_wrong_knows_user, "the model knows this pair"),
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
)
