"""Task 51.2: score one pair."""

from __future__ import annotations

from typing import Any

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, near_model, small_model
from course_utils.exercises.reading import as_number
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import apart, rounded_to, same


def check_score(answer: Any) -> None:
    model = small_model()
    pairs = [("1001", "3"), ("1005", "p-7"), ("1003", "9"), ("1004", "1"), ("1002", "0020")]
    pairs.append(("1007", "8"))  # user 1007 rated every product
    wants = [float(model.predict(*pair, clip=False).est) for pair in pairs]
    for pair, want in zip(pairs, wants, strict=True):
        if isinstance(answer.raised(model, *pair), KeyError):
            reject(
                f"score(algo, {pair[0]!r}, {pair[1]!r}) must be {want:.4f}, yours raised a "
                f"KeyError; the model knows this pair.{_why_unknown(answer, model, pairs, pair)}"
            )
    gots = [as_number(answer(model, *pair), f"The score of {pair}") for pair in pairs]
    for (user, product), want, got in zip(pairs, wants, gots, strict=True):
        if same(got, want):
            continue
        shown = apart(want, got)
        said = f"score(algo, {user!r}, {product!r}) must be {shown[0]}, got {shown[1]}."
        if rounded_to(gots, wants) is not None:
            reject(f"{said} Do not round.")
        if want > 5 and got == 5:
            reject(f"{said} It was cut off at the end of the scale: predict clips.", "E59")
        if want < 1 and got == 1:
            reject(f"{said} It was cut off at the lower end of the scale.")
        if (user, product) == pairs[-1] and got == 2:
            reject(f"{said} That is the rating itself; its prediction is asked for.")
        if same(got, model.trainset.global_mean):
            reject(f"{said} That is the mean of all ratings, for a pair the model knows.")
        reject(said)
    other = near_model()
    for pair, want in zip(pairs, wants, strict=True):
        true = float(other.predict(*pair, clip=False).est)
        got = as_number(answer(other, *pair), f"The score of {pair}")
        if not same(got, true):
            texts = apart(true, got)
            reject(
                f"For another model with the same ids score(algo, {pair[0]!r}, {pair[1]!r}) must be"
                f" {texts[0]}, got {texts[1]}."
                + (" Keep nothing from one call to the next." if same(got, want) else "")
            )
    draw = np.random.default_rng(512)
    letters, digits = f"q{draw.integers(10**6)}x", str(draw.integers(10**6, 10**7))
    number = "An id that is not a string is a mistake to report, not to convert or to overlook."
    first = "Look at the types of both ids before you look them up."
    not_text: list[tuple[Any, Any, str, str | None]] = [
        (1001, 3, number, "E52"),
        (1001, "3", number, "E52"),
        ("1001", 3, number, "E52"),
        (np.int64(1001), "3", number, "E52"),
        ("1001", np.int64(3), number, "E52"),
        (b"1001", "3", number, None),
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
    for near in ("01001", " 1001", "1001.0", "１００１", "0", ""):
        _must_raise(answer, model, (near, "3"), KeyError, "The user is unknown.", "E62")
    for near in ("20", "3 ", "P-7", "0", "p‑7"):
        _must_raise(answer, model, ("1001", near), KeyError, "The product is unknown.", None)
    known = "Both ids are known, the user as a product and the product as a user."
    _must_raise(answer, model, ("3", "1001"), KeyError, known, None)


def _why_unknown(
    answer: Any, model: SVD, pairs: list[tuple[str, str]], pair: tuple[str, str]
) -> str:
    """Why a known pair is taken for unknown, with a space before it, or nothing."""
    asks_inner = small_model()
    asks_inner.trainset.ur[pair[0]] = asks_inner.trainset.ir[pair[1]] = []
    if answer.raised(asks_inner, *pair) is None:
        return (
            " knows_user and knows_item want inner ids; to_inner_uid and to_inner_iid take raw "
            "ones."
        )
    known = [one for one in pairs if answer.raised(model, *one) is None]
    if not known:
        return " Look the user up among the users and the product among the products."
    if pair == pairs[-1]:
        return " The user has rated the product; the score is asked for all the same."
    if all(one.isdigit() and one[0] != "0" for one in pair):
        return ""
    return " Ids may hold letters and zeros in front: take them as they are."


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
    fallbacks = {
        "what the library says of any unseen id": model.predict(*pair, clip=False).est,
        "the mean of all ratings": model.trainset.global_mean,
    }
    for what, fallback in fallbacks.items():
        if isinstance(got, (float, np.floating)) and same(got, fallback):
            reject(f"{call}; yours returned {got:.3f}, {what}. {why}", erratum)
    reject(f"{call}; yours returned {shorten(got)}. {why}")


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
    insight="Surprise answers for ids it has never seen. Your code has to ask first.",
    errata=ERRATA,
)
