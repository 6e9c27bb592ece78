"""Task 41.2: a metric of balance, over the twins, in one unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among, as_number, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

Case = tuple[dict[str, float], dict[str, float], set[str], float]
Found = tuple[str, float, float, bool]

ERRATA = {"E31": '"balanced" has no metric: a mean, or a sum of losses, hides who pays'}

_CASES: list[Case] = [
    ({"click": 0.76, "spend": 18.0}, {"click": 0.75, "spend": 20.0}, {"spend"}, 0.0),
    ({"click": 0.735, "buy": 0.66}, {"click": 0.75, "buy": 0.60}, set(), 0.01),
    ({"click": 0.735, "buy": 0.66}, {"click": 0.75, "buy": 0.60}, set(), 0.07),
    ({"buy": 0.61, "spend": 22.0, "click": 0.70}, {"click": 0.72, "spend": 20.0, "buy": 0.60},
     {"spend"}, 0.05),
    ({"a": 0.25, "b": 0.25}, {"a": 0.25, "b": 0.25}, {"a", "b"}, 0.0),
    ({"loss": 0.31}, {"loss": 0.30}, {"loss"}, 0.02),
    ({"loss": 0.29, "auc": 0.82}, {"loss": 0.30, "auc": 0.80}, {"loss"}, 0.0),
    ({"z": 0.9, "a": 0.9}, {"z": 1.0, "a": 1.0}, set(), 0.5),
    ({"a": 0.9, "z": 0.9}, {"z": 1.0, "a": 1.0}, set(), 0.5),
    ({"r": 3.0, "s": 0.03}, {"r": 4.0, "s": 0.02}, {"r", "s"}, 0.3),
    ({"r": 0.0, "s": 2.0}, {"r": 4.0, "s": 2.0}, {"r", "s"}, 0.0),
    # A small gain: it is above minus the margin, and below the margin.
    ({"a": 0.76, "b": 0.77}, {"a": 0.75, "b": 0.75}, set(), 0.06),
    # All gains are above 1: a search that starts at 0 or at 1 finds no worst task.
    ({"a": 0.80, "b": 0.70}, {"a": 0.60, "b": 0.55}, set(), 0.0),
]  # fmt: skip


def _by(gain: Callable[[float, float, bool], float], decides: str = "worst") -> Callable[..., Any]:
    def run(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
        gains = {task: gain(scores[task], twin, task in errors) for task, twin in twins.items()}
        task = min(gains, key=lambda one: gains[one])
        mean = sum(gains.values()) / len(gains)
        held = mean if decides == "mean" else gains[task]
        return task, gains[task], mean, held >= (0.0 if decides == "worst, no margin" else -margin)

    return run


def _relative(score: float, twin: float, error: bool) -> float:
    return (twin - score) / twin if error else (score - twin) / (twin - 0.5)


def _of_its_own(score: float, twin: float, error: bool) -> float:
    """Over what the score has, in the place of the twin."""
    over = score if error else score - 0.5
    return (twin - score if error else score - twin) / over


right_balanced = _by(_relative)
by_the_mean = _by(_relative, "mean")


def best_task(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
    gains = {task: _relative(scores[task], of, task in errors) for task, of in twins.items()}
    task = max(gains, key=lambda one: gains[one])
    mean = sum(gains.values()) / len(gains)
    return task, gains[task], mean, gains[task] >= -margin


def by_position(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
    paired = dict(zip(scores, twins.values(), strict=True))
    return right_balanced(scores, paired, errors, margin)


def last_of_equal(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
    turned = dict(reversed(list(twins.items())))
    return right_balanced(scores, turned, errors, margin)


def strict(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
    task, worst, mean, _ = right_balanced(scores, twins, errors, margin)
    return task, worst, mean, worst > -margin


def margin_turned(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
    task, worst, mean, _ = right_balanced(scores, twins, errors, margin)
    return task, worst, mean, worst >= margin


def first_of_scores(scores: Any, twins: Any, errors: Any, margin: float) -> Found:
    """The mean is right in either order; the first of equal ones is not."""
    return right_balanced(scores, {task: twins[task] for task in scores}, errors, margin)


MISTAKES: dict[str, Callable[..., Any]] = {
    "a gain in AUC and one in money are averaged as they stand: divide each by its twin": _by(
        lambda score, twin, error: twin - score if error else score - twin
    ),
    "an AUC is divided by the twin's whole AUC; a random order has .5 of it: divide by what the "
    "twin has above .5": _by(
        lambda score, twin, error: (twin - score if error else score - twin) / twin
    ),
    "an error, too, is divided by the twin less .5; nothing is subtracted from an error": _by(
        lambda score, twin, error: (twin - score if error else score - twin) / (twin - 0.5)
    ),
    "a smaller error counts as a loss": _by(
        lambda score, twin, error: (
            -_relative(score, twin, True) if error else _relative(score, twin, False)
        )
    ),
    "each gain is divided by what the task's score has, not by what its twin has": _by(_of_its_own),
    "gains are in percent; the margin is a share": _by(
        lambda score, twin, error: 100 * _relative(score, twin, error)
    ),
    "the best task is returned, not the worst": best_task,
    "scores and twins are paired by their place; pair them by name": by_position,
    "of equal ones the last of the twins is named; the text asks for the first": last_of_equal,
    "of equal ones the first of the scores is named; the text asks for the first of the twins": (
        first_of_scores
    ),
    "a worst gain at exactly minus the margin fails; the text lets it pass": strict,
    "the margin is not used: a loss up to it passes": _by(_relative, "worst, no margin"),
    "the margin's sign is turned: a loss up to the margin passes": margin_turned,
}


def check_balanced(answer: Any) -> None:
    gots = ask_quietly(lambda *case: _read(answer(*case), case), _CASES)
    if all(same(got, by_the_mean(*case)) for got, case in zip(gots, _CASES, strict=True)):
        at = next(k for k, case in enumerate(_CASES) if not same(gots[k], right_balanced(*case)))
        reject(
            f"{_told(_CASES[at])}the last entry must be {right_balanced(*_CASES[at])[3]}, got "
            f"{gots[at][3]}. You let the mean decide: a large gain of one task hides a loss of "
            "another, whose owner was not asked.",
            "E31",
        )
    compare(
        answer,
        _CASES,
        right_balanced,
        _read,
        _told,
        MISTAKES,
        lambda case, at: (
            f"{_told(case)}the {('task', 'worst gain', 'mean gain', 'last entry')[at[0]]}"
        ),
    )


def _told(case: Any) -> str:
    scores, twins, errors, margin = case
    return with_lines(scores=scores, twins=twins, errors=errors, margin=margin)


def _read(got: Any, case: Any) -> Found:
    told = _told(case)
    refuse_none(got, f"{told}the result", "a tuple of four")
    if not isinstance(got, (tuple, list)) or len(got) != 4:
        reject(f"{told}the result must be (task, worst, mean, passes), got {shorten(got)}.")
    task, worst, mean, passes = got
    if among(task, (None, "")):
        reject(
            f"{told}no task is named. The search for the worst starts at a number of its own, and "
            "no gain is below it: start at the first task, or at math.inf."
        )
    if not among(task, case[0]):
        reject(f"{told}the task must be one of {list(case[1])}, got {shorten(task)}.")
    if type(passes).__name__ not in ("bool", "bool_"):
        reject(f"{told}the last entry must be True or False, got {shorten(passes)}.")
    worst, mean = (as_number(one, f"{told}worst and mean") for one in (worst, mean))
    return str(task), worst, mean, bool(passes)


TASK = Task(
    id="41.2",
    prompt="Return the worst task, its gain over its twin, the mean gain, and whether it passes.",
    check_answer=check_balanced,
    hints=(
        "First compute each task's gain, a share. A gain above 0 means better than the twin.",
        "gain = (score - twin) / (twin - .5); for an error (twin - score) / twin. The worst "
        "decides.",
        "gains = {t: (twins[t] - scores[t]) / twins[t] if t in errors else "
        "(scores[t] - twins[t]) / (twins[t] - 0.5) for t in twins}; "
        "worst = min(gains, key=gains.get).",
    ),
    insight="Report the worst gain beside the mean gain; the worst gain decides.",
    errata=ERRATA,
)
