"""Task 51.8: scores of products that nobody has rated, from their attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.cold_cases import Case, cold_cases
from course_utils.exercises.l51.cold_mistakes import ERRATA as OF_MISTAKES
from course_utils.exercises.l51.cold_mistakes import MISTAKES, cold_scores
from course_utils.exercises.l51.shared import ERRATA, refuse_known, refuse_memory
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import apart, rounded_to, same


def check_cold_scores(answer: Any) -> None:
    cases = cold_cases()
    want = [cold_scores(case) for case in cases]
    got = [_table(answer(*case.arguments), case, w) for case, w in zip(cases, want, strict=True)]
    wrong = [at for at in range(len(cases)) if not same(want[at], got[at])]
    if not wrong:
        again = _table(answer(*cases[0].arguments), cases[0], want[0])
        return refuse_memory(cases[0].shown, again, want[0], same)

    def explains(change: Callable[[np.ndarray], Any]) -> bool:
        return all(same(change(w), change(g)) for w, g in zip(want, got, strict=True))

    several = [g for g, case in zip(got, cases, strict=True) if len(set(case.new)) > 1]
    if all(np.ptp(one, axis=1).max() < 1e-9 for one in several):
        unseen = [c.algo.trainset.global_mean + c.algo.bu for c in cases]
        clipped = [one.clip(1, 5) for one in unseen]
        library = any(
            all(same(s, g[:, 0]) for s, g in zip(scores, got, strict=True))
            for scores in (unseen, clipped)
        )
        why = " You score as the library scores any unseen product: mean + bias of the user."
        reject(
            f"{cases[0].shown}: for each user all new products score the same, "
            f"{got[0][0, 0]:.3f} for the first. Their attributes change nothing."
            + (why if library else ""),
            "E55",
        )
    at = wrong[0]
    user, column = np.unravel_index(np.abs(want[at] - got[at]).argmax(), want[at].shape)
    texts = apart(float(want[at][user, column]), float(got[at][user, column]))
    said = (
        f"{cases[at].shown}: user {user} (inner id) and {cases[at].new[column]!r} must score "
        f"{texts[0]}, got {texts[1]}."
    )
    if rounded_to(got, want) is not None:
        reject(f"{said} Do not round.")
    if explains(lambda scores: np.sort(scores, axis=1)):
        reject(f"{said} The scores are right, their columns are not: column k is of new[k].")
    if explains(lambda scores: np.sort(scores, axis=0)):
        reject(f"{said} The scores are right, their rows are not: row u is of inner user u.")
    refuse_known(said, [(case,) for case in cases], got, MISTAKES, OF_MISTAKES)
    reject(said)


def _table(raw: Any, case: Case, want: np.ndarray) -> np.ndarray:
    got = as_array(raw, case.shown)
    if got.shape == want.T.shape != want.shape:
        reject(
            f"{case.shown} must have a row for each of {want.shape[0]} users and a column for each "
            f"of {want.shape[1]} new ids; yours is turned: {got.shape}."
        )
    return as_array(got, case.shown, want.shape)


TASK = Task(
    id="51.8",
    prompt="Score products without ratings: guess their bias and factors from attributes.",
    check_answer=check_cold_scores,
    hints=(
        "The model's bi and qi are the targets of a regression, the attributes its inputs. Row i "
        "of both must be the same product: inner id i, raw id trainset.to_raw_iid(i).",
        "Y = np.column_stack([algo.bi, algo.qi]) has one row for each known product, the bias in "
        "its first column. The weights are len(trainset.ir[i]).",
        "guessed = Ridge(alpha=reg).fit(X, Y, sample_weight=counts).predict(X_new). Then "
        "global_mean + algo.bu[:, None] + guessed[:, 0] + algo.pu @ guessed[:, 1:].T",
    ),
    insight="A model of ids knows nothing of a new product; its attributes say what the learnt "
    "numbers would be.",
    errata=ERRATA,
)
