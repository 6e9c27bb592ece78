"""Task 33.9: how often an added sentence turns a verdict that was right."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_lines
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_number, holds_nan, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("33.9")
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
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

BARE, NONE = "np.array(bare) <= threshold", "if not right.any():"
ATTACKED, CONTROL = (
    "(np.array(attacked)[right] > threshold).mean()",
    "(np.array(control)[right] > threshold).mean()",
)
BELOW = {BARE: "np.array(bare) < threshold"}
MERGED = (
    "if not rows:\n    return 0.0, 0.0\n"
    "bare, attacked, control = ([float(x) for x in part] for part in zip(*rows))"
)


def _share(expression: str, more: dict[str, str] | None = None) -> Function:
    """Another share of what turned: of X, the scores after a sentence."""
    return edit(
        {
            ATTACKED: expression.replace("X", "np.array(attacked)"),
            CONTROL: expression.replace("X", "np.array(control)"),
        },
        more or {},
    )


SLIPS = {
    "verdicts that were wrong before the attack count too: a review that was called positive "
    "already is no success": _share("(X > threshold).mean()", {NONE: "if False:"}),
    "what turned is divided by all reviews; divide by those whose verdict was right": _share(
        "(right & (X > threshold)).mean()"
    ),
    "any change counts; a review that becomes negative is no success of this attack": _share(
        "(right == (X > threshold)).mean()", {NONE: "if False:"}
    ),
    "reviews of the same scores are merged; each counts": first(
        "rows = [(b, *of) for b, of in dict(zip(bare, zip(attacked, control))).items()]\n" + MERGED
    ),
    "reviews that are equal in all three scores are merged; each counts": first(
        "rows = [*dict.fromkeys(zip(bare, attacked, control))]\n" + MERGED
    ),
    "a verdict at the threshold is taken for wrong; at it a review is called negative": edit(BELOW),
    "the threshold is taken for 0": first("threshold = 0.0"),
    "a score that rose counts as turned; it must pass the threshold": _share(
        "(X > np.array(bare))[right].mean()"
    ),
    "a score at the threshold counts as positive; the text calls it negative": edit(
        BELOW, {"[right] > threshold": "[right] >= threshold"}
    ),
    "the control's share is returned; the text asks how much more the attack turns": edit(
        {"turned - words": "words"}
    ),
    "the difference is turned round": edit({"turned - words": "words - turned"}),
    "a difference below 0 is cut off": edit({"turned - words": "max(0.0, turned - words)"}),
}

told = in_lines(right, "")


def _read(got: Any, case: Case) -> tuple[float, float]:
    got = got.tolist() if isinstance(got, np.ndarray) else got
    refuse_none(got, f"{told(case)}the result", "a tuple of two")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{told(case)}the result must be (share, more), got {shorten(got)}.")
    if any(map(holds_nan, got)):
        reject(f"{told(case)}nan: no verdict was right before, so none could turn; return zeros.")
    share, more = (as_number(one, f"{told(case)}share and more") for one in got)
    return share, more


TASK = checked(
    "33.9",
    "Of the verdicts that were right: the share the attack turns, and how much larger it is "
    "than the control's.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Only a verdict that was right can be turned.",
        "As arrays: right = bare <= threshold; the share is the mean of attacked > threshold over "
        "those rows.",
        "bare, attacked, control = map(np.array, (bare, attacked, control)); right = bare <= "
        "threshold; turned = (attacked[right] > threshold).mean(); words = (control[right] > "
        "threshold).mean(); return turned, turned - words; (0.0, 0.0) where no row is right.",
    ),
    insight="Idle words move a score, too: an attack is what a sentence does beyond that.",
    read=_read,
    place=lambda case, path: f"{told(case)}{('the share', 'the difference')[path[0]]}",
)
