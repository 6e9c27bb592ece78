"""Task 33.1: what the old ones lose when something is added, the worst and the mean."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_lines
from course_utils.exercises.comparing import Case, ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import among, as_number, holds_nan, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

ERRATA = {"E18": '"easily extended" is judged by a mean, and the scenario that loses is not seen'}

right = LessonAnswer("33.1")
edit, first, returning = right.edit, right.first, right.returning

_NAN = float("nan")
CASES: list[Case] = [
    (
        {("click", "home"): 0.75, ("click", "mail"): 0.70},
        {("click", "home"): 0.77, ("click", "mail"): 0.69, ("save", "home"): 0.60},
    ),
    (
        {("click", "home"): 0.80, ("buy", "home"): 0.70, ("buy", "mail"): 0.62},
        {("buy", "mail"): 0.66, ("buy", "home"): 0.65, ("click", "home"): 0.70},
    ),
    # All gain: the worst is the least gain.
    ({("a", "x"): 0.60, ("b", "x"): 0.61}, {("a", "x"): 0.63, ("b", "x"): 0.62}),
    # A large gain is the greatest change, and no loss.
    ({("a", "x"): 0.50, ("a", "y"): 0.70}, {("a", "x"): 0.80, ("a", "y"): 0.68}),
    # The rows of one scenario all had the same label, before or after.
    (
        {("a", "x"): _NAN, ("a", "y"): 0.70, ("b", "y"): 0.60, ("b", "x"): 0.55},
        {("a", "x"): 0.20, ("a", "y"): 0.69, ("b", "y"): _NAN, ("b", "x"): 0.54},
    ),
    # Equal ones: the first of ``before``.
    ({("z", "x"): 0.75, ("a", "x"): 0.75}, {("a", "x"): 0.5, ("z", "x"): 0.5}),
    (
        {(one, "x"): 0.75 for one in "zma"},
        {(one, "x"): 0.5 for one in "maz"},
    ),
    # Many equal ones: a set has no first.
    (
        {(f"t{(k * 7 + 3) % 40}", "x"): 0.75 for k in range(40)},
        {(f"t{k}", "x"): 0.5 for k in range(40)},
    ),
    # An AUC of 0 is a number, and no change is a change of 0.
    ({("a", "x"): 0.5, ("a", "y"): 0.5}, {("a", "x"): 0.0, ("a", "y"): 0.4}),
    ({("a", "x"): 0.7, ("a", "y"): 0.8}, {("a", "x"): 0.7, ("a", "y"): 0.78}),
    # A scenario was switched off: it is not there after.
    ({("a", "x"): 0.70, ("a", "y"): 0.90}, {("a", "x"): 0.71}),
    ({("a", "x"): 0.70}, {("a", "x"): 0.70, ("b", "x"): 0.10}),
    # In shares of what was there the order is another.
    ({("a", "x"): 0.90, ("a", "y"): 0.55}, {("a", "x"): 0.86, ("a", "y"): 0.52}),
]

CHANGE, WORST = "after[pair] - before[pair]", "min(changes, key=changes.get)"
KNOWN = "changes = {pair: change for pair, change in changes.items() if not np.isnan(change)}"
BY_THE_MEAN = returning("(result[0], result[2], result[2])")

SLIPS = {
    "the sign is turned: a loss must be below 0, after less before": edit(
        {CHANGE: "before[pair] - after[pair]", WORST: "max(changes, key=changes.get)"}
    ),
    "the best change is returned, not the worst": edit({WORST: "max(changes, key=changes.get)"}),
    "the change that is greatest without its sign is returned: a large gain is no forgetting": edit(
        {WORST: "max(changes, key=lambda pair: abs(changes[pair]))"}
    ),
    "changes are shares of the AUC before; the text asks for differences": edit(
        {CHANGE: f"({CHANGE}) / before[pair]"}
    ),
    "of equal ones the first of after is named; the text asks for the first of before": first(
        "before = {pair: before[pair] for pair in after if pair in before}"
    ),
    "pairs are sorted; of equal ones the first of before counts (pandas aligns and sorts)": first(
        "before = {pair: before[pair] for pair in sorted(before)}"
    ),
    "an AUC of 0 is left out; it is a number": first(
        "after = {pair: auc for pair, auc in after.items() if auc}"
    ),
    "pairs that did not change are left out of the mean": edit(
        {
            KNOWN: f"{KNOWN}\n    changes = {{pair: change for pair, change in changes.items() "
            "if change} or changes"
        }
    ),
    "before and after are paired by their place; pair them by key": first(
        "after = dict(zip(before, after.values()))"
    ),
    "a change that cannot be told counts as 0; leave it out": edit(
        {KNOWN: "changes = {pair: np.nan_to_num(change) for pair, change in changes.items()}"}
    ),
    "what is new counts as a change from .5; it was not there before: leave it out": first(
        "before = {**{pair: 0.5 for pair in after if pair not in before}, **before}"
    ),
    "what is gone counts as a fall to .5; leave it out": first(
        "after = {**dict.fromkeys(before, 0.5), **after}"
    ),
}

_told = in_lines(right, "")


def check_forgetting(answer: Any) -> None:
    gots = ask_quietly(lambda *case: _read(answer(*case), case), CASES)
    if all(same(got, BY_THE_MEAN(*case)) for got, case in zip(gots, CASES, strict=True)):
        pair, worst, mean = right(*CASES[1])
        reject(
            f"{_told(CASES[1])}the second entry must be {worst:g}, the change of {pair}, got "
            f"{mean:.4g}: the mean of all. One that loses hides behind those that gain.",
            "E18",
        )
    compare(answer, CASES, right, _read, in_lines(right), SLIPS)


def _read(got: Any, case: Any) -> tuple[Any, float, float]:
    told = _told(case)
    refuse_none(got, f"{told}the result", "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told}the result must be (key, worst, mean), got {shorten(got)}.")
    key, worst, mean = got
    if not among(key, [*case[0], *case[1]]):
        reject(f"{told}the key must be one of {list(case[0])}, got {shorten(key)}.")
    if holds_nan(worst) or holds_nan(mean):
        reject(f"{told}nan: a pair without a number on one side cannot be told; leave it out.")
    worst, mean = (as_number(one, f"{told}worst and mean") for one in (worst, mean))
    return key, worst, mean


TASK = Task(
    id="33.1",
    prompt="Return the (task, scenario) that loses most, its change of AUC, and the mean change.",
    check_answer=check_forgetting,
    hints=(
        "Only what stands in both tables, with a number in both, can have changed.",
        "change = after[key] - before[key]; the least one is the worst, with its sign.",
        "changes = {k: after[k] - before[k] for k in before if k in after}; drop nan "
        "(change == change is False for it); key = min(changes, key=changes.get).",
    ),
    insight="An extension is judged by the worst old pair of task and scenario, then by the mean.",
    errata=ERRATA,
    slips=SLIPS,
    right=right,
    cases=CASES,
)
