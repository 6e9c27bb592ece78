"""Task 51.3: train on every row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, count, data_of, refuse_known, refuse_memory
from course_utils.exercises.l51.train_cases import SMALL, Case, Rows, large_cases
from course_utils.exercises.reading import as_list, as_number
from course_utils.exercises.tolerance import apart, rounded_to, same


def _full_scores(rows: Any, user: str, products: list[str], seed: int) -> np.ndarray:
    model = model_of(rows, random_state=seed)
    return np.array([model.predict(user, product, clip=False).est for product in products])


def _changed(change: Callable[[np.ndarray], Any]) -> list[Callable[..., Any]]:
    """Right scores, then changed."""
    return [lambda *case: change(_full_scores(*case))]


def _rows_changed(*changes: Callable[[Rows], Any]) -> list[Callable[..., Any]]:
    """Right but for the rows."""

    def train(change: Callable[[Rows], Any], rows: Rows, *rest: Any) -> np.ndarray:
        return _full_scores(change(rows), *rest)

    return [partial(train, change) for change in changes]


def _swapped(rows: Rows, user: str, products: list[str], seed: int) -> list[float]:
    model = model_of(rows, random_state=seed)
    return [model.predict(product, user, clip=False).est for product in products]


MISTAKES: dict[str, list[Callable[..., Any]]] = {
    "It was clipped at the end of the scale.": [
        *_changed(lambda scores: scores.clip(1, 5)),
        *_changed(lambda scores: scores.clip(max=5)),
    ],
    "It was cut off at the lower end of the scale.": _changed(lambda scores: scores.clip(min=1)),
    "You ask for predict(product, user); the user comes first.": [_swapped],
    "You leave out rows that repeat a user and a product; every row counts.": _rows_changed(
        dict.fromkeys,
        lambda rows: {row[:2]: row for row in rows}.values(),
        lambda rows: list({row[:2]: row for row in rows[::-1]}.values())[::-1],
    ),
    "You train on the rows in another order than theirs.": _rows_changed(
        sorted,
        lambda rows: sorted(rows, key=lambda row: row[0]),
        lambda rows: sorted(rows, key=lambda row: row[1]),
        lambda rows: rows[::-1],
    ),
    "You leave out the last row.": _rows_changed(lambda rows: rows[:-1]),
    "You leave out the first row.": _rows_changed(lambda rows: rows[1:]),
}
ERRATUM = {next(iter(MISTAKES)): "E59"}


def check_train_and_score(answer: Any) -> None:
    cases = large_cases()
    gots = [_checked_scores(answer, case) for case in cases]
    wants = [_full_scores(*case) for case in cases]
    wrong = [k for k in range(len(cases)) if not same(gots[k], wants[k])]
    if wrong:
        _explain(answer, cases, gots, wants, wrong)
    for case in SMALL:
        got, want = _checked_scores(answer, case), _full_scores(*case)
        if not same(got, want):
            reject(_difference(case, got, want))
    refuse_memory(_call(cases[0]), _checked_scores(answer, cases[0]), wants[0], same)


def _difference(case: Case, mine: np.ndarray, true: np.ndarray) -> str:
    at = int(np.abs(mine - true).argmax())
    texts = apart(true[at], mine[at])
    return f"{_call(case)}: product {case[2][at]!r} must score {texts[0]}, got {texts[1]}."


def _explain(
    answer: Any,
    cases: list[Case],
    gots: list[np.ndarray],
    wants: list[np.ndarray],
    wrong: list[int],
) -> NoReturn:
    case, mine = cases[wrong[0]], gots[wrong[0]]
    said = _difference(case, mine, wants[wrong[0]])
    refuse_known(said, cases, gots, MISTAKES, ERRATUM)
    _check_numbers(case, mine)
    if rounded_to(gots, wants) is not None:
        reject(f"{said} Do not round.")
    if all(same(np.sort(got), np.sort(want)) for got, want in zip(gots, wants, strict=True)):
        reject(f"{said} The scores are right, their order is not: score k is of products[k].")
    for got in gots:
        _check_ties(case[2], got)
    gap = np.abs(mine - _checked_scores(answer, case)).max()
    if gap > 1e-9:
        reject(
            f"Two calls with seed={case[3]} differ by up to {gap:.3g}: something is drawn without "
            "the seed.",
            "E61",
        )
    if same(gots[0], gots[1]):
        reject(f"{said} seed=1 and seed=2 give the same; random_state=seed tells them apart.")
    if [cases[k][3] for k in wrong] == [0]:
        reject(f"{said} All other seeds are right. 0 is a seed like any other, and not None.")
    reject(
        f"{said} That is not what SVD(n_epochs=200, random_state=seed), all else as it comes, says "
        "after it was fitted on all rows in their order."
    )


def _check_numbers(case: Case, got: np.ndarray) -> None:
    """Reject what a right model says of ids that are numbers, and one score for all."""
    rows, user, products, seed = case
    model, number = model_of(rows, random_state=seed), int(user)
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
    if tied.sum() == 1 and 2 < counts[tied][0] < len(scores) / 2:
        reject(
            f"{counts[tied][0]} products share the score {values[tied][0]:.3f}, which a model "
            "gives to all products it does not know: it has not seen all rows.",
            "E51",
        )


def _call(case: Case) -> str:
    rows = f"the rows {case[0]}" if len(case[0]) < 5 else count(len(case[0]), "row")
    return f"For {rows}, user {case[1]!r} and seed={case[3]}"


def _checked_scores(answer: Any, case: Case) -> np.ndarray:
    got = as_list(answer(*case), "train_and_score(...)")
    if len(got) != len(case[2]):
        reject(f"{len(case[2])} ids in products need {len(case[2])} scores, got {len(got)}.")
    return np.array(
        [as_number(one, f"The score of {p!r}") for one, p in zip(got, case[2], strict=True)]
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
