"""Task 51.3: one epoch of the training."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.epoch_cases import (
    SQUARE,
    WITHOUT_REG,
    Arrays,
    Case,
    drawn_cases,
    surprise_case,
)
from course_utils.exercises.l51.epoch_mistakes import (
    ERRATUM,
    MISTAKES,
    swapped,
    with_zeros,
)
from course_utils.exercises.l51.epoch_moves import one_epoch
from course_utils.exercises.l51.shared import ERRATA, count, refuse_known, refuse_memory
from course_utils.exercises.reading import as_array
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import ABSOLUTE, RELATIVE, apart, rounded_to, same

NAMES = ("bu", "bi", "pu", "qi")


def check_one_epoch(answer: Any) -> None:
    from_surprise, of_surprise = surprise_case()
    cases = [*drawn_cases(), from_surprise]
    wants = [*(one_epoch(case) for case in cases[:-1]), of_surprise]
    gots = [_four(answer(*case), case) for case in cases[:SQUARE]]
    _check_swapped(cases[:SQUARE], gots, wants)
    gots += [_four(answer(*case), case) for case in cases[SQUARE:]]
    _check_shapes(cases, gots, wants)
    wrong = [k for k in range(len(cases)) if not _equal(gots[k], wants[k])]
    if not wrong:
        return refuse_memory(_call(cases[0]), _four(answer(*cases[0]), cases[0]), wants[0], _equal)
    said = _difference(cases, wrong[0], gots, wants)
    flat = [[np.concatenate([*map(np.ravel, one)]) for one in side] for side in (gots, wants)]
    if rounded_to(*flat) is not None:
        reject(f"{said} Do not round.")
    if not _equal(_four(answer(*cases[-1]), cases[-1]), gots[-1]):
        reject(f"{said} Two calls with the same inputs differ: nothing is drawn here.")
    refuse_known(said, [(case,) for case in cases], gots, MISTAKES, ERRATUM, _equal)
    _check_invented(said, cases[WITHOUT_REG], gots[WITHOUT_REG])
    _check_linear_algebra(said, cases[WITHOUT_REG], gots[WITHOUT_REG])
    _check_moved(said, cases, gots)
    pairs = zip(NAMES, gots[wrong[0]], wants[wrong[0]], strict=True)
    right = [name for name, mine, true in pairs if same(mine, true)]
    if right:
        reject(f"{said} Here {' and '.join(right)} came out right.")
    if wrong == [len(cases) - 1]:
        reject(f"{said} The inputs are those of one epoch of Surprise's own SVD.")
    reject(said)


def _equal(one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> bool:
    return all(same(a, b) for a, b in zip(one, other, strict=True))


def _call(case: Case) -> str:
    ratings = str(list(case.ratings)) if len(case.ratings) < 4 else f"<{len(case.ratings)} ratings>"
    return (
        f"one_epoch({ratings}, mean {case.mean:.4g}, {len(case.bu)} users, {len(case.bi)} products,"
        f" lr {case.lr}, reg {case.reg})"
    )


def _four(value: Any, case: Case) -> list[np.ndarray]:
    """The four arrays of a result, whatever their shapes."""
    if value is None:
        reject(f"{_call(case)} returned None. End with: return bu, bi, pu, qi")
    if not isinstance(value, (tuple, list)) or len(value) != 4:
        got = count(len(value), "value") if isinstance(value, (tuple, list)) else shorten(value)
        reject(f"{_call(case)} must return the four arrays bu, bi, pu, qi, got {got}.")
    return [as_array(one, name) for one, name in zip(value, NAMES, strict=True)]


def _check_swapped(cases: list[Case], gots: list[list[np.ndarray]], wants: list[Arrays]) -> None:
    for case, got in zip(cases, gots, strict=True):
        if not _equal(swapped(case), got):
            return
    said = _difference(cases, 0, gots, wants)
    reject(f"{said} In (u, i, r) u is the row of bu and pu, i that of bi and qi; not the reverse.")


def _check_shapes(cases: list[Case], gots: list[list[np.ndarray]], wants: list[Arrays]) -> None:
    both = list(zip(gots, wants, strict=True))
    for order in list(permutations(range(4)))[1:]:
        if all(_equal([got[k] for k in order], want) for got, want in both):
            reject("The four arrays are right, their order is not: return bu, bi, pu, qi.")
    for case, got, want in zip(cases, gots, wants, strict=True):
        for name, mine, true in zip(NAMES, got, want, strict=True):
            if mine.shape != true.shape:
                reject(f"{_call(case)}: {name} must keep its shape {true.shape}, got {mine.shape}.")


def _difference(
    cases: list[Case], k: int, gots: list[list[np.ndarray]], wants: list[Arrays]
) -> str:
    """The first number that differs, of the first array that does."""
    for name, mine, true in zip(NAMES, gots[k], wants[k], strict=True):
        if same(mine, true):
            continue
        place = tuple(
            int(one)
            for one in np.argwhere(~np.isclose(mine, true, rtol=RELATIVE, atol=ABSOLUTE))[0]
        )
        texts = apart(float(true[place]), float(mine[place]))
        return (
            f"{_call(cases[k])}: {name}[{', '.join(map(str, place))}] must be {texts[0]}, "
            f"got {texts[1]}."
        )
    raise AssertionError("nothing differs")


def _check_invented(said: str, case: Case, got: list[np.ndarray]) -> None:
    """Reject ratings of 0 for the unknown pairs: they push down whom nobody rated."""
    pushed = got[0][1] < case.bu[1] - 0.01 and got[1][2] < case.bi[2] - 0.01
    if pushed:  # by more than rounding moves
        reject(
            f"{said} Without reg, and in no rating, user 1 and product 2 were pushed down: you "
            "train on pairs that nobody rated, as if they were 0. They are unknown.",
            "E49",
        )


def _check_linear_algebra(said: str, case: Case, got: list[np.ndarray]) -> None:
    """Reject the factors of a table, instead of those that were given, moved."""
    known = np.array([r for *_, r in with_zeros(case)]).reshape(len(case.bu), len(case.bi))
    rank = case.pu.shape[1]
    for table in (known, np.where(known > 0, known - case.mean, 0)):
        left, size, right = np.linalg.svd(table, full_matrices=False)
        if np.allclose(got[2] @ got[3].T, (left[:, :rank] * size[:rank]) @ right[:rank], atol=1e-6):
            reject(
                f"{said} Your pu and qi are the truncated SVD of a table with 0 where nobody "
                "rated. Here they move by their gradients, at known ratings only.",
                "E49",
            )


def _check_moved(said: str, cases: list[Case], gots: list[list[np.ndarray]]) -> None:
    if all(_equal(got, case.start) for got, case in zip(gots, cases, strict=True)):
        reject(f"{said} Nothing moved: you return the arrays as they were given.")
    for case, got in zip(cases, gots, strict=True):
        for at, name in enumerate(NAMES):
            rated = {one[at % 2] for one in case.ratings}
            for row in set(range(len(got[at]))) - rated:
                if not np.allclose(got[at][row], case.start[at][row], atol=1e-2):
                    reject(f"{said} {name}[{row}] moved, which is in none of the ratings.")


TASK = Task(
    id="51.3",
    prompt="One epoch of the training: four arrays, moved by each rating in turn.",
    check_answer=check_one_epoch,
    hints=(
        "Four steps for each rating: the error, the two biases, the two rows of factors. What "
        "must still be the old value when you use it?",
        "pu[u] is a view of the array: it changes with it. Keep old = pu[u].copy() before you "
        "move pu[u], and compute the error only once.",
        "error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i]); then bu[u] += lr * (error - reg * "
        "bu[u]), and bi alike; pu[u] += lr * (error * qi[i] - reg * pu[u]); qi[i] the same with "
        "the old pu[u].",
    ),
    may_change=True,
    insight="One error, four moves, all from the old values: that is all the training there is.",
    errata=ERRATA,
)
