"""Task 21.4: AUC and calibration of every scenario, and of all together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from course_utils.exercises.asking import Rejected, reject
from course_utils.exercises.comparing import NOTHING, Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l21.report_slips import MISTAKES, right_report
from course_utils.exercises.l21.shared import dictionary, shown_by
from course_utils.exercises.reading import as_number_or_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

_DRAW = np.random.default_rng(214)


def _case(sizes: dict[str, int], rates: dict[str, float]) -> Case:
    """Rows in a random order; the probabilities are those of the scenario, and some noise."""
    s = _DRAW.permutation(np.repeat(list(sizes), list(sizes.values())))
    rate = np.array([rates[one] for one in s])
    y = (_DRAW.random(len(s)) < rate).astype(int)
    y[0] = 1 - y[1]  # both labels
    p = np.clip(0.8 * rate + 0.3 * _DRAW.random(len(s)), 0.01, 0.99).round(2)
    return y, p, s


EXAMPLE: Case = (
    np.array([1, 0, 1, 0, 0, 0]),
    np.array([0.6, 0.2, 0.6, 0.6, 0.1, 0.2]),
    np.array(["home", "home", "cart", "cart", "mail", "mail"]),
)

CASES: list[Case] = [
    EXAMPLE,
    _case({"search": 9, "home": 14, "cart": 6}, {"search": 0.4, "home": 0.2, "cart": 0.7}),
    _case({"home": 12}, {"home": 0.4}),
    (np.array([1, 1, 0, 0]), np.array([0.9, 0.5, 0.5, 0.2]), np.array(["b", "b", "a", "a"])),
    (  # a scenario of positives alone; one row alone
        np.array([1, 1, 0, 1, 0]),
        np.array([0.5, 0.25, 0.25, 0.75, 0.5]),
        np.array(["a", "a", "c", "b", "b"]),
    ),
    _case({"M02": 20, "M10": 8, "M01": 15}, {"M02": 0.1, "M10": 0.6, "M01": 0.3}),
    (  # names that begin alike, or differ in capitals alone
        np.array([1, 0, 1, 0, 0, 1]),
        np.array([0.5, 0.25, 0.25, 0.5, 0.75, 1.0]),
        np.array(["cart", "cart", "cart page", "cart page", "Cart", "Cart"]),
    ),
    # A calibration far below 0.1.
    (np.array([1, 1, 1, 0]), np.array([0.03, 0.02, 0.01, 0.03]), np.array(["a", "a", "b", "b"])),
]


_shown = shown_by("report", "y", "p", "s")


def _read(value: Any, case: Case) -> dict[str, Any]:
    call, want = _shown(case), right_report(*case)
    names = ["all", *sorted(set(case[2].tolist()))]
    found = {}
    for name, pair in dictionary(value, names, call).items():
        if not isinstance(pair, tuple | list | np.ndarray) or len(pair) != 2:
            reject(
                f"{call}\nthe entry {str(name)!r} must be (AUC, calibration), got {shorten(pair)}."
            )
        parts = zip(("the AUC", "the calibration"), pair, want[name], strict=True)
        found[str(name)] = _short(
            as_number_or_none(one, f"{call}\n{what} of {str(name)!r}", true is None)
            for what, one, true in parts
        )
    return found


def _short(pair: Iterable[float | None]) -> tuple[float | None, ...]:
    """A pair without the last digits of a float, which only make a message long."""
    return tuple(None if one is None else float(f"{one:.12g}") for one in pair)


def _want(*case: Any) -> dict[str, Any]:
    return {name: _short(pair) for name, pair in right_report(*case).items()}


def check_report(answer: Any) -> None:
    """Where numbers of the text's example are wrong, the form of the other results is not told."""
    example: list[bool] = []

    def read(value: Any, case: Case) -> Any:
        try:
            found = _read(value, case)
        except Rejected:
            if case is EXAMPLE or example[0]:
                raise
            return NOTHING
        if case is EXAMPLE:
            example.append(same(found, _want(*case)))
        return found

    compare(
        answer,
        CASES,
        _want,
        read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}\nthe entry {at[0]!r}",
    )


TASK = Task(
    id="21.4",
    prompt="AUC and calibration ratio of every scenario, and of all rows together.",
    check_answer=check_report,
    hints=(
        'The pair of all rows stands under "all"; then take s == name for each name in set(s).',
        "An AUC needs both labels: 0 < y.sum() < len(y). The ratio p.mean() / y.mean() needs a "
        "positive.",
        "def pair(y, p): return (auc(y, p) if 0 < y.sum() < len(y) else None, p.mean() / y.mean() "
        "if y.any() else None)",
    ),
    insight="The pooled AUC also rewards a model that knows in which scenario customers click "
    "more. But a request ranks rows of one scenario only.",
)
