"""Task 22.3: TAG's affinity: what a step on one task does to another's loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l22.lookahead_slips import MISTAKES, Slip, right_lookahead
from course_utils.exercises.l22.shared import read_table, table_of


def _drawn(seed: int, steps: int, tasks: int, zeros: tuple[tuple[int, int], ...] = ()) -> Any:
    """Losses of different sizes, so that ratios and their means differ much."""
    draw = np.random.default_rng(seed)
    before = (draw.uniform(0.1, 1.5, size=(steps, tasks)) * np.arange(1, tasks + 1)).round(2)
    after = (before[:, None, :] * draw.uniform(0.6, 1.2, size=(steps, tasks, tasks))).round(2)
    for at in zeros:
        before[at] = 0.0
    return before, after


ORDINARY: list[tuple[np.ndarray, np.ndarray]] = [
    (np.array([[0.5, 0.8]]), np.array([[[0.4, 0.72], [0.55, 0.6]]])),
    _drawn(0, 3, 2),
    _drawn(1, 4, 3),
    _drawn(2, 5, 1),
    (np.array([[1e-9, 0.5]]), np.array([[[5e-10, 0.4], [1.5e-9, 0.3]]])),
    # Small steps of a long training: affinities of a thousandth.
    (np.array([[0.7, 0.3], [0.69, 0.31]]),
     np.array([[[0.699, 0.3001], [0.701, 0.2991]], [[0.689, 0.3102], [0.6905, 0.309]]])),
    (np.array([[2.0, 4.0], [1.0, 3.0]]), np.array([[[1.0, 4], [2, 3]], [[1, 2], [1, 3]]])),
]  # fmt: skip

CASES: list[tuple[np.ndarray, np.ndarray]] = [
    *ORDINARY,
    # A loss that a step takes to 0, and one that it makes four times as large.
    (np.array([[0.5, 0.25]]), np.array([[[0.0, 1.0], [0.6, 0.2]]])),
    _drawn(3, 3, 2, zeros=((1, 0),)),
    _drawn(4, 4, 3, zeros=((0, 2), (2, 2), (3, 0))),
    _drawn(5, 2, 2, zeros=((0, 1), (1, 1))),
    (np.array([[0.0]]), np.array([[[0.0]]])),
    (np.array([[0.0, 0.4], [0.0, 0.2]]), np.array([[[0.0, 0.4], [0.1, 0.1]]] * 2)),
]


def _table(lookahead: Slip) -> Callable[..., Any]:
    return lambda before, after: table_of(lookahead(before, after))


def check_lookahead(answer: Any) -> None:
    mistakes = {why: _table(slip) for why, slip in MISTAKES.items()}
    asked = leaving(answer, ("before", "after"), _told)
    for cases in (ORDINARY, CASES):  # a slip shows on plain losses before a 0 among them hides it
        compare(
            asked,
            cases,
            _table(right_lookahead),
            lambda got, case: read_table(got, _told(case), case[1].shape[1:]),
            _told,
            mistakes,
            lambda case, path: f"{_told(case)}: Z{list(path[0])}",
        )


def _told(case: Any) -> str:
    before, after = case
    return f"{with_lines(before=before, after=after)}lookahead(before, after)"


TASK = Task(
    id="22.3",
    prompt="Return the lookahead of each pair of tasks, [K, K], averaged over the steps.",
    check_answer=check_lookahead,
    hints=(
        "Task i of a row makes the step. Task j of a column is looked at. Divide by the loss of j "
        "before the step: before[:, None, :] has the shape that fits.",
        "Set what is left out to nan: np.where(before == 0, np.nan, before). np.nanmean over the "
        "steps leaves nan out. Where all steps are nan it gives nan and a warning.",
        "base = np.where(before == 0, np.nan, before)[:, None, :]; return np.nanmean(1 - after / "
        "base, axis=0).",
    ),
    insight="For a small plain step Z_ij / Z_ji is about L_i / L_j. So Z_ij and Z_ji differ only "
    "by the two losses, and have the same sign.",
)
