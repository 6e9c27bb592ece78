"""Task 51.3: train on every row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, data_of
from course_utils.exercises.reading import as_list, as_number
from course_utils.exercises.tolerance import apart, rounded_to, same


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
    model = model_of(rows, random_state=call[1])
    return np.array([model.predict(call[0], product, clip=clip).est for product in products])


def check_train_and_score(answer: Any) -> None:
    rows, products = _history()
    got = {call: _checked_scores(answer, rows, call, products) for call in CALLS}
    want = {call: _full_scores(rows, products, call) for call in CALLS}
    wrong = [call for call in CALLS if not same(got[call], want[call])]
    if not wrong:
        return

    def explains(change: Callable[[np.ndarray], Any]) -> bool:
        return all(same(change(want[call]), got[call]) for call in CALLS)

    call = wrong[0]
    _check_strangers(rows, products, call, got[call])
    mine, true = got[call], want[call]
    at = int(np.abs(mine - true).argmax())
    shown = apart(true[at], mine[at])
    said = (
        f"For user {call[0]!r} and seed={call[1]} product {products[at]!r} must score {shown[0]}, "
        f"got {shown[1]}."
    )
    if rounded_to([got[one] for one in CALLS], [want[one] for one in CALLS]) is not None:
        reject(f"{said} Do not round.")
    if all(same(np.sort(got[one]), np.sort(want[one])) for one in CALLS):
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
    if any(same(_full_scores(kept, products, call), mine) for kept in once):
        reject(f"{said} You leave out rows that repeat a user and a product; every row counts.")
    reject(f"{said} Use SVD(n_epochs=200, random_state=seed), all else as it comes.")


def _check_strangers(rows: Any, products: list[str], call: Call, got: np.ndarray) -> None:
    """Reject what a right model says of ids that are numbers."""
    model = model_of(rows, random_state=call[1])
    user, number = call[0], int(call[0])
    asked: list[tuple[str, Any, Callable[[str], Any]]] = [
        ("predict(int(user), int(product))", number, int),
        ("predict(int(user), product)", number, str),
        ("predict(user, int(product))", user, int),
    ]
    for text, person, kind in asked:
        for clip in (False, True):
            said = [model.predict(person, kind(product), clip=clip).est for product in products]
            if same(said, got):
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


def model_of(rows: Any, **settings: Any) -> SVD:
    return SVD(n_epochs=200, **settings).fit(data_of(list(rows)).build_full_trainset())


TASK = Task(
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
    insight="Judge settings with folds; recommend with a model that saw every row.",
    errata=ERRATA,
)
