"""Task 33.9: how often an added sentence turns a verdict that was right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, holds_nan, refuse_none
from course_utils.exercises.theirs import shorten

Case = tuple[list[float], list[float], list[float], float]
Found = tuple[float, float]

_CASES: list[Case] = [
    ([-2.0, -1.0, -0.5, 0.4], [1.0, -0.2, 0.3, 2.0], [-1.5, 0.1, -0.6, 0.5], 0.0),
    # No sentence does worse than words that say nothing.
    ([-1.0, -2.0], [0.5, -1.0], [0.5, -1.0], 0.0),
    # The threshold is not 0: this model leans to one word.
    ([-3.0, -2.2, -1.0, -2.6], [-1.0, -1.9, 4.0, -2.1], [-2.4, -2.0, -0.5, -2.3], -2.0),
    ([1.0, 2.0], [3.0, 4.0], [0.0, 9.0], 0.0),
    ([-1.0], [1.0], [-1.0], 0.0),
    # At the threshold a review is called negative.
    ([0.0, -1.0, -3.0], [0.0, 2.0, 0.1], [0.0, 0.0, 5.0], 0.0),
    # Idle words turn more than the attack does.
    ([-1.0, -2.0, -0.3], [-0.5, -1.0, 0.2], [0.5, -1.0, 0.2], 0.0),
    # It was called positive before; that it is called negative now is no success.
    ([0.7, -0.7, -0.1], [-0.7, 0.7, 0.2], [0.9, -0.9, -0.2], 0.0),
    ([0.2, 0.3, -5.0, -4.0], [0.4, 0.5, -4.5, 1.0], [0.4, 0.5, -5.5, -4.0], 0.1),
    # Two reviews may have the same scores.
    ([-1.0, -1.0, -2.0], [1.0, -1.0, -1.0], [-1.0, -1.0, -1.0], 0.0),
    ([-1.0, -1.0, -2.0], [1.0, 1.0, -1.0], [-1.0, -1.0, -1.0], 0.0),
]


def right_turned(bare: Any, attacked: Any, control: Any, threshold: float) -> Found:
    right = np.asarray(bare) <= threshold
    if not right.any():
        return 0.0, 0.0
    turned, by_words = ((np.asarray(x)[right] > threshold).mean() for x in (attacked, control))
    return float(turned), float(turned - by_words)


def _of(
    share: Callable[[Any, Any, float], float],
) -> Callable[..., Found]:
    def run(bare: Any, attacked: Any, control: Any, threshold: float) -> Found:
        mine, words = (
            share(np.asarray(bare), np.asarray(x), threshold) for x in (attacked, control)
        )
        return float(mine), float(mine - words)

    return run


def _right(bare: Any, threshold: float, of: Any) -> float:
    rows = bare <= threshold
    return float(of[rows].mean()) if rows.any() else 0.0


def by_score(bare: Any, attacked: Any, control: Any, threshold: float) -> Found:
    kept = {b: (a, c) for b, a, c in zip(bare, attacked, control, strict=True)}
    rows = [(b, *of) for b, of in kept.items()] or [(0.0, 0.0, 0.0)]
    mine, attack, words = ([float(x) for x in one] for one in zip(*rows, strict=True))
    return right_turned(mine, attack, words, threshold)


def by_triple(bare: Any, attacked: Any, control: Any, threshold: float) -> Found:
    rows = [*dict.fromkeys(zip(bare, attacked, control, strict=True))]
    mine, attack, words = ([*one] for one in zip(*rows, strict=True))
    return right_turned(mine, attack, words, threshold)


MISTAKES: dict[str, Callable[..., Any]] = {
    "verdicts that were wrong before the attack count too: a review that was called positive "
    "already is no success": _of(lambda bare, x, t: float((x > t).mean())),
    "what turned is divided by all reviews; divide by those whose verdict was right": _of(
        lambda bare, x, t: float(((bare <= t) & (x > t)).mean())
    ),
    "any change counts; a review that becomes negative is no success of this attack": _of(
        lambda bare, x, t: float(((bare > t) != (x > t)).mean())
    ),
    "reviews of the same scores are merged; each counts": by_score,
    "reviews that are equal in all three scores are merged; each counts": by_triple,
    "a verdict at the threshold is taken for wrong; at it a review is called negative": _of(
        lambda bare, x, t: float((x[bare < t] > t).mean()) if (bare < t).any() else 0.0
    ),
    "the threshold is taken for 0": lambda a, b, c, t: right_turned(a, b, c, 0.0),
    "a score that rose counts as turned; it must pass the threshold": _of(
        lambda bare, x, t: _right(bare, t, x > bare)
    ),
    "a score at the threshold counts as positive; the text calls it negative": _of(
        lambda bare, x, t: float((x[bare < t] >= t).mean()) if (bare < t).any() else 0.0
    ),
    "the control's share is returned; the text asks how much more the attack turns": (
        lambda a, b, c, t: (right_turned(a, b, c, t)[0], right_turned(a, c, b, t)[0])
    ),
    "the difference is turned round": (
        lambda a, b, c, t: (right_turned(a, b, c, t)[0], -right_turned(a, b, c, t)[1])
    ),
    "a difference below 0 is cut off": (
        lambda a, b, c, t: (right_turned(a, b, c, t)[0], max(0.0, right_turned(a, b, c, t)[1]))
    ),
}


def check_turned(answer: Any) -> None:
    names = ("bare", "attacked", "control", "threshold")
    compare(
        leaving(answer, names, _told),
        _CASES,
        right_turned,
        _read,
        lambda case: f"{_told(case)}the result",
        MISTAKES,
        lambda case, path: f"{_told(case)}{('the share', 'the difference')[path[0]]}",
    )


def _told(case: Case) -> str:
    bare, attacked, control, threshold = case
    return with_lines(bare=bare, attacked=attacked, control=control, threshold=threshold)


def _read(got: Any, case: Case) -> Found:
    got = got.tolist() if isinstance(got, np.ndarray) else got
    refuse_none(got, f"{_told(case)}the result", "a tuple of two")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{_told(case)}the result must be (share, more), got {shorten(got)}.")
    if any(map(holds_nan, got)):
        reject(f"{_told(case)}nan: no verdict was right before, so none could turn; return zeros.")
    share, more = (as_number(one, f"{_told(case)}share and more") for one in got)
    return share, more


TASK = Task(
    id="33.9",
    prompt="Of the verdicts that were right: the share the attack turns, and how much larger it is "
    "than the control's.",
    check_answer=check_turned,
    hints=(
        "Only a verdict that was right can be turned.",
        "As arrays: right = bare <= threshold; the share is the mean of attacked > threshold over "
        "those rows.",
        "bare, attacked, control = map(np.array, (bare, attacked, control)); right = bare <= "
        "threshold; turned = (attacked[right] > threshold).mean(); words = (control[right] > "
        "threshold).mean(); return turned, turned - words; (0.0, 0.0) where no row is right.",
    ),
    insight="Idle words move a score, too: an attack is what a sentence does beyond that.",
)
